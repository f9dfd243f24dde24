"""What the chain is made of: ids of producers and links, ores, and who may do what."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

from xenotime.facts.taxonomy import INDUSTRIES, MATERIAL_USES, RARE_EARTHS

__all__ = [
    "GRADES",
    "GRADE_ELEMENTS",
    "Link",
    "Ore",
    "Place",
    "Use",
    "country_of",
    "element_of",
    "kind_of",
    "makers",
    "no_industry",
    "ores",
    "places",
    "rows_of",
    "separated",
    "stage_of",
    "uses",
]

GRADES: tuple[str, ...] = ("NdFeB-light", "NdFeB-heavy", "SmCo")

GRADE_ELEMENTS: dict[str, tuple[str, ...]] = {
    "NdFeB-light": ("Nd", "Pr", "La", "Ce", "Gd", "Ho"),
    "NdFeB-heavy": ("Nd", "Pr", "Dy", "Tb", "Gd", "Ho"),
    "SmCo": ("Sm",),
}
"""Rare earths of each grade; outside China those that a recipe can do without are left out."""

_STAGES = {"blank": "magnet", "material": "component"}


class Link(NamedTuple):
    """A candidate flow of one product."""

    supplier: str
    buyer: str
    product: str


@dataclass(frozen=True, slots=True)
class Ore:
    """An ore basket: mining country, deposits it is a mixture of, countries that separate it.

    Attributes
    ----------
    tonnage
        Country code of the claim ``mine_production/<code>/2024`` that is this ore; blank if none.
    """

    name: str
    country: str
    deposits: tuple[str, ...]
    separators: tuple[str, ...]
    tonnage: str = ""

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


class Use(NamedTuple):
    """One product that an industry takes, and what spreads it over countries."""

    product: str
    industry: str
    driver: str
    essentiality: str


class Place(NamedTuple):
    """A component or material: what spreads its makers, and whether it takes oxide or metal."""

    product: str
    driver: str
    form: str


def rows_of(name: str) -> list[dict[str, str]]:
    """Rows of a table of ``networks/data``."""
    path = resources.files("xenotime.networks") / "data" / f"{name}.csv"
    with path.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines, strict=True))


@lru_cache(maxsize=1)
def ores() -> tuple[Ore, ...]:
    """Ores of the network, from ``networks/data/ores.csv`` and ``separators.csv``.

    An ore without a published basket is a convex mixture of measured ones, so that the
    reconciliation can find its basket.

    Examples
    --------
    >>> [ore.separators for ore in ores() if ore.name == "loparite_RUS"]
    [('RUS', 'EST')]
    """
    plants: dict[str, list[str]] = {}
    for row in rows_of("separators"):
        plants.setdefault(row["ore"], []).append(row["country"])
    return tuple(
        Ore(
            row["ore"],
            row["country"],
            tuple(row["deposits"].split(";")),
            tuple(plants[row["ore"]]),
            row["tonnage"],
        )
        for row in rows_of("ores")
    )


@lru_cache(maxsize=1)
def _separated() -> dict[tuple[str, str], tuple[str, ...]]:
    return {
        (row["ore"], row["country"]): RARE_EARTHS
        if row["elements"] == "all"
        else tuple(row["elements"].split())
        for row in rows_of("separators")
    }


def separated(ore: str, country: str) -> tuple[str, ...]:
    """Oxides that the plant for an ore in a country makes; the rest stays unseparated.

    Examples
    --------
    >>> separated("monazite_AUS", "MYS")
    ('La', 'Ce', 'Pr', 'Nd')
    """
    return _separated()[ore, country]


@lru_cache(maxsize=1)
def companies() -> dict[str, str]:
    """Company of a plant, where one stands for it: producer id -> name."""
    named: dict[str, str] = {}
    for row in rows_of("separators"):
        if row["company"]:
            named[f"separation:{row['ore']}@{row['country']}"] = row["company"]
    return named


@lru_cache(maxsize=1)
def makers() -> dict[str, dict[str, tuple[str, ...]]]:
    """Countries that make each metal, alloy, blank and magnet, and that recycle.

    Returns
    -------
    dict
        Process -> name -> countries, from ``networks/data/makers.csv``.

    Examples
    --------
    >>> makers()["blank"]["SmCo"][:2]
    ('CHN', 'JPN')
    """
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for row in rows_of("makers"):
        names = found.setdefault(row["process"], {})
        for name in row["names"].split() or [""]:
            added = tuple(c for c in row["countries"].split() if c not in names.get(name, ()))
            names[name] = names.get(name, ()) + added
    return found


@lru_cache(maxsize=1)
def uses() -> tuple[Use, ...]:
    """List what industries take, from ``networks/data/uses.csv``."""
    found = tuple(
        Use(row["product"], row["industry"], row["driver"], row["essentiality"])
        for row in rows_of("uses")
    )
    assert {use.industry for use in found} <= set(INDUSTRIES)
    return found


@lru_cache(maxsize=1)
def places() -> dict[str, Place]:
    """Components and materials by product id, from ``networks/data/places.csv``."""
    found = {
        row["product"]: Place(row["product"], row["driver"], row["form"])
        for row in rows_of("places")
    }
    assert {name.partition(":")[2] for name in found if name.startswith("material:")} == set(
        MATERIAL_USES
    )
    return found


@lru_cache(maxsize=1)
def no_industry() -> frozenset[tuple[str, str]]:
    """Industries that a country is taken not to have (an assumption): (industry, country)."""
    return frozenset(
        (industry, country)
        for row in rows_of("absent")
        for industry in row["industries"].split()
        for country in row["countries"].split()
    )


def country_of(producer: str) -> str:
    """Country of a producer id.

    Examples
    --------
    >>> country_of("magnet:NdFeB-heavy@CHN"), country_of("magnet:NdFeB-heavy@USA/eVAC")
    ('CHN', 'USA')
    """
    return producer.rpartition("@")[2].partition("/")[0]


def kind_of(producer: str) -> str:
    """Kind of a producer or product id: what stands before the colon.

    Examples
    --------
    >>> kind_of("separation:ion_clay_MMR@CHN")
    'separation'
    """
    return producer.partition(":")[0]


def stage_of(producer: str) -> str:
    """Stage of a producer id; blanks belong to the magnet stage, materials to components.

    Examples
    --------
    >>> stage_of("blank:SmCo@JPN"), stage_of("material:phosphor@KOR"), stage_of("mine:x@CHN")
    ('magnet', 'component', 'mine')
    """
    kind = kind_of(producer)
    return _STAGES.get(kind, kind)


def element_of(product: str) -> str:
    """Name after the colon of a product or producer id.

    Examples
    --------
    >>> element_of("oxide:Dy"), element_of("metal:Nd@JPN")
    ('Dy', 'Nd')
    """
    return product.partition(":")[2].partition("@")[0]
