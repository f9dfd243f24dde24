"""Columns that the entries of every register have, and ids that are unique."""

from __future__ import annotations

from typing import TYPE_CHECKING

from facts_rows import Record, short_note
from facts_sources import Source, copy_remark

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date


def entry(
    identity: str, source: Source, grade: str, note: str, *, known: date | None = None
) -> Record:
    """Build the columns that every register has; `identity` is without the vintage."""
    first = known or source.first_known
    vintage = source.vintage_at(known)
    text = short_note(note)
    copied = copy_remark(source.url, source.title, text) if grade in {"A", "B"} else ""
    dated = "" if source.exact or known else "date of source not printed"
    return {
        "id": f"{identity}@{vintage}",
        "grade": grade,
        "vintage": vintage,
        "first_known": first.isoformat(),
        "source_url": source.url,
        "source_title": source.title,
        "note": "; ".join(part for part in (text, copied, dated) if part),
        "licence": source.licence,
    }


def unique(rows: Iterable[Record]) -> list[Record]:
    """Rows by id; a second row of an id gets a number before the vintage."""
    found: dict[str, Record] = {}
    for row in rows:
        body, _, vintage = row["id"].rpartition("@")
        key, count = row["id"], 1
        while key in found:
            count += 1
            key = f"{body}/{count:02d}@{vintage}"
        found[key] = row | {"id": key}
    return [found[key] for key in sorted(found)]
