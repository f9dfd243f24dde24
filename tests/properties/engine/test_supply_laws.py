"""What goods from outside the links do to any chain: held, conserved, wanted, and never harmful.

That more supply never harms holds for one supplier and one user. Where users share a maker it does
not, and should not: who is supplied orders less, so the maker makes less and has less to give when
need rises; scarce goods go by what is asked; and a permit that nobody needed lapses.
"""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from properties.engine.random_chains import (
    Size,
    rngs,
    shocked,
    shocked_chains,
    steady_chain,
    steady_chains,
    supplied_chains,
)
from properties.engine.relabel import results
from xenotime.engine import element_balance, mass_balance, problems_of, simulate

check = settings(deadline=None, max_examples=60)
PARTS = (
    "supply_ptr", "supply_slot", "supply_level", "supply_daily", "supply_holds", "supply_part",
    "supply_replaces",
)  # fmt: skip


def by_day(chain):
    """Report every day as a month of its own."""
    return replace(chain, month_of_day=np.arange(chain.sizes["T"]))


def feeding(chain, slots, *, daily, holds=np.inf, replaces=False):
    """One supply to some slots, the same on every day."""
    days = chain.sizes["T"]
    return replace(
        chain,
        supply_ptr=np.array([0, len(slots)]),
        supply_slot=np.array(slots),
        supply_level=np.zeros(len(slots), int),
        supply_daily=np.full((1, days), float(daily)),
        supply_holds=np.array([float(holds)]),
        supply_part=np.full((1, days), np.inf),
        supply_replaces=np.array([replaces]),
    )


@check
@given(supplied_chains())
def test_chains_with_supplies_are_sound(chain):
    assert problems_of(chain) == []


@check
@given(supplied_chains(), st.sampled_from(["kernel", "twin"]))
def test_a_supply_gives_no_more_than_it_offers_and_a_stock_no_more_than_it_holds(chain, backend):
    outcome = simulate(by_day(chain), dtype="float64", backend=backend)
    given_ = outcome.supplied
    near = 1 + 1e-9
    assert (given_ <= chain.supply_daily[:, :, None] * near).all()
    assert (given_.sum(axis=1) <= chain.supply_holds[:, None] * near).all()
    np.testing.assert_allclose(
        outcome.released.sum(axis=0), given_.sum(axis=(0, 1)), rtol=1e-9, atol=1e-12
    )
    fed = np.isin(np.arange(chain.sizes["K"]), chain.supply_slot)
    assert (outcome.released[~fed] == 0).all()


@check
@given(supplied_chains(), rngs(), st.sampled_from(["float32", "float64"]))
def test_mass_and_elements_add_up(chain, rng, dtype):
    outcome = simulate(chain, dtype=dtype)
    most = 1e-9 if dtype == "float64" else 1e-5
    assert mass_balance(chain, outcome).max() < most
    size = chain.sizes
    content_out, content_in = rng.uniform(0, 1, (size["O"], 2)), rng.uniform(0, 1, (size["K"], 2))
    balance = element_balance(chain, outcome, content_out, content_in)
    assert balance.relative.max() < most
    if outcome.released.sum() > 1e-3:
        gone = replace(outcome, released=np.zeros_like(outcome.released))
        assert mass_balance(chain, gone).max() > mass_balance(chain, outcome).max()


@check
@given(shocked_chains(), rngs())
def test_a_supply_that_offers_nothing_changes_no_bit(chain, rng):
    free = replace(chain, **dict.fromkeys(PARTS))
    slots = rng.permutation(chain.sizes["K"])
    for replaces in (False, True):
        idle = feeding(free, slots, daily=0, replaces=replaces)
        one, other = (
            results(simulate(c, dtype="float64"), leave_out=("supplied",)) for c in (free, idle)
        )
        for name, values in one.items():
            assert_array_equal(values, other[name], err_msg=name)


@check
@given(steady_chains(), rngs())
def test_a_stock_that_nobody_needs_stays_whole(chain, rng):
    slots = rng.permutation(chain.sizes["K"])
    outcome = simulate(feeding(chain, slots, daily=np.inf, holds=1.0), dtype="float64")
    assert (outcome.released == 0).all()


@check
@given(steady_chains())
def test_final_users_do_not_drown_in_what_replaces_their_orders(chain):
    slots = np.flatnonzero(chain.is_final[chain.in_producer])
    outcome = simulate(feeding(chain, slots, daily=np.inf, replaces=True), dtype="float64")
    day = chain.in_coef * chain.base_activity[chain.in_producer]
    base, road = np.zeros_like(day), np.zeros_like(day)
    np.add.at(base, chain.link_in, chain.base_flow * chain.link_transit[:, None])
    np.add.at(road, chain.link_in, outcome.final_transit)
    most = (chain.target_in + base + day) * (1 + 1e-9)
    assert (outcome.final_stock_in + road <= most)[slots].all()
    assert (outcome.released <= day * chain.sizes["T"] * (1 + 1e-9)).all()


@check
@given(rngs(), st.floats(0, 1), st.booleans())
def test_with_one_supplier_and_one_user_more_supply_never_harms(rng, share, replaces):
    size = Size(layers=(1, 1), most_slots=1, most_suppliers=1, draws=2, days=80, classes=1)
    chain = steady_chain(rng, size)
    chain = shocked(
        rng,
        replace(
            chain,
            validity=np.full_like(chain.validity, 10**6),  # a permit that lapses unused is lost
            discardable=np.zeros_like(chain.discardable),
        ),
    )
    daily = float(chain.base_flow.max() * rng.choice([0.1, 0.5, 2.0]))
    # days that a stock lasts: the same stock given faster is gone sooner, and may harm
    lasts = 1e9 if replaces else float(rng.choice([3.0, 15.0, 1e9]))
    less, more = (
        simulate(
            feeding(chain, [0], daily=rate, holds=rate * lasts, replaces=replaces), dtype="float64"
        )
        for rate in (daily * share, daily)
    )
    near = 1e-6 * (1 + less.days_lost)
    assert (more.days_lost <= less.days_lost + near).all()
    assert (more.consumed >= less.consumed * (1 - 1e-6)).all()


@pytest.mark.parametrize("backend", ["kernel", "twin"])
@pytest.mark.parametrize("seed", range(3))
def test_what_comes_instead_of_orders_is_ordered_less(seed, backend):
    chain = steady_chain(np.random.default_rng(seed), Size(layers=(2, 3), most_slots=1, days=300))
    use = (chain.in_coef * chain.base_activity[chain.in_producer])[0]
    fed = simulate(
        feeding(chain, [0], daily=use.min() * 0.4, replaces=True), dtype="float64", backend=backend
    )
    free = simulate(chain, dtype="float64", backend=backend)
    of_slot = chain.link_in == 0
    less = (free.shipped[of_slot] - fed.shipped[of_slot]).sum(axis=0)
    assert (np.abs(less / fed.released[0] - 1) < 0.03).all()
    assert (fed.days_lost <= free.days_lost + 1e-6).all()
