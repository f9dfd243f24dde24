"""Named outputs: which links, producers and stocks add up to which reported series."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xenotime.facts import taxonomy
from xenotime.runs.layout import Layout, rows

__all__ = ["Groups", "Membership", "build_groups"]


@dataclass(frozen=True)
class Membership:
    """Rows of a table (links, input slots) summed into named groups: CSR by group."""

    keys: tuple[tuple[str, ...], ...]
    ptr: NDArray[np.int64]
    member: NDArray[np.int64]
    weight: NDArray[np.float64]

    @classmethod
    def of(cls, entries: Iterable[tuple[tuple[str, ...], int, float]]) -> Membership:
        """Build from (key, row, weight) entries; groups come out in the order of their keys."""
        gathered: dict[tuple[str, ...], list[tuple[int, float]]] = {}
        for key, row, weight in entries:
            if weight != 0.0:
                gathered.setdefault(key, []).append((row, weight))
        keys = tuple(sorted(gathered))
        sizes = [len(gathered[k]) for k in keys]
        flat = [item for k in keys for item in gathered[k]]
        return cls(
            keys,
            np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
            np.array([row for row, _ in flat], dtype=np.int64),
            np.array([weight for _, weight in flat], dtype=np.float64),
        )

    def by_row(
        self, count: int
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        """Turn the membership into CSR over rows: pointers, groups and weights."""
        group = np.repeat(np.arange(len(self.keys)), np.diff(self.ptr))
        order = np.argsort(self.member, kind="stable")
        ptr = np.concatenate([[0], np.cumsum(np.bincount(self.member, minlength=count))])
        return ptr.astype(np.int64), group[order].astype(np.int64), self.weight[order]

    def matrix(self, count: int) -> NDArray[np.float64]:
        """Turn the membership into a dense matrix, shape (groups, rows)."""
        dense = np.zeros((len(self.keys), count))
        group = np.repeat(np.arange(len(self.keys)), np.diff(self.ptr))
        np.add.at(dense, (group, self.member), self.weight)
        return dense


@dataclass(frozen=True)
class Groups:
    """Memberships by what they report.

    `exports` by (series, origin, destination); `shortages` by (element, country, scope);
    `stocks` by (industry, country), magnets held by users; `producers` are those that are not
    industries, and `producer_group` numbers them (-1 for cover classes of industries).
    """

    exports: Membership
    shortages: Membership
    stocks: Membership
    producers: tuple[str, ...]
    producer_group: NDArray[np.int64]


def build_groups(layout: Layout) -> Groups:
    """Group the links, input slots and producers of a layout."""
    whole = layout.producers["cover_class"].to_numpy() < 0
    names = layout.producers["producer"].to_numpy()
    number = np.cumsum(whole) - 1
    return Groups(
        exports=Membership.of(_exports(layout)),
        shortages=Membership.of(_shortages(layout)),
        stocks=Membership.of(_stocks(layout)),
        producers=tuple(names[whole]),
        producer_group=np.where(whole, number, -1),
    )


def _exports(layout: Layout) -> Iterable[tuple[tuple[str, ...], int, float]]:
    """Magnets and rare earths over borders; an element is counted in oxides and metals only."""
    for index, row in enumerate(rows(layout.links)):
        if row.origin == row.destination:
            continue
        form = row.product.partition(":")[0]
        if form == "magnet":
            series = [("magnet", 1.0)]
        elif form in {"oxide", "metal"}:
            content = layout.content(row.product, row.supplier)
            series = [("rare_earths", 1.0), *content.items()]
        else:
            continue
        for name, weight in series:
            for destination in taxonomy.with_aggregates(row.destination):
                yield (name, row.origin, destination), index, weight


def _shortages(layout: Layout) -> Iterable[tuple[tuple[str, ...], int, float]]:
    """Element content of inputs: `direct` where an element is worked, `embodied` in magnets.

    Metal makers are left out of `direct`: what they lack, magnet makers lack as metal, and one
    tonne must not count twice.
    """
    stage = layout.producers["stage"].to_numpy()
    country = layout.producers["country"].to_numpy()
    supplier_of = dict(
        zip(layout.links["in_slot"], layout.links["supplier"], strict=True)
    )  # any supplier: contents differ little between makers of a grade
    for index, row in enumerate(rows(layout.inputs)):
        where = stage[row.producer]
        if where == "magnet":
            scope = "direct"
        elif where == "industry":
            scope = "embodied" if row.product.startswith("magnet:") else "direct"
        else:
            continue
        content = layout.content(row.product, supplier_of.get(index, ""))
        for element, share in content.items():
            yield (element, country[row.producer], scope), index, share


def _stocks(layout: Layout) -> Iterable[tuple[tuple[str, ...], int, float]]:
    """Magnets in the hands of each industry of each country."""
    for index, row in enumerate(rows(layout.inputs)):
        sector = layout.producer_sector[row.producer]
        if sector >= 0:
            yield layout.sectors[sector], index, 1.0
