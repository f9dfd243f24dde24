"""Finding facts: one by id, many by words."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xenotime.facts import vocabulary
from xenotime.facts.additions import remembered, with_added
from xenotime.facts.asking import asked
from xenotime.facts.briefs import Fact, brief
from xenotime.facts.claims import Claim, claim_files, claims
from xenotime.facts.entries import Registered
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
from xenotime.facts.registers import REGISTERS
from xenotime.facts.taxonomy import AGGREGATES, countries, country_name, iso3_of

if TYPE_CHECKING:
    from datetime import date

__all__ = ["Fact", "get", "hidden_by", "known_ids", "near_words", "search", "table_names"]

_WORD = re.compile(r"[^\W_]+")
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
        *(with_added(register.name, register.embedded()) for register in REGISTERS),
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


@asked
def get(id: str, *, as_of: date | None = None) -> Fact:  # noqa: A002  # so called everywhere
    """Return the fact of an id, from whatever table it is in.

    Parameters
    ----------
    id
        ``table/part@vintage``, ``M023`` for a measure, ``prior/part/part`` for a prior, and for
        a parameter its id or its bare name, e.g. ``hold_share``. With `as_of` the vintage may be
        left out: the newest one known on that day answers.
    as_of
        Day on which the fact must have been known.

    Raises
    ------
    RequestError
        If there is no such id, or it was not known on the day; the message lists vintages of the
        same figure or near matches.

    Examples
    --------
    >>> get("mine_production/MMR/2024@mcs2025").mid
    31000.0
    >>> get("M023").act
    'Announcement 18/2025'
    >>> get("hold_share").id
    'parameter/hold_share@v1'
    >>> import datetime as dt
    >>> get("mine_production/MMR/2024", as_of=dt.date(2025, 12, 31)).id
    'mine_production/MMR/2024@mcs2025'
    """
    if as_of is not None:
        return _get_known(id, as_of)
    table = id.partition("/")[0]
    if table in claim_files():  # one file in place of all tables
        for claim in claims(tables=(table,)):
            if claim.id == id:
                return claim
    known = _by_id()
    found = known.get(id) or parameters().get(id)
    if found is not None:
        return found
    body = id.partition("@")[0]
    vintages = sorted(key for key in known if key.partition("@")[0] == body)
    names = (*known, *parameters())
    if vintages and "@" not in id:
        raise RequestError(f"fact {id!r} names no vintage: use one of {', '.join(vintages)}")
    near = vintages or difflib.get_close_matches(id, names, n=3, cutoff=0.6)
    hint = f"did you mean {', '.join(near)}?" if near else "search with 'xenotime facts search'"
    raise RequestError(f"fact {id!r} is unknown: {hint}")


def _get_known(id: str, as_of: date) -> Fact:  # noqa: A002
    """Return the fact as it was known on a day, the newest vintage where none is named."""
    if "@" in id or id in _by_id() or id in parameters():
        found = get(id)
        if isinstance(found, Parameter | Prior) or _known_at(found, as_of):
            return found
        raise RequestError(
            f"fact {id!r} was not known on {as_of}: it became known on {brief(found).first_known}"
        )
    vintages = [fact for key, fact in _by_id().items() if key.partition("@")[0] == id]
    known = [fact for fact in vintages if _known_at(fact, as_of)]
    if not vintages:
        return get(id)  # says what is near
    if not known:
        first = min(str(brief(fact).first_known) for fact in vintages)
        raise RequestError(
            f"fact {id!r}: this record holds no vintage that was known on {as_of}; its first is of "
            f"{first} (earlier editions may exist that are not embedded)"
        )
    return max(known, key=lambda fact: (str(brief(fact).first_known or ""), fact.id))


def _plain(text: str) -> str:
    """Text as it is searched: small letters, words apart."""
    return text.replace("_", " ").casefold()


def _name(fact: Fact) -> str:
    """Return what a record is called: words found here count more than words elsewhere."""
    match fact:
        case Claim():
            return f"{fact.id} {_spelt_out(fact)}"
        case Measure():
            return f"{fact.id} {fact.act} {fact.article}"
        case ControlItem():
            return f"{fact.id} {fact.announcement} {fact.item}"
        case Conflict():
            return f"{fact.id} {fact.topic}"
        case Registered():
            return f"{fact.id} {fact.title}"
        case _:
            return fact.id


def _spelt_out(claim: Claim) -> str:
    """Name of the element that a figure is about; ids hold symbols."""
    return vocabulary.ELEMENT_NAMES.get(claim.product.rpartition(":")[2], "")


def _words_about(fact: Fact) -> tuple[str, ...]:
    """Everything else about a record that a reader may look for."""
    match fact:
        case Claim():
            kinds = (fact.product, fact.industry, fact.stage, fact.kind)
            return (*kinds, fact.note, fact.source_title)
        case Measure():
            names = (vocabulary.ELEMENT_NAMES.get(symbol, "") for symbol in fact.elements)
            lists = (*fact.elements, *names, *fact.forms, *fact.changes, str(fact.announced))
            return (fact.instrument, fact.status, *lists, fact.note, fact.source_title)
        case ControlItem():
            names = (vocabulary.ELEMENT_NAMES.get(part, "") for part in fact.element.split(";"))
            codes = (fact.measure, fact.control_code, *fact.cn_codes, fact.element, fact.form)
            return ("announcement", *codes, *names, fact.threshold, fact.note, fact.source_title)
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
        case Registered():
            return (*fact.words, fact.note, fact.source_title)


def _places(fact: Fact) -> frozenset[str]:
    """Codes of the countries that a record is about; empty where it has no such field."""
    match fact:
        case Claim():
            return frozenset({fact.country, fact.partner} - {""})
        case Measure():
            return frozenset({*fact.actor.split(";"), *fact.targets})
        case Stoppage():
            return frozenset({fact.country} - {""})
        case Registered():
            return fact.places
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
        case Registered():
            return product in fact.products
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
        case Registered():
            return fact.moment
        case _:
            return ""


def _known_at(fact: Fact, as_of: date) -> bool:
    """Whether a record was known on a day; what has no such field was written afterwards."""
    match fact:
        case Parameter() | Prior():
            return False
        case _:
            return fact.first_known is None or fact.first_known <= as_of


@dataclass(frozen=True, slots=True)
class _Indexed:
    """A fact with its name, the words of the name, and its whole text, as they are searched."""

    fact: Fact
    name: str
    words: frozenset[str]
    everything: str


@remembered(maxsize=8)
def _index() -> tuple[_Indexed, ...]:
    names = {code: country_name(code) for code in (*countries(), *AGGREGATES)}
    index = []
    for fact in _by_id().values():
        name = _plain(_name(fact))
        places = (f"{code} {names.get(code, '')}" for code in sorted(_places(fact)))
        everything = f"{name} {_plain(' '.join((*_words_about(fact), *places)))}"
        index.append(_Indexed(fact, name, frozenset(_WORD.findall(name)), everything))
    return tuple(index)


def table_names() -> tuple[str, ...]:
    """Every table that `search` can be confined to: tables of claims, and of other records.

    Examples
    --------
    >>> {"claims", "mine_production", "measures", "trade_codes"} <= set(table_names())
    True
    """
    kinds = {brief(fact).table for fact in _by_id().values()}
    added = {claim.quantity for claim in claims()}
    return tuple(sorted(kinds | added | set(claim_files())))


def _in_table(fact: Fact, table: str) -> bool:
    return (isinstance(fact, Claim) and fact.quantity == table) or brief(fact).table == table


def search(
    text: str,
    *,
    country: str | None = None,
    product: str | None = None,
    table: str | None = None,
    grade: str | None = None,
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
    table
        One of `table_names`: a table of claims such as ``mine_production``, or a kind of record
        such as ``claims`` or ``measures``.
    grade
        Only this grade, e.g. ``A``.
    as_of
        Leave out what could not be known on this day.
    limit
        Return at most so many.

    Returns
    -------
    list of Fact
        Words found in the id or name count more than words found elsewhere, whole words more than
        parts of words; then entries of registers come last, figures before gaps, better grades,
        later periods, the world before single countries, ids in order, and the newest vintage of an
        id. A record without a field passes only while that filter is not given: parameters have no
        country, and parameters and
        priors, which were written with hindsight, no day.

    Raises
    ------
    RequestError
        If the country, the table or the grade is unknown, or the limit is below 1.

    Examples
    --------
    >>> [claim.id for claim in search("mine production 2024", country="Burma", limit=1)]
    ['mine_production/MMR/2024@mcs2026']
    >>> [fact.id for fact in search("hold_share_usa")]
    ['parameter/hold_share_usa@v1']
    >>> [fact.id for fact in search("tungsten 2024", table="mineral_production", limit=1)]
    ['mineral_production/WLD/tungsten/2024@mcs2026']
    """
    problems = []
    if limit is not None and limit < 1:
        problems.append(f"limit is {limit}: give a whole number above 0")
    if table is not None and table not in table_names():
        near = difflib.get_close_matches(table, table_names(), n=3) or ["mine_production"]
        problems.append(f"table {table!r} is unknown: did you mean {', '.join(near)}?")
    if grade is not None and grade not in _BEST_FIRST:
        problems.append(f"grade {grade!r} is unknown: use one of {', '.join(_BEST_FIRST)}")
    if problems:
        raise RequestError(problems)
    code = iso3_of(country) if country is not None else None
    words = _plain(text).split()
    found = [
        entry
        for entry in _index()
        if all(word in entry.everything for word in words)
        and (code is None or code in _places(entry.fact))
        and (product is None or _has_product(entry.fact, product))
        and (table is None or _in_table(entry.fact, table))
        and (grade is None or brief(entry.fact).grade == grade)
        and (as_of is None or _known_at(entry.fact, as_of))
    ]

    def rank(entry: _Indexed) -> tuple[int, int, bool, bool, int, str, bool, str, int, str]:
        fact = entry.fact
        known = brief(fact).first_known
        return (
            sum(word not in entry.name for word in words),
            sum(not entry.words.issuperset(_WORD.findall(word)) for word in words),
            isinstance(fact, Registered),
            isinstance(fact, Claim) and fact.kind == "gap",
            _BEST_FIRST[brief(entry.fact).grade],
            _moment(fact).translate(_REVERSED) or "~",
            not (isinstance(fact, Claim) and fact.country == "WLD"),
            fact.id.partition("@")[0],
            -known.toordinal() if known else 0,
            fact.id,
        )

    return [entry.fact for entry in sorted(found, key=rank)][:limit]


def near_words(text: str) -> dict[str, tuple[str, ...]]:
    """Words of a text that no fact has, each with those that are spelt nearly like it.

    Examples
    --------
    >>> near_words("tungstn mine")
    {'tungstn': ('tungsten',)}
    """
    everything = [entry.everything for entry in _index()]
    missing = [word for word in _plain(text).split() if not any(word in t for t in everything)]
    if not missing:
        return {}
    words = sorted({found for t in everything for found in _WORD.findall(t)})
    return {
        word: tuple(difflib.get_close_matches(word, words, n=2, cutoff=0.75)) for word in missing
    }


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
