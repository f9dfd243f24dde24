"""A reconciled network is kept until something that its making asked is answered differently."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import pandas as pd
import pytest

from xenotime import facts
from xenotime.facts import Additions, Claim, RequestError
from xenotime.facts.asking import Question, answers, parsed
from xenotime.facts.vintages import body_of, is_usable, newest_under, newest_usable
from xenotime.networks import ProductionNetwork, build_baseline
from xenotime.runs.baseline import READS, baseline, built, kept_baseline, source_digest
from xenotime.workspace import Workspace, seal

LATER = dt.date(2026, 11, 1)
NEWEST = "xenotime.facts.vintages:newest_usable"
UNDER = "xenotime.facts.vintages:newest_under"


def kept(workspace: Path) -> Path | None:
    return kept_baseline(Workspace.open(workspace), None, source_digest())


@pytest.fixture(scope="module")
def questions(
    network: ProductionNetwork,  # noqa: ARG001  # who makes it keeps its questions
    workspace: Path,
) -> frozenset[Question]:
    """What the reconciliation of the session asked."""
    folder = kept(workspace)
    assert folder is not None
    return parsed(json.loads((folder / READS).read_text("utf-8"))["questions"])


def bodies(questions: frozenset[Question]) -> set[str]:
    """Quantities whose newest figure was asked for."""
    named = {str(q.positional[0]) for q in questions if q.accessor == NEWEST}
    stems = [str(q.positional[0]) for q in questions if q.accessor == UNDER]
    return named | {body_of(c.id) for stem in stems for c in newest_under(stem)}


def newer(claim: Claim, factor: float = 3.0) -> Claim:
    """The same figure, published later by somebody who found another value."""
    low, mid, high = (None if v is None else v * factor for v in (claim.low, claim.mid, claim.high))
    return replace(
        claim, id=f"{body_of(claim.id)}@zz", vintage="zz", first_known=LATER,
        low=low, mid=mid, high=high, kind="reported", grade="A", formula="",
    )  # fmt: skip


def test_every_figure_that_was_asked_for_counts(
    workspace: Path, questions: frozenset[Question]
) -> None:
    asked = sorted(bodies(questions))
    found = [claim for body in asked if (claim := newest_usable(body)) is not None]
    assert len(found) > 300
    before = answers(questions)
    for claim in found[:: len(found) // 8]:
        with facts.including(Additions({"claims": (newer(claim),)})):
            assert answers(questions) != before, claim.id
        older = replace(newer(claim), first_known=dt.date(2000, 1, 1))
        with facts.including(Additions({"claims": (older,)})):  # the newer one goes on to count
            assert answers(questions) == before, claim.id
    with facts.including(Additions({"claims": (newer(found[0]),)})):
        assert kept(workspace) is None


def test_a_figure_that_was_looked_for_in_vain_counts_once_somebody_adds_it(
    questions: frozenset[Question],
) -> None:
    missing = sorted(body for body in bodies(questions) if newest_usable(body) is None)
    like = facts.get("mine_production/MMR/2024@mcs2026")
    assert isinstance(like, Claim)
    assert missing
    before = answers(questions)
    for body in missing[:: len(missing) // 4]:
        made = replace(like, id=f"{body}@zz", quantity=body.partition("/")[0], vintage="zz")
        with facts.including(Additions({"claims": (made,)})):
            assert answers(questions) != before, body


def test_what_was_not_asked_for_does_not_change_the_network_whatever_it_says(
    workspace: Path, network: ProductionNetwork, questions: frozenset[Question]
) -> None:
    """Add a wild newer vintage of every figure that the list of questions leaves out."""
    asked = bodies(questions)
    unasked = {body_of(c.id): c for c in facts.claims() if is_usable(c)}
    wild = [newer(claim, 50.0) for body, claim in unasked.items() if body not in asked]
    assert len(wild) > 500
    with facts.including(Additions({"claims": tuple(wild)})):
        said: list[str] = []
        again = baseline(Workspace.open(workspace), None, said.append)
        assert said == []
        made = build_baseline(members=1).network
    keys = ["supplier", "buyer", "product"]
    flows = [n.links.set_index(keys)["base_flow_t_per_year"].sort_index() for n in (network, made)]
    pd.testing.assert_series_equal(*flows, rtol=1e-6)
    pd.testing.assert_frame_equal(again.links, network.links)


@pytest.mark.usefixtures("questions")
def test_a_spoilt_list_of_questions_is_not_trusted(tmp_path: Path, workspace: Path) -> None:
    folder = kept(workspace)
    assert folder is not None
    copytree(workspace, tmp_path / "own", ignore=lambda _, names: {"runs"} & set(names))
    copy = tmp_path / "own" / "cache" / folder.name
    (copy / READS).write_text("{}", encoding="utf-8")
    seal(copy)
    assert kept(tmp_path / "own") is None


def test_figures_that_cannot_be_reconciled_are_named(tmp_path: Path) -> None:
    # Forced past the checks of adding: a mine a hundred thousand times as large as all others.
    known = facts.get("mine_production/MMR/2024@mcs2026")
    assert isinstance(known, Claim)
    wild = replace(known, id="mine_production/MMR/2024@wild", vintage="wild", mid=1e15, low=None,
                   high=None, first_known=dt.date(2026, 7, 1))  # fmt: skip
    with (
        facts.including(facts.Additions({"claims": (wild,)})),
        pytest.raises(RequestError) as caught,
    ):
        built(Workspace.open(tmp_path), None, print, members=1)
    assert "mine_production/MMR/2024@wild" in str(caught.value)
    assert "data status" in str(caught.value)
