"""Figures for the reconciliation: cited claims known on a day, priors, and which were used."""

from __future__ import annotations

import math
import zlib
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from xenotime.facts import brief, get, priors
from xenotime.facts.vintages import newest_usable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

__all__ = ["RELATIVE_SIGMA", "Figure", "Figures", "normal"]

RELATIVE_SIGMA: dict[str, float] = {"A": 0.05, "B": 0.15, "C": 0.30, "prior": 0.60}
"""One standard deviation as a share of the value, by grade; grade D is never fitted."""

_Z90 = 1.2816  # normal quantile of 90 %: low and high of a prior are its 10 and 90 % points


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its interval, unit, grade and the id it came from."""

    id: str
    low: float
    mid: float
    high: float
    unit: str
    grade: str
    description: str = ""

    @property
    def vintage(self) -> str:
        """Part of a claim id after ``@``; blank for a prior."""
        return self.id.rpartition("@")[2] if "@" in self.id else ""


def normal(seed: int, member: int, *names: str) -> float:
    """Draw a standard normal number that depends on names, not on the order of asking.

    Members 1 and 2, 3 and 4, ... are mirror images: a small ensemble stays centred.

    Examples
    --------
    >>> normal(7, 1, "mine", "CHN") == normal(7, 1, "mine", "CHN")
    True
    """
    key = zlib.crc32("|".join(names).encode())
    pair, mirrored = (member + 1) // 2, member % 2 == 0
    draw = float(np.random.default_rng([seed, pair, key]).standard_normal())
    return -draw if mirrored else draw


class Figures:
    """What may be used: claims known on a day and priors, the latter perturbed for a member.

    Parameters
    ----------
    as_of
        Hide claims that could not be known on this day; None hides nothing.
    seed, member
        Member 0 has every prior at its middle; other members draw each prior from a
        lognormal whose 10 and 90 % points are its low and high. Claims are not drawn here:
        the reconciliation perturbs them by their sigma.
    hidden
        Bodies of claims to act as if unknown, for a test on held-out figures.

    Attributes
    ----------
    uses
        (id, role) -> grade of everything read inside `noting`, or noted by `note`.

    Examples
    --------
    >>> figures = Figures()
    >>> with figures.noting("driver"):
    ...     _ = figures.claim("mine_production/CHN/2024"), figures.middle("prior/yield/metal")
    >>> figures.uses["mine_production/CHN/2024@mcs2026", "driver"]
    'A'
    >>> figures.uses["prior/yield/metal", "driver"]
    'prior'
    """

    def __init__(
        self,
        as_of: date | None = None,
        *,
        seed: int = 0,
        member: int = 0,
        hidden: frozenset[str] = frozenset(),
    ) -> None:
        self.as_of = as_of
        self.hidden = hidden
        self.seed = seed
        self.member = member
        self.uses: dict[tuple[str, str], str] = {}
        self._role = ""
        self._priors: dict[str, Figure] = {}
        self._claims: dict[str, Figure] = {}

    @contextmanager
    def noting(self, role: str) -> Iterator[None]:
        """Note every figure that is read inside as used in a role."""
        before, self._role = self._role, role
        try:
            yield
        finally:
            self._role = before

    def note(self, ids: Iterable[str], role: str) -> None:
        """Note figures as used in a role, whatever read them."""
        for name in ids:
            self.uses[name, role] = brief(get(name)).grade

    def claim(self, body: str) -> Figure | None:
        """Newest trusted vintage of a claim, or None when none is known.

        Parameters
        ----------
        body
            Claim id without its vintage, e.g. ``mine_production/MMR/2024``.
        """
        known = self._claims.get(body)
        if known is None:
            found = None if body in self.hidden else newest_usable(body, self.as_of)
            if found is None:
                return None
            values = [value for value in (found.low, found.mid, found.high) if value is not None]
            mid = found.mid if found.mid is not None else (values[0] + values[-1]) / 2.0
            known = self._claims[body] = Figure(
                found.id, values[0], mid, values[-1], found.unit, found.grade, found.note
            )
        if self._role:
            self.uses[known.id, self._role] = known.grade
        return known

    def prior(self, name: str) -> Figure:
        """Return a prior of the tables `priors` or `claims`, at this member's draw.

        Raises
        ------
        KeyError
            If there is no such prior; names are fixed in the code, so this is a defect.
        """
        known = self._priors.get(name)
        if known is None:
            given = priors().get(name)
            if given is None:
                found = self.claim(name)
            else:
                found = Figure(
                    name,
                    given.low,
                    given.mid,
                    given.high,
                    given.unit,
                    given.grade,
                    given.description,
                )
            if found is None:
                raise KeyError(f"prior {name!r} is neither in facts/data/priors.csv nor a claim")
            known = self._priors[name] = self._drawn(found, name)
        if self._role:
            self.uses[known.id, self._role] = known.grade
        return known

    def _drawn(self, found: Figure, name: str) -> Figure:
        """Move a figure within its interval, by this member's draw."""
        if self.member == 0 or found.mid == 0.0 or found.low == found.high:
            return found
        spread = math.log(found.high / found.low) / (2.0 * _Z90) if found.low > 0.0 else 0.5
        drawn = found.mid * math.exp(spread * normal(self.seed, self.member, "prior", name))
        return replace(found, mid=min(max(drawn, found.low), found.high))

    def drawn(self, body: str) -> Figure | None:
        """Give a claim that is no soft row, drawn from its own interval like a prior."""
        found = self.claim(body)
        return None if found is None else self._drawn(found, found.id)

    def middle(self, name: str) -> float:
        """Value of a prior at this member's draw."""
        return self.prior(name).mid

    def has_prior(self, name: str) -> bool:
        """Whether the table `priors` holds a name; looking is not using."""
        return name in priors()
