"""The main job from a cold shell: run, read back, repeat, be killed."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from unit.cli.commands import xenotime
from unit.report.summaries import summary
from xenotime.cli.results import TABLES

RUN = ("run", "april-2025", "--draws", "4", "--until", "2025-07-31")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory, lent: Callable[[Path], Path]) -> Path:
    return lent(tmp_path_factory.mktemp("main-job") / "workspace")


@pytest.fixture(scope="module")
def printed(workspace: Path) -> dict[str, object]:
    """What the run prints with `--json`."""
    done = xenotime(*RUN, "--json", XENOTIME_WORKSPACE=str(workspace))
    assert done.returncode == 0, done.stderr
    content: dict[str, object] = json.loads(done.stdout)
    return content


@pytest.fixture(scope="module")
def run_id(workspace: Path, printed: dict[str, object]) -> str:
    assert printed["draws"] == 4
    shown = xenotime("workspace", "show", "--json", "--workspace", str(workspace))
    (run,) = json.loads(shown.stdout)["runs"]
    assert run["whole"]
    return str(run["id"])


@pytest.mark.usefixtures("printed")
def test_the_page_names_exports_stoppages_and_what_it_rests_on(workspace: Path) -> None:
    done = xenotime(*RUN, "--quiet", XENOTIME_WORKSPACE=str(workspace))
    assert (done.returncode, done.stderr) == (0, "")
    for part in ("2025-05", "light_vehicles", "USA", "Missing:", "Largest assumption", " > "):
        assert part in done.stdout


def test_the_same_request_gives_the_same_answer(
    workspace: Path, printed: dict[str, object]
) -> None:
    again = xenotime(*RUN, "--json", "--quiet", XENOTIME_WORKSPACE=str(workspace))
    content = json.loads(again.stdout)
    assert {**content, "timing": None} == {**printed, "timing": None}


@pytest.mark.parametrize("table", TABLES)
def test_every_table_can_be_read_back(workspace: Path, run_id: str, table: str) -> None:
    done = xenotime("results", run_id, "--table", table, "--workspace", str(workspace))
    assert (done.returncode, done.stderr) == (0, "")
    header, *rows = csv.reader(io.StringIO(done.stdout))
    assert rows
    assert {len(row) for row in rows} == {len(header)}


def test_a_table_can_be_written_to_a_file(workspace: Path, run_id: str, tmp_path: Path) -> None:
    import pandas as pd

    folder = str(workspace / "runs" / run_id)
    out = tmp_path / "stoppages.parquet"
    words = ("results", folder, "--table", "stoppages", "--format")
    assert xenotime(*words, "parquet", "--out", str(out)).returncode == 0
    rows = json.loads(xenotime(*words, "json").stdout)["rows"]
    assert len(pd.read_parquet(out)) == len(rows) > 0


def test_a_file_is_replaced_only_when_asked(workspace: Path, run_id: str, tmp_path: Path) -> None:
    out = tmp_path / "thesis.csv"
    out.write_text("mine", encoding="utf-8")
    folder = str(workspace / "runs" / run_id)
    words = ("results", folder, "--table", "stoppages", "--out", str(out))
    done = xenotime(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert "thesis.csv is there already" in done.stderr
    assert out.read_text(encoding="utf-8") == "mine"
    assert xenotime(*words, "--force").returncode == 0
    assert out.read_text(encoding="utf-8").startswith("industry,country,")


def shape(content: object) -> object:
    """Keys of an object, of the objects in it and of the first object of each list in it."""
    if isinstance(content, list):
        return [shape(content[0])] if content and isinstance(content[0], dict) else []
    if not isinstance(content, dict):
        return None
    free = ("cited_flows", "parameters_held")  # keyed by data
    return {key: None if key in free else shape(value) for key, value in content.items()}


def test_the_made_up_summary_of_other_tests_has_the_keys_of_a_run(
    printed: dict[str, object],
) -> None:
    assert shape(summary()) == shape(printed)


def test_a_damaged_run_is_not_read(workspace: Path, run_id: str, tmp_path: Path) -> None:
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(workspace / "runs" / run_id, copy)
    (copy / "stoppages.parquet").write_bytes(b"")
    (copy / "exports.parquet").unlink()
    done = xenotime("results", str(copy), "--table", "permits")
    assert (done.returncode, done.stdout) == (2, "")
    assert "stoppages.parquet has 0 bytes" in done.stderr
    assert "exports.parquet is missing" in done.stderr


def test_a_killed_run_leaves_no_run(workspace: Path, run_id: str) -> None:
    # of two blocks of draws the first reports: the second keeps the process busy while it dies
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "xenotime",
            "run",
            *("april-2025", "--draws", "512", "--until", "2025-01-31"),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            "XENOTIME_WORKSPACE": str(workspace),
        },
    )
    assert process.stderr is not None
    assert process.stderr.readline() == "Simulating\n"
    process.kill()
    process.communicate()
    shown = xenotime("workspace", "show", "--json", "--workspace", str(workspace))
    assert [run["id"] for run in json.loads(shown.stdout)["runs"]] == [run_id]
