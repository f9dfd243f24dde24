"""Exports, read back by readers that know nothing of how they were written."""

from __future__ import annotations

import csv
import json
import math
import struct
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from network_cases import small_network
from xenotime.facts.problems import RequestError
from xenotime.networks.exporting import FORMATS, write_export
from xenotime.networks.exporting.maps import well_known_binary
from xenotime.networks.exporting.places import place_of, places

TOOLS = Path(__file__).parents[3] / "tools"


def decoded(binary: bytes) -> list[tuple[float, float]]:
    """Positions of a point or line in little-endian well-known binary."""
    order, kind = struct.unpack_from("<BI", binary)
    assert order == 1
    assert kind in {1, 2}
    count, start = (1, 5) if kind == 1 else (struct.unpack_from("<I", binary, 5)[0], 9)
    assert len(binary) == start + 16 * count
    numbers = struct.unpack_from(f"<{2 * count}d", binary, start)
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def links() -> dict[str, float]:
    table = small_network().links
    return {
        f"{s} > {b} > {p}": t
        for s, b, p, t in zip(
            table["supplier"],
            table["buyer"],
            table["product"],
            table["base_flow_t_per_year"],
            strict=True,
        )
    }


def test_geojson_holds_points_and_lines_with_properties(tmp_path: Path) -> None:
    write_export(small_network(), tmp_path, "geojson")
    sites = json.loads((tmp_path / "sites.geojson").read_text("utf-8"))
    flows = json.loads((tmp_path / "flows.geojson").read_text("utf-8"))
    assert sites["type"] == flows["type"] == "FeatureCollection"
    assert "crs" not in flows  # RFC 7946 knows one system only
    by_id = {feature["id"]: feature for feature in flows["features"]}
    assert {name: f["properties"]["t_per_year"] for name, f in by_id.items()} == links()
    mine = next(f for f in sites["features"] if f["id"] == "mine:clay@CHN")
    assert mine["geometry"]["type"] == "Point"
    longitude, latitude = mine["geometry"]["coordinates"]
    assert 73 < longitude < 135  # China
    assert 18 < latitude < 54
    abroad = by_id["separation:clay@CHN > industry:other@JPN > oxide:Ce"]
    start, end = abroad["geometry"]["coordinates"]
    assert start == [longitude, latitude]
    assert 129 < end[0] < 146  # Japan
    assert abroad["properties"]["basis"] == "allocated"
    home = by_id["mine:clay@CHN > separation:clay@CHN > ore:clay"]
    assert home["geometry"] is None
    assert home["properties"]["domestic"] is True


def test_geoparquet_has_the_metadata_of_its_specification(tmp_path: Path) -> None:
    write_export(small_network(), tmp_path, "geoparquet")
    for name, kind, count in (("sites", "Point", 1), ("flows", "LineString", 2)):
        table = parquet.read_table(tmp_path / f"{name}.parquet")
        geo = json.loads(table.schema.metadata[b"geo"])
        assert geo["version"] == "1.1.0"
        column = geo["columns"][geo["primary_column"]]
        assert (column["encoding"], column["geometry_types"]) == ("WKB", [kind])
        known = [b for b in table[geo["primary_column"]].to_pylist() if b is not None]
        positions = [decoded(binary) for binary in known]
        assert {len(found) for found in positions} == {count}
        xs = [x for found in positions for x, _ in found]
        ys = [y for found in positions for _, y in found]
        assert column["bbox"] == [min(xs), min(ys), max(xs), max(ys)]
    rows = parquet.read_table(tmp_path / "flows.parquet").to_pylist()
    assert {f"{r['supplier']} > {r['buyer']} > {r['product']}": r["t_per_year"] for r in rows} == (
        links()
    )


@pytest.mark.parametrize("form", ["graphml", "gexf"])
def test_graphs_have_every_producer_and_link(tmp_path: Path, form: str) -> None:
    network = small_network()
    write_export(network, tmp_path, form)
    root = ET.parse(tmp_path / f"network.{form}").getroot()
    space = root.tag.partition("}")[0] + "}"
    nodes = {node.get("id") for node in root.iter(f"{space}node")}
    assert nodes == set(network.producers["producer"])
    edges = list(root.iter(f"{space}edge"))
    assert len({edge.get("id") for edge in edges}) == len(network.links)
    ends = sorted((edge.get("source"), edge.get("target")) for edge in edges)
    assert ends == sorted(zip(network.links["supplier"], network.links["buyer"], strict=True))
    if form == "gexf":
        assert sum(float(e.get("weight", "nan")) for e in edges) == pytest.approx(
            sum(links().values())
        )
        return
    declared = {key.get("id"): key.get("attr.name") for key in root.iter(f"{space}key")}
    used = {data.get("key") for data in root.iter(f"{space}data")}
    assert used <= set(declared)
    flows = [
        float(data.text or "nan")
        for edge in edges
        for data in edge
        if declared[data.get("key")] == "t_per_year"
    ]
    assert sorted(flows) == sorted(links().values())


def test_flat_tables_agree(tmp_path: Path) -> None:
    for form in ("csv", "parquet"):
        write_export(small_network(), tmp_path, form)
    with (tmp_path / "flows.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    table = parquet.read_table(tmp_path / "flows.parquet").to_pylist()
    assert [row["supplier"] for row in rows] == [row["supplier"] for row in table]
    assert [float(row["t_per_year"]) for row in rows] == [row["t_per_year"] for row in table]
    assert b"geo" not in (parquet.read_schema(tmp_path / "flows.parquet").metadata or {})


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_names_with_marks_survive_every_format(tmp_path: Path, form: str) -> None:
    network = small_network()
    network.producers["company"] = 'A & B <"C"> Çelik, 稀土'
    paths = write_export(network, tmp_path, form)
    content = b"".join(path.read_bytes() for path in paths)
    if form in {"graphml", "gexf"}:
        text = ET.tostring(ET.fromstring(content), encoding="unicode")
        assert "Çelik, 稀土" in text
    elif form == "geojson":
        sites = json.loads(paths[0].read_text("utf-8"))["features"]
        assert {f["properties"]["company"] for f in sites} == {'A & B <"C"> Çelik, 稀土'}
    else:
        assert "Çelik, 稀土".encode() in content


@pytest.mark.parametrize("form", ["graphml", "gexf"])
def test_characters_that_xml_cannot_write_are_refused(tmp_path: Path, form: str) -> None:
    network = small_network()
    network.producers.loc[0, "company"] = "bad\x07name"
    with pytest.raises(RequestError, match="XML"):
        write_export(network, tmp_path, form)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_format_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="geojson"):
        write_export(small_network(), tmp_path, "shapefile")


@given(st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=1, max_size=2))
def test_binary_geometries_decode_to_what_went_in(positions: list[tuple[float, float]]) -> None:
    assert decoded(well_known_binary(tuple(positions))) == positions


def test_the_rest_of_the_world_is_nowhere_and_the_rest_of_the_union_in_europe() -> None:
    assert place_of("ROW") is None
    union = place_of("REU")
    assert union is not None
    assert -10 < union.longitude < 30
    assert 40 < union.latitude < 60


def test_places_lie_on_the_globe_and_have_the_size_of_countries() -> None:
    table = places()
    assert all(abs(p.longitude) <= 180 and abs(p.latitude) <= 90 for p in table.values())
    assert table["RUS"].area_km2 == pytest.approx(16.4e6, rel=0.06)
    assert table["FRA"].area_km2 > table["DEU"].area_km2 > table["EST"].area_km2
    # land without Antarctica, from outlines at 1:110 million
    assert sum(p.area_km2 for p in table.values()) == pytest.approx(135e6, rel=0.03)


def test_centroids_go_on_across_the_date_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(TOOLS), *sys.path])
    from network_centroids import centroid

    ring = [(170.0, 0.0), (-170.0, 0.0), (-170.0, 30.0), (170.0, 30.0), (170.0, 0.0)]
    longitude, latitude, area = centroid(ring)
    assert abs(longitude) == pytest.approx(180.0)
    assert latitude == pytest.approx(math.degrees(math.asin(0.25)))
    # 20 of 360 degrees, between sines 0 and a half
    assert area == pytest.approx(20 / 360 * 0.25 * 4 * math.pi * 6371.0088**2)
