"""Curves of a sweep: what is lost and what stops at each value, over the draws."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from xenotime.runs.tables import date_quantiles, quantiles

if TYPE_CHECKING:
    from xenotime.runs.points import Found, Points

__all__ = ["LEVELS", "export_curves", "stop_curves"]

Array = NDArray[np.float64]
LEVELS = {"p10": 0.1, "p50": 0.5, "p90": 0.9}


def export_curves(work: Points, found: Sequence[Found], by: str | None) -> list[dict[str, Any]]:
    """Tell exports and what is lost of them (against base, the smallest value) by value and cell.

    Losses are differences draw by draw (t); a share is of the base exports of the draw.
    """
    chosen = [i for i, key in enumerate(work.keys) if by is not None or key[2] == "WLD"]
    rows = []
    for value, point in zip(work.axis.values, found, strict=True):
        lost = point.base - point.exported
        share = np.divide(lost, point.base, out=np.zeros_like(lost), where=point.base > 0)
        more = found[0].exported - point.exported
        parts = {
            "exported": point.exported,
            "lost_against_base": lost,
            "share_of_base_lost": share,
            "lost_against_smallest": more,
        }
        bands = {name: quantiles(values, levels=LEVELS) for name, values in parts.items()}
        for i in chosen:
            product, origin, destination = work.keys[i]
            rows.append(
                {
                    "value": value,
                    "label": work.axis.label(value),
                    "product": product,
                    "origin": origin,
                    "destination": destination,
                    "unit": "t",
                    **{
                        name: {level: float(cut[i]) for level, cut in band.items()}
                        for name, band in bands.items()
                    },
                }
            )
    return rows


def stop_curves(work: Points, found: Sequence[Found], by: str | None) -> list[dict[str, Any]]:
    """Tell in what share of draws an industry stops, when it first does, and what it loses.

    By value and cell. Days lost are days of the base output of the cell. `WLD` is the first country
    of them all, and the days of their output together. Industries that stop at no value are left
    out.
    """
    sectors = work.layout.sectors
    industries = sorted({industry for industry, _ in sectors})
    members = {
        (name, "WLD"): [i for i, (industry, _) in enumerate(sectors) if industry == name]
        for name in industries
    }
    if by is not None:
        members.update({key: [i] for i, key in enumerate(sectors)})
    firsts = [
        np.stack([_earliest(point.first_stop[rows]) for rows in members.values()])
        if members
        else np.zeros((0, point.first_stop.shape[-1]), np.int64)
        for point in found
    ]
    stops = np.any([first >= 0 for first in firsts], axis=(0, 2)) if members else np.zeros(0, bool)
    rows = []
    for value, first, point in zip(work.axis.values, firsts, found, strict=True):
        dates = date_quantiles(first, work.days, levels=LEVELS)
        for i, (industry, country) in enumerate(members):
            if stops[i]:
                held = members[industry, country]
                base = point.sector_base[held]
                lost = quantiles(_together(point.days_lost[held], base), levels=LEVELS)
                rows.append(
                    {
                        "value": value,
                        "label": work.axis.label(value),
                        "industry": industry,
                        "country": country,
                        "probability": float((first[i] >= 0).mean()),
                        "first_stop": {level: dates[level][i] for level in LEVELS},
                        "days_lost": {name: float(days) for name, days in lost.items()},
                        "base_t_per_day": float(base.sum(axis=0).mean()),
                    }
                )
    return rows


def _together(days_lost: Array, base: Array) -> Array:
    """Days that several rows lose of their output together; of one row, its own."""
    if len(days_lost) == 1:
        alone: Array = days_lost[0]
        return alone
    whole, lost = base.sum(axis=0), (days_lost * base).sum(axis=0)
    together: Array = np.divide(lost, whole, out=np.zeros_like(lost), where=whole > 0)
    return together


def _earliest(first_stop: NDArray[np.int64]) -> NDArray[np.int64]:
    """First day on which one of several rows stops; -1 where none does."""
    never = np.iinfo(np.int64).max
    day = np.where(first_stop < 0, never, first_stop).min(axis=0)
    return np.where(day == never, -1, day)
