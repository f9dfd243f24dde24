"""How the use of an industry spreads over countries: output by sector, brought up to date by GDP.

The World Input-Output Database ends in 2011; the output of a country's sectors is scaled by the
growth of its GDP since. Countries inside the database's rest of the world share its output by GDP.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from xenotime.facts.taxonomy import countries
from xenotime.networks.minerals.catalogue import COUNTRIES

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
# nodes that the database has inside its rest of the world
_IN_REST = ("VNM", "MYS", "THA", "LAO", "MMR", "KAZ", "UZB", "MNG", "ZAF", "NGA", "MDG")
# regions of the database that have no node of their own and lie outside the EU
_TO_ROW = ("IDN", "TUR", "TWN")


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
    driver = Driver()
    rest_size, rest_sources = _output((REST,), SECTORS[industry], figures)
    growth_rest = _ratio(f"gdp/ROW/wiod_rest/{LATEST}", f"gdp/ROW/wiod_rest/{BASE}", figures)
    left = rest_size
    for node in _IN_REST:
        year = LATEST if growth_rest is not None else BASE
        share = _ratio(f"gdp/{node}/{year}", f"gdp/ROW/wiod_rest/{year}", figures)
        if share is None:
            continue
        driver.size[node] = rest_size * share * (growth_rest or 1.0)
        driver.sources[node] = (*rest_sources, f"gdp/{node}/{year}")
        left -= rest_size * share
    for node in COUNTRIES:
        if node in _IN_REST:
            continue
        size, sources = _output(_regions(node), SECTORS[industry], figures)
        growth = _ratio(f"gdp/{node}/{LATEST}", f"gdp/{node}/{BASE}", figures)
        if node == REST:
            # Indonesia, Turkey and Taiwan grow with the world; the rest with itself
            growth = _ratio(f"gdp/WLD/{LATEST}", f"gdp/WLD/{BASE}", figures)
            size = size * (growth or 1.0) + left * (growth_rest or 1.0)
            sources = (*sources, *rest_sources)
        else:
            size *= growth or 1.0
        if size > 0.0:
            driver.size[node] = size
            driver.sources[node] = sources
    driver.sources = {node: _ids(bodies, figures) for node, bodies in driver.sources.items()}
    return driver


@lru_cache(maxsize=64)
def _regions(node: str) -> tuple[str, ...]:
    """Regions of the database that make up a node."""
    if node == "REU":
        return tuple(
            code for code, country in countries().items() if country.in_eu and code not in COUNTRIES
        )
    return _TO_ROW if node == REST else (node,)


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
