"""Names: elements, countries, industries, products, and how raw names map to them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from xenotime.facts.problems import RequestError

__all__ = [
    "AGGREGATES",
    "COMPONENT_TYPES",
    "COUNTRY_ALIASES",
    "ELEMENTS",
    "EU_NODES",
    "INDUSTRIES",
    "MAGNET_GRADES",
    "MATERIAL_USES",
    "MINERALS",
    "NETWORK_COUNTRIES",
    "PRODUCTS",
    "RARE_EARTHS",
    "STAGES",
    "Country",
    "countries",
    "country_name",
    "element_of",
    "iso3_of",
    "region_of",
    "with_aggregates",
]

RARE_EARTHS: tuple[str, ...] = (
    *("La", "Ce", "Pr", "Nd", "Sm", "Eu", "Gd", "Tb"),
    *("Dy", "Ho", "Er", "Tm", "Yb", "Lu", "Y", "Sc"),
)
"""The traded rare earths; promethium is not traded."""

ELEMENTS: tuple[str, ...] = RARE_EARTHS
"""Elements that the network follows through the rare-earth chain."""

MINERALS: tuple[str, ...] = ("Ga", "Ge", "Sb", "W", "Te", "Bi", "Mo", "In", "graphite")
"""Other minerals of the network: chains of one or two stages, without ore baskets."""

MAGNET_GRADES: tuple[str, ...] = ("NdFeB-light", "NdFeB-heavy", "SmCo")
"""Magnets without and with dysprosium and terbium, and samarium-cobalt."""

COMPONENT_TYPES: tuple[str, ...] = (
    *("traction_motor", "auxiliary_motor", "wind_generator", "industrial_drive"),
    *("electronics_part", "actuator", "medical_magnet"),
)
"""What magnets are built into before an industry takes them."""

MATERIAL_USES: tuple[str, ...] = (
    *("polishing_powder", "fcc_catalyst", "auto_catalyst", "glass_additive", "phosphor"),
    *("ceramic", "battery_alloy", "laser_crystal", "contrast_agent", "aluminium_scandium"),
    *("metallurgical_alloy", "yttria_coating", "other_compounds"),
)
"""Uses of oxides and metals other than magnets."""

NETWORK_COUNTRIES: tuple[str, ...] = (
    *("CHN", "USA", "JPN", "KOR", "TWN", "IND", "DEU", "FRA", "EST", "ITA"),
    *("ESP", "POL", "NLD", "CZE", "HUN", "SWE", "BEL", "AUT", "REU", "GBR"),
    *("VNM", "MYS", "THA", "IDN", "MEX", "LAO", "AUS", "MMR", "BRA", "CAN"),
    *("RUS", "TUR", "KAZ", "UZB", "MNG", "ZAF", "NGA", "MDG", "ROW"),
)
"""Nodes of the network: 37 countries, the rest of the EU-27, the rest of the world."""

EU_NODES: frozenset[str] = frozenset(
    {
        *("DEU", "FRA", "EST", "ITA", "ESP", "POL"),
        *("NLD", "CZE", "HUN", "SWE", "BEL", "AUT", "REU"),
    }
)
"""Nodes that make up the EU-27."""

AGGREGATES: dict[str, str] = {
    "WLD": "World",
    "EUU": "European Union (27)",
    "REU": "Rest of the European Union (27)",
    "ROW": "Rest of the world",
}

STAGES: tuple[str, ...] = (
    *("mine", "concentrate", "separation", "metal", "alloy", "magnet"),
    *("component", "industry", "recycling", "trade", "stock", "policy"),
)

INDUSTRIES: tuple[str, ...] = (
    "light_vehicles_combustion",
    "light_vehicles_hybrid",
    "light_vehicles_battery",
    "wind",
    "industrial_motors",
    "robots",
    "consumer_electronics",
    "data_storage",
    "semiconductors",
    "aerospace",
    "defence",
    "medical",
    "catalysts",
    "glass_ceramics",
    "phosphors",
    "metallurgy",
    "other",
)
"""Industry ids; `light_vehicles` is the sum of the three that begin with it."""

PRODUCTS: tuple[str, ...] = (
    "ore",
    *(f"oxide:{element}" for element in RARE_EARTHS),
    "oxide:NdPr",
    *(f"metal:{element}" for element in RARE_EARTHS),
    "metal:NdPr",
    "alloy:NdFeB",
    "alloy:SmCo",
    "magnet",
    "magnet:NdFeB",
    "magnet:NdFeB-light",
    "magnet:NdFeB-heavy",
    "magnet:SmCo",
    "rare_earths",
)
"""Product ids of the network and of the published series.

`magnet` is HS 8505.11, `rare_earths` the gross weight of HS 2805.30 and 2846 together.
Ores are `ore:<deposit>`; further product ids occur in facts that the network does not use.
"""

COUNTRY_ALIASES: dict[str, str] = {
    "Burma": "MMR",
    "Congo (Kinshasa)": "COD",
    "Czech Republic": "CZE",
    "EU": "EUU",
    "EU-27": "EUU",
    "European Union": "EUU",
    "Great Britain": "GBR",
    "Hong Kong": "HKG",
    "Korea": "KOR",
    "Korea, North": "PRK",
    "Korea, Republic of": "KOR",
    "Lao People's Dem. Rep.": "LAO",
    "Myanmar": "MMR",
    "Other": "ROW",
    "Other Asia, nes": "TWN",  # how UN Comtrade writes Taiwan
    "Rep. of Korea": "KOR",
    "Rest of world": "ROW",
    "Russian Federation": "RUS",
    "The Bahamas": "BHS",
    "Trinidad and Tobago": "TTO",
    "Turkey": "TUR",
    "Türkiye": "TUR",
    "UK": "GBR",
    "US": "USA",
    "U.S.": "USA",
    "USA": "USA",
    "Viet Nam": "VNM",
    "WORLD": "WLD",
    "World": "WLD",
}


@dataclass(frozen=True, slots=True)
class Country:
    """One country: ISO 3166 codes, English short name, whether in the EU-27."""

    iso3: str
    iso2: str
    name: str
    in_eu: bool


@lru_cache(maxsize=1)
def countries() -> dict[str, Country]:
    """All countries by ISO3 code, without aggregates.

    Examples
    --------
    >>> countries()["MMR"].name
    'Myanmar'
    """
    path = Path(__file__).parent / "data" / "countries.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return {
            row["iso3"]: Country(row["iso3"], row["iso2"], row["name"], row["eu"] == "1")
            for row in csv.DictReader(lines)
        }


@lru_cache(maxsize=1)
def _codes_by_name() -> dict[str, str]:
    names = {country.name.casefold(): code for code, country in countries().items()}
    names |= {country.iso2.casefold(): code for code, country in countries().items()}
    names |= {code.casefold(): code for code in (*countries(), *AGGREGATES)}
    names |= {name.casefold(): code for code, name in AGGREGATES.items()}
    names |= {name.casefold(): code for name, code in COUNTRY_ALIASES.items()}
    return names


def iso3_of(name: str) -> str:
    """ISO3 code (or aggregate code) of a country written in any usual way.

    Parameters
    ----------
    name
        English name, ISO2 or ISO3 code, or an alias such as ``"Burma"``; case is ignored.

    Raises
    ------
    RequestError
        If no country is called that; the message lists near matches.

    Examples
    --------
    >>> iso3_of("Burma"), iso3_of("US"), iso3_of("World")
    ('MMR', 'USA', 'WLD')
    """
    names = _codes_by_name()
    key = name.strip().casefold()
    if key in names:
        return names[key]
    import difflib

    near = difflib.get_close_matches(key, names, n=3)
    hint = f"did you mean {', '.join(near)}?" if near else "give an English name or an ISO3 code"
    raise RequestError(f"country {name!r} is unknown: {hint}")


def country_name(code: str) -> str:
    """English name of an ISO3 or aggregate code.

    Raises
    ------
    RequestError
        If the code is unknown.

    Examples
    --------
    >>> country_name("REU")
    'Rest of the European Union (27)'
    """
    if code in AGGREGATES:
        return AGGREGATES[code]
    if code in countries():
        return countries()[code].name
    raise RequestError(f"country code {code!r} is unknown: give an ISO3 code such as JPN")


def region_of(iso3: str) -> str:
    """Node of the production network that a country belongs to.

    Countries that are nodes map to themselves, other members of the EU-27 to ``REU``,
    all remaining countries to ``ROW``.

    Raises
    ------
    RequestError
        If the code is unknown, or is an aggregate (``WLD``, ``EUU``) that spans nodes.

    Examples
    --------
    >>> region_of("JPN"), region_of("PRT"), region_of("CHE")
    ('JPN', 'REU', 'ROW')
    """
    if iso3 in NETWORK_COUNTRIES:
        return iso3
    if iso3 in AGGREGATES:
        raise RequestError(
            f"country code {iso3!r} spans several nodes of the network: name a single country"
        )
    if iso3 not in countries():
        raise RequestError(f"country code {iso3!r} is unknown: give an ISO3 code such as JPN")
    return "REU" if countries()[iso3].in_eu else "ROW"


def element_of(product: str) -> str | None:
    """Chemical element of a product id, or None when it has none or several.

    Examples
    --------
    >>> element_of("oxide:Dy"), element_of("Tb"), element_of("magnet")
    ('Dy', 'Tb', None)
    """
    symbol = product.rpartition(":")[2]
    return symbol if symbol in RARE_EARTHS else None


def with_aggregates(country: str) -> tuple[str, ...]:
    """Name a node of the network and the aggregates that it counts towards.

    Examples
    --------
    >>> with_aggregates("DEU"), with_aggregates("USA")
    (('DEU', 'EUU', 'WLD'), ('USA', 'WLD'))
    """
    return (country, "EUU", "WLD") if country in EU_NODES else (country, "WLD")
