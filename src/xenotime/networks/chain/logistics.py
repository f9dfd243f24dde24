"""Days on the way and days in stock: cited rows where there are any, else labelled priors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xenotime.facts.parameters import parameters
from xenotime.facts.units import convert
from xenotime.networks.chain.figures import Figure
from xenotime.networks.chain.nodes import country_of, element_of, kind_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    # a float, or an array with a draw axis
    Number = Any
    from xenotime.networks.chain.figures import Figures

__all__ = [
    "LEAST_COVER",
    "WHOLE_BUFFERS",
    "cover_days",
    "cover_parameter",
    "stock_of",
    "transit_days",
]

EUROPE = frozenset({"DEU", "FRA", "EST", "REU", "GBR"})
ASIA = frozenset({"CHN", "JPN", "KOR", "VNM", "MYS", "IND", "MMR", "THA", "LAO"})
NORTH_AMERICA = frozenset({"USA", "CAN", "MEX"})

# Chinese gates to each country: claims to average, or a prior of this room
_FROM_CHINA: dict[str, tuple[str, ...]] = {
    "DEU": ("transit/CHN/EUU/sea",),
    "FRA": ("transit/CHN/EUU/sea",),
    "EST": ("transit/CHN/EUU/sea",),
    "REU": ("transit/CHN/EUU/sea",),
    "GBR": ("transit/CHN/EUU/sea",),
    "USA": ("transit/CHN/USA/sea_west", "transit/CHN/USA/sea_east"),
    "VNM": ("transit/CHN/SE_Asia/sea",),
    "MYS": ("transit/CHN/SE_Asia/sea",),
    "THA": ("transit/CHN/SE_Asia/sea",),
    "JPN": ("prior/transit/CHN/JPN",),
    "KOR": ("prior/transit/CHN/KOR",),
    "IND": ("prior/transit/CHN-IND",),
    "AUS": ("prior/transit/CHN-AUS",),
    "MMR": ("prior/transit/MMR-CHN",),
    "LAO": ("prior/transit/MMR-CHN",),
}

LEAST_COVER = 3.0
"""Nobody runs on less stock than this, however long the pipeline (days)."""


def transit_days(origin: str, destination: str, figures: Figures) -> Figure:
    """Days from gate to gate between two countries, with interval and source.

    The two directions of a route count the same; the mean of several routes is taken.
    """
    if origin == destination:
        return _first(("prior/transit/domestic",), figures)
    if "CHN" in {origin, destination}:
        other = destination if origin == "CHN" else origin
        names = _FROM_CHINA.get(other, ("prior/transit/CHN-ROW",))
        known = [figure for name in names if (figure := _known(name, figures)) is not None]
        if known:
            return _mean(known)
        return _first(("prior/transit/overseas",), figures)
    if {origin, destination} <= EUROPE:
        return _first(("prior/transit/europe",), figures)
    if {origin, destination} <= ASIA or {origin, destination} <= NORTH_AMERICA:
        return _first(("prior/transit/neighbours",), figures)
    return _first(("prior/transit/overseas",), figures)


# What makers of a component hold of magnets, by the industry that most of them go to
_COMPONENT_COVERS = {
    "traction_motor": "cover_light_vehicles",
    "auxiliary_motor": "cover_light_vehicles",
    "wind_generator": "cover_wind",
    "actuator": "cover_defence",
}

WHOLE_BUFFERS = frozenset({"cover_light_vehicles", "cover_wind", "cover_defence", "cover_other"})
"""Parameters that are stock and pipeline together, as published statements give them."""


def cover_parameter(holder: str, product: str) -> str:
    """Name of the parameter that says how much a producer holds of an input.

    Parameters
    ----------
    holder, product
        Ids of the producer and of what it takes.

    Examples
    --------
    >>> cover_parameter("component:wind_generator@DEU", "magnet:NdFeB-heavy")
    'cover_wind'
    >>> cover_parameter("alloy:SmCo@JPN", "metal:Sm"), cover_parameter("alloy:SmCo@CHN", "metal:Sm")
    ('cover_magnet_makers', 'cover_plants')
    >>> cover_parameter("industry:wind@DEU", "component:wind_generator")
    'cover_industry_components'
    """
    kind = kind_of(holder)
    if kind == "component":
        return _COMPONENT_COVERS.get(element_of(holder), "cover_other")
    if kind == "material":
        return "cover_materials"
    if kind == "magnet":
        return "cover_finishing"
    if kind == "industry":
        if kind_of(product) in {"component", "material"}:
            return "cover_industry_components"
        return "cover_defence" if element_of(holder) == "defence" else "cover_other"
    # next to the source nobody needs as much
    if kind in {"metal", "alloy", "blank"} and country_of(holder) != "CHN":
        return "cover_magnet_makers"
    return "cover_plants"


def stock_of(parameter: str, cover: Number, transit: Number) -> Number:
    """Days of base use on hand, from the days that a parameter gives.

    Whole buffers are stock and pipeline together, as published statements give them: what is
    on the way (`transit`, mean days) is taken off.

    Examples
    --------
    >>> float(stock_of("cover_wind", 100.0, 32.0)), float(stock_of("cover_plants", 100.0, 32.0))
    (68.0, 100.0)
    """
    import numpy as np

    on_hand = cover - transit if parameter in WHOLE_BUFFERS else cover
    return np.maximum(on_hand, LEAST_COVER)


def cover_days(holder: str, product: str, transit: float) -> Figure:
    """Days of use that a producer holds of an input, with interval and source."""
    parameter = parameters()[cover_parameter(holder, product)]
    low, mid, high = (
        float(stock_of(parameter.name, days, transit))
        for days in (parameter.low, parameter.mid, parameter.high)
    )
    return Figure(parameter.id, low, mid, high, "days", "prior")


def _known(name: str, figures: Figures) -> Figure | None:
    figure = figures.claim(name)
    if figure is None and name.startswith("prior/"):
        figure = figures.prior(name)
    return figure


def _first(names: Sequence[str], figures: Figures) -> Figure:
    for name in names:
        figure = _known(name, figures)
        if figure is not None:
            return _mean([figure])
    raise KeyError(f"none of {', '.join(names)} is known: add a prior")


def _mean(figures: list[Figure]) -> Figure:
    count = len(figures)

    def days(column: str) -> float:
        return sum(convert(getattr(f, column), f.unit, "days") for f in figures) / count

    return Figure(
        ";".join(figure.id for figure in figures),
        days("low"),
        float(round(days("mid"))),
        days("high"),
        "days",
        max(figure.grade for figure in figures),
    )
