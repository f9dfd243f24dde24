"""A folder appears whole or not at all, whatever happens to its writer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xenotime.workspace.leftovers import leftovers, partial_of, remove_leftovers
from xenotime.workspace.manifest import MANIFEST, defects, require_whole
from xenotime.workspace.problems import WorkspaceError
from xenotime.workspace.staging import staged

WRITER = """
import sys, time
from pathlib import Path
from xenotime.workspace.staging import staged
with staged(Path(sys.argv[1])) as folder:
    (folder / "half.txt").write_text("half", encoding="utf-8")
    print("writing", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def killed_writer(tmp_path: Path):
    """A real process that is in the middle of writing `tmp_path / "run"`."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path / "run")], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    assert writer.stdout.readline() == "writing\n"
    yield writer
    writer.kill()
    writer.wait()
    writer.stdout.close()


def test_the_target_appears_only_when_the_block_ends(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "run"
    with staged(target) as folder:
        (folder / "sub").mkdir()
        (folder / "sub" / "a.txt").write_text("a", encoding="utf-8")
        assert not target.exists()
    assert defects(target) == []
    assert [path.name for path in target.parent.iterdir()] == ["run"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_an_error_in_the_block_leaves_nothing(tmp_path: Path, error: type[BaseException]) -> None:
    def write() -> None:
        with staged(tmp_path / "run") as folder:
            (folder / "a.txt").write_text("a", encoding="utf-8")
            raise error

    with pytest.raises(error):
        write()
    assert list(tmp_path.iterdir()) == []


def test_a_killed_writer_leaves_nothing_that_reads_as_whole(
    tmp_path: Path, killed_writer: subprocess.Popen[str]
) -> None:
    killed_writer.kill()
    killed_writer.wait()
    assert not (tmp_path / "run").exists()
    (partial,) = leftovers(tmp_path)
    assert (partial / "half.txt").exists()
    assert defects(partial) == [f"{MANIFEST} is missing: the folder was never finished"]
    assert remove_leftovers(tmp_path) == (partial,)
    assert list(tmp_path.iterdir()) == []


def test_what_a_living_writer_writes_is_not_removed(
    tmp_path: Path, killed_writer: subprocess.Popen[str]
) -> None:
    assert remove_leftovers(tmp_path) == ()
    (partial,) = leftovers(tmp_path)
    assert (partial / "half.txt").exists()
    killed_writer.terminate()
    killed_writer.wait()
    with staged(tmp_path / "run") as folder:  # the next writer of the same target tidies up
        (folder / "whole.txt").write_text("whole", encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_lock_file_left_alone_is_removed(tmp_path: Path) -> None:
    (tmp_path / f"run.partial-{'0' * 32}.lock").touch()
    remove_leftovers(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_other_peoples_folders_are_not_leftovers(tmp_path: Path) -> None:
    for name in ("run", "run.partial-draft", "notes.lock"):
        (tmp_path / name).mkdir()
    assert leftovers(tmp_path) == ()


def test_nothing_is_written_over(tmp_path: Path) -> None:
    target = tmp_path / "run"
    target.mkdir()
    (target / "precious.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(WorkspaceError, match="name a new folder"), staged(target):
        pytest.fail("the block must not run")
    assert (target / "precious.txt").read_text(encoding="utf-8") == "mine"


def test_an_empty_folder_may_be_filled(tmp_path: Path) -> None:
    target = tmp_path / "run"
    target.mkdir()
    with staged(target) as folder:
        (folder / "a.txt").write_text("a", encoding="utf-8")
    assert defects(target) == []


def test_a_folder_that_appears_meanwhile_is_not_written_over(tmp_path: Path) -> None:
    target = tmp_path / "run"

    def write() -> None:
        with staged(target) as folder:
            (folder / "a.txt").write_text("mine", encoding="utf-8")
            target.mkdir()
            (target / "a.txt").write_text("theirs", encoding="utf-8")

    with pytest.raises(WorkspaceError, match="appeared") as caught:
        write()
    assert caught.value.kind == "failure"
    assert (target / "a.txt").read_text(encoding="utf-8") == "theirs"
    assert leftovers(tmp_path) == ()


@pytest.mark.parametrize(("first_is_whole", "kept"), [(True, "first"), (False, "second")])
def test_a_cache_keeps_the_first_whole_entry(
    tmp_path: Path, first_is_whole: bool, kept: str
) -> None:
    target = tmp_path / "key"
    for content in ("first", "second"):
        with staged(target, exists="keep") as folder:
            (folder / "a.txt").write_text(content, encoding="utf-8")
        if not first_is_whole and content == "first":
            (target / "a.txt").write_text("damaged", encoding="utf-8")
    assert (target / "a.txt").read_text(encoding="utf-8") == kept
    assert defects(target) == []


def test_asking_again_replaces_the_first_answer(tmp_path: Path) -> None:
    target = tmp_path / "run"
    for content in ("first", "second"):
        with staged(target, exists="replace") as folder:
            (folder / f"{content}.txt").write_text(content, encoding="utf-8")
    assert sorted(path.name for path in target.iterdir()) == [MANIFEST, "second.txt"]
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_failed_replacement_leaves_the_first_answer(tmp_path: Path) -> None:
    target = tmp_path / "run"
    with staged(target) as folder:
        (folder / "a.txt").write_text("first", encoding="utf-8")

    def write() -> None:
        with staged(target, exists="replace") as folder:
            (folder / "a.txt").write_text("second", encoding="utf-8")
            raise ValueError

    with pytest.raises(ValueError):
        write()
    assert (target / "a.txt").read_text(encoding="utf-8") == "first"
    assert defects(target) == []


def renames_that_fail(monkeypatch: pytest.MonkeyPatch, *failing: int) -> None:
    """Let the renames of folders with these numbers fail, counted from 1."""
    rename, calls = os.rename, []

    def sometimes(source, target) -> None:
        calls.append(source)
        if len(calls) in failing:
            raise PermissionError(13, "Permission denied")
        rename(source, target)

    monkeypatch.setattr(os, "rename", sometimes)


def write_again(target: Path, content: str) -> None:
    with staged(target, exists="replace") as folder:
        (folder / "a.txt").write_text(content, encoding="utf-8")


@pytest.mark.parametrize("failing", [1, 2])
def test_a_replacement_that_cannot_be_put_in_place_brings_the_old_answer_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    target = tmp_path / "run"
    write_again(target, "first")
    with monkeypatch.context() as patch:
        renames_that_fail(patch, failing)
        with pytest.raises(WorkspaceError, match="Permission denied") as caught:
            write_again(target, "second")
    assert caught.value.kind == "failure"
    assert (target / "a.txt").read_text(encoding="utf-8") == "first"
    assert defects(target) == []
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
    write_again(target, "second")
    assert (target / "a.txt").read_text(encoding="utf-8") == "second"


def test_an_old_answer_that_cannot_come_back_at_once_comes_back_with_the_next_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "run"
    write_again(target, "first")
    with monkeypatch.context() as patch:
        renames_that_fail(patch, 2, 3)
        with pytest.raises(WorkspaceError, match="is kept"):
            write_again(target, "second")
    assert not target.exists()
    remove_leftovers(tmp_path)
    assert (target / "a.txt").read_text(encoding="utf-8") == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_an_interrupt_between_the_two_renames_brings_the_old_answer_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "run"
    write_again(target, "first")
    rename, calls = os.rename, []

    def interrupted(source, destination) -> None:
        calls.append(source)
        if len(calls) == 2:
            raise KeyboardInterrupt
        rename(source, destination)

    with monkeypatch.context() as patch:
        patch.setattr(os, "rename", interrupted)
        with pytest.raises(KeyboardInterrupt):
            write_again(target, "second")
    assert (target / "a.txt").read_text(encoding="utf-8") == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_first_answer_that_cannot_be_put_in_place_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    renames_that_fail(monkeypatch, 1)
    with pytest.raises(WorkspaceError, match="could not be put in place"):
        write_again(tmp_path / "run", "first")
    assert list(tmp_path.iterdir()) == []


REWRITER = """
import sys
from pathlib import Path
from xenotime.workspace.staging import staged
for turn in range(25):
    with staged(Path(sys.argv[1]), exists="replace") as folder:
        for name in "abc":
            (folder / name).write_text(f"{sys.argv[2]}-{turn}", encoding="utf-8")
"""


def test_readers_never_see_half_a_run_while_writers_replace_it(tmp_path: Path) -> None:
    target = tmp_path / "run"
    with staged(target) as folder:
        for name in "abc":
            (folder / name).write_text("0-0", encoding="utf-8")
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", REWRITER, str(target), str(number)],
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in (1, 2, 3)
    ]
    seen = set()
    while any(writer.poll() is None for writer in writers):
        # Between the two renames the name is free for a moment; a folder under it is whole.
        try:
            manifest = (target / MANIFEST).read_bytes()
            contents = {(target / name).read_text(encoding="utf-8") for name in "abc"}
            again = (target / MANIFEST).read_bytes()
        except FileNotFoundError:
            continue
        if manifest == again:
            seen.add(frozenset(contents))
    for writer in writers:
        assert (writer.communicate()[1], writer.returncode) == ("", 0)
    assert seen
    assert {len(contents) for contents in seen} == {1}
    assert defects(target) == []
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_writer_killed_before_the_last_step_loses_nothing(tmp_path: Path) -> None:
    target = tmp_path / "run"
    with staged(target) as folder:
        (folder / "a.txt").write_text("a", encoding="utf-8")
    target.rename(partial_of(target))  # as if the process had died before its rename
    assert remove_leftovers(tmp_path) == ()
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
    assert defects(target) == []


@given(
    contents=st.dictionaries(
        st.text("abcdefgh", min_size=1, max_size=8), st.binary(max_size=64), min_size=1
    ),
    data=st.data(),
)
def test_any_damage_to_any_file_is_found(
    tmp_path_factory: pytest.TempPathFactory,
    contents: dict[str, bytes],
    data: st.DataObject,
) -> None:
    target = tmp_path_factory.mktemp("damage") / "run"
    with staged(target) as folder:
        for name, content in contents.items():
            (folder / name).write_bytes(content)
    name = data.draw(st.sampled_from(sorted(contents)))
    damaged = data.draw(
        st.one_of(st.none(), st.binary(max_size=64)).filter(lambda new: new != contents[name])
    )
    if damaged is None:
        (target / name).unlink()
    else:
        (target / name).write_bytes(damaged)
    (defect,) = defects(target)
    assert defect.startswith(name)


DEEP = "[" * 100_000 + "]" * 100_000


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is damaged (JSONDecodeError"),
        ("{", "is damaged (JSONDecodeError"),
        ("[]", "is damaged (it is not a JSON object)"),
        ("null", "is damaged (it is not a JSON object)"),
        ('"files"', "is damaged (it is not a JSON object)"),
        ("{}", 'is damaged ("files" is not a list)'),
        ('{"schema_version": 1, "files": {}}', 'is damaged ("files" is not a list)'),
        ('{"schema_version": 1, "files": 3}', 'is damaged ("files" is not a list)'),
        ('{"schema_version": 1, "files": []}', "lists no file"),
        ('{"files": []}', "has schema_version null, this program reads 1"),
        ('{"schema_version": 2, "files": []}', "has schema_version 2, this program reads 1"),
        ('{"schema_version": true, "files": []}', "has schema_version true"),
        ('{"schema_version": 1, "files": [{}]}', "is damaged (files[0] is not a path"),
        ('{"schema_version": 1, "files": [3]}', "is damaged (files[0] is not a path"),
        ('{"schema_version": 1, "files": [{"path": "a"}]}', "is damaged (files[0] is not a"),
        (
            '{"schema_version": 1, "files": [{"path": "a", "bytes": 1e999, "sha256": ""}]}',
            "is damaged (files[0] is not a path",
        ),
        (DEEP, "is damaged (it is nested too deeply)"),
        (f'{{"schema_version": 1, "files": {DEEP}}}', "is damaged (it is nested too deeply)"),
    ],
    ids=range(18),
)
def test_a_damaged_manifest_is_one_clear_line(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / MANIFEST).write_text(text, encoding="utf-8")
    (defect,) = defects(tmp_path)
    assert defect.startswith(f"{MANIFEST} {says}")
    assert "\n" not in defect


def test_a_manifest_that_is_no_text_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_bytes(b"\xff\x00")
    (defect,) = defects(tmp_path)
    assert defect.startswith(f"{MANIFEST} is damaged (UnicodeDecodeError")


def listing(*names: str) -> str:
    files = [{"path": name, "bytes": 1, "sha256": "x"} for name in names]
    return json.dumps({"schema_version": 1, "files": files})


@pytest.mark.parametrize("name", ["../a", "/a", "b/../../a", "C:/a", "C:a", "..\\a", "\\\\host\\a"])
def test_a_manifest_cannot_point_outside(tmp_path: Path, name: str) -> None:
    (tmp_path / MANIFEST).write_text(listing(name), encoding="utf-8")
    (defect,) = defects(tmp_path)
    assert "outside the folder" in defect


@pytest.mark.parametrize("name", ["x" * 300, "x" * 100_000, "a\0b", "\ud800", "", ".", "a/" * 5000])
def test_a_name_that_no_disk_takes_is_a_defect(tmp_path: Path, name: str) -> None:
    (tmp_path / MANIFEST).write_text(listing(name), encoding="utf-8")
    (defect,) = defects(tmp_path)
    assert defect.endswith((" is missing", ")"))
    assert len(defect) < 300
    assert "\n" not in defect


@pytest.mark.parametrize("folder", ["x" * 300, "a\0b"])
def test_a_folder_that_cannot_be_has_a_defect(tmp_path: Path, folder: str) -> None:
    assert len(defects(tmp_path / folder)) == 1


def test_what_a_reader_requires_must_be_listed(tmp_path: Path) -> None:
    target = tmp_path / "run"
    with staged(target) as folder:
        (folder / "sub").mkdir()
        (folder / "sub" / "a.txt").write_text("a", encoding="utf-8")
    (target / "b.txt").write_text("not listed", encoding="utf-8")
    assert defects(target, required=["sub/a.txt"]) == []
    assert defects(target, required=["b.txt"]) == [f"{MANIFEST} does not list b.txt"]
    require_whole(target, remedy="run again", required=["sub/a.txt"])
    with pytest.raises(WorkspaceError, match=r"does not list b\.txt: run again"):
        require_whole(target, remedy="run again", required=["b.txt"])


def test_a_writer_that_writes_nothing_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="holds no file"), staged(tmp_path / "run"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_all_defects_are_listed_at_once(tmp_path: Path) -> None:
    target = tmp_path / "run"
    with staged(target) as folder:
        for name in ("a", "b", "c"):
            (folder / name).write_text(name, encoding="utf-8")
    (target / "a").unlink()
    (target / "b").write_text("longer", encoding="utf-8")
    (target / "c").write_text("x", encoding="utf-8")
    with pytest.raises(WorkspaceError) as caught:
        require_whole(target, remedy="run again")
    assert len(caught.value.problems) == 3
    assert all(problem.endswith("run again") for problem in caught.value.problems)


def test_a_full_disk_is_said_and_nothing_is_kept(tmp_path: Path) -> None:
    """A limit on the size of files, in a process of its own, stands for a disk that is full."""
    resource = pytest.importorskip("resource")  # Windows has none
    target = tmp_path / "run"
    code = (
        "import sys; from pathlib import Path; from xenotime.workspace import staged\n"
        "with staged(Path(sys.argv[1])) as folder:\n"
        "    (folder / 'a.bin').write_bytes(bytes(200_000))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(target)],
        capture_output=True,
        encoding="utf-8",
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000)),
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    assert "WorkspaceError: there is no room to write" in done.stderr
    assert "free some space" in done.stderr
    assert list(tmp_path.iterdir()) == []
