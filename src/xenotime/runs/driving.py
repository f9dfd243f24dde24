"""What moves a number: rank correlation with everything that a run has drawn."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["FEWEST_DRAWS", "Driver", "drivers", "explained_together"]

FEWEST_DRAWS = 16
"""Below this many draws a rank correlation says next to nothing and is not given."""


@dataclass(frozen=True, slots=True)
class Driver:
    """One thing that a run draws, and how much a number follows it.

    `rank_correlation` is Spearman's; `standard_error` that of the correlation,
    sqrt((1 - r^2) / (n - 2)); `share_explained` its square: the share of the variance of the
    number's ranks that goes along with it.
    """

    name: str
    kind: str
    rank_correlation: float
    standard_error: float
    share_explained: float


def drivers(number: Array, drawn: Mapping[str, tuple[str, Array]]) -> tuple[Driver, ...]:
    """Rank correlation of a number with each thing drawn, strongest first.

    Parameters
    ----------
    number
        The number in each draw, shape (draws,).
    drawn
        By name: what kind of thing it is, and its value in each draw. What does not vary is left
        out.

    Returns
    -------
    tuple of Driver
        Empty when the number does not vary, or there are fewer than `FEWEST_DRAWS` draws.

    Notes
    -----
    Spearman's coefficient and its standard error as in Kendall and Gibbons, *Rank Correlation
    Methods*, 5th ed. 1990, with mean ranks for ties.

    Examples
    --------
    >>> x = np.arange(32.0)
    >>> found = drivers(x**3, {"x": ("parameter", x), "still": ("parameter", np.ones(32))})
    >>> [(d.name, d.rank_correlation, d.standard_error) for d in found]
    [('x', 1.0, 0.0)]
    """
    from scipy.stats import rankdata

    count = len(number)
    if count < FEWEST_DRAWS or np.ptp(number) == 0.0:
        return ()
    ranks = rankdata(number)
    found = []
    for name, (kind, values) in drawn.items():
        if np.ptp(values) == 0.0:
            continue
        r = float(np.corrcoef(ranks, rankdata(values))[0, 1])
        r = min(1.0, max(-1.0, round(r, 12)))
        error = math.sqrt((1.0 - r * r) / (count - 2))
        found.append(Driver(name, kind, r, error, r * r))
    return tuple(sorted(found, key=lambda driver: (-driver.share_explained, driver.name)))


def explained_together(number: Array, drawn: Mapping[str, tuple[str, Array]]) -> float | None:
    """Share of the variance of a number's ranks that all things drawn explain together.

    Least squares on ranks, with the adjustment for the number of regressors; None where the draws
    are fewer than twice the regressors, or the number does not vary.

    Examples
    --------
    >>> x, y = np.random.default_rng(1).random((2, 64))
    >>> drawn = {"x": ("parameter", x), "y": ("parameter", y)}
    >>> explained_together(3 * x + y, drawn) > 0.9
    True
    """
    from scipy.stats import rankdata

    varying = [values for _, values in drawn.values() if np.ptp(values) > 0.0]
    count, regressors = len(number), len(varying)
    if count < max(FEWEST_DRAWS, 2 * regressors + 2) or not varying or np.ptp(number) == 0.0:
        return None
    design = np.column_stack([np.ones(count), *(rankdata(values) for values in varying)])
    ranks = rankdata(number)
    left = ranks - design @ np.linalg.lstsq(design, ranks, rcond=None)[0]
    share = 1.0 - float(left @ left) / float(((ranks - ranks.mean()) ** 2).sum())
    adjusted = 1.0 - (1.0 - share) * (count - 1) / (count - regressors - 1)
    return min(1.0, max(0.0, adjusted))
