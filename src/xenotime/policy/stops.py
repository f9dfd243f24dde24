"""Stops of shipments that nobody announced: customs let little through, for some weeks.

How much they hold back is on no record: it is the parameter `stop_share`. Only stops whose first
and last day are on record act in runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from xenotime.facts.taxonomy import with_aggregates
from xenotime.policy.regime import PermitClass, Permits
from xenotime.policy.scope import is_controlled, listed_pairs

if TYPE_CHECKING:
    from xenotime.facts.measures import Measure

__all__ = ["STOPPED", "stopped", "stopped_class", "stops_among", "stops_on"]

STOPPED = "stopped"
"""Goods of a permit class that unannounced stops hold back, and nothing else limits."""


def stops_among(acts: Iterable[Measure]) -> tuple[Measure, ...]:
    """Select customs holds that list goods and have a first and a last day on record.

    A hold without an end on record (that of January 2026 for Japan) is not among them: whether it
    lasted is not known.

    Examples
    --------
    >>> from xenotime import facts
    >>> [act.id for act in stops_among(facts.measures())]
    ['M004', 'M005']
    """
    return tuple(
        act
        for act in acts
        if act.instrument == "customs_hold" and act.in_force and act.ends and listed_pairs(act)
    )


def stops_on(stops: Iterable[Measure], origin: str, destination: str) -> tuple[str, ...]:
    """Ids of the stops that hold back what one country ships to another.

    Parameters
    ----------
    stops
        Stops of a run.
    origin, destination
        Nodes of the network; the European Union is told by its members.

    Examples
    --------
    >>> from xenotime import facts
    >>> stops = stops_among(facts.measures())
    >>> stops_on(stops, "CHN", "JPN"), stops_on(stops, "CHN", "ROW"), stops_on(stops, "USA", "JPN")
    (('M004',), (), ())
    """
    if origin == destination:
        return ()
    reached = {*with_aggregates(destination)}
    return tuple(s.id for s in stops if origin in s.actor.split(";") and reached & {*s.targets})


def stopped_class(
    stops: Sequence[Measure],
    product: str,
    contents: Mapping[str, float],
    *,
    origin: str,
    destination: str,
    industry: str,
) -> PermitClass | None:
    """Class of a shipment that a stop holds back, None if none does.

    Parameters
    ----------
    stops
        Stops of a run.
    product, contents
        Product id, and its element shares (t element per t).
    origin, destination, industry
        Who ships to whom.

    Examples
    --------
    >>> from xenotime import facts
    >>> stops = stops_among(facts.measures())
    >>> where = {"origin": "CHN", "destination": "JPN", "industry": ""}
    >>> stopped_class(stops, "oxide:Nd", {"Nd": 0.86}, **where).label()
    'CHN>JPN/civil/stopped'
    >>> stopped_class(stops, "magnet:NdFeB-light", {"Nd": 0.3}, **where) is None  # not listed
    True
    """
    names = stops_on(stops, origin, destination)
    if not any(s.id in names and is_controlled(product, contents, listed_pairs(s)) for s in stops):
        return None
    return PermitClass(
        origin, destination, "defence" if industry == "defence" else "civil", STOPPED
    )


def stopped(
    permits: Permits,
    stops: Sequence[Measure],
    active: Mapping[str, NDArray[np.bool_]],
    share: NDArray[np.float64],
) -> Permits:
    """Hold back a share of what classes ship while a stop lasts.

    Parameters
    ----------
    permits
        Limits of the classes; not changed.
    stops, active
        Stops of a run, and the days on which each is in force.
    share
        Share that is held back, (draws,).
    """
    if not stops:
        return permits
    cap, passing = permits.cap_multiple.copy(), permits.open_share.copy()
    for index, item in enumerate(permits.classes):
        if item.goods == STOPPED:
            for name in stops_on(stops, item.origin, item.destination):
                cap[index, active[name]] = np.minimum(cap[index, active[name]], 1.0 - share)
                passing[index, active[name]] = np.minimum(passing[index, active[name]], 1.0 - share)
    return replace(permits, cap_multiple=cap, open_share=passing)
