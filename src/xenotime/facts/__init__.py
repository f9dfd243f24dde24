"""What is known? Cited tables, taxonomy, units and estimates.

The submodules only need the standard library, so the public names are imported at once;
importing them lazily would leave ``facts.claims`` the submodule instead of the function.
"""

from xenotime.facts.claims import Claim, claims, observed_exports
from xenotime.facts.measures import ControlItem, Measure, control_items, measures
from xenotime.facts.parameters import Parameter, parameters
from xenotime.facts.problems import RequestError
from xenotime.facts.records import Conflict, Stoppage, conflicts, stoppages
from xenotime.facts.search import Fact, get, hidden_by, search

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
