"""What if? A frozen, validated set of measures, shocks and parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xenotime.scenarios.model import Scenario
    from xenotime.scenarios.reading import builtin_names, load, parse

__all__ = ["Scenario", "builtin_names", "load", "parse"]


def __getattr__(name: str) -> Any:
    """Import on first use: pydantic and YAML stay out of commands that need neither."""
    if name == "Scenario":
        from xenotime.scenarios.model import Scenario

        return Scenario
    if name in {"load", "parse", "builtin_names"}:
        from xenotime.scenarios import reading

        return getattr(reading, name)
    raise AttributeError(name)
