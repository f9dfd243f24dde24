from __future__ import annotations

import numpy as np
import pytest

from xenotime.networks.qp import QpError, solve


def test_an_infeasible_programme_gives_no_answer():
    with pytest.raises(QpError, match="did not converge"):
        solve(np.eye(1), np.zeros(1), np.ones((1, 1)), -np.ones(1))


def test_an_unbounded_programme_gives_no_answer():
    with pytest.raises(QpError, match="did not converge"):
        solve(np.zeros((1, 1)), -np.ones(1), np.zeros((0, 1)), np.zeros(0))


def test_too_few_iterations_give_no_answer():
    with pytest.raises(QpError, match="after 2 iterations"):
        solve(np.eye(3), -np.arange(3.0), np.ones((1, 3)), np.ones(1), max_iterations=2)


def test_all_malformed_inputs_are_listed_together():
    with pytest.raises(QpError) as caught:
        solve(np.eye(3), np.array([1.0, np.nan]), np.ones((2, 2)), np.ones(1), np.ones(5, bool))
    assert len(caught.value.problems) == 4


@pytest.mark.parametrize(
    ("P", "words"),
    [([[1.0, 1.0], [0.0, 1.0]], "not symmetric"), ([[-1.0, 0.0], [0.0, 1.0]], "convex")],
)
def test_a_cost_that_is_not_convex_is_refused(P, words):
    with pytest.raises(QpError, match=words):
        solve(np.array(P), np.zeros(2), np.ones((1, 2)), np.ones(1))


def test_dependent_rows_are_no_obstacle():
    A = np.array([[1.0, 1.0, 1.0], [2.0, 2.0, 2.0]])
    answer = solve(np.eye(3), np.zeros(3), A, np.array([3.0, 6.0]))
    assert np.allclose(answer.x, 1.0, atol=1e-8)
