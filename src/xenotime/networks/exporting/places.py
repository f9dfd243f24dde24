"""Where is a country on a map? One point each, from public outlines."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from xenotime.facts.taxonomy import NETWORK_COUNTRIES, countries

__all__ = ["Place", "place_of", "places"]


@dataclass(frozen=True, slots=True)
class Place:
    """A point for a country: degrees east and north (WGS 84), and the area that it stands for."""

    longitude: float
    latitude: float
    area_km2: float


@lru_cache(maxsize=1)
def places() -> dict[str, Place]:
    """Points by ISO3 code: centroids of the largest part of each country.

    Outlines are those of Natural Earth at 1:110 million, which leaves small states out
    (`tools/network_centroids.py` builds the table). A point is for a map; no plant stands there.

    Examples
    --------
    >>> china = places()["CHN"]
    >>> round(china.longitude), round(china.latitude)
    (104, 36)
    """
    path = resources.files("xenotime.networks") / "data" / "centroids.csv"
    with path.open(encoding="utf-8") as lines:
        return {
            row["code"]: Place(
                float(row["longitude"]), float(row["latitude"]), float(row["area_km2"])
            )
            for row in csv.DictReader(lines, strict=True)
        }


@lru_cache(maxsize=256)
def place_of(country: str) -> Place | None:
    """Point of a country of the network; None where there is none.

    The rest of the EU stands at the mean of its members, weighted by area. The rest of the world
    is no place, and small states are not on the map.

    Examples
    --------
    >>> place_of("ROW") is None, place_of("REU") is None
    (True, False)
    """
    if country != "REU":
        return places().get(country)
    members = [
        place
        for code, place in places().items()
        if countries()[code].in_eu and code not in NETWORK_COUNTRIES
    ]
    area = sum(member.area_km2 for member in members)
    return Place(
        sum(member.longitude * member.area_km2 for member in members) / area,
        sum(member.latitude * member.area_km2 for member in members) / area,
        area,
    )
