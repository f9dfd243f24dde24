"""Records beside claims and measures: control items, plant stoppages, contradictions."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from typing import TYPE_CHECKING

from xenotime.facts import vocabulary
from xenotime.facts.additions import remembered, with_added
from xenotime.facts.tables import ID_PATTERN, RowReader, embedded, read_rows
from xenotime.facts.taxonomy import INDUSTRIES

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

__all__ = [
    "CONFLICT_COLUMNS",
    "CONTROL_COLUMNS",
    "STOPPAGE_COLUMNS",
    "Conflict",
    "ControlItem",
    "Stoppage",
    "conflicts",
    "control_items",
    "parse_conflict",
    "parse_control_item",
    "parse_stoppage",
    "read_conflicts",
    "read_control_items",
    "read_stoppages",
    "stoppages",
]


@dataclass(frozen=True, slots=True)
class ControlItem:
    """One item of a Chinese control list: which element in which form, from when."""

    id: str
    announcement: str
    measure: str
    control_code: str
    element: str
    form: str
    item: str
    threshold: str
    cn_codes: tuple[str, ...]
    in_force: date | None
    suspended_from: date | None
    suspended_until: date | None
    grade: str
    vintage: str
    first_known: date | None
    source_url: str
    source_title: str
    note: str
    licence: str


CONTROL_COLUMNS: tuple[str, ...] = tuple(field.name for field in fields(ControlItem))
"""Header of ``control_items.csv``."""


@dataclass(frozen=True, slots=True)
class Stoppage:
    """One reported stop, or one firm that reported none.

    `start` and `end` are the first day of a month where `precision` is ``month``; `end` None
    is not printed. `duration_days` is as printed and None when it is not.
    """

    id: str
    country: str
    company: str
    industry: str
    severity: str
    start: date | None
    end: date | None
    precision: str
    duration_days: float | None
    grade: str
    vintage: str
    first_known: date | None
    source_url: str
    source_title: str
    note: str
    licence: str


STOPPAGE_COLUMNS: tuple[str, ...] = tuple(field.name for field in fields(Stoppage))
"""Header of ``stoppages.csv``."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two claims that contradict each other, and how they are treated here."""

    id: str
    topic: str
    claim_a: str
    source_a: str
    claim_b: str
    source_b: str
    assessment: str
    grade: str
    vintage: str
    first_known: date | None
    licence: str


CONFLICT_COLUMNS: tuple[str, ...] = tuple(field.name for field in fields(Conflict))
"""Header of ``conflicts.csv``."""


def _identity(cells: RowReader) -> str:
    identity = cells.text("id", required=True)
    if not ID_PATTERN.fullmatch(identity):
        cells.complain("id", "write table/part/part@vintage")
    return identity


def parse_control_item(cells: RowReader) -> ControlItem:
    """Build the record from a row; what is wrong is noted in `cells`."""
    address, title, licence = cells.source()
    return ControlItem(
        id=cells.text("id", required=True),
        announcement=cells.text("announcement", required=True),
        measure=cells.text("measure"),
        control_code=cells.text("control_code"),
        element=cells.text("element", required=True),
        form=cells.choice("form", vocabulary.FORMS),
        item=cells.text("item"),
        threshold=cells.text("threshold"),
        cn_codes=cells.choices("cn_codes"),
        in_force=cells.day("in_force", required=True),
        suspended_from=cells.day("suspended_from"),
        suspended_until=cells.day("suspended_until"),
        grade=cells.choice("grade", vocabulary.GRADES),
        vintage=cells.text("vintage", required=True),
        first_known=cells.day("first_known", required=True),
        source_url=address,
        source_title=title,
        note=cells.text("note"),
        licence=licence,
    )


def parse_stoppage(cells: RowReader) -> Stoppage:
    """Build the record from a row; what is wrong is noted in `cells`."""
    address, title, licence = cells.source()
    stoppage = Stoppage(
        id=_identity(cells),
        country=cells.country("country"),
        company=cells.text("company", required=True),
        industry=cells.choice("industry", (*INDUSTRIES, "light_vehicles"), required=False),
        severity=cells.choice("severity", vocabulary.SEVERITIES),
        start=cells.day("start", required=True),
        end=cells.day("end"),
        precision=cells.choice("precision", ("day", "month")),
        duration_days=cells.number("duration_days"),
        grade=cells.choice("grade", vocabulary.GRADES),
        vintage=cells.text("vintage", required=True),
        first_known=cells.day("first_known", required=True),
        source_url=address,
        source_title=title,
        note=cells.text("note"),
        licence=licence,
    )
    if stoppage.start and stoppage.end and stoppage.end < stoppage.start:
        cells.complain("end", f"it lies before start {stoppage.start}")
    return stoppage


def parse_conflict(cells: RowReader) -> Conflict:
    """Build the record from a row; what is wrong is noted in `cells`."""
    return Conflict(
        id=_identity(cells),
        topic=cells.text("topic", required=True),
        claim_a=cells.text("claim_a", required=True),
        source_a=cells.text("source_a", required=True),
        claim_b=cells.text("claim_b", required=True),
        source_b=cells.text("source_b", required=True),
        assessment=cells.text("assessment", required=True),
        grade=cells.choice("grade", vocabulary.GRADES),
        vintage=cells.text("vintage", required=True),
        first_known=cells.day("first_known", required=True),
        licence=cells.choice("licence", vocabulary.LICENCES),
    )


def read_control_items(path: Path) -> tuple[ControlItem, ...]:
    """Read and check a table of control items.

    Raises
    ------
    RequestError
        With all problems of all rows.
    """
    return read_rows(path, CONTROL_COLUMNS, parse_control_item, lambda item: item.id)


def read_stoppages(path: Path) -> tuple[Stoppage, ...]:
    """Read and check a table of stoppages.

    Raises
    ------
    RequestError
        With all problems of all rows.
    """
    return read_rows(path, STOPPAGE_COLUMNS, parse_stoppage, lambda stoppage: stoppage.id)


def read_conflicts(path: Path) -> tuple[Conflict, ...]:
    """Read and check a table of contradictions.

    Raises
    ------
    RequestError
        With all problems of all rows.
    """
    return read_rows(path, CONFLICT_COLUMNS, parse_conflict, lambda conflict: conflict.id)


@lru_cache(maxsize=1)
def _embedded_control_items() -> tuple[ControlItem, ...]:
    return read_control_items(embedded("control_items.csv"))


@remembered()
def control_items() -> tuple[ControlItem, ...]:
    """All items of control lists: embedded, and added where `including` is in effect.

    Examples
    --------
    >>> sorted({i.element for i in control_items() if i.measure == "M023" and i.form == "magnet"})
    ['Dy', 'Sm', 'Tb']
    """
    return with_added("control_items", _embedded_control_items())


@lru_cache(maxsize=1)
def _embedded_stoppages() -> tuple[Stoppage, ...]:
    return read_stoppages(embedded("stoppages.csv"))


@remembered()
def stoppages() -> tuple[Stoppage, ...]:
    """All stoppages, with the firms that reported none: embedded, and added where in effect.

    Examples
    --------
    >>> sorted({s.country for s in stoppages() if s.severity == "full_stop"})
    ['JPN', 'USA']
    """
    return with_added("stoppages", _embedded_stoppages())


@lru_cache(maxsize=1)
def _embedded_conflicts() -> tuple[Conflict, ...]:
    return read_conflicts(embedded("conflicts.csv"))


@remembered()
def conflicts() -> tuple[Conflict, ...]:
    """All contradictions: embedded, and added where `including` is in effect.

    Examples
    --------
    >>> next(c.assessment for c in conflicts() if c.topic == "Nigeria 2024")
    'large revision'
    """
    return with_added("conflicts", _embedded_conflicts())
