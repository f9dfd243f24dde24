"""What every loader shares: what it gives back, how a file is read, how problems are collected."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from xenotime.facts.problems import RequestError, few

if TYPE_CHECKING:
    from xenotime.facts.claims import Claim
    from xenotime.facts.loaders.rows import Layout
    from xenotime.facts.measures import Measure

__all__ = [
    "Collected",
    "Loaded",
    "Loader",
    "Revision",
    "Source",
    "number_of",
]


@dataclass(frozen=True, slots=True)
class Source:
    """Where the figures of a file come from, and on which day they were taken.

    `name` replaces the vintage that the publisher and the day make.
    """

    title: str
    url: str
    licence: str
    token: str
    taken: date
    name: str = ""

    @property
    def vintage(self) -> str:
        """Short name of the publisher and the day on which the file was taken.

        >>> Source("", "", "", "comtrade", date(2026, 11, 20)).vintage
        'comtrade20261120'
        """
        return self.name or f"{self.token}{self.taken:%Y%m%d}"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a file became.

    `left_out` says how many rows were left out, by reason: a row that says nothing about the
    minerals of the record is no problem. `remarks` says what was taken otherwise than printed,
    and how often. `held` counts the figures and acts that are in force already, `revisions` are
    figures that differ from the ones that count.
    """

    loader: str
    source: Source
    claims: tuple[Claim, ...] = ()
    measures: tuple[Measure, ...] = ()
    left_out: dict[str, int] = field(default_factory=dict)
    remarks: dict[str, int] = field(default_factory=dict)
    held: int = 0
    revisions: tuple[Revision, ...] = ()


@dataclass(frozen=True, slots=True)
class Revision:
    """A figure that differs from the one in force: both ids, both figures in one unit."""

    new: str
    old: str
    before: float
    after: float

    @property
    def share(self) -> float:
        """Size of the revision as a share of the figure before; without end from zero.

        >>> Revision("b", "a", 50.0, 51.0).share
        0.02
        """
        return abs(self.after - self.before) / abs(self.before) if self.before else math.inf


@dataclass(frozen=True)
class Loader:
    """One kind of file: its name, what it is, its first lines, and how it is read.

    `matches` sees the beginning of the file as text; `read` the whole text, and the source.
    `layouts` are the columns that it must have, to say which one a file of this kind lacks.
    """

    name: str
    what: str
    title: str
    url: str
    licence: str
    matches: Callable[[str], bool]
    read: Callable[[str, Source], Loaded]
    layouts: tuple[Layout, ...]


@dataclass
class Collected:
    """Problems of a file, rows left out by reason, and what was taken otherwise than printed."""

    problems: list[str] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    examples: dict[str, dict[str, None]] = field(default_factory=dict)
    remarks: Counter[str] = field(default_factory=Counter)

    def complain(self, line: int, problem: str) -> None:
        """Note what is wrong with a line."""
        self.problems.append(f"line {line}: {problem}")

    def leave_out(self, reason: str, example: str = "") -> None:
        """Count a row that is not for the record; name what the user may have meant otherwise."""
        self.reasons[reason] += 1
        if example:
            self.examples.setdefault(reason, {})[example[:40]] = None

    def remark(self, remark: str) -> None:
        """Count a row that counts, but otherwise than it is printed."""
        self.remarks[remark] += 1

    def number(self, line: int, column: str, text: str) -> float | None:
        """Read the number of a cell; None for a blank one, and for one that is complained of."""
        try:
            return number_of(text)
        except ValueError as error:
            self.complain(line, f"{column} is {error}")
            return None

    def period(self, line: int, column: str, text: str) -> str | None:
        """Read the year or month of a cell; None for one that is complained about."""
        found = re.fullmatch(r"((?:19|20)\d\d)(?:-?(0[1-9]|1[0-2]))?", text.strip())
        if found is None:
            self.complain(
                line,
                f"{column} is {text.strip()[:40]!r}: give a year or month like 2025 or 2025-05",
            )
            return None
        return "-".join(part for part in found.groups() if part)

    @property
    def left_out(self) -> dict[str, int]:
        """Rows left out by reason, with the first examples of those that have any."""
        told = {}
        for reason, count in self.reasons.items():
            seen = list(self.examples.get(reason, ()))
            named = ", ".join(seen[:_EXAMPLES]) + (", ..." if len(seen) > _EXAMPLES else "")
            told[f"{reason}: {named}" if named else reason] = count
        return told

    def finish(self) -> None:
        """Raise one error with every problem, if there is any."""
        if self.problems:
            raise RequestError(few(self.problems))


_EXAMPLES = 8


_THOUSANDS = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d*)?")
_PLAIN = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


def number_of(text: str) -> float | None:
    """Read a number; None for a blank cell. Commas between thousands are taken out.

    Raises
    ------
    ValueError
        If the cell holds something else than a finite number; the text says what to do.

    >>> number_of("1,250.5"), number_of(" ")
    (1250.5, None)
    >>> number_of("12,5")
    Traceback (most recent call last):
    ValueError: '12,5': its comma stands between no thousands, write decimals with a point
    """
    plain = text.strip()
    if not plain:
        return None
    if _THOUSANDS.fullmatch(plain):
        plain = plain.replace(",", "")
    if not _PLAIN.fullmatch(plain) or not math.isfinite(float(plain)):
        what = (
            "its comma stands between no thousands, write decimals with a point"
            if re.fullmatch(r"-?[\d.]+,\d+", plain)
            else "give a number, or leave it blank where it is unknown"
        )
        raise ValueError(f"{text.strip()[:60]!r}: {what}")
    return float(plain)
