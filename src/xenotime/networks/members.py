"""One member of the ensemble as a network of its own, in balance like the middle one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from xenotime.facts.problems import RequestError
from xenotime.networks.structure import ProductionNetwork

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

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
        row.producer: _total(sold if row.stage in _BY_OUTPUT else bought, row.producer)
        for row in producers.itertuples()
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
    coefficients, discards = [], []
    for row in network.recipes.itertuples():
        producer = owner[row.process]
        made = activity[producer]
        flow = (bought if row.role == "input" else sold)[producer, row.product]
        coefficient = flow / made if made > 0.0 else row.coefficient
        discard = 0.0
        if row.discard_share > 0.0 and made > 0.0 and coefficient < row.coefficient:
            coefficient, discard = row.coefficient, 1.0 - coefficient / row.coefficient
        coefficients.append(coefficient)
        discards.append(discard)
    return network.recipes.assign(coefficient=coefficients, discard_share=discards)


def _contents(network: ProductionNetwork, recipes: pd.DataFrame) -> pd.DataFrame:
    """Contents of makers move with what they put in; the yield of the step stays."""
    inputs = network.recipes["role"] == "input"
    ratio = {
        (process, product.partition(":")[2]): new / old
        for process, product, new, old in zip(
            recipes["process"][inputs],
            recipes["product"][inputs],
            recipes["coefficient"][inputs],
            network.recipes["coefficient"][inputs],
            strict=True,
        )
        if old > 0.0
    }
    shares = [
        row.share * ratio.get((row.producer, row.element), 1.0) if row.producer else row.share
        for row in network.contents.itertuples()
    ]
    return network.contents.assign(share=shares)
