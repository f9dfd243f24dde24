"""Levers: goods that a scenario assumes to come from outside the links of the network."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from xenotime import facts
from xenotime.networks.chain.candidates import candidates
from xenotime.networks.chain.projects import project_names
from xenotime.networks.minerals.catalogue import MINERALS
from xenotime.scenarios.fields import Day, Frozen, Number, Tonnes, Uses, once
from xenotime.scenarios.levers import nodes

__all__ = ["Project", "Recycling", "StockRelease", "Substitution", "products", "supply_problems"]

FORMS = ("ore", "oxide", "metal", "alloy", "magnet")
Grade = Literal["A", "B", "C", "D", "assumed"]
Reason = Annotated[str, Field(min_length=1, max_length=400)]
Share = Annotated[Number, Field(ge=0, le=1)]
Names = Annotated[tuple[str, ...], Field(min_length=1)]
Length = Annotated[int, Field(strict=True, ge=1, le=3650)]


def products() -> tuple[str, ...]:
    """Name the goods that can come from outside: ores, oxides, metals, alloys and magnets bought.

    Examples
    --------
    >>> "magnet:NdFeB-heavy" in products(), "ore:W" in products()
    (True, True)
    """
    bought = {link.product for link in candidates().links} | {m.product for m in MINERALS}
    return tuple(sorted(p for p in bought if p.partition(":")[0] in FORMS))


def _known_product(name: str) -> str:
    if name not in products():
        raise ValueError(
            f"no product that is bought: {name}{facts.did_you_mean(name, products())}; give one of"
            " the kinds ore, oxide, metal, alloy, magnet, e.g. oxide:Dy or magnet:NdFeB-heavy"
        )
    return name


class _Goods(Frozen):
    """What the levers of this file have in common."""

    uses: Uses | None = None
    """Only for these uses (`civil`, `defence`); all where it is left out."""
    users: Names | None = None
    """Only for these buyers: industries (`wind`), makers of components
    (`component:traction_motor`), or steps of the chain (`metal`, `alloy`, `magnet`); all where it
    is left out."""

    @field_validator("product", check_fields=False)
    @classmethod
    def _bought(cls, name: str | None) -> str | None:
        return None if name is None else _known_product(name)

    @field_validator("destinations", check_fields=False)
    @classmethod
    def _known_nodes(cls, names: tuple[str, ...] | None) -> tuple[str, ...] | None:
        return None if names is None else nodes(names)

    @field_validator("country", check_fields=False)
    @classmethod
    def _a_node(cls, name: str | None) -> str | None:
        return None if name is None else nodes((name,))[0]

    @field_validator("users")
    @classmethod
    def _once(cls, names: tuple[str, ...] | None) -> tuple[str, ...] | None:
        return None if names is None else once(names)


class StockRelease(_Goods):
    """A stock that is opened: users take from it what they lack, and the rest stays in it."""

    country: str
    """Country that holds the stock (ISO3, a node of the network)."""
    product: str
    """What it holds, as the network names it, e.g. `oxide:Dy`, `magnet:NdFeB-heavy`, `ore:W`."""
    tonnes: Tonnes
    """Tonnes of the product that it holds."""
    start: Day
    """First day on which it gives. Goods are with the user on the day; no licence is needed."""
    tonnes_per_day: Annotated[Number, Field(gt=0, le=1e6)] | None = None
    """Most that it gives on a day; give this or `days`."""
    days: Length | None = None
    """Days over which it can be emptied, in equal parts; what nobody lacks is given later."""
    destinations: Names | None = None
    """Who may take from it (nodes of the network); its own country where it is left out."""
    grade: Grade
    """How well the stock is known: grade of its source, or `assumed`."""
    reason: Reason
    """Why it is there and opened, with its source; it stands in the run."""

    @model_validator(mode="after")
    def _one_pace(self) -> StockRelease:
        if (self.tonnes_per_day is None) == (self.days is None):
            given = "neither" if self.days is None else "both"
            raise ValueError(f"{given} of tonnes_per_day and days: give one of the two")
        if self.tonnes_per_day is not None and self.tonnes_per_day > self.tonnes > 0:
            raise ValueError(
                f"tonnes_per_day is {self.tonnes_per_day:g}, more than the {self.tonnes:g} t that"
                " it holds: give tonnes a day"
            )
        return self


class Project(_Goods):
    """A plant that comes: one of the network's table `projects`, or one of your own.

    Its output is from outside the network: what it takes in is not modelled and comes from nothing.
    Users of its own country are served first, then those of `destinations`.
    """

    project: str | None = None
    """Id in the table `projects` (`xenotime network export`), e.g. `magnet:NdFeB-heavy@USA/eVAC`;
    it has the capacity and the ramp that were announced, and starts as late as is expected."""
    country: str | None = None
    """Country of a plant of your own (ISO3, a node of the network)."""
    product: str | None = None
    """What a plant of your own makes, e.g. `magnet:NdFeB-heavy`."""
    tonnes_per_year: Tonnes | None = None
    """Output of a plant of your own, once it is at full capacity."""
    start: Day | None = None
    """First day of output; of a plant of the table, instead of the expected one."""
    delay_days: Annotated[int, Field(strict=True, ge=0, le=3650)] = 0
    """Days by which it starts later than `start` or than is expected."""
    ramp_days: Annotated[int, Field(strict=True, ge=0, le=3650)] | None = None
    """Days from the first output to full capacity of a plant of your own, in an even rise."""
    destinations: Names | None = None
    """Nodes of the network that it serves after its own country; none where it is left out."""
    grade: Grade | None = None
    """How well a plant of your own is known: grade of its source, or `assumed`."""
    reason: Reason | None = None
    """Why a plant of your own comes, with its source; it stands in the run."""

    @field_validator("project")
    @classmethod
    def _announced(cls, name: str | None) -> str | None:
        known = project_names()
        if name is not None and name not in known:
            raise ValueError(
                f"no plant of the table projects: {name}{facts.did_you_mean(name, known)};"
                f" give one of {', '.join(known)}, or country and product of one of your own"
            )
        return name

    @model_validator(mode="after")
    def _one_of_two(self) -> Project:
        own = ("country", "product", "tonnes_per_year", "ramp_days", "grade", "reason")
        given = [name for name in own if getattr(self, name) is not None]
        if self.project is not None and given:
            raise ValueError(
                f"project names a plant of the table, which has its own {', '.join(given)}: leave"
                " them out, or leave out project"
            )
        lacking = [name for name in (*own, "start") if getattr(self, name) is None]
        if self.project is None and lacking:
            raise ValueError(
                f"a plant of your own lacks {', '.join(lacking)}: add them, or name a plant of the"
                " table projects in project"
            )
        return self


class Recycling(_Goods):
    """Recycled goods that users take instead of bought ones: orders fall by as much."""

    country: str
    """Country whose users take them (ISO3, a node of the network)."""
    product: str
    """What they are as good as, e.g. `magnet:NdFeB-heavy`, `oxide:Dy`."""
    share: Share | None = None
    """Share of planned use that they cover in the end; give this or `tonnes_per_year`."""
    tonnes_per_year: Tonnes | None = None
    """Tonnes a year in the end; users take no more than they use."""
    start: Day
    """First day on which some come."""
    full: Day | None = None
    """Day on which all come, after an even rise; `start` where it is left out."""
    grade: Grade
    """How well this is known: grade of its source, or `assumed`."""
    reason: Reason
    """Why they come, with its source; it stands in the run. The scrap is not modelled."""

    @model_validator(mode="after")
    def _sound(self) -> Recycling:
        problems = _upside_down(self.start, self.full)
        if (self.share is None) == (self.tonnes_per_year is None):
            given = "neither" if self.share is None else "both"
            problems.append(f"{given} of share and tonnes_per_year: give one of the two")
        if problems:
            raise ValueError("\n".join(problems))
        return self


class Substitution(_Goods):
    """A share of a need that something else meets: a grade without dysprosium, another motor.

    The substitute enters in place of the product, up to the share of planned use, and orders of the
    product fall by as much: that part of the output goes on without it. Days of stock are kept as
    they were.
    """

    product: str
    """Product that is needed less, e.g. `magnet:NdFeB-heavy`."""
    share: Share
    """Share of the need that is met otherwise in the end."""
    start: Day
    """First day on which some is."""
    full: Day | None = None
    """Day on which the whole share is, after an even rise; `start` where it is left out."""
    destinations: Names | None = None
    """Only there (nodes of the network); everywhere where it is left out."""
    grade: Grade
    """How well this is known: grade of its source, or `assumed`."""
    reason: Reason
    """What takes its place, with its source; it stands in the run."""

    @model_validator(mode="after")
    def _sound(self) -> Substitution:
        if problems := _upside_down(self.start, self.full):
            raise ValueError("\n".join(problems))
        return self


def _upside_down(start: dt.date, full: dt.date | None) -> list[str]:
    if full is None or full >= start:
        return []
    return [f"full {full} is before start {start}; swap them"]


def supply_problems(
    entries: Mapping[str, Sequence[StockRelease | Project | Recycling | Substitution]],
    first: dt.date,
    last: dt.date,
) -> list[str]:
    """List entries that begin outside the days of the run.

    Parameters
    ----------
    entries
        Entries by the name of their key.
    first, last
        First and last day of the run.

    Returns
    -------
    list of str
        One line each.
    """
    return [
        f"{key}.{place} starts on {entry.start}, outside {first} to {last}"
        for key, given in entries.items()
        for place, entry in enumerate(given)
        if entry.start is not None and not first <= entry.start <= last
    ]
