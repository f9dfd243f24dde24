"""Chinese working days: the calendar on which applications are reviewed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache

import chinese_calendar
import numpy as np
from numpy.typing import NDArray

__all__ = ["is_working_day", "statutory_deadline", "working_day_mask"]

_FIRST_YEAR, _LAST_YEAR = 2004, 2026


def calendar_is_known(day: dt.date) -> bool:
    """Whether the published Chinese calendar covers a day.

    >>> calendar_is_known(dt.date(2025, 4, 4)), calendar_is_known(dt.date(2031, 1, 1))
    (True, False)
    """
    return _FIRST_YEAR <= day.year <= _LAST_YEAR


@lru_cache(maxsize=8192)
def is_working_day(day: dt.date) -> bool:
    """Whether Chinese public offices work on a day.

    The package `chinesecalendar` carries the holidays and make-up days that the State Council
    publishes. Outside its years (see `calendar_is_known`) Monday to Friday count, less the average
    number of holidays of the recorded years, spread evenly because their dates are not known.

    >>> is_working_day(dt.date(2025, 4, 4))  # Qingming festival
    False
    >>> is_working_day(dt.date(2025, 4, 27))  # a make-up Sunday
    True
    """
    if calendar_is_known(day):
        return bool(chinese_calendar.is_workday(day))
    if day.weekday() >= 5:
        return False
    weekday_of_year = np.busday_count(dt.date(day.year, 1, 1), day)
    return int(weekday_of_year) % _weekdays_per_holiday() != 0


@lru_cache(maxsize=1)
def _weekdays_per_holiday() -> int:
    """Weekdays of an average recorded year for each weekday lost to holidays, net of make-up."""
    first, end = dt.date(_FIRST_YEAR, 1, 1), dt.date(_LAST_YEAR + 1, 1, 1)
    weekdays = int(np.busday_count(first, end))
    working = sum(
        bool(chinese_calendar.is_workday(first + dt.timedelta(days=i)))
        for i in range((end - first).days)
    )
    per_holiday: int = round(weekdays / (weekdays - working))
    return per_holiday


def working_day_mask(days: Sequence[dt.date]) -> NDArray[np.bool_]:
    """Working days among calendar days, as a boolean array in the same order.

    >>> working_day_mask([dt.date(2025, 4, 4), dt.date(2025, 4, 7)]).tolist()
    [False, True]
    """
    return np.array([is_working_day(day) for day in days], dtype=bool)


def statutory_deadline(accepted: dt.date, working_days: int = 45) -> dt.date:
    """Last day of a review of so many working days; the day after acceptance is the first.

    >>> statutory_deadline(dt.date(2025, 4, 4))
    datetime.date(2025, 6, 11)
    """
    day, left = accepted, working_days
    while left > 0:
        day += dt.timedelta(days=1)
        left -= is_working_day(day)
    return day
