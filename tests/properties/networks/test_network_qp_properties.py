from __future__ import annotations

import clarabel
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from xenotime.networks.qp import solve


def programme_of(seed, n, m, scale, diagonal):
    """A strictly convex, feasible programme of mixed scale with some free variables."""
    rng = np.random.default_rng(seed)
    A = sparse.random_array((m, n), density=0.4, rng=rng).tocsr() * scale
    nonnegative = rng.random(n) < 0.8
    inside = np.where(rng.random(n) < 0.5, rng.exponential(size=n), 0.0)
    inside = np.where(nonnegative, inside, rng.normal(size=n))
    root = sparse.random_array((n, n), density=0.2, rng=rng)
    P = (root @ root.T + diagonal * sparse.eye_array(n)).tocsc()
    q = 10.0 * rng.normal(size=n)
    return P, q, A, A @ inside, nonnegative


@st.composite
def programmes(draw):
    seed = draw(st.integers(0, 2**32 - 1))
    n = draw(st.integers(2, 40))
    m = draw(st.integers(0, n - 1))
    scale = draw(st.sampled_from([1.0, 1e-3, 1e3]))
    return programme_of(seed, n, m, scale, draw(st.sampled_from([1e-2, 1.0])))


# Rows that force a variable to its bound leave no interior: the first two let the multipliers
# grow without bound, the others made Mehrotra's steps go round in a circle.
WITHOUT_INTERIOR = [
    (7, 5, 3, 1.0, 1e-2),
    (7, 5, 3, 1e3, 1e-2),
    (10523, 7, 3, 1e3, 1e-2),
    (10171, 8, 5, 1e-3, 1.0),
    (530930, 5, 1, 1.0, 1e-2),
    (531656, 18, 8, 1.0, 1.0),
]


def oracle(P, q, A, b, nonnegative):
    bounds = -sparse.eye_array(len(q)).tocsr()[np.flatnonzero(nonnegative)]
    settings_ = clarabel.DefaultSettings()
    settings_.verbose = False
    answer = clarabel.DefaultSolver(
        sparse.csc_matrix(sparse.triu(P)),
        q,
        sparse.csc_matrix(sparse.vstack([A, bounds])),
        np.concatenate([b, np.zeros(bounds.shape[0])]),
        [clarabel.ZeroConeT(len(b)), clarabel.NonnegativeConeT(bounds.shape[0])],
        settings_,
    ).solve()
    return np.array(answer.x), answer.obj_val


@settings(max_examples=60, deadline=None)
@given(programmes())
def test_the_optimum_is_that_of_an_independent_solver(programme):
    the_independent_solver_agrees(programme)


@pytest.mark.parametrize("drawn", WITHOUT_INTERIOR)
def test_programmes_that_once_did_not_converge_have_the_optimum_of_the_other_solver(drawn):
    the_independent_solver_agrees(programme_of(*drawn))


def the_independent_solver_agrees(programme):
    P, q, A, b, nonnegative = programme
    ours = solve(P, q, A, b, nonnegative)
    theirs, value = oracle(*programme)
    assert abs(ours.objective - value) <= 1e-6 * (1.0 + abs(value))
    assert np.abs(ours.x - theirs).max() <= 1e-3 * (1.0 + np.abs(theirs).max())
    assert ours.x[nonnegative].min(initial=0.0) >= 0.0


@settings(max_examples=40, deadline=None)
@given(programmes())
def test_the_conditions_of_optimality_hold(programme):
    P, q, A, b, nonnegative = programme
    answer = solve(P, q, A, b, nonnegative)
    x, y, z = answer.x, answer.equality_dual, answer.bound_dual
    size = 1.0 + np.abs(q).max()
    assert np.abs(A @ x - b).max(initial=0.0) <= 1e-7 * (1.0 + np.abs(b).max(initial=0.0))
    assert np.abs(P @ x + q - A.T @ y - z).max() <= 1e-7 * size
    assert z.min() >= 0.0
    assert abs(x @ z) <= 1e-8 * (1.0 + abs(answer.objective))


@settings(max_examples=30, deadline=None)
@given(programmes(), st.randoms(use_true_random=False))
def test_the_order_of_variables_and_rows_does_not_matter(programme, random):
    P, q, A, b, nonnegative = programme
    columns = list(range(len(q)))
    rows = list(range(len(b)))
    random.shuffle(columns)
    random.shuffle(rows)
    straight = solve(P, q, A, b, nonnegative)
    shuffled = solve(
        P[np.ix_(columns, columns)],
        q[columns],
        A[rows][:, columns],
        b[rows],
        nonnegative[columns],
    )
    assert np.abs(shuffled.x - straight.x[columns]).max() <= 1e-5 * (1 + np.abs(straight.x).max())
