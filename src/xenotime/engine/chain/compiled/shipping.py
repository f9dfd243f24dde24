"""What is shipped today: who gets what is there, and what is thrown away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xenotime.engine.chain.compiled.options import rule

if TYPE_CHECKING:
    from xenotime.engine.chain.layout import Constants, Levels, State, Wiring
    from xenotime.engine.chain.outcome import TileResults


@rule
def allocate(net: Wiring, now: State, con: Constants) -> None:
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


@rule
def discard(net: Wiring, at: Levels, now: State, out: TileResults, con: Constants) -> None:
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
