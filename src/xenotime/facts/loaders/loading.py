"""What every loader shares: what it gives back, how a file is read, how problems are collected."""

from __future__ import annotations

import csv
import io
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xenotime.facts.problems import RequestError

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from xenotime.facts.claims import Claim
    from xenotime.facts.loaders.trade import TradeLine
    from xenotime.facts.measures import Measure

__all__ = [
    "MOST_BYTES",
    "Collected",
    "Loaded",
    "Loader",
    "Source",
    "number_of",
    "rows_of",
    "text_of",
]

MOST_BYTES = 200 * 2**20
"""Larger files are refused before they fill the memory: take fewer years or codes."""

_SNIFFED = 64 * 1024


@dataclass(frozen=True, slots=True)
class Source:
    """Where the figures of a file come from, and on which day they were taken."""

    title: str
    url: str
    licence: str
    token: str
    taken: date

    @property
    def vintage(self) -> str:
        """Short name of the publisher and the month in which the file was taken."""
        return f"{self.token}{self.taken:%Y%m}"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a file became.

    `left_out` says how many rows were left out, by reason: a row that says nothing about the
    minerals of the record is no problem.
    """

    loader: str
    source: Source
    claims: tuple[Claim, ...] = ()
    measures: tuple[Measure, ...] = ()
    left_out: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Loader:
    """One kind of file: its name, what it is, its first lines, and how it is read.

    `matches` sees the beginning of the file as text; `read` the whole text, and the source.
    """

    name: str
    what: str
    title: str
    url: str
    licence: str
    matches: Callable[[str], bool]
    read: Callable[[str, Source], Loaded]


@dataclass
class Collected:
    """Problems of a file, and rows left out by reason."""

    problems: list[str] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)

    def complain(self, line: int, problem: str) -> None:
        """Note what is wrong with a line."""
        self.problems.append(f"line {line}: {problem}")

    def leave_out(self, reason: str) -> None:
        """Count a row that is not for the record."""
        self.left_out[reason] += 1

    def complain_of_twins(self, lines: Iterable[TradeLine]) -> None:
        """Note lines that say the same flow twice: they would be added up."""
        seen: dict[tuple[str, ...], int] = {}
        for line in lines:
            key = (line.reporter, line.partner, line.flow, line.code, line.period)
            if key in seen:
                self.complain(line.line, f"says {' '.join(key)} again, as line {seen[key]} does")
            seen.setdefault(key, line.line)

    def finish(self) -> None:
        """Raise one error with every problem, if there is any."""
        if self.problems:
            raise RequestError(self.problems)


def text_of(path: Path, *, whole: bool = True) -> str:
    """Text of a file, or its beginning: UTF-8, else the Western encoding of Windows.

    Raises
    ------
    RequestError
        If the file cannot be read, is too large, or is no text.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1 if whole else _SNIFFED)
    except OSError as error:
        raise RequestError(f"{path} cannot be read ({error.strerror}): check the path") from error
    if content.startswith(b"PK\x03\x04"):
        raise RequestError(
            "it is a zip file or an Excel workbook: unpack it, or save the sheet with the results "
            "as CSV (no reader of workbooks is installed)",
            subject=path.name,
        )
    if len(content) > MOST_BYTES:
        raise RequestError(
            f"it has more than {MOST_BYTES:,} bytes: take fewer years or codes", subject=path.name
        )
    if b"\x00" in content[:_SNIFFED]:
        raise RequestError("it is no text file: save it as CSV", subject=path.name)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # A cut in the middle of a character, or a file that Windows wrote.
        return content.decode("cp1252", errors="replace")


def rows_of(text: str, *, delimiter: str = ",") -> Iterator[tuple[int, dict[str, str]]]:
    """Yield line number and cells of each row below a header; short rows have blank cells.

    Raises
    ------
    RequestError
        If the text is badly quoted, or a row has more cells than the header.
    """
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    problems: list[str] = []
    try:
        header = [name.strip() for name in next(reader)]
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            extra = cells[len(header) :]
            if any(cell.strip() for cell in extra):
                problems.append(f"line {reader.line_num}: has more cells than the header")
                continue
            filled = [*cells, *([""] * (len(header) - len(cells)))]
            yield reader.line_num, dict(zip(header, filled, strict=False))
    except StopIteration:
        raise RequestError("it holds no header: download it again") from None
    except csv.Error as error:
        raise RequestError(f"it is badly quoted ({error}): download it again") from error
    if problems:
        raise RequestError(problems)


def number_of(text: str) -> float | None:
    """Read a number; None for a blank cell. Commas between thousands are taken out.

    Raises
    ------
    ValueError
        If the cell holds something else than a finite number.

    >>> number_of("1,250.5"), number_of(" ")
    (1250.5, None)
    """
    plain = text.strip().replace(",", "")
    if not plain:
        return None
    value = float(plain)
    if not math.isfinite(value):
        raise ValueError(text)
    return value
