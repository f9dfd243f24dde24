"""The network as a directed graph: GraphML and GEXF 1.3, by the standard library's XML writer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from xenotime.facts.problems import RequestError

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

__all__ = ["write_gexf", "write_graphml"]

GRAPHML = "http://graphml.graphdrawing.org/xmlns"
GEXF = "http://gexf.net/1.3"

NODE_COLUMNS = (
    *("country", "stage", "process", "industry", "company", "status"),
    *("base_activity_t_per_year", "longitude", "latitude"),
)
EDGE_COLUMNS = (
    *("product", "t_per_year", "low", "high", "transit_days", "basis"),
    *("origin", "destination", "sources"),
)

# what XML 1.0 has no way to write
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_graphml(path: Path, sites: pd.DataFrame, flows: pd.DataFrame) -> None:
    """Write GraphML: a node a producer, an edge a link; edges may be parallel.

    Raises
    ------
    RequestError
        If a name holds a character that XML cannot.
    """
    _require_xml(sites, flows)
    root = ET.Element("graphml", {"xmlns": GRAPHML})
    for owner, columns, table in (("node", NODE_COLUMNS, sites), ("edge", EDGE_COLUMNS, flows)):
        for column in columns:
            kind = "double" if table[column].dtype.kind == "f" else "string"
            names = {"id": f"{owner}_{column}", "for": owner, "attr.name": column}
            ET.SubElement(root, "key", {**names, "attr.type": kind})
    graph = ET.SubElement(root, "graph", {"id": "network", "edgedefault": "directed"})
    for row in sites.to_dict("records"):
        node = ET.SubElement(graph, "node", {"id": row["producer"]})
        _data(node, "node", NODE_COLUMNS, row)
    for number, row in enumerate(flows.to_dict("records")):
        ends = {"id": f"e{number}", "source": row["supplier"], "target": row["buyer"]}
        _data(ET.SubElement(graph, "edge", ends), "edge", EDGE_COLUMNS, row)
    _write(path, root)


def _data(element: ET.Element, owner: str, columns: tuple[str, ...], row: Any) -> None:
    for column in columns:
        if not _missing(row[column]):
            ET.SubElement(element, "data", {"key": f"{owner}_{column}"}).text = str(row[column])


def write_gexf(path: Path, sites: pd.DataFrame, flows: pd.DataFrame) -> None:
    """Write GEXF 1.3: the weight of an edge is its flow in t/y, its kind the product.

    Raises
    ------
    RequestError
        If a name holds a character that XML cannot.
    """
    _require_xml(sites, flows)
    root = ET.Element("gexf", {"xmlns": GEXF, "version": "1.3"})
    graph = ET.SubElement(root, "graph", {"defaultedgetype": "directed", "mode": "static"})
    for owner, columns, table in (("node", NODE_COLUMNS, sites), ("edge", EDGE_COLUMNS, flows)):
        attributes = ET.SubElement(graph, "attributes", {"class": owner})
        for column in columns:
            kind = "double" if table[column].dtype.kind == "f" else "string"
            ET.SubElement(attributes, "attribute", {"id": column, "title": column, "type": kind})
    nodes = ET.SubElement(graph, "nodes")
    for row in sites.to_dict("records"):
        names = {"id": row["producer"], "label": row["producer"]}
        _values(ET.SubElement(nodes, "node", names), NODE_COLUMNS, row)
    edges = ET.SubElement(graph, "edges")
    for number, row in enumerate(flows.to_dict("records")):
        names = {
            "id": f"e{number}",
            "source": row["supplier"],
            "target": row["buyer"],
            "kind": row["product"],
            "weight": repr(float(row["t_per_year"])),
        }
        _values(ET.SubElement(edges, "edge", names), EDGE_COLUMNS, row)
    _write(path, root)


def _values(element: ET.Element, columns: tuple[str, ...], row: Any) -> None:
    values = ET.SubElement(element, "attvalues")
    for column in columns:
        if not _missing(row[column]):
            ET.SubElement(values, "attvalue", {"for": column, "value": str(row[column])})


def _missing(value: Any) -> bool:
    return value == "" or (isinstance(value, float) and value != value)  # noqa: PLR0124  # nan


def _require_xml(sites: pd.DataFrame, flows: pd.DataFrame) -> None:
    problems = [
        f"{column} {value!r} holds a character that XML has no way to write: rename it"
        for table in (sites, flows)
        for column in table.columns
        if table[column].dtype.kind not in "fib"
        for value in sorted(set(table[column]))
        if _FORBIDDEN.search(value)
    ]
    if problems:
        raise RequestError(problems, subject="network as a graph")


def _write(path: Path, root: ET.Element) -> None:
    ET.indent(root)
    ET.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)
