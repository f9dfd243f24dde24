"""What keeps an added figure out: unknown names, ids that say otherwise, impossible values."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Collection, Iterator, Sequence

from xenotime.facts import vocabulary
from xenotime.facts.claims import EXPORT_TABLES, Claim
from xenotime.facts.names import known_products, known_quantities
from xenotime.facts.problems import MOST_PROBLEMS, RequestError
from xenotime.facts.series import did_you_mean
from xenotime.facts.shapes import NAMED, Shape, is_ahead, named_in, places_in, rest_of, shapes
from xenotime.facts.tables import Refused
from xenotime.facts.units import convert, is_money
from xenotime.facts.vintages import body_of, vintages_of

__all__ = ["FIRST_EXPORTS", "FURTHEST_REVISION", "LARGEST_FIGURE", "claim_problems"]

LARGEST_FIGURE = 1e12
"""No figure of the record is as large, in whatever unit."""

FURTHEST_REVISION = 100.0
"""A vintage that differs by a larger factor from the one before is a slip of units (assumption)."""

FIRST_EXPORTS = "1990-01"
"""Sintered magnets came to the market in the second half of the 1980s: no month is older."""

_ABOUT = ("product", "stage", "industry")
Finding = tuple[str, str]
"""Columns that a problem is about, apart by blanks, and what is wrong."""

_WHAT = ("country", "product", "stage", "partner", "industry", "period")


def claim_problems(
    rows: Sequence[Claim],
    new_quantities: Collection[str] | None,
    refused: Sequence[Refused[Claim]] = (),
) -> Iterator[tuple[str, str]]:
    """Say what is wrong with figures that are added together, beside those that are in force.

    Parameters
    ----------
    rows
        Figures that are sound by themselves.
    new_quantities
        Quantities that the record has not and that are meant; None takes every one.
    refused
        Figures that are refused already: what their sound columns say is looked at.

    Yields
    ------
    tuple of str
        Id of the figure and what is wrong with it.
    """
    first: dict[str, Claim] = {}
    told = 0
    for one in (*refused, *map(Refused, rows)):
        claim = one.row
        # Looking for near words takes its time: the first problems are the ones that are listed.
        found = [*_unknown_names(claim, new_quantities, hints=told < MOST_PROBLEMS)]
        found += _implausible(claim)
        if not one.wrong & {"id", "quantity"}:
            found += _beside_others(claim, first)
        for columns, line in found:
            if not one.wrong & set(columns.split()):
                told += 1
                yield claim.id, line


def _beside_others(claim: Claim, first: dict[str, Claim]) -> list[Finding]:
    """Compare a figure with other vintages of it, or with its id and its kin."""
    body = body_of(claim.id)
    others = vintages_of(body)
    before = others[0] if others else first.get(body)
    first.setdefault(body, claim)
    if before is not None:
        found = _unlike(claim, before)
    else:
        found = [*_id_says_otherwise(claim), *_unlike_its_kin(claim)]
    return [*found, *_no_month_of_exports(claim), *_not_begun(claim)]


def _unknown_names(
    claim: Claim, new_quantities: Collection[str] | None, *, hints: bool
) -> Iterator[Finding]:
    quantities = known_quantities()
    if (
        claim.quantity
        and claim.quantity not in quantities
        and new_quantities is not None
        and claim.quantity not in new_quantities
    ):
        hint = did_you_mean(claim.quantity, quantities) if hints else ""
        yield (
            "quantity",
            (
                f"quantity is {claim.quantity!r}, which the record has not{hint}: write one that"
                f" `xenotime facts search` finds, or say --new-quantity {claim.quantity}"
            ),
        )
    if claim.product and claim.product not in known_products():
        hint = did_you_mean(claim.product, known_products()) if hints else ""
        yield (
            "product",
            (
                f"product is {claim.product!r}, which nothing of the record is about{hint}:"
                " use a product, an element or a mineral of the record, or leave it blank"
            ),
        )


def _implausible(claim: Claim) -> Iterator[Finding]:
    """Say which figure cannot be: too large for anything, or negative where none ever was."""
    shape = shapes().get((claim.quantity,))
    may_be_negative = "change" in claim.quantity or shape is None or shape.negative
    for name in ("low", "mid", "high"):
        value = getattr(claim, name)
        if value is None:
            continue
        if abs(value) > LARGEST_FIGURE:
            yield name, f"{name} is {value:g} {claim.unit}: no figure is as large"
        if value < 0 and not may_be_negative:
            yield name, f"{name} is {value:g} {claim.unit}: {claim.quantity} is never negative"


def _unlike(claim: Claim, other: Claim) -> list[Finding]:
    """Say where a new vintage is about something else, or counts in another unit, than another.

    The baseline reads whichever vintage is newest: a figure in another unit would be taken for one
    in the unit that it expects.
    """
    problems = [
        (
            name,
            (
                f"{name} is {getattr(claim, name)!r}, but {other.id} has {getattr(other, name)!r}:"
                " the same id before @ is the same quantity"
            ),
        )
        for name in _WHAT
        if getattr(claim, name) != getattr(other, name)
    ]
    units = {other.unit, *_weights(claim)}
    body = {vintage.unit for vintage in vintages_of(body_of(claim.id))[:_FEW]}
    if claim.unit not in units | body:
        problems.append(
            ("unit", f"unit is {claim.unit!r}, other vintages are in {other.unit}: convert it")
        )
    return problems or _far_off(claim, other)


_FEW = 8
_LIKE_A_MONTH = re.compile(r"(?:19|20)\d\d-\d\d(?:-\d\d)?", re.ASCII)


def _weights(claim: Claim) -> tuple[str, ...]:
    """Units that count as one for months of exports, which are converted where they are read."""
    return ("t", "kg") if claim.quantity in EXPORT_TABLES else ()


def _far_off(claim: Claim, other: Claim) -> list[Finding]:
    """Say that a figure differs too much from the last one before it that is not zero."""
    others = (other, *vintages_of(body_of(claim.id)))
    before = next((figure for figure in others if (_middle(figure) or 0.0) > 0.0), None)
    if before is None:
        return []
    known = _middle(before)
    assert known is not None
    problems = []
    for name in ("low", "mid", "high"):
        value = getattr(claim, name)
        if value is None or value <= 0.0:
            continue
        try:
            ratio = convert(value, claim.unit, before.unit) / known
        except RequestError:
            return []  # the units are complained about elsewhere
        if not 1.0 / FURTHEST_REVISION <= ratio <= FURTHEST_REVISION:
            told = (
                f"{name} is {value:g} {claim.unit}, {before.id} has {known:g} {before.unit}:"
                f" a factor of more than {FURTHEST_REVISION:g} is a slip of units"
            )
            problems.append((f"{name} unit", told))
    return problems


def _middle(claim: Claim) -> float | None:
    """Middle value, or the middle of the range."""
    if claim.mid is None and claim.low is not None and claim.high is not None:
        return (claim.low + claim.high) / 2.0
    return claim.mid


def _id_says_otherwise(claim: Claim) -> Iterator[Finding]:
    """Compare the parts of an id with the columns; a vintage of a known id takes its columns."""
    partner = f" and partner {claim.partner!r}" if claim.partner else ""
    contradicted = set()
    for place in places_in(claim.segments):
        if place not in {claim.country, claim.partner}:
            contradicted |= {"country", "partner"}
            yield (
                "country partner",
                f"the id names {place}, but country is {claim.country!r}{partner}: make them agree",
            )
    for part in claim.segments:
        if _LIKE_A_MONTH.fullmatch(part) and not vocabulary.is_period(part):
            yield "id", f"the id names {part}, which no calendar has: write YYYY-MM or YYYY-MM-DD"
        if vocabulary.is_period(part) and claim.period != part:
            contradicted.add("period")
            yield "period", f"the id names {part}, but period is {claim.period!r}: make them agree"
    shape = shapes().get((claim.quantity,), Shape(names=set()))
    for column in NAMED:
        if column in shape.names - contradicted and not named_in(claim, column):
            yield (
                column,
                (
                    f"{column} is {getattr(claim, column)!r}, which the id does not name: each of"
                    f" {claim.quantity} does"
                ),
            )


def _unlike_its_kin(claim: Claim) -> Iterator[Finding]:
    """Compare a figure of a new id with those of the same series, else of the same quantity."""
    known = shapes()
    series = known.get((claim.quantity, *rest_of(claim.segments)))
    if series is not None and len(series.about) == 1:
        (about,) = series.about
        for name, expected in zip(_ABOUT, about, strict=True):
            if getattr(claim, name) != expected:
                like = "/".join([claim.quantity, "...", *rest_of(claim.segments)])
                yield (
                    name,
                    (
                        f"{name} is {getattr(claim, name)!r}, every other figure of {like} has"
                        f" {expected!r}"
                    ),
                )
    shape = series or known.get((claim.quantity,))
    if shape is None:
        return
    units = {*shape.units, *_weights(claim)}
    # Statistical offices count in money of their own: which one, a figure of a new id may choose.
    as_money = is_money(claim.unit) and any(map(is_money, units))
    if claim.unit not in units and claim.unit != "qualitative" and not as_money:
        yield (
            "unit",
            (
                f"unit is {claim.unit!r}, {claim.quantity} is in {' or '.join(sorted(units))}:"
                " convert it"
            ),
        )


def _no_month_of_exports(claim: Claim) -> Iterator[Finding]:
    """Say why a month of exports cannot have been counted."""
    if claim.quantity not in EXPORT_TABLES:
        return
    if claim.partner and claim.partner == claim.country:
        yield (
            "partner country",
            f"partner is {claim.partner}, the exporter itself: name another destination",
        )
    if not vocabulary.MONTH_PATTERN.fullmatch(claim.period):
        return
    if claim.period < FIRST_EXPORTS:
        yield (
            "period",
            f"period is {claim.period}: no month of exports is older than {FIRST_EXPORTS}",
        )
    year, month = int(claim.period[:4]), int(claim.period[5:])
    last = dt.date(year, month, calendar.monthrange(year, month)[1])
    if claim.first_known is not None and claim.first_known <= last:
        yield (
            "period first_known",
            (
                f"period is {claim.period}, which was not over on {claim.first_known}, first_known:"
                " give the day on which the month was published"
            ),
        )


def _not_begun(claim: Claim) -> Iterator[Finding]:
    """Say that a figure was known before its period began, where no other of its kind was."""
    shape = shapes().get((claim.quantity,))
    if claim.quantity in EXPORT_TABLES or shape is None or shape.ahead or not is_ahead(claim):
        return
    yield (
        "period first_known kind",
        (
            f"period is {claim.period}, which had not begun on {claim.first_known} (first_known):"
            f" no {claim.quantity} is {claim.kind} beforehand; correct the day or the period, or"
            " give an assumption (grade prior)"
        ),
    )
