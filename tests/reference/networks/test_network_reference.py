"""Programmes solved by hand, and conservation of each element at each stage."""

from __future__ import annotations

from collections import defaultdict

import clarabel
import numpy as np
import pytest
from scipy import sparse

from xenotime.facts.taxonomy import ELEMENTS
from xenotime.networks.chain.balance import KEPT, intervals, laws, scrap_contents, unknowns
from xenotime.networks.chain.candidates import candidates
from xenotime.networks.chain.chemistry import element_per_oxide
from xenotime.networks.chain.figures import Figures
from xenotime.networks.chain.programme import problem_of
from xenotime.networks.chain.rows import soft_rows
from xenotime.networks.chain.start import (
    finishing_yield,
    kept_flows,
    recovery_of,
    starting_flows,
)
from xenotime.networks.qp import solve


def test_the_nearest_point_on_a_line():
    # min (x-4)^2/2 + (y-1)^2/2 with x + y = 2: x = 2, y = 0; slopes -2 = u and -1 = u + z
    answer = solve(np.eye(2), np.array([-4.0, -1.0]), np.ones((1, 2)), np.array([2.0]))
    assert answer.x == pytest.approx([2.0, 0.0], abs=1e-8)
    assert answer.equality_dual == pytest.approx([-2.0], abs=1e-6)
    assert answer.bound_dual == pytest.approx([0.0, 1.0], abs=1e-6)


def test_a_bound_that_binds_has_the_slope_as_its_multiplier():
    # min x^2/2 + 2x with x >= 0: x = 0, z = 2
    answer = solve(np.eye(1), np.array([2.0]), np.zeros((0, 1)), np.zeros(0))
    assert answer.x == pytest.approx([0.0], abs=1e-9)
    assert answer.bound_dual == pytest.approx([2.0], abs=1e-6)


def test_free_variables_may_be_negative():
    # min x^2/2 + 2x without a bound: x = -2, value -2
    answer = solve(np.eye(1), np.array([2.0]), np.zeros((0, 1)), np.zeros(0), np.zeros(1, bool))
    assert answer.x == pytest.approx([-2.0])
    assert answer.objective == pytest.approx(-2.0)


def test_a_linear_programme_goes_to_its_corner():
    # min -x - 2y with x + y + s = 4 and y + t = 3: x = 1, y = 3
    A = np.array([[1.0, 1.0, 1.0, 0.0], [0.0, 1.0, 0.0, 1.0]])
    answer = solve(np.zeros((4, 4)), np.array([-1.0, -2.0, 0.0, 0.0]), A, np.array([4.0, 3.0]))
    assert answer.x == pytest.approx([1.0, 3.0, 0.0, 0.0], abs=1e-7)


def test_two_figures_meet_at_their_weighted_mean():
    # one flow, told 100 with sigma 10 and 130 with sigma 20: (100/100 + 130/400)/(1/100 + 1/400)
    P = np.diag([0.0, 1.0, 1.0])
    A = np.array([[1 / 10, -1.0, 0.0], [1 / 20, 0.0, -1.0]])
    free = np.array([True, False, False])
    answer = solve(P, np.zeros(3), A, np.array([100 / 10, 130 / 20]), free)
    assert answer.x[0] == pytest.approx(106.0)


def test_the_chi_square_start_scales_a_group_in_proportion():
    # flows that start at 30 and 10 and must sum to 80 become 60 and 20
    start = np.array([30.0, 10.0])
    answer = solve(np.diag(1.0 / start), -np.ones(2), np.ones((1, 2)), np.array([80.0]))
    assert answer.x == pytest.approx([60.0, 20.0])


def element_of(name):
    return name.partition(":")[2].partition("@")[0]


def taken_and_made(network, element):
    """Tonnes of an element that go into and come out of each producer."""
    contents = network.contents[network.contents["element"] == element]
    held = {
        (product, producer): share
        for product, producer, share in zip(
            contents["product"], contents["producer"], contents["share"], strict=True
        )
    }
    taken, made = defaultdict(float), defaultdict(float)
    links = network.links
    for supplier, buyer, product, flow in zip(
        links["supplier"],
        links["buyer"],
        links["product"],
        links["base_flow_t_per_year"],
        strict=True,
    ):
        share = held.get((product, supplier), held.get((product, ""), 0.0))
        made[supplier] += flow * share
        taken[buyer] += flow * share
    return taken, made


def makers(network, kind, element):
    """Producers of a kind that handle an element."""
    taken, made = taken_and_made(network, element)
    names = [name for name in network.producers["producer"] if name.startswith(f"{kind}:")]
    return [(name, taken[name], made[name]) for name in names if taken[name] > 0.0]


def test_each_element_is_conserved_in_separation(baseline):
    """Gross oxide out is recovery times oxide in, for each plant, element and ore."""
    network = baseline.network
    ore = network.contents[network.contents["product"].str.startswith("ore:")]
    held = ore.set_index(["product", "element"])["share"]
    recipes = network.recipes
    plants = recipes[recipes["process"].str.startswith("separation:")]
    checked = set()
    for process, lines in plants.groupby("process"):
        source = lines[lines["role"] == "input"]["product"].item()
        for product, made in (
            lines[lines["role"] == "output"].set_index("product")["coefficient"].items()
        ):
            element = element_of(product)
            share = recovery_of(element_of(source), element, Figures())
            assert made * element_per_oxide(element) == pytest.approx(
                share * held[source, element], rel=1e-7
            ), f"{process} {product}"
            checked.add(element)
    assert checked == set(ELEMENTS)


@pytest.mark.parametrize("element", ["Nd", "Pr", "Dy", "Tb", "Sm", "La", "Ce", "Gd", "Y"])
def test_each_element_is_conserved_where_it_changes_form(baseline, element):
    """What comes out is what went in times the stated yield, at every maker of a kind."""
    figures = Figures()
    for kind, kept in (
        ("metal", figures.middle("prior/yield/metal")),
        ("alloy", figures.middle("prior/yield/alloy")),
        ("blank", figures.middle("prior/yield/blank")),
        ("component", 1.0),
        ("material", 1.0),
    ):
        for name, taken, made in makers(baseline.network, kind, element):
            assert made == pytest.approx(kept * taken, rel=1e-6, abs=1e-9), name


def test_each_metal_maker_keeps_the_same_share(baseline):
    recipes = baseline.network.recipes
    metals = recipes[recipes["process"].str.startswith("metal:") & (recipes["role"] == "input")]
    kept = Figures().middle("prior/yield/metal")
    assert len(metals) > 40
    for process, coefficient in zip(metals["process"], metals["coefficient"], strict=True):
        assert coefficient * element_per_oxide(element_of(process)) * kept == pytest.approx(1.0)


def test_scrap_is_what_cutting_leaves_of_a_blank(baseline):
    """Blanks in are finished magnets and scrap out, sold or not, to the tonne."""
    recipes = baseline.network.recipes.set_index(["process", "product", "role"])["coefficient"]
    cutters = [
        name for name in baseline.network.producers["producer"] if name.startswith("magnet:")
    ]
    assert len(cutters) > 50
    ratio = finishing_yield(Figures())
    for name in cutters:
        grade = element_of(name)
        blanks = recipes[name, f"blank:{grade}", "input"]
        assert recipes[name, f"magnet:{grade}", "output"] == pytest.approx(1.0)
        assert blanks == pytest.approx(1.0 / ratio, rel=1e-7)
        scrap = recipes.get((name, f"scrap:{grade}", "output"))
        if scrap is not None:
            assert scrap == pytest.approx(blanks - 1.0, rel=1e-6)


def test_recyclers_win_no_more_than_their_recovery_allows(baseline):
    """Oxide from scrap holds at most what was in the scrap; of what counts, close to all."""
    recovery = Figures().prior("prior/scrap/recovery")
    for element in ("Nd", "Pr", "Dy", "Tb"):
        plants = makers(baseline.network, "recycling", element)
        assert len(plants) > 5
        for name, taken, made in plants:
            assert made <= taken, name
            assert made == pytest.approx(recovery.mid * taken, rel=0.06), name


def test_only_by_products_are_left_unsold(baseline):
    recipes = baseline.network.recipes
    wasted = recipes[recipes["discard_share"] > 1e-9]
    assert not set(wasted["product"]) & {f"oxide:{element}" for element in KEPT}
    assert {product.partition(":")[0] for product in wasted["product"]} <= {"oxide", "scrap"}


@pytest.mark.parametrize("element", ["Nd", "Dy", "Tb"])
def test_an_element_mined_is_used_lost_in_a_yield_or_left_in_scrap(baseline, element):
    """Over the whole chain what enters is what leaves and what the stages lose; nothing appears."""
    network = baseline.network
    taken, made = taken_and_made(network, element)
    stages = dict(zip(network.producers["producer"], network.producers["stage"], strict=True))
    entered = sum(t for name, t in made.items() if stages[name] == "mine")
    entered += sum(t for name, t in made.items() if name.startswith("recycling:end_of_life"))
    used = sum(t for name, t in taken.items() if stages[name] == "industry")
    lost = sum(
        taken[name] - made[name]
        for name, stage in stages.items()
        if stage not in {"mine", "industry"} and not name.startswith("recycling:end_of_life")
    )
    assert entered == pytest.approx(used + lost, rel=1e-9)
    assert all(
        made[name] <= taken[name] * (1.0 + 1e-6)
        for name, stage in stages.items()
        if stage not in {"mine", "industry"} and not name.startswith("recycling:end_of_life")
    )
    assert 0.3 < used / entered < 0.95


def test_the_middle_programme_has_the_optimum_of_an_independent_solver():
    """Clarabel, given the programme of the full chain, finds the same objective and flows."""
    figures = Figures()
    kept = candidates()
    start = starting_flows(figures)
    frame = unknowns(kept)
    begun = np.array(kept_flows(start, frame.links))
    rows, _ = soft_rows(kept, frame, figures, start, begun)
    contents = scrap_contents(frame, None, figures)
    problem = problem_of(
        frame,
        start,
        begun,
        rows,
        laws(kept, frame, figures, contents),
        intervals(frame, figures),
    )
    ours = solve(
        sparse.diags_array(problem.cost),
        problem.linear,
        problem.matrix,
        problem.right,
        problem.bounded,
    )
    bounds = -sparse.eye_array(len(problem.cost)).tocsr()[np.flatnonzero(problem.bounded)]
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = 1e-9
    theirs = clarabel.DefaultSolver(
        sparse.csc_matrix(sparse.diags_array(problem.cost)),
        problem.linear,
        sparse.csc_matrix(sparse.vstack([problem.matrix, bounds])),
        np.concatenate([problem.right, np.zeros(bounds.shape[0])]),
        [
            clarabel.ZeroConeT(len(problem.right)),
            clarabel.NonnegativeConeT(bounds.shape[0]),
        ],
        settings,
    ).solve()
    assert "Solved" in str(theirs.status)
    offset = problem.offset
    assert ours.objective + offset == pytest.approx(theirs.obj_val + offset, rel=1e-4)
    flows = ours.x[: len(frame.links)] * problem.scale[: len(frame.links)]
    others = np.array(theirs.x)[: len(frame.links)] * problem.scale[: len(frame.links)]
    large = flows > 100.0
    assert large.sum() > 500
    assert np.median(np.abs(others[large] / flows[large] - 1.0)) < 1e-3
