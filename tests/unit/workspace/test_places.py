"""What cannot be written is refused in one line, before any work, and left as it was."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from xenotime.workspace.files import require_file, write_atomically
from xenotime.workspace.problems import WorkspaceError
from xenotime.workspace.staging import require_free, staged
from xenotime.workspace.store import Workspace

LONG = "x" * 300
needs_links = pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
needs_devices = pytest.mark.skipif(os.name == "nt", reason="Windows has no device files")


def tree(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with one of everything."""
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a.txt").touch()
    (tmp_path / "empty").mkdir()
    if os.name != "nt":
        (tmp_path / "to-file").symlink_to(tmp_path / "file")
        (tmp_path / "to-folder").symlink_to(tmp_path / "empty")
        (tmp_path / "dangling").symlink_to(tmp_path / "gone")
        (tmp_path / "loop").symlink_to(tmp_path / "loop")
        os.mkfifo(tmp_path / "pipe")
    return tmp_path


def refused(call, *arguments, **options) -> str:
    with pytest.raises(WorkspaceError) as caught:
        call(*arguments, **options)
    assert caught.value.kind == "request"
    (problem,) = caught.value.problems
    assert "\n" not in problem
    assert ": name " in problem
    return problem


NOT_FOR_FOLDERS = [
    ("file", "is a file: name a new folder"),
    ("file/run", "file is a file, not a folder: name"),
    ("file/deep/run", "file is a file, not a folder: name"),
    (LONG, "a name may have 200 bytes, this one has 300: name"),
    ("x" * 201, "a name may have 200 bytes, this one has 201: name"),
    (f"{LONG}/run", "a name may have 200 bytes, this one has 300: name"),
    (f"new/{'x' * 201}/run", "a name may have 200 bytes, this one has 201: name"),
    ("é" * 150, "a name may have 200 bytes, this one has 300: name"),
    ("a\0b", "holds a NUL character: name"),
    ("full/..", "has no name of its own: name"),
]
LINKS = [
    ("to-file", "file: name a new folder"),
    ("to-folder", "empty: name a new folder"),
    ("dangling", "gone, which is not there: name"),
    ("dangling/run", "gone, which is not there: name"),
    ("loop", "which is not there: name"),
    ("loop/run", "cannot be used (Too many levels of symbolic links): name"),
    ("to-file/run", "not a folder: name"),
    ("pipe", "is a device or a pipe: name"),
    ("pipe/run", "is a device or a pipe, not a folder: name"),
]


@pytest.mark.parametrize(
    ("name", "says"),
    [*NOT_FOR_FOLDERS, *(pytest.param(*case, marks=needs_links) for case in LINKS)],
    ids=range(len(NOT_FOR_FOLDERS) + len(LINKS)),
)
def test_where_no_folder_can_appear(place: Path, name: str, says: str) -> None:
    before = tree(place)
    assert says in refused(require_free, place / name)
    for exists in ("refuse", "keep", "replace"):
        with pytest.raises(WorkspaceError) as caught, staged(place / name, exists=exists):
            pytest.fail("the block must not run")
        assert says in str(caught.value)
    assert tree(place) == before
    assert (place / "file").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("name", ["empty", "new", "new/deep/run", "x" * 200, "empty/run"])
def test_where_a_folder_can_appear(place: Path, name: str) -> None:
    before = tree(place)
    require_free(place / name)
    assert tree(place) == before
    with staged(place / name) as folder:
        (folder / "a.txt").touch()
    assert (place / name / "a.txt").is_file()


@needs_links
def test_a_folder_may_appear_behind_a_link(place: Path) -> None:
    with staged(place / "to-folder" / "run") as folder:
        (folder / "a.txt").touch()
    assert tree(place / "empty") == ["run", "run/a.txt", "run/complete.json"]


def test_a_relative_folder_is_checked_too(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place / "empty")
    require_free(Path("run"))
    assert "has no name of its own" in refused(require_free, Path())
    assert "has no name of its own" in refused(require_free, Path(".."))
    assert tree(place / "empty") == []


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="a Linux place")
@pytest.mark.parametrize("name", ["/proc/xenotime", "/proc/deep/xenotime", "/proc/self/xenotime"])
def test_a_place_where_nobody_can_write(name: str) -> None:
    assert "nothing can be written in /proc" in refused(require_free, Path(name))
    assert "nothing can be written in /proc" in refused(require_file, Path(name))
    assert "cannot be used as a workspace" in refused(Workspace.open, name)
    with pytest.raises(WorkspaceError), staged(Path(name)):
        pytest.fail("the block must not run")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may do all")
def test_a_read_only_folder(place: Path) -> None:
    (place / "empty").chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        assert "nothing can be written" in refused(require_free, place / "empty" / "run")
        assert "nothing can be written" in refused(require_file, place / "empty" / "a.csv")
        assert "cannot be" in refused(Workspace.open, place / "empty" / "workspace")
    finally:
        (place / "empty").chmod(stat.S_IRWXU)


NOT_FOR_FILES = [
    ("full", "is a folder: name another file"),
    ("empty", "is a folder: name another file"),
    ("file/a.csv", "file is a file, not a folder: name another file"),
    (LONG, "a name may have 200 bytes, this one has 300: name"),
    ("a\0b", "holds a NUL character: name"),
]
LINKED_FILES = [
    ("to-file", "file: name that file"),
    ("to-folder", "empty: name another file"),
    ("dangling", "gone, which is not there: name another file"),
    ("dangling/a.csv", "gone, which is not there: name another file"),
    ("pipe", "is a device or a pipe: name another file"),
]


@pytest.mark.parametrize(
    ("name", "says"),
    [*NOT_FOR_FILES, *(pytest.param(*case, marks=needs_links) for case in LINKED_FILES)],
    ids=range(len(NOT_FOR_FILES) + len(LINKED_FILES)),
)
def test_where_no_file_can_be_written(place: Path, name: str, says: str) -> None:
    before = tree(place)
    assert says in refused(require_file, place / name)
    assert says in refused(write_atomically, place / name, b"new")
    assert tree(place) == before
    assert (place / "file").read_text(encoding="utf-8") == "mine"


@needs_devices
@pytest.mark.parametrize("name", ["/dev/full", "/dev/null", "/dev/stdout"])
def test_devices_stay_what_they_are(name: str) -> None:
    before = os.lstat(name)
    refused(write_atomically, Path(name), b"new")
    assert os.lstat(name).st_ino == before.st_ino
    assert stat.S_IFMT(os.lstat(name).st_mode) == stat.S_IFMT(before.st_mode)


@pytest.mark.parametrize("name", ["file", "new.csv", "new/deep/new.csv", "empty/new.csv"])
def test_regular_files_are_written_and_written_over(place: Path, name: str) -> None:
    require_file(place / name)
    write_atomically(place / name, b"new")
    assert (place / name).read_bytes() == b"new"
    assert not [path for path in tree(place) if "partial" in path]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    workspace = Workspace.open(tmp_path / "workspace")
    with staged(workspace.run_folder("first")) as folder:
        (folder / "sub").mkdir()
        (folder / "sub" / "a.txt").write_text("a", encoding="utf-8")
    return workspace


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("runs/first/a.csv", "the finished folder "),
        ("runs/first/complete.json", "the finished folder "),
        ("runs/first/sub/a.txt", "the finished folder "),
        ("runs/first/new/deep/a.csv", "the finished folder "),
        ("runs/damaged/a.csv", "the workspace "),
        ("runs/a.csv", "the workspace "),
        ("cache/a.csv", "the workspace "),
        ("workspace.json", "the workspace "),
        (".lock", "the workspace "),
    ],
)
def test_what_is_stored_is_not_written_over(workspace: Workspace, name: str, owner: str) -> None:
    (workspace.root / "runs" / "damaged").mkdir()
    before = tree(workspace.root)
    says = refused(write_atomically, workspace.root / name, b"new")
    assert f" belongs to {owner}" in says
    assert tree(workspace.root) == before
    assert {run.id: run.whole for run in workspace.list_runs()} == {
        "first": True,
        "damaged": False,
    }


@pytest.mark.parametrize("name", ["runs", "cache", "workspace.json"])
def test_a_workspace_keeps_its_own_folders(tmp_path: Path, name: str) -> None:
    workspace = Workspace.open(tmp_path / "workspace")
    refused(require_free, workspace.root / name)
    require_free(workspace.root / "runs" / "mine")
    require_free(workspace.root / "mine")
    Workspace.open(workspace.root)


def test_a_run_outside_a_workspace_is_not_written_into_either(tmp_path: Path) -> None:
    with staged(tmp_path / "run") as folder:
        (folder / "a.txt").touch()
    assert "the finished folder" in refused(require_file, tmp_path / "run" / "new" / "a.csv")
    assert "the finished folder" in refused(require_free, tmp_path / "run" / "new")
    write_atomically(tmp_path / "beside.csv", b"new")


@needs_links
def test_a_run_behind_a_link_is_not_written_into(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "shortcut").symlink_to(workspace.run_folder("first"))
    assert "the finished folder" in refused(require_file, tmp_path / "shortcut" / "a.csv")
    assert "the finished folder" in refused(require_free, tmp_path / "shortcut" / "new")


def test_a_workspace_inside_a_finished_folder_has_runs_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "complete.json").touch()
    workspace = Workspace.open(tmp_path / "workspace")
    require_free(workspace.run_folder("first"))
    write_atomically(workspace.root / "exports.csv", b"new")


def test_a_disk_that_refuses_is_a_failure_and_the_file_stays(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WorkspaceError, match="No space left on device") as caught:
        write_atomically(place / "file", b"new")
    assert caught.value.kind == "failure"
    assert (place / "file").read_text(encoding="utf-8") == "mine"
    assert not [path for path in tree(place) if "partial" in path]
