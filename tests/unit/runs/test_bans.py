"""Bans of the record act where a scenario names them, on the goods and uses that they reach."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from xenotime import facts
from xenotime.facts.problems import RequestError
from xenotime.networks.structure import ProductionNetwork
from xenotime.runs.collecting import Collected
from xenotime.runs.effects import effects_of
from xenotime.runs.execution import execute
from xenotime.runs.groups import Groups, build_groups
from xenotime.runs.idle_acts import without_mechanism
from xenotime.runs.layout import Layout, build_layout
from xenotime.runs.policies import Policy, policy_of
from xenotime.scenarios import Scenario, builtin_names, load, parse

BAN = load("gallium-germanium-ban").revised(end="2025-02-28")
FREE = BAN.revised(bans=[])


def executed(
    network: ProductionNetwork, scenario: Scenario
) -> tuple[Policy, Layout, Groups, Collected]:
    policy = policy_of(scenario, None)
    layout = build_layout(network, policy.controls, policy.limits)
    groups = build_groups(layout)
    found, _ = execute(
        layout,
        groups,
        scenario,
        scenario.days,
        policy,
        fixed={},
        draws=3,
        seed=7,
        threads=None,
        progress=lambda *_: None,
    )
    return policy, layout, groups, found


def test_a_ban_stops_what_it_lists_to_its_target_and_nothing_else(
    network: ProductionNetwork,
) -> None:
    _, layout, groups, banned = executed(network, BAN)
    _, _, _, free = executed(network, FREE)
    months = ["2024-11", "2024-12", "2025-01", "2025-02"]
    for element in ("Ga", "Ge", "Sb"):
        place = groups.exports.keys.index((element, "CHN", "USA"))
        np.testing.assert_array_equal(banned.flows[place, 0], free.flows[place, 0])
        assert (banned.flows[place, 1] < 0.1 * free.flows[place, 1]).all(), months[1]
        assert (banned.flows[place, 2:] == 0).all()
        elsewhere = groups.exports.keys.index((element, "CHN", "JPN"))
        assert (banned.flows[elsewhere] >= free.flows[elsewhere] * (1 - 1e-6)).all()
    other = [i for i, key in enumerate(groups.exports.keys) if key[0] in {"W", "magnet", "Dy"}]
    np.testing.assert_array_equal(banned.flows[other], free.flows[other])
    assert banned.balance_error.max() < 1e-5
    assert {c.goods for c in layout.classes if c.beside} == {"mineral"}
    # nobody gets a licence: none of the tonnage may leave
    closed = [i for i, c in enumerate(layout.classes) if c.beside]
    assert (banned.open_share[closed, 2:] == 0).all()
    short = groups.shortages.keys.index(("Ga", "USA", "direct"))
    assert (banned.late_tonne_days[short, -1] > free.late_tonne_days[short, -1]).all()


def test_a_ban_on_military_use_leaves_civil_users_alone(network: ProductionNetwork) -> None:
    policy = policy_of(BAN.revised(bans=[{"act": "M017", "uses": ["defence"]}]), None)
    layout = build_layout(network, policy.controls, policy.limits)
    assert {c.use for c in layout.classes if c.beside} == {"defence"}


def test_a_ban_is_stopped_by_its_suspension_and_comes_back() -> None:
    scenario = load("snap-back-2026")
    policy = policy_of(scenario, None)
    days = scenario.days
    on = {name: {d for d, there in zip(days, policy.active[name], strict=True) if there}
          for name in ("M017", "M041")}  # fmt: skip
    assert min(on["M017"]) == dt.date(2024, 12, 3)
    assert dt.date(2025, 11, 8) in on["M017"]
    assert min(d for d in on["M017"] if d > dt.date(2025, 11, 9)) == dt.date(2026, 11, 28)
    assert (min(on["M041"]), max(on["M041"])) == (dt.date(2026, 11, 11), scenario.end)
    lines = [line for line in without_mechanism(scenario, policy) if "not to be renewed" in line]
    assert [line.partition(" ends on ")[0] for line in lines] == [
        "Announcement 70/2025 (M048)",
        "Announcement 72/2025 (M049)",
    ]  # the Busan deal (M047) stopped nothing that the scenario follows


@pytest.mark.parametrize("name", sorted({*builtin_names()} - {BAN.name, "snap-back-2026"}))
def test_bans_are_left_alone_unless_a_scenario_names_them(name: str) -> None:
    policy = policy_of(load(name), None)
    # unannounced stops of the record act by themselves, bans do not
    assert [limit for limit in policy.limits if limit.share is None] == []
    assert all(m.instrument in {"export_licence", "customs_hold"} for m in policy.limiting)


def test_a_run_that_begins_inside_a_followed_ban_is_refused() -> None:
    from xenotime.runs import check

    with pytest.raises(RequestError, match="in force since 2024-12-03"):
        check(BAN.revised(start="2025-01-01"))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"bans": [{"act": "M17", "uses": ["civil"]}]}, "no act of the record: M17 (did you mean"),
        ({"bans": [{"act": "M023", "uses": ["civil"]}]}, "M023 is no export ban"),
        ({"bans": [{"act": "M017", "uses": []}]}, "bans.0.uses is empty"),
        ({"bans": [{"act": "M017"}]}, "bans.0.uses is missing"),
        ({"bans": [{"act": "M017", "use": ["civil"]}]}, "unknown key bans.0.use (did you mean"),
        ({"bans": [{"act": "M017", "uses": ["civil"]}] * 2}, "bans names M017 2 times"),
        ({"bans": [{"act": "M017", "uses": ["civil"]}], "without_acts": ["M017"]}, "leaves out"),
        ({"bans": [{"act": "M017", "uses": ["civil"]}], "record": False}, "record is false"),
    ],
)
def test_bans_that_cannot_be_followed_are_refused(changes: dict[str, object], said: str) -> None:
    with pytest.raises(RequestError) as caught:
        parse({"name": "mine", "title": "Mine", **changes})
    assert said in str(caught.value)


def test_an_act_says_that_a_scenario_may_follow_it() -> None:
    assert "under `bans`" in effects_of(facts.get("M017"))[-1]
