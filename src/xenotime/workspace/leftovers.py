"""What killed writers leave behind, and how the next one tells it from what is being written.

A writer works in ``name.partial-<uuid>`` beside its target and holds a lock file beside that for
as long as it lives. The operating system drops the lock with the process, so whoever can take it
knows that the writer is gone. (A process number would not do: numbers are reused, and another
machine may share the disk.)
"""

from __future__ import annotations

import logging
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from filelock import FileLock, Timeout

from xenotime.workspace.manifest import defects

__all__ = ["held", "is_partial", "leftovers", "lock_of", "partial_of", "remove_leftovers"]

_PARTIAL = re.compile(r"(?P<target>.+)\.partial-[0-9a-f]{32}")
_log = logging.getLogger(__name__)


def partial_of(target: Path) -> Path:
    """Make up the name of an unfinished folder for a target.

    Examples
    --------
    >>> is_partial(partial_of(Path("run"))), is_partial(Path("run"))
    (True, False)
    """
    return target.with_name(f"{target.name}.partial-{uuid4().hex}")


def is_partial(path: Path) -> bool:
    """Whether `path` is named like an unfinished folder.

    Examples
    --------
    >>> is_partial(Path("run.partial-0123456789abcdef0123456789abcdef"))
    True
    """
    return _PARTIAL.fullmatch(path.name) is not None


def lock_of(partial: Path) -> Path:
    """Name the file that a writer holds locked while it lives.

    It is beside the folder, not in it: Windows does not rename a folder with an open file in it.

    Examples
    --------
    >>> lock_of(Path("run.partial-1")).name
    'run.partial-1.lock'
    """
    return partial.with_name(f"{partial.name}.lock")


@contextmanager
def held(partial: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold the lock of an unfinished folder; its file goes with the folder.

    Parameters
    ----------
    partial
        The folder, from `partial_of`.
    wait
        Wait for another holder, or raise `filelock.Timeout` at once.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as name:
    ...     with held(partial_of(Path(name) / "run")):
    ...         during = len(leftovers(Path(name)))
    ...     during, len(leftovers(Path(name)))
    (1, 0)
    """
    with FileLock(lock_of(partial), blocking=wait):
        try:
            yield
        finally:
            # Still locked: after the release, the file may be another holder's, who would then
            # hold a lock that nobody sees.
            _forget(partial)
    if os.name == "nt":  # which removes no open file; so this removes none that somebody holds
        _forget(partial)


def _forget(partial: Path) -> None:
    if not partial.exists():
        with suppress(PermissionError):
            lock_of(partial).unlink(missing_ok=True)


def leftovers(parent: Path, *, of: str | None = None) -> tuple[Path, ...]:
    """List the unfinished folders in `parent`, whether or not their writers live.

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
    """Remove the unfinished folders in `parent` whose writers are gone.

    A folder that is whole and whose target is missing lacked only its last step, the rename; it
    is done now.

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
    try:
        found = leftovers(parent, of=of)
    except OSError as error:
        _log.warning("cannot look for unfinished folders in %s: %s", parent, error)
        return ()
    for partial in found:
        try:
            with held(partial, wait=False):
                if not _finished(partial):
                    if partial.exists():
                        shutil.rmtree(partial)
                    removed.append(partial)
        except Timeout:
            continue  # its writer lives
        except OSError as error:
            # A leftover nobody reads must not keep anybody from working.
            _log.warning("cannot remove the unfinished folder %s: %s", partial, error)
    return tuple(removed)


def _finished(partial: Path) -> bool:
    match = _PARTIAL.fullmatch(partial.name)
    assert match is not None
    target = partial.with_name(match["target"])
    if target.exists() or defects(partial):
        return False
    partial.rename(target)
    return True
