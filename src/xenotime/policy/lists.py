"""Firms and bodies on entity lists: whether a name is on one, under which act, for how long."""

from __future__ import annotations

import datetime as dt
import difflib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from xenotime import facts
from xenotime.policy.standing import history_of

if TYPE_CHECKING:
    from xenotime.facts import ListedEntity

__all__ = ["WATCH", "Listing", "LookedUp", "look_up"]

WATCH = "watch list"
"""List whose firms get single licences, without a statutory clock; other lists bar theirs."""
NEAR = 5
# The last line has what is left of S.r.l., B.V. and the like.
_LEGAL_FORMS = frozenset(
    {"ag", "co", "company", "corp", "corporation", "gmbh", "inc", "incorporated", "limited", "llc"}
    | {"llp", "ltd", "mbh", "nv", "oy", "partnership", "plc", "spa", "srl", "uab"}
    | {"a", "b", "k", "l", "o", "p", "r", "s", "v"}
)


@dataclass(frozen=True, slots=True)
class Listing:
    """One entry of a list, as it stands on a day.

    `status` is that of the act that lists the firm, as `policy.standing` has it, ``not_yet`` before
    the firm is listed, or ``unknown`` where nobody read what became of the entry. `since` and
    `until` are the first and the last day of that status; None: no day is on record.
    """

    entity: ListedEntity
    status: str
    since: dt.date | None
    until: dt.date | None

    @property
    def bars(self) -> bool:
        """Whether nobody may ship dual-use goods to the firm on the day."""
        return self.status == "in_force" and self.entity.list != WATCH

    @property
    def watches(self) -> bool:
        """Whether the firm gets single licences only, and no statutory clock runs."""
        return self.status == "in_force" and self.entity.list == WATCH

    @property
    def act(self) -> str:
        """Id and title of the act, or the announcement where the record has no act."""
        measure = self.entity.measure
        return f"{measure} ({self.entity.announcement})" if measure else self.entity.announcement


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What the lists say of a name: its entries, or names that are near and may be others."""

    asked: str
    listings: tuple[Listing, ...]
    near: tuple[str, ...]

    @property
    def bar(self) -> Listing | None:
        """Entry that bars the firm the longest, if any does."""
        barring = [listing for listing in self.listings if listing.bars]
        return max(barring, key=lambda found: found.until or dt.date.max, default=None)

    @property
    def watched(self) -> bool:
        """Whether the firm is on a watch list in force."""
        return any(listing.watches for listing in self.listings)

    def barred_on(self, days: Sequence[dt.date]) -> NDArray[np.bool_]:
        """Days on which the firm is barred, for all that is on record.

        >>> firm = look_up("Teal Drones", dt.date(2026, 6, 1))
        >>> firm.barred_on([dt.date(2026, 6, 21), dt.date(2026, 6, 22)]).tolist()
        [False, True]
        """
        entries = [listing.entity for listing in self.listings]
        return np.array([any(_standing(e, day).bars for e in entries) for day in days], dtype=bool)


def look_up(name: str, day: dt.date) -> LookedUp:
    """Find a firm by its name, whatever the case, the accents and the legal form.

    A name that is not that of an entry is never taken for one: entries that hold all of its words,
    or that are spelt alike, are told as near. Lists on record are incomplete: a firm that is not
    found may be listed all the same.

    Raises
    ------
    RequestError
        If the name has no letters or digits.

    Examples
    --------
    >>> found = look_up("high point AeroTechnologies inc", dt.date(2025, 4, 5))
    >>> found.bar.entity.measure, found.bar.until.isoformat()
    ('M024', '2025-05-13')
    >>> look_up("mitsubishi heavy industries", dt.date(2026, 6, 30)).listings
    ()
    """
    asked = _words(name)
    if not asked:
        raise facts.RequestError(f"the name of the end user is {name!r}: give a name")
    # a row that stands for many firms whose names nobody read is no name
    entries = [e for e in facts.listed_entities() if "names not read" not in e.entity]
    found = [entry for entry in entries if _core(entry.entity) == _core(name)]
    if found:
        return LookedUp(name, tuple(_standing(entry, day) for entry in found), ())
    holding = [e.entity for e in entries if set(asked) <= set(_words(e.entity))]
    by_core = {" ".join(_core(e.entity)): e.entity for e in entries}
    alike = difflib.get_close_matches(" ".join(_core(name)), by_core, n=NEAR, cutoff=0.75)
    near = dict.fromkeys([*sorted(holding), *(by_core[core] for core in alike)])
    return LookedUp(name, (), tuple(near))


def _standing(entry: ListedEntity, day: dt.date) -> Listing:
    """Say how an entry stands on a day."""
    if entry.listed is not None and day < entry.listed:
        return Listing(entry, "not_yet", None, entry.listed - dt.timedelta(days=1))
    acts = {m.id: m for m in facts.measures()}
    if entry.measure not in acts:
        return Listing(entry, entry.status, entry.listed, None)
    spells = [s for s in history_of(acts[entry.measure]) if s.until is None or day <= s.until]
    spell = spells[0]
    if spell.status != "in_force" and entry.status == "unknown":
        return Listing(entry, "unknown", spell.since, None)
    since = spell.since if entry.listed is None else max(spell.since, entry.listed)
    until = spell.until
    # one stop after another is one stop, whoever orders it
    for later in spells[1:]:
        if later.status != spell.status:
            break
        until = later.until
    return Listing(entry, spell.status, since, until)


def _words(text: str) -> list[str]:
    """Words of a name in lower case, without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"\w+", "".join(c for c in plain if not unicodedata.combining(c)))


def _core(text: str) -> tuple[str, ...]:
    """Words of a name without its legal form."""
    words = _words(re.sub(r"\([^)]*\)", " ", text)) or _words(text)
    while len(words) > 1 and words[-1] in _LEGAL_FORMS:
        words.pop()
    return tuple(words[words[0] == "the" and len(words) > 1 :])
