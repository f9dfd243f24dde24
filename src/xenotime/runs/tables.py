"""Result tables: distributions over draws as long tables, one row per named cell."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["date_quantiles", "month_names", "quantiles"]

Array = NDArray[np.float64]
LEVELS = {"p05": 0.05, "p50": 0.50, "p95": 0.95}


def quantiles(values: NDArray[Any]) -> dict[str, float]:
    """Take the 5, 50 and 95 % quantiles and the mean over draws.

    >>> quantiles(np.array([1.0, 2.0, 3.0]))["p50"]
    2.0
    """
    numbers = np.asarray(values, dtype=float)
    cuts = np.quantile(numbers, list(LEVELS.values()))
    return {n: float(c) for n, c in zip(LEVELS, cuts, strict=True)} | {
        "mean": float(numbers.mean())
    }


def date_quantiles(first: NDArray[np.int64], days: Sequence[dt.date]) -> dict[str, str | None]:
    """Quantiles of a first date over all draws; None where that quantile never comes.

    Parameters
    ----------
    first
        Index of the day by draw, -1 where it never comes.
    days
        Calendar days of the run.

    >>> days = [dt.date(2025, 5, 1), dt.date(2025, 5, 2)]
    >>> date_quantiles(np.array([0, 1, -1, -1]), days)
    {'p05': '2025-05-01', 'p50': '2025-05-02', 'p95': None}
    """
    order = np.sort(np.where(first < 0, len(days), first))
    result: dict[str, str | None] = {}
    for name, level in LEVELS.items():
        index = int(order[max(0, math.ceil(level * len(order)) - 1)])
        result[name] = days[index].isoformat() if index < len(days) else None
    return result


def month_names(days: Sequence[dt.date]) -> list[str]:
    """Months of a run in order, as ``YYYY-MM``.

    >>> month_names([dt.date(2025, 1, 31), dt.date(2025, 2, 1)])
    ['2025-01', '2025-02']
    """
    return list(dict.fromkeys(f"{d:%Y-%m}" for d in days))


def long_rows(
    keys: Sequence[tuple[str, ...]],
    names: Sequence[str],
    months: Sequence[str],
    values: Array,
    extra: dict[str, Any],
) -> Iterator[dict[str, Any]]:
    """Rows with quantiles for (group, month, draw) values, in the order of the groups."""
    for index, key in enumerate(keys):
        for month, cell in zip(months, values[index], strict=True):
            yield {**dict(zip(names, key, strict=True)), "month": month, **extra, **quantiles(cell)}
