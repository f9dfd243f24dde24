"""Arrays that are no chain are refused, with every problem named at once."""

from dataclasses import fields, replace

import numpy as np
import pytest

from reference.engine.small_chains import three_nodes
from xenotime.engine import ArraysError, ChainArrays, problems_of, simulate


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
        ("link_transit", 0, 0, "link_transit[0] is 0, expected 1 to 3650"),
        ("link_transit", 0, 10**9, "link_transit[0] is 1000000000, expected 1 to 3650"),
        ("month_of_day", 4, 10**9, "month_of_day[4] is 1000000000, expected 0 to 4"),
        ("validity", 0, 2**40, "validity[0] is 1099511627776, expected 1 to 1000000000"),
        ("volume_from", 0, -(2**40), "volume_from[0] is -1099511627776, expected -1000000000 to"),
        ("producer_sector", 0, 10**9, "producer_sector[0] is 1000000000, expected -1 to 99999"),
        ("shortage_group", 0, 10**9, "shortage_group[0] is 1000000000, expected 0 to 99999"),
        ("essentiality", 0, 4, "essentiality[0] is 4, expected 0 to 3"),
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


@pytest.mark.parametrize(
    ("parent", "says"),
    [
        ([-1, -1], "sector_parent has shape (2,), expected (1,)"),
        ([3], "sector_parent[0] is 3, expected -1 to 0"),
        ([0], "sector_parent[0] is 0, which is itself a part of a sector"),
    ],
)
def test_parts_of_sectors_that_do_not_add_up(chain, parent, says):
    problems = problems_of(replace(chain, sector_parent=np.array(parent)))
    assert any(problem.startswith(says) for problem in problems), problems


def test_wrong_kinds_of_numbers_are_all_listed(chain):
    broken = replace(
        chain, is_final=chain.is_final.astype(int), link_in=chain.link_in * 1.0, headroom=[1.0]
    )
    assert problems_of(broken) == [
        "link_in is float64, expected a numpy array of integer",
        "is_final is int64, expected a numpy array of bool",
        "headroom is list, expected a numpy array of float",
    ]


GARBAGE = [
    None,
    "x",
    3,
    2.5,
    [],
    np.array(1),
    np.array(1.0),
    np.array(True),
    np.zeros((0,), int),
    np.zeros((2, 2)),
    np.zeros((2, 2), int),
    np.zeros((1, 1, 1, 1), bool),
    np.array(["a", "b"]),
    np.array([None, None]),
    np.array([2**63 + 5], np.uint64),
    np.array([np.nan, np.inf, -np.inf]),
    np.array([1e308, 1e308]),
    np.full((3, 1), 1e308),
    np.array([-1, 10**18]),
    np.array([0, 10**9, 10**9 + 1]),
    np.ma.masked_array([1, 2], mask=[True, True]),
]


@pytest.mark.filterwarnings("ignore:.* encountered in:RuntimeWarning")
@pytest.mark.parametrize("name", [field.name for field in fields(ChainArrays)])
def test_no_garbage_in_any_place_is_more_than_a_problem(chain, name):
    for value in GARBAGE:
        broken = replace(chain, **{name: value})
        problems = problems_of(broken)
        assert all(isinstance(problem, str) and "\n" not in problem for problem in problems)
        if not problems:  # what passes for sound must run, however large its levels
            simulate(broken, dtype="float64", backend="twin")
            continue
        with pytest.raises(ArraysError):
            simulate(broken, dtype="float64", backend="twin")


def test_wrong_numbers_of_axes_are_all_listed(chain):
    broken = replace(
        chain,
        group_link=chain.group_link[:, None],
        group_weight=np.array(1.0),
        shortage_group=np.array(0),
        shortage_weight=chain.shortage_weight[None],
        base_activity=chain.base_activity[:, 0],
        capacity_loss=np.zeros(5),
    )
    assert problems_of(broken) == [
        "base_activity has shape (3,), expected 2 axes",
        "capacity_loss has shape (5,), expected 2 axes",
        "group_link has shape (2, 1), expected 1 axis",
        "group_weight has shape (), expected 1 axis",
        "shortage_group has shape (), expected 1 axis",
        "shortage_weight has shape (1, 2), expected 1 axis",
    ]


@pytest.mark.parametrize(
    "stated",
    [-5, 2.5, "x", True, 10**9, 10**5000, float("nan"), np.float64(2), [1], np.zeros(2)],
    ids=range(10),
)
@pytest.mark.parametrize("name", ["activity_groups", "sectors", "shortages", "stock_groups"])
def test_stated_sizes_are_whole_numbers_of_a_size_that_memory_holds(chain, name, stated):
    (problem,) = problems_of(replace(chain, **{name: stated}))
    assert problem.startswith(f"{name} is ")
    assert ", expected a whole number from 0 to 100000, or None to count" in problem
    assert len(problem) < 160


def test_stated_sizes_may_be_numpy_integers(chain):
    sizes = chain.sizes
    assert problems_of(replace(chain, sectors=np.int64(sizes["S"] + 2))) == []


def test_wrong_sizes_kinds_and_axes_are_all_listed(chain):
    broken = replace(chain, sectors="x", shortages=-5, in_coef=np.array(1.0), link_in=None)
    assert [problem.split()[0] for problem in problems_of(broken)] == [
        "link_in",
        "in_coef",
        "sectors",
        "shortages",
    ]


def test_unsigned_pointers_that_fall_are_found(chain):
    falling = np.array([0, 2, 1, 2], np.uint8)
    assert problems_of(replace(chain, in_ptr=falling))[0].startswith("in_ptr must rise")
    wide = chain.in_ptr.astype(np.uint64)
    assert problems_of(replace(chain, in_ptr=wide)) == [
        "in_ptr is uint64, expected int64 or smaller"
    ]


def test_pointers_without_an_entry_are_found(chain):
    none = np.zeros(0, int)
    assert problems_of(replace(chain, group_ptr=none))[0].startswith("group_ptr has 0 entries")
    for name in ("in_ptr", "out_ptr", "shortage_ptr"):
        (problem, *_) = problems_of(replace(chain, **{name: none}))
        assert problem.startswith(f"{name} has shape (0,)")


def test_levels_that_overflow_are_no_identity(chain):
    huge = np.full_like(chain.in_coef, 1e200)
    broken = replace(chain, in_coef=huge, base_activity=np.full_like(chain.base_activity, 1e200))
    assert any("links carry" in problem for problem in problems_of(broken))


def test_thin_stocks_are_listed_with_everything_else_of_their_kind(chain):
    thin = replace(
        changed(chain, "value_weight", (0, 0), 0.4), target_in=np.zeros_like(chain.target_in)
    )
    problems = problems_of(thin)
    assert any(problem.startswith("value_weight of producer 0") for problem in problems)
    assert any(problem.startswith("target_in[0, 0] is 0 t, less than") for problem in problems)


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


QUOTA = {
    "link_quota": np.array([0, -1]),
    "quota_weight": np.array([1.0, 0.0]),
    "quota_tonnes": np.full((1, 5, 1), 3.0),
    "quota_opens": np.array([[True, False, False, True, False]]),
    "quota_carry": np.zeros(1),
}


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("link_quota", np.array([1, -1]), "link_quota[0] is 1, expected -1 to 0"),
        ("quota_weight", np.array([-1.0, 0.0]), "quota_weight[0] is -1.0, expected at least 0"),
        ("quota_carry", np.array([1.5]), "quota_carry[0] is 1.5, expected 0 to 1"),
        ("quota_carry", None, "go together: quota_carry is None; give all or none"),
        ("quota_opens", np.zeros((1, 4), bool), "quota_opens has shape (1, 4), expected (1, 5)"),
        ("quota_opens", np.zeros((1, 5), int), "quota_opens is int64, expected a numpy array of b"),
        ("quota_tonnes", np.full((1, 5, 1), np.nan), "quota_tonnes[0, 0, 0] is nan"),
        (
            "quota_tonnes",
            np.array([3.0, 3.0, 2.0, 1.0, 1.0]).reshape(1, 5, 1),
            "quota_tonnes[0, 2, 0] falls below an earlier day of its period",
        ),
    ],
)
def test_each_problem_of_a_quota_is_named(chain, name, value, says):
    assert problems_of(replace(chain, **QUOTA)) == []
    (problem,) = problems_of(replace(chain, **QUOTA | {name: value}))
    assert says in problem


SUPPLY = {
    "supply_ptr": np.array([0, 2]),
    "supply_slot": np.array([1, 0]),
    "supply_level": np.array([0, 1]),
    "supply_daily": np.full((1, 5), np.inf),
    "supply_holds": np.array([3.0]),
    "supply_part": np.full((1, 5), 0.5),
    "supply_replaces": np.array([True]),
}


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("supply_ptr", np.array([0, 1]), "supply_ptr must rise from 0 to 2"),
        ("supply_ptr", np.array([0, 1, 2]), "supply_ptr has shape (3,), expected (2,) (N+1)"),
        ("supply_slot", np.array([1, 2]), "supply_slot[1] is 2, expected 0 to 1"),
        ("supply_slot", np.array([1, 1]), "supply 0 feeds slot 1 2 times; feed it once"),
        ("supply_level", np.array([1, 0]), "supply_level of supply 0 falls"),
        ("supply_daily", np.full((1, 4), 1.0), "supply_daily has shape (1, 4), expected (1, 5)"),
        ("supply_daily", np.full((1, 5), -1.0), "supply_daily[0, 0] is -1.0, expected at least 0"),
        ("supply_holds", np.array([np.nan]), "supply_holds[0] is nan, expected at least 0"),
        ("supply_part", None, "go together: supply_part is None; give all or none"),
        ("supply_replaces", np.array([1]), "supply_replaces is int64, expected a numpy array of b"),
    ],
)
def test_each_problem_of_a_supply_is_named(chain, name, value, says):
    assert problems_of(replace(chain, **SUPPLY)) == []
    (problem,) = problems_of(replace(chain, **SUPPLY | {name: value}))
    assert says in problem
