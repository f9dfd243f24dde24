"""The smallest chain, a mine and a works: for examples, and to compile the kernel ahead of need."""

from __future__ import annotations

import numpy as np

from xenotime.engine.chain.arrays import ChainArrays


def smallest_chain(
    days: int = 40, *, draws: int = 1, mine_stops_on: int | None = None
) -> ChainArrays:
    """Build a mine that sends a tonne a day to a works, three days away, with ten tonnes in stock.

    Parameters
    ----------
    days, draws
        Length and width of the run.
    mine_stops_on
        Day from which the mine has no capacity; None never.

    Returns
    -------
    ChainArrays
        A sound chain; one flow group, one sector (the works), months of 30 days.

    Examples
    --------
    >>> smallest_chain().sizes["L"]
    1
    """
    one, none = np.ones((1, draws)), np.zeros((1, draws))
    both = np.ones((2, draws))
    loss = np.zeros((2, days))
    if mine_stops_on is not None:
        loss[0, mine_stops_on:] = 1.0
    return ChainArrays(
        out_ptr=np.array([0, 1, 1]),
        in_ptr=np.array([0, 0, 1]),
        link_out=np.array([0]),
        link_in=np.array([0]),
        link_transit=np.array([3]),
        link_class=np.array([-1]),
        link_priority=np.array([0]),
        essentiality=np.array([0]),
        priority_rationing=np.array([False]),
        discardable=np.array([False]),
        is_final=np.array([False, True]),
        producer_demand=np.array([0, 0]),
        base_activity=both,
        headroom=both,
        in_coef=one,
        out_coef=one,
        discard_share=none,
        base_flow=one,
        tolerance=none,
        target_in=10 * one,
        target_out=none,
        value_weight=one,
        adjust_in=5 * both,
        adjust_out=5 * both,
        demand_index=np.ones((1, days)),
        capacity_loss=loss,
        cap_multiple=np.ones((0, days, draws)),
        granted=np.ones((0, days, draws)),
        validity=np.zeros(0, np.int64),
        volume_from=np.zeros(0, np.int64),
        month_of_day=np.arange(days) // 30,
        group_ptr=np.array([0, 1]),
        group_link=np.array([0]),
        group_weight=np.ones(1),
        activity_group=np.array([-1, -1]),
        producer_sector=np.array([-1, 0]),
        shortage_ptr=np.array([0, 1]),
        shortage_group=np.array([0]),
        shortage_weight=np.ones(1),
    )
