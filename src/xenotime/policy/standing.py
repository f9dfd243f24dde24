"""How every act of the record stands on a day: in force, suspended, lapsed, unknown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xenotime import facts
from xenotime.facts.measures import record_end_of
from xenotime.policy.clocks import day_of
from xenotime.policy.record import STOPPING, in_force, reach_of, stopped_by

if TYPE_CHECKING:
    from xenotime.facts.measures import Measure

__all__ = ["Spell", "Standing", "history_of", "standing_on"]

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Spell:
    """Days, first and last included, on which an act stands in one way.

    `until` is None where the record knows no end. `changed_by` names the acts that stop it.
    """

    status: str
    since: dt.date
    until: dt.date | None
    changed_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """How one act stands on a day.

    `status` is ``in_force``, ``suspended``, ``lapsed``, ``scheduled``, ``never_operated`` or
    ``unknown``; `since` and `until` are the first and the last day of that status as the record
    has them (`until` None: no end is on record). `begins` and `ends` are the first and the last day
    in effect of the act itself. `changed_by` names the acts that stop it; `record_end` is the last
    day of the table that the act is in, where the day asked for lies behind it.
    """

    id: str
    act: str
    article: str | None
    actor: str
    status: str
    since: dt.date
    until: dt.date | None
    begins: dt.date | None
    ends: dt.date | None
    changed_by: tuple[str, ...]
    record_end: dt.date | None


def standing_on(moment: dt.date | dt.datetime) -> tuple[Standing, ...]:
    """Say how every act that was announced by a day stands on it, in the order of ids.

    The day is one of the calendar of whoever acts; a moment with a time zone is turned into it
    (see `policy.clocks`). The status counts what was announced by the day; how long it lasted,
    everything on record. A dated end that lies
    at or after the end of the record and before the day makes the status unknown: nobody has
    recorded whether the act was extended. Acts that were added by a user count as any other.

    Examples
    --------
    >>> found = {row.id: row for row in standing_on(dt.date(2025, 12, 1))}
    >>> found["M023"].status, found["M039"].status, found["M039"].changed_by
    ('in_force', 'suspended', ('M048',))
    >>> found["M039"].since.isoformat(), found["M039"].until.isoformat()
    ('2025-11-07', '2026-11-10')
    >>> {row.id: row for row in standing_on(dt.date(2026, 11, 12))}["M039"].status
    'unknown'
    """
    rows = []
    for act in facts.measures():
        day = day_of(moment, act.actor) if isinstance(moment, dt.datetime) else moment
        if act.announced is None or act.announced > day:
            continue
        spell = next(s for s in history_of(act) if s.until is None or day <= s.until)
        end = record_end_of(act)
        rows.append(
            Standing(
                id=act.id,
                act=act.act,
                article=act.article or None,
                actor=act.actor,
                status=spell.status,
                since=spell.since,
                until=spell.until,
                begins=act.in_force,
                ends=act.ends,
                changed_by=spell.changed_by,
                record_end=end if day > end else None,
            )
        )
    return tuple(rows)


@facts.remembered(maxsize=512)
def history_of(act: Measure) -> tuple[Spell, ...]:
    """Follow an act from its announcement on: one spell after another, the last one open.

    An act that was announced after it had begun is followed from the day on which it was known.

    Examples
    --------
    >>> for spell in history_of(facts.get("M041")):
    ...     print(spell.status, spell.since, spell.until)
    scheduled 2025-10-09 2025-11-06
    never_operated 2025-11-07 2026-11-10
    unknown 2026-11-11 None
    """
    acts = facts.measures()
    spells: list[Spell] = []
    days = sorted(_days_of_change(act, acts))
    for day, following in zip(days, [*days[1:], None], strict=True):
        status, changed_by = _status(act, day, acts)
        until = None if following is None else following - ONE_DAY
        before = spells[-1] if spells else None
        if (
            before
            and before.status == status
            and (before.changed_by == changed_by or status == "lapsed")
        ):
            spells[-1] = Spell(status, before.since, until, before.changed_by)
        else:
            spells.append(Spell(status, day, until, changed_by))
    return tuple(spells)


def _stopping(act: Measure, acts: Collection[Measure]) -> list[Measure]:
    """Acts that stop an act at some time, and the removals of those."""
    stopping = [m for m in acts if m.instrument in STOPPING and act.id in reach_of(m, acts)]
    names = {m.id for m in stopping}
    return stopping + [m for m in acts if m.instrument == "removal" and names & set(m.changes)]


def _days_of_change(act: Measure, acts: Collection[Measure]) -> set[dt.date]:
    """Days on which the status of an act may become another one."""
    assert act.announced is not None
    return {
        day
        for m in (act, *_stopping(act, acts))
        for day in (m.announced, m.in_force, m.ends + ONE_DAY if m.ends else None)
        if day is not None and day > act.announced
    } | {act.announced}


def _status(act: Measure, day: dt.date, every: Collection[Measure]) -> tuple[str, tuple[str, ...]]:
    """Status of an act on a day, and the acts that stop it, as far as they were announced."""
    acts = [m for m in every if m.announced is not None and m.announced <= day]
    running = [
        m for m in acts if m.in_force is not None and m.in_force <= day and not _over(m, day)
    ]
    stopped = stopped_by(running, acts)
    stopping = tuple(name for name, names in stopped.items() if act.id in names)
    if act.in_force is None or act.status == "unknown":
        return "unknown", stopping
    if _over(act, day):
        assert act.ends is not None
        return ("unknown" if act.ends >= record_end_of(act) else "lapsed"), ()
    if any(m.instrument == "removal" for m in running if m.id in stopping):
        return "lapsed", stopping
    if stopping:
        # What is to begin after the stop has ended is still to come.
        last = max(m.ends or dt.date.max for m in running if m.id in stopping)
        if last < act.in_force:
            return "scheduled", stopping
        return ("suspended" if _has_operated(act, day, acts) else "never_operated"), stopping
    if _is_unclear(act, day, acts):
        return "unknown", ()
    if day < act.in_force:
        return "scheduled", ()
    if act.status == "never_operated" and not _stopping(act, acts):
        return "never_operated", ()
    if act.status == "ended" and act.ends is None:
        return "lapsed", ()  # ended on a day that no source prints
    return "in_force", ()


def _over(act: Measure, day: dt.date) -> bool:
    return act.ends is not None and act.ends < day


def _is_unclear(act: Measure, day: dt.date, acts: Collection[Measure]) -> bool:
    """Whether what stopped an act has ended since the record did, perhaps to be extended."""
    return any(
        m.ends is not None and record_end_of(m) <= m.ends < day and act.id in reach_of(m, acts)
        for m in acts
        if m.instrument in STOPPING
    )


def _has_operated(act: Measure, day: dt.date, acts: Collection[Measure]) -> bool:
    """Whether an act was in force on some day up to this one."""
    return any(
        act.id in {m.id for m in in_force(acts, earlier)}
        for earlier in _days_of_change(act, acts)
        if earlier <= day
    )
