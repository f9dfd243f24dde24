"""Days on the way and days in stock: cited rows where there are any, else labelled priors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xenotime.networks.chain.figures import Figure
from xenotime.networks.chain.nodes import country_of, element_of, kind_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xenotime.networks.chain.figures import Figures

__all__ = ["cover_days", "transit_days"]

DAYS = {"days": 1.0, "weeks": 7.0}
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

COVER = {
    "light_vehicles": ("cover/WLD/light_vehicles/2025", "prior/cover/light_vehicles"),
    "wind": ("prior/cover/wind",),
    "defence": ("prior/cover/defence",),
    "other": ("prior/cover/other",),
    "oxide_users": ("prior/cover/oxide_users",),
}


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


def cover_days(holder: str, figures: Figures) -> Figure:
    """Days of use that a producer holds of each input, with interval and source."""
    kind = kind_of(holder)
    if kind == "industry":
        return _first(COVER[element_of(holder)], figures)
    if kind == "magnet":
        home = country_of(holder) == "CHN"
        return _first(("prior/cover/magnet_CHN" if home else "prior/cover/magnet_makers",), figures)
    return _first((f"prior/cover/{kind}",), figures)


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
    factors = [DAYS[figure.unit] for figure in figures]
    return Figure(
        ";".join(figure.id for figure in figures),
        sum(f.low * k for f, k in zip(figures, factors, strict=True)) / count,
        float(round(sum(f.mid * k for f, k in zip(figures, factors, strict=True)) / count)),
        sum(f.high * k for f, k in zip(figures, factors, strict=True)) / count,
        "days",
        max(figure.grade for figure in figures),
    )
