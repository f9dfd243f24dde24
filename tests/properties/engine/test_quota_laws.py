"""What a quota does to any chain: never exceeded, never more from less, and nothing if ample."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from properties.engine.random_chains import Size, rationed_chains, rngs, shocked, steady_chain
from properties.engine.relabel import results
from xenotime.engine import problems_of, simulate

check = settings(deadline=None, max_examples=60)


def by_day(chain):
    """Report every day as a month of its own, and every link."""
    links = chain.sizes["L"]
    return replace(
        chain,
        month_of_day=np.arange(chain.sizes["T"]),
        group_ptr=np.arange(links + 1),
        group_link=np.arange(links),
        group_weight=np.ones(links),
    )


def periods(chain, u):
    """First and last day + 1 of the periods of a quota; the days before the first are one, too."""
    edges = sorted({0, *np.flatnonzero(chain.quota_opens[u]), chain.sizes["T"]})
    return list(pairwise(edges))


@check
@given(rationed_chains())
def test_chains_under_quotas_are_sound(chain):
    assert problems_of(chain) == []


@check
@given(rationed_chains(), st.sampled_from(["kernel", "twin"]))
def test_no_period_ships_more_than_its_quota_and_what_was_carried_over(chain, backend):
    outcome = simulate(by_day(chain), dtype="float64", backend=backend)
    weighted = chain.quota_weight[:, None, None] * outcome.flows
    for u in range(chain.sizes["U"]):
        shipped = weighted[chain.link_quota == u].sum(axis=0)
        carried = np.zeros(chain.sizes["D"])
        for first, end in periods(chain, u):
            allowed = chain.quota_tonnes[u, first:end]
            if np.isinf(allowed).any():
                carried = np.zeros_like(carried)
                assert (outcome.quota_used[u, first:end] == 0).all()
                continue
            counted = np.cumsum(shipped[first:end], axis=0)
            assert (counted <= (allowed + carried) * (1 + 1e-9) + 1e-12).all()
            # the ledger is what was shipped
            booked = outcome.quota_used[u, first:end].sum(axis=0)
            assert_allclose(booked, counted[-1], rtol=1e-9, atol=1e-12)
            left = np.maximum(0, allowed[-1] + carried - counted[-1])
            carried = chain.quota_carry[u] * left


@check
@given(rationed_chains())
def test_single_precision_exceeds_a_quota_by_rounding_alone(chain):
    fixed = replace(chain, quota_carry=np.zeros(chain.sizes["U"]))
    outcome = simulate(by_day(fixed))
    for u in range(chain.sizes["U"]):
        for first, end in periods(fixed, u):
            most = fixed.quota_tonnes[u, end - 1]
            used = outcome.quota_used[u, first:end].sum(axis=0)
            assert (used <= most * (1 + 1e-5) + 1e-9).all()


@check
@given(rngs())
def test_a_quota_above_need_changes_no_bit(rng):
    chain = shocked(rng, steady_chain(rng, Size(layers=(2, 2, 2), days=50)))
    free = replace(chain, **dict.fromkeys(QUOTAS))
    ample = replace(
        free,
        link_quota=rng.integers(-1, 2, chain.sizes["L"]),
        quota_weight=rng.uniform(0.2, 2, chain.sizes["L"]),
        quota_tonnes=np.full((2, 50, chain.sizes["D"]), 1e9),
        quota_opens=rng.uniform(size=(2, 50)) < 0.1,
        quota_carry=np.zeros(2),
    )
    one, other = (
        results(simulate(c, dtype="float64"), leave_out=("quota_used",)) for c in (free, ample)
    )
    for name, values in one.items():
        assert_array_equal(values, other[name], err_msg=name)


@check
@given(rngs(), st.floats(0, 1.5), st.floats(0, 1))
def test_fewer_tonnes_never_ship_more_in_sum(rng, share, part):
    # one stage of exports: what is bought under the quota comes from sources that hold nothing back
    chain = steady_chain(rng, Size(layers=(2, 3), days=60, classes=0, most_slots=1))
    of_link = np.zeros(chain.sizes["L"], np.int64)
    weight = np.ones(chain.sizes["L"])
    opens = np.zeros((1, 60), bool)
    opens[0, [0, 30]] = True
    whole = chain.base_flow.sum(axis=0) * 30 * share

    def shipped(tonnes):
        quota = np.broadcast_to(tonnes, (1, 60, chain.sizes["D"])).copy()
        under = replace(
            chain,
            link_quota=of_link,
            quota_weight=weight,
            quota_tonnes=quota,
            quota_opens=opens,
            quota_carry=np.zeros(1),
        )
        return simulate(under, dtype="float64").shipped.sum(axis=0)

    fewer, more = shipped(whole * part), shipped(whole)
    assert (fewer <= more * (1 + 1e-9) + 1e-9).all()


QUOTAS = ("link_quota", "quota_weight", "quota_tonnes", "quota_opens", "quota_carry")
