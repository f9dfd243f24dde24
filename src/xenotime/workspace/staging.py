"""Write a folder so that it appears whole or not at all, even when the process is killed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from filelock import FileLock

from xenotime.workspace.files import flush_folder
from xenotime.workspace.leftovers import forget_lock, lock_of, partial_of, remove_leftovers
from xenotime.workspace.manifest import defects, seal
from xenotime.workspace.problems import WorkspaceError

__all__ = ["require_free", "staged"]

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
    remove_leftovers(target.parent, of=target.name)
    if exists == "refuse":
        require_free(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    with _held(partial_of(target)) as partial:
        partial.mkdir()
        yield partial
        seal(partial)
        _publish(partial, target, exists)


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


@contextmanager
def _held(partial: Path) -> Iterator[Path]:
    """Show that the writer of `partial` lives; in the end, nothing of that name remains."""
    try:
        with FileLock(lock_of(partial)):
            try:
                yield partial
            finally:
                if partial.exists():
                    shutil.rmtree(partial)
    finally:
        forget_lock(partial)


def _publish(partial: Path, target: Path, exists: IfItExists) -> None:
    if target.is_dir() and not any(target.iterdir()):
        target.rmdir()  # Windows does not rename onto a folder, even an empty one
    if not target.exists():
        partial.rename(target)
    elif exists == "refuse":
        raise WorkspaceError(
            f"{target} appeared while its content was being written: name another folder",
            kind="failure",
        )
    elif exists == "replace" or defects(target):
        # Aside under a leftover's name: should this process die before the second rename, both
        # the old and the new folder are whole leftovers, and the next look puts one back.
        with _held(partial_of(target)) as aside:
            target.rename(aside)
            partial.rename(target)
    flush_folder(target.parent)
