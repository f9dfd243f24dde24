"""In force on a date: last days hold, suspensions hold and end, a lapse snaps back."""

import datetime as dt

import pytest

from xenotime import facts
from xenotime.policy.record import days_in_force, in_force, is_on_dyad


def on(day: dt.date) -> set[str]:
    return {m.id for m in in_force(facts.measures(), day)}


@pytest.mark.parametrize(
    ("act", "day", "holds"),
    [
        ("M023", dt.date(2025, 4, 3), False),  # Announcement 18/2025 starts on 4 April
        ("M023", dt.date(2025, 4, 4), True),
        ("M023", dt.date(2025, 12, 31), True),  # and was never suspended
        ("M021", dt.date(2025, 5, 13), True),  # the last day before the Geneva cut
        ("M021", dt.date(2025, 5, 14), False),
        ("M039", dt.date(2025, 11, 6), True),  # technology licences until their suspension
        ("M039", dt.date(2025, 11, 7), False),
        ("M039", dt.date(2026, 11, 10), False),  # the last day of the suspension
        ("M039", dt.date(2026, 11, 11), True),  # as far as the record goes, it snaps back
        ("M041", dt.date(2025, 11, 8), False),  # suspended before it ever operated
        ("M017", dt.date(2025, 11, 8), True),  # the ban of gallium to the United States
        ("M017", dt.date(2025, 11, 9), False),
    ],
)
def test_dates_of_the_record(act: str, day: dt.date, holds: bool) -> None:
    assert (act in on(day)) is holds


def test_days_in_force_follow_suspensions() -> None:
    days = [dt.date(2025, 11, 6) + dt.timedelta(days=i) for i in range(3)]
    days += [dt.date(2026, 11, 10), dt.date(2026, 11, 11)]
    acts = facts.measures()
    found = days_in_force(acts, [facts.get("M039"), facts.get("M023")], days)
    assert found["M039"].tolist() == [True, False, False, False, True]
    assert found["M023"].all()


def test_acts_between_two_countries() -> None:
    dyad = {m.id for m in facts.measures() if is_on_dyad(m, ("CHN", "USA"))}
    assert {"M028", "M030", "M035", "M047", "M021", "M022"} <= dyad
    assert "M023" not in dyad  # aimed at the world
    assert "M055" not in dyad  # aimed at Japan
    assert dyad == {m.id for m in facts.measures() if is_on_dyad(m, ("USA", "CHN"))}
