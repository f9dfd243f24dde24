"""Entity shares, leakage and general licences that make no sense are refused, all at once."""

from __future__ import annotations

from typing import Any

import pytest

from xenotime.facts.problems import RequestError
from xenotime.scenarios import Scenario, parse

SHARE = {"act": "M024", "share": 0.1, "grade": "assumed", "reason": "a guess at firms"}
LEAK = {"share": 0.3, "delay_days": 40, "grade": "C", "reason": "trade press"}
GENERAL = {
    "goods": ["magnet"], "share": 0.4, "start": "2025-12-02", "grade": "B",
    "reason": "at least three makers",
}  # fmt: skip


def mine(**fields: Any) -> Scenario:
    return parse({"name": "mine", "title": "Mine", **fields})


def test_what_is_left_out_is_none_of_it() -> None:
    plain = mine()
    assert plain.entity_shares == plain.leakage == plain.general_licences == ()
    assert mine(general_licences=[GENERAL]).general_licences[0].last.isoformat() == "2026-12-01"


@pytest.mark.parametrize(
    ("field", "entry", "said"),
    [
        ("entity_shares", {**SHARE, "share": 0}, "entity_shares.0.share is 0"),
        ("entity_shares", {**SHARE, "act": "M999"}, "no act of the record: M999"),
        ("entity_shares", {**SHARE, "act": "M023"}, "M023 is no list of firms"),
        ("entity_shares", {**SHARE, "act": "M061"}, "M061 is a watch list"),
        ("entity_shares", {**SHARE, "destinations": ["JPN"]}, "lists firms of USA, not of JPN"),
        ("entity_shares", {**SHARE, "destinations": ["UK"]}, "no node of the network: UK"),
        ("entity_shares", {**SHARE, "reason": ""}, "entity_shares.0.reason"),
        ("entity_shares", {**SHARE, "firms": 3}, "unknown key entity_shares.0.firms"),
        ("leakage", {**LEAK, "share": 1.2}, "leakage.0.share is 1.2"),
        ("leakage", {**LEAK, "delay_days": -1}, "leakage.0.delay_days is -1"),
        ("leakage", {**LEAK, "delay_days": 1.5}, "leakage.0.delay_days is 1.5"),
        ("leakage", {**LEAK, "acts": ["M050"]}, "holds no goods back"),
        ("leakage", {**LEAK, "acts": ["assumed/ores"]}, "which is not in counter_controls"),
        ("leakage", {**LEAK, "start": "2026-02-01"}, "begins after 2025-12-31"),
        ("leakage", {**LEAK, "goods": ["lookalike"]}, "leakage.0.goods"),
        ("leakage", {key: LEAK[key] for key in ("delay_days", "grade", "reason")}, "share"),
        ("general_licences", {**GENERAL, "start": "2026-02-01"}, "begins after 2025-12-31"),
        ("general_licences", {**GENERAL, "start": "2023-01-01"}, "ends before 2025-01-01"),
        ("general_licences", {**GENERAL, "days": 2000}, "general_licences.0.days is 2000"),
        ("general_licences", {**GENERAL, "grade": "E"}, "general_licences.0.grade is 'E'"),
    ],
)
def test_entries_that_make_no_sense_are_refused(
    field: str, entry: dict[str, Any], said: str
) -> None:
    with pytest.raises(RequestError) as caught:
        mine(**{field: [entry]})
    assert said in str(caught.value)


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(RequestError) as caught:
        mine(
            record=False,
            entity_shares=[SHARE],
            leakage=[{**LEAK, "start": "2026-02-01"}],
            general_licences=[{**GENERAL, "start": "2026-02-01"}],
        )
    for said in ("entity_shares has M024, but record is false", "leakage from", "general_licences"):
        assert said in str(caught.value)
    with pytest.raises(RequestError, match="which without_acts leaves out"):
        mine(entity_shares=[SHARE], without_acts=["M024"])
