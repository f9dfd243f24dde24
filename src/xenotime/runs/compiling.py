"""From a layout and sampled parameters to the arrays that the engine moves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from xenotime import facts
from xenotime.engine.chain.arrays import ESSENTIAL, IMPORTANT, REPLACEABLE, SEPARATE, ChainArrays
from xenotime.facts.problems import RequestError
from xenotime.networks.activity import by_input
from xenotime.networks.chain.logistics import cover_parameter, stock_of
from xenotime.policy.bars import barring
from xenotime.policy.exits import leaving
from xenotime.policy.leaks import leaking
from xenotime.policy.limits import within
from xenotime.policy.regime import Permits, permits
from xenotime.runs.draws import event_normal, member_of
from xenotime.runs.layout import Layout
from xenotime.runs.quotas import QuotaLinks, quota_arrays
from xenotime.runs.supplies import supply_arrays

if TYPE_CHECKING:
    from xenotime.runs.groups import Groups
    from xenotime.runs.policies import Policy
    from xenotime.scenarios.model import Scenario

__all__ = ["Block", "applicants_share", "compile_block", "permitted"]

Array = NDArray[np.float64]
Floats = NDArray[np.floating]
_ESSENTIALITY = {
    "essential": ESSENTIAL,
    "important": IMPORTANT,
    "replaceable": REPLACEABLE,
    "separate": SEPARATE,
}


@dataclass(frozen=True)
class Block:
    """Draws `first` to `first + count - 1`, compiled."""

    arrays: ChainArrays
    permits: Permits
    stock_use: Array
    """Base use of each stock group (t/day), shape (groups, draws)."""
    class_flow: Array
    """Base flow of each permit class (t/day), shape (classes, draws)."""
    values: Mapping[str, Array]
    """Sampled parameters by name, shape (draws,)."""


def compile_block(
    layout: Layout,
    groups: Groups,
    scenario: Scenario,
    days: Sequence[dt.date],
    policy: Policy,
    *,
    quotas: QuotaLinks | None = None,
    values: Mapping[str, Array],
    member: Array,
    first: int,
    seed: int,
) -> Block:
    """Arrays for the draws whose parameters are given.

    Parameters
    ----------
    layout, groups
        Integer structure and named outputs.
    scenario, days
        What happens, and the calendar days of the run.
    policy
        The measures that happen, on which days, and what the scenario adds to them.
    quotas
        Exports that share a volume, if any.
    values, member
        Sampled parameters, and a uniform number that picks the member of the baseline ensemble;
        each of shape (draws,).
    first, seed
        Index of the first draw and the seed, for event streams.
    """
    count = len(member)

    def effect(stream: str) -> Array:
        return event_normal(stream, first=first, count=count, seed=seed)

    chosen = member_of(member, layout.members)
    flow = layout.flows[:, chosen]
    link_out = layout.links["out_slot"].to_numpy()
    link_in = layout.links["in_slot"].to_numpy()
    sold = _add_at(link_out, flow, len(layout.outputs))
    bought = _add_at(link_in, flow, len(layout.inputs))
    activity = _activity(layout, sold, bought)
    out_producer = layout.outputs["producer"].to_numpy()
    in_producer = layout.inputs["producer"].to_numpy()
    made, discard_share = _outputs(layout, sold, activity)
    allowed = _allowed(layout, days, policy, values, effect)
    class_flow = _add_at(
        np.maximum(layout.link_class, 0),
        flow,
        max(1, len(layout.classes)),
        where=layout.link_class >= 0,
    )[: len(layout.classes)]
    pipeline = _add_at(link_in, flow * layout.links["transit"].to_numpy()[:, None], len(bought))
    on_the_way = np.divide(pipeline, bought, out=np.zeros_like(pipeline), where=bought > 0)
    cover = _cover_days(layout, values, on_the_way, effect)
    finished = np.broadcast_to(values["finished_stock_days"], made.shape)
    months = np.array([(d.year - days[0].year) * 12 + d.month - days[0].month for d in days])
    links_of = groups.exports
    short_ptr, short_group, short_weight = groups.shortages.by_row(len(layout.inputs))
    stock_ptr, stock_group, stock_weight = groups.stocks.by_row(len(layout.inputs))
    arrays = ChainArrays(
        out_ptr=layout.out_ptr,
        in_ptr=layout.in_ptr,
        link_out=link_out,
        link_in=link_in,
        link_transit=layout.links["transit"].to_numpy(),
        link_class=layout.link_class,
        link_priority=layout.links["priority"].to_numpy(),
        essentiality=layout.inputs["essentiality"].map(_ESSENTIALITY).to_numpy(),
        priority_rationing=np.full(len(layout.outputs), scenario.allocation == "priority"),
        discardable=layout.outputs["discard_share"].to_numpy() > 0,
        is_final=np.diff(layout.out_ptr) == 0,
        producer_demand=np.zeros(len(layout.producers), dtype=np.int64),
        base_activity=activity,
        headroom=_headroom(layout, values),
        in_coef=bought / activity[in_producer],
        out_coef=made / activity[out_producer],
        discard_share=discard_share,
        base_flow=flow,
        # a tolerance of everything would divide by nothing: such an input all but never binds
        tolerance=np.broadcast_to(np.minimum(values["important_tolerance"], 0.999), bought.shape),
        target_in=bought * cover,
        target_out=sold * finished,
        value_weight=_value_weights(layout, made),
        adjust_in=np.broadcast_to(values["reorder_days"], activity.shape),
        adjust_out=np.broadcast_to(values["reorder_days"], activity.shape),
        demand_index=np.ones((1, len(days))),
        capacity_loss=_capacity_loss(layout, scenario, days),
        cap_multiple=allowed.cap_multiple,
        granted=_granted_tonnes(allowed.granted, class_flow),
        validity=allowed.validity,
        volume_from=allowed.volume_from,
        month_of_day=months,
        group_ptr=links_of.ptr,
        group_link=links_of.member,
        group_weight=links_of.weight,
        activity_group=groups.producer_group,
        producer_sector=layout.producer_sector,
        sector_parent=layout.sector_parent,
        shortage_ptr=short_ptr,
        shortage_group=short_group,
        shortage_weight=short_weight,
        stock_ptr=stock_ptr,
        stock_group=stock_group,
        stock_weight=stock_weight,
        activity_groups=len(groups.producers),
        sectors=len(layout.sectors),
        shortages=len(groups.shortages.keys),
        stock_groups=len(groups.stocks.keys),
        **quota_arrays(quotas, days, policy.active, values["quota_beside"]),
        **supply_arrays(layout, scenario, days),
    )
    base_use = bought.T @ groups.stocks.matrix(len(layout.inputs)).T
    return Block(arrays, allowed, base_use.T, class_flow, values)


def permitted(
    layout: Layout,
    block: Block,
    days: Sequence[dt.date],
    policy: Policy,
    *,
    first: int,
    seed: int,
) -> tuple[Floats, Floats]:
    """Permits of a block (`cap_multiple`, `granted`) under other periods or another pace.

    Everything else of the block stays as it is: what a change of the regime costs to compile.
    Arguments are those of `compile_block`.
    """
    count = block.class_flow.shape[1]

    def effect(stream: str) -> Array:
        return event_normal(stream, first=first, count=count, seed=seed)

    allowed = _allowed(layout, days, policy, block.values, effect)
    tonnes = _granted_tonnes(allowed.granted, block.class_flow, out=allowed.granted)
    return allowed.cap_multiple, tonnes


def _allowed(
    layout: Layout,
    days: Sequence[dt.date],
    policy: Policy,
    values: Mapping[str, Array],
    effect: Callable[[str], Array],
) -> Permits:
    """Give what the classes may ship: under the regime, and within what the scenario adds."""
    active, burst = policy.active, values["ship_burst"]
    regime = permits(layout.classes, active, policy.periods, days, values, effect, policy.paces)
    regime = leaving(regime, policy.exits, days, burst)
    regime = barring(regime, policy.bars, active, policy.exits, days, burst)
    regime = leaking(regime, policy.leaks, active, days)
    return within(regime, policy.limits, active, days, values, policy.leaks)


def applicants_share(
    layout: Layout,
    days: Sequence[dt.date],
    policy: Policy,
    values: Mapping[str, Array],
    *,
    seed: int,
) -> Floats:
    """Share of applicants who may ship, each counted as one: small firms, nearly all of them.

    The queues are those of a block that begins with the first draw; only the weight of large firms
    is none. Shape (classes, days, draws).
    """
    count = len(values["large_firm_share"])

    def effect(stream: str) -> Array:
        return event_normal(stream, first=0, count=count, seed=seed)

    counted = {**values, "large_firm_share": np.zeros(count)}
    allowed = _allowed(layout, days, policy, counted, effect)
    return allowed.open_share


def _granted_tonnes(base_days: Floats, class_flow: Array, out: Floats | None = None) -> Floats:
    """Licensed volume in tonnes; no limit stays no limit, also where the base flow is zero."""
    idle = class_flow <= 0
    per_day = np.where(idle, 1.0, class_flow).astype(base_days.dtype)[:, None, :]
    tonnes = np.multiply(base_days, per_day, out=out)
    for item, draw in np.argwhere(idle):
        volume = tonnes[item, :, draw]
        volume[np.isfinite(volume)] = 0.0
    return tonnes


def _add_at(
    index: NDArray[np.int64], values: Array, size: int, where: NDArray[np.bool_] | None = None
) -> Array:
    """Sum rows of `values` (rows, draws) into `size` rows by index."""
    total = np.zeros((size, values.shape[1]))
    if where is None:
        np.add.at(total, index, values)
    else:
        np.add.at(total, index[where], values[where])
    return total


def _activity(layout: Layout, sold: Array, bought: Array) -> Array:
    """Find the base activity by producer and draw (t/day).

    The rule is that of `networks.activity`: makers by what they sell without their scrap,
    separators, recyclers and industries by what they take in.
    """
    activity = np.zeros((len(layout.producers), sold.shape[1]))
    out_producer = layout.outputs["producer"].to_numpy()
    in_producer = layout.inputs["producer"].to_numpy()
    takers = set(in_producer)
    takes = np.array(
        [by_input(s, takes=i in takers) for i, s in enumerate(layout.producers["stage"])]
    )
    scrap = layout.outputs["product"].str.startswith("scrap:").to_numpy(bool)
    made = ~takes[out_producer] & ~scrap
    taken = takes[in_producer]
    np.add.at(activity, out_producer[made], sold[made])
    np.add.at(activity, in_producer[taken], bought[taken])
    return activity


def _outputs(layout: Layout, sold: Array, activity: Array) -> tuple[Array, Array]:
    """Find the base output by slot (t/day), and the share of it that is discarded.

    Where nothing is discarded the output is what is sold. Where an oxide is discarded, the ore's
    basket sets the output and what is not sold goes.
    """
    producer = layout.outputs["producer"].to_numpy()
    discards = layout.outputs["discard_share"].to_numpy() > 0
    basket = layout.outputs["coefficient"].to_numpy()[:, None] * activity[producer]
    made = np.where(discards[:, None], np.maximum(basket, sold), sold)
    share: Array = np.divide(made - sold, made, out=np.zeros_like(made), where=made > 0)
    return made, share


def _value_weights(layout: Layout, made: Array) -> Array:
    """Share of each output in the value of its producer's basket, at annual prices of 2024."""
    products = layout.outputs["product"]
    price = {product: _steering_price(product) for product in products.unique()}
    value = made * products.map(price).to_numpy(float)[:, None]
    producer = layout.outputs["producer"].to_numpy()
    total = _add_at(producer, value, len(layout.producers))[producer]
    weights: Array = np.divide(value, total, out=np.zeros_like(value), where=total > 0)
    return weights


def _steering_price(product: str) -> float:
    """Price by which an output steers its producer; only ratios within a producer count.

    Scrap steers nobody: magnets are cut for the magnets. Nor does an oxide without a published
    price (thulium).
    """
    form, _, element = product.partition(":")
    if form == "scrap" or (form == "oxide" and element not in facts.oxide_price_claims()):
        return 0.0
    return facts.oxide_price(product) if form == "oxide" else 1.0


def _cover_days(
    layout: Layout,
    values: Mapping[str, Array],
    transit: Array,
    effect: Callable[[str], Array],
) -> Array:
    """Days of base use in stock, by input slot and draw.

    Median by kind of producer, a random effect by country, and for industries a lognormal spread
    over the cover classes; `transit` is the mean days on the way by slot.
    """
    frame = layout.producers
    at = layout.inputs["producer"].to_numpy()
    holders, countries = frame["parent"].to_numpy()[at], frame["country"].to_numpy()[at]
    names = np.array([*map(cover_parameter, holders, layout.inputs["product"])])
    cover = np.exp(values["cover_spread"] * layout.cover_z[at, None])
    for name, country in sorted(set(zip(names, countries, strict=True))):
        draws = effect(f"cover/{name}/{country}")
        same = (names == name) & (countries == country)
        cover[same] *= values[name] * np.exp(values["cover_effect_sd"] * draws)
    for name in set(names):
        same = names == name
        cover[same] = stock_of(name, cover[same], transit[same])
    return cover


def _headroom(layout: Layout, values: Mapping[str, Array]) -> Array:
    makers = layout.producers["stage"].isin(["alloy", "magnet", "component"]).to_numpy()[:, None]
    return np.where(makers, values["magnet_headroom"], values["plant_headroom"])


def _capacity_loss(layout: Layout, scenario: Scenario, days: Sequence[dt.date]) -> Array | None:
    if not scenario.shocks:
        return None
    loss = np.zeros((len(layout.producers), len(days)))
    parents = layout.producers["parent"].to_numpy()
    problems = []
    for shock in scenario.shocks:
        rows = np.flatnonzero(parents == shock.producer)
        if not len(rows):
            problems.append(
                f"shock on unknown producer {shock.producer}"
                f"{facts.did_you_mean(shock.producer, sorted(set(parents)))}"
            )
            continue
        begin = (shock.start - days[0]).days
        # Overlapping losses leave the product of what each leaves.
        window = slice(begin, begin + shock.days)
        loss[rows, window] = 1.0 - (1.0 - loss[rows, window]) * (1.0 - shock.share)
    if problems:
        raise RequestError(problems, subject=f"scenario {scenario.name}")
    return loss
