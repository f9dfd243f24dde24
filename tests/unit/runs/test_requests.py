"""Requests: what a run refuses before it computes or writes anything."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from xenotime.facts.problems import RequestError
from xenotime.runs import load, run
from xenotime.scenarios import parse
from xenotime.workspace import WorkspaceError


def test_a_run_cannot_begin_inside_a_control(tmp_path: Path) -> None:
    late = parse({"name": "late", "title": "x", "start": "2025-09-01", "end": "2025-12-31"})
    with pytest.raises(RequestError, match="in force since 2025-04-04"):
        run(late, workspace=tmp_path / "w")
    # without the record nothing is in force: any start will do
    quiet = late.revised(record=False, end=dt.date(2025, 9, 3))
    assert run(quiet, draws=1, workspace=tmp_path / "w").summary["violations"] == 0


def test_every_problem_of_a_request_is_listed(tmp_path: Path) -> None:
    with pytest.raises(RequestError) as caught:
        run(
            "april-2025",
            draws=0,
            seed=-1,
            until=dt.date(2030, 1, 1),
            as_of=dt.date(1999, 1, 1),
            params={"hold_shar": 0.5, "hold_share": 1.5},
            workspace=tmp_path / "w",
        )
    text = "\n".join(caught.value.problems)
    for fragment in (
        "draws is 0",
        "seed is -1",
        "until is 2030",
        "as-of is 1999",
        "hold_shar",
        "1.5",
    ):
        assert fragment in text
    assert not (tmp_path / "w" / "runs").exists() or not list((tmp_path / "w" / "runs").iterdir())


def test_out_never_replaces_a_folder_with_content(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(WorkspaceError, match="not empty"):
        run("quiet", draws=1, workspace=tmp_path / "w", out=tmp_path / "out")
    assert [f.name for f in (tmp_path / "out").iterdir()] == ["mine.txt"]


def test_what_is_not_a_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="run the scenario again"):
        load(tmp_path)
