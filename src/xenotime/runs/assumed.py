"""What a scenario assumes beside the record: one plain sentence for each entry that it has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xenotime.policy.limits import ASSUMED
from xenotime.runs.listed import NO_SUCH_GOODS, entity_shares, general_licences, leakage, only_for
from xenotime.runs.supplies import assumed_supplies
from xenotime.runs.wedges import assumed_duties

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from xenotime.runs.layout import Layout
    from xenotime.runs.policies import Policy
    from xenotime.scenarios.levers import CounterControl, ScopeExit
    from xenotime.scenarios.model import PaceChange, Scenario

__all__ = ["LABELS", "SENTENCES", "assumed_by"]

LABELS = frozenset({"schema_version", "name", "title", "description", "start", "end"})
"""Fields of a scenario that name it or bound its days: the head of a page has them."""


@dataclass(frozen=True)
class _Case:
    """A scenario, and what of it can act in a run."""

    scenario: Scenario
    policy: Policy
    layout: Layout


def assumed_by(scenario: Scenario, policy: Policy, layout: Layout) -> list[str]:
    """Say what a scenario assumes beside the record.

    Parameters
    ----------
    scenario
        Every field that differs from its default is told.
    policy, layout
        What governments do in the run and what it can touch: of an entry that can do nothing this
        is said.

    Returns
    -------
    list of str
        One sentence for each entry, in the order of the fields; empty where the record runs as it
        is.
    """
    case = _Case(scenario, policy, layout)
    return [sentence for say in SENTENCES.values() for sentence in say(case)]


def _baseline(case: _Case) -> list[str]:
    year = case.scenario.precedent
    return [] if year is None else [f"the network is that of {year}, not today's"]


def _record(case: _Case) -> list[str]:
    return [] if case.scenario.record else ["no act of the legal record takes effect"]


def _without(case: _Case) -> list[str]:
    lines = []
    for entry in case.scenario.without:
        acts = [m.id for m in case.policy.omitted if entry.covers(m)]
        told = ", ".join(acts) if acts else "none that this run knows"
        lines.append(
            f"acts between {' and '.join(entry.dyad)} announced on {entry.announced_from} or later"
            f" do not happen: {told}"
        )
    return lines


def _without_acts(case: _Case) -> list[str]:
    titles = {m.id: f"{m.act} ({m.id})" for m in case.policy.omitted}
    return [
        f"{titles[name]} does not happen"
        if name in titles
        else f"{name} does not happen; it is no act that this run knows"
        for name in case.scenario.without_acts
    ]


def _bans(case: _Case) -> list[str]:
    limits = {limit.measure.id: limit.measure for limit in case.policy.limits}
    known = {m.id: f"{m.act} {m.article}".rstrip() + f" ({m.id})" for m in case.policy.acts}
    return [
        f"shipments obey the ban of {known.get(ban.act, ban.act)} for {_both(ban.uses)} use: nobody"
        " gets a licence while it is in force"
        + ("" if ban.act in limits else "; it is not in force on any day of this run")
        for ban in case.scenario.bans
    ]


def _counter_controls(case: _Case) -> list[str]:
    touching = {name for item in case.layout.classes for name in item.beside}
    return [
        _control(entry)
        + ("" if f"{ASSUMED}{entry.name}" in touching else "; it touches no flow of the network")
        for entry in case.scenario.counter_controls
    ]


def _control(entry: CounterControl) -> str:
    where = "all countries" if "WLD" in entry.targets else ", ".join(entry.targets)
    pace = (
        "nobody gets one"
        if entry.approval_days is None
        else f"it takes {entry.approval_days:g} working days on average"
    )
    return (
        f"{entry.name}, a control that is on no record: exports of {', '.join(entry.elements)} as"
        f" {' and '.join(entry.forms)} from {entry.actor} to {where} need a licence"
        f"{_from(entry.start, entry.end)} for {_both(entry.uses)} use, and {pace}"
    )


def _scope_exits(case: _Case) -> list[str]:
    # The general licences of a policy follow its exits.
    pairs = zip(case.scenario.scope_exits, case.policy.exits, strict=False)
    return [
        _exit(entry) + ("" if any(map(exit_.covers, case.layout.classes)) else NO_SUCH_GOODS)
        for entry, exit_ in pairs
    ]


def _exit(entry: ScopeExit) -> str:
    full = entry.full or entry.start
    rise = f", in full on {full} after an even rise" if full > entry.start else ""
    return (
        f"{entry.share:g} of {' and '.join(entry.goods)} under licence"
        f"{only_for(entry.destinations, entry.uses)} leaves the control from {entry.start} on{rise}"
        f" (grade {entry.grade}: {entry.reason})"
    )


def _approval_pace(case: _Case) -> list[str]:
    return [_pace(change) for change in case.scenario.approval_pace]


def _pace(change: PaceChange) -> str:
    what = (
        "no licence is approved"
        if change.factor == 0
        else f"licences are approved at {change.factor:g} times the pace of the record"
    )
    return (
        f"{what}{_from(change.first, change.last)}"
        f"{only_for(change.destinations, change.uses) or ' for anybody'}"
    )


def _approval_delay(case: _Case) -> list[str]:
    days = case.scenario.approval_delay_days
    if not days:
        return []
    return [
        f"every easing of the record comes {_days(days)} later; controls begin as they did",
    ]


def _quotas(case: _Case) -> list[str]:
    levers = case.scenario.quotas
    lines = []
    if levers.factor != 1:
        lines.append(f"quotas of the record are {levers.factor:g} times their tonnage")
    if levers.carry_over:
        lines.append(f"{levers.carry_over:g} of an unused quota is added to the next period's")
    if levers.release == "evenly":
        lines.append("a quota is released in equal parts by day, not at once")
    if levers.exporters:
        shares = ", ".join(f"{name} {share:g}" for name, share in levers.exporters.items())
        lines.append(f"shares of each quota by exporter: {shares}; all others draw on the rest")
    lines += [
        f"a quota that is on no record: {entry.tonnes:g} t REO of {', '.join(entry.elements)} as"
        f" {' and '.join(entry.forms)} may leave {entry.origin}{_from(entry.first, entry.last)}"
        for entry in levers.added
    ]
    return lines


def _tariffs(case: _Case) -> list[str]:
    return assumed_duties(case.scenario)


def _allocation(case: _Case) -> list[str]:
    if case.scenario.allocation == "proportional":
        return []
    return ["what is scarce goes by the priority of the use, not in proportion to orders"]


def _shocks(case: _Case) -> list[str]:
    return [
        f"{loss.producer} loses {loss.share:g} of its capacity from {loss.start} on, for"
        f" {_days(loss.days)}"
        for loss in case.scenario.shocks
    ]


def _supplies(lever: str) -> Callable[[_Case], list[str]]:
    """Make what tells the entries of one lever of goods from outside the network."""

    def say(case: _Case) -> list[str]:
        if not case.scenario.supplies[lever]:
            return []
        return assumed_supplies(case.scenario, case.layout, case.scenario.days, lever=lever)

    return say


def _parameters(case: _Case) -> list[str]:
    return [
        f"{name} is held at {value:g}, not drawn"
        for name, value in case.scenario.parameters.items()
    ]


SENTENCES: Mapping[str, Callable[[_Case], list[str]]] = {
    "baseline": _baseline,
    "record": _record,
    "without": _without,
    "without_acts": _without_acts,
    "bans": _bans,
    "counter_controls": _counter_controls,
    "scope_exits": _scope_exits,
    "entity_shares": lambda case: entity_shares(case.scenario, case.policy, case.layout),
    "general_licences": lambda case: general_licences(case.scenario, case.layout),
    "leakage": lambda case: leakage(case.scenario, case.layout),
    "approval_pace": _approval_pace,
    "approval_delay_days": _approval_delay,
    "quotas": _quotas,
    "tariffs": _tariffs,
    "allocation": _allocation,
    "shocks": _shocks,
    "stock_releases": _supplies("stock_releases"),
    "projects": _supplies("projects"),
    "recycling": _supplies("recycling"),
    "substitution": _supplies("substitution"),
    "parameters": _parameters,
}
"""How each field of a scenario is told, by its name; `LABELS` are not."""


def _from(first: object, last: object | None) -> str:
    """Write a period, which may be open.

    >>> _from("2025-04-04", None), _from("2025-04-04", "2025-12-31")
    (' from 2025-04-04 on', ' from 2025-04-04 through 2025-12-31')
    """
    return f" from {first} on" if last is None else f" from {first} through {last}"


def _both(uses: Sequence[str]) -> str:
    return " and ".join(uses)


def _days(number: int) -> str:
    return f"{number} day{'' if number == 1 else 's'}"
