"""Slips in scenario files end in one message that names the key, whatever stands there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xenotime.facts.problems import RequestError
from xenotime.scenarios import Scenario, parse

HEAD = "name: a\ntitle: b\n"
GUESS = "grade: assumed, reason: x"
LICENCE = f"goods: [magnet], share: 0.1, {GUESS}"
QUOTA = "origin: CHN, elements: [Dy], forms: [oxide], first: 2025-07-01"
DUTY = "name: a, importer: USA, origins: [CHN], rate: 25, first: 2025-06-01"


def problems(text: str) -> list[str]:
    with pytest.raises(RequestError) as caught:
        parse(HEAD + text + "\n")
    return list(caught.value.problems)


@pytest.mark.parametrize(
    ("line", "key"),
    [
        (f"general_licences: [{{{LICENCE}, start: 9999-12-31}}]", "general_licences.0.start"),
        (f"quotas: {{added: [{{{QUOTA}, tonnes: 1, last: 9999-12-31}}]}}", "quotas.added.0.last"),
        (f"tariffs: [{{{DUTY}, codes: ['8505'], last: 9999-12-31}}]", "tariffs.0.last"),
        ("end: 0001-01-01", "end"),
        ("approval_pace: [{factor: 1, first: 2025-05-01, last: 2200-01-01}]", "approval_pace.0"),
    ],
)
def test_a_day_beyond_any_calendar_is_refused_by_its_key(line: str, key: str) -> None:
    (found,) = [p for p in problems(line) if "between 1900 and 2199" in p]
    assert found.startswith(key)


@pytest.mark.parametrize(
    "value",
    ["!!bool maybe", "!!timestamp foo", "!!int ''", "!!float ''", "! 1", "!!set {a}", "!x [1]"],
)
@pytest.mark.parametrize("key", ["record", "baseline"])
def test_tags_are_refused_with_the_key(key: str, value: str) -> None:
    (found,) = problems(f"{key}: {value}")
    assert found.startswith(f"line 3, column {len(key) + 3}: {key}: tag ")


@given(st.sampled_from(list(Scenario.model_fields)), st.text(max_size=20), st.text(max_size=20))
def test_no_tag_breaks_the_reader(key: str, tag: str, value: str) -> None:
    with pytest.raises(RequestError):
        parse(f"{HEAD}x: !!{tag} {value}\n{key}: !!float {value}\n")


@given(st.text(min_size=1, max_size=300))
def test_names_are_shown_so_that_a_terminal_obeys_nothing(name: str) -> None:
    for content in ({name: 1}, {"parameters": {name: 1.0}}, {"without_acts": [name]},
                    {"shocks": [{name: 1}]}):  # fmt: skip
        with pytest.raises(RequestError) as caught:
            parse({"name": "a", "title": "b", **content})
        assert all(line.isprintable() for line in caught.value.problems)


def test_a_very_long_name_is_cut() -> None:
    for text in ("k" * 100_000 + ": 1", "parameters: {" + "k" * 100_000 + ": 1}"):
        assert max(map(len, problems(text))) < 500


def test_what_is_wrong_with_a_key_does_not_hide_what_is_wrong_with_the_next() -> None:
    found = problems(f"entity_shares: [{{act: M41, share: 2, {GUESS}}}]")
    assert [line.split(":")[0].split(" ")[0] for line in found] == [
        "entity_shares.0.act", "entity_shares.0.share",
    ]  # fmt: skip
    beside = problems(f"entity_shares: [{{act: M024, share: 2, destinations: [JPN], {GUESS}}}]")
    assert any("M024 lists firms of" in line for line in beside)
    assert len(beside) == 2


def test_an_entry_that_is_refused_does_not_make_its_list_empty() -> None:
    entry = f"share: 0.1, start: 2025-06-01, {GUESS}"
    (one,) = problems(f"general_licences: [{{goods: [x], {entry}}}]")
    assert "general_licences.0.goods.0" in one
    (none,) = problems(f"general_licences: [{{goods: [], {entry}}}]")
    assert "goods is empty" in none


@pytest.mark.parametrize("line", ["schema_version: true", "schema_version: 1.0",
                                  "baseline: 2024.0", "baseline: '2024'"])  # fmt: skip
def test_what_only_equals_a_whole_number_is_refused(line: str) -> None:
    (found,) = problems(line)
    assert found.startswith(line.split(":", maxsplit=1)[0])
    assert "no whole number" in found


def test_a_quota_beyond_the_worlds_output_is_a_slip_of_unit() -> None:
    (found,) = problems(f"quotas: {{added: [{{{QUOTA}, last: 2025-12-31, tonnes: 1.0e+308}}]}}")
    assert found.startswith("quotas.added.0.tonnes is 1e+308")


@pytest.mark.parametrize(
    "code", ["8...5", "8.505", "85-05", "", "8505.", "8505.11.00.70.1", "\u0668\u0665"]
)
def test_a_code_has_the_form_of_one(code: str) -> None:
    (found,) = problems(f"tariffs: [{{{DUTY}, codes: ['{code}']}}]")
    assert "no American code" in found


@pytest.mark.parametrize("code", ["85", "8505", "850511", "8505.11", "8505.11.0070", "8505110070"])
def test_a_code_may_be_the_beginning_of_one(code: str) -> None:
    assert parse(f"{HEAD}tariffs: [{{{DUTY}, codes: ['{code}']}}]\n").tariffs[0].codes == (code,)
