"""The tables of a run: named rows with distributions, from collected draws."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from xenotime import facts
from xenotime.runs.layout import rows
from xenotime.runs.tables import date_quantiles, long_frame, month_names, quantiles

if TYPE_CHECKING:
    import pandas as pd

    from xenotime.runs.collecting import Collected
    from xenotime.runs.groups import Groups
    from xenotime.runs.layout import Layout

__all__ = ["TABLES", "build_tables"]

# Table name -> what a row is; the order is that of documents and listings.
TABLES = {
    "exports": "shipments over a border, by series, origin, destination and month",
    "production": "activity of a producer by month",
    "stocks": "magnets held by an industry or a kind of component maker, days of base use, by day",
    "output": "output of an industry of a country as a share of base, by day",
    "stoppages": "when and how much of an industry of a country stops",
    "shortages": "use that is not met, by element, country, scope and month",
    "permits": "share of tonnage that may ship, and what ships under licence, by class and month",
    "tariffs": "duties as wedges on prices, by importer, origin, product and stretch of days",
    "draws": "stoppages and shortages draw by draw, for paired comparisons",
}


NOTHING_LOST = 1e-4
"""Full days of output below which an industry counts as undisturbed."""

_TEXTS = {
    "stoppages": ("first_stop_p05", "first_stop_p50", "first_stop_p95"),
    "draws": ("first_stop",),
}


def build_tables(
    found: Collected,
    layout: Layout,
    groups: Groups,
    days: Sequence[dt.date],
    as_of: dt.date | None,
) -> dict[str, pd.DataFrame]:
    """Tables of a run that come from its draws, by name (see `TABLES`)."""
    months = month_names(days)
    tables = {
        "exports": _exports(found, groups, months, days, as_of),
        "production": _production(found, layout, groups, months),
        "stocks": _daily(found.stock_days, groups.stocks.keys, days, "days"),
        "output": _daily(found.output_share, layout.sectors, days, "share of base"),
        "stoppages": _stoppages(found, layout, days),
        "shortages": _shortages(found, groups, months),
        "permits": _permits(found, layout, months),
        "draws": _draws(found, layout, groups, days),
    }
    # A column of dates or ids that happens to be empty keeps its type.
    return {
        name: tables[name].astype(dict.fromkeys(_TEXTS.get(name, ()), "string")) for name in tables
    }


def _exports(
    found: Collected,
    groups: Groups,
    months: Sequence[str],
    days: Sequence[dt.date],
    as_of: dt.date | None,
) -> pd.DataFrame:
    import pandas as pd

    observed = facts.observed_exports(as_of)
    whole = _whole_months(days)
    names = ("product", "origin", "destination")
    frame = long_frame(groups.exports.keys, names, months, {"unit": "t", **quantiles(found.flows)})
    claims = [
        observed.get((product, destination, month)) if origin == "CHN" and month in whole else None
        for product, origin, destination, month in zip(
            *(frame[name] for name in (*names, "month")), strict=True
        )
    ]
    return frame.assign(
        observed=[np.nan if claim is None else facts.in_tonnes(claim) for claim in claims],
        observed_source=pd.Series([claim and claim.id for claim in claims], dtype="string"),
    )


def _whole_months(days: Sequence[dt.date]) -> set[str]:
    """Months that a run covers from the first to the last day: others compare with nothing."""
    present = set(days)
    return {
        f"{d:%Y-%m}"
        for d in days
        if d.replace(day=1) in present
        and (d.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)
        in present
    }


def _production(
    found: Collected, layout: Layout, groups: Groups, months: Sequence[str]
) -> pd.DataFrame:
    places = {row.parent: (row.stage, row.country) for row in rows(layout.producers)}
    keys = [(name, *places[name]) for name in groups.producers]
    columns = {"unit": "t", **quantiles(found.activity)}
    return long_frame(keys, ("producer", "stage", "country"), months, columns)


def _daily(
    values: Any, keys: Sequence[tuple[str, ...]], days: Sequence[dt.date], unit: str
) -> pd.DataFrame:
    dates = [day.isoformat() for day in days]
    columns = {"unit": unit, **quantiles(values)}
    return long_frame(keys, ("industry", "country"), dates, columns, time="date")


def _stoppages(found: Collected, layout: Layout, days: Sequence[dt.date]) -> pd.DataFrame:
    import pandas as pd

    peak = quantiles(found.peak_stopped, "peak_share_stopped_")
    lost = quantiles(found.days_lost, "days_lost_")
    dates = date_quantiles(found.first_stop, days)
    return pd.DataFrame(
        {
            "industry": [industry for industry, _ in layout.sectors],
            "country": [country for _, country in layout.sectors],
            **{f"first_stop_{name}": values for name, values in dates.items()},
            "probability": (found.first_stop >= 0).mean(axis=-1),
            **{name: peak[name] for name in peak if name.endswith(("p50", "p95"))},
            **{name: lost[name] for name in lost if name.endswith(("p50", "p95"))},
        }
    )


def _shortages(found: Collected, groups: Groups, months: Sequence[str]) -> pd.DataFrame:
    planned = found.planned
    share = np.divide(found.unmet, planned, out=np.zeros_like(planned), where=planned > 0)
    frame = long_frame(
        groups.shortages.keys,
        ("element", "country", "scope"),
        months,
        {
            **quantiles(share, "share_unmet_"),
            **quantiles(found.late_tonne_days, "unmet_tonne_days_"),
        },
    )
    return frame[["element", "country", "month", "scope", *frame.columns[4:]]]


def _permits(found: Collected, layout: Layout, months: Sequence[str]) -> pd.DataFrame:
    # Look-alikes need no licence, and nobody gets one under a ban: nothing ships under one.
    licensed = np.array([bool(item.controls) for item in layout.classes])[:, None]
    return long_frame(
        [
            (
                item.origin,
                item.destination,
                item.use,
                item.goods,
                ";".join((*item.controls, *item.beside)),
            )
            for item in layout.classes
        ],
        ("origin", "destination", "use", "goods", "controls"),
        months,
        {
            **quantiles(found.open_share, "open_share_"),
            **{
                name: np.where(licensed, values, np.nan)
                for name, values in quantiles(found.licensed, "licensed_t_").items()
            },
        },
    )


def _draws(
    found: Collected, layout: Layout, groups: Groups, days: Sequence[dt.date]
) -> pd.DataFrame:
    """Per draw: days lost and peak by industry and country, tonne-days unmet by country.

    Industries that stop in no draw and lose nothing are left out: there is nothing to compare.
    """
    import pandas as pd

    dates = np.array([*(day.isoformat() for day in days), None], dtype=object)
    # Rounding of single precision is not a loss.
    moved = np.flatnonzero(
        ((found.first_stop >= 0) | (np.abs(found.days_lost) > NOTHING_LOST)).any(axis=-1)
    )
    draws = range(found.days_lost.shape[-1])
    numbers = [str(draw) for draw in draws]
    stops = long_frame(
        [(layout.sectors[i][1], layout.sectors[i][0]) for i in moved],
        ("country", "what"),
        numbers,
        {
            "first_stop": dates[found.first_stop[moved]],
            "days_lost": found.days_lost[moved],
            "peak_share_stopped": found.peak_stopped[moved],
        },
        time="draw",
    )
    tonne_days = found.late_tonne_days.sum(axis=1)
    where = pd.MultiIndex.from_tuples([key[1:] for key in groups.shortages.keys])
    total = pd.DataFrame(tonne_days, index=where).groupby(level=[0, 1]).sum()
    unmet = long_frame(
        list(total.index),
        ("country", "what"),
        numbers,
        {"unmet_tonne_days": total.to_numpy()},
        time="draw",
    )
    frame = pd.concat([stops, unmet], ignore_index=True)
    frame["draw"] = frame["draw"].astype(int)
    first = ["draw", "country", "what"]
    return frame[[*first, *frame.columns.drop(first)]].sort_values(first, ignore_index=True)
