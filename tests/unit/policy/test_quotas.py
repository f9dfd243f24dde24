"""Quotas of the record and of a scenario: who may export how much, and when it begins anew."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xenotime import facts
from xenotime.policy.quotas import (
    EVERYBODY,
    Quota,
    QuotaRules,
    pool_of,
    pools_of,
    quota_path,
    recorded_quotas,
    reo_per_tonne,
)

ALL = {act.id for act in facts.measures()}
YEAR = [dt.date(2010, 1, 1) + dt.timedelta(days=i) for i in range(365)]
LISTED = frozenset({("Nd", "oxide"), ("Nd", "metal")})
FROM_CHINA = {"supplier": "separation:ion_clay_CHN@CHN", "origin": "CHN", "destination": "JPN"}


@pytest.mark.parametrize(("year", "tonnes"), [(2010, 30_258), (2011, 30_184)])
def test_the_halves_of_a_year_add_up_to_the_year_on_record(year, tonnes):
    halves = [q.tonnes for q in recorded_quotas(ALL) if q.first.year == year]
    assert sum(halves) == tonnes
    assert f"{tonnes:,} t" in facts.get("M002").note


def test_an_act_without_a_tonnage_for_these_years_has_no_quota():
    assert recorded_quotas({"M007", "M034"}) == ()
    assert {q.act for q in recorded_quotas(ALL)} == {"M001", "M002", "M006"}
    assert all(q.source.startswith("http") for q in recorded_quotas(ALL))


def test_metal_counts_as_the_oxide_that_it_would_be_and_iron_not_at_all():
    assert reo_per_tonne({"Nd": 144.242 * 2 / 336.482}) == pytest.approx(1, rel=1e-4)
    assert reo_per_tonne({"Nd": 0.3, "Fe": 0.7}) == pytest.approx(0.3 * 336.482 / 288.484, rel=1e-4)


def test_two_quotas_of_the_same_goods_on_a_day_are_refused():
    (one,) = recorded_quotas({"M001"})
    other = replace(one, first=dt.date(2010, 12, 1), last=dt.date(2011, 1, 31), act="scenario")
    with pytest.raises(facts.RequestError, match=r"M001 .* and scenario .* same goods of CHN"):
        pools_of([one, other], QuotaRules())


def test_goods_under_two_lists_are_refused():
    quotas = [
        Quota("CHN", YEAR[0], YEAR[-1], 10.0, "a", LISTED),
        Quota("CHN", YEAR[0], YEAR[-1], 10.0, "b", frozenset({("Nd", "oxide")})),
    ]
    pools = pools_of(quotas, QuotaRules())
    assert pool_of(pools, "metal:Nd", {"Nd": 1.0}, **FROM_CHINA) is not None
    with pytest.raises(facts.RequestError, match=r"oxide:Nd .* \(a, b\)"):
        pool_of(pools, "oxide:Nd", {"Nd": 0.86}, **FROM_CHINA)


def test_only_listed_goods_over_the_border_of_the_country_count():
    pools = pools_of([Quota("CHN", YEAR[0], YEAR[-1], 10.0, "a", LISTED)], QuotaRules())
    nd = ("oxide:Nd", {"Nd": 0.86})
    assert pool_of(pools, *nd, **FROM_CHINA) == 0
    assert pool_of(pools, *nd, **FROM_CHINA | {"destination": "CHN"}) is None
    assert pool_of(pools, *nd, **FROM_CHINA | {"origin": "EST"}) is None
    assert pool_of(pools, "oxide:La", {"La": 0.85}, **FROM_CHINA) is None


def test_an_exporter_with_a_share_draws_on_it_alone():
    rules = QuotaRules(exporters={FROM_CHINA["supplier"]: 0.25})
    pools = pools_of([Quota("CHN", YEAR[0], YEAR[-1], 100.0, "a", LISTED)], rules)
    nd = ("oxide:Nd", {"Nd": 0.86})
    own = pools[pool_of(pools, *nd, **FROM_CHINA)]
    other = pools[pool_of(pools, *nd, **FROM_CHINA | {"supplier": "metal:Nd@CHN"})]
    assert (own.exporter, own.share) == (FROM_CHINA["supplier"], 0.25)
    assert (other.exporter, other.share) == (EVERYBODY, 0.75)


@given(
    st.lists(st.floats(0, 1e5), min_size=2, max_size=2),
    st.lists(st.floats(0, 0.5), max_size=2),
    st.booleans(),
    st.integers(0, 300),
)
def test_pools_share_out_a_quota_and_no_more(tonnes, shares, evenly, late):
    middle = dt.date(2010, 7, 1)
    quotas = [
        Quota("CHN", YEAR[0], middle - dt.timedelta(days=1), tonnes[0], "a", LISTED),
        Quota("CHN", middle, YEAR[-1], tonnes[1], "b", LISTED),
    ]
    rules = QuotaRules(evenly=evenly, exporters={f"x{i}": s for i, s in enumerate(shares)})
    days = YEAR[late:]
    paths = [quota_path(pool, days, rules, {}) for pool in pools_of(quotas, rules)]
    whole = sum(path for path, _ in paths)
    # by the last day all of it; a run that begins late has the part of the days that are left
    left = min(1.0, len(days) / 184)
    assert whole[-1] == pytest.approx(tonnes[1] * left, rel=1e-9, abs=1e-9)
    for path, opens in paths:
        assert opens[0]
        for begin in np.flatnonzero(opens):
            end = begin + 1 + int(opens[begin + 1 :].argmax()) if opens[begin + 1 :].any() else None
            assert (np.diff(path[begin:end]) >= 0).all()
            assert evenly or (path[begin:end] == path[begin]).all()


def test_a_quota_does_not_limit_while_its_act_is_out_of_force():
    pool = pools_of(recorded_quotas({"M001"}), QuotaRules())[0]
    off = {"M001": np.array([day.month != 9 for day in YEAR])}
    tonnes, _ = quota_path(pool, YEAR, QuotaRules(), off)
    limited = {day.month for day, value in zip(YEAR, tonnes, strict=True) if np.isfinite(value)}
    assert limited == {7, 8, 10, 11, 12}
