"""One member of the ensemble as a network of its own, in balance like the middle one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from xenotime.facts.problems import RequestError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from xenotime.networks.structure import ProductionNetwork

__all__ = ["member_network"]

_BY_OUTPUT = frozenset({"mine", "metal", "magnet"})


def member_network(network: ProductionNetwork, member: int) -> ProductionNetwork:
    """Return a network whose flows are those of one member, with recipes recomputed to match.

    Activities follow the rule of the structure (tonnes made by makers, tonnes taken by
    separators and users). A separator keeps the gross yield of the middle solution for what
    it may discard, so its discard share moves instead, and the yield rises only where the
    member sells more than that. Contents of magnets scale with their recipes. The ensemble
    and the intervals of the network stay as they are.

    Parameters
    ----------
    network
        A sound network with an ensemble.
    member
        0 is the middle solution.

    Raises
    ------
    RequestError
        If the ensemble has no such member.

    Examples
    --------
    >>> from xenotime.networks.chain import build_baseline
    >>> network = build_baseline(members=2).network
    >>> other = member_network(network, 1)
    >>> bool((other.links["base_flow_t_per_year"] >= 0).all())
    True
    """
    rows = network.ensemble[network.ensemble["member"] == member]
    if not len(rows):
        known = sorted(set(network.ensemble["member"]))
        raise RequestError(
            f"ensemble member {member} does not exist: choose one of {known}", subject="network"
        )
    keys = ["supplier", "buyer", "product"]
    flows = rows.set_index(keys)["base_flow_t_per_year"]
    index = network.links.set_index(keys).index
    links = network.links.assign(base_flow_t_per_year=flows.reindex(index).to_numpy())
    bought, sold = _sums(links, "buyer"), _sums(links, "supplier")
    producers = network.producers
    activity = {
        producer: _total(sold if stage in _BY_OUTPUT else bought, producer)
        for producer, stage in zip(producers["producer"], producers["stage"], strict=True)
    }
    producers = producers.assign(
        base_activity_t_per_year=[activity[name] for name in producers["producer"]]
    )
    recipes = _recipes(network, activity, bought, sold)
    demand = network.demand.assign(
        base_flow_t_per_year=[
            bought[user, product]
            for user, product in zip(network.demand["user"], network.demand["product"], strict=True)
        ]
    )
    return replace(
        network,
        producers=producers,
        recipes=recipes,
        links=links,
        demand=demand,
        contents=_contents(network, recipes),
        ensemble=network.ensemble.iloc[:0],
    )


def _sums(links: pd.DataFrame, side: str) -> dict[tuple[str, str], float]:
    totals: dict[tuple[str, str], float] = defaultdict(float)
    for owner, product, flow in zip(
        links[side], links["product"], links["base_flow_t_per_year"], strict=True
    ):
        totals[owner, product] += float(flow)
    return totals


def _total(flows: Mapping[tuple[str, str], float], producer: str) -> float:
    return sum(flow for (owner, _), flow in flows.items() if owner == producer)


def _recipes(
    network: ProductionNetwork,
    activity: Mapping[str, float],
    bought: Mapping[tuple[str, str], float],
    sold: Mapping[tuple[str, str], float],
) -> pd.DataFrame:
    owner = dict(zip(network.producers["process"], network.producers["producer"], strict=True))
    coefficients: list[float] = []
    discards: list[float] = []
    table = network.recipes
    for process, product, role, base, share in zip(
        table["process"],
        table["product"],
        table["role"],
        table["coefficient"],
        table["discard_share"],
        strict=True,
    ):
        producer = owner[process]
        made = activity[producer]
        flow = (bought if role == "input" else sold)[producer, product]
        coefficient, discard = (flow / made if made > 0.0 else float(base)), 0.0
        if share > 0.0 and made > 0.0 and coefficient < base:
            coefficient, discard = float(base), 1.0 - coefficient / base
        coefficients.append(coefficient)
        discards.append(discard)
    return network.recipes.assign(coefficient=coefficients, discard_share=discards)


def _contents(network: ProductionNetwork, recipes: pd.DataFrame) -> pd.DataFrame:
    """Contents of makers move with what they put in; the yield of the step stays."""
    before = _inputs(network.recipes)
    ratio = {key: new / before[key] for key, new in _inputs(recipes).items() if before[key] > 0.0}
    table = network.contents
    shares = [
        float(share) * (ratio.get((producer, element), 1.0) if producer else 1.0)
        for producer, element, share in zip(
            table["producer"], table["element"], table["share"], strict=True
        )
    ]
    return table.assign(share=shares)


def _inputs(recipes: pd.DataFrame) -> dict[tuple[str, str], float]:
    """Coefficient by process and element of each input."""
    rows = recipes[recipes["role"] == "input"]
    elements = [product.partition(":")[2] for product in rows["product"]]
    return dict(zip(zip(rows["process"], elements, strict=True), rows["coefficient"], strict=True))
