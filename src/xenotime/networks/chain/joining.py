"""The rare-earth chain and the chains of other minerals, side by side as one set of flows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from xenotime.networks.chain.basis import basis_of_flows
from xenotime.networks.chain.ensemble import Member
from xenotime.networks.chain.frame import Discard

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from xenotime.networks.chain.figures import Figures
    from xenotime.networks.chain.frame import Frame
    from xenotime.networks.chain.nodes import Link
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
    middle: Reconciled, minerals: MineralFlows, others: Sequence[Member], figures: Figures
) -> Flows:
    """Join the flows of all members; nothing couples the chains but the industries they end in.

    Parameters
    ----------
    middle, minerals
        Member 0 of the rare earths and of the other minerals.
    others
        The other members, on the same links.
    figures
        Unperturbed figures; what the minerals used is noted in them.
    """
    own, mined = list(middle.frame.links), sorted(minerals.flows)
    first = Member(0, middle.values, np.array([minerals.flows[link] for link in mined]), 0.0, 0)
    members = [first, *others]
    table = np.array([[*m.values[: len(own)], *m.minerals] for m in members])
    basis = [*basis_of_flows(middle, figures), *(minerals.basis[link] for link in mined)]
    figures.uses.update(minerals.uses)
    links = [*own, *mined]
    order = sorted(range(len(links)), key=links.__getitem__)
    return Flows(
        [links[i] for i in order],
        table[:, order],
        [_discards(middle.frame, member.values) for member in members],
        [basis[i] for i in order],
    )


def _discards(frame: Frame, values: NDArray[np.float64]) -> dict[Discard, float]:
    return {
        name: float(values[i])
        for i, name in enumerate(frame.others, len(frame.links))
        if isinstance(name, Discard)
    }
