"""Limits on exports beside the licences whose pace is on record: bans and unannounced stops."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from xenotime.facts.taxonomy import with_aggregates
from xenotime.policy.leaks import let_through
from xenotime.policy.licences import licence_path
from xenotime.policy.scope import is_controlled
from xenotime.policy.working_days import working_day_mask

if TYPE_CHECKING:
    from xenotime.facts.measures import Measure
    from xenotime.policy.leaks import Leak
    from xenotime.policy.regime import Permits

__all__ = [
    "ASSUMED",
    "EVERY_USE",
    "STOP_SHARE",
    "Limit",
    "assumed_act",
    "limits_on",
    "stops_among",
    "within",
]

Array = NDArray[np.float64]

ASSUMED = "assumed/"
"""How ids of acts begin that a scenario assumes."""
EVERY_USE = frozenset({"civil", "defence"})
STOP_SHARE = "stop_share"
"""Parameter: share of shipments that an unannounced stop holds back."""


@dataclass(frozen=True)
class Limit:
    """An act that stops the shipments it lists, for some uses, until licences are approved.

    `uses` are ``civil`` and ``defence``, as far as the act reaches them. `approval_days` is the
    mean number of working days from filing to approval; None: nobody gets a licence. `share` names
    the parameter that says how much is held back, where that is not all.
    """

    measure: Measure
    uses: frozenset[str]
    approval_days: float | None = None
    share: str | None = None

    @property
    def assumed(self) -> bool:
        """Whether a scenario assumes the act, which no record has."""
        return self.measure.id.startswith(ASSUMED)

    @property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """Pairs of element and form that it lists: bans name kinds of goods, not items."""
        return frozenset((e, f) for e in self.measure.elements for f in self.measure.forms)


def stops_among(acts: Iterable[Measure]) -> tuple[Measure, ...]:
    """Select unannounced stops: holds of listed goods with a first and a last day on record.

    A hold without an end on record (that of January 2026 for Japan) is not among them: whether it
    lasted is not known. How much a stop holds back is on no record either: see `STOP_SHARE`.

    Examples
    --------
    >>> from xenotime import facts
    >>> [act.id for act in stops_among(facts.measures())]
    ['M004', 'M005']
    """
    return tuple(
        act
        for act in acts
        if act.instrument == "customs_hold"
        and act.in_force
        and act.ends
        and act.elements
        and act.forms
    )


def assumed_act(
    name: str,
    *,
    actor: str,
    targets: tuple[str, ...],
    elements: tuple[str, ...],
    forms: tuple[str, ...],
    start: dt.date,
    end: dt.date | None,
    licensed: bool,
) -> Measure:
    """Write a control that nobody has ordered like an act of the record, marked as assumed.

    Examples
    --------
    >>> act = assumed_act(
    ...     "ores", actor="AUS", targets=("CHN",), elements=("Nd",), forms=("ore",),
    ...     start=dt.date(2025, 6, 1), end=None, licensed=False,
    ... )
    >>> act.id, act.act, act.grade
    ('assumed/ores', 'assumed: ores', 'assumed')
    """
    from xenotime.facts.measures import Measure

    return Measure(
        id=f"{ASSUMED}{name}",
        act=f"assumed: {name}",
        article="",
        actor=actor,
        targets=targets,
        instrument="export_licence" if licensed else "export_ban",
        elements=elements,
        forms=forms,
        announced=start,
        in_force=start,
        ends=end,
        status="assumed",
        changes=(),
        grade="assumed",
        vintage="",
        first_known=None,
        source_url="",
        source_title="an assumption of the scenario",
        note="",
        licence="",
    )


def limits_on(
    limits: Sequence[Limit],
    product: str,
    contents: Mapping[str, float],
    *,
    origin: str,
    destination: str,
    use: str,
) -> tuple[str, ...]:
    """Ids of the limits that touch a shipment; none touches one within a country.

    Parameters
    ----------
    limits
        All limits of a scenario.
    product, contents
        Product id, and its element shares (t element per t).
    origin, destination, use
        Who ships to whom (ISO3 or a node of the network), and ``civil`` or ``defence``.

    Examples
    --------
    >>> from xenotime import facts
    >>> ban = Limit(facts.get("M017"), frozenset({"civil", "defence"}))
    >>> goods = ("metal:Ga", {"Ga": 1.0})
    >>> limits_on([ban], *goods, origin="CHN", destination="USA", use="civil")
    ('M017',)
    >>> limits_on([ban], *goods, origin="CHN", destination="JPN", use="civil")
    ()
    """
    if origin == destination:
        return ()
    return tuple(
        limit.measure.id
        for limit in limits
        if use in limit.uses
        and origin in limit.measure.actor.split(";")
        and {*with_aggregates(destination)} & {*limit.measure.targets}
        and is_controlled(product, contents, limit.pairs)
    )


def within(
    permits: Permits,
    limits: Sequence[Limit],
    active: Mapping[str, NDArray[np.bool_]],
    days: Sequence[dt.date],
    values: Mapping[str, Array],
    leaks: Sequence[Leak] = (),
) -> Permits:
    """Tighten what classes may ship by the limits that touch them; never loosen it.

    Each limit lets through what leaks round it, and no more than that: the others still bind.

    Parameters
    ----------
    permits
        What licences and holds let through; it is not changed.
    limits
        All limits of a scenario.
    active
        Days on which each limit is in force, by id.
    days
        Calendar days of the run.
    values
        Sampled parameters by name, each of shape (draws,): how fast papers are filed, how long a
        licence lives and how fast goods catch up are those of the licences on record, as is how
        much an unannounced stop holds back.
    leaks
        What gets round the limits.

    Returns
    -------
    Permits
        The same object where nothing is touched.
    """
    touched = [(i, item.beside) for i, item in enumerate(permits.classes) if item.beside]
    if not touched:
        return permits
    cap, share = permits.cap_multiple.copy(), permits.open_share.copy()
    by_id = {limit.measure.id: limit for limit in limits}
    valid = {
        limit.measure.id: _valid_share(limit, active[limit.measure.id], days, values)
        for limit in limits
    }
    for index, names in touched:
        for name in names:
            on = active[name]
            open_share = valid[name]
            # what a stop lets through has nothing to catch up
            most = open_share * (1.0 if by_id[name].share else values["ship_burst"])
            passed = let_through(permits.classes[index], (name,), open_share, leaks, active, days)
            if passed is not None:
                passing, free = passed
                open_share = np.minimum(1.0, open_share + passing)
                most = np.where(free, np.inf, most + passing)
            share[index, on] = np.minimum(share[index, on], open_share[on])
            cap[index, on] = np.minimum(cap[index, on], most[on])
    return replace(permits, cap_multiple=cap, open_share=share)


def _valid_share(
    limit: Limit,
    on: NDArray[np.bool_],
    days: Sequence[dt.date],
    values: Mapping[str, Array],
) -> Array:
    """Share of buyers that hold a licence under a limit, shape (days, draws)."""
    draws = len(values["ship_burst"])
    if limit.share is not None:
        return np.broadcast_to(1.0 - values[limit.share], (len(days), draws))
    if limit.approval_days is None:
        return np.zeros((len(days), draws))
    path = licence_path(
        np.full((len(days), draws), 1.0 / limit.approval_days),
        values["return_hazard"],
        working_day_mask(days),
        start=int(on.argmax()),
        filing_lag=values["filing_lag_days"],
        statutory_share=np.zeros((len(days), draws)),
        statutory_days=1,
        validity=int(values["licence_validity_days"][0]),
        renewal_lead=int(values["renewal_lead_days"][0]),
    )
    return path.valid
