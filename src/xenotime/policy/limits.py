"""Limits on exports beside the licences whose pace is on record: bans, and what is assumed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from xenotime.policy.scope import is_controlled

if TYPE_CHECKING:
    from xenotime.facts.measures import Measure
    from xenotime.policy.regime import Permits

__all__ = ["Limit", "limits_on", "within"]


@dataclass(frozen=True)
class Limit:
    """An act that stops the shipments it lists, for some uses; nobody gets a licence.

    `uses` are ``civil`` and ``defence``, as far as the act reaches them.
    """

    measure: Measure
    uses: frozenset[str]

    @property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """Pairs of element and form that it lists: bans name kinds of goods, not items."""
        return frozenset((e, f) for e in self.measure.elements for f in self.measure.forms)


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
        and ("WLD" in limit.measure.targets or destination in limit.measure.targets)
        and is_controlled(product, contents, limit.pairs)
    )


def within(
    permits: Permits, limits: Sequence[Limit], active: Mapping[str, NDArray[np.bool_]]
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
            days = active[by_id[name].measure.id]
            cap[index, days] = 0.0
            share[index, days] = 0.0
    return replace(permits, cap_multiple=cap, open_share=share)
