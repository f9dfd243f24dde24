"""Sites as points and flows as lines: GeoJSON (RFC 7946) and GeoParquet (version 1.1).

Coordinates are longitude and latitude on WGS 84. What has no place (the rest of the world) and
what stays in one country has no geometry: RFC 7946 calls it unlocated, and a line needs two ends.
"""

from __future__ import annotations

import json
import math
import struct
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

__all__ = ["flow_lines", "site_points", "well_known_binary", "write_geojson", "write_geoparquet"]

Position = tuple[float, float]
Geometry = tuple[Position, ...] | None
"""One position is a point, two are a line."""

GEOPARQUET_VERSION = "1.1.0"
_LITTLE_ENDIAN = 1
_POINT, _LINE = 1, 2  # codes of the OGC Simple Features


def site_points(sites: pd.DataFrame) -> list[Geometry]:
    """Point of each site."""
    pairs = zip(sites["longitude"], sites["latitude"], strict=True)
    return [None if math.isnan(x) else ((float(x), float(y)),) for x, y in pairs]


def flow_lines(flows: pd.DataFrame) -> list[Geometry]:
    """Line of each flow between two countries that are places."""
    columns = [
        flows[f"{end}_{axis}"]
        for end in ("origin", "destination")
        for axis in ("longitude", "latitude")
    ]
    lines: list[Geometry] = []
    for domestic, *corners in zip(flows["domestic"], *columns, strict=True):
        x0, y0, x1, y1 = map(float, corners)
        unplaced = domestic or math.isnan(x0) or math.isnan(x1)
        lines.append(None if unplaced else ((x0, y0), (x1, y1)))
    return lines


def write_geojson(
    path: Path, table: pd.DataFrame, geometries: list[Geometry], key: list[str]
) -> None:
    """Write a feature collection; the columns of the table become properties.

    Parameters
    ----------
    path
        File to write.
    table, geometries
        Rows and their geometry.
    key
        Columns that name a row; joined by `` > `` they are the feature's id.
    """
    features = []
    for row, geometry in zip(table.to_dict("records"), geometries, strict=True):
        features.append(
            {
                "type": "Feature",
                "id": " > ".join(str(row[name]) for name in key),
                "geometry": _geojson(geometry),
                "properties": {str(name): _plain(value) for name, value in row.items()},
            }
        )
    collection = {"type": "FeatureCollection", "features": features}
    text = json.dumps(collection, allow_nan=False, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def _geojson(geometry: Geometry) -> dict[str, Any] | None:
    if geometry is None:
        return None
    if len(geometry) == 1:
        return {"type": "Point", "coordinates": list(geometry[0])}
    return {"type": "LineString", "coordinates": [list(position) for position in geometry]}


def _plain(value: Any) -> Any:
    """Value as JSON knows it; a missing number is null."""
    value = value.item() if hasattr(value, "item") else value
    return None if isinstance(value, float) and not math.isfinite(value) else value


def write_geoparquet(path: Path, table: pd.DataFrame, geometries: list[Geometry]) -> None:
    """Write the table with a column `geometry` in well-known binary and GeoParquet metadata.

    Parameters
    ----------
    path
        File to write.
    table, geometries
        Rows and their geometry.
    """
    import pyarrow as pa
    from pyarrow import parquet

    kinds = {None if geometry is None else len(geometry) for geometry in geometries} - {None}
    column: dict[str, Any] = {
        "encoding": "WKB",
        "geometry_types": ["Point" if kind == 1 else "LineString" for kind in sorted(kinds)],  # type: ignore[type-var]
    }
    known = [position for geometry in geometries if geometry for position in geometry]
    if known:
        xs, ys = zip(*known, strict=True)
        column["bbox"] = [min(xs), min(ys), max(xs), max(ys)]
    # without `crs` the specification means OGC:CRS84, longitude before latitude
    geo = {
        "version": GEOPARQUET_VERSION,
        "primary_column": "geometry",
        "columns": {"geometry": column},
    }
    arrow = pa.Table.from_pandas(table, preserve_index=False)
    binary = [None if geometry is None else well_known_binary(geometry) for geometry in geometries]
    arrow = arrow.append_column("geometry", pa.array(binary, pa.binary()))
    arrow = arrow.replace_schema_metadata({"geo": json.dumps(geo)})
    parquet.write_table(arrow, path, compression="zstd")


def well_known_binary(geometry: tuple[Position, ...]) -> bytes:
    """Encode a point or a line as OGC well-known binary.

    Examples
    --------
    >>> well_known_binary(((1.0, 2.0),)).hex()
    '0101000000000000000000f03f0000000000000040'
    """
    numbers = [number for position in geometry for number in position]
    if len(geometry) == 1:
        return struct.pack("<BI2d", _LITTLE_ENDIAN, _POINT, *numbers)
    head = struct.pack("<BII", _LITTLE_ENDIAN, _LINE, len(geometry))
    return head + struct.pack(f"<{len(numbers)}d", *numbers)
