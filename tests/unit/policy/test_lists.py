"""Names on entity lists: found whatever their spelling, never guessed."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xenotime import facts
from xenotime.policy.lists import look_up

LATE = dt.date(2026, 7, 30)
FIRMS = sorted({e.entity for e in facts.listed_entities() if "names not read" not in e.entity})


def test_a_firm_stands_as_its_act_does() -> None:
    for day, status, until in (
        (dt.date(2025, 4, 3), "not_yet", dt.date(2025, 4, 3)),
        (dt.date(2025, 4, 10), "in_force", dt.date(2025, 5, 13)),
        (dt.date(2025, 6, 10), "suspended", dt.date(2026, 11, 10)),
        (dt.date(2026, 11, 20), "unknown", None),
    ):
        (found,) = look_up("High Point Aerotechnologies", day).listings
        assert (found.status, found.until) == (status, until), day
        assert found.bars == (status == "in_force")


def test_what_became_of_an_entry_that_nobody_read_is_not_known() -> None:
    assert look_up("Insitu", dt.date(2025, 4, 10)).bar is not None
    (found,) = look_up("Insitu", dt.date(2025, 12, 1)).listings
    assert (found.status, found.until) == ("unknown", None)


def test_a_list_whose_act_is_not_on_record_bars_all_the_same() -> None:
    bar = look_up("rheinmetall", LATE).bar
    assert bar is not None
    assert (bar.act, bar.until) == ("Announcement 30/2026", None)


def test_a_watch_list_bars_nobody() -> None:
    found = look_up("tdk", LATE)
    assert found.bar is None
    assert found.watched


@given(
    st.sampled_from(FIRMS),
    st.sampled_from([str.upper, str.lower, lambda s: s.replace(",", ""), lambda s: f" {s}  "]),
)
def test_every_firm_is_found_by_its_name_whatever_the_case(name: str, change: object) -> None:
    assert callable(change)
    found = look_up(change(name), LATE)
    assert [listing.entity.entity for listing in found.listings] == [name]
    assert found.near == ()


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        ("universal logistics", "Universal Logistics Holdings, Inc."),
        ("Rheinmetal", "Rheinmetall AG"),
        ("Mitsubishi Heavy Industries", "Mitsubishi Heavy Industries Shipbuilding Co."),
        ("JAXA", "Japan Aerospace Exploration Agency (JAXA)"),
        ("Red Cat Holding", "Red Cat Holdings, Inc."),
    ],
)
def test_a_name_that_is_only_near_is_told_and_not_taken(asked: str, near: str) -> None:
    found = look_up(asked, LATE)
    assert found.listings == ()
    assert found.bar is None
    assert near in found.near


def test_a_name_like_none_has_nothing_near() -> None:
    for asked in ("Acme Magnets", "entities", "15 entities (names not read)"):
        found = look_up(asked, LATE)
        assert (found.listings, found.near) == ((), ()), asked


@pytest.mark.parametrize("name", ["", "  ", "?!"])
def test_no_name_is_refused(name: str) -> None:
    with pytest.raises(facts.RequestError, match="give a name"):
        look_up(name, LATE)
