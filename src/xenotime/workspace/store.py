"""The workspace: one folder with runs and caches, opened, locked and kept tidy in one place."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from xenotime.workspace.leftovers import is_partial, remove_leftovers
from xenotime.workspace.location import locate
from xenotime.workspace.locking import locked
from xenotime.workspace.manifest import defects
from xenotime.workspace.places import CACHE, RUNS, reason, shown
from xenotime.workspace.problems import WorkspaceError
from xenotime.workspace.schema import bring_up_to_date, read_schema

__all__ = ["RunEntry", "Workspace"]

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?")
# Windows gives these names to devices, whatever follows the first dot.
_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))]
)


@dataclass(frozen=True, slots=True)
class RunEntry:
    """A stored run as a listing shows it."""

    id: str
    folder: Path
    whole: bool  # its manifest is there and every listed file has its size
    bytes: int
    written: datetime


@dataclass(frozen=True, slots=True)
class Workspace:
    """An opened workspace.

    Examples
    --------
    >>> import tempfile
    >>> from xenotime.workspace.staging import staged
    >>> with tempfile.TemporaryDirectory() as name:
    ...     workspace = Workspace.open(Path(name) / "mine")
    ...     with staged(workspace.run_folder("first")) as folder:
    ...         _ = (folder / "a.txt").write_text("a", encoding="utf-8")
    ...     [(run.id, run.whole) for run in workspace.list_runs()]
    [('first', True)]
    """

    root: Path

    @classmethod
    def open(cls, root: str | Path | None = None, *, timeout: float = 30.0) -> Workspace:
        """Open a workspace; make it if it is not there.

        Removes what killed processes left unfinished and brings the layout up to date, both
        under the lock.

        Parameters
        ----------
        root
            The folder; None follows `xenotime.workspace.location.locate`.
        timeout
            Seconds to wait for another process.

        Raises
        ------
        WorkspaceError
            When the folder is something else or is damaged (`xenotime.workspace.schema` lists
            every defect), cannot be written, is newer than this program, or stays locked.
        """
        folder = locate(root).root
        read_schema(folder)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with locked(folder, timeout=timeout):
                bring_up_to_date(folder)
                for part in (RUNS, CACHE):
                    (folder / part).mkdir(exist_ok=True)
                    remove_leftovers(folder / part)
        except OSError as error:
            raise WorkspaceError(
                f"{shown(folder)} cannot be used as a workspace ({reason(error)}): name another"
                " folder with --workspace"
            ) from error
        return cls(folder)

    def lock(self, *, timeout: float = 30.0) -> AbstractContextManager[None]:
        """Hold the workspace's lock (see `xenotime.workspace.locking.locked`)."""
        return locked(self.root, timeout=timeout)

    def run_folder(self, run_id: str) -> Path:
        """Where a run is or will be.

        Raises
        ------
        WorkspaceError
            When `run_id` cannot be a folder's name everywhere.
        """
        return self.root / RUNS / _checked(run_id, "run id")

    def cache_path(self, key: str) -> Path:
        """Where something that can be computed again is or will be.

        Raises
        ------
        WorkspaceError
            When `key` cannot be a folder's name everywhere.
        """
        return self.root / CACHE / _checked(key, "cache key")

    def list_runs(self) -> tuple[RunEntry, ...]:
        """List the stored runs, oldest first; damaged ones are marked, unfinished ones left out."""
        parent = self.root / RUNS
        if not parent.is_dir():
            return ()
        entries = []
        for folder in parent.iterdir():
            # One that another process moves away at this moment is not there.
            with suppress(FileNotFoundError):
                if folder.is_dir() and not is_partial(folder):
                    entries.append(_entry(folder))
        return tuple(sorted(entries, key=lambda entry: (entry.written, entry.id)))

    def cache_bytes(self) -> int:
        """Size of the cache in bytes; it may be deleted at any time."""
        return _size(self.root / CACHE)


def _entry(folder: Path) -> RunEntry:
    return RunEntry(
        id=folder.name,
        folder=folder,
        whole=not defects(folder, deep=False),
        bytes=_size(folder),
        written=datetime.fromtimestamp(folder.stat().st_mtime, tz=UTC),
    )


def _size(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):
            if path.is_file():
                total += path.stat().st_size
    return total


def _checked(name: str, what: str) -> str:
    if (
        _NAME.fullmatch(name) is None
        or name.partition(".")[0].lower() in _DEVICES
        or is_partial(Path(name))
    ):
        raise WorkspaceError(
            f"{what} {name!r} cannot name a folder everywhere: use 1 to 100 letters, digits, '.',"
            " '_' and '-', with a letter or digit first and last"
        )
    return name
