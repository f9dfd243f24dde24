"""Claims on ores: mine output and reserves, ore baskets, Chinese quotas, oxide prices."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from facts_rows import Claims, cited, parse_number, read_raw, slug
from xenotime.facts.taxonomy import iso3_of

if TYPE_CHECKING:
    from pathlib import Path

MCS2026_REVISED = date(2026, 5, 27)
"""Version 1.3 changed the reserves of Brazil and of the world."""

DEPOSITS = {
    "Bayan Obo": "bayan_obo",
    "Dechang": "dechang",
    "Longnan": "longnan",
    "Lovozero (Revda)": "lovozero",
    "Manavalakurichi": "manavalakurichi",
    "Maoniuping": "maoniuping",
    "Mount Weld CLD": "mount_weld",
    "Mountain Pass": "mountain_pass",
    "Nangang": "nangang",
    "Southeast Guangdong": "southeast_guangdong",
    "Weishan": "weishan",
    "Xinfeng": "xinfeng",
    "Xunwu": "xunwu",
}

PRICE_PRODUCTS = {
    "Mischmetal 65Ce35La": ("mischmetal", "metal:mischmetal"),
    "NdPr oxide": ("NdPr", "oxide:NdPr"),
    "Sc-Al alloy 2% Sc": ("ScAl_alloy", "alloy:ScAl"),
    "Sc metal ingot": ("Sc_metal", "metal:Sc"),
    "Y metal": ("Y_metal", "metal:Y"),
}


def add_mine_output(claims: Claims, raw: Path) -> None:
    """Mine production and reserves by country, year and vintage (t REO)."""
    for row in read_raw(raw / "value_chain" / "ree_mine_production_reserves_by_country.csv"):
        country = iso3_of(row["country"])
        value = parse_number(row["value"])
        reserves = row["metric"] == "reserves"
        table = "mine_reserves" if reserves else "mine_production"
        note = row["note"]
        revised = reserves and row["vintage"] == "MCS2026" and country in {"BRA", "WLD"}
        missing = value is None
        if missing:
            note = "the source table prints that the figure is not available"
        elif row["qualifier"] == "gt":
            note = f"printed as above {value:,.0f}; {note}"
        claims.add(
            f"{table}/{country}/{row['year']}",
            country=country,
            product="ore",
            stage="mine",
            period=row["year"],
            unit="t REO",
            low=value if row["qualifier"] == "gt" else None,
            mid=value if row["qualifier"] == "eq" else None,
            grade=row["quality"],
            kind="gap" if missing else "reported",
            source=cited(row, row["year"]),
            vintage=row["vintage"].lower(),
            first_known=MCS2026_REVISED if revised else None,
            note=note,
        )


def add_ore_baskets(claims: Claims, raw: Path) -> None:
    """Composition of thirteen deposits, per cent of the oxide mass."""
    for row in read_raw(raw / "value_chain" / "ree_ore_composition.csv"):
        deposit = DEPOSITS[row["deposit"]]
        value = parse_number(row["value"])
        below = row["qualifier"] == "lt"
        note = f"{row['source_mineral']}; after {row['original_source']}"
        if value is None:
            note = f"no figure for this element in the source table; after {row['original_source']}"
        elif below:
            note = f"printed as below {value}; {note}"
        claims.add(
            f"ore_basket/{deposit}/{row['element']}",
            country=iso3_of(row["country"]),
            product=f"ore:{deposit}",
            stage="mine",
            unit="percent of REO",
            low=0.0 if below else None,
            mid=None if below else value,
            high=value if below else None,
            grade="A",
            kind="gap" if value is None else "reported",
            source=cited(row, row["year"]),
            note=note,
        )


def add_quotas(claims: Claims, raw: Path) -> None:
    """Chinese mining and separation quotas (t REO)."""
    for row in read_raw(raw / "value_chain" / "china_ree_quotas.csv"):
        half = row["value"] in {"135000", "127000"} and "projectblue" in row["source_url"]
        period = f"{row['year']}-H1" if half else row["year"]
        claims.add(
            f"{row['metric']}/CHN/{period}",
            country="CHN",
            product="ore" if row["metric"] == "mining_quota" else "oxide:all",
            stage="mine" if row["metric"] == "mining_quota" else "separation",
            period=period,
            unit="t REO",
            mid=parse_number(row["value"]),
            grade=row["quality"],
            source=cited(row, row["year"]),
            note=row["note"],
        )


def add_oxide_prices(claims: Claims, raw: Path) -> None:
    """Annual average prices as USGS prints them (USD/kg)."""
    for row in read_raw(raw / "value_chain" / "ree_oxide_prices_annual.csv"):
        name = row["product"]
        if name in PRICE_PRODUCTS:
            part, product = PRICE_PRODUCTS[name]
        else:
            element, form = name.split(" ", 1)
            part = element if form == "oxide" else slug(name)
            product = f"oxide:{element}" if form == "oxide" else f"{slug(form)}:{element}"
        low, high = parse_number(row["low"]), parse_number(row["high"])
        purity = f"{row['purity_pct']} % purity; " if row["purity_pct"] else ""
        claims.add(
            f"oxide_price/{part}/{row['year']}",
            country="CHN",
            product=product,
            period=row["year"],
            unit="USD/kg",
            low=low,
            mid=parse_number(row["value"]),
            high=high,
            grade="A",
            source=cited(row, row["year"]),
            vintage=row["vintage"].lower(),
            note=f"{purity}{row['basis']}; annual average",
        )
