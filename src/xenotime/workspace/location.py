"""Which folder is the workspace: what the caller says, else the environment, else the platform's.

Order: an explicit path, the environment variable ``XENOTIME_WORKSPACE``, the platform's folder
for user data.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

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
        An explicit folder (``~`` is expanded, relative paths are made absolute), or None.

    Returns
    -------
    Location
        The absolute folder and what chose it.

    Examples
    --------
    >>> locate("somewhere").root == Path.cwd() / "somewhere"
    True
    >>> locate("somewhere").chosen_by
    'caller'
    """
    if given is not None and str(given):
        return Location(_absolute(given), "caller")
    from_environment = os.environ.get(ENVIRONMENT_VARIABLE, "")
    if from_environment:
        return Location(_absolute(from_environment), "environment")
    from platformdirs import user_data_path

    return Location(user_data_path("xenotime", appauthor=False), "platform")


def _absolute(path: str | Path) -> Path:
    return Path(os.path.abspath(Path(path).expanduser()))  # noqa: PTH100  # keeps symlinks as given
