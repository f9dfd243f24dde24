"""The licence regime as arrays: what a class of shipments may move, by day and draw.

Four classes of goods leave the controlling country for each destination and end use:

`magnet`
    Magnets inside the control (they contain a listed element): they need a licence.
`oxide_metal`
    Listed oxides and metals: they need a licence too, and got fewer.
`lookalike`
    Magnets outside the control that customs cannot tell from those inside: they are held.
`mineral`
    Other minerals, where a scenario follows a ban on them or assumes a control.

A control limits on the days on which it is in force: one that is suspended or ends frees what it
held back, and limits again if it comes back.
"""

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

from xenotime.policy.holds import pass_share
from xenotime.policy.licences import licence_path
from xenotime.policy.limits import limits_on
from xenotime.policy.scope import form_of, is_controlled, is_mineral, listed_pairs
from xenotime.policy.working_days import working_day_mask

if TYPE_CHECKING:
    from xenotime.facts.measures import Measure
    from xenotime.policy.limits import Limit

__all__ = [
    "ApprovalPeriod",
    "Pace",
    "PermitClass",
    "Permits",
    "approval_periods",
    "classify",
    "delayed",
    "periods_that_begin",
    "permits",
    "queue_of",
]

Array = NDArray[np.float64]
STATUTORY_WORKING_DAYS = 45
# Classes whose queues move side by side: enough to fill vector instructions, few enough for cache.
TOGETHER = 16


@dataclass(frozen=True, order=True)
class PermitClass:
    """Shipments that are treated alike: who controls, where to, what for, which goods.

    `controls` are the measures that list the goods, `held_under` those that list magnets but not
    these: look-alikes of one control may be goods of a later one. `beside` are limits that a
    scenario adds (`policy.limits`), which licences do not lift.
    """

    origin: str
    destination: str
    use: str
    goods: str
    controls: tuple[str, ...] = ()
    held_under: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()

    def label(self) -> str:
        """Name for tables and random streams, e.g. ``CHN>USA/defence/magnet``."""
        return f"{self.origin}>{self.destination}/{self.use}/{self.goods}"


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
class Permits:
    """What the classes may ship.

    `cap_multiple` (classes, days, draws): the most that a class may ship on a day as a multiple of
    its base flow, infinite where nothing limits it. `granted` (classes, days, draws): cumulative
    licensed volume in days of base flow, infinite where there is no volume limit. `volume_from`
    and `validity` (classes,): first day that counts against the volume; days a grant is valid.
    `open_share` (classes, days, draws): share of buyers who may ship.
    """

    classes: tuple[PermitClass, ...]
    cap_multiple: NDArray[np.float64]
    granted: NDArray[np.float64]
    volume_from: NDArray[np.int64]
    validity: NDArray[np.int64]
    open_share: NDArray[np.float64]


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


def classify(
    product: str,
    contents: Mapping[str, float],
    *,
    origin: str,
    destination: str,
    industry: str,
    controls: Sequence[Measure],
    limits: Sequence[Limit] = (),
) -> PermitClass | None:
    """Class of a shipment under the controls of its origin, or None if nothing touches it.

    Domestic shipments are never controlled. A magnet outside every control whose origin controls
    magnets is a look-alike.
    """
    if origin == destination:
        return None
    magnet = form_of(product) == "magnet"
    use = "defence" if industry == "defence" else "civil"
    listing: list[str] = []
    holding: list[str] = []
    for control in controls:
        if origin not in control.actor.split(";"):
            continue
        if "WLD" not in control.targets and destination not in control.targets:
            continue
        if is_controlled(product, contents, listed_pairs(control)):
            listing.append(control.id)
        elif magnet and any(form == "magnet" for _, form in listed_pairs(control)):
            holding.append(control.id)
    beside = limits_on(limits, product, contents, origin=origin, destination=destination, use=use)
    if not listing and not holding and not beside:
        return None
    if is_mineral(product):
        goods = "mineral"
    elif magnet:
        goods = "magnet" if listing or not holding else "lookalike"
    else:
        goods = "oxide_metal"
    return PermitClass(origin, destination, use, goods, tuple(listing), tuple(holding), beside)


def permits(
    classes: Sequence[PermitClass],
    active: Mapping[str, NDArray[np.bool_]],
    periods: Sequence[ApprovalPeriod],
    days: Sequence[dt.date],
    values: Mapping[str, Array],
    effect: Callable[[str], Array],
    paces: Sequence[Pace] = (),
) -> Permits:
    """Turn controls, policy events and sampled parameters into limits on shipments.

    While a control is suspended its queue goes on and its licences stay valid, but nobody needs
    them: if it comes back, it finds the queue where it is by then.

    Parameters
    ----------
    classes
        Classes that occur in the network (see `classify`).
    active
        Days on which each control is in force (see `policy.record.days_in_force`).
    periods
        Approval periods that begin in the scenario (see `periods_that_begin`).
    days
        Calendar days of the run.
    values
        Sampled parameters by name, each of shape (draws,).
    effect
        Standard normal numbers of a named event stream, shape (draws,).
    paces
        Changes of pace that the scenario assumes; those of a class multiply.

    Returns
    -------
    Permits
    """
    draws = len(next(iter(values.values())))
    shape = (len(classes), len(days), draws)
    cap = np.full(shape, np.inf)
    granted = np.full(shape, np.inf)
    open_share = np.ones(shape)
    volume_from = np.full(len(classes), len(days), dtype=np.int64)
    validity = np.full(len(classes), len(days) + 1, dtype=np.int64)
    working = working_day_mask(days)
    burst = values["ship_burst"]
    licensed: dict[int, list[tuple[int, NDArray[np.bool_]]]] = {}
    for index, item in enumerate(classes):
        listed, held_back = (
            _on_any(names, active, len(days)) for names in (item.controls, item.held_under)
        )
        held_back &= ~listed
        if held_back.any():
            held = values["hold_share_usa" if item.destination == "USA" else "hold_share"]
            share = pass_share(
                len(days),
                start=int(held_back.argmax()),
                held=held,
                ramp_days=values["hold_ramp_days"],
                hold_days=values["hold_days"],
                release_days=values["hold_release_days"],
            )
            open_share[index, held_back] = share[held_back]
            # Those who always passed have nothing to catch up; those released have.
            passed = np.minimum.accumulate(share, axis=0)
            cap[index, held_back] = (passed + burst * (share - passed))[held_back]
        if listed.any():
            licensed.setdefault(int(listed.argmax()), []).append((index, listed))
    for start, waiting in licensed.items():
        for first in range(0, len(waiting), TOGETHER):
            some = waiting[first : first + TOGETHER]
            shares, volumes = _licensed(
                [classes[i] for i, _ in some], periods, days, start, working, values, effect, paces
            )
            for (index, listed), share, volume in zip(some, shares, volumes, strict=True):
                open_share[index, listed] = share[listed]
                cap[index, listed] = share[listed] * burst
                granted[index, listed] = volume[listed]
                volume_from[index] = start
                validity[index] = int(values["licence_validity_days"][0])
    return Permits(tuple(classes), cap, granted, volume_from, validity, open_share)


def _on_any(
    names: Collection[str], active: Mapping[str, NDArray[np.bool_]], days: int
) -> NDArray[np.bool_]:
    """Days on which any of the controls is in force."""
    found = np.zeros(days, dtype=bool)
    for name in names:
        found |= active[name]
    return found


def _licensed(
    items: Sequence[PermitClass],
    periods: Sequence[ApprovalPeriod],
    days: Sequence[dt.date],
    start: int,
    working: NDArray[np.bool_],
    values: Mapping[str, Array],
    effect: Callable[[str], Array],
    paces: Sequence[Pace],
) -> tuple[Array, Array]:
    """Share of tonnage with a valid licence and cumulative licensed volume in base days.

    For classes under control from the same day; shape (classes, days, draws).
    """
    queues = [queue_of(item, periods, days, values, effect, paces) for item in items]
    hazard, statutory = (np.concatenate(parts, axis=1) for parts in zip(*queues, strict=True))
    count = len(items)
    large = values["large_firm_share"]
    share = np.zeros((count, *queues[0][0].shape))
    volume = np.zeros_like(share)
    for weight, ratio in (
        (large, values["large_firm_hazard_ratio"]),
        (1.0 - large, np.ones_like(large)),
    ):
        path = licence_path(
            hazard * np.tile(ratio, count),
            np.tile(values["return_hazard"], count),
            working,
            start=start,
            filing_lag=np.tile(values["filing_lag_days"], count),
            statutory_share=statutory,
            statutory_days=STATUTORY_WORKING_DAYS,
            validity=int(values["licence_validity_days"][0]),
            renewal_lead=int(values["renewal_lead_days"][0]),
            refusal_share=float(values["refusal_share"][0]),
        )
        share += weight * _by_class(path.valid, count)
        volume += weight * _by_class(path.approved, count) * values["licence_volume_days"]
    return share, volume


def _by_class(paths: Array, count: int) -> Array:
    """Turn (days, classes x draws) into (classes, days, draws)."""
    return np.moveaxis(paths.reshape(len(paths), count, -1), 1, 0)


def queue_of(
    item: PermitClass,
    periods: Sequence[ApprovalPeriod],
    days: Sequence[dt.date],
    values: Mapping[str, Array],
    effect: Callable[[str], Array],
    paces: Sequence[Pace] = (),
) -> tuple[Array, Array]:
    """Approval hazard and statutory share of one class, by day and draw.

    Parameters
    ----------
    item, periods, days, values, effect, paces
        As in `permits`.

    Returns
    -------
    Hazard per working day and share approved on the statutory day, each (days, draws).
    """
    hazard, statutory = _hazards(item, periods, days, values)
    hazard *= np.exp(
        values["licence_effect_sd"] * effect(f"licence/{item.origin}/{item.destination}/{item.use}")
    )
    if item.goods == "oxide_metal":
        hazard *= values["oxide_metal_hazard_ratio"]
        statutory *= 0.0
    for pace in paces:
        if pace.covers(item):
            while_it_holds = pace.days(days)
            hazard[while_it_holds] *= pace.factor
            statutory[while_it_holds] *= min(1.0, pace.factor)
    return hazard, statutory


def _hazards(
    item: PermitClass,
    periods: Sequence[ApprovalPeriod],
    days: Sequence[dt.date],
    values: Mapping[str, Array],
) -> tuple[Array, Array]:
    """Approval hazard and statutory share by day: the latest period whose acts have happened.

    A destination with periods of its own does not fall back on those of the world: an act that
    does not happen leaves its previous hazard in place.
    """
    draws = len(values["statutory_share"])
    hazard = np.zeros((len(days), draws))
    statutory = np.zeros((len(days), draws))
    own = [p for p in periods if item.destination in p.destinations]
    for period in own or [p for p in periods if "WLD" in p.destinations]:
        begin = max(0, (period.starts - days[0]).days)
        if begin >= len(days):
            continue
        # A step towards approval never makes it slower, whatever is drawn for it.
        floor = hazard[begin] if period.eases else 0.0
        hazard[begin:] = np.maximum(values[period.hazard], floor)
        statutory[begin:] = values["statutory_share"] if period.statutory else 0.0
    if item.use == "defence":
        hazard *= values["defence_hazard_ratio"]
        statutory *= 0.0
    return hazard, statutory
