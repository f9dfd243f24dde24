"""`complete.json`: the list of a folder's files, written last, so that a half-store never passes.

A folder is whole when its manifest is there and every file it lists has the listed size and
SHA-256. Files that are not listed (a user's notes) do not matter.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path, PurePosixPath

from xenotime.workspace.files import flush_file, flush_folder, write_json
from xenotime.workspace.problems import WorkspaceError

__all__ = ["MANIFEST", "defects", "require_whole", "seal"]

MANIFEST = "complete.json"


def seal(folder: Path) -> None:
    """Flush every file below `folder` to the disk and write its manifest.

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
    write_json(folder / MANIFEST, {"schema_version": 1, "files": entries})


def defects(folder: Path, *, deep: bool = True) -> list[str]:
    """List everything that keeps `folder` from being whole.

    Parameters
    ----------
    folder
        A folder that `seal` may have finished.
    deep
        Compare hashes; without it only presence and sizes, which is fast for listings.

    Returns
    -------
    list of str
        One line per defect; empty when the folder is whole.

    Examples
    --------
    >>> defects(Path("no-such-folder"))
    ['the folder does not exist']
    """
    if not folder.is_dir():
        return ["the folder does not exist"]
    manifest = folder / MANIFEST
    if not manifest.is_file():
        return [f"{MANIFEST} is missing: the folder was never finished"]
    try:
        content = json.loads(manifest.read_text(encoding="utf-8"))
        entries = [
            (str(entry["path"]), int(entry["bytes"]), str(entry["sha256"]))
            for entry in content["files"]
        ]
    except (ValueError, KeyError, TypeError) as error:
        return [f"{MANIFEST} is damaged ({type(error).__name__}: {error})"]
    found = []
    for name, size, digest in entries:
        pure = PurePosixPath(name)
        path = folder / pure
        if pure.is_absolute() or ".." in pure.parts:
            found.append(f"{MANIFEST} lists {name!r}, which is outside the folder")
        elif not path.is_file():
            found.append(f"{name} is missing")
        elif path.stat().st_size != size:
            found.append(f"{name} has {path.stat().st_size} bytes, {size} were written")
        elif deep and _digest(path) != digest:
            found.append(f"{name} has changed since it was written")
    return found


def require_whole(folder: Path, *, remedy: str) -> None:
    """Raise unless `folder` is whole.

    Parameters
    ----------
    folder
        The folder to check, hashes included.
    remedy
        What the reader of the message should do, e.g. ``"run the scenario again"``.

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
    found = defects(folder)
    if found:
        raise WorkspaceError([f"{defect}: {remedy}" for defect in found], subject=str(folder))


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
