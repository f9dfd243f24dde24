"""How the irregular rows of ``baseline_priors.csv`` become claims.

Each raw row is named by ``quantity|country|element_or_product|stage_or_industry|year``; its
value here is one or more `Spec`. Figures come from the raw row unless a spec gives its own,
which is only done where one raw cell holds several figures or years.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Spec:
    """One claim made from a raw row; None takes low, mid and high from the row."""

    body: str
    unit: str
    country: str = ""
    product: str = ""
    stage: str = ""
    partner: str = ""
    industry: str = ""
    period: str = ""
    figures: tuple[float | None, float | None, float | None] | None = None
    kind: str = ""
    formula: str = ""
    note: str | None = None
    customs: bool = False  # a figure of Chinese customs, known on the 20th of the next month


def mid(value: float) -> tuple[None, float, None]:
    """Figures of a claim with a middle value only."""
    return (None, value, None)


LYNAS_NOTE = "fiscal 2024 gave 5,655 t; the middle extrapolates three known quarters"
JSNM = "mass basis not printed, probably oxide"
DEST = "estimate for the whole year from one month of 2025 and its change on the year"

SPECS: dict[str, tuple[Spec, ...]] = {
    "separated output|Malaysia|NdPr oxide (Lynas)|separation|FY2024..CY2024": (
        Spec("oxide_output/MYS/NdPr/2024", "t REO", "MYS", "oxide:NdPr", "separation",
             period="2024", note=LYNAS_NOTE),
    ),
    "separated output|Malaysia|total REO (Lynas)|separation|FY2024 / FY2023": (
        Spec("oxide_output/MYS/all/FY2024", "t REO", "MYS", "oxide:all", "separation",
             period="FY2024", figures=mid(10908), note="lanthanum and cerium partly rejected"),
        Spec("oxide_output/MYS/all/FY2023", "t REO", "MYS", "oxide:all", "separation",
             period="FY2023", figures=mid(16780), note=""),
    ),
    "trade|Malaysia -> China|NdPr (Lynas)|oxide trade|2024": (
        Spec("oxide_trade/MYS/CHN/NdPr/2024", "t REO", "MYS", "oxide:NdPr", "trade", "CHN",
             period="2024",
             note="about half of Lynas NdPr; the rest goes mainly to Vietnam and Japan"),
    ),
    "trade|United States -> China|NdPr (MP Materials)|oxide trade|2024": (
        Spec("oxide_trade/USA/CHN/NdPr/2024", "t REO", "USA", "oxide:NdPr", "trade", "CHN",
             period="2024"),
    ),
    "trade value|China -> World|RE compounds|oxide trade|2024": (
        Spec("oxide_trade_value/CHN/WLD/compounds/2024", "USD m", "CHN", "rare_earths", "trade",
             "WLD", period="2024"),
    ),
    "import (contained)|China|TREO in heavy mineral sands|ore trade|2023": (
        Spec("ore_trade/WLD/CHN/heavy_mineral_sands/2023", "t REO", "WLD", "ore:mineral_sands",
             "trade", "CHN", period="2023",
             note="estimate of monazite inside heavy mineral sands; outside every production table"),
    ),
    "ore trade|Myanmar -> China|RE oxides from ion clay|ore trade|2023": (
        Spec("ore_trade/MMR/CHN/ion_clay/2023", "t REO", "MMR", "ore:ion_clay", "trade", "CHN",
             period="2023", note="against 43,000 t mined by USGS for the same year"),
    ),
    "share of world Dy and Tb|Myanmar|Dy+Tb|mine|2018": (
        Spec("world_share/MMR/mine/DyTb/2018", "percent", "MMR", "DyTb", "mine", period="2018"),
    ),
    "share of world NdPr|Myanmar|NdPr|mine|2018": (
        Spec("world_share/MMR/mine/NdPr/2018", "percent", "MMR", "oxide:NdPr", "mine",
             period="2018", note="implies 19-21 % NdPr in the ore, between Xunwu and Longnan"),
    ),
    "ore basket|Myanmar|Dy2O3 share of REO|mine|2024": (
        Spec("prior/ore_basket/MMR/Dy", "percent of REO", "MMR", "ore:ion_clay", "mine",
             period="2024",
             note="not measured; a mixture of Xunwu, Xinfeng and Longnan fitted to Chinese output"),
    ),
    "world production|World|Dy|mine|2021": (
        Spec("element_output/WLD/Dy/2021", "t", "WLD", "Dy", "mine", period="2021",
             note="ore content, one fifth of it Australian and never separated; "
                  "oxide or element not printed"),
    ),
    "demand by element|Japan|all RE products|use|2022 / 2024": (
        Spec("element_demand/JPN/all/2022", "t", "JPN", "rare_earths", "industry",
             period="2022", figures=mid(16039), note=JSNM),
        Spec("element_demand/JPN/all/2024", "t", "JPN", "rare_earths", "industry",
             period="2024", figures=mid(18835), note=JSNM),
    ),
    "demand by element|Japan|Ce|use|2024": (
        Spec("element_demand/JPN/Ce/2024", "t", "JPN", "Ce", "industry", period="2024", note=JSNM),
    ),
    "demand by element|Japan|didymium + Nd|metal and magnet|2024": (
        Spec("element_demand/JPN/NdPr/2024", "t", "JPN", "oxide:NdPr", "industry", period="2024",
             note="didymium and neodymium, last two digits not readable; mass basis not printed, "
                  "probably oxide"),
    ),
    "demand by element|Japan|Y|use|2018 / 2020": (
        Spec("element_demand/JPN/Y/2018", "t", "JPN", "Y", "industry", period="2018",
             figures=mid(1010), note=JSNM),
        Spec("element_demand/JPN/Y/2020", "t", "JPN", "Y", "industry", period="2020",
             figures=mid(1160), note=JSNM),
    ),
    "demand by element|Japan|La|use|2020": (
        Spec("element_demand/JPN/La/2020", "t", "JPN", "La", "industry", period="2020", note=JSNM),
    ),
    "demand by element|Japan|Eu|use|2020": (
        Spec("element_demand/JPN/Eu/2020", "t", "JPN", "Eu", "industry", period="2020", note=JSNM),
    ),
    "imports|Japan|RE (metal equivalent)|oxide and metal trade|2024-H1": (
        Spec("imports/JPN/WLD/rare_earths/2024-H1", "t element", "JPN", "rare_earths", "trade",
             "WLD", period="2024-H1"),
    ),
    "import share from China|Japan|Ce compounds / Ce oxide / Y oxide|oxide trade|2024-H1": (
        Spec("import_dependence/JPN/CHN/Ce_compounds/2024-H1", "percent", "JPN", "Ce", "trade",
             "CHN", period="2024-H1", figures=mid(50.6), note=""),
        Spec("import_dependence/JPN/CHN/Ce_oxide/2024-H1", "percent", "JPN", "oxide:Ce", "trade",
             "CHN", period="2024-H1", figures=mid(83.5), note=""),
        Spec("import_dependence/JPN/CHN/Y_oxide/2024-H1", "percent", "JPN", "oxide:Y", "trade",
             "CHN", period="2024-H1", figures=mid(98.7), note=""),
    ),
    "exports|China -> World|Nd oxide / Nd metal|oxide and metal trade|2024-01..05": (
        Spec("oxide_trade/CHN/WLD/Nd/2024-01..2024-05", "t REO", "CHN", "oxide:Nd", "trade", "WLD",
             period="2024-01..2024-05", figures=mid(158),
             note="near zero: Japan's neodymium does not come from China as oxide"),
        Spec("metal_trade/CHN/WLD/Nd/2024-01..2024-05", "t element", "CHN", "metal:Nd", "trade",
             "WLD", period="2024-01..2024-05", figures=mid(69),
             note="near zero: Japan's neodymium does not come from China as metal"),
    ),
    "import share from China|Japan|RE metals (not compounds)|metal trade|2024": (
        Spec("import_dependence/JPN/CHN/metals/2024", "percent", "JPN", "metal:all", "trade",
             "CHN", period="2024"),
    ),
    "share of world|Japan|NdFeB magnets|magnet|2022-2025": (
        Spec("world_share/JPN/magnet/NdFeB/2022..2025", "percent", "JPN", "magnet:NdFeB", "magnet",
             period="2022..2025",
             note="ministry: about 8 % in 2025; a ministry study for fiscal 2022: 15 %"),
    ),
    "change of Dy addition|Japan|Dy per magnet|magnet|2014-2024": (
        Spec("composition_change/JPN/Dy/2014..2024", "percent", "JPN", "Dy", "magnet",
             period="2014..2024", note="change of dysprosium added per magnet over ten years"),
    ),
    "change of HREE use|Japan|Proterial HREE per magnet|magnet|2025": (
        Spec("composition_change/JPN/heavy_Proterial/2000..2025", "percent", "JPN", "DyTb",
             "magnet", period="2000..2025", note="one maker, since about 2000"),
    ),
    "share of world|China / Japan / Europe|sintered NdFeB blanks|magnet|2010": tuple(
        Spec(f"world_share/{place}/magnet/NdFeB_blanks/2010", "percent", country, "magnet:NdFeB",
             "magnet", period="2010", figures=mid(share), note=f"{where}of 98,200 t of blanks")
        for place, country, share, where in (
            ("CHN", "CHN", 79.4, ""),
            ("JPN", "JPN", 19.3, ""),
            ("Europe", "", 1.3, "Europe; "),
        )
    ),
    "share of world|Vietnam|RE magnets|magnet|2020": (
        Spec("world_share/VNM/magnet/all/2020", "percent", "VNM", "magnet", "magnet",
             period="2020"),
    ),
    "production|World|NdFeB finished (implied)|magnet|2022": (
        Spec("magnet_output/WLD/NdFeB/2022", "t magnet", "WLD", "magnet:NdFeB", "magnet",
             period="2022", kind="derived", formula="5,000 t / 0.03",
             note="finished magnets, beside 220-240 kt of Chinese blanks; the range is the "
                  "collector's"),
    ),
    "imports|United States|NdFeB magnets (implied)|magnet trade|2021": (
        Spec("imports/USA/WLD/magnet/2021", "t magnet", "USA", "magnet", "trade", "WLD",
             period="2021", kind="derived", formula="5,000 t / 0.5",
             note="from a plant size said to be almost or over half of imports"),
    ),
    "production|World|NdFeB alloy and powder|alloy|2022": (
        Spec("alloy_output/WLD/NdFeB/2022", "t", "WLD", "alloy:NdFeB", "alloy", period="2022",
             note="alloy and powder; the range is the collector's"),
    ),
    "production|China|sintered NdFeB blanks|magnet|2019 / 2020": (
        Spec("magnet_output/CHN/NdFeB_sintered_blanks/2019", "t blank", "CHN", "magnet:NdFeB",
             "magnet", period="2019", figures=mid(170000), note="blanks, not finished magnets"),
        Spec("magnet_output/CHN/NdFeB_sintered_blanks/2020", "t blank", "CHN", "magnet:NdFeB",
             "magnet", period="2020", figures=mid(190000), note="blanks, not finished magnets"),
    ),
    "production|China|high-performance sintered blanks|magnet|2020": (
        Spec("magnet_output/CHN/NdFeB_high_performance_blanks/2020", "t blank", "CHN",
             "magnet:NdFeB-heavy", "magnet", period="2020",
             note="27 % of 190,000 t; the only tonnage found that bounds the heavy-bearing grade"),
    ),
    "production|China|SmCo magnet alloy|magnet|2019": (
        Spec("magnet_output/CHN/SmCo/2019", "t", "CHN", "magnet:SmCo", "magnet", period="2019"),
    ),
    "production|World / China|RE permanent magnets|magnet|2020": (
        Spec("magnet_output/WLD/all/2020", "t", "WLD", "magnet", "magnet", period="2020",
             figures=mid(217000), note="blanks or finished not printed"),
        Spec("magnet_output/CHN/all/2020", "t", "CHN", "magnet", "magnet", period="2020",
             figures=mid(196000), note="blanks or finished not printed"),
    ),
    "yield finished / blank|World|NdFeB|magnet|2016-2025": (
        Spec("magnet_yield/WLD/NdFeB/2016..2025", "ratio", "WLD", "magnet:NdFeB", "magnet",
             period="2016..2025",
             note="finished over blank; 0.60 for steering parts; scrap tonnage fits 0.66; "
                  "the range is the collector's"),
    ),
    "use|EU|NdFeB magnets|all|2019 / 2024 / 2025": (
        Spec("magnet_use/EUU/NdFeB/2019..2025", "t magnet", "EUU", "magnet:NdFeB", "industry",
             period="2019..2025",
             note="four sources between 12,000 and 22,000 t; the auditors give 20,000 t"),
    ),
    "production|EU|NdFeB magnets|magnet|about 2019": (
        Spec("magnet_output/EUU/NdFeB/2019", "t magnet", "EUU", "magnet:NdFeB", "magnet",
             period="2019", note="about 1,000 t, mostly niche; the range is the collector's"),
    ),
    "capacity|United Kingdom|Nd / NdPr metal (LCM)|metal|2022-2024": (
        Spec("metal_capacity/GBR/LCM/2022..2024", "t/y", "GBR", "metal:NdPr", "metal",
             period="2022..2024", note="two cells of 55 t running, six planned"),
    ),
    "capacity|Estonia|REO from US monazite carbonate (Silmet)|separation|2021-2023": (
        Spec("separation_capacity/EST/Silmet/2021..2023", "t REO/y", "EST", "oxide:all",
             "separation", period="2021..2023",
             note="840 t from US carbonate, 3,000 t nameplate; actual output not found"),
    ),
    "exports|China|all rare earths|oxide and metal trade|2023": (
        Spec("rare_earth_exports/WLD/2023", "t", "CHN", "rare_earths", "trade", "WLD",
             period="2023", customs=True),
    ),
    "exports|China -> Germany+US+Korea|RE magnets|magnet trade|2024-01..10": (
        Spec("export_share/CHN/DEU.USA.KOR/magnet/2024-01..2024-10", "percent", "CHN", "magnet",
             "trade", period="2024-01..2024-10",
             note="Germany, United States and South Korea together; the page misprints the year"),
    ),
    "exports|China -> top 10|RE magnets|magnet trade|2024": (
        Spec("export_share/CHN/top10/magnet/2024", "percent", "CHN", "magnet", "trade",
             period="2024", note="ten largest destinations together"),
    ),
    **{
        f"exports|China -> {name}|RE magnets|magnet trade|2024": (
            Spec(f"magnet_exports/{code}/2024", "t", "CHN", "magnet", "trade", code,
                 period="2024", kind="derived", formula=formula, customs=True, note=note),
        )
        for name, code, formula, note in (
            ("Germany", "DEU", "1,288 / 1.279 x 12", f"{DEST}; low from October 2024 x 12"),
            ("South Korea", "KOR", "854 / 1.845 x 12", DEST),
            ("Vietnam", "VNM", "456 / 1.183 x 12", DEST),
            ("Japan", "JPN", "189 x 12 (also 174 x 12, 213 x 12)",
             "estimate for the whole year from September, October and December 2024"),
            ("United States", "USA", "5,933 / (1 - 0.203)", "from the 2025 total and its change"),
        )
    },
    "trade|China -> India|rare-earth permanent magnets|magnet trade|2024": (
        Spec("magnet_exports/IND/2024", "t", "CHN", "magnet", "trade", "IND", period="2024",
             kind="derived", formula="418 / 1.60 x 12", customs=True,
             note="from July 2025; contradicts a press figure of 540 t a year"),
    ),
    "trade|China -> EU|rare-earth permanent magnets|magnet trade|2024": (
        Spec("magnet_exports/EUU/2024", "t", "CHN", "magnet", "trade", "EUU", period="2024",
             kind="derived", customs=True,
             formula="8,360 / (1 - 0.224) x 2, and 2,569 / 1.60 x 12",
             note="the EU's auditors give 17,000 t for the same year"),
    ),
    "heavy-bearing share of exports|China|NdFeB with Dy/Tb|magnet trade|2024": (
        Spec("prior/heavy_bearing_share/CHN/exports", "percent", "CHN", "magnet:NdFeB-heavy",
             "trade", period="2024",
             note="one customs code covers all grades; anchor: 27 % high-performance in 2020"),
    ),
    "average heavy content|China|Dy / Tb in NdFeB blanks|magnet|2024": (
        Spec("heavy_content/CHN/Dy/2024", "weight percent", "CHN", "Dy", "magnet", period="2024",
             figures=mid(0.86), kind="derived", formula="214.75 x 12 x 0.8713 / 260,000 t",
             note="upper bound: assumes that all dysprosium goes into NdFeB blanks"),
        Spec("heavy_content/CHN/Tb/2024", "weight percent", "CHN", "Tb", "magnet", period="2024",
             figures=mid(0.16), kind="derived", formula="40.8 x 12 x 0.8502 / 260,000 t",
             note="upper bound: assumes that all terbium goes into NdFeB blanks"),
    ),
}
