"""The only converter of units: oxide, element and magnet mass are never mixed elsewhere.

Atomic masses are the IUPAC standard atomic weights of 2021 (Prohaska et al., Pure and Applied
Chemistry 94, 2022, doi:10.1515/pac-2019-0603), rounded to what the factors need.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xenotime.facts.problems import RequestError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "ATOMIC_MASSES",
    "OXIDES",
    "convert",
    "element_per_oxide",
    "is_money",
    "oxide_per_element",
]

ATOMIC_MASSES: dict[str, float] = {
    "O": 15.999,
    "Sc": 44.955907,
    "Y": 88.905838,
    "La": 138.90547,
    "Ce": 140.116,
    "Pr": 140.90766,
    "Nd": 144.242,
    "Sm": 150.36,
    "Eu": 151.964,
    "Gd": 157.25,
    "Tb": 158.925354,
    "Dy": 162.500,
    "Ho": 164.930329,
    "Er": 167.259,
    "Tm": 168.934219,
    "Yb": 173.045,
    "Lu": 174.9668,
}
"""Grams a mole."""

OXIDES: dict[str, tuple[int, int]] = {
    "Ce": (1, 2),
    "Pr": (6, 11),
    "Tb": (4, 7),
    **dict.fromkeys(
        ("Sc", "Y", "La", "Nd", "Sm", "Eu", "Gd", "Dy", "Ho", "Er", "Tm", "Yb", "Lu"), (2, 3)
    ),
}
"""Atoms of metal and of oxygen in the oxide that trade means: CeO2, Pr6O11, Tb4O7, else M2O3."""


def element_per_oxide(element: str) -> float:
    """Tonnes of element in one tonne of its usual oxide.

    Parameters
    ----------
    element
        Symbol of a rare earth.

    Raises
    ------
    RequestError
        If the symbol is no rare earth with a defined oxide. ``light_rest`` has none: it is a
        mixture, and needs a composition.

    Examples
    --------
    >>> round(element_per_oxide("Nd"), 4), round(element_per_oxide("Tb"), 4)
    (0.8574, 0.8502)
    """
    if element not in OXIDES:
        raise RequestError(
            f"element {element!r} has no single oxide: give one of {', '.join(OXIDES)}, "
            "or a composition"
        )
    metals, oxygens = OXIDES[element]
    mass = metals * ATOMIC_MASSES[element]
    return mass / (mass + oxygens * ATOMIC_MASSES["O"])


def oxide_per_element(element: str) -> float:
    """Tonnes of the usual oxide that hold one tonne of an element.

    Raises
    ------
    RequestError
        If the symbol is no rare earth with a defined oxide.

    Examples
    --------
    >>> round(oxide_per_element("Dy"), 4)
    1.1477
    """
    return 1.0 / element_per_oxide(element)


@dataclass(frozen=True, slots=True)
class _Unit:
    """What a unit measures: its kind, its size in the kind's base, and its rate."""

    kind: str
    size: float
    per: str = ""


# Base sizes: tonnes, days, ratio, US dollars. Rates are turned into years of 12 months or 365
# days. Months, weeks of work and working days are no fixed number of days and do not convert.
_UNITS: dict[str, _Unit] = {
    "t": _Unit("gross mass", 1.0),
    "kg": _Unit("gross mass", 1e-3),
    "t REO": _Unit("oxide mass", 1.0),
    "t element": _Unit("element mass", 1.0),
    "t magnet": _Unit("magnet mass", 1.0),
    "t blank": _Unit("blank mass", 1.0),
    "t/y": _Unit("gross mass", 1.0, "year"),
    "t/month": _Unit("gross mass", 12.0, "year"),
    "t/day": _Unit("gross mass", 365.0, "year"),
    "t REO/y": _Unit("oxide mass", 1.0, "year"),
    "t REO/month": _Unit("oxide mass", 12.0, "year"),
    "kg/unit": _Unit("content", 1.0),
    "g/unit": _Unit("content", 1e-3),
    "percent": _Unit("ratio", 1e-2),
    "ratio": _Unit("ratio", 1.0),
    "percent of REO": _Unit("share of oxide mass", 1e-2),
    "t/t REO": _Unit("share of oxide mass", 1.0),
    "weight percent": _Unit("share of mass", 1e-2),
    "days": _Unit("duration", 1.0),
    "weeks": _Unit("duration", 7.0),
    "months": _Unit("months", 1.0),
    "working days": _Unit("working days", 1.0),
    "USD m": _Unit("money", 1e6),
    "USD bn": _Unit("money", 1e9),
    "pieces": _Unit("pieces", 1.0),
    "million pieces": _Unit("pieces", 1e6),
}

_MONEY = re.compile(r"[A-Z]{3} (?:m|bn)", re.ASCII)


def is_money(unit: str) -> bool:
    """Whether a unit is an amount of money, in whatever currency; prices are none.

    >>> is_money("USD m"), is_money("EUR m"), is_money("USD/kg"), is_money("t")
    (True, True, False, False)
    """
    return _MONEY.fullmatch(unit) is not None


# What a gross tonne of a product is a tonne of.
_KIND_OF_PRODUCT = {"oxide": "oxide mass", "metal": "element mass", "magnet": "magnet mass"}


def _kind(unit: _Unit, product: str) -> str:
    if unit.kind != "gross mass":
        return unit.kind
    return _KIND_OF_PRODUCT.get(product.partition(":")[0], unit.kind)


def convert(
    value: float,
    unit: str,
    target: str,
    *,
    product: str = "",
    element: str = "",
    composition: Mapping[str, float] | None = None,
) -> float:
    """Convert a value between units, across kinds of mass only with chemistry given.

    Parameters
    ----------
    value
        Number in `unit`.
    unit, target
        Units of the closed list in `xenotime.facts.vocabulary`.
    product
        Product id that says what a plain tonne weighs: oxides count as oxide mass, metals as
        element mass, magnets as magnet mass.
    element
        Rare earth whose mass is meant, for conversions between oxide and element.
    composition
        Share of each element. Between oxide and element: share of the *oxide* mass. With
        magnets: tonnes of element in one tonne of magnet; `element` then picks one of them,
        else all are summed.

    Returns
    -------
    float
        Number in `target`.

    Raises
    ------
    RequestError
        If a unit is unknown, or the kinds differ and nothing says how to cross them. A yield,
        e.g. from blanks to magnets, is a process and never a conversion.

    Notes
    -----
    A year has 12 months or 365 days. Months do not convert to days, nor working to calendar
    days: both need a calendar.

    Examples
    --------
    >>> convert(1.5, "weeks", "days")
    10.5
    >>> round(convert(100, "t REO", "t element", element="Dy"), 2)
    87.13
    >>> round(convert(1000, "t magnet", "t element", composition={"Nd": 0.25, "Dy": 0.02}), 1)
    270.0
    """
    problems = [
        f"unit {name!r} is unknown to the converter: use one of {', '.join(_UNITS)}"
        for name in dict.fromkeys((unit, target))
        if name not in _UNITS
    ]
    if problems:
        raise RequestError(problems)
    source, goal = _UNITS[unit], _UNITS[target]
    if source.per != goal.per:
        raise RequestError(
            f"{unit!r} to {target!r}: one is a rate and the other is not: "
            "multiply by a duration first"
        )
    kinds = _kind(source, product), _kind(goal, product)
    factor = 1.0 if kinds[0] == kinds[1] else _crossing(kinds, unit, target, element, composition)
    return value * source.size * factor / goal.size


def _crossing(
    kinds: tuple[str, str],
    unit: str,
    target: str,
    element: str,
    composition: Mapping[str, float] | None,
) -> float:
    """Return how many base units of the second kind are in one of the first."""
    per_element = {
        "element mass": lambda: 1.0,
        "oxide mass": lambda: _element_in_oxide(element, composition),
        "magnet mass": lambda: _element_in_magnet(element, composition),
    }
    direct = "element mass" in kinds
    if not set(kinds) <= set(per_element) or not direct:
        raise RequestError(
            f"{unit!r} to {target!r}: {kinds[0]} and {kinds[1]} are different things: "
            "go through 't element', and name the product of plain tonnes"
        )
    return per_element[kinds[0]]() / per_element[kinds[1]]()


def _element_in_oxide(element: str, composition: Mapping[str, float] | None) -> float:
    if composition is None:
        if not element:
            raise RequestError(
                "oxide to element: no element is named: give element='Dy', or a composition "
                "as shares of the oxide mass"
            )
        return element_per_oxide(element)
    _check_shares(composition)
    total = sum(composition.values())
    if abs(total - 1.0) > 0.05:
        raise RequestError(
            f"composition sums to {total:.3f}: shares of an oxide mass must sum to 1 "
            "(within 5 per cent, as analyses do)"
        )
    chosen = {element: composition.get(element, 0.0)} if element else composition
    return sum(share * element_per_oxide(name) for name, share in chosen.items())


def _element_in_magnet(element: str, composition: Mapping[str, float] | None) -> float:
    if composition is None:
        raise RequestError(
            "magnet to element: no composition is given: pass tonnes of element in one tonne "
            "of magnet, e.g. composition={'Nd': 0.25, 'Pr': 0.06}"
        )
    _check_shares(composition)
    total = composition.get(element, 0.0) if element else sum(composition.values())
    if not 0.0 < total <= 1.0:
        raise RequestError(
            f"composition holds {total:.3f} of {element or 'all elements'}: it must be above 0 "
            "and at most 1"
        )
    return total


def _check_shares(composition: Mapping[str, float]) -> None:
    wrong = [
        f"composition of {name} is {share}: give a share between 0 and 1"
        for name, share in composition.items()
        if not 0.0 <= share <= 1.0
    ]
    if wrong:
        raise RequestError(wrong)
