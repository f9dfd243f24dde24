"""USGS Mineral Commodity Summaries: the CSV files of a data release on ScienceBase.

Two layouts. World_Data of the edition 2025: SOURCE, COMMODITY, COUNTRY, TYPE, UNIT_MEAS, then
PROD_2023, "PROD_EST_ 2024", CAP_..., RESERVES_2024 and notes. The one table of the edition 2026:
MCS chapter, Section, Commodity, Country, Statistics, Statistics_detail, Unit, Year, Value, Notes;
of this the world tables are read (production, capacity, reserves) and the net import reliance of
the United States. Both as the data releases describe them (doi.org/10.5066/P13XCP3R and
10.5066/P1WKQ63T). The edition embedded in this package is refused, since its figures are there.
An edition counts as known from the end of its year at the latest, so that an old one does not
stand in for the newer one in force. Product, stage and industry of a figure are those that the
record has for the same quantity, else for the same series of it: the survey does not say them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from xenotime.facts.additions import remembered
from xenotime.facts.claims import Claim, claims
from xenotime.facts.loaders.loading import Collected, Loaded, Loader, number_of
from xenotime.facts.loaders.places import known_name
from xenotime.facts.loaders.rows import fits, header_of, rows_of
from xenotime.facts.problems import RequestError
from xenotime.facts.shapes import rest_of, shapes
from xenotime.facts.vintages import vintages_of

if TYPE_CHECKING:
    from xenotime.facts.loaders.loading import Source

__all__ = ["USGS"]

_WIDE = ("SOURCE", "COMMODITY", "COUNTRY", "TYPE", "UNIT_MEAS")
_LONG = (
    *("MCS chapter", "Commodity", "Country", "Statistics", "Statistics_detail"),
    *("Unit", "Year", "Value"),
)
_LAYOUTS = (tuple((name,) for name in _WIDE), tuple((name,) for name in _LONG))
_MASSES = {
    "metric tons": ("t", 1.0),
    "thousand metric tons": ("t", 1e3),
    "thousand metric dry tons": ("t", 1e3),
    "million metric tons": ("t", 1e6),
    "kilograms": ("kg", 1.0),
    "percent": ("percent", 1.0),
}
_TABLES = {
    "Production": "mineral_production",
    "Capacity": "mineral_capacity",
    "Reserves": "mineral_reserves",
}
_COLUMNS = {"PROD": "Production", "CAP": "Capacity", "RESERVES": "Reserves"}


@dataclass(frozen=True, slots=True)
class _Row:
    """One figure of either layout, as printed."""

    line: int
    commodity: str
    country: str
    statistic: str
    detail: str
    unit: str
    year: str
    value: str
    estimated: bool


def _matches(start: str) -> bool:
    header = header_of(start)
    return any(fits(header, layout) for layout in _LAYOUTS)


def _edition(text: str) -> str:
    first = text.partition("\n")[0]
    named = re.search(r"\bMCS\s?(20\d\d)\b", text[:5000])
    if named:
        return f"mcs{named.group(1)}"
    listed = re.search(r"Is critical mineral (20\d\d)", first)
    years = re.findall(r",(20\d\d),", text)
    if listed and years:
        return f"mcs{int(max(years)) + 1}"
    raise RequestError("neither a cell SOURCE nor the years say which edition it is")


def _wide(text: str, edition: str, found: Collected) -> list[_Row]:
    rows = []
    for number, row in rows_of(text):
        source = re.sub(r"\s", "", row["SOURCE"]).casefold()
        if source and source != edition:
            found.complain(number, f"SOURCE is {row['SOURCE']!r}, the first row is of {edition}")
        for column, cell in row.items():
            named = re.fullmatch(r"(PROD|CAP|RESERVES)_(EST_ ?)?(\d{4})", column)
            if named and cell.strip():
                kind, estimated, year = named.groups()
                shared = (row["COMMODITY"], row["COUNTRY"], _COLUMNS[kind], row["TYPE"])
                printed = (row["UNIT_MEAS"], year, cell.strip(), bool(estimated))
                rows.append(_Row(number, *shared, *printed))
    return rows


def _long(text: str) -> list[_Row]:
    return [
        _Row(
            number,
            row["Commodity"],
            row["Country"],
            row["Statistics"],
            row["Statistics_detail"],
            row["Unit"],
            row["Year"],
            row["Value"].strip(),
            "estimated" in row.get("Notes", "").casefold(),
        )
        for number, row in rows_of(text)
        if not row.get("Section", "").startswith(("Salient", "Import"))
        or row["Statistics"] == "Net import reliance"
    ]


@remembered(maxsize=4)
def _minerals() -> dict[str, tuple[str, str, str]]:
    """Spelling of a mineral: part of its ids, its product, its unit."""
    found: dict[str, tuple[str, str, str]] = {}
    for claim in claims(tables=("mineral_production",)):
        name = claim.segments[1]
        found[name] = (name, claim.product, claim.unit)
    return found


@remembered(maxsize=4)
def _series() -> dict[tuple[str, str], set[str]]:
    """Parts of the ids that tell the series of a mineral in a table apart; blank for none."""
    found: dict[tuple[str, str], set[str]] = {}
    for claim in claims(tables=(*_TABLES.values(), "us_net_import_reliance")):
        _, name, *more = claim.segments
        found.setdefault((claim.quantity, name), set()).add(more[0] if len(more) > 1 else "")
    return found


def _series_of(table: str, name: str, detail: str) -> str | None:
    """Series that a row is of, by the words of its detail; None where the record has others.

    The longest name counts, so that ilmenite and rutile together are not taken for ilmenite.
    """
    known = _series().get((table, name), {""})
    words = f"_{_slug(detail)}_"
    named = [step for step in known if step and f"_{step}_" in words]
    return max(named, key=len, default="" if "" in known else None)


def _slug(text: str) -> str:
    """Text as a part of an id: small letters and digits, joined by low lines."""
    return re.sub(r"[^a-z0-9]+", "_", re.sub("['\u2019]", "", text.casefold())).strip("_")


def _mineral(commodity: str) -> tuple[str, str, str] | None:
    plain = re.sub(r"\s*\(.*?\)", "", commodity).casefold().strip()
    plain = {"gemanium": "germanium"}.get(plain, plain)  # so spelt in the edition 2025
    return _minerals().get(_slug(plain))


def _on_record(body: str) -> tuple[str, str, str] | None:
    """Product, stage and industry of a quantity on record, else of its series if it has one."""
    for other in vintages_of(body)[:1]:
        return other.product, other.stage, other.industry
    quantity, *parts = body.split("/")
    series = shapes().get((quantity, *rest_of(parts)))
    return next(iter(series.about)) if series is not None and len(series.about) == 1 else None


def _figures(text: str, factor: float) -> tuple[float | None, float | None, float | None, str]:
    """Low, middle, high of a printed value, and what is said in place of one."""
    if text in {"W", "NA", "XX"}:
        return None, None, None, {"W": "withheld", "NA": "not available", "XX": "no total"}[text]
    if text == "E":
        return None, None, 0.0, "net exporter"
    if text in {"—", "--", "-"}:
        return None, 0.0, None, "printed as a dash"
    if text[:1] in "<>":
        bound = (number_of(text[1:]) or 0.0) * factor
        return (
            (None, None, bound, "an upper bound")
            if text[0] == "<"
            else (bound, None, None, "a lower bound")
        )
    figure = number_of(text)
    return None, None if figure is None else figure * factor, None, ""


def _read(text: str, source: Source) -> Loaded:
    edition = _edition(text)
    if any(c.vintage == edition for c in claims(tables=("mineral_production",))):
        raise RequestError(
            f"the edition {edition} is embedded: search it with 'xenotime facts search'"
        )
    first = text.partition("\n")[0]
    found = Collected()
    made: dict[str, Claim] = {}
    for row in _wide(text, edition, found) if "UNIT_MEAS" in first else _long(text):
        claim = _claim(row, edition, source, found)
        if claim is None:
            continue
        if claim.id in made:
            found.complain(row.line, f"gives {claim.id} a second time")
        made.setdefault(claim.id, claim)
    found.finish()
    rows = tuple(made[key] for key in sorted(made))
    return Loaded(USGS.name, source, rows, (), found.left_out)


def _claim(row: _Row, edition: str, source: Source, found: Collected) -> Claim | None:
    mineral, country = _mineral(row.commodity), known_name(row.country)
    unit = _MASSES.get(row.unit.strip().casefold())
    rare_earths = row.commodity.strip().casefold() == "rare earths"
    if mineral is None and not rare_earths:
        found.leave_out("a mineral that the record does not follow")
        return None
    if country is None or unit is None:
        found.leave_out(
            "a place or unit that the record does not follow",
            row.country if country is None else row.unit,
        )
        return None
    name, product, weighed = mineral or ("", "ore", "t REO")
    if rare_earths:
        tables = {"Production": "mine_production", "Reserves": "mine_reserves"}
        table = tables.get(row.statistic, "")
    elif row.statistic == "Net import reliance":
        table = "us_net_import_reliance"
    else:
        table = _TABLES.get(row.statistic, "")
    if not table:
        found.leave_out("another statistic")
        return None
    parts = [table, country, *([] if rare_earths else [name])]
    series = "" if rare_earths else _series_of(table, name, row.detail)
    if series is None:
        found.leave_out(
            f"a series that the record has not for {row.commodity.casefold()}", row.detail.strip()
        )
        return None
    parts += [series] if series else []
    try:
        low, mid, high, said = _figures(row.value, unit[1])
    except ValueError:
        found.leave_out("a word in place of a figure", row.value)
        return None
    gap = low is None and mid is None and high is None
    remarks = (said, "estimated" if row.estimated else "", row.detail.strip()[:60])
    body = "/".join([*parts, row.year])
    stage = "mine" if "mine" in row.detail.casefold() or rare_earths else "metal"
    about = _on_record(body) or (product, stage, "")
    return Claim(
        id=f"{body}@{edition}",
        quantity=table,
        country=country,
        product=about[0],
        stage=about[1],
        partner="",
        industry=about[2],
        period=row.year,
        unit=weighed if unit[0] == "t" and weighed.startswith("t ") else unit[0],
        low=low,
        mid=mid,
        high=high,
        grade="A",
        kind="gap" if gap else "reported",
        vintage=edition,
        first_known=min(source.taken, date(int(edition[3:]), 12, 31)),
        source_url=source.url,
        source_title=f"USGS Mineral Commodity Summaries {edition[3:]}, data release",
        note="; ".join(remark for remark in remarks if remark),
        formula="",
        licence=source.licence,
    )


USGS = Loader(
    name="usgs",
    what="USGS Mineral Commodity Summaries: CSV of a data release on ScienceBase",
    title="USGS Mineral Commodity Summaries, data release downloaded by the user",
    url="https://www.usgs.gov/centers/national-minerals-information-center/mineral-commodity-summaries",
    licence="public-domain",
    matches=_matches,
    read=_read,
    layouts=_LAYOUTS,
)
