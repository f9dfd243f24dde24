"""A wrong request: exit code 2, everything that is wrong in one message, nothing written."""

from __future__ import annotations

from pathlib import Path

import pytest

from unit.cli.commands import xenotime


def refused(*words: str, cwd: Path, **environment: str) -> str:
    """Run a command that must be refused cleanly; return what it says."""
    before = sorted(cwd.rglob("*"))
    done = xenotime(*words, cwd=cwd, **environment)
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert sorted(cwd.rglob("*")) == before
    return done.stderr


def test_run_lists_every_problem_at_once(tmp_path: Path) -> None:
    message = refused(
        *("run", "april-2052", "--draws", "many", "--seed", "-1", "--until", "31.12.2025"),
        *("--as-of", "2025-02-30", "--param", "nonsense=1", "--param", "novalue"),
        cwd=tmp_path,
        XENOTIME_WORKSPACE=str(tmp_path / "workspace"),
    )
    for part in (
        *("april-2052", "april-2025", "'many'", "'-1'", "'31.12.2025'", "'2025-02-30'"),
        *("'nonsense'", "'novalue'", "8 problems"[2:]),
    ):
        assert part in message


def test_a_slip_in_a_parameter_is_told_once(tmp_path: Path) -> None:
    message = refused(
        *("run", "april-2025", "--param", "reorder_day=40"),
        cwd=tmp_path,
        XENOTIME_WORKSPACE=str(tmp_path / "workspace"),
    )
    assert message.count("reorder_day=40") == 1
    assert message.count("did you mean reorder_days") == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("run", "april-2025", "--until", "2024-12-31"), "give a day of the scenario, 2025-01-01"),
        (("run", "april-2025", "--draws", "0"), "at least 1"),
        (("run", "april-2025", "--draws", "1e3"), "whole number"),
        (("run", "april-2025", "--param", "x=nan"), "not a finite number"),
        (("run", "no.yaml"), "no.yaml"),
        (("run",), "Try: xenotime run --help"),
        (("run", "april-2025", "--drows", "3"), "--draws"),
        (("facts", "search", "magnet", "--as-of", "20250630"), "YYYY-MM-DD"),
        (("facts", "search", "magnet", "--country", "Atlantis"), "Atlantis"),
        (("facts", "search", "magnet", "--product", "oxide:Xx"), "oxide:Xx"),
        (("facts", "search", "magnet", "--limit", "0"), "at least 1"),
        (("facts", "show", "mine_production/MMR/2024@mcs2062"), "mine_production/MMR/2024@mcs2026"),
        (("facts", "shew"), "show"),
        (("fact",), "facts"),
        (("results", "no-such-run", "--table", "exports"), "no-such-run"),
        (("results", ".", "--table", "export", "--format", "xls"), "exports"),
        (("results", ".", "--table", "exports", "--format", "parquet"), "--out"),
        (("scenario", "show", "april"), "april-2025"),
        (("scenario", "validate", "a.yaml", "b.yaml"), "b.yaml"),
        (("workspace", "show", "--jsn"), "--json"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_wrong_request_is_explained(tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    assert says in refused(*words, cwd=tmp_path, XENOTIME_WORKSPACE=str(tmp_path / "workspace"))


def test_a_full_folder_is_not_run_into(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("mine", encoding="utf-8")
    message = refused("run", "april-2025", "--out", "mine", "--draws", "x", cwd=tmp_path)
    assert "mine is not empty" in message
    assert "--draws" in message


def test_a_folder_that_is_no_run_is_explained(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    message = refused("results", "notes", "--table", "exports", cwd=tmp_path)
    assert "complete.json" in message


def test_a_newer_workspace_is_refused(tmp_path: Path) -> None:
    (tmp_path / "workspace.json").write_text('{"workspace_schema": 99}', encoding="utf-8")
    message = refused("run", "april-2025", "--draws", "2", "--workspace", ".", cwd=tmp_path)
    assert "schema 99" in message
