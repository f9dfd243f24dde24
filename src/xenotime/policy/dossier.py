"""Everything the record has about one act, gathered: scope, firms, history, neighbours."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xenotime import facts
from xenotime.facts.measures import record_end_of
from xenotime.policy.figures import ActFigure, figures_of
from xenotime.policy.standing import Spell, history_of
from xenotime.policy.thresholds import MassShare, ValueShare, threshold_of

if TYPE_CHECKING:
    from xenotime.facts import ControlItem, ListedEntity, Measure, ScopeRule

__all__ = ["Dossier", "dossier_of"]


@dataclass(frozen=True, slots=True)
class Dossier:
    """One act and what hangs on it.

    `changed_by` and `changes` are ids of acts; `rules` are those of its
    announcement; `mass_threshold` and `value_de_minimis` are the shares that they state, None where
    none is published; `figures` are what the act states in numbers (levels, money, tonnes);
    `record_end` is the last day of the table that the act is in.
    """

    measure: Measure
    history: tuple[Spell, ...]
    changed_by: tuple[str, ...]
    changes: tuple[str, ...]
    items: tuple[ControlItem, ...]
    entities: tuple[ListedEntity, ...]
    rules: tuple[ScopeRule, ...]
    mass_threshold: MassShare | None
    value_de_minimis: ValueShare | None
    record_end: dt.date
    figures: tuple[ActFigure, ...] = ()

    @property
    def control_codes(self) -> tuple[str, ...]:
        """Codes of the items, as the list numbers them; items without one are left out."""
        return tuple(sorted({item.control_code for item in self.items if item.control_code}))


def dossier_of(act: str) -> Dossier:
    """Gather what the record has about an act.

    Parameters
    ----------
    act
        Id of an act.

    Raises
    ------
    RequestError
        If there is no such act.

    Examples
    --------
    >>> found = dossier_of("M041")
    >>> found.changed_by, len(found.items)
    (('M048', 'M066'), 42)
    """
    measure = next((m for m in facts.measures() if m.id == act), None)
    if measure is None:
        near = facts.did_you_mean(act, [m.id for m in facts.measures()])
        raise facts.RequestError(f"there is no act {act!r}{near}: see `xenotime policy list`")
    number = re.search(r"\d+/\d{4}", measure.act)
    names = {number.group()} if number else set()
    rules = tuple(rule for rule in facts.scope_rules() if names & set(_acts_of(rule)))
    shares = [threshold_of(rule) for rule in rules]
    return Dossier(
        measure=measure,
        history=history_of(measure),
        changed_by=_changed_by(act),
        changes=measure.changes,
        items=tuple(item for item in facts.control_items() if item.measure == act),
        entities=tuple(found for found in facts.listed_entities() if found.measure == act),
        rules=rules,
        mass_threshold=next((s for s in shares if isinstance(s, MassShare)), None),
        value_de_minimis=next((s for s in shares if isinstance(s, ValueShare)), None),
        record_end=record_end_of(measure),
        figures=figures_of(measure),
    )


def _changed_by(act: str) -> tuple[str, ...]:
    """Acts that change an act, or go on with one that does."""
    found: dict[str, None] = {}
    ahead = [act]
    while ahead:
        name = ahead.pop()
        for m in facts.measures():
            if name in m.changes and m.id not in found and m.id != act:
                found[m.id] = None
                ahead.append(m.id)
    return tuple(sorted(found))


def _acts_of(rule: ScopeRule) -> list[str]:
    """Numbers of the announcements that a rule applies to: ``55-58/2025`` is four of them."""
    numbers = []
    for part in re.split(r"[;,]", rule.applies_to):
        span = re.fullmatch(r"(\d+)-(\d+)/(\d{4})", part.strip())
        if span:
            first, last, year = (int(text) for text in span.groups())
            numbers += [f"{number}/{year}" for number in range(first, last + 1)]
        else:
            numbers.append(part.strip())
    return numbers
