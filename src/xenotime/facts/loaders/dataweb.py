"""USITC DataWeb: the sheet "Query Results" of an export, saved as CSV.

Layout as programs that read such exports describe it: a title (Imports For Consumption|Annual
Data), a line with the count of rows, then the header Data Type, Country, HTS Number, Description,
for quantities Quantity Description, and a column for each full year. Part-year columns
(January_to_april_year_2026) are left out. A workbook itself is not read: there is no reader of
workbooks among the dependencies.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from xenotime.facts.loaders.loading import (
    Collected,
    Loaded,
    Loader,
    fits,
    header_of,
    rows_of,
)
from xenotime.facts.loaders.places import known_name
from xenotime.facts.loaders.trade import TradeLine, code_in, trade_loaded
from xenotime.facts.problems import RequestError
from xenotime.facts.units import convert

if TYPE_CHECKING:
    from xenotime.facts.loaders.loading import Source

__all__ = ["DATAWEB"]

_HEADER = re.compile(r'^"?Data Type"?,', re.MULTILINE)
_NEEDED = ("Data Type", "Country", "HTS Number")
_LAYOUT = tuple((name,) for name in _NEEDED)
_UNITS = {"kilograms": "kg", "metric tons": "t"}
_YEAR = re.compile(r"\d{4}(?:\.0)?")


def _matches(start: str) -> bool:
    header = _HEADER.search(start)
    if header is None:
        return False
    return fits(header_of(start[header.start() :]), _LAYOUT)


def _flow_of(title: str) -> str:
    if re.search(r"import", title, re.IGNORECASE):
        return "imports"
    if re.search(r"export", title, re.IGNORECASE):
        return "exports"
    raise RequestError(
        "the lines above the header name neither imports nor exports: keep the title of the query"
    )


def _read(text: str, source: Source) -> Loaded:
    header = _HEADER.search(text)
    assert header is not None  # `matches` saw it
    flow = _flow_of(text[: header.start()] or text[header.start() : header.start() + 200])
    above = text.count("\n", 0, header.start())
    found = Collected()
    weights: dict[tuple[str, str, str], float] = defaultdict(float)
    values: dict[tuple[str, str, str], float] = defaultdict(float)
    where: dict[tuple[str, str, str], int] = {}
    for number, row in rows_of(text[header.start() :]):
        code = code_in(row["HTS Number"], above + number, found, column="HTS Number")
        if code is None:
            continue
        partner = known_name(row["Country"])
        if partner is None:
            found.leave_out("a group of countries, or a name not known here", row["Country"])
            continue
        kind = row["Data Type"].strip().casefold()
        unit = _UNITS.get(row.get("Quantity Description", "").strip().casefold())
        if "value" not in kind and unit is None:
            found.leave_out("a quantity that is no mass, or duties and charges")
            continue
        for column, cell in row.items():
            if not _YEAR.fullmatch(column) or not cell.strip():
                continue
            key = (partner, code, column[:4])
            where.setdefault(key, above + number)
            figure = found.number(above + number, f"the year {column}", cell)
            if figure is None:
                continue
            if "value" in kind:
                values[key] += figure / 1e6
            elif unit is not None:
                weights[key] += convert(figure, unit, "t")
    lines = [
        TradeLine(line, "USA", key[0], flow, key[1], key[2], weights.get(key), values.get(key))
        for key, line in where.items()
    ]
    return trade_loaded(DATAWEB.name, lines, source, found)


DATAWEB = Loader(
    name="dataweb",
    what="USITC DataWeb: the sheet Query Results, saved as CSV",
    title="USITC DataWeb, downloaded by the user",
    url="https://dataweb.usitc.gov/",
    licence="public-domain",
    matches=_matches,
    read=_read,
    layouts=(_LAYOUT,),
)
