"""Write a file so that a reader sees the old content or the new one, never a part."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

__all__ = ["flush_file", "flush_folder", "write_atomically", "write_json"]


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
    OSError
        When the disk refuses; `path` is then what it was.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_atomically(Path(folder) / "a.txt", b"whole")
    ...     [(file.name, file.read_bytes()) for file in Path(folder).iterdir()]
    [('a.txt', b'whole')]
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
    """Replace `path` with `content` as JSON, in one step.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_json(Path(folder) / "a.json", {"b": 1})
    ...     (Path(folder) / "a.json").read_text(encoding="utf-8").split()
    ['{', '"b":', '1', '}']
    """
    write_atomically(path, (json.dumps(content, indent=2) + "\n").encode("utf-8"))


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
