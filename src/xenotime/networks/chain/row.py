"""A soft row, and the collector that turns claims into rows."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

from xenotime.networks.chain.chemistry import basket, element_per_oxide
from xenotime.networks.chain.figures import RELATIVE_SIGMA
from xenotime.networks.chain.frame import Deposit, Terms, join
from xenotime.networks.chain.nodes import Link

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from numpy.typing import NDArray

    from xenotime.networks.chain.candidates import Candidates
    from xenotime.networks.chain.figures import Figure, Figures
    from xenotime.networks.chain.frame import Frame
    from xenotime.networks.chain.start import Start

__all__ = ["MAGNET_ELEMENTS", "NDFEB", "Collector", "NamedRow", "NamedTerms", "Row"]

MAGNET_ELEMENTS: tuple[str, ...] = ("Nd", "Pr", "Dy", "Tb")
NDFEB: tuple[str, ...] = ("NdFeB-light", "NdFeB-heavy")

_BORDER_FORMS = ("magnet", "blank")


NamedTerms = dict[Link, float]
"""A linear form by name: coefficient of each link."""

Form = TypeVar("Form")


@dataclass(frozen=True, slots=True)
class Row(Generic[Form]):
    """One figure that the fit should meet: ``terms = value`` within sigma.

    Attributes
    ----------
    name, terms
        What it is, and the linear form of the unknown flows (`Terms`, or `NamedTerms`).
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
    terms: Form
    value: float
    sigma: float
    unit: str
    kind: str
    grade: str
    sources: tuple[str, ...]
    remark: str = ""

    def moved(self, value: float) -> Row[Form]:
        """Return the row with another value."""
        return replace(self, value=value)


NamedRow = Row[NamedTerms]
"""A row whose terms go by the names of links."""


class Collector:
    """Adds rows when their figures are known; keeps the names of those that are hidden."""

    def __init__(
        self,
        candidates: Candidates,
        frame: Frame,
        figures: Figures,
        start: Start,
        begun: NDArray[np.float64],
    ) -> None:
        self.frame = frame
        self.ores = {ore.name: ore for ore in candidates.ores}
        self.figures = figures
        self.start = start
        self.rows: list[Row[Terms]] = []
        self.missing: list[str] = []
        self.begun = begun
        self.recovery = figures.middle("prior/separation_recovery/WLD")
        self.metal_yield = figures.middle("prior/yield/metal")

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
        self.given(
            name,
            figure,
            terms,
            unit,
            value=figure.mid * factor,
            relative=relative,
            factor_sources=factor_sources,
            factor_sigma=factor_sigma,
            remark=remark,
        )

    def given(
        self,
        name: str,
        figure: Figure,
        terms: Terms,
        unit: str,
        *,
        value: float,
        relative: float | None = None,
        factor_sources: tuple[str, ...] = (),
        factor_sigma: float = 0.0,
        remark: str = "",
    ) -> None:
        """Add a tonnage that rests on a figure.

        The error of a reported zero is that share of what the start has in its place.
        """
        size = value if value > 0.0 else float(np.abs(terms.weight) @ self.begun[terms.places])
        if size <= 0.0:
            return  # no flow that could be held, or none that the start has to bring down
        spread = relative if relative is not None else RELATIVE_SIGMA[figure.grade]
        kind = "prior" if figure.grade == "prior" else "level"
        self.rows.append(
            Row(
                name,
                terms,
                value,
                size * math.hypot(spread, factor_sigma),
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
        terms = join(part, whole.scaled(-figure.mid * scale))
        if not len(terms.places):
            return
        base = float(np.abs(whole.weight) @ self.begun[whole.places])
        kind = "prior" if figure.grade == "prior" else "share"
        self.rows.append(
            Row(
                name,
                terms,
                0.0,
                sigma_share * base,
                unit,
                kind,
                figure.grade,
                tuple(figure.id.split(";")),
                remark,
            )
        )

    def links(self, **wanted: str | Collection[str] | None) -> Terms:
        """Weight 1 on every link with the wanted values (`Frame.mask`)."""
        return self.frame.pick(self.frame.mask(**wanted))

    def mined(self, names: Iterable[str]) -> Terms:
        """Ore of some baskets, t REO."""
        return self.links(product=[self.ores[name].product for name in names if name in self.ores])

    def contained(self, names: Iterable[str], elements: tuple[str, ...]) -> Terms:
        """Recoverable element of some ores, t/y, by their baskets."""
        parts = []
        for name in names:
            if name not in self.ores:
                continue
            ore = self.ores[name]
            for deposit in ore.deposits:
                weight = self.recovery * sum(
                    basket(deposit)[e] * element_per_oxide(e) for e in elements
                )
                if len(ore.deposits) > 1:
                    parts.append(self.frame.terms([(Deposit(name, deposit), weight)]))
                else:
                    parts.append(self.mined((name,)).scaled(weight))
        return join(*parts)

    def oxide_output(
        self,
        countries: Collection[str],
        elements: tuple[str, ...],
        *,
        makers: tuple[str, ...] = ("separation",),
        oxide: bool = True,
    ) -> Terms:
        """Oxide that plants of some countries sell, t oxide or t element."""
        chosen = self.frame.mask(maker=makers, origin=countries, form="oxide", name=elements)
        return self.frame.by_name(
            chosen, {e: 1.0 if oxide else element_per_oxide(e) for e in elements}
        )

    def traded(
        self,
        source: str | None,
        target: Collection[str] | None,
        *forms: str,
        name: str | None = None,
    ) -> Terms:
        """Cross-border flows of some forms."""
        chosen = self.frame.mask(origin=source, target=target, form=forms, name=name)
        return self.frame.pick(chosen & self.frame.foreign)

    def magnets_traded(self, source: str | None, target: Collection[str] | None) -> Terms:
        """Finished magnets and blanks across a border: customs has one code for both."""
        return self.traded(source, target, *_BORDER_FORMS)

    def made(self, countries: Collection[str], *grades: str) -> Terms:
        """Finished magnets made in some countries."""
        return self.links(maker="magnet", form="magnet", origin=countries, name=grades)

    def used(self, countries: Collection[str] | None, *types: str) -> Terms:
        """Finished magnets built into components (and arms) in some countries."""
        return self.links(form="magnet", target=countries, user_name=types or None)
