"""What an act does in a run, said before anybody runs anything."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING

from xenotime import facts
from xenotime.facts.taxonomy import MINERALS, PRODUCTS
from xenotime.facts.vocabulary import ELEMENT_NAMES, FORMS
from xenotime.policy.record import STOPPING, stopped_by
from xenotime.policy.scope import form_of, listed_pairs

if TYPE_CHECKING:
    from xenotime.facts.measures import Measure
    from xenotime.scenarios.model import Scenario

__all__ = ["ORDERS_NOTHING", "effects_of", "stopping_acts"]

ORDERS_NOTHING = frozenset({"dispute", "list", "ruling", "threat", "watch_list"})
"""Kinds of acts that announce, name or find something and order nothing by themselves."""

_HORIZON = dt.timedelta(days=364)


def stopping_acts(acts: Collection[Measure], scenario: Scenario) -> tuple[Measure, ...]:
    """Acts that stop, during a scenario, a control of licences on rare earths or a ban it follows.

    >>> from xenotime.scenarios import load
    >>> stopping_acts([facts.get("M023")], load("april-2025"))
    ()
    """
    controls = {
        m.id
        for m in acts
        if m.instrument == "export_licence" and any(e in facts.ELEMENTS for e, _ in listed_pairs(m))
    } | {ban.act for ban in scenario.bans}
    return tuple(
        m
        for m in acts
        if m.instrument in STOPPING
        and controls & stopped_by([m], acts).get(m.id, frozenset())
        and m.in_force is not None
        and m.in_force <= scenario.end
        and (m.ends is None or m.ends >= scenario.start)
    )


def effects_of(act: Measure) -> list[str]:
    """Say what an act of the record changes in runs, or that nothing in them follows it.

    The controls that a run would follow are compared with and without the act: in the built-in
    scenario `april-2025`, and in the year that begins when the act takes effect. No network is
    read: whether anything of what a control covers is exported shows in a run alone.

    Returns
    -------
    list of str
        At least one sentence.

    Examples
    --------
    >>> effects_of(facts.get("M023"))[0]
    'in april-2025: Announcement 18/2025 limits exports on 272 days (2025-04-04 to 2025-12-31)'
    >>> effects_of(facts.get("M023"))[2][:43]
    'it covers oxide, metal, alloy of Sm, Gd, Tb'
    >>> effects_of(facts.get("M021"))[0][:20]
    'nothing in a run fol'
    """
    from xenotime.scenarios import load
    from xenotime.scenarios.model import LAST_DAY

    built_in = load("april-2025")
    if act.in_force is None:
        return ["nothing in a run follows it: it has no day on which it takes effect"]
    precedent = _in_precedent(act)
    if precedent:
        return precedent
    scope = _scope(act) if act.instrument == "export_licence" else []
    if act.instrument == "export_licence" and not _followed(act):
        return [f"nothing in a run follows it: {line}" for line in scope]
    lines = [f"in {built_in.name}: {line}" for line in _differences(act, built_in)]
    if act.in_force > built_in.end:
        if act.in_force > LAST_DAY:
            return [f"nothing in a run follows it: runs end on {LAST_DAY} at the latest"]
        own = built_in.revised(
            start=act.in_force - dt.timedelta(days=1),
            end=min(act.in_force + _HORIZON, LAST_DAY),
        )
        lines.append(f"not in {built_in.name}, which ends on {built_in.end}")
        later = _differences(act, own)
        if later:
            lines += [f"in a scenario of {own.start} to {own.end}: {line}" for line in later]
            return [*lines, *scope]
    elif lines:
        return [*lines, *scope]
    if act.instrument == "export_licence":
        return [*lines, "nothing in a run follows it: other acts keep it out of force"]
    if act.instrument in STOPPING:
        why = (
            "it stops no export-licence control on rare earths that would be in force then;"
            " licences on other minerals have no mechanism yet"
        )
        return [*lines, f"nothing in a run follows it: {why}"]
    kind = act.instrument.replace("_", " ")
    if act.instrument in ORDERS_NOTHING:
        return [
            *lines,
            f"nothing in a run follows it: acts of the kind {kind} order nothing by themselves",
        ]
    if act.instrument == "export_ban" and act.elements and act.forms:
        how = "a scenario of yours that names it under `bans` stops the exports that it lists"
        return [*lines, f"nothing in a built-in run of its time follows it: {how}"]
    return [*lines, f"nothing in a run follows it: acts of the kind {kind} have no mechanism yet"]


def _in_precedent(act: Measure) -> list[str]:
    """Say what a quota or an unannounced stop does in the scenario of 2010; empty for others."""
    from xenotime.policy.limits import stops_among
    from xenotime.policy.quotas import recorded_quotas
    from xenotime.scenarios import load

    run = load("japan-2010")
    lines = [
        f"in {run.name}: at most {quota.tonnes:,.0f} t REO of {', '.join(act.forms)}, and what"
        f" leaves beside it (parameter quota_beside), leave from {quota.first} to {quota.last}"
        for quota in recorded_quotas({act.id})
        if quota.first <= run.end and run.start <= quota.last
    ]
    lines += [
        f"in {run.name}: a share (parameter stop_share) of the exports of {', '.join(stop.forms)}"
        f" to {', '.join(stop.targets)} is held back from {stop.in_force} to {stop.ends}, as far as"
        " the network has them"
        for stop in stops_among([act])
        if stop.in_force and stop.ends and stop.in_force <= run.end and run.start <= stop.ends
    ]
    if act.instrument == "export_quota" and not lines:
        lines.append(
            f"nothing in a run follows it: no tonnage of it is on record for days that can be run"
            f" on a network ({run.start} to {run.end})"
        )
    return lines


_FORMS = tuple(dict.fromkeys(form for form in map(form_of, PRODUCTS) if form in FORMS))
"""Forms that goods of the model have, in the order of the chain."""

_PACE_OF = "CHN"
"""Whose pace of approvals is on record (``policy/data/approval_periods.csv``)."""


def _followed(act: Measure) -> dict[str, tuple[str, ...]]:
    """Forms of the model that a licence covers, each with its rare earths."""
    pairs = listed_pairs(act)
    found = {form: tuple(e for e in facts.ELEMENTS if (e, form) in pairs) for form in _FORMS}
    return {form: elements for form, elements in found.items() if elements}


def _scope(act: Measure) -> list[str]:
    """Say what of an export licence a run follows, and what it does not."""
    pairs = listed_pairs(act)
    if not pairs:
        blank = [name for name in ("elements", "forms") if not getattr(act, name)]
        return [
            (
                f"its {' and '.join(blank)} are blank, so it limits nothing until it names elements"
                " and forms, or the items of a control list"
            )
        ]
    told = []
    followed = _followed(act)
    if followed:
        told.append(
            f"it covers {_goods(followed)}, and limits those exports of them that the network has"
        )
        if "magnet" in followed:
            told.append("exports of other magnets may be held while it is checked what they are")
        others = sorted({*act.actor.split(";")} - {_PACE_OF})
        if others:
            told.append(
                f"no pace of approvals is on record for {', '.join(others)}: exports from there are"
                f" approved at the pace recorded for {_PACE_OF}"
            )
    listed = {element for element, _ in pairs} - {*facts.ELEMENTS}
    minerals = sorted(listed & {*MINERALS, *ELEMENT_NAMES})
    if minerals:
        told.append(f"licences on other minerals ({', '.join(minerals)}) have no mechanism yet")
    groups = sorted(listed - {*minerals})
    if groups:
        told.append(f"{', '.join(groups)}: only licences that name single rare earths are followed")
    forms = sorted({form for element, form in pairs if element in facts.ELEMENTS} - {*_FORMS})
    if forms:
        told.append(
            f"the model has no goods of the form {', '.join(forms)} (it has {', '.join(_FORMS)})"
        )
    return told


def _goods(followed: dict[str, tuple[str, ...]]) -> str:
    """Write forms and elements in words, forms of the same elements together."""
    together: dict[tuple[str, ...], list[str]] = {}
    for form, elements in followed.items():
        together.setdefault(elements, []).append(form)
    return "; ".join(
        f"{', '.join(forms)} of {', '.join(elements)}" for elements, forms in together.items()
    )


def _differences(act: Measure, scenario: Scenario) -> list[str]:
    """Days on which each control is in force more, or less, because of an act."""
    from xenotime.runs.policies import policy_of

    days = scenario.days
    with_it = policy_of(scenario, None)
    others = tuple(m for m in facts.measures() if m.id != act.id)
    without = policy_of(scenario, None, known=others)
    lines = []
    for control in {m.id: m for m in (*with_it.controls, *without.controls)}.values():
        here, there = with_it.active.get(control.id), without.active.get(control.id)
        more = [
            d
            for i, d in enumerate(days)
            if here is not None and here[i] and not (there is not None and there[i])
        ]
        less = [
            d
            for i, d in enumerate(days)
            if there is not None and there[i] and not (here is not None and here[i])
        ]
        for changed, what in ((more, "limits exports on"), (less, "is stopped on")):
            if changed:
                count = f"{len(changed):,} day{'s' if len(changed) > 1 else ''}"
                lines.append(f"{control.act} {what} {count} ({changed[0]} to {changed[-1]})")
    begun = {p.period for p in with_it.periods} - {p.period for p in without.periods}
    if begun:
        lines.append(f"approvals change their pace ({', '.join(sorted(begun))})")
    return lines
