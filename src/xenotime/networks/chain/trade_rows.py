"""Soft rows of trade in oxides and metals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xenotime.facts.units import convert
from xenotime.networks.chain.chemistry import element_per_oxide
from xenotime.networks.chain.nodes import Link, country_of, element_of
from xenotime.networks.chain.row import Row

if TYPE_CHECKING:
    from xenotime.networks.chain.row import Collector, Terms

__all__ = ["add_trade_rows"]


def add_trade_rows(rows: Collector) -> None:
    """Add cited trade in oxides and metals and the imports of Japan, the EU and the USA."""
    _oxide_trade(rows)
    _foreign_supply(rows)


def _oxide_trade(rows: Collector) -> None:
    for code in ("MYS", "USA"):
        rows.level(
            f"NdPr oxide {code} to CHN",
            f"oxide_trade/{code}/CHN/NdPr/2024",
            {
                link: 1.0
                for link in rows.links
                if country_of(link.supplier) == code
                and country_of(link.buyer) == "CHN"
                and link.product in {"oxide:Nd", "oxide:Pr"}
            },
            "t oxide",
        )
    rows.level(
        "rare-earth exports CHN",
        "rare_earth_exports/WLD/2024",
        rows.traded("CHN", None, "oxide", "metal"),
        "t gross",
        factor_sources=("prior/gross_per_oxide",),
        relative=0.03,
        remark="3 % instead of 15 %: customs total",
    )
    for form, body in (
        ("oxide", "oxide_trade/CHN/WLD/Nd/2024-01..2024-05"),
        ("metal", "metal_trade/CHN/WLD/Nd/2024-01..2024-05"),
    ):
        rows.level(
            f"Nd {form} exports CHN",
            body,
            {
                link: 1.0
                for link in rows.links
                if link.product == f"{form}:Nd"
                and country_of(link.supplier) == "CHN"
                and country_of(link.buyer) != "CHN"
            },
            "t",
            factor=12.0 / 5.0,
            relative=1.50,
            remark="150 % instead of 15 %: five months, and didymium has another code",
        )
    for element in ("Dy", "Tb"):
        rows.level(
            f"{element} exports CHN",
            f"element_exports/{element}/WLD/2024-06",
            {
                link: element_per_oxide(element) if link.product.startswith("oxide:") else 1.0
                for link in rows.traded("CHN", None, "oxide", "metal")
                if isinstance(link, Link) and element_of(link.product) == element
            },
            "t element",
            factor=12.0,
            relative=0.40,
            remark="40 % instead of 15 %: one month times twelve",
        )


def _foreign_supply(rows: Collector) -> None:
    """Add imports of oxides and metals of Japan, the EU and the United States."""
    everywhere: Terms = {
        link: 1.0
        for link in rows.links
        if country_of(link.buyer) == "JPN"
        and (
            link.product.startswith("oxide:")
            or (link.product.startswith("metal:") and country_of(link.supplier) != "JPN")
        )
    }
    rows.level("rare earths used JPN", "element_demand/JPN/all/2024", everywhere, "t")
    rows.level(
        "rare-earth imports EUU",
        "imports/EUU/WLD/rare_earths/2024",
        {
            key: weight
            for key, weight in rows.traded(None, {"DEU", "REU"}, "ore", "oxide", "metal").items()
            if isinstance(key, Link) and country_of(key.supplier) not in {"DEU", "REU"}
        },
        "t gross",
        relative=0.15,
        remark="15 % instead of 5 %: gross weight; alloys and scrap included",
    )
    total = rows.figures.claim("imports/EUU/WLD/rare_earths/2024")
    for code, kinds in (
        ("CHN", ("oxide", "metal")),
        ("MYS", ("oxide", "metal")),
        ("RUS", ("ore", "oxide")),
    ):
        share = rows.figures.claim(f"import_dependence/EUU/{code}/rare_earths/2024")
        if total is None or share is None:
            rows.missing.append(f"import_dependence/EUU/{code}/rare_earths/2024")
            continue
        source = "ROW" if code == "RUS" else code
        part = convert(share.mid, share.unit, "ratio")
        rows.rows.append(
            Row(
                f"rare-earth imports EUU from {code}",
                rows.traded(source, {"DEU", "REU"}, *kinds),
                total.mid * part,
                (0.5 if code == "RUS" else 0.15) * total.mid * part,
                "t gross",
                "level",
                "A",
                (share.id, total.id),
                "50 % instead of 5 %: carbonates and chlorides of loparite, gross"
                if code == "RUS"
                else "15 % instead of 5 %: gross weight; the slice follows six of sixteen elements",
            )
        )
    imports = rows.figures.prior("prior/us_compound_imports")
    rows.rows.append(
        Row(
            "rare-earth imports USA",
            rows.traded(None, {"USA"}, "oxide"),
            imports.mid,
            0.10 * imports.mid,
            "t oxide",
            "prior",
            "prior",
            (imports.id,),
            "a USGS figure that is not among the claims yet",
        )
    )
