"""Named outputs: which links, producers and stocks add up to which reported series."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xenotime.facts import taxonomy
from xenotime.runs.cover_classes import COUNTED
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
    `stocks` by (holder, country), magnets held by an industry, in components or bare, or by a kind
    of component maker (``component:traction_motor``); `producers` are those that are not
    industries, and `producer_group` numbers them (-1 for industries); the cover classes of a maker
    of components have the number of the whole.
    """

    exports: Membership
    shortages: Membership
    stocks: Membership
    producers: tuple[str, ...]
    producer_group: NDArray[np.int64]


def build_groups(layout: Layout) -> Groups:
    """Group the links, input slots and producers of a layout."""
    makers = layout.producers[layout.producers["stage"] != "industry"]
    names = makers["parent"].unique()
    number = {name: i for i, name in enumerate(names)}
    return Groups(
        exports=Membership.of(_exports(layout)),
        shortages=Membership.of(_shortages(layout)),
        stocks=Membership.of(_stocks(layout)),
        producers=tuple(names),
        producer_group=np.array([number.get(name, -1) for name in layout.producers["parent"]]),
    )


def _exports(layout: Layout) -> Iterable[tuple[tuple[str, ...], int, float]]:
    """Magnets and rare earths over borders; an element is counted in oxides and metals only.

    Blanks are counted as magnets, as customs do (HS 8505.11 takes in articles that are yet to be
    magnetised). Other minerals are counted by element, whether as ore or as metal.
    """
    for index, row in enumerate(rows(layout.links)):
        if row.origin == row.destination:
            continue
        form = row.product.partition(":")[0]
        content = layout.content(row.product, row.supplier)
        rare = any(element in taxonomy.RARE_EARTHS for element in content)
        if form in {"magnet", "blank"}:
            series = [("magnet", 1.0)]
        elif form in {"oxide", "metal"} and rare:
            series = [("rare_earths", 1.0), *content.items()]
        elif form in {"ore", "metal"} and not rare:
            series = [*content.items()]
        else:
            continue
        for name, weight in series:
            for destination in taxonomy.with_aggregates(row.destination):
                yield (name, row.origin, destination), index, weight


def _shortages(layout: Layout) -> Iterable[tuple[tuple[str, ...], int, float]]:
    """Element content of inputs: `direct` where an element is worked, `embodied` in magnets.

    One tonne must not count twice: what makers of metals lack, makers of alloys lack as metal, and
    what industries lack in components, makers of components lack as magnets.
    """
    country = layout.producers["country"].to_numpy()
    # where a metal or an oxide is worked into something that has no form of its own in a list
    works = layout.producers["stage"].isin(["alloy", "magnet", "component", "industry"]).to_numpy()
    last = set(np.flatnonzero(works))
    supplier_of = dict(
        zip(layout.links["in_slot"], layout.links["supplier"], strict=True)
    )  # any supplier: contents differ little between makers of a grade
    for index, row in enumerate(rows(layout.inputs)):
        form = row.product.partition(":")[0]
        if form == "magnet":
            scope = "embodied"
        elif form in {"oxide", "metal", "ore"} and row.producer in last:
            scope = "direct"
        else:
            continue
        content = layout.content(row.product, supplier_of.get(index, ""))
        for element, share in content.items():
            yield (element, country[row.producer], scope), index, share


def _stocks(layout: Layout) -> Iterable[tuple[tuple[str, ...], int, float]]:
    """Magnets in the hands of each industry and each kind of component maker of each country."""
    holders = list(rows(layout.producers))
    for index, row in enumerate(rows(layout.inputs)):
        holder = holders[row.producer]
        if not row.product.startswith(COUNTED):
            continue
        if holder.stage == "industry":
            yield (holder.industry, holder.country), index, 1.0
        elif holder.stage == "component":
            yield (holder.parent.rpartition("@")[0], holder.country), index, 1.0
