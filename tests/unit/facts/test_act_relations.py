"""Added acts beside those on record: whom they reach, what came first, what their status says."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from xenotime import facts
from xenotime.facts.act_relations import relation_problems

TODAY = dt.date(2026, 11, 24)


def act(like: str, **changes: Any) -> facts.Measure:
    known = facts.get(like)
    assert isinstance(known, facts.Measure)
    return replace(known, id="M-mine", **changes)


def said(*rows: facts.Measure) -> str:
    return "\n".join(line for _, line in relation_problems(rows, TODAY))


def removal(*targets: str, changes: str = "M023") -> facts.Measure:
    day = dt.date(2026, 1, 5)
    return act(
        "M011", changes=(changes,), targets=targets, announced=day, in_force=day, first_known=day
    )


def test_an_act_on_the_world_is_not_lifted_for_one_country() -> None:
    assert "M023 is aimed at WLD: an act is stopped for all of them or for none" in said(
        removal("USA")
    )
    assert said(removal("WLD")) == ""


@pytest.mark.parametrize(
    ("changes", "targets", "reaches"),
    [
        ("M017", ("USA",), True),  # a ban that is aimed at the United States
        ("M005", ("EUU",), False),  # a hold that met the United States and Europe
        ("M005", ("EUU", "USA"), True),
        ("M083", ("CHN", "RUS"), False),
    ],
)
def test_everybody_who_is_met_must_be_reached(
    changes: str, targets: tuple[str, ...], reaches: bool
) -> None:
    assert ("stopped for all of them" not in said(removal(*targets, changes=changes))) is reaches


def test_acts_on_record_keep_their_own_rules() -> None:
    rows = facts.measures()
    broken = [line for _, line in relation_problems(rows, TODAY) if "stopped for all" in line]
    assert broken == []


def test_nothing_is_stopped_before_it_was_announced() -> None:
    early = act("M048", changes=("M023",), announced=dt.date(2024, 6, 1))
    assert "announced is 2024-06-01, before M023, which it changes, was (2025-04-04)" in said(early)
    known = act("M023", first_known=dt.date(2024, 1, 1))
    assert "first_known is 2024-01-01, before it was announced (2025-04-04)" in said(known)


def test_a_status_does_not_contradict_the_days() -> None:
    assert "runs from no day" in said(act("M023", in_force=None))
    assert "no act on record stops it" in said(act("M023", status="suspended"))
    assert said(act("M023")) == ""


def test_an_export_control_is_aimed_at_others() -> None:
    assert "targets are CHN, who acts" in said(act("M023", targets=("CHN",)))
