"""In force on a date: last days hold, suspensions hold and end, a lapse snaps back."""

import datetime as dt
from dataclasses import replace

import pytest

from xenotime import facts
from xenotime.policy.record import days_in_force, in_force, is_on_dyad
from xenotime.policy.standing import standing_on


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


def suspension(name: str, changes: tuple[str, ...], begins: str, ends: str | None = None,
               instrument: str = "suspension") -> facts.Measure:  # fmt: skip
    base = facts.get("M048")
    assert isinstance(base, facts.Measure)
    return replace(
        base,
        id=name,
        instrument=instrument,
        changes=changes,
        in_force=dt.date.fromisoformat(begins),
        ends=None if ends is None else dt.date.fromisoformat(ends),
    )


def test_a_suspension_that_names_an_earlier_one_goes_on_with_it() -> None:
    longer = suspension("M-longer", ("M048",), "2026-11-11", "2027-11-10")
    acts = [*facts.measures(), longer]
    for day, holds in ((dt.date(2026, 11, 11), False), (dt.date(2027, 11, 10), False),
                       (dt.date(2027, 11, 11), True)):  # fmt: skip
        assert ("M039" in {m.id for m in in_force(acts, day)}) is holds


def test_a_suspension_that_is_removed_stops_nothing_any_more() -> None:
    removal = suspension("M-end", ("M048",), "2026-03-01", instrument="removal")
    acts = [*facts.measures(), removal]
    assert "M039" not in {m.id for m in in_force(acts, dt.date(2026, 2, 28))}
    found = {m.id for m in in_force(acts, dt.date(2026, 3, 1))}
    assert "M039" in found
    assert "M048" not in found


def test_suspensions_that_name_each_other_come_to_an_end() -> None:
    one = suspension("M-one", ("M-two", "M023"), "2026-01-01")
    two = suspension("M-two", ("M-one",), "2026-01-01")
    found = {m.id for m in in_force([*facts.measures(), one, two], dt.date(2026, 1, 2))}
    assert "M023" not in found


@pytest.mark.parametrize(
    ("act", "day", "status"),
    [
        ("M023", dt.date(2025, 4, 3), None),  # not announced yet
        ("M023", dt.date(2025, 4, 4), "in_force"),
        ("M039", dt.date(2025, 10, 9), "in_force"),
        ("M041", dt.date(2025, 10, 10), "scheduled"),
        ("M039", dt.date(2025, 11, 7), "suspended"),
        ("M039", dt.date(2026, 11, 10), "suspended"),
        ("M039", dt.date(2026, 11, 11), "unknown"),  # the record ended in June
        ("M028", dt.date(2025, 8, 11), "in_force"),
        ("M028", dt.date(2025, 8, 12), "lapsed"),
        ("M048", dt.date(2026, 11, 11), "unknown"),
    ],
)
def test_how_an_act_stands_on_a_day(act: str, day: dt.date, status: str | None) -> None:
    found = {row.id: row for row in standing_on(day)}
    assert (found[act].status if act in found else None) == status


def test_every_act_that_was_announced_stands_somehow_and_is_marked_after_the_record() -> None:
    for day in (dt.date(2010, 1, 1), dt.date(2025, 6, 1), dt.date(2026, 11, 24)):
        found = standing_on(day)
        assert [row.id for row in found] == [
            m.id for m in facts.measures() if m.announced and m.announced <= day
        ]
        assert all((row.record_end is not None) == (day.year == 2026) for row in found)
        in_effect = {m.id for m in in_force(facts.measures(), day)}
        assert {row.id for row in found if row.status == "in_force"} <= in_effect
