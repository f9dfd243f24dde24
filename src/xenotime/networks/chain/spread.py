"""Spread row and column totals over a table in proportion to weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Table = NDArray[np.float64]

__all__ = ["fit_margins"]

ROUNDS = 40


def fit_margins(weights: Table, rows: Table, columns: Table) -> Table:
    """Scale the rows and columns of a table until they sum to given totals.

    Iterative proportional fitting (Deming and Stephan 1940). Columns are scaled to the total of
    the rows first. Where weights are zero the result is; totals that zeros make unreachable are
    met as nearly as the last round leaves them.

    Parameters
    ----------
    weights
        Non-negative table (n, m).
    rows, columns
        Totals (n) and (m), in one unit.

    Returns
    -------
    array
        A table (n, m) in the unit of the totals.

    Examples
    --------
    >>> import numpy as np
    >>> fit_margins(np.ones((2, 2)), np.array([1.0, 3.0]), np.array([2.0, 2.0])).tolist()
    [[0.5, 0.5], [1.5, 1.5]]
    """
    table = weights.astype(np.float64)
    total = rows.sum()
    if total <= 0.0 or columns.sum() <= 0.0:
        return np.zeros_like(table)
    wanted = columns * (total / columns.sum())
    for _ in range(ROUNDS):
        table *= _ratio(rows, table.sum(axis=1))[:, None]
        table *= _ratio(wanted, table.sum(axis=0))[None, :]
    return table


def _ratio(wanted: Table, have: Table) -> Table:
    return np.divide(wanted, have, out=np.zeros_like(have), where=have > 0.0)
