"""Acts of the record that a run does nothing about, by the reason why."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from xenotime.facts.measures import MEASURE_RECORD_END, record_end_of
from xenotime.facts.taxonomy import MINERALS
from xenotime.policy.queues import approval_periods
from xenotime.policy.record import STOPPING, days_in_force, stopped_by
from xenotime.runs.effects import ORDERS_NOTHING, stopping_acts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from xenotime.facts.measures import Measure
    from xenotime.runs.policies import Policy
    from xenotime.scenarios.model import Scenario

__all__ = ["without_mechanism"]

# They act through others, which they stop or ease: what those do not do, these cannot undo.
_THROUGH_OTHERS = STOPPING | {"exemption"}


def without_mechanism(scenario: Scenario, policy: Policy) -> list[str]:
    """Say which acts in force during a run do nothing in it, and what lies after the record.

    Acts that take effect by stopping or easing others (suspensions, truces, removals, exemptions)
    are not counted: they lack no mechanism of their own. Acts that order nothing by themselves
    (threats, lists, rulings, disputes) are counted apart. An act that is suspended on every day of
    the run is not in force.

    Returns
    -------
    list of str
        A line for each group that is there, for `coverage.missing`.

    Examples
    --------
    >>> from xenotime.runs.policies import policy_of
    >>> from xenotime.scenarios import load
    >>> scenario = load("april-2025")
    >>> lines = without_mechanism(scenario, policy_of(scenario, None))
    >>> for line in lines:
    ...     print(line.partition(",")[0])
    31 acts in force without a mechanism yet (13 import tariffs
    4 acts that order nothing by themselves (1 dispute
    """
    followed = {m.id for m in policy.limiting} | {p.act for p in approval_periods()}
    followed |= {m.id for m in stopping_acts(policy.acts, scenario)}
    followed |= {quota.act for quota in policy.quotas}
    rest = [m for m in policy.acts if m.id not in followed and m.instrument not in _THROUGH_OTHERS]
    active = days_in_force(policy.acts, rest, scenario.days)
    idle = [m for m in rest if active[m.id].any()]
    ordering = [m for m in idle if m.instrument not in ORDERS_NOTHING]
    silent = [m for m in idle if m.instrument in ORDERS_NOTHING]
    lines = []
    if ordering:
        lines.append(f"{_acts(ordering)} in force without a mechanism yet ({_kinds(ordering)})")
    if silent:
        lines.append(f"{_acts(silent)} that order nothing by themselves ({_kinds(silent)})")
    if policy.acts and scenario.end > dt.date.fromisoformat(MEASURE_RECORD_END):
        lines.append(
            f"acts after {MEASURE_RECORD_END}, the end of the record: what was in force then is"
            " assumed to continue"
        )
    lines += _coming_back(scenario, policy)
    return lines


def _coming_back(scenario: Scenario, policy: Policy) -> list[str]:
    """Say what this run takes to be in force again since what stopped it ends after the record.

    Acts that the run does nothing about, or that it leaves out, do not come back in it.
    """
    lines = []
    for act in policy.acts:
        ends = act.ends
        if act.instrument not in STOPPING or ends is None:
            continue
        if not record_end_of(act) <= ends < scenario.end:
            continue
        after = np.array([day > ends for day in scenario.days])
        stopped = stopped_by([act], policy.acts).get(act.id, frozenset())
        back = [
            f"{m.act} {m.article}".rstrip() + f" ({m.id})"
            for m in policy.limiting
            if m.id in stopped and (policy.active[m.id] & after).any()
        ]
        if back:
            lines.append(
                f"{act.act} ({act.id}) ends on {ends}, after the record: it is assumed not to be"
                f" renewed, so {' and '.join(back)} {'is' if len(back) == 1 else 'are'} in force"
                " again from the next day"
            )
    return lines


def _acts(acts: Sequence[Measure]) -> str:
    return f"{len(acts)} act{'' if len(acts) == 1 else 's'}"


def _kinds(acts: Iterable[Measure]) -> str:
    """Count acts by kind, the most frequent first."""
    counts = Counter(map(_kind, acts))
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(
        f"{count} {_plural(kind) if count > 1 else _one(kind)}" for kind, count in ordered
    )


def _one(kind: str) -> str:
    """Name a kind of which there is one.

    >>> _one("port fees"), _one("import tariff"), _one("export licence on other goods")
    ('set of port fees', 'import tariff', 'export licence on other goods')
    """
    return f"set of {kind}" if kind.partition(" on ")[0].endswith("s") else kind


def _kind(act: Measure) -> str:
    """Name the kind of an act; a licence that the run does not follow says on what it is.

    Licences on elements of the network's rare-earth chains are controls of a run.
    """
    kind = act.instrument.replace("_", " ")
    if act.instrument != "export_licence":
        return kind
    return f"{kind} on other {'minerals' if set(act.elements) & set(MINERALS) else 'goods'}"


def _plural(kind: str) -> str:
    """Write a kind in the plural.

    >>> _plural("import tariff"), _plural("export licence on other goods"), _plural("port fees")
    ('import tariffs', 'export licences on other goods', 'sets of port fees')
    >>> _plural("subsidy")
    'subsidies'
    """
    if _one(kind) != kind:
        return f"sets of {kind}"
    head, on, rest = kind.partition(" on ")
    head = f"{head[:-1]}ies" if head.endswith("y") else f"{head}s"
    return head + on + rest
