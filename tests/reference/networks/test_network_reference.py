"""Programmes solved by hand, and conservation of each element at each stage."""

from __future__ import annotations

import numpy as np
import pytest

from xenotime.facts.taxonomy import ELEMENTS
from xenotime.networks.chain.chemistry import element_per_oxide
from xenotime.networks.chain.figures import Figures
from xenotime.networks.chain.start import recovery_of
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
                share * held[source, element], rel=1e-9
            ), f"{process} {product}"
            checked.add(element)
    assert checked == set(ELEMENTS)


def test_each_element_is_conserved_from_oxide_to_metal(baseline):
    recipes = baseline.network.recipes
    metals = recipes[recipes["process"].str.startswith("metal:") & (recipes["role"] == "input")]
    kept = Figures().middle("prior/yield/metal")
    assert len(metals) > 10
    for process, coefficient in zip(metals["process"], metals["coefficient"], strict=True):
        assert coefficient * element_per_oxide(element_of(process)) * kept == pytest.approx(1.0)


def test_each_element_is_conserved_from_metal_to_magnet(baseline):
    network = baseline.network
    kept = Figures().middle("prior/yield/magnet")
    contents = network.contents.set_index(["producer", "element"])["share"]
    inputs = network.recipes[
        network.recipes["process"].str.startswith("magnet:") & (network.recipes["role"] == "input")
    ]
    for process, product, coefficient in zip(
        inputs["process"], inputs["product"], inputs["coefficient"], strict=True
    ):
        assert contents[process, element_of(product)] == pytest.approx(kept * coefficient)


def test_nothing_followed_is_discarded_but_light_oxides_and_samarium(baseline):
    recipes = baseline.network.recipes
    wasted = recipes[recipes["discard_share"] > 1e-9]
    assert set(wasted["product"]) <= {"oxide:light_rest", "oxide:Sm"}


def test_element_mass_in_equals_mass_out_plus_losses_over_the_whole_chain(baseline):
    """Neodymium mined is used, lost in a stated yield, or left in a residue; nothing appears."""
    network = baseline.network
    flows = network.links.groupby("product")["base_flow_t_per_year"].sum()
    ore = network.contents[network.contents["product"].str.startswith("ore:")]
    held = ore[ore["element"] == "Nd"].set_index("product")["share"]
    mined = sum(flows[product] * share for product, share in held.items())
    oxide = flows["oxide:Nd"] * element_per_oxide("Nd")
    metal = flows["metal:Nd"]
    magnets = network.links[network.links["product"].str.startswith("magnet:")]
    contents = network.contents.set_index(["producer", "element"])["share"]
    in_magnets = sum(
        flow * contents.get((maker, "Nd"), 0.0)
        for maker, flow in zip(magnets["supplier"], magnets["base_flow_t_per_year"], strict=True)
    )
    figures = Figures()
    assert oxide == pytest.approx(mined * figures.middle("prior/separation_recovery/WLD"))
    users = network.links[
        (network.links["product"] == "oxide:Nd")
        & network.links["buyer"].str.startswith("industry:")
    ]["base_flow_t_per_year"].sum() * element_per_oxide("Nd")
    assert metal == pytest.approx((oxide - users) * figures.middle("prior/yield/metal"))
    assert in_magnets == pytest.approx(metal * figures.middle("prior/yield/magnet"))
