"""Where other uses start: oxides and metals into materials, and materials to industries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xenotime.facts.taxonomy import NETWORK_COUNTRIES, RARE_EARTHS
from xenotime.networks.chain.drivers import shares
from xenotime.networks.chain.nodes import Link, element_of, no_industry, places, uses
from xenotime.networks.chain.spread import fit_margins

if TYPE_CHECKING:
    from xenotime.networks.chain.drivers import Drivers
    from xenotime.networks.chain.figures import Figures

__all__ = ["SMALLEST_MAKER", "material_flows", "material_needs", "use_elements"]

SMALLEST_MAKER = 1.0
"""A country makes a material where its share of the driver gives at least this (t/y)."""


def use_elements(figures: Figures, use: str) -> dict[str, float]:
    """World use of each element in a material (t oxide a year); all are priors."""
    return {
        element: figures.middle(prior)
        for element in RARE_EARTHS
        if figures.has_prior(prior := f"prior/material_use/{use}/{element}")
    }


def material_needs(drivers: Drivers) -> dict[tuple[str, str, str], float]:
    """Oxide (t/y) that a material takes, by material id, element and country of the maker."""
    needs: dict[tuple[str, str, str], float] = {}
    for product, place in places().items():
        if not place.form:
            continue
        world = use_elements(drivers.figures, element_of(product))
        weighted = shares(
            {
                country: share * _weight(drivers.figures, country)
                for country, share in drivers.share(place.driver).items()
            }
        )
        for country, share in weighted.items():
            for element, tonnes in world.items():
                needs[product, element, country] = tonnes * share
    return needs


def _weight(figures: Figures, country: str) -> float:
    """Makers of materials in a country relative to its share of the driver."""
    prior = f"prior/place_weight/{country}"
    return figures.middle(prior) if figures.has_prior(prior) else 1.0


def material_flows(drivers: Drivers, made: dict[tuple[str, str], float]) -> dict[Link, float]:
    """Flows of materials to industries (t/y).

    Parameters
    ----------
    drivers
        What spreads uses over countries.
    made
        Tonnes of each material by (product, country).
    """
    figures = drivers.figures
    near = figures.middle("prior/material_near_user")
    flows: dict[Link, float] = {}
    for product in (name for name, place in places().items() if place.form):
        sellers = [c for c in NETWORK_COUNTRIES if made.get((product, c), 0.0) > 0.0]
        total = sum(made[product, c] for c in sellers)
        users: dict[tuple[str, str], float] = {}
        for use in uses():
            if use.product != product:
                continue
            part = figures.middle(f"prior/use_industry/{element_of(product)}/{use.industry}")
            for country, share in drivers.share(use.driver).items():
                if (use.industry, country) not in no_industry():
                    users[use.industry, country] = part * share * total
        size = np.array([made[product, c] / total for c in sellers])
        weights = np.array(
            [
                [(near if seller == user else 0.0) + (1.0 - near) * size[row] for _, user in users]
                for row, seller in enumerate(sellers)
            ]
        )
        table = fit_margins(weights, size * total, np.array(list(users.values())))
        for row, seller in enumerate(sellers):
            for column, (industry, user) in enumerate(users):
                link = Link(f"{product}@{seller}", f"industry:{industry}@{user}", product)
                flows[link] = float(table[row, column])
    return flows
