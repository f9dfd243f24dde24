"""How is it done many times, safely? Compile, draw, execute, store and read back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xenotime.runs.running import Run, check, load, run
    from xenotime.runs.sweeping import Sweep, check_sweep, sweep

__all__ = ["Run", "Sweep", "check", "check_sweep", "load", "run", "sweep"]


def __getattr__(name: str) -> Any:
    """Import on first use: numba, pandas and scipy load when a run is asked for."""
    if name in ("Sweep", "check_sweep", "sweep"):
        from xenotime.runs import sweeping

        return getattr(sweeping, name)
    if name in __all__:
        from xenotime.runs import running

        return getattr(running, name)
    raise AttributeError(name)
