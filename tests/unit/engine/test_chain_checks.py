"""Arrays that are no chain are refused, with every problem named at once."""

from dataclasses import replace

import numpy as np
import pytest

from reference.engine.small_chains import three_nodes
from xenotime.engine import ArraysError, problems_of, simulate


@pytest.fixture
def chain():
    return three_nodes(5, ore={"control": 0})


def changed(chain, name, place, value):
    values = np.array(getattr(chain, name))
    values[place] = value
    return replace(chain, **{name: values})


def test_a_sound_chain_has_no_problems(chain):
    assert problems_of(chain) == []


@pytest.mark.parametrize(
    ("name", "place", "value", "says"),
    [
        ("link_out", 0, 7, "link_out[0] is 7, expected 0 to 1"),
        ("link_in", 1, -1, "link_in[1] is -1, expected 0 to 1"),
        ("link_class", 0, 3, "link_class[0] is 3, expected -1 to 0"),
        ("producer_demand", 2, 1, "producer_demand[2] is 1, expected 0 to 0"),
        ("group_link", 0, 9, "group_link[0] is 9, expected 0 to 1"),
        ("link_transit", 0, 0, "link_transit[0] is 0, expected at least 1"),
        ("essentiality", 0, 3, "essentiality[0] is 3, expected 0 to 2"),
        ("headroom", (0, 0), -0.1, "headroom[0, 0] is -0.1, expected at least 0"),
        ("headroom", (0, 0), np.nan, "headroom[0, 0] is nan, expected at least 0"),
        ("base_flow", (1, 0), np.inf, "base_flow[1, 0] is inf, expected at least 0"),
        ("tolerance", (0, 0), 1.0, "tolerance[0, 0] is 1.0, expected 0 to 1"),
        ("adjust_in", (1, 0), 0.5, "adjust_in[1, 0] is 0.5, expected at least 1"),
        ("capacity_loss", (0, 3), 1.5, "capacity_loss[0, 3] is 1.5, expected 0 to 1"),
        ("cap_multiple", (0, 2, 0), np.nan, "cap_multiple[0, 2, 0] is nan"),
        ("granted", (0, slice(3, 5), 0), [2.0, 1.0], "granted[0, 4, 0] falls below an earlier day"),
        ("is_final", 2, False, "is_final[2] is False but producer 2 has 0 output slots"),
        ("value_weight", (0, 0), 0.4, "value_weight of producer 0 sums to 0.4, expected 1"),
        ("in_coef", (0, 0), 2.0, "input slot 0, draw 0: links carry 1 t/day at base, the recipe"),
        ("out_coef", (1, 0), 2.0, "output slot 1, draw 0: links carry 1 t/day at base, the recipe"),
        ("target_in", (1, 0), 0.5, "target_in[1, 0] is 0.5 t, less than one day's use of 1 t"),
        ("in_ptr", 1, 1, "in_ptr must rise from 0 to 2"),
    ],
)
def test_each_problem_names_the_entry_its_value_and_the_remedy(chain, name, place, value, says):
    if name == "in_ptr":
        chain = replace(chain, in_ptr=np.array([0, 2, 1, 2]))
    else:
        chain = changed(chain, name, place, value)
    assert any(problem.startswith(says) for problem in problems_of(chain)), problems_of(chain)


def test_wrong_shapes_are_all_listed(chain):
    broken = replace(
        chain,
        link_in=chain.link_in[:1],
        headroom=chain.headroom[:2],
        capacity_loss=np.zeros((2, 5)),
        group_weight=np.ones(1),
        stock_weight=None,
    )
    problems = problems_of(broken)
    assert "link_in has shape (1,), expected (2,) (L)" in problems
    assert "headroom has shape (2, 1), expected (3, 1) (PD)" in problems
    assert "capacity_loss has shape (2, 5), expected (3, 5) or None" in problems
    assert "group_weight has 1 entries, group_link has 2" in problems
    assert "stock_ptr, stock_group and stock_weight go together: give all or none" in problems


def test_wrong_kinds_of_numbers_are_all_listed(chain):
    broken = replace(
        chain, is_final=chain.is_final.astype(int), link_in=chain.link_in * 1.0, headroom=[1.0]
    )
    assert problems_of(broken) == [
        "link_in is float64, expected a numpy array of integer",
        "is_final is int64, expected a numpy array of bool",
        "headroom is list, expected a numpy array of float",
    ]


def test_simulate_raises_all_problems_in_one_error(chain):
    chain = changed(changed(chain, "headroom", (0, 0), -1), "adjust_out", (2, 0), 0)
    with pytest.raises(ArraysError) as caught:
        simulate(chain, backend="twin")
    assert len(caught.value.problems) == 2
    assert str(caught.value).startswith("chain arrays: 2 problems\n  - headroom")


def test_options_are_checked_together(chain):
    with pytest.raises(ArraysError) as caught:
        simulate(chain, dtype="float16", tile=0, threads=0, backend="gpu")
    assert [problem.split()[0] for problem in caught.value.problems] == [
        "dtype",
        "tile",
        "threads",
        "backend",
    ]


def test_single_precision_identities_are_looser(chain):
    nearly = changed(chain, "in_coef", (0, 0), 1 + 1e-6)
    assert problems_of(nearly, dtype="float32") == []
    assert problems_of(nearly, dtype="float64") != []
