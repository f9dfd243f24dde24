"""Which folder is the workspace: what the caller says, else the environment, else the platform's.

Order: an explicit path, the environment variable ``XENOTIME_WORKSPACE``, the platform's folder
for user data.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from xenotime.workspace.places import reason, shown
from xenotime.workspace.problems import WorkspaceError

__all__ = ["ENVIRONMENT_VARIABLE", "Location", "locate"]

ENVIRONMENT_VARIABLE = "XENOTIME_WORKSPACE"


@dataclass(frozen=True, slots=True)
class Location:
    """A workspace's folder and who chose it."""

    root: Path
    chosen_by: Literal["caller", "environment", "platform"]


def locate(given: str | Path | None = None) -> Location:
    """Find the workspace's folder without touching the disk.

    Parameters
    ----------
    given
        An explicit folder (``~`` is expanded, relative paths are made absolute), or None. An
        empty text is refused: it is a variable that somebody forgot to set.

    Returns
    -------
    Location
        The absolute folder and what chose it.

    Raises
    ------
    WorkspaceError
        When `given` is empty or cannot be made absolute.

    Examples
    --------
    >>> locate("somewhere").root == Path.cwd() / "somewhere"
    True
    >>> locate("somewhere").chosen_by
    'caller'
    """
    if given is not None:
        if not str(given).strip():
            raise WorkspaceError("the workspace is '': name a folder with --workspace")
        return Location(_absolute(given), "caller")
    from_environment = os.environ.get(ENVIRONMENT_VARIABLE, "")
    if from_environment:
        return Location(_absolute(from_environment), "environment")
    from platformdirs import user_data_path

    return Location(user_data_path("xenotime", appauthor=False), "platform")


def _absolute(path: str | Path) -> Path:
    try:
        expanded = Path(path).expanduser()
        return Path(os.path.abspath(expanded))  # noqa: PTH100  # keeps symlinks as given
    except (OSError, RuntimeError) as error:  # a folder that was removed; nobody's ~name
        why = reason(error) if isinstance(error, OSError) else str(error)
        raise WorkspaceError(
            f"the workspace {shown(path)} cannot be found ({why}): name another folder with"
            " --workspace"
        ) from error
