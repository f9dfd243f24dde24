"""Measures: dated acts of governments."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import TYPE_CHECKING

from xenotime.facts import vocabulary
from xenotime.facts.additions import remembered, with_added
from xenotime.facts.tables import RowReader, embedded, read_rows

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

__all__ = [
    "ENTITY_RECORD_END",
    "MEASURE_COLUMNS",
    "MEASURE_RECORD_END",
    "TARIFF_RECORD_END",
    "Measure",
    "measures",
    "parse_measure",
    "read_measures",
    "record_end_of",
]

MEASURE_RECORD_END = "2026-06-29"
"""Last day covered by the record of measures; what happened later is unknown."""

TARIFF_RECORD_END = "2026-07-23"
"""Last day covered by the record of American tariffs."""

ENTITY_RECORD_END = "2026-08-01"
"""Last day covered by the record of entity lists (a register read on that day)."""

_TARIFFS = frozenset({"import_tariff", "exemption"})
_ENTITY_LISTS = frozenset({"entity_list", "watch_list"})

# Acts that users add have names, not numbers: a later release gives the next number to another.
_MEASURE_ID = re.compile(r"M(?:\d{3}|(?:-[A-Za-z0-9]+)+)")


@dataclass(frozen=True, slots=True)
class Measure:
    """One dated act, or one article of it where articles have different fates.

    `announced`, `in_force` and `ends` are days; `ends` is the last day in effect of the act
    itself and None while it is open. A suspension or extension is a measure of its own that
    names in `changes` the ids it changes: a suspended act keeps `ends` None and is in force
    again on the day after the suspension ends. `status` is the last one on record.
    `targets` are ISO3 codes or ``WLD``.
    """

    id: str
    act: str
    article: str
    actor: str
    targets: tuple[str, ...]
    instrument: str
    elements: tuple[str, ...]
    forms: tuple[str, ...]
    announced: date | None
    in_force: date | None
    ends: date | None
    status: str
    changes: tuple[str, ...]
    grade: str
    vintage: str
    first_known: date | None
    source_url: str
    source_title: str
    note: str
    licence: str

    def known_at(self, as_of: date | None) -> bool:
        """Whether the act was known on a day; None means today."""
        return as_of is None or self.first_known is None or self.first_known <= as_of


def record_end_of(measure: Measure) -> date:
    """Last day for which the table that an act comes from says how it stands.

    Examples
    --------
    >>> by_id = {m.id: m for m in measures()}
    >>> [record_end_of(by_id[name]).isoformat() for name in ("M023", "M059", "M065")]
    ['2026-06-29', '2026-07-23', '2026-08-01']
    """
    from datetime import date

    if measure.instrument in _ENTITY_LISTS:
        return date.fromisoformat(ENTITY_RECORD_END)
    if measure.instrument in _TARIFFS and measure.actor == "USA":
        return date.fromisoformat(TARIFF_RECORD_END)
    return date.fromisoformat(MEASURE_RECORD_END)


MEASURE_COLUMNS: tuple[str, ...] = tuple(field.name for field in fields(Measure))
"""Header of ``measures.csv``."""


def _countries(cells: RowReader, column: str) -> tuple[str, ...]:
    from xenotime.facts.taxonomy import AGGREGATES, countries

    codes = cells.choices(column)
    for code in codes:
        if code not in countries() and code not in AGGREGATES:
            near = cells.meant_country(code)
            cells.complain(column, f"{near}{code!r} is no ISO3 code nor WLD, EUU, REU, ROW")
    if not codes:
        cells.complain(column, "name at least one country, or WLD")
    return codes


def parse_measure(cells: RowReader) -> Measure:
    """Build a measure from a row; what is wrong is noted in `cells`."""
    address, title, licence = cells.source()
    actors = _countries(cells, "actor")
    measure = Measure(
        id=cells.text("id", required=True),
        act=cells.text("act", required=True),
        article=cells.text("article"),
        actor=";".join(actors),
        targets=_countries(cells, "targets"),
        instrument=cells.choice("instrument", vocabulary.INSTRUMENTS),
        elements=cells.choices("elements"),
        forms=cells.choices("forms", vocabulary.FORMS),
        announced=cells.day("announced", required=True),
        in_force=cells.day("in_force"),
        ends=cells.day("ends"),
        status=cells.choice("status", vocabulary.MEASURE_STATUSES),
        changes=cells.choices("changes"),
        grade=cells.choice("grade", vocabulary.GRADES),
        vintage=cells.text("vintage", required=True),
        first_known=cells.day("first_known", required=True),
        source_url=address,
        source_title=title,
        note=cells.text("note"),
        licence=licence,
    )
    for named in (measure.id, *measure.changes):
        if not _MEASURE_ID.fullmatch(named):
            cells.complain(
                "id" if named == measure.id else "changes",
                f"{named!r} is not like M023, nor like M-CHN-2026-07-01-name",
            )
    if measure.in_force and measure.ends and measure.ends < measure.in_force:
        cells.complain("ends", f"it lies before in_force {measure.in_force}")
    return measure


def read_measures(path: Path) -> tuple[Measure, ...]:
    """Read and check a table of measures.

    Raises
    ------
    RequestError
        With all problems of all rows.
    """
    return read_rows(path, MEASURE_COLUMNS, parse_measure, lambda measure: measure.id)


@lru_cache(maxsize=1)
def _embedded_measures() -> tuple[Measure, ...]:
    return read_measures(embedded("measures.csv"))


@remembered()
def measures(as_of: date | None = None) -> tuple[Measure, ...]:
    """All measures in force in the record, in the order of their ids, or those announced by a day.

    Embedded measures, and those added where `xenotime.facts.including` is in effect.

    Examples
    --------
    >>> april = next(m for m in measures() if m.id == "M023")
    >>> april.elements
    ('Sm', 'Gd', 'Tb', 'Dy', 'Lu', 'Sc', 'Y')
    """
    every = with_added("measures", _embedded_measures())
    return tuple(measure for measure in every if measure.known_at(as_of))
