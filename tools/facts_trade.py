"""Claims on trade: Chinese exports by month, HS 2846 imports, import dependence."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from facts_rows import Claims, Record, cited, own_notes, parse_number, read_raw, slug
from facts_sources import customs_day, source_of
from xenotime.facts.taxonomy import iso3_of

if TYPE_CHECKING:
    from pathlib import Path

SERIES = {
    "magnet_exports": ("magnet_exports", "magnet", "t"),
    "magnet_export_value": ("magnet_export_value", "magnet", "USD m"),
    "rare_earth_exports": ("rare_earth_exports", "rare_earths", "t"),
    "element_exports": ("element_exports", "", "t"),
}

BASELINE_MONTHS = ("2024-06", "2024-07", "2024-08", "2024-09", "2024-10", "2024-11")

# Months whose figure comes from one source that contradicts a better one.
CONFLICT_VINTAGE = "globalspark2026"


def export_note(row: Record) -> str:
    """Note of an export row in our own words; the formula has a column of its own."""
    note = re.sub(r"^=[^;]*;?\s*", "", row["note"]).strip()
    note = own_notes().get(note, note)
    note = re.sub(r"(rounding )?\+-\d+ t;?\s*", "", note)
    change = row["yoy_pct_reported"]
    if change and float(change):
        note = f"{float(change):+g} % on the year as printed; {note}".rstrip("; ")
    return note


def add_exports(claims: Claims, raw: Path) -> None:
    """Chinese exports of magnets, rare earths and elements by destination (t, USD m)."""
    for row in read_raw(raw / "history" / "magnet_exports.csv"):
        table, product, unit = SERIES[row["series"]]
        period = row["period"]
        destination = iso3_of(row["destination"])
        value = parse_number(row["value"])
        source = cited(row, period)
        if value is None:
            # Two destinations are known only as a change on the year.
            claims.add(
                f"magnet_exports_change/{destination}/{period}",
                country="CHN",
                product=product,
                stage="trade",
                partner=destination,
                period=period,
                unit="percent",
                mid=float(row["yoy_pct_reported"]),
                grade="B",
                source=source,
                vintage="gac",
                first_known=customs_day(period),
                note="change on the year; the tonnage is not printed",
            )
            continue
        if table == "element_exports":
            product = row["product"].split()[0]
            body = f"{table}/{product}/{destination}/{period}"
        else:
            body = f"{table}/{destination}/{period}"
        if row["unit"] == "kg":
            value /= 1000
        formula = re.match(r"=[^;]*", row["note"])
        spread = re.search(r"\+-(\d+)", row["note"])
        wide = float(spread.group(1)) if spread else None
        conflicting = row["value_kind"] == "conflicting"
        derived_text = formula.group(0).lstrip("=") if formula else row["excerpt_or_paraphrase"]
        claims.add(
            body,
            country="CHN",
            product=product,
            stage="trade",
            partner=destination,
            period=period,
            unit=unit,
            low=value - wide if wide is not None else None,
            mid=value,
            high=value + wide if wide is not None else None,
            grade="D" if conflicting else "B",
            kind=row["value_kind"],
            source=source,
            vintage=CONFLICT_VINTAGE if conflicting else "gac",
            first_known=customs_day(period),
            formula=derived_text if row["value_kind"] == "derived" else "",
            note=export_note(row),
        )


def add_yttrium_before(claims: Claims) -> None:
    """Yttrium to the United States before the control, printed beside the figure after it."""
    after = claims.rows["element_exports/Y/USA/2025-04..2025-12@gac"]
    period = "2024-08..2025-03"
    claims.add(
        f"element_exports/Y/USA/{period}",
        country="CHN",
        product="Y",
        stage="trade",
        partner="USA",
        period=period,
        unit="t",
        mid=333.0,
        grade="B",
        source=source_of(after["source_url"], after["source_title"], period),
        vintage="gac",
        first_known=customs_day(period),
        note="the eight months before the control; products of yttrium",
    )


def add_export_baselines(claims: Claims) -> None:
    """Month means of June to November 2024, the base period before any control (t/month)."""
    for destination in ("WLD", "USA"):
        keys = [f"magnet_exports/{destination}/{month}@gac" for month in BASELINE_MONTHS]
        known = [key for key in keys if key in claims.rows]
        mean = sum(claims.figure(key) for key in known) / len(known)
        months = ", ".join(key.split("/")[2].removesuffix("@gac") for key in known)
        claims.add(
            f"magnet_exports_baseline/{destination}/2024-06..2024-11",
            country="CHN",
            product="magnet",
            stage="trade",
            partner=destination,
            period="2024-06..2024-11",
            unit="t/month",
            mid=mean,
            grade="B",
            kind="derived",
            source=source_of("", "mean of customs months in this table", "2024"),
            vintage="gac",
            first_known=customs_day("2024-11"),
            formula=f"mean of magnet_exports/{destination} in {months}",
            note=f"{len(known)} of 6 months are known",
            licence="own",
        )


def add_hs2846(claims: Claims, raw: Path) -> None:
    """Chinese imports of rare-earth compounds by origin since 2018, rounded (t gross)."""
    totals: dict[str, float] = {}
    for row in read_raw(raw / "value_chain" / "china_imports_hs2846_by_origin_1993_2024.csv"):
        period, origin = row["year"], row["origin_iso"].strip()
        tonnes = float(row["net_weight_kg"]) / 1000
        if period < "2018" or tonnes < 100:
            continue
        country = {"W00": "WLD", "S19": "TWN"}.get(origin, origin)
        rounded = float(round(tonnes, -1) if tonnes < 1000 else round(tonnes, -2))
        totals[f"{country}/{period}"] = rounded
        claims.add(
            f"rare_earth_imports/CHN/{country}/{period}",
            country="CHN",
            product="rare_earths",
            stage="trade",
            partner=country,
            period=period,
            unit="t",
            mid=rounded,
            grade="B" if row["qty_estimated"] == "True" else "A",
            kind="derived",
            source=cited(row, period),
            first_known=date(int(period) + 1, 12, 31),
            formula="net weight in kg / 1000, rounded to 2 or 3 digits",
            note="gross weight of HS 2846, not oxide"
            + ("; part of the weight is estimated" if row["qty_estimated"] == "True" else ""),
        )


# importer, supplier, material -> product id and part of the claim id
MATERIALS = {
    "Dy": ("Dy", "Dy"),
    "Nd": ("Nd", "Nd"),
    "HTS 2805+2846+8505": ("rare_earths", "rare_earths_and_magnets"),
    "REE+ (Eurostat)": ("rare_earths", "rare_earths"),
    "REE+": ("rare_earths", "rare_earths"),
    "permanent magnets": ("magnet", "magnet"),
    "rare earths": ("rare_earths", "rare_earths_all"),
    "Nd, Pr": ("oxide:NdPr", "NdPr"),
    "Ga": ("Ga", "Ga"),
    "Mg": ("Mg", "Mg"),
    "W": ("W", "W"),
    "Y2O3": ("oxide:Y", "Y"),
    "heavy REE (Dy, Tb)": ("DyTb", "DyTb"),
    "Dy+Tb": ("DyTb", "DyTb"),
    "HRE": ("DyTb", "DyTb"),
    "RE magnets": ("magnet", "magnet"),
    "RE permanent magnets": ("magnet", "magnet"),
    "rare earths (ex magnets)": ("rare_earths", "rare_earths"),
}


def add_dependence(claims: Claims, raw: Path) -> None:
    """Import shares and tonnages as printed; customs totals join the export series."""
    for row in read_raw(raw / "value_chain" / "import_dependence_and_trade.csv"):
        product, part = MATERIALS[row["material"]]
        importer = iso3_of(row["importer"])
        period = row["period"].replace(" (period unstated)", "").replace(" vs 2025-03", "")
        source = cited(row, period)
        if row["metric"] == "China exports":
            table = "rare_earth_exports" if product == "rare_earths" else "magnet_exports"
            if f"{table}/{importer}/{period}@gac" in claims.rows:
                continue  # the same customs figure by another page
            claims.add(
                f"{table}/{importer}/{period}",
                product=product,
                stage="trade",
                period=period,
                country="CHN",
                partner=importer,
                unit="t",
                mid=parse_number(row["value"]),
                grade=row["quality"],
                source=source,
                vintage="gac",
                first_known=customs_day(period),
                note=row["note"],
            )
            continue
        supplier = row["supplier"]
        named = {"Lynas": "MYS", "Caremag": "FRA"}.get(supplier) or iso3_of(supplier)
        low, _, high = row["value"].partition("-") if "-" in row["value"][1:] else ("", "", "")
        conflicting = row["quality"] == "D"
        change = row["metric"] in {"import change", "export change"}
        tonnes = row["unit"] == "t"
        table = "import_change" if change else "imports" if tonnes else "import_dependence"
        metric = "" if tonnes or change or "share" in row["metric"] else f"_{slug(row['metric'])}"
        claims.add(
            f"{table}/{importer}/{named}/{part}{metric}/{period}",
            product=product,
            stage="trade",
            period=period,
            country=importer,
            partner=named,
            unit=row["unit"],
            low=parse_number(low),
            mid=None if low else parse_number(row["value"]),
            high=parse_number(high),
            grade=row["quality"],
            kind="conflicting" if conflicting else "reported",
            source=source,
            note=row["note"] or row["metric"],
        )
