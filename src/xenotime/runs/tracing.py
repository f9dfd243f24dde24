"""From a number back to the flows that it is made of, and from flows to the figures behind them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xenotime.facts import taxonomy
from xenotime.networks.chain.nodes import country_of
from xenotime.policy.scope import is_mineral
from xenotime.runs.cover_classes import COUNTED

if TYPE_CHECKING:
    import pandas as pd

    from xenotime.networks.structure import ProductionNetwork

__all__ = ["LEVELS", "TracedFlow", "all_flows", "flows_behind", "shares_of_sources"]

LEVELS = 3
"""How many links up the chain an industry is traced: component, magnet, and what goes into it."""

_GOODS = {"magnet": ("magnet", "blank"), "lookalike": ("magnet", "blank")}


@dataclass(frozen=True, slots=True)
class TracedFlow:
    """A flow of the undisturbed network that stands behind a number.

    `share` is its part of the tonnage traced at its `level` (0 is next to the number).
    """

    supplier: str
    buyer: str
    product: str
    t_per_year: float
    low: float
    high: float
    basis: str
    sources: tuple[str, ...]
    level: int
    share: float


def flows_behind(
    network: ProductionNetwork, table: str, parts: dict[str, str]
) -> tuple[TracedFlow, ...]:
    """Find the flows of the undisturbed network that a number of a run is made of.

    Parameters
    ----------
    network
        The baseline that the run used.
    table, parts
        Table of the number, and its parts by column (see `xenotime.runs.keys`).

    Returns
    -------
    tuple of TracedFlow
        Level by level, the largest first; without those that carry nothing of it.
    """
    links = _with_basis(network)
    match table:
        case "exports":
            found = [_over_the_border(links, **_only(parts, "product", "origin", "destination"))]
        case "permits":
            found = [_of_a_class(links, network, parts)]
        case "production":
            at = parts["producer"]
            found = [links[(links["supplier"] == at) | (links["buyer"] == at)]]
        case "shortages":
            found = [_into_users(links, network, parts)]
        case "flow":
            found = [_the_flow(links, parts)]
        case _:
            holders = _holders(network, parts["industry"], parts["country"])
            # what stops no line, and is no stock of magnets, is not behind the number
            counted = links["product"].str.startswith(COUNTED)
            found = _upstream(links[counted | ~links["buyer"].isin(holders)], holders)
    return tuple(flow for level, frame in enumerate(found) for flow in _traced(frame, level))


def all_flows(network: ProductionNetwork) -> list[TracedFlow]:
    """Give every flow of a network, the largest first."""
    return _traced(_with_basis(network), 0)


def shares_of_sources(flows: Sequence[TracedFlow], network: ProductionNetwork) -> dict[str, float]:
    """Share of the traced tonnage that each figure stands behind, largest first.

    Levels count alike; a flow counts in full for each of its figures, so shares add up to more
    than one. Of figures with the same share, the one that stands behind fewer flows of the whole
    network says more about these.
    """
    levels = {flow.level for flow in flows}
    found: dict[str, float] = {}
    for flow in flows:
        for name in flow.sources:
            found[name] = found.get(name, 0.0) + flow.share / len(levels)
    everywhere = Counter(
        name
        for text in network.flow_basis["sources"].tolist()
        for name in str(text).split(";")
        if name in found
    )
    return dict(
        sorted(found.items(), key=lambda item: (-round(item[1], 2), everywhere[item[0]], item[0]))
    )


def _with_basis(network: ProductionNetwork) -> pd.DataFrame:
    keys = ["supplier", "buyer", "product"]
    links = network.links.merge(network.flow_basis, on=keys, how="left", validate="1:1")
    links["weight"] = links["base_flow_t_per_year"]
    for side in ("supplier", "buyer"):
        names = {name: country_of(name) for name in links[side].unique()}
        links[f"{side}_country"] = links[side].map(names)
    return links


def _only(parts: dict[str, str], *names: str) -> dict[str, str]:
    return {name: parts[name] for name in names}


def _over_the_border(
    links: pd.DataFrame, *, product: str, origin: str, destination: str
) -> pd.DataFrame:
    within = {
        place
        for place in links["buyer_country"].unique()
        if destination in taxonomy.with_aggregates(place)
    }
    form = links["product"].str.partition(":")[0]
    element = links["product"].str.partition(":")[2]
    if product == "magnet":
        series = form.isin(["magnet", "blank"])
    elif product == "rare_earths":
        series = form.isin(["oxide", "metal"]) & element.isin(taxonomy.RARE_EARTHS)
    else:
        series = form.isin(["oxide", "metal", "ore"]) & (element == product)
    border = (links["supplier_country"] == origin) & links["buyer_country"].isin(within)
    return links[series & border & (links["buyer_country"] != origin)]


def _of_a_class(
    links: pd.DataFrame, network: ProductionNetwork, parts: dict[str, str]
) -> pd.DataFrame:
    industries = dict(
        zip(network.producers["producer"], network.producers["industry"], strict=True)
    )
    defence = links["buyer"].map(industries).eq("defence")
    forms = _GOODS.get(parts["goods"], ("oxide", "metal", "alloy", "ore"))
    other_mineral = links["product"].map(is_mineral)
    return links[
        (links["supplier_country"] == parts["origin"])
        & (links["buyer_country"] == parts["destination"])
        & links["product"].str.partition(":")[0].isin(forms)
        & (other_mineral == (parts["goods"] == "mineral"))
        & (defence if parts["use"] == "defence" else ~defence)
    ]


def _into_users(
    links: pd.DataFrame, network: ProductionNetwork, parts: dict[str, str]
) -> pd.DataFrame:
    contents = network.contents
    holding = set(contents.loc[contents["element"] == parts["element"], "product"])
    forms = ("magnet",) if parts["scope"] == "embodied" else ("oxide", "metal", "ore")
    return links[
        (links["buyer_country"] == parts["country"])
        & links["product"].isin(holding)
        & links["product"].str.partition(":")[0].isin(forms)
    ]


def _the_flow(links: pd.DataFrame, parts: dict[str, str]) -> pd.DataFrame:
    return links[
        (links["supplier"] == parts["supplier"])
        & (links["buyer"] == parts["buyer"])
        & (links["product"] == parts["product"])
    ]


def _holders(network: ProductionNetwork, industry: str, country: str) -> set[str]:
    """Name the producers that a row of stocks, output or stoppages is about, sums too."""
    table = network.producers[network.producers["country"] == country]
    if industry.startswith("component:"):
        return set(table.loc[table["producer"].str.startswith(f"{industry}@"), "producer"])
    named = table["industry"]
    return set(table.loc[(named == industry) | named.str.startswith(f"{industry}_"), "producer"])


def _upstream(links: pd.DataFrame, buyers: Collection[str]) -> list[pd.DataFrame]:
    """Flows into the buyers, into their suppliers, and so on.

    What goes into a supplier counts by the share of its sales that goes on to the buyers.
    """
    sales = links.groupby("supplier")["base_flow_t_per_year"].sum()
    sold = {str(name): float(tonnes) for name, tonnes in sales.items()}
    wanted = dict.fromkeys(buyers, 1.0)
    levels = []
    for _ in range(LEVELS):
        level = links[links["buyer"].isin(list(wanted))].copy()
        if level.empty:
            break
        level["weight"] = level["base_flow_t_per_year"] * level["buyer"].map(wanted)
        levels.append(level)
        onward = level.groupby("supplier")["weight"].sum()
        wanted = {
            str(name): float(weight) / sold[str(name)]
            for name, weight in onward.items()
            if sold[str(name)] > 0.0
        }
    return levels


def _traced(frame: pd.DataFrame, level: int) -> list[TracedFlow]:
    total = float(frame["weight"].sum())
    if total <= 0.0:
        return []
    ordered = frame.sort_values(["weight", "supplier", "buyer"], ascending=[False, True, True])
    columns = ("supplier", "buyer", "product", "base_flow_t_per_year", "low", "high", "basis")
    return [
        TracedFlow(
            supplier=str(supplier),
            buyer=str(buyer),
            product=str(product),
            t_per_year=float(flow),
            low=float(low),
            high=float(high),
            basis=str(basis),
            sources=tuple(filter(None, str(sources).split(";"))),
            level=level,
            share=float(weight) / total,
        )
        for supplier, buyer, product, flow, low, high, basis, sources, weight in zip(
            *(ordered[name].tolist() for name in (*columns, "sources", "weight")), strict=True
        )
        if weight > 0.0
    ]
