"""Which of several claims of one quantity counts, and who disagrees."""

from __future__ import annotations

import datetime as dt
from itertools import islice

from xenotime.facts.additions import remembered
from xenotime.facts.asking import asked
from xenotime.facts.claims import Claim, claims
from xenotime.facts.readers import is_read

__all__ = [
    "body_of",
    "figure",
    "is_usable",
    "newest_under",
    "newest_usable",
    "vintages_of",
    "what_it_changes",
]

_TRUSTED = frozenset({"reported", "derived", "assumption"})


def body_of(id: str) -> str:  # noqa: A002  # the field is called id everywhere
    """Part of an id before its vintage: claims of one body are vintages of one quantity.

    >>> body_of("mine_production/MMR/2024@mcs2026")
    'mine_production/MMR/2024'
    """
    return id.rpartition("@")[0] or id


def is_usable(claim: Claim) -> bool:
    """Whether a claim may count: not contradicted by a better one, not of grade D, with a middle.

    A bound alone ("at least") says nothing about the middle.

    >>> from xenotime.facts.search import get
    >>> [is_usable(get(f"{name}@mcs2026")) for name in ("mine_production/MMR/2024",
    ...                                                 "mine_reserves/WLD/2025")]
    [True, False]
    """
    has_middle = claim.mid is not None or (claim.low is not None and claim.high is not None)
    return claim.kind in _TRUSTED and claim.grade != "D" and has_middle


@remembered(maxsize=8)
def _by_body() -> dict[str, tuple[Claim, ...]]:
    found: dict[str, list[Claim]] = {}
    for claim in claims():
        found.setdefault(body_of(claim.id), []).append(claim)
    return {body: tuple(sorted(rows, key=_age, reverse=True)) for body, rows in found.items()}


def _age(claim: Claim) -> tuple[dt.date, str]:
    return (claim.first_known or dt.date.min, claim.id)


def vintages_of(body: str) -> tuple[Claim, ...]:
    """All claims in force of one quantity, newest first; the first usable one is what counts.

    Newest is the one known last, then the one with the larger id.

    Examples
    --------
    >>> [(c.vintage, c.mid) for c in vintages_of("mine_production/MMR/2024")]
    [('mcs2026', 27000.0), ('mcs2025', 31000.0)]
    """
    return _by_body().get(body, ())


@asked
def newest_usable(body: str, as_of: dt.date | None = None) -> Claim | None:
    """Claim that counts for a quantity: its newest usable one, of those known on a day.

    Parameters
    ----------
    body
        Claim id without its vintage.
    as_of
        Hide claims that could not be known on this day; None hides nothing.

    Examples
    --------
    >>> newest_usable("mine_production/MMR/2024", dt.date(2025, 12, 31)).mid
    31000.0
    >>> newest_usable("mine_production/nowhere/2024") is None
    True
    """
    known = (claim for claim in vintages_of(body) if claim.known_at(as_of))
    return next((claim for claim in known if is_usable(claim)), None)


@asked
def newest_under(stem: str, as_of: dt.date | None = None) -> tuple[Claim, ...]:
    """Claims that count, of all quantities whose id begins with a stem, in the order of ids.

    Parameters
    ----------
    stem
        E.g. ``ore_basket/mountain_pass/``.
    as_of
        As for `newest_usable`.

    Examples
    --------
    >>> {claim.segments[1] for claim in newest_under("ore_basket/mountain_pass/")} >= {"Nd", "Pr"}
    True
    """
    found = (newest_usable(body, as_of) for body in _by_body() if body.startswith(stem))
    return tuple(claim for claim in found if claim is not None)


@remembered(maxsize=8)
def _best_by_body() -> dict[str, tuple[Claim, ...]]:
    """Find the two vintages of each quantity that count first: one answers for the other."""
    return {
        body: tuple(islice((row for row in rows if is_usable(row)), 2))
        for body, rows in _by_body().items()
    }


def what_it_changes(claim: Claim) -> str:
    """Say in a line what an added claim does to the figure that counts.

    Examples
    --------
    >>> from xenotime.facts.search import get
    >>> what_it_changes(get("mine_production/MMR/2024@mcs2026"))
    'counts in place of 31,000 t REO (mine_production/MMR/2024@mcs2025)'
    >>> what_it_changes(get("mine_production/MMR/2024@mcs2025"))
    'does not count: mine_production/MMR/2024@mcs2026 (27,000 t REO) was known later'
    >>> what_it_changes(get("mine_production/MMR/2023@mcs2025"))
    'nothing in the model reads it: it is kept and found by search'
    """
    if not is_usable(claim):
        if claim.kind == "gap":
            return "a gap: it has no figure"
        if claim.grade != "D" and claim.kind in _TRUSTED:
            return "does not count: a bound alone says nothing about the middle; give both ends"
        why = "grade D" if claim.grade == "D" else f"kind {claim.kind}"
        return f"does not count: {why} is kept for comparison"
    if not is_read(claim):
        return "nothing in the model reads it: it is kept and found by search"
    best_two = _best_by_body().get(body_of(claim.id), ())
    usable = [other for other in best_two if other.id != claim.id]
    if not usable:
        return "counts: no other figure of it is on record"
    best = usable[0]
    if _age(best) > _age(claim):
        return f"does not count: {best.id} ({figure(best)}) was known later"
    return f"counts in place of {figure(best)} ({best.id})"


def figure(claim: Claim) -> str:
    """Value, range and unit of a claim in a few characters.

    >>> from xenotime.facts.search import get
    >>> figure(get("mine_production/MMR/2024@mcs2026"))
    '27,000 t REO'
    """
    if claim.low is None and claim.mid is None and claim.high is None:
        return "no figure"
    middle = "" if claim.mid is None else f"{claim.mid:,.6g}"
    spread = ""
    if claim.low is not None or claim.high is not None:
        low, high = ("unknown" if v is None else f"{v:,.6g}" for v in (claim.low, claim.high))
        spread = f"({low} to {high})"
    return " ".join(filter(None, (middle, spread, claim.unit)))
