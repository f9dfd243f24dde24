"""The reconciliation as a quadratic programme: what is hard, what is soft, how it is scaled."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from xenotime.networks.chain.chemistry import basket, element_per_oxide
from xenotime.networks.chain.figures import normal
from xenotime.networks.chain.nodes import (
    GRADE_ELEMENTS,
    Link,
    element_of,
    kind_of,
    separated,
)
from xenotime.networks.chain.row import Deposit, Discard, Row, Variable
from xenotime.networks.chain.rows import soft_rows
from xenotime.networks.chain.start import Start, recovery_of, starting_flows
from xenotime.networks.qp import solve

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from xenotime.networks.chain.figures import Figures
    from xenotime.networks.chain.nodes import Candidates

__all__ = ["DISCARDABLE", "Equation", "Reconciled", "reconcile"]

DISCARDABLE: frozenset[str] = frozenset({"light_rest", "Sm"})
"""Oxides that a separator may leave unsold: joint products without a market of their own."""

PRIOR_WEIGHT = 1.0
"""Sigma of a buyer's whole intake of a product under the start, as a share of that intake."""


@dataclass(frozen=True, slots=True)
class Equation:
    """A law that must hold exactly: ``sum(terms) = 0``."""

    name: str
    terms: dict[Variable, float]


@dataclass(frozen=True)
class Reconciled:
    """Flows that satisfy every law and come as near to the figures as they allow.

    Attributes
    ----------
    flows
        Value of each unknown (t/y): links, deposits and discards.
    rows
        The soft rows, with their values as fitted to (perturbed for members above 0).
    missing
        Claims that were not known on the day.
    objective, iterations
        Of the quadratic programme; the objective is the sum of squared sigmas over two.
    violation
        Largest violation of a hard row, relative to its absolute terms (or to 1 t if less).
    """

    flows: dict[Variable, float]
    rows: tuple[Row, ...]
    missing: tuple[str, ...]
    start: Start
    objective: float
    iterations: int
    violation: float


def reconcile(candidates: Candidates, figures: Figures) -> Reconciled:
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

    Raises
    ------
    QpError
        If the programme does not converge.
    """
    figures.uses.clear()  # what counts is the last solve, on the links that remain
    start = starting_flows(candidates, figures)
    rows, missing = soft_rows(candidates, figures, start)
    if figures.member:
        rows = [_perturbed(row, figures) for row in rows]
    with figures.noting("law"):
        laws = _laws(candidates, figures)
        intervals = _intervals(candidates, figures)
    flows, objective, iterations = _solve(candidates, start, rows, laws, intervals)
    worst = max(
        *(abs(_relative(law, flows)) for law in laws),
        *(-_relative(interval, flows) for interval in intervals),
        0.0,
    )
    return Reconciled(flows, tuple(rows), missing, start, objective, iterations, worst)


def _relative(equation: Equation, flows: dict[Variable, float]) -> float:
    """Sum of the terms over their absolute sum, or in tonnes where that is below a tonne."""
    parts = [weight * flows[key] for key, weight in equation.terms.items()]
    return sum(parts) / max(sum(abs(part) for part in parts), 1.0)


def _perturbed(row: Row, figures: Figures) -> Row:
    """Return the row with its value drawn from its sigma; shares move in their denominator."""
    draw = normal(figures.seed, figures.member, "row", row.name)
    value = row.value + row.sigma * draw
    if row.kind == "level":
        value = max(value, 0.05 * row.value)  # a tonnage is positive
    return Row(
        row.name,
        row.terms,
        value,
        row.sigma,
        row.unit,
        row.kind,
        row.grade,
        row.sources,
        row.remark,
    )


def _laws(candidates: Candidates, figures: Figures) -> list[Equation]:
    """Balance of every product at every producer that transforms one."""
    metal_yield = figures.middle("prior/yield/metal")
    into: dict[str, list[Link]] = defaultdict(list)
    out: dict[tuple[str, str], list[Link]] = defaultdict(list)
    for link in candidates.links:
        into[link.buyer].append(link)
        out[link.supplier, link.product].append(link)
    laws = []
    for ore in candidates.ores:
        ore_links = out[ore.mine, ore.product]
        if len(ore.deposits) > 1 and ore_links:
            terms: dict[Variable, float] = dict.fromkeys(ore_links, 1.0)
            terms |= {Deposit(ore.name, deposit): -1.0 for deposit in ore.deposits}
            laws.append(Equation(f"deposits of {ore.product}", terms))
        for country in ore.separators:
            plant = ore.separator(country)
            if not into[plant]:
                continue
            for element in separated(country):
                sold = out[plant, f"oxide:{element}"]
                if not sold:
                    continue  # nobody buys it: it stays in the residue
                terms = dict.fromkeys(sold, 1.0)
                if element in DISCARDABLE:
                    terms[Discard(plant, f"oxide:{element}")] = 1.0
                factor = recovery_of(ore.name, element, figures)
                for key, share in _ore_terms(ore.name, ore.deposits, into[plant], element, factor):
                    terms[key] = terms.get(key, 0.0) - share
                laws.append(Equation(f"{plant} oxide:{element}", terms))
    for producer in candidates.producers:
        if kind_of(producer) != "metal":
            continue
        element = element_of(producer)
        terms = dict.fromkeys(out[producer, f"metal:{element}"], 1.0)
        terms |= {link: -metal_yield * element_per_oxide(element) for link in into[producer]}
        laws.append(Equation(producer, terms))
    return laws


def _ore_terms(
    name: str, deposits: tuple[str, ...], ore_links: list[Link], element: str, factor: float
) -> list[tuple[Variable, float]]:
    """Oxide of an element in the ore that reaches a plant, by unknown."""
    if len(deposits) == 1:
        share = factor * basket(deposits[0])[element]
        return [(link, share) for link in ore_links]
    return [(Deposit(name, deposit), factor * basket(deposit)[element]) for deposit in deposits]


def _intervals(candidates: Candidates, figures: Figures) -> list[Equation]:
    """Recipe intervals of magnets as rows that must not be negative."""
    loss = figures.middle("prior/yield/magnet")
    into: dict[str, list[Link]] = defaultdict(list)
    out: dict[str, list[Link]] = defaultdict(list)
    for link in candidates.links:
        into[link.buyer].append(link)
        out[link.supplier].append(link)
    rows = []
    for maker in candidates.producers:
        if kind_of(maker) != "magnet":
            continue
        grade = element_of(maker)
        for element in (*GRADE_ELEMENTS[grade], "all"):
            if grade == "SmCo" and element == "all":
                continue  # samarium is all there is
            bound = figures.prior(f"prior/recipe/{grade}/{element}")
            contained: dict[Variable, float] = {
                link: loss
                for link in into[maker]
                if element == "all" or element_of(link.product) == element
            }
            low, high = dict(contained), {key: -weight for key, weight in contained.items()}
            low |= dict.fromkeys(out[maker], -bound.low)
            high |= dict.fromkeys(out[maker], bound.high)
            rows.append(Equation(f"{maker} {element} at least {bound.low:g}", low))
            rows.append(Equation(f"{maker} {element} at most {bound.high:g}", high))
    return rows


def _solve(
    candidates: Candidates,
    start: Start,
    rows: list[Row],
    laws: list[Equation],
    intervals: list[Equation],
) -> tuple[dict[Variable, float], float, int]:
    """Scale, assemble and solve; unknowns are flows over their start, then slacks, then sigmas."""
    flows = start.flows
    names: list[Variable] = list(candidates.links)
    names += [Deposit(*key) for key in start.deposits]
    names += [key for law in laws for key in law.terms if isinstance(key, Discard)]
    place = {name: position for position, name in enumerate(names)}
    intake: dict[tuple[str, str], float] = defaultdict(float)
    for link in candidates.links:
        intake[link.buyer, link.product] += flows[link]
    ores: dict[str, float] = defaultdict(float)
    for (ore, _), tonnes in start.deposits.items():
        ores[ore] += tonnes

    scale = np.ones(len(names))
    curvature = np.zeros(len(names))  # in scaled units
    target = np.zeros(len(names))
    for name, position in place.items():
        if isinstance(name, Link):
            size, group = flows[name], intake[name.buyer, name.product]
        elif isinstance(name, Deposit):
            size, group = start.deposits[name], ores[name.ore]
        else:
            scale[position] = 1000.0  # a discard costs nothing; this is only its unit
            continue
        if size <= 0.0:
            raise ValueError(f"{name} starts at {size}: a candidate needs a start above 0 t/y")
        scale[position] = size
        # chi-square: (x - p)^2 / (w^2 p P) = (u - 1)^2 p / (w^2 P) with x = p u
        curvature[position] = size / (PRIOR_WEIGHT**2 * group)
        target[position] = 1.0

    n, n_slack, n_rows = len(names), len(intervals), len(rows)
    matrix = _Matrix(place, scale)
    right: list[float] = []
    for law in laws:
        matrix.add(law.terms, 1.0)
        right.append(0.0)
    for number, interval in enumerate(intervals):
        size = max(abs(w) * scale[place[key]] for key, w in interval.terms.items())
        matrix.add(interval.terms, 1.0 / size, extra=n + number)
        right.append(0.0)
    for number, row in enumerate(rows):
        matrix.add(row.terms, 1.0 / row.sigma, extra=n + n_slack + number)
        right.append(row.value / row.sigma)
    A = sparse.csr_array(
        (matrix.values, (matrix.rows, matrix.columns)),
        shape=(len(right), n + n_slack + n_rows),
    )
    diagonal = np.concatenate([curvature, np.zeros(n_slack), np.ones(n_rows)])
    linear = np.concatenate([-curvature * target, np.zeros(n_slack + n_rows)])
    bounded: NDArray[np.bool_] = np.concatenate(
        [np.ones(n + n_slack, dtype=bool), np.zeros(n_rows, dtype=bool)]
    )
    answer = solve(sparse.diags_array(diagonal), linear, A, np.array(right), bounded)
    offset = 0.5 * float(curvature @ target**2)
    values = {name: float(answer.x[place[name]] * scale[place[name]]) for name in names}
    return values, answer.objective + offset, answer.iterations


class _Matrix:
    """Entries of the rows over scaled unknowns, slacks and residuals."""

    def __init__(self, place: dict[Variable, int], scale: NDArray[np.float64]) -> None:
        self.place = place
        self.scale = scale
        self.rows: list[int] = []
        self.columns: list[int] = []
        self.values: list[float] = []
        self.count = 0

    def add(self, terms: dict[Variable, float], factor: float, extra: int | None = None) -> None:
        """Add a row; `extra` is the column of its slack or residual, with coefficient -1."""
        for key, weight in terms.items():
            self.rows.append(self.count)
            self.columns.append(self.place[key])
            self.values.append(weight * float(self.scale[self.place[key]]) * factor)
        if extra is not None:
            self.rows.append(self.count)
            self.columns.append(extra)
            self.values.append(-1.0)
        self.count += 1
