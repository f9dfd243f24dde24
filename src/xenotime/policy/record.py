"""The legal record: what is in force on a date, and which acts are between two countries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xenotime.facts.measures import Measure

__all__ = ["in_force", "is_on_dyad"]

# Acts that stop another one for as long as they last; a removal has no end.
_STOPPING = frozenset({"suspension", "truce", "removal"})


def in_force(measures: Iterable[Measure], on: dt.date) -> list[Measure]:
    """Find the measures that are in force on a day.

    "Until D" holds through D: a measure is in force on its last day. A suspended measure is in
    force again on the day after the suspension ends. Whatever happened after the end of the record
    is not known here (see `facts.measures.MEASURE_RECORD_END`).

    >>> from xenotime import facts
    >>> "M023" in {m.id for m in in_force(facts.measures(), dt.date(2025, 4, 4))}
    True
    >>> "M039" in {m.id for m in in_force(facts.measures(), dt.date(2025, 11, 7))}  # suspended
    False
    """
    running = [
        m
        for m in measures
        if m.in_force is not None and m.in_force <= on and (m.ends is None or on <= m.ends)
    ]
    stopped = {changed for m in running if m.instrument in _STOPPING for changed in m.changes}
    return [m for m in running if m.id not in stopped]


def is_on_dyad(measure: Measure, pair: tuple[str, str]) -> bool:
    """Say whether a measure is one of two countries acting on each other, or of both together.

    >>> from xenotime import facts
    >>> is_on_dyad(facts.get("M028"), ("CHN", "USA")), is_on_dyad(facts.get("M023"), ("CHN", "USA"))
    (True, False)
    """
    return set(pair) <= {*measure.actor.split(";"), *measure.targets}
