"""The queue of a class: at which hazard its papers are approved, in steps between dated events."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from xenotime.policy.working_days import working_day_mask

if TYPE_CHECKING:
    from xenotime.policy.queue_kernel import Calendar
    from xenotime.policy.regime import PermitClass

__all__ = [
    "STATUTORY_WORKING_DAYS",
    "ApprovalPeriod",
    "Pace",
    "Queue",
    "approval_periods",
    "calendar_of",
    "delayed",
    "periods_that_begin",
    "queues_of",
]

Array = NDArray[np.float64]
STATUTORY_WORKING_DAYS = 45


@dataclass(frozen=True)
class ApprovalPeriod:
    """A stretch of time with one approval hazard for a set of destinations.

    A period that `eases` has at least the hazard of the one before it.
    """

    period: str
    act: str
    starts: dt.date
    destinations: frozenset[str]
    hazard: str
    statutory: bool
    eases: bool
    requires: tuple[str, ...]


@dataclass(frozen=True)
class Pace:
    """A change of the pace of approvals that a scenario assumes, from `first` through `last`.

    Hazards are multiplied by `factor`; below one, so is the share decided on the statutory day.
    `destinations` and `uses` (``civil``, ``defence``) are empty where all are meant.
    """

    factor: float
    first: dt.date
    last: dt.date | None = None
    destinations: frozenset[str] = frozenset()
    uses: frozenset[str] = frozenset()

    def covers(self, item: PermitClass) -> bool:
        """Whether a class is meant."""
        return (not self.destinations or item.destination in self.destinations) and (
            not self.uses or item.use in self.uses
        )

    def days(self, days: Sequence[dt.date]) -> NDArray[np.bool_]:
        """Days of a period on which it holds."""
        return np.array([self.first <= d and (self.last is None or d <= self.last) for d in days])


@dataclass(frozen=True)
class Queue:
    """Hazards of one class in steps.

    `begins` (steps,): index of the first day of each, the first is 0. `hazard` per working day and
    `statutory`, the share that is approved on its statutory day, (steps, draws).
    """

    begins: NDArray[np.int64]
    hazard: Array
    statutory: Array

    def by_day(self, days: int) -> tuple[Array, Array]:
        """Give hazard and statutory share of each day, (days, draws)."""
        step = np.searchsorted(self.begins, np.arange(days), side="right") - 1
        return self.hazard[step], self.statutory[step]


@lru_cache(maxsize=1)
def approval_periods() -> tuple[ApprovalPeriod, ...]:
    """Read the periods between policy events, in the order of their start.

    >>> approval_periods()[0].act
    'M023'
    """
    file = resources.files("xenotime.policy") / "data" / "approval_periods.csv"
    with file.open(encoding="utf-8") as stream:
        rows = [
            ApprovalPeriod(
                period=row["period"],
                act=row["act"],
                starts=dt.date.fromisoformat(row["starts"]),
                destinations=frozenset(row["destinations"].split(";")),
                hazard=row["hazard"],
                statutory=row["statutory"] == "yes",
                eases=row["effect"] == "eases",
                requires=tuple(filter(None, row["requires"].split(";"))),
            )
            for row in csv.DictReader(stream)
        ]
    return tuple(sorted(rows, key=lambda p: p.starts))


def periods_that_begin(acts: Collection[str], as_of: dt.date | None) -> tuple[ApprovalPeriod, ...]:
    """Select the periods whose acts happen and whose start could be known.

    >>> [p.period for p in periods_that_begin({"M023"}, dt.date(2025, 5, 1))]
    ['opening', 'usa_opening']
    """
    return tuple(
        p
        for p in approval_periods()
        if {*p.requires, *filter(None, [p.act])} <= set(acts)
        and (as_of is None or p.starts <= as_of)
    )


def delayed(periods: Sequence[ApprovalPeriod], days: int) -> tuple[ApprovalPeriod, ...]:
    """Let every period that eases a control begin so many days later; controls begin as they do.

    >>> later = delayed(approval_periods(), 28)
    >>> [p.starts.isoformat() for p in later if p.period in ("opening", "may")]
    ['2025-04-04', '2025-06-09']
    """
    moved = (replace(p, starts=p.starts + dt.timedelta(days=days * p.eases)) for p in periods)
    return tuple(sorted(moved, key=lambda p: p.starts))


def queues_of(
    items: Sequence[PermitClass],
    periods: Sequence[ApprovalPeriod],
    days: Sequence[dt.date],
    values: Mapping[str, Array],
    effect: Callable[[str], Array],
    paces: Sequence[Pace] = (),
) -> list[Queue]:
    """Approval hazard and statutory share of classes.

    A class has the latest period whose acts have happened. A destination with periods of its own
    does not fall back on those of the world: an act that does not happen leaves its previous hazard
    in place.

    Parameters
    ----------
    items, periods, days, values, effect, paces
        As in `regime.permits`, whose classes are `items`.

    Returns
    -------
    list of Queue, one an item
    """
    luck = lru_cache(maxsize=None)(effect)  # classes of one destination and use share theirs
    common: dict[tuple[object, ...], Queue] = {}
    found = []
    for item in items:
        own = tuple(p for p in periods if item.destination in p.destinations)
        own = own or tuple(p for p in periods if "WLD" in p.destinations)
        held = tuple(pace for pace in paces if pace.covers(item))
        kind = (own, held, item.use, item.goods)
        if kind not in common:
            common[kind] = _common(*kind, days, values)
        queue = common[kind]
        drawn = luck(f"licence/{item.origin}/{item.destination}/{item.use}")
        hazard = queue.hazard * np.exp(values["licence_effect_sd"] * drawn)
        found.append(replace(queue, hazard=hazard))
    return found


def _common(
    periods: Sequence[ApprovalPeriod],
    paces: Sequence[Pace],
    use: str,
    goods: str,
    days: Sequence[dt.date],
    values: Mapping[str, Array],
) -> Queue:
    """Find what classes of one use and kind of goods have in common, without their own effect."""
    edges = {
        *(period.starts for period in periods),
        *(pace.first for pace in paces),
        *(pace.last + dt.timedelta(days=1) for pace in paces if pace.last),
    }
    begins = sorted({0, *(at for edge in edges if 0 < (at := (edge - days[0]).days) < len(days))})
    hazard = np.zeros((len(begins), len(values["statutory_share"])))
    statutory = np.zeros_like(hazard)
    for period in periods:
        at = max(0, (period.starts - days[0]).days)
        if at >= len(days):
            continue
        step = begins.index(at)
        # A step towards approval never makes it slower, whatever is drawn for it.
        floor = hazard[step] if period.eases else 0.0
        hazard[step:] = np.maximum(values[period.hazard], floor)
        statutory[step:] = values["statutory_share"] if period.statutory else 0.0
    if use == "defence":
        hazard *= values["defence_hazard_ratio"]
    if goods == "oxide_metal":
        hazard *= values["oxide_metal_hazard_ratio"]
    if use == "defence" or goods == "oxide_metal":
        statutory[:] = 0.0
    for pace in paces:
        while_it_holds = pace.days([days[at] for at in begins])
        hazard[while_it_holds] *= pace.factor
        statutory[while_it_holds] *= min(1.0, pace.factor)
    return Queue(np.array(begins, dtype=np.int64), hazard, statutory)


def calendar_of(days: Sequence[dt.date], values: Mapping[str, Array]) -> Calendar:
    """Say on which days offices work, whose statutory day each is, and how long licences live."""
    from xenotime.policy.queue_kernel import Calendar

    working = working_day_mask(days)
    worked = np.cumsum(working, dtype=np.int64)
    # A cohort filed before a holiday shares its statutory day with the next.
    first, last = (
        np.searchsorted(worked, worked - STATUTORY_WORKING_DAYS, side=side)
        for side in ("left", "right")
    )
    return Calendar(
        working,
        worked,
        first,
        last,
        int(values["licence_validity_days"][0]),
        int(values["renewal_lead_days"][0]),
        STATUTORY_WORKING_DAYS,
        float(values["refusal_share"][0]),
    )
