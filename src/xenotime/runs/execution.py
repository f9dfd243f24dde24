"""Blocks of draws through the compiler and the engine, with progress and timing."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xenotime import facts
from xenotime.engine.chain.simulate import simulate
from xenotime.runs.collecting import Collected, join, reduce_block
from xenotime.runs.compiling import compile_block
from xenotime.runs.draws import sample_parameters
from xenotime.runs.quotas import quota_links, quota_rules

if TYPE_CHECKING:
    from xenotime.runs.groups import Groups
    from xenotime.runs.layout import Layout
    from xenotime.runs.policies import Policy
    from xenotime.scenarios.model import Scenario

__all__ = ["BLOCK", "Timing", "execute"]

# Draws compiled at a time: the arrays of a block, not of a run, are held in memory.
BLOCK = 256


@dataclass
class Timing:
    """Seconds spent: on the baseline (reconciled or read), on arrays, on the draws."""

    reconcile_s: float = 0.0
    compile_s: float = 0.0
    simulate_s: float = 0.0


def execute(
    layout: Layout,
    groups: Groups,
    scenario: Scenario,
    days: Sequence[dt.date],
    policy: Policy,
    *,
    fixed: dict[str, float],
    draws: int,
    seed: int,
    threads: int | None,
    progress: Callable[[str, int, int], None],
) -> tuple[Collected, Timing]:
    """Simulate all draws; returns their collected results and the time it took."""
    timing = Timing()
    quotas = quota_links(
        layout, policy.quotas, quota_rules(scenario), subject=f"scenario {scenario.name}"
    )
    blocks = []
    for first in range(0, draws, BLOCK):
        count = min(BLOCK, draws - first)
        clock = time.perf_counter()
        values, member = sample_parameters(
            facts.parameters(), fixed, first=first, count=count, seed=seed
        )
        block = compile_block(
            layout,
            groups,
            scenario,
            days,
            policy,
            quotas=quotas,
            values=values,
            member=member,
            first=first,
            seed=seed,
        )
        timing.compile_s += time.perf_counter() - clock
        clock = time.perf_counter()

        def report(_: str, done: int, total: int, first: int = first, count: int = count) -> None:
            progress("Simulating", first + count * done // total, draws)

        outcome = simulate(block.arrays, threads=threads, progress=report)
        blocks.append(reduce_block(block, outcome))
        timing.simulate_s += time.perf_counter() - clock
        progress("Simulating", first + count, draws)
    return join(blocks), timing
