"""Finding facts: one by id, many by words."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from xenotime.facts.claims import Claim, claims
from xenotime.facts.measures import Measure, measures
from xenotime.facts.parameters import Parameter, parameters
from xenotime.facts.problems import RequestError
from xenotime.facts.taxonomy import AGGREGATES, countries, country_name, iso3_of

if TYPE_CHECKING:
    from datetime import date

    from xenotime.facts.records import Conflict, ControlItem, Stoppage

__all__ = ["Fact", "get", "hidden_by", "search"]

Fact: TypeAlias = "Claim | Measure | ControlItem | Stoppage | Conflict | Parameter"

_BEST_FIRST = {"A": 0, "B": 1, "C": 2, "D": 3, "prior": 4}


@lru_cache(maxsize=1)
def _by_id() -> dict[str, Fact]:
    from xenotime.facts.records import conflicts, control_items, stoppages

    found: dict[str, Fact] = {}
    tables = (claims(), measures(), control_items(), stoppages(), conflicts())
    for table in (*tables, tuple(parameters().values())):
        found |= {record.id: record for record in table}
    return found


def get(id: str) -> Fact:  # noqa: A002  # the field is called id everywhere
    """Return the fact of an id: a claim, measure, control item, stoppage, conflict or parameter.

    Parameters
    ----------
    id
        ``table/part@vintage``, or ``M023`` for a measure.

    Raises
    ------
    RequestError
        If there is no such id; the message lists vintages of the same figure or near matches.

    Examples
    --------
    >>> get("mine_production/MMR/2024@mcs2025").mid
    31000.0
    >>> get("M023").act
    'Announcement 18/2025'
    """
    known = _by_id()
    if id in known:
        return known[id]
    import difflib

    body = id.partition("@")[0]
    vintages = sorted(key for key in known if key.partition("@")[0] == body)
    near = vintages or difflib.get_close_matches(id, known, n=3, cutoff=0.6)
    hint = f"did you mean {', '.join(near)}?" if near else "search with 'xenotime facts search'"
    raise RequestError(f"fact {id!r} is unknown: {hint}")


@lru_cache(maxsize=1)
def _haystacks() -> dict[str, str]:
    """Searchable text of each claim, in small letters."""
    names = {code: country_name(code) for code in (*countries(), *AGGREGATES)}
    return {
        claim.id: " ".join(
            (
                claim.id,
                claim.product,
                claim.industry,
                claim.stage,
                claim.kind,
                claim.note,
                claim.source_title,
                names.get(claim.country, ""),
                names.get(claim.partner, ""),
            )
        )
        .replace("_", " ")
        .casefold()
        for claim in claims()
    }


def search(
    text: str,
    *,
    country: str | None = None,
    product: str | None = None,
    as_of: date | None = None,
    limit: int | None = None,
) -> list[Claim]:
    """Claims that contain every word of a text, best first.

    Parameters
    ----------
    text
        Words; all must occur in the id, product, country names, note or source title. An
        empty text finds everything that the filters let through.
    country
        Name or code of the country or partner.
    product
        Product id, or an element symbol (matches its oxide, metal and ore shares too).
    as_of
        Leave out figures that could not be known on this day.
    limit
        Return at most so many.

    Returns
    -------
    list of Claim
        Words found in the id count more than words found elsewhere; then better grades, later
        periods, and ids in order.

    Raises
    ------
    RequestError
        If the country is unknown or the limit is below 1.

    Examples
    --------
    >>> [claim.id for claim in search("mine production 2024", country="Burma", limit=1)]
    ['mine_production/MMR/2024@mcs2025']
    """
    if limit is not None and limit < 1:
        raise RequestError(f"limit is {limit}: give a whole number above 0")
    code = iso3_of(country) if country is not None else None
    words = text.replace("_", " ").casefold().split()
    haystacks = _haystacks()
    found = [
        claim
        for claim in claims(as_of)
        if (code is None or code in {claim.country, claim.partner})
        and (product is None or _has_product(claim, product))
        and all(word in haystacks[claim.id] for word in words)
    ]

    def rank(claim: Claim) -> tuple[int, int, str, str]:
        name = claim.id.replace("_", " ").casefold()
        misses = sum(word not in name for word in words)
        # Later periods first: complement each digit so that plain sorting reverses them.
        later = claim.period.translate(str.maketrans("0123456789", "9876543210"))
        return (misses, _BEST_FIRST[claim.grade], later, claim.id)

    return sorted(found, key=rank)[:limit]


def _has_product(claim: Claim, product: str) -> bool:
    if product in {claim.product, *claim.segments}:
        return True
    return claim.product.rpartition(":")[2] == product


def hidden_by(as_of: date | None) -> int:
    """How many claims and measures are not yet known on a day.

    Examples
    --------
    >>> hidden_by(None)
    0
    """
    return len(claims()) - len(claims(as_of)) + len(measures()) - len(measures(as_of))
