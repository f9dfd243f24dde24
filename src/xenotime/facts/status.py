"""How far the record reaches, what has lapsed since, and what users have added to it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

from xenotime.facts.additions import NOTHING_ADDED, included, including, remembered
from xenotime.facts.claims import Claim, claims, observed_exports
from xenotime.facts.measures import MEASURE_RECORD_END, Measure, measures, record_end_of
from xenotime.facts.parameters import parameters
from xenotime.facts.priors import priors
from xenotime.facts.records import conflicts, control_items, stoppages
from xenotime.facts.registers import REGISTERS
from xenotime.facts.vintages import body_of, figure, vintages_of, what_it_changes

__all__ = ["RecordStatus", "record_status", "row_line", "superseded"]


@dataclass(frozen=True, slots=True)
class RecordStatus:
    """The state of the record on a day, additions in force included.

    `expired` are acts whose last day lies between the end of the record and the day: whether they
    were extended is unknown. `counts` has rows by table as (embedded, added). `last_months` has
    the last observed month by series.
    """

    record_end: dt.date
    today: dt.date
    expired: tuple[str, ...]
    counts: dict[str, tuple[int, int]]
    last_months: dict[str, str]


def record_status(today: dt.date) -> RecordStatus:
    """Say how far the record reaches, with the additions that are in force here.

    Examples
    --------
    >>> status = record_status(dt.date(2026, 11, 24))
    >>> status.record_end.isoformat(), "M048" in status.expired, status.last_months["magnet"]
    ('2026-06-29', True, '2025-12')
    """
    record_end = dt.date.fromisoformat(MEASURE_RECORD_END)
    ended = (m for m in measures() if m.ends is not None and record_end_of(m) <= m.ends < today)
    # An act that another one on record extends or ends is not in doubt.
    settled = {
        name
        for m in measures()
        if m.in_force is not None and record_end < m.in_force <= today
        for name in m.changes
    }
    everything = _sizes()
    with including(NOTHING_ADDED):
        embedded = _sizes()
    last: dict[str, str] = {}
    for product, _, month in observed_exports():
        last[product] = max(month, last.get(product, ""))
    return RecordStatus(
        record_end=record_end,
        today=today,
        expired=tuple(m.id for m in ended if m.id not in settled),
        counts={name: (embedded[name], size - embedded[name]) for name, size in everything.items()},
        last_months=dict(sorted(last.items())),
    )


def _sizes() -> dict[str, int]:
    return {
        "claims": len(claims()),
        "measures": len(measures()),
        "control_items": len(control_items()),
        "stoppages": len(stoppages()),
        "conflicts": len(conflicts()),
        **{
            name: len(included().tables.get(name, ())) + size for name, size in _registers().items()
        },
        "parameters": len(parameters()),
        "priors": len(priors()),
    }


@lru_cache(maxsize=1)
def _registers() -> dict[str, int]:
    return {register.name: len(register.embedded()) for register in REGISTERS}


@remembered(maxsize=4)
def superseded() -> frozenset[str]:
    """Find the added ids that the program has embedded since: the embedded rows count.

    >>> superseded()
    frozenset()
    """
    added = {row.id for rows in included().tables.values() for row in rows}
    if not added:
        return frozenset()
    from xenotime.facts.search import known_ids

    with including(NOTHING_ADDED):
        return frozenset(added & known_ids())


@remembered(maxsize=4)
def _embedded_twins() -> dict[str, Any]:
    """Embedded rows of the ids in `superseded`."""
    from xenotime.facts.search import get

    names = superseded()
    with including(NOTHING_ADDED):
        return {name: get(name) for name in names}


_NOT_WHAT_IT_SAYS = frozenset({"source_url", "source_title", "licence", "note", "formula"})
_LONGEST_TOLD = 60


def _unlike_embedded(row: Any) -> str:
    """Say in which columns an added row differs from the embedded one of its id, and how."""
    embedded = _embedded_twins()[row.id]
    if type(embedded) is not type(row):
        return f", as a row of another table ({type(embedded).__name__.casefold()})"
    told = []
    names = [f.name for f in fields(row) if f.name not in _NOT_WHAT_IT_SAYS]
    if isinstance(row, Claim):
        if figure(row) != figure(embedded) or _range(row) != _range(embedded):
            told.append(f"{figure(embedded)}, not {figure(row)} as here")
        names = [name for name in names if name not in {"low", "mid", "high", "unit"}]
    for name in names:
        before, here = getattr(embedded, name), getattr(row, name)
        if before != here:
            told.append(f"{name} {_short(before)}, not {_short(here)} as here")
    return f" with {'; '.join(told)}" if told else ", and the same"


def _range(claim: Claim) -> tuple[float | None, ...]:
    return claim.low, claim.mid, claim.high


def _short(value: Any) -> str:
    if value is None or value in ("", ()):
        return "blank"
    text = ";".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return repr(text if len(text) <= _LONGEST_TOLD else f"{text[:_LONGEST_TOLD]} ...")


_NEWEST, _MOST_TOLD = 8, 3
"""Of a figure with very many vintages the newest are looked at, and few of them told."""


def row_line(row: Any) -> str:
    """Say in a line what an added row is and what it changes, or who disagrees with it.

    Examples
    --------
    >>> from xenotime.facts.search import get
    >>> row_line(get("mine_production/MMR/2024@mcs2026"))[:60]
    '27,000 t REO, grade A; counts in place of 31,000 t REO (mine'
    """
    if row.id in superseded():
        return "rests: this release of the program embeds the same id" + _unlike_embedded(row)
    if isinstance(row, Claim):
        others = [
            f"{figure(other)} ({other.id})"
            for other in vintages_of(body_of(row.id))[:_NEWEST]
            if other.id != row.id
            and (other.low, other.mid, other.high) != (row.low, row.mid, row.high)
        ]
        told = ", ".join(others[:_MOST_TOLD])
        disagree = f"; others say {told}" if len(others) > 1 else ""
        return f"{figure(row)}, grade {row.grade}; {what_it_changes(row)}{disagree}"
    if isinstance(row, Measure):
        begins = row.in_force or "no day yet"
        changed = f"; changes {', '.join(row.changes)}" if row.changes else ""
        return f"{row.instrument.replace('_', ' ')} from {begins}: {row.act}{changed}"
    return str(getattr(row, "source_title", "") or getattr(row, "topic", ""))
