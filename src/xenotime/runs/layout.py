"""From names to integers: the index structure that all draws of a run share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from xenotime.facts.units import convert
from xenotime.policy.regime import PermitClass, classify
from xenotime.runs.cover_classes import cover_quantiles, split

if TYPE_CHECKING:
    import pandas as pd

    from xenotime.facts.measures import Measure
    from xenotime.networks.structure import ProductionNetwork

__all__ = ["Layout", "build_layout", "rows"]

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

# Networks hold tonnes a year, the engine moves tonnes a day.
PER_DAY = convert(1.0, "t/y", "t/day")
# Sums of industries that are reported beside their parts: the beginnings of their ids.
SUMS = ("light_vehicles",)


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

    @property
    def members(self) -> int:
        """Number of members of the baseline ensemble."""
        return int(self.flows.shape[1])

    def content(self, product: str, producer: str) -> Mapping[str, float]:
        """Element shares of a product, as its producer makes it (t element per t)."""
        return self.contents.get((product, producer)) or self.contents.get((product, ""), {})


def rows(frame: pd.DataFrame) -> Iterator[Any]:
    """Yield rows as named tuples.

    Typed loosely on purpose: to the type checker each cell of a frame may be any scalar.
    """
    return iter(frame.itertuples(index=False))


def build_layout(network: ProductionNetwork, controls: Sequence[Measure]) -> Layout:
    """Index a network and mark the links that the controls of a scenario touch."""
    import pandas as pd

    recipes = network.recipes.sort_values(["process", "role", "product"], kind="stable")
    by_process = {str(name): group for name, group in recipes.groupby("process", sort=False)}
    producers = split(network.producers, by_process)
    inputs, outputs = [], []
    in_ptr, out_ptr = [0], [0]
    for i, row in enumerate(rows(producers)):
        for recipe in rows(by_process[row.process]):
            if recipe.role == "input" and (not row.part or recipe.product in row.part):
                inputs.append(
                    {
                        "producer": i,
                        "product": recipe.product,
                        "essentiality": "essential" if len(row.part) == 1 else recipe.essentiality,
                    }
                )
            elif recipe.role == "output":
                outputs.append(
                    {
                        "producer": i,
                        "product": recipe.product,
                        "coefficient": float(recipe.coefficient),
                        "discard_share": float(recipe.discard_share),
                    }
                )
        in_ptr.append(len(inputs))
        out_ptr.append(len(outputs))
    in_frame, out_frame = pd.DataFrame(inputs), pd.DataFrame(outputs)
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
    )
    return _with_sectors(_with_classes(layout, controls))


def _links(
    network: ProductionNetwork,
    producers: pd.DataFrame,
    inputs: pd.DataFrame,
    outputs: pd.DataFrame,
) -> tuple[pd.DataFrame, Array]:
    """Links between cover classes, and their base flows (t/day) by member.

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
    priority = dict(zip(network.demand["user"], network.demand["priority"], strict=True))
    named = list(rows(producers))
    country = dict(zip(network.producers["producer"], network.producers["country"], strict=True))
    sellers = _slots_by_parent(named, outputs)
    buyers = _slots_by_parent(named, inputs)
    holder = inputs["producer"].to_numpy(int).tolist()
    records: list[dict[str, Any]] = []
    flows: list[Array] = []
    for link, flow in zip(rows(network.links), base, strict=True):
        for number, in_slot in buyers[link.buyer, link.product].items():
            buyer = named[holder[in_slot]]
            seller = sellers[link.supplier, link.product]
            records.append(
                {
                    "supplier": link.supplier,
                    "buyer": link.buyer,
                    "product": link.product,
                    "origin": country[link.supplier],
                    "destination": buyer.country,
                    "industry": buyer.industry,
                    "out_slot": seller[number] if number in seller else seller[-1],
                    "in_slot": in_slot,
                    "transit": max(1, round(link.transit_days)),
                    "priority": int(priority.get(link.buyer, 1)),
                }
            )
            flows.append(flow * buyer.share)
    return pd.DataFrame(records), np.array(flows)


def _slots_by_parent(
    producers: Sequence[Any], slots: pd.DataFrame
) -> dict[tuple[str, str], dict[int, int]]:
    """Map (producer of the network, product) to its slots by cover class."""
    found: dict[tuple[str, str], dict[int, int]] = {}
    for slot, row in enumerate(rows(slots)):
        producer = producers[row.producer]
        found.setdefault((producer.parent, row.product), {})[producer.cover_class] = slot
    return found


def _with_classes(layout: Layout, controls: Sequence[Measure]) -> Layout:
    from dataclasses import replace

    found: list[PermitClass | None] = [
        classify(
            row.product,
            layout.content(row.product, row.supplier),
            origin=row.origin,
            destination=row.destination,
            industry=row.industry,
            controls=controls,
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
