"""Duties that a scenario assumes: what is refused, and how it says what would do."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xenotime.facts.problems import RequestError
from xenotime.policy.wedges import duty_wedges
from xenotime.scenarios import Scenario, parse
from xenotime.scenarios.tariffs import AssumedTariff

DUTY = {
    "name": "more", "importer": "USA", "origins": ["CHN"], "products": ["magnet:NdFeB-heavy"],
    "rate": 25, "first": "2025-06-01",
}  # fmt: skip


def assuming(*entries: dict[str, object], **more: object) -> Scenario:
    return parse({"name": "own", "title": "Own", "tariffs": list(entries), **more})


def problems(*entries: dict[str, object], **more: object) -> list[str]:
    with pytest.raises(RequestError) as caught:
        assuming(*entries, **more)
    return list(caught.value.problems)


def test_a_sound_duty_reaches_policy() -> None:
    (duty,) = assuming(DUTY).tariffs
    assert (duty.last, duty.mode, duty.duty().act) == (None, "adds", "assumed/more")
    day = dt.date(2025, 6, 1)
    (wedge,) = duty_wedges(["magnet:NdFeB-heavy"], day, day, assumed=[duty.duty()])
    assert wedge.spans[0].high == 57.1


@pytest.mark.parametrize(
    ("change", "parts"),
    [
        ({"rate": 0.25}, ["tariffs.0.rate", "unit is per cent", "write 25 for 25 %"]),
        ({"rate": "25 %"}, ["tariffs.0.rate is '25 %'", "valid number"]),
        ({"rate": -5}, ["rate is -5", "greater than or equal to 0"]),
        ({"rate": 1001}, ["rate is 1001", "less than or equal to 1000"]),
        ({"rate": 0}, ["adds nothing", "mode: replaces"]),
        ({"last": "2025-05-01"}, ["last 2025-05-01 is before first 2025-06-01"]),
        ({"first": "2026-01-01"}, ["more begins on 2026-01-01, after 2025-12-31"]),
        ({"first": "2024-01-01", "last": "2024-12-31"}, ["ends on 2024-12-31, before 2025-01-01"]),
        ({"importer": "US"}, ["no node of the network: US", "did you mean 'USA'"]),
        ({"origins": []}, ["tariffs.0.origins is empty"]),
        ({"origins": ["USA", "CHN"]}, ["importer and origin"]),
        ({"products": ["magnet:NdFeB"]}, ["no product of the network", "did you mean"]),
        ({"products": []}, ["products or codes"]),
        ({"codes": ["8505.11"]}, ["products or codes, one of the two"]),
        ({"products": [], "codes": ["8703.80"]}, ["duties on record under 8703.80", "8505.11"]),
        ({"importer": "JPN"}, ["no duty of JPN on goods of CHN on record", "mode: replaces"]),
        ({"origins": ["JPN"]}, ["no duty of USA on goods of JPN on record"]),
        ({"products": ["oxide:Ce"]}, ["no duty on oxide:Ce on record to add to"]),
        ({"products": [], "codes": ["8505"], "importer": "JPN", "mode": "replaces"},
         ["codes are those of USA"]),
        ({"mode": "add"}, ["mode is 'add'", "'adds' or 'replaces'"]),
        ({"percent": 3}, ["unknown key tariffs.0.percent"]),
        ({"name": "A B"}, ["tariffs.0.name is 'A B'"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_value(change: dict[str, object], parts: list[str]) -> None:
    said = "\n".join(problems({**DUTY, **change}))
    assert not [part for part in parts if part not in said], said


def test_entries_are_told_apart_and_replace_a_duty_once() -> None:
    whole = {**DUTY, "mode": "replaces"}
    other = {**whole, "name": "other", "products": [], "codes": ["8505.11.00"]}
    assert "2 entries named more" in problems(DUTY, DUTY)[0]
    assert "more and other both replace the duty of USA" in problems(whole, other)[0]
    earlier = {**whole, "last": "2025-06-30"}
    assert len(assuming(earlier, {**other, "first": "2025-07-01"}).tariffs) == 2
    assert len(assuming(whole, {**other, "mode": "adds"}).tariffs) == 2
    assert len(assuming(whole, {**other, "codes": ["2846"]}).tariffs) == 2


def test_no_duty_at_all_replaces_one() -> None:
    assert assuming({**DUTY, "rate": 0, "mode": "replaces"}).tariffs[0].rate == 0


@given(rate=st.floats(0, 1, exclude_min=True, exclude_max=True))
def test_no_share_is_taken_for_per_cent(rate: float) -> None:
    with pytest.raises(ValueError, match="per cent"):
        AssumedTariff.model_validate({**DUTY, "rate": rate})
