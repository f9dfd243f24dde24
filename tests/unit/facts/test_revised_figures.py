"""Added vintages beside those on record: bounds, zeros and slips of units."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from xenotime import facts
from xenotime.facts.adding import problems_of
from xenotime.facts.vintages import newest_usable, what_it_changes

TODAY = dt.date(2026, 11, 24)
BODY = "mine_production/MMR/2024"  # 27,000 t REO


def vintage(name: str = "own", **figures: Any) -> facts.Claim:
    known = facts.get(f"{BODY}@mcs2026")
    assert isinstance(known, facts.Claim)
    given = {"low": None, "mid": None, "high": None} | figures
    return replace(
        known, id=f"{BODY}@{name}", vintage=name, first_known=dt.date(2026, 7, 1), **given
    )


def said(*claims: facts.Claim) -> str:
    return "\n".join(problems_of({"claims": claims}, today=TODAY))


@pytest.mark.parametrize(
    "figures",
    [{"low": 1e11}, {"high": 5e6}, {"low": 1.0, "high": 1e12}, {"mid": 27e6}, {"mid": 27.0}],
)
def test_a_slip_of_units_is_found_in_any_part_of_a_figure(figures: dict[str, float]) -> None:
    assert "is a slip of units" in said(vintage(**figures))


@pytest.mark.parametrize("figures", [{"mid": 30e3}, {"mid": 0.0}, {"low": 2e4, "high": 4e4}])
def test_a_revision_is_taken_and_so_is_a_zero(figures: dict[str, float]) -> None:
    assert said(vintage(**figures)) == ""


def test_a_zero_in_between_hides_no_slip() -> None:
    with facts.including(facts.Additions({"claims": (vintage("own", mid=0.0),)})):
        later = replace(vintage("own2", mid=27e6), first_known=dt.date(2026, 8, 1))
        assert "is a slip of units" in said(later)
        assert said(replace(later, mid=28e3)) == ""


def test_a_bound_alone_does_not_stand_in_for_a_middle() -> None:
    assert "a bound alone" in what_it_changes(vintage(low=20e3))
    with facts.including(facts.Additions({"claims": (vintage(low=20e3),)})):
        counts = newest_usable(BODY)
    assert counts is not None
    assert counts.id == f"{BODY}@mcs2026"
    with facts.including(facts.Additions({"claims": (vintage(low=20e3, high=30e3),)})):
        counts = newest_usable(BODY)
    assert counts is not None
    assert counts.id == f"{BODY}@own"
