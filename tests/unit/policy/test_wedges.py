"""Wedges on prices: on which days they change, what acts left out and assumed duties do to them."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xenotime import facts
from xenotime.facts.additions import Additions
from xenotime.policy.wedges import (
    AssumedDuty,
    Span,
    duty_wedges,
    products_without_duty,
    stack_codes_of,
    wedge_arrays,
)

ONE_DAY = dt.timedelta(days=1)
MAGNET, SMCO, OXIDE = "magnet:NdFeB-heavy", "magnet:SmCo", "oxide:Dy"
LAST_ON_RECORD = dt.date(2026, 7, 23)
EXTRA = AssumedDuty(
    name="more",
    importer="USA",
    origins=frozenset({"CHN"}),
    products=frozenset({MAGNET}),
    codes=(),
    rate=25.0,
    first=dt.date(2025, 6, 1),
    last=dt.date(2025, 6, 30),
    replaces=False,
)
days = st.dates(dt.date(2024, 6, 1), dt.date(2026, 12, 31))


def on(day: str, product: str = MAGNET, **more: object) -> Span:
    """Span of a day: the whole record is compiled, so that no day is special."""
    asked = dt.date.fromisoformat(day)
    wedges = duty_wedges([product], dt.date(2025, 1, 1), dt.date(2026, 12, 31), **more)  # type: ignore[arg-type]
    mine = next(w for w in wedges if (w.importer, w.product) == ("USA", product))
    return next(span for span in mine.spans if span.first <= asked < span.until)


@settings(max_examples=60, deadline=None)
@given(first=days, length=st.integers(0, 500), product=st.sampled_from([MAGNET, SMCO, OXIDE]))
def test_a_wedge_changes_only_when_an_act_begins_or_ends(
    first: dt.date, length: int, product: str
) -> None:
    last = first + dt.timedelta(days=length)
    (wedge,) = duty_wedges([product], first, last)
    assert (wedge.spans[0].first, wedge.spans[-1].until) == (first, last + ONE_DAY)
    turning = {m.in_force for m in facts.measures()}
    turning |= {m.ends + ONE_DAY for m in facts.measures() if m.ends is not None}
    turning |= {dt.date(2025, 1, 1), LAST_ON_RECORD + ONE_DAY}  # the record begins and ends
    for one, two in itertools.pairwise(wedge.spans):
        assert one.until == two.first
        assert two.first in turning
        assert (one.low, one.acts) != (two.low, two.acts)


@settings(max_examples=40, deadline=None)
@given(first=days, length=st.integers(0, 300), cut=st.integers(0, 300))
def test_a_part_of_a_period_has_the_days_of_the_whole(
    first: dt.date, length: int, cut: int
) -> None:
    last = first + dt.timedelta(days=length)
    asked = [first + dt.timedelta(days=i) for i in range(length + 1)]
    middle = first + dt.timedelta(days=min(cut, length))
    whole = wedge_arrays(duty_wedges([MAGNET], first, last), asked)
    part = wedge_arrays(duty_wedges([MAGNET], middle, last), asked)
    inside = np.array([day >= middle for day in asked])
    for one, two in zip(whole, part, strict=True):
        np.testing.assert_array_equal(one[:, inside], two[:, inside])
        assert np.isnan(two[:, ~inside]).all()


@settings(max_examples=60, deadline=None)
@given(day=days, gone=st.sets(st.sampled_from([m.id for m in facts.measures()]), max_size=6))
def test_leaving_out_acts_that_set_no_duty_changes_nothing_and_never_makes_days_known(
    day: dt.date, gone: set[str]
) -> None:
    kept = {*(m.id for m in facts.measures() if m.instrument not in {"import_tariff", "exemption"})}
    (before,) = duty_wedges([MAGNET], day, day)
    (after,) = duty_wedges([MAGNET], day, day, left_out=gone)
    assert np.isnan(before.spans[0].low) == np.isnan(after.spans[0].low)
    assert not set(after.spans[0].acts) & gone
    if gone <= kept - {"M058"}:  # the ruling that ended the emergency duties
        np.testing.assert_equal(after.spans[0].low, before.spans[0].low)


def test_each_stretch_names_the_acts_that_make_it_up() -> None:
    assert on("2025-01-15") == Span(
        dt.date(2025, 1, 1), dt.date(2025, 2, 4), 2.1, 2.1, (), "recorded"
    )
    assert on("2025-04-12").acts == ("M020", "M026")
    assert on("2026-01-02").acts == ("M016", "M075")  # free of the reciprocal tariff
    assert on("2026-01-02", SMCO).acts == ("M016", "M075", "M070")


@pytest.mark.parametrize(
    ("day", "product", "gone", "total"),
    [
        ("2025-03-10", MAGNET, {"M020"}, 12.1),  # the first ten points go on
        ("2025-03-10", MAGNET, {"M018", "M020"}, 2.1),
        ("2025-12-01", MAGNET, {"M075"}, 2.1),  # Busan stops what it had replaced
        ("2025-12-01", MAGNET, {"M075", "M047"}, 22.1),
        ("2025-06-01", SMCO, {"M070", "M028", "M035", "M047"}, 147.1),  # no truce of Geneva
        ("2025-06-01", SMCO, {"M070"}, 22.1),
        ("2025-10-01", MAGNET, {"M077"}, 32.1),  # no exemption of NdFeB magnets
        ("2025-04-12", OXIDE, {"M076"}, 145.0),  # nor of minerals
        ("2026-02-01", MAGNET, {"M016"}, 12.1),
        ("2026-03-01", MAGNET, {"M058"}, 37.1),  # the emergency duties are not void
        ("2026-03-01", SMCO, {"M059"}, 27.1),
        ("2026-03-01", MAGNET, {"M078"}, 37.1),
    ],
)
def test_an_act_that_does_not_happen_takes_its_share_along(
    day: str, product: str, gone: set[str], total: float
) -> None:
    found = on(day, product, left_out=gone)
    assert (found.low, found.high, found.status) == (
        pytest.approx(total), pytest.approx(total), "assumed",
    )  # fmt: skip


def test_after_the_day_of_knowledge_nothing_is_known() -> None:
    day = dt.date(2025, 5, 1)
    assert on("2025-05-01", as_of=day).high == 147.1
    later = on("2025-05-02", as_of=day)
    assert np.isnan(later.low)
    assert (later.acts, later.status, later.until) == ((), "unknown", dt.date(2027, 1, 1))


def test_an_assumed_duty_adds_or_takes_the_place() -> None:
    assert on("2025-06-01", assumed=[EXTRA]) == Span(
        dt.date(2025, 6, 1), dt.date(2025, 7, 1), 57.1, 57.1,
        ("M020", "M070", "assumed/more"), "assumed",
    )  # fmt: skip
    assert on("2025-07-01", assumed=[EXTRA]).high == 32.1
    whole = replace(EXTRA, name="whole", rate=5.0, replaces=True)
    assert on("2025-06-15", assumed=[EXTRA, whole]).high == 30.0
    assert on("2025-06-15", SMCO, assumed=[EXTRA, whole]).status == "recorded"


def test_what_is_added_to_the_unknown_is_unknown_and_what_replaces_it_is_known() -> None:
    late = replace(EXTRA, first=dt.date(2026, 8, 1), last=None)
    assert np.isnan(on("2026-08-01", assumed=[late]).high)
    assert on("2026-08-01", assumed=[replace(late, replaces=True)]).high == 25.0


def test_other_countries_have_only_what_is_assumed() -> None:
    duty = replace(EXTRA, importer="JPN", replaces=True)
    found = duty_wedges([MAGNET], dt.date(2025, 5, 31), dt.date(2025, 7, 1), assumed=[duty])
    japan = next(wedge for wedge in found if wedge.importer == "JPN")
    assert [(s.first.isoformat(), s.status) for s in japan.spans] == [
        ("2025-05-31", "unknown"), ("2025-06-01", "assumed"), ("2025-07-01", "unknown"),
    ]  # fmt: skip
    assert len(found) == 2


def test_several_codes_with_different_stacks_keep_a_range() -> None:
    one = replace(EXTRA, products=frozenset(), codes=("2846.90.2015",))
    found = on("2025-06-15", "oxide:Y", assumed=[one])  # .2015 and .2040
    assert (found.low, found.high) == (20.0, 45.0)


def test_a_code_that_a_user_adds_is_one_of_the_product() -> None:
    line = next(c for c in facts.trade_codes() if c.code == "2846.90.8070")
    added = replace(line, id="trade_code/HTS10/2846.90.8071@mine", code="2846.90.8071",
                    elements=("Dy",), form="oxide")  # fmt: skip
    with facts.including(Additions({"trade_codes": (added,)}, ())):
        found = on("2025-01-15", OXIDE)
    assert (found.low, found.high) == (0.0, 3.7)
    assert on("2025-01-15", OXIDE).high == 0.0


def test_goods_without_a_code_have_no_wedge() -> None:
    goods = ["alloy:NdFeB-heavy", "component:actuator", "ore:Sb", "oxide:Ce"]
    assert not duty_wedges(goods, dt.date(2025, 1, 1), dt.date(2025, 1, 2))
    assert products_without_duty(goods) == ("oxide:Ce",)
    assert stack_codes_of("blank:SmCo") == {"8505.11.0050": "8505.11.0050"}
