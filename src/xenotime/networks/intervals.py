"""Which points of the ensemble bound an interval, and how many members one needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from xenotime.networks.structure import ProductionNetwork

__all__ = ["HIGH", "LEAST_MEMBERS", "LOW", "without_thin_intervals"]

LOW, HIGH = 0.1, 0.9
"""Points of the ensemble at which intervals end."""

LEAST_MEMBERS = 8
"""Of fewer members the 10 and 90 % points are little more than their smallest and largest."""

_ENDS = ("low", "high", "hhi_low", "hhi_high")


def without_thin_intervals(table: pd.DataFrame, network: ProductionNetwork) -> pd.DataFrame:
    """Blank the intervals of a table where the ensemble is too small to have any.

    Parameters
    ----------
    table
        With any of the columns `low`, `high`, `hhi_low` and `hhi_high`.
    network
        The network that it was made from.

    Examples
    --------
    >>> from xenotime.networks.precedent import build_precedent
    >>> network = build_precedent(2010, members=2).network
    >>> bool(without_thin_intervals(network.flow_basis, network)["low"].isna().all())
    True
    """
    if network.ensemble["member"].nunique() >= LEAST_MEMBERS:
        return table
    return table.assign(**{name: float("nan") for name in _ENDS if name in table})
