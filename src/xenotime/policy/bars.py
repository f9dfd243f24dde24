"""Firms on entity lists: the share of a class that they are gets no licence while they stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from xenotime.facts.taxonomy import with_aggregates
from xenotime.policy.exits import outside

if TYPE_CHECKING:
    from xenotime.facts.measures import Measure
    from xenotime.policy.exits import Exit
    from xenotime.policy.regime import PermitClass, Permits

__all__ = ["Bar", "barring"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Bar:
    """An act that lists firms, and the share of the tonnage of its targets that those firms take.

    `destinations` and `uses` (``civil``, ``defence``) are empty where all that the act reaches are
    meant.
    """

    measure: Measure
    share: float
    destinations: frozenset[str] = frozenset()
    uses: frozenset[str] = frozenset()

    def covers(self, item: PermitClass) -> bool:
        """Whether a class is meant: goods under a licence, from the actor to a target."""
        return (
            bool(item.controls)
            and item.origin in self.measure.actor.split(";")
            and bool({*with_aggregates(item.destination)} & {*self.measure.targets})
            and (not self.destinations or item.destination in self.destinations)
            and (not self.uses or item.use in self.uses)
        )


def barring(
    permits: Permits,
    bars: Sequence[Bar],
    active: Mapping[str, NDArray[np.bool_]],
    exits: Sequence[Exit],
    days: Sequence[dt.date],
    burst: Array,
) -> Permits:
    """Take listed firms out of the classes that they buy in; what others may ship stays theirs.

    On a day on which the listing and a control of the class are both in force, the share of
    buyers who may ship is that of the others, who catch up as their queue lets them; what is
    barred does not. Goods outside the control need no licence and pass as before; general
    licences are not open to listed firms. Shares of lists that meet add up, to one at most. A
    licence that a listed firm had is void while the listing is in force.

    Parameters
    ----------
    permits
        What licences, holds and exits let through; it is not changed.
    bars
        All bars of a scenario.
    active
        Days on which each listing and each control is in force, by id.
    exits
        All exits of a scenario: some goods are outside the control.
    days
        Calendar days of the run.
    burst
        How fast released goods catch up, as a multiple of base flow, shape (draws,).

    Returns
    -------
    Permits
        The same object where nobody is barred.
    """
    covered = permits.covered_by(bars)
    if not covered:
        return permits
    cap, open_share = permits.cap_multiple.copy(), permits.open_share.copy()
    for index, found in covered:
        controlled = np.any([active[name] for name in permits.classes[index].controls], axis=0)
        barred = sum(bar.share * active[bar.measure.id] for bar in found) * controlled
        on = barred > 0
        left = (1.0 - np.minimum(1.0, barred[on]))[:, None]
        out = outside(permits.classes[index], exits, days)[on][:, None]
        for values, free in ((open_share, out), (cap, out * burst)):
            # in single precision the mix may lie below its own part
            untouched = np.minimum(values[index, on], free)
            values[index, on] = untouched + (values[index, on] - untouched) * left
    return replace(permits, cap_multiple=cap, open_share=open_share)
