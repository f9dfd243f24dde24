"""A soft row, the unknowns it sums, and the collector that turns claims into rows."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from xenotime.networks.chain.chemistry import basket, element_per_oxide
from xenotime.networks.chain.figures import RELATIVE_SIGMA
from xenotime.networks.chain.nodes import Link, country_of, element_of, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from xenotime.networks.chain.figures import Figure, Figures
    from xenotime.networks.chain.nodes import Candidates
    from xenotime.networks.chain.start import Start

__all__ = [
    "MAGNET_ELEMENTS",
    "NDFEB",
    "Collector",
    "Deposit",
    "Discard",
    "Row",
    "Terms",
    "Variable",
]

MAGNET_ELEMENTS: tuple[str, ...] = ("Nd", "Pr", "Dy", "Tb")
NDFEB: tuple[str, ...] = ("NdFeB-light", "NdFeB-heavy")


class Deposit(NamedTuple):
    """Tonnes of oxide a year that an ore takes from one basket."""

    ore: str
    name: str


class Discard(NamedTuple):
    """Tonnes a year of an oxide that a separator does not sell."""

    producer: str
    product: str


Variable = Link | Deposit | Discard
Terms = dict[Variable, float]


@dataclass(frozen=True, slots=True)
class Row:
    """One figure that the fit should meet: ``sum(terms) = value`` within sigma.

    Attributes
    ----------
    name, terms
        What it is, and coefficient by unknown flow.
    value, sigma
        In t/y. A share has value 0 and a sigma in tonnes of a fixed denominator.
    unit
        What the tonnes weigh.
    kind
        ``level`` (a cited tonnage), ``share`` (a cited ratio) or ``prior``.
    grade, sources
        Grade of the weakest figure that enters, and ids of all.
    remark
        Why sigma differs from that of the grade, if it does.
    """

    name: str
    terms: Terms
    value: float
    sigma: float
    unit: str
    kind: str
    grade: str
    sources: tuple[str, ...]
    remark: str = ""


class Collector:
    """Adds rows when their figures are known; keeps the names of those that are hidden."""

    def __init__(self, candidates: Candidates, figures: Figures, start: Start) -> None:
        self.links = candidates.links
        self.ores = {ore.name: ore for ore in candidates.ores}
        self.figures = figures
        self.start = start
        self.rows: list[Row] = []
        self.missing: list[str] = []
        self.recovery = figures.middle("prior/separation_recovery/WLD")
        self.metal_yield = figures.middle("prior/yield/metal")

    def pick(self, test: Callable[[Link], bool], weight: float = 1.0) -> Terms:
        """Coefficient `weight` on every link that passes."""
        return {link: weight for link in self.links if test(link)}

    def level(
        self,
        name: str,
        body: str,
        terms: Terms,
        unit: str,
        *,
        factor: float = 1.0,
        factor_sources: tuple[str, ...] = (),
        factor_sigma: float = 0.0,
        relative: float | None = None,
        remark: str = "",
    ) -> None:
        """Add a cited tonnage (times a factor); `relative` replaces the sigma of the grade."""
        figure = self.figures.claim(body)
        if figure is None:
            self.missing.append(body)
            return
        if not terms:
            return
        value = figure.mid * factor
        spread = relative if relative is not None else RELATIVE_SIGMA[figure.grade]
        sigma = value * math.hypot(spread, factor_sigma)
        kind = "level" if figure.grade != "prior" else "prior"
        self.rows.append(
            Row(
                name,
                terms,
                value,
                sigma,
                unit,
                kind,
                figure.grade,
                (figure.id, *factor_sources),
                remark,
            )
        )

    def share(
        self,
        name: str,
        figure: Figure | None,
        part: Terms,
        whole: Terms,
        unit: str,
        *,
        sigma_share: float,
        remark: str,
        scale: float = 1.0,
    ) -> None:
        """Add ``part - share * whole = 0``; sigma is in tonnes of the starting denominator."""
        if figure is None:
            self.missing.append(name)
            return
        terms: dict[Variable, float] = defaultdict(float)
        for key, value in part.items():
            terms[key] += value
        for key, value in whole.items():
            terms[key] -= figure.mid * scale * value
        kind = "prior" if figure.grade == "prior" else "share"
        self.rows.append(
            Row(
                name,
                {key: value for key, value in terms.items() if value != 0.0},
                0.0,
                sigma_share * self.begun(whole),
                unit,
                kind,
                figure.grade,
                tuple(figure.id.split(";")),
                remark,
            )
        )

    def mined(self, names: Iterable[str]) -> Terms:
        """Ore of some baskets, t REO."""
        wanted = {self.ores[name].product for name in names if name in self.ores}
        return self.pick(lambda link: link.product in wanted)

    def contained(self, names: Iterable[str], elements: tuple[str, ...], *, oxide: bool) -> Terms:
        """Recoverable element (or oxide) of some ores, t/y, by their baskets."""
        terms: dict[Variable, float] = defaultdict(float)
        for name in names:
            if name not in self.ores:
                continue
            ore = self.ores[name]
            for deposit in ore.deposits:
                weight = self.recovery * sum(
                    basket(deposit)[e] * (1.0 if oxide else element_per_oxide(e)) for e in elements
                )
                if len(ore.deposits) > 1:
                    terms[Deposit(name, deposit)] += weight
                else:
                    for key in self.mined((name,)):
                        terms[key] += weight
        return dict(terms)

    def oxide_output(
        self, countries: Iterable[str], elements: tuple[str, ...], *, oxide: bool = True
    ) -> Terms:
        """Oxide that separators of some countries sell, t oxide or t element."""
        wanted = set(countries)
        return {
            link: 1.0 if oxide else element_per_oxide(element_of(link.product))
            for link in self.links
            if kind_of(link.supplier) == "separation"
            and country_of(link.supplier) in wanted
            and element_of(link.product) in elements
        }

    def traded(self, source: str | None, target: set[str] | None, *kinds: str) -> Terms:
        """Cross-border flows of products whose id begins with one of some kinds."""
        return self.pick(
            lambda link: (
                link.product.partition(":")[0] in kinds
                and country_of(link.supplier) != country_of(link.buyer)
                and (source is None or country_of(link.supplier) == source)
                and (target is None or country_of(link.buyer) in target)
            )
        )

    def made(self, countries: set[str], *grades: str) -> Terms:
        """Finished magnets made in some countries."""
        return self.pick(
            lambda link: (
                kind_of(link.supplier) == "magnet"
                and country_of(link.supplier) in countries
                and element_of(link.product) in grades
            )
        )

    def used(self, countries: set[str], *industries: str) -> Terms:
        """Finished magnets used in some countries, by some industries or all."""
        return self.pick(
            lambda link: (
                link.product.startswith("magnet:")
                and country_of(link.buyer) in countries
                and (not industries or element_of(link.buyer) in industries)
            )
        )

    def begun(self, terms: Terms) -> float:
        """Tonnes of the start in some terms; the fixed denominator of a share."""
        flows = self.start.flows
        return sum(abs(w) * flows[key] for key, w in terms.items() if isinstance(key, Link))
