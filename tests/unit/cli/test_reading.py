"""Words of a command become values, or problems that quote them."""

from __future__ import annotations

import math
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from xenotime.cli.reading import Reader


@given(st.dates())
def test_every_iso_date_is_read(day: date) -> None:
    reader = Reader("test")
    assert reader.day("--until", day.isoformat()) == day
    assert reader.problems == []


@given(st.one_of(st.text(), st.from_regex(r"\d{8}|\d{4}-W\d\d-\d|\d{4}-\d\d", fullmatch=True)))
def test_whatever_is_not_an_iso_date_is_quoted(text: str) -> None:
    reader = Reader("test")
    day = reader.day("--until", text)
    if day is None:
        assert repr(text) in reader.problems[0]
    else:
        assert day.isoformat() == text


@given(st.integers(), st.integers(min_value=-5, max_value=5))
def test_whole_numbers_are_read_down_to_their_bound(number: int, least: int) -> None:
    reader = Reader("test")
    assert reader.whole_number("--n", str(number), least=least) == (
        number if number >= least else None
    )
    assert len(reader.problems) == (number < least)


@given(st.dictionaries(st.text("abc_", min_size=1), st.floats(), max_size=5))
def test_assignments_are_read_and_every_bad_number_is_a_problem(values: dict[str, float]) -> None:
    reader = Reader("test")
    read = reader.assignments("--param", [f"{k}={v!r}" for k, v in values.items()], values)
    assert read == {name: value for name, value in values.items() if math.isfinite(value)}
    assert len(reader.problems) == len(values) - len(read)


@given(st.lists(st.sampled_from(["", "=", "a", "=1", "b=", "b=x", "c=1", "a=inf"]), max_size=6))
def test_every_bad_assignment_is_a_problem(texts: list[str]) -> None:
    reader = Reader("test")
    reader.assignments("--param", texts, {"a": None, "b": None})
    assert len(reader.problems) >= len(texts)
