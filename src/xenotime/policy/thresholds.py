"""Two shares that are both called 0.1 %, and must never meet.

A mass threshold is a share of the mass of an item; a de minimis is a share of its value. The
numbers have no relation, so comparing one with the other is an error and not an answer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xenotime.facts import ScopeRule

__all__ = ["MassShare", "ValueShare", "threshold_of"]


@dataclass(frozen=True, slots=True, eq=False)
class _Share:
    """Per cent of something; comparable with its own kind only."""

    percent: float

    def __post_init__(self) -> None:
        """Refuse what is no share."""
        if not (math.isfinite(self.percent) and 0.0 <= self.percent <= 100.0):
            raise ValueError(f"{self.percent} is no share in per cent: give 0 to 100")

    def _same(self, other: object) -> float:
        if type(other) is not type(self):
            raise TypeError(
                f"{self!r} and {other!r} are shares of different things: they do not compare"
            )
        assert isinstance(other, _Share)
        return other.percent

    def __eq__(self, other: object) -> bool:
        """Compare with the same kind."""
        return self.percent == self._same(other)

    def __hash__(self) -> int:
        """Kind and number."""
        return hash((type(self).__name__, self.percent))

    def __lt__(self, other: object) -> bool:
        """Compare with the same kind."""
        return self.percent < self._same(other)

    def __le__(self, other: object) -> bool:
        """Compare with the same kind."""
        return self.percent <= self._same(other)

    def __gt__(self, other: object) -> bool:
        """Compare with the same kind."""
        return self.percent > self._same(other)

    def __ge__(self, other: object) -> bool:
        """Compare with the same kind."""
        return self.percent >= self._same(other)


class MassShare(_Share):
    """Per cent of the mass of an item, such as the content of dysprosium in a magnet.

    Examples
    --------
    >>> MassShare(0.05) <= MassShare(0.1)
    True
    >>> MassShare(0.1) == ValueShare(0.1)
    Traceback (most recent call last):
    TypeError: MassShare(percent=0.1) and ValueShare(percent=0.1) are shares of different things: \
they do not compare
    """


class ValueShare(_Share):
    """Per cent of the value of an item, such as the de minimis of Announcement 61/2025.

    Examples
    --------
    >>> ValueShare(0.1) >= ValueShare(0.1)  # a floor: at it is caught
    True
    """


def threshold_of(rule: ScopeRule) -> MassShare | ValueShare | None:
    """Read the share that a rule of scope states; None if it states none.

    A rule whose unit is per cent of neither mass nor value (of ownership, say) states none.

    Examples
    --------
    >>> from xenotime import facts
    >>> [threshold_of(rule) for rule in facts.scope_rules() if rule.rule.startswith("de minimis")]
    [ValueShare(percent=0.1)]
    """
    kind = MassShare if rule.unit == "wt%" else ValueShare if "of value" in rule.unit else None
    if kind is None or not rule.value.replace(".", "", 1).isdigit():
        return None
    return kind(float(rule.value))
