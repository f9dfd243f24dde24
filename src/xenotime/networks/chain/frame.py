"""The unknowns of the fit as arrays: chosen by what they carry, from where, to whom."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from xenotime.networks.chain.nodes import Link, country_of, element_of, kind_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from numpy.typing import NDArray

__all__ = ["Deposit", "Discard", "Frame", "Terms", "Variable", "join"]


class Deposit(NamedTuple):
    """Tonnes of oxide a year that an ore takes from one basket; or magnets at end of life."""

    ore: str
    name: str


class Discard(NamedTuple):
    """Tonnes a year of a product that its maker does not sell."""

    producer: str
    product: str


Variable = Link | Deposit | Discard


class Terms(NamedTuple):
    """A linear form: positions of unknowns and their coefficients."""

    places: NDArray[np.int64]
    weight: NDArray[np.float64]

    def value(self, flows: NDArray[np.float64]) -> float:
        """Sum of coefficients times flows."""
        return float(self.weight @ flows[self.places])

    def scaled(self, factor: float) -> Terms:
        """Return the form times a number."""
        return Terms(self.places, self.weight * factor)


def join(*parts: Terms) -> Terms:
    """Add linear forms.

    Examples
    --------
    >>> import numpy as np
    >>> one = Terms(np.array([0, 1]), np.array([1.0, 1.0]))
    >>> joined = join(one, Terms(np.array([1]), np.array([-1.0])))
    >>> joined.places.tolist(), joined.weight.tolist()
    ([0], [1.0])
    """
    index = np.concatenate([part.places for part in parts])
    weight = np.concatenate([part.weight for part in parts])
    places, inverse = np.unique(index, return_inverse=True)
    total = np.zeros(len(places))
    np.add.at(total, inverse, weight)
    kept = total != 0.0
    return Terms(places[kept], total[kept])


class Frame:
    """Unknown flows in a fixed order: links first, then deposits, then discards.

    Parameters
    ----------
    links
        Candidate links.
    others
        Deposits and discards.
    """

    def __init__(self, links: Sequence[Link], others: Sequence[Deposit | Discard]) -> None:
        self.links = tuple(links)
        self.others = tuple(others)
        self.names: tuple[Variable, ...] = (*self.links, *self.others)
        self.place: dict[Variable, int] = {name: i for i, name in enumerate(self.names)}
        self._groups: dict[tuple[str, ...], dict[tuple[str, ...], NDArray[np.int64]]] = {}
        self._columns: dict[str, tuple[dict[str, int], NDArray[np.int64]]] = {}
        parts = {
            "supplier": [link.supplier for link in self.links],
            "buyer": [link.buyer for link in self.links],
            "product": [link.product for link in self.links],
            "maker": [kind_of(link.supplier) for link in self.links],
            "origin": [country_of(link.supplier) for link in self.links],
            "user": [kind_of(link.buyer) for link in self.links],
            "user_name": [element_of(link.buyer) for link in self.links],
            "target": [country_of(link.buyer) for link in self.links],
            "form": [kind_of(link.product) for link in self.links],
            "name": [element_of(link.product) for link in self.links],
        }
        for column, values in parts.items():
            codes: dict[str, int] = {}
            array = np.array(
                [codes.setdefault(value, len(codes)) for value in values], dtype=np.int64
            )
            self._columns[column] = (codes, array)

    @cached_property
    def foreign(self) -> NDArray[np.bool_]:
        """Whether a link crosses a border."""
        return np.array(
            [country_of(link.supplier) != country_of(link.buyer) for link in self.links]
        )

    def mask(self, **wanted: str | Collection[str] | None) -> NDArray[np.bool_]:
        """Say which links have the wanted values in all columns named.

        Columns are supplier, buyer, product, maker and user (kinds), origin and target
        (countries), form and name (of the product), user_name. None wants anything.
        """
        found = np.ones(len(self.links), dtype=bool)
        for column, values in wanted.items():
            if values is None:
                continue
            codes, array = self._columns[column]
            chosen = np.zeros(len(codes) + 1, dtype=bool)
            for value in (values,) if isinstance(values, str) else values:
                if value in codes:
                    chosen[codes[value]] = True
            found &= chosen[array]
        return found

    def pick(self, chosen: NDArray[np.bool_], weight: float = 1.0) -> Terms:
        """Make a linear form of the links of a mask."""
        index = np.flatnonzero(chosen)
        return Terms(index, np.full(len(index), weight))

    def by_name(self, chosen: NDArray[np.bool_], weights: dict[str, float]) -> Terms:
        """Make a form of the links of a mask, weighed by the name of the product."""
        codes, array = self._columns["name"]
        table = np.zeros(len(codes))
        for name, weight in weights.items():
            if name in codes:
                table[codes[name]] = weight
        index = np.flatnonzero(chosen)
        return Terms(index, table[array[index]])

    def terms(self, pairs: Iterable[tuple[Variable, float]]) -> Terms:
        """Make a linear form from names and coefficients."""
        found = list(pairs)
        index = np.array([self.place[name] for name, _ in found], dtype=np.int64)
        return Terms(index, np.array([weight for _, weight in found], dtype=np.float64))

    def groups(self, *columns: str) -> dict[tuple[str, ...], NDArray[np.int64]]:
        """Positions of links by the values of some columns; do not change them."""
        if columns in self._groups:
            return self._groups[columns]
        keys = np.stack([self._columns[column][1] for column in columns])
        order = np.lexsort(keys[::-1])
        ordered = keys[:, order]
        cuts = np.flatnonzero((ordered[:, 1:] != ordered[:, :-1]).any(axis=0)) + 1
        names = [list(self._columns[column][0]) for column in columns]
        found = {}
        for part in np.split(order, cuts):
            if len(part):
                key = tuple(names[i][keys[i, part[0]]] for i in range(len(columns)))
                found[key] = np.sort(part)
        self._groups[columns] = found
        return found

    def sums(self, flows: NDArray[np.float64], *columns: str) -> dict[tuple[str, ...], float]:
        """Sum flows of links by the values of some columns."""
        return {key: float(flows[index].sum()) for key, index in self.groups(*columns).items()}
