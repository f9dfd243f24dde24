"""From names to integers: the index structure that all draws of a run share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from xenotime.facts.units import convert
from xenotime.networks.chain.nodes import country_of
from xenotime.policy.regime import PermitClass, classify
from xenotime.runs.cover_classes import cover_quantiles, sourcing, split

if TYPE_CHECKING:
    import pandas as pd

    from xenotime.facts.measures import Measure
    from xenotime.networks.structure import ProductionNetwork
    from xenotime.policy.limits import Limit

__all__ = ["Layout", "build_layout", "rows"]

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

# Networks hold tonnes a year, the engine moves tonnes a day.
PER_DAY = convert(1.0, "t/y", "t/day")
# Sums of industries that are reported beside their parts: the beginnings of their ids.
SUMS = ("light_vehicles",)
LINK_COLUMNS = (
    *("supplier", "buyer", "product", "origin", "destination", "industry"),
    *("out_slot", "in_slot", "transit", "priority"),
)


@dataclass(frozen=True)
class Layout:
    """Integer structure of a network, and the per-member base flows (t/day).

    `P`, `O`, `K`, `L` count producers (industries and makers of components split into cover
    classes), output slots, input slots and links; arrays are indexed accordingly. `flows` has shape
    (L, members). `sectors` are industries by country, and after them the sums of several.
    """

    producers: pd.DataFrame
    out_ptr: Ints
    in_ptr: Ints
    outputs: pd.DataFrame
    inputs: pd.DataFrame
    links: pd.DataFrame
    flows: Array
    cover_z: Array
    contents: Mapping[tuple[str, str], Mapping[str, float]]
    classes: tuple[PermitClass, ...]
    link_class: Ints
    sectors: tuple[tuple[str, str], ...] = field(default=())
    producer_sector: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    sector_parent: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    projects: pd.DataFrame | None = None
    """Plants announced, as the network's table has them; a scenario says which of them come."""

    @property
    def members(self) -> int:
        """Number of members of the baseline ensemble."""
        return int(self.flows.shape[1])

    def content(self, product: str, producer: str) -> Mapping[str, float]:
        """Element shares of a product, as its producer makes it (t element per t)."""
        return self.contents.get((product, producer)) or self.contents.get((product, ""), {})


def rows(frame: pd.DataFrame) -> Iterator[Any]:
    """Yield rows as named tuples.

    Typed loosely on purpose: to the type checker each cell of a frame may be any scalar. Columns
    are turned into lists first, because texts kept in Arrow are slow to read one by one.
    """
    record: Any = NamedTuple("Row", [(name, Any) for name in frame.columns])  # type: ignore[misc]
    return map(record._make, zip(*(frame[name].tolist() for name in frame.columns), strict=True))


def build_layout(
    network: ProductionNetwork, controls: Sequence[Measure], limits: Sequence[Limit] = ()
) -> Layout:
    """Index a network and mark the links that the controls and limits of a scenario touch."""
    import pandas as pd

    recipes: dict[str, list[Any]] = {}
    for row in rows(network.recipes.sort_values(["process", "role", "product"], kind="stable")):
        recipes.setdefault(row.process, []).append(row)
    suppliers: dict[tuple[str, str], list[str]] = {}
    for row in rows(network.links.sort_values(["buyer", "product", "supplier"], kind="stable")):
        suppliers.setdefault((row.buyer, row.product), []).append(row.supplier)
    inputs_of = {p: [r.product for r in rs if r.role == "input"] for p, rs in recipes.items()}
    producers = split(network.producers, inputs_of, suppliers)
    inputs, outputs = [], []
    in_ptr, out_ptr = [0], [0]
    for i, row in enumerate(rows(producers)):
        for recipe in recipes[row.process]:
            if recipe.role == "input" and (not row.part or recipe.product in row.part):
                kind = "essential" if len(row.part) == 1 else recipe.essentiality
                inputs.append((i, recipe.product, kind))
            elif recipe.role == "output":
                outputs.append((i, recipe.product, recipe.coefficient, recipe.discard_share))
        in_ptr.append(len(inputs))
        out_ptr.append(len(outputs))
    in_frame = pd.DataFrame(inputs, columns=["producer", "product", "essentiality"])
    out_frame = pd.DataFrame(
        outputs, columns=["producer", "product", "coefficient", "discard_share"]
    )
    links, flows = _links(network, producers, in_frame, out_frame)
    contents: dict[tuple[str, str], dict[str, float]] = {}
    for row in rows(network.contents):
        contents.setdefault((row.product, row.producer), {})[row.element] = float(row.share)

    layout = Layout(
        producers=producers,
        out_ptr=np.array(out_ptr),
        in_ptr=np.array(in_ptr),
        outputs=out_frame,
        inputs=in_frame,
        links=links,
        flows=flows,
        cover_z=cover_quantiles(producers),
        contents=contents,
        classes=(),
        link_class=np.full(len(links), -1),
        projects=network.projects,
    )
    return _with_sectors(_with_classes(layout, controls, limits))


def _links(
    network: ProductionNetwork,
    producers: pd.DataFrame,
    inputs: pd.DataFrame,
    outputs: pd.DataFrame,
) -> tuple[pd.DataFrame, Array]:
    """Links between lines and cover classes, and their base flows (t/day) by member.

    A component goes from the class with the thinnest stock of magnets to the class with the
    thinnest stock of components, and so on: firms that keep little buy from firms that keep little.
    Everything else is shared over the classes of the buyer.
    """
    import pandas as pd

    keys = ["supplier", "buyer", "product"]
    # A network without an ensemble is its own only member.
    flow_of = network.ensemble if len(network.ensemble) else network.links.assign(member=0)
    wide = flow_of.pivot_table(index=keys, columns="member", values="base_flow_t_per_year")
    base = wide.loc[pd.MultiIndex.from_frame(network.links[keys])].to_numpy(float) * PER_DAY
    named = list(rows(producers))
    shared = _by_source(network.links, base, named)
    transit = network.links.set_index(keys)["transit_days"].to_dict()
    priority = dict(zip(network.demand["user"], network.demand["priority"], strict=True))
    country = dict(zip(network.producers["producer"], network.producers["country"], strict=True))
    slot_of: dict[tuple[str, str], dict[int, int]] = {}
    for slot, row in enumerate(rows(outputs)):
        seller = named[row.producer]
        slot_of.setdefault((seller.parent, row.product), {})[seller.cover_class] = slot
    records: list[tuple[Any, ...]] = []
    flows: list[Array] = []
    for in_slot, row in enumerate(rows(inputs)):
        buyer, product = named[row.producer], row.product
        for supplier, flow in shared[buyer.parent, product, buyer.lead, buyer.source]:
            out_slots = slot_of[supplier, product]
            paired = buyer.cover_class in out_slots
            records.append(
                (
                    supplier,
                    buyer.parent,
                    product,
                    country[supplier],
                    buyer.country,
                    buyer.industry,
                    out_slots[buyer.cover_class if paired else -1],
                    in_slot,
                    max(1, round(transit[supplier, buyer.parent, product])),
                    int(priority.get(buyer.parent, 1)),
                )
            )
            flows.append(flow * buyer.share)
    return pd.DataFrame(records, columns=LINK_COLUMNS), np.array(flows)


def _by_source(
    links: pd.DataFrame, base: Array, lines: Sequence[Any]
) -> dict[tuple[str, str, str, str], list[tuple[str, Array]]]:
    """Map (buyer, product, leading input, its source) to suppliers and flows by member."""
    bought: dict[tuple[str, str], list[tuple[str, Array]]] = {}
    for supplier, buyer, product, flow in zip(
        links["supplier"], links["buyer"], links["product"], base, strict=True
    ):
        bought.setdefault((buyer, product), []).append((supplier, flow))
    found = {(*key, "", ""): suppliers for key, suppliers in bought.items()}
    for buyer, part, lead in {(line.parent, line.part, line.lead) for line in lines if line.lead}:
        for product in part:
            if product == lead:
                for source, flow in bought[buyer, lead]:
                    found[buyer, lead, lead, source] = [(source, flow)]
                continue
            sources, amounts = zip(*bought[buyer, lead], strict=True)
            suppliers, others = zip(*bought[buyer, product], strict=True)
            table = sourcing(
                np.array(amounts),
                np.array(others),
                [country_of(name) for name in sources],
                [country_of(name) for name in suppliers],
            )
            for j, source in enumerate(sources):
                found[buyer, product, lead, source] = [
                    (supplier, table[i, j])
                    for i, supplier in enumerate(suppliers)
                    if (table[i, j] > 0).any()
                ]
    return found


def _with_classes(layout: Layout, controls: Sequence[Measure], limits: Sequence[Limit]) -> Layout:
    from dataclasses import replace

    found: list[PermitClass | None] = [
        classify(
            row.product,
            layout.content(row.product, row.supplier),
            origin=row.origin,
            destination=row.destination,
            industry=row.industry,
            controls=controls,
            limits=limits,
        )
        for row in rows(layout.links)
    ]
    classes = tuple(sorted({c for c in found if c is not None}))
    number = {c: i for i, c in enumerate(classes)}
    return replace(
        layout,
        classes=classes,
        link_class=np.array([-1 if c is None else number[c] for c in found]),
    )


def _with_sectors(layout: Layout) -> Layout:
    from dataclasses import replace

    keys = [(row.industry, row.country) if row.counted else None for row in rows(layout.producers)]
    parts = sorted({key for key in keys if key is not None})
    whole = {p: (total, p[1]) for total in SUMS for p in parts if p[0].startswith(f"{total}_")}
    sectors = (*parts, *sorted(set(whole.values())))
    number = {key: i for i, key in enumerate(sectors)}
    return replace(
        layout,
        sectors=sectors,
        producer_sector=np.array([-1 if key is None else number[key] for key in keys]),
        sector_parent=np.array([number[whole[s]] if s in whole else -1 for s in sectors]),
    )
