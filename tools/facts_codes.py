"""Register of trade codes: two collections, and the mapping of the assessment of 2025."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from facts_entries import entry, unique
from facts_rows import Record, read_map, read_raw, slug
from facts_sources import Source, source_of
from xenotime.facts.taxonomy import RARE_EARTHS
from xenotime.facts.vocabulary import ELEMENT_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

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
