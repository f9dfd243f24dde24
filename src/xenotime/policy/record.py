"""The legal record: what is in force on a date, and which acts are between two countries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from xenotime.facts.measures import Measure

__all__ = ["STOPPING", "days_in_force", "in_force", "is_on_dyad", "reach_of", "stopped_by"]

STOPPING = frozenset({"suspension", "truce", "removal"})
"""Acts that stop those that they change, for as long as they last; a removal has no end."""


def in_force(measures: Iterable[Measure], on: dt.date) -> list[Measure]:
    """Find the measures that are in force on a day.

    "Until D" holds through D: a measure is in force on its last day. A suspended measure is in
    force again on the day after the suspension ends, or from the day on which the suspension is
    removed; a suspension that names an earlier one goes on with it. Whatever happened after the end
    of the record is not known here (see `facts.measures.MEASURE_RECORD_END`).

    >>> from xenotime import facts
    >>> "M023" in {m.id for m in in_force(facts.measures(), dt.date(2025, 4, 4))}
    True
    >>> "M039" in {m.id for m in in_force(facts.measures(), dt.date(2025, 11, 7))}  # suspended
    False
    """
    measures = tuple(measures)
    running = [
        m
        for m in measures
        if m.in_force is not None and m.in_force <= on and (m.ends is None or on <= m.ends)
    ]
    stopped = {name for names in stopped_by(running, measures).values() for name in names}
    return [m for m in running if m.id not in stopped]


def stopped_by(
    running: Iterable[Measure], measures: Collection[Measure]
) -> dict[str, frozenset[str]]:
    """Say what each of the acts that run on a day stops.

    Parameters
    ----------
    running
        Acts that have taken effect and not ended.
    measures
        All acts: a suspension that goes on with an earlier one stops what that one stopped, though
        it has ended.

    Returns
    -------
    dict of frozenset of str
        Id of the act -> ids of those that it stops.

    >>> from xenotime import facts
    >>> sorted(stopped_by([facts.get("M048")], facts.measures())["M048"])[:2]
    ['M039', 'M040']
    """
    running = [m for m in running if m.instrument in STOPPING]
    removed = {name for m in running if m.instrument == "removal" for name in m.changes}
    return {m.id: reach_of(m, measures) for m in running if m.id not in removed}


def reach_of(act: Measure, measures: Iterable[Measure]) -> frozenset[str]:
    """Acts that a stopping act names, and those that the suspensions among them name.

    >>> from xenotime import facts
    >>> sorted(reach_of(facts.get("M035"), facts.measures()))  # goes on with M028
    ['M021', 'M022', 'M024', 'M026', 'M027', 'M028']
    """
    stopping = {m.id: m for m in measures if m.instrument in STOPPING}
    if act.instrument == "removal":
        return frozenset(act.changes)
    reached: set[str] = set()
    ahead = list(act.changes)
    while ahead:
        name = ahead.pop()
        if name not in reached:
            reached.add(name)
            earlier = stopping.get(name)
            ahead += (
                earlier.changes if earlier is not None and earlier.instrument != "removal" else ()
            )
    return frozenset(reached)


def days_in_force(
    acts: Collection[Measure], measures: Iterable[Measure], days: Sequence[dt.date]
) -> dict[str, NDArray[np.bool_]]:
    """Say on which days of a period each measure is in force.

    Parameters
    ----------
    acts
        All acts that happen: those that suspend or remove a measure are among them.
    measures
        Measures to follow.
    days
        The period.

    Returns
    -------
    dict of ndarray
        Id of the measure -> shape (days,).

    >>> from xenotime import facts
    >>> days = [dt.date(2025, 4, 3), dt.date(2025, 4, 4)]
    >>> days_in_force(facts.measures(), [facts.get("M023")], days)["M023"].tolist()
    [False, True]
    """
    running = [{m.id for m in in_force(acts, day)} for day in days]
    return {m.id: np.array([m.id in ids for ids in running], dtype=bool) for m in measures}


def is_on_dyad(measure: Measure, pair: tuple[str, str]) -> bool:
    """Say whether a measure is one of two countries acting on each other, or of both together.

    >>> from xenotime import facts
    >>> is_on_dyad(facts.get("M028"), ("CHN", "USA")), is_on_dyad(facts.get("M023"), ("CHN", "USA"))
    (True, False)
    """
    return set(pair) <= {*measure.actor.split(";"), *measure.targets}
