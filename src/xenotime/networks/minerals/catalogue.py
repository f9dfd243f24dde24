"""What is known by name of each mineral: its ids, its kind of source, its trade, its users."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["BASE_YEAR", "LEFT_OUT", "MINERALS", "Mineral"]

BASE_YEAR = "2024"


@dataclass(frozen=True, slots=True)
class Mineral:
    """One mineral: a single step from its mines or refineries to the industries that use it.

    Attributes
    ----------
    symbol, slug
        Part of a product id and part of the ids of its claims.
    source
        ``mine`` where ore is mined for it, ``metal`` where it is a by-product of a host metal.
    imports, exports
        Series of the claims ``us_imports`` and ``us_exports`` that count its trade; a blank
        series is a claim without one.
    import_share
        Series of ``us_import_share`` with the widest cover.
    partners
        Import sources that produce it themselves, so that goods bought there come from there.
    """

    symbol: str
    slug: str
    source: str
    imports: tuple[str, ...]
    exports: tuple[str, ...] = ()
    import_share: str = ""
    partners: tuple[str, ...] = ()

    @property
    def product(self) -> str:
        """Product id.

        Examples
        --------
        >>> [mineral.product for mineral in MINERALS[:3]]
        ['metal:Ga', 'metal:Ge', 'ore:Sb']
        """
        return f"{'ore' if self.source == 'mine' else 'metal'}:{self.symbol}"

    def producer(self, country: str) -> str:
        """Give the producer id in a country, e.g. ``mine:Sb@CHN``."""
        return f"{self.source}:{self.symbol}@{country}"

    def claim(self, table: str, place: str, *parts: str, year: str = BASE_YEAR) -> str:
        """Body of a claim of the mineral.

        Examples
        --------
        >>> MINERALS[0].claim("us_imports", "USA", "metal")
        'us_imports/USA/gallium/metal/2024'
        """
        return "/".join(part for part in (table, place, self.slug, *parts, year) if part)


MINERALS: tuple[Mineral, ...] = (
    Mineral("Ga", "gallium", "metal", imports=("metal",)),
    Mineral(
        "Ge",
        "germanium",
        "metal",
        imports=("germanium_metal", "germanium_dioxide"),
        exports=("germanium_metal", "germanium_dioxide"),
        import_share="combined_total",
        partners=("CHN", "BEL", "CAN", "DEU"),
    ),
    Mineral(
        "Sb",
        "antimony",
        "mine",
        imports=("ore_and_concentrates", "oxide", "unwrought_powder"),
        exports=("ore_and_concentrates", "oxide", "unwrought_powder"),
        import_share="total_metal_and_oxide",
        partners=("CHN",),
    ),
    Mineral(
        "W",
        "tungsten",
        "mine",
        imports=("ores_and_concentrates", "other_forms"),
        exports=("ores_and_concentrates", "other_forms"),
        partners=("CHN", "BOL", "VNM"),
    ),
    Mineral("Te", "tellurium", "metal", imports=("",), exports=("",), partners=("CAN", "JPN")),
    Mineral(
        "Bi", "bismuth", "metal", imports=("total",), exports=("total",), partners=("CHN", "KOR")
    ),
    Mineral(
        "Mo",
        "molybdenum",
        "mine",
        imports=("ore_and_concentrates", "primary_products"),
        exports=("ore_and_concentrates", "primary_products"),
        import_share="all",
        partners=("CHL", "PER", "MEX"),
    ),
    Mineral("In", "indium", "metal", imports=("",), partners=("CHN", "JPN", "KOR", "CAN")),
    Mineral(
        "graphite",
        "graphite",
        "mine",
        imports=("",),
        exports=("",),
        partners=("CHN", "CAN", "MOZ"),
    ),
)
"""The minerals, by-products as metal and mined ones as ore; all in t of contained element but
graphite and bismuth, which are in t gross as the source prints them."""

LEFT_OUT: dict[str, str] = {
    "us_import_share/USA/gallium": "sellers refine what others made; no primary output there",
    "us_import_share/USA/antimony/total_metal_and_oxide/BEL": "smelts bought ore",
    "us_import_share/USA/antimony/total_metal_and_oxide/IND": "smelts bought ore",
    "us_import_share/USA/antimony/total_metal_and_oxide/THA": "smelts bought ore",
    "us_import_share/USA/tungsten/DEU": "processes bought concentrate and scrap",
    "us_import_share/USA/bismuth/DEU": "refines and trades; no mine or refinery output printed",
    "us_import_share/USA/molybdenum/all/KOR": "roasts bought concentrate",
    "us_import_share/USA/graphite/MEX": "12 % of imports: ten times what it mined",
    "us_import_share/USA/tellurium/PHL": "no refinery output printed",
    "us_import_share/USA/tellurium/DEU": "no refinery output printed",
    "us_imports/USA/gallium/gallium_arsenide_wafers_gross_weight": "gross weight of wafers",
    "mineral_production/USA/tellurium": "withheld by the source: unknown, not zero",
    "us_production/USA/antimony/secondary": "recycled lead alloy; the chain has no scrap of it",
}
"""Claims looked at and not used, by the beginning of their id, with the reason."""
