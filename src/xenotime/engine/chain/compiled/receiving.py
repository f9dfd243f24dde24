"""What arrives today, and what is ordered for tomorrow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xenotime.engine.chain.compiled.options import rule

if TYPE_CHECKING:
    from xenotime.engine.chain.layout import Constants, Levels, State, Wiring
    from xenotime.engine.chain.outcome import TileResults


@rule
def deliver(t: int, net: Wiring, at: Levels, now: State, out: TileResults, con: Constants) -> None:
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
            if above > 0 or below > 0 or net.replaceable[k] > 0:
                for j in range(n):
                    plan[j] = at.in_coef[k, j] * at.base_activity[p, j] * index
            if above > 0:
                for j in range(n):
                    less = gap[j] / (at.adjust_in[p, j] * plan[j]) if plan[j] > zero else -one
                    grow[k, j] = max(zero, one + min(zero, less)) if gap[j] < zero else one
            else:
                for j in range(n):
                    grow[k, j] = one
            if net.replaceable[k] > 0:  # what comes from outside is not ordered
                for j in range(n):
                    part = now.replaced[k, j] / plan[j] if plan[j] > zero else 0.0
                    grow[k, j] = max(zero, grow[k, j] - part)
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
