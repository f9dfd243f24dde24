"""Which flows a cited figure pins, and which figures contain or sized each flow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xenotime.facts.taxonomy import MINERALS, region_of
from xenotime.networks.chain.drivers import EU_REST, SECTORS, TABLE, WIOD_REST
from xenotime.networks.chain.nodes import (
    Link,
    country_of,
    element_of,
    kind_of,
    ores,
    places,
    stage_of,
    uses,
)
from xenotime.networks.chain.start_magnets import BUYER_SECTOR, group_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xenotime.networks.chain.figures import Figures
    from xenotime.networks.chain.programme import Reconciled

__all__ = ["MOST_UNKNOWNS", "basis_of_flows", "observed_share_by_stage"]

MOST_UNKNOWNS = 3
"""A figure pins a flow when it sums at most this many flows."""

# Customs has one code for all grades, and nobody counts uses: these are never observed
_NEVER = frozenset({"magnet", "component", "material"})

OTHER_MINERALS = "other minerals"

_BASE = {
    "aircraft": "transport_equipment",
    "arms": "gdp",
    "chips": "electrical_optical",
    "disks": "electrical_optical",
    "wind": "",
    "robots": "machinery",
}


def basis_of_flows(middle: Reconciled, figures: Figures) -> list[tuple[str, str]]:
    """Observed or allocated, and the ids of all figures that contain or sized the flow.

    Returns
    -------
    list of tuple
        Basis and ids joined by semicolons, in the order of the links of the solution.
    """
    links = middle.frame.links
    sources: list[dict[str, None]] = [{} for _ in links]
    pinned: set[int] = set()
    for row in middle.rows:
        inside = row.terms.places[row.terms.places < len(links)]
        ids = dict.fromkeys(row.sources)
        for i in inside.tolist():
            sources[i] |= ids
        if row.kind == "level" and len(row.terms.places) <= MOST_UNKNOWNS:
            pinned |= {i for i in inside.tolist() if kind_of(links[i].product) not in _NEVER}
    ids_of = _driver_ids(figures)
    for i, link in enumerate(links):
        sized = [ids_of[body] for body in _sized_by(link) if body in ids_of]
        sources[i] |= dict.fromkeys(sized)
    return [
        ("observed" if i in pinned else "allocated", ";".join(found))
        for i, found in enumerate(sources)
    ]


def _driver_ids(figures: Figures) -> dict[str, str]:
    """Ids of figures used as drivers, by id without vintage."""
    return {
        name if name.startswith("prior/") and "@" not in name else name.rpartition("@")[0]: name
        for name, role in figures.uses
        if role in {"driver", "law"}
    }


def _sized_by(link: Link) -> list[str]:
    """Claims (without vintage) and priors that may have sized a flow at the start of the fit."""
    origin, target = country_of(link.supplier), country_of(link.buyer)
    form, name = kind_of(link.product), element_of(link.product)
    user, user_name = kind_of(link.buyer), element_of(link.buyer)
    if form == "ore":
        tonnage = next(ore.tonnage for ore in ores() if ore.name == name)
        code = tonnage or ("CHN" if origin == "CHN" else "")
        return [f"mine_production/{code}/2024", f"prior/mine_output/{name}"]
    if user == "material":
        return [
            f"prior/material_use/{user_name}/{name}",
            "prior/user_source/default/domestic",
            *_driver_bodies(places()[f"material:{user_name}"].driver, target),
        ]
    if form == "oxide":
        return _own_or_default("prior/oxide_source", target, origin)
    if form == "metal":
        return _own_or_default("prior/metal_source", target, origin)
    if form in {"alloy", "blank"}:
        part = "domestic" if origin == target else "CHN"
        return [f"prior/{form}_source/{part}", f"prior/{form}_source/{target}"]
    if form == "scrap":
        return [f"prior/scrap/collected/{origin}", "prior/scrap/collected", "prior/scrap/domestic"]
    if form == "magnet":
        family = "SmCo" if name == "SmCo" else "NdFeB"
        return [
            f"prior/magnet_output/{family}/{origin}",
            f"prior/magnet_output/{family}/default",
            *([f"magnet_exports/{target}/2024"] if origin == "CHN" else []),
            *(_driver_bodies("arms", target) if user == "industry" else []),
        ]
    use = next(use for use in uses() if (use.product, use.industry) == (link.product, user_name))
    bodies = _driver_bodies(use.driver, target)
    if form == "material":
        return [f"prior/use_industry/{name}/{user_name}", *bodies]
    sector = BUYER_SECTOR.get(user_name, "electrical_optical")
    row, column = group_of(origin), group_of(target)
    return [
        f"prior/magnet_use/{user_name}/{name}",
        *bodies,
        f"component_trade/{row}/{column}/electrical_optical-{sector}/2011",
    ]


def _own_or_default(table: str, target: str, origin: str) -> list[str]:
    part = "domestic" if origin == target else "CHN"
    return [f"{table}/{target}/{origin}", f"{table}/default/{part}"]


def _driver_bodies(driver: str, country: str) -> list[str]:
    """Claims and priors that give a country its share in a driver."""
    if driver.startswith("vehicles"):
        kind = driver.partition("_")[2]
        own = [f"vehicle_output/{country}/2021"]
        if kind in {"hybrid", "battery"}:
            own.append(f"prior/vehicle_share/{kind}/{country}")
        return own + _driver_bodies("transport_equipment", country)
    if driver in SECTORS:
        table = "ROW" if country in WIOD_REST else country
        regions = [c for c in TABLE if region_of(c) == table] if table in {"ROW", "REU"} else []
        bodies = [f"industry_output/{code}/{driver}/2011" for code in (table, *regions)]
        return [*bodies, f"gdp/{_summed(country)}/2023"]
    if driver == "gdp":
        return [f"gdp/{_summed(country)}/2023"]
    if driver == "wind":
        return [f"wind_capacity_added/{country}/2023", f"prior/wind_capacity/{country}"]
    own = [f"robot_installations/{country}/2023", f"prior/driver/{driver}/{country}"]
    return own + _driver_bodies(_BASE[driver], country)


def _summed(country: str) -> str:
    return "REU" if country in EU_REST else country


def observed_share_by_stage(
    flows: Mapping[tuple[str, str, str], float], observed: set[tuple[str, str, str]]
) -> dict[str, float]:
    """Share of the tonnage that leaves each stage which a cited figure pins.

    The other minerals have no stages to speak of and are one line of their own.

    Parameters
    ----------
    flows
        t/y by supplier, buyer and product.
    observed
        Links that are observed.

    Examples
    --------
    >>> link = ("mine:monazite@AUS", "separation:monazite_AUS@MYS", "ore:monazite_AUS")
    >>> observed_share_by_stage({link: 2.0}, {link})
    {'mine': 1.0}
    """
    total: dict[str, float] = {}
    seen: dict[str, float] = {}
    for key, flow in flows.items():
        stage = OTHER_MINERALS if element_of(key[2]) in MINERALS else stage_of(key[0])
        total[stage] = total.get(stage, 0.0) + flow
        seen[stage] = seen.get(stage, 0.0) + (flow if key in observed else 0.0)
    return {stage: seen[stage] / amount if amount > 0.0 else 0.0 for stage, amount in total.items()}
