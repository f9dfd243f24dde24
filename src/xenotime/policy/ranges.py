"""From a range and a point of the unit interval to a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

if TYPE_CHECKING:
    from xenotime.facts.parameters import Parameter
    from xenotime.facts.priors import Prior

__all__ = ["prior_quantile", "quantile_of"]

Array = NDArray[np.float64]


def quantile_of(parameter: Parameter, u: Array) -> Array:
    """Value of a parameter at points of its distribution function.

    Parameters
    ----------
    parameter
        A parameter whose distribution is not ``fixed``.
    u
        Points inside the unit interval.

    Raises
    ------
    ValueError
        If the distribution is not one of those that are drawn.

    Examples
    --------
    >>> from xenotime import facts
    >>> float(quantile_of(facts.parameters()["filing_lag_days"], np.array([0.5]))[0])
    15.0
    """
    low, mid, high = parameter.low, parameter.mid, parameter.high
    if parameter.distribution == "uniform":
        return low + (high - low) * u
    if parameter.distribution == "triangular":
        peak = (mid - low) / (high - low)
        left = low + np.sqrt(u * (high - low) * (mid - low))
        right = high - np.sqrt((1 - u) * (high - low) * (high - mid))
        return np.where(u < peak, left, right)
    if parameter.distribution == "lognormal":
        return _lognormal(low, mid, high, u, tail=0.05)
    raise ValueError(f"parameter {parameter.name}: unknown distribution {parameter.distribution!r}")


def prior_quantile(prior: Prior, u: Array) -> Array:
    """Value of a prior at points of its distribution function: lognormal about its middle.

    Examples
    --------
    >>> from xenotime import facts
    >>> prior = facts.priors()["prior/licence/easing"]
    >>> [round(float(x), 2) for x in prior_quantile(prior, np.array([0.1, 0.5, 0.9]))]
    [1.1, 1.5, 2.5]
    """
    return _lognormal(prior.low, prior.mid, prior.high, u, tail=0.1)


def _lognormal(low: float, mid: float, high: float, u: Array, *, tail: float) -> Array:
    """Low and high are quantiles at `tail` from either end; the halves may differ."""
    z = ndtri(u)
    ratio = np.where(z < 0, mid / low, high / mid)
    result: Array = mid * ratio ** (z / float(ndtri(1.0 - tail)))
    return result
