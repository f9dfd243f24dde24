"""Reading one embedded table strictly: every problem of every row, then one error."""

from __future__ import annotations

import csv
import difflib
import math
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from xenotime.facts import vocabulary
from xenotime.facts.problems import MOST_PROBLEMS, RequestError, few
from xenotime.facts.taxonomy import AGGREGATES, countries, iso3_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = [
    "ID_PATTERN",
    "Refused",
    "RowReader",
    "Sifted",
    "embedded",
    "is_number",
    "read_rows",
    "sift_rows",
]

Row = TypeVar("Row")

LONGEST_CELL = 4_000
"""Characters of one cell of a table that a user wrote; notes have at most 25 words."""

_LONGEST_TOLD = 120

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 1, 1)
"""A day before or after these is a slip of the pen; nothing on record is as old or as far off."""

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

    def __init__(self, row: dict[str, str], label: str, *, hints: bool = True) -> None:
        self.row = row
        self.label = label
        self.hints = hints
        self.problems: list[str] = []
        self.wrong: set[str] = set()

    def complain(self, column: str, fix: str) -> None:
        """Note a problem of one cell."""
        self.wrong.add(column)
        value = self.row[column]
        told = repr(value if len(value) <= _LONGEST_TOLD else f"{value[:_LONGEST_TOLD]} ...")
        self.problems.append(f"{self.label}: {column} is {told}: {fix}")

    def text(self, column: str, *, required: bool = False) -> str:
        """Return a cell as text without outer blanks."""
        value = self.row[column].strip()
        if required and not value:
            self.complain(column, "fill it in")
        return value

    def _near(self, value: str, allowed: Iterable[str]) -> str:
        """Suggest the word of a closed list that was meant, as the start of a remedy."""
        near = difflib.get_close_matches(value, list(allowed), n=1) if self.hints else ()
        return f"did you mean {near[0]!r}? " if near else ""

    def meant_country(self, name: str) -> str:
        """Suggest the code of a country that is written out or misspelt, as `choice` does."""
        if not self.hints:
            return ""
        try:
            return f"did you mean {iso3_of(name)!r}? "
        except RequestError:
            return self._near(name.upper(), (*countries(), *AGGREGATES))

    def choice(self, column: str, allowed: Iterable[str], *, required: bool = True) -> str:
        """Return a cell that must be one of a closed list."""
        value = self.text(column, required=required)
        if value and value not in allowed:
            self.complain(column, f"{self._near(value, allowed)}use one of {', '.join(allowed)}")
        return value

    def choices(self, column: str, allowed: Iterable[str] | None = None) -> tuple[str, ...]:
        """Return a cell that holds a list joined by semicolons."""
        values = tuple(part.strip() for part in self.row[column].split(";") if part.strip())
        if allowed is not None:
            for value in values:
                if value not in allowed:
                    near = self._near(value, allowed)
                    self.complain(column, f"{near}{value!r} is not one of {', '.join(allowed)}")
        return values

    def number(self, column: str) -> float | None:
        """Return a cell as a finite number, or None when blank (blank is unknown, not zero)."""
        value = self.row[column].strip()
        if not value:
            return None
        if not is_number(value):
            finite = "finite " if value.lower().lstrip("+-") in {"nan", "inf", "infinity"} else ""
            self.complain(column, f"give a {finite}number like 1234.5 or 1e3, or leave it blank")
            return None
        result = float(value)
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
            found = date.fromisoformat(value)
        except ValueError:
            found = None
        # fromisoformat also takes 2025-W05-1 and 20250131.
        if found is None or found.isoformat() != value:
            self.complain(column, "give a date as YYYY-MM-DD or leave it blank")
            return None
        if not FIRST_DAY <= found <= LAST_DAY:
            self.complain(column, f"give a day between {FIRST_DAY} and {LAST_DAY}")
            return None
        return found

    def country(self, column: str) -> str:
        """Return an ISO3 or aggregate code, or blank."""
        value = self.text(column)
        if value and value not in countries() and value not in AGGREGATES:
            self.complain(
                column, f"{self.meant_country(value)}use an ISO3 code, WLD, EUU, REU or ROW"
            )
        return value

    def source(self) -> tuple[str, str, str]:
        """Return (address, title, licence class); a row without title or licence is refused."""
        return (
            self.text("source_url"),
            self.text("source_title", required=True),
            self.choice("licence", vocabulary.LICENCES),
        )


def is_number(text: str) -> bool:
    """Whether a text is a number as tables write it; Python would take ``1_000`` and ``nan``, too.

    >>> is_number("-1.5e3"), is_number("1_000"), is_number("nan")
    (True, False, False)
    """
    return _NUMBER.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Refused(Generic[Row]):
    """A row that is refused, as far as it could be read, and the columns that are wrong in it.

    What the other columns say can be looked at before the user is answered.
    """

    row: Row
    wrong: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Sifted(Generic[Row]):
    """Sound rows, what is wrong with the others, and those."""

    rows: tuple[Row, ...] = ()
    problems: tuple[str, ...] = ()
    refused: tuple[Refused[Row], ...] = ()


def read_rows(
    path: Path,
    columns: tuple[str, ...],
    parse: Callable[[RowReader], Row],
    identity: Callable[[Row], str],
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

    Raises
    ------
    RequestError
        With all problems of all rows; the subject is the file name.
    """
    found = sift_rows(path, columns, parse, identity)
    if found.problems:
        raise RequestError(found.problems, subject=path.name)
    return found.rows


def sift_rows(
    path: Path,
    columns: tuple[str, ...],
    parse: Callable[[RowReader], Row],
    identity: Callable[[Row], str],
    *,
    by_name: bool = False,
) -> Sifted[Row]:
    """Read a table and part its sound rows from the others; parameters as for `read_rows`.

    Parameters
    ----------
    by_name
        Take the columns in any order, and those that are missing as blank: for tables that users
        write, or that were stored by another release. The first problems are told, the others
        counted.

    Raises
    ------
    RequestError
        If the file is no such table at all.
    """
    problems: list[str] = []
    records: list[Row] = []
    refused: list[Refused[Row]] = []
    seen: dict[str, int] = {}
    blank = dict.fromkeys(columns, "")
    for number, row in _raw_rows(path, columns, by_name=by_name):
        if None in row or None in row.values():
            problems.append(
                f"line {number}: has not {len(row) - (None in row)} cells: quote the commas"
            )
            continue
        cells = RowReader(
            blank | row,
            f"line {number} ({row.get(columns[0], '')[:_LONGEST_TOLD]})",
            hints=len(problems) < MOST_PROBLEMS,  # looking for near words takes its time
        )
        for column, value in row.items():
            if by_name and len(value) > LONGEST_CELL:
                cells.complain(column, f"it has {len(value):,} characters, {LONGEST_CELL:,} fit")
        record = parse(cells)
        key = identity(record)
        if key in seen:
            cells.problems.append(
                f"line {number} ({key}): the id is taken by line {seen[key]}: make it unique"
            )
        seen.setdefault(key, number)
        if cells.problems:
            problems += cells.problems
            refused.append(Refused(record, frozenset(cells.wrong)))
        else:
            records.append(record)
    told = few(problems) if by_name else problems
    return Sifted(tuple(records), tuple(told), tuple(refused))


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
