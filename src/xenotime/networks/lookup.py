"""Find flows and producers of a network by name, country, stage, element or product."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from xenotime.facts.problems import RequestError
from xenotime.networks.exporting.rows import flow_rows

if TYPE_CHECKING:
    import pandas as pd

    from xenotime.networks.structure import ProductionNetwork

__all__ = ["LINK_MARK", "flows_of_producer", "flows_where", "link_named", "products_with"]

LINK_MARK = " > "
"""Between supplier, buyer and product in the name of a link."""


def products_with(network: ProductionNetwork, element: str) -> set[str]:
    """Products of the network that hold an element."""
    contents = network.contents
    held = contents[(contents["element"] == element) & (contents["share"] > 0.0)]
    return set(held["product"])


def flows_where(
    network: ProductionNetwork,
    *,
    country: str | None = None,
    stage: str | None = None,
    element: str | None = None,
    product: str | None = None,
) -> pd.DataFrame:
    """Flows that match everything asked, the largest first.

    Parameters
    ----------
    network
        A sound network.
    country
        At either end.
    stage
        Of the maker or of the buyer.
    element
        Held by the product.
    product
        Product id.

    Returns
    -------
    pandas.DataFrame
        Columns of `exporting.rows.flow_rows`.

    Examples
    --------
    >>> from xenotime.networks.structure import SCHEMA, ProductionNetwork, empty_table
    >>> network = ProductionNetwork(**{name: empty_table(name) for name in SCHEMA})
    >>> len(flows_where(network, country="JPN", product="oxide:Dy"))
    0
    """
    flows = flow_rows(network)
    chosen = flows["t_per_year"] >= 0.0
    if country is not None:
        chosen &= (flows["origin"] == country) | (flows["destination"] == country)
    if stage is not None:
        stages = network.producers.set_index("producer")["stage"]
        chosen &= (flows["stage"] == stage) | (flows["buyer"].map(stages) == stage)
    if element is not None:
        chosen &= flows["product"].isin(products_with(network, element))
    if product is not None:
        chosen &= flows["product"] == product
    found = flows[chosen]
    return found.sort_values(
        ["t_per_year", "supplier", "buyer", "product"], ascending=[False, True, True, True]
    ).reset_index(drop=True)


def flows_of_producer(
    network: ProductionNetwork, producer: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give what a producer receives and what it ships, the largest first.

    Raises
    ------
    RequestError
        If there is no such producer; near names are given.
    """
    known = set(network.producers["producer"])
    if producer not in known:
        raise RequestError(_unknown("producer", producer, known))
    flows = flows_where(network)
    received, shipped = flows[flows["buyer"] == producer], flows[flows["supplier"] == producer]
    return received.reset_index(drop=True), shipped.reset_index(drop=True)


def link_named(network: ProductionNetwork, name: str) -> pd.Series[float]:
    """Row of `flow_rows` for a link written ``SUPPLIER > BUYER > PRODUCT``.

    Raises
    ------
    RequestError
        If there is no such link; near names are given.
    """
    flows = flow_rows(network)
    names = flows["supplier"] + LINK_MARK + flows["buyer"] + LINK_MARK + flows["product"]
    parts = [part.strip() for part in name.split(LINK_MARK.strip())]
    wanted = LINK_MARK.join(parts)
    found = flows[names == wanted]
    if not len(found):
        raise RequestError(_unknown("link", wanted, set(names)))
    return found.iloc[0]


def _unknown(what: str, name: str, known: set[str]) -> str:
    near = get_close_matches(name, sorted(known), n=3)
    hint = f"did you mean {' or '.join(near)}?" if near else "list them with `network show`"
    return f"{what} {name!r} is not in the network: {hint}"
