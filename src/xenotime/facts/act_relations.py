"""What keeps an added act out beside others: whom it reaches, what came first, its status."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from xenotime.facts.measures import Measure, measures
from xenotime.facts.taxonomy import countries

__all__ = ["relation_problems"]

_STOPPING = frozenset({"suspension", "truce", "removal"})
_ON_EXPORTS = frozenset({"export_licence", "export_ban", "export_quota", "export_tax"})


def relation_problems(rows: Sequence[Measure], today: dt.date) -> Iterator[tuple[str, str]]:
    """Say where acts that are added together contradict the acts that they name, or themselves.

    Parameters
    ----------
    rows
        Acts that are sound by themselves.
    today
        The day that counts as today.

    Yields
    ------
    tuple of str
        Id of the act and what is wrong with it.
    """
    acts = {m.id: m for m in (*measures(), *rows)}
    stopped = {name for m in acts.values() if m.instrument in _STOPPING for name in m.changes}
    for row in rows:
        found = [*_reach(row, acts), *_order(row, acts), *_status(row, stopped, today)]
        if row.instrument in _ON_EXPORTS and set(row.targets) <= set(row.actor.split(";")):
            found.append(
                f"targets are {', '.join(row.targets)}, who acts:"
                " name those whose imports it limits"
            )
        for line in found:
            yield row.id, line


def _reach(row: Measure, acts: Mapping[str, Measure]) -> Iterator[str]:
    """Complain of an act that stops another one for some of those whom that one is aimed at."""
    # A court that addresses its own government speaks of the whole act.
    whole = "WLD" in row.targets or set(row.targets) <= set(row.actor.split(";"))
    if row.instrument not in _STOPPING or whole:
        return
    reached = _members(row.targets) | set(row.actor.split(";"))
    for name in row.changes:
        if name in acts and name != row.id and not _members(acts[name].targets) <= reached:
            yield (
                f"targets are {', '.join(row.targets)}, but {name} is aimed at"
                f" {', '.join(acts[name].targets)}: an act is stopped for all of them or for none;"
                " to ease it for some, give a scenario `approval_pace` with destinations"
            )


def _members(targets: Sequence[str]) -> set[str]:
    """Countries behind codes; the world stands for itself."""
    union = {code for code, country in countries().items() if country.in_eu}
    return {
        code for target in targets for code in (union if target in {"EUU", "REU"} else {target})
    }


def _order(row: Measure, acts: Mapping[str, Measure]) -> Iterator[str]:
    if row.announced is None:
        return
    if row.first_known is not None and row.first_known < row.announced:
        yield (
            f"first_known is {row.first_known}, before it was announced ({row.announced}): give the"
            " day of the announcement, or a later one"
        )
    for name in row.changes:
        other = acts.get(name)
        if other is not None and other.announced is not None and row.announced < other.announced:
            yield (
                f"announced is {row.announced}, before {name}, which it changes, was"
                f" ({other.announced})"
            )


def _status(row: Measure, stopped: set[str], today: dt.date) -> Iterator[str]:
    """Complain of a status that says otherwise than the days do."""
    if row.status == "in_force" and (
        row.in_force is None or row.in_force > today or (row.ends is not None and row.ends < today)
    ):
        yield (
            f"status is 'in_force', but it runs from {row.in_force or 'no day'} to"
            f" {row.ends or 'no day'}: leave the status out, it follows from the days"
        )
    if row.status == "suspended" and row.id not in stopped:
        yield (
            "status is 'suspended', but no act on record stops it: add the suspension as an act of"
            " its own"
        )
