"""Finding facts: one by id, many by words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xenotime.facts.additions import remembered
from xenotime.facts.briefs import Fact, brief
from xenotime.facts.claims import Claim, claim_files, claims
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
from xenotime.facts.taxonomy import AGGREGATES, countries, country_name, iso3_of

if TYPE_CHECKING:
    from datetime import date

__all__ = ["Fact", "get", "hidden_by", "known_ids", "search"]

_BEST_FIRST = {"A": 0, "B": 1, "C": 2, "D": 3, "prior": 4}
# Later periods first: complement each digit so that plain sorting reverses them.
_REVERSED = str.maketrans("0123456789", "9876543210")


@remembered(maxsize=8)
def _by_id() -> dict[str, Fact]:
    found: dict[str, Fact] = {}
    tables = (
        claims(),
        measures(),
        control_items(),
        stoppages(),
        conflicts(),
        tuple(parameters().values()),
        tuple(priors().values()),
    )
    for table in tables:
        found |= {record.id: record for record in table}
    return found


def known_ids() -> frozenset[str]:
    """Ids of all facts, of every table.

    >>> "M023" in known_ids()
    True
    """
    return frozenset(_by_id())


def get(id: str) -> Fact:  # noqa: A002  # the field is called id everywhere
    """Return the fact of an id, from whatever table it is in.

    Parameters
    ----------
    id
        ``table/part@vintage``, ``M023`` for a measure, ``prior/part/part`` for a prior, and for
        a parameter its id or its bare name, e.g. ``hold_share``.

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
    >>> get("hold_share").id
    'parameter/hold_share@v1'
    """
    table = id.partition("/")[0]
    if table in claim_files():  # one file in place of all tables
        for claim in claims(tables=(table,)):
            if claim.id == id:
                return claim
    known = _by_id()
    found = known.get(id) or parameters().get(id)
    if found is not None:
        return found
    import difflib

    body = id.partition("@")[0]
    vintages = sorted(key for key in known if key.partition("@")[0] == body)
    names = (*known, *parameters())
    near = vintages or difflib.get_close_matches(id, names, n=3, cutoff=0.6)
    hint = f"did you mean {', '.join(near)}?" if near else "search with 'xenotime facts search'"
    raise RequestError(f"fact {id!r} is unknown: {hint}")


def _plain(text: str) -> str:
    """Text as it is searched: small letters, words apart."""
    return text.replace("_", " ").casefold()


def _name(fact: Fact) -> str:
    """Return what a record is called: words found here count more than words elsewhere."""
    match fact:
        case Measure():
            return f"{fact.id} {fact.act} {fact.article}"
        case ControlItem():
            return f"{fact.id} {fact.announcement} {fact.item}"
        case Conflict():
            return f"{fact.id} {fact.topic}"
        case _:
            return fact.id


def _words_about(fact: Fact) -> tuple[str, ...]:
    """Everything else about a record that a reader may look for."""
    match fact:
        case Claim():
            kinds = (fact.product, fact.industry, fact.stage, fact.kind)
            return (*kinds, fact.note, fact.source_title)
        case Measure():
            lists = (*fact.elements, *fact.forms, *fact.changes, str(fact.announced))
            return (fact.instrument, fact.status, *lists, fact.note, fact.source_title)
        case ControlItem():
            codes = (fact.measure, fact.control_code, *fact.cn_codes, fact.element, fact.form)
            return ("announcement", *codes, fact.threshold, fact.note, fact.source_title)
        case Stoppage():
            report = (fact.company, fact.industry, fact.severity, str(fact.start))
            return (*report, fact.note, fact.source_title)
        case Conflict():
            sides = (fact.claim_a, fact.source_a, fact.claim_b, fact.source_b)
            return (*sides, fact.assessment)
        case Parameter():
            return (fact.name, fact.description, fact.basis, *fact.sources)
        case Prior():
            return (fact.description, fact.basis)


def _places(fact: Fact) -> frozenset[str]:
    """Codes of the countries that a record is about; empty where it has no such field."""
    match fact:
        case Claim():
            return frozenset({fact.country, fact.partner} - {""})
        case Measure():
            return frozenset({*fact.actor.split(";"), *fact.targets})
        case Stoppage():
            return frozenset({fact.country} - {""})
        case Prior():
            parts = {part for segment in fact.segments for part in segment.split("-")}
            return frozenset(parts & {*countries(), *AGGREGATES})
        case _:
            return frozenset()


def _has_product(fact: Fact, product: str) -> bool:
    match fact:
        case Claim():
            return product in {
                fact.product,
                *fact.segments,
                fact.product.rpartition(":")[2],
            }
        case Measure():
            return product in fact.elements
        case ControlItem():
            return product in {fact.element, f"{fact.form}:{fact.element}"}
        case Prior():
            return product in fact.segments
        case _:
            return False


def _moment(fact: Fact) -> str:
    """Time that a record is about, for the order of results."""
    match fact:
        case Claim():
            return fact.period
        case Measure():
            return str(fact.announced)
        case ControlItem():
            return str(fact.in_force)
        case Stoppage():
            return str(fact.start)
        case _:
            return ""


def _known_at(fact: Fact, as_of: date) -> bool:
    """Whether a record was known on a day; what has no such field was written afterwards."""
    match fact:
        case Parameter() | Prior():
            return False
        case _:
            return fact.first_known is None or fact.first_known <= as_of


@remembered(maxsize=8)
def _index() -> tuple[tuple[Fact, str, str], ...]:
    """Each fact with its name and its whole text, as they are searched."""
    names = {code: country_name(code) for code in (*countries(), *AGGREGATES)}
    index = []
    for fact in _by_id().values():
        name = _plain(_name(fact))
        places = (f"{code} {names.get(code, '')}" for code in sorted(_places(fact)))
        index.append((fact, name, f"{name} {_plain(' '.join((*_words_about(fact), *places)))}"))
    return tuple(index)


def search(
    text: str,
    *,
    country: str | None = None,
    product: str | None = None,
    as_of: date | None = None,
    limit: int | None = None,
) -> list[Fact]:
    """Facts of every table that contain every word of a text, best first.

    Parameters
    ----------
    text
        Words; all must occur in the id, name, product, country names, note or source title. An
        empty text finds everything that the filters let through.
    country
        Name or code of a country: a figure's country or partner, a measure's actor or target,
        the place of a stoppage, a part of a prior's id.
    product
        Product id, or an element symbol (matches its oxide, metal and ore shares, the acts and
        control items on the element, and the priors about it).
    as_of
        Leave out what could not be known on this day.
    limit
        Return at most so many.

    Returns
    -------
    list of Fact
        Words found in the id or name count more than words found elsewhere; then better grades,
        later periods, and ids in order. A record without a field passes only while that filter
        is not given: parameters have no country, and parameters and priors, which were written
        with hindsight, no day.

    Raises
    ------
    RequestError
        If the country is unknown or the limit is below 1.

    Examples
    --------
    >>> [claim.id for claim in search("mine production 2024", country="Burma", limit=1)]
    ['mine_production/MMR/2024@mcs2025']
    >>> [fact.id for fact in search("hold_share_usa")]
    ['parameter/hold_share_usa@v1']
    """
    if limit is not None and limit < 1:
        raise RequestError(f"limit is {limit}: give a whole number above 0")
    code = iso3_of(country) if country is not None else None
    words = _plain(text).split()
    found = [
        (fact, name)
        for fact, name, everything in _index()
        if all(word in everything for word in words)
        and (code is None or code in _places(fact))
        and (product is None or _has_product(fact, product))
        and (as_of is None or _known_at(fact, as_of))
    ]

    def rank(entry: tuple[Fact, str]) -> tuple[int, int, str, str]:
        fact, name = entry
        misses = sum(word not in name for word in words)
        return (misses, _BEST_FIRST[brief(fact).grade], _moment(fact).translate(_REVERSED), fact.id)

    return [fact for fact, _ in sorted(found, key=rank)][:limit]


def hidden_by(as_of: date | None) -> int:
    """How many claims and measures are not yet known on a day.

    Examples
    --------
    >>> hidden_by(None)
    0
    """
    if as_of is None:
        return 0
    return len(claims()) - len(claims(as_of)) + len(measures()) - len(measures(as_of))
