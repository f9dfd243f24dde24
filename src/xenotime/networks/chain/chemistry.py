"""Baskets of deposits and oxide-to-element factors, as the chain uses them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xenotime.facts import remembered, units
from xenotime.facts.taxonomy import ELEMENTS
from xenotime.facts.vintages import newest_under

if TYPE_CHECKING:
    from xenotime.facts import Claim

__all__ = ["SCANDIUM", "basket", "basket_sources", "element_per_oxide"]

SCANDIUM = "scandium"
"""A residue worked up for scandium alone: by-product of a host metal, without a basket."""


@remembered()
def _analysis(deposit: str) -> dict[str, float]:
    """Return the oxide shares of a deposit (t/t); elements without a figure are absent.

    Analyses are physics, not news: they are used whatever `as_of` is.
    """
    shares: dict[str, float] = {}
    for claim in _analyses(deposit):
        values = [value for value in (claim.low, claim.mid, claim.high) if value is not None]
        value = claim.mid if claim.mid is not None else (values[0] + values[-1]) / 2.0
        shares[claim.segments[1]] = units.convert(value, claim.unit, "t/t REO")
    return shares


def _analyses(deposit: str) -> tuple[Claim, ...]:
    """Newest analysis of each element of a deposit."""
    return newest_under(f"ore_basket/{deposit}/")


@remembered()
def basket(deposit: str) -> dict[str, float]:
    """Oxide of each followed element per tonne of oxide in an ore (t/t).

    An element that the analysis does not report counts as absent: no plant is known to
    recover it from that ore.

    Parameters
    ----------
    deposit
        Slug of a deposit in the claims ``ore_basket/<deposit>/<element>``.

    Raises
    ------
    KeyError
        If no analysis of the deposit is embedded.

    Examples
    --------
    >>> basket("mountain_pass")["Nd"], basket("mountain_pass")["Dy"]
    (0.11699999999999999, 0.0)
    """
    if deposit == SCANDIUM:
        return {element: float(element == "Sc") for element in ELEMENTS}
    analysis = _analysis(deposit)
    if not analysis:
        raise KeyError(f"no ore_basket claims of deposit {deposit!r}")
    return {element: analysis.get(element, 0.0) for element in ELEMENTS}


@remembered()
def basket_sources(deposit: str) -> tuple[str, ...]:
    """Ids of the claims that `basket` rests on.

    Examples
    --------
    >>> basket_sources("bayan_obo")[0]
    'ore_basket/bayan_obo/Ce@myb2022'
    """
    return tuple(claim.id for claim in _analyses(deposit) if claim.segments[1] in ELEMENTS)


def element_per_oxide(element: str) -> float:
    """Tonnes of element in a tonne of oxide.

    Examples
    --------
    >>> round(element_per_oxide("Dy"), 4)
    0.8713
    """
    return units.element_per_oxide(element)
