"""UN Comtrade: CSV of comtradeplus.un.org, and JSON of its interface.

Columns as in the data items of the interface (comtradedeveloper.un.org; also listed by the R
package comtradr, docs.ropensci.org/comtradr): typeCode, freqCode, period, reporterCode,
reporterISO, flowCode, partnerCode, partnerISO, partner2Code, cmdCode, customsCode, motCode,
netWgt (kg), isNetWgtEstimated, primaryValue (USD). The names of countries are blank in answers of
the public preview: then the numbers count. Rows of single modes of transport, customs procedures
or second partners are parts of others and are left out.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from xenotime.facts.loaders.loading import (
    Collected,
    Loaded,
    Loader,
    fits,
    header_of,
    rows_of,
)
from xenotime.facts.loaders.places import from_m49
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


def _matches(start: str) -> bool:
    head = start.lstrip()[:2000]
    if head.startswith("{"):
        return '"data"' in start and '"reporterCode"' in start and '"cmdCode"' in start
    return fits(header_of(head), _LAYOUT)


def _records(text: str) -> Iterable[tuple[int, dict[str, str]]]:
    if not text.lstrip().startswith("{"):
        yield from rows_of(text)
        return
    try:
        answer: Any = json.loads(text)
    except json.JSONDecodeError as error:
        raise RequestError(
            f"line {error.lineno}: the JSON is cut off: download it again"
        ) from error
    if answer.get("error"):
        raise RequestError(f"it holds an error of the interface: {answer['error']}")
    for number, row in enumerate(answer.get("data") or (), start=1):
        yield number, {key: "" if value is None else str(value) for key, value in row.items()}


def _country(row: dict[str, str], side: str) -> str | None:
    named = row.get(f"{side}ISO", "").strip()
    if named in countries():
        return named
    special = {"W00": "WLD", "S19": "TWN", "EUR": "EUU"}
    return special.get(named) or from_m49(row[f"{side}Code"])


def _read(text: str, source: Source) -> Loaded:
    found = Collected()
    lines = []
    for number, row in _records(text):
        missing = [name for name in _NEEDED if name not in row]
        if missing:
            found.complain(number, f"has no {', '.join(missing)}: download all columns")
            break
        if any(row.get(name, "").strip() not in whole for name, whole in _WHOLE.items()):
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
