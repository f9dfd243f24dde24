"""The legal record: what is announced, in force or ended on a date, and for whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xenotime.facts.measures import Measure

__all__ = ["in_force", "is_on_dyad", "without_dyad"]


def in_force(measures: Iterable[Measure], on: dt.date) -> list[Measure]:
    """Measures that take effect by a day and have not ended before it.

    "Until D" holds through D: a measure is in force on its last day.

    >>> from xenotime import facts
    >>> "M023" in {m.id for m in in_force(facts.measures(), dt.date(2025, 4, 4))}
    True
    """
    return [
        m
        for m in measures
        if m.in_force is not None and m.in_force <= on and (m.ends is None or on <= m.ends)
    ]


def is_on_dyad(measure: Measure, pair: tuple[str, str]) -> bool:
    """Whether a measure is one of two countries acting on each other, or of both together."""
    first, second = pair
    parties = set(measure.actor.split(";")) | set(measure.targets)
    return {first, second} <= parties


def without_dyad(
    measures: Iterable[Measure], pair: tuple[str, str], announced_from: dt.date
) -> list[Measure]:
    """Drop the measures of a pair of countries that were announced on a date or later."""
    return [
        m
        for m in measures
        if not (is_on_dyad(m, pair) and m.announced is not None and m.announced >= announced_from)
    ]
