"""Measures and control items."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from facts_rows import Record, read_map, read_raw, short_note, slug
from facts_sources import source_of

if TYPE_CHECKING:
    from pathlib import Path

CONFIDENCE = {"high": "B", "medium": "C", "low": "D"}
NOT_READ = "NOT RETRIEVED (general knowledge)"

MEASURE_OF = {
    "MOFCOM/GAC 18/2025": "M023",
    "MOFCOM/GAC 57/2025": "M041",
    "MOFCOM/GAC 56/2025": "M042",
    "MOFCOM/GAC 10/2025": "M019",
    "MOFCOM 61/2025": "M040",
    "MOFCOM/GAC 58/2025": "M043",
    "MOFCOM/GAC 23/2023": "M012",
    "MOFCOM/GAC 33/2024": "M015",
    "MOFCOM/GAC 55/2025": "M044",
    "MOFCOM 62/2025": "M039",
    "MOFCOM 46/2024": "M017",
    "MOFCOM/GAC 39/2023": "M013",
}

FORM_OF = {
    "permanent magnet": "magnet",
    "reagent": "material",
    "superhard": "material",
    "cathode": "material",
    "anode": "material",
    "item": "material",
    "powder": "material",
    "battery": "goods",
    "goods/services": "goods",
    "extraterritorial": "goods",
    "assistance": "technology",
    "metal/alloy": "metal",
    "destination US": "goods",
}

# Rows that are no items: definitions, suspensions and lists are measures or notes elsewhere.
NO_ITEM = {"definition", "suspension", "destination Japan", "entity list", "watch list"}


def day(text: str) -> str:
    """First day of a date that may be a month or a year; blank stays blank."""
    text = text.strip()
    if not text or not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", text):
        return ""
    return date.fromisoformat(
        {4: f"{text}-01-01", 7: f"{text}-01"}.get(len(text), text)
    ).isoformat()


def settled(spec: Record, column: str, raw_text: str) -> str:
    """Date of the map, or of the raw row where the map says ``raw``."""
    return day(raw_text) if spec[column] == "raw" else spec[column]


def measure_row(spec: Record, row: Record) -> Record:
    """One row of ``measures.csv``."""
    announced = settled(spec, "announced", row["date_announced"])
    url = spec["source_url"] or row["source_url"]
    title = spec["source_title"] or row["source_title"]
    unread = title == NOT_READ
    source = source_of(url, "general knowledge, page not read" if unread else title, announced)
    return {
        **{column: spec[column] for column in ("id", "act", "article", "actor", "targets")},
        **{column: spec[column] for column in ("instrument", "elements", "forms")},
        "announced": announced,
        "in_force": settled(spec, "in_force", row["date_effective"]),
        "ends": settled(spec, "ends", row["last_day_in_effect"]),
        "status": spec["status"],
        "changes": spec["changes"],
        "grade": "D" if unread else CONFIDENCE[row["confidence"]],
        "vintage": "unread" if unread else source.vintage_at(date.fromisoformat(announced)),
        "first_known": announced,
        "source_url": source.url,
        "source_title": source.title,
        "note": short_note(spec["note"]),
        "licence": source.licence,
    }


def measure_rows(raw: Path) -> list[Record]:
    """All rows of ``measures.csv`` by id."""
    found = {row["id"]: row for row in read_raw(raw / "history" / "measures.csv")}
    specs = read_map("measures")
    unmapped = sorted(set(found) - {spec["id"] for spec in specs})
    if unmapped:
        raise SystemExit(f"measures without a row in the map: {', '.join(unmapped)}")
    rows = [measure_row(spec, found[spec["raw_row"]]) for spec in specs]
    return [*rows, *us_measure_rows(raw)]


US_KEY = ("measure", "authority", "since")


def us_measure_rows(raw: Path) -> list[Record]:
    """American acts that the history of measures does not hold; the map says why others do not."""
    raw_rows = {
        tuple(row[column] for column in US_KEY): row
        for row in read_raw(raw / "policy" / "us_measures.csv")
    }
    specs = read_map("us_measures")
    mapped = [tuple(spec[column] for column in US_KEY) for spec in specs]
    alone = set(raw_rows) ^ set(mapped)
    if alone or len(mapped) != len(set(mapped)):
        raise SystemExit(f"not once in both us_measures.csv and its map: {sorted(alone)}")
    rows = []
    for spec in specs:
        if not spec["id"]:
            continue
        row = raw_rows[tuple(spec[column] for column in US_KEY)]
        title = row["source_title"].replace('"', "")
        address = row["source_url"] if row["source_url"].startswith(("http", "github")) else ""
        source = source_of(address, title, spec["announced"])
        announced = date.fromisoformat(spec["announced"])
        columns = (
            *("id", "act", "article", "actor", "targets", "instrument", "elements", "forms"),
            *("announced", "in_force", "ends", "status", "changes"),
        )
        rows.append(
            {
                **{column: spec[column] for column in columns},
                "grade": row["grade"],
                "vintage": source.vintage_at(announced),
                "first_known": spec["announced"],
                "source_url": source.url,
                "source_title": source.title,
                "note": short_note(spec["note"]),
                "licence": source.licence,
            }
        )
    return rows


def control_rows(raw: Path) -> list[Record]:
    """All rows of ``control_items.csv``; the wording is cut to a name of at most 25 words."""
    rows: dict[str, Record] = {}
    counts: dict[str, int] = {}
    for row in read_raw(raw / "policy" / "control_items.csv"):
        if row["form"] in NO_ITEM:
            continue
        announcement = row["announcement"].rpartition(" ")[2]
        number, _, year = announcement.partition("/")
        elements = [slug(part) for part in row["element"].split(";")]
        stem = f"control_item/{year}-{number}/{'.'.join(elements)}"
        counts[stem] = counts.get(stem, 0) + 1
        key = f"{stem}/{counts[stem]:02d}@{year}"
        source = source_of(row["source_url"], row["source_title"], year)
        measure = MEASURE_OF[row["announcement"]]
        if announcement == "46/2024" and row["control_code"] in {"Art.1", "re-export"}:
            measure = "M068"
        if announcement == "61/2025" and row["control_code"] == "Art.1(3)":
            measure = "M069"
        missing = row["grade"] == "D"
        rows[key] = {
            "id": key,
            "announcement": announcement,
            "measure": measure,
            "control_code": row["control_code"],
            "element": ";".join(elements),
            "form": FORM_OF.get(row["form"], row["form"]),
            "item": short_item(row["item_text_paraphrased"]),
            "threshold": row["threshold"],
            "cn_codes": row["cn_code"],
            "in_force": row["effective"],
            "suspended_from": row["suspended_from"],
            "suspended_until": row["suspended_until"],
            "grade": row["grade"],
            "vintage": year,
            "first_known": row["issued"],
            "source_url": source.url,
            "source_title": source.title,
            "note": control_note(row["note"], missing=missing),
            "licence": source.licence,
        }
    return [rows[key] for key in sorted(rows)]


def short_item(text: str) -> str:
    """Name of an item, cut at a bracket or comma when it is long."""
    text = text.replace('"', "")
    if len(text.split()) <= 12:
        return text
    return re.split(r"\s\(|,|:|;", text)[0]


def control_note(text: str, *, missing: bool) -> str:
    """Note of an item; the long remark on unread sub-entries has a short form."""
    text = re.sub(
        r"sub-entry letter not read for this element .*?register", "sub-entry not read", text
    )
    text = text.strip().rstrip(";").removesuffix(";")
    note = short_note(text)
    return note if note or not missing else "list not complete"
