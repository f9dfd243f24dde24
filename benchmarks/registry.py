"""Comparisons by name; each returns its timings in seconds and the ratios drawn from them."""

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from benchmarks.chains import SMOKE, TARGET, timed_chain
from xenotime.engine import ChainArrays, simulate
from xenotime.engine.chain import layout

Result = dict[str, float]
BENCHMARKS: dict[str, Callable[[bool], Result]] = {}


def benchmark(function: Callable[[bool], Result]) -> Callable[[bool], Result]:
    BENCHMARKS[function.__name__] = function
    return function


def seconds(task: Callable[[], object], times: int = 3) -> float:
    """Best of several: the machine may be shared."""
    best = np.inf
    for _ in range(times):
        start = time.perf_counter()
        task()
        best = min(best, time.perf_counter() - start)
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
    kernel = seconds(run(chain, threads=1))
    twin = seconds(run(chain, threads=1, backend="twin"), times=1)
    return {"kernel_s": kernel, "twin_s": twin, "twin/kernel": twin / kernel}


@benchmark
def kernel_and_memory(smoke: bool) -> Result:
    """The kernel against the time to move, once a day, every row that a day needs."""
    chain = chain_of(smoke, draws=64)
    run(chain)()
    kernel = seconds(run(chain, threads=1))
    links = layout.link_order(chain)
    levels = layout.levels(chain, links, slice(0, chain.sizes["D"]), "float32")
    row = levels.base_flow.nbytes
    # a link: base flow read; flow, owed, ring cell read and written; two float64 ledgers likewise
    by_link = row * (1 + 3 * 2 + 2 * 2 * 2)
    by_slot = 2 * (levels.in_coef.nbytes * 6 + levels.out_coef.nbytes * 8)
    bytes_moved = (by_link + by_slot) * chain.sizes["T"]
    block = np.ones(1_000_000 if smoke else 32_000_000)
    other = np.empty_like(block)
    copying = seconds(lambda: np.copyto(other, block), times=5)
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
    """Double against single precision, two threads, the target size."""
    chain = chain_of(smoke)
    timings = {}
    for dtype in ("float32", "float64"):
        run(chain, dtype=dtype)()
        timings[dtype] = seconds(run(chain, dtype=dtype, threads=2))
    return {
        "float32_s": timings["float32"],
        "float64_s": timings["float64"],
        "float64/float32": timings["float64"] / timings["float32"],
    }


@benchmark
def tiles_and_threads(smoke: bool) -> Result:
    """Widths of a tile, and two threads against one, the target size."""
    chain = chain_of(smoke)
    run(chain)()
    timings = {
        f"tile_{tile}_s": seconds(run(chain, tile=tile, threads=2), times=2)
        for tile in (16, 32, 64, 128)
    }
    one = seconds(run(chain, threads=1), times=2)
    return {
        **timings,
        "one_thread_s": one,
        "tile_16/tile_64": timings["tile_16_s"] / timings["tile_64_s"],
        "one_thread/two": one / timings["tile_64_s"],
    }


@benchmark
def checking(smoke: bool) -> Result:
    """The checks of `check=True` against the run they guard."""
    chain = chain_of(smoke)
    run(chain)()
    bare = seconds(run(chain, threads=2))
    checked = seconds(lambda: simulate(chain, threads=2))
    return {"bare_s": bare, "checked_s": checked, "checked/bare": checked / bare}
