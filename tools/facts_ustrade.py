"""Claims on American trade and history: by heading and partner, by ten-digit code, since 1900."""

from __future__ import annotations

import csv
import gzip
import io
from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from facts_rows import Claims, Record, cited, parse_number, read_raw
from facts_sources import Source
from xenotime.facts.taxonomy import iso3_of

if TYPE_CHECKING:
    from pathlib import Path

DATAWEB = Source(
    "https://dataweb.usitc.gov/",
    "USITC DataWeb, query of 2026-07-10 (frozen in a public repository)",
    "dataweb2026",
    date(2026, 7, 10),
    "public-domain",
    exact=True,
)
PARTNERS = {
    "Myanmar (Burma)": "MMR",
    "Democratic Republic of the Congo": "COD",
    "South Korea": "KOR",
}
# Headings of the controlled minerals and of what stands for them; by partner only these.
HEADINGS = {
    "2504": ("natural_graphite", "graphite"),
    "2611": ("tungsten_ores", "ore:W"),
    "2805": ("alkali_and_rare_earth_metals", "rare_earths"),
    "2846": ("rare_earth_compounds", "rare_earths"),
    "8101": ("tungsten", "W"),
    "8106": ("bismuth", "Bi"),
    "8110": ("antimony", "Sb"),
    "8112": ("other_base_metals", ""),
    "8505": ("magnets_and_electromagnets", "magnet"),
}
HEADING_NOTES = {
    "2805": "the heading also holds alkali metals and mercury",
    "8112": "beryllium, chromium, germanium, vanadium, gallium, indium and others together",
    "8505": "the heading also holds ferrite magnets and electromagnets; a break in 2019",
}
OTHER_HEADINGS = {
    "2601": "iron_ores",
    "2602": "manganese_ores",
    "2603": "copper_ores",
    "2605": "cobalt_ores",
    "2606": "aluminum_ores",
    "2609": "tin_ores",
    "2610": "chromium_ores",
    "2612": "uranium_and_thorium_ores",
    "2825": "other_inorganic_bases_and_oxides",
    "2836": "carbonates",
    "7202": "ferroalloys",
    "7502": "nickel",
    "7901": "zinc",
    "8001": "tin",
    "8103": "tantalum",
    "8105": "cobalt",
}
FIRST_YEAR_BY_PARTNER = 2015
LEAST_USD = 50_000.0
FLOWS = {"imports_for_consumption": "imports", "domestic_exports": "exports"}


def read_gzip(path: Path) -> list[Record]:
    """Read a packed raw table."""
    text = gzip.decompress(path.read_bytes()).decode("utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def revised(year: str) -> date:
    """Day on which the yearly revision of a year's trade is out: end of June of the next year."""
    return date(int(year) + 1, 6, 30)


def add_us_trade(claims: Claims, raw: Path) -> None:
    """Value of American trade by heading: eighteen partners together, and one by one.

    The partners are not the world; exports are domestic exports, imports those for consumption.
    A heading whose lines are counted in several units has one row for each unit: they add up.
    The raw table ends with its own sums over everything, which must come out.
    """
    parts: dict[tuple[str, str, str, str], list[float]] = defaultdict(list)
    printed: dict[tuple[str, str], float] = {}
    for row in read_gzip(raw / "value_chain" / "us_trade_hts4_18partners_1993_2025.csv.gz"):
        value = parse_number(row["value"])
        if row["period"] != "annual" or row["measure"] != "value_usd" or value is None:
            continue
        flow, heading, year = FLOWS[row["flow"]], row["hts4"], row["year"]
        if heading:
            partner = PARTNERS.get(row["partner"]) or iso3_of(row["partner"])
            parts[flow, heading, partner, year].append(value)
        else:
            printed[flow, year] = value
    everything: dict[tuple[str, str], float] = defaultdict(float)
    by_heading: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for (flow, heading, partner, year), values in sorted(parts.items()):
        value = sum(values)
        everything[flow, year] += value
        by_heading[flow, heading, year].append(value)
        if heading in HEADINGS and int(year) >= FIRST_YEAR_BY_PARTNER and value >= LEAST_USD:
            formula = f"sum of {len(values)} lines by unit of quantity" if len(values) > 1 else ""
            trade_claim(claims, (flow, heading, year), value, partner, formula)
    for key, values in by_heading.items():
        trade_claim(claims, key, sum(values), "", f"sum over {len(values)} partners")
    claims.problems += [
        f"American {flow} of {year} add up to {everything[flow, year]:,.0f}, printed {value:,.0f}"
        for (flow, year), value in printed.items()
        if abs(everything[flow, year] - value) > 1.0
    ]


def trade_claim(
    claims: Claims, key: tuple[str, str, str], value: float, partner: str, formula: str
) -> None:
    """One value of trade, in million dollars to three digits behind the point."""
    flow, code, year = key
    name, product = HEADINGS.get(code) or (OTHER_HEADINGS[code], "")
    claims.add(
        f"us_trade_{flow}/USA/{code}_{name}/{partner or '18_partners'}/{year}",
        country="USA",
        partner=partner,
        product=product,
        stage="trade",
        period=year,
        unit="USD m",
        mid=round(value / 1e6, 3),
        grade="A",
        kind="derived" if formula else "reported",
        source=DATAWEB,
        first_known=min(revised(year), DATAWEB.first_known),
        vintage=DATAWEB.vintage,
        formula=formula,
        note=HEADING_NOTES.get(code, ""),
    )


# Lines of several codes together; the yearbook prints them below the last code of the group.
GROUP_TOTALS = {
    "Total, cerium compounds": "all_cerium_compounds",
    "Total, other rare-earth compounds": "all_other_compounds",
    "Total, rare-earth metals and alloys": "all_metals_and_alloys",
}
GRAND_TOTALS = {"T6": "all_compounds", "T7": "all_metals_and_ferrocerium"}


def add_hts10(claims: Claims, raw: Path) -> None:
    """American imports of rare earths by ten-digit code and origin, 2021 and 2022.

    Gross weight (t), value (USD m) and, for totals, the oxide that USGS estimates (t REO).
    """
    group: dict[str, str] = {}
    for row in read_raw(raw / "value_chain" / "us_imports_ree_by_hts10_country_2021_2022.csv"):
        name, year = row["partner_or_total"], row["year"]
        if name.startswith("Grand total"):
            group[year] = GRAND_TOTALS[row["myb_table"]]
        elif name in GROUP_TOTALS:
            group[year] = GROUP_TOTALS[name]
        elif not name.startswith("Total estimated"):
            group[year] = ""
        origin = "WLD" if "otal" in name else "ROW" if name == "Other" else iso3_of(name)
        code = group[year] or row["hts10"]
        source = cited(row, year)
        columns = (
            ("us_imports_by_code", "gross_weight_kg", "t", 1e-3),
            ("us_import_value_by_code", "value_usd", "USD m", 1e-6),
            ("us_imports_by_code_oxide", "reo_equivalent_kg", "t REO", 1e-3),
        )
        for table, column, unit, factor in columns:
            value = parse_number(row[column])
            if value is None:
                continue
            category = (
                code.replace("_", " ") if group[year] else row["category"].split(",")[0].lower()
            )
            claims.add(
                f"{table}/USA/{code}/{origin}/{year}",
                country="USA",
                partner=origin,
                product="rare_earths" if group[year] else code_product(row["category"]),
                stage="trade",
                period=year,
                unit=unit,
                mid=value * factor,
                grade="A",
                source=source,
                vintage="myb2022",
                note=f"{category}; "
                + ("estimated oxide content" if unit == "t REO" else "as customs counts"),
            )


def code_product(category: str) -> str:
    """Product id of a category of the yearbook."""
    forms = {
        "oxide": "oxide",
        "unalloyed": "metal",
        "chloride": "compound",
        "carbonate": "compound",
    }
    elements = {
        "Cerium": "Ce",
        "Lanthanum": "La",
        "Praseodymium": "Pr",
        "Neodymium": "Nd",
        "Yttrium": "Y",
    }
    element = elements.get(category.split(maxsplit=1)[0])
    if element is None:
        return "rare_earths"
    form = next((form for word, form in forms.items() if word in category), "compound")
    return f"{form}:{element}"


HISTORY = {
    "production": "history_production",
    "imports": "history_imports",
    "exports": "history_exports",
    "apparent_consumption": "history_apparent_consumption",
    "unit_value_current_usd": "history_unit_value",
    "unit_value_constant_1998_usd": "history_unit_value_1998",
}
HISTORY_NOTES = {
    "estimated_reo_equivalent": "oxide content estimated",
    "estimated_material_balance": "from a balance, estimated",
    "interpolated": "interpolated by the source",
    "calculated_using_estimated_reo": "calculated from estimated oxide content",
    "estimated_material_balance_using_estimated_reo": "from a balance of estimated oxide content",
    "estimated_weighted_average_imports_exports": "weighted mean of imports and exports",
    "calculated_cpi_adjustment_1998_base": "in dollars of 1998",
    "source_series_reo_content_method_not_cell_specific": "oxide content",
}
DS140_POSTED = date(2022, 12, 31)
"""The series ends in 2020; the page is not dated, so the end of 2022 stands in."""


def add_history(claims: Claims, raw: Path) -> None:
    """World and American rare earths since 1900 (t REO, USD/t)."""
    for row in read_raw(raw / "value_chain" / "usgs_ds140_ree_history_1900_2020.csv"):
        place = {"World": "WLD", "United States": "USA"}[row["geography"]]
        unit_value = "usd" in row["unit"]
        source = cited(row, row["year"])
        claims.add(
            f"{HISTORY[row['metric']]}/{place}/rare_earths/{row['year']}",
            country=place,
            product="rare_earths",
            stage="mine" if row["metric"] == "production" else "trade",
            period=row["year"],
            unit="USD/t" if unit_value else "t REO",
            mid=parse_number(row["value"]),
            grade="A",
            source=source,
            vintage="ds140",
            first_known=DS140_POSTED,
            licence="public-domain",
            note=HISTORY_NOTES[row["method_status"]],
        )
