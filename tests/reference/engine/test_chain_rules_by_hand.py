"""Each rule of the day against numbers computed by hand, for the kernel and its twin."""

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


def losing(chain, producer, first, last=None, share=1.0):
    loss = chain.capacity_loss.copy()
    loss[producer, first:last] = share
    return replace(chain, capacity_loss=loss)


def capped(chain, multiples):
    return replace(chain, cap_multiple=np.array(multiples, dtype=float).reshape(1, -1, 1))


def granting(chain, per_day, **changes):
    volumes = np.cumsum(per_day, dtype=float).reshape(1, -1, 1)
    return replace(chain, granted=volumes, **changes)


def test_without_a_shock_nothing_moves(run):
    result = run(three_nodes(30))
    assert_allclose(result.shipped, 1, rtol=1e-12)
    assert_allclose(result.activity, 1, rtol=1e-12)
    assert_allclose(result.stock, 10, rtol=1e-7)
    assert_allclose(result.unmet, 0, atol=1e-12)


def test_a_mine_that_loses_half_its_capacity_ships_half(run):
    result = run(losing(three_nodes(30, ore={"transit": 2}), MINE, 5, share=0.5))
    assert_allclose(result.shipped[ORE, :5], 1)
    assert_allclose(result.shipped[ORE, 5:], 0.5)
    # arrivals halve at the end of day 7; ten days of stock then melt by half a tonne a day
    assert_allclose(result.stock[ORE, 4:10], [10, 10, 10, 9.5, 9, 8.5])
    assert_allclose(result.activity[WORKS, :26], 1)
    assert_allclose(result.activity[WORKS, 26:], 0.5)


@pytest.mark.parametrize(
    ("essentiality", "on_day_four", "afterwards"),
    [(0, 0.3, 0.0), (1, 0.3 / 0.6, 0.0), (2, 1.0, 1.0)],
)
def test_inputs_bind_by_their_essentiality(run, essentiality, on_day_four, afterwards):
    # 3.3 t of stock and 1 t on the road; on the morning of day 4, 0.3 t are left
    works = {"cover": 3.3, "essentiality": essentiality, "tolerance": 0.4}
    result = run(losing(three_nodes(8, works=works), MINE, 0))
    assert_allclose(result.activity[WORKS, :4], 1)
    assert_allclose(result.activity[WORKS, 4], on_day_four)
    assert_allclose(result.activity[WORKS, 5:], afterwards)
    assert_allclose(result.unmet[ORE], [0, 0, 0, 0, 0.7, 1, 1, 1], atol=1e-12)


def test_joint_outputs_follow_the_value_of_the_basket(run):
    makers = [
        Maker("mine", outputs=("heavy", "light"), weights=(0.75, 0.25), finished=5.0, headroom=2.0),
        Maker("a", inputs=("heavy",)),
        Maker("b", inputs=("light",)),
    ]
    roads = [Road("mine", "a", "heavy", control=0), Road("mine", "b", "light")]
    chain = build(makers, roads, 6)
    result = run(capped(chain, [np.inf] * 3 + [0] * 3))
    # base activity is 2 (1 t of each); day 3: nobody may take the heavy part
    assert_allclose(result.activity[0, :4], [2, 2, 2, 2 * 0.25])
    # day 4: heavy stock 5.25 asks for less than nothing; light stock 4.25 asks for 0.15 more
    assert_allclose(result.activity[0, 4], 2 * 0.25 * 1.15)
    assert_allclose(result.shipped[1], 1)


def two_buyers(days, **mine):
    makers = [
        Maker("mine", outputs=("ore",), **mine),
        Maker("first", inputs=("ore",)),
        Maker("second", inputs=("ore",)),
    ]
    roads = [
        Road("mine", "first", "ore", flow=0.6, priority=1, control=0),
        Road("mine", "second", "ore", flow=0.4, priority=0),
    ]
    return build(makers, roads, days)


def test_scarce_goods_are_shared_in_proportion(run):
    result = run(losing(two_buyers(6), 0, 5, share=0.5))
    assert_allclose(result.shipped[:, 5], [0.3, 0.2])


def test_strict_priority_serves_the_first_level_in_full(run):
    result = run(losing(two_buyers(6, priority=True), 0, 5, share=0.5))
    assert_allclose(result.shipped[:, 5], [0.1, 0.4])


def test_a_cap_limits_a_link_to_a_multiple_of_its_base(run):
    chain = three_nodes(12, mine={"headroom": 3.0}, ore={"control": 0})
    result = run(capped(chain, [np.inf] * 2 + [0.3] * 5 + [1.1] * 5))
    assert_allclose(result.shipped[ORE], [1, 1] + [0.3] * 5 + [1.1] * 5)
    assert_allclose(result.used[0], result.shipped[ORE])


def test_a_hold_stops_a_link_and_the_producer_does_not_make_what_cannot_leave(run):
    chain = two_buyers(12, headroom=2.0)
    result = run(capped(chain, [1] * 4 + [0] * 8))
    assert_allclose(result.shipped[0, 4:], 0)
    assert_allclose(result.shipped[1], 0.4)
    assert_allclose(result.activity[0, 4:], 0.4)


def test_a_permitted_volume_ships_until_it_is_used(run):
    chain = three_nodes(8, ore={"control": 0})
    result = run(granting(chain, [3, 0, 0, 0, 0, 0.4, 0, 0]))
    assert_allclose(result.shipped[ORE], [1, 1, 1, 0, 0, 0.4, 0, 0], atol=1e-12)


def test_a_permitted_volume_lapses(run):
    chain = three_nodes(12, ore={"control": 0})
    result = run(granting(chain, [10, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0], validity=np.array([5])))
    # five days of use, then five unused tonnes are gone; 2 t more arrive on day 7 and are used
    assert_allclose(result.shipped[ORE], [1] * 5 + [0, 0] + [1, 1, 0, 0, 0], atol=1e-12)


def test_shipments_before_the_control_use_no_permit(run):
    chain = three_nodes(9, ore={"control": 0})
    result = run(granting(chain, [3] + [0] * 8, volume_from=np.array([2])))
    assert_allclose(result.shipped[ORE], [1] * 5 + [0] * 4, atol=1e-12)
    assert_allclose(result.used[0], [0, 0, 1, 1, 1, 0, 0, 0, 0], atol=1e-12)


def test_a_volume_is_shared_over_all_links_of_the_class(run):
    makers = [
        Maker("mine", outputs=("ore",)),
        Maker("first", inputs=("ore",)),
        Maker("second", inputs=("ore",)),
    ]
    roads = [
        Road("mine", "first", "ore", flow=0.6, control=0),
        Road("mine", "second", "ore", flow=0.4, control=0),
    ]
    result = run(granting(build(makers, roads, 2), [0.5, 0]))
    assert_allclose(result.shipped[:, 0], [0.3, 0.2])


def test_days_without_a_volume_limit_use_up_no_permit(run):
    chain = three_nodes(6, ore={"control": 0})
    volumes = np.array([1, np.inf, np.inf, 1, 2, 2]).reshape(1, -1, 1)
    result = run(replace(chain, granted=volumes))
    assert_allclose(result.shipped[ORE], [1, 1, 1, 0, 1, 0], atol=1e-12)


def rationing(chain, tonnes, opens, carry=0.0, weight=1.0):
    """The ore under a quota: volume permitted by day, and days on which a period begins."""
    return replace(
        chain,
        link_quota=np.array([0, -1]),
        quota_weight=np.array([weight, 0.0]),
        quota_tonnes=np.array(tonnes, dtype=float).reshape(1, -1, 1),
        quota_opens=np.isin(np.arange(len(tonnes)), opens)[None],
        quota_carry=np.array([carry]),
    )


def test_a_quota_ships_until_it_is_used_and_begins_anew_with_its_period(run):
    result = run(rationing(three_nodes(8), [2.5] * 4 + [1] * 4, [0, 4]))
    assert_allclose(result.shipped[ORE], [1, 1, 0.5, 0, 1, 0, 0, 0], atol=1e-12)
    assert_allclose(result.outcome.quota_used[0, :, 0], result.shipped[ORE], atol=1e-12)


def test_what_a_period_leaves_over_lapses_or_is_carried_over(run):
    tonnes, opens = [5] * 3 + [1] * 4, [0, 3]
    lapsing = run(rationing(three_nodes(7), tonnes, opens))
    assert_allclose(lapsing.shipped[ORE], [1, 1, 1, 1, 0, 0, 0], atol=1e-12)
    # two tonnes are left over on day 3: half of them are added
    kept = run(rationing(three_nodes(7), tonnes, opens, carry=0.5))
    assert_allclose(kept.shipped[ORE], [1, 1, 1, 1, 1, 0, 0], atol=1e-12)


def test_a_quota_that_comes_day_by_day_is_shipped_as_it_comes(run):
    result = run(rationing(three_nodes(4), [0.6, 1.2, 1.8, 2.4], [0]))
    assert_allclose(result.shipped[ORE], 0.6, atol=1e-12)


def test_a_quota_counts_what_is_in_a_tonne(run):
    result = run(rationing(three_nodes(4), [2, 2, 2, 2], [0], weight=1.25))
    assert_allclose(result.shipped[ORE], [1, 0.6, 0, 0], atol=1e-12)
    assert result.outcome.quota_used.sum() == pytest.approx(2)


def test_days_without_a_quota_count_nothing(run):
    result = run(rationing(three_nodes(5), [np.inf, np.inf, 1, 1, np.inf], [2, 4]))
    assert_allclose(result.shipped[ORE], [1, 1, 1, 0, 1], atol=1e-12)
    assert result.outcome.quota_used.sum() == pytest.approx(1)


def test_a_quota_is_shared_in_proportion_over_links_of_different_classes(run):
    makers = [
        Maker("mine", outputs=("ore",)),
        Maker("first", inputs=("ore",)),
        Maker("second", inputs=("ore",)),
    ]
    roads = [
        Road("mine", "first", "ore", flow=0.6, control=0),
        Road("mine", "second", "ore", flow=0.4),
    ]
    chain = rationing(build(makers, roads, 2), [0.6, 0.6], [0])
    closed = replace(
        chain,
        link_quota=np.array([0, 0]),
        quota_weight=np.ones(2),
        cap_multiple=np.zeros((1, 2, 1)),
    )
    # what is stopped by its class uses up none of the quota
    assert_allclose(run(closed).shipped[:, 0], [0, 0.4])
    half = replace(closed, cap_multiple=np.full((1, 2, 1), np.inf))
    assert_allclose(run(half).shipped[:, 0], [0.36, 0.24])


def test_goods_arrive_after_the_transit_time_and_are_reordered(run):
    chain = three_nodes(12, mine={"headroom": 2.0}, ore={"transit": 4})
    result = run(losing(chain, MINE, 5, 6))
    # the lost tonne is reordered at a quarter of the gap a day
    gaps = 0.75 ** np.arange(6)
    assert_allclose(result.shipped[ORE, 5:], [0, *(1 + gaps / 4)])
    assert_allclose(result.gap[ORE, 5:], [*gaps, 0.75**6])
    assert_allclose(result.stock[ORE, 8:11], [10, 9, 9.25])


def test_what_is_missing_is_reordered_from_who_owes_it(run):
    makers = [
        Maker("a", outputs=("ore",), headroom=3.0),
        Maker("b", outputs=("ore",), headroom=3.0),
        Maker("user", inputs=("ore",)),
    ]
    roads = [Road("a", "user", "ore", flow=0.5), Road("b", "user", "ore", flow=0.5)]
    result = run(losing(build(makers, roads, 7), 0, 5, 6))
    # gap 0.5, a quarter a day; every supplier counts as owing a hundredth of a day besides
    owed_by_a = (0.5 + 0.005) / (0.5 + 0.01)
    assert_allclose(result.shipped[:, 6], [0.5 + 0.125 * owed_by_a, 0.5 + 0.125 * (1 - owed_by_a)])


def test_too_much_stock_damps_orders(run):
    chain = three_nodes(8)
    demand = np.ones((1, 8))
    demand[0, 3] = 0.5
    result = run(replace(chain, demand_index=demand))
    # position half a tonne above target, planned use 0.5: (1 - 0.5 / (4 * 0.5)) * 0.5
    assert_allclose(result.shipped[METAL, 3:5], [1, 0.375])
    assert_allclose(result.activity[USER, 2:5], [1, 0.5, 1])


def test_a_lack_of_a_separate_input_takes_its_part_away(run):
    """Glass of 1 t cerium and 3 t lanthanum a day: without cerium three quarters are left."""
    makers = [
        Maker("cerium", outputs=("Ce",)),
        Maker("lanthanum", outputs=("La",)),
        Maker("powder", inputs=("Ce", "La"), outputs=("powder",), cover=5.0, essentiality=3),
        Maker("user", inputs=("powder",), cover=40.0),
    ]
    roads = [
        Road("cerium", "powder", "Ce", flow=1),
        Road("lanthanum", "powder", "La", flow=3),
        Road("powder", "user", "powder", flow=4),
    ]
    result = run(losing(build(makers, roads, 30), 0, 2, 30))
    assert_allclose(result.activity[2, :5], 4)
    # 5 t of cerium and what was on the road last a week and not a fortnight
    assert_allclose(result.activity[2, 14:], 3, rtol=1e-6)
    made, used = result.outcome.produced, result.outcome.consumed
    assert_allclose(used[:2].sum(), made[2].sum(), rtol=1e-6)


@pytest.mark.parametrize(("share", "first_stop"), [(0.5, -1), (0.501, 6), (1.0, 6)])
def test_a_plant_is_stopped_on_its_third_day_below_half(run, share, first_stop):
    result = run(losing(three_nodes(12), USER, 4, 10, share=share)).outcome
    assert result.first_stop[0, 0] == first_stop
    stopped = np.zeros(12)
    if first_stop >= 0:
        stopped[6:10] = 1
    assert_allclose(result.stopped_share_daily[0, :, 0], stopped)
    assert_allclose(result.peak_stopped[0, 0], stopped.max())
    assert_allclose(result.output_share_daily[0, 4:10, 0], 1 - share, rtol=1e-6)
    assert_allclose(result.days_lost[0, 0], 6 * share)


def test_a_sum_of_sectors_weighs_its_parts_by_output(run):
    makers = [
        Maker("works", outputs=("metal",)),
        Maker("small", inputs=("metal",)),
        Maker("large", inputs=("metal",)),
    ]
    roads = [Road("works", "small", "metal", flow=1), Road("works", "large", "metal", flow=3)]
    chain = losing(build(makers, roads, 12), 1, 4, 10)
    whole = {"sectors": 3, "sector_parent": np.array([2, 2, -1])}
    result = run(replace(chain, **whole)).outcome
    assert_allclose(result.sector_base[:, 0], [1, 3, 4])
    assert_allclose(result.peak_stopped[:, 0], [1, 0, 0.25])
    assert_allclose(result.output_share_daily[2, 4:10, 0], 0.75, rtol=1e-6)
    assert_allclose(result.days_lost[:, 0], [6, 0, 1.5])
    assert result.first_stop[:, 0].tolist() == [6, -1, 6]


def test_two_days_below_half_are_not_a_stop(run):
    chain = losing(losing(three_nodes(12), USER, 2, 4), USER, 5, 7)
    assert run(chain).outcome.first_stop[0, 0] == -1


def test_surplus_is_kept_unless_it_can_be_thrown_away(run):
    for discardable, kept in ((False, 5.25), (True, 5.0)):
        makers = [
            Maker(
                "mine",
                outputs=("heavy", "light"),
                weights=(0.75, 0.25),
                finished=5.0,
                discardable=discardable,
            ),
            Maker("a", inputs=("heavy",)),
            Maker("b", inputs=("light",)),
        ]
        roads = [Road("mine", "a", "heavy", control=0), Road("mine", "b", "light")]
        outcome = run(capped(build(makers, roads, 1), [0])).outcome
        assert_allclose(outcome.final_stock_out[:, 0], [kept, 4.25])
        assert_allclose(outcome.discarded[0, 0], 5.25 - kept)


def test_the_base_share_of_output_is_always_discarded(run):
    chain = three_nodes(10, mine={"discard_share": (0.2,)})
    outcome = run(losing(chain, MINE, 5, share=0.5)).outcome
    # 1.25 t/day of output for 1 t/day of sales; half of it from day 5
    assert_allclose(outcome.produced[0, 0], 5 * 1.25 + 5 * 0.625)
    assert_allclose(outcome.discarded[0, 0], 5 * 0.25 + 5 * 0.125)
    assert_allclose(outcome.shipped[ORE, 0], 5 * 1 + 5 * 0.5)
