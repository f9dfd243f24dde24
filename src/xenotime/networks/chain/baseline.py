"""Build the reconciled baseline: solve, drop what carries nothing, solve again, perturb."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from xenotime.facts.problems import RequestError
from xenotime.facts.taxonomy import NETWORK_COUNTRIES
from xenotime.networks.chain.figures import Figures
from xenotime.networks.chain.nodes import GRADE_ELEMENTS, Link, candidates, element_of, kind_of
from xenotime.networks.chain.programme import DISCARDABLE, Reconciled, reconcile
from xenotime.networks.chain.report import BaselineReport, build_report
from xenotime.networks.chain.start import starting_flows
from xenotime.networks.chain.tables import build_tables
from xenotime.networks.validation import validate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from xenotime.networks.chain.nodes import Candidates
    from xenotime.networks.structure import ProductionNetwork

__all__ = ["SMALLEST_FLOW", "Baseline", "build_baseline", "settled_links"]

SMALLEST_FLOW = 0.5
"""Links that carry less (t/y) in the middle solution are dropped."""

MOST_ROUNDS = 8


class Baseline(NamedTuple):
    """A network and how it was reconciled; unpacks as ``network, report``."""

    network: ProductionNetwork
    report: BaselineReport


def build_baseline(
    as_of: date | None = None,
    *,
    members: int = 16,
    seed: int = 7,
    countries: Sequence[str] = NETWORK_COUNTRIES,
) -> Baseline:
    """Reconcile the cited figures of the base year 2024 into one network and its ensemble.

    Parameters
    ----------
    as_of
        Use only figures known on this day; priors fill what is hidden. None uses all.
    members
        Solutions in the ensemble, at least 1. Member 0 is the middle solution; the others
        see each cited figure moved by its sigma and each prior drawn from its interval.
    seed
        Seed of those draws; they depend on names, not on order.
    countries
        Nodes, in any order; the order does not change the result.

    Returns
    -------
    Baseline
        ``network`` (valid, in balance to 1e-12) and ``report``.

    Raises
    ------
    RequestError
        If `members` is below 1, a country is unknown, or `as_of` lies before any cited tonnage.
    QpError
        If a programme does not converge.

    Examples
    --------
    >>> network, report = build_baseline(members=1)
    >>> report.hard_violation < 1e-9, len(network.links) < 1500
    (True, True)
    """
    problems = [] if members >= 1 else [f"members is {members}: give a whole number above 0"]
    missing = [country for country in NETWORK_COUNTRIES if country not in set(countries)]
    unknown = [country for country in countries if country not in NETWORK_COUNTRIES]
    problems += [
        f"country {country!r} is not a node of the network: leave it out" for country in unknown
    ]
    problems += [
        f"country {country!r} is missing: the figures need every node" for country in missing
    ]
    if problems:
        raise RequestError(problems, subject="baseline")

    figures = Figures(as_of, seed=seed)
    kept, middle, solves = settled_links(candidates(countries), figures)
    if not any(row.kind == "level" for row in middle.rows):
        raise RequestError(
            f"as_of is {as_of}: no cited tonnage of the base year 2024 was known on that day, "
            "so priors alone would fill the network: choose a later day",
            subject="baseline",
        )
    others = [
        reconcile(kept, Figures(as_of, seed=seed, member=member)) for member in range(1, members)
    ]
    network = build_tables(kept, middle, others, figures)
    found = validate(network)
    if found:
        raise RequestError(found, subject="reconciled baseline")
    allocated = float((network.flow_basis["basis"] == "allocated").mean())
    return Baseline(network, build_report(middle, others, solves + len(others), allocated))


def settled_links(every: Candidates, figures: Figures) -> tuple[Candidates, Reconciled, int]:
    """Solve and drop small links until none is left; returns links, solution, solves."""
    start = starting_flows(every, figures)
    kept = every.without({link for link, flow in start.flows.items() if flow <= 0.0})
    for solves in range(1, MOST_ROUNDS + 1):
        solution = reconcile(kept, figures)
        small = _droppable(kept, solution)
        if not small:
            return kept, solution, solves
        kept = kept.without(small)
    return kept, reconcile(kept, figures), MOST_ROUNDS + 1


def _droppable(kept: Candidates, solution: Reconciled) -> set[Link]:
    """Links below `SMALLEST_FLOW` that no law needs.

    The largest buyer of an oxide that may not be discarded stays, and the largest supplier of
    a metal that a magnet recipe demands, however small: without them the law that
    balances the oxide, or the recipe's lower bound, could not be met.
    """
    small = {link for link in kept.links if solution.flows[link] < SMALLEST_FLOW}
    best_sale: dict[tuple[str, str], Link] = {}
    best_purchase: dict[tuple[str, str], Link] = {}
    for link in kept.links:
        for best, key in (
            (best_sale, (link.supplier, link.product)),
            (best_purchase, (link.buyer, link.product)),
        ):
            if key not in best or solution.flows[link] > solution.flows[best[key]]:
                best[key] = link
    needed = {
        link
        for (supplier, product), link in best_sale.items()
        if kind_of(supplier) == "separation" and element_of(product) not in DISCARDABLE
    }
    needed |= {
        link
        for (buyer, product), link in best_purchase.items()
        if kind_of(buyer) == "magnet" and element_of(product) in GRADE_ELEMENTS[element_of(buyer)]
    }
    small -= needed
    # neodymium and praseodymium travel together: neither link stays without the other
    return small | {twin for link in small if (twin := _twin(link)) in kept.links} - needed


def _twin(link: Link) -> Link | None:
    """Link of praseodymium beside one of neodymium, and the other way round."""
    element = element_of(link.product)
    if element not in {"Nd", "Pr"}:
        return None
    other = "Pr" if element == "Nd" else "Nd"
    return Link(
        link.supplier.replace(f"metal:{element}@", f"metal:{other}@"),
        link.buyer.replace(f"metal:{element}@", f"metal:{other}@"),
        link.product.replace(f":{element}", f":{other}"),
    )
