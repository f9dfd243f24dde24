"""What a run of a chain leaves behind: monthly and daily results, and the ledgers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from xenotime.engine.chain.rules import Precision

    Doubles = npt.NDArray[np.float64]
    Singles = npt.NDArray[np.float32]
    Counts = npt.NDArray[np.int64]


class TileResults(NamedTuple):
    """Result arrays of one tile of draws; same names and meaning as `ChainOutcome`."""

    flows: Doubles
    activity: Doubles
    output_share_daily: Singles
    stopped_share_daily: Singles
    first_stop: Counts
    peak_stopped: Doubles
    days_lost: Doubles
    unmet: Doubles
    planned: Doubles
    late_tonne_days: Doubles
    stock_daily: Singles
    used: Doubles
    quota_used: Doubles
    supplied: Doubles
    released: Doubles
    produced: Doubles
    consumed: Doubles
    discarded: Doubles
    shipped: Doubles
    activity_total: Doubles
    final_stock_in: Doubles
    final_stock_out: Doubles
    final_transit: Doubles
    clipped: Counts
    violations: Counts


@dataclass(frozen=True, slots=True)
class ChainOutcome:
    """Results of `simulate`, draws last. Tonnes, days or shares.

    Attributes
    ----------
    flows : (G, M, D)
        Weighted shipments of each flow group by month, t.
    activity : (A, M, D)
        Activity of each activity group by month, t of activity.
    output_share_daily : (S, T, D) float32
        Output of the sector as a share of what it wanted to make that day.
    stopped_share_daily : (S, T, D) float32
        Share of the sector's base output whose producers are stopped.
    first_stop : (S, D) int
        First day with at least a hundredth of base output stopped; -1 never.
    peak_stopped : (S, D)
        Largest stopped share.
    days_lost : (S, D)
        Sum over days of output wanted and not made, in days of base output.
    sector_base : (S, D)
        Base activity of the sector, t/day.
    unmet, planned : (H, M, D)
        Weighted use that the wanted activity asked for and the stock did not hold, and the use
        asked for, t. An input that lies idle because another one lacks is not unmet.
    late_tonne_days : (H, M, D)
        Sum over days of the weighted goods that suppliers owe (planned, ordered, not shipped) and
        that stock and pipeline still lack against their target.
    stock_daily : (Q, T, D) float32
        Weighted input stocks at the end of each day, t.
    used : (C, M, D)
        Tonnes shipped on links of the class from `volume_from` on.
    quota_used : (U, M, D)
        Weighted tonnes that shipments counted against the quota.
    supplied : (N, M, D)
        Tonnes that each supply gave.
    produced, discarded, final_stock_out : (O, D)
        Ledgers of output slots, t.
    released, consumed, final_stock_in : (K, D)
        Ledgers of input slots, t; `released` is what came from outside the links.
    shipped, final_transit : (L, D)
        Ledgers of links, t.
    activity_total : (P, D)
        Activity over the whole run, t of activity.
    clipped, violations : (D,) int
        Stocks below zero by rounding (set to zero), and by more than rounding (must be 0).
    dtype, backend
        Precision of the state and who computed it.
    """

    flows: Doubles
    activity: Doubles
    output_share_daily: Singles
    stopped_share_daily: Singles
    first_stop: Counts
    peak_stopped: Doubles
    days_lost: Doubles
    sector_base: Doubles
    unmet: Doubles
    planned: Doubles
    late_tonne_days: Doubles
    stock_daily: Singles
    used: Doubles
    quota_used: Doubles
    supplied: Doubles
    released: Doubles
    produced: Doubles
    consumed: Doubles
    discarded: Doubles
    shipped: Doubles
    activity_total: Doubles
    final_stock_in: Doubles
    final_stock_out: Doubles
    final_transit: Doubles
    clipped: Counts
    violations: Counts
    dtype: Precision
    backend: str


def empty_results(sizes: dict[str, int], draws: int) -> TileResults:
    """Make zeroed result arrays.

    Parameters
    ----------
    sizes
        `ChainArrays.sizes`.
    draws
        Number of draws, the last axis.

    Returns
    -------
    TileResults
        `first_stop` is -1 everywhere, everything else 0.

    Examples
    --------
    >>> sizes = dict.fromkeys("POKLCTDRMGASHQUN", 2)
    >>> empty_results(sizes, 3).flows.shape
    (2, 2, 3)
    """

    def zeros(letters: str, dtype: Any = np.float64) -> Any:
        return np.zeros((*(sizes[letter] for letter in letters), draws), dtype)

    return TileResults(
        flows=zeros("GM"),
        activity=zeros("AM"),
        output_share_daily=zeros("ST", np.float32),
        stopped_share_daily=zeros("ST", np.float32),
        first_stop=np.full((sizes["S"], draws), -1, np.int64),
        peak_stopped=zeros("S"),
        days_lost=zeros("S"),
        unmet=zeros("HM"),
        planned=zeros("HM"),
        late_tonne_days=zeros("HM"),
        stock_daily=zeros("QT", np.float32),
        used=zeros("CM"),
        quota_used=zeros("UM"),
        supplied=zeros("NM"),
        released=zeros("K"),
        produced=zeros("O"),
        consumed=zeros("K"),
        discarded=zeros("O"),
        shipped=zeros("L"),
        activity_total=zeros("P"),
        final_stock_in=zeros("K"),
        final_stock_out=zeros("O"),
        final_transit=zeros("L"),
        clipped=zeros("", np.int64),
        violations=zeros("", np.int64),
    )
