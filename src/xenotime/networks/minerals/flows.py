"""Flows of the other minerals from mines and refineries to industries, for one member."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xenotime.facts.additions import remembered
from xenotime.networks.chain.figures import Figures, normal
from xenotime.networks.chain.nodes import country_of
from xenotime.networks.minerals.catalogue import MINERALS
from xenotime.networks.minerals.programme import fit
from xenotime.networks.minerals.rows import soft_rows
from xenotime.networks.minerals.start import Start, starting_flows
from xenotime.networks.minerals.supply import outputs

if TYPE_CHECKING:
    from datetime import date

    from xenotime.networks.chain.nodes import Link
    from xenotime.networks.chain.row import NamedRow
    from xenotime.networks.minerals.catalogue import Mineral

__all__ = ["MineralFlows", "mineral_flows"]

SMALLEST_FLOW = 0.5
"""Links that carry less (t/y) in the middle solution are dropped, as in the chain."""

MOST_LOST = 0.10
"""Share of a maker's output, or a country's use, that may go so; the other links take it over."""

MOST_UNKNOWNS = 3
"""A cited tonnage pins a flow when it sums at most this many flows."""


@dataclass(frozen=True)
class MineralFlows:
    """Who supplies whom with the other minerals.

    Attributes
    ----------
    flows
        Link -> t/y, above zero.
    rows
        The soft rows, with their values as fitted to (perturbed for members above 0).
    basis
        Link -> (``observed`` or ``allocated``, ids of the figures that contain or sized it,
        joined by semicolons).
    uses
        (id, role) -> grade of every figure that the flows rest on.
    candidates
        Number of links that could have carried a flow.
    missing
        Bodies of claims that would enter but are not known; a mineral without any cited row
        is left out whole.
    """

    flows: dict[Link, float]
    rows: tuple[NamedRow, ...]
    basis: dict[Link, tuple[str, str]]
    uses: dict[tuple[str, str], str]
    candidates: int
    missing: tuple[str, ...]


def mineral_flows(as_of: date | None, *, member: int = 0, seed: int = 7) -> MineralFlows:
    """Reconcile cited output and trade of the minerals into flows to industries.

    Each mineral is one step: mines (ore) or by-product refineries (metal) sell to industries.
    Output by country and United States trade are cited; use by industry is a prior, and use by
    country follows the output of the industry's sectors, so almost every link is allocated.

    Parameters
    ----------
    as_of
        Use only figures known on this day; None uses all. Tonnages of output appear with their
        release, so before February 2026 there are none and the minerals are left out.
    member
        0 is the middle solution; others see each cited figure moved by its sigma and each prior
        and driver drawn. All members have the links of the middle solution.
    seed
        Seed of those draws.

    Raises
    ------
    QpError
        If a programme does not converge.

    Examples
    --------
    >>> import datetime
    >>> found = mineral_flows(datetime.date(2025, 1, 1))
    >>> len(found.flows), "mineral_production/CHN/antimony/2024" in found.missing
    (0, True)
    """
    figures = Figures(as_of, seed=seed, member=member)
    flows: dict[Link, float] = {}
    rows: list[NamedRow] = []
    basis: dict[Link, tuple[str, str]] = {}
    missing: list[str] = []
    candidates = 0
    for mineral in MINERALS:
        every, kept = _settled(mineral, as_of, seed)
        with figures.noting("driver" if kept else ""):
            start, soft, hidden = _prepared(mineral, figures, every, kept)
        missing += hidden
        candidates += len(every)
        if not kept:
            continue
        if member:
            soft = [_perturbed(row, figures) for row in soft]
        answer = fit(start.flows, soft)
        flows |= answer
        rows += soft
        basis |= _basis(soft, start, kept)
    for row in rows:
        figures.note(row.sources, "figure")
    return MineralFlows(
        flows, tuple(rows), basis, dict(figures.uses), candidates, tuple(sorted(set(missing)))
    )


def _prepared(
    mineral: Mineral,
    figures: Figures,
    every: tuple[Link, ...] | None = None,
    kept: tuple[Link, ...] = (),
) -> tuple[Start, list[NamedRow], tuple[str, ...]]:
    """Start and rows of a mineral; without a cited row there is nothing to reconcile."""
    supply = outputs(mineral, figures)
    if not supply:
        return Start(), [], (mineral.claim("mineral_production", "CHN"),)
    start = starting_flows(mineral, supply, figures, every)
    if kept:
        start.flows = {link: start.flows[link] for link in kept}
    rows, missing = soft_rows(mineral, supply, start, figures)
    return start, rows, missing


@remembered()
def _settled(
    mineral: Mineral, as_of: date | None, seed: int
) -> tuple[tuple[Link, ...], tuple[Link, ...]]:
    """List the candidates, and those that carry something in the middle solution."""
    start, rows, _ = _prepared(mineral, Figures(as_of, seed=seed))
    if not start.flows or not any(row.kind == "level" for row in rows):
        return tuple(start.flows), ()
    return tuple(start.flows), _carrying(fit(start.flows, rows))


def _carrying(flows: dict[Link, float]) -> tuple[Link, ...]:
    """Links worth keeping: small ones go while nobody loses much by it."""
    whole: dict[str, float] = defaultdict(float)
    for link, flow in flows.items():
        for end in _ends(link):
            whole[end] += flow
    lost: dict[str, float] = defaultdict(float)
    kept = []
    for link in sorted(flows, key=lambda link: (flows[link], link)):
        flow = flows[link]
        if flow < SMALLEST_FLOW and all(
            lost[end] + flow <= MOST_LOST * whole[end] for end in _ends(link)
        ):
            for end in _ends(link):
                lost[end] += flow
        else:
            kept.append(link)
    return tuple(sorted(kept))


def _ends(link: Link) -> tuple[str, str]:
    """Maker and country of use: what the cited figures count."""
    return link.supplier, country_of(link.buyer)


def _perturbed(row: NamedRow, figures: Figures) -> NamedRow:
    """Return the row with its value drawn from its sigma; a tonnage stays positive."""
    if row.kind != "level":
        return row  # a prior was drawn when it was read
    draw = normal(figures.seed, figures.member, "row", row.name)
    return replace(row, value=max(row.value + row.sigma * draw, 0.05 * row.value))


def _basis(
    rows: list[NamedRow], start: Start, links: tuple[Link, ...]
) -> dict[Link, tuple[str, str]]:
    """Observed or allocated, and the ids behind each flow."""
    sources: dict[Link, dict[str, None]] = defaultdict(dict)
    pinned: set[Link] = set()
    for row in rows:
        for link in row.terms:
            sources[link] |= dict.fromkeys(row.sources)
        if row.kind == "level" and len(row.terms) <= MOST_UNKNOWNS:
            pinned |= set(row.terms)
    return {
        link: (
            "observed" if link in pinned else "allocated",
            ";".join(sources[link] | dict.fromkeys(start.drivers[link.buyer])),
        )
        for link in links
    }
