"""What holds for every chain: rest, conservation, limits, and indifference to how it is written."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from properties.engine.random_chains import (
    Size,
    rngs,
    shocked,
    shocked_chains,
    steady_chain,
    steady_chains,
)
from properties.engine.relabel import in_other_units, relabelled, results
from xenotime.engine import element_balance, mass_balance, problems_of, simulate

# the first example compiles the kernel: no deadline
check = settings(deadline=None, max_examples=60)

PRECISIONS = st.sampled_from(["float32", "float64"])


def each_link_each_day(chain):
    """Report shipments of every link on every day."""
    links, days = chain.sizes["L"], chain.sizes["T"]
    return replace(
        chain,
        month_of_day=np.arange(days),
        group_ptr=np.arange(links + 1),
        group_link=np.arange(links),
        group_weight=np.ones(links),
    )


def assert_same(left, right, rtol, leave_out=("clipped",)):
    one, other = results(left, leave_out), results(right, leave_out)
    for name, values in one.items():
        scale = np.abs(other[name]).max(initial=0.0)
        # daily series are reported in single precision whatever the state's
        near = max(rtol, 2e-6) if values.dtype == np.float32 else rtol
        assert_allclose(values, other[name], rtol=near, atol=near * (1 + scale), err_msg=name)


@check
@given(steady_chains())
def test_chains_of_the_generator_are_sound(chain):
    assert problems_of(chain) == []


@check
@given(steady_chains())
def test_without_a_shock_nothing_moves(chain):
    outcome = simulate(each_link_each_day(chain), dtype="float64")
    assert_allclose(
        outcome.flows, np.broadcast_to(chain.base_flow[:, None], outcome.flows.shape), rtol=1e-9
    )
    assert_allclose(outcome.final_stock_in, chain.target_in, rtol=1e-9)
    assert_allclose(outcome.final_stock_out, chain.target_out, rtol=1e-9, atol=1e-9)
    assert_allclose(outcome.output_share_daily, 1, rtol=1e-6)
    assert (outcome.first_stop == -1).all()
    assert (outcome.late_tonne_days == 0).all()


@check
@given(steady_chains())
def test_single_precision_stands_still_too(chain):
    outcome = simulate(each_link_each_day(chain), dtype="float32")
    assert_allclose(
        outcome.flows, np.broadcast_to(chain.base_flow[:, None], outcome.flows.shape), rtol=1e-4
    )
    assert (outcome.first_stop == -1).all()


@check
@given(shocked_chains(), PRECISIONS)
def test_mass_adds_up_and_nothing_is_negative(chain, dtype):
    outcome = simulate(chain, dtype=dtype)
    assert mass_balance(chain, outcome).max() < (1e-9 if dtype == "float64" else 1e-5)
    assert not outcome.violations.any()
    for name, values in results(outcome, ("first_stop", "unmet", "flows")).items():
        assert values.min(initial=0.0) >= -1e-6, name
        assert np.isfinite(values).all(), name


@check
@given(shocked_chains())
def test_kernel_and_twin_agree(chain):
    kernel = simulate(chain, dtype="float64")
    twin = simulate(chain, dtype="float64", backend="twin")
    assert_same(kernel, twin, rtol=1e-9)


@check
@given(shocked_chains())
def test_kernel_and_twin_agree_in_single_precision(chain):
    kernel = simulate(chain, dtype="float32")
    twin = simulate(chain, dtype="float32", backend="twin")
    # whether a plant at the edge of a stop has stopped may hang on the last bit
    edges = ("clipped", "first_stop", "peak_stopped", "stopped_share_daily")
    assert_same(kernel, twin, rtol=2e-3, leave_out=edges)


@check
@given(shocked_chains(), st.integers(1, 5), st.integers(1, 3), PRECISIONS)
def test_tiles_and_threads_do_not_change_a_bit(chain, tile, threads, dtype):
    whole = results(simulate(chain, dtype=dtype, tile=1000, threads=1))
    parts = results(simulate(chain, dtype=dtype, tile=tile, threads=threads))
    again = results(simulate(chain, dtype=dtype, tile=1000, threads=1))
    for name, values in whole.items():
        assert_array_equal(values, parts[name], err_msg=name)
        assert_array_equal(values, again[name], err_msg=name)


def test_a_draw_in_a_wide_tile_has_the_bits_of_the_draw_alone():
    # wide enough for vector instructions, and for their remainder
    rng = np.random.default_rng(3)
    chain = shocked(rng, steady_chain(rng, Size(layers=(3, 4, 4), draws=77, days=60)))
    for dtype in ("float32", "float64"):
        wide = results(simulate(chain, dtype=dtype, tile=77))
        narrow = results(simulate(chain, dtype=dtype, tile=1))
        for name, values in wide.items():
            assert_array_equal(values, narrow[name], err_msg=name)


@check
@given(shocked_chains(), rngs())
def test_the_order_of_rows_does_not_matter(chain, rng):
    other, place = relabelled(rng, chain)
    one = simulate(chain, dtype="float64")
    two = simulate(other, dtype="float64")
    by_row = (
        "produced", "consumed", "discarded", "shipped", "activity_total",
        "final_stock_in", "final_stock_out", "final_transit", "clipped", "released",
    )  # fmt: skip
    assert_same(one, two, rtol=1e-8, leave_out=by_row)
    assert_allclose(one.shipped, two.shipped[place], rtol=1e-8, atol=1e-8)


@check
@given(shocked_chains(), st.floats(1e-3, 1e3))
def test_the_unit_of_mass_does_not_matter(chain, factor):
    one = simulate(chain, dtype="float64")
    two = simulate(in_other_units(chain, factor), dtype="float64")
    assert_allclose(two.shipped, factor * one.shipped, rtol=1e-7, atol=1e-8 * factor)
    assert_allclose(two.days_lost, one.days_lost, rtol=1e-7, atol=1e-8)
    assert_allclose(two.output_share_daily, one.output_share_daily, rtol=1e-5, atol=1e-6)


@check
@given(shocked_chains())
def test_no_link_ships_more_than_its_cap_and_no_class_more_than_its_volume(chain):
    chain = each_link_each_day(replace(chain, volume_from=np.zeros_like(chain.volume_from)))
    shipped = simulate(chain, dtype="float64").flows
    for c in range(chain.sizes["C"]):
        links = np.flatnonzero(chain.link_class == c)
        base = chain.base_flow[links, None]
        finite = np.where(np.isinf(chain.cap_multiple[c]), 1e300, chain.cap_multiple[c])
        assert (shipped[links] <= finite * base * (1 + 1e-9) + 1e-12).all()
        limited = np.isfinite(chain.granted[c])
        counted = np.cumsum(np.where(limited, shipped[links].sum(axis=0), 0.0), axis=0)
        assert (counted <= np.where(limited, chain.granted[c], np.inf) * (1 + 1e-9) + 1e-9).all()


def exporting(rng, draws=2):
    """One stage: mines with room to spare sell one good to users, some of them behind a control."""
    size = Size(layers=(3, 4), most_slots=1, most_suppliers=3, draws=draws, days=60, classes=2)
    chain = steady_chain(rng, size)
    return replace(
        chain,
        headroom=np.full_like(chain.headroom, 50.0),
        demand_index=1 + 0.2 * np.sin(np.arange(60) / 5 + np.array([[0.0], [2.0]])),
    )


@check
@given(rngs(), st.floats(0, 1))
def test_lower_caps_and_volumes_never_let_more_through(rng, factor):
    chain = exporting(rng)
    limited = shocked(rng, chain)
    base = replace(limited, capacity_loss=None)
    fewer = replace(
        base,
        cap_multiple=base.cap_multiple.copy(),
        granted=base.granted * factor if factor else base.granted,
    )
    held = np.isfinite(base.cap_multiple)
    fewer.cap_multiple[held] *= factor
    controlled = chain.link_class >= 0
    more = simulate(base, dtype="float64").shipped[controlled].sum(axis=0)
    less = simulate(fewer, dtype="float64").shipped[controlled].sum(axis=0)
    assert (less <= more * (1 + 1e-9) + 1e-9).all()


@check
@given(rngs())
def test_closing_a_border_takes_nothing_from_buyers_at_home(rng):
    chain = each_link_each_day(exporting(rng))
    chain = replace(
        chain,
        headroom=np.ones_like(chain.headroom),
        demand_index=np.ones_like(chain.demand_index),
        volume_from=np.full_like(chain.volume_from, 1000),
    )
    caps = chain.cap_multiple.copy()
    caps[:, 10:] = rng.uniform(0, 0.9, (chain.sizes["C"], 50, 1))
    closed = simulate(replace(chain, cap_multiple=caps), dtype="float64").flows
    home = chain.link_class < 0
    open_flow = np.broadcast_to(chain.base_flow[home][:, None], closed[home].shape)
    # a buyer cut off abroad asks its suppliers at home for a trifle more (the owed floor)
    assert (closed[home] >= open_flow * 0.99).all()


@pytest.mark.parametrize("seed", range(5))
def test_a_last_level_that_may_take_nothing_from_an_empty_stock_takes_nothing(seed):
    # rounding leaves a hair less than nothing to the last level, which asks for nothing: 0/0
    chain = exporting(np.random.default_rng(seed), draws=100)
    chain = replace(
        chain,
        priority_rationing=np.ones_like(chain.priority_rationing),
        link_priority=(chain.link_class >= 0).astype(int),
        cap_multiple=np.zeros_like(chain.cap_multiple),
        capacity_loss=np.full((chain.sizes["P"], chain.sizes["T"]), 0.995),
    )
    for backend in ("kernel", "twin"):
        outcome = simulate(chain, dtype="float32", backend=backend)
        assert (outcome.shipped[chain.link_class >= 0] == 0).all()
        assert np.isfinite(outcome.final_stock_out).all()
        assert not outcome.violations.any()


@check
@given(shocked_chains(), rngs(), PRECISIONS)
def test_elements_add_up(chain, rng, dtype):
    outcome = simulate(chain, dtype=dtype)
    size = chain.sizes
    content_out, content_in = rng.uniform(0, 1, (size["O"], 2)), rng.uniform(0, 1, (size["K"], 2))
    balance = element_balance(chain, outcome, content_out, content_in)
    assert balance.relative.max() < (1e-9 if dtype == "float64" else 1e-5)
