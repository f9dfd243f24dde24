"""Blocks of draws through the compiler and the engine, with progress and timing."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xenotime import facts
from xenotime.engine.chain.simulate import simulate
from xenotime.policy.record import in_force
from xenotime.policy.regime import ApprovalPeriod, periods_that_begin
from xenotime.policy.scope import listed_pairs
from xenotime.runs.collecting import Collected, join, reduce_block
from xenotime.runs.compiling import compile_block
from xenotime.runs.draws import sample_parameters

if TYPE_CHECKING:
    from xenotime.facts.measures import Measure
    from xenotime.runs.groups import Groups
    from xenotime.runs.layout import Layout
    from xenotime.scenarios.model import Scenario

__all__ = ["BLOCK", "Policy", "Timing", "execute", "policy_of"]

# Draws compiled at a time: the arrays of a block, not of a run, are held in memory.
BLOCK = 256


@dataclass(frozen=True)
class Policy:
    """The measures that happen in a scenario as seen from a date."""

    acts: tuple[Measure, ...]
    controls: tuple[Measure, ...]
    omitted: tuple[Measure, ...]
    periods: tuple[ApprovalPeriod, ...]


@dataclass
class Timing:
    """Seconds spent, by phase."""

    compile_s: float = 0.0
    simulate_s: float = 0.0


def policy_of(scenario: Scenario, as_of: dt.date | None) -> Policy:
    """Select the measures of a scenario: recorded, known on the date, and not left out.

    Controls are export-licence measures that took effect by the end of the run on elements and
    forms that the network holds.
    """
    if not scenario.record:
        return Policy((), (), (), ())
    known = facts.measures(as_of)
    omitted = tuple(m for m in known if any(o.covers(m) for o in scenario.without))
    acts = tuple(m for m in known if m not in omitted)
    controls = tuple(
        m
        for m in acts
        if m.instrument == "export_licence"
        and any(e in facts.ELEMENTS for e, _ in listed_pairs(m))
        and m.in_force is not None
        and m.in_force <= scenario.end
        # ended or suspended before the run begins, or before it ever operated: no control
        and m in in_force(acts, max(m.in_force, scenario.start))
    )
    return Policy(acts, controls, omitted, periods_that_begin({m.id for m in acts}, as_of))


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
            controls=policy.controls,
            periods=policy.periods,
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
