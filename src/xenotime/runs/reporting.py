"""The tables of a run: named rows with distributions, from collected draws."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from xenotime import facts
from xenotime.runs.tables import date_quantiles, long_rows, month_names, quantiles

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
    "stocks": "magnets held by an industry of a country, days of base use, by day",
    "output": "output of an industry of a country as a share of base, by day",
    "stoppages": "when and how much of an industry of a country stops",
    "shortages": "use that is not met, by element, country, scope and month",
    "permits": "share of buyers that may ship, and what ships under licence, by class and month",
    "draws": "stoppages and shortages draw by draw, for paired comparisons",
}


_TEXTS = {
    "exports": ("observed_source",),
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
    """All tables of a run by name (see `TABLES`)."""
    import pandas as pd

    months = month_names(days)
    rows: dict[str, list[dict[str, Any]]] = {
        "exports": _exports(found, groups, months, days, as_of),
        "production": _production(found, layout, groups, months),
        "stocks": _daily(found.stock_days, groups.stocks.keys, days, "days"),
        "output": _daily(found.output_share, layout.sectors, days, "share of base"),
        "stoppages": _stoppages(found, layout, days),
        "shortages": _shortages(found, groups, months),
        "permits": _permits(found, layout, months),
        "draws": _draws(found, layout, groups, days),
    }
    tables = {name: pd.DataFrame(rows[name]) for name in TABLES}
    # A column of dates or ids that happens to be empty keeps its type.
    for table, columns in _TEXTS.items():
        tables[table] = tables[table].astype(dict.fromkeys(columns, "string"))
    return tables


def _exports(
    found: Collected,
    groups: Groups,
    months: Sequence[str],
    days: Sequence[dt.date],
    as_of: dt.date | None,
) -> list[dict[str, Any]]:
    observed = facts.observed_exports(as_of)
    whole = _whole_months(days)
    rows = []
    for row in long_rows(
        groups.exports.keys,
        ("product", "origin", "destination"),
        months,
        found.flows,
        {"unit": "t"},
    ):
        claim = (
            observed.get((row["product"], row["destination"], row["month"]))
            if row["origin"] == "CHN" and row["month"] in whole
            else None
        )
        rows.append(
            row
            | {
                "observed": None if claim is None else facts.in_tonnes(claim),
                "observed_source": None if claim is None else claim.id,
            }
        )
    return rows


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
) -> list[dict[str, Any]]:
    whole = layout.producers[layout.producers["cover_class"] < 0]
    keys = list(
        zip(groups.producers, whole["stage"].astype(str), whole["country"].astype(str), strict=True)
    )
    return list(
        long_rows(keys, ("producer", "stage", "country"), months, found.activity, {"unit": "t"})
    )


def _daily(
    values: Any, keys: Sequence[tuple[str, ...]], days: Sequence[dt.date], unit: str
) -> list[dict[str, Any]]:
    cuts = np.quantile(np.asarray(values, dtype=float), [0.05, 0.5, 0.95], axis=-1)
    mean = np.asarray(values, dtype=float).mean(axis=-1)
    return [
        {
            "industry": industry,
            "country": country,
            "date": day.isoformat(),
            "unit": unit,
            "p05": float(cuts[0, i, t]),
            "p50": float(cuts[1, i, t]),
            "p95": float(cuts[2, i, t]),
            "mean": float(mean[i, t]),
        }
        for i, (industry, country) in enumerate(keys)
        for t, day in enumerate(days)
    ]


def _stoppages(found: Collected, layout: Layout, days: Sequence[dt.date]) -> list[dict[str, Any]]:
    rows = []
    for i, (industry, country) in enumerate(layout.sectors):
        dates = date_quantiles(found.first_stop[i], days)
        peak, lost = quantiles(found.peak_stopped[i]), quantiles(found.days_lost[i])
        rows.append(
            {
                "industry": industry,
                "country": country,
                **{f"first_stop_{k}": v for k, v in dates.items()},
                "probability": float((found.first_stop[i] >= 0).mean()),
                **{f"peak_share_stopped_{k}": peak[k] for k in ("p50", "p95")},
                **{f"days_lost_{k}": lost[k] for k in ("p50", "p95")},
            }
        )
    return rows


def _shortages(found: Collected, groups: Groups, months: Sequence[str]) -> list[dict[str, Any]]:
    planned = found.planned
    share = np.divide(found.unmet, planned, out=np.zeros_like(planned), where=planned > 0)
    rows = []
    for i, (element, country, scope) in enumerate(groups.shortages.keys):
        for m, month in enumerate(months):
            rows.append(
                {
                    "element": element,
                    "country": country,
                    "month": month,
                    "scope": scope,
                    **{f"share_unmet_{k}": v for k, v in quantiles(share[i, m]).items()},
                    **{
                        f"unmet_tonne_days_{k}": v
                        for k, v in quantiles(found.late_tonne_days[i, m]).items()
                    },
                }
            )
    return rows


def _permits(found: Collected, layout: Layout, months: Sequence[str]) -> list[dict[str, Any]]:
    rows = []
    for i, item in enumerate(layout.classes):
        for m, month in enumerate(months):
            rows.append(
                {
                    "origin": item.origin,
                    "destination": item.destination,
                    "use": item.use,
                    "goods": item.goods,
                    "month": month,
                    **{f"open_share_{k}": v for k, v in quantiles(found.open_share[i, m]).items()},
                    # Look-alikes need no licence: nothing of theirs ships under one.
                    **{
                        f"licensed_t_{k}": None if item.goods == "lookalike" else v
                        for k, v in quantiles(found.licensed[i, m]).items()
                    },
                }
            )
    return rows


def _draws(
    found: Collected, layout: Layout, groups: Groups, days: Sequence[dt.date]
) -> list[dict[str, Any]]:
    """Per draw: days lost and peak by industry and country, tonne-days unmet by country."""
    rows = []
    first, dates = found.first_stop, [day.isoformat() for day in days]
    tonne_days = found.late_tonne_days.sum(axis=1)
    totals: dict[tuple[str, str], Any] = {}
    for i, (_, country, scope) in enumerate(groups.shortages.keys):
        totals[country, scope] = totals.get((country, scope), 0.0) + tonne_days[i]
    for draw in range(found.days_lost.shape[-1]):
        for i, (industry, country) in enumerate(layout.sectors):
            rows.append(
                {
                    "draw": draw,
                    "country": country,
                    "what": industry,
                    "first_stop": None if first[i, draw] < 0 else dates[first[i, draw]],
                    "days_lost": float(found.days_lost[i, draw]),
                    "peak_share_stopped": float(found.peak_stopped[i, draw]),
                    "unmet_tonne_days": None,
                }
            )
        for (country, scope), values in totals.items():
            rows.append(
                {
                    "draw": draw,
                    "country": country,
                    "what": scope,
                    "first_stop": None,
                    "days_lost": None,
                    "peak_share_stopped": None,
                    "unmet_tonne_days": float(values[draw]),
                }
            )
    return rows
