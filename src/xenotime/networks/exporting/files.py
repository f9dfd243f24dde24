"""Files of an export: which there are in each format."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xenotime.facts.problems import RequestError

if TYPE_CHECKING:
    from xenotime.networks.structure import ProductionNetwork

__all__ = ["FORMATS", "write_export"]

FORMATS: dict[str, str] = {
    "parquet": "sites.parquet and flows.parquet, flat",
    "csv": "sites.csv and flows.csv, flat",
    "geoparquet": "sites.parquet with points and flows.parquet with lines (GeoParquet 1.1)",
    "geojson": "sites.geojson with points and flows.geojson with lines (RFC 7946)",
    "graphml": "network.graphml, a directed graph",
    "gexf": "network.gexf, a directed graph (GEXF 1.3, for Gephi)",
}
"""Formats of an export, and the files that each writes."""


def write_export(network: ProductionNetwork, folder: Path | str, form: str) -> tuple[Path, ...]:
    """Write sites and flows of a network into a folder that is there.

    Parameters
    ----------
    network
        A sound network.
    folder
        An existing folder; files of the same names are replaced. For a folder that appears whole
        or not at all, write into one that `xenotime.workspace.staged` yields.
    form
        Key of `FORMATS`.

    Returns
    -------
    tuple of Path
        The files written.

    Raises
    ------
    RequestError
        If there is no such format, or a name cannot be written in it.

    Examples
    --------
    >>> import tempfile
    >>> from xenotime.networks.structure import SCHEMA, ProductionNetwork, empty_table
    >>> network = ProductionNetwork(**{name: empty_table(name) for name in SCHEMA})
    >>> with tempfile.TemporaryDirectory() as place:
    ...     [path.name for path in write_export(network, place, "geojson")]
    ['sites.geojson', 'flows.geojson']
    """
    if form not in FORMATS:
        raise RequestError(f"format {form!r} is unknown: give one of {', '.join(FORMATS)}")
    from xenotime.networks.exporting import graphs, maps
    from xenotime.networks.exporting.rows import flow_rows, site_rows

    place = Path(folder)
    sites, flows = site_rows(network), flow_rows(network)
    if form in {"graphml", "gexf"}:
        path = place / f"network.{form}"
        (graphs.write_graphml if form == "graphml" else graphs.write_gexf)(path, sites, flows)
        return (path,)
    ending = "parquet" if form == "geoparquet" else form
    paths = (place / f"sites.{ending}", place / f"flows.{ending}")
    geometries = (maps.site_points(sites), maps.flow_lines(flows))
    keys = (["producer"], ["supplier", "buyer", "product"])
    for path, table, geometry, key in zip(paths, (sites, flows), geometries, keys, strict=True):
        if form == "csv":
            table.to_csv(path, index=False, lineterminator="\n")
        elif form == "parquet":
            table.to_parquet(path, index=False)
        elif form == "geojson":
            maps.write_geojson(path, table, geometry, key)
        else:
            maps.write_geoparquet(path, table, geometry)
    return paths
