"""What keeps an added figure out: unknown names, ids that say otherwise, impossible values."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Collection, Iterator, Sequence

from xenotime.facts import vocabulary
from xenotime.facts.claims import EXPORT_TABLES, Claim
from xenotime.facts.names import known_products, known_quantities
from xenotime.facts.problems import MOST_PROBLEMS, RequestError
from xenotime.facts.series import did_you_mean
from xenotime.facts.shapes import NAMED, Shape, named_in, places_in, rest_of, shapes
from xenotime.facts.units import convert
from xenotime.facts.vintages import body_of, vintages_of

__all__ = ["FIRST_EXPORTS", "FURTHEST_REVISION", "LARGEST_FIGURE", "claim_problems"]

LARGEST_FIGURE = 1e12
"""No figure of the record is as large, in whatever unit."""

FURTHEST_REVISION = 100.0
"""A vintage that differs by a larger factor from the one before is a slip of units (assumption)."""

FIRST_EXPORTS = "1990-01"
"""Sintered magnets came to the market in the second half of the 1980s: no month is older."""

_ABOUT = ("product", "stage", "industry")
_WHAT = ("country", "product", "stage", "partner", "industry", "period")


def claim_problems(
    rows: Sequence[Claim],
    new_quantities: Collection[str] | None,
    refused: Sequence[Claim] = (),
) -> Iterator[tuple[str, str]]:
    """Say what is wrong with figures that are added together, beside those that are in force.

    Parameters
    ----------
    rows
        Figures that are sound by themselves.
    new_quantities
        Quantities that the record has not and that are meant; None takes every one.
    refused
        Figures that are refused already: names and numbers in them are looked at.

    Yields
    ------
    tuple of str
        Id of the figure and what is wrong with it.
    """
    first: dict[str, Claim] = {}
    told = 0
    for claim in refused:
        names = _unknown_names(claim, new_quantities, hints=told < MOST_PROBLEMS)
        for line in (*names, *_implausible(claim)):
            told += 1
            yield claim.id, line
    for claim in rows:
        body = body_of(claim.id)
        others = vintages_of(body)
        before = others[0] if others else first.get(body)
        first.setdefault(body, claim)
        # Looking for near words takes its time: the first problems are the ones that are listed.
        found = [*_unknown_names(claim, new_quantities, hints=told < MOST_PROBLEMS)]
        found += _implausible(claim)
        if before is not None:
            found += _unlike(claim, before)
        else:
            found += [*_id_says_otherwise(claim), *_unlike_its_kin(claim)]
        found += _no_month_of_exports(claim)
        told += len(found)
        for line in found:
            yield claim.id, line


def _unknown_names(
    claim: Claim, new_quantities: Collection[str] | None, *, hints: bool
) -> Iterator[str]:
    quantities = known_quantities()
    if (
        claim.quantity
        and claim.quantity not in quantities
        and new_quantities is not None
        and claim.quantity not in new_quantities
    ):
        hint = did_you_mean(claim.quantity, quantities) if hints else ""
        yield (
            f"quantity is {claim.quantity!r}, which the record has not{hint}: write one that"
            f" `xenotime facts search` finds, or say --new-quantity {claim.quantity}"
        )
    if claim.product and claim.product not in known_products():
        hint = did_you_mean(claim.product, known_products()) if hints else ""
        yield (
            f"product is {claim.product!r}, which no figure or act of the record is about{hint}:"
            " use a product, an element or a mineral of the record, or leave it blank"
        )


def _implausible(claim: Claim) -> Iterator[str]:
    """Say which figure cannot be: too large for anything, or negative where none ever was."""
    shape = shapes().get((claim.quantity,))
    may_be_negative = "change" in claim.quantity or shape is None or shape.negative
    for name in ("low", "mid", "high"):
        value = getattr(claim, name)
        if value is None:
            continue
        if abs(value) > LARGEST_FIGURE:
            yield f"{name} is {value:g} {claim.unit}: no figure is as large"
        if value < 0 and not may_be_negative:
            yield f"{name} is {value:g} {claim.unit}: {claim.quantity} is never negative"


def _unlike(claim: Claim, other: Claim) -> list[str]:
    """Say where a new vintage is about something else, or counts in another unit, than another.

    The baseline reads whichever vintage is newest: a figure in another unit would be taken for one
    in the unit that it expects.
    """
    problems = [
        f"{name} is {getattr(claim, name)!r}, but {other.id} has {getattr(other, name)!r}:"
        " the same id before @ is the same quantity"
        for name in _WHAT
        if getattr(claim, name) != getattr(other, name)
    ]
    units = {other.unit, *_weights(claim)}
    body = {vintage.unit for vintage in vintages_of(body_of(claim.id))[:_FEW]}
    if claim.unit not in units | body:
        problems.append(f"unit is {claim.unit!r}, other vintages are in {other.unit}: convert it")
    return problems or _far_off(claim, other)


_FEW = 8


def _weights(claim: Claim) -> tuple[str, ...]:
    """Units that count as one for months of exports, which are converted where they are read."""
    return ("t", "kg") if claim.quantity in EXPORT_TABLES else ()


def _far_off(claim: Claim, other: Claim) -> list[str]:
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
            problems.append(
                f"{name} is {value:g} {claim.unit}, {before.id} has {known:g} {before.unit}:"
                f" a factor of more than {FURTHEST_REVISION:g} is a slip of units"
            )
    return problems


def _middle(claim: Claim) -> float | None:
    """Middle value, or the middle of the range."""
    if claim.mid is None and claim.low is not None and claim.high is not None:
        return (claim.low + claim.high) / 2.0
    return claim.mid


def _id_says_otherwise(claim: Claim) -> Iterator[str]:
    """Compare the parts of an id with the columns; a vintage of a known id takes its columns."""
    partner = f" and partner {claim.partner!r}" if claim.partner else ""
    contradicted = set()
    for place in places_in(claim.segments):
        if place not in {claim.country, claim.partner}:
            contradicted |= {"country", "partner"}
            yield (
                f"the id names {place}, but country is {claim.country!r}{partner}: make them agree"
            )
    for part in claim.segments:
        if vocabulary.is_period(part) and claim.period != part:
            contradicted.add("period")
            yield f"the id names {part}, but period is {claim.period!r}: make them agree"
    shape = shapes().get((claim.quantity,), Shape(names=set()))
    for column in NAMED:
        if column in shape.names - contradicted and not named_in(claim, column):
            yield (
                f"{column} is {getattr(claim, column)!r}, which the id does not name: every id of"
                f" {claim.quantity} does"
            )


def _unlike_its_kin(claim: Claim) -> Iterator[str]:
    """Compare a figure of a new id with those of the same series, else of the same quantity."""
    known = shapes()
    series = known.get((claim.quantity, *rest_of(claim.segments)))
    if series is not None and len(series.about) == 1:
        (about,) = series.about
        for name, expected in zip(_ABOUT, about, strict=True):
            if getattr(claim, name) != expected:
                like = "/".join([claim.quantity, "...", *rest_of(claim.segments)])
                yield (
                    f"{name} is {getattr(claim, name)!r}, every other figure of {like} has"
                    f" {expected!r}"
                )
    shape = series or known.get((claim.quantity,))
    if shape is None:
        return
    units = {*shape.units, *_weights(claim)}
    if claim.unit not in units and claim.unit != "qualitative":
        yield (
            f"unit is {claim.unit!r}, {claim.quantity} is in {' or '.join(sorted(units))}:"
            " convert it"
        )


def _no_month_of_exports(claim: Claim) -> Iterator[str]:
    """Say why a month of exports cannot have been counted."""
    if claim.quantity not in EXPORT_TABLES:
        return
    if claim.partner and claim.partner == claim.country:
        yield f"partner is {claim.partner}, the exporter itself: name another destination"
    if not vocabulary.MONTH_PATTERN.fullmatch(claim.period):
        return
    if claim.period < FIRST_EXPORTS:
        yield f"period is {claim.period}: no month of exports is older than {FIRST_EXPORTS}"
    year, month = int(claim.period[:4]), int(claim.period[5:])
    last = dt.date(year, month, calendar.monthrange(year, month)[1])
    if claim.first_known is not None and claim.first_known <= last:
        yield (
            f"period is {claim.period}, which was not over on {claim.first_known} (first_known):"
            " give the day on which the month was published"
        )
