"""When goods that need no licence, but look controlled, pass customs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from xenotime import facts
from xenotime.facts.taxonomy import region_of
from xenotime.policy.answers import Eta, answer_of, drawn
from xenotime.policy.holds import pass_share
from xenotime.policy.queues import approval_periods

__all__ = ["CONTROL", "held_of"]

Array = NDArray[np.float64]
CONTROL = "M023"
HELD_PAPERS = ("magnets without controlled elements under the magnet HS line", "customs query")
"""Rules of the register on goods that look controlled."""


def held_of(
    filed: dt.date, destination: str, end_use: str, days: Sequence[dt.date], seed: int
) -> Eta:
    """Say when goods that need no licence pass customs.

    The share that passes on a day is that of `policy.holds`; goods that are held wait until it has
    risen to their place in the queue, so a consignment has passed by a day with the largest share
    since it was presented.
    """
    node = region_of(destination)
    share = "hold_share_usa" if node == "USA" else "hold_share"
    names = (share, "hold_ramp_days", "hold_days", "hold_release_days")
    values, _ = drawn(names, seed)
    start = (next(p.starts for p in approval_periods() if p.act == CONTROL) - filed).days
    passing = pass_share(
        len(days),
        start=start,
        held=values[share],
        ramp_days=values["hold_ramp_days"],
        hold_days=values["hold_days"],
        release_days=values["hold_release_days"],
    )
    chance: Array = np.maximum.accumulate(passing, axis=0).mean(axis=1)
    answer = answer_of(
        ("customs_hold", "magnets outside the control that customs may hold", "holds"),
        True,
        (None, chance),
        filed,
        tuple(facts.parameters()[name].id for name in names),
    )
    return Eta(
        filed=filed,
        destination=destination,
        end_use=end_use,
        headline=answer.group,
        answers=(answer,),
        statutory_deadline=None,
        use_bans=(),
        bars=(),
        unclear=(),
        halts=(),
        papers=tuple(f"{r.rule}: {r.value}" for r in facts.scope_rules() if r.rule in HELD_PAPERS),
        queue_from=filed,
        assumptions=(
            "these goods need no licence; a share is held because it looks controlled",
            "shares and times were tuned on exports of April to September 2025, of all magnets",
            "later controls that list more elements may hold goods anew: not counted here",
        ),
    )
