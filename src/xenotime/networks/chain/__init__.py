"""What did the undisturbed chain look like? Nodes, cited figures, reconciliation, tables."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xenotime.networks.chain.baseline import Baseline, build_baseline
    from xenotime.networks.chain.report import BaselineReport

__all__ = ["Baseline", "BaselineReport", "build_baseline"]

_HOMES = {
    "Baseline": "xenotime.networks.chain.baseline",
    "BaselineReport": "xenotime.networks.chain.report",
    "build_baseline": "xenotime.networks.chain.baseline",
}


def __getattr__(name: str) -> object:
    """Import a public name on first use."""
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
