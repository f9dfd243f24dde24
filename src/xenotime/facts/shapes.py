"""What the rows of the record say about how a quantity is named and counted.

Nothing here is written out by hand: units, signs, and the columns that an id names are read off the
figures that are in force.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from xenotime.facts import vocabulary
from xenotime.facts.additions import remembered
from xenotime.facts.claims import Claim, claims
from xenotime.facts.taxonomy import AGGREGATES, countries

__all__ = ["NAMED", "Shape", "is_ahead", "named_in", "places_in", "rest_of", "shapes"]

NAMED = ("country", "partner", "product", "industry", "period")
"""Columns that an id may name as one of its parts."""


@dataclass(slots=True)
class Shape:
    """How one quantity, or one series of it, is written.

    `units` are those that its figures are in, `negative` says whether one is below zero, `names`
    has the columns that every id of it names where they are filled, `about` the products, stages
    and industries of its figures; `ahead` says whether one that counts as reported or derived was
    known before its period began, as plans and forecasts are.
    """

    units: set[str] = field(default_factory=set)
    negative: bool = False
    names: set[str] = field(default_factory=lambda: set(NAMED))
    about: set[tuple[str, str, str]] = field(default_factory=set)
    ahead: bool = False

    def include(self, claim: Claim) -> None:
        """Learn from one more figure."""
        self.units.add(claim.unit)
        values = (claim.low, claim.mid, claim.high)
        self.negative |= any(value is not None and value < 0 for value in values)
        self.names &= {name for name in NAMED if named_in(claim, name)}
        self.about.add((claim.product, claim.stage, claim.industry))
        self.ahead |= is_ahead(claim)


def is_ahead(claim: Claim) -> bool:
    """Whether a reported or derived figure was known before its period began.

    >>> from xenotime.facts.search import get
    >>> is_ahead(get("mine_production/MMR/2024@mcs2026"))
    False
    >>> is_ahead(get("world_share_forecast/MYS/refining/2030@seaisi2024"))
    True
    """
    if claim.kind not in {"reported", "derived"} or claim.first_known is None:
        return False
    if not vocabulary.is_period(claim.period):
        return False
    return _begins(claim.period) > claim.first_known


_FIRST_MONTH = {"H1": 1, "H2": 7, "Q1": 1, "Q2": 4, "Q3": 7, "Q4": 10}


def _begins(period: str) -> dt.date:
    """First day of a period; a fiscal year may begin as early as the year before."""
    moment = period.partition("..")[0]
    if moment.startswith("FY"):
        return dt.date(int(moment[2:6]) - 1, 1, 1)
    year, *parts = moment.split("-")
    month = parts[0] if parts else "1"
    day = parts[1] if len(parts) > 1 else "1"
    return dt.date(int(year), _FIRST_MONTH.get(month) or int(month), int(day))


def named_in(claim: Claim, column: str) -> bool:
    """Whether an id names what a column holds; a blank column has nothing to name.

    >>> from xenotime.facts.search import get
    >>> burma = get("mine_production/MMR/2024@mcs2026")
    >>> named_in(burma, "country"), named_in(burma, "product"), named_in(burma, "partner")
    (True, False, True)
    """
    value = getattr(claim, column)
    return not value or value in claim.segments or value.rpartition(":")[2] in claim.segments


def places_in(parts: Sequence[str]) -> list[str]:
    """Codes of countries and aggregates among the parts of an id.

    >>> places_in(("CHN", "WLD", "air"))
    ['CHN', 'WLD']
    """
    return [part for part in parts if part in countries() or part in AGGREGATES]


def rest_of(parts: Sequence[str]) -> tuple[str, ...]:
    """Parts of an id that are neither a country nor a time: they say what is counted.

    >>> rest_of(("WLD", "tungsten", "2024"))
    ('tungsten',)
    """
    places = set(places_in(parts))
    return tuple(part for part in parts if part not in places and not vocabulary.is_period(part))


@remembered(maxsize=4)
def shapes() -> dict[tuple[str, ...], Shape]:
    """Shape of every quantity, by ``(quantity,)``, and of its series, by ``(quantity, *rest)``.

    Do not change the returned dict.

    >>> sorted(shapes()["mine_production",].units)
    ['t REO']
    """
    found: dict[tuple[str, ...], Shape] = defaultdict(Shape)
    for claim in claims():
        for key in {(claim.quantity,), (claim.quantity, *rest_of(claim.segments))}:
            found[key].include(claim)
    return dict(found)
