"""A change of the pace of approvals acts where, when and on whom it says."""

import datetime as dt
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from xenotime import facts
from xenotime.policy.queues import Pace, approval_periods, delayed
from xenotime.policy.regime import PermitClass, Permits, permits
from xenotime.runs.draws import event_normal, sample_parameters

DAYS = [dt.date(2025, 1, 1) + dt.timedelta(days=i) for i in range(365)]
DRAWS = 16
START = DAYS.index(dt.date(2025, 4, 4))
ACTIVE = {"M023": np.array([day >= dt.date(2025, 4, 4) for day in DAYS])}
ITEMS = [
    PermitClass("CHN", destination, use, "magnet", ("M023",))
    for destination in ("DEU", "USA")
    for use in ("civil", "defence")
]
VALUES, _ = sample_parameters(facts.parameters(), {}, first=0, count=DRAWS, seed=7)


def regime(*paces: Pace, delay: int = 0) -> Permits:
    return permits(
        ITEMS,
        ACTIVE,
        delayed(approval_periods(), delay),
        DAYS,
        VALUES,
        lambda stream: event_normal(stream, first=0, count=DRAWS, seed=7),
        paces,
    )


AS_RECORDED = regime()


def test_a_pace_of_one_changes_nothing() -> None:
    assert (regime(Pace(1.0, DAYS[0])).granted == AS_RECORDED.granted).all()


def test_a_pace_of_zero_approves_nobody() -> None:
    stopped = regime(Pace(0.0, DAYS[0]))
    assert (stopped.granted[:, START:] == 0).all()
    assert (stopped.open_share[:, START:] == 0).all()


def test_only_those_named_are_touched_and_only_from_then_on() -> None:
    first = DAYS[200]
    slow = regime(Pace(0.0, first, None, frozenset({"USA"}), frozenset({"civil"})))
    for place, item in enumerate(ITEMS):
        same = slow.granted[place] == AS_RECORDED.granted[place]
        assert same[:200].all()
        assert same.all() is np.bool_(item != ITEMS[2])
    ended = regime(Pace(0.0, DAYS[150], DAYS[160]))
    assert (ended.granted[:, 170] > ended.granted[:, 160]).all()


@given(st.floats(0, 1), st.floats(1, 20), st.integers(0, 364), st.integers(0, 364))
@settings(max_examples=10, deadline=None)
def test_a_slower_pace_never_grants_more(slow: float, fast: float, one: int, two: int) -> None:
    span: dict[str, Any] = {"first": DAYS[min(one, two)], "last": DAYS[max(one, two)]}
    less, more = regime(Pace(slow, **span)), regime(Pace(fast, **span))
    # Renewals fall due earlier when approvals came earlier: first approvals are what is compared.
    before = START + int(VALUES["licence_validity_days"][0])
    for found, other in ((less, AS_RECORDED), (AS_RECORDED, more)):
        assert (found.granted[:, START:before] <= other.granted[:, START:before] * (1 + 1e-9)).all()


def test_paces_that_meet_multiply() -> None:
    halves = regime(Pace(0.5, DAYS[0]), Pace(0.5, DAYS[0]))
    assert np.allclose(halves.granted, regime(Pace(0.25, DAYS[0])).granted)


@given(st.integers(0, 180), st.integers(0, 180))
@settings(max_examples=10, deadline=None)
def test_a_longer_delay_never_grants_more(one: int, two: int) -> None:
    short, long = regime(delay=min(one, two)), regime(delay=max(one, two))
    first = START + int(VALUES["licence_validity_days"][0])
    assert (long.granted[:, START:first] <= short.granted[:, START:first] * (1 + 1e-9)).all()


def test_controls_begin_as_they_did_whatever_the_delay() -> None:
    late = regime(delay=1000)
    assert np.isinf(late.cap_multiple[:, START - 1]).all()
    assert (late.open_share[:, START] < 0.05).all()
    assert (regime(delay=0).granted == AS_RECORDED.granted).all()
