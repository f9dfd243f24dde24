"""Days belong to a calendar, and shares of mass are no shares of value."""

import datetime as dt
import operator
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xenotime import facts
from xenotime.policy.clocks import ZONES, day_of
from xenotime.policy.standing import standing_on
from xenotime.policy.thresholds import MassShare, ValueShare

LAST_MOMENT = dt.time(23, 59, 59)


def status(act: str, moment: dt.datetime) -> str | None:
    return {row.id: row.status for row in standing_on(moment)}.get(act)


@pytest.mark.parametrize(
    ("act", "zone", "last_day", "before", "after"),
    [
        ("M023", "Asia/Shanghai", "2025-04-03", None, "in_force"),
        ("M039", "Asia/Shanghai", "2025-11-06", "in_force", "suspended"),
        ("M017", "Asia/Shanghai", "2025-11-08", "in_force", "suspended"),
        ("M017", "Asia/Shanghai", "2026-11-27", "suspended", "unknown"),
        ("M018", "America/New_York", "2025-02-03", "scheduled", "in_force"),
        ("M020", "America/New_York", "2025-11-09", "in_force", "lapsed"),
        ("M059", "America/New_York", "2026-07-23", "in_force", "unknown"),
    ],
)
def test_until_a_day_holds_through_its_last_second_where_the_act_was_issued(
    act: str, zone: str, last_day: str, before: str | None, after: str
) -> None:
    last = dt.datetime.combine(dt.date.fromisoformat(last_day), LAST_MOMENT, ZoneInfo(zone))
    assert status(act, last) == before
    assert status(act, last + dt.timedelta(seconds=1)) == after
    # The same moments told by another clock are the same moments.
    assert status(act, last.astimezone(dt.UTC)) == before
    assert status(act, (last + dt.timedelta(seconds=1)).astimezone(dt.UTC)) == after


def test_one_moment_is_two_days() -> None:
    moment = dt.datetime(2025, 11, 10, 4, 30, tzinfo=dt.UTC)
    assert status("M046", moment) == "suspended"  # in Beijing it is 10 November
    assert status("M020", moment) == "in_force"  # in Washington it is still 9 November


def test_every_actor_of_the_record_has_a_calendar() -> None:
    assert {m.actor.partition(";")[0] for m in facts.measures()} <= set(ZONES)


def test_a_moment_without_a_zone_is_no_moment() -> None:
    with pytest.raises(facts.RequestError, match="names no time zone"):
        day_of(dt.datetime(2025, 4, 4, 12), "CHN")  # noqa: DTZ001  # that is the point
    with pytest.raises(facts.RequestError, match="time zone of VUT is not known"):
        day_of(dt.datetime(2025, 4, 4, 12, tzinfo=dt.UTC), "VUT")


def test_the_ends_of_the_calendar_are_named() -> None:
    west = dt.timezone(dt.timedelta(hours=-12))
    last = dt.datetime(9999, 12, 31, 23, 59, tzinfo=west)
    with pytest.raises(facts.RequestError, match="end of the calendar"):
        standing_on(last)


shares = st.floats(0, 100, allow_nan=False)


@given(shares, shares)
def test_shares_compare_with_their_own_kind_only(one: float, two: float) -> None:
    for compare in (operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne):
        assert compare(MassShare(one), MassShare(two)) == compare(one, two)
        for left, right in (
            (MassShare(one), ValueShare(two)),
            (ValueShare(one), MassShare(two)),
            (MassShare(one), two),
            (one, ValueShare(two)),
        ):
            with pytest.raises(TypeError, match="do not compare"):
                compare(left, right)


@pytest.mark.parametrize("percent", [-0.1, 100.1, float("nan"), float("inf")])
def test_a_share_lies_between_nothing_and_all(percent: float) -> None:
    with pytest.raises(ValueError, match="is no share"):
        ValueShare(percent)
