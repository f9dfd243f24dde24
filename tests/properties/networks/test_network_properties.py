from __future__ import annotations

import random
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from network_cases import changed, small_network
from xenotime.facts.taxonomy import NETWORK_COUNTRIES
from xenotime.networks import build_baseline, read, validate, write

tonnes = st.floats(1e-3, 1e6, allow_subnormal=False)
shares = st.floats(0.0, 0.99)

INJECTED = {
    "country": (("producers", 0, "country", "XXX"), "producers mine:clay@CHN: country"),
    "flow": (("links", 1, "base_flow_t_per_year", -1.0), "base_flow_t_per_year is -1.0"),
    "transit": (("links", 2, "transit_days", float("nan")), "transit_days is nan"),
    "element": (("contents", 0, "element", "Xx"), "element 'Xx'"),
    "essentiality": (("recipes", 1, "essentiality", "vital"), "essentiality is 'vital'"),
    "cover": (("stocks", 0, "cover_days", -3.0), "cover_days is -3.0"),
    "holder": (("stocks", 0, "holder", "industry:nobody@JPN"), "'industry:nobody@JPN'"),
    "days": (("links", 3, "transit_days", 4000.0), "transit_days is 4000.0"),
    "industry": (("producers", 3, "industry", ""), "producers industry:other@JPN: industry"),
    "date": (("producers", 1, "start_date", "spring"), "start_date is 'spring'"),
    "share": (("contents", 0, "share", 1.5), "share is 1.5"),
    "interval": (("flow_basis", 3, "high", 19.0), "flow 20 t/y is outside 10 to 19"),
    "recipe": (("recipes", 0, "coefficient", 2.0), "the recipe asks 200 t/y"),
    "demand": (("demand", 0, "base_flow_t_per_year", 7.0), "base flow 7 t/y but links bring"),
    "member": (("ensemble", 0, "base_flow_t_per_year", 1e7), "ensemble 0 > mine:clay@CHN"),
    "basis": (("flow_basis", 0, "basis", "felt"), "basis is 'felt'"),
}


@settings(max_examples=12, deadline=None)
@given(ore=tonnes, sold=tonnes, kept=shares)
def test_any_balanced_network_is_sound_and_survives_a_round_trip(ore, sold, kept):
    network = small_network(ore, sold, kept)
    assert validate(network) == []
    with tempfile.TemporaryDirectory() as place:
        again = read(write(network, Path(place) / "network"))
    for name, frame in network.tables():
        assert_frame_equal(frame, getattr(again, name))


@settings(max_examples=20, deadline=None)
@given(st.sets(st.sampled_from(sorted(INJECTED)), min_size=1))
def test_every_injected_defect_is_listed(chosen):
    network = small_network()
    for name in sorted(chosen):
        network = changed(network, *INJECTED[name][0])
    problems = "\n".join(validate(network))
    for name in chosen:
        assert INJECTED[name][1] in problems, name


@settings(max_examples=12, deadline=None)
@given(row=st.integers(0, 6), factor=st.floats(1e-6, 1e3).filter(lambda f: abs(f - 1) > 1e-7))
def test_any_imbalance_is_found(row, factor):
    network = small_network()
    coefficient = network.recipes.loc[row, "coefficient"]
    problems = validate(changed(network, "recipes", row, "coefficient", coefficient * factor))
    assert len(problems) == 1
    assert "recompute the coefficient" in problems[0]


def test_the_order_of_countries_does_not_matter(baseline):
    order = list(NETWORK_COUNTRIES)
    random.Random(11).shuffle(order)
    keys = ["supplier", "buyer", "product"]
    column = "base_flow_t_per_year"
    straight = baseline.network.links.set_index(keys)[column]
    shuffled = build_baseline(members=1, countries=order).network.links.set_index(keys)[column]
    assert set(straight.index) == set(shuffled.index)
    assert ((shuffled.reindex(straight.index) - straight).abs() <= 1e-6 * straight).all()
