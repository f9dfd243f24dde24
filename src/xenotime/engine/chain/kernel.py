"""The compiled kernel: one tile of draws through all days, rule by rule (`compiled`).

numba compiles on the first call and keeps the result beside this file (`cache=True`); where the
package folder cannot be written, set NUMBA_CACHE_DIR before this module is imported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xenotime.engine.chain.compiled.limits import request
from xenotime.engine.chain.compiled.making import make, want
from xenotime.engine.chain.compiled.options import entry
from xenotime.engine.chain.compiled.receiving import deliver
from xenotime.engine.chain.compiled.releasing import release
from xenotime.engine.chain.compiled.shipping import allocate, discard
from xenotime.engine.chain.compiled.watching import close_month, watch_sectors

if TYPE_CHECKING:
    from xenotime.engine.chain.layout import Constants, Levels, State, Wiring
    from xenotime.engine.chain.outcome import TileResults

# CRC of the field names of the kernel's tuples, and of the files of `compiled` (a test compares
# both): numba's cache notices edits of this file only, so a change there must become an edit here.
LAYOUT = 0xD5057900
RULES = 0x68B5B8B9


@entry
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
        if net.supply_holds.shape[0] > 0:
            release(t, net, at, now, out, con)
        request(t, net, at, now)
        want(t, net, at, now, con)
        make(t, net, at, now, out, con)
        allocate(net, now, con)
        discard(net, at, now, out, con)
        deliver(t, net, at, now, out, con)
        watch_sectors(t, net, at, now, out, con)
        if t + 1 == days or net.month_of_day[t + 1] != net.month_of_day[t]:
            close_month(t, net, now, out)
    if last < days:
        return
    out.final_stock_in[:, :] = now.stock_in
    out.final_stock_out[:, :] = now.stock_out
    for link in range(net.transit.shape[0]):
        for cell in range(net.transit[link]):
            row = net.ring_start[link] + cell * net.ring_step[link]
            for j in range(now.flow.shape[1]):
                out.final_transit[link, j] += now.ring[row, j]
