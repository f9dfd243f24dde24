"""Who supplies whom? One structure, its checks and storage, and the builders that fill it."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xenotime.networks.chain import Baseline, BaselineReport, build_baseline
    from xenotime.networks.members import member_network
    from xenotime.networks.storage import read, write
    from xenotime.networks.structure import ProductionNetwork
    from xenotime.networks.validation import validate

__all__ = [
    "Baseline",
    "BaselineReport",
    "ProductionNetwork",
    "build_baseline",
    "member_network",
    "read",
    "validate",
    "write",
]

# pandas, pyarrow and scipy load only when one of these names is used
_HOMES = {
    "Baseline": "xenotime.networks.chain",
    "BaselineReport": "xenotime.networks.chain",
    "ProductionNetwork": "xenotime.networks.structure",
    "build_baseline": "xenotime.networks.chain",
    "member_network": "xenotime.networks.members",
    "read": "xenotime.networks.storage",
    "validate": "xenotime.networks.validation",
    "write": "xenotime.networks.storage",
}


def __getattr__(name: str) -> object:
    """Import a public name on first use."""
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
