"""Firms and bodies on entity lists: under which act, and how it stands on a day."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xenotime import facts
from xenotime.policy.standing import standing_on

if TYPE_CHECKING:
    from xenotime.facts import ListedEntity

__all__ = ["Listing", "listings_of"]


@dataclass(frozen=True, slots=True)
class Listing:
    """One entry of a list, and its status on a day: that of its act, else what the entry says."""

    entity: ListedEntity
    status: str


def listings_of(name: str, day: dt.date) -> tuple[Listing, ...]:
    """Find the entries whose names hold all words of a name, listed by a day.

    Lists on record are incomplete: a name that is not found may be listed all the same.

    Examples
    --------
    >>> [found.status for found in listings_of("high point aerotechnologies", dt.date(2025, 4, 5))]
    ['in_force']
    """
    words = _words(name)
    standing = {row.id: row.status for row in standing_on(day)}
    return tuple(
        Listing(entry, standing.get(entry.measure, entry.status))
        for entry in facts.listed_entities()
        if words and words <= _words(entry.entity) and entry.listed and entry.listed <= day
    )


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.casefold()))
