"""How the kernel sees quotas and supplies: nothing where a chain has none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from xenotime.engine.chain.arrays import ChainArrays, Ints

    Floats = npt.NDArray[Any]

__all__ = ["double", "index", "quota_wiring", "supply_wiring"]


def index(values: Any) -> Ints:
    """Copy into int64, contiguous and owned."""
    return np.array(values, dtype=np.int64, order="C", copy=True)


def double(values: Any) -> Floats:
    """Copy into float64, contiguous and owned."""
    return np.array(values, dtype=np.float64, order="C", copy=True)


def quota_wiring(arrays: ChainArrays, order: Ints) -> dict[str, Any]:
    """Put the quota and weight of links into the kernel's order; first days and carry by quota.

    Parameters
    ----------
    arrays
        The chain, valid.
    order
        The caller's link at each place of the kernel's order.

    Returns
    -------
    dict
        Fields of `layout.Wiring`.
    """
    of_link, weight, carry = arrays.link_quota, arrays.quota_weight, arrays.quota_carry
    opens: Any = arrays.quota_opens
    if of_link is None or weight is None or opens is None or carry is None:
        of_link, weight = np.full(len(order), -1), np.zeros(len(order))
        opens, carry = np.zeros((0, len(arrays.month_of_day))), np.zeros(0)
    quotas = index(of_link[order])
    return {
        "link_quota": quotas,
        "quoted": index(np.flatnonzero(quotas >= 0)),
        "quota_weight": double(weight[order]),
        "quota_opens": index(opens),
        "quota_carry": double(carry),
    }


def supply_wiring(arrays: ChainArrays) -> dict[str, Any]:
    """Index the feeds of supplies, what they offer by day, and the slots whose orders they replace.

    Parameters
    ----------
    arrays
        The chain, valid.

    Returns
    -------
    dict
        Fields of `layout.Wiring`.
    """
    days = len(arrays.month_of_day)
    replaceable = np.zeros(len(arrays.essentiality), np.int64)
    pointer, slot, level = arrays.supply_ptr, arrays.supply_slot, arrays.supply_level
    daily, holds, part = arrays.supply_daily, arrays.supply_holds, arrays.supply_part
    replaces: Any = arrays.supply_replaces
    if slot is None or pointer is None:
        none = np.zeros(0, np.int64)
        pointer, slot, level, holds, replaces = np.zeros(1, np.int64), none, none, np.zeros(0), none
        daily = part = np.zeros((0, days))
    else:
        replaceable[slot[np.repeat(replaces, np.diff(pointer))]] = 1
    return {
        "supply_ptr": index(pointer),
        "supply_slot": index(slot),
        "supply_user": index(arrays.in_producer[slot]),
        "supply_level": index(level),
        "supply_daily": double(daily),
        "supply_holds": double(holds),
        "supply_part": double(part),
        "supply_replaces": index(replaces),
        "replaceable": replaceable,
    }
