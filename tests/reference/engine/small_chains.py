"""Chains small enough to compute by hand: one draw, every day its own month, one group a link."""

from dataclasses import dataclass, replace

import numpy as np

from xenotime.engine import ChainArrays, ChainOutcome, simulate


@dataclass(frozen=True)
class Maker:
    """A producer; flows of its links fix its recipe. Activity is 1 t/day per t of base output."""

    name: str
    inputs: tuple[str, ...] = ()  # product names
    outputs: tuple[str, ...] = ()
    cover: float = 10.0  # t of each input
    finished: float = 0.0  # t of each output
    adjust_in: float = 4.0
    adjust_out: float = 5.0
    headroom: float = 1.0
    essentiality: int = 0
    tolerance: float = 0.0
    weights: tuple[float, ...] = ()
    discard_share: tuple[float, ...] = ()
    discardable: bool = False
    priority: bool = False


@dataclass(frozen=True)
class Road:
    seller: str
    buyer: str
    product: str
    flow: float = 1.0
    transit: int = 1
    control: int = -1
    priority: int = 0


def build(makers: list[Maker], roads: list[Road], days: int, **changes: object) -> ChainArrays:
    names = [maker.name for maker in makers]
    outs = [(m, product) for m in makers for product in m.outputs]
    ins = [(m, product) for m in makers for product in m.inputs]
    out_of = {(m.name, product): slot for slot, (m, product) in enumerate(outs)}
    into = {(m.name, product): slot for slot, (m, product) in enumerate(ins)}
    sold, used = np.zeros(len(outs)), np.zeros(len(ins))
    for road in roads:
        sold[out_of[road.seller, road.product]] += road.flow
        used[into[road.buyer, road.product]] += road.flow
    share = np.array([s for m in makers for s in (m.discard_share or (0.0,) * len(m.outputs))])
    made = sold / (1 - share)
    maker_of = np.array([names.index(m.name) for m, _ in outs])
    user_of = np.array([names.index(m.name) for m, _ in ins])
    activity = np.zeros(len(makers))
    np.add.at(activity, maker_of, made)
    final = np.array([not m.outputs for m in makers])
    np.add.at(activity, user_of[final[user_of]], used[final[user_of]])
    classes = 1 + max(road.control for road in roads)
    even = [
        w for m in makers for w in (m.weights or (1 / max(len(m.outputs), 1),) * len(m.outputs))
    ]

    def column(values: object) -> np.ndarray:
        return np.array(values, dtype=float).reshape(-1, 1)

    chain = ChainArrays(
        out_ptr=np.cumsum([0, *(len(m.outputs) for m in makers)]),
        in_ptr=np.cumsum([0, *(len(m.inputs) for m in makers)]),
        link_out=np.array([out_of[road.seller, road.product] for road in roads]),
        link_in=np.array([into[road.buyer, road.product] for road in roads]),
        link_transit=np.array([road.transit for road in roads]),
        link_class=np.array([road.control for road in roads]),
        link_priority=np.array([road.priority for road in roads]),
        essentiality=np.array([m.essentiality for m, _ in ins]),
        priority_rationing=np.array([m.priority for m, _ in outs]),
        discardable=np.array([m.discardable for m, _ in outs]),
        is_final=final,
        producer_demand=np.zeros(len(makers), int),
        base_activity=column(activity),
        headroom=column([m.headroom for m in makers]),
        in_coef=column(used / activity[user_of]),
        out_coef=column(made / activity[maker_of]),
        discard_share=column(share),
        base_flow=column([road.flow for road in roads]),
        tolerance=column([m.tolerance for m, _ in ins]),
        target_in=column([m.cover for m, _ in ins]),
        target_out=column([m.finished for m, _ in outs]),
        value_weight=column(even),
        adjust_in=column([m.adjust_in for m in makers]),
        adjust_out=column([m.adjust_out for m in makers]),
        demand_index=np.ones((1, days)),
        capacity_loss=np.zeros((len(makers), days)),
        cap_multiple=np.full((classes, days, 1), np.inf),
        granted=np.full((classes, days, 1), np.inf),
        validity=np.full(classes, 1000),
        volume_from=np.zeros(classes, int),
        month_of_day=np.arange(days),
        group_ptr=np.arange(len(roads) + 1),
        group_link=np.arange(len(roads)),
        group_weight=np.ones(len(roads)),
        activity_group=np.arange(len(makers)),
        producer_sector=np.where(final, np.cumsum(final) - 1, -1),
        shortage_ptr=np.arange(len(ins) + 1),
        shortage_group=np.arange(len(ins)),
        shortage_weight=np.ones(len(ins)),
        stock_ptr=np.arange(len(ins) + 1),
        stock_group=np.arange(len(ins)),
        stock_weight=np.ones(len(ins)),
    )
    return replace(chain, **changes)


def three_nodes(days: int, *, mine=None, works=None, user=None, **links) -> ChainArrays:
    """mine -> works -> user, 1 t/day; `ore` and `metal` hold settings of the two links."""
    makers = [
        replace(Maker("mine", outputs=("ore",)), **(mine or {})),
        replace(Maker("works", inputs=("ore",), outputs=("metal",)), **(works or {})),
        replace(Maker("user", inputs=("metal",)), **(user or {})),
    ]
    roads = [
        replace(Road("mine", "works", "ore"), **links.get("ore", {})),
        replace(Road("works", "user", "metal"), **links.get("metal", {})),
    ]
    return build(makers, roads, days)


@dataclass(frozen=True)
class Daily:
    """Results by day: shipments by link, activity by producer, stocks by input slot."""

    shipped: np.ndarray
    activity: np.ndarray
    stock: np.ndarray
    unmet: np.ndarray
    gap: np.ndarray
    used: np.ndarray
    outcome: ChainOutcome


def daily(chain: ChainArrays, backend: str) -> Daily:
    outcome = simulate(chain, dtype="float64", backend=backend)
    assert not outcome.violations.any()
    return Daily(
        shipped=outcome.flows[..., 0],
        activity=outcome.activity[..., 0],
        stock=outcome.stock_daily[..., 0],
        unmet=outcome.unmet[..., 0],
        gap=outcome.late_tonne_days[..., 0],
        used=outcome.used[..., 0],
        outcome=outcome,
    )
