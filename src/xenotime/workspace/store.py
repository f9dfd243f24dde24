"""The workspace: one folder with runs and caches, opened, locked and kept tidy in one place."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from xenotime.workspace.files import flush_folder
from xenotime.workspace.leftovers import is_partial, remove_leftovers
from xenotime.workspace.location import locate
from xenotime.workspace.locking import locked
from xenotime.workspace.manifest import defects
from xenotime.workspace.places import ADDITIONS, CACHE, RUNS, UNDONE, reason, shown
from xenotime.workspace.problems import WorkspaceError
from xenotime.workspace.schema import bring_up_to_date, read_schema

__all__ = ["BatchEntry", "RunEntry", "Workspace"]

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
class BatchEntry:
    """A stored batch of additions: its folder, and whether it was undone."""

    id: str
    folder: Path
    undone: bool


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
                for part in (RUNS, CACHE, ADDITIONS, UNDONE):
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

    def batch_folder(self, batch_id: str, *, undone: bool = False) -> Path:
        """Where a batch of additions is or will be, in force or undone.

        Raises
        ------
        WorkspaceError
            When `batch_id` cannot be a folder's name everywhere.
        """
        return self.root / (UNDONE if undone else ADDITIONS) / _checked(batch_id, "batch")

    def list_batches(self) -> tuple[BatchEntry, ...]:
        """List the batches of additions by name, damaged ones too, unfinished ones left out."""
        return tuple(
            BatchEntry(folder.name, folder, undone=part == UNDONE)
            for part in (ADDITIONS, UNDONE)
            if (self.root / part).is_dir()
            for folder in sorted((self.root / part).iterdir())
            if folder.is_dir() and not is_partial(folder)
        )

    def move_batch(self, batch_id: str, *, undone: bool) -> Path:
        """Take a batch out of force, or put it in force again, in one step; hold the lock.

        Returns
        -------
        pathlib.Path
            Where it is now.

        Raises
        ------
        WorkspaceError
            When there is no such batch on the other side, or one of that name on this side.
        """
        source = self.batch_folder(batch_id, undone=not undone)
        target = self.batch_folder(batch_id, undone=undone)
        if not source.is_dir():
            state = "undone already" if undone else "in force already"
            why = f"is {state}" if target.is_dir() else "is not in this workspace"
            raise WorkspaceError(
                f"batch {shown(batch_id)} {why}: `xenotime data status` lists the batches"
            )
        if target.exists():
            raise WorkspaceError(f"{shown(target)} is there already: move it away, then repeat")
        try:
            source.rename(target)
        except OSError as error:
            raise WorkspaceError(
                f"batch {batch_id} could not be moved ({reason(error)}) and is where it was:"
                " close the program that has it open and repeat",
                kind="failure",
            ) from error
        for folder in (source.parent, target.parent):
            flush_folder(folder)
        return target

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
