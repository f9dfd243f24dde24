"""Write a folder so that it appears whole or not at all, even when the process is killed."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Literal

from xenotime.workspace.files import flush_folder
from xenotime.workspace.leftovers import held, partial_of, remove_leftovers
from xenotime.workspace.manifest import defects, seal
from xenotime.workspace.places import (
    SCHEMA_FILE,
    obstacles,
    owner_of,
    reason,
    shown,
    what_is_at,
)
from xenotime.workspace.problems import WorkspaceError

__all__ = ["require_free", "staged"]

# A disk, a quota or a limit on files is full; Windows has no quotas of this name.
_NO_ROOM = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_ATTEMPTS = 100  # that many other writers of one target may come in between

IfItExists = Literal["refuse", "keep", "replace"]


@contextmanager
def staged(target: Path, *, exists: IfItExists = "refuse") -> Iterator[Path]:
    """Yield a folder to write into; leaving the block turns it into `target` in one step.

    The manifest `complete.json` is written last. If the block raises, nothing remains.

    Parameters
    ----------
    target
        The folder to appear. Missing parents are made; an empty folder there is replaced.
    exists
        What to do when `target` holds something: ``"refuse"`` to write over it; ``"keep"`` what
        another writer finished first (content-addressed caches) unless it is damaged; or
        ``"replace"`` it by what the block writes (the same request asked again).

    Yields
    ------
    pathlib.Path
        The empty partial folder.

    Raises
    ------
    WorkspaceError
        Before the block runs, as for `require_free` (with ``"keep"`` and ``"replace"`` a folder
        may be there). Afterwards when the block wrote nothing, or when the new folder cannot be
        put in place; what was at `target` is then still there.
    OSError
        When the disk refuses to take what the block wrote for another reason than a lack of room,
        which is a WorkspaceError of the kind ``"failure"``.

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
    else:
        _require_place(target)
        remove_leftovers(target.parent, of=target.name)
    with ExitStack() as stack:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            partial = stack.enter_context(_held(partial_of(target)))
            partial.mkdir()
        except OSError as error:
            raise WorkspaceError(
                f"{shown(target)} cannot be made ({reason(error)}): name another folder"
            ) from error
        try:
            yield partial
            seal(partial)
        except OSError as error:
            if error.errno not in _NO_ROOM:
                raise
            raise WorkspaceError(
                f"there is no room to write {shown(target)} ({reason(error)}), nothing of it was"
                " kept: free some space, or name another folder",
                kind="failure",
            ) from error
        _publish(partial, target, exists)


def require_free(target: Path) -> None:
    """Raise unless a new folder can appear at `target`; the first check of every writer.

    Leaves nothing behind; what killed writers of `target` left is tidied up.

    Parameters
    ----------
    target
        The folder to appear. It may be missing, with any number of folders above it, or empty.

    Raises
    ------
    WorkspaceError
        When something other than an empty folder is there (a link is something else), when it
        lies inside a finished folder or is a workspace's own, or when its nearest existing folder
        cannot hold it.

    Examples
    --------
    >>> require_free(Path("no-such-folder"))
    >>> require_free(Path("x" * 300) / "run")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    xenotime.workspace.problems.WorkspaceError: ...: a name may have 200 bytes, ...
    """
    _require_place(target)
    remove_leftovers(target.parent, of=target.name)
    try:
        empty = not target.exists() or not any(target.iterdir())
    except OSError as error:
        raise WorkspaceError(
            f"{shown(target)} cannot be looked into ({reason(error)}): name a new folder"
        ) from error
    if not empty:
        raise WorkspaceError(f"{shown(target)} is not empty: name a new folder, or remove it first")


def _require_place(target: Path) -> None:
    """Raise unless a folder at `target` can be made or replaced."""
    found = obstacles(target)
    if not found:
        what, owner = what_is_at(target), owner_of(target)
        if what:
            found = [f"{shown(target)} {what}"]
        elif owner.startswith("the finished folder") or (
            owner and (target.parent / SCHEMA_FILE).is_file()  # `runs` itself, and not one of them
        ):
            found = [f"{shown(target)} belongs to {owner}"]
    if found:
        raise WorkspaceError([f"{line}: name a new folder" for line in found])


@contextmanager
def _held(partial: Path) -> Iterator[Path]:
    """Show that the writer of `partial` lives; in the end, nothing of that name remains."""
    with held(partial):
        try:
            yield partial
        finally:
            if partial.exists():
                shutil.rmtree(partial)


def _publish(partial: Path, target: Path, exists: IfItExists) -> None:
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            _put(partial, target, exists)
            break
        except _MetAnotherError as met:
            if attempt == _ATTEMPTS:
                raise _unplaced(target, met.error) from met.error
        except OSError as error:
            raise _unplaced(target, error) from error
    flush_folder(target.parent)


class _MetAnotherError(Exception):
    """Another writer of the same target came between two steps: look again."""

    def __init__(self, error: OSError) -> None:
        super().__init__(str(error))
        self.error = error


def _put(partial: Path, target: Path, exists: IfItExists) -> None:
    with suppress(OSError):  # Windows does not rename onto a folder, even an empty one
        target.rmdir()
    if not target.exists():
        try:
            partial.rename(target)
        except OSError as error:
            if _was_taken(error) or target.exists():
                raise _MetAnotherError(error) from error
            raise
    elif exists == "refuse":
        raise WorkspaceError(
            f"{shown(target)} appeared while its content was being written: name another folder",
            kind="failure",
        )
    elif exists == "replace" or defects(target):
        _replace(partial, target)


def _replace(partial: Path, target: Path) -> None:
    """Put `partial` where `target` is; should that fail, `target` is what it was.

    The old folder goes aside under a leftover's name: should this process die before the second
    rename, both the old and the new folder are whole leftovers, and the next look puts one back.
    """
    aside = partial_of(target)
    with held(aside):
        try:
            target.rename(aside)
            partial.rename(target)
        except BaseException as error:
            gone = isinstance(error, FileNotFoundError)  # another writer has the old one aside
            met_another = _put_back(aside, target) if aside.exists() else gone
            if (met_another or _was_taken(error)) and isinstance(error, OSError):
                raise _MetAnotherError(error) from error
            raise
        shutil.rmtree(aside, ignore_errors=True)


def _was_taken(error: BaseException) -> bool:
    """Whether a rename failed because something had the new name, be it gone by now."""
    return isinstance(error, OSError) and error.errno in (errno.ENOTEMPTY, errno.EEXIST)


def _put_back(aside: Path, target: Path) -> bool:
    """Undo the first rename; say whether another writer has been at `target` meanwhile."""
    try:
        aside.rename(target)
    except OSError:
        if not target.exists():
            return False  # a whole leftover, which the next look puts back
        shutil.rmtree(aside, ignore_errors=True)
        return True
    return False


def _unplaced(target: Path, error: OSError) -> WorkspaceError:
    return WorkspaceError(
        f"{shown(target)} could not be put in place ({reason(error)}): close the program that"
        " has it open and repeat; what was there before is kept",
        kind="failure",
    )
