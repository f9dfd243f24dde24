"""Priors: ranges that stand in where no source gives a figure of the undisturbed network."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import TYPE_CHECKING

from xenotime.facts import vocabulary
from xenotime.facts.tables import RowReader, embedded, read_rows

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["PRIOR_COLUMNS", "Prior", "priors", "read_priors"]

_ID = re.compile(r"prior(?:/[A-Za-z0-9][A-Za-z0-9_.+-]*)+")


@dataclass(frozen=True, slots=True)
class Prior:
    """One assumption of the baseline: a range, what it is, and why it is what it is.

    `low` and `high` are the 10 and 90 per cent points, in `unit`. An id is
    ``prior/part/part...`` and has no vintage, since nobody published it. `grade` is always
    ``prior``.
    """

    id: str
    low: float
    mid: float
    high: float
    unit: str
    grade: str
    description: str
    basis: str

    @property
    def segments(self) -> tuple[str, ...]:
        """Parts of the id after ``prior``, e.g. ``("metal_source", "DEU", "CHN")``."""
        return tuple(self.id.split("/")[1:])


PRIOR_COLUMNS: tuple[str, ...] = tuple(field.name for field in fields(Prior))
"""Header of ``priors.csv``."""


def _figure(cells: RowReader, column: str) -> float:
    value = cells.number(column)
    if value is None:
        if not cells.text(column):
            cells.complain(column, "a prior needs low, mid and high")
        return 0.0
    return value


def _parse(cells: RowReader) -> Prior:
    prior = Prior(
        id=cells.text("id", required=True),
        low=_figure(cells, "low"),
        mid=_figure(cells, "mid"),
        high=_figure(cells, "high"),
        unit=cells.choice("unit", {**vocabulary.UNITS, **vocabulary.PRIOR_UNITS}),
        grade=cells.choice("grade", ("prior",)),
        description=cells.text("description", required=True),
        basis=cells.text("basis", required=True),
    )
    if not _ID.fullmatch(prior.id):
        cells.complain("id", "write prior/part/part")
    if not prior.low <= prior.mid <= prior.high:
        cells.complain(
            "mid", f"low <= mid <= high is broken: {prior.low}, {prior.mid}, {prior.high}"
        )
    if prior.low < 0:
        cells.complain("low", "a share, a tonnage or a time cannot be negative")
    return prior


def read_priors(path: Path) -> dict[str, Prior]:
    """Read and check a table of priors, keyed by id.

    Parameters
    ----------
    path
        UTF-8 CSV file with the header `PRIOR_COLUMNS`.

    Raises
    ------
    RequestError
        With all problems of all rows, ids used twice included.
    """
    rows = read_rows(path, PRIOR_COLUMNS, _parse, lambda prior: prior.id)
    return {prior.id: prior for prior in rows}


@lru_cache(maxsize=1)
def priors() -> dict[str, Prior]:
    """All embedded priors by id, in the order of the table. Do not change the returned dict.

    Examples
    --------
    >>> share = priors()["prior/metal_source/DEU/CHN"]
    >>> share.low <= share.mid <= share.high, share.unit, share.grade
    (True, 'ratio', 'prior')
    """
    return read_priors(embedded("priors.csv"))
