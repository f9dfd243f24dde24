"""Lines of trade statistics as claims: codes mapped, units converted, parts added up."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from xenotime.facts.additions import remembered
from xenotime.facts.claims import Claim
from xenotime.facts.loaders.loading import Loaded
from xenotime.facts.loaders.soundness import TradeLine, sound
from xenotime.facts.registers import trade_codes
from xenotime.facts.units import convert

if TYPE_CHECKING:
    from xenotime.facts.loaders.loading import Collected, Source

__all__ = ["TradeLine", "code_in", "followed_code", "product_of", "tonnes", "trade_loaded"]

CHINA = "CHN"
MAGNETS = "850511"
RARE_EARTH_CODES = (("2846", "280530"), ("284610", "284690", "280530"))
"""Codes whose gross weight together is the series `rare_earths`: compounds and metals."""


@remembered(maxsize=4)
def _followed() -> dict[str, str]:
    """Six-digit codes of the record, and the product of each."""
    found: dict[str, set[str]] = defaultdict(set)
    for code in trade_codes():
        if code.vintage != "ofr2025":  # that mapping also holds other commodities
            found[code.hs6].update(code.elements)
    products = {
        hs6: next(iter(elements)) if len(elements) == 1 else "" for hs6, elements in found.items()
    }
    rare = {"280530": "rare_earths", "284690": "rare_earths", "253090": "ore", MAGNETS: "magnet"}
    return {hs6: rare.get(hs6, product) for hs6, product in products.items()}


def followed_code(code: str) -> str | None:
    """Digits of a code that the record follows; None for other goods and whole chapters.

    Examples
    --------
    >>> followed_code("8505.11.0070"), followed_code("2846"), followed_code("0101")
    ('8505110070', '2846', None)
    """
    digits = "".join(sign for sign in code if sign.isdigit())
    return digits if digits == "2846" or digits[:6] in _followed() else None


_CODE = re.compile(r"\d[\d. ]*")
# Totals, and goods that are kept secret, as statistics write them: TOTAL, 9999AA, 85XXXXXX.
_OTHER_CODE = re.compile(r"(?:[\dA-Za-z][\dA-Za-z. ]{0,19})?")
_ROUNDED = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d+")


def code_in(cell: str, line: int, found: Collected, *, column: str) -> str | None:
    """Digits of the code in a cell; None for one that is not followed, which is counted.

    A code that a spreadsheet has damaged is named: its figures would otherwise go unnoticed.

    >>> from xenotime.facts.loaders.loading import Collected
    >>> found = Collected()
    >>> code_in("850511.0", 2, found, column="cmdCode")
    '850511'
    >>> code_in("10121", 3, found, column="cmdCode"), code_in("8505", 4, found, column="cmdCode")
    (None, None)
    >>> for reason in found.left_out:
    ...     print(reason)
    a code that lacks its leading zero (a spreadsheet dropped it: keep it as text): 10121
    a heading, which holds other goods, too (download codes of six digits): 8505
    """
    plain = cell.strip().lstrip("'").strip()
    if _ROUNDED.fullmatch(plain):
        found.complain(
            line,
            f"{column} is {plain!r}: a spreadsheet made a number of the code and lost its digits;"
            " export again with the column as text",
        )
        return None
    plain = re.sub(r"(?<=^\d{6})\.0$|(?<=^\d{8})\.0$|(?<=^\d{10})\.0$", "", plain)
    if not _CODE.fullmatch(plain):
        if _OTHER_CODE.fullmatch(plain):
            found.leave_out("other goods")
        else:
            found.complain(
                line, f"{column} is {plain[:40]!r}, which is no code: is it a row of another file?"
            )
        return None
    digits = re.sub(r"\D", "", plain)
    if len(digits) % 2:
        found.leave_out(
            "a code that lacks its leading zero (a spreadsheet dropped it: keep it as text)",
            plain,
        )
        return None
    code = followed_code(digits)
    if code is None:
        heading = len(digits) < _SUBHEADING and any(hs6.startswith(digits) for hs6 in _followed())
        if heading:
            found.leave_out(
                "a heading, which holds other goods, too (download codes of six digits)", plain
            )
        else:
            found.leave_out("other goods")
    return code


_SUBHEADING = 6


def product_of(code: str) -> str:
    """Product id of a code; blank where it holds several elements together.

    >>> product_of("8505110070"), product_of("2846"), product_of("811010")
    ('magnet', 'rare_earths', 'Sb')
    """
    return "rare_earths" if code == "2846" else _followed().get(code[:6], "")


def _flow(line: TradeLine) -> tuple[str, str, str, str, str]:
    return line.reporter, line.partner, line.flow, line.code, line.period


def trade_loaded(
    loader: str, lines: list[TradeLine], source: Source, found: Collected, *, twins: bool = False
) -> Loaded:
    """Make what a file of trade statistics becomes.

    Parameters
    ----------
    loader, source
        Name of the loader, and where the figures come from.
    lines
        Its lines, as printed.
    found
        What the loader has collected.
    twins
        Whether a flow may stand in the file twice, since its parts are to be added up.

    Raises
    ------
    RequestError
        With every problem of the file: those collected, and those of figures that cannot be.
    """
    good = sound(lines, source.taken, found, twins=twins)
    found.finish()
    _remark_on_incomplete_series(good, found)
    return Loaded(
        loader, source, _claims(good, source), (), found.left_out, remarks=dict(found.remarks)
    )


def _remark_on_incomplete_series(lines: list[TradeLine], found: Collected) -> None:
    """Say of which months the series of rare earths is not made, since codes of it are missing."""
    codes: dict[tuple[str, str], set[str]] = defaultdict(set)
    every = {code for together in RARE_EARTH_CODES for code in together}
    for line in lines:
        if (line.reporter, line.flow) == (CHINA, "exports") and line.code in every:
            codes[line.partner, line.period].add(line.code)
    for there in codes.values():
        if not any(there.issuperset(together) for together in RARE_EARTH_CODES):
            nearest = max(RARE_EARTH_CODES, key=lambda together: len(there.intersection(together)))
            missing = ", ".join(code for code in nearest if code not in there)
            found.remark(
                "a month or year of Chinese exports to a partner without HS"
                f" {missing}: no rare_earth_exports is made of it"
            )


def _claims(lines: list[TradeLine], source: Source) -> tuple[Claim, ...]:
    """Turn lines into claims, in order of their ids; lines of one flow and code add up.

    Codes of one length are never added to a shorter one: a file need not hold all of them.

    Chinese exports of HS 8505.11 become ``magnet_exports``, those of 2805.30 and 2846 together
    ``rare_earth_exports``, as in the record; every other flow of a followed code becomes
    ``trade_exports`` or ``trade_imports`` (t), and its value ``..._value`` (millions).
    """
    parts: dict[tuple[str, str, str, str, str], list[TradeLine]] = defaultdict(list)
    for line in lines:
        parts[_flow(line)].append(line)
    claims: dict[str, Claim] = {}
    for key, members in parts.items():
        for claim in _flow_claims(key, members, source):
            claims[claim.id] = claim
    for claim in _rare_earth_series(parts, source):
        claims[claim.id] = claim
    return tuple(claims[key] for key in sorted(claims))


def _flow_claims(
    key: tuple[str, str, str, str, str], members: list[TradeLine], source: Source
) -> list[Claim]:
    reporter, partner, flow, code, period = key
    formula = f"sum of {len(members)} lines" if len(members) > 1 else ""
    estimated = any(line.estimated for line in members)
    doubtful = next((line.doubtful for line in members if line.doubtful), "")
    made = []
    weights = [line.tonnes for line in members]
    if None not in weights:
        total = sum(weight for weight in weights if weight is not None)
        series = flow == "exports" and reporter == CHINA and code == MAGNETS
        body = (
            f"magnet_exports/{partner}/{period}"
            if series
            else f"trade_{flow}/{reporter}/{partner}/{code}/{period}"
        )
        weight = _claim(body, key, "t", total, source, formula, estimated=estimated)
        if doubtful:  # kept for comparison: it never counts
            weight = replace(weight, grade="D", note=f"{weight.note}; {doubtful}")
        made.append(weight)
    values = [line.value for line in members]
    if None not in values:
        total = sum(value for value in values if value is not None)
        unit = f"{members[0].currency} m"
        body = f"trade_{flow}_value/{reporter}/{partner}/{code}/{period}"
        made.append(_claim(body, key, unit, total, source, formula, estimated=False))
    return made


def _rare_earth_series(
    parts: dict[tuple[str, str, str, str, str], list[TradeLine]], source: Source
) -> list[Claim]:
    """Chinese exports of compounds and metals together, where all of their codes are there."""
    made = []
    flows = dict.fromkeys(
        (partner, period)
        for reporter, partner, flow, _, period in parts
        if (reporter, flow) == (CHINA, "exports")
    )
    for partner, period in flows:
        for codes in RARE_EARTH_CODES:
            keys = [(CHINA, partner, "exports", code, period) for code in codes]
            weights = [line.tonnes for key in keys for line in parts.get(key, ())]
            doubtful = any(line.doubtful for key in keys for line in parts.get(key, ()))
            if any(key not in parts for key in keys) or None in weights or doubtful:
                continue
            total = sum(weight for weight in weights if weight is not None)
            body = f"rare_earth_exports/{partner}/{period}"
            formula = " + ".join(f"HS {code}" for code in codes)
            made.append(_claim(body, keys[0], "t", total, source, formula, estimated=False))
            break
    return made


def _claim(
    body: str,
    key: tuple[str, str, str, str, str],
    unit: str,
    value: float,
    source: Source,
    formula: str,
    *,
    estimated: bool,
) -> Claim:
    reporter, partner, flow, code, period = key
    together = body.startswith("rare_earth_exports")
    remarks = (
        "" if together else f"HS {code}",
        f"{flow} as {reporter} reports them",
        "net weight" if unit == "t" else "",
        "estimated by the source" if estimated else "",
    )
    return Claim(
        id=f"{body}@{source.vintage}",
        quantity=body.partition("/")[0],
        country=reporter,
        product="rare_earths" if together else product_of(code),
        stage="trade",
        partner=partner,
        industry="",
        period=period,
        unit=unit,
        low=None,
        mid=round(value, 6),
        high=None,
        grade="B" if estimated else "A",
        kind="derived" if formula else "reported",
        vintage=source.vintage,
        first_known=source.taken,
        source_url=source.url,
        source_title=source.title,
        note="; ".join(remark for remark in remarks if remark),
        formula=formula,
        licence=source.licence,
    )


def tonnes(kilograms: float | None) -> float | None:
    """Tonnes of a weight in kilograms; None stays unknown.

    >>> tonnes(1500.0), tonnes(None)
    (1.5, None)
    """
    return None if kilograms is None else convert(kilograms, "kg", "t")
