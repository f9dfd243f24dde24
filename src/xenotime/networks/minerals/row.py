"""A figure that the flows of a mineral should meet, by link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xenotime.networks.chain.nodes import Link

__all__ = ["Row", "Terms"]

Terms = dict["Link", float]
"""Coefficient by link."""


@dataclass(frozen=True, slots=True)
class Row:
    """One figure that the fit should meet: ``sum(terms) = value`` within sigma.

    Attributes
    ----------
    name, terms
        What it is, and coefficient by link.
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

    def fitted(self, flows: Mapping[Link, float]) -> float:
        """Sum of the terms over flows, t/y.

        Examples
        --------
        >>> from xenotime.networks.chain.nodes import Link
        >>> link = Link("mine:Sb@TJK", "industry:other@USA", "ore:Sb")
        >>> Row("out", {link: 2.0}, 8.0, 1.0, "t", "level", "A", ()).fitted({link: 3.0})
        6.0
        """
        return sum(weight * flows[link] for link, weight in self.terms.items())
