"""Claims from the USGS Mineral Commodity Summaries 2026: all chapters, every qualifier kept.

An id is ``<table>/<place>/<mineral>[/<series>]/<year>@mcs2026``. The part `series` is there only
where a table of a mineral has more than one row for a year; it is the label of the row without
what the table name says already.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from facts_mineral_notes import definition, note_of
from facts_mineral_units import Figures, figures_of, unit_of
from facts_rows import Claims, Record, parse_number, read_map, read_raw, slug
from facts_sources import source_of
from xenotime.facts.taxonomy import iso3_of

if TYPE_CHECKING:
    from pathlib import Path

ADDRESS = "https://doi.org/10.5066/P1WKQ63T"
TITLE = "USGS Mineral Commodity Summaries 2026, data release v1.3"
VINTAGE = "mcs2026"

US_TABLES = {
    "Production": "us_production",
    "Import": "us_imports",
    "Export": "us_exports",
    "Price": "us_price",
    "Stock": "us_stocks",
    "Employment": "us_employment",
    "Net import reliance": "us_net_import_reliance",
    "Shipment": "us_shipments",
    "Sales": "us_sales",
    "Sold": "us_sales",
    "Sold or used": "us_sales",
    "Supply": "us_supply",
}
BALANCES = frozenset(
    {"us_apparent_consumption", "us_estimated_consumption", "us_net_import_reliance"}
)
WORLD_TABLES = {
    "Production": "mineral_production",
    "Reserves": "mineral_reserves",
    "Capacity": "mineral_capacity",
}

# What a table name says already: left out of the series.
_HEADS = re.compile(
    r"^(?:production|imports for consumption(?: total)?|imports|exports|consumption|price|stocks|"
    r"employment|sold or used(?: by producers)?|shipments|sales)(?: \([^)]*\))?,?"
)
_ROUNDED = re.compile(
    r"[:,] rounded$| \(rounded\)$|, yearend$|, number$|,? (?:dollars|cents) per .*$"
)
_FILLERS = re.compile(
    r"\b(?:apparent|reported|estimated|annual|average|unit value|production|reserves)\b"
)
# The chapter on mica has two blocks with the same labels; the second starts at this statistic.
MICA = "MICA (NATURAL)"
MICA_SHEET_STARTS = "Sold or used"
# Sentences and lots in place of labels.
ODD_LABELS = (
    (re.compile(r"world iron slag"), "iron_slag"),
    (re.compile(r"^steel slag production was"), "steel_slag"),
    (re.compile(r"plasma standard solution"), "plasma_standard_solution"),
)
_LOT = re.compile(r"^(\d+)\W*grams? (?:ampoules )?of ([\d.]+)% \(metal basis\) (.+)")
SERIES_WORDS = 7


@dataclass(frozen=True)
class Entry:
    """One raw row with what its id is made of, before it is known whether series are needed."""

    row: Record
    table: str
    place: str
    mineral: str
    product: str
    series: str
    origin: str = ""


def table_of(row: Record) -> str:
    """Name of the table that a raw row goes to."""
    if row["section"] == "Import Sources":
        return "us_import_share"
    if not row["section"].startswith("Salient"):
        return WORLD_TABLES[row["statistic"]]
    if row["statistic"] == "Consumption":
        label = row["detail"].lower()
        kinds = ("apparent", "reported", "estimated")
        kind = next((kind for kind in kinds if kind in label), "estimated")
        return f"us_{kind}_consumption"
    return US_TABLES[row["statistic"]]


def series_of(row: Record) -> str:
    """Label of a row without what the table name or the unit says already.

    Examples
    --------
    >>> series_of({"detail": "Imports for consumption: Ores and concentrates"})
    'ores_and_concentrates'
    >>> series_of({"detail": "Mine production: rounded"}), series_of({"detail": "Mine production"})
    ('mine', 'mine')
    """
    label = re.sub(r"\s+", " ", row["detail"]).strip(" ,").lower()
    for pattern, name in ODD_LABELS:
        if pattern.search(label):
            return name
    lot = _LOT.search(label)
    if lot:
        return slug(f"{lot.group(1)} g {lot.group(2)} {lot.group(3)}")
    for segment in reversed(label.split(": ")):
        text = _FILLERS.sub("", _HEADS.sub("", _ROUNDED.sub("", segment)))
        words = slug(text).split("_")[:SERIES_WORDS]
        if words not in ([""], ["mine"], ["rounded"]) or ":" not in label:
            return "_".join(words)
    return "mine"


def origin_of(row: Record) -> str:
    """Code of the place that a row speaks of; blank where it names several countries."""
    if row["country"] == "China, Germany, and Russia":
        return ""
    aggregates = {"World total": "WLD", "Other countries": "ROW"}
    return aggregates.get(row["country"]) or iso3_of(row["country"])


def entries(raw: Path) -> list[Entry]:
    """All rows of the release that are not built from another raw table."""
    minerals = {row["commodity"]: row for row in read_map("minerals")}
    found: list[Entry] = []
    kept_apart = _BlockOfMica()
    for row in read_raw(raw / "value_chain" / "mcs2026_all_commodities.csv"):
        chapter, table = row["chapter"], table_of(row)
        mineral = minerals[row["commodity"].strip()]
        if table in {"mineral_production", "mineral_reserves"} and chapter == "RARE EARTHS":
            continue  # add_mine_output builds these, for every vintage
        if table == "us_price" and chapter in _PRICED_ELSEWHERE:
            continue  # add_oxide_prices builds these, for every vintage
        name = mineral["slug"]
        if chapter == MICA:
            name = kept_apart.name(row)
        share = table == "us_import_share"
        place = "USA" if share or row["section"].startswith("Salient") else origin_of(row)
        series = series_of(row)
        if share:
            series = "" if row["detail"] in {"All", "Total"} else slug(row["detail"].lower())
            series = "_".join(series.split("_")[:SERIES_WORDS])
        origin = origin_of(row) if share else ""
        found.append(Entry(row, table, place, name, mineral["product"], series, origin))
    return found


class _BlockOfMica:
    """Tells scrap and flake mica from sheet mica, whose rows carry the same labels."""

    def __init__(self) -> None:
        self.year = ""
        self.sheet = False

    def name(self, row: Record) -> str:
        """Mineral of a row; rows come in the order of the release, year by year."""
        if not row["section"].startswith("Salient"):
            return "mica_sheet" if "sheet" in row["detail"].lower() else "mica_scrap_and_flake"
        if row["year"] != self.year:
            self.year, self.sheet = row["year"], False
        self.sheet = self.sheet or row["statistic"] == MICA_SHEET_STARTS
        return "mica_sheet" if self.sheet else "mica_scrap_and_flake"


_PRICED_ELSEWHERE = ("RARE EARTHS", "RARE EARTHS (Heavy)", "YTTRIUM", "SCANDIUM")


def crowded(found: list[Entry]) -> set[tuple[str, str]]:
    """Tables of minerals with more than one row for some place and year."""
    counts: dict[tuple[str, str, str, str, str], int] = defaultdict(int)
    for entry in found:
        key = (entry.table, entry.mineral, entry.place, entry.origin, entry.row["year"])
        counts[key] += 1
    full = {(table, mineral) for (table, mineral, *_), count in counts.items() if count > 1}
    # Shares of origins in two goods add up to 100 each, also where no origin has both.
    goods: dict[str, set[str]] = defaultdict(set)
    for entry in found:
        if entry.table == "us_import_share":
            goods[entry.mineral].add(entry.series)
    return full | {
        ("us_import_share", mineral)
        for mineral, series in goods.items()
        if series - {""} and len(series) > 1
    }


def body_of(entry: Entry, *, with_series: bool) -> str:
    """Id of an entry without its vintage."""
    parts = [entry.table, entry.place, entry.mineral]
    if with_series:
        parts.append(entry.series or "all")
    if entry.table == "us_import_share":
        parts.append(entry.origin or "CHN.DEU.RUS")
    parts.append(entry.row["year"].replace("\u201324", "..2024"))
    return "/".join(parts)


def stage_of(entry: Entry) -> str:
    """Stage of the chain that an entry is about."""
    if entry.table in {"us_imports", "us_exports", "us_import_share", "us_net_import_reliance"}:
        return "trade"
    if entry.table == "us_stocks":
        return "stock"
    if entry.table == "mineral_reserves":
        return "mine"
    if entry.table in {"mineral_production", "mineral_capacity", "us_production"}:
        label = f"{entry.row['detail']} {entry.row['section']}".lower()
        refined = ("refin", "smelt", "primary", "sponge", "capacity", "metal", "secondary")
        return "metal" if any(word in label for word in refined) else "mine"
    return ""


def add_minerals(claims: Claims, raw: Path) -> None:
    """World and United States statistics of every chapter, as printed."""
    found = entries(raw)
    full = crowded(found)
    source = source_of(ADDRESS, TITLE, "2025")
    for entry in found:
        row = entry.row
        unit, factor = unit_of(row)
        figures = figures_of(row, factor)
        body = body_of(entry, with_series=(entry.table, entry.mineral) in full)
        period = row["year"].replace("\u201324", "..2024")
        claims.add(
            body,
            country=entry.place,
            partner=entry.origin,
            product=entry.product,
            stage=stage_of(entry),
            period=period,
            unit="qualitative" if figures.said and figures.blank and not figures.gap else unit,
            low=figures.low,
            mid=figures.mid,
            high=figures.high,
            grade="A",
            kind="gap" if figures.gap else "reported",
            source=source,
            vintage=VINTAGE,
            note=note_of(row, figures, factor),
            formula=definition(row["note"]) if entry.table in BALANCES else "",
        )
    check_against_sheets(claims, raw)


def check_against_sheets(claims: Claims, raw: Path) -> None:
    """Rows left out because another raw table has them must say the same there."""
    for row in read_raw(raw / "value_chain" / "mcs2026_all_commodities.csv"):
        if row["chapter"] != "RARE EARTHS" or row["section"].startswith(("Salient", "Import")):
            continue
        table = "mine_reserves" if row["statistic"] == "Reserves" else "mine_production"
        key = f"{table}/{origin_of(row)}/{row['year']}@{VINTAGE}"
        kept = claims.rows.get(key)
        figures: Figures = figures_of(row, 1.0)
        if kept is None and figures.gap:
            continue  # the sheet leaves out the line of other countries, which holds no figure
        said = (figures.low, figures.mid, figures.high)
        if kept is None or said != tuple(parse_number(kept[c]) for c in ("low", "mid", "high")):
            claims.problems.append(f"{key}: the release prints {row['value_raw']}: compare")
