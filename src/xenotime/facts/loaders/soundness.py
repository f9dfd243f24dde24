"""Figures of trade statistics that cannot be: negative, impossible, or a slip of units."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from xenotime.facts.loaders.loading import Collected

__all__ = ["TradeLine", "sound"]

MOST_TONNES = 1e9
"""No flow of a mineral between two countries in a year or month is as heavy (assumption)."""

MOST_MILLIONS = 1e6
"""No such flow is worth a million million of any currency (assumption)."""

FURTHEST_UNIT_VALUE = 1_000.0
"""Kilograms for tonnes, or thousands for units: a factor of a thousand (assumption)."""

LEAST_NEIGHBOURS = 4
"""So many other lines of a good must say what it is worth before one is doubted (assumption)."""


@dataclass(frozen=True, slots=True)
class TradeLine:
    """One line of a customs table: who, with whom, what, when, how much.

    `flow` is ``exports`` or ``imports``; `tonnes` and `value` (millions of `currency`) are None
    where the source has no figure. `estimated` marks an estimate of the source; `doubtful` says
    why the weight cannot be right.
    """

    line: int
    reporter: str
    partner: str
    flow: str
    code: str
    period: str
    tonnes: float | None
    value: float | None
    currency: str = "USD"
    estimated: bool = False
    doubtful: str = ""


def sound(lines: list[TradeLine], taken: date, found: Collected, *, twins: bool) -> list[TradeLine]:
    """Complain of figures that cannot be, and mark weights that are not to be believed.

    A weight of zero beside a value is one that was not reported: it becomes unknown. A weight
    whose value for a kilogram lies a thousandfold off the median of the other lines of its good
    is kept for comparison only. Both are remarked upon.

    Parameters
    ----------
    lines
        Lines as printed.
    taken
        Day of the download: no later month can be in it.
    found
        Collects problems and remarks.
    twins
        Whether a flow may be there twice.
    """
    for line in lines:
        for problem in _problems(line, taken):
            found.complain(line.line, problem)
    if not twins:
        _complain_of_twins(lines, found)
    return _doubted([_reported(line, found) for line in lines], found)


def _problems(line: TradeLine, taken: date) -> list[str]:
    problems = []
    figures = (
        ("weight", line.tonnes, "t", MOST_TONNES),
        ("value", line.value, f"{line.currency} m", MOST_MILLIONS),
    )
    for name, figure, unit, most in figures:
        if figure is None:
            continue
        if figure < 0:
            problems.append(f"the {name} is {figure:g} {unit}, below zero: download it again")
        if figure > most:
            problems.append(
                f"the {name} is {figure:g} {unit}, no flow is above {most:g} {unit}: look at its"
                " unit, or leave the line out"
            )
    if line.period[:7] > f"{taken:%Y-%m}"[: len(line.period)]:
        problems.append(
            f"{line.period} lies after the day of the download, {taken}: give the day with --taken"
        )
    return problems


def _complain_of_twins(lines: list[TradeLine], found: Collected) -> None:
    seen: dict[tuple[str, ...], int] = {}
    for line in lines:
        key = (line.reporter, line.partner, line.flow, line.code, line.period)
        if key in seen:
            found.complain(
                line.line,
                f"says {' '.join(key)} again, as line {seen[key]} does: keep one of them",
            )
        seen.setdefault(key, line.line)


def _reported(line: TradeLine, found: Collected) -> TradeLine:
    if line.tonnes is None and line.value is not None:
        found.remark("a value without a weight that can be read: the weight is unknown")
    if line.tonnes != 0 or not line.value:
        return line
    found.remark("a weight of 0 beside a value was not reported: it is unknown, not zero")
    return replace(line, tonnes=None)


def _doubted(lines: list[TradeLine], found: Collected) -> list[TradeLine]:
    groups: dict[tuple[str, str, str], list[tuple[int, float]]] = defaultdict(list)
    for place, line in enumerate(lines):
        if line.tonnes and line.value and line.tonnes > 0 and line.value > 0:
            key = (line.flow, line.code[:6], line.currency)
            groups[key].append((place, 1e3 * line.value / line.tonnes))  # per kg
    marked = list(lines)
    for (_, code, currency), members in groups.items():
        if len(members) <= LEAST_NEIGHBOURS:
            continue
        middle = median(unit_value for _, unit_value in members)
        for place, unit_value in members:
            if 1.0 / FURTHEST_UNIT_VALUE < unit_value / middle < FURTHEST_UNIT_VALUE:
                continue
            line = lines[place]
            found.remark(
                "a weight that its value does not bear out is kept for comparison only (grade D):"
                f" line {line.line}, {line.tonnes:,.6g} t at {unit_value:,.3g} {currency}/kg,"
                f" where the median of HS {code} is {middle:,.3g}"
            )
            said = (
                f"not believed: {unit_value:.3g} {currency}/kg, median of {len(members)} lines"
                f" {middle:.3g}"
            )
            marked[place] = replace(line, doubtful=said)
    return marked
