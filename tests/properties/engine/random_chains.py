"""Feasible chains at random: layered networks whose base identities hold exactly.

Flows come first; activities and coefficients follow from them, so every chain stands still unless
a shock is asked for.
"""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from hypothesis import strategies as st

from xenotime.engine import ChainArrays


@dataclass(frozen=True)
class Size:
    layers: tuple[int, ...] = (2, 2, 2)  # producers per layer, sources first, final producers last
    most_slots: int = 2  # inputs and outputs of a producer: 1 to this
    most_suppliers: int = 3
    draws: int = 2
    days: int = 40
    classes: int = 2
    longest_transit: int = 5


def steady_chain(rng: np.random.Generator, size: Size) -> ChainArrays:
    """A chain at rest: flat demand, no losses, no limits."""
    layer = np.repeat(np.arange(len(size.layers)), size.layers)
    last = len(size.layers) - 1
    producers, draws = len(layer), size.draws
    outputs = np.where(layer == last, 0, rng.integers(1, size.most_slots + 1, producers))
    inputs = np.where(layer == 0, 0, rng.integers(1, size.most_slots + 1, producers))
    out_ptr = np.concatenate(([0], np.cumsum(outputs)))
    in_ptr = np.concatenate(([0], np.cumsum(inputs)))
    maker, user = np.repeat(np.arange(producers), outputs), np.repeat(np.arange(producers), inputs)
    link_out, link_in = [], []
    for slot, buyer in enumerate(user):
        offers = np.flatnonzero(layer[maker] == layer[buyer] - 1)
        count = min(len(offers), int(rng.integers(1, size.most_suppliers + 1)))
        link_out.extend(rng.choice(offers, count, replace=False))
        link_in.extend([slot] * count)
    link_out, link_in = np.array(link_out), np.array(link_in)
    links, slots_out, slots_in = len(link_out), len(maker), len(user)
    base_flow = rng.lognormal(0, 1, (links, 1)) * rng.lognormal(0, 0.1, (links, draws))
    sold = np.zeros((slots_out, draws))
    np.add.at(sold, link_out, base_flow)
    used = np.zeros((slots_in, draws))
    np.add.at(used, link_in, base_flow)
    unsold = sold[:, 0] == 0
    discard_share = rng.uniform(0, 0.5, (slots_out, draws)) * rng.integers(0, 2, (slots_out, 1))
    discard_share[unsold] = 1.0
    made = np.where(unsold[:, None], rng.lognormal(0, 1, (slots_out, draws)), sold)
    made = made / np.where(discard_share < 1, 1 - discard_share, 1)
    base_activity = np.zeros((producers, draws))
    np.add.at(base_activity, maker, made)
    final = layer == last
    np.add.at(base_activity, user[final[user]], used[final[user]])
    base_activity *= rng.uniform(0.5, 2, (producers, 1))
    weight = rng.uniform(0, 1, (slots_out, draws)) + 1e-3
    total = np.zeros((producers, draws))
    np.add.at(total, maker, weight)
    days = size.days
    classes = size.classes
    return ChainArrays(
        out_ptr=out_ptr,
        in_ptr=in_ptr,
        link_out=link_out,
        link_in=link_in,
        link_transit=rng.integers(1, size.longest_transit + 1, links),
        link_class=rng.integers(-1, classes, links),
        link_priority=rng.integers(0, 3, links),
        essentiality=rng.integers(0, 4, slots_in),
        priority_rationing=rng.integers(0, 2, slots_out).astype(bool),
        discardable=unsold | (rng.integers(0, 2, slots_out) == 1),
        is_final=final,
        producer_demand=rng.integers(0, 2, producers),
        base_activity=base_activity,
        headroom=rng.uniform(1.0, 1.5, (producers, draws)),
        in_coef=used / base_activity[user],
        out_coef=made / base_activity[maker],
        discard_share=discard_share,
        base_flow=base_flow,
        tolerance=rng.uniform(0, 0.5, (slots_in, draws)),
        target_in=used * rng.uniform(1.0, 20, (slots_in, draws)),
        target_out=made * rng.uniform(0, 10, (slots_out, draws)),
        value_weight=weight / total[maker],
        adjust_in=rng.uniform(1, 20, (producers, draws)),
        adjust_out=rng.uniform(1, 20, (producers, draws)),
        demand_index=np.ones((2, days)),
        capacity_loss=None,
        cap_multiple=np.full((classes, days, draws), np.inf),
        granted=np.full((classes, days, draws), np.inf),
        validity=rng.integers(5, 30, classes),
        volume_from=rng.integers(0, 10, classes),
        month_of_day=np.arange(days) // 15,
        group_ptr=np.array([0, links // 2, links // 2 + links]),
        group_link=np.concatenate((np.arange(links // 2), rng.permutation(links))),
        group_weight=rng.uniform(0.5, 1, links // 2 + links),
        activity_group=rng.integers(-1, 2, producers),
        producer_sector=np.where(final, np.arange(producers) % 2, -1),
        shortage_ptr=np.arange(slots_in + 1),
        shortage_group=rng.integers(0, 3, slots_in),
        shortage_weight=rng.uniform(0, 1, slots_in),
        stock_ptr=np.arange(slots_in + 1),
        stock_group=rng.integers(0, 2, slots_in),
        stock_weight=np.ones(slots_in),
        sector_parent=np.array([2, 2, -1]),
        activity_groups=2,
        sectors=3,
        shortages=3,
        stock_groups=2,
    )


def shocked(rng: np.random.Generator, chain: ChainArrays) -> ChainArrays:
    """The same chain under losses, moving demand, caps, holds and permitted volumes."""
    size = chain.sizes
    days, draws, classes = size["T"], size["D"], size["C"]

    def window() -> slice:
        first = int(rng.integers(0, days))
        return slice(first, first + int(rng.integers(1, days + 1)))

    loss = np.zeros((size["P"], days))
    for producer in np.flatnonzero(rng.integers(0, 3, size["P"]) == 0):
        loss[producer, window()] = rng.choice([0.3, 1.0, rng.uniform()])
    demand = 1 + 0.2 * np.sin(np.arange(days) / 5 + rng.uniform(0, 6, (2, 1)))
    cap = np.full((classes, days, draws), np.inf)
    granted = np.full((classes, days, draws), np.inf)
    for c in range(classes):
        cap[c, window()] = rng.choice([0.0, 0.37, 2.0])
        cap[c, window()] = rng.uniform(0, 1, (1, draws))
        if rng.integers(0, 2):
            of_class = chain.base_flow[chain.link_class == c].sum(axis=0)
            daily = (
                of_class
                * rng.uniform(0, 2.5, (days, draws))
                * (rng.uniform(size=days) < 0.4)[:, None]
            )
            granted[c] = np.cumsum(daily, axis=0)
            granted[c, window()] = np.inf
    return replace(
        chain, capacity_loss=loss, demand_index=demand, cap_multiple=cap, granted=granted
    )


def rationed(rng: np.random.Generator, chain: ChainArrays) -> ChainArrays:
    """The same chain under one or two quotas of some periods, from nothing to more than is asked.

    Volumes come at once or day by day; some periods have no quota.
    """
    size = chain.sizes
    links, days, draws = size["L"], size["T"], size["D"]
    count = int(rng.integers(1, 3))
    of_link = rng.integers(-1, count, links)
    weight = rng.uniform(0.2, 2, links)
    opens = rng.uniform(size=(count, days)) < 0.08
    opens[:, 0] |= rng.integers(0, 2, count) == 1
    tonnes = np.full((count, days, draws), np.inf)
    for u in range(count):
        daily = (weight[:, None] * chain.base_flow)[of_link == u].sum(axis=0)
        first = [0, *np.flatnonzero(opens[u]), days]
        for begin, end in pairwise(first):
            if begin == end or rng.integers(0, 5) == 0:
                continue
            whole = daily * (end - begin) * rng.choice([0.0, 0.4, 0.9, 3.0])
            if rng.integers(0, 2):
                part = np.arange(1, end - begin + 1) / (end - begin)
            else:
                part = np.ones(end - begin)
            tonnes[u, begin:end] = part[:, None] * whole
    return replace(
        chain,
        link_quota=of_link,
        quota_weight=weight,
        quota_tonnes=tonnes,
        quota_opens=opens,
        quota_carry=rng.choice([0.0, 0.5, 1.0], count),
    )


def supplied(rng: np.random.Generator, chain: ChainArrays) -> ChainArrays:
    """The same chain with one to three supplies: stocks and flows, with and without levels."""
    size = chain.sizes
    days, slots = size["T"], size["K"]
    count = int(rng.integers(1, 4))
    feeds = [rng.permutation(slots)[: rng.integers(1, slots + 1)] for _ in range(count)]
    use = (chain.in_coef * chain.base_activity[chain.in_producer]).mean(axis=1)
    daily = np.zeros((count, days))
    part = np.full((count, days), np.inf)
    for s, slot in enumerate(feeds):
        first = int(rng.integers(0, days))
        daily[s, first:] = use[slot].sum() * rng.choice([0.1, 0.7, 3.0, np.inf])
        if rng.integers(0, 2):
            part[s] = np.linspace(0, rng.uniform(), days)
    return replace(
        chain,
        supply_ptr=np.cumsum([0, *map(len, feeds)]),
        supply_slot=np.concatenate(feeds),
        supply_level=np.concatenate([np.sort(rng.integers(0, 2, len(f))) for f in feeds]),
        supply_daily=daily,
        supply_holds=np.array([use[f].sum() * rng.choice([2.0, 20.0, np.inf]) for f in feeds]),
        supply_part=part,
        supply_replaces=rng.integers(0, 2, count).astype(bool),
    )


@st.composite
def supplied_chains(draw: st.DrawFn) -> ChainArrays:
    rng = draw(rngs())
    return supplied(rng, shocked(rng, steady_chain(rng, draw(sizes()))))


@st.composite
def rngs(draw: st.DrawFn) -> np.random.Generator:
    return np.random.default_rng(draw(st.integers(0, 2**32 - 1)))


@st.composite
def sizes(draw: st.DrawFn) -> Size:
    middle = draw(st.lists(st.integers(1, 3), min_size=0, max_size=2))
    return Size(
        layers=(draw(st.integers(1, 3)), *middle, draw(st.integers(1, 3))),
        most_slots=draw(st.integers(1, 3)),
        most_suppliers=draw(st.integers(1, 3)),
        draws=draw(st.integers(1, 3)),
        days=draw(st.integers(1, 70)),
        classes=draw(st.integers(0, 3)),
        longest_transit=draw(st.integers(1, 12)),
    )


@st.composite
def steady_chains(draw: st.DrawFn) -> ChainArrays:
    return steady_chain(draw(rngs()), draw(sizes()))


@st.composite
def rationed_chains(draw: st.DrawFn) -> ChainArrays:
    rng = draw(rngs())
    return rationed(rng, steady_chain(rng, draw(sizes())))


@st.composite
def shocked_chains(draw: st.DrawFn) -> ChainArrays:
    rng = draw(rngs())
    chain = shocked(rng, steady_chain(rng, draw(sizes())))
    chain = rationed(rng, chain) if rng.integers(0, 2) else chain
    return supplied(rng, chain) if rng.integers(0, 3) == 0 else chain
