"""Chinese working days: dates that were published, and the statutory clock."""

import datetime as dt

import pytest

from xenotime.policy.working_days import (
    calendar_is_known,
    is_working_day,
    statutory_deadline,
    working_day_mask,
)


def test_the_review_of_4_april_2025_ends_on_11_june() -> None:
    assert statutory_deadline(dt.date(2025, 4, 4)) == dt.date(2025, 6, 11)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (dt.date(2025, 5, 1), False),  # Labour Day on a Thursday
        (dt.date(2025, 4, 27), True),  # a Sunday worked in exchange
        (dt.date(2025, 4, 7), True),
        (dt.date(2025, 4, 5), False),
    ],
)
def test_published_days(day: dt.date, works: bool) -> None:
    assert is_working_day(day) is works


def test_a_naive_count_would_be_early() -> None:
    naive, left = dt.date(2025, 4, 4), 45
    while left:
        naive += dt.timedelta(days=1)
        left -= naive.weekday() < 5
    assert naive == dt.date(2025, 6, 6)
    assert statutory_deadline(dt.date(2025, 4, 4)) > naive


def test_after_the_record_a_year_has_as_many_working_days_as_on_average() -> None:
    def count(year: int) -> int:
        first = dt.date(year, 1, 1)
        length = (dt.date(year + 1, 1, 1) - first).days
        return int(working_day_mask([first + dt.timedelta(i) for i in range(length)]).sum())

    assert not calendar_is_known(dt.date(2030, 1, 1))
    known = [count(year) for year in range(2004, 2027)]
    assert min(known) <= count(2030) <= max(known)
    assert not is_working_day(dt.date(2030, 1, 5))  # a Saturday
