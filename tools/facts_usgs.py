"""Claims from other USGS tables on rare earths: earlier editions, import sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from facts_rows import Claims, Record, cited, parse_number, read_raw
from facts_sources import Source
from xenotime.facts.taxonomy import iso3_of

if TYPE_CHECKING:
    from pathlib import Path

# Metric of the sheet: id without year, stage, unit. The ids are those of the complete release.
SALIENT = {
    "production_mineral_concentrates": (
        "us_production/USA/rare_earths/mineral_concentrates",
        "mine",
    ),
    "production_compounds_and_metals": (
        "us_production/USA/rare_earths/compounds_and_metals",
        "separation",
    ),
    "imports_compounds": ("us_imports/USA/rare_earths/compounds", "trade"),
    "imports_ferrocerium_alloys": ("us_imports/USA/rare_earths/ferrocerium_alloys", "trade"),
    "imports_re_metals_alloys": (
        "us_imports/USA/rare_earths/rare_earth_metals_and_alloys",
        "trade",
    ),
    "exports_ores_and_compounds": ("us_exports/USA/rare_earths/ores_and_compounds", "trade"),
    "exports_ferrocerium_alloys": ("us_exports/USA/rare_earths/ferrocerium_alloys", "trade"),
    "exports_re_metals_alloys": (
        "us_exports/USA/rare_earths/rare_earth_metals_and_alloys",
        "trade",
    ),
    "apparent_consumption_compounds_metals": ("us_apparent_consumption/USA/rare_earths", ""),
    "employment_mine_mill": ("us_employment/USA/rare_earths", ""),
    "net_import_reliance_compounds_metals": (
        "us_net_import_reliance/USA/rare_earths/compounds_and_metals",
        "trade",
    ),
    "net_import_reliance_concentrates": (
        "us_net_import_reliance/USA/rare_earths/mineral_concentrates",
        "trade",
    ),
    "import_value_compounds_metals": ("us_import_value/USA/rare_earths", "trade"),
    "imports_hree_compounds_metals": ("us_imports/USA/rare_earths_heavy", "trade"),
    "net_import_reliance_hree": ("us_net_import_reliance/USA/rare_earths_heavy", "trade"),
    "imports_yttrium": ("us_imports/USA/yttrium", "trade"),
    "apparent_consumption_yttrium": ("us_apparent_consumption/USA/yttrium", ""),
    "net_import_reliance_yttrium": ("us_net_import_reliance/USA/yttrium", "trade"),
    "imports_scandium_oxide": ("us_imports/USA/scandium", "trade"),
    "net_import_reliance_scandium": ("us_net_import_reliance/USA/scandium", "trade"),
    "china_yttrium_exports": ("mineral_exports/CHN/yttrium", "trade"),
    "world_scandium_oxide_production": ("mineral_production/WLD/scandium", "metal"),
    "world_scandium_oxide_consumption": ("mineral_consumption/WLD/scandium", "industry"),
}
# Two rows of the sheet hold the ends of one range, which the complete release prints as such.
RANGE_ENDS = {"world_yttrium_mine_production_low", "world_yttrium_mine_production_high"}
SALIENT_UNITS = {
    "persons": "employees",
    "million USD": "USD m",
    "t Y2O3": "t",
    "t Sc2O3": "t",
    "t REO": "t REO",
    "t": "t",
    "percent": "percent",
}


def bounds_of(row: Record) -> tuple[float | None, float | None, float | None]:
    """Return (low, mid, high) of a row with a qualifier."""
    value = parse_number(row["value"])
    kind = row["qualifier"]
    if kind == "net_exporter":
        return None, None, 0.0
    return (
        value if kind == "gt" else None,
        value if kind in {"eq", ""} else None,
        value if kind == "lt" else None,
    )


def salient_note(row: Record) -> str:
    """Whether estimated, bounded or of another edition, in our words."""
    last = str(int(row["vintage"][3:]) - 1)
    basis = {"t Y2O3": "yttrium oxide", "t Sc2O3": "scandium oxide"}.get(row["unit"], "")
    kinds = {"gt": "printed as above", "lt": "printed as below", "net_exporter": "net exporter (E)"}
    parts = (
        basis,
        kinds.get(row["qualifier"], ""),
        "estimated" if row["year"] == last else "",
        "compounds and metals, first printed as 186 in the edition before"
        if row["metric"] == "import_value_compounds_metals" and row["year"] == "2023"
        else "",
    )
    return "; ".join(part for part in parts if part)


def add_salient(claims: Claims, raw: Path) -> None:
    """United States statistics of rare earths by edition; ids of the complete release.

    A row of the edition 2026 that the release has too must say the same; it is kept once.
    """
    for row in read_raw(raw / "value_chain" / "ree_us_salient_statistics.csv"):
        if row["metric"] in RANGE_ENDS:
            continue
        stem, stage = SALIENT[row["metric"]]
        body, vintage = f"{stem}/{row['year']}", row["vintage"].lower()
        low, mid, high = bounds_of(row)
        known = claims.rows.get(f"{body}@{vintage}")
        if known is not None:
            said = tuple(parse_number(known[column]) for column in ("low", "mid", "high"))
            if said != (low, mid, high):
                claims.problems.append(
                    f"{body}@{vintage}: the release says {said}, the sheet {(low, mid, high)}"
                )
            continue
        claims.add(
            body,
            country=stem.split("/")[1],
            partner="WLD" if row["metric"] == "china_yttrium_exports" else "",
            product={"yttrium": "Y", "scandium": "Sc"}.get(stem.split("/")[2], stem.split("/")[2]),
            stage=stage,
            period=row["year"],
            unit=SALIENT_UNITS[row["unit"]],
            low=low,
            mid=mid,
            high=high,
            grade="A",
            source=cited(row, row["year"]),
            vintage=vintage,
            note=salient_note(row),
        )


SOURCE_PRODUCTS = {
    "RE compounds and metals": ("rare_earths", "rare_earths"),
    "Tb compounds and metals": ("terbium", "Tb"),
    "Ho compounds and metals": ("holmium", "Ho"),
    "Lu compounds and metals": ("lutetium", "Lu"),
    "Er compounds and metals": ("erbium", "Er"),
    "Yb compounds and metals": ("ytterbium", "Yb"),
    "Y alloys, compounds, metal": ("yttrium", "Y"),
    "Sc oxide": ("scandium", "Sc"),
}
ORIGINS = {"China (incl. Hong Kong)": "CHN", "other": "ROW", "Korea, Rep.": "KOR"}


def add_import_sources(claims: Claims, raw: Path) -> None:
    """Shares of origins in American imports of rare earths, of the edition before (percent).

    Rows of the edition 2026 are in the release too and must say the same there.
    """
    for row in read_raw(raw / "value_chain" / "ree_us_import_sources.csv"):
        part, product = SOURCE_PRODUCTS[row["product"]]
        name = row["source_country"]
        origin = ORIGINS.get(name) or iso3_of(name)
        if row["period"] == "2021-24":
            key = f"us_import_share/USA/{part}/{origin}/2021..2024@mcs2026"
            if claims.figure(key) != parse_number(row["share"]):
                claims.problems.append(f"{key}: the sheet says {row['share']}")
            continue
        source: Source = cited(row, "2024")
        claims.add(
            f"us_import_share/USA/{part}/{origin}/2020..2023",
            country="USA",
            partner=origin,
            product=product,
            stage="trade",
            period="2020..2023",
            unit="percent",
            mid=parse_number(row["share"]),
            grade="A",
            source=source,
            vintage="mcs2025",
            note="with Hong Kong" if "Hong Kong" in name else "",
        )
