"""Licence counts as claims; stoppages; contradictions."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from facts_policy import day
from facts_rows import Claims, Record, cited, parse_number, read_map, read_raw, short_note, slug
from facts_sources import COLLECTED, source_of
from xenotime.facts.taxonomy import iso3_of

if TYPE_CHECKING:
    from pathlib import Path


def paired(
    rows: list[Record], settled: list[Record], columns: tuple[str, str]
) -> list[tuple[Record, Record]]:
    """Raw rows with their rows of the map, in the order of the map; both must be complete."""
    raw_rows = {(row[columns[0]], row[columns[1]]): row for row in rows}
    map_rows = {(row[columns[0]], row[columns[1]]): row for row in settled}
    alone = sorted(set(raw_rows) ^ set(map_rows))
    if alone:
        raise SystemExit(f"not in both the raw table and the map: {alone}")
    return [(raw_rows[key], row) for key, row in map_rows.items()]


def add_licences(claims: Claims, raw: Path) -> None:
    """Review times, approval rates, validity and events; populations are never pooled."""
    rows = read_raw(raw / "history" / "licences.csv")
    for row, spec in paired(rows, read_map("licences"), ("as_of_date", "population")):
        period = row["as_of_date"]
        counted = spec["unit"] != "qualitative"
        claims.add(
            f"{spec['claim']}/{period}",
            country="CHN",
            product="Ga" if "Ga " in row["population"] else "magnet",
            stage="policy",
            partner=spec["partner"],
            industry=spec["industry"],
            period=period,
            unit=spec["unit"],
            mid=parse_number(row["value"]) if counted else None,
            grade=spec["grade"],
            kind=spec["kind"],
            source=cited(row, period),
            # A count dated to the day was public on that day.
            first_known=date.fromisoformat(period) if len(period) == 10 else None,
            note=spec["note"],
        )


def add_scope(claims: Claims, raw: Path) -> None:
    """Clocks, validity and edges of the Chinese licence regime, as the rules state them."""
    rows = {
        (row["rule"], row["applies_to"]): row
        for row in read_raw(raw / "policy" / "scope_rules.csv")
    }
    for spec in read_map("scope"):
        row = rows[spec["rule"], spec["applies_to"]]
        since = row["since"]
        source = source_of(row["source_url"], row["source_title"], since)
        effective = date.fromisoformat(since) if len(since) == 10 else source.first_known
        claims.add(
            f"{spec['claim']}/{since}",
            country="CHN",
            product=spec["product"],
            stage="policy",
            partner="WLD",
            period=since,
            unit=spec["unit"],
            mid=parse_number(spec["mid"]),
            grade=row["grade"],
            source=source,
            # Public when it took effect at the latest, on its page's date if that is earlier.
            first_known=min(source.first_known, effective),
            note=spec["note"],
        )


def stoppage_rows(raw: Path) -> list[Record]:
    """All rows of ``stoppages.csv``."""
    rows = {}
    found = read_raw(raw / "history" / "stoppages.csv")
    for row, spec in paired(found, read_map("stoppages"), ("start_date", "company")):
        start = row["start_date"]
        source = source_of(row["source_url"], row["source_title"], start)
        country = iso3_of(row["country"])
        identity = f"stoppage/{country}/{slug(row['company'])}/{start}@{source.vintage}"
        end = day(row["end_date"])
        # An end dated to the day was known on that day, not when the stop was first reported.
        known = max(source.first_known.isoformat(), end if len(row["end_date"]) == 10 else "")
        rows[identity] = {
            "id": identity,
            "country": country,
            "company": row["company"],
            "industry": spec["industry"],
            "severity": spec["severity"],
            "start": day(start),
            "end": end,
            "precision": "day" if len(start) == 10 else "month",
            "duration_days": row["duration_days"],
            "grade": spec["grade"],
            "vintage": source.vintage,
            "first_known": known,
            "source_url": source.url,
            "source_title": source.title,
            "note": short_note(spec["note"]),
            "licence": source.licence,
        }
    return [rows[identity] for identity in sorted(rows)]


# The collection names its own files; a reader of the embedded table needs ids.
OWN_SOURCES = {
    "history/measures.csv M023, M028": "M023; M028",
    "MOFCOM/GAC Announcement 18/2025 (policy/control_items.csv)": "M023, Announcement 18/2025",
    "history/magnet_exports.csv (customs)": "magnet_exports/IND/2025-07@gac",
    "press (baseline_priors.csv)": "import_dependence/IND/CHN/magnet/FY2025",
}


def conflict_rows(raw: Path) -> list[Record]:
    """All rows of ``conflicts.csv``: what two sources say, and how it is treated here."""
    found = [
        {
            "id": f"conflict/{slug(row['topic'])}@{COLLECTED.year}",
            "topic": row["topic"],
            "claim_a": short_note(row["claim_a"]),
            "source_a": OWN_SOURCES.get(row["source_a"], row["source_a"]),
            "claim_b": short_note(row["claim_b"]),
            "source_b": OWN_SOURCES.get(row["source_b"], row["source_b"]),
            "assessment": short_note(row["assessment"]),
        }
        for row in read_raw(raw / "value_chain" / "conflicts.csv")
    ]
    common = {
        "grade": "C",
        "vintage": str(COLLECTED.year),
        "first_known": COLLECTED.isoformat(),
        "licence": "own",
    }
    rows = {row["id"]: row | common for row in (*found, *read_map("conflicts"))}
    return [rows[identity] for identity in sorted(rows)]
