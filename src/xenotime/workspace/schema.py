"""The number that says how a workspace is laid out, and the steps from one number to the next."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from xenotime.workspace.files import write_json
from xenotime.workspace.places import (
    ADDITIONS,
    CACHE,
    HOLDER,
    LOCK,
    RUNS,
    SCHEMA_FILE,
    UNDONE,
    obstacles,
    reason,
    shown,
    status_of,
    what_is_at,
)
from xenotime.workspace.problems import WorkspaceError

__all__ = [
    "CURRENT_SCHEMA",
    "MIGRATIONS",
    "SCHEMA_FILE",
    "bring_up_to_date",
    "layout_defects",
    "read_schema",
]

CURRENT_SCHEMA = 2


def _make_room_for_additions(root: Path) -> None:
    """Make schema 2, which keeps what users add to the record; runs and caches stay."""
    for part in (ADDITIONS, UNDONE):
        (root / part).mkdir(exist_ok=True)


#: Step from schema n to n + 1, by n. A step must be repeatable: it may be killed half-way.
MIGRATIONS: Mapping[int, Callable[[Path], None]] = {1: _make_room_for_additions}


def layout_defects(root: Path) -> list[str]:
    """List everything that keeps a folder from being a workspace, or becoming one; touch nothing.

    Parameters
    ----------
    root
        The workspace's folder; it may be missing.

    Returns
    -------
    list of str
        One line each with its remedy, empty when nothing stands in the way.

    Examples
    --------
    >>> layout_defects(Path("no-such-folder"))
    []
    """
    elsewhere = "name another folder with --workspace"
    try:
        status = status_of(root, follow=True)
        if status is None:
            lines = obstacles(root, probe=False)
            if not lines and status_of(root) is not None:
                lines = [f"{shown(root)} {what_is_at(root)}"]
            return [f"{line}: {elsewhere}" for line in lines]
        if not stat.S_ISDIR(status.st_mode):
            return [f"{shown(root)} {what_is_at(root)}: name a folder with --workspace"]
        found = _part_defects(root)
        names = [path.name for path in root.iterdir()]
    except (OSError, ValueError) as error:
        lines = obstacles(root, probe=False)
        lines = lines or [f"{shown(root)} cannot be used ({reason(error)})"]
        return [f"{line}: {elsewhere}" for line in lines]
    # Another process may be creating the same workspace at this moment: the schema comes first.
    foreign = any(not name.startswith((LOCK, SCHEMA_FILE)) for name in names)
    if foreign and status_of(root / SCHEMA_FILE) is None:
        why = f"is not empty and not a workspace (it has no {SCHEMA_FILE})"
        return [f"{shown(root)} {why}: name a new or an empty folder with --workspace"]
    return found


def _part_defects(root: Path) -> list[str]:
    """Look whether files are files and folders are folders; a link to a folder is one."""
    found = []
    for name in (SCHEMA_FILE, LOCK, HOLDER):
        status = status_of(root / name)
        if status is not None and not stat.S_ISREG(status.st_mode):
            what = what_is_at(root / name) or "is a folder"
            found.append(f"{shown(root / name)} {what}, not a file: move it away")
    for name in (RUNS, CACHE, ADDITIONS, UNDONE):
        status = status_of(root / name, follow=True)
        there = status_of(root / name) is not None
        if there and (status is None or not stat.S_ISDIR(status.st_mode)):
            what = what_is_at(root / name)
            found.append(f"{shown(root / name)} {what}, not a folder: move it away")
    return found


def read_schema(root: Path, *, current: int = CURRENT_SCHEMA) -> int | None:
    """Read a workspace's schema number; touch nothing.

    Parameters
    ----------
    root
        The workspace's folder; it may be missing.
    current
        The newest schema that this program knows.

    Returns
    -------
    int or None
        None when the folder is not a workspace (yet).

    Raises
    ------
    WorkspaceError
        When the workspace is newer than this program, or its file or its layout is damaged.

    Examples
    --------
    >>> read_schema(Path("no-such-folder")) is None
    True
    """
    found = layout_defects(root)
    if found:
        raise WorkspaceError(found, subject="" if len(found) == 1 else shown(root))
    path = root / SCHEMA_FILE
    if not path.is_file():
        return None
    try:
        number = json.loads(path.read_text(encoding="utf-8"))["workspace_schema"]
    except OSError as error:
        raise WorkspaceError(
            f"{path} cannot be read ({reason(error)}): name another folder with --workspace"
        ) from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise WorkspaceError(
            f"{path} is damaged ({type(error).__name__}: {error}): restore it from a copy, or name"
            " another folder with --workspace"
        ) from error
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise WorkspaceError(
            f"{path} gives schema {number!r}, which is not a positive whole number: restore it"
            " from a copy, or name another folder with --workspace"
        )
    if number > current:
        raise WorkspaceError(
            f"{root} has schema {number}, this program knows schemas up to {current}: install a"
            " newer xenotime, or name another folder with --workspace"
        )
    return number


def bring_up_to_date(
    root: Path,
    *,
    current: int = CURRENT_SCHEMA,
    migrations: Mapping[int, Callable[[Path], None]] = MIGRATIONS,
) -> int:
    """Bring a workspace to the current schema, one step at a time; the caller holds the lock.

    Parameters
    ----------
    root
        The workspace's folder.
    current
        The schema to reach.
    migrations
        Steps by the schema they start from.

    Returns
    -------
    int
        The schema it had before (`current` for a new one).

    Raises
    ------
    WorkspaceError
        When the workspace is newer than this program; it is left as it is.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as name:
    ...     bring_up_to_date(Path(name)), read_schema(Path(name))
    (2, 2)
    """
    found = read_schema(root, current=current)
    if found is None:
        _write(root, current)
        return current
    for number in range(found, current):
        migrations[number](root)
        _write(root, number + 1)
    return found


def _write(root: Path, number: int) -> None:
    write_json(
        root / SCHEMA_FILE,
        {
            "workspace_schema": number,
            "written": datetime.now(UTC).isoformat(timespec="seconds"),
        },
    )
