"""One Newton step of the interior point: the sparse system of its conditions of optimality.

The symmetric quasi-definite system of Vanderbei (1995), refined against the system without
regularisation. Where the cost is diagonal every unknown is eliminated first and only the rows are
factorised, in an order that is found once.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy import sparse
from scipy.sparse import linalg

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Vector = NDArray[np.float64]

__all__ = ["NewtonStep", "QpError", "System", "system_of"]

REGULARISATION = 1e-11
REFINEMENTS = 3


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


class System(NamedTuple):
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


def system_of(P: Any, A: Any, bounded: NDArray[np.bool_]) -> System:
    """Return what all steps of one programme share, told whether its cost is diagonal."""
    diagonal = P.diagonal()
    alone = P.count_nonzero() == np.count_nonzero(diagonal)
    simple = alone and bool((bounded | (diagonal > 0.0)).all())
    return System(P, A, A.T.tocsc(), bounded, diagonal if simple else None, [])


class NewtonStep:
    """One factorised Newton system; solves for several right-hand sides."""

    def __init__(self, system: System, barrier: Vector) -> None:
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

    def __init__(self, system: System, diagonal: Vector) -> None:
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

    def __init__(self, system: System, upper: Any) -> None:
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
