"""Limits on exports beside the licences whose pace is on record: bans and unannounced stops."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from xenotime.facts.taxonomy import with_aggregates
from xenotime.policy.scope import is_controlled

if TYPE_CHECKING:
    from xenotime.facts.measures import Measure
    from xenotime.policy.regime import Permits

__all__ = ["EVERY_USE", "STOP_SHARE", "Limit", "limits_on", "stops_among", "within"]


EVERY_USE = frozenset({"civil", "defence"})
STOP_SHARE = "stop_share"
"""Parameter: share of shipments that an unannounced stop holds back."""


@dataclass(frozen=True)
class Limit:
    """An act that stops the shipments it lists, for some uses; nobody gets a licence.

    `uses` are ``civil`` and ``defence``, as far as the act reaches them. `share` names the
    parameter that says how much is held back, where that is not all.
    """

    measure: Measure
    uses: frozenset[str]
    share: str | None = None

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
    values: Mapping[str, NDArray[np.float64]],
) -> Permits:
    """Tighten what classes may ship by the limits that touch them; never loosen it.

    Parameters
    ----------
    permits
        What licences and holds let through; it is not changed.
    limits
        All limits of a scenario.
    active
        Days on which each limit is in force, by id.
    values
        Sampled parameters by name, each (draws,): how much a limit holds back.

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
    for index, names in touched:
        for name in names:
            limit = by_id[name]
            days = active[limit.measure.id]
            left = 1.0 - values[limit.share] if limit.share else 0.0
            cap[index, days] = np.minimum(cap[index, days], left)
            share[index, days] = np.minimum(share[index, days], left)
    return replace(permits, cap_multiple=cap, open_share=share)
