"""Levers: what a scenario may assume beside the record, losses and the pace of licences."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from xenotime import facts
from xenotime.facts.taxonomy import MINERALS, countries
from xenotime.scenarios.fields import Day, Frozen, Number, Uses, once

__all__ = ["CounterControl", "FollowedBan", "ScopeExit", "nodes"]


def nodes(names: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse what is no node of the network, and what stands twice.

    Raises
    ------
    ValueError
        With the names that are none.

    Examples
    --------
    >>> nodes(("JPN", "ROW"))
    ('JPN', 'ROW')
    """
    known = facts.NETWORK_COUNTRIES
    if unknown := [name for name in names if name not in known]:
        hints = "; ".join(f"{n}{facts.did_you_mean(n, known)}" for n in unknown)
        raise ValueError(f"no node of the network: {hints}; give some of {', '.join(known)}")
    return once(names)


class FollowedBan(Frozen):
    """A ban of the record that shipments obey in this scenario: nobody gets a licence."""

    act: str
    """Id of an export ban of the record (`policy list`), e.g. `M017`."""
    uses: Uses
    """Uses that the ban reaches: civil, defence, or both. The record does not code it."""

    @field_validator("act")
    @classmethod
    def _a_ban(cls, name: str) -> str:
        bans = {
            m.id: m
            for m in facts.measures()
            if m.instrument == "export_ban" and m.elements and m.forms and m.in_force
        }
        if name not in bans:
            known = [m.id for m in facts.measures()]
            told = ", ".join(f"{m.id} ({m.act} {m.article}".rstrip() + ")" for m in bans.values())
            what = (
                f"{name} is no export ban with elements, forms and a first day"
                if name in known
                else f"no act of the record: {name}{facts.did_you_mean(name, bans)}"
            )
            raise ValueError(f"{what}; give one of {told}")
        return name

    @field_validator("uses")
    @classmethod
    def _once(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return once(names)


class CounterControl(Frozen):
    """An export control that no record has: the user assumes it, and every answer says so."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
    """Short name: lower-case letters, digits and dashes; it is shown as `assumed: NAME`."""
    actor: str
    """Country that controls its exports (ISO3)."""
    targets: Annotated[tuple[str, ...], Field(min_length=1)]
    """Destinations (ISO3, a node of the network), or WLD for all."""
    elements: Annotated[tuple[str, ...], Field(min_length=1)]
    """Elements and other minerals of the network, e.g. `Dy`, `Ga`, `graphite`."""
    forms: Annotated[
        tuple[Literal["ore", "oxide", "metal", "alloy", "magnet"], ...], Field(min_length=1)
    ]
    """Forms in which they are controlled; any form controls the one step of another mineral."""
    start: Day
    """First day of the control."""
    end: Day | None = None
    """Last day of the control; open where it is left out."""
    uses: Uses = ("civil", "defence")
    """Uses that it reaches."""
    approval_days: Annotated[Number, Field(ge=1, le=3650)] | None = None
    """Mean working days from filing to approval; nobody gets a licence where it is left out."""

    @field_validator("actor", "targets", "elements")
    @classmethod
    def _known(cls, given: str | tuple[str, ...], info: ValidationInfo) -> str | tuple[str, ...]:
        names = (given,) if isinstance(given, str) else given
        known: tuple[str, ...]
        if info.field_name == "elements":
            known, what = (*facts.ELEMENTS, *MINERALS), "no element or mineral of the network"
        else:
            known, what = (*countries(), *facts.NETWORK_COUNTRIES), "no country or node"
        if info.field_name == "targets":
            known = (*known, "WLD")
        if unknown := [name for name in names if name not in known]:
            hints = "; ".join(f"{n}{facts.did_you_mean(n, known)}" for n in unknown)
            raise ValueError(f"{what}: {hints}")
        return given if isinstance(given, str) else once(given)

    @model_validator(mode="after")
    def _sound(self) -> CounterControl:
        problems = []
        if self.end is not None and self.end < self.start:
            problems.append(f"end {self.end} is before start {self.start}; swap them")
        if self.actor in self.targets:
            problems.append(f"{self.actor} is actor and target; goods at home are never controlled")
        if problems:
            raise ValueError("\n".join(problems))
        return self


class ScopeExit(Frozen):
    """A share of licensed goods that is made so as to fall outside the control."""

    goods: Annotated[tuple[Literal["magnet", "oxide_metal"], ...], Field(min_length=1)]
    """Goods under licence: magnets, or oxides and metals."""
    share: Annotated[Number, Field(gt=0, le=1)]
    """Share of the goods that is outside in the end; entries that meet add up, to 1 at most."""
    start: Day
    """First day on which some are."""
    full: Day | None = None
    """Day on which the whole share is, after an even rise; `start` where it is left out."""
    destinations: Annotated[tuple[str, ...], Field(min_length=1)] | None = None
    """Only for these nodes of the network (ISO3, REU, ROW); all where it is left out."""
    uses: Uses | None = None
    """Only for these uses; all where it is left out."""
    grade: Literal["A", "B", "C", "D", "assumed"]
    """How well the exit is known: grade of its source, or `assumed`."""
    reason: Annotated[str, Field(min_length=1, max_length=400)]
    """Why the goods are outside, with its source; it stands in the run."""

    @field_validator("destinations")
    @classmethod
    def _known_nodes(cls, names: tuple[str, ...] | None) -> tuple[str, ...] | None:
        return None if names is None else nodes(names)

    @model_validator(mode="after")
    def _in_order(self) -> ScopeExit:
        if self.full is not None and self.full < self.start:
            raise ValueError(f"full {self.full} is before start {self.start}; swap them")
        return self
