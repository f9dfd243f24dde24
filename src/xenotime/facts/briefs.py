"""One look at any fact: what kinds there are, and the few fields that all of them can show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, assert_never

from xenotime.facts.claims import Claim
from xenotime.facts.entries import Registered
from xenotime.facts.measures import Measure
from xenotime.facts.parameters import Parameter
from xenotime.facts.priors import Prior
from xenotime.facts.records import Conflict, ControlItem, Stoppage

if TYPE_CHECKING:
    from datetime import date

__all__ = ["Brief", "Fact", "brief"]

Fact: TypeAlias = (
    Claim | Measure | ControlItem | Stoppage | Conflict | Parameter | Prior | Registered
)


@dataclass(frozen=True, slots=True)
class Brief:
    """What a line about a fact says.

    `table` is the kind of record, `text` says in a few words what it is about. `low`, `mid`,
    `high` are in `unit` and None where there is no figure. `first_known` is None for
    assumptions, which are no news.
    """

    id: str
    table: str
    text: str
    low: float | None
    mid: float | None
    high: float | None
    unit: str
    grade: str
    first_known: date | None


def brief(fact: Fact) -> Brief:
    """Shorten a fact to the fields that every kind of record has.

    Examples
    --------
    >>> from xenotime.facts.parameters import parameters
    >>> line = brief(parameters()["hold_share"])
    >>> line.table, line.mid, line.unit, line.grade
    ('parameters', 0.7, 'ratio', 'prior')
    """
    if isinstance(fact, Claim):
        known = fact.first_known
        text = "; ".join(part for part in (fact.source_title, fact.note) if part)
        figures = (fact.low, fact.mid, fact.high, fact.unit)
        return Brief(fact.id, "claims", text, *figures, fact.grade, known)
    if isinstance(fact, Parameter):
        figures = (fact.low, fact.mid, fact.high, fact.unit)
        return Brief(fact.id, "parameters", fact.description, *figures, "prior", None)
    if isinstance(fact, Prior):
        figures = (fact.low, fact.mid, fact.high, fact.unit)
        return Brief(fact.id, "priors", fact.description, *figures, fact.grade, None)
    if isinstance(fact, Registered):
        value, unit = fact.figure
        text = "; ".join(dict.fromkeys(part for part in (fact.title, fact.note) if part))
        known = fact.first_known
        return Brief(fact.id, fact.table, text, None, value, None, unit, fact.grade, known)
    days: float | None = None
    if isinstance(fact, Measure):
        table, text = "measures", f"{fact.act} ({fact.instrument}, {fact.status})"
    elif isinstance(fact, ControlItem):
        table, text = "control_items", f"Announcement {fact.announcement}: {fact.item}"
    elif isinstance(fact, Stoppage):
        table, text = "stoppages", f"{fact.company}: {fact.severity}"
        days = fact.duration_days
    elif isinstance(fact, Conflict):
        table, text = "conflicts", f"{fact.claim_a} against {fact.claim_b}: {fact.assessment}"
    else:
        assert_never(fact)
    unit = "" if days is None else "days"
    return Brief(fact.id, table, text, None, days, None, unit, fact.grade, fact.first_known)
