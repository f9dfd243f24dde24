"""The record against what the acts and the notes of the tariff themselves say, day by day."""

import csv
import datetime as dt
from pathlib import Path

import pytest

from xenotime import facts
from xenotime.policy.standing import history_of, standing_on
from xenotime.policy.tariffs import stack_on

HERE = Path(__file__).parent


def rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_tables_name_a_source_for_every_row() -> None:
    for name in ("standing.csv", "duties.csv"):
        assert all(row["source"].strip() for row in rows(name))
    assert len(rows("standing.csv")) >= 40


@pytest.mark.parametrize("row", rows("standing.csv"), ids=lambda r: f"{r['act']}-{r['day']}")
def test_how_acts_stood(row: dict[str, str]) -> None:
    day = dt.date.fromisoformat(row["day"])
    found = {act.id: act for act in standing_on(day)}[row["act"]]
    until = found.until.isoformat() if found.until else ""
    assert (found.status, found.since.isoformat(), until) == (
        row["status"], row["since"], row["until"],
    )  # fmt: skip


@pytest.mark.parametrize("row", rows("duties.csv"), ids=lambda r: f"{r['hts']}-{r['day']}")
def test_what_customs_collected(row: dict[str, str]) -> None:
    stack = stack_on(row["hts"], dt.date.fromisoformat(row["day"]))
    assert stack.total == (float(row["total"]) if row["total"] else None)
    assert (stack.record_end is not None) == (stack.total is None)
    rates = [rate for rate in stack.layers.values() if rate is not None]
    assert stack.total is None or sum(rates) == pytest.approx(stack.total)


def test_acts_and_control_lists_tell_the_same_days() -> None:
    # The lists of items were read from other documents than the acts.
    acts = {m.id: m for m in facts.measures()}
    compared = 0
    for item in facts.control_items():
        spells = history_of(acts[item.measure])
        stopped = [s for s in spells if s.status in {"suspended", "never_operated"}]
        assert item.in_force == acts[item.measure].in_force
        days = {(s.since, s.until) for s in stopped}
        assert days == (
            {(item.suspended_from, item.suspended_until)} if item.suspended_from else set()
        )
        compared += 1
    assert compared > 200


def test_listed_firms_stand_as_their_act_does() -> None:
    end = dt.date(2026, 8, 1)
    standing = {row.id: row.status for row in standing_on(end)}
    known = [e for e in facts.listed_entities() if e.measure and e.status != "unknown"]
    assert known
    assert {e.id: standing[e.measure] for e in known} == {e.id: e.status for e in known}
