"""Claims on the value chain: shares, capacities, uses, contents, stocks, facilities."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from facts_rows import Claims, Record, bounds, cited, parse_number, read_raw, slug
from facts_sources import dates_in
from xenotime.facts.taxonomy import RARE_EARTHS, iso3_of

if TYPE_CHECKING:
    from pathlib import Path

STAGES = {
    "mining": ("mine", "ore"),
    "refining": ("separation", "oxide:all"),
    "refining_heavy": ("separation", "oxide:heavy"),
    "alloys_and_magnets": ("magnet", "magnet"),
    "magnets_sintered": ("magnet", "magnet:NdFeB"),
    "magnets": ("magnet", "magnet"),
    "magnets_NdFeB": ("magnet", "magnet:NdFeB"),
    "Sm oxide supply": ("separation", "oxide:Sm"),
    "Sc oxide production": ("separation", "oxide:Sc"),
}


def add_shares(claims: Claims, raw: Path) -> None:
    """Shares of world output by stage (percent), and world demand for magnet elements."""
    for row in read_raw(raw / "value_chain" / "value_chain_shares.csv"):
        country = iso3_of(row["country"])
        forecast = "_forecast" if "forecast" in row["metric"] else ""
        source = cited(row, "" if forecast else row["year"])
        if row["stage"] == "magnet REE demand":
            claims.add(
                f"magnet_element_demand{forecast}/WLD/all/magnet_elements/{row['year']}",
                country="WLD",
                product="magnet_elements",
                stage="industry",
                period=row["year"],
                unit="t element",
                mid=parse_number(row["value"]),
                grade=row["quality"],
                source=source,
                note=row["note"],
            )
            continue
        stage, product = STAGES[row["stage"]]
        claims.add(
            f"world_share{forecast}/{country}/{slug(row['stage'])}/{row['year']}",
            country=country,
            product=product,
            stage=stage,
            period=row["year"],
            unit="percent",
            mid=parse_number(row["value"]),
            grade=row["quality"],
            kind="derived" if "computed" in row["note"] else "reported",
            formula=row["note"].split(" computed")[0] if "computed" in row["note"] else "",
            source=source,
            note=row["note"],
        )


MAGNET_PRODUCTS = {
    "SmCo": "magnet:SmCo",
    "NdFeB fast-setting alloy": "alloy:NdFeB",
    "NdFeB powder": "alloy:NdFeB",
    "all RE permanent magnets": "magnet",
    "RE permanent magnets": "magnet",
}
CAPACITY_TABLES = {
    "production": "magnet_output",
    "production_forecast": "magnet_output_forecast",
    "capacity": "magnet_capacity",
    "capacity_planned": "magnet_capacity_planned",
    "share_of_china_capacity": "magnet_capacity_share",
}


def add_magnet_capacity(claims: Claims, raw: Path) -> None:
    """Magnet output and capacity by country and firm (t, t/y)."""
    for row in read_raw(raw / "value_chain" / "magnet_production_capacity.csv"):
        country = {"Korea/China": "KOR"}.get(row["country"]) or iso3_of(row["country"])
        period, entity = row["year"], slug(row["entity"])
        total = row["entity"] in {"China total", "World"}
        low, mid, high = bounds(row)
        gap = low is None and mid is None and high is None
        ahead = row["metric"] in {"capacity_planned", "production_forecast"}
        source = cited(row, "" if ahead else period)
        blanks = "blanks" in row["stage"]
        if row["metric"] == "exports":
            claims.add(
                f"magnet_exports/WLD/{period}",
                country="CHN",
                product="magnet",
                stage="trade",
                partner="WLD",
                period=period,
                unit="t",
                mid=mid,
                grade=row["quality"],
                source=source,
                note="to 99 countries; before the customs series of this table",
            )
            continue
        table = CAPACITY_TABLES[row["metric"]]
        place = country if total else f"{country}/{entity}"
        unit = "percent" if row["unit"] == "percent" else "t blank" if blanks else row["unit"]
        note = row["note"]
        if row["source_title"].startswith("SMM") and row["metric"].startswith("production"):
            note = f"very probably blanks, as SMM counts them; {note}".rstrip("; ")
        if row["country"] == "Korea/China":
            note = f"plants in South Korea and China together; {note}"
        claims.add(
            f"{table}/{place}/{slug(row['stage'])}/{period or 'undated'}",
            country=country,
            product=MAGNET_PRODUCTS.get(row["stage"], "magnet:NdFeB"),
            stage="alloy" if "alloy" in row["stage"] or "powder" in row["stage"] else "magnet",
            period=period,
            unit=unit,
            low=low,
            mid=mid,
            high=high,
            grade=row["quality"] or "D",
            kind="gap" if gap else "conflicting" if row["quality"] == "D" else "reported",
            source=source,
            note="looked for capacity; the firm does not publish it" if gap else note,
        )


INDUSTRY_OF = {
    "catalysts": "catalysts",
    "ceramics and glass": "glass_ceramics",
    "polishing": "glass_ceramics",
    "metallurgical and alloys": "metallurgy",
    "other": "other",
    "consumer electronics": "consumer_electronics",
    "electric vehicles": "light_vehicles_battery",
    "EV motors": "light_vehicles_battery",
    "EV traction": "light_vehicles_battery",
    "new-energy vehicles": "light_vehicles_battery",
    "PM motors": "light_vehicles_battery",
    "induction": "light_vehicles_battery",
    "EESM": "light_vehicles_battery",
    "wind": "wind",
    "wind direct drive": "wind",
    "industrial motors": "industrial_motors",
    "automation": "robots",
    "humanoid robots": "robots",
    "hard disks": "data_storage",
    "military": "defence",
    "US weapons": "defence",
    "DoD demand": "defence",
    "medical": "medical",
    "MRI/medicine": "medical",
    "automotive catalysts": "catalysts",
    "oil refining FCC": "catalysts",
    "phosphors/LED": "phosphors",
    "HVAC": "other",
    "sensors": "other",
}
USE_SLUGS = {
    "ceramics and phosphors (leading), then fibre optics, glass, pigments, YAG lasers": "ranking",
    "FCC catalysts, fibre optics, magnets, lasers, X-ray": "ranking",
    "magnets (leading global use); catalysts (leading US use)": "ranking",
}


def add_end_uses(claims: Claims, raw: Path) -> None:
    """Use by application: shares (percent) and tonnages; never merged, grades differ."""
    for row in read_raw(raw / "value_chain" / "end_use_shares.csv"):
        region = iso3_of(row["region"])
        use = row["application"]
        low, mid, high = (
            parse_number(row["low"]),
            parse_number(row["share"]),
            parse_number(row["high"]),
        )
        qualitative = mid is None and low is None
        tonnes = row["unit"] == "t"
        material = slug(row["material"])
        magnets = "magnet" in row["basis"] or row["material"] in {"NdFeB", "RE magnets"}
        unit = ("t magnet" if magnets else "t") if tonnes else "percent"
        note = "; ".join(part for part in (row["basis"], row["note"]) if part)
        if qualitative:
            note = f"leading uses: {use}" if len(use.split()) < 20 else use
        claims.add(
            f"{'use_tonnage' if tonnes else 'use_share'}/{region}/{material}/"
            f"{USE_SLUGS.get(use, slug(use))}/{row['year']}",
            country=region,
            product={
                "NdFeB": "magnet:NdFeB",
                "RE magnets": "magnet",
                "EV motors": "component:motor",
                "Sc2O3": "oxide:Sc",
                "Y": "oxide:Y",
            }.get(row["material"], "rare_earths"),
            stage="industry",
            industry=INDUSTRY_OF.get(use, ""),
            period=row["year"],
            unit="qualitative" if qualitative else unit,
            low=low,
            mid=mid,
            high=high,
            grade=row["quality"],
            kind="conflicting" if row["quality"] == "D" else "reported",
            # A share of a later year is a forecast: its period says nothing about the source.
            source=cited(row, "" if row["year"] > "2030" else row["year"]),
            note=note,
        )


PRODUCT_INDUSTRY = (
    ("F-35", "defence"),
    ("Arleigh", "defence"),
    ("Virginia", "defence"),
    ("Wind", "wind"),
    ("BEV", "light_vehicles_battery"),
    ("EV", "light_vehicles_battery"),
    ("Vehicle", "light_vehicles"),
    ("Humanoid", "robots"),
    ("Hard disk", "data_storage"),
    ("MRI", "medical"),
    ("Smartphone", "consumer_electronics"),
    ("Air-cond", "other"),
)
INTENSITY_UNITS = {"kg/motor": "kg/unit", "kg/vehicle": "kg/unit", "kg/MW (assumed unit)": "kg/MW"}


def add_intensities(claims: Claims, raw: Path) -> None:
    """Content of rare earths or magnets per finished product."""
    for row in read_raw(raw / "value_chain" / "intensity_per_product.csv"):
        low, mid, high = bounds(row)
        gap = low is None and mid is None and high is None
        industry = next(
            (found for start, found in PRODUCT_INDUSTRY if row["product"].startswith(start)), ""
        )
        material = re.sub(r'\s*\(".*?"\)', "_reported", row["material"])
        element = row["material"] if row["material"] in RARE_EARTHS else ""
        conflicting = row["quality"] == "D" or "quot" in row["material"] or "_reported" in material
        claims.add(
            f"intensity/{slug(row['product'])}/{slug(material)}/{row['year'] or 'undated'}",
            product=element
            or (
                "magnet:NdFeB"
                if "NdFeB" in row["material"]
                else "alloy:SmCo"
                if "SmCo" in row["material"]
                else "rare_earths"
            ),
            stage="component",
            industry=industry,
            period=row["year"],
            unit=INTENSITY_UNITS.get(row["unit"], row["unit"]),
            low=low,
            mid=mid,
            high=high,
            grade=row["quality"] or "D",
            kind="gap" if gap else "conflicting" if conflicting else "reported",
            source=cited(row, row["year"]),
            note="looked for a figure per phone; none that can be cited" if gap else row["note"],
            dateless=gap,
        )


def add_compositions(claims: Claims, raw: Path) -> None:
    """Composition of magnets by grade (weight percent)."""
    for row in read_raw(raw / "value_chain" / "magnet_composition.csv"):
        low, mid, high = bounds(row)
        gap = low is None and mid is None and high is None
        component = "grade_ladder" if gap else row["component"].removesuffix(" (small addition)")
        claims.add(
            f"magnet_composition/{slug(row['magnet'])}/{slug(component)}",
            product="magnet:NdFeB-heavy" if "high-temp" in row["magnet"] else "magnet:NdFeB",
            stage="magnet",
            unit="weight percent",
            low=low,
            mid=mid,
            high=high,
            grade=row["quality"],
            kind="gap" if gap else "reported",
            source=cited(row, ""),
            note="looked for dysprosium and terbium by temperature grade; none found"
            if gap
            else row["note"],
        )


STOCK_PRODUCTS = {
    "NdPr oxide": "oxide:NdPr",
    "NdFeB magnet block": "magnet:NdFeB",
    "SmCo alloy": "alloy:SmCo",
    "La": "La",
    "Ce": "Ce",
    "Nd": "Nd",
    "HREE": "oxide:heavy",
    "heavy REE": "oxide:heavy",
    "REE": "rare_earths",
    "rare earths": "rare_earths",
    "RE magnets": "magnet",
    "RE magnets / critical parts": "magnet",
}
STOCK_UNITS = {"days of consumption": "days", "days of supply": "days", "days of use": "days"}


def add_stocks(claims: Claims, raw: Path) -> None:
    """Public and private stocks; blank where nobody publishes them."""
    for row in read_raw(raw / "value_chain" / "stocks_and_inventories.csv"):
        if row["material"] == "export licences":
            continue  # approval rates stand in the licence table
        country = iso3_of(row["country"])
        period = re.sub(r"^to |-$", "", row["date"])
        several = "/" in row["value"]  # four metals in one cell
        low, mid, high = bounds({**row, "value": ""} if several else row)
        none = low is None and mid is None and high is None
        gap = "GAP" in row["note"]
        unit = STOCK_UNITS.get(row["unit"], row["unit"])
        note = row["note"]
        if several:
            note = "cobalt 500, antimony 245, tantalum 100, scandium 45 USD m; up to USD 1 bn"
        if gap:
            note = "looked for Chinese state holdings; no citable figure"
        cover = unit == "weeks"
        claims.add(
            f"{'cover' if cover else 'stock'}/{country}/{slug(row['holder'])}/"
            f"{slug(row['material'])}/{slug(row['metric'])}/{period or 'undated'}",
            country=country,
            product=STOCK_PRODUCTS.get(row["material"], ""),
            stage="stock",
            period=period,
            unit="t" if gap else "qualitative" if none else unit,
            low=low,
            mid=mid,
            high=high,
            grade=row["quality"] or "D",
            kind="gap" if gap else "reported",
            industry="light_vehicles" if cover else "",
            source=cited(row, period),
            note=note or row["metric"],
            dateless=gap,
        )


FACILITY_STAGES = {
    "separation_heavy": "separation",
    "mine+separation": "separation",
    "recycling+separation_heavy": "separation",
    "magnet (recycled feed)": "magnet",
    "metal_alloy": "metal",
    "mine (ion clay)": "mine",
}
FACILITY_COUNTRY = {"Australia/Korea": "KOR"}
FACILITY_UNITS = {"t/y feed": "t/y", "t/day feedstock": "t/day"}


FACILITY_PRODUCTS = {
    "NdFeB": "magnet:NdFeB",
    "NdPr": "oxide:NdPr",
    "NdPr oxide": "oxide:NdPr",
    "NdPr metal": "metal:NdPr",
    "Sc2O3": "oxide:Sc",
    "REO": "oxide:all",
    "RE products": "oxide:all",
    "light REE": "oxide:light",
    "heavy RE products": "oxide:heavy",
    "Dy+Tb oxide": "oxide:heavy",
    "Dy, Tb oxide": "oxide:heavy",
    "Dy, Tb, Sm": "oxide:heavy",
    "SEGH feed (Dy, Tb)": "oxide:heavy",
    "Sm,Gd,Y,Lu,Dy,Tb": "oxide:heavy",
    "REO in concentrate": "ore",
    "REO in MREC": "ore",
    "REE ore": "ore",
    "RE metals": "metal:all",
    "metals/alloys": "metal:all",
    "NdPr, Sm, SmCo, Dy metal and alloy": "metal:all",
}


def facility_note(row: Record) -> str:
    """Status, basis and announced start of a facility in one short note."""
    start = f"start as announced {row['announced_start']}" if row["announced_start"] else ""
    parts = (row["status"].split(";")[0].split(":")[0], row["basis"].replace('"', ""), start)
    return ", ".join(part for part in parts if part)


def add_facilities(claims: Claims, raw: Path) -> None:
    """Plants and projects outside China with capacity, status and announced start."""
    for row in read_raw(raw / "value_chain" / "facilities_projects.csv"):
        country = FACILITY_COUNTRY.get(row["country"]) or iso3_of(row["country"])
        value = parse_number(row["capacity"])
        period = row["status_date"]
        source = cited(row, period)
        _, dated = dates_in(period)
        # The row joins a page with a later status: known when the later of the two was.
        known = max((source.first_known, *dated)) if source.exact else None
        claims.add(
            f"facility/{country}/{slug(row['name'])}",
            country=country,
            product=FACILITY_PRODUCTS[row["product"]],
            stage=FACILITY_STAGES.get(row["stage"], row["stage"]),
            period=period,
            unit=FACILITY_UNITS.get(row["unit"], row["unit"]) or "t/y",
            mid=value,
            grade=row["quality"],
            kind="gap" if value is None else "reported",
            source=source,
            first_known=known,
            note=facility_note(row)
            if value is not None
            else f"looked for a capacity; {facility_note(row)}",
        )
