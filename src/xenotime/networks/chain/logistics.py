"""Days on the way and days in stock: cited rows where there are any, else labelled priors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xenotime.facts.parameters import parameters
from xenotime.facts.units import convert
from xenotime.networks.chain.figures import Figure

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    # a float, or an array with a draw axis
    Number = Any
    from xenotime.networks.chain.figures import Figures

__all__ = ["LEAST_COVER", "cover_days", "cover_parameter", "stock_of", "transit_days"]

EUROPE = frozenset({"DEU", "REU"})
ASIA = frozenset({"CHN", "JPN", "KOR", "VNM", "MYS", "IND", "MMR"})

# Chinese gates to each country: claims to average, or a prior of this room
_FROM_CHINA: dict[str, tuple[str, ...]] = {
    "DEU": ("transit/CHN/EUU/sea",),
    "REU": ("transit/CHN/EUU/sea",),
    "USA": ("transit/CHN/USA/sea_west", "transit/CHN/USA/sea_east"),
    "VNM": ("transit/CHN/SE_Asia/sea",),
    "MYS": ("transit/CHN/SE_Asia/sea",),
    "JPN": ("prior/transit/CHN/JPN",),
    "KOR": ("prior/transit/CHN/KOR",),
    "IND": ("prior/transit/CHN-IND",),
    "AUS": ("prior/transit/CHN-AUS",),
    "ROW": ("prior/transit/CHN-ROW",),
    "MMR": ("prior/transit/MMR-CHN",),
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
        names = _FROM_CHINA[other]
        known = [figure for name in names if (figure := _known(name, figures)) is not None]
        if known:
            return _mean(known)
        return _first(("prior/transit/overseas",), figures)
    if {origin, destination} <= EUROPE:
        return _first(("prior/transit/europe",), figures)
    if {origin, destination} <= ASIA:
        return _first(("prior/transit/neighbours",), figures)
    return _first(("prior/transit/overseas",), figures)


def cover_parameter(stage: str, country: str, industry: str) -> str:
    """Name of the parameter that says how much a kind of producer holds.

    Examples
    --------
    >>> cover_parameter("industry", "DEU", "wind"), cover_parameter("magnet", "JPN", "")
    ('cover_wind', 'cover_magnet_makers')
    """
    if stage == "industry":
        return f"cover_{industry}"
    # next to the source nobody needs as much
    return (
        "cover_magnet_makers"
        if stage in {"metal", "magnet"} and country != "CHN"
        else "cover_plants"
    )


def stock_of(stage: str, cover: Number, transit: Number) -> Number:
    """Days of base use on hand, from the days that a parameter gives.

    The parameters of industries are whole buffers, stock and pipeline together, as published
    statements give them: what is on the way (`transit`, mean days) is taken off.

    Examples
    --------
    >>> float(stock_of("industry", 100.0, 32.0)), float(stock_of("magnet", 100.0, 32.0))
    (68.0, 100.0)
    """
    import numpy as np

    on_hand = cover - transit if stage == "industry" else cover
    return np.maximum(on_hand, LEAST_COVER)


def cover_days(stage: str, country: str, industry: str, transit: float) -> Figure:
    """Days of use that a producer holds of each input, with interval and source."""
    parameter = parameters()[cover_parameter(stage, country, industry)]
    low, mid, high = (
        float(stock_of(stage, days, transit))
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
