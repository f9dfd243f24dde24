"""Can something new appear at this path? Asked before any work, answered in whole sentences."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

__all__ = [
    "ADDITIONS",
    "CACHE",
    "HOLDER",
    "LOCK",
    "LONGEST_NAME",
    "MANIFEST",
    "RUNS",
    "SCHEMA_FILE",
    "UNDONE",
    "obstacles",
    "owner_of",
    "reason",
    "shown",
    "status_of",
    "what_is_at",
]

#: Bytes of one name. File systems take 255; an unfinished folder adds 46 to its target's name.
LONGEST_NAME = 200
_LONGEST_ANYWHERE = 255
_LONGEST_SHOWN = 120

MANIFEST = "complete.json"  # in every finished folder
SCHEMA_FILE = "workspace.json"  # what makes a folder a workspace
LOCK = ".lock"
HOLDER = ".lock-holder.json"  # a file of its own: Windows lets nobody read a locked file
RUNS = "runs"
CACHE = "cache"
ADDITIONS = "additions"  # batches in force
UNDONE = "undone"  # batches out of force, kept


def shown(path: str | Path) -> str:
    r"""Write a path on one line, cut in the middle if it is very long.

    Examples
    --------
    >>> shown(Path("runs")), len(shown("x" * 5000)), shown("two" + chr(10) + "lines")
    ('runs', 125, "'two\\nlines'")
    """
    text = str(path)
    if len(text) > _LONGEST_SHOWN:
        half = _LONGEST_SHOWN // 2
        text = f"{text[:half]} ... {text[-half:]}"
    return text if text.isprintable() else repr(text)


def reason(error: OSError | ValueError) -> str:
    """Say why the system refused, without the path that the caller names anyway.

    Examples
    --------
    >>> reason(FileNotFoundError(2, "No such file or directory", "a"))
    'No such file or directory'
    """
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def status_of(path: Path, *, follow: bool = False) -> os.stat_result | None:
    """Look at a path; None when nothing is there.

    Parameters
    ----------
    path
        Any path.
    follow
        Look at what a link points to, rather than at the link.

    Raises
    ------
    OSError
        When the system refuses to look, e.g. because a name is too long.
    ValueError
        When the path cannot be one (a NUL character).

    Examples
    --------
    >>> status_of(Path("no-such-file")) is None
    True
    """
    try:
        return path.stat() if follow else path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None


def what_is_at(path: Path) -> str:
    """Name what is at a path, in the words of a message; "" when it is a real folder or nothing.

    Examples
    --------
    >>> what_is_at(Path("no-such-file")), what_is_at(Path())
    ('', '')
    """
    try:
        status = status_of(path)
        if status is None or stat.S_ISDIR(status.st_mode):
            return ""
        if not stat.S_ISLNK(status.st_mode):
            plain = stat.S_ISREG(status.st_mode)
            return "is a file" if plain else "is a device or a pipe"
        real = shown(Path(os.path.realpath(path)))
        try:
            there = status_of(path, follow=True) is not None
        except OSError:  # a link to itself
            there = False
        return f"is a link to {real}" + ("" if there else ", which is not there")
    except (OSError, ValueError) as error:
        return f"cannot be looked at ({reason(error)})"


def obstacles(path: Path, *, probe: bool = True) -> list[str]:
    """List what keeps a new file or folder from being made at a path, apart from what is there.

    Parameters
    ----------
    path
        The new thing. Missing folders on the way to it are no obstacle.
    probe
        Make a file in the nearest existing folder and remove it again: only that tells whether
        the system lets anybody write there.

    Returns
    -------
    list of str
        At most one line, without a remedy; empty when nothing stands in the way.

    Examples
    --------
    >>> obstacles(Path("no-such-folder") / "new")
    []
    >>> obstacles(Path("x" * 300))[0][-43:]
    'a name may have 200 bytes, this one has 300'
    """
    try:
        return [line for line in [_obstacle(path, probe=probe)] if line]
    except (OSError, ValueError) as error:
        return [f"{shown(path)} cannot be used ({reason(error)})"]


def owner_of(path: Path) -> str:
    """Say which stored thing a path belongs to, "" when to none.

    Those are finished folders (with a manifest) above it, up to its workspace, and the
    workspace's own files and folders.

    Examples
    --------
    >>> owner_of(Path("no-such-folder") / "a.csv")
    ''
    """
    real = Path(os.path.realpath(path.absolute().parent)) / path.name
    for above in real.parents:
        if os.path.isfile(above / MANIFEST):  # noqa: PTH113  # False where pathlib raises
            return f"the finished folder {shown(above)}"
        if os.path.isfile(above / SCHEMA_FILE):  # noqa: PTH113
            first = real.relative_to(above).parts[0].casefold()
            own = first in (SCHEMA_FILE, LOCK, HOLDER, RUNS, CACHE, ADDITIONS, UNDONE)
            return f"the workspace {shown(above)}" if own else ""
    return ""


def _obstacle(path: Path, *, probe: bool) -> str:
    if path.name in ("", ".."):
        return f"{str(path)!r} has no name of its own"
    path = path.absolute()
    for name in path.parts:
        if "\0" in name:
            return f"{shown(path)} holds a NUL character"
        if len(os.fsencode(name)) > _LONGEST_ANYWHERE:
            return _too_long(path, name)
    nearest = path.parent
    for above in reversed(path.parents):
        if status_of(above) is None:
            nearest = above.parent
            break
        status = status_of(above, follow=True)
        if status is None:
            return f"{shown(path)} cannot be there: {shown(above)} {what_is_at(above)}"
        if not stat.S_ISDIR(status.st_mode):
            what = what_is_at(above)
            return f"{shown(path)} cannot be there: {shown(above)} {what}, not a folder"
    new = path.relative_to(nearest).parts
    for name in new:
        if len(os.fsencode(name)) > LONGEST_NAME:
            return _too_long(path, name)
    return _tried(nearest, new[0]) if probe else ""


def _too_long(path: Path, name: str) -> str:
    size = len(os.fsencode(name))
    return f"{shown(path)}: a name may have {LONGEST_NAME} bytes, this one has {size}"


def _tried(folder: Path, name: str) -> str:
    """Make a file and remove it; named like a writer's lock, which the next writer tidies up."""
    mark = folder / f"{name}.partial-{uuid4().hex}.lock"
    try:
        with mark.open("xb"):
            pass
    except OSError as error:
        return f"nothing can be written in {shown(folder)} ({reason(error)})"
    # On Windows somebody who looks for leftovers may have it open; the next look removes it.
    with suppress(PermissionError):
        mark.unlink(missing_ok=True)
    return ""
