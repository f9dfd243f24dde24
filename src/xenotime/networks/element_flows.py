"""Flows as contained elements: links joined with what a tonne of each product holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xenotime.networks.structure import SCHEMA

if TYPE_CHECKING:
    import pandas as pd

    from xenotime.networks.structure import ProductionNetwork

__all__ = ["element_flows", "output_flows", "products_without_contents", "stage_rank"]


def element_flows(network: ProductionNetwork, flows: pd.DataFrame | None = None) -> pd.DataFrame:
    """Tonnes of contained element by link.

    A row of the table `contents` that names the maker comes before one for any maker. Products
    without contents give no row; `products_without_contents` lists them.

    Parameters
    ----------
    network
        A sound network.
    flows
        Rows with the columns of the table `links`, or of `ensemble`; None takes the links.

    Returns
    -------
    pandas.DataFrame
        The columns of `flows`, `element`, and `t_element_per_year`.

    Examples
    --------
    >>> import pandas as pd
    >>> from xenotime.networks.structure import SCHEMA, ProductionNetwork, empty_table
    >>> tables = {name: empty_table(name) for name in SCHEMA}
    >>> tables["links"] = pd.DataFrame({"supplier": ["plant"], "buyer": ["user"],
    ...     "product": ["oxide:Dy"], "base_flow_t_per_year": [100.0]})
    >>> tables["contents"] = pd.DataFrame({"product": ["oxide:Dy"], "producer": [""],
    ...     "element": ["Dy"], "share": [0.8713]})
    >>> element_flows(ProductionNetwork(**tables))["t_element_per_year"].round(2).tolist()
    [87.13]
    """
    import pandas as pd

    table = network.links if flows is None else flows
    contents = network.contents
    own = contents[contents["producer"] != ""].rename(columns={"producer": "supplier"})
    usual = contents[contents["producer"] == ""].drop(columns="producer")
    named = pd.MultiIndex.from_frame(own[["product", "supplier"]].drop_duplicates())
    special = pd.MultiIndex.from_frame(table[["product", "supplier"]]).isin(named)
    joined = pd.concat(
        [
            table[special].merge(own, on=["product", "supplier"], how="inner"),
            table[~special].merge(usual, on="product", how="inner"),
        ],
        ignore_index=True,
    )
    joined["t_element_per_year"] = joined["base_flow_t_per_year"] * joined["share"]
    return joined.drop(columns="share")


def products_without_contents(network: ProductionNetwork) -> list[str]:
    """List products that flow and whose contents the network does not give."""
    made = set(zip(network.links["product"], network.links["supplier"], strict=True))
    held = set(zip(network.contents["product"], network.contents["producer"], strict=True))
    return sorted({p for p, maker in made if (p, maker) not in held and (p, "") not in held})


def output_flows(network: ProductionNetwork) -> pd.DataFrame:
    """Every flow twice: as product and as each element in it, with both its ends.

    Parameters
    ----------
    network
        A sound network.

    Returns
    -------
    pandas.DataFrame
        `member` (-1 for the links of the network, else of the ensemble), `stage` of the maker,
        `form` (the part of the product id before the colon), `kind` (``product`` or ``element``),
        `name`, `origin`, `destination`, `t` (t/y of product or of contained element).
    """
    import pandas as pd

    columns = ["member", "supplier", "buyer", "product", "base_flow_t_per_year"]
    every = pd.concat(
        [network.links.assign(member=-1)[columns], network.ensemble[columns]], ignore_index=True
    )
    contained = element_flows(network, every)
    both = pd.concat(
        [
            every.assign(kind="product", name=every["product"], t=every["base_flow_t_per_year"]),
            contained.assign(
                kind="element", name=contained["element"], t=contained["t_element_per_year"]
            ),
        ],
        ignore_index=True,
    )
    producers = network.producers.set_index("producer")
    both["form"] = both["product"].str.partition(":")[0]
    both["stage"] = both["supplier"].map(producers["stage"])
    both["origin"] = both["supplier"].map(producers["country"])
    both["destination"] = both["buyer"].map(producers["country"])
    return both[["member", "stage", "form", "kind", "name", "origin", "destination", "t"]]


def stage_rank(stages: pd.Series[str]) -> pd.Series[int]:
    """Place of each stage from mine to industry, for sorting.

    Examples
    --------
    >>> import pandas as pd
    >>> pd.Series(["metal", "mine"]).sort_values(key=stage_rank).tolist()
    ['mine', 'metal']
    """
    order = next(column.choices for column in SCHEMA["producers"] if column.name == "stage")
    return stages.map({stage: rank for rank, stage in enumerate(order)})
