"""Who supplied whom in 2010, when China held back rare earths from Japan? A baseline of its own."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xenotime.networks.precedent.build import build_precedent

__all__ = ["YEARS", "build_precedent"]

YEARS: tuple[int, ...] = (2010,)
"""Years that there is a precedent for."""


def __getattr__(name: str) -> object:
    """Import a public name on first use: scipy loads only then."""
    if name == "build_precedent":
        return getattr(importlib.import_module("xenotime.networks.precedent.build"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
