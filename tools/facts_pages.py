"""The lists of tables in the licence file and on the reference page, written from the tables."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from facts_rows import Record, read_map

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

START = "<!-- tables of claims: written by tools/build_facts.py -->"
END = "<!-- end of the tables of claims -->"


def with_block(path: Path, lines: Sequence[str]) -> bytes:
    """Content of a page with the lines between its two marks replaced."""
    text = path.read_text(encoding="utf-8")
    head, start, rest = text.partition(START)
    _, end, tail = rest.partition(END)
    if not start or not end:
        raise SystemExit(f"{path.name} lacks the marks {START} and {END}: put them back")
    return "\n".join([f"{head}{START}", "", *lines, "", f"{END}{tail}"]).encode("utf-8")


def by_table(rows: Sequence[Record]) -> dict[str, list[Record]]:
    """Rows of each table of claims, tables in order."""
    found: dict[str, list[Record]] = defaultdict(list)
    for row in rows:
        found[row["quantity"]].append(row)
    return dict(sorted(found.items()))


def licence_lines(rows: Sequence[Record]) -> list[str]:
    """Table of the licence file: licence classes of each table."""
    lines = ["| table | classes |", "| --- | --- |"]
    for table, members in by_table(rows).items():
        classes = ", ".join(f"`{name}`" for name in sorted({row["licence"] for row in members}))
        lines.append(f"| `{table}` | {classes} |")
    return lines


def reference_lines(rows: Sequence[Record]) -> list[str]:
    """Table of the reference page: what each table holds, how much, how good, whose."""
    described = {row["table"]: row["holds"] for row in read_map("tables")}
    tables = by_table(rows)
    unsaid = sorted(set(tables) ^ set(described))
    if unsaid:
        raise SystemExit(f"in maps/tables.csv or among the tables, not in both: {unsaid}")
    lines = ["| table | holds | rows | grades | licence |", "| --- | --- | --- | --- | --- |"]
    for table, members in tables.items():
        counts = Counter(row["grade"] for row in members)
        grades = ", ".join(f"{grade} {counts[grade]}" for grade in sorted(counts))
        classes = ", ".join(sorted({row["licence"] for row in members}))
        lines.append(
            f"| `{table}` | {described[table]} | {len(members):,} | {grades} | {classes} |"
        )
    return lines
