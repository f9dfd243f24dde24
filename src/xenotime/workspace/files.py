"""Write a file so that a reader sees the old content or the new one, never a part."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

from xenotime.workspace.places import obstacles, owner_of, reason, shown, status_of, what_is_at
from xenotime.workspace.problems import WorkspaceError

__all__ = [
    "flush_file",
    "flush_folder",
    "replace_content",
    "require_file",
    "write_atomically",
    "write_json",
]


def require_file(path: Path) -> None:
    """Raise unless `write_atomically` may write `path`; leave nothing behind.

    A regular file that is there is no hindrance: whether to write over it is for the caller to
    ask.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    WorkspaceError
        When something other than a regular file is there, when its folder cannot hold it, or
        when it belongs to a stored run or to the workspace.

    Examples
    --------
    >>> require_file(Path("no-such-file"))
    >>> require_file(Path())
    Traceback (most recent call last):
    xenotime.workspace.problems.WorkspaceError: '.' has no name of its own: name another file
    """
    found = obstacles(path)
    if not found:
        what, status = what_is_at(path), status_of(path)
        owner = owner_of(path)
        if what not in ("", "is a file"):
            found = [f"{shown(path)} {what}"]
        elif status is not None and not what:
            found = [f"{shown(path)} is a folder"]
        elif owner:
            found = [f"{shown(path)} belongs to {owner}"]
    if found:
        raise WorkspaceError([f"{line}: name {_other(path)}" for line in found])


def write_atomically(path: Path, content: bytes) -> None:
    """Replace `path` with `content` in one step.

    Parameters
    ----------
    path
        The file; its folder is made if it is missing.
    content
        The whole new content.

    Raises
    ------
    WorkspaceError
        As for `require_file`, or when the disk refuses; `path` is then what it was.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_atomically(Path(folder) / "a.txt", b"whole")
    ...     [(file.name, file.read_bytes()) for file in Path(folder).iterdir()]
    [('a.txt', b'whole')]
    """
    require_file(path)
    try:
        replace_content(path, content)
    except OSError as error:
        raise WorkspaceError(
            f"{shown(path)} could not be written ({reason(error)}) and is what it was: make room,"
            " close the program that has it open, or name another file",
            kind="failure",
        ) from error


def replace_content(path: Path, content: bytes) -> None:
    """Replace one of this package's own files in one step, without `require_file`.

    Raises
    ------
    OSError
        When the disk refuses; `path` is then what it was.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     replace_content(Path(folder) / "a.txt", b"whole")
    ...     (Path(folder) / "a.txt").read_bytes()
    b'whole'
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.partial-{uuid4().hex}")
    try:
        with beside.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    flush_folder(path.parent)


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Replace one of this package's own files with `content` as JSON, in one step.

    Raises
    ------
    OSError
        When the disk refuses; `path` is then what it was.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_json(Path(folder) / "a.json", {"b": 1})
    ...     (Path(folder) / "a.json").read_text(encoding="utf-8").split()
    ['{', '"b":', '1', '}']
    """
    replace_content(path, (json.dumps(content, indent=2) + "\n").encode("utf-8"))


def flush_file(path: Path) -> None:
    """Push a written file from the system's cache to the disk."""
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def flush_folder(folder: Path) -> None:
    """Push a folder's entries to the disk, where the system has such a thing.

    Windows cannot open a folder for flushing and journals renames itself.
    """
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _other(path: Path) -> str:
    """Suggest what to name instead: the file that a link points to, or any other."""
    # os.path answers False where pathlib raises, e.g. for names that are too long
    linked = os.path.islink(path) and os.path.isfile(path)  # noqa: PTH113, PTH114
    return "that file" if linked else "another file"
