"""One folder, one holder of its lock, one schema."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from xenotime.workspace.location import ENVIRONMENT_VARIABLE, locate
from xenotime.workspace.locking import locked
from xenotime.workspace.problems import WorkspaceError
from xenotime.workspace.schema import (
    CURRENT_SCHEMA,
    SCHEMA_FILE,
    bring_up_to_date,
    layout_defects,
    read_schema,
)
from xenotime.workspace.staging import staged
from xenotime.workspace.store import Workspace

HOLDER = """
import sys
from pathlib import Path
from xenotime.workspace.locking import locked
with locked(Path(sys.argv[1])):
    print("holding", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def holder(tmp_path: Path):
    """A real process that holds the lock of `tmp_path` until it is told to go."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    assert process.stdout.readline() == "holding\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()
    process.stdin.close()


def test_the_caller_beats_the_environment_and_the_environment_the_platform(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, str(tmp_path / "environment"))
    assert locate(tmp_path / "caller").root == tmp_path / "caller"
    assert locate().root == tmp_path / "environment"
    monkeypatch.delenv(ENVIRONMENT_VARIABLE)
    assert locate().chosen_by == "platform"
    assert "xenotime" in locate().root.parts


def test_opening_makes_the_layout_and_opening_again_changes_nothing(tmp_path: Path) -> None:
    root = tmp_path / "deep" / "workspace"
    Workspace.open(root)
    before = (root / SCHEMA_FILE).read_bytes()
    Workspace.open(root)
    assert (root / SCHEMA_FILE).read_bytes() == before
    assert read_schema(root) == CURRENT_SCHEMA
    assert {path.name for path in root.iterdir() if path.is_dir()} == {
        "runs",
        "cache",
        "additions",
        "undone",
    }


def test_a_waiting_process_learns_who_holds_the_lock(
    tmp_path: Path, holder: subprocess.Popen[str]
) -> None:
    with pytest.raises(WorkspaceError) as caught, locked(tmp_path, timeout=0.2):
        pytest.fail("the lock is held elsewhere")
    assert f"process {holder.pid} " in str(caught.value)
    assert "wait for it, stop that process, or name another folder" in str(caught.value)
    assert caught.value.kind == "failure"


def test_a_waiting_process_goes_on_when_the_holder_leaves(
    tmp_path: Path, holder: subprocess.Popen[str]
) -> None:
    assert holder.stdin is not None
    threading.Timer(0.3, holder.stdin.close).start()
    with locked(tmp_path, timeout=60):
        signed = json.loads((tmp_path / ".lock-holder.json").read_text(encoding="utf-8"))
        assert signed["pid"] == os.getpid()


def test_a_killed_holder_does_not_keep_the_lock(
    tmp_path: Path, holder: subprocess.Popen[str]
) -> None:
    holder.kill()
    holder.wait()
    with locked(tmp_path, timeout=60):
        pass
    assert not (tmp_path / ".lock-holder.json").exists()


def test_opening_removes_what_a_killed_process_left(tmp_path: Path) -> None:
    root = tmp_path / "workspace"
    Workspace.open(root)
    leftover = root / "runs" / f"old.partial-{'a' * 32}"
    leftover.mkdir()
    (leftover / "half.txt").write_text("half", encoding="utf-8")
    assert Workspace(root).list_runs() == ()
    Workspace.open(root)
    assert not leftover.exists()


def test_a_newer_workspace_is_refused_and_left_alone(tmp_path: Path) -> None:
    text = json.dumps({"workspace_schema": CURRENT_SCHEMA + 1})
    (tmp_path / SCHEMA_FILE).write_text(text, encoding="utf-8")
    with pytest.raises(WorkspaceError, match="install a newer xenotime") as caught:
        Workspace.open(tmp_path)
    assert caught.value.kind == "request"
    assert (tmp_path / SCHEMA_FILE).read_text(encoding="utf-8") == text
    assert [path.name for path in tmp_path.iterdir()] == [SCHEMA_FILE]


def test_migrations_run_in_order_and_continue_where_they_stopped(tmp_path: Path) -> None:
    bring_up_to_date(tmp_path, current=1)
    calls = []

    def third_fails(_: Path) -> None:
        calls.append(3)
        if calls.count(3) == 1:
            raise OSError("disk full")

    steps = {1: lambda _: calls.append(1), 2: lambda _: calls.append(2), 3: third_fails}
    with pytest.raises(OSError, match="disk full"):
        bring_up_to_date(tmp_path, current=4, migrations=steps)
    assert read_schema(tmp_path, current=4) == 3
    assert bring_up_to_date(tmp_path, current=4, migrations=steps) == 3
    assert calls == [1, 2, 3, 3]
    assert read_schema(tmp_path, current=4) == 4


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"workspace_schema": "1"}', '{"workspace_schema": 0}']
)
def test_a_damaged_schema_file_is_one_clear_line(tmp_path: Path, text: str) -> None:
    (tmp_path / SCHEMA_FILE).write_text(text, encoding="utf-8")
    with pytest.raises(WorkspaceError, match="restore it from a copy"):
        Workspace.open(tmp_path)


def test_somebody_elses_folder_does_not_become_a_workspace(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(WorkspaceError, match="not a workspace"):
        Workspace.open(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_file_does_not_become_a_workspace(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(WorkspaceError, match="is a file"):
        Workspace.open(tmp_path / "file")


def test_runs_are_listed_oldest_first_and_damage_shows(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "workspace")
    for number, name in enumerate(("second", "first")):
        with staged(workspace.run_folder(name)) as folder:
            (folder / "a.txt").write_text(name, encoding="utf-8")
        os.utime(workspace.run_folder(name), (2000 - number, 2000 - number))
    (workspace.run_folder("second") / "a.txt").write_text("cut", encoding="utf-8")
    assert [(run.id, run.whole) for run in workspace.list_runs()] == [
        ("first", True),
        ("second", False),
    ]


@pytest.mark.parametrize(
    "name",
    [
        "",
        "../up",
        "a/b",
        "a\\b",
        "nul",
        "Con.txt",
        "a.",
        ".a",
        "a" * 101,
        "a b",
        "é",
        "a\n",
        f"a.partial-{'0' * 32}",
    ],
)
def test_names_that_some_system_cannot_keep_are_refused(tmp_path: Path, name: str) -> None:
    workspace = Workspace(tmp_path)
    with pytest.raises(WorkspaceError, match="cannot name a folder"):
        workspace.run_folder(name)
    with pytest.raises(WorkspaceError, match="cannot name a folder"):
        workspace.cache_path(name)


def test_two_processes_may_open_a_new_workspace_at_once(tmp_path: Path) -> None:
    code = "import sys; from xenotime.workspace.store import Workspace; Workspace.open(sys.argv[1])"
    root = tmp_path / "workspace"
    openers = [
        subprocess.Popen([sys.executable, "-c", code, str(root)], stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    for opener in openers:
        _, complaint = opener.communicate()
        assert (opener.returncode, complaint) == (0, "")
    assert read_schema(root) == CURRENT_SCHEMA


@pytest.mark.parametrize("given", ["", " ", "~no-such-user-of-xenotime/w"])
def test_a_workspace_without_a_name_is_refused(given: str) -> None:
    with pytest.raises(WorkspaceError, match="name a") as caught:
        locate(given)
    assert caught.value.kind == "request"
    with pytest.raises(WorkspaceError, match="--workspace"):
        Workspace.open(given)


def test_an_empty_environment_variable_chooses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, "")
    assert locate().chosen_by == "platform"


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ("file/x", "file is a file, not a folder: name another folder with --workspace"),
        ("file/deep/x", "file is a file, not a folder: name another folder with --workspace"),
        ("x" * 300, "a name may have 200 bytes, this one has 300: name another folder"),
        ("a\0b", "holds a NUL character: name another folder"),
    ],
    ids=range(4),
)
def test_where_no_workspace_can_be(tmp_path: Path, place: str, says: str) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    for look in (Workspace.open, read_schema):
        with pytest.raises(WorkspaceError) as caught:
            look(tmp_path / place)
        assert says in str(caught.value)
        assert caught.value.kind == "request"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
def test_a_link_to_nothing_is_no_workspace(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "gone")
    for look in (Workspace.open, read_schema):
        with pytest.raises(WorkspaceError, match="gone, which is not there"):
            look(tmp_path / "link")


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
def test_folders_of_a_workspace_may_be_links(tmp_path: Path) -> None:
    Workspace.open(tmp_path / "workspace")
    (tmp_path / "workspace" / "cache").rmdir()
    (tmp_path / "scratch").mkdir()
    (tmp_path / "workspace" / "cache").symlink_to(tmp_path / "scratch")
    (tmp_path / "link").symlink_to(tmp_path / "workspace")
    workspace = Workspace.open(tmp_path / "link")
    with staged(workspace.cache_path("key")) as folder:
        (folder / "a.txt").touch()
    assert (tmp_path / "scratch" / "key" / "a.txt").is_file()


@pytest.mark.parametrize("part", ["runs", "cache"])
def test_a_file_in_place_of_a_folder_is_one_clear_line(tmp_path: Path, part: str) -> None:
    Workspace.open(tmp_path)
    (tmp_path / part).rmdir()
    (tmp_path / part).touch()
    for look in (Workspace.open, read_schema):
        with pytest.raises(WorkspaceError, match=f"{part} is a file, not a folder: move it away"):
            look(tmp_path)


@pytest.mark.parametrize("part", [SCHEMA_FILE, ".lock", ".lock-holder.json"])
def test_a_folder_in_place_of_a_file_is_one_clear_line(tmp_path: Path, part: str) -> None:
    Workspace.open(tmp_path)
    (tmp_path / part).unlink(missing_ok=True)
    (tmp_path / part).mkdir()
    for look in (Workspace.open, read_schema):
        with pytest.raises(
            WorkspaceError, match=r"is a folder, not a file: move it away"
        ) as caught:
            look(tmp_path)
        assert str(tmp_path / part) in str(caught.value)


def test_all_defects_of_a_layout_are_listed_at_once(tmp_path: Path) -> None:
    Workspace.open(tmp_path)
    for part in ("runs", "cache"):
        (tmp_path / part).rmdir()
        (tmp_path / part).touch()
    (tmp_path / ".lock").unlink(missing_ok=True)
    (tmp_path / ".lock").mkdir()
    with pytest.raises(WorkspaceError) as caught:
        Workspace.open(tmp_path)
    assert len(caught.value.problems) == 3
    assert layout_defects(tmp_path) == list(caught.value.problems)


def test_a_schema_file_nested_too_deeply_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / SCHEMA_FILE).write_text("[" * 100_000, encoding="utf-8")
    with pytest.raises(WorkspaceError, match="restore it from a copy"):
        read_schema(tmp_path)


def test_a_folder_that_cannot_be_locked_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise NotImplementedError

    monkeypatch.setattr("filelock.FileLock.acquire", refuse)
    with pytest.raises(WorkspaceError, match="its file system has no locks"):
        Workspace.open(tmp_path / "workspace")
