"""How the use of an industry spreads over countries: output by sector, brought up to date by GDP.

The World Input-Output Database ends in 2011; the output of a country's sectors is scaled by the
growth of its GDP since. Countries inside the database's rest of the world share its output by GDP.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xenotime.facts.taxonomy import NETWORK_COUNTRIES, countries

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xenotime.networks.chain.figures import Figures

__all__ = ["SECTORS", "Driver", "spread"]

SECTORS: dict[str, tuple[str, ...]] = {
    "semiconductors": ("electrical_optical",),
    "consumer_electronics": ("electrical_optical",),
    "phosphors": ("electrical_optical",),
    "glass_ceramics": ("mineral_products",),
    "catalysts": ("chemicals", "refining"),
    "metallurgy": ("metals",),
    "medical": ("chemicals", "health"),
    "aerospace": ("transport_equipment",),
    "light_vehicles_combustion": ("transport_equipment",),
    "light_vehicles_battery": ("transport_equipment",),
    "defence": ("machinery", "transport_equipment"),
    "other": ("chemicals", "machinery", "mineral_products"),
}
"""Sectors whose output stands for the size of an industry in a country; a choice of this model."""

BASE, LATEST = "2011", "2023"
REST = "ROW"
_FAR = ("IDN", "TUR", "TWN")  # regions of the database outside the EU that may have no node


class Driver:
    """Size of an industry by node, in USD m of output, and the claims that gave it."""

    def __init__(self) -> None:
        self.size: dict[str, float] = {}
        self.sources: dict[str, tuple[str, ...]] = {}

    def shares(self) -> dict[str, float]:
        """Share of each node; empty where nothing is known."""
        total = sum(self.size.values())
        return {node: size / total for node, size in self.size.items()} if total > 0.0 else {}


def spread(industry: str, figures: Figures) -> Driver:
    """Spread an industry over the nodes by the output of its sectors.

    Parameters
    ----------
    industry
        Key of `SECTORS`.
    figures
        What is known on the day; figures that are read are noted by it.

    Examples
    --------
    >>> from xenotime.networks.chain.figures import Figures
    >>> driver = spread("semiconductors", Figures())
    >>> shares = driver.shares()
    >>> max(shares, key=shares.get), round(sum(shares.values()), 9)
    ('CHN', 1.0)
    """
    driver, bodies = Driver(), {}
    sectors = SECTORS[industry]
    whole, whole_bodies = _output((REST,), sectors, figures)
    growth_rest = _growth("ROW/wiod_rest", figures)
    year = LATEST if growth_rest is not None else BASE
    left = whole
    for node in NETWORK_COUNTRIES:
        size, used = _output(_regions(node), sectors, figures)
        size *= _growth(node, figures) or _growth("WLD", figures) or 1.0
        if not used and node != REST:
            # inside the database's rest of the world: its share by GDP
            share = _ratio(f"gdp/{node}/{year}", f"gdp/ROW/wiod_rest/{year}", figures)
            size = whole * (share or 0.0) * (growth_rest or 1.0)
            left -= whole * (share or 0.0)
            used = (*whole_bodies, f"gdp/{node}/{year}")
        driver.size[node], bodies[node] = size, used
    driver.size[REST] += left * (growth_rest or 1.0)
    bodies[REST] = (*bodies[REST], *whole_bodies)
    driver.size = {node: size for node, size in driver.size.items() if size > 0.0}
    driver.sources = {node: _ids(bodies[node], figures) for node in driver.size}
    return driver


def _growth(place: str, figures: Figures) -> float | None:
    return _ratio(f"gdp/{place}/{LATEST}", f"gdp/{place}/{BASE}", figures)


def _regions(node: str) -> tuple[str, ...]:
    """Regions of the database that make up a node; its rest of the world is none of them."""
    if node == "REU":
        return tuple(
            code
            for code, country in countries().items()
            if country.in_eu and code not in NETWORK_COUNTRIES
        )
    return (
        tuple(code for code in _FAR if code not in NETWORK_COUNTRIES) if node == REST else (node,)
    )


def _output(
    regions: Iterable[str], sectors: Iterable[str], figures: Figures
) -> tuple[float, tuple[str, ...]]:
    total, bodies = 0.0, []
    for region in regions:
        for sector in sectors:
            body = f"industry_output/{region}/{sector}/{BASE}"
            figure = figures.claim(body)
            if figure is not None:
                total += figure.mid
                bodies.append(body)
    return total, tuple(bodies)


def _ratio(over: str, under: str, figures: Figures) -> float | None:
    above, below = figures.claim(over), figures.claim(under)
    return above.mid / below.mid if above is not None and below is not None else None


def _ids(bodies: Iterable[str], figures: Figures) -> tuple[str, ...]:
    found = (figures.claim(body) for body in bodies)
    return tuple(figure.id for figure in found if figure is not None)
