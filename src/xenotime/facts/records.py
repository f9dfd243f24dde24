"""Records beside the claims: plant stoppages, and contradictions between sources."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from typing import TYPE_CHECKING

from xenotime.facts import vocabulary
from xenotime.facts.tables import ID_PATTERN, RowReader, embedded, read_rows
from xenotime.facts.taxonomy import INDUSTRIES

if TYPE_CHECKING:
    from datetime import date
    from importlib.resources.abc import Traversable
    from pathlib import Path

__all__ = [
    "CONFLICT_COLUMNS",
    "STOPPAGE_COLUMNS",
    "Conflict",
    "Stoppage",
    "conflicts",
    "read_conflicts",
    "read_stoppages",
    "stoppages",
]


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


def _parse_stoppage(cells: RowReader) -> Stoppage:
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


def _parse_conflict(cells: RowReader) -> Conflict:
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


def read_stoppages(path: Path | Traversable) -> tuple[Stoppage, ...]:
    """Read and check a table of stoppages.

    Raises
    ------
    RequestError
        With all problems of all rows.
    """
    return read_rows(path, STOPPAGE_COLUMNS, _parse_stoppage, lambda stoppage: stoppage.id)


def read_conflicts(path: Path | Traversable) -> tuple[Conflict, ...]:
    """Read and check a table of contradictions.

    Raises
    ------
    RequestError
        With all problems of all rows.
    """
    return read_rows(path, CONFLICT_COLUMNS, _parse_conflict, lambda conflict: conflict.id)


@lru_cache(maxsize=1)
def stoppages() -> tuple[Stoppage, ...]:
    """All embedded stoppages, with the firms that reported none.

    Examples
    --------
    >>> sorted({s.country for s in stoppages() if s.severity == "full_stop"})
    ['JPN', 'USA']
    """
    return read_stoppages(embedded("stoppages.csv"))


@lru_cache(maxsize=1)
def conflicts() -> tuple[Conflict, ...]:
    """All embedded contradictions.

    Examples
    --------
    >>> next(c.assessment for c in conflicts() if c.topic == "Nigeria 2024")
    'large revision'
    """
    return read_conflicts(embedded("conflicts.csv"))
