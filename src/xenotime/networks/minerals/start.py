"""Candidate links of a mineral and the flow that each would carry by its drivers alone."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xenotime.facts import priors
from xenotime.facts.taxonomy import NETWORK_COUNTRIES
from xenotime.networks.chain.figures import normal
from xenotime.networks.chain.nodes import Link, country_of
from xenotime.networks.minerals.drivers import spread
from xenotime.networks.minerals.supply import us_trade

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from xenotime.networks.chain.figures import Figures
    from xenotime.networks.minerals.catalogue import Mineral
    from xenotime.networks.minerals.supply import Output

__all__ = ["Start", "starting_flows"]

WORLD_SUPPLIERS = 5
"""The largest makers of a mineral may sell to anybody; the others at home and to large users."""

LARGE_USERS = 6
"""Users that even a small maker may sell to."""

LEAST_SHARE = 0.008
"""A user below this share of the world's use of a mineral by an industry gets no link."""

DRIVER_SIGMA = 0.30
"""Spread of a driver of grade C between members, of its logarithm."""

ROUNDS = 200


@dataclass
class Start:
    """Where the fit of one mineral begins.

    Attributes
    ----------
    flows
        Candidate link -> t/y, positive.
    drivers
        Buyer -> ids of the figures that sized its use.
    use
        Industry -> prior of its share of world use, and that share as scaled to a sum of one.
    """

    flows: dict[Link, float] = field(default_factory=dict)
    drivers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    use: dict[str, tuple[str, float]] = field(default_factory=dict)


def starting_flows(
    mineral: Mineral,
    supply: Mapping[str, Output],
    figures: Figures,
    links: Collection[Link] | None = None,
) -> Start:
    """Spread the output of the makers over the users.

    Use by industry is a prior, use by country follows the output of the industry's sectors.
    Who buys from whom starts from output and a preference for home, fitted to both totals by
    iterative proportional fitting (Deming and Stephan 1940). A start is no result: it sets how
    far the reconciliation may pull a flow.

    Parameters
    ----------
    mineral, supply
        What is made where, from `supply.outputs`.
    figures
        What is known, at the draw of a member.
    links
        Links to use; None chooses candidates by output and use.
    """
    start = Start()
    world = sum(output.tonnes for output in supply.values())
    shares = _industries(mineral, figures)
    wanted: dict[str, float] = {}
    for industry, (prior, share) in shares.items():
        driver = spread(industry, figures)
        drawn = {
            node: size * _noise(figures, mineral.symbol, industry, node)
            for node, size in driver.shares().items()
        }
        total = sum(drawn.values())
        for node in NETWORK_COUNTRIES:
            if driver.shares().get(node, 0.0) < LEAST_SHARE:
                continue
            buyer = f"industry:{industry}@{node}"
            wanted[buyer] = world * share * drawn[node] / total
            start.drivers[buyer] = (prior, *driver.sources[node][:3])
        start.use[industry] = (prior, share)
    home = figures.prior("prior/mineral_home_preference").mid
    _scale_to_trade(wanted, mineral, supply, figures)
    if links is None:
        routes = _routes(supply, wanted)
        links = [
            Link(mineral.producer(maker), buyer, mineral.product)
            for buyer in wanted
            for maker in supply
            if (maker, country_of(buyer)) in routes
        ]
    weights = {
        link: supply[country_of(link.supplier)].tonnes
        * (home if country_of(link.supplier) == country_of(link.buyer) else 1.0)
        for link in links
    }
    made = {mineral.producer(maker): output.tonnes for maker, output in supply.items()}
    start.flows = _fitted(weights, made, wanted)
    return start


def _scale_to_trade(
    wanted: dict[str, float], mineral: Mineral, supply: Mapping[str, Output], figures: Figures
) -> None:
    """Scale the use of the United States to its output and net imports, where these are cited."""
    trade = us_trade(mineral, figures)
    if len(trade.bought) < len(mineral.imports):
        return
    own = supply["USA"].tonnes if "USA" in supply else 0.0
    known = own + trade.imports - trade.exports
    users = [buyer for buyer in wanted if country_of(buyer) == "USA"]
    begun = sum(wanted[buyer] for buyer in users)
    if known > 0.0 and begun > 0.0:
        for buyer in users:
            wanted[buyer] *= known / begun


def _industries(mineral: Mineral, figures: Figures) -> dict[str, tuple[str, float]]:
    """Priors of use at this member's draw, scaled to a sum of one."""
    stem = f"prior/mineral_use/{mineral.symbol}/"
    drawn = {name: figures.prior(name).mid for name in priors() if name.startswith(stem)}
    total = sum(drawn.values())
    return {name.removeprefix(stem): (name, mid / total) for name, mid in drawn.items()}


def _noise(figures: Figures, *names: str) -> float:
    """Factor on a driver: 1 for the middle, lognormal for the other members."""
    if figures.member == 0:
        return 1.0
    return math.exp(DRIVER_SIGMA * normal(figures.seed, figures.member, "driver", *names))


def _routes(supply: Mapping[str, Output], wanted: Mapping[str, float]) -> set[tuple[str, str]]:
    """Pairs (maker, user country) that may trade."""
    use: dict[str, float] = defaultdict(float)
    for buyer, amount in wanted.items():
        use[country_of(buyer)] += amount
    makers = sorted(supply, key=lambda node: (-supply[node].tonnes, node))
    users = sorted(use, key=lambda node: (-use[node], node))
    large = makers[:WORLD_SUPPLIERS]
    return {
        (maker, user)
        for maker in makers
        for user in users
        if maker == user or maker in large or user in users[:LARGE_USERS] or user == "USA"
    }


def _fitted(
    weights: Mapping[Link, float], made: Mapping[str, float], wanted: Mapping[str, float]
) -> dict[Link, float]:
    """Scale weights to what makers make and users want, in turns."""
    flows = dict(weights)
    for _ in range(ROUNDS):
        for totals, side in ((made, "supplier"), (wanted, "buyer")):
            sums: dict[str, float] = defaultdict(float)
            for link, flow in flows.items():
                sums[getattr(link, side)] += flow
            for link in flows:
                name = getattr(link, side)
                flows[link] *= totals[name] / sums[name]
    return flows
