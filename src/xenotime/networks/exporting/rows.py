"""Sites and flows as two flat tables: what every format carries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xenotime.networks.exporting.places import place_of

if TYPE_CHECKING:
    import pandas as pd

    from xenotime.networks.exporting.places import Place
    from xenotime.networks.structure import ProductionNetwork

__all__ = ["flow_rows", "site_rows"]


def site_rows(network: ProductionNetwork) -> pd.DataFrame:
    """One row a producer: what it is, what it ships, and the point of its country.

    Parameters
    ----------
    network
        A sound network.

    Returns
    -------
    pandas.DataFrame
        The columns of the table `producers`; `shipped_t_per_year` and `received_t_per_year`;
        `products` shipped, joined by semicolons; `longitude` and `latitude`, missing where the
        country is no place.
    """
    links = network.links
    table = network.producers.copy()
    name = table["producer"]
    flow = "base_flow_t_per_year"
    table["shipped_t_per_year"] = name.map(links.groupby("supplier")[flow].sum()).fillna(0.0)
    table["received_t_per_year"] = name.map(links.groupby("buyer")[flow].sum()).fillna(0.0)
    products = links.groupby("supplier")["product"].agg(lambda names: ";".join(sorted(set(names))))
    table["products"] = name.map(products).fillna("")
    points = [place_of(country) for country in table["country"]]
    table["longitude"] = _axis(points, "longitude")
    table["latitude"] = _axis(points, "latitude")
    return table


def flow_rows(network: ProductionNetwork) -> pd.DataFrame:
    """One row a link: both ends, the flow with its interval, and what it rests on.

    Parameters
    ----------
    network
        A sound network.

    Returns
    -------
    pandas.DataFrame
        `supplier`, `buyer`, `product`, `t_per_year`, `low`, `high` (10 and 90 % points),
        `transit_days`, `basis`, `sources`, `stage` of the maker, `origin` and `destination`
        (country codes), `domestic`, and the points of both ends.
    """
    keys = ["supplier", "buyer", "product"]
    table = network.links.merge(network.flow_basis, on=keys, how="left", validate="1:1")
    table = table.rename(columns={"base_flow_t_per_year": "t_per_year"})
    producers = network.producers.set_index("producer")
    table["stage"] = table["supplier"].map(producers["stage"])
    table["origin"] = table["supplier"].map(producers["country"])
    table["destination"] = table["buyer"].map(producers["country"])
    table["domestic"] = table["origin"] == table["destination"]
    for end in ("origin", "destination"):
        where = [place_of(country) for country in table[end]]
        table[f"{end}_longitude"] = _axis(where, "longitude")
        table[f"{end}_latitude"] = _axis(where, "latitude")
    first = [*keys, "t_per_year", "low", "high", "transit_days", "basis", "stage"]
    ends = ["origin", "destination", "domestic"]
    points = [f"{end}_{axis}" for end in ends[:2] for axis in ("longitude", "latitude")]
    return table[[*first, *ends, *points, "sources"]]


def _axis(points: list[Place | None], axis: str) -> list[float]:
    return [float("nan") if point is None else getattr(point, axis) for point in points]
