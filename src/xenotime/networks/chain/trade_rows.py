"""Soft rows of trade in oxides and metals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xenotime.facts.taxonomy import EU_NODES, RARE_EARTHS
from xenotime.facts.units import convert
from xenotime.networks.chain.chemistry import element_per_oxide
from xenotime.networks.chain.frame import Terms, join

if TYPE_CHECKING:
    from xenotime.networks.chain.row import Collector

__all__ = ["add_trade_rows"]


def add_trade_rows(rows: Collector) -> None:
    """Add cited trade in oxides and metals and the imports of Japan, the EU and the USA."""
    _oxide_trade(rows)
    _elements_exported(rows)
    _japan(rows)
    _european_union(rows)
    _united_states(rows)


def _oxide_trade(rows: Collector) -> None:
    for code in ("MYS", "USA"):
        rows.level(
            f"NdPr oxide {code} to CHN",
            f"oxide_trade/{code}/CHN/NdPr/2024",
            rows.links(origin=code, target="CHN", form="oxide", name=("Nd", "Pr")),
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
            rows.traded("CHN", None, form, name="Nd"),
            "t",
            factor=12.0 / 5.0,
            relative=1.50,
            remark="150 % instead of 15 %: five months, and didymium has another code",
        )


def _contained(rows: Collector, element: str, target: str | None) -> Terms:
    """Chinese exports of an element as oxide and metal, t element."""
    targets = None if target is None else (target,)
    return join(
        rows.traded("CHN", targets, "oxide", name=element).scaled(element_per_oxide(element)),
        rows.traded("CHN", targets, "metal", name=element),
    )


def _elements_exported(rows: Collector) -> None:
    for element in ("Dy", "Tb"):
        rows.level(
            f"{element} exports CHN",
            f"element_exports/{element}/WLD/2024-06",
            _contained(rows, element, None),
            "t element",
            factor=12.0,
            relative=0.40,
            remark="40 % instead of 15 %: one month times twelve",
        )
    rows.level(
        "Y exports CHN to USA",
        "element_exports/Y/USA/2024-08..2025-03",
        rows.traded("CHN", ("USA",), "oxide", "metal", name="Y"),
        "t gross",
        factor=12.0 / 8.0,
        relative=0.30,
        remark="30 % instead of 15 %: eight months of compounds and metal",
    )


def _into(rows: Collector, target: str, elements: tuple[str, ...]) -> Terms:
    """Oxides used in a country, and metals that it imports."""
    chosen = rows.frame.mask(form="metal", target=target, name=elements)
    return join(
        rows.links(form="oxide", target=target, name=elements),
        rows.frame.pick(chosen & rows.frame.foreign),
    )


def _japan(rows: Collector) -> None:
    rows.level(
        "rare earths used JPN", "element_demand/JPN/all/2024", _into(rows, "JPN", RARE_EARTHS), "t"
    )
    for element, year, relative in (
        ("Ce", 2024, None),
        ("La", 2020, 0.30),
        ("Y", 2020, 0.30),
        ("Eu", 2020, 0.50),
    ):
        rows.level(
            f"{element} used JPN",
            f"element_demand/JPN/{element}/{year}",
            _into(rows, "JPN", (element,)),
            "t",
            relative=relative,
            remark="" if relative is None else f"{relative:.0%} instead of 15 %: of 2020",
        )


def _european_union(rows: Collector) -> None:
    outside = ~rows.frame.mask(origin=EU_NODES)
    traded = ("ore", "oxide", "metal")
    rows.level(
        "rare-earth imports EUU",
        "imports/EUU/WLD/rare_earths/2024",
        rows.frame.pick(rows.frame.mask(target=EU_NODES, form=traded) & outside),
        "t gross",
        relative=0.15,
        remark="15 % instead of 5 %: gross weight; alloys and scrap included",
    )
    total = rows.figures.claim("imports/EUU/WLD/rare_earths/2024")
    for code in ("CHN", "MYS", "RUS"):
        body = f"import_dependence/EUU/{code}/rare_earths/2024"
        share = rows.figures.claim(body)
        if total is None or share is None:
            rows.missing.append(body)
            continue
        rows.given(
            f"rare-earth imports EUU from {code}",
            share,
            rows.traded(code, EU_NODES, *traded),
            "t gross",
            value=total.mid * convert(share.mid, share.unit, "ratio"),
            relative=0.5 if code == "RUS" else 0.15,
            factor_sources=(total.id,),
            remark="50 % instead of 5 %: carbonates and chlorides of loparite, gross"
            if code == "RUS"
            else "15 % instead of 5 %: gross weight",
        )


def _united_states(rows: Collector) -> None:
    imports = rows.figures.prior("prior/us_compound_imports")
    rows.given(
        "rare-earth imports USA",
        imports,
        rows.traded(None, ("USA",), "oxide"),
        "t oxide",
        value=imports.mid,
        relative=0.10,
        remark="a USGS figure that is not among the claims yet",
    )
