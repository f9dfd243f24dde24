"""Xenotime stress-tests critical-mineral supply chains under dated export licences.

>>> import xenotime as xt
>>> xt.facts.get("M023").act
'Announcement 18/2025'
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xenotime import facts
    from xenotime.networks import ProductionNetwork as Network
    from xenotime.runs import Run, Sweep, load, run, sweep
    from xenotime.scenarios import Scenario

__version__ = "0.1.0"

__all__ = ["Network", "Run", "Scenario", "Sweep", "__version__", "facts", "load", "run", "sweep"]

# Everything loads on first use: `import xenotime` and `xenotime --help` stay instant.
_HOMES = {
    "Network": ("xenotime.networks", "ProductionNetwork"),
    "Run": ("xenotime.runs", "Run"),
    "Scenario": ("xenotime.scenarios", "Scenario"),
    "Sweep": ("xenotime.runs", "Sweep"),
    "facts": ("xenotime.facts", ""),
    "load": ("xenotime.runs", "load"),
    "run": ("xenotime.runs", "run"),
    "sweep": ("xenotime.runs", "sweep"),
}


def __getattr__(name: str) -> Any:
    """Import a public name on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _HOMES[name]
    home = importlib.import_module(module)
    return getattr(home, attribute) if attribute else home
