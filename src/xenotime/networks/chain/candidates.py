"""Which links may exist: those that the start of the fit gives a size worth having."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from xenotime.facts import remembered
from xenotime.facts.taxonomy import NETWORK_COUNTRIES
from xenotime.networks.chain.figures import Figures
from xenotime.networks.chain.nodes import Link, Ore, country_of, kind_of, ores
from xenotime.networks.chain.start import MAGNET_OXIDES, starting_flows
from xenotime.networks.chain.start_materials import SMALLEST_MAKER

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

__all__ = ["LEAST_FLOW", "LEAST_SHARE", "Candidates", "candidates", "chosen", "orphans"]

LEAST_FLOW = 0.1
"""Links that start below this (t/y) are no candidates, but for the largest of a buyer."""

LEAST_SHARE: dict[str, float] = {
    "ore>separation": 0.0,
    "scrap>recycling": 0.0,
    "alloy>blank": 0.0,
    "blank>magnet": 0.0,
    "oxide>metal": 0.004,
    "metal>alloy": 0.02,
    "magnet>component": 0.05,
    "oxide>material": 0.18,
    "metal>material": 0.3,
    "component>industry": 0.05,
    "material>industry": 0.15,
    "magnet>industry": 0.04,
}
"""Nor are those that bring less than this share of what a buyer takes of a product, except the
largest: where nothing is known of a flow, small ones are noise that costs time."""


@dataclass(frozen=True)
class Candidates:
    """All producers and links that may exist."""

    ores: tuple[Ore, ...]
    links: tuple[Link, ...]

    @cached_property
    def producers(self) -> tuple[str, ...]:
        """Producer ids in order of first appearance."""
        names = dict.fromkeys(link.supplier for link in self.links)
        names |= dict.fromkeys(link.buyer for link in self.links)
        return tuple(names)

    def without(self, dropped: set[Link]) -> Candidates:
        """Return the candidates that remain when some links and what hangs on them are dropped."""
        links = [link for link in self.links if link not in dropped]
        while hanging := orphans(links):
            links = [link for link in links if link not in hanging]
        return Candidates(self.ores, tuple(links))


def orphans(links: Sequence[Link]) -> set[Link]:
    """Links of makers that would sell without buying, or buy without selling."""
    sells = {link.supplier for link in links if kind_of(link.product) != "scrap"}
    buys = {link.buyer for link in links}
    return {
        link
        for link in links
        if (kind_of(link.buyer) != "industry" and link.buyer not in sells)
        or (
            kind_of(link.supplier) != "mine"
            and not link.supplier.startswith("recycling:end_of_life")
            and link.supplier not in buys
        )
        or link.supplier not in sells
    }


def candidates(
    countries: Sequence[str] = NETWORK_COUNTRIES, figures: Figures | None = None
) -> Candidates:
    """All candidate links, sorted by name whatever the order of the countries.

    Parameters
    ----------
    countries
        ISO3 codes; links to and from others are left out.
    figures
        What is known; everything when None.

    Examples
    --------
    >>> Link("mine:ion_clay@MMR", "separation:ion_clay_MMR@CHN", "ore:ion_clay_MMR") in set(
    ...     candidates().links
    ... )
    True
    """
    if figures is None:
        return _with_all_figures(frozenset(countries))
    return chosen(starting_flows(figures).flows, countries)


@remembered(maxsize=4)
def _with_all_figures(countries: frozenset[str]) -> Candidates:
    return chosen(starting_flows(Figures()).flows, countries)


def chosen(flows: Mapping[Link, float], countries: Collection[str]) -> Candidates:
    """Links of a start that are worth having, between some countries."""
    nodes = set(countries)
    slots: dict[tuple[str, str], float] = defaultdict(float)
    largest: dict[tuple[str, str], float] = defaultdict(float)
    made: dict[str, float] = defaultdict(float)
    for link, flow in flows.items():
        slot = (link.buyer, link.product)
        slots[slot] += flow
        largest[slot] = max(largest[slot], flow)
        if kind_of(link.buyer) == "material":
            made[link.buyer] += flow
    outlets: dict[tuple[str, str], float] = defaultdict(float)
    for link, flow in flows.items():
        outlet = (link.supplier, link.product)
        outlets[outlet] = max(outlets[outlet], flow)
    small = {maker for maker, tonnes in made.items() if tonnes < SMALLEST_MAKER}
    links = sorted(
        link
        for link, flow in flows.items()
        if {country_of(link.supplier), country_of(link.buyer)} <= nodes
        and link.supplier not in small
        and link.buyer not in small
        and (
            flow == outlets[link.supplier, link.product] >= _least_outlet(link)
            or _worth_having(link, flow, slots[link.buyer, link.product], largest)
        )
    )
    found = Candidates(ores(), tuple(links))
    return found.without(set())


def _least_outlet(link: Link) -> float:
    """Smallest flow (t/y) that keeps a producer's only outlet.

    None is too small for an oxide that nobody leaves unsold.
    """
    return 0.0 if link.product.partition(":")[2] in MAGNET_OXIDES else LEAST_FLOW


def _worth_having(
    link: Link, flow: float, intake: float, largest: Mapping[tuple[str, str], float]
) -> bool:
    least = LEAST_SHARE[f"{kind_of(link.product)}>{kind_of(link.buyer)}"]
    if flow >= LEAST_FLOW and flow >= least * intake:
        return True
    return flow == largest[link.buyer, link.product] and flow >= LEAST_FLOW / 10.0
