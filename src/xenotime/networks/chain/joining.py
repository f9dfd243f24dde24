"""The rare-earth chain and the chains of other minerals, side by side as one set of flows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from xenotime.networks.chain.basis import basis_of_flows
from xenotime.networks.chain.frame import Discard
from xenotime.networks.chain.nodes import Link

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from xenotime.networks.chain.figures import Figures
    from xenotime.networks.chain.programme import Reconciled
    from xenotime.networks.minerals import MineralFlows

__all__ = ["Flows", "joined"]


class Flows(NamedTuple):
    """Links in their order with what is known of each, and flows by member and link (t/y).

    Attributes
    ----------
    links, table
        Links sorted by name; flows of shape (members, links).
    discards
        What makers leave unsold (t/y), for each member.
    basis
        Observed or allocated, and the ids behind each flow.
    """

    links: list[Link]
    table: NDArray[np.float64]
    discards: list[dict[Discard, float]]
    basis: list[tuple[str, str]]

    def of(self, member: int) -> dict[Link, float]:
        """Flows of a member by link."""
        return dict(zip(self.links, self.table[member].tolist(), strict=True))


def joined(
    solutions: Sequence[Reconciled], minerals: Sequence[MineralFlows], figures: Figures
) -> Flows:
    """Join the flows of all members; nothing couples the chains but the industries they end in.

    Parameters
    ----------
    solutions, minerals
        Rare earths and other minerals, member 0 first, on the same links in all members.
    figures
        Unperturbed figures; what the minerals used is noted in them.
    """
    middle = solutions[0]
    own = list(middle.frame.links)
    others = sorted(minerals[0].flows)
    links = [*own, *others]
    table = np.array(
        [
            [*solution.values[: len(own)], *(found.flows[link] for link in others)]
            for solution, found in zip(solutions, minerals, strict=True)
        ]
    )
    basis = [*basis_of_flows(middle, figures), *(minerals[0].basis[link] for link in others)]
    figures.uses.update(minerals[0].uses)
    order = sorted(range(len(links)), key=links.__getitem__)
    return Flows(
        [links[i] for i in order],
        table[:, order],
        [_discards(solution) for solution in solutions],
        [basis[i] for i in order],
    )


def _discards(solution: Reconciled) -> dict[Discard, float]:
    first = len(solution.frame.links)
    return {
        name: float(solution.values[i])
        for i, name in enumerate(solution.frame.others, first)
        if isinstance(name, Discard)
    }
