"""A sweep and what changes between its values, on the built-in network (one member)."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from xenotime.networks.chain import build_baseline
from xenotime.runs.points import BLOCK, Points
from xenotime.runs.running import check
from xenotime.runs.varying import points_of, read_axis


@cache
def points(vary: str) -> Points:
    """The points of a sweep over `april-2025`."""
    network = build_baseline(None, members=1, seed=7).network
    axis = read_axis(vary)
    return Points(network, axis, points_of(check("april-2025"), axis), None, seed=7)


def swept(work: Points, draws: int) -> float:
    """Seconds on the wall that all values take, on all processors."""
    start = time.perf_counter()

    def block(first: int) -> object:
        return work.block(first, min(BLOCK, draws - first), lambda: None, lambda: False)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(block, range(0, draws, BLOCK)))
    return time.perf_counter() - start
