"""What stands beside a licence: acts that bar or may bar, and what answers leave out of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from xenotime import facts
from xenotime.facts.measures import MEASURE_RECORD_END
from xenotime.facts.taxonomy import with_aggregates
from xenotime.policy.answers import Answer
from xenotime.policy.held import CONTROL
from xenotime.policy.standing import standing_on

__all__ = [
    "BANS",
    "HOLDING",
    "OTHER_READING",
    "acts_against",
    "beyond_record",
    "conditions",
    "left_out",
]

OTHER_READING = {"M056": "japan-2026"}
"""Built-in scenario in which an act of unknown standing is in force, by act."""
BANS = frozenset({"export_ban"})
HOLDING = BANS | {"customs_hold"}
"""Instruments that stop goods, whoever buys them: lists of firms do not."""
_AGAINST = HOLDING | {"entity_list", "watch_list"}


def acts_against(
    filed: dt.date, node: str, status: str, instruments: frozenset[str] = _AGAINST
) -> tuple[str, ...]:
    """Chinese acts beside the licence control that stand so on a day and name a country.

    Acts about other minerals are left out; an act without elements is about firms.
    """
    listed = set(next(m for m in facts.measures() if m.id == CONTROL).elements)
    acts = {m.id: m for m in facts.measures()}
    return tuple(
        row.id
        for row in standing_on(filed)
        if row.status == status
        and acts[row.id].instrument in instruments
        and "CHN" in acts[row.id].actor.split(";")
        and set(with_aggregates(node)) & set(acts[row.id].targets)
        and (not acts[row.id].elements or listed & set(acts[row.id].elements))
    )


def conditions(filed: dt.date) -> tuple[str, ...]:
    """Say what the exporter must be: on a register, or on a list of state-trading exporters."""
    said = [
        f"exporter: {rule.value} ({rule.id})"
        for rule in facts.scope_rules()
        if rule.rule == "registered exporters" and rule.since <= filed.isoformat()
    ]
    acts = {m.id: m for m in facts.measures()}
    for row in standing_on(filed):
        act = acts[row.id]
        if act.instrument != "state_trading" or row.status not in {"in_force", "unknown"}:
            continue
        elements = [e for e in act.elements if e in acts[CONTROL].elements]
        perhaps = "" if row.status == "in_force" else "perhaps in force: "
        what = (
            f"only exporters on it may ship {', '.join(elements)}"
            if elements
            else f"it is for {', '.join(act.elements)}, not for these goods"
        )
        said.append(f"{perhaps}{act.act} ({act.id}): {what}")
    return tuple(said)


def left_out(bans: Collection[str], halts: Collection[str]) -> tuple[str, ...]:
    """Say which acts the dates leave out, and where the other reading of them is."""
    acts = {m.id: m for m in facts.measures()}
    said = [
        f"{name} ({acts[name].act}) forbids exports for military users: the dates are those"
        " without it"
        for name in bans
    ]
    for name in sorted(halts):
        other = OTHER_READING.get(name)
        reading = (
            f"the scenario {other} is the other reading"
            if other
            else "no built-in scenario has the other reading"
        )
        said.append(
            f"{name} ({acts[name].act}) may be in force, its standing is unknown: the dates leave"
            f" it out; {reading}"
        )
    return tuple(said)


def beyond_record(answers: Sequence[Answer], days: Sequence[dt.date]) -> tuple[str, ...]:
    """Say what is assumed where any day that is told lies beyond the record."""
    end = dt.date.fromisoformat(MEASURE_RECORD_END)
    curves = [c for a in answers for c in (a.by_count, a.by_tonnes) if c is not None]
    # a level that is not reached within the horizon is told as later than that
    dates = [day for curve in curves for day in (curve.p10, curve.p50, curve.p90)]
    if all(day is not None and day <= end for day in (*dates, *days)):
        return ()
    return (f"after {end}, the end of the record, the last regime goes on unchanged",)
