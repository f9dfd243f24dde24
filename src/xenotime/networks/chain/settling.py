"""Solve, drop what carries nothing, solve again: the links that remain and their solution."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from xenotime.networks.chain.balance import KEPT, scrap_contents
from xenotime.networks.chain.candidates import chosen
from xenotime.networks.chain.nodes import GRADE_ELEMENTS, Link, country_of, element_of, kind_of
from xenotime.networks.chain.programme import Reconciled, reconcile
from xenotime.networks.chain.start import starting_flows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xenotime.networks.chain.balance import Scrap
    from xenotime.networks.chain.candidates import Candidates
    from xenotime.networks.chain.figures import Figures

__all__ = ["SMALLEST_FLOW", "Settled", "settled", "solved_member"]

SMALLEST_FLOW = 0.02
"""Links that carry less (t/y) in the middle solution are dropped."""

MOST_ROUNDS = 6

SCRAP_TOLERANCE = 0.05
"""Largest share by which a recycler's element may differ from what its balance assumed: with a
recovery of at most 0.95 nobody recovers more than went in."""

MOST_UNRECOVERED = 0.15
"""Share by which a recycler may win less of a by-product than its balance could."""

LEAST_CONTENT = 0.01
"""Elements below this share of the rare earths in scrap are held to that of this share."""


class Settled:
    """Links that remain, the middle solution on them, and how many programmes were solved."""

    def __init__(self, kept: Candidates, considered: int, middle: Reconciled, solves: int) -> None:
        self.kept = kept
        self.considered = considered
        self.middle = middle
        self.solves = solves


def settled(figures: Figures, countries: Sequence[str]) -> Settled:
    """Solve and drop small links until none is left and scrap has the contents of blanks."""
    start = starting_flows(figures)
    every = chosen(start.flows, countries)
    kept, scrap = every, None
    solves = 0
    for _ in range(MOST_ROUNDS):
        solves += 1
        solution = reconcile(kept, figures, scrap, start)
        small = _droppable(kept, solution)
        made = scrap_contents(solution.frame, solution.values, figures)
        if not small and _near(solution, made):
            break
        kept, scrap = kept.without(small), made
    else:
        solution = reconcile(kept, figures, scrap, start)
        solves += 1
    return Settled(kept, len(every.links), solution, solves)


def solved_member(kept: Candidates, figures: Figures, scrap: Scrap) -> tuple[Reconciled, int]:
    """Solve one member on the links that the middle solution kept; returns solves, too."""
    solution = reconcile(kept, figures, scrap)
    for solves in range(1, MOST_ROUNDS):
        made = scrap_contents(solution.frame, solution.values, figures)
        if _near(solution, made):
            return solution, solves
        solution = reconcile(kept, figures, made, solution.start)
    return solution, MOST_ROUNDS


def _near(solution: Reconciled, made: Scrap) -> bool:
    """Whether each recycler got the elements that its balance assumed."""
    assumed: dict[tuple[str, str], float] = defaultdict(float)
    got: dict[tuple[str, str], float] = defaultdict(float)
    taken: dict[str, float] = defaultdict(float)
    for link, flow in zip(solution.frame.links, solution.values.tolist(), strict=False):
        if kind_of(link.product) != "scrap":
            continue
        grade, country = element_of(link.product), country_of(link.supplier)
        for element in GRADE_ELEMENTS[grade]:
            key = (grade, country, element)
            assumed[link.buyer, element] += flow * solution.scrap.get(key, 0.0)
            got[link.buyer, element] += flow * made.get(key, 0.0)
            taken[link.buyer] += flow * made.get(key, 0.0)
    for (plant, element), tonnes in got.items():
        size = max(tonnes, LEAST_CONTENT * taken[plant])
        over = (assumed[plant, element] - tonnes) / size
        least = SCRAP_TOLERANCE if element in KEPT else MOST_UNRECOVERED
        if not -least <= over <= SCRAP_TOLERANCE:
            return False
    return True


def _droppable(kept: Candidates, solution: Reconciled) -> set[Link]:
    """Links below `SMALLEST_FLOW` that no law needs.

    The largest buyer of an oxide that may not be discarded stays, and the largest supplier of
    a metal that an alloy demands, however small: without them the law that balances the oxide,
    or the recipe's lower bound, could not be met. So does the largest supplier of each
    producer, whose other links would hang in the air.
    """
    flows = dict(zip(solution.frame.links, solution.values.tolist(), strict=False))
    small = {link for link in kept.links if flows[link] < SMALLEST_FLOW}
    best_sale: dict[tuple[str, str], Link] = {}
    best_purchase: dict[tuple[str, str], Link] = {}
    for link in kept.links:
        for best, key in (
            (best_sale, (link.supplier, link.product)),
            (best_purchase, (link.buyer, link.product)),
        ):
            if key not in best or flows[link] > flows[best[key]]:
                best[key] = link
    needed = {
        link
        for (supplier, product), link in best_sale.items()
        if kind_of(supplier) in {"separation", "recycling"} and element_of(product) in KEPT
    }
    needed |= {link for (buyer, _), link in best_purchase.items() if kind_of(buyer) == "alloy"}
    small -= needed
    # neodymium and praseodymium travel together: neither link stays without the other
    known = set(kept.links)
    return small | {twin for link in small if (twin := _twin(link)) in known} - needed


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
