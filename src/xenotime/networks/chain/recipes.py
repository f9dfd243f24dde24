"""Activities, recipes and contents that follow from flows, so that balances hold to the bit."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xenotime.facts.taxonomy import ELEMENTS
from xenotime.networks import activity
from xenotime.networks.chain.balance import alloy_contents
from xenotime.networks.chain.chemistry import basket, element_per_oxide
from xenotime.networks.chain.frame import Deposit, Discard
from xenotime.networks.chain.nodes import Link, element_of, kind_of, stage_of, uses
from xenotime.networks.contents import mixed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xenotime.networks.chain.candidates import Candidates
    from xenotime.networks.chain.figures import Figures
    from xenotime.networks.chain.programme import Reconciled

__all__ = ["Recipe", "activities", "contents", "essentiality", "recipes"]

PURE_MINERALS: tuple[str, ...] = ("Ga", "Ge", "Sb", "W", "Te", "Mo")
"""Other minerals whose flows are tonnes of contained element; those of Bi, In and graphite are
gross, and what they contain is not known."""

_ESSENTIALS = {(use.product, use.industry): use.essentiality for use in uses()}


@dataclass(frozen=True, slots=True)
class Recipe:
    """One line of a recipe, as in the `recipes` table."""

    process: str
    product: str
    role: str
    coefficient: float
    essentiality: str
    discard_share: float


def activities(flows: Mapping[Link, float]) -> dict[str, float]:
    """Return the base activity of every producer, t/y."""
    names = sorted({name for link in flows for name in (link.supplier, link.buyer)})
    return activity.activities({name: stage_of(name) for name in names}, _quads(flows))


def _quads(flows: Mapping[Link, float]) -> list[tuple[str, str, str, float]]:
    return [(link.supplier, link.buyer, link.product, flow) for link, flow in flows.items()]


def essentiality(producer: str, product: str) -> str:
    """Say what a lack of an input does to a producer.

    Neodymium stands in for praseodymium and dysprosium for terbium, and alloys can do without
    the elements that only some makers add. Light magnets in a component that mostly needs heavy
    ones are important; a component is what its industry is made of. Recyclers, makers of
    materials and of parts for many products lump works that each take one input: those are
    separate. No line is on record that stopped for want of a catalyst or a coating: materials are
    replaceable where the industry makes one product (an assumption, in the table `uses`).

    Examples
    --------
    >>> essentiality("alloy:NdFeB-heavy@CHN", "metal:Dy")
    'essential'
    >>> essentiality("industry:other@USA", "component:industrial_drive")
    'important'
    """
    kind, name = kind_of(producer), element_of(producer)
    if kind == "alloy":
        needed = {"Nd", "Dy", "Sm"}
        return "essential" if element_of(product) in needed else "important"
    if kind == "industry":
        return _ESSENTIALS.get((product, name), "important")
    if kind == "component":
        if name in {"traction_motor", "wind_generator", "actuator"}:
            return "important" if product == "magnet:NdFeB-light" else "essential"
        if name in {"electronics_part", "industrial_drive", "medical_magnet"}:
            return "separate"
        return "important" if product == "magnet:SmCo" else "essential"
    return "separate" if kind in {"material", "recycling"} else "essential"


def recipes(flows: Mapping[Link, float], discards: Mapping[Discard, float]) -> list[Recipe]:
    """Recipes of all producers, recomputed from the flows of one solution."""
    activity_of = activities(flows)
    inputs: dict[tuple[str, str], float] = defaultdict(float)
    outputs: dict[tuple[str, str], float] = defaultdict(float)
    for link, flow in flows.items():
        inputs[link.buyer, link.product] += flow
        outputs[link.supplier, link.product] += flow
    lines = [
        Recipe(
            buyer,
            product,
            "input",
            _per(flow, activity_of[buyer]),
            essentiality(buyer, product),
            0.0,
        )
        for (buyer, product), flow in inputs.items()
    ]
    for (supplier, product), flow in outputs.items():
        gross = flow + discards.get(Discard(supplier, product), 0.0)
        lost = 1.0 - flow / gross if gross > 0.0 else 0.0
        lines.append(
            Recipe(supplier, product, "output", _per(gross, activity_of[supplier]), "", lost)
        )
    return sorted(lines, key=lambda line: (line.process, line.role, line.product))


def _per(flow: float, made: float) -> float:
    return flow / made if made > 0.0 else 0.0


def contents(
    candidates: Candidates,
    solution: Reconciled,
    figures: Figures,
    flows: Mapping[Link, float],
) -> list[tuple[str, str, str, float]]:
    """Rows (product, producer, element, t element per t) of everything that holds rare earths."""
    deposits = {name: flow for name, flow in solution.flows.items() if isinstance(name, Deposit)}
    known: dict[tuple[str, str], dict[str, float]] = {}
    for ore in candidates.ores:
        weights = {
            deposit: deposits.get(
                Deposit(ore.name, deposit), 1.0 if len(ore.deposits) == 1 else 0.0
            )
            for deposit in ore.deposits
        }
        total = sum(weights.values())
        if total > 0.0:
            known[ore.product, ""] = {
                element: oxide * element_per_oxide(element)
                for element in ELEMENTS
                if (oxide := sum(weights[d] * basket(d)[element] for d in ore.deposits) / total)
            }
    for element in ELEMENTS:
        known[f"oxide:{element}", ""] = {element: element_per_oxide(element)}
        known[f"metal:{element}", ""] = {element: 1.0}
    for maker, shares in alloy_contents(solution.frame, solution.values, figures).items():
        known[f"alloy:{element_of(maker)}", maker] = shares
    for symbol in PURE_MINERALS:
        for form in ("ore", "metal"):
            if any(link.product == f"{form}:{symbol}" for link in flows):
                known[f"{form}:{symbol}", ""] = {symbol: 1.0}
    known |= mixed(_quads(flows), known)
    return list(_rows(known.items()))


def _rows(
    known: Iterable[tuple[tuple[str, str], dict[str, float]]],
) -> Iterable[tuple[str, str, str, float]]:
    for (product, producer), shares in known:
        for element, share in shares.items():
            if share > 0.0:
                yield product, producer, element, share
