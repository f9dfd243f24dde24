"""Goods from outside the links against numbers computed by hand, for the kernel and its twin."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from reference.engine.small_chains import Maker, Road, build, daily, three_nodes

MINE, WORKS, USER = 0, 1, 2
ORE, METAL = 0, 1


@pytest.fixture(params=["kernel", "twin"])
def run(request):
    return lambda chain: daily(chain, request.param)


def losing(chain, producer, first):
    loss = chain.capacity_loss.copy()
    loss[producer, first:] = 1.0
    return replace(chain, capacity_loss=loss)


def fed(chain, slots, **changes):
    """One supply without a limit of its own that gives what slots lack."""
    days = chain.sizes["T"]
    supply = {
        "supply_ptr": np.array([0, len(slots)]),
        "supply_slot": np.array(slots),
        "supply_level": np.zeros(len(slots), int),
        "supply_daily": np.full((1, days), np.inf),
        "supply_holds": np.array([np.inf]),
        "supply_part": np.full((1, days), np.inf),
        "supply_replaces": np.array([False]),
    }
    return replace(chain, **(supply | changes))


def test_a_stock_gives_what_the_position_lacks_until_it_is_empty(run):
    offered = np.full((1, 12), 0.5)
    chain = losing(three_nodes(12), MINE, 2)
    result = run(fed(chain, [ORE], supply_daily=offered, supply_holds=np.array([2.25])))
    # the last ore leaves on day 1; on the evening of day 2 the works lacks its first tonne
    assert_allclose(
        result.outcome.supplied[0, :, 0], [0, 0, 0, 0.5, 0.5, 0.5, 0.5, 0.25, 0, 0, 0, 0]
    )
    # the tonne under way comes on day 2; then a tonne is used each day and half of it is given
    assert_allclose(result.stock[ORE], [10, 10, 10, 9.5, 9, 8.5, 8, 7.25, 6.25, 5.25, 4.25, 3.25])
    assert_allclose(result.outcome.released[:, 0], [2.25, 0])


def test_what_is_given_is_used_on_the_same_day(run):
    works = {"cover": 1.0}
    result = run(fed(losing(three_nodes(8, works=works), MINE, 0), [ORE]))
    # position lacks a tonne on every evening from day 0 on: the works never stops
    assert_allclose(result.activity[WORKS], 1)
    assert_allclose(result.outcome.supplied[0, :, 0], [0, 1, 1, 1, 1, 1, 1, 1])


def test_what_replaces_orders_is_ordered_less_and_the_position_comes_back(run):
    quarter = np.full((1, 5), 0.25)
    result = run(
        fed(
            three_nodes(5),
            [METAL],
            supply_daily=quarter,
            supply_replaces=np.array([True]),
        )
    )
    # day 0: the user is 0.25 above its target in the evening, spread over four days of adjustment,
    # and orders 1 - 0.25 - 0.25 / 4; day 1: arrivals of the night before and 0.25 lift it no more
    assert_allclose(result.shipped[METAL][:3], [1, 0.6875, 0.703125])
    # stock: the order of day 0 comes in full on day 1, that of day 1 on day 2
    assert_allclose(result.stock[METAL][:3], [10.25, 10.5, 10.4375])
    assert_allclose(result.outcome.supplied[0, :, 0], 0.25)


def test_nobody_takes_more_than_its_use_of_what_replaces_orders(run):
    result = run(fed(three_nodes(6), [METAL], supply_replaces=np.array([True])))
    assert_allclose(result.outcome.supplied[0, :, 0], 1)
    assert_allclose(result.shipped[METAL], [1, 0, 0, 0, 0, 0], atol=1e-12)
    # one tonne of the first day, and the tonne that was under way, stay
    assert_allclose(result.stock[METAL], [11, 12, 12, 12, 12, 12])


def test_a_part_of_the_use_is_taken_and_no_more(run):
    part = np.array([[0.0, 0.0, 0.5, 0.5, 1.0, 1.0, 1.0, 1.0]])
    chain = losing(three_nodes(8, works={"cover": 2.0}), MINE, 0)
    result = run(fed(chain, [ORE], supply_part=part, supply_replaces=np.array([True])))
    # 2 t in stock and 1 t under way: a tonne is used on days 0 to 2; the supply brings 0.5 on days
    # 2 and 3, when nothing else is left, and all that is used from day 4 on
    assert_allclose(result.outcome.supplied[0, :, 0], [0, 0, 0.5, 0.5, 1, 1, 1, 1])
    assert_allclose(result.activity[WORKS], [1, 1, 1, 1, 1, 1, 1, 1])
    assert_allclose(result.stock[ORE], [2, 1, 0.5, 0, 0, 0, 0, 0], atol=1e-12)


def two_users(days):
    makers = [
        Maker("mine", outputs=("ore",)),
        Maker("first", inputs=("ore",)),
        Maker("second", inputs=("ore",)),
    ]
    roads = [Road("mine", "first", "ore", flow=0.75), Road("mine", "second", "ore", flow=0.25)]
    return losing(build(makers, roads, days), MINE, 0)


def test_a_scarce_supply_is_shared_by_what_is_lacking(run):
    result = run(fed(two_users(3), [0, 1], supply_daily=np.full((1, 3), 0.5)))
    assert_allclose(result.outcome.released[:, 0], [0.75, 0.25])
    # the morning of day 1: 0.75 and 0.25 are lacking, half of it is given
    assert_allclose(result.outcome.supplied[0, :, 0], [0, 0.5, 0.5])


def test_the_first_level_is_served_first(run):
    level = np.array([0, 1])
    chain = fed(two_users(3), [1, 0], supply_daily=np.full((1, 3), 0.5), supply_level=level)
    result = run(chain)
    # day 1: the second user lacks 0.25 and gets it, the first gets what is left; day 2 the same
    assert_allclose(result.outcome.released[:, 0], [0.5, 0.5])


def test_the_second_supply_gives_what_the_first_left_open(run):
    days = 3
    chain = replace(
        two_users(days),
        supply_ptr=np.array([0, 1, 3]),
        supply_slot=np.array([0, 0, 1]),
        supply_level=np.zeros(3, int),
        supply_daily=np.array([[0.5] * days, [np.inf] * days]),
        supply_holds=np.array([np.inf, np.inf]),
        supply_part=np.full((2, days), np.inf),
        supply_replaces=np.zeros(2, bool),
    )
    result = run(chain)
    assert_allclose(result.outcome.supplied[:, :, 0], [[0, 0.5, 0.5], [0, 0.5, 0.5]])
    assert_allclose(result.stock, [[10, 10, 10], [10, 10, 10]])
