"""Levers on who needs no licence, who gets none, and what goes round: shares that nobody knows."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from xenotime import facts
from xenotime.facts.taxonomy import with_aggregates
from xenotime.policy.limits import ASSUMED
from xenotime.scenarios.fields import Day, Frozen, Number, Uses, once
from xenotime.scenarios.levers import nodes

if TYPE_CHECKING:
    from xenotime.facts.measures import Measure
    from xenotime.scenarios.model import Scenario

__all__ = ["EntityShare", "GeneralLicence", "Leakage", "problems_of"]

Grade = Literal["A", "B", "C", "D", "assumed"]
Reason = Annotated[str, Field(min_length=1, max_length=400)]
Nodes = Annotated[tuple[str, ...], Field(min_length=1), AfterValidator(nodes)]
HOLDING = frozenset({"export_licence", "export_ban", "customs_hold"})
"""Instruments under which goods are held back."""


def _lists() -> dict[str, Measure]:
    """Acts of the record that list firms, by id."""
    return {m.id: m for m in facts.measures() if m.instrument == "entity_list" and m.in_force}


class EntityShare(Frozen):
    """What share of a country's buyers the firms of an entity list are: they get no licence."""

    act: str
    """Id of an act that lists firms (`policy list`), e.g. `M060`."""
    share: Annotated[Number, Field(gt=0, le=1)]
    """Share of the tonnage under licence that the named firms take, above 0, up to 1."""
    destinations: Nodes | None = None
    """Only for these nodes of the network; all that the act reaches where it is left out."""
    uses: Uses | None = None
    """Only for these uses; all where it is left out."""
    grade: Grade
    """How well the share is known: grade of its source, or `assumed`."""
    reason: Reason
    """What the share rests on; it stands in the run."""

    @field_validator("act")
    @classmethod
    def _of_a_list(cls, name: str) -> str:
        acts, lists = {m.id: m for m in facts.measures()}, _lists()
        told = ", ".join(f"{m.id} ({m.act})" for m in lists.values())
        if name not in acts:
            hint = facts.did_you_mean(name, lists)
            raise ValueError(f"no act of the record: {name}{hint}; give one of {told}")
        if acts[name].instrument == "watch_list":
            raise ValueError(
                f"{name} is a watch list: its firms get single licences without a statutory"
                f" clock, they are not barred; use approval_pace, or give one of {told}"
            )
        if name not in lists:
            raise ValueError(f"{name} is no list of firms with a first day; give one of {told}")
        return name

    @field_validator("destinations")
    @classmethod
    def _reached(
        cls, names: tuple[str, ...] | None, info: ValidationInfo
    ) -> tuple[str, ...] | None:
        act = info.data.get("act")
        if act is None:  # refused, and said so
            return names
        targets = {*_lists()[act].targets}
        beside = [n for n in names or () if not {*with_aggregates(n)} & targets]
        if beside:
            raise ValueError(
                f"{act} lists firms of {', '.join(sorted(targets))}, not of"
                f" {', '.join(beside)}; leave destinations out or correct it"
            )
        return names


class Leakage(Frozen):
    """A share of what is held back that reaches its users by way of third countries."""

    share: Annotated[Number, Field(ge=0, le=1)]
    """Share of what is held back, 0 to 1; entries that meet add up, to 1 at most."""
    delay_days: Annotated[int, Field(strict=True, ge=0, le=1095)]
    """Days by which it comes later."""
    start: Day | None = None
    """First day whose goods go round; that of the run where it is left out."""
    acts: Annotated[tuple[str, ...], Field(min_length=1)] | None = None
    """Only what these acts hold back: ids of the record, `assumed/NAME` for counter_controls."""
    goods: (
        Annotated[tuple[Literal["magnet", "oxide_metal", "mineral"], ...], Field(min_length=1)]
        | None
    ) = None
    """Only these goods; all under a licence or a ban where it is left out."""
    destinations: Nodes | None = None
    """Only for these nodes of the network; all where it is left out."""
    uses: Uses | None = None
    """Only for these uses; all where it is left out."""
    grade: Grade
    """How well the share is known: grade of its source, or `assumed`."""
    reason: Reason
    """What the share rests on; it stands in the run."""

    @field_validator("acts")
    @classmethod
    def _holding(cls, names: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if names is None:
            return None
        acts = {m.id: m for m in facts.measures()}
        recorded = [name for name in names if not name.startswith(ASSUMED)]
        problems = [
            f"no act of the record: {name}{facts.did_you_mean(name, acts)}"
            for name in recorded
            if name not in acts
        ]
        problems += [
            f"{name} ({acts[name].act}) holds no goods back: give licence controls or bans"
            for name in recorded
            if name in acts and acts[name].instrument not in HOLDING
        ]
        if problems:
            raise ValueError("; ".join(problems) + "; see `xenotime policy list`")
        return once(names)


class GeneralLicence(Frozen):
    """A share of goods that customers get under general licences, shipment after shipment."""

    goods: Annotated[tuple[Literal["magnet", "oxide_metal"], ...], Field(min_length=1)]
    """Goods under licence: magnets, or oxides and metals."""
    share: Annotated[Number, Field(gt=0, le=1)]
    """Share of their tonnage that needs no single licences, above 0, up to 1."""
    start: Day
    """First day of validity."""
    days: Annotated[int, Field(strict=True, ge=1, le=1096)] = 365
    """Days for which they are valid: the first ones run a year, the regulation allows three."""
    destinations: Nodes | None = None
    """Only for these nodes of the network; all where it is left out."""
    uses: Uses | None = None
    """Only for these uses; all where it is left out."""
    grade: Grade
    """How well the share is known: grade of its source, or `assumed`."""
    reason: Reason
    """What the share rests on; it stands in the run."""

    @property
    def last(self) -> dt.date:
        """Last day of validity."""
        return self.start + dt.timedelta(days=self.days - 1)


def problems_of(scenario: Scenario) -> list[str]:
    """Say which of these levers cannot act in a scenario, and why."""
    names = [entry.act for entry in scenario.entity_shares]
    problems = [
        f"entity_shares has {name}, which without_acts leaves out; keep one of the two"
        for name in dict.fromkeys(names)
        if name in scenario.without_acts
    ]
    if names and not scenario.record:
        problems.append(
            f"entity_shares has {', '.join(dict.fromkeys(names))}, but record is false: no act"
            " takes effect; write record: true, or leave entity_shares out"
        )
    assumed = {f"{ASSUMED}{control.name}" for control in scenario.counter_controls}
    for leak in scenario.leakage:
        problems += [
            f"leakage names {name}, which is not in counter_controls"
            f"{facts.did_you_mean(name, assumed)}; correct it or leave it out"
            for name in leak.acts or ()
            if name.startswith(ASSUMED) and name not in assumed
        ]
        if leak.start is not None and leak.start > scenario.end:
            problems.append(f"leakage from {leak.start} begins after {scenario.end}, the last day")
    for licence in scenario.general_licences:
        if licence.start > scenario.end:
            problems.append(
                f"general_licences from {licence.start} begins after {scenario.end}, the last day"
            )
        if licence.last < scenario.start:
            problems.append(
                f"general_licences to {licence.last} ends before {scenario.start}, the first day"
            )
    return problems
