"""The reconciliation as a quadratic programme: what is hard, what is soft, how it is scaled."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse

from xenotime.networks.chain.balance import (
    Equation,
    Scrap,
    intervals,
    laws,
    scrap_contents,
    unknowns,
)
from xenotime.networks.chain.figures import normal
from xenotime.networks.chain.frame import Deposit, Frame, Terms, Variable
from xenotime.networks.chain.row import Row
from xenotime.networks.chain.rows import soft_rows
from xenotime.networks.chain.start import Start, kept_flows, starting_flows
from xenotime.networks.qp import solve

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from xenotime.networks.chain.candidates import Candidates
    from xenotime.networks.chain.figures import Figures

    # collects soft rows and the names of figures that are not known
    Collect = Callable[
        [Candidates, Frame, Figures, Start, NDArray[np.float64]],
        tuple[list[Row[Terms]], tuple[str, ...]],
    ]

__all__ = ["Problem", "Reconciled", "problem_of", "reconcile"]

PRIOR_WEIGHT = 1.0
"""Sigma under the start, as a share of the geometric mean of a buyer's intake of a product and
that of all buyers of its kind."""

DISCARD_SCALE = 100.0


@dataclass(frozen=True)
class Reconciled:
    """Flows that satisfy every law and come as near to the figures as they allow.

    Attributes
    ----------
    frame, values
        The unknowns (links, deposits and discards) and their values, t/y.
    rows
        The soft rows, with their values as fitted to (perturbed for members above 0).
    missing
        Claims that were not known on the day.
    scrap
        Contents of scrap that the balances of recyclers assumed.
    objective, iterations
        Of the quadratic programme; the objective is the sum of squared sigmas over two.
    violation
        Largest violation of a hard row, relative to its absolute terms (or to 1 t if less).
    """

    frame: Frame
    values: NDArray[np.float64]
    rows: tuple[Row[Terms], ...]
    missing: tuple[str, ...]
    scrap: Scrap
    start: Start
    objective: float
    iterations: int
    violation: float

    @cached_property
    def flows(self) -> dict[Variable, float]:
        """Value of each unknown by name."""
        return dict(zip(self.frame.names, self.values.tolist(), strict=True))


class Problem(NamedTuple):
    """The programme in scaled unknowns: flows over their start, then slacks, then residuals."""

    cost: NDArray[np.float64]
    linear: NDArray[np.float64]
    matrix: sparse.csr_array
    right: NDArray[np.float64]
    bounded: NDArray[np.bool_]
    scale: NDArray[np.float64]
    offset: float


def reconcile(
    candidates: Candidates,
    figures: Figures,
    scrap: Scrap | None = None,
    start: Start | None = None,
    collect: Collect = soft_rows,
) -> Reconciled:
    """Solve for the flows of one member.

    Minimises half the sum of squared residuals of all soft rows, in sigmas, plus the
    chi-square distance of every link from its start, subject to the balance of each
    element at each producer and to recipe intervals. The chi-square distance (squared
    change over start) moves the flows of a group in proportion when only their sum is known.

    Parameters
    ----------
    candidates
        Links that may carry a flow.
    figures
        Claims and priors of the member.
    scrap
        Contents of scrap, from the recipes of a solution before; middle recipes when None.
    start
        Start of the same figures, where it is known already.
    collect
        What collects the soft rows: those of the base year, unless told otherwise.

    Raises
    ------
    QpError
        If the programme does not converge.
    """
    start = start or starting_flows(figures)
    frame = unknowns(candidates)
    begun = np.array(kept_flows(start, frame.links))
    rows, missing = collect(candidates, frame, figures, start, begun)
    if figures.member:
        rows = [_perturbed(row, figures) for row in rows]
    with figures.noting("law"):
        contents = scrap if scrap is not None else scrap_contents(frame, None, figures)
        equations = laws(candidates, frame, figures, contents)
        bounds = intervals(frame, figures)
    problem = problem_of(frame, start, begun, rows, equations, bounds)
    answer = solve(
        sparse.diags_array(problem.cost),
        problem.linear,
        problem.matrix,
        problem.right,
        problem.bounded,
    )
    values = answer.x[: len(frame.names)] * problem.scale
    worst = max(
        0.0,
        *(abs(_relative(law.terms, values)) for law in equations),
        *(-_relative(bound.terms, values) for bound in bounds),
    )
    return Reconciled(
        frame,
        values,
        tuple(rows),
        missing,
        contents,
        start,
        answer.objective + problem.offset,
        answer.iterations,
        worst,
    )


def _relative(terms: Terms, values: NDArray[np.float64]) -> float:
    """Sum of the terms over their absolute sum, or in tonnes where that is below a tonne."""
    parts = terms.weight * values[terms.places]
    return float(parts.sum() / max(np.abs(parts).sum(), 1.0))


def _perturbed(row: Row[Terms], figures: Figures) -> Row[Terms]:
    """Return the row with its value drawn from its sigma; shares move in their denominator."""
    draw = normal(figures.seed, figures.member, "row", row.name)
    value = row.value + row.sigma * draw
    if row.kind == "level":
        value = max(value, 0.05 * row.value)  # a tonnage is positive
    return row.moved(value)


def problem_of(
    frame: Frame,
    start: Start,
    begun: NDArray[np.float64],
    rows: Sequence[Row[Terms]],
    equations: Sequence[Equation],
    bounds: Sequence[Equation],
) -> Problem:
    """Scale and assemble the programme."""
    links, n = len(frame.links), len(frame.names)
    scale = np.full(n, DISCARD_SCALE)  # a discard costs nothing; this is only its unit
    scale[:links] = begun
    group = scale.copy()
    for index in frame.groups("buyer", "product").values():
        group[index] = scale[index].sum()
    # many small buyers of one product move together more easily than each counted alone
    for index in frame.groups("user", "product").values():
        group[index] = np.sqrt(group[index] * scale[index].sum())
    pulled = np.zeros(n, dtype=bool)
    pulled[:links] = True
    ores: dict[str, float] = {}
    for (ore, _), tonnes in start.deposits.items():
        ores[ore] = ores.get(ore, 0.0) + tonnes
    for i, name in enumerate(frame.others, links):
        if isinstance(name, Deposit):
            scale[i] = start.deposits[name]
            group[i] = ores[name.ore]
            pulled[i] = True
    # chi-square: (x - p)^2 / (w^2 p P) = (u - 1)^2 p / (w^2 P) with x = p u
    curvature = np.where(pulled, scale / (PRIOR_WEIGHT**2 * group), 0.0)

    slacks, residuals = len(bounds), len(rows)
    forms: list[tuple[Terms, float, int | None]] = [(law.terms, 1.0, None) for law in equations]
    for number, bound in enumerate(bounds):
        size = float(np.abs(bound.terms.weight * scale[bound.terms.places]).max())
        forms.append((bound.terms, 1.0 / size, n + number))
    forms += [(row.terms, 1.0 / row.sigma, n + slacks + number) for number, row in enumerate(rows)]
    matrix = _assembled(forms, scale, n + slacks + residuals)
    right = np.concatenate(
        [np.zeros(len(equations) + slacks), [row.value / row.sigma for row in rows]]
    )
    return Problem(
        cost=np.concatenate([curvature, np.zeros(slacks), np.ones(residuals)]),
        linear=np.concatenate([-curvature, np.zeros(slacks + residuals)]),
        matrix=matrix,
        right=right,
        bounded=np.concatenate([np.ones(n + slacks, dtype=bool), np.zeros(residuals, dtype=bool)]),
        scale=scale,
        offset=0.5 * float(curvature.sum()),
    )


def _assembled(
    forms: Sequence[tuple[Terms, float, int | None]], scale: NDArray[np.float64], width: int
) -> sparse.csr_array:
    """Matrix of linear forms over scaled unknowns; a slack or residual enters with -1."""
    rows, columns, values = [], [], []
    for number, (terms, factor, extra) in enumerate(forms):
        index, weight = terms.places, terms.weight * scale[terms.places] * factor
        if extra is not None:
            index, weight = np.append(index, extra), np.append(weight, -1.0)
        rows.append(np.full(len(index), number))
        columns.append(index)
        values.append(weight)
    return sparse.csr_array(
        (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))),
        shape=(len(forms), width),
    )
