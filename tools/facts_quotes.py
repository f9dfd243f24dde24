"""No note copies its source: long runs of words are looked for in the raw texts that quote."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

from facts_rows import read_raw

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RUN = 8
"""So many words in a row, equal to a text of the source, count as copied."""

NOTE_WORDS = 25
REMARKS = ("date of source not printed", "read in a third-party copy")

# Raw files with the columns that hold words of the sources; other columns are the collector's.
QUOTES = (
    ("history/magnet_exports.csv", ("excerpt_or_paraphrase",)),
    ("history/measures.csv", ("excerpt_or_paraphrase",)),
    ("history/prices.csv", ("excerpt_or_paraphrase",)),
    ("history/licences.csv", ("excerpt_or_paraphrase",)),
    ("history/stoppages.csv", ("excerpt_or_paraphrase",)),
    ("history/macro.csv", ("excerpt_or_paraphrase",)),
    ("value_chain/mcs2026_all_commodities.csv", ("note", "other_notes")),
)
TEXT_COLUMNS = ("note", "formula", "assessment", "claim_a", "claim_b", "description")


def words_of(text: str) -> list[str]:
    """Words in small letters, without signs."""
    return re.findall(r"[a-z0-9]+(?:[.,][0-9]+)*", text.lower())


def runs(text: str) -> Iterator[tuple[str, ...]]:
    """Every run of `RUN` words of a text."""
    words = words_of(text)
    for start in range(len(words) - RUN + 1):
        yield tuple(words[start : start + RUN])


def own_words(note: str) -> str:
    """Return a note without the standing remarks that are added to it."""
    for remark in REMARKS:
        note = note.partition(remark)[0]
    return note.strip("; ")


def copied_notes(raw: Path, data: Path) -> list[str]:
    """Texts of the tables that are too long, or share a run of words with a text of the source."""
    quoted: set[tuple[str, ...]] = set()
    for name, columns in QUOTES:
        for row in read_raw(raw / name):
            for column in columns:
                quoted.update(runs(row[column]))
    problems: list[str] = []
    for path in sorted(data.rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                problems += [
                    f"{path.name}: {row.get('id', '')}: {problem}"
                    for column in TEXT_COLUMNS
                    for problem in problems_of(row.get(column, ""), quoted)
                ]
    return problems


def problems_of(text: str, quoted: set[tuple[str, ...]]) -> Iterator[str]:
    """What is wrong with one text."""
    own = own_words(text)
    shared = [run for run in runs(own) if run in quoted]
    if shared:
        yield f"copies its source: {' '.join(shared[0])}"
