"""Requests: what a run refuses before it computes or writes anything."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from xenotime.facts.problems import RequestError
from xenotime.runs import load, run
from xenotime.scenarios import parse
from xenotime.workspace import WorkspaceError


def test_a_run_cannot_begin_inside_a_control(tmp_path: Path, lent: Callable[[Path], Path]) -> None:
    late = parse({"name": "late", "title": "x", "start": "2025-09-01", "end": "2025-12-31"})
    with pytest.raises(RequestError, match="in force since 2025-04-04"):
        run(late, workspace=tmp_path / "w")
    # without the record nothing is in force: any start will do
    quiet = late.revised(record=False, end=dt.date(2025, 9, 3))
    assert run(quiet, draws=1, workspace=lent(tmp_path / "own")).summary["violations"] == 0


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
    with pytest.raises(RequestError, match="not empty"):
        run("quiet", draws=1, workspace=tmp_path / "w", out=tmp_path / "out")
    assert [f.name for f in (tmp_path / "out").iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("options", "fragment"),
    [
        ({"draws": "3"}, "draws is '3'"),
        ({"draws": 2.5}, "draws is 2.5"),
        ({"draws": True}, "draws is True"),
        ({"seed": 1.5}, "seed is 1.5"),
        ({"threads": 0}, "threads is 0"),
        ({"until": "2025-06-01"}, "until is '2025-06-01'"),
        ({"as_of": dt.datetime(2025, 6, 1, tzinfo=dt.UTC)}, "give a datetime.date"),
        ({"params": ["hold_share"]}, "give a mapping"),
        ({"scenario": {"name": "a"}}, "scenario is a dict"),
    ],
)
def test_wrong_types_are_requests_that_are_wrong(
    tmp_path: Path, options: dict[str, Any], fragment: str
) -> None:
    with pytest.raises(RequestError, match=re.escape(fragment)):
        run(**{"scenario": "quiet", "workspace": tmp_path / "w", **options})


def test_an_unsound_cached_baseline_is_made_again(tmp_path: Path) -> None:
    from xenotime.networks import storage
    from xenotime.runs.baseline import built
    from xenotime.workspace import Workspace, seal

    store = Workspace.open(tmp_path / "w")
    # a precedent goes through the same cache and takes no minute
    first = built(store, None, lambda _: None, members=1, year=2010).network
    (folder,) = (tmp_path / "w" / "cache").iterdir()
    links = pd.read_parquet(folder / "links.parquet")
    links.loc[0, "base_flow_t_per_year"] = float("nan")
    links.to_parquet(folder / "links.parquet", index=False)
    seal(folder)
    said: list[str] = []
    again = built(store, None, said.append, members=1, year=2010).network
    assert any("Reconciling" in line for line in said)
    assert again.links.equals(first.links)
    assert storage.read(folder).links.equals(first.links)


@pytest.mark.parametrize("text", ["[1]", "{", "{}", '{"schema_version": 9}', "[" * 100_000])
def test_a_summary_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    from xenotime.runs.reporting import TABLES
    from xenotime.workspace import seal

    (tmp_path / "summary.json").write_text(text, encoding="utf-8")
    for table in TABLES:
        (tmp_path / f"{table}.parquet").write_text("junk", encoding="utf-8")
    seal(tmp_path)
    with pytest.raises(RequestError, match="run the scenario again"):
        load(tmp_path)


def test_a_table_that_is_none_is_refused(tmp_path: Path, lent: Callable[[Path], Path]) -> None:
    done = run("quiet", draws=1, until=dt.date(2025, 1, 2), workspace=lent(tmp_path / "w"))
    assert done.folder is not None
    from xenotime.workspace import seal

    (done.folder / "exports.parquet").write_text("junk", encoding="utf-8")
    seal(done.folder)
    with pytest.raises(RequestError, match=r"exports\.parquet cannot be read"):
        load(done.folder).frame("exports")
    (done.folder / "exports.parquet").unlink()
    seal(done.folder)
    with pytest.raises(WorkspaceError, match=r"exports\.parquet"):
        load(done.folder)


def test_what_is_not_a_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="run the scenario again"):
        load(tmp_path)
