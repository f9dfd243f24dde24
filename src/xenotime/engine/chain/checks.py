"""What must hold for the arrays of a chain: shapes, ranges, and a base state that stands still."""

from __future__ import annotations

from dataclasses import fields
from numbers import Integral
from typing import TYPE_CHECKING, Any

import numpy as np

from xenotime.engine.chain.optional_checks import (
    PARTS,
    feed_problems,
    more,
    part_shapes,
    period_problems,
)
from xenotime.engine.chain.rules import IDENTITY

if TYPE_CHECKING:
    from xenotime.engine.chain.arrays import ChainArrays, Floats, Ints
    from xenotime.engine.chain.rules import Precision

_SHAPES = {
    "out_ptr": "P+1", "in_ptr": "P+1",
    "link_out": "L", "link_in": "L", "link_transit": "L", "link_class": "L", "link_priority": "L",
    "essentiality": "K", "priority_rationing": "O", "discardable": "O", "is_final": "P",
    "producer_demand": "P",
    "base_activity": "PD", "headroom": "PD", "in_coef": "KD", "out_coef": "OD",
    "discard_share": "OD", "base_flow": "LD", "tolerance": "KD", "target_in": "KD",
    "target_out": "OD", "value_weight": "OD", "adjust_in": "PD", "adjust_out": "PD",
    "demand_index": "RT", "cap_multiple": "CTD", "granted": "CTD", "validity": "C",
    "volume_from": "C", "month_of_day": "T",
    "activity_group": "P", "producer_sector": "P", "shortage_ptr": "K+1",
}  # fmt: skip

_LISTS = (
    ("group", "group_link", "group_weight", "G"),
    ("shortage", "shortage_group", "shortage_weight", "K"),
    ("stock", "stock_group", "stock_weight", "K"),
)

# name of a stated size: the indices that it covers
_STATED = {
    "activity_groups": "activity_group",
    "sectors": "producer_sector",
    "shortages": "shortage_group",
    "stock_groups": "stock_group",
}

# Results and transit are laid out by these numbers, so one wrong digit would fill the memory.
LARGEST_COUNT = 100_000
LONGEST_TRANSIT = 3_650
_LARGEST_INTEGER = 10**9  # far from where sums of days and priorities overflow

_KINDS = {"Ints": ("iu", "integer"), "Bools": ("b", "bool"), "Floats": ("f", "float")}

# name: (least, most, may be infinite)
_RANGES = {
    "base_activity": (0.0, np.inf, False),
    "headroom": (0.0, np.inf, True),
    "in_coef": (0.0, np.inf, False),
    "out_coef": (0.0, np.inf, False),
    "discard_share": (0.0, 1.0, False),
    "base_flow": (0.0, np.inf, False),
    "tolerance": (0.0, np.nextafter(1.0, 0.0), False),
    "target_in": (0.0, np.inf, False),
    "target_out": (0.0, np.inf, False),
    "value_weight": (0.0, 1.0 + 1e-9, False),
    "adjust_in": (1.0, np.inf, False),
    "adjust_out": (1.0, np.inf, False),
    "demand_index": (0.0, np.inf, False),
    "capacity_loss": (0.0, 1.0, False),
    "cap_multiple": (0.0, np.inf, True),
    "granted": (0.0, np.inf, True),
    "quota_weight": (0.0, np.inf, False),
    "quota_tonnes": (0.0, np.inf, True),
    "quota_carry": (0.0, 1.0, False),
    "supply_daily": (0.0, np.inf, True),
    "supply_holds": (0.0, np.inf, True),
    "supply_part": (0.0, np.inf, True),
    "supply_level": (0, _LARGEST_INTEGER, False),
    "link_transit": (1, LONGEST_TRANSIT, False),
    "link_priority": (0, _LARGEST_INTEGER, False),
    "essentiality": (0, 3, False),
    "validity": (1, _LARGEST_INTEGER, False),
    "volume_from": (-_LARGEST_INTEGER, _LARGEST_INTEGER, False),
    "activity_group": (-1, LARGEST_COUNT - 1, False),
    "producer_sector": (-1, LARGEST_COUNT - 1, False),
    "sector_parent": (-1, LARGEST_COUNT - 1, False),
    "shortage_group": (0, LARGEST_COUNT - 1, False),
    "stock_group": (0, LARGEST_COUNT - 1, False),
    "group_weight": (-np.inf, np.inf, False),
    "shortage_weight": (0.0, np.inf, False),
    "stock_weight": (0.0, np.inf, False),
}


def problems_of(arrays: ChainArrays, *, dtype: Precision = "float64") -> list[str]:
    """List everything that keeps arrays from being a chain.

    Parameters
    ----------
    arrays
        The chain.
    dtype
        Base identities are held to 1e-9 relative for float64 and 1e-5 for float32.

    Returns
    -------
    list of str
        One line each, empty if the chain is sound. Shapes are only looked at once all kinds of
        numbers are right, and values once all shapes fit.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from xenotime.engine import problems_of, smallest_chain
    >>> chain = smallest_chain()
    >>> problems_of(replace(chain, headroom=-chain.headroom))
    ['headroom[0, 0] is -1.0, expected at least 0 (and 1 more)']
    """
    problems = _kind_problems(arrays) or _shape_problems(arrays)
    if not problems:
        problems = _index_problems(arrays) + _range_problems(arrays)
    if not problems:
        problems = _structure_problems(arrays) + _base_problems(arrays, IDENTITY[dtype])
    return problems


def _kind_problems(arrays: ChainArrays) -> list[str]:
    problems = []
    for field in fields(arrays):
        kinds, word = _KINDS.get(str(field.type).removesuffix(" | None"), ("", ""))
        values = getattr(arrays, field.name)
        if not kinds or (values is None and str(field.type).endswith("None")):
            continue
        axes = _axes(field.name)
        # a masked array computes with what it hides
        if not isinstance(values, np.ndarray) or isinstance(values, np.ma.MaskedArray):
            what = type(values).__name__
            problems.append(f"{field.name} is {what}, expected a numpy array of {word}")
        elif values.dtype.kind not in kinds:
            problems.append(f"{field.name} is {values.dtype}, expected a numpy array of {word}")
        elif word == "integer" and not np.can_cast(values.dtype, np.int64):
            problems.append(f"{field.name} is {values.dtype}, expected int64 or smaller")
        elif values.ndim != axes:
            problems.append(
                f"{field.name} has shape {values.shape}, expected {axes} "
                f"{'axis' if axes == 1 else 'axes'}"
            )
    return problems + _stated_problems(arrays)


def _axes(name: str) -> int:
    letters = ({"capacity_loss": "PT"} | PARTS).get(name) or _SHAPES.get(name, "1")
    return 1 if "+" in letters else len(letters)


def _stated_problems(arrays: ChainArrays) -> list[str]:
    problems = []
    for name, index in _STATED.items():
        stated: Any = getattr(arrays, name)
        if stated is None:
            continue
        whole = isinstance(stated, Integral) and not isinstance(stated, bool)
        if not whole or not 0 <= stated <= LARGEST_COUNT:
            problems.append(
                f"{name} is {_short(stated)}, expected a whole number from 0 to {LARGEST_COUNT}, "
                f"or None to count {index}"
            )
    return problems


def _bound(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:g}"


def _short(value: Any) -> str:
    try:
        text = " ".join(repr(value).split())
    except ValueError:  # Python writes no whole number of more than 4300 digits
        text = f"{type(value).__name__} of great length"
    return text if len(text) <= 60 else f"{text[:57]}..."


def _shape_problems(arrays: ChainArrays) -> list[str]:
    if len(arrays.group_ptr) < 1:
        return ["group_ptr has 0 entries; give at least the 0 that it begins with"]
    sizes = arrays.sizes
    problems = []
    if sizes["D"] < 1:
        problems.append("base_activity has 0 draws; give at least one")
    if sizes["T"] < 1:
        problems.append("month_of_day has 0 days; give at least one")
    for name, letters in _SHAPES.items():
        wanted = (
            (sizes[letters[0]] + 1,)
            if "+" in letters
            else tuple(sizes[letter] for letter in letters)
        )
        shape = np.shape(getattr(arrays, name))
        if shape != wanted:
            problems.append(f"{name} has shape {shape}, expected {wanted} ({letters})")
    parent = arrays.sector_parent
    if parent is not None and parent.shape != (sizes["S"],):
        problems.append(
            f"sector_parent has shape {parent.shape}, expected {(sizes['S'],)}: state `sectors` "
            "where a sector has no producer of its own"
        )
    loss = arrays.capacity_loss
    if loss is not None and loss.shape not in {(n, sizes["T"]) for n in (0, sizes["P"])}:
        wanted = (sizes["P"], sizes["T"])
        problems.append(f"capacity_loss has shape {loss.shape}, expected {wanted} or None")
    problems += part_shapes(arrays)
    for stem, entry, weight, letter in _LISTS:
        pointer, entries, weights = (
            getattr(arrays, name) for name in (f"{stem}_ptr", entry, weight)
        )
        given = [part is not None for part in (pointer, entries, weights)]
        if not any(given):
            continue
        if not all(given):
            problems.append(f"{stem}_ptr, {entry} and {weight} go together: give all or none")
            continue
        size = sizes[letter] + 1
        if len(pointer) != size and f"{stem}_ptr" not in _SHAPES:
            problems.append(f"{stem}_ptr has shape {pointer.shape}, expected ({size},)")
        elif len(pointer) and int(pointer[-1]) != len(entries):
            problems.append(
                f"{stem}_ptr ends at {pointer[-1]}, expected {len(entries)}, the length of {entry}"
            )
        if len(weights) != len(entries):
            problems.append(f"{weight} has {len(weights)} entries, {entry} has {len(entries)}")
    return problems


def _index_problems(arrays: ChainArrays) -> list[str]:
    sizes = arrays.sizes
    pointers = {
        "out_ptr": sizes["O"],
        "in_ptr": sizes["K"],
        "group_ptr": len(arrays.group_link),
        "shortage_ptr": len(arrays.shortage_group),
    }
    if arrays.stock_group is not None:
        pointers["stock_ptr"] = len(arrays.stock_group)
    if arrays.supply_ptr is not None:
        pointers["supply_ptr"] = sizes["X"]
    problems = []
    for name, end in pointers.items():
        values = getattr(arrays, name)
        if values[0] != 0 or values[-1] != end or (values[1:] < values[:-1]).any():
            problems.append(f"{name} must rise from 0 to {end}; it is {_some(values)}")
    indices = {
        "link_out": (0, sizes["O"]),
        "link_in": (0, sizes["K"]),
        "link_class": (-1, sizes["C"]),
        "producer_demand": (0, sizes["R"]),
        "group_link": (0, sizes["L"]),
        "activity_group": (-1, sizes["A"]),
        "producer_sector": (-1, sizes["S"]),
        "sector_parent": (-1, sizes["S"]),
        "shortage_group": (0, sizes["H"]),
        "stock_group": (0, sizes["Q"]),
        "link_quota": (-1, sizes["U"]),
        "supply_slot": (0, sizes["K"]),
    }
    for name, (least, end) in indices.items():
        values = getattr(arrays, name)
        if values is None:
            continue
        wrong = np.flatnonzero((values < least) | (values >= end))
        if len(wrong):
            problems.append(
                f"{name}[{wrong[0]}] is {values[wrong[0]]}, expected {least} to {end - 1}"
                + more(len(wrong))
            )
    parent = arrays.sector_parent
    if parent is not None and not problems:
        nested = np.flatnonzero((parent >= 0) & (parent[parent] >= 0))
        if len(nested):
            problems.append(
                f"sector_parent[{nested[0]}] is {parent[nested[0]]}, which is itself a part of a "
                f"sector: sums do not nest{more(len(nested))}"
            )
    return problems


def _range_problems(arrays: ChainArrays) -> list[str]:
    problems = []
    months = {"month_of_day": (0, len(arrays.month_of_day) - 1, False)}  # no month without a day
    for name, (least, most, infinite) in {**_RANGES, **months}.items():
        values = getattr(arrays, name)
        if values is None or values.size == 0:
            continue
        # min and max first: a whole pass of comparisons would copy the large policy arrays
        low, high = values.min(), values.max()
        if low >= least and high <= most and (infinite or np.isfinite(high)) and low > -np.inf:
            continue
        wrong = ~((values >= least) & (values <= most))
        if not infinite:
            wrong |= ~np.isfinite(values)
        where = np.argwhere(wrong)
        at = tuple(int(i) for i in where[0])
        limit = f"{_bound(least)} to {_bound(most)}"
        if not np.isfinite(most):
            limit = f"at least {least:g}"
        problems.append(f"{name}{list(at)} is {values[at]}, expected {limit}" + more(len(where)))
    return problems


def _structure_problems(arrays: ChainArrays) -> list[str]:
    outputs = np.diff(arrays.out_ptr)
    problems = [
        f"is_final[{p}] is {bool(arrays.is_final[p])} but producer {p} has {outputs[p]} output "
        "slots; final producers are exactly those without"
        for p in np.flatnonzero(arrays.is_final != (outputs == 0))
    ]
    weights = _sum(arrays.out_producer, arrays.value_weight, len(outputs))
    off = np.flatnonzero((outputs > 0) & (np.abs(weights - 1) > 1e-6).any(axis=1))
    if len(off):
        p = off[0]
        problems.append(
            f"value_weight of producer {p} sums to {_furthest(weights[p], 1.0):.9g}, expected 1"
            + more(len(off))
        )
    granted = arrays.granted
    if granted.shape[1] > 1:
        falls = np.argwhere(np.diff(_carried(granted), axis=1) < 0)
        if len(falls):
            c, t, d = (int(i) for i in falls[0])
            problems.append(
                f"granted[{c}, {t + 1}, {d}] falls below an earlier day; volumes are cumulative"
                + more(len(falls))
            )
    return problems + period_problems(arrays) + feed_problems(arrays)


@np.errstate(over="ignore", invalid="ignore")  # what overflows is no identity, and is listed
def _base_problems(arrays: ChainArrays, tolerance: float) -> list[str]:
    sizes = arrays.sizes
    use = arrays.in_coef * arrays.base_activity[arrays.in_producer]
    make = arrays.out_coef * arrays.base_activity[arrays.out_producer]
    sent = make * (1 - arrays.discard_share)
    problems = []
    # what a maker discards is a difference: what it sells is as exact as what it makes
    for label, letter, index, stated, size in (
        ("input", "K", arrays.link_in, use, use),
        ("output", "O", arrays.link_out, sent, make),
    ):
        linked = _sum(index, arrays.base_flow, sizes[letter])
        off = np.argwhere(~(np.abs(linked - stated) <= tolerance * np.maximum(linked, size)))
        if len(off):
            at = tuple(int(i) for i in off[0])
            problems.append(
                f"{label} slot {at[0]}, draw {at[1]}: links carry {linked[at]:.9g} t/day at base, "
                f"the recipe asks {stated[at]:.9g}; recompute the coefficients from the flows"
                + more(len(off))
            )
    # the day's use precedes the day's arrivals, so a chain with less cannot even run its base
    thin = np.argwhere(~(arrays.target_in >= use * (1 - tolerance)))
    if len(thin):
        at = tuple(int(i) for i in thin[0])
        problems.append(
            f"target_in[{at[0]}, {at[1]}] is {arrays.target_in[at]:.9g} t, less than one day's use "
            f"of {use[at]:.9g} t; hold at least a day" + more(len(thin))
        )
    return problems


def _carried(granted: Floats) -> Floats:
    """Cumulative volumes with unlimited days showing the last limited volume."""
    if not np.isinf(granted).any():
        return granted
    free = np.isinf(granted)
    limited = np.where(free, 0.0, granted)
    return np.where(free, np.maximum.accumulate(limited, axis=1), limited)


def _sum(index: Ints, values: Floats, count: int) -> Any:
    total = np.zeros((count, values.shape[1]))
    np.add.at(total, index, values)
    return total


def _furthest(values: Floats, target: float) -> float:
    return float(values[np.argmax(np.abs(values - target))])


def _some(values: Ints) -> str:
    return np.array2string(np.asarray(values), threshold=8)
