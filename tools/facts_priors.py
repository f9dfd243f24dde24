"""Claims from ``baseline_priors.csv``, and what the network needs derived from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from facts_rows import Claims, Record, bounds, read_map, read_raw, slug
from facts_sources import Source, customs_day, source_of
from xenotime.facts.taxonomy import iso3_of

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Spec:
    """One claim made from a raw row; None takes the figures or the note from the row."""

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


MAGNET_ELEMENTS = "magnet REE (Pr,Nd,Tb,Dy)"
IEA_NOTE = "Pr, Nd, Tb and Dy; oxide or element is not stated, read as element"
USES = {
    "electric vehicles": ("light_vehicles_battery", "light_vehicles_battery"),
    "wind": ("wind", "wind"),
    "other uses": ("other", "other"),
    "all uses": ("all", ""),
}
ORES = {
    "bastnaesite concentrate": "bastnaesite",
    "bastnaesite": "bastnaesite",
    "monazite": "monazite",
    "mixed RE oxides": "mixed_oxides",
    "mixed RE oxides and separated NdPr": "mixed_oxides_and_NdPr",
    "mixed RE carbonate": "mixed_carbonate",
    "mixed carbonate": "mixed_carbonate",
    "mixed chlorides": "mixed_chlorides",
    "other RE compounds": "other_compounds",
    "all RE raw materials": "all",
}
HIGH_PERFORMANCE_USES = {
    "conventional cars": ("cars_combustion", "light_vehicles_combustion"),
    "new energy vehicles": ("cars_battery", "light_vehicles_battery"),
    "industry (robots, tools)": ("robots_and_tools", "robots"),
    "wind": ("wind", "wind"),
    "consumer electronics": ("consumer_electronics", "consumer_electronics"),
    "inverter air conditioners": ("air_conditioners", "other"),
    "energy-saving elevators": ("elevators", "other"),
}


def row_key(row: Record, country: str) -> tuple[str, ...]:
    """Name of a raw row, here and in the map."""
    columns = ("quantity", country, "element_or_product", "stage_or_industry", "year")
    return tuple(row[column] for column in columns)


def mapped_specs() -> dict[tuple[str, ...], list[Spec]]:
    """Specs of the irregular rows, from ``maps/priors.csv``."""
    specs: dict[tuple[str, ...], list[Spec]] = {}
    for row in read_map("priors"):
        own = row["figures"] == "own"
        spec = Spec(
            row["claim"],
            row["unit"],
            row["country"],
            row["product"],
            row["stage"],
            row["partner"],
            row["industry"],
            row["period"],
            figures=bounds(row, "mid") if own else None,
            kind=row["kind"],
            formula=row["formula"],
            note=None if row["note"] == "raw" else row["note"],
            customs=row["customs"] == "1",
        )
        specs.setdefault(row_key(row, "raw_country"), []).append(spec)
    return specs


def regular_spec(row: Record) -> Spec | None:
    """Spec of a row that belongs to a regular group; None for the others."""
    quantity, item = row["quantity"], row["element_or_product"]
    year = row["year"]
    if quantity in {"mine output", "refined output"}:
        country = iso3_of(row["country"])
        mining = quantity == "mine output"
        table = "magnet_element_mining" if mining else "magnet_element_refining"
        stage = "mine" if mining else "separation"
        return Spec(
            f"{table}/{country}/{year}",
            "t element",
            country,
            "magnet_elements",
            stage,
            period=year,
            note=IEA_NOTE,
        )
    if quantity == "demand":
        part, industry = USES[row["stage_or_industry"]]
        element = "magnet_elements" if item == MAGNET_ELEMENTS else item
        note = IEA_NOTE if item == MAGNET_ELEMENTS else "oxide or element is not stated"
        if element == "Tb":
            note += "; cars and wind together exceed all Chinese terbium: wide"
        return Spec(
            f"magnet_element_demand/WLD/{part}/{element}/{year}",
            "t element",
            "WLD",
            element,
            "industry",
            industry=industry,
            period=year,
            note=note,
        )
    if quantity == "monthly output":
        period = year.replace("2024-05..06", "2024-05..2024-06")
        element = item.split()[0].replace("PrNd", "NdPr")
        if "metal" in item:
            return Spec(
                f"metal_output_monthly/CHN/{element}/{period}",
                "t/month",
                "CHN",
                f"metal:{element}",
                "metal",
                period=period,
                note="caps Chinese NdFeB at 240-290 kt of blanks at 25-30 % NdPr",
            )
        note = "survey of separation plants; mean of two months; very probably with scrap oxide"
        if element == "NdPr":
            note = "survey of separation plants; very probably with oxide from scrap"
        return Spec(
            f"oxide_output_monthly/CHN/{element}/{period}",
            "t REO/month",
            "CHN",
            f"oxide:{element}",
            "separation",
            period=period,
            note=note,
        )
    if quantity == "import (gross weight)":
        ore = ORES[item]
        return Spec(
            f"ore_trade/WLD/CHN/{ore}/{year}", "t", "WLD", f"ore:{ore}", "trade", "CHN", period=year
        )
    if quantity == "use share" and item == "high-performance NdFeB":
        part, industry = HIGH_PERFORMANCE_USES[row["stage_or_industry"]]
        return Spec(
            f"use_share/WLD/NdFeB_high_performance/{part}/2018",
            "percent",
            "WLD",
            "magnet:NdFeB-heavy",
            "industry",
            industry=industry,
            period="2018",
            note="high-performance grades only, of 60-70 kt; the shares sum to 96.7",
        )
    drivers = {
        "new wind capacity": ("wind_capacity_added", "GW", "wind_turbine", "wind"),
        "robot installations": ("robot_installations", "pieces", "robot", "robots"),
        "vehicle production": ("vehicle_output", "million pieces", "vehicle", "light_vehicles"),
    }
    if quantity in drivers:
        table, unit, product, industry = drivers[quantity]
        country = iso3_of(row["country"])
        note = "driver for allocation, not a magnet tonnage"
        return Spec(
            f"{table}/{country}/{year}",
            unit,
            country,
            product,
            "industry",
            industry=industry,
            period=year,
            note=note,
        )
    return None


def prior_source(row: Record, period: str) -> Source:
    """Citation of a row; assumptions and gaps cite the collection itself."""
    if row["grade"] == "ASSUMPTION":
        return Source("", "analyst prior", "analyst", customs_day("2025-12"), "own", exact=True)
    if row["grade"] == "GAP" or row["source_title"] == "GAP":
        return Source(
            "", "search of the collection", "analyst", customs_day("2025-12"), "own", exact=True
        )
    return source_of(row["source_url"], row["source_title"], period)


def add_priors(claims: Claims, raw: Path) -> None:
    """All rows of ``baseline_priors.csv``; a row without a map is a problem."""
    specs = mapped_specs()
    used = set()
    for row in read_raw(raw / "value_chain" / "baseline_priors.csv"):
        regular = regular_spec(row)
        key = row_key(row, "country")
        used.add(key)
        found = [regular] if regular else specs.get(key, [])
        if not found:
            claims.problems.append(f"baseline_priors.csv: no map for {'|'.join(key)}")
        for spec in found:
            add_prior(claims, row, spec)
    claims.problems += [
        f"map names no raw row: {'|'.join(key)}" for key in specs if key not in used
    ]


def add_prior(claims: Claims, row: Record, spec: Spec) -> None:
    """One claim of one raw row."""
    source = prior_source(row, spec.period)
    assumed = row["grade"] == "ASSUMPTION"
    kind = spec.kind or ("assumption" if assumed else "reported")
    if kind == "gap":
        low, mid, high = None, None, None
    else:
        low, mid, high = spec.figures or bounds(row, "mid")
    customs = customs_day(spec.period) if spec.customs else None
    vintage = ""
    if spec.customs:
        vintage = "derived" if kind == "derived" else "gac"
    claims.add(
        spec.body,
        unit=spec.unit,
        country=spec.country,
        product=spec.product,
        stage=spec.stage,
        partner=spec.partner,
        industry=spec.industry,
        period=spec.period,
        low=low,
        mid=mid,
        high=high,
        grade="prior" if assumed else row["grade"] or "D",
        kind=kind,
        source=source,
        vintage=vintage,
        first_known=customs,
        dateless=assumed or kind == "gap",
        note=row["note"] if spec.note is None else spec.note,
        formula=spec.formula,
    )


SCRAP = {
    "NdPr": "PrNd oxide",
    "Dy": "Dy oxide",
    "Tb": "Tb oxide",
    "Gd": "Gd oxide",
    "Ho": "Ho oxide",
}


def add_primary_oxide(claims: Claims) -> None:
    """Chinese oxide made from ore in 2024: a year of the SMM months less oxide from scrap.

    The months very probably count scrap oxide; the magnet stage keeps its own scrap, so the
    network is anchored on what is left. Bounds move the annualised figure by 15 %.
    """
    for element in SCRAP:
        period = "2024-06" if element == "NdPr" else "2024-05..2024-06"
        month_key = f"oxide_output_monthly/CHN/{element}/{period}@smm2024"
        scrap_key = f"scrap_oxide_output/CHN/{element}/2024@argus2025"
        month = claims.figure(month_key)
        scrap = claims.figure(scrap_key)
        later = max(claims.rows[key]["first_known"] for key in (month_key, scrap_key))
        argus = claims.rows[scrap_key]
        source = source_of(argus["source_url"], argus["source_title"], "2024")
        claims.add(
            f"primary_oxide_output/CHN/{element}/2024",
            country="CHN",
            product=f"oxide:{element}",
            stage="separation",
            period="2024",
            unit="t REO",
            low=month * 12 * 0.85 - scrap,
            mid=month * 12 - scrap,
            high=month * 12 * 1.15 - scrap,
            grade="B",
            kind="derived",
            source=source,
            vintage="derived",
            first_known=type(source.first_known).fromisoformat(later),
            formula=f"{month_key} x 12 - {scrap_key}",
            note="assumes that the monthly survey counts scrap oxide; bounds are 15 % of the year",
        )


def add_scrap(claims: Claims, raw: Path) -> None:
    """Recycling: oxide from Chinese scrap, capacities, shares."""
    names = {raw_name: element for element, raw_name in SCRAP.items()}
    units = {"t REO/y": "t REO/y", "t magnets/y": "t/y", "percent": "percent", "t": "t REO"}
    for row in read_raw(raw / "value_chain" / "recycling.csv"):
        region = "FRA" if row["region"] == "EU (France)" else iso3_of(row["region"])
        period = row["year"].replace("2011-2030", "2011..2030")
        element = names.get(row["metric"]) or ("all" if row["metric"] == "REO total" else "")
        if element:
            body, product = f"scrap_oxide_output/{region}/{element}/{period}", f"oxide:{element}"
        else:
            body = f"recycling/{region}/{slug(row['flow'])}/{slug(row['metric'])}/{period}"
            product = "magnet" if "magnet" in row["flow"] else "rare_earths"
        low, mid, high = bounds(row)
        qualitative = low is None and mid is None and high is None
        claims.add(
            body,
            country=region,
            product=product,
            stage="recycling",
            period=period,
            unit="qualitative" if qualitative else units[row["unit"]],
            low=low,
            mid=mid,
            high=high,
            grade=row["quality"],
            source=source_of(row["source_url"], row["source_title"], period),
            note=row["note"],
        )
