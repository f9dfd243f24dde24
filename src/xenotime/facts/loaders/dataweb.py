"""USITC DataWeb: the sheet "Query Results" of an export, saved as CSV.

Layout as programs that read such exports describe it: a title (Imports For Consumption|Annual
Data), a line with the count of rows, then the header Data Type, Country, HTS Number, Description,
for quantities Quantity Description, and a column for each full year. Part-year columns
(January_to_april_year_2026) are left out. Where the lines above the header count the rows, as many
must be there. A workbook itself is not read: there is no reader of workbooks among the
dependencies.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from xenotime.facts.loaders.loading import Collected, Loaded, Loader
from xenotime.facts.loaders.places import known_name
from xenotime.facts.loaders.rows import fits, header_of, rows_of
from xenotime.facts.loaders.trade import TradeLine, code_in, trade_loaded
from xenotime.facts.problems import RequestError
from xenotime.facts.units import convert

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xenotime.facts.loaders.loading import Source

__all__ = ["DATAWEB"]

_HEADER = re.compile(r'^"?Data Type"?,', re.MULTILINE)
_NEEDED = ("Data Type", "Country", "HTS Number")
_LAYOUT = tuple((name,) for name in _NEEDED)
_UNITS = {"kilograms": "kg", "metric tons": "t"}
_COUNT = re.compile(r"Data Row Count\W*([\d,]*\d)", re.IGNORECASE)
_MOST_IN_TITLES = 4
"""Cells of a line above the header: titles have one, counts two; a comma in them cuts them."""

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


def _numbered(text: str, start: int) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows below the header, with the numbers that their lines have in the file."""
    above = text.count("\n", 0, start)
    try:
        for number, row in rows_of(text[start:]):
            yield above + number, row
    except RequestError as error:
        raise RequestError([_shifted(problem, above) for problem in error.problems]) from error


def _shifted(problem: str, lines: int) -> str:
    return re.sub(r"^line (\d+)", lambda found: f"line {int(found[1]) + lines}", problem)


def _read(text: str, source: Source) -> Loaded:
    header = _HEADER.search(text)
    assert header is not None  # `matches` saw it
    flow = _flow_of(text[: header.start()] or text[header.start() : header.start() + 200])
    found = Collected()
    weights: dict[tuple[str, str, str], float] = defaultdict(float)
    values: dict[tuple[str, str, str], float] = defaultdict(float)
    where: dict[tuple[str, str, str], int] = {}
    kinds: dict[tuple[str, str, bool], str] = {}
    for place, line in enumerate(text[: header.start()].splitlines(), start=1):
        if len([cell for cell in line.split(",") if cell.strip()]) > _MOST_IN_TITLES:
            found.complain(place, "stands above the header and is no title: is it another file?")
    rows = list(_numbered(text, header.start()))
    told = _COUNT.search(text[: header.start()])
    if told and int(told[1].replace(",", "")) != len(rows):
        found.problems.append(
            f"Data Row Count is {told[1]}, but it holds {len(rows):,} rows: download it again"
        )
    seen: dict[tuple[str, ...], int] = {}
    for number, row in rows:
        code = code_in(row["HTS Number"], number, found, column="HTS Number")
        if code is None:
            continue
        partner = known_name(row["Country"])
        if partner is None:
            found.leave_out("a group of countries, or a name not known here", row["Country"])
            continue
        kind = row["Data Type"].strip().casefold()
        unit = _UNITS.get(row.get("Quantity Description", "").strip().casefold())
        if "value" not in kind and unit is None:
            found.leave_out(
                "a quantity that is no mass known here, or duties and charges",
                row.get("Quantity Description", "").strip() or row["Data Type"].strip(),
            )
            continue
        # Rows of one flow add up where they differ in a column that is not read here.
        whole = tuple(row.values())
        if whole in seen:
            found.complain(number, f"is line {seen[whole]} again: keep one of them")
        seen.setdefault(whole, number)
        # The second unit of one code may be the weight where the first is in pieces.
        counted = kinds.setdefault((partner, code, "value" in kind), kind)
        if counted != kind:
            found.complain(
                number,
                f"Data Type is {row['Data Type'].strip()!r} beside {counted!r}, which would add up:"
                " keep the rows of one of them",
            )
        for column, cell in row.items():
            if not _YEAR.fullmatch(column) or not cell.strip():
                continue
            key = (partner, code, column[:4])
            where.setdefault(key, number)
            figure = found.number(number, f"the year {column}", cell)
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
