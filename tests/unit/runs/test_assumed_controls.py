"""Controls that a scenario assumes: what they stop, by which pace, and how they are told."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xenotime import facts
from xenotime.facts.problems import RequestError
from xenotime.networks.structure import ProductionNetwork
from xenotime.policy.limits import Limit, assumed_act, within
from xenotime.policy.regime import PermitClass, permits
from xenotime.runs.assumed import assumed_by
from xenotime.runs.collecting import Collected
from xenotime.runs.draws import sample_parameters
from xenotime.runs.execution import execute
from xenotime.runs.groups import Groups, build_groups
from xenotime.runs.layout import Layout, build_layout
from xenotime.runs.policies import policy_of
from xenotime.scenarios import Scenario, load, parse

TUNGSTEN = {
    "name": "tungsten", "actor": "CHN", "targets": ["DEU"], "elements": ["W"], "forms": ["ore"],
    "start": "2025-02-01",
}  # fmt: skip
QUIET = load("quiet").revised(end="2025-06-30")
DAYS = [dt.date(2025, 1, 1) + dt.timedelta(days=i) for i in range(200)]
DRAWS = 3


def assuming(**changes: object) -> Scenario:
    return QUIET.revised(counter_controls=[{**TUNGSTEN, **changes}])


def executed(network: ProductionNetwork, scenario: Scenario) -> tuple[Layout, Groups, Collected]:
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
        draws=DRAWS,
        seed=7,
        threads=None,
        progress=lambda *_: None,
    )
    return layout, groups, found


def test_only_what_is_assumed_is_stopped_and_a_pace_lets_it_through_again(
    network: ProductionNetwork,
) -> None:
    _, groups, free = executed(network, QUIET)
    layout, _, closed = executed(network, assuming())
    _, _, paced = executed(network, assuming(approval_days=10))
    place = groups.exports.keys.index(("W", "CHN", "DEU"))
    assert (closed.flows[place, 1:] == 0).all()
    assert (closed.flows[place, 0] == free.flows[place, 0]).all()
    assert (paced.flows[place, 1] < 0.5 * free.flows[place, 1]).all()
    assert (paced.flows[place, 4] > 0.5 * free.flows[place, 4]).all()
    others = [i for i, key in enumerate(groups.exports.keys) if key[0] != "W"]
    np.testing.assert_array_equal(closed.flows[others], free.flows[others])
    assert closed.balance_error.max() < 1e-5
    no_act, line = assumed_by(assuming(), policy_of(assuming(), None), layout)
    assert no_act == "no act of the legal record takes effect"
    assert line.startswith("tungsten, a control that is on no record: exports of W as")
    assert line.endswith("and nobody gets one")
    nowhere = assuming(actor="EST")
    policy = policy_of(nowhere, None)
    untouched = build_layout(network, policy.controls, policy.limits)
    assert "touches no flow" in assumed_by(nowhere, policy, untouched)[-1]


@settings(max_examples=30, deadline=None)
@given(
    pace=st.one_of(st.none(), st.floats(1, 500)),
    first=st.integers(0, 150),
    length=st.integers(1, 200),
    listed=st.booleans(),
)
def test_an_assumed_control_never_lets_more_through(
    pace: float | None, first: int, length: int, *, listed: bool
) -> None:
    end = DAYS[0] + dt.timedelta(days=first + length - 1)
    act = assumed_act(
        "x", actor="CHN", targets=("JPN",), elements=("Dy",), forms=("magnet",),
        start=DAYS[first], end=end, licensed=pace is not None,
    )  # fmt: skip
    names = ("M023",) if listed else ()
    item = PermitClass("CHN", "JPN", "civil", "magnet", names, (), (act.id,))
    recorded = policy_of(load("april-2025"), None)
    values, _ = sample_parameters(facts.parameters(), {}, first=0, count=DRAWS, seed=7)
    active = {
        "M023": np.array([d >= dt.date(2025, 4, 4) for d in DAYS]),
        act.id: np.array([DAYS[first] <= d <= end for d in DAYS]),
    }
    before = permits([item], active, recorded.periods, DAYS, values, lambda _: np.zeros(DRAWS))
    limit = Limit(act, frozenset({"civil"}), pace)
    after = within(before, [limit], active, DAYS, values)
    assert (after.cap_multiple <= before.cap_multiple).all()
    assert (after.open_share <= before.open_share).all()
    off = ~active[act.id]
    assert (after.cap_multiple[:, off] == before.cap_multiple[:, off]).all()
    assert (after.cap_multiple[:, first] == 0).all()  # nobody files before it begins
    slower = within(
        before, [Limit(act, frozenset({"civil"}), (pace or 500) * 2)], active, DAYS, values
    )
    if pace is not None:
        assert (slower.open_share <= after.open_share + 1e-12).all()


def test_goods_that_leave_a_control_reach_the_permits_of_a_run(network: ProductionNetwork) -> None:
    entry = {"goods": ["magnet"], "share": 0.5, "start": "2025-04-10", "grade": "C", "reason": "x"}
    april = load("april-2025").revised(end="2025-05-31")
    layout, _, before = executed(network, april)
    _, _, after = executed(network, april.revised(scope_exits=[entry]))
    magnets = np.array([item.goods == "magnet" for item in layout.classes])
    assert (after.open_share[magnets, 4] > before.open_share[magnets, 4] + 0.1).all()
    np.testing.assert_array_equal(after.open_share[~magnets], before.open_share[~magnets])
    assert after.balance_error.max() < 1e-5
    leaves = april.revised(scope_exits=[entry])
    (line,) = assumed_by(leaves, policy_of(leaves, None), layout)
    assert line.endswith("from 2025-04-10 on (grade C: x)")
    calm = QUIET.revised(scope_exits=[{**entry, "start": "2025-04-10"}])
    nothing = build_layout(network, ())
    assert "no such goods" in assumed_by(calm, policy_of(calm, None), nothing)[-1]


def test_an_assumed_control_is_no_act_of_the_record() -> None:
    policy = policy_of(load("april-2025").revised(counter_controls=[TUNGSTEN]), None)
    assert "assumed/tungsten" not in {m.id for m in policy.acts}
    assert [m.act for m in policy.limiting if m.id not in {c.id for c in policy.controls}] == [
        "assumed: tungsten"
    ]
    assert "assumed/tungsten" not in {m.id for m in facts.measures()}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"actor": "CHM"}, "no country or node: CHM (did you mean"),
        ({"targets": ["GERMANY"]}, "no country or node: GERMANY"),
        ({"targets": ["CHN"]}, "CHN is actor and target"),
        ({"elements": ["Wo"]}, "no element or mineral of the network: Wo (did you mean 'W'"),
        ({"forms": ["powder"]}, "'ore', 'oxide', 'metal', 'alloy' or 'magnet'"),
        ({"start": "2024-12-31"}, "starts on 2024-12-31, outside 2025-01-01"),
        ({"end": "2025-01-31"}, "end 2025-01-31 is before start 2025-02-01"),
        ({"approval_days": 0}, "approval_days is 0"),
        ({"element": ["W"]}, "unknown key counter_controls.0.element (did you mean 'elements'"),
    ],
)
def test_controls_that_make_no_sense_are_refused(changes: dict[str, object], said: str) -> None:
    content = {"name": "mine", "title": "Mine", "counter_controls": [{**TUNGSTEN, **changes}]}
    with pytest.raises(RequestError) as caught:
        parse(content)
    assert said in str(caught.value)


def test_two_controls_of_one_name_are_refused() -> None:
    content = {"name": "mine", "title": "Mine", "counter_controls": [TUNGSTEN, TUNGSTEN]}
    with pytest.raises(RequestError, match="2 entries named tungsten"):
        parse(content)
