import pickle

import pytest

from xenotime.facts import RequestError


def test_one_problem_is_one_line() -> None:
    error = RequestError("draws is -1: give a whole number above 0")
    assert str(error) == "draws is -1: give a whole number above 0"
    assert error.problems == ("draws is -1: give a whole number above 0",)
    assert error.subject == ""


def test_subject_stands_before_a_single_problem() -> None:
    assert str(RequestError(["unit 'tons' is unknown"], subject="a.csv")) == (
        "a.csv: unit 'tons' is unknown"
    )


def test_several_problems_are_a_list_under_a_heading() -> None:
    error = RequestError(["first", "second"], subject="scenario april-2025")
    assert str(error).splitlines() == ["scenario april-2025: 2 problems", "  - first", "  - second"]
    assert str(RequestError(["first", "second"])).splitlines()[0] == "2 problems"


def test_it_is_a_value_error_and_survives_a_process_pool() -> None:
    error = RequestError(["first", "second"], subject="a.csv")
    copy = pickle.loads(pickle.dumps(error))
    assert isinstance(copy, ValueError)
    assert (copy.problems, copy.subject, str(copy)) == (error.problems, error.subject, str(error))


def test_no_problem_is_no_error() -> None:
    with pytest.raises(AssertionError):
        RequestError([])
