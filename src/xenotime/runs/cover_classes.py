"""An industry in a country is not one plant: its classes by days of cover.

The network is a table of who supplies whom; only here are industries, and the makers of their
components, split into firms with thin and with thick stocks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CLASS_EDGES", "COUNTED", "SEPARATE_USES", "cover_quantiles", "split"]

CLASS_EDGES = np.array([0.01, 0.03, 0.06, 0.10, 0.20, 0.40, 0.70, 1.00])
"""Upper edges of the cover classes as shares of an industry's output, thinnest stock first."""

SEPARATE_USES: frozenset[str] = frozenset(
    {
        "catalysts",
        "consumer_electronics",
        "glass_ceramics",
        "medical",
        "metallurgy",
        "other",
        "phosphors",
        "semiconductors",
    }
)
"""Industries that stand for many products, each of which needs one of the inputs.

A lack of samarium-cobalt must not stop the makers of loudspeakers, nor one of gadolinium the makers
of scanners: these industries are split by input as well as by cover.
"""

COUNTED: tuple[str, ...] = ("component:", "magnet:")
"""Inputs whose tonnes measure the output of an industry.

A tonne of polishing powder is not output, and no price makes it comparable with a tonne of motors;
nor is a line on record that stopped for want of one. What an industry takes beside components and
magnets is a use of its own, without cover classes: a lack of it is counted where the element is
worked, and stops no line (an assumption).
"""

_SPLIT = ("industry:", "component:")


def split(producers: pd.DataFrame, by_process: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Repeat industries and makers of components once per cover class (and separate use).

    Adds `parent` (the producer of the network), `part` (the inputs that it takes, or none for all),
    `cover_class` (-1 for producers that stay whole), `share` of the parent, and `counted` (whether
    the producer's activity is output of its industry).

    Parameters
    ----------
    producers
        Table `producers` of the network.
    by_process
        Its recipes by process.
    """
    import pandas as pd

    width = np.diff(CLASS_EDGES, prepend=0.0)
    rows: list[dict[str, Any]] = []
    record: dict[str, Any]
    for record in producers.to_dict("records"):  # type: ignore[assignment]  # keys are texts
        name = record["producer"]
        whole = {"cover_class": -1, "share": 1.0, "counted": False}
        if not name.startswith(_SPLIT):
            rows.append({**record, "parent": name, "part": (), **whole})
            continue
        recipe = by_process[record["process"]]
        inputs = list(recipe.loc[recipe["role"] == "input", "product"])
        counted = [product for product in inputs if product.startswith(COUNTED)]
        apart = record["industry"] in SEPARATE_USES
        parts = [(product,) for product in counted] if apart else [tuple(counted)]
        for part in filter(None, parts):
            label = f"{name}#{part[0]}" if apart else name
            rows += [
                {
                    **record,
                    "producer": f"{label}#{number + 1}",
                    "parent": name,
                    "part": part,
                    "cover_class": number,
                    "share": float(share),
                    "counted": record["stage"] == "industry",
                }
                for number, share in enumerate(width)
            ]
        rows += [
            {
                **record,
                "producer": f"{name}#{product}",
                "parent": name,
                "part": (product,),
                **whole,
            }
            for product in inputs
            if product not in counted
        ]
    return pd.DataFrame(rows)


def cover_quantiles(producers: pd.DataFrame) -> NDArray[np.float64]:
    """Score the middle of each producer's cover class on the normal law (0 for whole producers).

    Parameters
    ----------
    producers
        As `split` returns them.
    """
    lower = np.concatenate([[0.0], CLASS_EDGES[:-1]])
    scores = ndtri((lower + CLASS_EDGES) / 2.0)
    number = producers["cover_class"].to_numpy()
    result: NDArray[np.float64] = np.where(number >= 0, scores[np.maximum(number, 0)], 0.0)
    return result
