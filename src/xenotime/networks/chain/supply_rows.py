"""Soft rows of mines, separators and metal makers."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from xenotime.facts.units import convert
from xenotime.networks.chain.chemistry import basket, element_per_oxide
from xenotime.networks.chain.nodes import country_of, element_of, kind_of
from xenotime.networks.chain.row import MAGNET_ELEMENTS, Row
from xenotime.networks.chain.start import MINE_CLAIMS

if TYPE_CHECKING:
    from xenotime.networks.chain.nodes import Link
    from xenotime.networks.chain.row import Collector, Terms

__all__ = ["add_supply_rows"]

IEA_REMARK = (
    "15 % instead of 5 %: read through a third party's conversion; oxide or element is not stated"
)


def add_supply_rows(rows: Collector) -> None:
    """Add cited ore, oxide and metal tonnages, and the bond between Nd and Pr."""
    _mining(rows)
    _separation(rows)
    _metal(rows)
    _didymium(rows)


def _mining(rows: Collector) -> None:
    china = ("bastnaesite_CHN", "ion_clay_CHN")
    rows.level("mine output CHN", "mine_production/CHN/2024", rows.mined(china), "t REO")
    clay = rows.figures.prior("prior/ion_clay_share/CHN")
    rows.share(
        "ion clay in mine output CHN",
        clay,
        rows.mined(("ion_clay_CHN",)),
        rows.mined(china),
        "t REO",
        sigma_share=0.01,
        remark="quota of about 19,000 t of ion clay",
    )
    for code in ("USA", "AUS", "IND"):
        ore = next(name for name, codes in MINE_CLAIMS.items() if codes == (code,))
        revised = code == "AUS"
        rows.level(
            f"mine output {code}",
            f"mine_production/{code}/2024",
            rows.mined((ore,)),
            "t REO",
            relative=0.25 if revised else None,
            remark="25 % instead of 5 %: doubled between two vintages" if revised else "",
        )
    rows.level(
        "mine output MMR",
        "mine_production/MMR/2024",
        rows.mined(("ion_clay_MMR",)),
        "t REO",
        relative=0.40,
        remark="40 % instead of 5 %: USGS revised Burma by that much between vintages",
    )
    oxide = rows.figures.prior("prior/content/mixed_oxide")
    rows.level(
        "imports of China from MMR",
        "rare_earth_imports/CHN/MMR/2024",
        rows.mined(("ion_clay_MMR",)),
        "t REO",
        factor=oxide.mid,
        factor_sources=(oxide.id,),
        relative=0.30,
        remark="30 % instead of 5 %: gross weight of compounds, content assumed",
    )
    rows.level(
        "imports of China from LAO",
        "rare_earth_imports/CHN/LAO/2024",
        rows.mined(("ion_clay_ROW",)),
        "t REO",
        factor=oxide.mid,
        factor_sources=(oxide.id,),
        relative=0.30,
        remark="30 % instead of 5 %: gross weight of compounds, content assumed",
    )
    monazite = [
        rows.figures.claim(f"mine_production/{c}/2024") for c in MINE_CLAIMS["monazite_ROW"]
    ]
    known = [figure for figure in monazite if figure is not None]
    if len(known) == len(monazite):
        value = sum(figure.mid for figure in known)
        rows.rows.append(
            Row(
                "mine output of monazite ROW",
                rows.mined(("monazite_ROW",)),
                value,
                0.5 * value,
                "t REO",
                "level",
                "A",
                tuple(figure.id for figure in known),
                "50 % instead of 5 %: Nigeria and Thailand were revised by factors of 6 to 9",
            )
        )
    else:
        rows.missing.append("mine_production of Madagascar, Nigeria, Thailand, Brazil, others")
    content = rows.figures.prior("prior/content/monazite_concentrate")
    rows.level(
        "imports of China of monazite",
        "ore_trade/WLD/CHN/monazite/2024",
        rows.mined(("monazite_ROW",)),
        "t REO",
        factor=content.mid,
        factor_sources=(content.id,),
        relative=0.60,
        remark="60 % instead of 30 %: gross weight, and part of the sand is counted elsewhere",
    )
    rows.level(
        "mine output RUS", "mine_production/RUS/2024", rows.mined(("loparite_ROW",)), "t REO"
    )
    for code, ores in (("CHN", china), ("USA", ("bastnaesite_USA",)), ("MMR", ("ion_clay_MMR",))):
        rows.level(
            f"magnet elements mined {code}",
            f"magnet_element_mining/{code}/2024",
            rows.contained(ores, MAGNET_ELEMENTS, oxide=False),
            "t element",
            relative=0.50 if code == "MMR" else 0.15,
            remark=(
                "50 % instead of 5 %: needs 35-50 kt REO where USGS has 27 kt"
                if code == "MMR"
                else IEA_REMARK
            ),
        )


def _separation(rows: Collector) -> None:
    for element in ("Dy", "Tb"):
        rows.level(
            f"{element} oxide CHN",
            f"primary_oxide_output/CHN/{element}/2024",
            rows.oxide_output(("CHN",), (element,)),
            "t oxide",
            relative=0.21 if element == "Dy" else 0.22,
            remark="15 % of output before scrap is taken off",
        )
    rows.level(
        "NdPr oxide CHN",
        "primary_oxide_output/CHN/NdPr/2024",
        rows.oxide_output(("CHN",), ("Nd", "Pr")),
        "t oxide",
        relative=0.215,
        remark="15 % of output before scrap is taken off",
    )
    _refined_china(rows)
    rows.level(
        "NdPr oxide of Lynas MYS",
        "oxide_output/MYS/NdPr/2024",
        rows.oxide_output(("MYS",), ("Nd", "Pr")),
        "t oxide",
        relative=0.10,
        remark="10 % instead of 15 %: three quarters of the year are reported by the company",
    )
    for code in ("MYS", "USA"):
        rows.level(
            f"magnet elements refined {code}",
            f"magnet_element_refining/{code}/2024",
            rows.oxide_output((code,), MAGNET_ELEMENTS, oxide=False),
            "t element",
            relative=0.30 if code == "MYS" else 0.15,
            remark=(
                "30 % instead of 5 %: rests on a superseded tonnage of the Australian mine"
                if code == "MYS"
                else IEA_REMARK
            ),
        )
    rows.level(
        "magnet elements refined elsewhere",
        "magnet_element_refining/ROW/2024",
        rows.oxide_output(("IND", "REU", "ROW", "VNM", "JPN", "KOR"), MAGNET_ELEMENTS, oxide=False),
        "t element",
        relative=0.50,
        remark="50 % instead of 5 %: includes recycling, which this slice leaves out",
    )


def _refined_china(rows: Collector) -> None:
    """IEA's Chinese refined output less the scrap oxide that it very probably contains."""
    refined = rows.figures.claim("magnet_element_refining/CHN/2024")
    scrap = {
        part: rows.figures.claim(f"scrap_oxide_output/CHN/{part}/2024")
        for part in ("NdPr", "Dy", "Tb")
    }
    found = {part: figure for part, figure in scrap.items() if figure is not None}
    if refined is None or len(found) < len(scrap):
        rows.missing.append("magnet_element_refining/CHN/2024 less scrap_oxide_output/CHN/2024")
        return
    factor = {
        "NdPr": element_per_oxide("Nd"),
        "Dy": element_per_oxide("Dy"),
        "Tb": element_per_oxide("Tb"),
    }
    value = refined.mid - sum(figure.mid * factor[part] for part, figure in found.items())
    rows.rows.append(
        Row(
            "magnet elements refined CHN less scrap",
            rows.oxide_output(("CHN",), MAGNET_ELEMENTS, oxide=False),
            value,
            0.15 * refined.mid,
            "t element",
            "level",
            "A",
            (refined.id, *(figure.id for figure in found.values())),
            "15 % of the gross figure: it rests on the same Chinese surveys as the oxide rows",
        )
    )


def _metal(rows: Collector) -> None:
    made = rows.figures.claim("metal_output_monthly/CHN/NdPr/2024-06")
    scrap = rows.figures.claim("scrap_oxide_output/CHN/NdPr/2024")
    if made is None or scrap is None:
        rows.missing.append("metal_output_monthly/CHN/NdPr/2024-06 less scrap")
    else:
        returned = scrap.mid * element_per_oxide("Nd") * rows.metal_yield
        a_year = convert(made.mid, made.unit, "t/y")
        rows.rows.append(
            Row(
                "NdPr metal CHN less scrap",
                rows.pick(
                    lambda link: (
                        link.product in {"metal:Nd", "metal:Pr"}
                        and country_of(link.supplier) == "CHN"
                    )
                ),
                a_year - returned,
                0.15 * a_year,
                "t",
                "level",
                "B",
                (made.id, scrap.id, "prior/yield/metal"),
                "15 % of twelve months of June 2024 before scrap is taken off",
            )
        )
    rows.level(
        "NdPr and Nd oxide used JPN",
        "element_demand/JPN/NdPr/2024",
        {
            link: 1.0
            if link.product.startswith("oxide:")
            else 1.0 / element_per_oxide(element_of(link.product)) / rows.metal_yield
            for link in rows.links
            if country_of(link.buyer) == "JPN"
            and element_of(link.product) in {"Nd", "Pr"}
            and (link.product.startswith("oxide:") or country_of(link.supplier) != "JPN")
        },
        "t oxide",
        factor_sources=("prior/yield/metal",),
    )
    metals = rows.traded(None, {"JPN"}, "metal")
    figure = rows.figures.claim("import_dependence/JPN/CHN/metals/2024")
    rows.share(
        "China in metal imports JPN",
        figure,
        rows.traded("CHN", {"JPN"}, "metal"),
        metals,
        "t",
        sigma_share=0.15,
        remark="all rare-earth metals, the slice has five",
        scale=0.01,
    )


def _didymium(rows: Collector) -> None:
    """Praseodymium follows neodymium: plants and metal makers sell the two as one mixture."""
    spread = rows.figures.prior("prior/didymium/spread")
    flows = rows.start.flows
    pairs: dict[tuple[str, str], dict[str, list[Link]]] = defaultdict(lambda: defaultdict(list))
    for link in rows.links:
        element = element_of(link.product)
        if element not in {"Nd", "Pr"}:
            continue
        if kind_of(link.buyer) == "metal":
            pairs[link.supplier, country_of(link.buyer)][element].append(link)
        elif kind_of(link.buyer) == "magnet":
            maker = f"metal@{country_of(link.supplier)}"
            pairs[maker, country_of(link.buyer)][element].append(link)
    baskets = {ore.separator(c): ore for ore in rows.ores.values() for c in ore.separators}
    for (origin, target), links in pairs.items():
        if set(links) != {"Nd", "Pr"}:
            continue
        if origin in baskets:
            ore = baskets[origin]
            nd, pr = (
                sum(rows.start.deposits[ore.name, d] * basket(d)[e] for d in ore.deposits)
                for e in ("Nd", "Pr")
            )
            ratio = pr / nd
        else:
            ratio = rows.figures.middle("prior/recipe/NdFeB-light/Pr") / rows.figures.middle(
                "prior/recipe/NdFeB-light/Nd"
            )
        terms: Terms = dict.fromkeys(links["Pr"], 1.0)
        terms |= dict.fromkeys(links["Nd"], -ratio)
        expected = ratio * sum(flows[link] for link in links["Nd"])
        rows.rows.append(
            Row(
                f"Pr beside Nd, {origin} to {target}",
                terms,
                0.0,
                spread.mid * expected,
                "t",
                "prior",
                "prior",
                (spread.id,),
            )
        )
