"""Which producers and links may exist: the candidates that the reconciliation fills."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from xenotime.facts.taxonomy import NETWORK_COUNTRIES

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "GRADES",
    "GRADE_ELEMENTS",
    "METALS",
    "ORES",
    "Candidates",
    "Link",
    "Ore",
    "candidates",
    "country_of",
    "element_of",
    "kind_of",
    "separated",
]


@dataclass(frozen=True, slots=True)
class Ore:
    """An ore basket: mining country, deposits it is a mixture of, countries that separate it."""

    name: str
    country: str
    deposits: tuple[str, ...]
    separators: tuple[str, ...]

    @property
    def product(self) -> str:
        """Product id, e.g. ``ore:ion_clay_MMR``."""
        return f"ore:{self.name}"

    @property
    def mine(self) -> str:
        """Producer id of the mine, e.g. ``mine:ion_clay@MMR``."""
        return f"mine:{self.name.removesuffix('_' + self.country)}@{self.country}"

    def separator(self, country: str) -> str:
        """Return the id of the plant that separates this ore in a country."""
        return f"separation:{self.name}@{country}"


_CLAY = ("xunwu", "xinfeng", "longnan")

# Deposits stand for baskets: the mixture of several is estimated, so an ore that has no
# published basket (Myanmar, Laos) is a convex mixture of measured ones.
ORES: tuple[Ore, ...] = (
    Ore("bastnaesite_CHN", "CHN", ("bayan_obo", "maoniuping"), ("CHN",)),
    Ore("ion_clay_CHN", "CHN", _CLAY, ("CHN",)),
    Ore("ion_clay_MMR", "MMR", _CLAY, ("CHN",)),
    Ore("ion_clay_ROW", "ROW", _CLAY, ("CHN",)),  # Laos
    Ore("bastnaesite_USA", "USA", ("mountain_pass",), ("USA", "CHN")),
    Ore("monazite_AUS", "AUS", ("mount_weld",), ("MYS",)),
    Ore("monazite_IND", "IND", ("manavalakurichi",), ("IND",)),
    Ore("monazite_ROW", "ROW", ("manavalakurichi",), ("CHN",)),  # Madagascar, Nigeria, ...
    Ore("loparite_ROW", "ROW", ("lovozero",), ("ROW", "REU")),  # Russia; Silmet in Estonia
)

GRADES: tuple[str, ...] = ("NdFeB-light", "NdFeB-heavy", "SmCo")

GRADE_ELEMENTS: dict[str, tuple[str, ...]] = {
    "NdFeB-light": ("Nd", "Pr"),
    "NdFeB-heavy": ("Nd", "Pr", "Dy", "Tb"),
    "SmCo": ("Sm",),
}

METALS: dict[str, tuple[str, ...]] = {
    "CHN": ("Nd", "Pr", "Dy", "Tb", "Sm"),
    "JPN": ("Nd", "Pr", "Dy", "Tb", "Sm"),
    "VNM": ("Nd", "Pr"),
    "KOR": ("Nd", "Pr"),
    "ROW": ("Nd", "Pr", "Sm"),  # Less Common Metals (United Kingdom), Thailand
    "REU": ("Nd", "Pr"),
}

MAKERS: dict[str, tuple[str, ...]] = {
    "CHN": GRADES,
    "JPN": GRADES,
    "VNM": ("NdFeB-light", "NdFeB-heavy"),
    "KOR": ("NdFeB-light", "NdFeB-heavy"),
    "DEU": GRADES,
    "REU": ("NdFeB-light", "NdFeB-heavy"),
    "USA": GRADES,
    "ROW": GRADES,
}

USERS: tuple[str, ...] = (
    *("CHN", "USA", "JPN", "DEU", "REU", "KOR"),
    *("IND", "VNM", "MYS", "AUS", "ROW"),
)

# Whom makers outside China sell to; China sells to everybody
SALES: dict[str, tuple[str, ...]] = {
    "CHN": USERS,
    "JPN": USERS,
    "VNM": ("VNM", "JPN", "USA", "KOR", "ROW"),
    "KOR": ("KOR", "USA", "VNM", "ROW"),
    "DEU": ("DEU", "REU", "USA", "ROW"),
    "REU": ("REU", "DEU", "ROW"),
    "USA": ("USA", "ROW"),
    "ROW": ("ROW", "REU", "USA"),
}

INDUSTRY_GRADES: dict[str, tuple[str, ...]] = {
    "light_vehicles": ("NdFeB-light", "NdFeB-heavy"),
    "wind": ("NdFeB-light", "NdFeB-heavy"),
    "defence": ("NdFeB-heavy", "SmCo"),
    "other": GRADES,
}

# No magnet-using wind or arms industry of note is known there
NO_INDUSTRY: frozenset[tuple[str, str]] = frozenset(
    {("wind", "MYS"), ("defence", "VNM"), ("defence", "MYS")}
)

METAL_SOURCES: dict[str, tuple[str, ...]] = {
    "CHN": ("CHN",),
    "JPN": ("JPN", "CHN", "VNM"),
    "KOR": ("CHN", "KOR", "VNM"),
    "VNM": ("VNM", "CHN"),
    "DEU": ("CHN", "ROW", "REU"),
    "REU": ("CHN", "REU", "ROW"),
    "USA": ("CHN", "ROW"),
    "ROW": ("CHN", "ROW"),
}

OXIDE_SOURCES: dict[str, tuple[str, ...]] = {
    "CHN": ("CHN", "MYS", "USA", "ROW"),
    "JPN": ("MYS", "CHN", "IND", "USA"),
    "VNM": ("MYS", "CHN", "USA"),
    "KOR": ("CHN", "USA"),
    "ROW": ("CHN", "ROW", "MYS", "USA"),
    "REU": ("REU", "CHN", "ROW"),
}

USER_SOURCES: dict[str, tuple[str, ...]] = {
    "CHN": ("CHN",),
    "JPN": ("CHN", "MYS"),
    "USA": ("CHN", "MYS", "USA"),
    "DEU": ("CHN", "MYS", "ROW", "REU"),
    "REU": ("CHN", "MYS", "ROW", "REU"),
    "KOR": ("CHN", "MYS"),
    "IND": ("IND", "CHN"),
    "VNM": ("CHN",),
    "MYS": ("MYS", "CHN"),
    "AUS": ("CHN", "MYS"),
    "ROW": ("CHN", "ROW", "MYS"),
}

_LARGE_USERS = ("CHN", "JPN", "USA", "DEU", "REU", "KOR", "ROW")
OXIDE_USES: dict[str, tuple[str, ...]] = {
    "light_rest": USERS,
    **dict.fromkeys(("Nd", "Pr", "Sm", "Dy", "Tb"), _LARGE_USERS),
}


def separated(country: str) -> tuple[str, ...]:
    """Oxides that plants of a country make; the heavy ones were separated in China alone.

    In the base year Lynas, MP Materials, Silmet and the Indian plant sold their heavy
    fraction unseparated; Lynas made its first dysprosium oxide in May 2025.
    """
    light = ("Nd", "Pr", "light_rest")
    return (*light, "Dy", "Tb", "Sm") if country == "CHN" else light


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """A candidate flow of one product."""

    supplier: str
    buyer: str
    product: str


@dataclass(frozen=True)
class Candidates:
    """All producers and links that may exist."""

    ores: tuple[Ore, ...]
    links: tuple[Link, ...]

    @cached_property
    def producers(self) -> tuple[str, ...]:
        """Producer ids in order of first appearance."""
        names = dict.fromkeys(link.supplier for link in self.links)
        names |= dict.fromkeys(link.buyer for link in self.links)
        return tuple(names)

    def without(self, dropped: set[Link]) -> Candidates:
        """Return the candidates that remain when some links are dropped."""
        return Candidates(self.ores, tuple(link for link in self.links if link not in dropped))


def country_of(producer: str) -> str:
    """Country of a producer id.

    Examples
    --------
    >>> country_of("magnet:NdFeB-heavy@CHN")
    'CHN'
    """
    return producer.rpartition("@")[2]


def kind_of(producer: str) -> str:
    """Stage of a producer id.

    Examples
    --------
    >>> kind_of("separation:ion_clay_MMR@CHN")
    'separation'
    """
    return producer.partition(":")[0]


def element_of(product: str) -> str:
    """Name after the colon of a product or producer id.

    Examples
    --------
    >>> element_of("oxide:Dy"), element_of("metal:Nd@JPN")
    ('Dy', 'Nd')
    """
    return product.partition(":")[2].partition("@")[0]


def candidates(countries: Sequence[str] = NETWORK_COUNTRIES) -> Candidates:
    """All candidate links, in the order of the countries given.

    Parameters
    ----------
    countries
        ISO3 codes; the order must not matter for any result (a test permutes it).

    Examples
    --------
    >>> Link("mine:ion_clay@MMR", "separation:ion_clay_MMR@CHN", "ore:ion_clay_MMR") in set(
    ...     candidates().links
    ... )
    True
    """
    rank = {country: position for position, country in enumerate(countries)}

    def ordered(names: Sequence[str]) -> list[str]:
        return sorted((name for name in names if name in rank), key=rank.__getitem__)

    ores = tuple(sorted((o for o in ORES if o.country in rank), key=lambda o: rank[o.country]))
    links = [
        Link(ore.mine, ore.separator(country), ore.product)
        for ore in ores
        for country in ordered(ore.separators)
    ]

    def plants(country: str, element: str) -> list[str]:
        """Separators of a country that make an oxide."""
        if element not in separated(country):
            return []
        return [ore.separator(country) for ore in ores if country in ore.separators]

    for country in ordered(tuple(METALS)):
        for element in METALS[country]:
            for source in ordered(OXIDE_SOURCES[country]):
                links += [
                    Link(plant, f"metal:{element}@{country}", f"oxide:{element}")
                    for plant in plants(source, element)
                ]
    for element, users in OXIDE_USES.items():
        for country in ordered(users):
            for source in ordered(USER_SOURCES[country]):
                links += [
                    Link(plant, f"industry:oxide_users@{country}", f"oxide:{element}")
                    for plant in plants(source, element)
                ]
    for country in ordered(tuple(MAKERS)):
        for grade in MAKERS[country]:
            for element in GRADE_ELEMENTS[grade]:
                links += [
                    Link(
                        f"metal:{element}@{source}", f"magnet:{grade}@{country}", f"metal:{element}"
                    )
                    for source in ordered(METAL_SOURCES[country])
                    if element in METALS[source]
                ]
    for maker in ordered(tuple(MAKERS)):
        for user in ordered(SALES[maker]):
            for industry, grades in INDUSTRY_GRADES.items():
                if (industry, user) not in NO_INDUSTRY:
                    links += [
                        Link(
                            f"magnet:{grade}@{maker}",
                            f"industry:{industry}@{user}",
                            f"magnet:{grade}",
                        )
                        for grade in grades
                        if grade in MAKERS[maker]
                    ]
    return Candidates(ores, tuple(links))
