"""Firms on lists, general licences and goods that go round: what a run does and says of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from xenotime.facts.problems import RequestError
from xenotime.networks.structure import ProductionNetwork
from xenotime.policy.quotas import QuotaRules
from xenotime.runs.applicants import with_applicants
from xenotime.runs.assumed import assumed_by
from xenotime.runs.collecting import Collected
from xenotime.runs.execution import execute
from xenotime.runs.groups import Groups, build_groups
from xenotime.runs.idle_acts import without_mechanism
from xenotime.runs.layout import Layout, build_layout
from xenotime.runs.listed import not_assumed
from xenotime.runs.policies import policy_of
from xenotime.runs.quotas import quota_links
from xenotime.runs.reporting import build_tables
from xenotime.scenarios import Scenario, load

APRIL = load("april-2025").revised(end="2025-06-30")
BAN = load("april-2025").revised(
    start="2024-11-01", end="2025-03-31", bans=[{"act": "M017", "uses": ["civil", "defence"]}]
)
SHARE = {"act": "M024", "share": 0.5, "grade": "assumed", "reason": "a guess"}
LEAK = {"share": 1.0, "delay_days": 0, "acts": ["M017"], "grade": "assumed", "reason": "a guess"}
GENERAL = {"goods": ["magnet"], "share": 1.0, "start": "2025-04-04", "days": 40,
           "grade": "assumed", "reason": "a guess"}  # fmt: skip


def executed(network: ProductionNetwork, scenario: Scenario) -> tuple[Layout, Groups, Collected]:
    policy = policy_of(scenario, None)
    layout = build_layout(network, policy.controls, policy.limits)
    groups = build_groups(layout)
    found, _ = execute(
        layout, groups, scenario, scenario.days, policy, fixed={}, draws=3, seed=7,
        threads=None, progress=lambda *_: None,
    )  # fmt: skip
    return layout, groups, found


@pytest.fixture(scope="module")
def april(network: ProductionNetwork) -> tuple[Layout, Groups, Collected]:
    return executed(network, APRIL)


@pytest.fixture(scope="module")
def banned(network: ProductionNetwork) -> tuple[Layout, Groups, Collected]:
    return executed(network, BAN)


@pytest.fixture(scope="module")
def free(network: ProductionNetwork) -> Collected:
    return executed(network, BAN.revised(bans=[]))[2]


def lines(layout: Layout, scenario: Scenario) -> list[str]:
    """What is said of these levers, in use or not."""
    policy = policy_of(scenario, None)
    return [*assumed_by(scenario, policy, layout), *not_assumed(scenario, policy)]


def test_firms_on_a_list_get_nothing_and_nobody_else_gets_less(
    network: ProductionNetwork, april: tuple[Layout, Groups, Collected]
) -> None:
    layout, groups, before = april
    _, _, after = executed(network, APRIL.revised(entity_shares=[SHARE]))
    american = [i for i, key in enumerate(groups.exports.keys) if key[1:] == ("CHN", "USA")]
    assert american
    assert after.flows[american].sum() < before.flows[american].sum()
    for index, item in enumerate(layout.classes):
        one, two = before.open_share[index], after.open_share[index]
        if item.destination == "USA" and item.controls:
            # all days of April but the three before the control
            np.testing.assert_allclose(two[3] * 30 - 3, 0.5 * (one[3] * 30 - 3))
        else:
            np.testing.assert_array_equal(one, two)
    assert after.balance_error.max() < 1e-5


def test_all_that_goes_round_at_once_leaves_nothing_of_a_ban(
    network: ProductionNetwork, banned: tuple[Layout, Groups, Collected], free: Collected
) -> None:
    _, groups, held = banned
    _, _, round_ = executed(network, BAN.revised(leakage=[LEAK]))
    _, _, nothing = executed(network, BAN.revised(leakage=[{**LEAK, "share": 0.0}]))
    np.testing.assert_array_equal(round_.flows, free.flows)
    np.testing.assert_array_equal(nothing.flows, held.flows)
    place = groups.exports.keys.index(("Sb", "CHN", "USA"))
    assert (held.flows[place, 2:] == 0).all()
    assert (free.flows[place, 2:] > 0).all()


def test_part_of_what_is_banned_arrives_later(
    network: ProductionNetwork, banned: tuple[Layout, Groups, Collected], free: Collected
) -> None:
    _, groups, _ = banned
    some = BAN.revised(leakage=[{**LEAK, "share": 0.25, "delay_days": 60}])
    layout, _, after = executed(network, some)
    place = groups.exports.keys.index(("Sb", "CHN", "USA"))
    assert (after.flows[place, 2] == 0).all()  # January: the first goods are under way
    # March: never more than the share that goes round
    assert (after.flows[place, 4] > 0).all()
    assert (after.flows[place, 4] <= 0.25 * free.flows[place, 4] * (1 + 1e-5)).all()
    assert after.balance_error.max() < 1e-5
    (line,) = [line for line in lines(layout, some) if "third countries" in line]
    assert line.startswith("0.25 of what is held back by M017")
    assert "the way is not followed (grade assumed: a guess)" in line


def test_general_licences_open_a_class_while_they_are_valid(
    network: ProductionNetwork, april: tuple[Layout, Groups, Collected]
) -> None:
    layout, _, before = april
    _, _, after = executed(network, APRIL.revised(general_licences=[GENERAL]))
    for index, item in enumerate(layout.classes):
        if item.goods == "magnet" and item.controls:
            np.testing.assert_allclose(after.open_share[index, 3], 1.0)  # April
            # they end on 13 May: June is that of single licences
            np.testing.assert_array_equal(after.open_share[index, 5], before.open_share[index, 5])
        else:
            np.testing.assert_array_equal(after.open_share[index], before.open_share[index])
    assert after.balance_error.max() < 1e-5


def test_a_run_says_what_is_not_assumed(april: tuple[Layout, Groups, Collected]) -> None:
    layout, _, _ = april
    said = lines(layout, APRIL)
    assert any(line.startswith("firms on entity lists (") and "M024" in line for line in said)
    assert any("no share is on record, so none do" in line for line in said)
    assert not_assumed(load("quiet"), policy_of(load("quiet"), None)) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"entity_shares": [SHARE]}, "0.5 of the tonnage under licence, and get none while"),
        ({"entity_shares": [{**SHARE, "uses": ["civil"]}]}, "of the civil tonnage under licence"),
        ({"entity_shares": [{**SHARE, "act": "M060"}]}, "is not in force on any day of the run"),
        ({"general_licences": [GENERAL]}, "from 2025-04-04 through 2025-05-13 (grade assumed"),
        ({"leakage": [{**LEAK, "acts": ["M055"]}]}, "no such goods are under licence"),
    ],
)
def test_a_run_says_what_is_assumed(
    april: tuple[Layout, Groups, Collected], changes: dict[str, Any], said: str
) -> None:
    layout, _, _ = april
    assert said in " ".join(lines(layout, APRIL.revised(**changes)))


def test_an_act_that_bars_firms_is_no_act_without_mechanism() -> None:
    barred = APRIL.revised(entity_shares=[SHARE])
    policy = policy_of(barred, None)
    assert "M024" in {act.id for act in policy.limiting}
    (before, *_), (after, *_) = (
        without_mechanism(scenario, policy_of(scenario, None)) for scenario in (APRIL, barred)
    )
    assert int(before.split()[0]) == int(after.split()[0]) + 1


def test_a_run_counts_applicants_beside_tonnes_and_small_ones_wait_longer(
    april: tuple[Layout, Groups, Collected],
) -> None:
    layout, groups, found = april
    days = APRIL.days
    policy = policy_of(APRIL, None)
    before = build_tables(found, layout, groups, days, None)["permits"]
    table = with_applicants(before, layout, policy, days, fixed={}, draws=3, seed=7)
    licensed = table["goods"].isin(["magnet", "oxide_metal"])
    assert table.loc[~licensed, "applicants_share_mean"].isna().all()
    under = table[licensed]
    assert (under["applicants_share_mean"] <= under["open_share_mean"] + 1e-6).all()
    may = under[under["month"] == "2025-05"]
    assert (may["applicants_share_mean"] < may["open_share_mean"]).all()
    march = under[under["month"] == "2025-03"]
    assert (march["applicants_share_mean"] == 1).all()  # nobody needs a licence yet
    # no large firm at all: tonnes are counted as applicants are
    alone, _ = execute(
        layout, groups, APRIL, days, policy, fixed={"large_firm_share": 0.0}, draws=3, seed=7,
        threads=None, progress=lambda *_: None,
    )  # fmt: skip
    same = build_tables(alone, layout, groups, days, None)["permits"]
    np.testing.assert_allclose(
        under["applicants_share_p50"], same.loc[licensed, "open_share_p50"], rtol=1e-6
    )


def test_a_stop_that_all_goods_get_round_is_no_stop_and_the_licence_still_binds(
    network: ProductionNetwork, april: tuple[Layout, Groups, Collected]
) -> None:
    stop = {"name": "stop", "actor": "CHN", "targets": ["JPN"], "elements": ["Dy", "Tb"],
            "forms": ["magnet", "oxide", "metal"], "start": "2025-05-01", "approval_days": None,
            "uses": ["civil", "defence"]}  # fmt: skip
    held = APRIL.revised(counter_controls=[stop])
    total = {**LEAK, "acts": ["assumed/stop"]}
    _, groups, round_ = executed(network, held.revised(leakage=[total]))
    _, _, licence = executed(network, held.revised(leakage=[{**total, "acts": ["M023"]}]))
    _, before_groups, before = april
    for series in ("Dy", "Tb"):
        place = groups.exports.keys.index((series, "CHN", "JPN"))
        old = before_groups.exports.keys.index((series, "CHN", "JPN"))
        np.testing.assert_allclose(round_.flows[place], before.flows[old], rtol=1e-5)
        assert (before.flows[old, 4] > 0).all()  # May
        assert (licence.flows[place, 4] == 0).all()


def test_shares_of_a_quota_that_does_not_act_are_refused(april: Any) -> None:
    layout, _, _ = april
    rules = QuotaRules(exporters={"separation:ion_clay_CHN@CHM": 0.1})
    with pytest.raises(RequestError) as caught:
        quota_links(layout, (), rules, subject="scenario mine")
    assert "unknown producer separation:ion_clay_CHN@CHM (did you mean" in str(caught.value)
    assert "no quota acts on any day of the run, so there is nothing to split" in str(caught.value)
    assert quota_links(layout, (), QuotaRules(), subject="scenario mine") is None
