"""One member of the ensemble as a network of its own, in balance like the middle one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from xenotime.facts.problems import RequestError
from xenotime.networks.activity import activities
from xenotime.networks.contents import mixed

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from xenotime.networks.structure import ProductionNetwork

__all__ = ["member_network"]

_OWN = ("alloy",)
"""Kinds whose contents follow from what they put in; others are mixtures of what they take."""


def member_network(network: ProductionNetwork, member: int) -> ProductionNetwork:
    """Return a network whose flows are those of one member, with recipes recomputed to match.

    Activities follow the rule of `networks.activity`. A separator keeps the gross yield of the
    middle solution for what it may discard, so its discard share moves instead, and the yield
    rises only where the member sells more than that. Contents of alloys scale with their
    recipes and are carried down to components. The ensemble
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
    >>> from xenotime.networks.precedent import build_precedent
    >>> network = build_precedent(2010, members=2).network
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
    stages = dict(zip(producers["producer"], producers["stage"], strict=True))
    quads = list(
        zip(
            links["supplier"],
            links["buyer"],
            links["product"],
            links["base_flow_t_per_year"].tolist(),
            strict=True,
        )
    )
    activity = activities(stages, quads)
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
        contents=_contents(network, recipes, quads),
        ensemble=network.ensemble.iloc[:0],
    )


def _sums(links: pd.DataFrame, side: str) -> dict[tuple[str, str], float]:
    totals: dict[tuple[str, str], float] = defaultdict(float)
    for owner, product, flow in zip(
        links[side], links["product"], links["base_flow_t_per_year"], strict=True
    ):
        totals[owner, product] += float(flow)
    return totals


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


def _contents(
    network: ProductionNetwork,
    recipes: pd.DataFrame,
    flows: list[tuple[str, str, str, float]],
) -> pd.DataFrame:
    """Contents of alloys move with what is put in; those further down are mixtures of them."""
    before = _inputs(network.recipes)
    ratio = {key: new / before[key] for key, new in _inputs(recipes).items() if before[key] > 0.0}
    table = network.contents
    known: dict[tuple[str, str], dict[str, float]] = {}
    for product, producer, element, share in zip(
        table["product"], table["producer"], table["element"], table["share"], strict=True
    ):
        if not producer or product.partition(":")[0] in _OWN:
            scale = ratio.get((producer, element), 1.0) if producer else 1.0
            known.setdefault((product, producer), {})[element] = float(share) * scale
    known |= mixed(flows, known)
    shares = [
        known.get((product, producer), {}).get(element, float(share))
        for product, producer, element, share in zip(
            table["product"], table["producer"], table["element"], table["share"], strict=True
        )
    ]
    return table.assign(share=shares)


def _inputs(recipes: pd.DataFrame) -> dict[tuple[str, str], float]:
    """Coefficient by process and element of each input."""
    rows = recipes[recipes["role"] == "input"]
    elements = [product.partition(":")[2] for product in rows["product"]]
    return dict(zip(zip(rows["process"], elements, strict=True), rows["coefficient"], strict=True))
