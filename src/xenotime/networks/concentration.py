"""How concentrated is the making of each product and element? By country of production."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xenotime.networks.element_flows import output_flows, stage_rank
from xenotime.networks.intervals import HIGH, LOW

if TYPE_CHECKING:
    import pandas as pd

    from xenotime.networks.structure import ProductionNetwork

__all__ = ["concentration"]


def concentration(network: ProductionNetwork) -> pd.DataFrame:
    """Herfindahl-Hirschman index and largest shares by stage, product and element.

    The index is the sum of squared percentage shares of the countries (Hirschman 1945, Herfindahl
    1950): 10,000 when one country makes all, 10,000/n when n make the same. Output is what makers
    ship, home and abroad. Stages, products and elements are those of the tables.

    Parameters
    ----------
    network
        A sound network.

    Returns
    -------
    pandas.DataFrame
        One row for each stage and product (`kind` ``product``, t/y of product) and for each stage,
        form and element (`kind` ``element``, t/y of contained element): `stage`, `form` (the part
        of the product id before the colon), `kind`, `name`, `t_per_year`, `countries`, `hhi`,
        `hhi_low` and `hhi_high` (10 and 90 % points over the ensemble, missing without one),
        `top_country`, `top_share_percent`, `top3_share_percent`. Largest output first within a
        stage, kind and form.

    Examples
    --------
    >>> import pandas as pd
    >>> from xenotime.networks.structure import SCHEMA, ProductionNetwork, empty_table
    >>> tables = {name: empty_table(name) for name in SCHEMA}
    >>> tables["producers"] = pd.DataFrame({"producer": ["plant", "other", "user"],
    ...     "country": ["CHN", "JPN", "JPN"], "stage": ["separation", "separation", "industry"]})
    >>> tables["links"] = pd.DataFrame({"supplier": ["plant", "other"], "buyer": ["user", "user"],
    ...     "product": ["oxide:Dy", "oxide:Dy"], "base_flow_t_per_year": [90.0, 10.0]})
    >>> row = concentration(ProductionNetwork(**tables)).iloc[0]
    >>> round(row["hhi"]), row["top_country"]  # 90 squared and 10 squared
    (8200, 'CHN')
    """
    flows = output_flows(network)
    keys = ["stage", "form", "kind", "name"]
    made = flows.groupby(["member", *keys, "origin"], as_index=False)["t"].sum()
    total = made.groupby(["member", *keys])["t"].transform("sum")
    made = made[total > 0.0].assign(share=100.0 * made["t"] / total)
    made["square"] = made["share"] ** 2
    index = made.groupby(["member", *keys])["square"].sum()
    base = made[made["member"] == -1].sort_values([*keys, "t"], ascending=[True] * 4 + [False])
    found = base.groupby(keys, sort=False).agg(
        t_per_year=("t", "sum"),
        countries=("t", lambda flows: int((flows > 0.0).sum())),
        top_country=("origin", "first"),
        top_share_percent=("share", "first"),
        top3_share_percent=("share", lambda shares: shares.iloc[:3].sum()),
    )
    found["hhi"] = index.xs(-1, level="member")
    others = index[index.index.get_level_values("member") >= 0].groupby(level=keys)
    for name, point in (("hhi_low", LOW), ("hhi_high", HIGH)):
        found[name] = others.quantile(point)
    found = found.reset_index()
    found = found.sort_values(
        ["stage", "kind", "form", "t_per_year", "name"],
        ascending=[True, False, True, False, True],
        key=lambda column: stage_rank(column) if column.name == "stage" else column,
    )
    columns = [
        *keys,
        "t_per_year",
        "countries",
        "hhi",
        "hhi_low",
        "hhi_high",
        "top_country",
        "top_share_percent",
        "top3_share_percent",
    ]
    table: pd.DataFrame = found[columns].reset_index(drop=True)
    return table
