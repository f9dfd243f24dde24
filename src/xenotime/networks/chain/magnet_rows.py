"""Soft rows of magnet output, trade and use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xenotime.networks.chain.figures import Figure
from xenotime.networks.chain.nodes import Link, country_of
from xenotime.networks.chain.row import NDFEB

if TYPE_CHECKING:
    from xenotime.networks.chain.row import Collector

__all__ = ["add_magnet_rows"]


def add_magnet_rows(rows: Collector) -> None:
    """Add cited output by country, Chinese exports by destination, and what is known of uses."""
    _magnet_output(rows)
    _magnet_trade(rows)
    _uses(rows)


def _magnet_output(rows: Collector) -> None:
    finished = rows.figures.claim("magnet_yield/WLD/NdFeB/2016..2025")
    body = _china_magnets(rows)
    ratio = finished.mid if finished else rows.figures.middle("prior/blank_to_finished_iea")
    if body is not None:
        rows.level(
            "finished magnets CHN",
            body,
            rows.made({"CHN"}, *NDFEB, "SmCo"),
            "t magnet",
            factor=ratio,
            factor_sources=(finished.id,) if finished else ("prior/blank_to_finished_iea",),
            factor_sigma=0.08,
            remark="blanks times the yield of finishing",
        )
    heavy = rows.figures.claim("magnet_output/CHN/NdFeB_high_performance_blanks/2020")
    total = rows.figures.claim("magnet_output/CHN/NdFeB_sintered_blanks/2020")
    if heavy is not None and total is not None:
        share = Figure(f"{heavy.id};{total.id}", 0.0, heavy.mid / total.mid, 1.0, "ratio", "C")
        whole = rows.made({"CHN"}, *NDFEB)
        rows.share(
            "heavy grade in NdFeB output CHN",
            share,
            rows.made({"CHN"}, "NdFeB-heavy"),
            whole,
            "t magnet",
            sigma_share=0.10,
            remark="high-performance blanks of 2020 bound the heavy grade; definitions differ",
        )
    rows.level(
        "SmCo output CHN",
        "magnet_output/CHN/SmCo/2019",
        rows.made({"CHN"}, "SmCo"),
        "t magnet",
        relative=0.30,
        remark="30 % instead of 15 %: five years old",
    )
    world = rows.pick(lambda link: link.product.startswith("magnet:"))
    for code, body, sigma in (
        ("JPN", "world_share/JPN/magnet/NdFeB/2022..2025", 0.0175),
        ("VNM", "world_share/VNM/magnet/all/2020", 0.005),
    ):
        rows.share(
            f"share of {code} in magnets of the world",
            rows.figures.claim(body),
            rows.made({code}, *NDFEB, "SmCo"),
            world,
            "t magnet",
            sigma_share=sigma,
            remark="a quarter of its range (8 to 15 %)" if code == "JPN" else "half: of 2020",
            scale=0.01,
        )
    rows.level(
        "NdFeB output EU",
        "magnet_output/EUU/NdFeB/2019",
        rows.made({"DEU", "REU"}, *NDFEB),
        "t magnet",
        relative=0.50,
        remark="50 % instead of 15 %: printed range 500 to 1,500 t",
    )
    rows.level(
        "NdFeB output of Star Group KOR",
        "magnet_output/KOR/Star_Group_Industrial/NdFeB/2023",
        rows.made({"KOR"}, *NDFEB),
        "t magnet",
        relative=0.50,
        remark="50 % instead of 15 %: plants in Korea and China not told apart",
    )


def _china_magnets(rows: Collector) -> str | None:
    """Body of the newest tonnage of Chinese magnet blanks that is known."""
    for body in (
        "magnet_output_forecast/CHN/RE_permanent_magnets/2024",
        "magnet_output/CHN/RE_permanent_magnets/2023",
        "magnet_output/CHN/all/2020",
    ):
        if rows.figures.claim(body) is not None:
            return body
    rows.missing.append("magnet output of China")
    return None


def _magnet_trade(rows: Collector) -> None:
    customs = "customs totals by destination, derived from printed growth rates"
    for code in ("USA", "DEU", "KOR", "VNM", "JPN", "IND"):
        rows.level(
            f"magnet exports CHN to {code}",
            f"magnet_exports/{code}/2024",
            rows.traded("CHN", {code}, "magnet"),
            "t magnet",
            relative={"USA": 0.03, "IND": 0.15}.get(code, 0.08),
            remark=customs,
        )
    rows.level(
        "magnet exports CHN to EUU",
        "magnet_exports/EUU/2024",
        rows.traded("CHN", {"DEU", "REU"}, "magnet"),
        "t magnet",
        relative=0.15,
        remark="15 % instead of 30 %: two independent half-years agree",
    )
    rows.level(
        "magnet imports EUU from CHN",
        "imports/EUU/CHN/magnet/2024",
        rows.traded("CHN", {"DEU", "REU"}, "magnet"),
        "t magnet",
    )
    rows.level(
        "magnet exports CHN",
        "magnet_exports/WLD/2024",
        rows.traded("CHN", None, "magnet"),
        "t magnet",
        relative=0.02,
        remark="2 % instead of 15 %: customs total",
    )
    whole = rows.traded("CHN", None, "magnet")
    rows.share(
        "DEU, USA and KOR in magnet exports CHN",
        rows.figures.claim("export_share/CHN/DEU.USA.KOR/magnet/2024-01..2024-10"),
        rows.traded("CHN", {"DEU", "USA", "KOR"}, "magnet"),
        whole,
        "t magnet",
        sigma_share=0.02,
        remark="customs share, ten months",
        scale=0.01,
    )
    rows.level(
        "magnets used EUU",
        "magnet_use/EUU/NdFeB/2019..2025",
        rows.used({"DEU", "REU"}),
        "t magnet",
    )
    rows.level(
        "magnet imports USA",
        "imports/USA/WLD/magnet/2021",
        rows.traded(None, {"USA"}, "magnet"),
        "t magnet",
    )
    heavy = rows.figures.prior("prior/heavy_bearing_share/CHN/exports")
    rows.share(
        "heavy grade in magnet exports CHN",
        heavy,
        {
            link: weight
            for link, weight in whole.items()
            if isinstance(link, Link) and link.product == "magnet:NdFeB-heavy"
        },
        whole,
        "t magnet",
        sigma_share=0.14,
        remark="one customs code for all grades; 25 to 60 % is open",
        scale=0.01,
    )


def _uses(rows: Collector) -> None:
    abroad = {country_of(link.buyer) for link in rows.links} - {"CHN"}
    whole = rows.used(abroad)
    rows.share(
        "light vehicles in magnets used outside China",
        rows.figures.prior("prior/use_share/light_vehicles/outside_china"),
        rows.used(abroad, "light_vehicles"),
        whole,
        "t magnet",
        sigma_share=0.08,
        remark="80 % of the prior lies between 20 and 40 %",
    )
    home = rows.used({"CHN"})
    rows.share(
        "light vehicles in magnets used in China",
        rows.figures.prior("prior/use_share/light_vehicles/CHN"),
        rows.used({"CHN"}, "light_vehicles"),
        home,
        "t magnet",
        sigma_share=0.09,
        remark="80 % of the prior lies between 13 and 37 %",
    )
    world = {country_of(link.buyer) for link in rows.links}
    content = rows.figures.prior("prior/recipe/NdFeB-heavy/all")
    finished = rows.figures.prior("prior/blank_to_finished_iea")
    rows.level(
        "magnets in wind turbines of the world",
        "magnet_element_demand/WLD/wind/magnet_elements/2024",
        rows.used(world, "wind"),
        "t magnet",
        factor=finished.mid / content.mid,
        factor_sources=(content.id, finished.id),
        relative=0.40,
        remark="40 % instead of 5 %: installed capacity gives half of it",
    )
    rows.level(
        "magnets in US weapons",
        "use_tonnage/USA/NdFeB/US_weapons/2012",
        rows.used({"USA"}, "defence"),
        "t magnet",
        relative=0.30,
        remark="30 % instead of 15 %: assessment of 2012",
    )
