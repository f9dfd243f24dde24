"""The same rules in plain numpy: every producer, slot and link at once, one day after another.

This is the independent statement of the rules that the kernel is held to. It keeps the caller's
order of links and shares no layout with the kernel; it is slower by one to two orders of magnitude.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from xenotime.engine.chain.arrays import IMPORTANT, REPLACEABLE, SEPARATE
from xenotime.engine.chain.layout import parents, sector_base
from xenotime.engine.chain.outcome import TileResults, empty_results
from xenotime.engine.chain.rules import (
    FIRST_STOP_SHARE,
    ON_TARGET,
    OWED_FLOOR_DAYS,
    ROUND_OFF,
    STOP_BELOW,
    STOP_DAYS,
)

if TYPE_CHECKING:
    import numpy.typing as npt

    from xenotime.engine.chain.arrays import ChainArrays, Ints
    from xenotime.engine.chain.rules import Precision

    Floats = npt.NDArray[Any]


def run_tile(arrays: ChainArrays, draws: slice, dtype: Precision) -> TileResults:
    """Move some draws through all days.

    Parameters
    ----------
    arrays
        The chain, valid.
    draws
        Which draws.
    dtype
        Precision of the state.

    Returns
    -------
    TileResults
        Links in the caller's order.
    """
    chain = _Chain(arrays, draws, dtype)
    with np.errstate(divide="ignore", invalid="ignore"):  # 0/0 and inf*0 are masked where they meet
        for day in range(len(arrays.month_of_day)):
            chain.pass_day(day)
    return chain.close()


class _Chain:
    """State of the draws; one method a rule."""

    def __init__(self, arrays: ChainArrays, draws: slice, dtype: Precision) -> None:
        def block(values: Floats) -> Floats:
            return np.array(values[..., draws], dtype=dtype)

        self.a, self.dtype = arrays, dtype
        self.base, self.headroom = block(arrays.base_activity), block(arrays.headroom)
        self.in_coef, self.out_coef = block(arrays.in_coef), block(arrays.out_coef)
        self.discard_share, self.tolerance = block(arrays.discard_share), block(arrays.tolerance)
        self.base_flow, self.weight = block(arrays.base_flow), block(arrays.value_weight)
        self.target_in, self.target_out = block(arrays.target_in), block(arrays.target_out)
        self.adjust_in, self.adjust_out = block(arrays.adjust_in), block(arrays.adjust_out)
        self.cap, self.granted = block(arrays.cap_multiple), block(arrays.granted)
        self.quotas: tuple[Any, ...] | None = None
        if arrays.quota_tonnes is not None:
            self.quotas = (
                arrays.link_quota,
                arrays.quota_weight,
                block(arrays.quota_tonnes).astype(np.float64),
                arrays.quota_opens,
                arrays.quota_carry,
            )
        self.maker, self.user = arrays.out_producer, arrays.in_producer
        self.sizes = arrays.sizes
        self.results = empty_results(self.sizes, self.base.shape[1])
        self.sector_base = sector_base(arrays, draws, dtype)
        self.controlled = np.flatnonzero(arrays.link_class >= 0)
        # the morning of day 0
        self.stock_in = self.target_in.astype(np.float64)  # stocks add up rounding, flows do not
        self.stock_out = self.target_out.astype(np.float64)
        self.orders = self.base_flow.copy()
        self.owed = np.zeros_like(self.base_flow)
        self.grow = np.ones_like(self.target_in)
        self.road = [
            [flow.copy()] * int(days)
            for flow, days in zip(self.base_flow, arrays.link_transit, strict=True)
        ]
        on_road = self.base_flow.astype(np.float64) * arrays.link_transit[:, None]
        self.base_pipeline = self.sum_over(arrays.link_in, on_road, "K")
        self.pipeline = self.base_pipeline.copy()
        self.permit_used = np.zeros((self.sizes["C"], self.base.shape[1]))
        self.permit_lapsed = np.zeros_like(self.permit_used)
        self.quota_used = np.zeros((self.sizes["U"], self.base.shape[1]))
        self.quota_carried = np.zeros_like(self.quota_used)
        self.low_days = np.zeros(self.base.shape, np.int64)
        self.given = np.zeros((self.sizes["N"], self.base.shape[1]))
        self.replaced = np.zeros((self.sizes["K"], self.base.shape[1]))

    def sum_over(self, index: Ints, values: Floats, letter: str) -> Floats:
        """Sum rows that share an index."""
        total = np.zeros((self.sizes[letter], values.shape[1]), values.dtype)
        np.add.at(total, index, values)
        return total

    def pass_day(self, day: int) -> None:
        """All rules of one day, in order."""
        month = self.a.month_of_day[day]
        index = self.a.demand_index[self.a.producer_demand, day].astype(self.dtype)[:, None]
        index = np.where(self.a.is_final[:, None], index, np.ones_like(index))
        self.release(day, month, index)
        requests = self.request(day)
        wanted = self.want(day, index, requests)
        needed = self.in_coef * wanted[self.user]
        lacked = np.maximum(needed - self.stock_in, 0)
        level = self.limit(wanted)
        activity = self.serve(level)
        produced, consumed = self.make(activity, level)
        # what may be discarded goes after shipping, if nobody wants it
        wasted = np.where(self.a.discardable[:, None], 0, self.discard_share * produced)
        self.stock_out = self.stock_out + (produced - wasted)
        shipped = self.allocate(requests)
        discarded = wasted + self.discard_surplus(requests)
        self.move(shipped)
        self.use_permits(day, month, shipped)
        late = self.order(index, shipped)
        self.watch(day, index, activity)
        out = self.results
        out.produced[:] += produced
        out.consumed[:] += consumed
        out.discarded[:] += discarded
        out.shipped[:] += shipped
        out.activity_total[:] += activity
        self.report_flows(month, activity, shipped)
        self.report_slots(day, needed, lacked, late)

    def release(self, day: int, month: int, index: Floats) -> None:
        """Give what comes from outside the links to those who want it, supply after supply."""
        a, out = self.a, self.results
        self.replaced[:] = 0
        if a.supply_holds is None or a.supply_slot is None or a.supply_level is None:
            return
        assert a.supply_ptr is not None and a.supply_part is not None  # noqa: PT018  # all or none
        assert a.supply_daily is not None and a.supply_replaces is not None  # noqa: PT018
        use = (self.in_coef * (self.base * index)[self.user]).astype(np.float64)
        target = self.target_in + self.base_pipeline
        for s, holds in enumerate(a.supply_holds):
            left = np.maximum(0, np.minimum(a.supply_daily[s, day], holds - self.given[s]))
            feeds = np.arange(a.supply_ptr[s], a.supply_ptr[s + 1])
            for level in np.unique(a.supply_level[feeds]):
                slots = a.supply_slot[feeds[a.supply_level[feeds] == level]]
                gap = (target - (self.stock_in + self.pipeline))[slots]
                gap = np.where(np.abs(gap) <= ON_TARGET[self.dtype] * target[slots], 0, gap)
                wish = np.maximum(0, gap)
                if a.supply_replaces[s]:
                    plan = use[slots]
                    wish = np.maximum(0, plan + np.minimum(wish, plan + gap))
                part = a.supply_part[s, day]
                most = part * use[slots] if np.isfinite(part) else np.inf
                wish = np.minimum(wish, most)
                asked = wish.sum(axis=0)
                came = wish * np.where(asked > left, left / asked, 1)
                self.stock_in[slots] += came
                out.released[slots] += came
                out.supplied[s, month] += came.sum(axis=0)
                self.given[s] += came.sum(axis=0)
                left = np.maximum(0, left - came.sum(axis=0))
                if a.supply_replaces[s]:
                    self.replaced[slots] += came

    def request(self, day: int) -> Floats:
        """Orders that may leave: at most the cap, and the class' unused permitted volume."""
        a, requests, held = self.a, self.orders.copy(), self.controlled
        classes = a.link_class[held]
        most = self.cap[classes, day] * self.base_flow[held]
        requests[held] = np.where(requests[held] > most, most, requests[held])
        total = self.sum_over(classes, requests[held].astype(np.float64), "C")
        scale = np.ones_like(total)
        for c in np.flatnonzero(a.volume_from <= day):
            granted = self.granted[c, day].astype(np.float64)
            limited = np.isfinite(granted)
            if day >= a.validity[c]:
                past = self.granted[c, day - a.validity[c]].astype(np.float64)
                lapsed = past - self.permit_used[c] - self.permit_lapsed[c]
                lapses = limited & np.isfinite(past) & (lapsed > 0)
                self.permit_lapsed[c] += np.where(lapses, lapsed, 0.0)
            balance = np.maximum(0.0, granted - self.permit_used[c] - self.permit_lapsed[c])
            binds = limited & (total[c] > balance)
            scale[c] = np.where(binds, balance / total[c], 1.0)
        requests[held] = (requests[held] * scale[classes]).astype(self.dtype)
        return self.within_quotas(day, requests)

    def within_quotas(self, day: int, requests: Floats) -> Floats:
        """Scale requests that share a quota to what is left of it in the period."""
        if self.quotas is None:
            return requests
        of_link, weight, tonnes, opens, carry = self.quotas
        if opens[:, day].any():
            before = tonnes[:, day - 1] if day else np.full_like(self.quota_used, np.inf)
            left = np.maximum(0.0, before + self.quota_carried - self.quota_used)
            kept = np.where(np.isfinite(before), carry[:, None] * left, 0.0)
            new = opens[:, day, None]
            self.quota_carried = np.where(new, kept, self.quota_carried)
            self.quota_used = np.where(new, 0.0, self.quota_used)
        some = np.flatnonzero(of_link >= 0)
        counts = weight[some, None] * requests[some].astype(np.float64)
        total = self.sum_over(of_link[some], counts, "U")
        left = np.maximum(0.0, tonnes[:, day] + self.quota_carried - self.quota_used)
        scale = np.where(total > left, left / total, 1.0)
        requests[some] = (requests[some] * scale[of_link[some]]).astype(self.dtype)
        return requests

    def want(self, day: int, index: Floats, requests: Floats) -> Floats:
        """Activity that demand or orders call for, within capacity."""
        a = self.a
        output = self.out_coef * self.base[self.maker]
        refill = (self.target_out - self.stock_out) / self.adjust_out[self.maker]
        asked = self.sum_over(a.link_out, requests, "O")
        need = np.maximum(asked + refill + self.discard_share * output, 0)
        ratio = self.weight * np.where(output > 0, need / output, 0)
        wanted = np.where(
            a.is_final[:, None],
            self.base * index,
            self.base * self.sum_over(self.maker, ratio, "P"),
        )
        loss = 0 if a.capacity_loss is None else a.capacity_loss[:, day, None].astype(self.dtype)
        wanted = wanted.astype(self.dtype)
        return np.asarray(np.minimum(wanted, self.base * self.headroom * (1 - loss)))

    def limit(self, wanted: Floats) -> Floats:
        """Activity wanted, as far as binding stocks allow."""
        a, activity = self.a, wanted.copy()
        spared = np.where(a.essentiality[:, None] == IMPORTANT, self.tolerance, 0)
        per_activity = self.in_coef * (1 - spared)
        binds = ~np.isin(a.essentiality, [REPLACEABLE, SEPARATE])[:, None] & (per_activity > 0)
        allowed = np.where(binds, self.stock_in / per_activity, np.inf)
        np.minimum.at(activity, self.user, allowed.astype(self.dtype))
        return activity

    def serve(self, level: Floats) -> Floats:
        """Take away the parts of the activity whose separate inputs are short."""
        slots = np.flatnonzero(self.a.essentiality == SEPARATE)
        need = self.in_coef[slots] * level[self.user[slots]]
        whole = self.sum_over(self.user[slots], need, "P")
        served = self.sum_over(self.user[slots], np.minimum(need, self.stock_in[slots]), "P")
        share = np.where(whole > 0, served / whole, 1)
        return np.asarray(level * share, dtype=level.dtype)

    def make(self, activity: Floats, level: Floats) -> tuple[Floats, Floats]:
        """Consume inputs as far as they last; output follows activity."""
        separate = (self.a.essentiality == SEPARATE)[:, None]
        rate = np.where(separate, level[self.user], activity[self.user])
        consumed = np.minimum(self.stock_in, self.in_coef * rate)
        produced = self.out_coef * activity[self.maker]
        self.stock_in = self.stock_in - consumed
        return produced, consumed

    def allocate(self, requests: Floats) -> Floats:
        """Ship by level of priority, in proportion within a level."""
        a = self.a
        shipped = np.zeros_like(requests)
        strict = a.priority_rationing[a.link_out]
        level = np.where(strict, a.link_priority, 0)
        for rank in np.unique(level):
            links = np.flatnonzero(level == rank)
            slots = a.link_out[links]
            asked = self.sum_over(slots, requests[links], "O")
            available = np.maximum(self.stock_out, 0)
            share = np.where(asked > available, available / asked, 1)
            shipped[links] = requests[links] * share[slots].astype(self.dtype)
            self.stock_out = self.stock_out - self.sum_over(slots, shipped[links], "O")
        return shipped

    def discard_surplus(self, requests: Floats) -> Floats:
        """Clip rounding; throw away what exceeds the target where that is allowed."""
        asked = self.sum_over(self.a.link_out, requests, "O")
        scale = self.out_coef * self.base[self.maker] + self.target_out + asked
        noise = ROUND_OFF[self.dtype] * scale
        sound = self.stock_out >= -noise
        self.results.clipped[:] += ((self.stock_out < 0) & sound).sum(axis=0)
        self.results.violations[:] += (~sound).sum(axis=0)
        self.stock_out = np.where(self.stock_out < 0, 0, self.stock_out)
        surplus = np.maximum(self.stock_out - self.target_out, 0)
        surplus = np.where(self.a.discardable[:, None], surplus, 0)
        self.stock_out = self.stock_out - surplus
        return np.asarray(surplus)

    def move(self, shipped: Floats) -> None:
        """Goods that left `transit` days ago arrive; today's leave."""
        arrived = np.zeros_like(shipped)
        for link, queue in enumerate(self.road):
            arrived[link] = queue[0]
            self.road[link] = [*queue[1:], shipped[link].copy()]
        came = self.sum_over(self.a.link_in, arrived.astype(np.float64), "K")
        self.stock_in = self.stock_in + came
        moved = shipped.astype(np.float64) - arrived.astype(np.float64)
        self.pipeline = self.pipeline + self.sum_over(self.a.link_in, moved, "K")

    def use_permits(self, day: int, month: int, shipped: Floats) -> None:
        """Enter shipments under control in the ledgers of permits and quotas."""
        classes = self.a.link_class[self.controlled]
        left = self.sum_over(classes, shipped[self.controlled].astype(np.float64), "C")
        counted = np.where((self.a.volume_from <= day)[:, None], left, 0.0)
        self.permit_used += np.where(np.isfinite(self.granted[:, day]), counted, 0.0)
        self.results.used[:, month] += counted
        if self.quotas is not None:
            of_link, weight, tonnes, _, _ = self.quotas
            some = np.flatnonzero(of_link >= 0)
            counts = weight[some, None] * shipped[some].astype(np.float64)
            counted = self.sum_over(of_link[some], counts, "U")
            counted = np.where(np.isfinite(tonnes[:, day]), counted, 0.0)
            self.quota_used = self.quota_used + counted
            self.results.quota_used[:, month] += counted

    def order(self, index: Floats, shipped: Floats) -> Floats:
        """Order planned use, more where the position is below target, from those who owe."""
        a = self.a
        planned = self.base_flow * index[self.user][a.link_in]
        use = self.in_coef * (self.base * index)[self.user]
        ordered = self.base_flow * (index[self.user] * self.grow)[a.link_in]
        self.owed = np.maximum(self.owed + ordered - shipped, 0)
        target = self.target_in + self.base_pipeline
        gap = target - (self.stock_in + self.pipeline)
        gap = np.where(np.abs(gap) <= ON_TARGET[self.dtype] * target, 0, gap)
        daily = gap / self.adjust_in[self.user]
        claim = self.owed + OWED_FLOOR_DAYS * planned
        claims = self.sum_over(a.link_in, claim, "K")[a.link_in]
        extra = np.where(claims > 0, np.maximum(daily, 0)[a.link_in] * claim / claims, 0)
        less = np.where(use > 0, np.maximum(0, 1 + daily / use), 0)
        self.grow = np.where(gap < 0, less, 1).astype(self.dtype)
        from_outside = np.where((self.replaced > 0) & (use > 0), self.replaced / use, 0)
        self.grow = np.maximum(0, self.grow - from_outside).astype(self.dtype)
        self.orders = (self.grow[a.link_in] * planned + extra).astype(self.dtype)
        return np.maximum(np.minimum(self.sum_over(a.link_in, self.owed, "K"), gap), 0)

    def watch(self, day: int, index: Floats, activity: Floats) -> None:
        """Output and stopped share of sectors."""
        out = self.results
        member = np.flatnonzero(self.a.producer_sector >= 0)
        sector = self.a.producer_sector[member]
        wanted = self.base.astype(np.float64) * index.astype(np.float64)
        self.low_days = np.where(activity < STOP_BELOW * wanted, self.low_days + 1, 0)
        stopped = np.where(self.low_days >= STOP_DAYS, self.base.astype(np.float64), 0.0)
        made = self.sum_over(sector, activity[member].astype(np.float64), "S")
        due = self.sum_over(sector, wanted[member], "S")
        halted = self.sum_over(sector, stopped[member], "S")
        part = np.flatnonzero(parents(self.a) >= 0)
        for sums in (made, due, halted):
            np.add.at(sums, parents(self.a)[part], sums[part])
        share = halted / self.sector_base
        share = np.where(self.sector_base > 0, share, 0.0)
        lost = np.where(self.sector_base > 0, (due - made) / self.sector_base, 0.0)
        out.output_share_daily[:, day] = np.where(due > 0, made / due, 1.0)
        out.stopped_share_daily[:, day] = share
        out.peak_stopped[:] = np.maximum(out.peak_stopped, share)
        out.first_stop[(share >= FIRST_STOP_SHARE) & (out.first_stop < 0)] = day
        out.days_lost[:] += lost

    def report_flows(self, month: int, activity: Floats, shipped: Floats) -> None:
        """Add the day's shipments and activity to their monthly groups."""
        a, out = self.a, self.results
        group = np.repeat(np.arange(self.sizes["G"]), np.diff(a.group_ptr))
        np.add.at(out.flows[:, month], group, a.group_weight[:, None] * shipped[a.group_link])
        member = np.flatnonzero(a.activity_group >= 0)
        np.add.at(out.activity[:, month], a.activity_group[member], activity[member])

    def report_slots(self, day: int, needed: Floats, lacked: Floats, late: Floats) -> None:
        """Add what input slots lack to its monthly groups, and show stocks of the day."""
        a, out, month = self.a, self.results, self.a.month_of_day[day]
        slot = np.repeat(np.arange(self.sizes["K"]), np.diff(a.shortage_ptr))
        weight, shortage = a.shortage_weight[:, None], a.shortage_group
        np.add.at(out.planned[:, month], shortage, weight * needed[slot])
        np.add.at(out.unmet[:, month], shortage, weight * lacked[slot])
        np.add.at(out.late_tonne_days[:, month], shortage, weight * late[slot])
        if a.stock_ptr is not None and a.stock_group is not None and a.stock_weight is not None:
            slot = np.repeat(np.arange(self.sizes["K"]), np.diff(a.stock_ptr))
            held = a.stock_weight[:, None] * self.stock_in[slot]
            np.add.at(out.stock_daily[:, day], a.stock_group, held)

    def close(self) -> TileResults:
        """Last stocks and goods on the road."""
        out = self.results
        out.final_stock_in[:] = self.stock_in
        out.final_stock_out[:] = self.stock_out
        for link, queue in enumerate(self.road):
            out.final_transit[link] = np.sum(queue, axis=0, dtype=np.float64)
        return out
