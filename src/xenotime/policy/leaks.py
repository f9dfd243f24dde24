"""Goods that reach their users by way of third countries, though a ban or a licence holds them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from xenotime.policy.regime import PermitClass, Permits

__all__ = ["Leak", "leaking", "let_through"]

Array = NDArray[np.float64]
NOTHING = 1e-6
"""Share that is a matter of rounding."""


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
) -> Permits:
    """Let part of what the licence regime holds back through, after its delay.

    Nothing is ever tightened. What passes needs no licensed volume and is shipped on the link
    itself: the mass is the link's, the way it takes is not followed. Limits beside the licences
    let through what leaks round them where they are applied (`limits.within`), so whoever gets
    round one act still meets the others.

    Parameters
    ----------
    permits
        What licences, holds and lists let through; it is not changed.
    leaks
        All leaks of a scenario.
    active
        Days on which each control is in force, by id.
    days
        Calendar days of the run.

    Returns
    -------
    Permits
        The same object where nothing leaks.
    """
    found = [
        (index, passed)
        for index, item in enumerate(permits.classes)
        if (
            passed := let_through(
                item, item.controls, permits.open_share[index], leaks, active, days
            )
        )
    ]
    if not found:
        return permits
    cap, granted, open_share = (
        values.copy() for values in (permits.cap_multiple, permits.granted, permits.open_share)
    )
    for index, (passing, free) in found:
        limited = np.isfinite(cap[index])
        extra = np.where(limited, passing, 0.0)
        cap[index] = np.where(free, np.inf, cap[index] + extra)
        open_share[index] = np.minimum(1.0, open_share[index] + extra)
        # The engine books all of a class against its volume, so what needs none adds to it.
        needless = np.where(np.isfinite(granted[index]) & ~free, extra, 0.0)
        granted[index] = np.where(free, np.inf, granted[index] + np.cumsum(needless, axis=0))
    return replace(permits, cap_multiple=cap, granted=granted, open_share=open_share)


def let_through(
    item: PermitClass,
    names: Collection[str],
    open_share: NDArray[np.floating],
    leaks: Sequence[Leak],
    active: Mapping[str, NDArray[np.bool_]],
    days: Sequence[dt.date],
) -> tuple[Array, NDArray[np.bool_]] | None:
    """Say what of a class gets round a limit that some acts set together.

    A leak gets round the limit on the days on which every one of the acts in force is its own:
    who gets round one of two controls still needs the licence of the other. What is held back on a
    day is the share of buyers who may not ship, of base flow. Shares of leaks that meet add up,
    to one at most.

    Parameters
    ----------
    item
        The class.
    names
        Acts that set the limit: the controls of the class, or one act beside them.
    open_share
        Share of buyers whom the limit lets ship, shape (days, draws).
    leaks
        All leaks of a scenario.
    active
        Days on which each act is in force, by id.
    days
        Calendar days of the run.

    Returns
    -------
    tuple or None
        Multiple of base flow that arrives by other ways on each day, shape (days, draws); days on
        which all of it passes at once, so that nothing limits, shape (days, 1). None where
        nothing leaks.
    """
    found = [
        (leak, own)
        for leak in leaks
        if leak.share > 0 and (own := {*leak.holding(item)} & {*names})
    ]
    if not found:
        return None
    shares = np.array(
        [
            leak.share
            * np.any([active[name] for name in own], axis=0)
            * ~np.any([active[name] & (name not in own) for name in names], axis=0)
            * np.array([day >= leak.start for day in days])
            for leak, own in found
        ]
    )
    shares /= np.maximum(1.0, shares.sum(axis=0))
    held = 1.0 - open_share.astype(float)
    passing = np.zeros_like(held)
    at_once = np.zeros(len(days))
    for share, (leak, _) in zip(shares, found, strict=True):
        gone = (share[:, None] * held)[: max(0, len(days) - leak.delay)]
        passing[leak.delay :] += gone
        if leak.delay == 0:
            at_once += share
    return passing, (at_once >= 1.0 - NOTHING)[:, None]
