"""Chains that are the same chain: rows in another order, or another unit of mass."""

from dataclasses import fields, replace

import numpy as np

from xenotime.engine import ChainArrays

BY_PRODUCER = (
    "is_final", "producer_demand", "base_activity", "headroom", "adjust_in", "adjust_out",
    "activity_group", "producer_sector",
)  # fmt: skip
BY_OUTPUT = (
    "priority_rationing", "discardable", "out_coef", "discard_share", "target_out", "value_weight",
)  # fmt: skip
BY_INPUT = ("essentiality", "in_coef", "tolerance", "target_in")
BY_LINK = ("link_out", "link_in", "link_transit", "link_class", "link_priority", "base_flow")
IN_TONNES = (
    "base_activity", "base_flow", "target_in", "target_out", "granted", "quota_tonnes",
    "supply_daily", "supply_holds",
)  # fmt: skip


def _slots(pointer, producers):
    """Slots of producers in a new order of producers, and the new pointer."""
    parts = [np.arange(pointer[p], pointer[p + 1]) for p in producers]
    return np.concatenate(parts), np.cumsum([0, *map(len, parts)])


def _inverse(order):
    inverse = np.empty_like(order)
    inverse[order] = np.arange(len(order))
    return inverse


def _rows(pointer, slots):
    """Entries of a list per slot, in a new order of slots."""
    return _slots(pointer, slots)


def relabelled(rng: np.random.Generator, chain: ChainArrays) -> tuple[ChainArrays, np.ndarray]:
    """Permute producers (with their slots) and links; also the new place of each old link."""
    size = chain.sizes
    producers, links = rng.permutation(size["P"]), rng.permutation(size["L"])
    outs, out_ptr = _slots(chain.out_ptr, producers)
    ins, in_ptr = _slots(chain.in_ptr, producers)
    changes = {"out_ptr": out_ptr, "in_ptr": in_ptr}
    for names, order in (
        (BY_PRODUCER, producers), (BY_OUTPUT, outs), (BY_INPUT, ins), (BY_LINK, links),
    ):  # fmt: skip
        changes |= {name: getattr(chain, name)[order] for name in names}
    changes["link_out"] = _inverse(outs)[changes["link_out"]]
    changes["link_in"] = _inverse(ins)[changes["link_in"]]
    changes["group_link"] = _inverse(links)[chain.group_link]
    if chain.link_quota is not None:
        changes |= {name: getattr(chain, name)[links] for name in ("link_quota", "quota_weight")}
    if chain.supply_slot is not None:
        changes["supply_slot"] = _inverse(ins)[chain.supply_slot]
    if chain.capacity_loss is not None:
        changes["capacity_loss"] = chain.capacity_loss[producers]
    for stem in ("shortage", "stock"):
        entries, pointer = _rows(getattr(chain, f"{stem}_ptr"), ins)
        changes[f"{stem}_ptr"] = pointer
        for part in ("group", "weight"):
            changes[f"{stem}_{part}"] = getattr(chain, f"{stem}_{part}")[entries]
    return replace(chain, **changes), _inverse(links)


def in_other_units(chain: ChainArrays, factor: float) -> ChainArrays:
    """The same chain with every tonnage multiplied."""
    given = [name for name in IN_TONNES if getattr(chain, name) is not None]
    return replace(chain, **{name: getattr(chain, name) * factor for name in given})


def results(outcome, leave_out=()):
    """Numeric results by name."""
    return {
        field.name: getattr(outcome, field.name)
        for field in fields(outcome)
        if field.name not in ("dtype", "backend", *leave_out)
    }
