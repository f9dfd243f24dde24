"""Many futures of one chain: days on which their limits agree are run once.

Variants of a chain that differ in permits alone have the same state until the first day on which
their permits differ. They form a tree: its trunk is run once, and at each fork the state is copied.
What comes out is bit for bit what `simulate` gives for each variant.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from xenotime.engine.chain import layout
from xenotime.engine.chain.arrays import ArraysError
from xenotime.engine.chain.checks import problems_of
from xenotime.engine.chain.outcome import ChainOutcome, TileResults, empty_results

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from xenotime.engine.chain.arrays import ChainArrays, Floats
    from xenotime.engine.chain.layout import Constants, Levels, LinkOrder, State, Wiring
    from xenotime.engine.chain.rules import Precision

Rows = TypeVar("Rows", "State", "TileResults")

__all__ = ["Limits", "simulate_branches"]

_UNWATCHED = ("H", "Q", "A")  # what `detail` leaves out: shortages, stocks by day, activity groups


@dataclass(frozen=True, slots=True)
class Limits:
    """Permits of one variant: `cap_multiple` and `granted` as in `ChainArrays`, (C, T, D)."""

    cap_multiple: Floats
    granted: Floats


@dataclass(frozen=True, slots=True)
class _Tree:
    arrays: ChainArrays
    limits: Sequence[Limits]
    days: list[list[bytes]]  # variant -> what its permits are on each day, in short
    links: LinkOrder
    net: Wiring
    scalars: Constants
    dtype: Precision
    stop: Callable[[], bool]


def simulate_branches(
    arrays: ChainArrays,
    limits: Sequence[Limits],
    *,
    dtype: Precision = "float32",
    stop: Callable[[], bool] | None = None,
) -> Iterator[tuple[int, ChainOutcome]]:
    """Move a chain through its days under several sets of permits, sharing days that are alike.

    One tile, one thread: a caller gives each thread some draws. Shortages, stocks by day and
    activity groups are left out (their arrays are empty), and `activity_total` is zero; ledgers
    of mass are whole.

    Parameters
    ----------
    arrays
        The compiled chain; its own permits are not used.
    limits
        Permits of each variant.
    dtype
        Precision of the state.
    stop
        Asked at every fork; once it says True, no more outcomes come.

    Yields
    ------
    (int, ChainOutcome)
        Place in `limits` and outcome, in the order in which they are done.

    Raises
    ------
    ArraysError
        With all problems of the arrays, under any of the permits.

    Examples
    --------
    >>> from xenotime.engine import simulate, smallest_chain
    >>> chain = smallest_chain(mine_stops_on=5)
    >>> same = Limits(chain.cap_multiple, chain.granted)
    >>> found = dict(simulate_branches(chain, [same, same]))
    >>> bool((found[1].flows == simulate(chain).flows).all())
    True
    """
    problems = problems_of(arrays, dtype=dtype)
    shape = (arrays.sizes["C"], arrays.sizes["T"], arrays.sizes["D"])
    for place, item in enumerate(limits):
        problems += _limit_problems(place, item, shape)
    if problems:
        raise ArraysError(problems)
    links = layout.link_order(arrays)
    net = layout.wiring(arrays, links)
    tree = _Tree(
        arrays, limits, [_days(item, dtype) for item in limits], links, net,
        layout.constants(dtype, detail=False), dtype, stop or (lambda: False),
    )  # fmt: skip
    levels = layout.levels(arrays, links, slice(0, shape[2]), dtype)
    state = layout.first_state(net, levels, dtype)
    sizes = {**arrays.sizes, **dict.fromkeys(_UNWATCHED, 0)}
    yield from _grow(
        tree, list(range(len(limits))), 0, levels, state, empty_results(sizes, shape[2])
    )


def _limit_problems(place: int, item: Limits, shape: tuple[int, ...]) -> list[str]:
    found = []
    for name, values in (("cap_multiple", item.cap_multiple), ("granted", item.granted)):
        if values.shape != shape:
            found.append(f"variant {place}: {name} has shape {values.shape}, expected {shape}")
        elif not (values >= 0).all():
            found.append(f"variant {place}: {name} is negative or not a number somewhere")
    return found


def _days(item: Limits, dtype: Precision) -> list[bytes]:
    """Say in short what the permits of each day are, in the precision that the kernel sees."""
    by_day = [
        np.ascontiguousarray(np.moveaxis(values, 1, 0), dtype=dtype)
        for values in (item.cap_multiple, item.granted)
    ]
    return [
        hashlib.blake2b(b"".join(part[t].tobytes() for part in by_day), digest_size=32).digest()
        for t in range(item.granted.shape[1])
    ]


def _grow(
    tree: _Tree, variants: list[int], first: int, levels: Levels, state: State, out: TileResults
) -> Iterator[tuple[int, ChainOutcome]]:
    """Run variants that are alike up to `first`; `state` and `out` are used up."""
    from xenotime.engine.chain import kernel

    if tree.stop() or not variants:
        return
    days = len(tree.net.month_of_day)
    leader = tree.limits[variants[0]]
    fork = first
    while fork < days and len({tree.days[v][fork] for v in variants}) == 1:
        fork += 1
    levels = levels._replace(
        cap_multiple=np.require(leader.cap_multiple, tree.dtype, ["C", "W"]),
        granted=np.require(leader.granted, tree.dtype, ["C", "W"]),
    )
    kernel.run_tile(tree.net, levels, state, out, tree.scalars, first, fork)
    if fork == days:
        outcome = _outcome(tree, out)
        for variant in variants:
            yield variant, outcome
        return
    parts: dict[bytes, list[int]] = {}
    for variant in variants:
        parts.setdefault(tree.days[variant][fork], []).append(variant)
    # the largest part goes on in place, so that few copies are held at a time
    *small, largest = sorted(parts.values(), key=len)
    for part in small:
        yield from _grow(tree, part, fork, levels, _copy(state), _copy(out))
    yield from _grow(tree, largest, fork, levels, state, out)


def _copy(rows: Rows) -> Rows:
    own: Rows = rows._replace(**{name: values.copy() for name, values in rows._asdict().items()})
    return own


def _outcome(tree: _Tree, out: TileResults) -> ChainOutcome:
    by_link = ("shipped", "final_transit")
    out = out._replace(**{name: getattr(out, name)[tree.links.place] for name in by_link})
    return ChainOutcome(
        **out._asdict(),
        sector_base=layout.sector_base(tree.arrays, slice(None), tree.dtype),
        dtype=tree.dtype,
        backend="kernel",
    )
