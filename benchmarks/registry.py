"""Comparisons by name; each returns its timings in seconds and the ratios drawn from them."""

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from benchmarks.chains import SMOKE, TARGET, timed_chain
from benchmarks.sweeps import points, swept
from xenotime.engine import ChainArrays, simulate
from xenotime.engine.chain import layout

Result = dict[str, float]
Clock = Callable[[], float]
BENCHMARKS: dict[str, Callable[[bool], Result]] = {}


def benchmark(function: Callable[[bool], Result]) -> Callable[[bool], Result]:
    BENCHMARKS[function.__name__] = function
    return function


def seconds(
    *tasks: Callable[[], object], rounds: int = 3, clock: Clock = time.process_time
) -> list[float]:
    """Best time of each task; tasks take turns, so that a busy machine slows all of them alike.

    Processor time by default; wall-clock time where threads are the question.
    """
    best = [np.inf] * len(tasks)
    for _ in range(rounds):
        for place, task in enumerate(tasks):
            start = clock()
            task()
            best[place] = min(best[place], clock() - start)
    return best


def chain_of(smoke: bool, **changes: int) -> ChainArrays:
    return timed_chain(SMOKE if smoke else replace(TARGET, **changes))


def run(chain: ChainArrays, **options: object) -> Callable[[], object]:
    return lambda: simulate(chain, check=False, **options)


@benchmark
def kernel_and_twin(smoke: bool) -> Result:
    """The compiled kernel against plain numpy: one thread, 64 draws, 60 days."""
    chain = chain_of(smoke, draws=64, days=60)
    run(chain)()
    kernel, twin = seconds(
        run(chain, threads=1), run(chain, threads=1, backend="twin"), rounds=1 if smoke else 2
    )
    return {"kernel_s": kernel, "twin_s": twin, "twin/kernel": twin / kernel}


@benchmark
def kernel_and_memory(smoke: bool) -> Result:
    """The kernel against the time to move, once a day, every row that a day needs."""
    chain = chain_of(smoke, draws=64)
    run(chain)()
    links = layout.link_order(chain)
    levels = layout.levels(chain, links, slice(0, chain.sizes["D"]), "float32")
    row = levels.base_flow.nbytes
    # a link: base flow read; flow, owed, ring cell read and written; a float64 ledger likewise
    by_link = row * (1 + 3 * 2 + 2 * 2)
    by_slot = 2 * (levels.in_coef.nbytes * 6 + levels.out_coef.nbytes * 8)
    bytes_moved = (by_link + by_slot) * chain.sizes["T"]
    block = np.ones(1_000_000 if smoke else 32_000_000)
    other = np.empty_like(block)
    kernel, copying = seconds(run(chain, threads=1), lambda: np.copyto(other, block), rounds=5)
    bandwidth = 2 * block.nbytes / copying
    least = bytes_moved / bandwidth
    return {
        "kernel_s": kernel,
        "bandwidth_GB/s": bandwidth / 1e9,
        "least_s": least,
        "kernel/least": kernel / least,
    }


@benchmark
def precision(smoke: bool) -> Result:
    """Double against single precision."""
    chain = chain_of(smoke, draws=64)
    tasks = [run(chain, dtype=dtype, threads=1) for dtype in ("float32", "float64")]
    for compile_first in tasks:
        compile_first()
    single, double = seconds(*tasks)
    return {"float32_s": single, "float64_s": double, "float64/float32": double / single}


@benchmark
def tiles(smoke: bool) -> Result:
    """Widths of a tile."""
    chain = chain_of(smoke, draws=128)
    run(chain)()
    widths = (8, 16, 32, 64, 128)
    times = dict(
        zip(widths, seconds(*(run(chain, tile=tile, threads=1) for tile in widths)), strict=True)
    )
    return {f"tile_{width}/tile_64": times[width] / times[64] for width in widths}


@benchmark
def threads(smoke: bool) -> Result:
    """Two threads against one by the clock on the wall, 256 draws of a year: the target."""
    chain = chain_of(smoke)
    run(chain)()
    one, two = seconds(run(chain, threads=1), run(chain, threads=2), clock=time.perf_counter)
    return {"one_thread_s": one, "two_threads_s": two, "one/two": one / two}


@benchmark
def checking(smoke: bool) -> Result:
    """The checks of `check=True` against the run they guard."""
    chain = chain_of(smoke)
    run(chain)()
    bare, checked = seconds(run(chain), lambda: simulate(chain), rounds=2)
    return {"bare_s": bare, "checked_s": checked, "checked/bare": checked / bare}


@benchmark
def recompiling(smoke: bool) -> Result:
    """Permits of a changed scenario (64 draws) against all that a block compiles; wall clock."""
    work, draws = points("approval_delay=0,4w"), 2 if smoke else 64
    block = work.compiled(0, 0, draws)
    permits, whole = seconds(
        lambda: work.permits(block, 1, 0),
        lambda: work.compiled(1, 0, draws),
        rounds=1 if smoke else 9,
        clock=time.perf_counter,
    )
    return {"permits_s": permits, "block_s": whole, "block/permits": whole / permits}


@benchmark
def sweeping(smoke: bool) -> Result:
    """27 delays x 64 draws against as many runs one by one, all threads, wall clock."""
    many, draws = points(f"approval_delay=0..{1 if smoke else 26}w"), 2 if smoke else 64
    one = points("approval_delay=0")
    swept(one, 1)
    single, sweep = swept(one, draws), swept(many, draws)
    count = len(many.points)
    return {
        "one_value_s": single,
        "sweep_s": sweep,
        "one_by_one/sweep": count * single / sweep,
    }
