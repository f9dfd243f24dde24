"""Output of mines and refineries by node: cited tonnages, and priors where no table is printed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xenotime.facts import priors
from xenotime.facts.taxonomy import countries
from xenotime.facts.units import convert
from xenotime.networks.minerals.catalogue import COUNTRIES, Mineral

if TYPE_CHECKING:
    from xenotime.networks.chain.figures import Figure, Figures

__all__ = ["Z90", "Output", "Trade", "node_of", "outputs", "tonnes", "us_trade"]


@dataclass(frozen=True, slots=True)
class Output:
    """What a node makes of a mineral in the base year.

    Attributes
    ----------
    tonnes, sigma
        t/y, and one standard deviation.
    sources
        Ids of the figures that add up to it.
    grade
        ``A`` to ``D``, or ``prior``.
    remark
        Why sigma differs from that of the grade, if it does.
    """

    tonnes: float
    sigma: float
    sources: tuple[str, ...]
    grade: str
    remark: str = ""


Z90 = 1.2816
"""Normal quantile of 90 %: between low and high of a prior lie twice as many sigmas."""

PRINTED, ESTIMATED = 0.05, 0.15
"""Sigma of a printed tonnage and of one that the source calls its own estimate, as a share."""


def node_of(iso3: str) -> str:
    """Node of a country.

    Examples
    --------
    >>> [node_of(code) for code in ("KAZ", "BEL", "CHL", "ROW")]
    ['KAZ', 'REU', 'ROW', 'ROW']
    """
    if iso3 in COUNTRIES:
        return iso3
    return "REU" if iso3 in countries() and countries()[iso3].in_eu else "ROW"


def tonnes(figure: Figure) -> float:
    """Middle value of a figure, in tonnes of what it weighs: the mineral or the element in it."""
    return figure.mid if figure.unit == "t element" else convert(figure.mid, figure.unit, "t")


def outputs(mineral: Mineral, figures: Figures) -> dict[str, Output]:
    """Output by node: the sum of the cited countries in it, or a prior where none is cited.

    A printed zero is no output; a withheld figure is unknown and gives no producer.
    """
    cited: dict[str, list[Figure]] = defaultdict(list)
    for place in (*countries(), "ROW"):
        figure = figures.claim(mineral.claim("mineral_production", place))
        if figure is not None and tonnes(figure) > 0.0:
            cited[node_of(place)].append(figure)
    if cited:
        return {node: _sum(cited[node]) for node in COUNTRIES if node in cited}
    found = {}
    for node in COUNTRIES:
        name = f"prior/mineral_output/{mineral.symbol}/{node}"
        if name in priors():
            prior = figures.prior(name)
            # low and high are the 10 and 90 % points
            sigma = (prior.high - prior.low) / (2.0 * Z90)
            found[node] = Output(prior.mid, sigma, (prior.id,), "prior")
    return found


@dataclass(frozen=True, slots=True)
class Trade:
    """Trade of the United States in a mineral: the figures, and those without a number."""

    bought: tuple[Figure, ...]
    sold: tuple[Figure, ...]
    missing: tuple[str, ...]

    @property
    def imports(self) -> float:
        """Gross imports, t/y."""
        return sum(map(tonnes, self.bought))

    @property
    def exports(self) -> float:
        """Exports as far as they are printed, t/y."""
        return sum(map(tonnes, self.sold))


def us_trade(mineral: Mineral, figures: Figures) -> Trade:
    """Look up imports and exports of the United States, by the series that count the mineral."""
    found: dict[str, list[Figure]] = {"us_imports": [], "us_exports": []}
    missing = []
    for table, names in (("us_imports", mineral.imports), ("us_exports", mineral.exports)):
        for name in names:
            body = mineral.claim(table, "USA", name)
            figure = figures.claim(body)
            if figure is None:
                missing.append(body)
            else:
                found[table].append(figure)
    return Trade(tuple(found["us_imports"]), tuple(found["us_exports"]), tuple(missing))


def _sum(parts: list[Figure]) -> Output:
    total = sum(tonnes(part) for part in parts)
    guessed = [part for part in parts if part.description.startswith("estimated")]
    variance = sum(
        ((ESTIMATED if part in guessed else PRINTED) * tonnes(part)) ** 2 for part in parts
    )
    return Output(
        total,
        max(variance, 1e-12) ** 0.5,
        tuple(part.id for part in parts),
        max(part.grade for part in parts),
        "15 % instead of 5 %: the source's own estimate" if guessed else "",
    )
