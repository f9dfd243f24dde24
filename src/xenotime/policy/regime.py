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

import datetime as dt
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from xenotime.policy.holds import pass_share
from xenotime.policy.limits import limits_on
from xenotime.policy.queues import Queue, calendar_of, queues_of
from xenotime.policy.scope import form_of, is_controlled, is_mineral, listed_pairs

if TYPE_CHECKING:
    from xenotime.facts.measures import Measure
    from xenotime.policy.limits import Limit
    from xenotime.policy.queues import ApprovalPeriod, Pace

__all__ = [
    "PermitClass",
    "Permits",
    "classify",
    "permits",
]

Array = NDArray[np.float64]


class _Covers(Protocol):
    def covers(self, item: PermitClass) -> bool: ...


Entry = TypeVar("Entry", bound=_Covers)


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
class Permits:
    """What the classes may ship.

    `cap_multiple` (classes, days, draws): the most that a class may ship on a day as a multiple of
    its base flow, infinite where nothing limits it. `granted` (classes, days, draws): cumulative
    licensed volume in days of base flow, infinite where there is no volume limit. `volume_from`
    and `validity` (classes,): first day that counts against the volume; days a grant is valid.
    `open_share` (classes, days, draws): share of buyers who may ship.
    """

    classes: tuple[PermitClass, ...]
    cap_multiple: NDArray[np.float32]
    granted: NDArray[np.float32]
    volume_from: NDArray[np.int64]
    validity: NDArray[np.int64]
    open_share: NDArray[np.float32]

    def covered_by(self, entries: Sequence[Entry]) -> list[tuple[int, list[Entry]]]:
        """Give the classes that some entries cover, by index, with those entries."""
        by_class = (
            (index, [entry for entry in entries if entry.covers(item)])
            for index, item in enumerate(self.classes)
        )
        return [(index, found) for index, found in by_class if found]


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
    cap, granted = np.full(shape, np.inf, "float32"), np.full(shape, np.inf, "float32")
    open_share = np.ones(shape, "float32")
    volume_from = np.full(len(classes), len(days), dtype=np.int64)
    validity = np.full(len(classes), len(days) + 1, dtype=np.int64)
    needed = np.zeros((len(classes), len(days)), dtype=bool)
    holds: dict[tuple[str, bytes], tuple[NDArray[np.float32], ...]] = {}
    for index, item in enumerate(classes):
        needed[index] = _on_any(item.controls, active, len(days))
        held_back = _on_any(item.held_under, active, len(days)) & ~needed[index]
        if held_back.any():
            held = "hold_share_usa" if item.destination == "USA" else "hold_share"
            kind = held, held_back.tobytes()
            if kind not in holds:
                holds[kind] = _hold(held, held_back, values)
            open_share[index, held_back], cap[index, held_back] = holds[kind]
    rows = np.flatnonzero(needed.any(axis=1))
    if len(rows):
        volume_from[rows] = needed[rows].argmax(axis=1)
        validity[rows] = int(values["licence_validity_days"][0])
        queues = queues_of(
            [classes[int(row)] for row in rows], periods, days, values, effect, paces
        )
        _follow(queues, rows, needed[rows], days, values, (open_share, cap, granted))
    return Permits(tuple(classes), cap, granted, volume_from, validity, open_share)


def _hold(
    held: str, held_back: NDArray[np.bool_], values: Mapping[str, Array]
) -> tuple[NDArray[np.float32], ...]:
    """Share of look-alikes that pass customs, and the most that is shipped, on days of a hold."""
    share = pass_share(
        len(held_back),
        start=int(held_back.argmax()),
        held=values[held],
        ramp_days=values["hold_ramp_days"],
        hold_days=values["hold_days"],
        release_days=values["hold_release_days"],
    )
    # Those who always passed have nothing to catch up; those released have.
    passed = np.minimum.accumulate(share, axis=0)
    most = passed + values["ship_burst"] * (share - passed)
    return share[held_back].astype("float32"), most[held_back].astype("float32")


def _follow(
    queues: Sequence[Queue],
    rows: NDArray[np.int64],
    needed: NDArray[np.bool_],
    days: Sequence[dt.date],
    values: Mapping[str, Array],
    written: tuple[NDArray[np.float32], ...],
) -> None:
    """Write the share with a licence, the cap and the volume of classes under licence."""
    from xenotime.policy.queue_kernel import Queues, follow

    steps, draws = max(len(queue.begins) for queue in queues), len(values["ship_burst"])
    begins = np.full((len(queues), steps), len(days), dtype=np.int64)
    hazard, statutory = np.zeros((2, len(queues), steps, draws))
    for place, queue in enumerate(queues):
        own = slice(len(queue.begins))
        begins[place, own] = queue.begins
        hazard[place, own], statutory[place, own] = queue.hazard, queue.statutory
    large, faster = values["large_firm_share"], values["large_firm_hazard_ratio"]
    starts, calendar = needed.argmax(axis=1), calendar_of(days, values)
    firms = np.stack([large, 1.0 - large]), np.stack([faster, np.ones(draws)])

    def some(part: NDArray[np.int64]) -> None:
        follow(
            Queues(begins[part], hazard[part], statutory[part], starts[part], needed[part]),
            calendar,
            values["return_hazard"],
            values["filing_lag_days"],
            *firms,
            values["ship_burst"],
            values["licence_volume_days"],
            rows[part],
            *written,
        )

    threads = os.cpu_count() or 1
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(some, np.array_split(np.arange(len(rows)), threads)))


def _on_any(
    names: Collection[str], active: Mapping[str, NDArray[np.bool_]], days: int
) -> NDArray[np.bool_]:
    """Days on which any of the controls is in force."""
    found = np.zeros(days, dtype=bool)
    for name in names:
        found |= active[name]
    return found
