"""How much a producer does: tonnes made by makers, tonnes taken by separators and users."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["activities", "by_input"]

_TAKERS = frozenset({"separation", "recycling", "industry"})


def by_input(stage: str, *, takes: bool) -> bool:
    """Whether the activity of a producer is what it takes in, not what it makes.

    Parameters
    ----------
    stage
        Stage of the producer.
    takes
        Whether it has inputs; recyclers of what the network does not follow have none.

    Examples
    --------
    >>> by_input("separation", takes=True), by_input("recycling", takes=False)
    (True, False)
    """
    return stage in _TAKERS and takes


def activities(
    stages: Mapping[str, str], flows: Iterable[tuple[str, str, str, float]]
) -> dict[str, float]:
    """Return the base activity of every producer, t/y.

    Cutting scrap is a by-product: it does not count as output.

    Parameters
    ----------
    stages
        Producer -> stage.
    flows
        Supplier, buyer, product and t/y of each link.

    Examples
    --------
    >>> flows = [("blank:SmCo@JPN", "magnet:SmCo@JPN", "blank:SmCo", 3.0),
    ...          ("magnet:SmCo@JPN", "industry:defence@JPN", "magnet:SmCo", 2.0),
    ...          ("magnet:SmCo@JPN", "recycling:process_scrap@JPN", "scrap:SmCo", 1.0)]
    >>> activities({"magnet:SmCo@JPN": "magnet"}, flows)
    {'magnet:SmCo@JPN': 2.0}
    """
    bought: dict[str, float] = defaultdict(float)
    sold: dict[str, float] = defaultdict(float)
    takes: set[str] = set()
    for supplier, buyer, product, flow in flows:
        bought[buyer] += flow
        takes.add(buyer)
        if not product.startswith("scrap:"):
            sold[supplier] += flow
    return {
        producer: bought[producer] if by_input(stage, takes=producer in takes) else sold[producer]
        for producer, stage in stages.items()
    }
