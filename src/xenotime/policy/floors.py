"""Price floors as wedges: by country and element, on the days on which they are in force."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from itertools import pairwise

import numpy as np

from xenotime import facts
from xenotime.facts.measures import record_end_of
from xenotime.policy.figures import PRICE_FLOOR, figures_of
from xenotime.policy.record import in_force
from xenotime.policy.wedges import Span, Wedge

__all__ = ["floor_wedges"]

ONE_DAY = dt.timedelta(days=1)


def floor_wedges(
    first: dt.date,
    last: dt.date,
    *,
    left_out: Collection[str] = (),
    as_of: dt.date | None = None,
) -> tuple[Wedge, ...]:
    """Compile the price floors of the record for a period.

    A floor is in the unit of its source, for makers in the country that grants it. After the end of
    the record, and after the day of knowledge, it is not known. Where none is in force a wedge has
    no span.

    Parameters
    ----------
    first, last
        The period, both days included.
    left_out
        Ids of acts that do not happen.
    as_of
        Later days, acts and figures are not known, if given.

    Examples
    --------
    >>> for wedge in floor_wedges(dt.date(2025, 1, 1), dt.date(2025, 12, 31)):
    ...     print(wedge.importer, wedge.product, wedge.unit, wedge.spans[0].first,
    ...           wedge.spans[0].low)
    USA Nd USD/kg 2025-10-01 110.0
    USA Pr USD/kg 2025-10-01 110.0
    """
    acts = [m for m in facts.measures(as_of) if m.id not in left_out]
    found = []
    for act in acts:
        for figure in figures_of(act, as_of):
            begins = figure.first or act.in_force
            if figure.what != PRICE_FLOOR or begins is None or begins > last:
                continue
            known = min(record_end_of(act), as_of or dt.date.max)
            turns = {m.in_force for m in acts} | {m.ends + ONE_DAY for m in acts if m.ends}
            turns |= {known + ONE_DAY}
            start = max(first, begins)
            days = [start, *sorted(d for d in turns if d and start < d <= last), last + ONE_DAY]
            spans: list[Span] = []
            for day, until in pairwise(days):
                if day <= known and act.id not in {m.id for m in in_force(acts, day)}:
                    continue
                level, status = (figure.value, "recorded") if day <= known else (np.nan, "unknown")
                if spans and (spans[-1].until, spans[-1].status) == (day, status):
                    day = spans.pop().first  # noqa: PLW2901  # the span goes on
                named = (act.id,) if status == "recorded" else ()
                spans.append(Span(day, until, level, level, named, status))
            found += [
                Wedge("floor", country, country, element, figure.unit, (), tuple(spans))
                for country in act.actor.split(";")
                for element in figure.elements
            ]
    return tuple(wedge for wedge in found if wedge.spans)
