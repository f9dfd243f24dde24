"""Unannounced stops: whom they reach, and how much they hold back."""

import datetime as dt

import numpy as np
import pytest

from xenotime import facts
from xenotime.policy.limits import EVERY_USE, STOP_SHARE, Limit, limits_on, stops_among, within
from xenotime.policy.regime import PermitClass, Permits

DAYS = [dt.date(2010, 10, 25) + dt.timedelta(days=i) for i in range(4)]
STOPS = [Limit(act, EVERY_USE, share=STOP_SHARE) for act in stops_among(facts.measures())]


def test_a_stop_without_an_end_on_record_is_none():
    assert [stop.measure.id for stop in STOPS] == ["M004", "M005"]
    assert facts.get("M056").instrument == "customs_hold"


@pytest.mark.parametrize(
    ("destination", "names"),
    [("JPN", ("M004",)), ("USA", ("M005",)), ("EST", ("M005",)), ("ROW", ()), ("CHN", ())],
)
def test_a_stop_reaches_its_targets_and_members_of_the_union(destination, names):
    goods = ("oxide:Nd", {"Nd": 0.86})
    assert limits_on(STOPS, *goods, origin="CHN", destination=destination, use="civil") == names


def test_magnets_are_not_held_back():
    where = {"origin": "CHN", "destination": "JPN", "use": "defence"}
    assert limits_on(STOPS, "metal:Dy", {"Dy": 1.0}, **where) == ("M004",)
    assert limits_on(STOPS, "magnet:NdFeB-heavy", {"Dy": 0.03}, **where) == ()


def test_a_share_is_held_back_on_the_days_of_the_stop_and_nothing_is_loosened():
    classes = (
        PermitClass("CHN", "JPN", "civil", "oxide_metal", beside=("M004",)),
        PermitClass("CHN", "JPN", "civil", "magnet"),
        PermitClass("CHN", "USA", "civil", "oxide_metal", beside=("M005",)),
    )
    cap = np.full((3, 4, 2), np.inf)
    cap[0, 1] = 0.01
    before = Permits(classes, cap, cap, np.zeros(3, int), np.ones(3, int), np.ones((3, 4, 2)))
    active = {
        "M004": np.array([False, True, True, False]),
        "M005": np.array([False, False, False, True]),
    }
    values = {STOP_SHARE: np.array([0.8, 1.0]), "ship_burst": np.full(2, 1.3)}
    after = within(before, STOPS, active, DAYS, values)
    assert after.cap_multiple[0, 1].tolist() == pytest.approx([0.01, 0.0])
    assert after.cap_multiple[0, 2].tolist() == pytest.approx([0.2, 0.0])
    assert after.cap_multiple[2, 3].tolist() == pytest.approx([0.2, 0.0])
    assert np.isinf(after.cap_multiple[0, [0, 3]]).all()
    assert np.isinf(after.cap_multiple[1]).all()
    assert (after.open_share <= before.open_share).all()
    assert np.isinf(before.cap_multiple[0, 2]).all()
