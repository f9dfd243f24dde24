"""The arrays of one chain: who makes what from what, at which rates, under which limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.floating[Any]]
    Ints = npt.NDArray[np.integer[Any]]
    Bools = npt.NDArray[np.bool_]

ESSENTIAL, IMPORTANT, REPLACEABLE, SEPARATE = 0, 1, 2, 3


class ArraysError(ValueError):
    """Arrays that no chain can run on; `problems` lists every one of them.

    Parameters
    ----------
    problems
        One line each, naming the array, its value and the remedy.

    Examples
    --------
    >>> str(ArraysError(["month_of_day has 2 entries, expected 3"]))
    'month_of_day has 2 entries, expected 3'
    """

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        if len(self.problems) == 1:
            text = self.problems[0]
        else:
            lines = "\n".join(f"  - {problem}" for problem in self.problems)
            text = f"chain arrays: {len(self.problems)} problems\n{lines}"
        super().__init__(text)


@dataclass(frozen=True, slots=True)
class ChainArrays:
    """A compiled chain: integer structure, float levels per draw, policy per day.

    Sizes: P producers, O output slots, K input slots, L links, C permit classes, T days, D draws,
    R demand rows, M months, G flow groups, A activity groups, S sectors, H shortage groups,
    Q stock groups, U quotas, N supplies, X their feeds. The draw axis is last. All quantities are
    tonnes or tonnes per day.

    Structure
    ---------
    out_ptr, in_ptr : (P+1,) int
        Slots of producer p are ``ptr[p]:ptr[p+1]``.
    link_out, link_in : (L,) int
        Output slot that ships and input slot that receives.
    link_transit : (L,) int, days >= 1
    link_class : (L,) int, permit class or -1
    link_priority : (L,) int, 0 is served first
    essentiality : (K,) int, 0 essential, 1 important, 2 replaceable, 3 separate: each separate
        input of a producer serves its own part of the output; a lack of one takes that part away
    priority_rationing : (O,) bool, strict priority instead of proportional
    discardable : (O,) bool, what exceeds the finished-goods target after shipping is thrown away;
        elsewhere the base share is a loss of the process
    is_final : (P,) bool, no output slots; activity wanted is base x demand index
    producer_demand : (P,) int, row of `demand_index` (used by final producers)

    Levels, each with D draws
    -------------------------
    base_activity (P), headroom (P, capacity as a multiple of base), in_coef (K), out_coef (O),
    discard_share (O, of base output), base_flow (L), tolerance (K, in [0, 1)), target_in (K),
    target_out (O), value_weight (O, sums to 1 per producer), adjust_in (P, days >= 1),
    adjust_out (P, days >= 1).

    Time
    ----
    demand_index : (R, T), 1 is flat
    capacity_loss : (P, T) in [0, 1], or None
    cap_multiple : (C, T, D), most a link of the class may ship as a multiple of its base flow
    granted : (C, T, D), cumulative permitted tonnes up to and including the day; inf on a day
        means that no volume limits that day (and what ships on it uses up no permit)
    validity : (C,) int, days a granted volume lives
    volume_from : (C,) int, first day on which shipments count against the volume
    month_of_day : (T,) int, month index of each day

    Quotas (all or none)
    --------------------
    A quota is a volume that links share, whatever their class, counted anew in every period.
    link_quota : (L,) int, quota or -1
    quota_weight : (L,) what a tonne shipped on the link counts, t per t
    quota_tonnes : (U, T, D), what may have been counted in the period up to and including the day;
        inf on a day means that nothing limits that day (and nothing counts on it)
    quota_opens : (U, T) bool, first day of a period
    quota_carry : (U,) in [0, 1], share of what a period leaves over that the next one adds

    Supplies (all or none)
    ----------------------
    A supply gives to input slots in the morning what comes from outside the links. Supplies act in
    their order; what nobody wants of one stays where it is.
    supply_ptr : (N+1,) int
        Feeds of supply s are ``ptr[s]:ptr[s+1]``.
    supply_slot : (X,) int, input slot of each feed
    supply_level : (X,) int, 0 is served first; rising within a supply
    supply_daily : (N, T), most that it gives on the day, t; inf for no limit
    supply_holds : (N,), most that it gives in all, t; inf for what is made as days go by
    supply_part : (N, T), most that a slot takes, as a share of what it plans to use on the day; inf
        for no limit
    supply_replaces : (N,) bool, True: slots take it for their use, and order so much less; False:
        they take what their position (stock and pipeline) lacks

    What to report
    --------------
    group_ptr (G+1), group_link, group_weight : flow groups as CSR over links
    activity_group : (P,) int, group or -1
    producer_sector : (P,) int, sector or -1
    sector_parent : (S,) int, the sector that this one is a part of or -1, or None for no parts; a
        sector with parts is the sum of them and of its own producers, and part of nothing
    shortage_ptr (K+1), shortage_group, shortage_weight : input slot -> (H, t element per t)
    stock_ptr (K+1), stock_group, stock_weight : input slot -> (Q, weight), or None
    activity_groups, sectors, shortages, stock_groups : sizes of A, S, H and Q when trailing
        groups are empty; None takes the largest index + 1

    Examples
    --------
    >>> from xenotime.engine import smallest_chain
    >>> smallest_chain(draws=2).base_flow.shape  # one link, two draws
    (1, 2)
    """

    out_ptr: Ints
    in_ptr: Ints
    link_out: Ints
    link_in: Ints
    link_transit: Ints
    link_class: Ints
    link_priority: Ints
    essentiality: Ints
    priority_rationing: Bools
    discardable: Bools
    is_final: Bools
    producer_demand: Ints
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
    demand_index: Floats
    capacity_loss: Floats | None
    cap_multiple: Floats
    granted: Floats
    validity: Ints
    volume_from: Ints
    month_of_day: Ints
    group_ptr: Ints
    group_link: Ints
    group_weight: Floats
    activity_group: Ints
    producer_sector: Ints
    shortage_ptr: Ints
    shortage_group: Ints
    shortage_weight: Floats
    stock_ptr: Ints | None = None
    stock_group: Ints | None = None
    stock_weight: Floats | None = None
    link_quota: Ints | None = None
    quota_weight: Floats | None = None
    quota_tonnes: Floats | None = None
    quota_opens: Bools | None = None
    quota_carry: Floats | None = None
    supply_ptr: Ints | None = None
    supply_slot: Ints | None = None
    supply_level: Ints | None = None
    supply_daily: Floats | None = None
    supply_holds: Floats | None = None
    supply_part: Floats | None = None
    supply_replaces: Bools | None = None
    sector_parent: Ints | None = None
    activity_groups: int | None = None
    sectors: int | None = None
    shortages: int | None = None
    stock_groups: int | None = None

    @property
    def sizes(self) -> dict[str, int]:
        """Sizes by the letter used in the description of the class.

        Returns
        -------
        dict
            Letters P O K L C T D R M G A S H Q U N X.
        """
        return {
            "P": len(self.is_final),
            "O": len(self.discardable),
            "K": len(self.essentiality),
            "L": len(self.link_out),
            "C": len(self.validity),
            "T": len(self.month_of_day),
            "D": int(self.base_activity.shape[1]),
            "R": len(self.demand_index),
            "M": _count(self.month_of_day),
            "G": len(self.group_ptr) - 1,
            "A": _count(self.activity_group, self.activity_groups),
            "S": _count(self.producer_sector, self.sectors),
            "H": _count(self.shortage_group, self.shortages),
            "Q": 0 if self.stock_group is None else _count(self.stock_group, self.stock_groups),
            "U": 0 if self.quota_tonnes is None else len(self.quota_tonnes),
            "N": 0 if self.supply_holds is None else len(self.supply_holds),
            "X": 0 if self.supply_slot is None else len(self.supply_slot),
        }

    @property
    def out_producer(self) -> Ints:
        """Producer of each output slot, shape (O,)."""
        return np.repeat(np.arange(len(self.is_final)), np.diff(self.out_ptr))

    @property
    def in_producer(self) -> Ints:
        """Producer of each input slot, shape (K,)."""
        return np.repeat(np.arange(len(self.is_final)), np.diff(self.in_ptr))

    @property
    def is_source(self) -> Bools:
        """Producers without inputs, shape (P,)."""
        return np.asarray(np.diff(self.in_ptr) == 0)


def _count(index: Ints, stated: int | None = None) -> int:
    if stated is not None:
        return stated
    return int(index.max()) + 1 if len(index) else 0
