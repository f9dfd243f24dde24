"""Figures that acts state: the level of a price floor, the money and the tonnes of a programme."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

from xenotime import facts

if TYPE_CHECKING:
    from xenotime.facts import Claim
    from xenotime.facts.measures import Measure

__all__ = ["PRICE_FLOOR", "ActFigure", "figures_of"]

PRICE_FLOOR = "price floor"
"""What a figure is that is a level below which a price is made up."""


@dataclass(frozen=True, slots=True)
class ActFigure:
    """One figure of an act, with where it was read.

    `first` is the first day on which it holds, where that is on record; `id` that of the claim or
    of the act that states it. A figure that two sources state is that of the better one.
    """

    act: str
    what: str
    value: float
    unit: str
    elements: tuple[str, ...]
    first: dt.date | None
    counterparty: str
    note: str
    id: str
    grade: str
    source_url: str
    source_title: str


@lru_cache(maxsize=1)
def _rows() -> tuple[dict[str, str], ...]:
    file = resources.files("xenotime.policy") / "data" / "act_figures.csv"
    with file.open(encoding="utf-8") as stream:
        return tuple(csv.DictReader(stream))


def figures_of(act: Measure, as_of: dt.date | None = None) -> tuple[ActFigure, ...]:
    """Figures that an act states, as far as they were known on a day.

    Parameters
    ----------
    act
        An act of the record.
    as_of
        Day whose knowledge is used; None: today's.

    Examples
    --------
    >>> floor = figures_of(facts.get("M033"))[0]
    >>> floor.value, floor.unit, floor.elements, floor.counterparty
    (110.0, 'USD/kg', ('Nd', 'Pr'), 'MP Materials')
    >>> figures_of(facts.get("M053"))
    ()
    """
    if not act.known_at(as_of):
        return ()
    found = (_figure(row, act, as_of) for row in _rows() if row["act"] == act.id)
    return tuple(figure for figure in found if figure is not None)


def _figure(row: dict[str, str], act: Measure, as_of: dt.date | None) -> ActFigure | None:
    claim = _claim(row["claim"], as_of)
    if claim is None and row["stated_by"] == "claim":
        return None
    value = float(row["value"]) if row["stated_by"] == "act" else claim.mid if claim else None
    if value is None:
        return None
    given = dt.date.fromisoformat(row["first"]) if row["first"] else None
    source: Measure | Claim = act if claim is None else claim
    return ActFigure(
        act=act.id,
        what=row["what"],
        value=value,
        unit=row["unit"],
        elements=tuple(row["elements"].split(";")) if row["elements"] else (),
        # Before a claim said when it begins, all that was known is the day of the act.
        first=act.in_force if given and row["claim"] and claim is None else given,
        counterparty=row["counterparty"],
        note=row["note"],
        id=source.id,
        grade=source.grade,
        source_url=source.source_url,
        source_title=source.source_title,
    )


def _claim(name: str, as_of: dt.date | None) -> Claim | None:
    """Find a claim by its id, if it was known on a day."""
    if not name:
        return None
    found = (c for c in facts.claims(as_of, tables=(name.partition("/")[0],)) if c.id == name)
    return next(found, None)
