"""What is known? Cited tables, taxonomy, units and estimates.

The submodules need the standard library only, and no table is read before it is asked for.
"""

from xenotime.facts.additions import (
    NOTHING_ADDED,
    AddedBatch,
    Additions,
    carried,
    included,
    including,
    noting,
    remembered,
)
from xenotime.facts.batches import including_workspace, workspace_additions
from xenotime.facts.briefs import Brief, Fact, brief
from xenotime.facts.claims import Claim, claims, observed_exports
from xenotime.facts.entries import (
    CriticalMineral,
    ListedEntity,
    NegotiationEntry,
    Registered,
    ScopeRule,
    TariffLine,
    TradeCode,
)
from xenotime.facts.measures import Measure, measures
from xenotime.facts.parameters import Parameter, parameters
from xenotime.facts.priors import Prior, priors
from xenotime.facts.problems import RequestError
from xenotime.facts.records import (
    Conflict,
    ControlItem,
    Stoppage,
    conflicts,
    control_items,
    stoppages,
)
from xenotime.facts.registers import (
    critical_minerals,
    listed_entities,
    negotiations,
    scope_rules,
    tariff_lines,
    trade_codes,
)
from xenotime.facts.search import get, hidden_by, search, table_names
from xenotime.facts.series import (
    FIRST_AS_OF,
    did_you_mean,
    in_tonnes,
    oxide_price,
    oxide_price_claims,
)
from xenotime.facts.taxonomy import ELEMENTS, NETWORK_COUNTRIES

__all__ = [
    "ELEMENTS",
    "FIRST_AS_OF",
    "NETWORK_COUNTRIES",
    "NOTHING_ADDED",
    "AddedBatch",
    "Additions",
    "Brief",
    "Claim",
    "Conflict",
    "ControlItem",
    "CriticalMineral",
    "Fact",
    "ListedEntity",
    "Measure",
    "NegotiationEntry",
    "Parameter",
    "Prior",
    "Registered",
    "RequestError",
    "ScopeRule",
    "Stoppage",
    "TariffLine",
    "TradeCode",
    "brief",
    "carried",
    "claims",
    "conflicts",
    "control_items",
    "critical_minerals",
    "did_you_mean",
    "get",
    "hidden_by",
    "in_tonnes",
    "included",
    "including",
    "including_workspace",
    "listed_entities",
    "measures",
    "negotiations",
    "noting",
    "observed_exports",
    "oxide_price",
    "oxide_price_claims",
    "parameters",
    "priors",
    "remembered",
    "scope_rules",
    "search",
    "stoppages",
    "table_names",
    "tariff_lines",
    "trade_codes",
    "workspace_additions",
]
