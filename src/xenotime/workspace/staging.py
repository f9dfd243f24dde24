"""Write a folder so that it appears whole or not at all, even when the process is killed.

The work happens in ``name.partial-<uuid>`` beside the target. A lock file beside it is held for
as long as the writer lives; the operating system drops the lock with the process, so whoever can
take it knows that the writer is gone and the leftover may be removed. (A process number would
not do: numbers are reused, and another machine may share the disk.)
"""

from __future__ import annotations

import logging
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal
from uuid import uuid4

from filelock import FileLock, Timeout

from xenotime.workspace.files import flush_folder
from xenotime.workspace.manifest import defects, seal
from xenotime.workspace.problems import WorkspaceError

__all__ = ["is_partial", "leftovers", "remove_leftovers", "require_free", "staged"]

_PARTIAL = re.compile(r"(?P<target>.+)\.partial-[0-9a-f]{32}")
_log = logging.getLogger(__name__)


@contextmanager
def staged(target: Path, *, exists: Literal["refuse", "keep"] = "refuse") -> Iterator[Path]:
    """Yield a folder to write into; leaving the block turns it into `target` in one step.

    The manifest `complete.json` is written last. If the block raises, nothing remains.

    Parameters
    ----------
    target
        The folder to appear. Missing parents are made; an empty folder there is replaced.
    exists
        What to do when `target` holds something: ``"refuse"`` to write over it, or ``"keep"``
        what another writer finished first (content-addressed caches) unless it is damaged.

    Yields
    ------
    pathlib.Path
        The empty partial folder.

    Raises
    ------
    WorkspaceError
        When `target` holds something and `exists` is ``"refuse"``.
    OSError
        When the disk refuses.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as name:
    ...     target = Path(name) / "run"
    ...     with staged(target) as folder:
    ...         _ = (folder / "a.txt").write_text("a", encoding="utf-8")
    ...         during = target.exists()
    ...     during, defects(target), sorted(path.name for path in target.iterdir())
    (False, [], ['a.txt', 'complete.json'])
    """
    if exists == "refuse":
        require_free(target)
    remove_leftovers(target.parent, of=target.name)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f"{target.name}.partial-{uuid4().hex}")
    try:
        with FileLock(_lock_of(partial)):
            try:
                partial.mkdir()
                yield partial
                seal(partial)
                _publish(partial, target, exists)
            finally:
                if partial.exists():
                    shutil.rmtree(partial)
    finally:
        _forget_lock(partial)


def require_free(target: Path) -> None:
    """Raise unless a new folder can appear at `target`.

    Raises
    ------
    WorkspaceError
        When something other than an empty folder is there.

    Examples
    --------
    >>> require_free(Path("no-such-folder"))
    """
    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return
    what = "is not empty" if target.is_dir() else "is a file"
    raise WorkspaceError(f"{target} {what}: name a new folder, or remove it first")


def is_partial(path: Path) -> bool:
    """Whether `path` is named like an unfinished folder.

    Examples
    --------
    >>> is_partial(Path("run.partial-0123456789abcdef0123456789abcdef")), is_partial(Path("run"))
    (True, False)
    """
    return _PARTIAL.fullmatch(path.name) is not None


def leftovers(parent: Path, *, of: str | None = None) -> tuple[Path, ...]:
    """List the unfinished folders below `parent`, whether or not their writers live.

    Parameters
    ----------
    parent
        The folder to look in; it may be missing.
    of
        Only those of this target name.

    Examples
    --------
    >>> leftovers(Path("no-such-folder"))
    ()
    """
    if not parent.is_dir():
        return ()
    found = []
    for path in sorted(parent.iterdir()):
        # A writer killed between its last two steps leaves the lock file alone.
        partial = path.with_suffix("") if path.suffix == ".lock" else path
        match = _PARTIAL.fullmatch(partial.name)
        if match is not None and of in (None, match["target"]) and partial not in found:
            found.append(partial)
    return tuple(found)


def remove_leftovers(parent: Path, *, of: str | None = None) -> tuple[Path, ...]:
    """Remove the unfinished folders below `parent` whose writers are gone.

    Parameters
    ----------
    parent, of
        As for `leftovers`.

    Returns
    -------
    tuple of pathlib.Path
        What was removed.

    Examples
    --------
    >>> remove_leftovers(Path("no-such-folder"))
    ()
    """
    removed = []
    for partial in leftovers(parent, of=of):
        try:
            with FileLock(_lock_of(partial), blocking=False):
                if partial.exists():
                    shutil.rmtree(partial)
                removed.append(partial)
        except Timeout:
            continue  # its writer lives
        except OSError as error:
            # A leftover nobody reads must not keep anybody from working.
            _log.warning("cannot remove the unfinished folder %s: %s", partial, error)
            continue
        _forget_lock(partial)
    return tuple(removed)


def _lock_of(partial: Path) -> Path:
    # Beside the folder, not in it: Windows does not rename a folder with an open file in it.
    return partial.with_name(f"{partial.name}.lock")


def _forget_lock(partial: Path) -> None:
    # On Windows somebody who looks for leftovers at this moment may have it open; the next look
    # removes it.
    with suppress(PermissionError):
        _lock_of(partial).unlink(missing_ok=True)


def _publish(partial: Path, target: Path, exists: Literal["refuse", "keep"]) -> None:
    if target.is_dir() and not any(target.iterdir()):
        target.rmdir()  # Windows does not rename onto a folder, even an empty one
    if target.exists():
        if exists == "refuse":
            raise WorkspaceError(
                f"{target} appeared while its content was being written: name another folder",
                kind="failure",
            )
        if not defects(target):
            return
        # What is there cannot be read as whole; nobody loses by its removal.
        shutil.rmtree(target)
    os.rename(partial, target)  # noqa: PTH104  # unlike Path.replace it says "never over a file"
    flush_folder(target.parent)
