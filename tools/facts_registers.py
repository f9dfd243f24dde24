"""Registers: trade codes, lists of minerals, listed firms, tariffs, meetings, rules of scope."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from facts_codes import ASSESSMENT
from facts_entries import entry, unique
from facts_policy import day
from facts_rows import Record, own_notes, read_map, read_raw, short_note, slug
from facts_sources import COLLECTED, Source, month_end, source_of
from xenotime.facts.taxonomy import iso3_of

if TYPE_CHECKING:
    from pathlib import Path


# ---- lists of minerals

LIST_SOURCES = {
    "2022": (date(2022, 2, 24), "87 FR 10381: 2022 final list of critical minerals"),
    # The day is not in the collection; the month is, in the row of the act.
    "2025": (month_end(2025, 11), "Brownstein: final list of critical minerals of 2025"),
    "2025-draft": (date(2025, 8, 26), "draft list of critical minerals of 26 August 2025"),
}
LIST_PRODUCTS = {"graphite": "graphite", "rare earths": "rare_earths"}


def critical_mineral_rows(raw: Path) -> list[Record]:
    """One row for each mineral and list, so that a day knows only the lists of its time."""
    symbols = {row["slug"]: row["product"] for row in read_map("minerals")}
    found = []
    for row in read_raw(raw / "policy" / "us_critical_minerals_lists.csv"):
        name = row["mineral"].strip()
        product = symbols.get(slug(name.lower()), slug(name.lower()))
        answers = {
            "2022": row["in_2022_list"] == "1",
            "2025": row["in_2025_list"] == "1",
            "2025-draft": row["draft_2025_08_26"] == "in draft",
        }
        address = row["source_url"].split(";")[0]
        for edition, listed in answers.items():
            known, title = LIST_SOURCES[edition]
            url = address if "regulations" in address and edition == "2022" else ""
            source = Source(url, title, f"list{known.year}", known, "public-domain", exact=True)
            note = row["note"] if edition == "2022" and "thallium" in row["note"] else ""
            if edition == "2025":
                note = "the 50 of 2022 and ten more, as a law firm reports"
            shared = entry(f"critical_mineral/{slug(name)}/{edition}", source, row["grade"], note)
            found.append(
                shared
                | {
                    "mineral": name,
                    "product": product,
                    "list": edition,
                    "listed": "yes" if listed else "no",
                }
            )
    symbols_by_name = {row["commodity"]: row["product"] for row in read_map("minerals")}
    for row in read_raw(raw / "usgs" / "ofr2025_1047_commodity_units_84.csv"):
        name = row["unit"].strip()
        shared = entry(f"critical_mineral/{slug(name)}/assessed-2025", ASSESSMENT, "C", "")
        found.append(
            shared
            | {
                "mineral": name.lower(),
                "product": symbols_by_name.get(name, slug(name.lower())),
                "list": "assessed-2025",
                "listed": "yes",
            }
        )
    return unique(found)


# ---- listed entities

ENTITY_MEASURES = {
    "21/2025": "M024",
    "2025-04-09 (number not read)": "M024",
    "23/2026": "M064",
    "27/2026": "M065",
    "11/2026": "M060",
    "12/2026": "M061",
}
ENTITY_STATUS = {
    "in force": ("in_force", ""),
    "suspended; suspension continued 1 year from 2025-11-10": (
        "suspended",
        "suspension continued for a year from 10 November 2025",
    ),
    "later status not read": ("unknown", "later status not read"),
    'ended or suspended from 2025-11-10 (two summaries differ: "discontinued" v "suspended")': (
        "unknown",
        "ended or suspended from 10 November 2025: two summaries differ",
    ),
}
ENTITY_TITLES = {
    "github:weiqi-kids": "English rendering of the ministry's announcement",
    "github:seelpeed": "hand-transcribed register of the ministry, as of 1 August 2026",
}


def entity_rows(raw: Path) -> list[Record]:
    """Firms and bodies on Chinese lists; names as the lists print them."""
    known_acts = {row["id"]: row for row in read_map("measures")}
    found = []
    for row in read_raw(raw / "policy" / "entity_lists.csv"):
        country = "EUU" if row["country"] == "EU" else iso3_of(row["country"])
        status, note = ENTITY_STATUS[row["status"]]
        listed = date.fromisoformat(row["date"])
        title = next(t for start, t in ENTITY_TITLES.items() if row["source_url"].startswith(start))
        source = source_of(row["source_url"], title, row["date"])
        name = row["entity"]
        announcement = row["announcement"].removesuffix(" (number not read)")
        shared = entry(
            f"entity/{country}/{slug(name)}/{row['date']}", source, row["grade"], note, known=listed
        )
        measure = ENTITY_MEASURES.get(row["announcement"], "")
        if measure and measure not in known_acts:
            raise SystemExit(f"{name}: there is no act {measure}")
        found.append(
            shared
            | {
                "entity": name,
                "country": country,
                "list": "watch list" if "watch" in row["list"] else "control list",
                "announcement": f"Announcement {announcement}"
                if "/" in announcement
                else f"announcement of {announcement}, number not read",
                "measure": measure,
                "listed": row["date"],
                "status": status,
            }
        )
    return unique(found)


# ---- tariffs

TARIFF_SOURCE = Source(
    "",
    "derived from the acts and tariff notes named in the acts M016 to M080",
    "derived",
    COLLECTED,
    "derived-figure",
    exact=True,
)


def tariff_rows(raw: Path) -> list[Record]:
    """American rates on five codes from China, by day."""
    found = []
    for row in read_raw(raw / "policy" / "us_tariff_stack_derived.csv"):
        note = row["note"].strip("; ").replace("IEEPA void", "emergency tariffs void")
        shared = entry(
            f"tariff/USA/CHN/{row['hts']}/{row['since']}",
            TARIFF_SOURCE,
            "B",
            note,
            known=date.fromisoformat(row["since"]),
        )
        found.append(
            shared
            | {
                "hts": row["hts"],
                "goods": row["goods"].removesuffix(", China origin"),
                "origin": "CHN",
                "since": row["since"],
                "until": row["until"],
                "ordinary": row["mfn_pct"],
                "section_301": row["s301_pct"],
                "fentanyl": row["ieepa_fentanyl_pct"],
                "reciprocal": row["ieepa_reciprocal_pct"],
                "section_122": row["s122_pct"],
                "total": row["total_ad_valorem_pct"],
            }
        )
    return unique(found)


# ---- negotiations

SIDES = (
    ("(EU)", "EUU;CHN"),
    ("(JP)", "JPN;CHN"),
    ("Japan", "JPN;CHN"),
    ("WTO", "USA;CHN"),
)


def sides_of(row: Record) -> str:
    """Countries that an entry is between."""
    text = f"{row['us_lead']} {row['china_lead']} {row['note']} {row['issue']}"
    return next((sides for mark, sides in SIDES if mark in text), "USA;CHN")


def negotiation_rows(raw: Path) -> list[Record]:
    """Issues by meeting; a day that lies ahead of the record is a deadline, not an outcome."""
    found = []
    for row in read_raw(raw / "history" / "negotiation.csv"):
        start = day(row["date"])
        source = source_of(row["source_url"], row["source_title"], row["date"])
        ahead = date.fromisoformat(start) > COLLECTED
        known = (
            min(COLLECTED, max(date.fromisoformat(start), source.first_known))
            if source.exact
            else None
        )
        if not source.exact:
            known = COLLECTED if ahead else month_end(*map(int, start.split("-")[:2]))
        detail = own_notes().get(row["detail"], row["detail"])
        shared = entry(
            f"negotiation/{row['date']}/{slug(row['forum'])}/{slug(row['issue'])}",
            source,
            "C" if re.search(r"secondary|unreliable|conflicting", str(row)) else "B",
            detail,
            known=known,
        )
        found.append(
            shared
            | {
                "start": start,
                "end": day(row["end_date"]),
                "precision": "day" if len(row["date"]) == 10 else "month",
                "forum": row["forum"],
                "place": row["place"],
                "sides": sides_of(row),
                "led_by": row["us_lead"],
                "met_by": row["china_lead"],
                "issue": row["issue"],
                "status": row["status"],
                "direction": row["direction"],
            }
        )
    return unique(found)


# ---- rules of scope

SCOPE_SHORT = {
    "documents": "application form, identity papers, contract, technical description or test "
    "report, certificate of end user and end use, profiles of importer and end user",
    "general licence: who": "exporter with a working compliance system and no serious offence; "
    "extra papers on compliance, licences used, stable end users",
}


def scope_rows(raw: Path) -> list[Record]:
    """Every rule of the collection, with who contradicts it."""
    found = []
    for row in read_raw(raw / "policy" / "scope_rules.csv"):
        missing = "GAP" in row["note"]
        title = (
            "search of the collection"
            if row["source_title"] == "not found"
            else row["source_title"]
        )
        source = source_of(row["source_url"], title.replace('"', ""), row["since"])
        if not row["source_url"].strip():
            source = Source("", title, f"search{COLLECTED.year}", COLLECTED, "own", exact=True)
        rule = row["rule"].replace('"', "")
        body = f"scope/{slug(row['applies_to'])}/{'_'.join(slug(rule).split('_')[:7])}"
        dated = re.fullmatch(r"\d{4}-\d\d-\d\d", row["since"])
        known = None
        if dated and not source.exact:
            known = min(source.first_known, date.fromisoformat(row["since"]))
        note = "looked for a rule, none found" if missing else row["note"]
        conflicts = short_note(row["conflicts_with"])
        shared = entry(body, source, row["grade"], note, known=known)
        found.append(
            shared
            | {
                "rule": rule,
                "applies_to": row["applies_to"],
                "value": SCOPE_SHORT.get(row["rule"], row["value"].replace('"', "")),
                "unit": row["unit"],
                "since": row["since"],
                "until": row["until"],
                "conflicts_with": conflicts,
            }
        )
    return unique(found)
