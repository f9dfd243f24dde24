"""The compiled kernel: one tile of draws through all days, rule by rule.

numba compiles on the first call and keeps the result beside this file (`cache=True`); where the
package folder cannot be written, set NUMBA_CACHE_DIR before this module is imported. All functions
live in one file because numba's cache notices edits of the file only.

Loops over draws `j` are innermost and branch-free so that they become vector instructions; scalars
come from `Constants` in the state's precision because a float64 literal would widen them. Index
names: p producer, o output slot, k input slot, c permit class, t day, j draw.
"""
# ruff: noqa: PLR0917  (compiled functions are called by position)

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from collections.abc import Callable

    from xenotime.engine.chain.layout import Constants, Levels, State, Wiring
    from xenotime.engine.chain.outcome import TileResults

Function = TypeVar("Function", bound="Callable[..., Any]")


def _compiled(function: Function) -> Function:
    # error_model="numpy": the other model tests every division for zero and stops vectorisation.
    return cast("Function", njit(nogil=True, cache=True, error_model="numpy")(function))


@_compiled
def _request(t: int, net: Wiring, at: Levels, now: State) -> None:
    """Turn orders into what may leave today: caps, then what is left of the permitted volume."""
    n = now.flow.shape[1]
    flow, base_flow, total = now.flow, at.base_flow, now.class_total
    total[:, :] = 0.0
    for i in range(net.controlled.shape[0]):
        link = net.controlled[i]
        c = net.link_class[link]
        for j in range(n):
            most = at.cap_multiple[c, t, j] * base_flow[link, j]
            # inf * 0 is nan, which compares false: min then keeps its first argument, the order
            request = min(flow[link, j], most)
            flow[link, j] = request
            total[c, j] += request
    for c in range(total.shape[0]):
        limited = t >= net.volume_from[c]
        old = t - net.validity[c]
        for j in range(n):
            scale = 1.0
            granted = np.float64(at.granted[c, t, j])
            if limited and granted < np.inf:
                if old >= 0:
                    past = np.float64(at.granted[c, old, j])
                    lapsed = past - now.permit_used[c, j] - now.permit_lapsed[c, j]
                    if 0.0 < lapsed < np.inf:
                        now.permit_lapsed[c, j] += lapsed
                left = max(0.0, granted - now.permit_used[c, j] - now.permit_lapsed[c, j])
                if total[c, j] > left:
                    scale = left / total[c, j]
            total[c, j] = scale
    for i in range(net.controlled.shape[0]):
        link = net.controlled[i]
        c = net.link_class[link]
        if t >= net.volume_from[c]:
            for j in range(n):
                flow[link, j] = flow[link, j] * total[c, j]


@_compiled
def _decide(p: int, t: int, net: Wiring, at: Levels, now: State, con: Constants) -> None:
    """Activity of a producer: what is asked for, within capacity and what stocks allow."""
    n = now.flow.shape[1]
    zero, one = con.zero, con.one
    activity, base = now.activity, at.base_activity
    if net.is_final[p]:
        index = at.demand_index[net.producer_demand[p], t]
        for j in range(n):
            activity[p, j] = base[p, j] * index
    else:
        for j in range(n):
            activity[p, j] = zero
        for o in range(net.out_ptr[p], net.out_ptr[p + 1]):
            for j in range(n):
                now.asked[o, j] = zero
            for i in range(net.out_link_ptr[o], net.out_link_ptr[o + 1]):
                link = net.out_link[i]
                for j in range(n):
                    now.asked[o, j] += now.flow[link, j]
            for j in range(n):
                output = at.out_coef[o, j] * base[p, j]
                refill = (at.target_out[o, j] - now.stock_out[o, j]) / at.adjust_out[p, j]
                need = now.asked[o, j] + refill + at.discard_share[o, j] * output
                need = max(zero, need)
                share = need / output if output > zero else zero
                activity[p, j] += at.value_weight[o, j] * share
        for j in range(n):
            activity[p, j] = base[p, j] * activity[p, j]
    loss = at.capacity_loss[p, t] if at.capacity_loss.shape[0] > 0 else zero
    for j in range(n):
        most = base[p, j] * at.headroom[p, j] * (one - loss)
        activity[p, j] = min(activity[p, j], most)
    for k in range(net.in_ptr[p], net.in_ptr[p + 1]):
        if net.essentiality[k] == 2:
            continue
        important = net.essentiality[k] == 1
        for j in range(n):
            spared = at.tolerance[k, j] if important else zero
            needed = activity[p, j] * at.in_coef[k, j] * (one - spared)
            # divide only where it binds: a coefficient of 0 never does
            short = needed > now.stock_in[k, j]
            most = now.stock_in[k, j] / (at.in_coef[k, j] * (one - spared))
            activity[p, j] = most if short else activity[p, j]


@_compiled
def _make(p: int, t: int, net: Wiring, at: Levels, now: State, out: TileResults) -> None:
    """Consume inputs and add output; enter both in the ledgers."""
    n = now.flow.shape[1]
    month = net.month_of_day[t]
    index = at.demand_index[net.producer_demand[p], t]
    for k in range(net.in_ptr[p], net.in_ptr[p + 1]):
        entry = now.row[0]
        for j in range(n):
            use = at.in_coef[k, j] * now.activity[p, j]
            use = min(use, now.stock_in[k, j])
            now.stock_in[k, j] -= use
            out.consumed[k, j] += use
            entry[j] = use
        for e in range(net.shortage_ptr[k], net.shortage_ptr[k + 1]):
            h, weight = net.shortage_group[e], net.shortage_weight[e]
            for j in range(n):
                plan = at.in_coef[k, j] * at.base_activity[p, j]
                plan = plan * index if net.is_final[p] else plan
                out.planned[h, month, j] += weight * plan
                out.unmet[h, month, j] += weight * (plan - entry[j])
    for o in range(net.out_ptr[p], net.out_ptr[p + 1]):
        for j in range(n):
            made = at.out_coef[o, j] * now.activity[p, j]
            now.stock_out[o, j] += made
            out.produced[o, j] += made
    group = net.activity_group[p]
    if group >= 0:
        for j in range(n):
            out.activity[group, month, j] += now.activity[p, j]
    for j in range(n):
        out.activity_total[p, j] += now.activity[p, j]


@_compiled
def _allocate(o: int, net: Wiring, now: State, con: Constants) -> None:
    """Ship what is there: all, in proportion, or by priority; `flow` becomes the shipment."""
    n = now.flow.shape[1]
    zero, one = con.zero, con.one
    first, last = net.out_link_ptr[o], net.out_link_ptr[o + 1]
    flow, left, asked, share = now.flow, now.stock_out, now.row[1], now.row[2]
    scarce = False
    for j in range(n):
        scarce |= now.asked[o, j] > left[o, j]
    if not scarce:
        for j in range(n):
            left[o, j] -= now.asked[o, j]
        return
    while first < last:
        end = last
        if net.priority_rationing[o]:
            end = first + 1
            while end < last and net.out_priority[end] == net.out_priority[first]:
                end += 1
        for j in range(n):
            asked[j] = zero
        for i in range(first, end):
            link = net.out_link[i]
            for j in range(n):
                asked[j] += flow[link, j]
        for j in range(n):
            have = max(zero, left[o, j])
            share[j] = have / asked[j] if asked[j] > have else one
            asked[j] = zero
        for i in range(first, end):
            link = net.out_link[i]
            for j in range(n):
                flow[link, j] = flow[link, j] * share[j]
                asked[j] += flow[link, j]
        for j in range(n):
            left[o, j] -= asked[j]
        first = end


@_compiled
def _discard(
    o: int, p: int, net: Wiring, at: Levels, now: State, out: TileResults, con: Constants
) -> None:
    """Throw away the base share of output and, where allowed, what exceeds the target."""
    n = now.flow.shape[1]
    zero = con.zero
    stock = now.stock_out
    surplus_goes = net.discardable[o]
    for j in range(n):
        output = at.out_coef[o, j] * at.base_activity[p, j]
        noise = con.round_off * (output + at.target_out[o, j])
        below = stock[o, j] < zero
        sound = stock[o, j] >= -noise  # false for nan, too
        out.clipped[j] += below & sound
        out.violations[j] += not sound
        stock[o, j] = zero if below else stock[o, j]
        waste = at.discard_share[o, j] * at.out_coef[o, j] * now.activity[p, j]
        waste = min(waste, stock[o, j])
        kept = stock[o, j] - waste
        over = kept - at.target_out[o, j]
        waste += over if surplus_goes and over > zero else zero
        stock[o, j] -= waste
        out.discarded[o, j] += waste


@_compiled
def _receive_and_order(
    t: int, net: Wiring, at: Levels, now: State, out: TileResults, con: Constants
) -> None:
    """Let goods arrive, put shipments into transit, place tomorrow's orders."""
    n = now.flow.shape[1]
    zero, one, floor = con.zero, con.one, con.owed_floor
    flow, owed, stock, ring = now.flow, now.owed, now.stock_in, now.ring
    month = net.month_of_day[t]
    owed_sum, plan_sum, grow, add = now.row[0], now.row[1], now.row[2], now.row[3]
    for p in range(net.is_final.shape[0]):
        index = at.demand_index[net.producer_demand[p], t] if net.is_final[p] else one
        for k in range(net.in_ptr[p], net.in_ptr[p + 1]):
            for j in range(n):
                owed_sum[j] = zero
                plan_sum[j] = zero
            for link in range(net.in_link_ptr[k], net.in_link_ptr[k + 1]):
                cell = net.ring_start[link] + (t % net.transit[link]) * net.ring_step[link]
                for j in range(n):
                    shipped = flow[link, j]
                    arrived = ring[cell, j]
                    ring[cell, j] = shipped
                    stock[k, j] += arrived
                    now.pipeline[k, j] += np.float64(shipped) - np.float64(arrived)
                    out.shipped[link, j] += shipped
                    out.arrived[link, j] += arrived
                    plan = at.base_flow[link, j] * index
                    due = owed[link, j] + plan - shipped
                    due = max(zero, due)
                    owed[link, j] = due
                    owed_sum[j] += due
                    plan_sum[j] += plan
                c = net.link_class[link]
                if c >= 0 and t >= net.volume_from[c]:
                    for j in range(n):
                        out.used[c, month, j] += flow[link, j]
                        limited = at.granted[c, t, j] < np.inf
                        now.permit_used[c, j] += flow[link, j] if limited else zero
            for j in range(n):
                plan = at.in_coef[k, j] * at.base_activity[p, j] * index
                target = at.target_in[k, j] + now.base_pipeline[k, j]
                gap = target - (stock[k, j] + now.pipeline[k, j])
                gap = 0.0 if abs(gap) <= con.on_target * target else gap
                daily = gap / at.adjust_in[p, j]
                weight = owed_sum[j] + floor * plan_sum[j]
                add[j] = daily / weight if gap > 0.0 and weight > zero else 0.0
                less = 1.0 + daily / plan if plan > zero else 0.0
                less = max(0.0, less)
                grow[j] = less if gap < 0.0 else 1.0
                owed_sum[j] = max(0.0, gap)
            for e in range(net.shortage_ptr[k], net.shortage_ptr[k + 1]):
                for j in range(n):
                    out.gap_tonne_days[net.shortage_group[e], month, j] += (
                        net.shortage_weight[e] * owed_sum[j]
                    )
            for e in range(net.stock_ptr[k], net.stock_ptr[k + 1]):
                for j in range(n):
                    out.stock_daily[net.stock_group[e], t, j] += net.stock_weight[e] * stock[k, j]
            for link in range(net.in_link_ptr[k], net.in_link_ptr[k + 1]):
                for j in range(n):
                    plan = at.base_flow[link, j] * index
                    flow[link, j] = grow[j] * plan + add[j] * (owed[link, j] + floor * plan)


@_compiled
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


@_compiled
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


@_compiled
def run_tile(net: Wiring, at: Levels, now: State, out: TileResults, con: Constants) -> None:
    """Move one tile through all its days, in place.

    Parameters
    ----------
    net, at, now, con
        From `layout`; `now` is the morning of day 0 and is used up.
    out
        Zeroed results (`outcome.empty_results`), links in the kernel's order.
    """
    days = net.month_of_day.shape[0]
    for t in range(days):
        _request(t, net, at, now)
        for p in range(net.is_final.shape[0]):
            _decide(p, t, net, at, now, con)
            _make(p, t, net, at, now, out)
            for o in range(net.out_ptr[p], net.out_ptr[p + 1]):
                _allocate(o, net, now, con)
                _discard(o, p, net, at, now, out, con)
        _receive_and_order(t, net, at, now, out, con)
        _watch_sectors(t, net, at, now, out, con)
        if t + 1 == days or net.month_of_day[t + 1] != net.month_of_day[t]:
            _close_month(t, net, now, out)
    out.final_stock_in[:, :] = now.stock_in
    out.final_stock_out[:, :] = now.stock_out
    for link in range(net.transit.shape[0]):
        for cell in range(net.transit[link]):
            row = net.ring_start[link] + cell * net.ring_step[link]
            for j in range(now.flow.shape[1]):
                out.final_transit[link, j] += now.ring[row, j]
