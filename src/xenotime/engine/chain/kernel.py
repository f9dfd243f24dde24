"""The compiled kernel: one tile of draws through all days, rule by rule.

numba compiles on the first call and keeps the result beside this file (`cache=True`); where the
package folder cannot be written, set NUMBA_CACHE_DIR before this module is imported. All functions
live in one file because numba's cache notices edits of the file only.

Loops over draws `j` are innermost and branch-free so that they become vector instructions; scalars
come from `Constants` in the state's precision because a float64 literal would widen them. Index
names: p producer, o output slot, k input slot, c permit class, t day, j draw.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from collections.abc import Callable

    from xenotime.engine.chain.layout import Constants, Levels, State, Wiring
    from xenotime.engine.chain.outcome import TileResults

# CRC of the field names of the kernel's tuples (a test compares it): numba's cache notices edits of
# this file only, so a change of layout must become an edit here.
LAYOUT = 0xB4840D5F

Function = TypeVar("Function", bound="Callable[..., Any]")


# numba's stubs leave out the options about wrappers
_compile: Callable[..., Any] = njit


def _rule(function: Function) -> Function:
    """Compile a rule that only the kernel calls: no wrappers, which take as long as the rule."""
    # error_model="numpy": the other model tests every division for zero and stops vectorisation.
    options = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return cast("Function", _compile(nogil=True, error_model="numpy", **options)(function))


def _entry(function: Function) -> Function:
    """Compile and keep on disk."""
    options = {"cache": True, "no_cfunc_wrapper": True}
    return cast("Function", _compile(nogil=True, error_model="numpy", **options)(function))


@_rule
def _ration(t: int, net: Wiring, at: Levels, now: State) -> None:
    """Scale requests that share a quota to what is left of it in the period."""
    n = now.flow.shape[1]
    flow, total, used, carried = now.flow, now.quota_total, now.quota_used, now.quota_carried
    tonnes = at.quota_tonnes
    for u in range(total.shape[0]):
        if net.quota_opens[u, t] > 0:
            for j in range(n):
                before = np.float64(tonnes[u, t - 1, j]) if t > 0 else np.inf
                left = max(0.0, before + carried[u, j] - used[u, j])
                carried[u, j] = net.quota_carry[u] * left if before < np.inf else 0.0
                used[u, j] = 0.0
        for j in range(n):
            total[u, j] = 0.0
    for i in range(net.quoted.shape[0]):
        link = net.quoted[i]
        u, weight = net.link_quota[link], net.quota_weight[link]
        for j in range(n):
            total[u, j] += weight * flow[link, j]
    for u in range(total.shape[0]):
        for j in range(n):
            left = max(0.0, np.float64(tonnes[u, t, j]) + carried[u, j] - used[u, j])
            total[u, j] = left / total[u, j] if total[u, j] > left else 1.0
    for i in range(net.quoted.shape[0]):
        link = net.quoted[i]
        u = net.link_quota[link]
        for j in range(n):
            flow[link, j] = flow[link, j] * total[u, j]


@_rule
def _request(t: int, net: Wiring, at: Levels, now: State) -> None:
    """Turn orders into what may leave today: caps, then what is left of permits, then of quotas."""
    n = now.flow.shape[1]
    flow, base_flow, total = now.flow, at.base_flow, now.class_total
    cap, granted, used, lapsed = at.cap_multiple, at.granted, now.permit_used, now.permit_lapsed
    for c in range(total.shape[0]):
        now.class_capped[c] = 0
        now.class_limited[c] = 0
        for j in range(n):
            now.class_capped[c] += cap[c, t, j] < np.inf
            now.class_limited[c] += t >= net.volume_from[c] and granted[c, t, j] < np.inf
            total[c, j] = 0.0
    for i in range(net.controlled.shape[0]):
        link = net.controlled[i]
        c = net.link_class[link]
        if now.class_capped[c] > 0:
            for j in range(n):
                most = cap[c, t, j] * base_flow[link, j]
                # inf * 0 is nan, which compares false: min keeps its first argument, the order
                flow[link, j] = min(flow[link, j], most)
        if now.class_limited[c] > 0:
            for j in range(n):
                total[c, j] += flow[link, j]
    for c in range(total.shape[0]):
        if now.class_limited[c] == 0:
            continue
        old = t - net.validity[c]
        for j in range(n):
            scale = 1.0
            volume = np.float64(granted[c, t, j])
            if volume < np.inf:
                if old >= 0:
                    past = np.float64(granted[c, old, j]) - used[c, j] - lapsed[c, j]
                    if 0.0 < past < np.inf:
                        lapsed[c, j] += past
                left = max(0.0, volume - used[c, j] - lapsed[c, j])
                if total[c, j] > left:
                    scale = left / total[c, j]
            total[c, j] = scale
    for i in range(net.controlled.shape[0]):
        link = net.controlled[i]
        c = net.link_class[link]
        if now.class_limited[c] > 0:
            for j in range(n):
                flow[link, j] = flow[link, j] * total[c, j]
    _ration(t, net, at, now)


@_rule
def _want(t: int, net: Wiring, at: Levels, now: State, con: Constants) -> None:
    """Activity wanted: demand for final producers, else the value-weighted call on outputs."""
    n = now.flow.shape[1]
    zero, one = con.zero, con.one
    activity, base, flow, asked = now.activity, at.base_activity, now.flow, now.asked
    out_coef, stock, target = at.out_coef, now.stock_out, at.target_out
    output, need = now.row[0], now.row[1]
    for p in range(net.is_final.shape[0]):
        if net.is_final[p]:
            index = at.demand_index[net.producer_demand[p], t]
            for j in range(n):
                activity[p, j] = base[p, j] * index
        else:
            for j in range(n):
                activity[p, j] = zero
            for o in range(net.out_ptr[p], net.out_ptr[p + 1]):
                for j in range(n):
                    asked[o, j] = zero
                for i in range(net.out_link_ptr[o], net.out_link_ptr[o + 1]):
                    link = net.out_link[i]
                    for j in range(n):
                        asked[o, j] += flow[link, j]
                for j in range(n):
                    output[j] = out_coef[o, j] * base[p, j]
                for j in range(n):
                    need[j] = asked[o, j] + at.discard_share[o, j] * output[j]
                for j in range(n):
                    refill = (target[o, j] - stock[o, j]) / at.adjust_out[p, j]
                    need[j] = max(zero, need[j] + refill)
                for j in range(n):
                    share = need[j] / output[j] if output[j] > zero else zero
                    activity[p, j] += at.value_weight[o, j] * share
            for j in range(n):
                activity[p, j] = base[p, j] * activity[p, j]
        loss = at.capacity_loss[p, t] if at.capacity_loss.shape[0] > 0 else zero
        for j in range(n):
            most = base[p, j] * at.headroom[p, j] * (one - loss)
            activity[p, j] = min(activity[p, j], most)


@_rule
def _make(t: int, net: Wiring, at: Levels, now: State, out: TileResults, con: Constants) -> None:
    """Limit activity by stocks of inputs that bind, consume, add output; enter in the ledgers."""
    n = now.flow.shape[1]
    zero, one = con.zero, con.one
    month = net.month_of_day[t]
    activity, stock, in_coef, use = now.activity, now.stock_in, at.in_coef, now.wide[0]
    made, waste, wanted = now.wide[0], now.wide[1], now.row[0]
    level, served, whole = now.row[1], now.row[2], now.row[3]
    per_act = now.row[1]  # until the level is known
    for p in range(net.is_final.shape[0]):
        for j in range(n):
            wanted[j] = activity[p, j]
        for k in range(net.in_ptr[p], net.in_ptr[p + 1]):
            if net.essentiality[k] >= 2:
                continue
            for j in range(n):
                spared = at.tolerance[k, j] if net.essentiality[k] == 1 else zero
                per_act[j] = in_coef[k, j] * (one - spared)
            binding = 0
            for j in range(n):
                binding += activity[p, j] * per_act[j] > stock[k, j]
            if binding == 0:
                continue  # divisions are dear, and few inputs bind on a day
            for j in range(n):
                # only where it binds: a coefficient of 0 never does
                short = activity[p, j] * per_act[j] > stock[k, j]
                activity[p, j] = stock[k, j] / per_act[j] if short else activity[p, j]
        separate = 0
        for j in range(n):
            level[j] = activity[p, j]
            served[j] = zero
            whole[j] = zero
        for k in range(net.in_ptr[p], net.in_ptr[p + 1]):
            if net.essentiality[k] == 3:
                separate += 1
                for j in range(n):
                    need = in_coef[k, j] * level[j]
                    whole[j] += need
                    served[j] += min(need, stock[k, j])
        if separate > 0:
            for j in range(n):
                activity[p, j] = level[j] * (served[j] / whole[j]) if whole[j] > zero else level[j]
        for k in range(net.in_ptr[p], net.in_ptr[p + 1]):
            lacking = 0
            entries = net.shortage_ptr[k + 1] if con.detail else net.shortage_ptr[k]
            if entries > net.shortage_ptr[k]:
                for j in range(n):
                    lacking += in_coef[k, j] * wanted[j] > stock[k, j]
            for e in range(net.shortage_ptr[k], entries):
                h, weight = net.shortage_group[e], net.shortage_weight[e]
                for j in range(n):
                    out.planned[h, month, j] += weight * (in_coef[k, j] * wanted[j])
                if lacking == 0:
                    continue
                for j in range(n):
                    lack = in_coef[k, j] * wanted[j] - stock[k, j]
                    out.unmet[h, month, j] += weight * max(0.0, lack)
            for j in range(n):
                rate = level[j] if net.essentiality[k] == 3 else activity[p, j]
                use[j] = min(in_coef[k, j] * rate, stock[k, j])
            for j in range(n):
                stock[k, j] -= use[j]
            for j in range(n):
                out.consumed[k, j] += use[j]
        for o in range(net.out_ptr[p], net.out_ptr[p + 1]):
            for j in range(n):
                made[j] = at.out_coef[o, j] * activity[p, j]
            # what may be discarded goes after shipping, if nobody wants it
            for j in range(n):
                waste[j] = 0.0 if net.discardable[o] else at.discard_share[o, j] * made[j]
            for j in range(n):
                now.stock_out[o, j] += made[j] - waste[j]
            for j in range(n):
                out.produced[o, j] += made[j]
            for j in range(n):
                out.discarded[o, j] += waste[j]
        if not con.detail:
            continue
        group = net.activity_group[p]
        if group >= 0:
            for j in range(n):
                out.activity[group, month, j] += activity[p, j]
        for j in range(n):
            out.activity_total[p, j] += activity[p, j]


@_rule
def _allocate(net: Wiring, now: State, con: Constants) -> None:
    """Ship what is there: all, in proportion, or by priority; `flow` becomes the shipment."""
    n = now.flow.shape[1]
    zero, one = con.zero, con.one
    flow, stock, asked = now.flow, now.stock_out, now.asked
    total, share, left = now.row[0], now.row[1], now.wide[0]
    for o in range(net.discardable.shape[0]):
        scarce = 0
        for j in range(n):
            scarce += asked[o, j] > stock[o, j]
        if scarce == 0:
            for j in range(n):
                stock[o, j] -= asked[o, j]
            continue
        for j in range(n):
            left[j] = stock[o, j]
        first, last = net.out_link_ptr[o], net.out_link_ptr[o + 1]
        while first < last:
            end = last
            if net.priority_rationing[o]:
                end = first + 1
                while end < last and net.out_priority[end] == net.out_priority[first]:
                    end += 1
            for j in range(n):
                total[j] = zero
            for i in range(first, end):
                link = net.out_link[i]
                for j in range(n):
                    total[j] += flow[link, j]
            for j in range(n):
                # a draw with enough must not notice that another draw of the tile has not
                have = max(zero, left[j])
                short = asked[o, j] > stock[o, j] and total[j] > have
                share[j] = have / total[j] if short else one
            for i in range(first, end):
                link = net.out_link[i]
                for j in range(n):
                    flow[link, j] = flow[link, j] * share[j]
                for j in range(n):
                    left[j] -= flow[link, j]
            first = end
        for j in range(n):
            enough = asked[o, j] <= stock[o, j]
            stock[o, j] = stock[o, j] - asked[o, j] if enough else left[j]


@_rule
def _discard(net: Wiring, at: Levels, now: State, out: TileResults, con: Constants) -> None:
    """Clip rounding below zero; throw away what exceeds the target where that is allowed."""
    n = now.flow.shape[1]
    zero = con.zero
    stock, target, surplus = now.stock_out, at.target_out, now.wide[0]
    for p in range(net.is_final.shape[0]):
        for o in range(net.out_ptr[p], net.out_ptr[p + 1]):
            below = 0
            for j in range(n):
                below += not (stock[o, j] >= zero)  # counts nan, too
            if below > 0:
                for j in range(n):
                    output = at.out_coef[o, j] * at.base_activity[p, j]
                    noise = con.round_off * (output + target[o, j] + now.asked[o, j])
                    if not (stock[o, j] >= -noise):
                        out.violations[j] += 1
                    elif stock[o, j] < zero:
                        out.clipped[j] += 1
                    stock[o, j] = max(stock[o, j], zero)
            if net.discardable[o]:
                for j in range(n):
                    surplus[j] = max(zero, stock[o, j] - target[o, j])
                for j in range(n):
                    stock[o, j] -= surplus[j]
                for j in range(n):
                    out.discarded[o, j] += surplus[j]


@_rule
def _deliver(t: int, net: Wiring, at: Levels, now: State, out: TileResults, con: Constants) -> None:
    """Put shipments into transit, let goods arrive, remember who owes what, order for tomorrow.

    Orders are planned use, and what the position lacks from those who owe it. Both are one pass
    over the links: the rows of a slot are in the cache when its orders are placed.
    """
    n = now.flow.shape[1]
    zero, one, floor = con.zero, con.one, con.owed_floor
    flow, owed, ring, base_flow = now.flow, now.owed, now.ring, at.base_flow
    stock, pipeline, month = now.stock_in, now.pipeline, net.month_of_day[t]
    came, left, counted = now.row[0], now.class_total, now.quota_total
    due, plan, add, gap, grow = now.row[0], now.row[1], now.row[2], now.wide[0], now.grow
    left[:, :] = 0.0
    counted[:, :] = 0.0
    for p in range(net.is_final.shape[0]):
        index = at.demand_index[net.producer_demand[p], t] if net.is_final[p] else one
        for k in range(net.in_ptr[p], net.in_ptr[p + 1]):
            for link in range(net.in_link_ptr[k], net.in_link_ptr[k + 1]):
                cell = net.ring_start[link] + (t % net.transit[link]) * net.ring_step[link]
                for j in range(n):
                    came[j] = ring[cell, j]
                for j in range(n):
                    ring[cell, j] = flow[link, j]
                for j in range(n):
                    stock[k, j] += came[j]
                for j in range(n):
                    pipeline[k, j] += np.float64(flow[link, j]) - np.float64(came[j])
                for j in range(n):
                    out.shipped[link, j] += flow[link, j]
                for j in range(n):
                    out.arrived[link, j] += came[j]
                for j in range(n):
                    ordered = base_flow[link, j] * (index * grow[k, j])
                    owed[link, j] = max(zero, owed[link, j] + ordered - flow[link, j])
                c = net.link_class[link]
                if c >= 0 and t >= net.volume_from[c]:
                    for j in range(n):
                        left[c, j] += flow[link, j]
                u = net.link_quota[link]
                if u >= 0:
                    for j in range(n):
                        counted[u, j] += net.quota_weight[link] * flow[link, j]
            for j in range(n):
                target = at.target_in[k, j] + now.base_pipeline[k, j]
                missing = target - (stock[k, j] + pipeline[k, j])
                gap[j] = missing if abs(missing) > con.on_target * target else 0.0
            above, below = 0, 0
            for j in range(n):
                above += gap[j] < 0.0
                below += gap[j] > 0.0
            if above > 0 or below > 0:
                for j in range(n):
                    plan[j] = at.in_coef[k, j] * at.base_activity[p, j] * index
            if above > 0:
                for j in range(n):
                    less = gap[j] / (at.adjust_in[p, j] * plan[j]) if plan[j] > zero else -one
                    grow[k, j] = max(zero, one + min(zero, less)) if gap[j] < zero else one
            else:
                for j in range(n):
                    grow[k, j] = one
            if below > 0:
                for j in range(n):
                    due[j] = floor * plan[j]
                for link in range(net.in_link_ptr[k], net.in_link_ptr[k + 1]):
                    for j in range(n):
                        due[j] += owed[link, j]
                for j in range(n):
                    daily = max(zero, gap[j]) / at.adjust_in[p, j]
                    add[j] = daily / due[j] if due[j] > zero else zero
                for link in range(net.in_link_ptr[k], net.in_link_ptr[k + 1]):
                    for j in range(n):
                        planned = base_flow[link, j] * index
                        extra = add[j] * (owed[link, j] + floor * planned)
                        flow[link, j] = grow[k, j] * planned + extra
                entries = net.shortage_ptr[k + 1] if con.detail else net.shortage_ptr[k]
                for e in range(net.shortage_ptr[k], entries):
                    h, weight = net.shortage_group[e], net.shortage_weight[e]
                    for j in range(n):
                        late = min(due[j] - floor * plan[j], gap[j])
                        out.late_tonne_days[h, month, j] += weight * max(zero, late)
            else:  # nothing is reordered in any draw, and nothing is late
                for link in range(net.in_link_ptr[k], net.in_link_ptr[k + 1]):
                    for j in range(n):
                        flow[link, j] = grow[k, j] * (base_flow[link, j] * index)
            entries = net.stock_ptr[k + 1] if con.detail else net.stock_ptr[k]
            for e in range(net.stock_ptr[k], entries):
                for j in range(n):
                    out.stock_daily[net.stock_group[e], t, j] += net.stock_weight[e] * stock[k, j]
    for c in range(left.shape[0]):
        for j in range(n):
            out.used[c, month, j] += left[c, j]
        for j in range(n):
            limited = at.granted[c, t, j] < np.inf
            now.permit_used[c, j] += left[c, j] if limited else zero
    for u in range(counted.shape[0]):
        for j in range(n):
            against = counted[u, j] if at.quota_tonnes[u, t, j] < np.inf else 0.0
            now.quota_used[u, j] += against
            out.quota_used[u, month, j] += against


@_rule
def _watch_sectors(
    t: int, net: Wiring, at: Levels, now: State, out: TileResults, con: Constants
) -> None:
    """Output and stopped share of each sector today."""
    n = now.flow.shape[1]
    made, wanted, stopped = now.sector_made, now.sector_wanted, now.sector_stopped
    made[:, :] = 0.0
    wanted[:, :] = 0.0
    stopped[:, :] = 0.0
    for p in range(net.is_final.shape[0]):
        s = net.producer_sector[p]
        if s < 0:
            continue
        index = at.demand_index[net.producer_demand[p], t] if net.is_final[p] else con.one
        for j in range(n):
            want = np.float64(at.base_activity[p, j]) * np.float64(index)
            low = now.activity[p, j] < con.stop_below * want
            now.low_days[p, j] = now.low_days[p, j] + 1 if low else 0
            made[s, j] += now.activity[p, j]
            wanted[s, j] += want
            halted = now.low_days[p, j] >= con.stop_days
            stopped[s, j] += at.base_activity[p, j] if halted else con.zero
    for s in range(made.shape[0]):
        whole = net.sector_parent[s]
        if whole >= 0:
            for j in range(n):
                made[whole, j] += made[s, j]
                wanted[whole, j] += wanted[s, j]
                stopped[whole, j] += stopped[s, j]
    for s in range(made.shape[0]):
        for j in range(n):
            base = at.sector_base[s, j]
            share = stopped[s, j] / base if base > 0.0 else 0.0
            full = made[s, j] / wanted[s, j] if wanted[s, j] > 0.0 else 1.0
            out.output_share_daily[s, t, j] = full
            out.stopped_share_daily[s, t, j] = share
            out.peak_stopped[s, j] = max(out.peak_stopped[s, j], share)
            if share >= con.first_stop_share and out.first_stop[s, j] < 0:
                out.first_stop[s, j] = t
            out.days_lost[s, j] += (wanted[s, j] - made[s, j]) / base if base > 0.0 else 0.0


@_rule
def _close_month(t: int, net: Wiring, now: State, out: TileResults) -> None:
    """Book the month's shipments to flow groups."""
    n = now.flow.shape[1]
    month = net.month_of_day[t]
    for link in range(net.transit.shape[0]):
        for e in range(net.link_group_ptr[link], net.link_group_ptr[link + 1]):
            for j in range(n):
                month_shipped = out.shipped[link, j] - now.month_mark[link, j]
                out.flows[net.link_group[e], month, j] += net.link_group_weight[e] * month_shipped
        for j in range(n):
            now.month_mark[link, j] = out.shipped[link, j]


@_entry
def run_tile(
    net: Wiring,
    at: Levels,
    now: State,
    out: TileResults,
    con: Constants,
    first: int,
    last: int,
) -> None:
    """Move one tile from the morning of day `first` to that of day `last`, in place.

    Parameters
    ----------
    net, at, now, con
        From `layout`; `now` is the morning of day `first` and becomes that of day `last`.
    out
        Results of the days before `first` (zeroed before day 0, `outcome.empty_results`), links in
        the kernel's order. What is left at the end is entered once the last day is done.
    first, last
        Days ``first`` to ``last - 1`` are run.
    """
    days = net.month_of_day.shape[0]
    for t in range(first, last):
        _request(t, net, at, now)
        _want(t, net, at, now, con)
        _make(t, net, at, now, out, con)
        _allocate(net, now, con)
        _discard(net, at, now, out, con)
        _deliver(t, net, at, now, out, con)
        _watch_sectors(t, net, at, now, out, con)
        if t + 1 == days or net.month_of_day[t + 1] != net.month_of_day[t]:
            _close_month(t, net, now, out)
    if last < days:
        return
    out.final_stock_in[:, :] = now.stock_in
    out.final_stock_out[:, :] = now.stock_out
    for link in range(net.transit.shape[0]):
        for cell in range(net.transit[link]):
            row = net.ring_start[link] + cell * net.ring_step[link]
            for j in range(now.flow.shape[1]):
                out.final_transit[link, j] += now.ring[row, j]
