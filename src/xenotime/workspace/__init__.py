"""Where is it kept? One folder: paths, locking, migrations; knows no table's meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xenotime.workspace.files import require_file, write_atomically
    from xenotime.workspace.location import Location, locate
    from xenotime.workspace.manifest import defects, require_whole, seal
    from xenotime.workspace.problems import WorkspaceError
    from xenotime.workspace.staging import require_free, staged
    from xenotime.workspace.store import BatchEntry, RunEntry, Workspace

__all__ = [
    "BatchEntry",
    "Location",
    "RunEntry",
    "Workspace",
    "WorkspaceError",
    "defects",
    "locate",
    "require_file",
    "require_free",
    "require_whole",
    "seal",
    "staged",
    "write_atomically",
]

_HOMES = {
    "BatchEntry": "store",
    "Location": "location",
    "RunEntry": "store",
    "Workspace": "store",
    "WorkspaceError": "problems",
    "defects": "manifest",
    "locate": "location",
    "require_file": "files",
    "require_free": "staging",
    "require_whole": "manifest",
    "seal": "manifest",
    "staged": "staging",
    "write_atomically": "files",
}


def __getattr__(name: str) -> Any:
    """Load a name's module when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
