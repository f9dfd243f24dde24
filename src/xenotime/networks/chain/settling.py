"""Solve, drop what carries nothing, solve again: the links that remain and their solution."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xenotime.networks.chain.balance import KEPT, scrap_contents
from xenotime.networks.chain.candidates import candidates
from xenotime.networks.chain.nodes import Link, element_of, kind_of
from xenotime.networks.chain.programme import Reconciled, reconcile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xenotime.networks.chain.balance import Scrap
    from xenotime.networks.chain.candidates import Candidates
    from xenotime.networks.chain.figures import Figures

__all__ = ["SMALLEST_FLOW", "Settled", "settled", "solved_member"]

SMALLEST_FLOW = 0.02
"""Links that carry less (t/y) in the middle solution are dropped."""

MOST_ROUNDS = 6

SCRAP_TOLERANCE = 0.02
"""Largest share by which the scrap that recyclers assume may differ from what is cut."""


class Settled:
    """Links that remain, the middle solution on them, and how many programmes were solved."""

    def __init__(self, kept: Candidates, considered: int, middle: Reconciled, solves: int) -> None:
        self.kept = kept
        self.considered = considered
        self.middle = middle
        self.solves = solves


def settled(figures: Figures, countries: Sequence[str]) -> Settled:
    """Solve and drop small links until none is left and scrap has the contents of blanks."""
    every = candidates(countries, figures)
    kept, scrap = every, None
    for solves in range(1, MOST_ROUNDS + 1):
        solution = reconcile(kept, figures, scrap)
        small = _droppable(kept, solution)
        made = scrap_contents(solution.frame, solution.values, figures)
        if not small and _near(solution.scrap, made):
            break
        kept, scrap = kept.without(small), made
    else:
        solution = reconcile(kept, figures, scrap)
        solves += 1
    return Settled(kept, len(every.links), solution, solves)


def solved_member(kept: Candidates, figures: Figures, scrap: Scrap) -> tuple[Reconciled, int]:
    """Solve one member on the links that the middle solution kept; returns solves, too."""
    solution = reconcile(kept, figures, scrap)
    for solves in range(1, MOST_ROUNDS):
        made = scrap_contents(solution.frame, solution.values, figures)
        if _near(solution.scrap, made):
            return solution, solves
        solution = reconcile(kept, figures, made)
    return solution, MOST_ROUNDS


def _near(assumed: Scrap, made: Scrap) -> bool:
    """Whether scrap holds what recyclers were taken to get, as a share of all it holds."""
    whole: dict[tuple[str, str], float] = {}
    for (grade, country, _), share in made.items():
        whole[grade, country] = whole.get((grade, country), 0.0) + share
    return all(
        abs(assumed.get(key, 0.0) - share) <= SCRAP_TOLERANCE * max(share, 0.01 * whole[key[:2]])
        for key, share in made.items()
    )


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
