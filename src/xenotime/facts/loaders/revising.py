"""A download beside what is in force: what is known already, and what it revises."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

from xenotime.facts.loaders.loading import Revision
from xenotime.facts.measures import Measure, measures
from xenotime.facts.problems import RequestError
from xenotime.facts.units import convert, is_money
from xenotime.facts.vintages import body_of, is_usable, vintages_of

if TYPE_CHECKING:
    from xenotime.facts.claims import Claim
    from xenotime.facts.loaders.loading import Loaded

__all__ = ["beside_what_is_in_force"]

MOST_NUMBERED = 99
"""Vintages of one publisher on one day."""

# Where a list says the same act again, these may differ.
_NOT_THE_ACT = frozenset({"vintage", "first_known", "source_url", "source_title", "note"})


def beside_what_is_in_force(loaded: Loaded) -> Loaded:
    """Leave out what is in force already with the same figure; name the rest a new vintage.

    A figure is the same as another one of its quantity, whoever published it, if that one counted
    on the day of the download and has the same range in the same unit. What differs is a revision:
    if figures of its vintage are in force, the vintage gets a number.

    Raises
    ------
    RequestError
        If an act differs from the one in force, or the name of the vintage is taken.
    """
    comparable, left_out = _of_one_currency(loaded)
    news = [claim for claim in comparable if not _is_held(claim)]
    acts = _new_acts(loaded.measures)
    held = len(comparable) - len(news) + len(loaded.measures) - len(acts)
    claims = _numbered(tuple(news), named=bool(loaded.source.name))
    revisions = tuple(filter(None, (_revision(claim) for claim in claims)))
    return replace(
        loaded, claims=claims, measures=acts, held=held, revisions=revisions, left_out=left_out
    )


def _of_one_currency(loaded: Loaded) -> tuple[list[Claim], dict[str, int]]:
    """Leave out and count values of flows that are in force in another currency.

    All vintages of a figure are in one unit, and no rate between currencies is on record.
    """
    kept: list[Claim] = []
    left_out = dict(loaded.left_out)
    for claim in loaded.claims:
        others = vintages_of(body_of(claim.id))[:1] if is_money(claim.unit) else ()
        unit = next((other.unit for other in others if is_money(other.unit)), claim.unit)
        if unit[:_CODE] == claim.unit[:_CODE]:
            kept.append(claim)
            continue
        reason = f"a value in {claim.unit} of a flow that is in force in {unit}"
        left_out[reason] = left_out.get(reason, 0) + 1
    return kept, left_out


_CODE = len("USD")


def _counted_before(claim: Claim) -> Claim | None:
    """Find the figure of the same quantity that counted on the day of the download."""
    return next(
        (
            other
            for other in vintages_of(body_of(claim.id))
            if is_usable(other)
            and (
                other.first_known is None
                or claim.first_known is None
                or other.first_known <= claim.first_known
            )
        ),
        None,
    )


def _is_held(claim: Claim) -> bool:
    if any(
        other.id == claim.id and _same(claim, other) for other in vintages_of(body_of(claim.id))
    ):
        return True
    if not is_usable(claim):  # a gap, or a weight that is not believed
        return any(_same(claim, other) for other in vintages_of(body_of(claim.id)))
    other = _counted_before(claim)
    return other is not None and _same(claim, other)


def _same(claim: Claim, other: Claim) -> bool:
    """Whether two claims say the same: the same range, and both or neither are to count."""
    return is_usable(claim) == is_usable(other) and all(
        _in_unit(getattr(other, name), other.unit, claim.unit) == getattr(claim, name)
        for name in ("low", "mid", "high")
    )


def _in_unit(value: float | None, unit: str, wanted: str) -> float | None:
    if value is None or unit == wanted:
        return value
    try:
        return round(convert(value, unit, wanted), 6)
    except RequestError:
        return float("nan")  # another kind of unit: never the same


def _revision(claim: Claim) -> Revision | None:
    """Say what a claim revises; None where nothing counted before, or not as one figure."""
    other = _counted_before(claim)
    if other is None or other.mid is None or claim.mid is None or not is_usable(claim):
        return None
    before = _in_unit(other.mid, other.unit, claim.unit)
    if before is None or before != before:  # noqa: PLR0124  # not a number: no common unit
        return None
    return Revision(claim.id, other.id, before, claim.mid)


def _numbered(claims: tuple[Claim, ...], *, named: bool) -> tuple[Claim, ...]:
    """Give a new vintage a number where figures of its name are in force."""
    for number in range(1, MOST_NUMBERED + 1):
        told = [_with_number(claim, number) for claim in claims]
        taken = [
            claim.id
            for claim in told
            if any(other.id == claim.id for other in vintages_of(body_of(claim.id)))
        ]
        if not taken:
            return tuple(told)
        if named:
            name = claims[0].vintage
            raise RequestError(
                f"--vintage {name}: figures of it are in force and differ"
                f" ({len(taken):,}, the first is {taken[0]}): name another one, or none"
            )
    raise RequestError(
        f"{claims[0].vintage} has {MOST_NUMBERED} revisions already: give another day with --taken,"
        " or a name with --vintage"
    )


def _with_number(claim: Claim, number: int) -> Claim:
    if number == 1:
        return claim
    # Two digits, since of figures known on one day the one with the larger id counts.
    vintage = f"{claim.vintage}-{number:02d}"
    return replace(claim, id=f"{body_of(claim.id)}@{vintage}", vintage=vintage)


def _new_acts(listed: tuple[Measure, ...]) -> tuple[Measure, ...]:
    """Leave out acts that are in force; an act that reads otherwise now is named."""
    known = {act.id: act for act in measures()}
    problems = []
    for act in listed:
        if act.id not in known:
            continue
        problems += [
            f"{act.id} is in force with {field.name} {_told(known[act.id], field.name)}, here it is"
            f" {_told(act, field.name)}: undo the batch that added it (`xenotime data status` names"
            " it), then load again"
            for field in fields(Measure)
            if field.name not in _NOT_THE_ACT
            and getattr(act, field.name) != getattr(known[act.id], field.name)
        ]
    if problems:
        raise RequestError(problems)
    return tuple(act for act in listed if act.id not in known)


def _told(act: Measure, name: str) -> str:
    value = getattr(act, name)
    if value is None or value in ("", ()):
        return "blank"
    return ";".join(value) if isinstance(value, tuple) else str(value)
