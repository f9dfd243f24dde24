"""Wedges in a run: what is compiled for a scenario, stored and told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import numpy as np
import pytest

from xenotime.policy.tariffs import stack_on
from xenotime.policy.wedges import Wedge
from xenotime.runs import Run
from xenotime.runs.wedges import assumed_duties, told_in, wedge_table, wedges_of
from xenotime.scenarios import Scenario, load

GOODS = ("magnet:NdFeB-heavy", "oxide:Ce", "oxide:Dy")
APRIL = load("april-2025")
EMPTY = {"as_of": None, "coverage": {"missing": ["prices"]}}
DUTY = {
    "name": "more", "importer": "USA", "origins": ["CHN"], "products": ["magnet:NdFeB-heavy"],
    "rate": 25, "first": "2025-06-01",
}  # fmt: skip


def compiled(scenario: Scenario, as_of: dt.date | None = None) -> tuple[Wedge, ...]:
    return wedges_of(scenario, GOODS, as_of)


def told(scenario: Scenario) -> str:
    summary = told_in(EMPTY, scenario, compiled(scenario), GOODS)
    return "\n".join(summary["coverage"]["missing"])


def total_on(scenario: Scenario, day: str) -> float:
    rows = wedge_table(compiled(scenario)).query(f"product == '{GOODS[0]}' and importer == 'USA'")
    return float(rows[(rows["from"] <= day) & (rows["to"] > day)]["high"].iloc[0])


def test_the_table_covers_each_day_once_and_says_what_the_record_says() -> None:
    table = wedge_table(compiled(APRIL)).query(f"product == '{GOODS[0]}'")
    assert table["from"].iloc[0] == "2025-01-01"
    assert table["to"].iloc[-1] == "2026-01-01"
    assert (table["from"].iloc[1:].to_numpy() == table["to"].iloc[:-1].to_numpy()).all()
    assert set(table["unit"]) == {"%"}
    for _, row in table.iterrows():
        stack = stack_on("8505.11.0070", dt.date.fromisoformat(row["from"]))
        assert row["low"] == row["high"] == stack.total


@pytest.mark.parametrize(
    ("scenario", "day", "total"),
    [
        (APRIL, "2025-06-01", 32.1),
        (APRIL.revised(without_acts=["M070"]), "2025-06-01", 22.1),
        (load("no-truce-2025"), "2025-06-01", 147.1),  # what the truce stopped goes on
        (APRIL.revised(record=False), "2025-06-01", 2.1),  # the ordinary duty
        (APRIL.revised(tariffs=[DUTY]), "2025-06-01", 57.1),
    ],
)
def test_duties_follow_the_scenario(scenario: Scenario, day: str, total: float) -> None:
    assert total_on(scenario, day) == pytest.approx(total)


def test_days_that_were_not_known_are_missing_and_never_zero() -> None:
    table = wedge_table(compiled(APRIL, dt.date(2025, 4, 12)))
    late = table[table["from"] > "2025-04-12"]
    assert len(late) == 2  # a row for each of the goods with a wedge; the floor was not known
    assert np.isnan(late[["low", "high"]].to_numpy()).all()
    assert set(late["status"]) == {"unknown"}


def test_a_run_says_that_duties_move_nothing_and_which_are_assumed() -> None:
    mine = APRIL.revised(tariffs=[DUTY])
    plain, own = told(APRIL), told(mine)
    for text in (plain, own):
        assert "price floor of M033 is compiled (110 USD/kg of Nd and Pr in USA)" in text
        assert "no shipment depends on them yet" in text
        assert "duties on oxide:Ce: the record does not follow their codes" in text
    assert plain == own
    (said,) = assumed_duties(mine)
    assert "assumed/more is a duty of no record" in said
    assert "25 % of value on top of the duty on record, collected by USA" in said
    early = told(APRIL.revised(start="2024-12-01"))
    assert "of 2 some days are not known (the record has 2025-01-01 to 2026-07-23)" in early
    assert "no day of this run is" in told(load("japan-2010"))
    assert "no day of this run is" not in early


def test_what_the_record_has_ends_with_what_was_known() -> None:
    day = dt.date(2025, 4, 12)
    known = told_in({**EMPTY, "as_of": "2025-04-12"}, APRIL, compiled(APRIL, day), GOODS)
    text = "\n".join(known["coverage"]["missing"])
    assert "(the record has 2025-01-01 to 2025-04-12)" in text
    assert "2026" not in text


def test_sources_are_those_of_the_days_that_are_known() -> None:
    found = told_in(EMPTY, APRIL, compiled(APRIL), GOODS)["tariffs"]
    assert (found["wedges"], found["partly_unknown"], found["assumed"]) == (4, 0, [])
    assert "tariff/USA/CHN/8505.11.0070/2025-04-10@derived" in found["sources"]
    assert "tariff/USA/CHN/8505.11.0070/2026-01-01@derived" not in found["sources"]
    assert "tariff/USA/CHN/2805.30.00/2025-04-10@derived" not in found["sources"]
    assert {"M018", "M020", "M026", "M033", "M070", "M075"} <= set(found["sources"])
    assert any("NdPr_price_floor" in source for source in found["sources"])
    without = APRIL.revised(without_acts=["M033"])
    assert told_in(EMPTY, without, compiled(without), GOODS)["tariffs"]["wedges"] == 2
    assert EMPTY["coverage"] == {"missing": ["prices"]}


def test_a_stored_run_has_them_and_no_number_depends_on_them(
    finished: Callable[[str], Run],
) -> None:
    run = finished("april-2025")
    table = run.frame("tariffs")
    assert run.summary["tariffs"]["wedges"] == len(table.groupby(["importer", "origin", "product"]))
    assert table.query("kind == 'floor'")["product"].tolist() == ["Nd", "Pr"]
    peak = table.query("product == 'magnet:NdFeB-heavy'")["high"].max()
    assert peak == stack_on("8505.11.0070", dt.date(2025, 4, 12)).total
    assert set(table["status"]) == {"recorded"}
    assert run.summary["prices"] is None
