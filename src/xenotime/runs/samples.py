"""The first draws of a run kept one by one, so that what moves a number can be told later."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from xenotime.facts.problems import RequestError

if TYPE_CHECKING:
    from xenotime.runs.collecting import Collected
    from xenotime.runs.groups import Groups
    from xenotime.runs.layout import Layout

__all__ = ["KEPT", "SAMPLES", "Samples", "month_means", "places", "read_samples", "write_samples"]

Array = NDArray[np.float64]
KEPT = 256
"""Draws that are kept; the standard error of a rank correlation over them is 0.06."""

SAMPLES = "samples.npz"
_SUMS = ("magnet", "rare_earths")
_STEPS = 1e5


@dataclass(frozen=True, slots=True)
class Samples:
    """Draws of a run one by one.

    `parameters` are the values drawn, by name; `member` is the member of the baseline ensemble
    that each draw uses; `tables` hold keys, columns (months, or one blank) and an array of shape
    (keys, columns, draws) by table: the place of each draw in the order of the draws, equal ones
    sharing a place. The order is all that a rank correlation asks for, and takes a byte.
    """

    parameters: Mapping[str, Array]
    member: NDArray[np.int64]
    tables: Mapping[str, tuple[tuple[str, ...], tuple[str, ...], NDArray[np.uint8]]]

    @property
    def draws(self) -> int:
        """Number of draws that are kept."""
        return len(self.member)

    def of(self, table: str, key: str, column: str) -> Array | None:
        """Places of the draws of one number in their order; None if they were not kept."""
        keys, columns, values = self.tables.get(table, ((), (), np.zeros((0, 0, 0), np.uint8)))
        if key not in keys or column not in columns:
            return None
        found: Array = values[keys.index(key), columns.index(column)].astype(float)
        return found


def month_means(values: NDArray[np.float32], month_of_day: Sequence[int]) -> NDArray[np.float32]:
    """Mean over the days of each month of (keys, days, draws) values.

    >>> month_means(np.array([[[1.0], [3.0], [5.0]]], np.float32), [0, 0, 1])[0, :, 0].tolist()
    [2.0, 5.0]
    """
    months = np.asarray(month_of_day)
    means = [values[:, months == m].mean(axis=1) for m in range(int(months.max()) + 1)]
    return np.stack(means, axis=1).astype(np.float32)


def places(values: NDArray[Any]) -> NDArray[np.uint8]:
    """Place of each draw (last axis, at most 256) in the order of the draws; equal ones share it.

    Differences below a hundred-thousandth of the largest value are rounding, and count as equal.

    >>> places(np.array([[5.0, 1.0, 5.0, 1.0 + 1e-9]])).tolist()
    [[1, 0, 1, 0]]
    """
    most = np.abs(values).max(axis=-1, keepdims=True)
    scaled = np.divide(values, most, out=np.zeros(values.shape), where=most > 0)
    rounded = np.rint(scaled * _STEPS).astype(np.int32)
    order = np.argsort(rounded, axis=-1)
    ordered = np.take_along_axis(rounded, order, axis=-1)
    steps = np.zeros(values.shape, np.uint8)
    steps[..., 1:] = (np.diff(ordered, axis=-1) > 0).cumsum(axis=-1)
    found = np.empty_like(steps)
    np.put_along_axis(found, order, steps, axis=-1)
    return found


def write_samples(
    folder: Path,
    found: Collected,
    layout: Layout,
    groups: Groups,
    *,
    months: Sequence[str],
    month_of_day: Sequence[int],
    parameters: Mapping[str, Array],
    member: NDArray[np.int64],
) -> None:
    """Write the first `KEPT` draws of a run into its folder.

    Flows of single elements are kept for the controlling country alone: the others are many.
    """

    def first(values: NDArray[Any]) -> NDArray[np.uint8]:
        return places(values[..., :KEPT])

    origins = {item.origin for item in layout.classes}
    kept = [
        i
        for i, (series, origin, _) in enumerate(groups.exports.keys)
        if series in _SUMS or origin in origins
    ]
    planned = found.planned[..., :KEPT]
    share = np.divide(
        found.unmet[..., :KEPT], planned, out=np.zeros_like(planned), where=planned > 0
    )
    tables = {
        "exports": (["/".join(groups.exports.keys[i]) for i in kept], first(found.flows[kept])),
        "production": (list(groups.producers), first(found.activity)),
        "shortages": (["/".join(key) for key in groups.shortages.keys], first(share)),
        "permits": ([item.label() for item in layout.classes], first(found.open_share)),
        "stoppages": (
            ["/".join(key) for key in layout.sectors],
            first(found.days_lost)[:, None, :],
        ),
        "output": (
            ["/".join(key) for key in layout.sectors],
            places(month_means(found.output_share[..., :KEPT], month_of_day)),
        ),
        "stocks": (
            ["/".join(key) for key in groups.stocks.keys],
            places(month_means(found.stock_days[..., :KEPT], month_of_day)),
        ),
    }
    content: dict[str, NDArray[Any]] = {
        "months": np.array(months, dtype=str),
        "member": member[:KEPT],
        "parameter_names": np.array(list(parameters), dtype=str),
        "parameters": np.stack([values[:KEPT] for values in parameters.values()]),
    }
    for table, (keys, values) in tables.items():
        content[f"{table}_keys"] = np.array(keys, dtype=str)
        content[table] = values
    with zipfile.ZipFile(folder / SAMPLES, "w") as archive:
        for name, values in content.items():
            plain = io.BytesIO()
            np.lib.format.write_array(plain, values, allow_pickle=False)
            # numpy's own writer stamps the time: the same run would have other bytes each time
            entry = zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))
            archive.writestr(entry, plain.getvalue(), zipfile.ZIP_DEFLATED, 1)


def read_samples(folder: Path) -> Samples | None:
    """Read the draws that a run has kept; None if it was made before any were.

    Raises
    ------
    RequestError
        If the file is damaged.
    """
    path = folder / SAMPLES
    if not path.is_file():
        return None
    try:
        with np.load(path, allow_pickle=False) as file:
            content = {name: file[name] for name in file.files}
        months = tuple(str(month) for month in content["months"])
        names = [str(name) for name in content["parameter_names"]]
        tables = {}
        for table in [name.removesuffix("_keys") for name in content if name.endswith("_keys")]:
            keys = tuple(str(key) for key in content[f"{table}_keys"])
            values = content[table]
            tables[table] = (keys, ("",) if table == "stoppages" else months, values)
        parameters = dict(zip(names, content["parameters"], strict=True))
        return Samples(parameters, content["member"], tables)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise RequestError(f"{path} cannot be read: run the scenario again") from error
