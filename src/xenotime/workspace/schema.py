"""The number that says how a workspace is laid out, and the steps from one number to the next."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from xenotime.workspace.files import write_json
from xenotime.workspace.problems import WorkspaceError

__all__ = ["CURRENT_SCHEMA", "MIGRATIONS", "SCHEMA_FILE", "bring_up_to_date", "read_schema"]

CURRENT_SCHEMA = 1
SCHEMA_FILE = "workspace.json"

#: Step from schema n to n + 1, by n. A step must be repeatable: it may be killed half-way.
MIGRATIONS: Mapping[int, Callable[[Path], None]] = {}


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
        When the workspace is newer than this program, or its file is damaged.

    Examples
    --------
    >>> read_schema(Path("no-such-folder")) is None
    True
    """
    path = root / SCHEMA_FILE
    if not path.is_file():
        return None
    try:
        number = json.loads(path.read_text(encoding="utf-8"))["workspace_schema"]
    except (ValueError, KeyError, TypeError) as error:
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
    (1, 1)
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
