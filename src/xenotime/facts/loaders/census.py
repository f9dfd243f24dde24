"""US Census Bureau: JSON or CSV of the international trade interface.

The first row names the variables, as in api.census.gov/data/timeseries/intltrade/imports/hs and
exports/hs (variables.html there): I_COMMODITY or E_COMMODITY, CTY_CODE, CTY_NAME, and of values
GEN_VAL_MO, CON_VAL_MO or ALL_VAL_MO, of quantities GEN_QY1_MO, CON_QY1_MO or QTY_1_MO with
UNIT_QY1; the month is `time` (2025-05), or YEAR and MONTH. Imports for consumption are preferred
to general imports where both are there. The interface repeats a variable that was asked for and
narrowed down: both columns must then say the same in every row. A quantity in another unit than
kilograms or tonnes is named, and the weight unknown.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from xenotime.facts.loaders.loading import Collected, Loaded, Loader
from xenotime.facts.loaders.places import known_name
from xenotime.facts.loaders.rows import fits, header_of, is_json, json_of, rows_of
from xenotime.facts.loaders.trade import TradeLine, code_in, trade_loaded
from xenotime.facts.problems import RequestError, few
from xenotime.facts.units import convert

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xenotime.facts.loaders.loading import Source

__all__ = ["CENSUS"]

_VALUES = {"imports": ("CON_VAL_MO", "GEN_VAL_MO"), "exports": ("ALL_VAL_MO",)}
_QUANTITIES = {"imports": ("CON_QY1_MO", "GEN_QY1_MO"), "exports": ("QTY_1_MO", "ALL_QY1_MO")}
_UNITS = {"KG": "kg", "T": "t"}


_LAYOUT = (
    ("I_COMMODITY", "E_COMMODITY"),
    ("CTY_NAME",),
    ("time", "YEAR"),
    ("CON_VAL_MO", "GEN_VAL_MO", "ALL_VAL_MO"),
)


def _matches(start: str) -> bool:
    head = start.lstrip()[:2000]
    header = header_of(head)
    if head.startswith("["):
        header = re.findall(r'"([^"]*)"', head.partition("]")[0])
    return fits(header, _LAYOUT)


def _records(text: str) -> Iterable[tuple[int, dict[str, str]]]:
    if not is_json(text):
        yield from rows_of(text)
        return
    table: Any = json_of(text)
    if not all(isinstance(cells, list) for cells in table):
        raise RequestError("it is no list of rows: download it again")
    header = [str(name).strip() for name in table[0]]
    problems = []
    for number, cells in enumerate(table[1:], start=2):
        if len(cells) != len(header):
            problems.append(f"row {number}: has {len(cells)} cells, not {len(header)}")
            continue
        row: dict[str, str] = {}
        for name, cell in zip(header, cells, strict=True):
            told = "" if cell is None else str(cell)
            if row.setdefault(name, told) != told:
                problems.append(
                    f"row {number}: {name} is there twice, as {row[name][:40]!r} and as"
                    f" {told[:40]!r}: ask for it once"
                )
        if not problems:
            yield number, row
    if problems:
        raise RequestError(few(problems))


def _month(row: dict[str, str]) -> str:
    """Give the month as text: of `time`, else of YEAR and MONTH."""
    told = row.get("time", "").strip()
    return told or f"{row.get('YEAR', '').strip()}-{row.get('MONTH', '').strip():0>2}"


def _first(
    number: int, row: dict[str, str], names: tuple[str, ...], found: Collected
) -> float | None:
    """Figure of the first of several columns that has one."""
    return next(
        (found.number(number, name, row[name]) for name in names if row.get(name, "").strip()), None
    )


def _read(text: str, source: Source) -> Loaded:
    found = Collected()
    lines = []
    for number, row in _records(text):
        flow = "imports" if "I_COMMODITY" in row else "exports"
        column = "I_COMMODITY" if flow == "imports" else "E_COMMODITY"
        code = code_in(row[column], number, found, column=column)
        if code is None:
            continue
        partner = known_name(row["CTY_NAME"])
        if partner is None:
            found.leave_out("a group of countries, or a name not known here", row["CTY_NAME"])
            continue
        period = found.period(number, "time", _month(row))
        value = _first(number, row, _VALUES[flow], found)
        quantity = _first(number, row, _QUANTITIES[flow], found)
        if period is None:
            continue
        printed = row.get("UNIT_QY1", "").strip()
        unit = _UNITS.get(printed.upper())
        if quantity is not None and unit is None:
            said = f"in {printed[:40]!r}" if printed else "without a unit (UNIT_QY1)"
            found.remark(f"a quantity {said} is not converted: the weight is unknown")
        weight = None if quantity is None or unit is None else convert(quantity, unit, "t")
        money = None if value is None else value / 1e6
        lines.append(TradeLine(number, "USA", partner, flow, code, period, weight, money))
    return trade_loaded(CENSUS.name, lines, source, found)


CENSUS = Loader(
    name="census",
    what="US Census Bureau: JSON or CSV of the international trade interface",
    title="U.S. Census Bureau, international trade, downloaded by the user",
    url="https://api.census.gov/data/timeseries/intltrade/",
    licence="public-domain",
    matches=_matches,
    read=_read,
    layouts=(_LAYOUT,),
)
