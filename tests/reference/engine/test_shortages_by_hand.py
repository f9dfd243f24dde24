"""What counts as a shortage: asked for and not there; owed by suppliers and lacked by users."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from reference.engine.small_chains import Maker, Road, build, daily, three_nodes

MINE, WORKS = 0, 1
ORE, METAL = 0, 1


@pytest.fixture(params=["kernel", "twin"])
def run(request):
    return lambda chain: daily(chain, request.param)


def losing(chain, producer, first, last=None):
    loss = chain.capacity_loss.copy()
    loss[producer, first:last] = 1.0
    return replace(chain, capacity_loss=loss)


def test_an_input_that_lies_idle_is_not_short(run):
    """A user of two inputs stops for want of one; the other is there and nobody lacks it."""
    makers = [
        Maker("east", outputs=("magnet",)),
        Maker("west", outputs=("steel",)),
        Maker("user", inputs=("magnet", "steel"), cover=3.0),
    ]
    roads = [Road("east", "user", "magnet"), Road("west", "user", "steel")]
    result = run(losing(build(makers, roads, 12), 0, 0))
    magnet, steel = 0, 1
    # 3 t in stock and 1 t on the road last for days 0-3
    assert_allclose(result.unmet[magnet], [0] * 4 + [1] * 8, atol=1e-12)
    assert_allclose(result.unmet[steel], 0, atol=1e-12)


def test_a_maker_without_orders_lacks_nothing(run):
    """A closed border leaves the works idle: it makes less, and that is no shortage of ore."""
    chain = three_nodes(20, metal={"control": 0}, works={"finished": 5.0})
    result = run(replace(chain, cap_multiple=np.zeros((1, 20, 1))))
    assert result.activity[WORKS, -1] < 0.5
    assert_allclose(result.unmet[ORE], 0, atol=1e-12)
    assert_allclose(result.gap[ORE], 0, atol=1e-9)


def test_tonne_days_count_what_is_owed_and_end_when_it_has_come(run):
    """The mine stands still for three days: three tonnes are owed, then delivered, then nothing."""
    chain = three_nodes(60, mine={"headroom": 2.0}, works={"cover": 20.0, "adjust_in": 2.0})
    result = run(losing(chain, MINE, 5, 8))
    assert_allclose(result.gap[ORE, :5], 0, atol=1e-9)
    assert_allclose(result.gap[ORE, 5:8], [1, 2, 3], atol=1e-9)
    assert result.gap[ORE, 8] < 3
    assert_allclose(result.gap[ORE, -1], 0, atol=1e-6)
    # stock covered it: nobody went without
    assert_allclose(result.unmet[ORE], 0, atol=1e-12)
