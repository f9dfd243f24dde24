"""UN Comtrade: CSV of comtradeplus.un.org, and JSON of its interface.

Columns as in the data items of the interface (comtradedeveloper.un.org; also listed by the R
package comtradr, docs.ropensci.org/comtradr): typeCode, freqCode, period, reporterCode,
reporterISO, flowCode, partnerCode, partnerISO, partner2Code, cmdCode, customsCode, motCode,
netWgt (kg), isNetWgtEstimated, primaryValue (USD). The names of countries are blank in answers of
the public preview: then the numbers count. Rows of single modes of transport, customs procedures
or second partners are parts of others and are left out. Columns that say the same thing twice must
agree, and the JSON must hold as many rows as its `count` says.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from xenotime.facts.loaders.loading import Collected, Loaded, Loader
from xenotime.facts.loaders.places import from_m49
from xenotime.facts.loaders.rows import fits, header_of, is_json, json_of, rows_of
from xenotime.facts.loaders.trade import TradeLine, code_in, tonnes, trade_loaded
from xenotime.facts.problems import RequestError
from xenotime.facts.taxonomy import countries

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xenotime.facts.loaders.loading import Source

__all__ = ["COMTRADE"]

_NEEDED = ("period", "reporterCode", "flowCode", "partnerCode", "cmdCode", "netWgt", "primaryValue")
_LAYOUT = tuple((name,) for name in _NEEDED)
_FLOWS = {"X": "exports", "M": "imports"}
_WHOLE = {"partner2Code": {"", "0"}, "motCode": {"", "0"}, "customsCode": {"", "C00"}}
# What the codes of a row can be; else the row is of another table.
_POSSIBLE = {
    "typeCode": r"[A-Z]?",
    "freqCode": r"[A-Z]?",
    "reporterCode": r"(?:\d{1,6}(?:\.0)?)?",
    "partnerCode": r"(?:\d{1,6}(?:\.0)?)?",
    "flowCode": r"[A-Z]{1,3}",
    "partner2Code": r"(?:\d{1,6}(?:\.0)?)?",
    "motCode": r"(?:\d{1,5}(?:\.0)?)?",
    "customsCode": r"(?:C\d{2})?",
}


def _matches(start: str) -> bool:
    head = start.lstrip()[:2000]
    if head.startswith("{"):
        return '"data"' in start and '"reporterCode"' in start and '"cmdCode"' in start
    return fits(header_of(head), _LAYOUT)


def _records(text: str) -> Iterable[tuple[int, dict[str, str]]]:
    if not is_json(text):
        yield from rows_of(text)
        return
    answer: Any = json_of(text)
    if answer.get("error"):
        raise RequestError(f"it holds an error of the interface: {answer['error']}")
    rows = answer.get("data") or []
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise RequestError("its data is no list of rows: download it again")
    count = answer.get("count")
    if count is not None and count != len(rows):
        raise RequestError(
            f"count is {count!r}, but it holds {len(rows):,} rows: download it again, all of it"
        )
    for number, row in enumerate(rows, start=1):
        yield number, {key: "" if value is None else str(value) for key, value in row.items()}


def _code(cell: str) -> str:
    """Text of a code without the decimals that spreadsheets add."""
    return re.sub(r"\.0$", "", cell.strip())


def _country(row: dict[str, str], side: str) -> str | None:
    return _named(row, side) or _numbered(row, side)


def _named(row: dict[str, str], side: str) -> str | None:
    named = row.get(f"{side}ISO", "").strip()
    special = {"W00": "WLD", "S19": "TWN", "EUR": "EUU"}
    return named if named in countries() else special.get(named)


def _numbered(row: dict[str, str], side: str) -> str | None:
    return from_m49(_code(row[f"{side}Code"]))


def _contradictions(row: dict[str, str]) -> Iterable[str]:
    """Say what a row cannot be, or says in two ways."""
    for name, possible in _POSSIBLE.items():
        told = row.get(name, "").strip()
        if not re.fullmatch(possible, told):
            yield f"{name} is {told[:40]!r}, which is no such code: is it a row of another file?"
    for side in ("reporter", "partner"):
        named, numbered = _named(row, side), _numbered(row, side)
        if named and numbered and named != numbered:
            yield (
                f"{side}ISO is {row[f'{side}ISO'].strip()!r}, but {side}Code"
                f" {row[f'{side}Code'].strip()!r} is {numbered}: download it again"
            )
    period = row["period"].strip()
    for name, part in (("refYear", period[:4]), ("refMonth", period[4:].lstrip("-"))):
        told = _code(row.get(name, ""))
        if told and part and told.zfill(2) != part:
            yield f"period is {period[:40]!r}, but {name} {told[:40]!r}: download it again"
    flow, described = row["flowCode"].strip(), row.get("flowDesc", "").casefold()
    other = {"X": "import", "M": "export"}.get(flow)
    if other and other in described:
        yield f"flowCode is {flow!r}, but flowDesc {row['flowDesc']!r}: download it again"


def _read(text: str, source: Source) -> Loaded:
    found = Collected()
    lines = []
    for number, row in _records(text):
        missing = [name for name in _NEEDED if name not in row]
        if missing:
            found.complain(number, f"has no {', '.join(missing)}: download all columns")
            break
        problems = list(_contradictions(row))
        for problem in problems:
            found.complain(number, problem)
        if problems:
            continue
        if any(_code(row.get(name, "")) not in whole for name, whole in _WHOLE.items()):
            found.leave_out("part of another row: transport, customs or second partner")
            continue
        line = _line(number, row, found)
        if line is not None:
            lines.append(line)
    return trade_loaded(COMTRADE.name, lines, source, found)


def _line(number: int, row: dict[str, str], found: Collected) -> TradeLine | None:
    code = code_in(row["cmdCode"], number, found, column="cmdCode")
    if code is None:
        return None
    flow = _FLOWS.get(row["flowCode"].strip())
    if flow is None:
        found.leave_out("re-exports and re-imports")
        return None
    reporter, partner = _country(row, "reporter"), _country(row, "partner")
    if reporter is None or partner is None:
        side = "reporter" if reporter is None else "partner"
        found.leave_out(
            "a group of countries, or a number not known here",
            row.get(f"{side}ISO", "").strip() or row[f"{side}Code"],
        )
        return None
    period = found.period(number, "period", row["period"])
    weight = found.number(number, "netWgt", row["netWgt"])
    value = found.number(number, "primaryValue", row["primaryValue"])
    if period is None:
        return None
    return TradeLine(
        number,
        reporter,
        partner,
        flow,
        code,
        period,
        tonnes(weight),
        None if value is None else value / 1e6,
        estimated=row.get("isNetWgtEstimated", "").strip().casefold() == "true",
    )


COMTRADE = Loader(
    name="comtrade",
    what="UN Comtrade: CSV of comtradeplus.un.org or JSON of the interface",
    title="UN Comtrade Database, downloaded by the user",
    url="https://comtradeplus.un.org/",
    licence="derived-figure",
    matches=_matches,
    read=_read,
    layouts=(_LAYOUT,),
)
