"""Scenario files: what is valid, and messages that list every problem of what is not."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xenotime import facts
from xenotime.facts.problems import RequestError
from xenotime.runs.policies import policy_of
from xenotime.scenarios import builtin_names, load, parse

GOOD = """
name: mine
title: A test
start: 2025-01-01
end: 2025-06-30
"""


def problems(text: str | bytes) -> tuple[str, ...]:
    with pytest.raises(RequestError) as caught:
        parse(text)
    return caught.value.problems


@pytest.mark.parametrize("name", builtin_names())
def test_builtin_scenarios_load_and_are_frozen(name: str) -> None:
    scenario = load(name)
    assert scenario.name == name
    with pytest.raises(ValueError, match="frozen"):
        scenario.name = "other"  # type: ignore[misc]


def test_all_builtins_are_listed() -> None:
    assert {"april-2025", "no-truce-2025", "quiet"} <= set(builtin_names())


def test_a_file_is_read_like_a_builtin(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(GOOD, encoding="utf-8")
    assert load(file).end.month == 6


def test_every_problem_is_listed_at_once() -> None:
    found = problems(
        """
name: Not A Name
title: x
start: 2025-09-01
end: 2025-01-01
colour: red
without:
  - dyad: [CHN, XYZ]
    announced_from: 2025-05-12
shocks:
  - {producer: "magnet:SmCo@CHN", share: 1.5, start: 2025-02-01, days: 0}
parameters:
  hold_shar: 0.5
  hold_share: .nan
  ship_burst: -1
"""
    )
    text = "\n".join(found)
    for fragment in (
        "unknown key colour",
        "name is 'Not A Name'",
        "unknown country XYZ",
        "shocks.0.share is 1.5",
        "shocks.0.days is 0",
        "hold_shar",
        "did you mean 'hold_share'",
        "parameter hold_share is nan",
        "ship_burst",
    ):
        assert fragment in text
    assert len(found) >= 8


def test_dates_out_of_order_and_out_of_range() -> None:
    assert "before start" in problems("name: a\ntitle: b\nstart: 2025-02-01\nend: 2025-01-01\n")[0]
    assert "leaves" in problems("name: a\ntitle: b\nstart: 1990-01-01\nend: 2025-01-01\n")[0]


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("", "empty"),
        ("- a\n- b\n", "list"),
        ("just text", "str"),
        ("name: a\nname: b\n", "twice"),
        ("a: &x [1]\nb: *x\n", "alias"),
        ("1: 2\n", "not text"),
        ("name: [\n", "line 2"),
        ("a: !!python/object/apply:os.system ['true']\n", "line 1"),
        (b"name: \xff\xfe\n", "UTF-8"),
        ("name: a\ntitle: b\nstart: 2025-13-45\n", "month"),
        ("x: " + "[" * 40 + "]" * 40, "levels deep"),
        ("x: " + "y" * 300_000, "longer than"),
    ],
)
def test_hostile_text_is_refused_with_one_message(text: str | bytes, fragment: str) -> None:
    assert fragment in " ".join(problems(text))


def test_a_yaml_bomb_does_not_expand() -> None:
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{i}: &a{i} [{', '.join(f'*a{i - 1}' for _ in range(9))}]" for i in range(1, 10)]
    assert "aliases are not allowed" in problems("\n".join(levels))[0]


@pytest.mark.parametrize("name", ["april-2026", "no/such/file.yaml"])
def test_an_unknown_scenario_names_the_known_ones(name: str) -> None:
    with pytest.raises(RequestError, match="april-2025"):
        load(name)


def test_a_folder_is_not_a_scenario(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="not a file"):
        load(tmp_path)


def assert_read_or_refused(content: bytes | dict[str, object]) -> None:
    """A scenario comes out, or the one error that lists problems; nothing else."""
    try:
        name = parse(content).name
    except RequestError as error:
        name = "\n".join(error.problems)
    assert name


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    assert_read_or_refused(data)


@given(
    st.dictionaries(
        st.text(max_size=12),
        st.one_of(st.none(), st.text(max_size=20), st.floats(), st.lists(st.integers())),
        max_size=6,
    )
)
def test_no_mapping_breaks_the_reader(content: dict[str, object]) -> None:
    assert_read_or_refused(content)


def test_omitting_what_never_happened_is_refused() -> None:
    text = "name: a\ntitle: b\nwithout:\n  - {dyad: [CHN, DEU], announced_from: 2025-05-12}\n"
    assert "no act of the record is between CHN and DEU" in problems(text)[0]


def test_producers_are_checked_by_name() -> None:
    text = (
        "name: a\ntitle: b\nshocks:\n"
        "  - {producer: foo, share: 0.5, start: 2025-02-01, days: 3}\n"
        "  - {producer: 'smelter:x@ZZZ', share: 0.5, start: 2025-02-01, days: 3}\n"
    )
    found = "\n".join(problems(text))
    assert "unknown producer foo" in found
    assert "unknown producer smelter:x@ZZZ" in found


def test_makers_of_other_minerals_are_producers_too() -> None:
    shock = {"producer": "metal:Ga@CHN", "share": 1, "start": "2025-05-01", "days": 30}
    assert parse({"name": "a", "title": "b", "shocks": [shock]}).shocks[0].share == 1.0
    with pytest.raises(RequestError, match="unknown producer metal:Ga@ISL"):
        parse({"name": "a", "title": "b", "shocks": [{**shock, "producer": "metal:Ga@ISL"}]})


def test_parameters_that_count_days_are_whole() -> None:
    text = "name: a\ntitle: b\nparameters: {licence_validity_days: 181.7}\n"
    assert "give whole days" in problems(text)[0]


@pytest.mark.parametrize(
    "line",
    [
        "start: 1735689600",
        "start: 2025-01-01T00:00:00",
        "record: yes",
        "record: 1",
        "parameters: {hold_share: true}",
        "parameters: {hold_share: '0.6'}",
        "parameters: {hold_days: 1:30}",
        "shocks: [{producer: 'magnet:SmCo@CHN', share: yes, start: 2025-02-01, days: 3}]",
        "shocks: [{producer: 'magnet:SmCo@CHN', share: 0.5, start: 2025-02-01, days: 010}]",
        "shocks: [{producer: 'magnet:SmCo@CHN', share: 0.5, start: 2025-02-01, days: 2.5}]",
    ],
)
def test_no_value_is_read_as_something_else(line: str) -> None:
    assert problems(f"name: a\ntitle: b\n{line}\n")


def test_dates_out_of_order_are_said_beside_other_problems() -> None:
    found = "\n".join(problems("name: A\ntitle: b\nstart: 2025-02-01\nend: 2025-01-01\n"))
    assert "before start" in found
    assert "name is 'A'" in found


def test_a_revision_is_validated() -> None:
    with pytest.raises(RequestError, match="unknown parameter"):
        load("april-2025").revised(parameters={"nonsense": 1.0})


def test_acts_are_left_out_by_id_and_what_they_stopped_takes_effect() -> None:
    stays = load("october-2025")
    pause = facts.get("M048")
    assert isinstance(pause, facts.Measure)
    assert stays.leaves_out(pause)
    policy = policy_of(stays, None)
    begins = next(day for day, on in zip(stays.days, policy.active["M041"], strict=True) if on)
    assert begins == dt.date(2025, 11, 8)
    assert "M041" not in policy_of(load("april-2025"), None).active
    assert [act.id for act in policy.omitted] == ["M048"]


def test_the_pace_reaches_policy() -> None:
    (pace,) = policy_of(load("japan-2026"), None).paces
    assert (pace.factor, pace.first, pace.destinations) == (
        0, dt.date(2026, 1, 7), frozenset({"JPN"}),
    )  # fmt: skip


def test_levers_that_fit_nothing_are_refused_with_what_would_fit() -> None:
    wrong = {
        "name": "mine",
        "title": "mine",
        "without_acts": ["M48"],
        "approval_pace": [
            {"factor": -1, "first": "2025-05-01"},
            {"factor": 0.5, "first": "2025-05-01", "last": "2025-04-01"},
            {"factor": 0.5, "first": "2025-05-01", "destinations": ["GER"]},
            {"factor": 0.5, "first": "2025-05-01", "uses": ["military"]},
        ],
    }
    with pytest.raises(RequestError) as caught:
        parse(wrong)
    said = str(caught.value)
    for part in ("no act of the record: M48 (did you mean 'M048'", "approval_pace.0.factor is -1",
                 "last 2025-04-01 is before first", "no node of the network: GER",
                 "'civil' or 'defence'"):  # fmt: skip
        assert part in said
    late = {"name": "m", "title": "m", "approval_pace": [{"factor": 1, "first": "2026-01-01"}]}
    with pytest.raises(RequestError, match="begins after 2025-12-31"):
        parse(late)


def test_problems_of_whole_entries_are_listed_beside_those_of_keys() -> None:
    text = (
        "name: a\ntitle: b\nend: 2029-12-31\nrecord: maybe\n"
        "parameters: {hold_shar: 0.5, reorder_days: many}\n"
        "without_acts: [M48, 3]\n"
        "approval_pace:\n  - {factor: -1, first: 2025-06-01, last: 2025-05-01}\n"
    )
    found = "\n".join(problems(text))
    for part in ("record is 'maybe'", "leaves 2024-01-01 to 2027-12-31",
                 "unknown parameter hold_shar", "reorder_days is 'many'",
                 "no act of the record: M48",
                 "last 2025-05-01 is before first 2025-06-01", "factor is -1"):  # fmt: skip
        assert found.count(part) == 1, part


@pytest.mark.parametrize(
    ("line", "fragment"),
    [
        ("without_acts: M048", "write a list"),
        ("without_acts: [M048, M048]", "M048 stands twice"),
        ("approval_pace: [{factor: 1, first: 2025-05-01, destinations: []}]", "is empty"),
        ("approval_pace: [{factor: 1, first: 2025-05-01, uses: []}]", "is empty"),
        (
            "approval_pace: [{factor: 1, first: 2025-05-01, destinations: [DEU, DEU]}]",
            "DEU stands twice",
        ),
        (
            "approval_pace: [{factor: 1, first: 1900-01-01, last: 1900-01-02}]",
            "ends before 2025-01-01",
        ),
        (
            "shocks: [{producer: 'mine:ion_clay@MMR', share: 0, start: 2025-02-01, days: 3}]",
            "greater than 0",
        ),
    ],
)
def test_what_does_nothing_is_refused(line: str, fragment: str) -> None:
    assert fragment in problems(f"name: a\ntitle: b\n{line}\n")[0]
