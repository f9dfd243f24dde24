"""Goods that reach their users by way of third countries, though a ban or a licence holds them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from xenotime.policy.regime import PermitClass, Permits

__all__ = ["Leak", "leaking"]

Array = NDArray[np.float64]
NOTHING = 1e-6
"""Share that is a matter of rounding in single precision."""


@dataclass(frozen=True)
class Leak:
    """A share of what is held back that arrives all the same, some days later.

    `delay` is the number of days that the way round takes longer; `acts` are ids of controls and
    bans, empty where every one is meant, as `goods`, `destinations` and `uses` are.
    """

    share: float
    delay: int
    start: dt.date
    acts: frozenset[str] = frozenset()
    goods: frozenset[str] = frozenset()
    destinations: frozenset[str] = frozenset()
    uses: frozenset[str] = frozenset()

    def holding(self, item: PermitClass) -> tuple[str, ...]:
        """Name the controls and limits of a class whose holding back this leak gets round.

        Goods that only look controlled wait at customs: nothing of theirs goes another way.
        """
        meant = (
            (not self.goods or item.goods in self.goods)
            and (not self.destinations or item.destination in self.destinations)
            and (not self.uses or item.use in self.uses)
        )
        names = (*item.controls, *item.beside) if meant else ()
        return tuple(name for name in names if not self.acts or name in self.acts)


def leaking(
    permits: Permits,
    leaks: Sequence[Leak],
    active: Mapping[str, NDArray[np.bool_]],
    days: Sequence[dt.date],
    burst: Array,
) -> Permits:
    """Let part of what is held back through, after its delay; nothing is ever tightened.

    What is held back on a day is the share of buyers who may not ship, of base flow. What passes
    is shipped on the link itself: the mass is the link's, the way it takes is not followed. Where
    all that is held back passes on the day itself, nothing limits any more. Shares of leaks that
    meet add up, to one at most.

    Parameters
    ----------
    permits
        What licences, holds, bans and lists let through; it is not changed.
    leaks
        All leaks of a scenario.
    active
        Days on which each control and limit is in force, by id.
    days
        Calendar days of the run.
    burst
        How fast released goods catch up, as a multiple of base flow, shape (draws,).

    Returns
    -------
    Permits
        The same object where nothing leaks.
    """
    covered = [
        (i, [(leak, names) for leak in leaks if leak.share > 0 and (names := leak.holding(item))])
        for i, item in enumerate(permits.classes)
    ]
    covered = [(i, found) for i, found in covered if found]
    if not covered:
        return permits
    cap, granted, open_share = (
        values.copy() for values in (permits.cap_multiple, permits.granted, permits.open_share)
    )
    for index, found in covered:
        passing = _passing(1.0 - permits.open_share[index].astype(float), found, active, days)
        limited = np.isfinite(cap[index]) & (passing > 0)
        free = limited & (permits.open_share[index] + passing >= 1.0 - NOTHING) & _at_once(found)
        volume = np.where(free, burst, np.where(limited, passing, 0.0))
        cap[index] = np.where(free, np.inf, cap[index] + np.where(limited, passing, 0.0))
        open_share[index] = np.minimum(1.0, open_share[index] + np.where(limited, passing, 0.0))
        # The engine books all of a class against its volume, so what needs none adds to it.
        needless = np.where(np.isfinite(granted[index]), volume, 0.0)
        granted[index] = granted[index] + np.cumsum(needless, axis=0)
    return replace(permits, cap_multiple=cap, granted=granted, open_share=open_share)


def _passing(
    held: Array,
    found: Sequence[tuple[Leak, tuple[str, ...]]],
    active: Mapping[str, NDArray[np.bool_]],
    days: Sequence[dt.date],
) -> Array:
    """Multiple of base flow that arrives by other ways on each day, shape (days, draws)."""
    shares = np.array(
        [
            leak.share
            * np.any([active[name] for name in names], axis=0)
            * np.array([day >= leak.start for day in days])
            for leak, names in found
        ]
    )
    shares /= np.maximum(1.0, shares.sum(axis=0))
    passing = np.zeros_like(held)
    for share, (leak, _) in zip(shares, found, strict=True):
        gone = (share[:, None] * held)[: max(0, len(days) - leak.delay)]
        passing[leak.delay :] += gone
    return passing


def _at_once(found: Sequence[tuple[Leak, tuple[str, ...]]]) -> bool:
    """Whether nothing of what leaks comes later."""
    return all(leak.delay == 0 for leak, _ in found)
