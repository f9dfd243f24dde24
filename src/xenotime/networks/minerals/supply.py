"""Output of mines and refineries by country: cited, or a prior where no table is printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xenotime.facts import priors, remembered
from xenotime.facts.taxonomy import countries
from xenotime.facts.units import convert
from xenotime.networks.minerals.catalogue import MINERALS

if TYPE_CHECKING:
    from datetime import date

    from xenotime.networks.chain.figures import Figure, Figures
    from xenotime.networks.minerals.catalogue import Mineral

__all__ = ["Z90", "Output", "Trade", "outputs", "producers", "tonnes", "us_trade"]


@dataclass(frozen=True, slots=True)
class Output:
    """What a country makes of a mineral in the base year.

    Attributes
    ----------
    tonnes, sigma
        t/y, and one standard deviation.
    sources
        Ids of the figures behind it.
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


def tonnes(figure: Figure) -> float:
    """Middle value of a figure, in tonnes of what it weighs: the mineral or the element in it."""
    return figure.mid if figure.unit == "t element" else convert(figure.mid, figure.unit, "t")


def outputs(mineral: Mineral, figures: Figures) -> dict[str, Output]:
    """Output by country as cited, or by priors where no table is printed.

    A maker sits in the country that the source names, whether or not that country is a node of
    users; what the source calls other countries is ``ROW``. A printed zero is no output; a
    withheld figure is unknown and gives no producer.
    """
    found = {}
    for place in (*countries(), "ROW"):
        figure = figures.claim(mineral.claim("mineral_production", place))
        if figure is not None and tonnes(figure) > 0.0:
            guessed = figure.description.startswith("estimated")
            found[place] = Output(
                tonnes(figure),
                (ESTIMATED if guessed else PRINTED) * tonnes(figure),
                (figure.id,),
                figure.grade,
                "15 % instead of 5 %: the source's own estimate" if guessed else "",
            )
    if found:
        return found
    for place in (*countries(), "ROW"):
        name = f"prior/mineral_output/{mineral.symbol}/{place}"
        if name in priors():
            prior = figures.prior(name)
            # low and high are the 10 and 90 % points
            sigma = (prior.high - prior.low) / (2.0 * Z90)
            found[place] = Output(prior.mid, sigma, (prior.id,), "prior")
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


@remembered(maxsize=4)
def producers(as_of: date | None = None) -> frozenset[str]:
    """Ids of the mines and refineries of all minerals, as far as figures were known on a day.

    Examples
    --------
    >>> {"mine:W@CHN", "metal:Ga@CHN"} <= producers()
    True
    """
    from xenotime.networks.chain.figures import Figures

    figures = Figures(as_of)
    return frozenset(
        mineral.producer(country) for mineral in MINERALS for country in outputs(mineral, figures)
    )


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
