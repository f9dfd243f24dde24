"""Firms that get no licence, goods that go round, general licences: shares of a class."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xenotime import facts
from xenotime.policy.bars import Bar, barring
from xenotime.policy.exits import Exit, leaving
from xenotime.policy.leaks import Leak, leaking
from xenotime.policy.limits import EVERY_USE, Limit, assumed_act, within
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


STOP = Limit(
    assumed_act(
        "stop", actor="CHN", targets=("USA",), elements=("Dy",), forms=("magnet",),
        start=dt.date(2025, 4, 20), end=None, licensed=False,
    ),
    EVERY_USE,
)  # fmt: skip
ACTIVE = {**POLICY.active, STOP.measure.id: np.array([d >= dt.date(2025, 4, 20) for d in DAYS])}


@pytest.fixture(scope="module")
def licensed() -> Permits:
    nothing = np.zeros(DRAWS)
    return permits(CLASSES, POLICY.active, POLICY.periods, DAYS, VALUES, lambda _: nothing)


@pytest.fixture(scope="module")
def recorded(licensed: Permits) -> Permits:
    return within(licensed, [BAN], POLICY.active, DAYS, VALUES)


@pytest.fixture(scope="module")
def stopped(licensed: Permits) -> Permits:
    """Licences, with the classes under the assumed stop named."""
    classes = [
        replace(c, beside=(STOP.measure.id,)) if c.destination == "USA" and c.controls else c
        for c in CLASSES
    ]
    return replace(licensed, classes=tuple(classes))


def leaked(before: Permits, leaks: Sequence[Leak]) -> Permits:
    """Permits under the licences and the limits, with what goes round them."""
    after = leaking(before, leaks, ACTIVE, DAYS)
    return within(after, [BAN, STOP], ACTIVE, DAYS, VALUES, leaks)


def barred(before: Permits, bars: Sequence[Bar], exits: Sequence[Exit] = ()) -> Permits:
    return barring(before, bars, ACTIVE, exits, DAYS, BURST)


def same(one: Permits, other: Permits) -> None:
    for name in ("cap_multiple", "granted", "open_share"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), name)


def bar(share: float, **of: frozenset[str]) -> Bar:
    return Bar(LIST, share, **of)


@settings(max_examples=40, deadline=None)
@given(less=st.floats(0.01, 1), more=st.floats(0.01, 1))
def test_the_more_are_barred_the_less_may_ship(recorded: Permits, less: float, more: float) -> None:
    less, more = sorted((less, more))
    few = barred(recorded, [bar(less)])
    many = barred(recorded, [bar(more)])
    for name in ("cap_multiple", "granted", "open_share"):
        assert (getattr(few, name) <= getattr(recorded, name)).all(), name
        assert (getattr(many, name) <= getattr(few, name)).all(), name
    assert (many.open_share >= 0).all()


def test_only_firms_of_the_list_are_taken_out_and_only_while_it_stands(recorded: Permits) -> None:
    after = barred(recorded, [bar(0.25, uses=frozenset({"civil"}))])
    for index, item in enumerate(CLASSES):
        if (item.destination, item.use) != ("USA", "civil") or not item.controls:
            assert (after.cap_multiple[index] == recorded.cap_multiple[index]).all(), item
            continue
        np.testing.assert_allclose(
            after.open_share[index, LISTED], 0.75 * recorded.open_share[index, LISTED]
        )
        np.testing.assert_allclose(
            after.cap_multiple[index, LISTED], 0.75 * recorded.cap_multiple[index, LISTED]
        )
        # suspended on 14 May: the firms are in the queue again
        rest = after.cap_multiple[index, ~LISTED] == recorded.cap_multiple[index, ~LISTED]
        assert rest.all()


def test_whoever_is_not_listed_catches_up_as_the_queue_lets_them(recorded: Permits) -> None:
    # everybody else holds a licence: they catch up, and what is barred does not
    free = replace(
        recorded,
        cap_multiple=np.where(np.isfinite(recorded.cap_multiple), BURST, np.inf),
        open_share=np.ones_like(recorded.open_share),
    )
    after = barred(free, [bar(0.1)])
    place = CLASSES.index(next(c for c in CLASSES if c.destination == "USA" and c.controls))
    expected = np.broadcast_to(0.9 * BURST, (int(LISTED.sum()), DRAWS))
    np.testing.assert_allclose(after.cap_multiple[place, LISTED], expected, rtol=1e-6)


@given(share=st.floats(0, 1e-12))
@settings(max_examples=10, deadline=None)
def test_a_share_of_all_but_nothing_bars_all_but_nobody(recorded: Permits, share: float) -> None:
    after = barred(recorded, [bar(share)])
    for name in ("cap_multiple", "granted", "open_share"):
        np.testing.assert_allclose(getattr(after, name), getattr(recorded, name), rtol=0, atol=1e-9)


@given(share=st.floats(0.01, 1), out=st.floats(0, 1), general=st.floats(0, 1))
@settings(max_examples=20, deadline=None)
def test_a_bar_acts_on_what_needs_a_licence_and_on_general_licences(
    licensed: Permits, share: float, out: float, general: float
) -> None:
    goods = frozenset({"magnet", "oxide_metal"})
    rotors = Exit(goods, out, DAYS[0], DAYS[0])
    permit = Exit(goods, general, DAYS[0], DAYS[0], last=DAYS[-1], general=True)
    before = leaving(licensed, [rotors, permit], DAYS, BURST)
    after = barred(before, [bar(share)], [rotors, permit])
    for index, item in enumerate(CLASSES):
        if item.destination != "USA" or not item.controls:
            continue
        # what is outside the control is shipped as before, the rest by those who are not listed
        for name, free in (("open_share", out), ("cap_multiple", out * BURST)):
            one, two = (getattr(p, name)[index, LISTED].astype(float) for p in (before, after))
            np.testing.assert_allclose(two, free + (one - free) * (1 - share), atol=1e-6)


def test_lists_that_meet_add_up_to_all_at_most(recorded: Permits) -> None:
    after = barred(recorded, [bar(0.7), bar(0.6)])
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
    licensed: Permits, recorded: Permits, found: list[Leak]
) -> None:
    after = leaked(licensed, found)
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
def test_no_share_leaks_nothing(licensed: Permits, recorded: Permits, delay: int) -> None:
    same(leaked(licensed, [Leak(0.0, delay, DAYS[0])]), recorded)


def test_all_of_it_at_once_is_no_ban(licensed: Permits, recorded: Permits) -> None:
    after = leaked(licensed, [Leak(1.0, 0, DAYS[0])])
    for index, item in enumerate(CLASSES):
        if item.goods == "lookalike":
            assert (after.cap_multiple[index] == recorded.cap_multiple[index]).all()
            continue
        assert (after.open_share[index] == 1).all()
        held = recorded.open_share[index] < 1
        assert np.isinf(after.cap_multiple[index][held]).all()
        assert np.isinf(after.granted[index]).all()  # nor does any volume


def test_what_goes_round_comes_after_its_delay_and_under_the_act_named(
    licensed: Permits, recorded: Permits
) -> None:
    leak = Leak(0.4, 30, DAYS[0], acts=frozenset({"M017"}))
    after = leaked(licensed, [leak])
    mineral = len(CLASSES) - 1
    assert (after.cap_multiple[:mineral] == recorded.cap_multiple[:mineral]).all()
    cap = after.cap_multiple[mineral]
    assert (cap[:30] == 0).all()
    last = int(np.flatnonzero(BANNED)[-1])
    np.testing.assert_allclose(cap[30 : last + 1], 0.4)
    assert np.isinf(cap[last + 1 :]).all()  # the ban is suspended: nothing is held


@given(other=st.sampled_from([frozenset({"M023"}), frozenset({"M023", "M017"})]))
@settings(max_examples=4, deadline=None)
def test_whoever_gets_round_the_licence_still_meets_a_total_stop(
    stopped: Permits, other: frozenset[str]
) -> None:
    after = leaked(stopped, [Leak(1.0, 0, DAYS[0], acts=other)])
    on = ACTIVE[STOP.measure.id]
    for index, item in enumerate(stopped.classes):
        if item.beside == (STOP.measure.id,):
            assert (after.cap_multiple[index, on] == 0).all()
            assert (after.open_share[index, on] == 0).all()
            assert np.isinf(after.cap_multiple[index, ~on]).all()


@given(
    of=st.fixed_dictionaries(
        {
            "delay": st.integers(0, 60),
            "share": st.floats(0, 1),
            "destinations": st.sampled_from([frozenset[str](), frozenset({"USA"})]),
        }
    )
)
@settings(max_examples=20, deadline=None)
def test_a_stop_that_all_goods_get_round_is_no_stop(
    licensed: Permits, recorded: Permits, stopped: Permits, of: dict[str, Any]
) -> None:
    # whatever else leaks round the licence: the stop alone is gone
    beside = Leak(start=DAYS[0], acts=frozenset({"M023"}), **of)
    total = Leak(1.0, 0, DAYS[0], acts=frozenset({STOP.measure.id}))
    same(leaked(stopped, [total]), recorded)
    same(leaked(stopped, [total, beside]), leaked(licensed, [beside]))


def test_one_of_two_controls_got_round_lets_nothing_through(licensed: Permits) -> None:
    item = CLASSES[0]
    later = np.array([day >= dt.date(2025, 11, 8) for day in DAYS])
    both = replace(licensed, classes=(replace(item, controls=("M023", "later")), *CLASSES[1:]))
    active = {**ACTIVE, "later": later}
    one = Leak(0.5, 0, DAYS[0], acts=frozenset({"M023"}), destinations=frozenset({"DEU"}))
    after = leaking(both, [one], active, DAYS)
    assert (after.open_share[0, later] == licensed.open_share[0, later]).all()
    held = ~later & ACTIVE["M023"]
    held &= (licensed.open_share[0] < 1).all(axis=1)
    assert (after.open_share[0, held] > licensed.open_share[0, held]).all()


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
        rest = after.cap_multiple[index, ~valid] == recorded.cap_multiple[index, ~valid]
        assert rest.all()
