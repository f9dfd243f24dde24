"""What must hold for the parts that a chain may leave out: quotas and supplies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from xenotime.engine.chain.arrays import ChainArrays

__all__ = ["PARTS", "feed_problems", "more", "part_shapes", "period_problems"]

QUOTAS = {
    "link_quota": "L", "quota_weight": "L", "quota_tonnes": "UTD", "quota_opens": "UT",
    "quota_carry": "U",
}  # fmt: skip
SUPPLIES = {
    "supply_ptr": "N+1", "supply_slot": "X", "supply_level": "X", "supply_daily": "NT",
    "supply_holds": "N", "supply_part": "NT", "supply_replaces": "N",
}  # fmt: skip
PARTS = QUOTAS | SUPPLIES
"""Shapes by letter (`ChainArrays`) of what is given together or not at all."""


def more(count: int) -> str:
    """Say how many more there are of what was named once.

    Examples
    --------
    >>> more(3)
    ' (and 2 more)'
    """
    return f" (and {count - 1} more)" if count > 1 else ""


def part_shapes(arrays: ChainArrays) -> list[str]:
    """List parts that are given in pieces, and pieces that do not fit.

    Parameters
    ----------
    arrays
        A chain whose arrays are of the right kinds.

    Returns
    -------
    list of str
        One line each.
    """
    return [*_shapes(arrays, QUOTAS), *_shapes(arrays, SUPPLIES)]


def _shapes(arrays: ChainArrays, part: dict[str, str]) -> list[str]:
    given = [name for name in part if getattr(arrays, name) is not None]
    if given and len(given) < len(part):
        missing = ", ".join(name for name in part if name not in given)
        return [f"{', '.join(part)} go together: {missing} is None; give all or none"]
    sizes = arrays.sizes
    problems = []
    for name in given:
        letters = part[name]
        shape = np.shape(getattr(arrays, name))
        one_more = letters.endswith("+1")
        wanted = tuple(sizes[i] + one_more for i in letters.removesuffix("+1"))
        if shape != wanted:
            problems.append(f"{name} has shape {shape}, expected {wanted} ({letters})")
    return problems


def feed_problems(arrays: ChainArrays) -> list[str]:
    """List supplies that feed a slot twice, or whose levels do not rise.

    Parameters
    ----------
    arrays
        A chain whose shapes and indices are sound.

    Returns
    -------
    list of str
        One line each.
    """
    pointer, slots, levels = arrays.supply_ptr, arrays.supply_slot, arrays.supply_level
    if pointer is None or slots is None or levels is None:
        return []
    problems = []
    for s in range(len(pointer) - 1):
        feeds = slice(int(pointer[s]), int(pointer[s + 1]))
        slot, count = np.unique(slots[feeds], return_counts=True)
        if (count > 1).any():
            problems.append(
                f"supply {s} feeds slot {slot[count > 1][0]} {count.max()} times; feed it once"
            )
        if (np.diff(levels[feeds]) < 0).any():
            problems.append(f"supply_level of supply {s} falls; sort its feeds by level, 0 first")
    return problems


def period_problems(arrays: ChainArrays) -> list[str]:
    """List quotas whose cumulative volume falls within a period.

    Parameters
    ----------
    arrays
        A chain whose shapes and indices are sound.

    Returns
    -------
    list of str
        One line at most.
    """
    tonnes, opens = arrays.quota_tonnes, arrays.quota_opens
    if tonnes is None or opens is None or tonnes.shape[1] < 2:
        return []
    limited = np.isfinite(tonnes[:, 1:]) & np.isfinite(tonnes[:, :-1])
    falls = np.argwhere(limited & (tonnes[:, 1:] < tonnes[:, :-1]) & ~opens[:, 1:, None])
    if not len(falls):
        return []
    u, t, d = (int(i) for i in falls[0])
    return [
        f"quota_tonnes[{u}, {t + 1}, {d}] falls below an earlier day of its period; volumes are "
        f"cumulative within a period: set quota_opens[{u}, {t + 1}] where one begins"
        + more(len(falls))
    ]
