"""Soft rows of mines, separators, recyclers and metal makers."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from xenotime.facts.units import convert
from xenotime.networks.chain.chemistry import basket, element_per_oxide
from xenotime.networks.chain.frame import Terms, join
from xenotime.networks.chain.nodes import country_of, kind_of
from xenotime.networks.chain.row import MAGNET_ELEMENTS, Row

if TYPE_CHECKING:
    from xenotime.networks.chain.row import Collector

__all__ = ["add_supply_rows"]

IEA_REMARK = (
    "15 % instead of 5 %: read through a third party's conversion; oxide or element is not stated"
)
PLANTS = ("separation", "recycling")

# Vintages of these changed by so much that the grade's sigma would be false
_REVISED: dict[str, tuple[float, str]] = {
    "AUS": (0.25, "25 % instead of 5 %: doubled between two vintages"),
    "MMR": (0.40, "40 % instead of 5 %: USGS revised Burma by that much between vintages"),
    "NGA": (0.50, "50 % instead of 5 %: revised by a factor of 9 between two vintages"),
    "THA": (0.50, "50 % instead of 5 %: revised by a factor of 6 between two vintages"),
    "MDG": (0.30, "30 % instead of 5 %: revised by that much between two vintages"),
    "BRA": (0.50, "50 % instead of 5 %: revised by a factor of 28 between two vintages"),
    "ROW": (0.30, "30 % instead of 5 %: countries not told apart"),
    "MYS": (0.15, "15 % instead of 5 %: small and rounded"),
    "VNM": (0.30, "30 % instead of 5 %: halved in the next year"),
}


def add_supply_rows(rows: Collector) -> None:
    """Add cited ore, oxide and metal tonnages, and the bond between Nd and Pr."""
    _mining(rows)
    _customs_ores(rows)
    _mined_elements(rows)
    _scandium(rows)
    _separation(rows)
    _recycling(rows)
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
    for name, ore in rows.ores.items():
        if ore.tonnage:
            relative, remark = _REVISED.get(ore.tonnage, (None, ""))
            rows.level(
                f"mine output {ore.tonnage}",
                f"mine_production/{ore.tonnage}/2024",
                rows.mined((name,)),
                "t REO",
                relative=relative,
                remark=remark,
            )


def _customs_ores(rows: Collector) -> None:
    oxide = rows.figures.prior("prior/content/mixed_oxide")
    for code in ("MMR", "LAO"):
        rows.level(
            f"imports of China from {code}",
            f"rare_earth_imports/CHN/{code}/2024",
            rows.mined((f"ion_clay_{code}",)),
            "t REO",
            factor=oxide.mid,
            factor_sources=(oxide.id,),
            relative=0.30,
            remark="30 % instead of 5 %: gross weight of compounds, content assumed",
        )
    content = rows.figures.prior("prior/content/monazite_concentrate")
    rows.level(
        "imports of China of monazite",
        "ore_trade/WLD/CHN/monazite/2024",
        rows.mined(
            [
                name
                for name in rows.ores
                if name.startswith("monazite_") and "CHN" in rows.ores[name].separators
            ]
        ),
        "t REO",
        factor=content.mid,
        factor_sources=(content.id,),
        relative=0.60,
        remark="60 % instead of 30 %: gross weight, and part of the sand is counted elsewhere",
    )


def _mined_elements(rows: Collector) -> None:
    china = ("bastnaesite_CHN", "ion_clay_CHN")
    for code, ores in (("CHN", china), ("USA", ("bastnaesite_USA",)), ("MMR", ("ion_clay_MMR",))):
        rows.level(
            f"magnet elements mined {code}",
            f"magnet_element_mining/{code}/2024",
            rows.contained(ores, MAGNET_ELEMENTS),
            "t element",
            relative=0.50 if code == "MMR" else 0.15,
            remark=(
                "50 % instead of 5 %: needs 35-50 kt REO where USGS has 27 kt"
                if code == "MMR"
                else IEA_REMARK
            ),
        )


def _scandium(rows: Collector) -> None:
    everywhere = rows.links(form="oxide", name="Sc")
    rows.level(
        "scandium oxide of the world",
        "use_tonnage/WLD/Sc2O3/total_consumption/2025",
        everywhere,
        "t oxide",
        relative=0.20,
        remark="20 % instead of 5 %: a year later",
    )
    rows.share(
        "China in scandium oxide",
        rows.figures.claim("world_share/CHN/Sc_oxide_production/2024"),
        rows.links(form="oxide", name="Sc", origin="CHN"),
        everywhere,
        "t oxide",
        sigma_share=0.05,
        remark="share in output",
        scale=0.01,
    )


def _separation(rows: Collector) -> None:
    for element, relative in (("Dy", 0.21), ("Tb", 0.22), ("Gd", 0.21), ("Ho", 0.22)):
        rows.level(
            f"{element} oxide CHN",
            f"primary_oxide_output/CHN/{element}/2024",
            rows.oxide_output(("CHN",), (element,)),
            "t oxide",
            relative=relative,
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
    rows.level(
        "NdPr oxide of Lynas MYS",
        "oxide_output/MYS/NdPr/2024",
        rows.oxide_output(("MYS",), ("Nd", "Pr")),
        "t oxide",
        relative=0.10,
        remark="10 % instead of 15 %: three quarters of the year are reported by the company",
    )
    for code, relative, remark in (
        (
            "CHN",
            0.15,
            "15 % instead of 5 %: it rests on the same Chinese surveys as the oxide rows",
        ),
        ("MYS", 0.30, "30 % instead of 5 %: rests on a superseded tonnage of the Australian mine"),
        ("USA", 0.15, IEA_REMARK),
    ):
        rows.level(
            f"magnet elements refined {code}",
            f"magnet_element_refining/{code}/2024",
            rows.oxide_output((code,), MAGNET_ELEMENTS, makers=PLANTS, oxide=False),
            "t element",
            relative=relative,
            remark=remark,
        )
    elsewhere = sorted(
        {country_of(link.supplier) for link in rows.frame.links} - {"CHN", "MYS", "USA"}
    )
    rows.level(
        "magnet elements refined elsewhere",
        "magnet_element_refining/ROW/2024",
        rows.oxide_output(elsewhere, MAGNET_ELEMENTS, makers=PLANTS, oxide=False),
        "t element",
        relative=0.50,
        remark="50 % instead of 5 %: whether recycling is inside is not stated",
    )
    rows.level(
        "oxides of Silmet EST",
        "separation_capacity/EST/Silmet/2021..2023",
        rows.links(maker="separation", origin="EST", form="oxide"),
        "t oxide",
        relative=0.60,
        remark="60 % instead of 15 %: a capacity, from two sources that differ",
    )
    rows.share(
        "China in samarium oxide",
        rows.figures.claim("world_share/CHN/Sm_oxide_supply/2024"),
        rows.links(form="oxide", name="Sm", origin="CHN"),
        rows.links(form="oxide", name="Sm"),
        "t oxide",
        sigma_share=0.02,
        remark="share in supply",
        scale=0.01,
    )


def _recycling(rows: Collector) -> None:
    for part, elements in (
        ("NdPr", ("Nd", "Pr")),
        ("Dy", ("Dy",)),
        ("Tb", ("Tb",)),
        ("Gd", ("Gd",)),
        ("Ho", ("Ho",)),
    ):
        rows.level(
            f"{part} oxide from scrap CHN",
            f"scrap_oxide_output/CHN/{part}/2024",
            rows.oxide_output(("CHN",), elements, makers=("recycling",)),
            "t oxide",
        )
    rows.share(
        "scrap in magnet blanks CHN",
        rows.figures.claim("recycling/CHN/magnet_scrap/scrap_as_share_of_magnet_output/2024"),
        rows.links(form="scrap", origin="CHN"),
        rows.links(form="blank", target="CHN"),
        "t",
        sigma_share=0.04,
        remark="share of output that is scrap, 25 to 30 %",
        scale=0.01,
    )
    magnet_elements = rows.oxide_output(
        sorted({country_of(link.supplier) for link in rows.frame.links}),
        MAGNET_ELEMENTS,
        makers=PLANTS,
    )
    old = [
        plant
        for plant in {link.supplier for link in rows.frame.links}
        if plant.startswith("recycling:end_of_life")
    ]
    rows.share(
        "end-of-life magnets in supply",
        rows.figures.claim("recycling/WLD/end_of_life_magnets/share_of_supply/2025"),
        rows.links(supplier=sorted(old), form="oxide", name=MAGNET_ELEMENTS),
        magnet_elements,
        "t oxide",
        sigma_share=0.005,
        remark="half of the share: one secondary source",
        scale=0.01,
    )


def _metal(rows: Collector) -> None:
    made = rows.figures.claim("metal_output_monthly/CHN/NdPr/2024-06")
    if made is None:
        rows.missing.append("metal_output_monthly/CHN/NdPr/2024-06")
    else:
        rows.given(
            "NdPr metal CHN",
            made,
            rows.links(maker="metal", origin="CHN", name=("Nd", "Pr")),
            "t",
            value=convert(made.mid, made.unit, "t/y"),
            remark="twelve months of June 2024",
        )
    rows.level(
        "metals of Less Common Metals GBR",
        "metal_capacity/GBR/LCM/2022..2024",
        rows.links(maker="metal", origin="GBR"),
        "t",
        relative=0.60,
        remark="60 % instead of 15 %: what runs of a planned capacity",
    )
    oxides = rows.links(form="oxide", target="JPN", name=("Nd", "Pr"))
    metals = rows.traded(None, ("JPN",), "metal")
    parts = [oxides]
    for element in ("Nd", "Pr"):
        chosen = rows.frame.mask(form="metal", target="JPN", name=element) & rows.frame.foreign
        weight = 1.0 / element_per_oxide(element) / rows.metal_yield
        parts.append(rows.frame.pick(chosen, weight))
    rows.level(
        "NdPr and Nd oxide used JPN",
        "element_demand/JPN/NdPr/2024",
        join(*parts),
        "t oxide",
        factor_sources=("prior/yield/metal",),
    )
    rows.share(
        "China in metal imports JPN",
        rows.figures.claim("import_dependence/JPN/CHN/metals/2024"),
        rows.traded("CHN", ("JPN",), "metal"),
        metals,
        "t",
        sigma_share=0.15,
        remark="all rare-earth metals by weight",
        scale=0.01,
    )


def _didymium(rows: Collector) -> None:
    """Praseodymium follows neodymium: plants and metal makers sell the two as one mixture."""
    spread = rows.figures.prior("prior/didymium/spread")
    pairs: dict[tuple[str, str], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    chosen = rows.frame.mask(name=("Nd", "Pr"), user=("metal", "alloy"))
    for i in np.flatnonzero(chosen):
        link = rows.frame.links[i]
        element = link.product.partition(":")[2]
        maker = link.supplier
        if kind_of(maker) == "metal":
            maker = f"metal@{country_of(maker)}"
        buyer = link.buyer if kind_of(link.buyer) == "alloy" else f"metal@{country_of(link.buyer)}"
        pairs[maker, buyer][element].append(int(i))
    ratios = _plant_ratios(rows)
    common = rows.figures.middle("prior/recipe/NdFeB-light/Pr") / rows.figures.middle(
        "prior/recipe/NdFeB-light/Nd"
    )
    for (origin, target), links in pairs.items():
        if set(links) != {"Nd", "Pr"}:
            continue
        ratio = ratios.get(origin, common)
        nd, pr = np.array(links["Nd"]), np.array(links["Pr"])
        terms = Terms(
            np.concatenate([pr, nd]),
            np.concatenate([np.ones(len(pr)), np.full(len(nd), -ratio)]),
        )
        rows.rows.append(
            Row(
                f"Pr beside Nd, {origin} to {target}",
                terms,
                0.0,
                spread.mid * max(ratio * float(rows.begun[nd].sum()), 0.01),
                "t",
                "prior",
                "prior",
                (spread.id,),
            )
        )


def _plant_ratios(rows: Collector) -> dict[str, float]:
    """Praseodymium per neodymium in what each separator is fed."""
    found: dict[str, float] = {}
    for ore in rows.ores.values():
        nd, pr = (
            sum(rows.start.deposits[ore.name, d] * basket(d)[e] for d in ore.deposits)
            for e in ("Nd", "Pr")
        )
        if nd > 0.0:
            found |= {ore.separator(country): pr / nd for country in ore.separators}
    return found
