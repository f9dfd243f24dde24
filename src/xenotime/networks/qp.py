"""A convex quadratic programme by a primal-dual interior point on sparse matrices.

Solves ``min 1/2 x'Px + q'x`` subject to ``Ax = b`` and ``x[i] >= 0`` where `nonnegative`
says so. The method is Mehrotra's predictor-corrector (Mehrotra 1992; Nocedal and Wright,
Numerical Optimization, 2nd ed., section 16.6) with Gondzio's centrality correctors (1996)
on the system of `newton`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse
from scipy.sparse import linalg

from xenotime.networks.newton import NewtonStep, QpError, System, system_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vector = NDArray[np.float64]

__all__ = ["QpError", "QpSolution", "solve"]

STEP_BACK = 0.995  # share of the way to the boundary; Mehrotra's usual value
# Products x*z far from their mean make a full corrector cycle; Gondzio (1996) pulls them back
CENTRALITY_CORRECTORS = 3
# Mehrotra's rule can cycle: a step that would raise the mean product, or that the boundary cuts
# short, gives way to one that only pulls the products together
SHORT_STEP = 0.1
CENTRING_WHEN_STUCK = 0.5
LEAST_PRODUCT, MOST_PRODUCT = 0.1, 10.0


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
    system = system_of(P, A, bounded)
    At = system.At

    x, y, z = _start(system, q, b)
    worst = np.inf
    for iteration in range(1, max_iterations + 1):
        Px = P @ x
        rd = Px + q - At @ y - z
        rp = A @ x - b
        mu = _dot(x[bounded], z[bounded]) / count if count else 0.0
        objective = 0.5 * _dot(x, Px) + _dot(q, x)
        primal = float(np.abs(rp).max(initial=0.0)) / (1.0 + float(np.abs(b).max(initial=0.0)))
        dual = float(np.abs(rd).max(initial=0.0)) / (1.0 + float(np.abs(q).max(initial=0.0)))
        gap = mu * count / (1.0 + abs(objective))
        if max(primal, gap) <= tolerance < dual:
            y, z = _drawn_back(system, Px + q, x, y, z)
            rd = Px + q - At @ y - z
            mu = _dot(x[bounded], z[bounded]) / count if count else 0.0
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
        newton = NewtonStep(system, barrier)

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
            for _ in range(CENTRALITY_CORRECTORS):
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
            after = _dot((x + step * dx)[bounded], (z + step * dz)[bounded]) / count
            if step < SHORT_STEP or after > mu:
                rc = np.where(bounded, x * z - CENTRING_WHEN_STUCK * mu, 0.0)
                dx, dy, dz = newton.step(rd, rp, rc, x, z)
                step = _common_step(x, dx, z, dz, bounded)
                # along this direction the mean product is a parabola: no further than its foot
                slope, bend = _dot(x, dz) + _dot(z, dx), _dot(dx, dz)
                if bend > 0.0 > slope:
                    step = min(step, -0.5 * slope / bend)
        x, y, z = x + step * dx, y + step * dy, z + step * dz
    message = (
        f"quadratic programme of {n} variables and {m} rows did not converge: largest relative "
        f"residual {worst:.1e} after {max_iterations} iterations, wanted {tolerance:.0e}: check "
        "that the rows do not contradict each other and that the cost is bounded below"
    )
    raise QpError([message])


def _dot(one: Vector, other: Vector) -> float:
    """Inner product without BLAS, whose threads cost more than they save at this length."""
    return float((one * other).sum())


def _common_step(x: Vector, dx: Vector, z: Vector, dz: Vector, bounded: NDArray[np.bool_]) -> float:
    """Step for primal and dual alike, just short of the boundary and at most 1.

    One length for both: separate ones do not keep the dual residual of a QP falling.
    """
    return min(1.0, STEP_BACK * min(_reach(x, dx, bounded), _reach(z, dz, bounded)))


def _reach(v: Vector, dv: Vector, bounded: NDArray[np.bool_]) -> float:
    """Longest step that keeps the bounded part of v + step * dv non-negative."""
    falling = bounded & (dv < 0.0)
    return float((-v[falling] / dv[falling]).min(initial=np.inf))


def _start(system: System, q: Vector, b: Vector) -> tuple[Vector, Vector, Vector]:
    """Mehrotra's starting point: solve without bounds, then move well inside them."""
    bounded = system.bounded
    newton = NewtonStep(system, np.where(bounded, 1.0, 0.0))
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


def _drawn_back(
    system: System, gradient: Vector, x: Vector, y: Vector, z: Vector
) -> tuple[Vector, Vector]:
    """Shorter multipliers (y, z) that explain the same point as well.

    Where the rows force a variable to its bound no strictly feasible point exists, the multipliers
    have no largest value (Gauvin 1977), and iterates run off along a ray until the rounding of
    ``A'y + z`` alone is more than the tolerance. The shortest multipliers of the variables off
    their bounds, moved towards the given ones only as far as keeps ``z`` from being negative,
    are as good a proof and of the size of the cost.
    """
    held = system.bounded & (x < z)
    loose = ~held
    shortest = linalg.lsqr(system.At[loose], (gradient - z)[loose], atol=1e-15, btol=1e-15)[0]
    least = np.where(held, gradient - system.At @ shortest, z)
    negative = held & (least < 0.0)
    share = float((least[negative] / (least - z)[negative]).max(initial=0.0))
    z = np.where(held, np.maximum(least + share * (z - least), 0.0), z)
    return shortest + share * (y - shortest), z


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
