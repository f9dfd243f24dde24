"""Reading one embedded table strictly: every problem of every row, then one error."""

from __future__ import annotations

import csv
import math
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from xenotime.facts import vocabulary
from xenotime.facts.problems import RequestError, few
from xenotime.facts.taxonomy import AGGREGATES, countries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["ID_PATTERN", "RowReader", "embedded", "read_rows"]

Row = TypeVar("Row")

LONGEST_CELL = 4_000
"""Characters of one cell of a table that a user wrote; notes have at most 25 words."""

_LONGEST_TOLD = 120

ID_PATTERN: re.Pattern[str] = re.compile(
    r"[a-z][a-z0-9_]*(?:/[A-Za-z0-9][A-Za-z0-9_.+-]*)+@[a-z0-9][a-z0-9_.-]*"
)
"""`table/part/part...@vintage`; parts may hold letters, digits and ``_ . + -``."""


def embedded(name: str) -> Path:
    """Return the embedded file of that name, e.g. ``measures.csv``."""
    # importlib.resources would double the time that importing this package takes.
    return Path(__file__).parent / "data" / name


class RowReader:
    """One row of a table; reads typed cells and notes what is wrong instead of raising."""

    def __init__(self, row: dict[str, str], label: str) -> None:
        self.row = row
        self.label = label
        self.problems: list[str] = []

    def complain(self, column: str, fix: str) -> None:
        """Note a problem of one cell."""
        value = self.row[column]
        told = repr(value if len(value) <= _LONGEST_TOLD else f"{value[:_LONGEST_TOLD]} ...")
        self.problems.append(f"{self.label}: {column} is {told}: {fix}")

    def text(self, column: str, *, required: bool = False) -> str:
        """Return a cell as text without outer blanks."""
        value = self.row[column].strip()
        if required and not value:
            self.complain(column, "fill it in")
        return value

    def choice(self, column: str, allowed: Iterable[str], *, required: bool = True) -> str:
        """Return a cell that must be one of a closed list."""
        value = self.text(column, required=required)
        if value and value not in allowed:
            self.complain(column, f"use one of {', '.join(allowed)}")
        return value

    def choices(self, column: str, allowed: Iterable[str] | None = None) -> tuple[str, ...]:
        """Return a cell that holds a list joined by semicolons."""
        values = tuple(part.strip() for part in self.row[column].split(";") if part.strip())
        if allowed is not None:
            for value in values:
                if value not in allowed:
                    self.complain(column, f"{value!r} is not one of {', '.join(allowed)}")
        return values

    def number(self, column: str) -> float | None:
        """Return a cell as a finite number, or None when blank (blank is unknown, not zero)."""
        value = self.row[column].strip()
        if not value:
            return None
        try:
            result = float(value)
        except ValueError:
            self.complain(column, "give a number or leave it blank")
            return None
        if not math.isfinite(result):
            self.complain(column, "give a finite number or leave it blank")
            return None
        return result

    def day(self, column: str, *, required: bool = False) -> date | None:
        """Return a cell as a date, or None when blank."""
        value = self.text(column, required=required)
        if not value:
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.complain(column, "give a date as YYYY-MM-DD or leave it blank")
            return None

    def country(self, column: str) -> str:
        """Return an ISO3 or aggregate code, or blank."""
        value = self.text(column)
        if value and value not in countries() and value not in AGGREGATES:
            self.complain(column, "use an ISO3 code, WLD, EUU, REU or ROW")
        return value

    def source(self) -> tuple[str, str, str]:
        """Return (address, title, licence class); a row without title or licence is refused."""
        return (
            self.text("source_url"),
            self.text("source_title", required=True),
            self.choice("licence", vocabulary.LICENCES),
        )


def read_rows(
    path: Path,
    columns: tuple[str, ...],
    parse: Callable[[RowReader], Row],
    identity: Callable[[Row], str],
    *,
    by_name: bool = False,
) -> tuple[Row, ...]:
    """Read a whole table, or raise one error that lists every problem in it.

    Parameters
    ----------
    path
        UTF-8 CSV file with exactly `columns` as its header.
    columns
        The columns of the table.
    parse
        Builds one record from a `RowReader`.
    identity
        Returns the id of a record; ids must be unique.
    by_name
        Take the columns in any order, and those that are missing as blank: for tables that users
        write, or that were stored by another release.

    Raises
    ------
    RequestError
        With all problems of all rows; the subject is the file name.
    """
    problems: list[str] = []
    records: list[Row] = []
    seen: dict[str, int] = {}
    blank = dict.fromkeys(columns, "")
    for number, row in _raw_rows(path, columns, by_name=by_name):
        if None in row or None in row.values():
            problems.append(
                f"line {number}: has not {len(row) - (None in row)} cells: quote the commas"
            )
            continue
        cells = RowReader(blank | row, f"line {number} ({row.get(columns[0], '')[:_LONGEST_TOLD]})")
        for column, value in row.items():
            if by_name and len(value) > LONGEST_CELL:
                cells.complain(column, f"it has {len(value):,} characters, {LONGEST_CELL:,} fit")
        record = parse(cells)
        problems += cells.problems
        key = identity(record)
        if key in seen:
            problems.append(
                f"line {number} ({key}): the id is taken by line {seen[key]}: make it unique"
            )
        seen.setdefault(key, number)
        records.append(record)
    if problems:
        raise RequestError(few(problems) if by_name else problems, subject=path.name)
    return tuple(records)


def _raw_rows(
    path: Path, columns: tuple[str, ...], *, by_name: bool
) -> list[tuple[int, dict[str, str]]]:
    """Line number and cells of each row of a whole, readable file with the right header."""
    try:
        # Spreadsheets write a mark before the first column name: utf-8-sig drops it.
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines, strict=True)
            header = tuple(reader.fieldnames or ())
            if by_name:
                _check_names(header, columns, path)
            elif header != columns:
                raise RequestError(
                    f"the header is {','.join(header) or 'missing'}: "
                    f"it must be {','.join(columns)}",
                    subject=path.name,
                )
            return [(reader.line_num, row) for row in reader]
    except FileNotFoundError as error:
        raise RequestError(f"there is no file {path}: check the path") from error
    except UnicodeDecodeError as error:
        raise RequestError(
            f"byte {error.start} is not UTF-8: save the table as UTF-8", subject=path.name
        ) from error
    except csv.Error as error:
        raise RequestError(
            f"the file is cut off or badly quoted ({error}): write it again", subject=path.name
        ) from error


def _check_names(header: tuple[str, ...], columns: tuple[str, ...], path: Path) -> None:
    """Refuse a header with columns that the table has not, or has once."""
    problems = [
        f"the header has a column {name!r}, which the table has not: leave it out"
        for name in dict.fromkeys(header)
        if name not in columns
    ]
    problems += [
        f"the header has the column {name!r} {header.count(name)} times: keep one"
        for name in dict.fromkeys(header)
        if header.count(name) > 1
    ]
    if columns[0] not in header:
        problems.append(f"the header has no column {columns[0]!r}: {','.join(columns)} are known")
    if problems:
        raise RequestError(problems, subject=path.name)
