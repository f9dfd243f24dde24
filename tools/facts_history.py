"""Licence counts as claims; stoppages; contradictions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from facts_policy import day
from facts_rows import Claims, Record, cited, parse_number, read_raw, short_note, slug
from facts_sources import source_of

from xenotime.facts.taxonomy import iso3_of

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path


@dataclass(frozen=True)
class Licence:
    """How one raw licence row becomes a claim; populations are never pooled."""

    body: str
    unit: str
    partner: str
    note: str
    grade: str = "B"
    kind: str = "reported"
    industry: str = ""


# Keyed by (as_of_date, population). Product is `magnet` unless the population says gallium.
LICENCES: dict[tuple[str, str], Licence] = {
    ("2025-04-04", "all exporters"): Licence(
        "licence_review/WLD/statutory", "working days", "WLD",
        "from acceptance; said of gallium and germanium licences under the same regulation"),
    ("2023-10", "Ga exporters"): Licence(
        "licence_review/WLD/gallium_first_grants", "days", "WLD",
        "from application to first grant in some cases; exports were zero in August and September"),
    ("2023-09-22", "Ga exporters"): Licence(
        "licence_event/WLD/gallium_grants", "qualitative", "WLD",
        "first gallium licences to several exporters, none to traders"),
    ("2025-06-04", "CLEPA auto suppliers"): Licence(
        "licence_approval_rate/EUU/car_suppliers", "percent", "EUU",
        "share of hundreds of requests since April, by count and not by tonnage",
        industry="light_vehicles"),
    ("2025-06-30", "CLEPA auto suppliers"): Licence(
        "licence_approval_rate/EUU/car_suppliers", "percent", "EUU",
        "share of hundreds of requests by count; slower for US end users and third countries",
        industry="light_vehicles"),
    ("2025-06-06", "suppliers of GM, Ford, Stellantis"): Licence(
        "licence_validity/USA/car_suppliers", "months", "USA",
        "temporary licences for suppliers of three carmakers, some of them", industry="light_vehicles"),
    ("2025-06-07", "all"): Licence(
        "licence_count/WLD/all", "licences", "WLD",
        "contradicts the European count of the same week: another population or wrong", "D",
        "conflicting"),
    ("2025-06-07", "EU firms"): Licence(
        "licence_event/EUU/green_channel", "qualitative", "EUU",
        "a faster channel offered for eligible European applications; day approximate"),
    ("2025-06-11", "JL MAG"): Licence(
        "licence_event/WLD/JL_MAG", "qualitative", "WLD",
        "one maker holds licences for the United States, Europe and South-East Asia"),
    ("2025-06-19", "all"): Licence(
        "licence_event/WLD/ministry_statement", "qualitative", "WLD",
        "ministry: some applications approved; no number"),
    ("2025-06-30", "Dexter Magnetic Technologies"): Licence(
        "licence_approval_rate/USA/Dexter", "percent", "USA",
        "5 of 180 requests of one defence-linked distributor", industry="defence"),
    ("2025-07", "Chinese customs/MOFCOM"): Licence(
        "licence_backlog/WLD/all", "applications", "WLD",
        "implausible; single secondary source", "D", "conflicting"),
    ("2025-08", "all"): Licence(
        "licence_validity/WLD/all", "months", "WLD",
        "volumes are capped against stockpiling"),
    ("2025-12-02", "JL Mag, Yunsheng, Zhong Ke San Huan"): Licence(
        "licence_general/WLD/firms", "firms", "WLD",
        "at least three makers; one year, tied to a customer"),
    ("2025-12-04", "all"): Licence(
        "licence_event/WLD/general_confirmed", "qualitative", "WLD",
        "ministry confirms that general licences are in use"),
    ("2025-12", "Volkswagen and other EU carmakers"): Licence(
        "licence_event/EUU/left_out", "qualitative", "EUU",
        "several European carmakers not in the first tranche; contested", "C",
        industry="light_vehicles"),
}


def add_licences(claims: Claims, raw: Path) -> None:
    """Review times, approval rates, validity and events, by population."""
    rows = {(row["as_of_date"], row["population"]): row
            for row in read_raw(raw / "history" / "licences.csv")}
    for key in sorted(set(rows) ^ set(LICENCES)):
        claims.problems.append(f"licences.csv: {key} is in the table or in the map, not in both")
    for key in sorted(set(rows) & set(LICENCES)):
        row, spec = rows[key], LICENCES[key]
        period = row["as_of_date"]
        gallium = "Ga " in row["population"]
        claims.add(
            f"{spec.body}/{period}",
            country="CHN",
            product="Ga" if gallium else "magnet",
            stage="policy",
            partner=spec.partner,
            industry=spec.industry,
            period=period,
            unit=spec.unit,
            mid=None if spec.unit == "qualitative" else parse_number(row["value"]),
            grade=spec.grade,
            kind=spec.kind,
            source=cited(row, period),
            first_known=exact_day(period),
            note=spec.note,
        )


def exact_day(period: str) -> date | None:
    """Return the day of a count that is dated to the day, else None."""
    from datetime import date as calendar_day

    return calendar_day.fromisoformat(period) if re.fullmatch(r"\d{4}-\d\d-\d\d", period) else None


@dataclass(frozen=True)
class Stop:
    """Our reading of one raw stoppage: did a line stop, where, how bad."""

    severity: str
    industry: str
    note: str
    grade: str = "B"


# Keyed by (start_date, company).
STOPS: dict[tuple[str, str], Stop] = {
    ("2010-09-21", "31 Japanese importers"): Stop(
        "supply_held", "other", "all 31 importers disrupted; no plant stop found, stocks covered it"),
    ("2010-11-17", "Japanese importers (METI survey)"): Stop(
        "supply_held", "other", "16 of 27 firms see easing"),
    ("2025-05", "Ford"): Stop(
        "full_stop", "light_vehicles", "one week in May, days not given; combustion Explorer"),
    ("2025-06", "Ford"): Stop(
        "partial_stop", "light_vehicles", "three weeks in all over several plants; partly planned",
        "C"),
    ("2025-05-26", "Suzuki"): Stop(
        "full_stop", "light_vehicles", "Swift except Sport; partial restart on 13 June"),
    ("2025-06-04", "European auto suppliers (CLEPA)"): Stop(
        "partial_stop", "light_vehicles", "several plants and lines shut; more expected in 3-4 weeks"),
    ("2025-06-04", "BMW"): Stop(
        "none", "light_vehicles", "part of the supplier network affected; own plants run normally"),
    ("2025-06-05", "Mercedes-Benz"): Stop("none", "light_vehicles", "buffers considered"),
    ("2025-06-06", "Bosch"): Stop(
        "strained", "light_vehicles", "bottlenecks at suppliers over licence papers"),
    ("2025-04", "Maruti Suzuki"): Stop(
        "output_cut", "light_vehicles_battery",
        "8,221 planned against 26,512 units for April to September; a plan, not output"),
    ("2025-06", "Indian carmakers (industry)"): Stop(
        "strained", "light_vehicles", "warning of stops from June", "C"),
    ("2025-07", "TVS Motor"): Stop("none", "light_vehicles_battery", "day by day from local stocks"),
    ("2025-07", "Shin-Etsu"): Stop("none", "", "magnet plant at full capacity"),
    ("2025-07", "Volkswagen; Stellantis"): Stop(
        "none", "light_vehicles", "supply stable, or concerns met"),
    ("2025-07", "drone parts supplier (unnamed)"): Stop(
        "strained", "defence", "orders up to two months late; defence licences refused", "C"),
    ("2025-08", "Leonardo DRS"): Stop("strained", "defence", "germanium at safety stock", "C"),
    ("2025-06", "Boeing"): Stop(
        "strained", "aerospace", "claimed by one page, not corroborated", "D"),
}


def stoppage_rows(raw: Path) -> list[Record]:
    """All rows of ``stoppages.csv``."""
    rows = {}
    found = {(row["start_date"], row["company"]): row
             for row in read_raw(raw / "history" / "stoppages.csv")}
    if set(found) != set(STOPS):
        raise SystemExit(f"stoppages.csv: not in both {sorted(set(found) ^ set(STOPS))}")
    for key, stop in STOPS.items():
        row = found[key]
        start = row["start_date"]
        source = source_of(row["source_url"], row["source_title"], start)
        country = iso3_of(row["country"])
        identity = f"stoppage/{country}/{slug(row['company'])}/{start}@{source.vintage}"
        rows[identity] = {
            "id": identity,
            "country": country,
            "company": row["company"],
            "industry": stop.industry,
            "severity": stop.severity,
            "start": day(start),
            "end": day(row["end_date"]),
            "precision": {7: "month", 10: "day"}[len(start)],
            "duration_days": row["duration_days"],
            "grade": stop.grade,
            "vintage": source.vintage,
            "first_known": source.first_known.isoformat(),
            "source_url": source.url,
            "source_title": source.title,
            "note": short_note(stop.note),
            "licence": source.licence,
        }
    return [rows[identity] for identity in sorted(rows)]


def conflict_rows(raw: Path) -> list[Record]:
    """All rows of ``conflicts.csv``: what two sources say, and how it is treated here."""
    rows = {}
    for row in read_raw(raw / "value_chain" / "conflicts.csv"):
        identity = f"conflict/{slug(row['topic'])}@2026"
        rows[identity] = {
            "id": identity,
            "topic": row["topic"],
            "claim_a": short_note(row["claim_a"]),
            "source_a": row["source_a"],
            "claim_b": short_note(row["claim_b"]),
            "source_b": row["source_b"],
            "assessment": short_note(row["assessment"]),
            "grade": "C",
            "vintage": "2026",
            "first_known": "2026-08-01",
            "licence": "own",
        }
    for row in OWN_CONFLICTS:
        rows[row["id"]] = {**row, "grade": "C", "vintage": "2026", "first_known": "2026-08-01",
                           "licence": "own"}
    return [rows[identity] for identity in sorted(rows)]


# Contradictions between tables that the collection names in notes only.
OWN_CONFLICTS: tuple[Record, ...] = (
    {
        "id": "conflict/Magnet_exports_to_the_EU_2024@2026",
        "topic": "Magnet exports to the EU 2024",
        "claim_a": "17,000 t, of 20,000 t used",
        "source_a": "imports/EUU/CHN/magnet/2024",
        "claim_b": "20,200 t (17,000-21,500)",
        "source_b": "magnet_exports/EUU/2024@derived",
        "assessment": "keep both; the network takes the interval between them",
    },
    {
        "id": "conflict/Magnets_to_Japan_December_2025@2026",
        "topic": "Magnets to Japan December 2025",
        "claim_a": "280 t",
        "source_a": "magnet_exports/JPN/2025-12@gac",
        "claim_b": "411.3 t",
        "source_b": "magnet_exports/JPN/2025-12@globalspark2026",
        "assessment": "use 280 t, two agencies agree; the other figure has another scope or is wrong",
    },
    {
        "id": "conflict/Terbium_balance_2024@2026",
        "topic": "Terbium balance 2024",
        "claim_a": "424 t element in cars and wind",
        "source_a": "magnet_element_demand/WLD, IEA",
        "claim_b": "about 416 t element in all Chinese oxide",
        "source_b": "oxide_output_monthly/CHN/Tb x 12, SMM",
        "assessment": "inconsistent; use both with a wide spread",
    },
    {
        "id": "conflict/Wind_magnets_2023@2026",
        "topic": "Wind magnets 2023",
        "claim_a": "30-34 kt implied by IEA demand",
        "source_a": "magnet_element_demand/WLD/wind, IEA",
        "claim_b": "14-19 kt from turbine shares of 20 and 70 %",
        "source_b": "permanent_magnet_share/WLD/wind_onshore and wind_offshore",
        "assessment": "unresolved; never calibrate wind on one of them alone",
    },
    {
        "id": "conflict/Lynas_NdPr_2024@2026",
        "topic": "Lynas NdPr 2024",
        "claim_a": "3,625 t element of all magnet elements in Malaysia",
        "source_a": "magnet_element_refining/MYS/2024, IEA",
        "claim_b": "about 6,000 t oxide, 5,100 t element",
        "source_b": "oxide_output/MYS/NdPr/2024",
        "assessment": "the company figure stands; IEA is lower by a quarter or more",
    },
)
