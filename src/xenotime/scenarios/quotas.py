"""How export quotas work in a scenario, and quotas that it adds."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from xenotime import facts
from xenotime.facts.vocabulary import FORMS
from xenotime.scenarios.fields import Day, Frozen, Number, Tonnes, once

__all__ = ["AddedQuota", "QuotaLevers"]

Share = Annotated[Number, Field(ge=0, le=1)]


class AddedQuota(Frozen):
    """An export quota that is not on record: an assumption."""

    origin: str
    """Node of the network whose exports are limited (ISO3)."""
    elements: Annotated[tuple[str, ...], Field(min_length=1)]
    """Rare earths that count, by symbol."""
    forms: Annotated[tuple[str, ...], Field(min_length=1)]
    """Forms that count: oxide, metal, alloy, magnet."""
    first: Day
    """First day, that of a month."""
    last: Day
    """Last day, that of a month."""
    tonnes: Tonnes
    """Tonnes of rare-earth oxide (t REO) that may leave in the period."""

    @field_validator("origin")
    @classmethod
    def _a_node(cls, name: str) -> str:
        known = facts.NETWORK_COUNTRIES
        if name not in known:
            raise ValueError(
                f"no node of the network: {name}{facts.did_you_mean(name, known)};"
                f" give one of {', '.join(known)}"
            )
        return name

    @field_validator("elements")
    @classmethod
    def _rare_earths(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := [name for name in names if name not in facts.ELEMENTS]:
            raise ValueError(
                f"no rare earth: {', '.join(unknown)}; give some of {', '.join(facts.ELEMENTS)}"
            )
        return once(names)

    @field_validator("forms")
    @classmethod
    def _known_forms(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := [name for name in names if name not in FORMS]:
            hints = "; ".join(f"{n}{facts.did_you_mean(n, FORMS)}" for n in unknown)
            raise ValueError(f"no form: {hints}; give some of {', '.join(FORMS)}")
        return once(names)

    @model_validator(mode="after")
    def _whole_months(self) -> AddedQuota:
        problems = []
        if self.last < self.first:
            problems.append(f"last {self.last} is before first {self.first}; swap them")
        if self.first.day != 1:
            problems.append(f"first is {self.first}: begin on the first day of a month")
        if (self.last + dt.timedelta(days=1)).day != 1:
            problems.append(f"last is {self.last}: end on the last day of a month")
        if problems:
            raise ValueError("\n".join(problems))
        return self


class QuotaLevers(Frozen):
    """How export quotas work: those of the record, and those that are added."""

    factor: Annotated[Number, Field(ge=0, le=100)] = 1.0
    """Multiple of every tonnage of the record; added quotas are as given."""
    carry_over: Share = 0.0
    """Share of an unused volume that the next period adds; 0 lets it lapse."""
    release: Literal["at_once", "evenly"] = "at_once"
    """Whether a volume may be used from the first day on, or in equal parts by day."""
    exporters: dict[str, Share] = Field(default={})
    """Share of each quota by producer id; the rest is for all others together."""
    added: tuple[AddedQuota, ...] = ()
    """Quotas that are not on record."""

    @field_validator("exporters")
    @classmethod
    def _no_more_than_all(cls, shares: dict[str, float]) -> dict[str, float]:
        total = sum(shares.values())
        if total > 1 + 1e-9:
            raise ValueError(f"the shares add up to {total:g}: give at most 1 in all")
        return shares
