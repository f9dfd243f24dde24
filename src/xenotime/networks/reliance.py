"""How much of what a country uses comes from abroad? Net import reliance as USGS defines it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xenotime.networks.element_flows import output_flows, stage_rank
from xenotime.networks.intervals import HIGH, LOW

if TYPE_CHECKING:
    import pandas as pd

    from xenotime.networks.structure import ProductionNetwork

__all__ = ["reliance"]


def reliance(network: ProductionNetwork) -> pd.DataFrame:
    """Net import reliance by country, stage and element or product.

    As in the USGS Mineral Commodity Summaries: net imports as a percentage of apparent
    consumption, which is production plus imports less exports; changes of stocks are nil in a
    steady state. A stage is that of the maker: dysprosium at stage ``separation`` is oxide,
    at ``magnet`` what magnets hold, so a country may depend on one form and sell another.

    Parameters
    ----------
    network
        A sound network.

    Returns
    -------
    pandas.DataFrame
        `country`, `stage`, `form` (the part of the product id before the colon), `kind`
        (``element`` in t/y of contained element, or ``product`` in t/y of product), `name`,
        `production`, `imports`, `exports`, `apparent_consumption` (t/y),
        `net_import_reliance_percent`, `low` and `high` (10 and 90 % points over the ensemble),
        `net_exporter`. The percentage is missing for net exporters (USGS prints ``E``) and where
        nothing is consumed. Net importers come before net exporters, elements before products,
        and what is imported most leads.

    Examples
    --------
    >>> import pandas as pd
    >>> from xenotime.networks.structure import SCHEMA, ProductionNetwork, empty_table
    >>> tables = {name: empty_table(name) for name in SCHEMA}
    >>> tables["producers"] = pd.DataFrame({"producer": ["plant", "other", "user"],
    ...     "country": ["CHN", "JPN", "JPN"], "stage": ["separation", "separation", "industry"]})
    >>> tables["links"] = pd.DataFrame({"supplier": ["plant", "other"], "buyer": ["user", "user"],
    ...     "product": ["oxide:Dy", "oxide:Dy"], "base_flow_t_per_year": [90.0, 10.0]})
    >>> table = reliance(ProductionNetwork(**tables)).set_index("country")
    >>> round(table.loc["JPN", "net_import_reliance_percent"]), table["net_exporter"].to_dict()
    (90, {'JPN': False, 'CHN': True})
    """
    import pandas as pd

    flows = output_flows(network)
    abroad = flows["origin"] != flows["destination"]

    def by(side: str, chosen: pd.DataFrame) -> pd.Series[float]:
        keys = ["member", side, "stage", "form", "kind", "name"]
        return (
            chosen.groupby(keys)["t"]
            .sum()
            .rename_axis(["member", "country", "stage", "form", "kind", "name"])
        )

    table = pd.DataFrame(
        {
            "production": by("origin", flows),
            "imports": by("destination", flows[abroad]),
            "exports": by("origin", flows[abroad]),
        }
    ).fillna(0.0)  # a country that is in one of the three and not in another has none of it
    table["apparent_consumption"] = table["production"] + table["imports"] - table["exports"]
    net = table["imports"] - table["exports"]
    # sums of the same flows in another order differ by rounding
    tiny = 1e-9 * (table["production"] + table["imports"])
    used = table["apparent_consumption"] > tiny
    table["net_import_reliance_percent"] = (100.0 * net / table["apparent_consumption"]).where(used)
    members = table[table.index.get_level_values("member") >= 0]
    found = table.xs(-1, level="member").copy()
    keys = ["country", "stage", "form", "kind", "name"]
    spread = members["net_import_reliance_percent"].groupby(level=keys)
    found["low"], found["high"] = spread.quantile(LOW), spread.quantile(HIGH)
    found["net_exporter"] = found["exports"] > found["imports"] + tiny.xs(-1, level="member")
    share = found["net_import_reliance_percent"]
    found["net_import_reliance_percent"] = share.where(~found["net_exporter"])
    found = found.reset_index()
    for column in ("low", "high"):
        found[column] = found[column].where(~found["net_exporter"])
    found = found.sort_values(
        ["net_exporter", "kind", "imports", *keys],
        ascending=[True, True, False, *[True] * len(keys)],
        key=lambda column: stage_rank(column) if column.name == "stage" else column,
    )
    return found[
        [
            *keys,
            "production",
            "imports",
            "exports",
            "apparent_consumption",
            "net_import_reliance_percent",
            "low",
            "high",
            "net_exporter",
        ]
    ].reset_index(drop=True)
