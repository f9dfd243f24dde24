"""Entity shares, leakage and general licences of a scenario: in the words of policy, and told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xenotime.policy.bars import Bar
from xenotime.policy.exits import Exit
from xenotime.policy.leaks import Leak
from xenotime.policy.record import days_in_force

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xenotime.facts.measures import Measure
    from xenotime.runs.layout import Layout
    from xenotime.runs.policies import Policy
    from xenotime.scenarios.listed import EntityShare, GeneralLicence, Leakage
    from xenotime.scenarios.model import Scenario

__all__ = [
    "NO_SUCH_GOODS",
    "bars_in",
    "entity_shares",
    "general_licences",
    "general_licences_in",
    "leakage",
    "leaks_in",
    "not_assumed",
    "only_for",
]

NO_SUCH_GOODS = "; no such goods are under licence"
NO_WAY_ROUND = (
    "goods that go round controls by third countries: no share is on record, so none do"
    " (`leakage` assumes one)"
)


def bars_in(scenario: Scenario, acts: Sequence[Measure]) -> tuple[Bar, ...]:
    """Turn the shares of listed firms into the words of policy, for acts that happen."""
    by_id = {m.id: m for m in acts}
    return tuple(
        _bar(entry, by_id[entry.act]) for entry in scenario.entity_shares if entry.act in by_id
    )


def _bar(entry: EntityShare, act: Measure) -> Bar:
    return Bar(act, entry.share, frozenset(entry.destinations or ()), frozenset(entry.uses or ()))


def leaks_in(scenario: Scenario) -> tuple[Leak, ...]:
    """Turn what goes round by third countries into the words of policy."""
    return tuple(_leak(entry, scenario) for entry in scenario.leakage)


def _leak(entry: Leakage, scenario: Scenario) -> Leak:
    return Leak(
        share=entry.share,
        delay=entry.delay_days,
        start=entry.start or scenario.start,
        acts=frozenset(entry.acts or ()),
        goods=frozenset(entry.goods or ()),
        destinations=frozenset(entry.destinations or ()),
        uses=frozenset(entry.uses or ()),
    )


def general_licences_in(scenario: Scenario) -> tuple[Exit, ...]:
    """Turn general licences into the words of policy: what they cover needs no single licence."""
    return tuple(map(_exit, scenario.general_licences))


def _exit(entry: GeneralLicence) -> Exit:
    return Exit(
        goods=frozenset(entry.goods),
        share=entry.share,
        start=entry.start,
        full=entry.start,
        destinations=frozenset(entry.destinations or ()),
        uses=frozenset(entry.uses or ()),
        last=entry.last,
        general=True,
    )


def not_assumed(scenario: Scenario, policy: Policy) -> list[str]:
    """Say that listed firms stay in and that nothing goes round, where nothing is assumed.

    Returns
    -------
    list of str
        Lines for `coverage.missing`.
    """
    lines = _listed_firms_that_stay(scenario, policy)
    if not scenario.leakage and (policy.controls or policy.limits):
        lines.append(NO_WAY_ROUND)
    return lines


def entity_shares(scenario: Scenario, policy: Policy, layout: Layout) -> list[str]:
    """Say which share of the buyers listed firms are taken to be, and where this does nothing."""
    lines = []
    acts = {m.id: m for m in policy.acts}
    for entry in scenario.entity_shares:
        act = acts.get(entry.act)
        if act is None:
            why = "; the act does not happen here, or was not known yet"
        elif not policy.active[act.id].any():
            why = "; the listing is not in force on any day of the run"
        elif not any(map(_bar(entry, act).covers, layout.classes)):
            why = NO_SUCH_GOODS
        else:
            why = ""
        title = f" ({act.act})" if act else ""
        lines.append(
            f"firms listed by {entry.act}{title} are taken to be {entry.share:g} of"
            f" the{_whom(entry.uses, entry.destinations)} tonnage under licence, and get none"
            f" while it is in force (grade {entry.grade}: {entry.reason}){why}"
        )
    return lines


def _listed_firms_that_stay(scenario: Scenario, policy: Policy) -> list[str]:
    """Name the lists in force whose firms are not taken out of any class."""
    lists = [m for m in policy.acts if m.instrument == "entity_list" and m.in_force]
    active = days_in_force(policy.acts, lists, scenario.days)
    barred = {bar.measure.id for bar in policy.bars}
    staying = [m.id for m in lists if active[m.id].any() and m.id not in barred]
    if not staying:
        return []
    line = (
        f"firms on entity lists ({', '.join(staying)}) are not taken out: no source says which"
        " share of the tonnage is theirs (`entity_shares` assumes one)"
    )
    return [line]


def general_licences(scenario: Scenario, layout: Layout) -> list[str]:
    """Say which goods are taken to be under general licences, and when."""
    return [
        f"{entry.share:g} of the{_whom(entry.uses, entry.destinations)} tonnage of"
        f" {' and '.join(entry.goods)} is taken to be under general licences from {entry.start}"
        f" through {entry.last} (grade {entry.grade}: {entry.reason})"
        + ("" if any(map(_exit(entry).covers, layout.classes)) else NO_SUCH_GOODS)
        for entry in scenario.general_licences
    ]


def leakage(scenario: Scenario, layout: Layout) -> list[str]:
    """Say which share of what is held back is taken to go round, and how much later."""
    lines = []
    for entry in scenario.leakage:
        leak = _leak(entry, scenario)
        by = "" if entry.acts is None else f" by {', '.join(entry.acts)}"
        goods = "" if entry.goods is None else f" of {' and '.join(entry.goods)}"
        since = "" if entry.start is None else f" from {entry.start} on"
        lines.append(
            f"{entry.share:g} of what is held back{by} of the"
            f"{_whom(entry.uses, entry.destinations)} tonnage{goods}{since} is taken to"
            f" arrive {entry.delay_days} days later by third countries; it counts as shipped on its"
            f" own link, the way is not followed (grade {entry.grade}: {entry.reason})"
            + ("" if any(map(leak.holding, layout.classes)) else NO_SUCH_GOODS)
        )
    return lines


def _whom(uses: Sequence[str] | None, destinations: Sequence[str] | None) -> str:
    """Write whose goods an entry is about, before the word that counts them."""
    use = "" if uses is None else f" {' and '.join(uses)}"
    where = "" if destinations is None else f" {', '.join(destinations)}"
    return use + where


def only_for(destinations: Sequence[str] | None, uses: Sequence[str] | None) -> str:
    """Write whom an entry is for, after what it is about; nothing where it is for all.

    >>> only_for(("JPN", "KOR"), ("civil",)), only_for(None, ("defence",)), only_for(None, None)
    (' for JPN, KOR (civil use)', ' for defence use', '')
    """
    use = "" if uses is None else f"{' and '.join(uses)} use"
    if destinations is None:
        return f" for {use}" if use else ""
    return f" for {', '.join(destinations)}" + (f" ({use})" if use else "")
