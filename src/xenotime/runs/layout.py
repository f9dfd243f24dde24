"""From names to integers: the index structure that all draws of a run share.

An industry in a country is split here into classes by days of cover: the network itself stays a
table of who supplies whom.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from xenotime.facts.units import convert
from xenotime.policy.regime import PermitClass, classify

if TYPE_CHECKING:
    import pandas as pd

    from xenotime.facts.measures import Measure
    from xenotime.networks.structure import ProductionNetwork

__all__ = ["CLASS_EDGES", "OXIDE_USERS", "Layout", "build_layout", "rows"]

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

# Upper edges of the cover classes as shares of an industry's output, thinnest stock first.
CLASS_EDGES = np.array([0.01, 0.03, 0.06, 0.10, 0.20, 0.40, 0.70, 1.00])
# Users of oxides are counted in shortages, not in stoppages: their tonnes are not output.
OXIDE_USERS = "oxide_users"
# These stand for many industries, each of which needs one of the inputs: a lack of samarium-cobalt
# must not stop the makers of loudspeakers. They are split by input as well as by cover.
SEPARABLE = ("industry:other@", f"industry:{OXIDE_USERS}@")
# Networks hold tonnes a year, the engine moves tonnes a day.
PER_DAY = convert(1.0, "t/y", "t/day")


@dataclass(frozen=True)
class Layout:
    """Integer structure of a network, and the per-member base flows (t/day).

    `P`, `O`, `K`, `L` count producers (industries split into cover classes), output slots, input
    slots and links; arrays are indexed accordingly. `flows` has shape (L, members).
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
    producers = _split_industries(network.producers, by_process)
    position = {name: i for i, name in enumerate(producers["producer"])}
    buyers_of: dict[tuple[str, str], list[int]] = {}

    inputs, outputs = [], []
    in_ptr, out_ptr = [0], [0]
    for i, row in enumerate(rows(producers)):
        for recipe in rows(by_process[row.process]):
            if recipe.role == "input" and row.part in {"", recipe.product}:
                buyers_of.setdefault((row.parent, recipe.product), []).append(i)
                inputs.append(
                    {
                        "producer": i,
                        "product": recipe.product,
                        "essentiality": "essential" if row.part else recipe.essentiality,
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
    in_slot = {(r.producer, r.product): k for k, r in enumerate(rows(in_frame))}
    out_slot = {(r.producer, r.product): o for o, r in enumerate(rows(out_frame))}

    keys = ["supplier", "buyer", "product"]
    # A network without an ensemble is its own only member.
    flow_of = network.ensemble if len(network.ensemble) else network.links.assign(member=0)
    wide = flow_of.pivot_table(index=keys, columns="member", values="base_flow_t_per_year")
    priority = dict(zip(network.demand["user"], network.demand["priority"], strict=True))
    countries, industries = producers["country"].to_numpy(), producers["industry"].to_numpy()
    shares = producers["share"].to_numpy(float)
    records: list[dict[str, Any]] = []
    flows: list[Array] = []
    for link in rows(network.links):
        key: Any = (link.supplier, link.buyer, link.product)
        base = wide.loc[key].to_numpy(float) * PER_DAY
        seller = position[link.supplier]
        for buyer in buyers_of[link.buyer, link.product]:
            records.append(
                {
                    "supplier": link.supplier,
                    "buyer": link.buyer,
                    "product": link.product,
                    "origin": countries[seller],
                    "destination": countries[buyer],
                    "industry": industries[buyer],
                    "out_slot": out_slot[seller, link.product],
                    "in_slot": in_slot[buyer, link.product],
                    "transit": max(1, round(link.transit_days)),
                    "priority": int(priority.get(link.buyer, 1)),
                }
            )
            flows.append(base * shares[buyer])
    links = pd.DataFrame(records)

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
        flows=np.array(flows),
        cover_z=_cover_quantiles(producers),
        contents=contents,
        classes=(),
        link_class=np.full(len(links), -1),
    )
    return _with_sectors(_with_classes(layout, controls))


def _split_industries(
    producers: pd.DataFrame, by_process: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Repeat each industry once per cover class (and input, where inputs are separate uses).

    Adds `parent` (the producer of the network), `part` (the product of a separate use, or blank),
    `cover_class` (-1 for producers that stay whole) and `share` of the parent.
    """
    import pandas as pd

    width = np.diff(CLASS_EDGES, prepend=0.0)
    split: list[dict[str, Any]] = []
    record: dict[str, Any]
    for record in producers.to_dict("records"):  # type: ignore[assignment]  # keys are texts
        name = record["producer"]
        if record["stage"] != "industry":
            split.append({**record, "parent": name, "part": "", "cover_class": -1, "share": 1.0})
            continue
        recipe = by_process[record["process"]]
        parts = list(recipe.loc[recipe["role"] == "input", "product"])
        for part in parts if name.startswith(SEPARABLE) else [""]:
            for number, share in enumerate(width):
                label = f"{name}#{part}#{number + 1}" if part else f"{name}#{number + 1}"
                split.append(
                    {
                        **record,
                        "producer": label,
                        "parent": name,
                        "part": part,
                        "cover_class": number,
                        "share": float(share),
                    }
                )
    return pd.DataFrame(split)


def _cover_quantiles(producers: pd.DataFrame) -> Array:
    """Score the middle of each producer's cover class on the normal law (0 for whole producers)."""
    lower = np.concatenate([[0.0], CLASS_EDGES[:-1]])
    scores = ndtri((lower + CLASS_EDGES) / 2.0)
    number = producers["cover_class"].to_numpy()
    result: Array = np.where(number >= 0, scores[np.maximum(number, 0)], 0.0)
    return result


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

    frame = layout.producers
    keys = [
        (row.industry, row.country)
        if row.cover_class >= 0 and not row.parent.startswith(f"industry:{OXIDE_USERS}@")
        else None
        for row in rows(frame)
    ]
    sectors = tuple(sorted({k for k in keys if k is not None}))
    number = {k: i for i, k in enumerate(sectors)}
    return replace(
        layout,
        sectors=sectors,
        producer_sector=np.array([-1 if k is None else number[k] for k in keys]),
    )
