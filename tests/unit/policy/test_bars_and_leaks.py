"""Firms that get no licence, goods that go round, general licences: shares of a class."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xenotime import facts
from xenotime.policy.bars import Bar, barring
from xenotime.policy.exits import Exit, leaving
from xenotime.policy.leaks import Leak, leaking
from xenotime.policy.limits import Limit, within
from xenotime.policy.regime import PermitClass, Permits, permits
from xenotime.runs.draws import sample_parameters
from xenotime.runs.policies import policy_of
from xenotime.scenarios import load

DAYS = [dt.date(2025, 1, 1) + dt.timedelta(days=i) for i in range(365)]
DRAWS = 4
CLASSES = [
    PermitClass("CHN", destination, use, goods, ("M023",) if goods != "lookalike" else (),
                () if goods != "lookalike" else ("M023",))
    for destination in ("DEU", "USA")
    for use in ("civil", "defence")
    for goods in ("magnet", "oxide_metal", "lookalike")
] + [PermitClass("CHN", "USA", "civil", "mineral", (), (), ("M017",))]  # fmt: skip
VALUES, _ = sample_parameters(facts.parameters(), {}, first=0, count=DRAWS, seed=7)
# permits are single precision: a burst that it holds exactly can be compared exactly
BURST = VALUES["ship_burst"] = VALUES["ship_burst"].astype("float32").astype(float)
LIST = next(m for m in facts.measures() if m.id == "M024")
BAN = Limit(next(m for m in facts.measures() if m.id == "M017"), frozenset({"civil"}))
POLICY = policy_of(
    load("april-2025").revised(
        entity_shares=[{"act": "M024", "share": 0.5, "grade": "assumed", "reason": "x"}],
        bans=[{"act": "M017", "uses": ["civil"]}],
    ),
    None,
)
LISTED = np.array([dt.date(2025, 4, 4) <= day <= dt.date(2025, 5, 13) for day in DAYS])
BANNED = POLICY.active["M017"]


@pytest.fixture(scope="module")
def recorded() -> Permits:
    nothing = np.zeros(DRAWS)
    before = permits(CLASSES, POLICY.active, POLICY.periods, DAYS, VALUES, lambda _: nothing)
    return within(before, [BAN], POLICY.active, DAYS, VALUES)


def bar(share: float, **of: frozenset[str]) -> Bar:
    return Bar(LIST, share, **of)


@settings(max_examples=40, deadline=None)
@given(less=st.floats(0.01, 1), more=st.floats(0.01, 1))
def test_the_more_are_barred_the_less_may_ship(recorded: Permits, less: float, more: float) -> None:
    less, more = sorted((less, more))
    few = barring(recorded, [bar(less)], POLICY.active)
    many = barring(recorded, [bar(more)], POLICY.active)
    for name in ("cap_multiple", "granted", "open_share"):
        assert (getattr(few, name) <= getattr(recorded, name)).all(), name
        assert (getattr(many, name) <= getattr(few, name)).all(), name
    assert (many.open_share >= 0).all()


def test_only_firms_of_the_list_are_taken_out_and_only_while_it_stands(recorded: Permits) -> None:
    after = barring(recorded, [bar(0.25, uses=frozenset({"civil"}))], POLICY.active)
    for index, item in enumerate(CLASSES):
        if (item.destination, item.use) != ("USA", "civil") or not item.controls:
            assert (after.cap_multiple[index] == recorded.cap_multiple[index]).all(), item
            continue
        np.testing.assert_allclose(
            after.open_share[index, LISTED], 0.75 * recorded.open_share[index, LISTED]
        )
        assert (after.cap_multiple[index, LISTED] <= 0.75).all()
        # suspended on 14 May: the firms are in the queue again
        same = after.cap_multiple[index, ~LISTED] == recorded.cap_multiple[index, ~LISTED]
        assert same.all()


def test_whoever_is_not_listed_does_not_catch_up_for_those_who_are(recorded: Permits) -> None:
    # everybody else holds a licence: without the listing the class could ship faster than base
    free = replace(
        recorded,
        cap_multiple=np.where(np.isfinite(recorded.cap_multiple), BURST, np.inf),
        open_share=np.ones_like(recorded.open_share),
    )
    after = barring(free, [bar(0.1)], POLICY.active)
    place = CLASSES.index(next(c for c in CLASSES if c.destination == "USA" and c.controls))
    np.testing.assert_allclose(after.cap_multiple[place, LISTED], 0.9)


def test_lists_that_meet_add_up_to_all_at_most(recorded: Permits) -> None:
    after = barring(recorded, [bar(0.7), bar(0.6)], POLICY.active)
    for index, item in enumerate(CLASSES):
        if item.destination == "USA" and item.controls:
            assert (after.open_share[index, LISTED] == 0).all()
            assert (after.cap_multiple[index, LISTED] == 0).all()


leaks = st.builds(
    Leak,
    share=st.floats(0, 1),
    delay=st.integers(0, 400),
    start=st.sampled_from(DAYS),
    acts=st.sampled_from([frozenset[str](), frozenset({"M023"}), frozenset({"M017"})]),
    goods=st.sets(st.sampled_from(["magnet", "oxide_metal", "mineral"])).map(frozenset),
    destinations=st.sets(st.sampled_from(["DEU", "USA"])).map(frozenset),
    uses=st.sets(st.sampled_from(["civil", "defence"])).map(frozenset),
)


@settings(max_examples=60, deadline=None)
@given(found=st.lists(leaks, min_size=1, max_size=3))
def test_leaks_only_ever_let_through_and_never_more_than_was_held(
    recorded: Permits, found: list[Leak]
) -> None:
    after = leaking(recorded, found, POLICY.active, DAYS, BURST)
    for name in ("cap_multiple", "granted", "open_share"):
        assert (getattr(after, name) >= getattr(recorded, name)).all(), name
    both = np.isfinite(after.granted[:, 1:]) & np.isfinite(after.granted[:, :-1])
    assert (after.granted[:, 1:][both] >= after.granted[:, :-1][both]).all()  # cumulative
    for index, item in enumerate(CLASSES):
        held = (1.0 - recorded.open_share[index]).sum(axis=0)
        let_through = (after.open_share[index] - recorded.open_share[index]).sum(axis=0)
        assert (let_through <= held * (1 + 1e-9)).all()
        if not any(leak.share > 0 and leak.holding(item) for leak in found):
            assert (after.cap_multiple[index] == recorded.cap_multiple[index]).all()
            assert (after.granted[index] == recorded.granted[index]).all()


@given(delay=st.integers(0, 400))
@settings(max_examples=10, deadline=None)
def test_no_share_leaks_nothing(recorded: Permits, delay: int) -> None:
    assert leaking(recorded, [Leak(0.0, delay, DAYS[0])], POLICY.active, DAYS, BURST) is recorded


def test_all_of_it_at_once_is_no_ban(recorded: Permits) -> None:
    after = leaking(recorded, [Leak(1.0, 0, DAYS[0])], POLICY.active, DAYS, BURST)
    for index, item in enumerate(CLASSES):
        if item.goods == "lookalike":
            assert (after.cap_multiple[index] == recorded.cap_multiple[index]).all()
            continue
        assert (after.open_share[index] == 1).all()
        held = recorded.open_share[index] < 1
        assert np.isinf(after.cap_multiple[index][held]).all()
        # the volume grows as fast as anybody may ship: it never runs out
        limited = np.isfinite(after.granted[index])
        needed = np.cumsum(np.where(limited, 1.0, 0.0), axis=0)
        assert (after.granted[index] >= needed - 1e-9)[limited].all()


def test_what_goes_round_comes_after_its_delay_and_under_the_act_named(recorded: Permits) -> None:
    leak = Leak(0.4, 30, DAYS[0], acts=frozenset({"M017"}))
    after = leaking(recorded, [leak], POLICY.active, DAYS, BURST)
    mineral = len(CLASSES) - 1
    assert (after.cap_multiple[:mineral] == recorded.cap_multiple[:mineral]).all()
    cap = after.cap_multiple[mineral]
    assert (cap[:30] == 0).all()
    last = int(np.flatnonzero(BANNED)[-1])
    np.testing.assert_allclose(cap[30 : last + 1], 0.4)
    assert np.isinf(cap[last + 1 :]).all()  # the ban is suspended: nothing is held


def test_general_licences_for_all_are_as_good_as_no_control_while_they_are_valid(
    recorded: Permits,
) -> None:
    first, last = dt.date(2025, 6, 1), dt.date(2025, 8, 31)
    general = Exit(frozenset({"magnet"}), 1.0, first, first, last=last)
    after = leaving(recorded, [general], DAYS, BURST)
    valid = np.array([first <= day <= last for day in DAYS])
    for index, item in enumerate(CLASSES):
        if item.goods != "magnet":
            assert (after.cap_multiple[index] == recorded.cap_multiple[index]).all()
            continue
        assert (after.open_share[index, valid] == 1).all()
        assert (after.cap_multiple[index, valid] >= BURST).all()
        grown = np.diff(after.granted[index, valid], axis=0)
        assert (grown >= 1).all()  # a day of base flow and more, every day
        same = after.cap_multiple[index, ~valid] == recorded.cap_multiple[index, ~valid]
        assert same.all()
