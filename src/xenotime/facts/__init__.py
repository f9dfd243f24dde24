"""What is known? Cited tables, taxonomy, units and estimates.

The submodules need the standard library only. Functions that share the name of a submodule are
imported at once: importing them lazily would leave ``facts.claims`` the submodule instead of the
function. The rest loads when used.
"""

from typing import TYPE_CHECKING

from xenotime.facts.claims import Claim, claims, observed_exports
from xenotime.facts.measures import Measure, measures
from xenotime.facts.parameters import Parameter, parameters
from xenotime.facts.problems import RequestError
from xenotime.facts.search import Fact, get, hidden_by, search

if TYPE_CHECKING:
    from xenotime.facts.records import (
        Conflict,
        ControlItem,
        Stoppage,
        conflicts,
        control_items,
        stoppages,
    )

__all__ = [
    "Claim",
    "Conflict",
    "ControlItem",
    "Fact",
    "Measure",
    "Parameter",
    "RequestError",
    "Stoppage",
    "claims",
    "conflicts",
    "control_items",
    "get",
    "hidden_by",
    "measures",
    "observed_exports",
    "parameters",
    "search",
    "stoppages",
]


def __getattr__(name: str) -> object:
    """Load the records beside claims and measures when they are first named."""
    if name in __all__:
        from xenotime.facts import records

        return getattr(records, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
