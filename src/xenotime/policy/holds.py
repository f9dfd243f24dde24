"""Customs holds on goods that are not controlled but look as if they were."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["pass_share"]

Array = NDArray[np.float64]


def pass_share(
    days: int,
    *,
    start: int,
    held: Array,
    ramp_days: Array,
    hold_days: Array,
    release_days: Array,
) -> Array:
    """Share of look-alike goods that customs let pass, by day and draw.

    Holds build up over `ramp_days` after the control starts, stay at `held` until `hold_days`
    after the start, and then fade exponentially with mean `release_days` as composition
    certificates are accepted (holds of one to two months were reported in 2025).

    Parameters
    ----------
    days
        Length of the period.
    start
        Index of the day on which the control takes effect (at or after `days`: no hold).
    held
        Share held at the height, shape (draws,), each in [0, 1].
    ramp_days, hold_days, release_days
        Times in days, shape (draws,).

    Returns
    -------
    ndarray, shape (days, draws), 1 where everything passes.

    >>> one = np.ones(1)
    >>> share = pass_share(
    ...     100, start=10, held=0.8 * one, ramp_days=5 * one, hold_days=30 * one,
    ...     release_days=10 * one,
    ... )
    >>> [round(float(share[d, 0]), 2) for d in (0, 10, 15, 39, 60)]
    [1.0, 1.0, 0.2, 0.2, 0.89]
    """
    elapsed = np.arange(days, dtype=float)[:, None] - start
    rise = np.clip(elapsed / ramp_days, 0.0, 1.0)
    fall = np.exp(-np.maximum(elapsed - hold_days, 0.0) / release_days)
    share: Array = 1.0 - held * np.where(elapsed < 0, 0.0, rise * fall)
    return share
