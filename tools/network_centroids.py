"""Build the table of places: a point and an area for each country on a public map.

Usage: ``python tools/network_centroids.py [RAW] [--check]``. RAW is the folder with ``reference``;
its default is ``../shared/data`` beside the repository. The outlines are those of Natural Earth at
1:110 million (public domain) as packed by world-atlas (ISC licence). The point is the centroid of
a country's largest part, the area that of all its parts, both on a sphere in the equal-area
cylindrical projection; at this scale a few small states have no outline and so no row.
"""

from __future__ import annotations

import argparse
import csv
import io
import itertools
import json
import math
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[1]
TABLE = REPOSITORY / "src" / "xenotime" / "networks" / "data" / "centroids.csv"
EARTH_RADIUS_KM = 6371.0088  # mean radius, IUGG

Ring = list[tuple[float, float]]


def arcs_of(topology: dict[str, Any]) -> list[Ring]:
    """Decode the delta-coded arcs of a TopoJSON into degrees."""
    (sx, sy), (dx, dy) = topology["transform"]["scale"], topology["transform"]["translate"]
    decoded = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((x * sx + dx, y * sy + dy))
        decoded.append(points)
    return decoded


def ring_of(indices: list[int], arcs: list[Ring]) -> Ring:
    """Join arcs into a ring; a negative index runs an arc backwards."""
    ring: Ring = []
    for index in indices:
        part = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring += part[1:] if ring else part
    return ring


def centroid(ring: Ring) -> tuple[float, float, float]:
    """Longitude, latitude (degrees) and area (km2) of a ring on the sphere.

    Examples
    --------
    >>> longitude, latitude, area = centroid([(0, 0), (0, 90), (90, 90), (90, 0), (0, 0)])
    >>> round(longitude, 1), round(latitude, 1), round(area / (4 * math.pi * 6371.0088**2), 6)
    (45.0, 30.0, 0.125)
    """
    flat, east = [], float(ring[0][0])
    for lon, lat in ring:
        # go on eastwards across the date line instead of jumping round the Earth
        east += (lon - east + 180.0) % 360.0 - 180.0
        flat.append((math.radians(east), math.sin(math.radians(lat))))
    twice = cx = cy = 0.0
    for (x0, y0), (x1, y1) in itertools.pairwise(flat):
        cross = x0 * y1 - x1 * y0
        twice += cross
        cx += (x0 + x1) * cross
        cy += (y0 + y1) * cross
    if twice == 0.0:  # an island that the map's grid flattens to a line
        return *ring[0], 0.0
    if abs(east - ring[0][0]) > 1.0:
        raise ValueError("the ring goes round a pole: it has no centroid in this projection")
    longitude, height = cx / (3.0 * twice), cy / (3.0 * twice)
    area = abs(twice) / 2.0 * EARTH_RADIUS_KM**2
    longitude = (math.degrees(longitude) + 180.0) % 360.0 - 180.0
    return longitude, math.degrees(math.asin(height)), area


def rows(raw: Path) -> list[dict[str, str]]:
    """Rows of the table, by code."""
    topology = json.loads((raw / "reference" / "countries-110m.json").read_text(encoding="utf-8"))
    with (raw / "reference" / "country_codes_full.csv").open(encoding="utf-8") as lines:
        codes = {
            row["ISO3166-1-numeric"].zfill(3): row["ISO3166-1-Alpha-3"]
            for row in csv.DictReader(lines)
            if row["ISO3166-1-numeric"].strip()
        }
    arcs, found = arcs_of(topology), []
    for shape in topology["objects"]["countries"]["geometries"]:
        code = codes.get(str(shape.get("id", "")))
        if code is None or code == "ATA":
            continue  # no ISO code: a disputed area on this map; Antarctica goes round the pole
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        parts = [centroid(ring_of(polygon[0], arcs)) for polygon in polygons]
        longitude, latitude, _ = max(parts, key=lambda part: part[2])
        found.append(
            {
                "code": code,
                "longitude": f"{longitude:.2f}",
                "latitude": f"{latitude:.2f}",
                "area_km2": f"{sum(part[2] for part in parts):.0f}",
            }
        )
    return sorted(found, key=lambda row: row["code"])


def main() -> int:
    """Write the table, or compare it."""
    parser = argparse.ArgumentParser(description="Build the table of places.")
    parser.add_argument("raw", nargs="?", type=Path, default=REPOSITORY.parent / "shared" / "data")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    options = parser.parse_args()
    text = io.StringIO()
    writer = csv.DictWriter(
        text, ("code", "longitude", "latitude", "area_km2"), lineterminator="\n"
    )
    writer.writeheader()
    writer.writerows(rows(options.raw))
    content = text.getvalue().encode("utf-8")
    changed = not TABLE.exists() or TABLE.read_bytes() != content
    if changed and not options.check:
        TABLE.write_bytes(content)
    print(f"{'would change' if options.check else 'wrote'}: {TABLE.name if changed else 'nothing'}")
    return 1 if options.check and changed else 0


if __name__ == "__main__":
    raise SystemExit(main())
