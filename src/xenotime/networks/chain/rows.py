"""Cited figures and shares as soft rows: sums of unknown flows, a value, a sigma, sources."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from xenotime.networks.chain.chemistry import basket, element_per_oxide
from xenotime.networks.chain.figures import RELATIVE_SIGMA, Figure, Figures
from xenotime.networks.chain.nodes import Candidates, Link, country_of, element_of, kind_of
from xenotime.networks.chain.start import MINE_CLAIMS, Start

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["Deposit", "Discard", "Row", "Variable", "soft_rows"]

MAGNET_ELEMENTS = ("Nd", "Pr", "Dy", "Tb")


class Deposit(NamedTuple):
    """Tonnes of oxide a year that an ore takes from one basket."""

    ore: str
    name: str


class Discard(NamedTuple):
    """Tonnes a year of an oxide that a separator does not sell."""

    producer: str
    product: str


Variable = Link | Deposit | Discard
Terms = dict[Variable, float]


@dataclass(frozen=True, slots=True)
class Row:
    """One figure that the fit should meet: ``sum(terms) = value`` within sigma.

    Attributes
    ----------
    name, terms
        What it is, and coefficient by unknown flow.
    value, sigma
        In t/y. A share has value 0 and a sigma in tonnes of a fixed denominator.
    unit
        What the tonnes weigh.
    kind
        ``level`` (a cited tonnage), ``share`` (a cited ratio) or ``prior``.
    grade, sources
        Grade of the weakest figure that enters, and ids of all.
    remark
        Why sigma differs from that of the grade, if it does.
    """

    name: str
    terms: Terms
    value: float
    sigma: float
    unit: str
    kind: str
    grade: str
    sources: tuple[str, ...]
    remark: str = ""


class _Collector:
    """Adds rows when their figures are known; keeps the names of those that are hidden."""

    def __init__(self, candidates: Candidates, figures: Figures, start: Start) -> None:
        self.links = candidates.links
        self.ores = {ore.name: ore for ore in candidates.ores}
        self.figures = figures
        self.start = start
        self.rows: list[Row] = []
        self.missing: list[str] = []
        self.recovery = figures.middle("prior/separation_recovery/WLD")
        self.metal_yield = figures.middle("prior/yield/metal")

    def pick(self, test: Callable[[Link], bool], weight: float = 1.0) -> Terms:
        """Coefficient `weight` on every link that passes."""
        return {link: weight for link in self.links if test(link)}

    def level(
        self,
        name: str,
        body: str,
        terms: Terms,
        unit: str,
        *,
        factor: float = 1.0,
        factor_sources: tuple[str, ...] = (),
        factor_sigma: float = 0.0,
        relative: float | None = None,
        remark: str = "",
    ) -> None:
        """Add a cited tonnage (times a factor); `relative` replaces the sigma of the grade."""
        figure = self.figures.claim(body)
        if figure is None:
            self.missing.append(body)
            return
        if not terms:
            return
        value = figure.mid * factor
        spread = relative if relative is not None else RELATIVE_SIGMA[figure.grade]
        sigma = value * math.hypot(spread, factor_sigma)
        kind = "level" if figure.grade != "prior" else "prior"
        self.rows.append(
            Row(
                name,
                terms,
                value,
                sigma,
                unit,
                kind,
                figure.grade,
                (figure.id, *factor_sources),
                remark,
            )
        )

    def share(
        self,
        name: str,
        figure: Figure | None,
        part: Terms,
        whole: Terms,
        whole_tonnes: float,
        unit: str,
        *,
        sigma_share: float,
        remark: str,
        scale: float = 1.0,
    ) -> None:
        """Add ``part - share * whole = 0``; sigma is in tonnes of the starting denominator."""
        if figure is None:
            self.missing.append(name)
            return
        terms: dict[Variable, float] = defaultdict(float)
        for key, value in part.items():
            terms[key] += value
        for key, value in whole.items():
            terms[key] -= figure.mid * scale * value
        kind = "prior" if figure.grade == "prior" else "share"
        self.rows.append(
            Row(
                name,
                {key: value for key, value in terms.items() if value != 0.0},
                0.0,
                sigma_share * whole_tonnes,
                unit,
                kind,
                figure.grade,
                (figure.id,),
                remark,
            )
        )

    def mined(self, names: Iterable[str]) -> Terms:
        """Ore of some baskets, t REO."""
        wanted = {self.ores[name].product for name in names if name in self.ores}
        return self.pick(lambda link: link.product in wanted)

    def contained(self, names: Iterable[str], elements: tuple[str, ...], *, oxide: bool) -> Terms:
        """Recoverable element (or oxide) of some ores, t/y, by their baskets."""
        terms: dict[Variable, float] = defaultdict(float)
        for name in names:
            if name not in self.ores:
                continue
            ore = self.ores[name]
            for deposit in ore.deposits:
                weight = self.recovery * sum(
                    basket(deposit)[e] * (1.0 if oxide else element_per_oxide(e)) for e in elements
                )
                if len(ore.deposits) > 1:
                    terms[Deposit(name, deposit)] += weight
                else:
                    for key in self.mined((name,)):
                        terms[key] += weight
        return dict(terms)

    def oxide_output(
        self, countries: Iterable[str], elements: tuple[str, ...], *, oxide: bool = True
    ) -> Terms:
        """Oxide that separators of some countries sell, t oxide or t element."""
        wanted = set(countries)
        return {
            link: 1.0 if oxide else element_per_oxide(element_of(link.product))
            for link in self.links
            if kind_of(link.supplier) == "separation"
            and country_of(link.supplier) in wanted
            and element_of(link.product) in elements
        }

    def traded(self, source: str | None, target: set[str] | None, *kinds: str) -> Terms:
        """Cross-border flows of products whose id begins with one of some kinds."""
        return self.pick(
            lambda link: (
                link.product.partition(":")[0] in kinds
                and country_of(link.supplier) != country_of(link.buyer)
                and (source is None or country_of(link.supplier) == source)
                and (target is None or country_of(link.buyer) in target)
            )
        )

    def made(self, countries: set[str], *grades: str) -> Terms:
        """Finished magnets made in some countries."""
        return self.pick(
            lambda link: (
                kind_of(link.supplier) == "magnet"
                and country_of(link.supplier) in countries
                and element_of(link.product) in grades
            )
        )

    def used(self, countries: set[str], *industries: str) -> Terms:
        """Finished magnets used in some countries, by some industries or all."""
        return self.pick(
            lambda link: (
                link.product.startswith("magnet:")
                and country_of(link.buyer) in countries
                and (not industries or element_of(link.buyer) in industries)
            )
        )

    def begun(self, terms: Terms) -> float:
        """Tonnes of the start in some terms; the fixed denominator of a share."""
        flows = self.start.flows
        return sum(abs(w) * flows[key] for key, w in terms.items() if isinstance(key, Link))


NDFEB = ("NdFeB-light", "NdFeB-heavy")
IEA_REMARK = (
    "15 % instead of 5 %: read through a third party's conversion, basis (oxide or element) unstated"
)


def soft_rows(
    candidates: Candidates, figures: Figures, start: Start
) -> tuple[list[Row], tuple[str, ...]]:
    """Every figure that enters the reconciliation, and names of those not known on the day.

    Parameters
    ----------
    candidates, figures, start
        Links that may exist, what is known, and the starting flows (for denominators).

    Returns
    -------
    rows, missing
        Soft rows in a fixed order, and claim bodies that `as_of` hides.
    """
    rows = _Collector(candidates, figures, start)
    _mining(rows)
    _separation(rows)
    _metal(rows)
    _magnet_output(rows)
    _magnet_trade(rows)
    _oxide_trade(rows)
    _uses(rows)
    _didymium(rows)
    return rows.rows, tuple(rows.missing)


def _mining(rows: _Collector) -> None:
    china = ("bastnaesite_CHN", "ion_clay_CHN")
    rows.level("mine output CHN", "mine_production/CHN/2024", rows.mined(china), "t REO")
    clay = rows.figures.prior("prior/ion_clay_share/CHN")
    rows.share(
        "ion clay in mine output CHN",
        clay,
        rows.mined(("ion_clay_CHN",)),
        rows.mined(china),
        rows.begun(rows.mined(china)),
        "t REO",
        sigma_share=0.01,
        remark="quota of about 19,000 t of ion clay",
    )
    for code in ("USA", "AUS", "IND"):
        ore = next(name for name, codes in MINE_CLAIMS.items() if codes == (code,))
        rows.level(f"mine output {code}", f"mine_production/{code}/2024", rows.mined((ore,)), "t REO")
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
    monazite = [rows.figures.claim(f"mine_production/{c}/2024") for c in MINE_CLAIMS["monazite_ROW"]]
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


def _separation(rows: _Collector) -> None:
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


def _refined_china(rows: _Collector) -> None:
    """IEA's Chinese refined output less the scrap oxide that it very probably contains."""
    refined = rows.figures.claim("magnet_element_refining/CHN/2024")
    scrap = {
        part: rows.figures.claim(f"scrap_oxide_output/CHN/{part}/2024") for part in ("NdPr", "Dy", "Tb")
    }
    found = {part: figure for part, figure in scrap.items() if figure is not None}
    if refined is None or len(found) < len(scrap):
        rows.missing.append("magnet_element_refining/CHN/2024 less scrap_oxide_output/CHN/2024")
        return
    factor = {"NdPr": element_per_oxide("Nd"), "Dy": element_per_oxide("Dy"), "Tb": element_per_oxide("Tb")}
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


def _metal(rows: _Collector) -> None:
    made = rows.figures.claim("metal_output_monthly/CHN/NdPr/2024-06")
    scrap = rows.figures.claim("scrap_oxide_output/CHN/NdPr/2024")
    if made is None or scrap is None:
        rows.missing.append("metal_output_monthly/CHN/NdPr/2024-06 less scrap")
    else:
        returned = scrap.mid * element_per_oxide("Nd") * rows.metal_yield
        rows.rows.append(
            Row(
                "NdPr metal CHN less scrap",
                rows.pick(
                    lambda link: (
                        link.product in {"metal:Nd", "metal:Pr"} and country_of(link.supplier) == "CHN"
                    )
                ),
                12.0 * made.mid - returned,
                0.15 * 12.0 * made.mid,
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
        rows.begun(metals),
        "t",
        sigma_share=0.15,
        remark="all rare-earth metals, the slice has five",
        scale=0.01,
    )


def _magnet_output(rows: _Collector) -> None:
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
        share = Figure(heavy.id, 0.0, heavy.mid / total.mid, 1.0, "ratio", "C")
        whole = rows.made({"CHN"}, *NDFEB)
        rows.share(
            "heavy grade in NdFeB output CHN",
            share,
            rows.made({"CHN"}, "NdFeB-heavy"),
            whole,
            rows.begun(whole),
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
            rows.begun(world),
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


def _china_magnets(rows: _Collector) -> str | None:
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


def _magnet_trade(rows: _Collector) -> None:
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
        rows.begun(whole),
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
        rows.begun(whole),
        "t magnet",
        sigma_share=0.14,
        remark="one customs code for all grades; 25 to 60 % is open",
        scale=0.01,
    )


def _oxide_trade(rows: _Collector) -> None:
    for code in ("MYS", "USA"):
        rows.level(
            f"NdPr oxide {code} to CHN",
            f"oxide_trade/{code}/CHN/NdPr/2024",
            rows.pick(
                lambda link, code=code: (  # type: ignore[misc]
                    country_of(link.supplier) == code
                    and country_of(link.buyer) == "CHN"
                    and link.product in {"oxide:Nd", "oxide:Pr"}
                )
            ),
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
            rows.pick(
                lambda link, form=form: (  # type: ignore[misc]
                    link.product == f"{form}:Nd"
                    and country_of(link.supplier) == "CHN"
                    and country_of(link.buyer) != "CHN"
                )
            ),
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
    _foreign_supply(rows)


def _foreign_supply(rows: _Collector) -> None:
    """Imports of oxides and metals of Japan, the EU and the United States."""
    everywhere = {
        link: 1.0
        for link in rows.links
        if country_of(link.buyer) == "JPN"
        and (
            link.product.startswith("oxide:")
            or (link.product.startswith("metal:") and country_of(link.supplier) != "JPN")
        )
    }
    rows.level("rare earths used JPN", "element_demand/JPN/all/2024", dict(everywhere), "t")
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
    for code, kinds in (("CHN", ("oxide", "metal")), ("MYS", ("oxide", "metal")), ("RUS", ("ore", "oxide"))):
        share = rows.figures.claim(f"import_dependence/EUU/{code}/rare_earths/2024")
        if total is None or share is None:
            rows.missing.append(f"import_dependence/EUU/{code}/rare_earths/2024")
            continue
        source = "ROW" if code == "RUS" else code
        rows.rows.append(
            Row(
                f"rare-earth imports EUU from {code}",
                rows.traded(source, {"DEU", "REU"}, *kinds),
                total.mid * share.mid / 100.0,
                (0.5 if code == "RUS" else 0.15) * total.mid * share.mid / 100.0,
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


def _uses(rows: _Collector) -> None:
    abroad = {country_of(link.buyer) for link in rows.links} - {"CHN"}
    whole = rows.used(abroad)
    rows.share(
        "light vehicles in magnets used outside China",
        rows.figures.prior("prior/use_share/light_vehicles/outside_china"),
        rows.used(abroad, "light_vehicles"),
        whole,
        rows.begun(whole),
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
        rows.begun(home),
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
        remark="40 % instead of 5 %: installed capacity and permanent-magnet shares give half of it",
    )
    rows.level(
        "magnets in US weapons",
        "use_tonnage/USA/NdFeB/US_weapons/2012",
        rows.used({"USA"}, "defence"),
        "t magnet",
        relative=0.30,
        remark="30 % instead of 15 %: assessment of 2012",
    )


def _didymium(rows: _Collector) -> None:
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
