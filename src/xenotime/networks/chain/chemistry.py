"""Baskets of deposits and oxide-to-element factors, as the chain uses them."""

from __future__ import annotations

from functools import lru_cache

from xenotime.facts.claims import claims

__all__ = ["FOLLOWED", "basket", "element_per_oxide"]

FOLLOWED: tuple[str, ...] = ("Nd", "Pr", "Dy", "Tb", "Sm", "light_rest")

TEMPORARY = {"Nd": 0.8574, "Pr": 0.8277, "Dy": 0.8713, "Tb": 0.8502, "Sm": 0.8624, "La": 0.8527, "Ce": 0.8141}


def element_per_oxide(element: str) -> float:
    if element == "light_rest":
        return (23.0 * TEMPORARY["La"] + 50 * TEMPORARY["Ce"]) / 73
    return TEMPORARY[element]


@lru_cache(maxsize=64)
def basket(deposit: str) -> dict[str, float]:
    """Oxide of each followed element per tonne of oxide in an ore (t/t)."""
    shares = dict.fromkeys(FOLLOWED, 0.0)
    for claim in claims():
        if claim.quantity != "ore_basket" or claim.segments[0] != deposit:
            continue
        values = [value for value in (claim.low, claim.mid, claim.high) if value is not None]
        if not values:
            continue
        value = claim.mid if claim.mid is not None else (values[0] + values[-1]) / 2.0
        element = "light_rest" if claim.segments[1] in {"La", "Ce"} else claim.segments[1]
        if element in shares:
            shares[element] += value / 100.0
    return shares
