"""Acts that a run does nothing about are told by the reason why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from xenotime import facts
from xenotime.runs.idle_acts import without_mechanism
from xenotime.runs.policies import policy_of
from xenotime.scenarios import load


def told(scenario: str, **changed: object) -> list[str]:
    """What is said of a built-in scenario, with an act M999 made of M023 by the changes."""
    chosen = load(scenario)
    own = replace(facts.get("M023"), id="M999", **changed) if changed else None
    known = (*facts.measures(), *([own] if own else []))
    return without_mechanism(chosen, policy_of(chosen, None, known=known))


def number(lines: list[str], word: str) -> int:
    """How many acts the line with a word counts."""
    return next((int(line.split()[0]) for line in lines if word in line), 0)


MECHANISM, NO_ORDER = "without a mechanism", "order nothing by themselves"


@pytest.mark.parametrize(
    ("instrument", "idle", "silent"),
    [
        ("import_tariff", 1, 0),
        ("threat", 0, 1),
        ("ruling", 0, 1),
        ("suspension", 0, 0),
        ("exemption", 0, 0),
        ("export_licence", 0, 0),  # of rare earths: the run follows it
    ],
)
def test_an_act_counts_by_what_it_orders(instrument: str, idle: int, silent: int) -> None:
    before, after = told("april-2025"), told("april-2025", instrument=instrument)
    assert number(after, MECHANISM) - number(before, MECHANISM) == idle
    assert number(after, NO_ORDER) - number(before, NO_ORDER) == silent


def test_licences_that_the_run_does_not_follow_are_named_by_their_goods() -> None:
    (line,) = [line for line in told("april-2025") if MECHANISM in line]
    assert "4 export licences on other minerals" in line
    assert "1 export licence on other goods" in line
    assert "suspension" not in line
    assert "truce" not in line


def test_an_act_that_is_suspended_throughout_is_not_in_force() -> None:
    # The controls of 9 October 2025 were suspended before those of 8 November began.
    kinds = told("april-2025", instrument="port_fees", changes=())
    suspended = told("april-2025", instrument="port_fees", in_force=facts.get("M041").in_force)
    assert number(kinds, MECHANISM) == number(suspended, MECHANISM)
    never = [m for m in facts.measures() if m.id in {"M041", "M042", "M043", "M044"}]
    chosen = load("april-2025")
    others = tuple(m for m in facts.measures() if m not in never)
    assert without_mechanism(chosen, policy_of(chosen, None, known=others)) == told("april-2025")


def test_what_lies_after_the_record_is_said() -> None:
    assert [line for line in told("october-2025") if "end of the record" in line]
    assert not [line for line in told("april-2025") if "end of the record" in line]


def returning(**changes: object) -> list[str]:
    """What is said to be in force again in the scenario of lapsing suspensions."""
    scenario = load("snap-back-2026").revised(**changes)
    lines = without_mechanism(scenario, policy_of(scenario, None))
    return [line for line in lines if "in force again" in line]


def test_only_what_the_run_follows_comes_back_when_a_suspension_ends() -> None:
    controls, ban = returning()
    assert "(M048) ends on 2026-11-10" in controls
    assert "(M041)" in controls
    assert "(M049) ends on 2026-11-27" in ban
    assert "(M017) is in force again" in ban
    assert returning(bans=[]) == [controls]
    assert returning(bans=[], without_acts=["M041"]) == [
        line for line in [controls] if "(M042)" in line
    ]
