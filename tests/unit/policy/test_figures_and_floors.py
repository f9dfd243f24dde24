"""Figures that acts state, and the price floors that are wedges."""

from __future__ import annotations

import csv
import datetime as dt
from importlib import resources

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xenotime import facts
from xenotime.policy.figures import figures_of
from xenotime.policy.floors import floor_wedges
from xenotime.policy.wedges import wedge_arrays

FILE = resources.files("xenotime.policy") / "data" / "act_figures.csv"
with FILE.open(encoding="utf-8") as stream:
    ROWS = list(csv.DictReader(stream))
WORDS = {"2": "Two", "10": "ten"}
BEGINS, KNOWN = dt.date(2025, 10, 1), dt.date(2026, 6, 29)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['act']}-{row['what']}")
def test_every_figure_stands_in_the_act_or_in_the_claim_that_it_names(row: dict[str, str]) -> None:
    act = next(m for m in facts.measures() if m.id == row["act"])
    if row["stated_by"] == "act":
        digits = f"{float(row['value']):,g}"
        text = f"{act.act} {act.note}"
        assert digits in text or WORDS[row["value"]] in text
    if row["claim"]:
        claim = next(c for c in facts.claims() if c.id == row["claim"])
        assert claim.unit == row["unit"]
        assert not row["value"] or float(row["value"]) == claim.mid


def test_a_claim_that_was_not_known_leaves_the_figure_to_the_act() -> None:
    act = facts.get("M033")
    floor, *_ = figures_of(act)  # type: ignore[arg-type]
    early, *_ = figures_of(act, dt.date(2025, 8, 1))  # type: ignore[arg-type]
    assert (floor.grade, floor.first) == ("A", BEGINS)
    assert (early.id, early.grade, early.first) == ("M033", "B", dt.date(2025, 7, 10))
    assert early.value == floor.value
    assert figures_of(act, dt.date(2025, 7, 9)) == ()  # type: ignore[arg-type]
    assert figures_of(facts.get("M034"), dt.date(2025, 12, 31)) == ()  # type: ignore[arg-type]


@settings(max_examples=50, deadline=None)
@given(
    first=st.dates(dt.date(2025, 1, 1), dt.date(2026, 12, 31)),
    length=st.integers(0, 400),
)
def test_a_floor_holds_from_its_first_day_to_the_end_of_the_record(
    first: dt.date, length: int
) -> None:
    days = [first + dt.timedelta(days=i) for i in range(length + 1)]
    wedges = floor_wedges(days[0], days[-1])
    low, high = wedge_arrays(wedges, days)
    np.testing.assert_array_equal(low, high)
    assert [w.product for w in wedges] == (["Nd", "Pr"] if days[-1] >= BEGINS else [])
    for row in low:
        for value, day in zip(row, days, strict=True):
            assert value == 110.0 if BEGINS <= day <= KNOWN else np.isnan(value)


def test_a_floor_goes_with_its_act_and_ends_with_what_is_known() -> None:
    days = dt.date(2025, 1, 1), dt.date(2025, 12, 31)
    assert floor_wedges(*days, left_out={"M033"}) == ()
    assert floor_wedges(*days, as_of=dt.date(2025, 7, 9)) == ()
    (wedge, _) = floor_wedges(*days, as_of=dt.date(2025, 8, 1))
    assert [(span.first.isoformat(), span.status) for span in wedge.spans] == [
        ("2025-07-10", "recorded"), ("2025-08-02", "unknown"),
    ]  # fmt: skip
