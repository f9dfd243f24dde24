"""What comes from outside the links this morning: stocks released, recycling, plants to come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xenotime.engine.chain.compiled.options import rule

if TYPE_CHECKING:
    from xenotime.engine.chain.layout import Constants, Levels, State, Wiring
    from xenotime.engine.chain.outcome import TileResults


@rule
def _wishes(
    t: int, s: int, first: int, end: int, net: Wiring, at: Levels, now: State, con: Constants
) -> None:
    """Find what slots would take: what they lack, and of what replaces orders their use, too."""
    n = now.flow.shape[1]
    part = net.supply_part[s, t]
    for f in range(first, end):
        k, p = net.supply_slot[f], net.supply_user[f]
        index = at.demand_index[net.producer_demand[p], t] if net.is_final[p] else con.one
        for j in range(n):
            plan = np.float64(at.in_coef[k, j] * at.base_activity[p, j] * index)
            target = at.target_in[k, j] + now.base_pipeline[k, j]
            gap = target - (now.stock_in[k, j] + now.pipeline[k, j])
            lacks = gap if abs(gap) > con.on_target * target else 0.0
            wish = max(0.0, lacks)
            if net.supply_replaces[s] > 0:
                wish = max(0.0, plan + min(wish, plan + lacks))
            # inf * 0 is nan, which compares false: min keeps its first argument
            now.supply_wish[f, j] = min(wish, part * plan)


@rule
def release(t: int, net: Wiring, at: Levels, now: State, out: TileResults, con: Constants) -> None:
    """Give what supplies offer to those who want it, by level, in proportion within a level."""
    n = now.flow.shape[1]
    stock, given, replaced = now.stock_in, now.supply_given, now.replaced
    left, total = now.wide[0], now.wide[1]
    month = net.month_of_day[t]
    for f in range(net.supply_slot.shape[0]):
        for j in range(n):
            replaced[net.supply_slot[f], j] = 0.0
    for s in range(net.supply_holds.shape[0]):
        for j in range(n):
            left[j] = max(0.0, min(net.supply_daily[s, t], net.supply_holds[s] - given[s, j]))
        first, last = net.supply_ptr[s], net.supply_ptr[s + 1]
        while first < last:
            end = first + 1
            while end < last and net.supply_level[end] == net.supply_level[first]:
                end += 1
            _wishes(t, s, first, end, net, at, now, con)
            for j in range(n):
                total[j] = 0.0
            for f in range(first, end):
                for j in range(n):
                    total[j] += now.supply_wish[f, j]
            for j in range(n):
                total[j] = left[j] / total[j] if total[j] > left[j] else 1.0
            for f in range(first, end):
                k = net.supply_slot[f]
                for j in range(n):
                    came = now.supply_wish[f, j] * total[j]
                    stock[k, j] += came
                    out.released[k, j] += came
                    out.supplied[s, month, j] += came
                    given[s, j] += came
                    left[j] = max(0.0, left[j] - came)
                    if net.supply_replaces[s] > 0:
                        replaced[k, j] += came
            first = end
