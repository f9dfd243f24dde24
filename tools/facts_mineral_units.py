"""Figures and units of a row of the Mineral Commodity Summaries."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from facts_rows import parse_number

if TYPE_CHECKING:
    from facts_rows import Record

# Unit of the release: unit of the claim, and how many of it one printed unit is.
UNITS = {
    "thousand metric tons": ("t", 1e3),
    "thousand metric dry tons": ("t", 1e3),
    "metric tons": ("t", 1.0),
    "tons": ("t", 1.0),
    "million metric tons": ("t", 1e6),
    "kilograms": ("kg", 1.0),
    "million carats": ("carats", 1e6),
    "thousands of carats": ("carats", 1e3),
    "million liters": ("m3", 1e3),
    "million cubic meters": ("m3", 1e6),
    "percent": ("percent", 1.0),
    "number": ("employees", 1.0),
    "million dollars": ("USD m", 1.0),
    "index": ("index", 1.0),
    "dollars per metric ton": ("USD/t", 1.0),
    "dollars per ton": ("USD/t", 1.0),
    "dollars per short ton": ("USD/short ton", 1.0),
    "dollars per kilogram": ("USD/kg", 1.0),
    "dollars per gram": ("USD/g", 1.0),
    "dollars per pound": ("USD/lb", 1.0),
    "cents per pound": ("USD/lb", 0.01),
    "dollars per troy ounce": ("USD/troy oz", 1.0),
    "dollars per carat": ("USD/carat", 1.0),
    "dollars per dry metric ton unit": ("USD/mtu", 1.0),
    "dollars per 10-grams": ("USD/lot", 1.0),
    "dollars per 25 grams": ("USD/lot", 1.0),
    "dollars per 50 grams": ("USD/lot", 1.0),
    "dollars per 100 mililiters": ("USD/lot", 1.0),
    "dollars per 100 milliliters": ("USD/lot", 1.0),
    "": ("qualitative", 1.0),
}

# Labels whose unit column says something else than the label.
LABEL_UNITS = (
    ("dollars per metric ton unit", ("USD/mtu", 1.0)),
    ("million square feet", ("million sq ft", 1.0)),
)

_ELEMENTS = (
    *("antimony", "arsenic", "beryllium", "bromine", "chromium", "cobalt", "copper", "gallium"),
    *("germanium", "gold", "lead", "lithium", "mercury", "molybdenum", "nickel", "niobium"),
    *("rhenium", "selenium", "silicon", "silver", "strontium", "sulfur", "tantalum"),
    *("tellurium", "tin", "tungsten", "vanadium", "zinc"),
)
_CONTENT = re.compile(r"data in [a-z ]+, (" + "|".join(_ELEMENTS) + r") content")


@dataclass(frozen=True)
class Figures:
    """Figures of one row in the unit of its claim, and what the cell said in place of one."""

    low: float | None = None
    mid: float | None = None
    high: float | None = None
    gap: bool = False
    said: str = ""

    @property
    def blank(self) -> bool:
        """Whether there is no figure at all."""
        return self.low is None and self.mid is None and self.high is None


def basis_of(row: Record) -> str:
    """What the chapter weighs, e.g. ``tungsten content``; blank for gross weight.

    A label that names its own basis has none of the chapter's.
    """
    label = row["detail"].lower()
    if "gross weight" in label or "content" in label or "equivalent" in label:
        return ""
    found = re.search(r"data in [a-z ]+, ([^,]+?),? unless", row["other_notes"].lower())
    return re.sub(r"\s*\([^)]*\)", "", found.group(1)) if found else ""


def unit_of(row: Record) -> tuple[str, float]:
    """Unit of the claim, and how many of it one printed unit is.

    A mass of contained element is ``t element``, of rare-earth oxide ``t REO``; other bases
    stay ``t`` and are named in the note.
    """
    label = row["detail"].lower()
    for words, found in LABEL_UNITS:
        if words in label:
            return found
    unit, factor = UNITS[row["unit"].strip()]
    if unit == "t":
        basis = basis_of(row)
        if basis.removesuffix(" content") in _ELEMENTS and basis.endswith(" content"):
            return "t element", factor
        if basis.startswith("rare-earth-oxide"):
            return "t REO", factor
    return unit, factor


def figures_of(row: Record, factor: float) -> Figures:
    """Figures of a row: a bound is a bound, withheld and not available are gaps.

    A net exporter has a reliance of at most zero. A dash is printed for zero.
    """
    kind, text = row["qualifier"], row["value_raw"].replace("\xa0", " ").strip()
    value = parse_number(row["value"])
    scaled = None if value is None else value * factor
    if kind == "eq":
        return Figures(mid=scaled)
    if kind == "zero":
        return Figures(mid=0.0, said="printed as a dash, which means zero")
    if kind == "gt":
        return Figures(low=scaled, said=f"printed as above {text.lstrip('>')}")
    if kind == "lt":
        return Figures(high=scaled, said=f"printed as below {text.lstrip('<')}")
    if kind == "net_exporter":
        return Figures(high=0.0, said="net exporter (E)")
    if kind == "not_available":
        return Figures(gap=True, said="not available (NA)")
    if kind == "withheld":
        return Figures(gap=True, said="withheld (W), company data")
    if kind == "not_applicable":
        return Figures(gap=True, said="no total can be given (XX)")
    if kind == "range_mid":
        low, high = (float(part.replace(",", "")) for part in re.split(r"\s*[\u2013-]\s*", text))
        return Figures(low=low * factor, high=high * factor, said="printed as a range")
    return figures_of_text(row, text, factor)


def figures_of_text(row: Record, text: str, factor: float) -> Figures:
    """Figures of a cell that holds a word or a footnote mark."""
    note = row["note"].lower()
    if text == "s":
        if "½" in note:
            return Figures(low=0.0, high=0.5 * factor, said="less than half a unit")
        least = re.search(r"less than ([\d,]+) (?:tons|carats)", note)
        if least:
            return Figures(low=0.0, high=float(least.group(1).replace(",", "")), said="a trace")
        return Figures(gap=True, said="a footnote mark in place of a figure")
    signed = re.fullmatch(r"\?(\d+)", text)
    if signed:
        value = -float(signed.group(1)) * factor
        return Figures(mid=value, said="sign unreadable, taken as minus: stocks fell")
    return Figures(said=f"printed as {text.lower()}")
