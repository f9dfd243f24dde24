"""How is it done many times, safely? Compile, draw, execute, store and read back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xenotime.runs.running import Run, check, load, run

__all__ = ["Run", "check", "load", "run"]


def __getattr__(name: str) -> Any:
    """Import on first use: numba, pandas and scipy load when a run is asked for."""
    if name in __all__:
        from xenotime.runs import running

        return getattr(running, name)
    raise AttributeError(name)
