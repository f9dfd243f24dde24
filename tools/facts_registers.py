"""Registers: trade codes, lists of minerals, listed firms, tariffs, meetings, rules of scope."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from facts_policy import day
from facts_rows import Record, own_notes, read_map, read_raw, short_note, slug
from facts_sources import COLLECTED, Source, copy_remark, month_end, source_of
from xenotime.facts.taxonomy import RARE_EARTHS, iso3_of
from xenotime.facts.vocabulary import ELEMENT_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def entry(
    identity: str, source: Source, grade: str, note: str, *, known: date | None = None
) -> Record:
    """Build the columns that every register has; `identity` is without the vintage."""
    first = known or source.first_known
    vintage = source.vintage_at(known)
    text = short_note(note)
    copied = copy_remark(source.url, source.title, text) if grade in {"A", "B"} else ""
    dated = "" if source.exact or known else "date of source not printed"
    return {
        "id": f"{identity}@{vintage}",
        "grade": grade,
        "vintage": vintage,
        "first_known": first.isoformat(),
        "source_url": source.url,
        "source_title": source.title,
        "note": "; ".join(part for part in (text, copied, dated) if part),
        "licence": source.licence,
    }


def unique(rows: Iterable[Record]) -> list[Record]:
    """Rows by id; a second row of an id gets a number before the vintage."""
    found: dict[str, Record] = {}
    for row in rows:
        body, _, vintage = row["id"].rpartition("@")
        key, count = row["id"], 1
        while key in found:
            count += 1
            key = f"{body}/{count:02d}@{vintage}"
        found[key] = row | {"id": key}
    return [found[key] for key in sorted(found)]


# ---- trade codes

CODE_SYSTEMS = {
    "HS": "HS",
    "CN8": "CN8",
    "CN10": "CN10",
    "US HTS8": "HTS8",
    "US HTS10": "HTS10",
}
GROUPS = {
    "controlled 7": ("Sm", "Gd", "Tb", "Dy", "Lu", "Sc", "Y"),
    "HREE": ("Tb", "Dy", "Ho", "Er", "Tm", "Yb", "Lu"),
    "REE": RARE_EARTHS,
    "all": RARE_EARTHS,
    "all REE": RARE_EARTHS,
    "mixed": RARE_EARTHS,
    "all but Ce": tuple(symbol for symbol in RARE_EARTHS if symbol != "Ce"),
    "NdFeB": ("Nd", "Pr", "Dy", "Tb"),
    "SmCo": ("Sm", "Gd"),
    "C": ("graphite",),
    "C (graphite)": ("graphite",),
    # No element of the tables: diamond, batteries, aluminium-nickel-cobalt, what is left over.
    "C (diamond)": (),
    "superhard": (),
    "Li battery": (),
    "AlNiCo": (),
    "none": (),
    "others": (),
    "": (),
}


def elements_of(text: str) -> str:
    """Element symbols of a raw cell, joined by semicolons."""
    found: list[str] = []
    for part in text.split(";"):
        found += GROUPS.get(part.strip(), (part.strip(),))
    return ";".join(dict.fromkeys(found))


def system_of(raw_system: str, code: str) -> str:
    """Name of the tariff that a code belongs to; blank for tariffs that are left out."""
    if raw_system == "CN":
        return f"CN{len(code)}"
    if raw_system == "US HTS":
        return {6: "HS", 8: "HTS8", 10: "HTS10"}[len(code)]
    return CODE_SYSTEMS.get(raw_system, "")


def dotted(system: str, digits: str) -> str:
    """Code as its tariff prints it: American codes with points.

    Examples
    --------
    >>> dotted("HTS10", "8505110070"), dotted("CN10", "8505111000"), dotted("HS", "850511")
    ('8505.11.0070', '8505111000', '8505.11')
    """
    if system.startswith("CN"):
        return digits
    parts = [digits[:4], digits[4:6], digits[6:]] if system == "HTS10" else []
    if system == "HTS8":
        parts = [digits[:4], digits[4:6], digits[6:8]]
    return ".".join(parts or [digits[:4], digits[4:]])


def code_source(address: str) -> Source:
    """Citation of a row of the collection of codes, which has addresses alone."""
    titles = {row["address"]: row["title"] for row in read_map("code_sources")}
    if address not in titles:
        raise SystemExit(f"maps/code_sources.csv has no title for {address}")
    return source_of(
        address.split("; ", maxsplit=1)[0].split(" (", maxsplit=1)[0], titles[address], ""
    )


def code_entry(source: Source, grade: str, note: str, columns: Record) -> Record:
    """One row of the table of codes; `columns` may leave out what is blank."""
    blank = ("control_item", "dual_use_flag", "duty_percent", "us_301", "annex_ii", "s122")
    shared = entry(f"trade_code/{columns['system']}/{columns['code']}", source, grade, note)
    return shared | dict.fromkeys(blank, "") | columns


def trade_code_rows(raw: Path) -> list[Record]:
    """Codes of both collections, and of the mapping of the assessment of 2025."""
    rows: list[Record] = []
    for row in read_raw(raw / "policy" / "trade_codes.csv"):
        digits = row["code"].replace(".", "")
        system = system_of(row["system"], digits)
        if not system:
            continue  # one line each of the EU's and the United Kingdom's tariff
        source = code_source(row["source_url"])
        # A raw row of the mapping repeats what is read from its own file below.
        if row["source_url"].startswith("usgs/"):
            continue
        columns = {
            "system": system,
            "code": dotted(system, digits),
            "hs6": row["hs6"],
            "description": row["description"],
            "elements": elements_of(row["element"]),
            "form": row["form"],
            "control_item": row["control_item"].strip(),
            "dual_use_flag": row["cn_dual_use_flag"],
            "duty_percent": row["mfn_import_pct"],
            "us_301": row["us_301_china"],
            "annex_ii": row["us_annexII_exempt"],
            "s122": row["us_s122_exempt"],
        }
        rows.append(code_entry(source, row["grade"], row["note"], columns))
    taken = {(row["system"], row["code"]) for row in rows}
    for row in read_raw(raw / "value_chain" / "hs_code_map.csv"):
        digits = row["code"].replace(".", "")
        system = system_of(row["system"], digits)
        if (system, dotted(system, digits)) in taken:
            continue
        percent = re.match(r"([\d.]+)%", row["duty"])
        columns = {
            "system": system,
            "code": dotted(system, digits),
            "hs6": digits[:6],
            "description": row["description"],
            "elements": elements_of(row["elements"]),
            "form": row["stage"],
            "duty_percent": percent.group(1) if percent else "0" if row["duty"] == "free" else "",
        }
        source = source_of(row["source_url"], row["source_title"], "")
        rows.append(code_entry(source, "B", row["note"], columns))
    return unique([*rows, *assessed_code_rows(raw)])


ASSESSMENT = Source(
    "https://doi.org/10.3133/ofr20251047",
    "USGS OFR 2025-1047 v2.0, appendix 2, read in a transcription",
    "ofr2025",
    date(2025, 8, 31),
    "public-domain",
    exact=True,
)


def assessed_code_rows(raw: Path) -> Iterable[Record]:
    """Codes by which the assessment of 2025 follows trade in each commodity."""
    symbols = {row["commodity"]: row["product"] for row in read_map("minerals")}
    symbols |= {name.capitalize(): symbol for symbol, name in ELEMENT_NAMES.items()}
    pairs = [
        (row["us_trade_code"], row["commodity_units_sharing_code"])
        for row in read_raw(raw / "usgs" / "ofr2025_1047_hts_rare_earth_codes.csv")
    ]
    for row in read_raw(raw / "usgs" / "ofr2025_1047_hts_simple_codes.csv"):
        pairs += [(code, row["commodity_unit"]) for code in row["codes"].split(";")]
    for code, units in pairs:
        system = "HS" if len(code) == 6 else "HTS10"
        names = units.split(";")
        known = [symbols.get(name, slug(name.lower())) for name in names]
        what = ", ".join(name.lower() for name in names[:4]) + (" and others" if names[4:] else "")
        columns = {
            "system": system,
            "code": dotted(system, code),
            "hs6": code[:6],
            "description": f"trade in {what}, as the assessment of 2025 maps it",
            "elements": ";".join(known),
            "form": "",
        }
        yield code_entry(ASSESSMENT, "C", "", columns)


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
