"""Result tables: distributions over draws as long tables, one row per named cell."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["date_quantiles", "long_frame", "month_names", "quantiles"]

Array = NDArray[np.float64]
LEVELS = {"p05": 0.05, "p50": 0.50, "p95": 0.95}


def quantiles(
    values: NDArray[Any], prefix: str = "", *, levels: Mapping[str, float] = LEVELS
) -> dict[str, Array]:
    """Take quantiles (5, 50 and 95 %) and the mean over the last axis, the draws.

    Parameters
    ----------
    values
        Shape (..., draws).
    prefix
        Put before the names, e.g. ``"days_lost_"``.
    levels
        Names and levels of other quantiles.

    Returns
    -------
    dict of ndarray
        Name -> shape (...).

    >>> {name: float(value) for name, value in quantiles(np.array([1.0, 2.0, 6.0])).items()}
    {'p05': 1.1, 'p50': 2.0, 'p95': 5.6, 'mean': 3.0}
    """
    numbers = np.asarray(values, dtype=float)
    cuts = np.quantile(numbers, list(levels.values()), axis=-1)
    named = {**dict(zip(levels, cuts, strict=True)), "mean": numbers.mean(axis=-1)}
    return {f"{prefix}{name}": np.asarray(value) for name, value in named.items()}


def date_quantiles(
    first: NDArray[np.int64], days: Sequence[dt.date], *, levels: Mapping[str, float] = LEVELS
) -> dict[str, list[str | None]]:
    """Quantiles of first dates over all draws; None where that quantile never comes.

    Parameters
    ----------
    first
        Index of the day, -1 where it never comes; shape (rows, draws).
    days
        Calendar days of the run.
    levels
        Names and levels of other quantiles.

    >>> days = [dt.date(2025, 5, 1), dt.date(2025, 5, 2)]
    >>> date_quantiles(np.array([[0, 1, -1, -1]]), days)
    {'p05': ['2025-05-01'], 'p50': ['2025-05-02'], 'p95': [None]}
    """
    order = np.sort(np.where(first < 0, len(days), first), axis=-1)
    draws = order.shape[-1]
    names = [*(day.isoformat() for day in days), None]
    return {
        name: [names[i] for i in order[:, max(0, math.ceil(level * draws) - 1)]]
        for name, level in levels.items()
    }


def month_names(days: Sequence[dt.date]) -> list[str]:
    """Months of a run in order, as ``YYYY-MM``.

    >>> month_names([dt.date(2025, 1, 31), dt.date(2025, 2, 1)])
    ['2025-01', '2025-02']
    """
    return list(dict.fromkeys(f"{d:%Y-%m}" for d in days))


def long_frame(
    keys: Sequence[tuple[str, ...]],
    names: Sequence[str],
    times: Sequence[str],
    columns: Mapping[str, Any],
    *,
    time: str = "month",
) -> pd.DataFrame:
    """Lay (group, time) cells out as a long table, in the order of the groups.

    Parameters
    ----------
    keys, names
        Keys of the groups, and the columns that hold them.
    times
        Months or days; the column that holds them is called `time`.
    columns
        Name -> a value for all rows, or an array of shape (groups, times).

    >>> long_frame([("Dy", "USA")], ("element", "country"), ["2025-05"], {"p50": np.ones((1, 1))})
      element country    month  p50
    0      Dy     USA  2025-05  1.0
    """
    import pandas as pd

    parts = list(zip(*keys, strict=True)) if keys else [()] * len(names)
    return pd.DataFrame(
        {
            **{
                name: np.repeat(np.array(part, dtype=object), len(times))
                for name, part in zip(names, parts, strict=True)
            },
            time: np.tile(np.array(times, dtype=object), len(keys)),
            **{
                name: value.reshape(-1) if isinstance(value, np.ndarray) else value
                for name, value in columns.items()
            },
        }
    )
