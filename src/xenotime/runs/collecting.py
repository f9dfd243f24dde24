"""Gather blocks of draws: the reduced results of the engine, joined along the draw axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from xenotime.engine.chain.ledger import mass_balance

if TYPE_CHECKING:
    from xenotime.engine.chain.outcome import ChainOutcome
    from xenotime.runs.compiling import Block

__all__ = ["Collected", "join", "reduce_block"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Collected:
    """Results of a block of draws (draws last); see `ChainOutcome` for units."""

    flows: Array
    activity: Array
    output_share: NDArray[np.float32]
    first_stop: NDArray[np.int64]
    peak_stopped: Array
    days_lost: Array
    unmet: Array
    planned: Array
    late_tonne_days: Array
    stock_days: NDArray[np.float32]
    open_share: Array
    licensed: Array
    quota_used: Array
    supplied: Array
    balance_error: Array
    clipped: NDArray[np.int64]
    violations: NDArray[np.int64]


def reduce_block(block: Block, outcome: ChainOutcome) -> Collected:
    """Keep what the tables need; check the ledgers before they are dropped."""
    months = block.arrays.month_of_day
    use = block.stock_use[:, None, :]
    stock = np.asarray(outcome.stock_daily, dtype=float)
    return Collected(
        flows=outcome.flows,
        activity=outcome.activity,
        output_share=outcome.output_share_daily,
        first_stop=outcome.first_stop,
        peak_stopped=outcome.peak_stopped,
        days_lost=outcome.days_lost,
        unmet=outcome.unmet,
        planned=outcome.planned,
        late_tonne_days=outcome.late_tonne_days,
        stock_days=np.divide(stock, use, out=np.zeros_like(stock), where=use > 0).astype(
            np.float32
        ),
        open_share=np.stack(
            [
                block.permits.open_share[:, months == m, :].mean(axis=1, dtype=float)
                for m in range(int(months.max()) + 1)
            ],
            axis=1,
        ),
        licensed=outcome.used,
        quota_used=outcome.quota_used,
        supplied=outcome.supplied,
        balance_error=mass_balance(block.arrays, outcome),
        clipped=outcome.clipped,
        violations=outcome.violations,
    )


def join(blocks: Sequence[Collected]) -> Collected:
    """Join blocks in the order of their draws."""
    return Collected(
        *(np.concatenate([getattr(b, f.name) for b in blocks], axis=-1) for f in fields(Collected))
    )
