"""Batches of additions move in one step, and an older workspace gets room for them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from xenotime.workspace import Workspace, WorkspaceError, defects, staged
from xenotime.workspace.schema import MIGRATIONS, SCHEMA_FILE, read_schema


def old_workspace(root: Path) -> Path:
    """A workspace of schema 1 with a finished run and a cache, as the last release left it."""
    for name in ("runs/april-2025-16-7-c8f38c74", "cache/baseline-latest"):
        with staged(root / name) as folder:
            (folder / "summary.json").write_text('{"schema_version": 1}', encoding="utf-8")
    (root / SCHEMA_FILE).write_text('{"workspace_schema": 1}', encoding="utf-8")
    return root


def files(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for part in ("runs", "cache", "additions", "undone")
        for path in (root / part).rglob("*")
        if path.is_file()
    }


def store_batch(workspace: Workspace, name: str) -> Path:
    with staged(workspace.batch_folder(name)) as folder:
        (folder / "batch.json").write_text("{}", encoding="utf-8")
    return workspace.batch_folder(name)


def test_a_workspace_of_schema_1_keeps_its_runs_and_gets_room_for_additions(
    tmp_path: Path,
) -> None:
    root = old_workspace(tmp_path / "old")
    before = files(root)
    workspace = Workspace.open(root)
    assert read_schema(root) == 2
    assert files(root) == before
    assert [run.id for run in workspace.list_runs() if run.whole] == ["april-2025-16-7-c8f38c74"]
    assert workspace.list_batches() == ()
    assert (root / "additions").is_dir()
    assert (root / "undone").is_dir()


def test_the_step_can_be_repeated_and_was_killed_half_way(tmp_path: Path) -> None:
    root = old_workspace(tmp_path / "old")
    (root / "additions").mkdir()  # killed between its two folders
    store_batch(Workspace(root), "kept")
    before = files(root)
    for _ in range(2):
        MIGRATIONS[1](root)
    Workspace.open(root)
    assert files(root) == before
    assert read_schema(root) == 2


def test_what_stands_in_the_way_of_the_step_is_named_and_nothing_changes(tmp_path: Path) -> None:
    root = old_workspace(tmp_path / "old")
    (root / "undone").write_text("mine", encoding="utf-8")
    with pytest.raises(WorkspaceError, match="undone is a file, not a folder"):
        Workspace.open(root)
    assert json.loads((root / SCHEMA_FILE).read_text("utf-8")) == {"workspace_schema": 1}


def test_a_batch_moves_whole_and_keeps_its_name(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "mine")
    store_batch(workspace, "first")
    with workspace.lock():
        there = workspace.move_batch("first", undone=True)
    assert defects(there) == []
    assert [(entry.id, entry.undone) for entry in workspace.list_batches()] == [("first", True)]
    with workspace.lock():
        workspace.move_batch("first", undone=False)
    assert [(entry.id, entry.undone) for entry in workspace.list_batches()] == [("first", False)]


def test_a_batch_never_takes_the_place_of_another(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "mine")
    store_batch(workspace, "first")
    with workspace.lock():
        workspace.move_batch("first", undone=True)
    store_batch(workspace, "first")
    before = files(workspace.root)
    with pytest.raises(WorkspaceError, match="is there already"), workspace.lock():
        workspace.move_batch("first", undone=True)
    assert files(workspace.root) == before


@pytest.mark.parametrize("name", ["../runs", "a/b", "", "..", "x" * 200, "con"])
def test_a_name_that_could_lead_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    workspace = Workspace.open(tmp_path / "mine")
    with pytest.raises(WorkspaceError, match="batch"), workspace.lock():
        workspace.move_batch(name, undone=True)


def test_unfinished_batches_are_tidied_up_and_finished_ones_put_in_place(tmp_path: Path) -> None:
    from xenotime.workspace import seal

    workspace = Workspace.open(tmp_path / "mine")
    parent = workspace.root / "additions"
    half = parent / f"half.partial-{'0' * 32}"
    half.mkdir()
    (half / "claims.csv").write_text("id\n", encoding="utf-8")
    whole = parent / f"whole.partial-{'1' * 32}"
    whole.mkdir()
    (whole / "claims.csv").write_text("id\n", encoding="utf-8")
    seal(whole)
    again = Workspace.open(workspace.root)
    assert [entry.id for entry in again.list_batches()] == ["whole"]
    assert sorted(path.name for path in parent.iterdir()) == ["whole"]
