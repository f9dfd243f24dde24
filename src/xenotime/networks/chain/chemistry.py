"""Baskets of deposits and oxide-to-element factors, as the chain uses them."""

from __future__ import annotations

from xenotime.facts import claims, remembered, units
from xenotime.facts.taxonomy import ELEMENTS

__all__ = ["basket", "basket_sources", "element_per_oxide", "oxide_sources"]

# Lanthanum and cerium leave the chain as one product; their mixture is that of the largest mine
_LIGHT_REST_DEPOSIT = "bayan_obo"
_LIGHT_REST = ("La", "Ce")


@remembered()
def _analysis(deposit: str) -> dict[str, float]:
    """Return the oxide shares of a deposit (t/t); elements without a figure are absent.

    Analyses are physics, not news: they are used whatever `as_of` is.
    """
    shares: dict[str, float] = {}
    for claim in claims():
        if claim.quantity != "ore_basket" or claim.segments[0] != deposit:
            continue
        values = [value for value in (claim.low, claim.mid, claim.high) if value is not None]
        if values:
            value = claim.mid if claim.mid is not None else (values[0] + values[-1]) / 2.0
            shares[claim.segments[1]] = units.convert(value, claim.unit, "t/t REO")
    return shares


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
    analysis = _analysis(deposit)
    if not analysis:
        raise KeyError(f"no ore_basket claims of deposit {deposit!r}")
    shares = {element: analysis.get(element, 0.0) for element in ELEMENTS}
    shares["light_rest"] = sum(analysis.get(element, 0.0) for element in _LIGHT_REST)
    return shares


@remembered()
def basket_sources(deposit: str) -> tuple[str, ...]:
    """Ids of the claims that `basket` rests on.

    Examples
    --------
    >>> basket_sources("bayan_obo")[0]
    'ore_basket/bayan_obo/Ce@myb2022'
    """
    followed = {*ELEMENTS, *_LIGHT_REST}
    return tuple(
        claim.id
        for claim in claims()
        if claim.quantity == "ore_basket"
        and claim.segments[0] == deposit
        and claim.segments[1] in followed
        and (claim.low, claim.mid, claim.high) != (None, None, None)
    )


def oxide_sources() -> tuple[str, ...]:
    """Ids of the claims that `element_per_oxide` of `light_rest` rests on.

    Examples
    --------
    >>> oxide_sources()
    ('ore_basket/bayan_obo/Ce@myb2022', 'ore_basket/bayan_obo/La@myb2022')
    """
    names = {f"ore_basket/{_LIGHT_REST_DEPOSIT}/{element}" for element in _LIGHT_REST}
    return tuple(
        name for name in basket_sources(_LIGHT_REST_DEPOSIT) if name.partition("@")[0] in names
    )


@remembered(maxsize=16)
def element_per_oxide(element: str) -> float:
    """Tonnes of element in a tonne of oxide; `light_rest` as in the Bayan Obo analysis.

    Examples
    --------
    >>> round(element_per_oxide("Dy"), 4), round(element_per_oxide("light_rest"), 3)
    (0.8713, 0.826)
    """
    if element != "light_rest":
        return units.element_per_oxide(element)
    parts = {part: _analysis(_LIGHT_REST_DEPOSIT)[part] for part in _LIGHT_REST}
    total = sum(parts.values())
    return sum(share / total * units.element_per_oxide(part) for part, share in parts.items())
