"""An industry in a country is not one plant: its classes by days of cover.

The network is a table of who supplies whom; only here are industries, and the makers of their
components, split into firms with thin and with thick stocks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CLASS_EDGES", "COUNTED", "SEPARATE_USES", "cover_quantiles", "sourcing", "split"]

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


def split(
    producers: pd.DataFrame,
    inputs_of: Mapping[str, Sequence[str]],
    suppliers_of: Mapping[tuple[str, str], Sequence[str]],
) -> pd.DataFrame:
    """Repeat industries and makers of components by cover class, and industries by source, too.

    A line has one source for each input (an assumption): an industry is split by who supplies the
    input that has most suppliers, its leading one.

    Parameters
    ----------
    producers
        Table `producers` of the network.
    inputs_of
        Process -> products that it takes.
    suppliers_of
        (Producer, product) -> who supplies it.

    Returns
    -------
    DataFrame
        The table with `parent` (the producer of the network), `part` (the inputs that it takes, or
        none for all), `lead` and `source` (leading input and its supplier, or blank),
        `cover_class` (-1 for producers that stay whole), `share` (of the parent: width of the
        class), and `counted` (whether its activity is output of its industry).
    """
    import pandas as pd

    width = np.diff(CLASS_EDGES, prepend=0.0)
    rows: list[dict[str, Any]] = []
    record: dict[str, Any]
    for record in producers.to_dict("records"):  # type: ignore[assignment]  # keys are texts
        name = record["producer"]
        whole = {"parent": name, "part": (), "lead": "", "source": "", "cover_class": -1}
        whole |= {"share": 1.0, "counted": False}
        if not name.startswith(_SPLIT):
            rows.append({**record, **whole})
            continue
        inputs = inputs_of[record["process"]]
        counted = [product for product in inputs if product.startswith(COUNTED)]
        for part, lead, source in _lines(record, counted, suppliers_of):
            label = "#".join(filter(None, (name, lead, source)))
            rows += [
                {
                    **record,
                    "producer": f"{label}#{number + 1}",
                    "parent": name,
                    "part": part,
                    "lead": lead,
                    "source": source,
                    "cover_class": number,
                    "share": float(share),
                    "counted": record["stage"] == "industry",
                }
                for number, share in enumerate(width)
            ]
        rows += [
            {**record, **whole, "producer": f"{name}#{product}", "part": (product,)}
            for product in inputs
            if product not in counted
        ]
    return pd.DataFrame(rows)


def _lines(
    record: Mapping[str, Any],
    counted: Sequence[str],
    suppliers_of: Mapping[tuple[str, str], Sequence[str]],
) -> list[tuple[tuple[str, ...], str, str]]:
    """List the kinds of line of a producer: inputs, leading input and its supplier."""
    if not counted:
        return []
    if record["stage"] != "industry":
        return [(tuple(counted), "", "")]
    name = record["producer"]
    apart = record["industry"] in SEPARATE_USES
    found = []
    for part in [(product,) for product in counted] if apart else [tuple(counted)]:
        lead = max(part, key=lambda product: (len(suppliers_of[name, product]), product))
        found += [(part, lead, source) for source in suppliers_of[name, lead]]
    return found


def sourcing(
    lead: NDArray[np.float64],
    other: NDArray[np.float64],
    lead_country: Sequence[str],
    other_country: Sequence[str],
) -> NDArray[np.float64]:
    """Share another input out over lines that are split by the source of the leading one.

    Who buys one component in a country buys the others there, too, as far as shares allow; the
    rest is shared in proportion (an assumption: no source tells who buys from whom).

    Parameters
    ----------
    lead, other
        Base flows of the leading and of another input, shapes (sources, members) and (suppliers,
        members).
    lead_country, other_country
        Countries of those suppliers.

    Returns
    -------
    ndarray
        Flow by supplier of the other input and source of the leading one, shape (suppliers,
        sources, members); sums over sources give `other`.

    Examples
    --------
    >>> lead, other = np.array([[3.0], [1.0]]), np.array([[10.0], [10.0]])
    >>> sourcing(lead, other, ["JPN", "MEX"], ["JPN", "KOR"])[..., 0].tolist()
    [[10.0, 0.0], [5.0, 5.0]]
    """
    total = other.sum(axis=0)
    have = _share(lead)[None, :, :]
    give = _share(other)[:, None, :]
    same = np.array([[o == c for c in lead_country] for o in other_country])[:, :, None]
    here_have = (same * have).sum(axis=1, keepdims=True)  # of the supplier's country
    here_give = (same * give).sum(axis=0, keepdims=True)  # of the source's country
    both = np.maximum(here_have, here_give)
    meets = same & (both > 0)
    met = np.divide(have * give, both, out=np.zeros(meets.shape), where=meets)
    left_have = np.maximum(have - met.sum(axis=0, keepdims=True), 0.0)
    left_give = np.maximum(give - met.sum(axis=1, keepdims=True), 0.0)
    rest = left_give.sum(axis=0, keepdims=True)
    spread = np.divide(left_have * left_give, rest, out=np.zeros(met.shape), where=rest > 0)
    return np.asarray((met + spread) * total)


def _share(flow: NDArray[np.float64]) -> NDArray[np.float64]:
    total = flow.sum(axis=0)
    return np.asarray(np.divide(flow, total, out=np.zeros_like(flow), where=total > 0))


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
