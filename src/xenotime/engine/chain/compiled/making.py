"""What is made today: the activity wanted, and what stocks of inputs allow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xenotime.engine.chain.compiled.options import rule

if TYPE_CHECKING:
    from xenotime.engine.chain.layout import Constants, Levels, State, Wiring
    from xenotime.engine.chain.outcome import TileResults


@rule
def want(t: int, net: Wiring, at: Levels, now: State, con: Constants) -> None:
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


@rule
def make(t: int, net: Wiring, at: Levels, now: State, out: TileResults, con: Constants) -> None:
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
