"""Parameters: what the model assumes, as ranges that a user may change."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import TYPE_CHECKING

from xenotime.facts import vocabulary
from xenotime.facts.problems import RequestError
from xenotime.facts.tables import ID_PATTERN, RowReader, embedded, read_rows

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["DISTRIBUTIONS", "PARAMETER_COLUMNS", "Parameter", "parameters", "read_parameters"]

DISTRIBUTIONS: dict[str, str] = {
    "fixed": "always the middle value",
    "uniform": "even between low and high",
    "loguniform": "even in the logarithm between low and high",
    "triangular": "peak at the middle, zero at low and high",
    "normal": "low and high are the 5 and 95 per cent points",
    "lognormal": "low and high are the 5 and 95 per cent points of the logarithm",
}

_NAME = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of the model with its range and where it comes from.

    `sources` names claims by id, or is empty for a pure prior; `basis` says why the range is
    what it is.
    """

    id: str
    name: str
    unit: str
    low: float
    mid: float
    high: float
    distribution: str
    description: str
    basis: str
    sources: tuple[str, ...]

    def refuses(self, value: float) -> str | None:
        """Say why a value is impossible for this parameter, or None if it is possible.

        A value outside the range is an assumption that a user may make; one outside what the
        unit allows is a mistake.

        Examples
        --------
        >>> parameters()["hold_share"].refuses(1.4)
        'parameter hold_share is 1.4: a share lies between 0 and 1'
        >>> parameters()["hold_share"].refuses(0.1) is None
        True
        """
        if self.unit in {"ratio", "log"} and self.high <= 1:
            least, most, rule = 0.0, 1.0, "a share lies between 0 and 1"
        elif self.unit == "ratio" and self.low >= 1:
            least, most, rule = 1.0, 100.0, "a multiple of base lies between 1 and 100"
        elif self.unit in {"days", "weeks"}:
            least, most, rule = 1.0, 3650.0, "give 1 to 3,650"
        else:
            # beyond a thousand times its range a number is a slip of the keyboard
            most = 1000 * self.high
            least, rule = 0.0, f"give 0 to {most:g}"
        if math.isfinite(value) and least <= value <= most:
            return None
        return f"parameter {self.name} is {value:g}: {rule}"


PARAMETER_COLUMNS: tuple[str, ...] = tuple(field.name for field in fields(Parameter))
"""Header of ``parameters.csv``."""


def _figure(cells: RowReader, column: str) -> float:
    value = cells.number(column)
    if value is None:
        if not cells.text(column):
            cells.complain(column, "a parameter needs low, mid and high")
        return 0.0
    return value


def _parse(cells: RowReader) -> Parameter:
    parameter = Parameter(
        id=cells.text("id", required=True),
        name=cells.text("name", required=True),
        unit=cells.choice("unit", {**vocabulary.UNITS, **vocabulary.PARAMETER_UNITS}),
        low=_figure(cells, "low"),
        mid=_figure(cells, "mid"),
        high=_figure(cells, "high"),
        distribution=cells.choice("distribution", DISTRIBUTIONS),
        description=cells.text("description", required=True),
        basis=cells.text("basis", required=True),
        sources=cells.choices("sources"),
    )
    if not ID_PATTERN.fullmatch(parameter.id):
        cells.complain("id", "write parameter/name@vintage")
    if not _NAME.fullmatch(parameter.name):
        cells.complain("name", "use small letters, digits, underscores and dots")
    if not parameter.low <= parameter.mid <= parameter.high:
        cells.complain(
            "mid",
            f"low <= mid <= high is broken: {parameter.low}, {parameter.mid}, {parameter.high}",
        )
    if parameter.distribution in {"loguniform", "lognormal"} and parameter.low <= 0:
        cells.complain("low", f"a {parameter.distribution} range must be above 0")
    return parameter


def read_parameters(path: Path) -> dict[str, Parameter]:
    """Read and check a table of parameters, keyed by name.

    Raises
    ------
    RequestError
        With all problems of all rows, names used twice included.
    """
    rows = read_rows(path, PARAMETER_COLUMNS, _parse, lambda parameter: parameter.id)
    found: dict[str, Parameter] = {}
    problems = []
    for parameter in rows:
        if parameter.name in found:
            problems.append(
                f"{parameter.id}: the name {parameter.name!r} is taken by "
                f"{found[parameter.name].id}: choose another"
            )
        found[parameter.name] = parameter
    if problems:
        raise RequestError(problems, subject=path.name)
    return found


@lru_cache(maxsize=1)
def parameters() -> dict[str, Parameter]:
    """All embedded parameters by name. Do not change the returned dict.

    Examples
    --------
    >>> parameters()["licence_validity_days"].mid
    180.0
    """
    return read_parameters(embedded("parameters.csv"))
