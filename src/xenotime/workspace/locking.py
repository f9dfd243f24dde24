"""One process at a time changes a workspace; the others wait and learn for whom."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from xenotime.workspace.files import write_json
from xenotime.workspace.places import HOLDER, LOCK, reason, shown
from xenotime.workspace.problems import WorkspaceError

__all__ = ["locked"]


@contextmanager
def locked(root: Path, *, timeout: float = 30.0) -> Iterator[None]:
    """Hold the workspace's lock.

    Parameters
    ----------
    root
        The workspace's folder; it must exist.
    timeout
        Seconds to wait for another holder.

    Raises
    ------
    WorkspaceError
        After `timeout`, naming the holder's process and what to do; or when the folder cannot
        hold a lock.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as name, locked(Path(name)):
    ...     holder = json.loads((Path(name) / ".lock-holder.json").read_text(encoding="utf-8"))
    >>> holder["pid"] == os.getpid()
    True
    """
    lock = FileLock(root / LOCK)
    try:
        lock.acquire(timeout=timeout)
    except Timeout:
        raise WorkspaceError(
            f"{root} has been in use by {_holder(root)} for longer than {timeout:g} s: wait for"
            " it, stop that process, or name another folder with --workspace",
            kind="failure",
        ) from None
    except (OSError, NotImplementedError) as error:
        why = reason(error) if isinstance(error, OSError) else "its file system has no locks"
        raise WorkspaceError(
            f"{shown(root)} cannot be locked ({why}): name another folder with --workspace"
        ) from error
    try:
        write_json(
            root / HOLDER,
            {
                "pid": os.getpid(),
                "host": platform.node(),
                "since": datetime.now(UTC).isoformat(timespec="seconds"),
                "command": Path(sys.argv[0]).name,
            },
        )
        yield
    finally:
        (root / HOLDER).unlink(missing_ok=True)
        lock.release()


def _holder(root: Path) -> str:
    try:
        holder = json.loads((root / HOLDER).read_text(encoding="utf-8"))
        return (
            f"process {holder['pid']} on {holder['host']} ({holder['command']}, since"
            f" {holder['since']})"
        )
    except (OSError, ValueError, KeyError, TypeError):
        # The holder is between taking the lock and signing for it, or leaving.
        return "another process"
