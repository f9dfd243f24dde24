"""Soft rows of blanks, finished magnets and their trade."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xenotime.facts.taxonomy import EU_NODES
from xenotime.networks.chain.figures import Figure
from xenotime.networks.chain.row import NDFEB

if TYPE_CHECKING:
    from xenotime.networks.chain.row import Collector

__all__ = ["add_magnet_rows"]


def add_magnet_rows(rows: Collector) -> None:
    """Add cited output of blanks and magnets by country, and Chinese exports by destination."""
    _blanks(rows)
    _magnet_output(rows)
    _exports(rows)
    _imports(rows)


def _blanks(rows: Collector) -> None:
    body = _china_blanks(rows)
    if body is not None:
        rows.level(
            "magnet blanks CHN",
            body,
            rows.links(maker="blank", origin="CHN"),
            "t blank",
            remark="Chinese tonnage of magnets is that of blanks before cutting",
        )
    heavy = rows.figures.claim("magnet_output/CHN/NdFeB_high_performance_blanks/2020")
    total = rows.figures.claim("magnet_output/CHN/NdFeB_sintered_blanks/2020")
    if heavy is None or total is None:
        rows.missing.append("magnet_output/CHN/NdFeB_high_performance_blanks/2020")
        return
    share = Figure(f"{heavy.id};{total.id}", 0.0, heavy.mid / total.mid, 1.0, "ratio", "C")
    rows.share(
        "heavy grade in NdFeB blanks CHN",
        share,
        rows.links(maker="blank", origin="CHN", name="NdFeB-heavy"),
        rows.links(maker="blank", origin="CHN", name=NDFEB),
        "t blank",
        sigma_share=0.10,
        remark="high-performance blanks of 2020 bound the heavy grade; definitions differ",
    )


def _china_blanks(rows: Collector) -> str | None:
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


def _magnet_output(rows: Collector) -> None:
    rows.level(
        "SmCo output CHN",
        "magnet_output/CHN/SmCo/2019",
        rows.made(("CHN",), "SmCo"),
        "t magnet",
        relative=0.30,
        remark="30 % instead of 15 %: five years old",
    )
    world = rows.links(maker="magnet", form="magnet")
    for code, body, sigma in (
        ("JPN", "world_share/JPN/magnet/NdFeB/2022..2025", 0.0175),
        ("VNM", "world_share/VNM/magnet/all/2020", 0.005),
    ):
        rows.share(
            f"share of {code} in magnets of the world",
            rows.figures.claim(body),
            rows.made((code,), *NDFEB, "SmCo"),
            world,
            "t magnet",
            sigma_share=sigma,
            remark="a quarter of its range (8 to 15 %)" if code == "JPN" else "half: of 2020",
            scale=0.01,
        )
    rows.level(
        "NdFeB output EU",
        "magnet_output/EUU/NdFeB/2019",
        rows.made(EU_NODES, *NDFEB),
        "t magnet",
        relative=0.50,
        remark="50 % instead of 15 %: printed range 500 to 1,500 t",
    )
    rows.level(
        "NdFeB output of Star Group KOR",
        "magnet_output/KOR/Star_Group_Industrial/NdFeB/2023",
        rows.made(("KOR",), *NDFEB),
        "t magnet",
        relative=0.50,
        remark="50 % instead of 15 %: plants in Korea and China not told apart",
    )
    rows.level(
        "NdFeB powder of Neo THA",
        "magnet_capacity/THA/Neo_Magnequench/NdFeB_powder/2022",
        rows.links(maker="alloy", origin="THA"),
        "t",
        relative=0.60,
        remark="60 % instead of 30 %: a capacity",
    )


def _exports(rows: Collector) -> None:
    customs = "customs totals by destination, derived from printed growth rates"
    for code in ("USA", "DEU", "KOR", "VNM", "JPN", "IND"):
        rows.level(
            f"magnet exports CHN to {code}",
            f"magnet_exports/{code}/2024",
            rows.magnets_traded("CHN", (code,)),
            "t magnet",
            relative={"USA": 0.03, "IND": 0.15}.get(code, 0.08),
            remark=customs,
        )
    world = rows.figures.claim("magnet_exports/WLD/2024")
    before = rows.figures.claim("magnet_exports/WLD/2020")
    thai = rows.figures.claim("magnet_exports/THA/2020")
    if world is None or before is None or thai is None:
        rows.missing.append("magnet_exports/THA/2020")
    else:
        rows.given(
            "magnet exports CHN to THA",
            thai,
            rows.magnets_traded("CHN", ("THA",)),
            "t magnet",
            value=thai.mid * world.mid / before.mid,
            relative=0.30,
            factor_sources=(world.id, before.id),
            remark="30 % instead of 15 %: tonnage of 2020, grown like the total",
        )
    rows.level(
        "magnet exports CHN to EUU",
        "magnet_exports/EUU/2024",
        rows.magnets_traded("CHN", EU_NODES),
        "t magnet",
        relative=0.15,
        remark="15 % instead of 30 %: two independent half-years agree",
    )
    rows.level(
        "magnet exports CHN",
        "magnet_exports/WLD/2024",
        rows.magnets_traded("CHN", None),
        "t magnet",
        relative=0.02,
        remark="2 % instead of 15 %: customs total",
    )
    whole = rows.magnets_traded("CHN", None)
    rows.share(
        "DEU, USA and KOR in magnet exports CHN",
        rows.figures.claim("export_share/CHN/DEU.USA.KOR/magnet/2024-01..2024-10"),
        rows.magnets_traded("CHN", ("DEU", "USA", "KOR")),
        whole,
        "t magnet",
        sigma_share=0.02,
        remark="customs share, ten months",
        scale=0.01,
    )
    chosen = rows.frame.mask(origin="CHN", form=("magnet", "blank"), name="NdFeB-heavy")
    rows.share(
        "heavy grade in magnet exports CHN",
        rows.figures.prior("prior/heavy_bearing_share/CHN/exports"),
        rows.frame.pick(chosen & rows.frame.foreign),
        whole,
        "t magnet",
        sigma_share=0.14,
        remark="one customs code for all grades; 25 to 60 % is open",
        scale=0.01,
    )


def _imports(rows: Collector) -> None:
    rows.level(
        "magnet imports EUU from CHN",
        "imports/EUU/CHN/magnet/2024",
        rows.magnets_traded("CHN", EU_NODES),
        "t magnet",
    )
    rows.level(
        "magnets used EUU", "magnet_use/EUU/NdFeB/2019..2025", rows.used(EU_NODES), "t magnet"
    )
    rows.level(
        "magnet imports USA",
        "imports/USA/WLD/magnet/2021",
        rows.magnets_traded(None, ("USA",)),
        "t magnet",
    )
