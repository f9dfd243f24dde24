"""Run a chain: cut the draws into tiles, give each tile to a thread, put the results together."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TYPE_CHECKING, Any, Literal

from xenotime.engine.chain import layout, twin
from xenotime.engine.chain.arrays import ArraysError
from xenotime.engine.chain.checks import problems_of
from xenotime.engine.chain.outcome import ChainOutcome, TileResults, empty_results

if TYPE_CHECKING:
    from collections.abc import Callable

    from xenotime.engine.chain.arrays import ChainArrays
    from xenotime.engine.chain.rules import Precision

    Progress = Callable[[str, int, int], None]

_BY_LINK = ("shipped", "final_transit")


def simulate(
    arrays: ChainArrays,
    *,
    dtype: Precision = "float32",
    tile: int = 64,
    threads: int | None = None,
    progress: Progress | None = None,
    check: bool = True,
    backend: Literal["kernel", "twin"] = "kernel",
) -> ChainOutcome:
    """Move a chain through its days, for every draw.

    The result does not depend on `tile` or `threads`, bit for bit: draws never meet.

    Parameters
    ----------
    arrays
        The compiled chain.
    dtype
        Precision of the state; ledgers are always float64.
    tile
        Draws that move together; 64 keeps a tile's working set near the processor's cache.
    threads
        Tiles in work at once; None uses all processors. The kernel releases the interpreter lock.
    progress
        Called as ``progress("chain", tiles done, tiles)`` in the calling thread.
    check
        Verify shapes, ranges and base identities first.
    backend
        ``"kernel"`` (numba; compiles on first use, see `kernel_is_compiled`) or ``"twin"`` (plain
        numpy, slow, needs no compiler).

    Returns
    -------
    ChainOutcome
        Results and ledgers.

    Raises
    ------
    ArraysError
        With all problems of the arrays or the options.

    Examples
    --------
    A mine feeds a works that holds ten days of ore; the mine stops on day 5:

    >>> from xenotime.engine import simulate, smallest_chain
    >>> outcome = simulate(smallest_chain(mine_stops_on=5), backend="twin")
    >>> outcome.flows[0, 0, 0]  # five days of shipments before the mine stopped
    np.float64(5.0)
    >>> int(outcome.first_stop[0, 0])  # 5 + 3 in transit + 10 in stock, third day of standstill
    20
    """
    problems = _option_problems(dtype, tile, threads, backend)
    if check and not problems:
        problems = problems_of(arrays, dtype=dtype)
    if problems:
        raise ArraysError(problems)
    draws = arrays.sizes["D"]
    tiles = [slice(first, min(first + tile, draws)) for first in range(0, draws, tile)]
    run = _kernel_runner(arrays, dtype) if backend == "kernel" else _twin_runner(arrays, dtype)
    results = empty_results(arrays.sizes, draws)
    with ThreadPoolExecutor(max_workers=threads or os.cpu_count() or 1) as pool:
        work = {pool.submit(run, draws): draws for draws in tiles}
        try:
            for done, future in enumerate(as_completed(work), start=1):
                _copy_into(results, future.result(), work.pop(future))  # frees the tile's copy
                if progress is not None:
                    progress("chain", done, len(tiles))
        finally:
            # after an error or an interrupt, tiles that have not begun are not begun
            pool.shutdown(wait=False, cancel_futures=True)
    return ChainOutcome(
        **results._asdict(),
        sector_base=layout.sector_base(arrays, slice(None), dtype),
        dtype=dtype,
        backend=backend,
    )


def kernel_is_compiled(dtype: Precision = "float32") -> bool:
    """Tell whether `simulate` will start at once, or compile for some tens of seconds first.

    Looks in this process, then in numba's cache on disk (imports numba).

    Parameters
    ----------
    dtype
        Precision of the state.

    Returns
    -------
    bool
        False when unknown, so that a caller announces a compilation rather than staying silent.

    Examples
    --------
    >>> kernel_is_compiled("float32") in (True, False)
    True
    """
    from xenotime.engine.chain import kernel

    def fits(signature: Any) -> bool:
        levels = signature[1]  # arguments of run_tile: net, at, now, out, con
        return str(levels.types[0].dtype) == dtype

    dispatcher: Any = kernel.run_tile
    if any(fits(signature) for signature in dispatcher.signatures):
        return True
    # numba has no public question "is this on disk?"; its index of cached signatures is private
    cache_file = getattr(getattr(dispatcher, "_cache", None), "_cache_file", None)
    read_index = getattr(cache_file, "_load_index", None)
    if read_index is None:
        return False
    here = dispatcher.targetctx.codegen().magic_tuple()  # processor: a shared home may hold others
    return any(fits(key[0]) and key[1] == here for key in read_index())


def _option_problems(dtype: str, tile: int, threads: int | None, backend: str) -> list[str]:
    problems = []
    if dtype not in ("float32", "float64"):
        problems.append(f"dtype is {dtype!r}; use 'float32' or 'float64'")
    if tile < 1:
        problems.append(f"tile is {tile}; use at least 1 draw, 64 is usual")
    if threads is not None and threads < 1:
        problems.append(f"threads is {threads}; use at least 1, or None for all processors")
    if backend not in ("kernel", "twin"):
        problems.append(f"backend is {backend!r}; use 'kernel' or 'twin'")
    return problems


def _twin_runner(arrays: ChainArrays, dtype: Precision) -> Callable[[slice], TileResults]:
    return lambda draws: twin.run_tile(arrays, draws, dtype)


def _kernel_runner(arrays: ChainArrays, dtype: Precision) -> Callable[[slice], TileResults]:
    from xenotime.engine.chain import kernel

    links = layout.link_order(arrays)
    net = layout.wiring(arrays, links)
    scalars = layout.constants(dtype)

    def run(draws: slice) -> TileResults:
        levels = layout.levels(arrays, links, draws, dtype)
        state = layout.first_state(net, levels, dtype)
        out = empty_results(arrays.sizes, draws.stop - draws.start)
        kernel.run_tile(net, levels, state, out, scalars, 0, len(net.month_of_day))
        return out._replace(**{name: getattr(out, name)[links.place] for name in _BY_LINK})

    return run


def _copy_into(results: TileResults, part: TileResults, draws: slice) -> None:
    for name, piece in part._asdict().items():
        getattr(results, name)[..., draws] = piece
