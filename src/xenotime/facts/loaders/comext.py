"""Eurostat Comext: bulk files, and the CSV and TSV of the dissemination interface.

Bulk files (full_v2_YYYYMM.dat) have the columns REPORTER, PARTNER, TRADE_TYPE, PRODUCT_NC, FLOW,
STAT_PROCEDURE, PERIOD, VALUE_EUR, QUANTITY_KG; older ones DECLARANT_ISO, PARTNER_ISO, STAT_REGIME,
VALUE_IN_EUROS, QUANTITY_IN_KG. Period YYYY52 is a year. Rows of several procedures add up.
SDMX-CSV of the data sets DS-045409 and DS-059341 has freq, reporter, partner, product, flow,
indicators, TIME_PERIOD, OBS_VALUE with QUANTITY_IN_100KG, VALUE_IN_EUROS, QUANTITY_KG or
VALUE_EUR; the TSV holds the same with a column for each period. Sources: Comext bulk download
guide (ec.europa.eu/eurostat/api/dissemination/files) and user guide of the interface.
Flow 1 is import, 2 export. Aggregates of partners other than the world are left out.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

from xenotime.facts.loaders.loading import Collected, Loaded, Loader, number_of
from xenotime.facts.loaders.places import from_two_letters
from xenotime.facts.loaders.rows import fits, header_of, rows_of
from xenotime.facts.loaders.trade import TradeLine, code_in, tonnes, trade_loaded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xenotime.facts.loaders.loading import Source

__all__ = ["COMEXT"]

_FLOWS = {"1": "imports", "2": "exports"}
# Column of the bulk files of today, of those until 2023, and what it says.
_BULK = (
    ("REPORTER", "DECLARANT_ISO"),
    ("PARTNER", "PARTNER_ISO"),
    ("PRODUCT_NC", "PRODUCT_NC"),
    ("FLOW", "FLOW"),
    ("PERIOD", "PERIOD"),
    ("QUANTITY_KG", "QUANTITY_IN_KG"),
    ("VALUE_EUR", "VALUE_IN_EUROS"),
)
_SDMX = ("reporter", "partner", "product", "flow", "indicators", "TIME_PERIOD", "OBS_VALUE")
_TSV = re.compile(r"^freq,reporter,partner,product,flow,indicators\\TIME_PERIOD")
# Quantities in pieces and the like, and values in the money of a member, beside those read.
_NOT_READ = {"QUANTITY_SUPPL_UNIT", "SUPPLEMENTARY_QUANTITY", "VALUE_NAC"}
_KILOGRAMS = {"QUANTITY_IN_100KG": 100.0, "QUANTITY_KG": 1.0, "QUANTITY_IN_KG": 1.0}
_KEYS, _READ = 6, 7
_Flow = tuple[str, str, str, str, str]
_EUROS = ("VALUE_IN_EUROS", "VALUE_EUR")


_LAYOUTS = (
    tuple((new,) for new, _ in _BULK),
    tuple((old,) for _, old in _BULK),
    tuple((name,) for name in _SDMX),
)


def _matches(start: str) -> bool:
    header = header_of(start)
    return any(fits(header, layout) for layout in _LAYOUTS) or bool(_TSV.match(start))


def _bulk(text: str, found: Collected) -> Iterable[tuple[int, tuple[str, ...]]]:
    """Line number, reporter, partner, code, flow, period, kilograms, euros, and the whole row."""
    told = {name for names in _BULK for name in names} | _NOT_READ
    for name in header_of(text):
        if name not in told and name.startswith(("QUANTITY", "VALUE")):
            found.remark(f"the column {name} is not read")
    for number, row in rows_of(text):
        told_first = tuple(row[new] if new in row else row[old] for new, old in _BULK)
        yield number, (*told_first, *row.values())


def _sdmx(text: str, found: Collected) -> Iterable[tuple[int, tuple[str, ...]]]:
    for number, row in rows_of(text):
        yield number, _one(row, row["indicators"], row["TIME_PERIOD"], row["OBS_VALUE"], found)


def _tsv(text: str, found: Collected) -> Iterable[tuple[int, tuple[str, ...]]]:
    for number, row in rows_of(text, delimiter="\t"):
        first, *periods = row
        parts = [part.strip() for part in row[first].split(",")]
        if len(parts) != _KEYS:
            found.complain(
                number, f"begins with {len(parts)} keys, not {_KEYS}: is it a row of another file?"
            )
            continue
        named = dict(zip(("reporter", "partner", "product", "flow"), parts[1:5], strict=False))
        for period in periods:
            # Letters behind a number are flags; a colon is a missing figure.
            figure = re.sub(r"[a-z ]+$", "", row[period].strip())
            if figure not in {"", ":"}:
                yield number, _one(named, parts[-1], period, figure, found)


def _one(
    row: dict[str, str], indicator: str, period: str, figure: str, found: Collected
) -> tuple[str, ...]:
    """Bring one observation into the order of the bulk files; blank where it says nothing."""
    name = indicator.strip()
    if name not in _KILOGRAMS and name not in _EUROS:
        found.leave_out("an indicator that is not read", name or "blank")
    weight = figure if name in _KILOGRAMS else ""
    if weight and _KILOGRAMS[name] != 1.0:
        # What is no number is complained about where the line is known.
        with suppress(ValueError):
            known = number_of(figure)
            weight = "" if known is None else repr(known * _KILOGRAMS[name])
    value = figure if name in _EUROS else ""
    shared = (row["reporter"], row["partner"], row["product"], row["flow"])
    return (*shared, period, weight, value)


def _read(text: str, source: Source) -> Loaded:
    first = text.partition("\n")[0]
    found = Collected()
    kind = _tsv if _TSV.match(first) else _sdmx if "indicators" in first else _bulk
    records = kind(text, found)
    weights: dict[_Flow, float] = {}
    values: dict[_Flow, float] = {}
    where: dict[_Flow, int] = {}
    seen: dict[tuple[str, ...], int] = {}
    for number, cells in records:
        code = code_in(cells[2], number, found, column="the code")
        if code is None:
            continue
        flow = _FLOWS.get(cells[3].strip())
        reporter, partner = from_two_letters(cells[0]), from_two_letters(cells[1])
        if reporter is None or partner is None:
            found.leave_out(
                "a group of countries, or letters not known here",
                cells[0] if reporter is None else cells[1],
            )
            continue
        if flow is None:
            found.complain(number, f"flow is {cells[3]!r}: 1 is import, 2 is export")
            continue
        month = cells[4].strip()
        period = found.period(
            number, "the period", month[:4] if re.fullmatch(r"\d{4}52", month) else month
        )
        weight = found.number(number, "the quantity", cells[5])
        value = found.number(number, "the value", cells[6])
        if period is None:
            continue
        key = (reporter, partner, flow, code, period)
        said = "weight" if cells[5] else "value" if cells[6] else ""
        # Rows of the bulk files that differ in a column that is not read here add up.
        identity = cells[_READ:] or (*key, said)
        if said and identity in seen:
            again = " ".join(key if cells[_READ:] else identity)
            found.complain(
                number, f"says {again} again, as line {seen[identity]} does: keep one of them"
            )
        seen.setdefault(identity, number)
        where.setdefault(key, number)
        if weight is not None:
            weights[key] = weights.get(key, 0.0) + weight
        if value is not None:
            values[key] = values.get(key, 0.0) + value
    lines = [
        TradeLine(
            line,
            key[0],
            key[1],
            key[2],
            key[3],
            key[4],
            tonnes(weights.get(key)),
            values[key] / 1e6 if key in values else None,
            "EUR",
        )
        for key, line in where.items()
    ]
    return trade_loaded(COMEXT.name, lines, source, found)


COMEXT = Loader(
    name="comext",
    what="Eurostat Comext: bulk .dat, SDMX-CSV or TSV",
    title="Eurostat Comext, downloaded by the user",
    url="https://ec.europa.eu/eurostat/comext/newxtweb/",
    licence="cc-by-4.0",
    matches=_matches,
    read=_read,
    layouts=_LAYOUTS,
)
