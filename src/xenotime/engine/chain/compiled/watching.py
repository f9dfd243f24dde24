"""What is reported of a day: sectors, and the month's shipments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xenotime.engine.chain.compiled.options import rule

if TYPE_CHECKING:
    from xenotime.engine.chain.layout import Constants, Levels, State, Wiring
    from xenotime.engine.chain.outcome import TileResults


@rule
def watch_sectors(
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


@rule
def close_month(t: int, net: Wiring, now: State, out: TileResults) -> None:
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
