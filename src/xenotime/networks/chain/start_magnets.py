"""Where magnets start: makers to countries, into components there, and on to industries."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from xenotime.facts.taxonomy import COMPONENT_TYPES, EU_NODES, NETWORK_COUNTRIES
from xenotime.networks.chain.drivers import EU_REST, WIOD_REST, Drivers, shares
from xenotime.networks.chain.nodes import Link, makers, no_industry, places, uses
from xenotime.networks.chain.spread import fit_margins

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xenotime.networks.chain.figures import Figures

    Amounts = dict[tuple[str, str], float]

__all__ = ["EXPORT_CLAIMS", "industry_needs", "magnet_flows"]

EXPORT_CLAIMS = ("USA", "DEU", "KOR", "VNM", "JPN", "IND")
"""Countries with a cited tonnage of Chinese magnets in 2024."""

# Buyer's sector in the input-output table, by industry; the rest buy like electrical works
BUYER_SECTOR = {
    "light_vehicles_combustion": "transport_equipment",
    "light_vehicles_hybrid": "transport_equipment",
    "light_vehicles_battery": "transport_equipment",
    "aerospace": "transport_equipment",
    "wind": "machinery",
    "industrial_motors": "machinery",
    "robots": "machinery",
}
_FAMILIES = ("NdFeB", "SmCo")
# Sellers of a component that the table shows as absent are given this share of their output
_UNSEEN = 1e-4


def industry_needs(drivers: Drivers) -> dict[tuple[str, str, str], float]:
    """Finished magnets (t/y) that each industry in a country takes, by component type.

    Defence takes magnets directly, so its rows carry a magnet id. World totals come from
    vehicles, robots and wind turbines where these are counted, else from priors; drivers
    spread them over countries.
    """
    figures = drivers.figures
    needs: dict[tuple[str, str, str], float] = {}
    for use in uses():
        kind, _, name = use.product.partition(":")
        if kind not in {"component", "magnet"}:
            continue
        if use.industry.startswith("light_vehicles_"):
            vehicles = use.industry.removeprefix("light_vehicles_")
            each = figures.middle(f"prior/vehicle_magnets/{vehicles}/{name}")
            # kilograms a vehicle times a million vehicles are thousands of tonnes
            world = each * 1000.0 * sum(drivers.vehicles(vehicles).values())
        elif use.industry == "robots":
            world = figures.middle("prior/robot_magnets") * drivers.robots() / 1000.0
        elif use.industry == "wind":
            world = wind_magnets(figures)
        else:
            world = figures.middle(f"prior/magnet_use/{use.industry}/{name}")
        for country, share in drivers.share(use.driver).items():
            if (use.industry, country) not in no_industry():
                needs[use.product, use.industry, country] = world * share
    return needs


def wind_magnets(figures: Figures) -> float:
    """Finished magnets in wind turbines a year (t), from the IEA's contained tonnage."""
    element = figures.claim("magnet_element_demand/WLD/wind/magnet_elements/2024")
    tonnes = element.mid if element else figures.middle("prior/wind_elements/WLD")
    content = figures.middle("prior/recipe/NdFeB-heavy/all")
    return tonnes / content * figures.middle("prior/blank_to_finished_iea")


def magnet_flows(drivers: Drivers) -> dict[Link, float]:
    """Flows of finished magnets and of components (t/y) at the start of the fit."""
    needs = industry_needs(drivers)
    sold = _sold(drivers)
    flows: dict[Link, float] = {}
    built = _built(drivers, needs, sold, flows)
    for kind in COMPONENT_TYPES:
        _components(drivers, kind, built, needs, flows)
    return flows


def output_prior(figures: Figures, family: str, country: str) -> float:
    """Finished magnets that a country is taken to make (t/y)."""
    own = f"prior/magnet_output/{family}/{country}"
    if figures.has_prior(own):
        return figures.middle(own)
    sinters = country in makers()["blank"]["SmCo" if family == "SmCo" else "NdFeB-light"]
    return figures.middle(f"prior/magnet_output/{family}/{'default' if sinters else 'cutter'}")


def _sold(drivers: Drivers) -> dict[tuple[str, str, str], float]:
    """Finished magnets by family, maker and country of use."""
    figures = drivers.figures
    exports = chinese_exports(drivers)
    abroad = shares(exports)
    sold: dict[tuple[str, str, str], float] = {}
    for family, grade in (("NdFeB", "NdFeB-light"), ("SmCo", "SmCo")):
        for maker in makers()["magnet"][grade]:
            output = output_prior(figures, family, maker)
            if maker == "CHN":
                scale = output / output_prior(figures, "NdFeB", "CHN")
                home = max(output - sum(exports.values()) * scale, 0.2 * output)
                split = {user: tonnes * scale for user, tonnes in exports.items()}
            else:
                own = f"prior/domestic_sales/{maker}"
                kept = figures.middle(
                    own if figures.has_prior(own) else "prior/domestic_sales/default"
                )
                home = output * kept
                others = shares({user: part for user, part in abroad.items() if user != maker})
                split = {user: output * (1.0 - kept) * part for user, part in others.items()}
            for user, tonnes in (split | {maker: home}).items():
                sold[family, maker, user] = tonnes
    return sold


def chinese_exports(drivers: Drivers) -> dict[str, float]:
    """Chinese exports by destination: cited tonnes, and the rest of the total by prior shares."""
    figures = drivers.figures
    total = figures.claim("magnet_exports/WLD/2024")
    world = total.mid if total else figures.middle("prior/magnet_exports/WLD")
    known = {
        code: figure.mid
        for code in EXPORT_CLAIMS
        if (figure := figures.claim(f"magnet_exports/{code}/2024")) is not None
    }
    weight = drivers.share("electrical_optical")
    union = figures.claim("imports/EUU/CHN/magnet/2024") if "DEU" in known else None
    if union is not None:
        left = max(union.mid - known["DEU"], 0.1 * union.mid)
        others = shares({c: weight[c] for c in sorted(EU_NODES - {"DEU"})})
        known |= {country: left * share for country, share in others.items()}
    open_users = [c for c in NETWORK_COUNTRIES if c not in known and c != "CHN"]
    own = {
        c: figures.middle(prior)
        for c in open_users
        if figures.has_prior(prior := f"prior/magnet_export_share/{c}")
    }
    rest = shares({c: weight[c] for c in open_users if c not in own})
    common = figures.middle("prior/magnet_export_share/default")
    own |= {c: common * share for c, share in rest.items()}
    left = max(world - sum(known.values()), 0.05 * world)
    return known | {c: left * share for c, share in shares(own).items()}


def _built(
    drivers: Drivers,
    needs: Mapping[tuple[str, str, str], float],
    sold: Mapping[tuple[str, str, str], float],
    flows: dict[Link, float],
) -> Amounts:
    """Flows of magnets into components; returns components made by type and country."""
    figures = drivers.figures
    names = list(NETWORK_COUNTRIES)
    available: dict[tuple[str, str], float] = defaultdict(float)
    for (family, _, user), tonnes in sold.items():
        available[family, user] += tonnes
    arms = {
        c: min(needs.get(("magnet:NdFeB-heavy", "defence", c), 0.0), 0.3 * available["NdFeB", c])
        for c in names
    }
    near = figures.middle("prior/component_near_user")
    electrical = drivers.share("electrical_optical")
    wanted = np.zeros((len(names), len(COMPONENT_TYPES)))
    for column, kind in enumerate(COMPONENT_TYPES):
        for row, country in enumerate(names):
            here = sum(
                tonnes
                for (product, _, user), tonnes in needs.items()
                if product == f"component:{kind}" and user == country
            )
            wanted[row, column] = near * here
        world = wanted[:, column].sum() / near
        maker = drivers.share(places()[f"component:{kind}"].driver)
        for row, country in enumerate(names):
            if maker.get(country, 0.0) > 0.0 or kind == "electronics_part":
                wanted[row, column] += (1.0 - near) * world * electrical.get(country, 0.0)
            else:
                wanted[row, column] = 0.0
    margin = np.array([available["NdFeB", c] - arms[c] for c in names])
    inside = fit_margins(wanted, margin, wanted.sum(axis=0))
    built: Amounts = {}
    for row, country in enumerate(names):
        ndfeb = {k: float(inside[row, j]) for j, k in enumerate(COMPONENT_TYPES)}
        smco = _smco_uses(figures, ndfeb, needs.get(("magnet:SmCo", "defence", country), 0.0))
        _magnet_links(figures, country, ndfeb, arms[country], smco, sold, available, flows)
        for kind, tonnes in ndfeb.items():
            built[kind, country] = tonnes + smco.get(kind, 0.0) * available["SmCo", country]
    return built


def _smco_uses(figures: Figures, ndfeb: Mapping[str, float], arms: float) -> dict[str, float]:
    """Shares of component types and of defence in the SmCo magnets used in a country."""
    weights = {"defence": arms} if arms > 0.0 else {}
    for kind, tonnes in ndfeb.items():
        prior = f"prior/smco_share_use/{kind}"
        if figures.has_prior(prior) and tonnes > 0.0:
            share = figures.middle(prior)
            weights[kind] = tonnes * share / (1.0 - share)
    return shares(weights) if weights else {}


def _magnet_links(
    figures: Figures,
    country: str,
    ndfeb: Mapping[str, float],
    arms: float,
    smco: Mapping[str, float],
    sold: Mapping[tuple[str, str, str], float],
    available: Mapping[tuple[str, str], float],
    flows: dict[Link, float],
) -> None:
    """Add the flows of magnets from all makers into the components and arms of a country."""
    for maker in makers()["magnet"]["NdFeB-light"]:
        part = sold.get(("NdFeB", maker, country), 0.0) / available["NdFeB", country]
        if part <= 0.0:
            continue
        makes_heavy = maker in makers()["magnet"]["NdFeB-heavy"]
        for kind, tonnes in ndfeb.items():
            heavy = heavy_share(figures, maker, kind) if makes_heavy else 0.0
            for grade, share in (("NdFeB-light", 1.0 - heavy), ("NdFeB-heavy", heavy)):
                link = Link(
                    f"magnet:{grade}@{maker}", f"component:{kind}@{country}", f"magnet:{grade}"
                )
                flows[link] = tonnes * part * share
        if makes_heavy and arms > 0.0:
            link = Link(
                f"magnet:NdFeB-heavy@{maker}", f"industry:defence@{country}", "magnet:NdFeB-heavy"
            )
            flows[link] = arms * part
    for maker in makers()["magnet"]["SmCo"]:
        tonnes = sold.get(("SmCo", maker, country), 0.0)
        for user, share in smco.items():
            buyer = "industry:defence" if user == "defence" else f"component:{user}"
            flows[Link(f"magnet:SmCo@{maker}", f"{buyer}@{country}", "magnet:SmCo")] = (
                tonnes * share
            )


def heavy_share(figures: Figures, maker: str, kind: str) -> float:
    """Heavy grade in NdFeB of a maker in a component type: odds of the two multiplied."""
    use = figures.middle(f"prior/heavy_share_use/{kind}")
    own = f"prior/heavy_share/{maker}"
    make = figures.middle(own if figures.has_prior(own) else "prior/heavy_share/default")
    china = figures.middle("prior/heavy_share/CHN")
    odds = use / (1.0 - use) * (make / (1.0 - make)) / (china / (1.0 - china))
    return odds / (1.0 + odds)


def _components(
    drivers: Drivers,
    kind: str,
    built: Amounts,
    needs: Mapping[tuple[str, str, str], float],
    flows: dict[Link, float],
) -> None:
    """Flows of one component type from the countries that make it to industries."""
    product = f"component:{kind}"
    sellers = [c for c in NETWORK_COUNTRIES if built[kind, c] > 0.0]
    users = [(i, c) for (p, i, c), tonnes in needs.items() if p == product and tonnes > 0.0]
    weights = np.array(
        [
            [
                trade_weight(drivers, seller, user, BUYER_SECTOR.get(i, "electrical_optical"))
                for i, user in users
            ]
            for seller in sellers
        ]
    )
    table = fit_margins(
        weights,
        np.array([built[kind, c] for c in sellers]),
        np.array([needs[product, i, c] for i, c in users]),
    )
    for row, seller in enumerate(sellers):
        for column, (industry, user) in enumerate(users):
            if table[row, column] > 0.0:
                link = Link(f"{product}@{seller}", f"industry:{industry}@{user}", product)
                flows[link] = float(table[row, column])


def trade_weight(drivers: Drivers, seller: str, user: str, sector: str) -> float:
    """Weight of a seller of electrical goods for a user's sector, from the input-output table.

    Countries that it holds in one sum share its row and column, but for what they buy at home
    (a prior).
    """
    table = _trade_table(drivers, sector)
    row, column = group_of(seller), group_of(user)
    weight = table.get((row, column), 0.0) * drivers.growth(seller)
    if row in {"ROW", "REU"}:
        part = drivers.part_of(row)[seller]
        if row == column:
            # what a country buys inside its own group stays at home in part
            home = drivers.figures.middle("prior/component_home_spread")
            part = (1.0 - home) * part + (home if seller == user else 0.0)
        weight *= part
    return weight + _UNSEEN * drivers.share("electrical_optical").get(seller, 0.0)


def group_of(country: str) -> str:
    """Row and column of component trade that a country is in."""
    if country in WIOD_REST:
        return "ROW"
    return "REU" if country in EU_REST else country


def _trade_table(drivers: Drivers, sector: str) -> dict[tuple[str, str], float]:
    """Shares of sellers in what each user's sector buys of electrical goods; by node."""
    known = drivers.trade_tables
    if sector not in known:
        amounts: dict[tuple[str, str], float] = defaultdict(float)
        for (origin, user), value in drivers.component_trade(sector).items():
            amounts[origin, user] += value
        totals: dict[str, float] = defaultdict(float)
        for (_, user), value in amounts.items():
            totals[user] += value
        known[sector] = {key: value / totals[key[1]] for key, value in amounts.items()}
    return known[sector]
