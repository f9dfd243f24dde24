"""`complete.json`: the list of a folder's files, written last, so that a half-store never passes.

A folder is whole when its manifest is there, lists at least one file, and every file it lists has
the listed size and SHA-256. Files that are not listed (a user's notes) do not matter.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from xenotime.workspace.files import flush_file, flush_folder, write_json
from xenotime.workspace.places import MANIFEST, reason, shown
from xenotime.workspace.problems import WorkspaceError

__all__ = ["MANIFEST", "defects", "require_whole", "seal"]

_SCHEMA = 1
_LARGEST = 64 * 2**20  # bytes of a manifest; a run's has a few thousand


def seal(folder: Path) -> None:
    """Flush every file below `folder` to the disk and write its manifest.

    Raises
    ------
    WorkspaceError
        When there is no file to list: an empty folder is never whole.
    OSError
        When the disk refuses.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as name:
    ...     folder = Path(name)
    ...     _ = (folder / "a.txt").write_text("a", encoding="utf-8")
    ...     before = defects(folder)
    ...     seal(folder)
    ...     after = defects(folder)
    >>> before
    ['complete.json is missing: the folder was never finished']
    >>> after
    []
    """
    entries = []
    for path in sorted(folder.rglob("*")):
        if path.is_dir():
            flush_folder(path)
        elif path != folder / MANIFEST:
            flush_file(path)
            entries.append(
                {
                    "path": path.relative_to(folder).as_posix(),
                    "bytes": path.stat().st_size,
                    "sha256": _digest(path),
                }
            )
    if not entries:
        raise WorkspaceError(
            f"{shown(folder)} holds no file, so there is nothing to keep: write one first",
            kind="failure",
        )
    write_json(folder / MANIFEST, {"schema_version": _SCHEMA, "files": entries})


def defects(folder: Path, *, deep: bool = True, required: Collection[str] = ()) -> list[str]:
    """List everything that keeps `folder` from being whole; never raise for what is in it.

    Parameters
    ----------
    folder
        A folder that `seal` may have finished.
    deep
        Compare hashes; without it only presence and sizes, which is fast for listings.
    required
        Files that the reader needs, as the manifest writes them (``"a/b.txt"``): the manifest
        must list them.

    Returns
    -------
    list of str
        One line per defect; empty when the folder is whole.

    Examples
    --------
    >>> defects(Path("no-such-folder"))
    ['the folder does not exist']
    """
    try:
        if not folder.is_dir():
            return ["the folder does not exist"]
        manifest = folder / MANIFEST
        if not manifest.is_file():
            return [f"{MANIFEST} is missing: the folder was never finished"]
        entries = _entries(manifest)
    except _Damaged as error:
        return [f"{MANIFEST} {error}"]
    except (OSError, ValueError) as error:
        return [f"the folder cannot be read ({reason(error)})"]
    listed = {name for name, _, _ in entries}
    found = [f"{MANIFEST} does not list {shown(name)}" for name in required if name not in listed]
    for name, size, digest in entries:
        found += _entry_defects(folder, name, size, digest if deep else None)
    return found


def require_whole(folder: Path, *, remedy: str, required: Collection[str] = ()) -> None:
    """Raise unless `folder` is whole.

    Parameters
    ----------
    folder
        The folder to check, hashes included.
    remedy
        What the reader of the message should do, e.g. ``"run the scenario again"``.
    required
        As for `defects`.

    Raises
    ------
    WorkspaceError
        Listing every defect.

    Examples
    --------
    >>> require_whole(Path("no-such-folder"), remedy="name another folder")
    Traceback (most recent call last):
    xenotime.workspace.problems.WorkspaceError: no-such-folder: the folder does not exist: \
name another folder
    """
    found = defects(folder, required=required)
    if found:
        raise WorkspaceError([f"{defect}: {remedy}" for defect in found], subject=shown(folder))


class _Damaged(Exception):  # noqa: N818  # never leaves this module
    """The manifest is not one; the text says why."""


def _entries(manifest: Path) -> list[tuple[str, int, str]]:
    """Read path, size and hash of every listed file."""
    length = manifest.stat().st_size
    if length > _LARGEST:
        raise _Damaged(f"is damaged (it has {length} bytes)")
    try:
        content: Any = json.loads(manifest.read_text(encoding="utf-8"))
    except RecursionError:
        raise _Damaged("is damaged (it is nested too deeply)") from None
    except ValueError as error:
        raise _Damaged(f"is damaged ({type(error).__name__}: {error})") from error
    if not isinstance(content, dict):
        raise _Damaged("is damaged (it is not a JSON object)")
    files = content.get("files")
    if not isinstance(files, list):
        raise _Damaged('is damaged ("files" is not a list)')
    version = content.get("schema_version")
    if type(version) is not int or version != _SCHEMA:
        told = shown(json.dumps(version))
        raise _Damaged(f"has schema_version {told}, this program reads {_SCHEMA}")
    if not files:
        raise _Damaged("lists no file")
    entries = []
    for place, entry in enumerate(files):
        fields = entry if isinstance(entry, dict) else {}
        name, size, digest = (fields.get(key) for key in ("path", "bytes", "sha256"))
        if type(name) is not str or type(size) is not int or type(digest) is not str:
            raise _Damaged(f"is damaged (files[{place}] is not a path, a size and a hash)")
        entries.append((name, size, digest))
    return entries


def _entry_defects(folder: Path, name: str, size: int, digest: str | None) -> list[str]:
    """Compare one listed file with the disk; `digest` None leaves its content out."""
    # A folder may come from a system of the other kind, where other names point outside.
    if any(
        pure.anchor or ".." in pure.parts for pure in (PurePosixPath(name), PureWindowsPath(name))
    ):
        return [f"{MANIFEST} lists {shown(name)!r}, which is outside the folder"]
    path = folder / name
    try:
        if not path.is_file():
            return [f"{shown(name)} is missing"]
        there = path.stat().st_size
        if there != size:
            return [f"{shown(name)} has {there} bytes, {size} were written"]
        if digest is not None and _digest(path) != digest:
            return [f"{shown(name)} has changed since it was written"]
    except (OSError, ValueError) as error:
        return [f"{shown(name)} cannot be read ({reason(error)})"]
    return []


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
