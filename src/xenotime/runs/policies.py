"""What governments do in a scenario: the record and its levers in the words of policy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from xenotime import facts
from xenotime.policy.exits import Exit
from xenotime.policy.limits import EVERY_USE, STOP_SHARE, Limit, assumed_act, stops_among
from xenotime.policy.queues import ApprovalPeriod, Pace, delayed, periods_that_begin
from xenotime.policy.record import days_in_force
from xenotime.policy.scope import listed_pairs
from xenotime.runs.listed import bars_in, general_licences_in, leaks_in
from xenotime.runs.quotas import quotas_of

if TYPE_CHECKING:
    from xenotime.facts.measures import Measure
    from xenotime.policy.bars import Bar
    from xenotime.policy.leaks import Leak
    from xenotime.policy.quotas import Quota
    from xenotime.scenarios.model import Scenario

__all__ = ["Policy", "policy_of"]


@dataclass(frozen=True)
class Policy:
    """The measures that happen in a scenario as seen from a date.

    `active` says on which days of the run each of the `controls` is in force.
    """

    acts: tuple[Measure, ...]
    controls: tuple[Measure, ...]
    active: Mapping[str, NDArray[np.bool_]]
    omitted: tuple[Measure, ...]
    periods: tuple[ApprovalPeriod, ...]
    paces: tuple[Pace, ...] = ()
    quotas: tuple[Quota, ...] = ()
    limits: tuple[Limit, ...] = ()
    """Bans that it follows, unannounced stops, assumed controls; `active` has their days."""

    exits: tuple[Exit, ...] = ()
    """Scope exits, then general licences."""
    bars: tuple[Bar, ...] = ()
    leaks: tuple[Leak, ...] = ()

    @property
    def limiting(self) -> tuple[Measure, ...]:
        """All that limits exports on some day of the run."""
        barring = {bar.measure.id: bar.measure for bar in self.bars}
        return (*self.controls, *(limit.measure for limit in self.limits), *barring.values())


def policy_of(
    scenario: Scenario, as_of: dt.date | None, *, known: tuple[Measure, ...] | None = None
) -> Policy:
    """Select the measures of a scenario: recorded (or `known`), known on the date, not left out.

    Controls are export-licence measures on elements of the network that are in force on some day of
    the run. Bans act where the scenario names them (`Scenario.bans`), unannounced stops where the
    record has their days, quotas where it has a tonnage or the scenario adds them, and beside
    these what the scenario assumes.
    """
    days = scenario.days
    assumed = assumed_in(scenario)
    assumed_on = {
        m.id: np.array([m.in_force <= d and (m.ends is None or d <= m.ends) for d in days])
        for m in (limit.measure for limit in assumed)
        if m.in_force is not None
    }
    if not scenario.record:
        return Policy(
            (),
            (),
            assumed_on,
            (),
            (),
            limits=assumed,
            exits=exits_in(scenario),
            leaks=leaks_in(scenario),
            quotas=quotas_of(scenario, ()),
        )
    known = facts.measures(as_of) if known is None else known
    omitted = tuple(m for m in known if scenario.leaves_out(m))
    acts = tuple(m for m in known if m not in omitted)
    listed = [
        m
        for m in acts
        if m.instrument == "export_licence" and any(e in facts.ELEMENTS for e, _ in listed_pairs(m))
    ]
    bans = {ban.act: frozenset(ban.uses) for ban in scenario.bans}
    banning = [m for m in acts if m.id in bans]
    stopping = stops_among(acts)
    quotas = quotas_of(scenario, {m.id for m in acts})
    setting = [m for m in acts if m.id in {quota.act for quota in quotas}]
    bars = bars_in(scenario, acts)
    barring = [bar.measure for bar in bars]
    active = days_in_force(acts, [*listed, *banning, *stopping, *setting, *barring], days)
    # ended or suspended before the run begins, or before it ever operated: no control
    controls = tuple(m for m in listed if active[m.id].any())
    periods = delayed(periods_that_begin({m.id for m in acts}, as_of), scenario.approval_delay_days)
    limits = (
        *(Limit(m, bans[m.id]) for m in banning if active[m.id].any()),
        *(Limit(m, EVERY_USE, share=STOP_SHARE) for m in stopping if active[m.id].any()),
    )
    limiting = (*controls, *(limit.measure for limit in limits), *setting, *barring)
    return Policy(
        acts,
        controls,
        {m.id: active[m.id] for m in limiting} | assumed_on,
        omitted,
        periods,
        paces_of(scenario),
        quotas,
        (*limits, *assumed),
        exits_in(scenario),
        bars,
        leaks_in(scenario),
    )


def exits_in(scenario: Scenario) -> tuple[Exit, ...]:
    """Turn what needs no single licence in a scenario into the words of policy."""
    exits = (
        Exit(
            goods=frozenset(item.goods),
            share=item.share,
            start=item.start,
            full=item.full or item.start,
            destinations=frozenset(item.destinations or ()),
            uses=frozenset(item.uses or ()),
        )
        for item in scenario.scope_exits
    )
    return (*exits, *general_licences_in(scenario))


def assumed_in(scenario: Scenario) -> tuple[Limit, ...]:
    """Turn the controls that a scenario assumes into the words of policy."""
    return tuple(
        Limit(
            assumed_act(
                item.name,
                actor=item.actor,
                targets=item.targets,
                elements=item.elements,
                forms=item.forms,
                start=item.start,
                end=item.end,
                licensed=item.approval_days is not None,
            ),
            frozenset(item.uses),
            item.approval_days,
        )
        for item in scenario.counter_controls
    )


def paces_of(scenario: Scenario) -> tuple[Pace, ...]:
    """Turn what a scenario assumes about the pace of approvals into the words of policy."""
    return tuple(
        Pace(
            factor=change.factor,
            first=change.first,
            last=change.last,
            destinations=frozenset(change.destinations or ()),
            uses=frozenset(change.uses or ()),
        )
        for change in scenario.approval_pace
    )
