"""What American customs collect on a code from an origin on a day, layer by layer."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from xenotime import facts
from xenotime.facts.measures import TARIFF_RECORD_END
from xenotime.policy.clocks import day_of

__all__ = [
    "IMPORTER",
    "LAYERS",
    "TariffStack",
    "codes",
    "days_of_change",
    "recorded_code",
    "stack_on",
    "stacks_on",
]

IMPORTER = "USA"
"""Whose duties the record follows."""

LAYERS = ("ordinary", "section_301", "fentanyl", "reciprocal", "section_122")
"""Layers of the stack, as the record names them."""


@dataclass(frozen=True, slots=True)
class TariffStack:
    """Duties in per cent of value, in all and by layer; None where the record has ended.

    `since` and `until` are the first and last day of this stack (`until` None: open);
    `record_end` is set on days after the record.
    """

    hts: str
    goods: str
    origin: str
    on: dt.date
    total: float | None
    layers: dict[str, float | None]
    since: dt.date | None
    until: dt.date | None
    record_end: dt.date | None
    sources: tuple[str, ...]


def codes() -> tuple[str, ...]:
    """Codes that the record follows.

    >>> "8505.11.0070" in codes()
    True
    """
    return tuple(sorted({line.hts for line in facts.tariff_lines()}))


def recorded_code(hts: str) -> str:
    """Find the code under which the record has the duties on an American code.

    Parameters
    ----------
    hts
        American tariff code, with or without points. A line of eight digits holds for the codes of
        ten that begin with it.

    Raises
    ------
    RequestError
        If the record has no line for it.

    Examples
    --------
    >>> recorded_code("2846902040")
    '2846.90.20'
    """
    digits = hts.replace(".", "")
    found = [code for code in codes() if digits.startswith(code.replace(".", ""))]
    if not found:
        raise facts.RequestError(
            f"the record has no duties on {hts!r}{facts.did_you_mean(hts, codes())}:"
            f" it follows {', '.join(codes())}, and longer codes that begin so"
        )
    return max(found, key=len)


def days_of_change(hts: str, *, origin: str = "CHN") -> tuple[dt.date, ...]:
    """Days on which the stack of a code may become another one; the first begins the record.

    Parameters
    ----------
    hts
        American tariff code as the record writes it.
    origin
        ISO3 code of the country of origin.

    Examples
    --------
    >>> [day.isoformat() for day in days_of_change("8505.11.0070")][-2:]
    ['2026-02-24', '2026-07-24']
    """
    found = set()
    for line in facts.tariff_lines():
        if (line.hts, line.origin) == (hts, origin) and line.since is not None:
            found.add(line.since)
            found |= {line.until + dt.timedelta(days=1)} if line.until else set()
    return tuple(sorted(found))


def stack_on(hts: str, day: dt.date, *, origin: str = "CHN") -> TariffStack:
    """Find what customs collect on a day.

    Parameters
    ----------
    hts
        American tariff code, with or without points; of ten digits where the record has eight, too.
    day
        Calendar day in the United States.
    origin
        ISO3 code of the country of origin.

    Returns
    -------
    TariffStack
        With unknown layers if the last line on record has ended.

    Raises
    ------
    RequestError
        If the record has no line for the code, the origin or a day so early.

    Examples
    --------
    >>> stack_on("8505.11.0070", dt.date(2025, 4, 12)).total
    147.1
    >>> stack_on("8505110070", dt.date(2026, 8, 1)).total is None
    True
    >>> stack_on("2846.90.2040", dt.date(2025, 4, 12)).hts
    '2846.90.20'
    """
    code = recorded_code(hts)
    lines = [line for line in facts.tariff_lines() if line.hts == code]
    origins = sorted({line.origin for line in lines})
    lines = [line for line in lines if line.origin == origin]
    if not lines:
        raise facts.RequestError(
            f"the record has no duties on {hts} from {origin!r}: only on goods of"
            f" {', '.join(origins)}"
        )
    first = min(line.since for line in lines if line.since)
    if day < first:
        raise facts.RequestError(f"the record of duties on {hts} begins on {first}, after {day}")
    found = [
        line
        for line in lines
        if line.since and line.since <= day and (line.until is None or day <= line.until)
    ]
    record_end = dt.date.fromisoformat(TARIFF_RECORD_END)
    behind = record_end if day > record_end else None
    if not found:
        last = max(lines, key=lambda line: line.since or first)
        unknown: dict[str, float | None] = dict.fromkeys(LAYERS)
        return TariffStack(
            last.hts, last.goods, origin, day, None, unknown,
            None if last.until is None else last.until + dt.timedelta(days=1),
            None, record_end, (last.id,),
        )  # fmt: skip
    # Where a user has added a line of another vintage for the same days, the newest counts.
    line = max(found, key=lambda found: (found.first_known or first, found.vintage))
    layers: dict[str, float | None] = {name: getattr(line, name) for name in LAYERS}
    return TariffStack(
        line.hts, line.goods, origin, day, line.total, layers, line.since, line.until,
        behind, tuple(other.id for other in found),
    )  # fmt: skip


def stacks_on(code: str, moment: dt.date | dt.datetime) -> tuple[TariffStack, ...]:
    """Find the stacks of all codes of the record that begin with some digits; none is no error.

    >>> [stack.hts for stack in stacks_on("8505.11", dt.date(2025, 4, 12))]
    ['8505.11.0050', '8505.11.0070']
    """
    day = day_of(moment, "USA") if isinstance(moment, dt.datetime) else moment
    digits = code.replace(".", "")
    return tuple(
        stack_on(name, day)
        for name in codes()
        if name.replace(".", "").startswith(digits)
        and any(
            line.since and line.since <= day for line in facts.tariff_lines() if line.hts == name
        )
    )
