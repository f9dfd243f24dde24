"""A convex quadratic programme by a primal-dual interior point on sparse matrices.

Solves ``min 1/2 x'Px + q'x`` subject to ``Ax = b`` and ``x[i] >= 0`` where `nonnegative`
says so. The method is Mehrotra's predictor-corrector (Mehrotra 1992; Nocedal and Wright,
Numerical Optimization, 2nd ed., section 16.6) with Gondzio's centrality correctors (1996)
on the symmetric quasi-definite system of Vanderbei (1995), refined against the system without
regularisation. Where the cost is diagonal, as in the reconciliation, every unknown is eliminated
first and only the rows are factorised, in an order that is found once.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy import sparse
from scipy.sparse import linalg

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Vector = NDArray[np.float64]

__all__ = ["QpError", "QpSolution", "solve"]

REGULARISATION = 1e-11
REFINEMENTS = 3
STEP_BACK = 0.995  # share of the way to the boundary; Mehrotra's usual value
# Products x*z far from their mean make a full corrector cycle; Gondzio (1996) pulls them back
CENTRALITY_CORRECTORS = 3
# Mehrotra's rule can cycle: after this many steps without a smaller mean product, or after a
# step cut short at the boundary, the next step only pulls the products together
PATIENCE = 2
SHORT_STEP = 0.1
CENTRING_WHEN_STUCK = 0.5
LEAST_PRODUCT, MOST_PRODUCT = 0.1, 10.0


class QpError(RuntimeError):
    """The programme is malformed or no optimum was reached; there is no answer to use.

    Attributes
    ----------
    problems : tuple of str
        One line for each thing that is wrong.
    """

    problems: tuple[str, ...]

    def __init__(self, problems: Sequence[str]) -> None:
        # one text is what a process hands back when it was raised there
        self.problems = (problems,) if isinstance(problems, str) else tuple(problems)
        super().__init__("; ".join(self.problems))


@dataclass(frozen=True, slots=True)
class QpSolution:
    """An optimum and how well it satisfies the conditions of optimality.

    Attributes
    ----------
    x, equality_dual, bound_dual
        Primal solution (n), multipliers of ``Ax = b`` (m) and of ``x >= 0`` (n, zero where free).
    objective
        ``1/2 x'Px + q'x``.
    iterations
        Interior-point iterations used.
    primal_residual, dual_residual, gap
        Relative residuals at the returned point, each at most the tolerance.
    """

    x: Vector
    equality_dual: Vector
    bound_dual: Vector
    objective: float
    iterations: int
    primal_residual: float
    dual_residual: float
    gap: float


# a diverging programme overflows before the residual test stops it
@np.errstate(over="ignore", invalid="ignore", divide="ignore")
def solve(
    P: Any,
    q: Vector,
    A: Any,
    b: Vector,
    nonnegative: NDArray[np.bool_] | None = None,
    *,
    tolerance: float = 1e-10,
    max_iterations: int = 100,
) -> QpSolution:
    """Minimise ``1/2 x'Px + q'x`` subject to ``Ax = b`` and ``x >= 0`` where told.

    Parameters
    ----------
    P
        Symmetric positive semidefinite matrix (n, n), sparse or dense.
    q
        Linear cost (n).
    A, b
        Equality rows (m, n) and right sides (m). Rows may depend on each other if consistent.
    nonnegative
        Mask (n) of the variables that must not be negative; all when None.
    tolerance
        Largest relative residual of primal and dual feasibility and of the duality gap.
    max_iterations
        Give up after this many iterations.

    Raises
    ------
    QpError
        If shapes or values are wrong, or the tolerance is not reached (an infeasible or
        unbounded programme ends so). An unconverged point is never returned.

    Examples
    --------
    The nearest point to (1, -1) on the line x + y = 1 in the positive quadrant:

    >>> import numpy as np
    >>> answer = solve(np.eye(2), np.array([-1.0, 1.0]), np.ones((1, 2)), np.ones(1))
    >>> [round(float(value), 9) for value in answer.x]
    [1.0, 0.0]
    """
    P, q, A, b, bounded = _checked(P, q, A, b, nonnegative)
    n, m = len(q), len(b)
    scale_rows = _row_scale(A)
    A = sparse.diags_array(scale_rows) @ A
    b = scale_rows * b
    count = int(bounded.sum())
    system = _system(P, A, bounded)
    At = system.At

    x, y, z = _start(system, q, b)
    worst = least = np.inf
    idle = 0
    for iteration in range(1, max_iterations + 1):
        Px = P @ x
        rd = Px + q - At @ y - z
        rp = A @ x - b
        mu = _dot(x[bounded], z[bounded]) / count if count else 0.0
        least, idle = (mu, 0) if mu < least else (least, idle + 1)
        objective = 0.5 * _dot(x, Px) + _dot(q, x)
        primal = float(np.abs(rp).max(initial=0.0)) / (1.0 + float(np.abs(b).max(initial=0.0)))
        dual = float(np.abs(rd).max(initial=0.0)) / (1.0 + float(np.abs(q).max(initial=0.0)))
        gap = mu * count / (1.0 + abs(objective))
        worst = max(primal, dual, gap)
        if worst <= tolerance:
            return QpSolution(
                np.where(bounded, np.maximum(x, 0.0), x),
                scale_rows * y,
                np.where(bounded, z, 0.0),
                objective,
                iteration - 1,
                primal,
                dual,
                gap,
            )
        if not np.isfinite(worst):
            break
        barrier = np.zeros(n)
        barrier[bounded] = z[bounded] / x[bounded]
        newton = _Newton(system, barrier)

        # predictor: straight at the optimum, ignoring the boundary
        rc = np.where(bounded, x * z, 0.0)
        dx, dy, dz = newton.step(rd, rp, rc, x, z)
        step = _common_step(x, dx, z, dz, bounded)
        if count:
            after = _dot((x + step * dx)[bounded], (z + step * dz)[bounded]) / count
            centring = (max(after, 0.0) / mu) ** 3 if mu > 0.0 else 0.0
            # corrector: second-order term of the predictor, pulled towards the central path
            rc = np.where(bounded, x * z + dx * dz - centring * mu, 0.0)
            dx, dy, dz = newton.step(rd, rp, rc, x, z)
            step = _common_step(x, dx, z, dz, bounded)
            correctors = CENTRALITY_CORRECTORS
            if step < SHORT_STEP or idle >= PATIENCE:
                centring = CENTRING_WHEN_STUCK
                rc = np.where(bounded, x * z - centring * mu, 0.0)
                dx, dy, dz = newton.step(rd, rp, rc, x, z)
                step = _common_step(x, dx, z, dz, bounded)
                correctors = idle = 0
            for _ in range(correctors):
                longer = min(1.0, 1.08 * step + 0.08)
                products = ((x + longer * dx) * (z + longer * dz))[bounded]
                goal = centring * mu
                wanted = np.clip(products, LEAST_PRODUCT * goal, MOST_PRODUCT * goal) - products
                rc = np.zeros(n)
                rc[bounded] = -np.maximum(wanted, -MOST_PRODUCT * goal)
                ex, ey, ez = newton.step(np.zeros(n), np.zeros(m), rc, x, z)
                better = _common_step(x, dx + ex, z, dz + ez, bounded)
                if better < step + 0.01:
                    break
                dx, dy, dz, step = dx + ex, dy + ey, dz + ez, better
        x, y, z = x + step * dx, y + step * dy, z + step * dz
    message = (
        f"quadratic programme of {n} variables and {m} rows did not converge: largest relative "
        f"residual {worst:.1e} after {max_iterations} iterations, wanted {tolerance:.0e}: check "
        "that the rows do not contradict each other and that the cost is bounded below"
    )
    raise QpError([message])


class _System(NamedTuple):
    """The parts of the programme that no iteration changes."""

    P: Any
    A: Any
    At: Any
    bounded: NDArray[np.bool_]
    diagonal: Vector | None
    """Diagonal of P where unknowns can be eliminated: no other entries, and no free unknown
    without cost."""
    order: list[NDArray[np.int64]]
    """Order of the rows that keeps their factor sparse, once it is known."""


def _system(P: Any, A: Any, bounded: NDArray[np.bool_]) -> _System:
    diagonal = P.diagonal()
    alone = P.count_nonzero() == np.count_nonzero(diagonal)
    simple = alone and bool((bounded | (diagonal > 0.0)).all())
    return _System(P, A, A.T.tocsc(), bounded, diagonal if simple else None, [])


class _Newton:
    """One factorised Newton system; solves for several right-hand sides."""

    def __init__(self, system: _System, barrier: Vector) -> None:
        self.n = system.A.shape[1]
        self.bounded = system.bounded
        self.system = system
        self.factor: _Rows | _Whole
        if system.diagonal is not None:
            self.factor = _Rows(system, system.diagonal + barrier)
        else:
            self.factor = _Whole(system, system.P + sparse.diags_array(barrier))

    def solve(self, right: Vector) -> Vector:
        """Solve the system without regularisation by refinement."""
        answer = self.factor.solve(right)
        residual = right - self.factor.times(answer)
        best = float(np.abs(residual).max(initial=0.0))
        for _ in range(REFINEMENTS):
            better = answer + self.factor.solve(residual)
            residual = right - self.factor.times(better)
            left = float(np.abs(residual).max(initial=0.0))
            if not left < best:
                break
            answer, best = better, left
        return answer

    def step(
        self, rd: Vector, rp: Vector, rc: Vector, x: Vector, z: Vector
    ) -> tuple[Vector, Vector, Vector]:
        """Newton direction (dx, dy, dz) for the residuals of stationarity, rows and products."""
        bounded = self.bounded
        pushed = np.zeros_like(x)
        pushed[bounded] = rc[bounded] / x[bounded]
        answer = self.solve(np.concatenate([-rd - pushed, -rp]))
        dx, dy = answer[: self.n], -answer[self.n :]
        dz = np.zeros_like(x)
        dz[bounded] = -pushed[bounded] - z[bounded] / x[bounded] * dx[bounded]
        return dx, dy, dz


class _Rows:
    """Factor of ``A D^-1 A'`` for a diagonal D: the rows, with every unknown eliminated."""

    def __init__(self, system: _System, diagonal: Vector) -> None:
        self.system = system
        self.diagonal = diagonal
        self.inverse = 1.0 / (diagonal + REGULARISATION)
        rows = system.A @ sparse.diags_array(self.inverse) @ system.At
        # rows of unit diagonal, so that the shift means the same for all
        self.scale = 1.0 / np.sqrt(rows.diagonal() + REGULARISATION)
        scaling = sparse.diags_array(self.scale)
        shift = sparse.eye_array(len(self.scale)) * REGULARISATION
        scaled = sparse.csc_array(scaling @ rows @ scaling + shift)
        self.order = system.order[0] if system.order else np.arange(len(self.scale))
        scaled = scaled[self.order][:, self.order].tocsc() if system.order else scaled
        self.factor = _factorised(scaled, "NATURAL" if system.order else "MMD_AT_PLUS_A")
        if not system.order:
            system.order.append(np.argsort(self.factor.perm_c))

    def solve(self, right: Vector) -> Vector:
        """Solve for unknowns and (negated) multipliers."""
        n = len(self.inverse)
        pushed = self.inverse * right[:n]
        middle = self.system.A @ pushed - right[n:]
        rows = np.empty_like(middle)
        rows[self.order] = self.factor.solve((self.scale * middle)[self.order])
        rows *= self.scale
        unknowns = pushed - self.inverse * (self.system.At @ rows)
        return np.concatenate([unknowns, rows])

    def times(self, answer: Vector) -> Vector:
        """Left side of the system at an answer."""
        n = len(self.inverse)
        unknowns, rows = answer[:n], answer[n:]
        return np.concatenate(
            [self.diagonal * unknowns + self.system.At @ rows, self.system.A @ unknowns]
        )


class _Whole:
    """Sparse factor of the quasi-definite system itself, without pivoting for size."""

    def __init__(self, system: _System, upper: Any) -> None:
        m, n = system.A.shape
        self.exact = sparse.block_array([[upper, system.At], [system.A, None]], format="csc")
        shift = np.concatenate([np.full(n, REGULARISATION), np.full(m, -REGULARISATION)])
        regularised = (self.exact + sparse.diags_array(shift)).tocsc()
        self.factor = _factorised(regularised, "MMD_AT_PLUS_A")

    def solve(self, right: Vector) -> Vector:
        """Solve for unknowns and (negated) multipliers."""
        answer: Vector = self.factor.solve(right)
        return answer

    def times(self, answer: Vector) -> Vector:
        """Left side of the system at an answer."""
        product: Vector = self.exact @ answer
        return product


def _dot(one: Vector, other: Vector) -> float:
    """Inner product without BLAS, whose threads cost more than they save at this length."""
    return float((one * other).sum())


def _factorised(matrix: Any, order: str) -> Any:
    """Sparse factors of a symmetric matrix, without pivoting for size."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", linalg.MatrixRankWarning)
            return linalg.splu(
                matrix, permc_spec=order, diag_pivot_thresh=0.0, options={"SymmetricMode": True}
            )
    except RuntimeError as error:  # SuperLU's word for an exactly singular matrix
        raise QpError([f"Newton system cannot be factorised: {error}"]) from error


def _common_step(x: Vector, dx: Vector, z: Vector, dz: Vector, bounded: NDArray[np.bool_]) -> float:
    """Step for primal and dual alike, just short of the boundary and at most 1.

    One length for both: separate ones do not keep the dual residual of a QP falling.
    """
    return min(1.0, STEP_BACK * min(_reach(x, dx, bounded), _reach(z, dz, bounded)))


def _reach(v: Vector, dv: Vector, bounded: NDArray[np.bool_]) -> float:
    """Longest step that keeps the bounded part of v + step * dv non-negative."""
    falling = bounded & (dv < 0.0)
    return float((-v[falling] / dv[falling]).min(initial=np.inf))


def _start(system: _System, q: Vector, b: Vector) -> tuple[Vector, Vector, Vector]:
    """Mehrotra's starting point: solve without bounds, then move well inside them."""
    bounded = system.bounded
    newton = _Newton(system, np.where(bounded, 1.0, 0.0))
    answer = newton.solve(np.concatenate([-q, b]))
    x, y = answer[: len(q)], -answer[len(q) :]
    z = np.zeros_like(x)
    if bounded.any():
        inside = x[bounded]
        shift = max(0.0, -1.5 * float(inside.min())) + 0.1
        pull = -inside  # the dual that the unit barrier stands for
        shift_dual = max(0.0, -1.5 * float(pull.min())) + 0.1
        primal, dual = inside + shift, pull + shift_dual
        product = _dot(primal, dual)
        x[bounded] = primal + 0.5 * product / float(dual.sum())
        z[bounded] = dual + 0.5 * product / float(primal.sum())
    return x, y, z


def _row_scale(A: Any) -> Vector:
    """One over the largest coefficient of each row (1 for an empty row)."""
    if A.shape[0] == 0:
        return np.ones(0)
    largest = np.asarray(abs(A).max(axis=1).todense(), dtype=np.float64).ravel()
    return np.where(largest > 0.0, 1.0 / np.where(largest > 0.0, largest, 1.0), 1.0)


def _checked(
    P: Any, q: Vector, A: Any, b: Vector, nonnegative: NDArray[np.bool_] | None
) -> tuple[Any, Vector, Any, Vector, NDArray[np.bool_]]:
    """Return sparse matrices and float vectors, or raise one error with all that is wrong."""
    q, b = np.asarray(q, dtype=np.float64), np.asarray(b, dtype=np.float64)
    P, A = sparse.csc_array(P, dtype=np.float64), sparse.csr_array(A, dtype=np.float64)
    n, m = len(q), len(b)
    bounded = np.ones(n, dtype=bool) if nonnegative is None else np.asarray(nonnegative, dtype=bool)
    problems = []
    if P.shape != (n, n):
        problems.append(f"P has shape {P.shape}: give ({n}, {n}) to match q")
    if A.shape != (m, n):
        problems.append(f"A has shape {A.shape}: give ({m}, {n}) to match b and q")
    if bounded.shape != (n,):
        problems.append(f"nonnegative has shape {bounded.shape}: give ({n},) to match q")
    for name, values in (("P", P.data), ("q", q), ("A", A.data), ("b", b)):
        bad = int((~np.isfinite(values)).sum())
        if bad:
            problems.append(f"{name} holds {bad} values that are not finite: give numbers")
    if not problems and P.nnz and abs(P - P.T).max() > 1e-12 * abs(P).max():
        problems.append("P is not symmetric: give (P + P')/2")
    if not problems and P.nnz and P.diagonal().min(initial=0.0) < 0.0:
        problems.append("P has a negative diagonal: the cost must be convex")
    if problems:
        raise QpError(problems)
    return P, q, A, b, bounded
