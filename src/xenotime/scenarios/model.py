"""The scenario: a frozen configuration object that forbids what it does not know."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, field_validator, model_validator

from xenotime import facts
from xenotime.facts import taxonomy
from xenotime.networks.chain.candidates import candidates
from xenotime.networks.minerals.supply import producers
from xenotime.policy.record import is_on_dyad
from xenotime.scenarios.fields import Day, Frozen, Number, Uses, Whole, once, plain
from xenotime.scenarios.levers import CounterControl, FollowedBan, ScopeExit, nodes
from xenotime.scenarios.listed import EntityShare, GeneralLicence, Leakage, problems_of
from xenotime.scenarios.quotas import QuotaLevers
from xenotime.scenarios.supplies import (
    Project,
    Recycling,
    StockRelease,
    Substitution,
    supply_problems,
)
from xenotime.scenarios.tariffs import AssumedTariff, problems_among

if TYPE_CHECKING:
    from xenotime.facts.measures import Measure
    from xenotime.facts.parameters import Parameter

__all__ = [
    "FIRST_DAY",
    "LAST_DAY",
    "CapacityLoss",
    "Omission",
    "PaceChange",
    "Scenario",
    "outside_the_years",
]


# The record of measures and the reconciled year bound what can be run; a longer period would be
# extrapolated without saying so.
FIRST_DAY = dt.date(2024, 1, 1)
LAST_DAY = dt.date(2027, 12, 31)
YEARS = {2024: (FIRST_DAY, LAST_DAY), 2010: (dt.date(2010, 1, 1), dt.date(2011, 12, 31))}
"""First and last day that can be run on the network of a year."""


def _counts_days(parameter: Parameter) -> bool:
    """Say whether the model uses a parameter as an index of days."""
    return parameter.distribution == "fixed" and parameter.unit == "days"


def outside_the_years(start: dt.date, end: dt.date, baseline: int = 2024) -> list[str]:
    """Say that a period leaves the years that can be run on a baseline, if it does."""
    first, last = YEARS[baseline]
    if start >= first and end <= last:
        return []
    years = f"{first} to {last}, the years that the facts describe"
    if baseline != 2024:
        years = f"{first} to {last}, the days that can be run on the network of {baseline}"
    return [f"period {start} to {end} leaves {years}"]


class Omission(Frozen):
    """Acts that do not happen in this scenario."""

    dyad: tuple[str, str]
    """Two countries (ISO3): acts of one on the other, or of both together."""
    announced_from: Day
    """Acts announced on this day or later are left out."""

    @model_validator(mode="after")
    def _leaves_something_out(self) -> Omission:
        if not any(self.covers(act) for act in facts.measures()):
            raise ValueError(
                f"no act of the record is between {' and '.join(self.dyad)} and announced on "
                f"{self.announced_from} or later: leave this out or correct it"
            )
        return self

    def covers(self, act: Measure) -> bool:
        """Whether an act is left out."""
        return (
            is_on_dyad(act, self.dyad)
            and act.announced is not None
            and act.announced >= self.announced_from
        )

    @field_validator("dyad")
    @classmethod
    def _known_countries(cls, pair: tuple[str, str]) -> tuple[str, str]:
        unknown = [c for c in pair if c not in taxonomy.countries()]
        if unknown:
            raise ValueError(
                f"unknown country {', '.join(unknown)}; use ISO3 codes such as CHN, USA"
            )
        if pair[0] == pair[1]:
            raise ValueError(f"a dyad needs two countries, got {pair[0]} twice")
        return pair


class CapacityLoss(Frozen):
    """A share of a producer's capacity that is lost for some days."""

    producer: str
    """Producer id as the table `production` of a run lists it, e.g. `magnet:NdFeB-heavy@JPN`."""
    share: Annotated[Number, Field(gt=0, le=1)]
    """Share of capacity lost, above 0, up to 1."""
    start: Day
    """First day of the loss."""
    days: Annotated[int, Field(strict=True, ge=1, le=3650)]
    """Length of the loss in days."""

    @field_validator("producer")
    @classmethod
    def _known_producer(cls, name: str) -> str:
        known = {*candidates().producers, *producers()}
        if name not in known:
            raise ValueError(
                f"unknown producer {name}{facts.did_you_mean(name, known)}; "
                "names are in the table `production` of any run"
            )
        return name


class PaceChange(Frozen):
    """A change of the pace at which licences are approved."""

    factor: Annotated[Number, Field(ge=0, le=100)]
    """Multiple of the pace that the record gives: 0 stops approvals, 2 doubles them."""
    first: Day
    """First day of the change."""
    last: Day | None = None
    """Last day of the change; open where it is left out."""
    destinations: Annotated[tuple[str, ...], Field(min_length=1)] | None = None
    """Only for these nodes of the network (ISO3, REU, ROW); all where it is left out."""
    uses: Uses | None = None
    """Only for these uses; all where it is left out."""

    @field_validator("destinations")
    @classmethod
    def _known_nodes(cls, names: tuple[str, ...] | None) -> tuple[str, ...] | None:
        return None if names is None else nodes(names)

    @model_validator(mode="after")
    def _in_order(self) -> PaceChange:
        if self.last is not None and self.last < self.first:
            raise ValueError(f"last {self.last} is before first {self.first}; swap them")
        return self


class Scenario(Frozen):
    """What is assumed about the world for one run.

    >>> from xenotime.scenarios import load
    >>> load("april-2025").start
    datetime.date(2025, 1, 1)
    """

    schema_version: Annotated[Literal[1], Whole] = 1
    """Version of this file format."""
    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
    """Short name: lower-case letters, digits and dashes."""
    title: Annotated[str, Field(min_length=1, max_length=200)]
    """One line for lists and reports."""
    description: Annotated[str, Field(max_length=4000)] = ""
    """What happens, and what it is for."""
    start: Day = dt.date(2025, 1, 1)
    """First day of the run."""
    end: Day = dt.date(2025, 12, 31)
    """Last day of the run."""
    baseline: Annotated[Literal[2024, 2010], Whole] = 2024
    """Year of the network: 2024 for today's, 2010 for the precedent; it bounds the days."""
    record: Annotated[bool, Field(strict=True)] = True
    """Whether the measures of the legal record take effect."""
    without: tuple[Omission, ...] = ()
    """Acts of the record that do not happen, by who acts on whom."""
    without_acts: tuple[str, ...] = ()
    """Acts of the record that do not happen, by id (`policy list`)."""
    bans: tuple[FollowedBan, ...] = ()
    """Export bans of the record that stop shipments here; runs leave bans alone otherwise."""
    counter_controls: tuple[CounterControl, ...] = ()
    """Export controls that no record has and that this scenario assumes."""
    scope_exits: tuple[ScopeExit, ...] = ()
    """Shares of licensed goods that are made so as to be outside the control."""
    entity_shares: tuple[EntityShare, ...] = ()
    """Shares of a country's buyers that are on entity lists: they get no licence."""
    general_licences: tuple[GeneralLicence, ...] = ()
    """Shares of licensed goods that need no single licences for a time."""
    leakage: tuple[Leakage, ...] = ()
    """Shares of what is held back that arrive by way of third countries."""
    approval_pace: tuple[PaceChange, ...] = ()
    """Changes of the pace of approvals; those that meet multiply."""
    approval_delay_days: Annotated[int, Field(strict=True, ge=0, le=1095)] = 0
    """Days by which every easing of the record comes later; controls begin as they did."""
    quotas: QuotaLevers = QuotaLevers()
    """How export quotas work; those of the record act where their tonnage is known."""
    tariffs: tuple[AssumedTariff, ...] = ()
    """Duties that no record has and that this scenario assumes, in per cent of value."""
    allocation: Literal["proportional", "priority"] = "proportional"
    """Who gets what is scarce: everybody in proportion, or by the priority of the use."""
    shocks: tuple[CapacityLoss, ...] = ()
    """Losses of capacity."""
    stock_releases: tuple[StockRelease, ...] = ()
    """Stocks that are opened."""
    projects: tuple[Project, ...] = ()
    """Plants that come; none of those that are announced comes unless it is named here."""
    recycling: tuple[Recycling, ...] = ()
    """Recycled goods that are used instead of bought ones."""
    substitution: tuple[Substitution, ...] = ()
    """Needs that something else meets."""
    parameters: dict[str, Annotated[float, Field(strict=True)]] = Field(default={})
    """Parameters held at a value instead of being drawn, by name (`facts search parameter`)."""

    @field_validator("without_acts")
    @classmethod
    def _known_acts(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        known = [act.id for act in facts.measures()]
        if unknown := [name for name in names if name not in known]:
            hints = "; ".join(f"{n}{facts.did_you_mean(n, known)}" for n in unknown)
            raise ValueError(f"no act of the record: {hints}; see `xenotime policy list`")
        return once(names)

    @property
    def days(self) -> tuple[dt.date, ...]:
        """Calendar days of a run, from the first to the last."""
        length = (self.end - self.start).days + 1
        return tuple(self.start + dt.timedelta(days=i) for i in range(length))

    @property
    def precedent(self) -> int | None:
        """Year of the precedent that it runs on, None for today's network."""
        return None if self.baseline == 2024 else self.baseline

    @property
    def supplies(self) -> dict[str, tuple[StockRelease | Project | Recycling | Substitution, ...]]:
        """Goods from outside the links, by key, in the order in which users take them."""
        return {
            "substitution": self.substitution,
            "recycling": self.recycling,
            "projects": self.projects,
            "stock_releases": self.stock_releases,
        }

    def leaves_out(self, act: Measure) -> bool:
        """Whether an act of the record does not happen here."""
        return act.id in self.without_acts or any(entry.covers(act) for entry in self.without)

    @field_validator("parameters")
    @classmethod
    def _known_parameters(cls, values: dict[str, float]) -> dict[str, float]:
        known = facts.parameters()
        problems = []
        for name, value in values.items():
            if name not in known:
                problems.append(f"unknown parameter {plain(name)}{facts.did_you_mean(name, known)}")
            elif not math.isfinite(value):
                problems.append(f"parameter {name} is {value}; give a finite number")
            elif problem := known[name].refuses(value):
                problems.append(problem)
            elif _counts_days(known[name]) and value != int(value):
                problems.append(f"parameter {name} is {value:g}; give whole days")
        if problems:
            raise ValueError("\n".join(problems))
        return values

    @model_validator(mode="after")
    def _bans_happen(self) -> Scenario:
        names = [ban.act for ban in self.bans]
        problems = [
            f"bans names {name} {names.count(name)} times; keep one, with all its uses"
            for name in sorted(set(names))
            if names.count(name) > 1
        ]
        problems += [
            f"bans follows {name}, which without_acts leaves out; keep one of the two"
            for name in names
            if name in self.without_acts
        ]
        if names and not self.record:
            problems.append(
                f"bans follows {', '.join(names)}, but record is false: no act takes effect; "
                "write record: true, or leave bans out"
            )
        if problems:
            raise ValueError("\n".join(problems))
        return self

    @model_validator(mode="after")
    def _dates_in_order(self) -> Scenario:
        problems = []
        if self.end < self.start:
            problems.append(f"end {self.end} is before start {self.start}; swap them")
        problems += outside_the_years(self.start, self.end, self.baseline)
        problems += problems_among(self.tariffs, self.start, self.end)
        problems += supply_problems(self.supplies, self.start, self.end)
        problems += [
            f"shock on {s.producer} starts on {s.start}, outside {self.start} to {self.end}"
            for s in self.shocks
            if not self.start <= s.start <= self.end
        ]
        problems += [
            f"counter_controls {c.name} starts on {c.start}, outside {self.start} to {self.end}"
            for c in self.counter_controls
            if not self.start <= c.start <= self.end
        ]
        problems += [
            f"scope_exits from {item.start} begins after {self.end}, the last day"
            for item in self.scope_exits
            if item.start > self.end
        ]
        names = [c.name for c in self.counter_controls]
        problems += [
            f"counter_controls has {names.count(name)} entries named {name}; name them apart"
            for name in sorted(set(names))
            if names.count(name) > 1
        ]
        problems += [
            f"approval_pace from {change.first} begins after {self.end}, the last day"
            for change in self.approval_pace
            if change.first > self.end
        ]
        problems += [
            f"approval_pace to {change.last} ends before {self.start}, the first day"
            for change in self.approval_pace
            if change.last is not None and change.last < self.start
        ]
        problems += problems_of(self)
        if problems:
            raise ValueError("\n".join(problems))
        return self

    def revised(self, **changes: object) -> Scenario:
        """Change some fields; the new scenario is validated like any other.

        Raises
        ------
        RequestError
            With every problem of the changes.

        >>> from xenotime.scenarios import load
        >>> load("april-2025").revised(parameters={"hold_share": 0.5}).parameters
        {'hold_share': 0.5}
        """
        from xenotime.scenarios.reading import parse

        return parse({**self.model_dump(), **changes}, subject=f"scenario {self.name}")
