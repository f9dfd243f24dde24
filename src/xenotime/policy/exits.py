"""Goods that leave a control without a licence: a share of a class, from a day on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from xenotime.policy.regime import PermitClass, Permits

__all__ = ["Exit", "leaving", "outside"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Exit:
    """A share of the licensed goods of some classes that is made so as to be outside the control.

    It rises evenly from nothing on the day before `start` to `share` on the day `full`, and ends
    after `last`, if that is given. `destinations` and `uses` are empty where all are meant.
    `general` says that what it frees is under a general licence, not outside the control: firms on
    entity lists get none.
    """

    goods: frozenset[str]
    share: float
    start: dt.date
    full: dt.date
    destinations: frozenset[str] = frozenset()
    uses: frozenset[str] = frozenset()
    last: dt.date | None = None
    general: bool = False

    def covers(self, item: PermitClass) -> bool:
        """Whether a class is meant; nothing leaves what is not under a licence."""
        return (
            bool(item.controls)
            and item.goods in self.goods
            and (not self.destinations or item.destination in self.destinations)
            and (not self.uses or item.use in self.uses)
        )

    def path(self, days: Sequence[dt.date]) -> Array:
        """Share outside the control on each day.

        Examples
        --------
        >>> first, last = dt.date(2025, 5, 1), dt.date(2025, 5, 2)
        >>> Exit(frozenset({"magnet"}), 0.4, first, last).path([first, last]).tolist()
        [0.2, 0.4]
        """
        length = (self.full - self.start).days + 1
        done = np.array([(day - self.start).days + 1 for day in days]) / length
        share: Array = self.share * np.clip(done, 0.0, 1.0)
        if self.last is not None:
            share = np.where([day <= self.last for day in days], share, 0.0)
        return share


def outside(item: PermitClass, exits: Sequence[Exit], days: Sequence[dt.date]) -> Array:
    """Share of a class that needs no licence of any kind on each day, one at most.

    Examples
    --------
    >>> from xenotime.policy.regime import PermitClass
    >>> item = PermitClass("CHN", "USA", "civil", "magnet", ("M023",))
    >>> day = dt.date(2025, 5, 1)
    >>> rotors = Exit(frozenset({"magnet"}), 0.4, day, day)
    >>> general = Exit(frozenset({"magnet"}), 0.3, day, day, last=day, general=True)
    >>> outside(item, [rotors, general], [day]).tolist()
    [0.4]
    """
    paths = [one.path(days) for one in exits if one.covers(item) and not one.general]
    return np.minimum(1.0, sum(paths, np.zeros(len(days))))


def leaving(
    permits: Permits, exits: Sequence[Exit], days: Sequence[dt.date], burst: Array
) -> Permits:
    """Let the share of each class that is outside the control ship without a licence.

    Shares of exits that meet add up, to one at most. What a licence or a ban limits is never
    tightened.

    Parameters
    ----------
    permits
        What licences and holds let through; it is not changed.
    exits
        All exits of a scenario.
    days
        Calendar days of the run.
    burst
        How fast released goods catch up, as a multiple of base flow, shape (draws,).

    Returns
    -------
    Permits
        The same object where nothing leaves.
    """
    covered = permits.covered_by(exits)
    if not covered:
        return permits
    cap, granted, share = (
        values.copy() for values in (permits.cap_multiple, permits.granted, permits.open_share)
    )
    for index, found in covered:
        out = np.minimum(1.0, sum(item.path(days) for item in found))[:, None]
        # inf * 0 is nan: only what is limited is mixed
        limited = np.isfinite(cap[index])
        inside = np.where(limited, cap[index], 0.0)
        mixed = np.maximum(inside, out * burst + (1.0 - out) * inside)
        cap[index] = np.where(limited, mixed, np.inf)
        share[index] = out + (1.0 - out) * share[index]
        # The engine books all of a class against its volume, so what needs none adds to it.
        needless = np.where(np.isfinite(granted[index]), out * burst, 0.0)
        granted[index] = granted[index] + np.cumsum(needless, axis=0)
    return replace(permits, cap_multiple=cap, granted=granted, open_share=share)
