"""Activities, recipes and contents that follow from flows, so that balances hold to the bit."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xenotime.facts.taxonomy import ELEMENTS
from xenotime.networks.chain.chemistry import basket, element_per_oxide
from xenotime.networks.chain.nodes import Link, element_of, kind_of
from xenotime.networks.chain.row import Deposit, Discard

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xenotime.networks.chain.figures import Figures
    from xenotime.networks.chain.nodes import Candidates
    from xenotime.networks.chain.programme import Reconciled
    from xenotime.networks.chain.row import Variable

__all__ = ["Recipe", "activities", "contents", "essentiality", "recipes"]

# Tonnes of output make the activity of makers, tonnes of input that of separators and users
_BY_OUTPUT = frozenset({"mine", "metal", "magnet"})


@dataclass(frozen=True, slots=True)
class Recipe:
    """One line of a recipe, as in the `recipes` table."""

    process: str
    product: str
    role: str
    coefficient: float
    essentiality: str
    discard_share: float


def activities(flows: Mapping[Variable, float]) -> dict[str, float]:
    """Return the base activity of every producer, t/y."""
    bought: dict[str, float] = defaultdict(float)
    sold: dict[str, float] = defaultdict(float)
    for link, flow in flows.items():
        if isinstance(link, Link):
            bought[link.buyer] += flow
            sold[link.supplier] += flow
    return {
        producer: sold[producer] if kind_of(producer) in _BY_OUTPUT else bought[producer]
        for producer in sorted({*bought, *sold})
    }


def essentiality(producer: str, product: str) -> str:
    """Say what a lack of an input does to a producer.

    Neodymium stands in for praseodymium and dysprosium for terbium; `other` and
    `oxide_users` lump many uses that do not all need every input, so none stops them whole.

    Examples
    --------
    >>> essentiality("magnet:NdFeB-heavy@CHN", "metal:Dy")
    'essential'
    >>> essentiality("industry:other@USA", "magnet:SmCo")
    'important'
    """
    if kind_of(producer) == "magnet":
        return "important" if element_of(product) in {"Pr", "Tb"} else "essential"
    if kind_of(producer) == "industry" and element_of(producer) in {"other", "oxide_users"}:
        return "important"
    return "essential"


def recipes(flows: Mapping[Variable, float]) -> list[Recipe]:
    """Recipes of all producers, recomputed from the flows of one solution."""
    activity = activities(flows)
    inputs: dict[tuple[str, str], float] = defaultdict(float)
    outputs: dict[tuple[str, str], float] = defaultdict(float)
    discards: dict[tuple[str, str], float] = {}
    for key, flow in flows.items():
        if isinstance(key, Link):
            inputs[key.buyer, key.product] += flow
            outputs[key.supplier, key.product] += flow
        elif isinstance(key, Discard):
            discards[key.producer, key.product] = flow
    lines = [
        Recipe(buyer, product, "input", flow / activity[buyer], essentiality(buyer, product), 0.0)
        for (buyer, product), flow in inputs.items()
    ]
    for (supplier, product), flow in outputs.items():
        gross = flow + discards.get((supplier, product), 0.0)
        lines.append(
            Recipe(supplier, product, "output", gross / activity[supplier], "", 1.0 - flow / gross)
        )
    return sorted(lines, key=lambda line: (line.process, line.role, line.product))


def contents(
    candidates: Candidates, solution: Reconciled, figures: Figures
) -> list[tuple[str, str, str, float]]:
    """Rows (product, producer, element, t element per t) of ores, oxides, metals and magnets."""
    flows = solution.flows
    rows: list[tuple[str, str, str, float]] = []
    for ore in candidates.ores:
        weights = {
            deposit: flows.get(Deposit(ore.name, deposit), 1.0 if len(ore.deposits) == 1 else 0.0)
            for deposit in ore.deposits
        }
        total = sum(weights.values())
        for element in ELEMENTS:
            oxide = sum(weights[d] * basket(d)[element] for d in ore.deposits) / total
            if oxide > 0.0:
                rows.append((ore.product, "", element, oxide * element_per_oxide(element)))
    rows += [(f"oxide:{element}", "", element, element_per_oxide(element)) for element in ELEMENTS]
    rows += [
        (f"metal:{element}", "", element, 1.0) for element in ELEMENTS if element != "light_rest"
    ]
    kept = figures.middle("prior/yield/magnet")
    rows += [
        (
            f"magnet:{element_of(line.process)}",
            line.process,
            element_of(line.product),
            kept * line.coefficient,
        )
        for line in recipes(flows)
        if line.role == "input" and kind_of(line.process) == "magnet"
    ]
    return rows
