"""Rows of the claims: one constructor, short notes, slugs, numbers as text."""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from facts_sources import Source, copy_remark, source_of

if TYPE_CHECKING:
    from datetime import date

NOTE_WORDS = 25
QUOTED_WORDS = 2
Record = dict[str, str]


def read_raw(path: Path) -> list[Record]:
    """Read one raw table."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def read_map(name: str) -> list[Record]:
    """Read one of the hand-made tables in ``tools/maps``."""
    return read_raw(Path(__file__).parent / "maps" / f"{name}.csv")


def slug(text: str) -> str:
    """Part of an id: letters, digits and ``_``.

    Examples
    --------
    >>> slug("NdFeB blanks (sintered)")
    'NdFeB_blanks_sintered'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "_", plain).strip("_")


def number_text(value: float | None) -> str:
    """Shortest text of a number; blank for unknown.

    Examples
    --------
    >>> number_text(27000.0), number_text(46.4), number_text(None)
    ('27000', '46.4', '')
    """
    if value is None:
        return ""
    rounded = round(value, 6)
    return str(int(rounded)) if rounded == int(rounded) else repr(rounded)


def parse_number(text: str) -> float | None:
    """Number of a raw cell; None when blank."""
    text = text.strip().replace(",", "")
    return float(text) if text else None


@lru_cache(maxsize=1)
def own_notes() -> dict[str, str]:
    """Notes written by hand in place of raw ones that quote or run too long."""
    return {row["raw_note"]: row["note"] for row in read_map("notes")}


def short_note(text: str) -> str:
    """Whole clauses of a note, at most 25 words, without quotation marks.

    Raises
    ------
    ValueError
        If the first clause alone is longer, or words of the source are quoted; write the note
        by hand then, in ``maps/notes.csv``.
    """
    text = re.sub(r"\s+", " ", text).strip()
    text = own_notes().get(text, text)
    quoted = [part for part in re.findall(r'"([^"]*)"', text) if len(part.split()) > QUOTED_WORDS]
    if quoted:
        raise ValueError(f"note copies its source, write it in own words: {text}")
    text = text.replace('"', "")
    kept: list[str] = []
    for clause in re.split(r"(?<=[;.])\s+", text):
        if len(" ".join([*kept, clause]).split()) > NOTE_WORDS:
            break
        kept.append(clause)
    if text and not kept:
        raise ValueError(f"note needs a short form: {text}")
    return " ".join(kept).rstrip(";. ")


@dataclass
class Claims:
    """Collects rows; refuses an id twice."""

    rows: dict[str, Record] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def add(
        self,
        body: str,
        *,
        unit: str,
        grade: str,
        source: Source,
        low: float | None = None,
        mid: float | None = None,
        high: float | None = None,
        country: str = "",
        product: str = "",
        stage: str = "",
        partner: str = "",
        industry: str = "",
        period: str = "",
        kind: str = "reported",
        note: str = "",
        formula: str = "",
        vintage: str = "",
        first_known: date | None = None,
        dateless: bool = False,
        licence: str = "",
    ) -> str:
        """Add one claim and return its id; `body` is the id without its vintage."""
        vintage = vintage or source.vintage_at(first_known)
        key = f"{body}@{vintage}"
        if key in self.rows:
            self.problems.append(f"{key} is built twice: tell the rows apart")
        try:
            text = short_note(note)
        except ValueError as error:
            self.problems.append(f"{key}: {error}")
            text = ""
        undated = not (source.exact or dateless or first_known)
        # a C or D is secondary by its grade
        copied = copy_remark(source.url, source.title, text) if grade in {"A", "B"} else ""
        remarks = (text, copied, "date of source not printed" if undated else "")
        text = "; ".join(part for part in remarks if part)
        day = first_known or source.first_known
        self.rows[key] = {
            "id": key,
            "quantity": body.partition("/")[0],
            "country": country,
            "product": product,
            "stage": stage,
            "partner": partner,
            "industry": industry,
            "period": period,
            "unit": unit,
            "low": number_text(low),
            "mid": number_text(mid),
            "high": number_text(high),
            "grade": grade,
            "kind": kind,
            "vintage": vintage,
            "first_known": "" if dateless else day.isoformat(),
            "source_url": source.url,
            "source_title": source.title,
            "note": text,
            "formula": formula,
            "licence": licence or source.licence,
        }
        return key

    def figure(self, key: str, column: str = "mid") -> float:
        """Figure of a row already added, for derived rows."""
        return float(self.rows[key][column])


def cited(row: Record, period: str) -> Source:
    """Citation of a raw row."""
    return source_of(row["source_url"], row["source_title"], period)


def bounds(row: Record, middle: str = "value") -> tuple[float | None, float | None, float | None]:
    """Return (low, mid, high) of a raw row."""
    return parse_number(row["low"]), parse_number(row[middle]), parse_number(row["high"])
