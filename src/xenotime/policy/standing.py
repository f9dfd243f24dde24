"""How every act of the record stands on a day: in force, suspended, lapsed, unknown."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xenotime import facts
from xenotime.facts.measures import MEASURE_RECORD_END
from xenotime.policy.record import STOPPING, in_force, stopped_by

if TYPE_CHECKING:
    from xenotime.facts.measures import Measure

__all__ = ["Standing", "standing_on"]


@dataclass(frozen=True, slots=True)
class Standing:
    """How one act stands on a day.

    `status` is ``in_force``, ``suspended``, ``lapsed``, ``scheduled``, ``never_operated`` or
    ``unknown``; `since` and `until` are the days from and through which the act itself is in
    effect; `changed_by` names the acts that stop it; `record_end` is the last day of the record
    where the day asked for lies behind it.
    """

    id: str
    act: str
    article: str | None
    actor: str
    status: str
    since: dt.date | None
    until: dt.date | None
    changed_by: tuple[str, ...]
    record_end: dt.date | None


def standing_on(day: dt.date) -> tuple[Standing, ...]:
    """Say how every act that was announced by a day stands on it, in the order of ids.

    A dated end that falls between the end of the record and the day makes the status unknown:
    nobody has recorded whether the act was extended. Acts that were added by a user count as any
    other.

    Examples
    --------
    >>> found = {row.id: row for row in standing_on(dt.date(2025, 12, 1))}
    >>> found["M023"].status, found["M039"].status, found["M039"].changed_by
    ('in_force', 'suspended', ('M048',))
    >>> {row.id: row for row in standing_on(dt.date(2026, 11, 12))}["M039"].status
    'unknown'
    """
    acts = [m for m in facts.measures() if m.announced is not None and m.announced <= day]
    record_end = dt.date.fromisoformat(MEASURE_RECORD_END)
    running = [
        m for m in acts if m.in_force is not None and m.in_force <= day and not _over(m, day)
    ]
    standing = {m.id for m in in_force(acts, day)}
    stopped = stopped_by(running, acts)
    # What stopped an act may have ended since the record did: nobody knows whether it was extended.
    unclear = {
        changed
        for m in acts
        if m.instrument in STOPPING and m.ends is not None and record_end < m.ends < day
        for changed in m.changes
    }
    rows = []
    for act in acts:
        stopping = tuple(name for name, names in stopped.items() if act.id in names)
        rows.append(
            Standing(
                id=act.id,
                act=act.act,
                article=act.article or None,
                actor=act.actor,
                status=_status(act, day, record_end, standing, stopping, unclear),
                since=act.in_force,
                until=act.ends,
                changed_by=stopping,
                record_end=record_end if day > record_end else None,
            )
        )
    return tuple(rows)


def _over(act: Measure, day: dt.date) -> bool:
    return act.ends is not None and act.ends < day


def _status(
    act: Measure,
    day: dt.date,
    record_end: dt.date,
    standing: set[str],
    stopping: tuple[str, ...],
    unclear: set[str],
) -> str:
    if act.in_force is not None and act.in_force > day:
        return "scheduled"
    if act.status == "never_operated":
        return "never_operated"
    if act.in_force is None or act.status == "unknown":
        return "unknown"
    if act.status == "ended" and act.ends is None:
        return "lapsed"  # ended on a day that no source prints
    if _over(act, day):
        assert act.ends is not None
        return "unknown" if act.ends > record_end else "lapsed"
    if stopping:
        return "suspended"
    if act.id in unclear:
        return "unknown"
    return "in_force" if act.id in standing else "suspended"
