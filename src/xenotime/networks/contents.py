"""What a tonne of each product holds: mixtures carried down the chain from alloys to components."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Shares = dict[str, float]

__all__ = ["MIXING_ORDER", "mixed"]

MIXING_ORDER: tuple[str, ...] = ("blank", "magnet", "component", "material")
"""Kinds whose output has the composition of what they take in, upstream first."""


def mixed(
    flows: Iterable[tuple[str, str, str, float]], known: Mapping[tuple[str, str], Shares]
) -> dict[tuple[str, str], Shares]:
    """Contents of blanks, magnets, scrap, components and materials, by product and producer.

    Sintering, cutting and building in lose mass and elements alike or not at all, so each
    output holds what the mixture of its inputs holds.

    Parameters
    ----------
    flows
        Supplier, buyer, product and t/y of each link.
    known
        Contents (t element per t) of ores, oxides, metals and alloys, by product and producer;
        a blank producer stands for any.

    Returns
    -------
    dict
        Contents by product and producer of the outputs; inputs of unknown content count as
        holding nothing.

    Examples
    --------
    >>> flows = [("alloy:SmCo@JPN", "blank:SmCo@JPN", "alloy:SmCo", 3.0),
    ...          ("blank:SmCo@JPN", "magnet:SmCo@JPN", "blank:SmCo", 2.9)]
    >>> mixed(flows, {("alloy:SmCo", "alloy:SmCo@JPN"): {"Sm": 0.25}})
    {('blank:SmCo', 'blank:SmCo@JPN'): {'Sm': 0.25}}
    """
    intake: dict[str, list[tuple[str, str, float]]] = defaultdict(list)
    outputs: dict[str, set[str]] = defaultdict(set)
    for supplier, buyer, product, flow in flows:
        intake[buyer].append((supplier, product, flow))
        outputs[supplier].add(product)
    found: dict[tuple[str, str], Shares] = {}
    for kind in MIXING_ORDER:
        for producer in sorted(outputs):
            if producer.partition(":")[0] != kind:
                continue
            total = sum(flow for _, _, flow in intake[producer])
            shares: Shares = defaultdict(float)
            for supplier, product, flow in intake[producer]:
                key = (product, supplier)
                inside = found.get(key) or known.get(key) or known.get((product, ""), {})
                for element, share in inside.items():
                    shares[element] += share * flow / total if total > 0.0 else 0.0
            for product in outputs[producer]:
                found[product, producer] = dict(shares)
    return found
