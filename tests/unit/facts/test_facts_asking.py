"""What is asked of the facts is noted, however it is asked and wherever."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xenotime import facts
from xenotime.facts import Additions, Claim
from xenotime.facts.additions import with_added
from xenotime.facts.asking import Question, answers, note, parsed, plain, recording
from xenotime.facts.vintages import newest_usable

BURMA = "mine_production/MMR/2024"
ATOMS = st.none() | st.text(max_size=9) | st.integers() | st.dates()
ARGUMENTS = st.recursive(ATOMS, lambda inner: st.lists(inner, max_size=3).map(tuple))
QUESTIONS = st.builds(
    Question,
    st.text(max_size=9),
    st.lists(ARGUMENTS, max_size=3).map(tuple),
    st.dictionaries(st.text(max_size=5), ARGUMENTS, max_size=2).map(
        lambda named: tuple(sorted(named.items()))
    ),
)


def burma(mid: float) -> Additions:
    known = facts.get(f"{BURMA}@mcs2026")
    assert isinstance(known, Claim)
    later = dt.date(2026, 11, 1)
    made = replace(known, id=f"{BURMA}@mine", vintage="mine", mid=mid, first_known=later)
    return Additions({"claims": (made,)})


def test_a_kept_answer_is_noted_like_a_fresh_one() -> None:
    @facts.remembered()
    def tonnes() -> float:
        found = newest_usable(BURMA)
        assert found is not None
        assert found.mid is not None
        return found.mid

    noted = []
    for _ in range(2):
        with recording() as questions:
            tonnes()
        noted.append(questions)
    assert noted[0] == noted[1] == {Question("xenotime.facts.vintages:newest_usable", (BURMA,))}


def test_whatever_reads_added_rows_is_noted() -> None:
    readers = (
        facts.claims, facts.measures, facts.stoppages, facts.conflicts, facts.control_items,
        facts.trade_codes, facts.tariff_lines, facts.included, facts.observed_exports,
        facts.oxide_price_claims, lambda: facts.get("M023"), lambda: facts.search("dysprosium"),
        lambda: with_added("claims", ()),
    )  # fmt: skip
    for reader in readers:
        with recording() as questions:
            reader()
        assert questions, reader


def test_answers_change_with_what_was_asked_and_with_nothing_else() -> None:
    asked, other = (
        {Question("xenotime.facts.vintages:newest_usable", (body,))}
        for body in (BURMA, "mine_production/CHN/2024")
    )
    before = answers(asked), answers(other)
    with facts.including(burma(1.0)):
        assert answers(asked) != before[0]
        assert answers(other) == before[1]
    assert (answers(asked), answers(other)) == before


def test_an_unknown_name_is_an_answer_that_adding_it_changes() -> None:
    with recording() as questions, pytest.raises(facts.RequestError):
        facts.get(f"{BURMA}@mine")
    before = answers(questions)
    with facts.including(burma(1.0)):
        assert answers(questions) != before


def test_what_another_process_asked_comes_back() -> None:
    with facts.including(burma(2.0)), recording() as questions:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            found, there = pool.submit(facts.noting(newest_usable), BURMA).result()
        note(there)
    assert found is not None
    assert found.mid == 2.0
    assert {question.positional for question in questions} == {(BURMA,)}


def test_work_whose_questions_would_be_lost_is_refused() -> None:
    with recording(), pytest.raises(RuntimeError, match="noting"):
        facts.carried(abs)


def test_an_accessor_that_is_gone_is_no_answer() -> None:
    with pytest.raises(LookupError, match=r"facts\.search:no_such"):
        answers({Question("xenotime.facts.search:no_such")})


@given(st.frozensets(QUESTIONS, max_size=4))
def test_questions_are_read_as_they_were_written(questions: frozenset[Question]) -> None:
    assert parsed(plain(questions)) == questions
