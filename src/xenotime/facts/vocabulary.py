"""Closed lists that every row of the embedded tables is checked against."""

from __future__ import annotations

import re
from datetime import date

__all__ = [
    "CODE_SYSTEMS",
    "DIRECTIONS",
    "ELEMENT_NAMES",
    "FORMS",
    "GRADES",
    "INSTRUMENTS",
    "KINDS",
    "LICENCES",
    "MEASURE_STATUSES",
    "MINERAL_LISTS",
    "MONTH_PATTERN",
    "PARAMETER_UNITS",
    "PRIOR_UNITS",
    "SEVERITIES",
    "UNITS",
    "is_period",
]

GRADES: dict[str, str] = {
    "A": "official or primary source",
    "B": "named trade press or company",
    "C": "secondary source",
    "D": "kept so that a conflict shows; do not calibrate on it",
    "prior": "the analyst's own judgement, no source",
}

KINDS: dict[str, str] = {
    "reported": "printed in the source",
    "derived": "computed here or by the collector; `formula` says how",
    "conflicting": "contradicts a better row; kept, never used by default",
    "assumption": "an analyst prior; a user may change it",
    "gap": "looked for and not found; the value is blank, not zero",
}

LICENCES: dict[str, str] = {
    "public-domain": "work of the United States government",
    "cc-by-4.0": "Creative Commons Attribution 4.0; the source must be named",
    "cited-figure": "single figures quoted with their source; no text is carried",
    "derived-figure": "rounded result computed from tables that may not be redistributed",
    "own": "written for this project; Apache-2.0",
}

# Mass units name what is weighed, because 1 t of oxide, of element and of magnet differ.
# A plain "t" is the gross mass of the row's product as traded or made.
UNITS: dict[str, str] = {
    "t": "tonnes, gross mass of the product",
    "t REO": "tonnes of rare-earth oxide",
    "t element": "tonnes of contained element",
    "t magnet": "tonnes of finished magnet",
    "t blank": "tonnes of magnet blanks before machining",
    "t/y": "tonnes of the product a year",
    "t REO/y": "tonnes of rare-earth oxide a year",
    "t/day": "tonnes of the product a day",
    "t/month": "tonnes of the product a month",
    "t REO/month": "tonnes of rare-earth oxide a month",
    "kg": "kilograms",
    "kg/unit": "kilograms a piece",
    "kg/MW": "kilograms a megawatt",
    "g/unit": "grams a piece",
    "percent": "per cent",
    "percent of REO": "per cent of the oxide mass of an ore",
    "weight percent": "per cent of the mass of a magnet or alloy",
    "ratio": "a plain ratio",
    "days": "calendar days",
    "working days": "working days by the Chinese calendar",
    "weeks": "weeks",
    "months": "months",
    "carats": "carats of 0.2 g",
    "m3": "cubic metres of gas",
    "million sq ft": "million square feet",
    "USD/kg": "US dollars a kilogram",
    "USD/g": "US dollars a gram",
    "USD/t": "US dollars a tonne",
    "USD/short ton": "US dollars a short ton of 907.18474 kg",
    "USD/lb": "US dollars a pound of 0.45359237 kg",
    "USD/troy oz": "US dollars a troy ounce of 31.1034768 g",
    "USD/carat": "US dollars a carat",
    "USD/mtu": "US dollars a metric ton unit: 10 kg of what the ore is sold by",
    "USD/lot": "US dollars a lot; the note gives its size",
    "index": "relative to a base that the note names",
    "CNY/kg": "yuan a kilogram",
    "CNY/t": "yuan a tonne",
    "USD m": "million US dollars",
    "USD bn": "thousand million US dollars",
    "AUD m": "million Australian dollars",
    "CAD m": "million Canadian dollars",
    "EUR m": "million euros",
    "rank": "place in an order, the first is 1",
    "pieces": "pieces",
    "million pieces": "million pieces",
    "GW": "gigawatts",
    "licences": "export licences",
    "applications": "licence applications",
    "firms": "firms",
    "employees": "employees",
    "qualitative": "no figure; the note says what is known",
}

PARAMETER_UNITS: dict[str, str] = {
    "share": "a share between 0 and 1",
    "1": "a plain number without a unit",
    "1/day": "a rate a day",
    "1/working day": "a rate a working day of the office that decides",
    "1/week": "a rate a week",
    "1/month": "a rate a month",
    "1/year": "a rate a year",
    "log": "standard deviation of a natural logarithm",
    "index": "relative to a base of 1",
    "elasticity": "percentage change for a change of one per cent",
}

PRIOR_UNITS: dict[str, str] = {
    "t element/y": "tonnes of contained element a year",
    "t magnet/y": "tonnes of finished magnet a year",
    "1/working day": "a rate a working day of the office that decides",
}

FORMS: tuple[str, ...] = (
    "ore",
    "oxide",
    "metal",
    "alloy",
    "magnet",
    "compound",
    "target",
    "equipment",
    "material",
    "technology",
    "goods",
)

# Intervention types of Global Trade Alert and chapters of the UN classification of
# non-tariff measures (MAST), where one fits.
INSTRUMENTS: dict[str, str] = {
    "export_licence": "GTA 35, MAST P",
    "general_licence": "GTA 35, MAST P; one licence for many shipments to a customer",
    "technology_licence": "GTA 35, MAST P; knowledge and assistance",
    "extraterritorial_licence": "GTA 35, MAST P; goods made abroad with controlled content",
    "export_ban": "GTA 19, MAST P",
    "export_quota": "GTA 21, MAST P",
    "export_tax": "GTA 18, MAST P",
    "customs_hold": "unannounced stop or slow-down at the border",
    "entity_list": "named firms may not be supplied",
    "watch_list": "named firms only with single licences",
    "affiliates_rule": "a list extends to owned firms",
    "domestic_quota": "mining and smelting quota",
    "state_trading": "only named exporters may ship",
    "reporting": "duty to report or trace",
    "import_tariff": "GTA 47",
    "exemption": "goods that a tariff of the same government leaves out",
    "port_fees": "charges on ships",
    "suspension": "an act that suspends other acts for a time",
    "truce": "an agreement between governments, with suspensions on both sides",
    "removal": "an act that ends other acts",
    "ruling": "a decision of a court or of the WTO",
    "dispute": "a complaint or an investigation",
    "threat": "announced, not enacted",
    "subsidy": "grant, loan or production support",
    "price_floor": "guaranteed price, offtake or equity stake",
    "stockpile": "public purchase for a reserve",
    "procurement_ban": "public buyers may not buy",
    "list": "an official list without a restriction of its own",
}

MEASURE_STATUSES: tuple[str, ...] = (
    "in_force",
    "suspended",
    "ended",
    "never_operated",
    "scheduled",
    "announced",
    "unknown",
)

CODE_SYSTEMS: dict[str, str] = {
    "HS": "Harmonized System, six digits, all countries",
    "CN8": "Chinese tariff, eight digits",
    "CN10": "Chinese tariff, ten digits",
    "HTS8": "American tariff, eight digits",
    "HTS10": "American tariff with statistical suffix, ten digits",
}

MINERAL_LISTS: dict[str, str] = {
    "2022": "final list of critical minerals of February 2022",
    "2025-draft": "draft list of August 2025",
    "2025": "final list of critical minerals of November 2025",
    "assessed-2025": "commodities that the assessment for the list of 2025 covers",
}

DIRECTIONS: tuple[str, ...] = ("escalate", "de-escalate", "hold", "delay", "shock")

ELEMENT_NAMES: dict[str, str] = {
    "La": "lanthanum",
    "Ce": "cerium",
    "Pr": "praseodymium",
    "Nd": "neodymium",
    "Sm": "samarium",
    "Eu": "europium",
    "Gd": "gadolinium",
    "Tb": "terbium",
    "Dy": "dysprosium",
    "Ho": "holmium",
    "Er": "erbium",
    "Tm": "thulium",
    "Yb": "ytterbium",
    "Lu": "lutetium",
    "Y": "yttrium",
    "Sc": "scandium",
    "NdPr": "neodymium praseodymium",
    "Ga": "gallium",
    "Ge": "germanium",
    "Sb": "antimony",
    "W": "tungsten",
    "Te": "tellurium",
    "Bi": "bismuth",
    "Mo": "molybdenum",
    "In": "indium",
}

SEVERITIES: dict[str, str] = {
    "full_stop": "a plant or line made nothing for days or weeks",
    "partial_stop": "some lines or plants stopped",
    "output_cut": "planned output lowered",
    "supply_held": "goods held at the border; no stop reported",
    "strained": "bottleneck, late orders or a warning",
    "none": "the firm reported no stop",
}

MONTH_PATTERN: re.Pattern[str] = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])", re.ASCII)

FIRST_YEAR, LAST_YEAR = 1900, 2100
"""No figure of the record is older; forecasts reach 2050."""

_MOMENT = re.compile(r"(?:FY)?(\d{4})(?:-(?:H[12]|Q[1-4]|(\d{2})(?:-(\d{2}))?))?", re.ASCII)


def is_period(text: str) -> bool:
    """Whether a text names a time by the calendar: one moment, or two in order joined by ``..``.

    >>> [text for text in ("2024", "2024-02-29", "2025-H1", "FY2024-Q3", "2024-06..2024-11")
    ...  if not is_period(text)]
    []
    >>> [text for text in ("2024-13", "2023-02-29", "2024-Q5", "2024..2023", "0001")
    ...  if is_period(text)]
    []
    """
    moments = text.split("..")
    if len(moments) > 2 or not all(map(_is_moment, moments)):
        return False
    same_shape = len(moments[0]) == len(moments[-1])
    return not same_shape or moments[0] <= moments[-1]


def _is_moment(text: str) -> bool:
    found = _MOMENT.fullmatch(text)
    if found is None:
        return False
    year, month, day = (int(part or 1) for part in found.groups())
    try:
        date(year, month, day)
    except ValueError:
        return False
    return FIRST_YEAR <= year <= LAST_YEAR
