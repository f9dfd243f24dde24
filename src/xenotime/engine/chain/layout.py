"""How the kernel sees a chain: links sorted by receiver, one contiguous block per tile of draws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from xenotime.engine.chain.optional import double, index, quota_wiring, supply_wiring
from xenotime.engine.chain.rules import (
    FIRST_STOP_SHARE,
    ON_TARGET,
    OWED_FLOOR_DAYS,
    ROUND_OFF,
    STOP_BELOW,
    STOP_DAYS,
)

if TYPE_CHECKING:
    import numpy.typing as npt

    from xenotime.engine.chain.arrays import ChainArrays, Ints
    from xenotime.engine.chain.rules import Precision

    Floats = npt.NDArray[Any]


class Wiring(NamedTuple):
    """Integer structure, the same for every tile. Link ids are positions in the kernel's order."""

    out_ptr: Ints
    in_ptr: Ints
    is_final: Ints
    producer_demand: Ints
    activity_group: Ints
    producer_sector: Ints
    sector_parent: Ints
    essentiality: Ints
    priority_rationing: Ints
    discardable: Ints
    out_link_ptr: Ints  # output slot -> places in out_link
    out_link: Ints  # links of an output slot, by priority
    out_priority: Ints  # priority of each place
    in_link_ptr: Ints  # input slot -> links (contiguous)
    link_class: Ints
    transit: Ints
    ring_start: Ints  # row of the link's first cell
    ring_step: Ints  # rows between its cells
    controlled: Ints  # links with a class
    link_group_ptr: Ints  # link -> flow groups
    link_group: Ints
    link_group_weight: Floats
    shortage_ptr: Ints
    shortage_group: Ints
    shortage_weight: Floats
    stock_ptr: Ints
    stock_group: Ints
    stock_weight: Floats
    validity: Ints
    volume_from: Ints
    month_of_day: Ints
    link_quota: Ints
    quoted: Ints  # links with a quota
    quota_weight: Floats  # (L,) float64
    quota_opens: Ints  # (U, T)
    quota_carry: Floats  # (U,) float64
    supply_ptr: Ints  # supply -> feeds
    supply_slot: Ints
    supply_user: Ints  # producer of the slot
    supply_level: Ints
    supply_daily: Floats  # (N, T) float64
    supply_holds: Floats  # (N,) float64
    supply_part: Floats  # (N, T) float64
    supply_replaces: Ints
    replaceable: Ints  # (K,) whether a supply replaces orders of the slot


class Levels(NamedTuple):
    """Levels and policy of one tile, in the precision of the state, draws last."""

    base_activity: Floats
    headroom: Floats
    in_coef: Floats
    out_coef: Floats
    discard_share: Floats
    base_flow: Floats
    tolerance: Floats
    target_in: Floats
    target_out: Floats
    value_weight: Floats
    adjust_in: Floats
    adjust_out: Floats
    cap_multiple: Floats
    granted: Floats
    quota_tonnes: Floats
    demand_index: Floats  # (R, T)
    capacity_loss: Floats  # (P, T) or (0, T)
    sector_base: Floats  # (S, n) float64


class State(NamedTuple):
    """What the chain remembers from one day to the next, and the day's working rows."""

    stock_in: Floats  # (K, n) float64: stocks add up rounding over the days, flows do not
    stock_out: Floats  # (O, n) float64
    pipeline: Floats  # (K, n) float64, goods in transit to the slot
    base_pipeline: Floats  # (K, n) float64
    ring: Floats  # (cells, n)
    flow: Floats  # (L, n) order, then request, then shipment, then the next order
    owed: Floats  # (L, n) ordered by plan and not shipped
    grow: Floats  # (K, n) share of the plan that was ordered; below 1 while stocks are too high
    permit_used: Floats  # (C, n) float64
    permit_lapsed: Floats  # (C, n) float64
    low_days: Ints  # (P, n) consecutive days below the stop share
    activity: Floats  # (P, n) of the day
    class_total: Floats  # (C, n) float64
    class_capped: Ints  # (C,) draws with a cap today
    class_limited: Ints  # (C,) draws with a volume limit today
    quota_used: Floats  # (U, n) float64, counted in the period
    quota_carried: Floats  # (U, n) float64, brought over from the last period
    quota_total: Floats  # (U, n) float64
    supply_given: Floats  # (N, n) float64, given so far
    supply_wish: Floats  # (X, n) float64
    replaced: Floats  # (K, n) float64 came today instead of orders; (0, n) without supplies
    asked: Floats  # (O, n) requests on the slot
    row: Floats  # (4, n) scratch
    wide: Floats  # (2, n) float64 scratch
    month_mark: Floats  # (L, n) float64, shipped up to the end of the last month
    sector_made: Floats  # (S, n) float64
    sector_wanted: Floats
    sector_stopped: Floats


class Constants(NamedTuple):
    """Scalars of the rules; those that meet state arrays have the state's precision."""

    zero: Any
    one: Any
    on_target: Any
    owed_floor: Any
    round_off: Any
    stop_below: float
    stop_days: int
    first_stop_share: float
    detail: bool  # shortages, stocks by day and activity are entered, too


class LinkOrder(NamedTuple):
    """`order[i]` is the caller's link at the kernel's place i; `place` is its inverse."""

    order: Ints
    place: Ints


def link_order(arrays: ChainArrays) -> LinkOrder:
    """Sort links by receiving slot, so that the heaviest pass of a day streams through memory.

    Parameters
    ----------
    arrays
        The chain.

    Returns
    -------
    LinkOrder
        Stable: links of a slot keep their order.
    """
    order = np.argsort(arrays.link_in, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return LinkOrder(order, place)


def wiring(arrays: ChainArrays, links: LinkOrder) -> Wiring:
    """Index the structure for the kernel.

    Parameters
    ----------
    arrays
        The chain, valid.
    links
        From `link_order`.

    Returns
    -------
    Wiring
        int64 indices and float64 weights, contiguous, owned.
    """
    sizes = arrays.sizes
    order = links.order
    transit = index(arrays.link_transit[order])
    classes = index(arrays.link_class[order])
    out_slot = arrays.link_out[order]
    priority = arrays.link_priority[order]
    by_output = np.lexsort((order, priority, out_slot))
    start, step = _ring_cells(transit)
    pointer, groups, weights = _groups_of_links(arrays, links)
    has_stocks = arrays.stock_ptr is not None
    return Wiring(
        out_ptr=index(arrays.out_ptr),
        in_ptr=index(arrays.in_ptr),
        is_final=index(arrays.is_final),
        producer_demand=index(arrays.producer_demand),
        activity_group=index(arrays.activity_group),
        producer_sector=index(arrays.producer_sector),
        sector_parent=index(parents(arrays)),
        essentiality=index(arrays.essentiality),
        priority_rationing=index(arrays.priority_rationing),
        discardable=index(arrays.discardable),
        out_link_ptr=_pointer(out_slot, sizes["O"]),
        out_link=index(by_output),
        out_priority=index(priority[by_output]),
        in_link_ptr=_pointer(arrays.link_in, sizes["K"]),
        link_class=classes,
        transit=transit,
        ring_start=start,
        ring_step=step,
        controlled=index(np.flatnonzero(classes >= 0)),
        link_group_ptr=pointer,
        link_group=groups,
        link_group_weight=weights,
        shortage_ptr=index(arrays.shortage_ptr),
        shortage_group=index(arrays.shortage_group),
        shortage_weight=double(arrays.shortage_weight),
        stock_ptr=index(arrays.stock_ptr if has_stocks else np.zeros(sizes["K"] + 1)),
        stock_group=index(arrays.stock_group if has_stocks else np.zeros(0)),
        stock_weight=double(arrays.stock_weight if has_stocks else np.zeros(0)),
        validity=index(arrays.validity),
        volume_from=index(arrays.volume_from),
        month_of_day=index(arrays.month_of_day),
        **quota_wiring(arrays, links.order),
        **supply_wiring(arrays),
    )


def levels(arrays: ChainArrays, links: LinkOrder, draws: slice, dtype: Precision) -> Levels:
    """Copy the draws of one tile into contiguous blocks.

    Parameters
    ----------
    arrays, links
        The chain and the kernel's order of its links.
    draws
        Which draws.
    dtype
        Precision of the state.

    Returns
    -------
    Levels
        Owned, writeable, C-contiguous (a read-only array would be another type to numba).
    """
    time = np.zeros((0, len(arrays.month_of_day)))
    loss = time if arrays.capacity_loss is None else arrays.capacity_loss
    quota = arrays.quota_tonnes

    def block(values: Floats) -> Floats:
        return np.array(values, dtype=dtype, order="C", copy=True)

    return Levels(
        base_activity=block(arrays.base_activity[:, draws]),
        headroom=block(arrays.headroom[:, draws]),
        in_coef=block(arrays.in_coef[:, draws]),
        out_coef=block(arrays.out_coef[:, draws]),
        discard_share=block(arrays.discard_share[:, draws]),
        base_flow=block(arrays.base_flow[links.order, draws]),
        tolerance=block(arrays.tolerance[:, draws]),
        target_in=block(arrays.target_in[:, draws]),
        target_out=block(arrays.target_out[:, draws]),
        value_weight=block(arrays.value_weight[:, draws]),
        adjust_in=block(arrays.adjust_in[:, draws]),
        adjust_out=block(arrays.adjust_out[:, draws]),
        cap_multiple=block(arrays.cap_multiple[:, :, draws]),
        granted=block(arrays.granted[:, :, draws]),
        quota_tonnes=block(time[:, :, None] if quota is None else quota[:, :, draws]),
        demand_index=block(arrays.demand_index),
        capacity_loss=block(loss),
        sector_base=sector_base(arrays, draws, dtype),
    )


def sector_base(arrays: ChainArrays, draws: slice, dtype: Precision) -> npt.NDArray[np.float64]:
    """Sum base activity by sector, from the values the state's precision holds.

    Parameters
    ----------
    arrays, draws, dtype
        The chain, which draws, and the precision of the state.

    Returns
    -------
    ndarray
        (S, n) float64, t of activity per day.
    """
    base = arrays.base_activity[:, draws].astype(dtype).astype(np.float64)
    total = np.zeros((arrays.sizes["S"], base.shape[1]))
    member = arrays.producer_sector >= 0
    np.add.at(total, arrays.producer_sector[member], base[member])
    part = np.flatnonzero(parents(arrays) >= 0)
    np.add.at(total, parents(arrays)[part], total[part])
    return total


def parents(arrays: ChainArrays) -> Ints:
    """Give the sector that each sector is a part of.

    Parameters
    ----------
    arrays
        The chain.

    Returns
    -------
    ndarray
        (S,) int, -1 for none.
    """
    if arrays.sector_parent is None:
        return np.full(arrays.sizes["S"], -1)
    return arrays.sector_parent


def first_state(net: Wiring, at: Levels, dtype: Precision) -> State:
    """Put a tile at its base: stocks on target, transit full, orders at base flow.

    Parameters
    ----------
    net, at
        Structure and levels.
    dtype
        Precision of the state.

    Returns
    -------
    State
        The morning of day 0.
    """
    n = at.base_activity.shape[1]
    producers, slots_in, slots_out = len(net.is_final), len(at.in_coef), len(at.out_coef)
    classes, sectors, quotas = len(net.validity), len(at.sector_base), len(at.quota_tonnes)
    supplies = len(net.supply_holds)
    ring = np.zeros((int(net.transit.sum()), n), dtype)
    pipeline = np.zeros((slots_in, n))
    receiver = np.repeat(np.arange(slots_in), np.diff(net.in_link_ptr))
    np.add.at(pipeline, receiver, at.base_flow.astype(np.float64) * net.transit[:, None])
    for days in np.unique(net.transit):
        same = np.flatnonzero(net.transit == days)
        for cell in range(days):
            ring[net.ring_start[same] + cell * net.ring_step[same]] = at.base_flow[same]
    return State(
        stock_in=at.target_in.astype(np.float64),
        stock_out=at.target_out.astype(np.float64),
        pipeline=pipeline.copy(),
        base_pipeline=pipeline,
        ring=ring,
        flow=at.base_flow.copy(),
        owed=np.zeros_like(at.base_flow),
        grow=np.ones_like(at.target_in),
        permit_used=np.zeros((classes, n)),
        permit_lapsed=np.zeros((classes, n)),
        low_days=np.zeros((producers, n), np.int32),
        activity=np.zeros((producers, n), dtype),
        class_total=np.zeros((classes, n)),
        class_capped=np.zeros(classes, np.int64),
        class_limited=np.zeros(classes, np.int64),
        quota_used=np.zeros((quotas, n)),
        quota_carried=np.zeros((quotas, n)),
        quota_total=np.zeros((quotas, n)),
        supply_given=np.zeros((supplies, n)),
        supply_wish=np.zeros((len(net.supply_slot), n)),
        replaced=np.zeros((slots_in if supplies else 0, n)),
        asked=np.zeros((slots_out, n), dtype),
        row=np.zeros((4, n), dtype),
        wide=np.zeros((2, n)),
        month_mark=np.zeros((len(net.transit), n)),
        sector_made=np.zeros((sectors, n)),
        sector_wanted=np.zeros((sectors, n)),
        sector_stopped=np.zeros((sectors, n)),
    )


def constants(dtype: Precision, *, detail: bool = True) -> Constants:
    """Type the numbers of the rules.

    Parameters
    ----------
    dtype
        Precision of the state: a float64 literal would widen a float32 loop.
    detail
        Whether shortages, stocks by day and activity are entered: a third of a day's work.

    Returns
    -------
    Constants
        Scalars.
    """
    kind = np.dtype(dtype).type
    return Constants(
        zero=kind(0),
        one=kind(1),
        on_target=kind(ON_TARGET[dtype]),
        owed_floor=kind(OWED_FLOOR_DAYS),
        round_off=kind(ROUND_OFF[dtype]),
        stop_below=STOP_BELOW,
        stop_days=STOP_DAYS,
        first_stop_share=FIRST_STOP_SHARE,
        detail=detail,
    )


def _pointer(slots: Ints, count: int) -> Ints:
    """CSR pointer of entries sorted by slot."""
    return index(np.concatenate(([0], np.cumsum(np.bincount(slots, minlength=count)))))


def _ring_cells(transit: Ints) -> tuple[Ints, Ints]:
    """Rows of the ring buffer: links of equal transit side by side, day after day.

    Each day then reads one stream of rows per distinct transit time instead of one far row per
    link.
    """
    start = np.zeros_like(transit)
    step = np.zeros_like(transit)
    first = 0
    for days in np.unique(transit):
        same = np.flatnonzero(transit == days)
        start[same] = first + np.arange(len(same))
        step[same] = len(same)
        first += days * len(same)
    return start, step


def _groups_of_links(arrays: ChainArrays, links: LinkOrder) -> tuple[Ints, Ints, Floats]:
    """Turn group -> links into link -> groups, in the kernel's order of links."""
    group = np.repeat(np.arange(len(arrays.group_ptr) - 1), np.diff(arrays.group_ptr))
    place = links.place[arrays.group_link]
    by_link = np.argsort(place, kind="stable")
    return (
        _pointer(place, len(links.order)),
        index(group[by_link]),
        double(arrays.group_weight[by_link]),
    )
