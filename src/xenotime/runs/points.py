"""The points of a sweep, a block of draws at a time: what they share is compiled and run once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from xenotime import facts
from xenotime.engine.chain.arrays import ChainArrays
from xenotime.engine.chain.branching import Limits, simulate_branches
from xenotime.engine.chain.ledger import mass_balance
from xenotime.engine.chain.outcome import ChainOutcome
from xenotime.facts.problems import RequestError
from xenotime.facts.taxonomy import MINERALS
from xenotime.networks.structure import ProductionNetwork
from xenotime.runs.compiling import Block, compile_block, permitted
from xenotime.runs.draws import sample_parameters
from xenotime.runs.groups import build_groups
from xenotime.runs.layout import build_layout
from xenotime.runs.policies import policy_of
from xenotime.runs.quotas import quota_links, quota_rules
from xenotime.runs.varying import Axis
from xenotime.scenarios import Scenario

__all__ = ["BLOCK", "Found", "Points", "joined"]

Array = NDArray[np.float64]
# Draws that are compiled and run together, by one thread.
BLOCK = 32
SERIES = ("magnet", "rare_earths")
# Fields of a scenario that act on the licence regime alone: the rest of a block stays as it is.
REGIME_ALONE = frozenset({"approval_delay_days"})


@dataclass(frozen=True)
class Found:
    """Results of one value, draws last.

    Exports and base exports by group (t); first stops, days lost (days of base output) and base
    activity (t/day) by sector.
    """

    exported: Array
    base: Array
    first_stop: NDArray[np.int64]
    days_lost: Array
    sector_base: Array
    balance_error: Array
    violations: NDArray[np.int64]


class Points:
    """A network and the scenarios of a sweep, with all that they share."""

    def __init__(
        self,
        network: ProductionNetwork,
        axis: Axis,
        points: Sequence[Scenario],
        as_of: dt.date | None,
        seed: int,
    ) -> None:
        self.axis, self.points, self.seed = axis, list(points), seed
        self.policies = [policy_of(point, as_of) for point in points]
        first = self.policies[0]
        if any((p.controls, p.limits) != (first.controls, first.limits) for p in self.policies):
            raise RequestError(
                f"vary {axis.name}: its values change which acts control shipments: run them"
                " one by one"
            )
        self.layout = build_layout(network, first.controls, first.limits)
        self.groups = build_groups(self.layout)
        self.quotas = [
            quota_links(
                self.layout, policy.quotas, quota_rules(point), subject=f"scenario {point.name}"
            )
            for policy, point in zip(self.policies, self.points, strict=True)
        ]
        self.days = points[0].days
        origins = {item.origin for item in self.layout.classes}
        with_minerals = any(item.goods == "mineral" for item in self.layout.classes)
        series_kept = (*SERIES, *(MINERALS if with_minerals else ()))
        self.kept = [
            place
            for place, (series, origin, _) in enumerate(self.groups.exports.keys)
            if series in series_kept and (origin in origins or not origins)
        ]
        self.keys = [self.groups.exports.keys[place] for place in self.kept]

    def block(
        self, first: int, count: int, done: Callable[[], None], stop: Callable[[], bool]
    ) -> list[Found]:
        """Run all points for some draws; `done` is called for each point."""
        limits: list[Limits] = []
        places: list[int] = []
        found: dict[int, Found] = {}
        shared = self.compiled(0, first, count)
        for place in range(len(self.points)):
            if stop():
                return []
            if place and self.axis.field not in REGIME_ALONE:
                own = self.compiled(place, first, count)
                if not _alike(own.arrays, shared.arrays):
                    self._run(own, [Limits(own.arrays.cap_multiple, own.arrays.granted)], [place],
                              found, done, stop)  # fmt: skip
                    continue
                permits = Limits(own.arrays.cap_multiple, own.arrays.granted)
            elif place:
                permits = self.permits(shared, place, first)
            else:
                permits = Limits(shared.arrays.cap_multiple, shared.arrays.granted)
            limits.append(permits)
            places.append(place)
        self._run(shared, limits, places, found, done, stop)
        return [found[place] for place in range(len(self.points))] if not stop() else []

    def _sampled(self, place: int, first: int, count: int) -> tuple[dict[str, Array], Array]:
        fixed = dict(self.points[place].parameters)
        return sample_parameters(
            facts.parameters(), fixed, first=first, count=count, seed=self.seed
        )

    def compiled(self, place: int, first: int, count: int) -> Block:
        """Compile some draws of a point."""
        policy = self.policies[place]
        values, member = self._sampled(place, first, count)
        return compile_block(
            self.layout, self.groups, self.points[place], self.days, policy,
            quotas=self.quotas[place], values=values, member=member, first=first, seed=self.seed,
        )  # fmt: skip

    def permits(self, shared: Block, place: int, first: int) -> Limits:
        """Compile what a point changes of a block where that is the licence regime alone."""
        return Limits(
            *permitted(
                self.layout, shared, self.days, self.policies[place], first=first, seed=self.seed
            )
        )

    def _run(
        self,
        block: Block,
        limits: Sequence[Limits],
        places: Sequence[int],
        found: dict[int, Found],
        done: Callable[[], None],
        stop: Callable[[], bool],
    ) -> None:
        base = self._base(block.arrays)
        for variant, outcome in simulate_branches(block.arrays, limits, stop=stop):
            found[places[variant]] = self._reduced(block.arrays, outcome, base)
            done()

    def _base(self, arrays: ChainArrays) -> Array:
        """Find the exports of the period had nothing happened (t), by kept group and draw."""
        per_day = np.zeros((len(arrays.group_ptr) - 1, arrays.sizes["D"]))
        group = np.repeat(np.arange(len(per_day)), np.diff(arrays.group_ptr))
        weighted = arrays.base_flow[arrays.group_link] * arrays.group_weight[:, None]
        np.add.at(per_day, group, weighted)
        base: Array = per_day[self.kept] * len(self.days)
        return base

    def _reduced(self, arrays: ChainArrays, outcome: ChainOutcome, base: Array) -> Found:
        return Found(
            exported=outcome.flows[self.kept].sum(axis=1),
            base=base,
            first_stop=outcome.first_stop,
            days_lost=outcome.days_lost,
            sector_base=outcome.sector_base,
            balance_error=mass_balance(arrays, outcome),
            violations=outcome.violations,
        )


def _alike(one: ChainArrays, other: ChainArrays) -> bool:
    """Whether two chains differ in permits at most."""
    for field in fields(ChainArrays):
        if field.name in ("cap_multiple", "granted"):
            continue
        mine, theirs = getattr(one, field.name), getattr(other, field.name)
        if isinstance(mine, np.ndarray) and isinstance(theirs, np.ndarray):
            if not np.array_equal(mine, theirs):
                return False
        elif mine is not theirs and mine != theirs:
            return False
    return True


def joined(blocks: Sequence[Sequence[Found]]) -> list[Found]:
    """Join blocks of draws in their order, value by value."""
    return [
        Found(*(np.concatenate([getattr(b, f.name) for b in of], axis=-1) for f in fields(Found)))
        for of in zip(*blocks, strict=True)
    ]
