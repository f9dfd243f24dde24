"""Whose day is it: an act begins and ends with the calendar day of whoever issues it."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

__all__ = ["ZONES", "day_of"]

ZONES = {
    "CHN": "Asia/Shanghai",
    "USA": "America/New_York",
    "JPN": "Asia/Tokyo",
    "IND": "Asia/Kolkata",
    "EUU": "Europe/Brussels",
    "WLD": "Europe/Zurich",  # the World Trade Organization
}
"""Time zone of the seat of each actor of the record."""


def day_of(moment: dt.datetime, actor: str) -> dt.date:
    """Calendar day of an actor at a moment.

    Parameters
    ----------
    moment
        A moment with a time zone.
    actor
        ISO3 code; of several, joined by ``;``, the first one counts.

    Raises
    ------
    RequestError
        If the moment has no time zone, or the zone of the actor is not known.

    Examples
    --------
    >>> moment = dt.datetime(2025, 11, 10, 4, 30, tzinfo=dt.UTC)
    >>> day_of(moment, "CHN").isoformat(), day_of(moment, "USA").isoformat()
    ('2025-11-10', '2025-11-09')
    """
    from xenotime.facts.problems import RequestError

    if moment.utcoffset() is None:
        raise RequestError(
            f"{moment.isoformat()} names no time zone: add the offset, like {moment.isoformat()}Z"
        )
    first = actor.partition(";")[0]
    if first not in ZONES:
        raise RequestError(
            f"the time zone of {first} is not known: give a day, YYYY-MM-DD, of its own calendar"
        )
    try:
        return moment.astimezone(ZoneInfo(ZONES[first])).date()
    except OverflowError as error:
        raise RequestError(f"{moment.isoformat()} lies at the end of the calendar") from error
