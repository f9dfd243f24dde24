"""Who mines and uses the other minerals under control: Ga Ge Sb W Te Bi Mo In and graphite."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xenotime.networks.minerals.flows import MineralFlows, mineral_flows

__all__ = ["MineralFlows", "mineral_flows"]


def __getattr__(name: str) -> object:
    """Import a public name on first use: scipy loads only then."""
    if name in __all__:
        return getattr(importlib.import_module("xenotime.networks.minerals.flows"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
