"""Which acts set the layers of the American duties, and what would be left without some of them."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

from xenotime.policy.record import stopped_by

if TYPE_CHECKING:
    from xenotime.facts.measures import Measure

__all__ = ["DutyStep", "layer_without", "setter", "steps", "touches"]


@dataclass(frozen=True, slots=True)
class DutyStep:
    """From a day on an act sets a layer of the stack, or exempts codes from it.

    `points` are per cent of value, None for an exemption; `codes` are beginnings of American codes
    without points, none for all goods. `first` is the first day on which customs collected it.
    """

    layer: str
    act: str
    points: float | None
    first: dt.date
    codes: tuple[str, ...]

    def covers(self, layer: str, hts: str, day: dt.date) -> bool:
        """Whether the step has been made for a layer and a code by a day."""
        digits = hts.replace(".", "")
        return (
            self.layer == layer
            and self.first <= day
            and (not self.codes or digits.startswith(self.codes))
        )


@lru_cache(maxsize=1)
def steps() -> tuple[DutyStep, ...]:
    """All steps, in the order in which they were made.

    Examples
    --------
    >>> [(step.act, step.points) for step in steps() if step.layer == "fentanyl"]
    [('M018', 10.0), ('M020', 20.0), ('M075', 10.0), ('M058', 0.0)]
    """
    file = resources.files("xenotime.policy") / "data" / "tariff_acts.csv"
    with file.open(encoding="utf-8") as stream:
        return tuple(
            DutyStep(
                layer=row["layer"],
                act=row["act"],
                points=float(row["points"]) if row["role"] == "sets" else None,
                first=dt.date.fromisoformat(row["first"]),
                codes=tuple(row["codes"].replace(".", "").split(";")) if row["codes"] else (),
            )
            for row in csv.DictReader(stream)
        )


def setter(layer: str, hts: str, day: dt.date) -> str | None:
    """Act that sets a layer on a day, None where none has yet.

    Examples
    --------
    >>> setter("reciprocal", "8505.11.0070", dt.date(2025, 4, 12))
    'M026'
    """
    made = [s.act for s in steps() if s.points is not None and s.covers(layer, hts, day)]
    return made[-1] if made else None


def touches(layer: str, hts: str, day: dt.date, left_out: Collection[str]) -> bool:
    """Whether a layer would be another one on a day if some acts had not happened.

    Parameters
    ----------
    layer, hts, day
        Layer of the stack, American code, calendar day in the United States.
    left_out
        Ids of the acts that do not happen.
    """
    return setter(layer, hts, day) in left_out or any(
        step.act in left_out
        for step in steps()
        if step.points is None and step.covers(layer, hts, day)
    )


def layer_without(
    layer: str,
    hts: str,
    day: dt.date,
    left_out: Collection[str],
    acts: Sequence[Measure],
) -> tuple[float, str | None]:
    """Say what a layer would be if some acts had not happened, and which act would set it.

    The share of an act that is left out goes. What it had replaced goes on in its place, unless an
    act that happens stops that (as the Geneva truce stops the 125 points of April 2025).

    Parameters
    ----------
    layer, hts, day
        Layer of the stack, American code, calendar day in the United States.
    left_out
        Ids of the acts that do not happen.
    acts
        All acts that happen.

    Returns
    -------
    points : float
        Per cent of value.
    act : str or None
        Who sets it.

    Examples
    --------
    >>> from xenotime import facts
    >>> where, gone = ("reciprocal", "8505.11.0050", dt.date(2025, 6, 1)), {"M028", "M070"}
    >>> layer_without(*where, {"M070"}, [m for m in facts.measures() if m.id != "M070"])
    (0.0, None)
    >>> layer_without(*where, gone, [m for m in facts.measures() if m.id not in gone])
    (125.0, 'M026')
    """
    made = [s for s in steps() if s.covers(layer, hts, day)]
    if any(s.points is None and s.act not in left_out for s in made):
        return 0.0, None
    sets = [s for s in made if s.points is not None]
    standing = [s for s in sets if s.act not in left_out]
    if not standing:
        return 0.0, None
    last = standing[-1]
    replaced = last is not sets[-1]
    if replaced and last.act in _stopped(acts, day):
        return 0.0, None
    assert last.points is not None
    return last.points, last.act if last.points else None


def _stopped(acts: Sequence[Measure], day: dt.date) -> frozenset[str]:
    """Acts that others stop on a day."""
    running = [
        m
        for m in acts
        if m.in_force is not None and m.in_force <= day and (m.ends is None or day <= m.ends)
    ]
    return frozenset().union(*stopped_by(running, acts).values())
