"""Lines of trade statistics as claims: codes mapped, units converted, parts added up."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xenotime.facts.additions import remembered
from xenotime.facts.claims import Claim
from xenotime.facts.registers import trade_codes
from xenotime.facts.units import convert

if TYPE_CHECKING:
    from xenotime.facts.loaders.loading import Source

__all__ = ["TradeLine", "followed_code", "product_of", "tonnes", "trade_claims"]

CHINA = "CHN"
MAGNETS = "850511"
RARE_EARTH_CODES = (("2846", "280530"), ("284610", "284690", "280530"))
"""Codes whose gross weight together is the series `rare_earths`: compounds and metals."""


@dataclass(frozen=True, slots=True)
class TradeLine:
    """One line of a customs table: who, with whom, what, when, how much.

    `flow` is ``exports`` or ``imports``; `tonnes` and `value` (millions of `currency`) are None
    where the source has no figure. `estimated` marks an estimate of the source.
    """

    line: int
    reporter: str
    partner: str
    flow: str
    code: str
    period: str
    tonnes: float | None
    value: float | None
    currency: str = "USD"
    estimated: bool = False


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


def product_of(code: str) -> str:
    """Product id of a code; blank where it holds several elements together.

    >>> product_of("8505110070"), product_of("2846"), product_of("811010")
    ('magnet', 'rare_earths', 'Sb')
    """
    return "rare_earths" if code == "2846" else _followed().get(code[:6], "")


def _flow(line: TradeLine) -> tuple[str, str, str, str, str]:
    return line.reporter, line.partner, line.flow, line.code, line.period


def trade_claims(lines: list[TradeLine], source: Source) -> tuple[Claim, ...]:
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
        made.append(_claim(body, key, "t", total, source, formula, estimated=estimated))
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
            if any(key not in parts for key in keys) or None in weights:
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
