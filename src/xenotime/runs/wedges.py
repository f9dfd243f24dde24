"""Wedges on prices in a run: which it has, the table that it stores, and how they are told.

No shipment depends on a price yet, so they change nothing else in a run.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from xenotime import facts
from xenotime.facts.measures import TARIFF_RECORD_END
from xenotime.policy.figures import PRICE_FLOOR, figures_of
from xenotime.policy.floors import floor_wedges
from xenotime.policy.wedges import Span, Wedge, duty_wedges, products_without_duty, stack_codes_of

if TYPE_CHECKING:
    import pandas as pd

    from xenotime.scenarios.model import Scenario

__all__ = ["assumed_duties", "told_in", "wedge_table", "wedges_of"]

COLUMNS = (
    *("kind", "importer", "origin", "product", "from", "to"),
    *("low", "high", "unit", "acts", "status"),
)
"""Columns of the table `tariffs`; `to` is the first day on which a row does not hold any more."""

_WAYS = {"adds": "on top of the duty on record", "replaces": "as the whole duty"}


def wedges_of(
    scenario: Scenario, products: Collection[str], as_of: dt.date | None
) -> tuple[Wedge, ...]:
    """Compile the wedges of a scenario.

    Parameters
    ----------
    scenario
        The acts that it leaves out take their share with them; what it assumes is added.
    products
        Product ids of its network.
    as_of
        Day whose knowledge is used; later days are not known.
    """
    left_out = {m.id for m in facts.measures() if not scenario.record or scenario.leaves_out(m)}
    duties = duty_wedges(
        products,
        scenario.start,
        scenario.end,
        left_out=left_out,
        as_of=as_of,
        assumed=[entry.duty() for entry in scenario.tariffs],
    )
    floors = floor_wedges(scenario.start, scenario.end, left_out=left_out, as_of=as_of)
    return (*duties, *floors)


def wedge_table(wedges: Sequence[Wedge]) -> pd.DataFrame:
    """Write wedges as a long table: a row for each stretch of days on which one is the same."""
    import pandas as pd

    frame = pd.DataFrame(
        [
            (
                *(wedge.kind, wedge.importer, wedge.origin, wedge.product),
                *(span.first.isoformat(), span.until.isoformat()),
                *(span.low, span.high, wedge.unit, ";".join(span.acts), span.status),
            )
            for wedge in wedges
            for span in wedge.spans
        ],
        columns=list(COLUMNS),
    )
    return frame.astype(
        {name: "float64" if name in {"low", "high"} else "string" for name in COLUMNS}
    )


def _lines_on(
    wedges: Sequence[Wedge], products: Collection[str], as_of: dt.date | None
) -> list[str]:
    """Say that duties move nothing, and of which nothing is known.

    Returns
    -------
    list of str
        Lines for `coverage.missing`.
    """
    duties = [wedge for wedge in wedges if wedge.kind == "duty"]
    lines = []
    if duties:
        unknown = sum(map(_is_partly_unknown, duties))
        ranges = sum(map(_has_range, duties))
        lines.append(
            f"duties are compiled (table `tariffs`; wedges on prices: {len(duties)}), and no"
            " shipment depends on them yet"
            + (
                f"; of {unknown} some days are not known{_record_of(wedges, as_of)}"
                if unknown
                else ""
            )
            + (f"; with a range, from several codes: {ranges}" if ranges else "")
        )
        if bare := products_without_duty(products):
            lines.append(f"duties on {', '.join(bare)}: the record does not follow their codes")
    lines += [
        f"the price floor of {' and '.join(acts)} is compiled ({level:g} {unit} of"
        f" {' and '.join(elements)} in {country}), and no shipment depends on it yet"
        for (acts, level, unit, country), elements in _floors(wedges).items()
    ]
    return lines


def assumed_duties(scenario: Scenario) -> list[str]:
    """Say which duties of no record a scenario assumes, a line each.

    Examples
    --------
    >>> from xenotime.scenarios import load
    >>> assumed_duties(load("april-2025"))
    []
    """
    return [
        f"{entry.duty().act} is a duty of no record: {entry.rate:g} % of value {_WAYS[entry.mode]},"
        f" collected by {entry.importer} on {', '.join(entry.products or entry.codes)} from"
        f" {', '.join(entry.origins)}, {entry.first} to {entry.last or 'the end'}"
        for entry in scenario.tariffs
    ]


def _record_of(wedges: Sequence[Wedge], as_of: dt.date | None) -> str:
    """Say from when to when the record has duties, and that all days lie outside if they do.

    Under an as-of day it ends on that day: what came later was not known.
    """
    first = min(line.since for line in facts.tariff_lines() if line.since is not None)
    last = dt.date.fromisoformat(TARIFF_RECORD_END)
    if as_of is not None and as_of < first:
        return f" (duties are on record from {first} on, after the as-of day)"
    if as_of is not None:
        last = min(last, as_of)
    known = any(not math.isnan(s.low) for w in wedges if w.kind == "duty" for s in w.spans)
    return f" (the record has {first} to {last})" + ("" if known else ", and no day of this run is")


def _floors(wedges: Sequence[Wedge]) -> dict[tuple[tuple[str, ...], float, str, str], list[str]]:
    """Elements under a floor, by the acts that set it, its level, unit and country."""
    found: dict[tuple[tuple[str, ...], float, str, str], list[str]] = {}
    for wedge in wedges:
        known = [span for span in wedge.spans if wedge.kind == "floor" and span.acts]
        for key in {(span.acts, span.low, wedge.unit, wedge.importer) for span in known}:
            found.setdefault(key, []).append(wedge.product)
    return found


def told_in(
    summary: dict[str, Any], scenario: Scenario, wedges: Sequence[Wedge], products: Collection[str]
) -> dict[str, Any]:
    """Give the summary of a run with its wedges in it: the key `tariffs`, and lines on them."""
    coverage = summary["coverage"]
    as_of = None if summary["as_of"] is None else dt.date.fromisoformat(summary["as_of"])
    missing = [*coverage["missing"], *_lines_on(wedges, products, as_of)]
    return {
        **summary,
        "tariffs": {
            "wedges": len(wedges),
            "partly_unknown": sum(map(_is_partly_unknown, wedges)),
            "ranges": sum(map(_has_range, wedges)),
            "assumed": sorted(entry.duty().act for entry in scenario.tariffs),
            "sources": _sources(wedges, summary["as_of"]),
        },
        "coverage": {**coverage, "missing": missing},
    }


def _is_partly_unknown(wedge: Wedge) -> bool:
    return any(math.isnan(span.low) for span in wedge.spans)


def _has_range(wedge: Wedge) -> bool:
    return any(span.low < span.high for span in wedge.spans)


def _sources(wedges: Sequence[Wedge], as_of: str | None) -> list[str]:
    """Ids of the lines of the record, acts and claims that wedges stand on."""
    known = {m.id: m for m in facts.measures()}
    day = None if as_of is None else dt.date.fromisoformat(as_of)
    levels = {
        figure.id
        for wedge in wedges
        for act in {name for span in wedge.spans for name in span.acts}
        if wedge.kind == "floor"
        for figure in figures_of(known[act], day)
        if figure.what == PRICE_FLOOR
    }
    acts = {act for wedge in wedges for span in wedge.spans for act in span.acts}
    lines = {
        line.id
        for wedge in wedges
        for line in facts.tariff_lines()
        if (wedge.kind, line.origin) == ("duty", wedge.origin)
        and line.hts in stack_codes_of(wedge.product).values()
        and any(_meets(line, span) for span in wedge.spans)
    }
    return sorted(lines | levels | (acts & set(known)))


def _meets(line: facts.TariffLine, span: Span) -> bool:
    """Whether a line of the record tells of days on which a wedge is known."""
    return (
        not math.isnan(span.low)
        and line.since is not None
        and line.since < span.until
        and (line.until is None or span.first <= line.until)
    )
