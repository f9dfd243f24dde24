"""The licence process conserves its population, obeys its clocks and meets the published counts."""

import datetime as dt
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xenotime import facts
from xenotime.policy.licences import LicencePath, licence_path
from xenotime.policy.working_days import working_day_mask

DAYS = [dt.date(2025, 1, 1) + dt.timedelta(days=i) for i in range(365)]
START = DAYS.index(dt.date(2025, 4, 4))
WORKING = working_day_mask(DAYS)


def process(hazard: Any, **changes: Any) -> LicencePath:
    approval = np.broadcast_to(np.asarray(hazard, dtype=float), (365,))[:, None]
    options: dict[str, Any] = {
        "returned": np.zeros(1),
        "working": WORKING,
        "start": START,
        "filing_lag": np.full(1, 15.0),
        "statutory_share": np.zeros((365, 1)),
        "statutory_days": 45,
        "validity": 180,
        "renewal_lead": 60,
    } | changes
    return licence_path(approval.copy(), options.pop("returned"), options.pop("working"), **options)


def test_before_the_control_everybody_may_ship_and_then_nobody() -> None:
    path = process(0.0)
    assert (path.valid[:START] == 1).all()
    assert (path.valid[START:] == 0).all()
    assert (path.approved == 0).all()


def test_a_single_cohort_follows_the_exponential_law() -> None:
    """With everybody filing at once and no return, S(t) = 1 - exp(-h n) after n working days."""
    path = process(0.05, filing_lag=np.full(1, 1e-6))
    worked = np.cumsum(WORKING)
    for day in (START + 10, START + 60, START + 120):
        expected = 1 - np.exp(-0.05 * (worked[day] - worked[START]))
        assert path.valid[day, 0] == pytest.approx(expected, rel=1e-6)


def test_nothing_is_approved_on_a_day_off() -> None:
    path = process(0.05)
    gained = np.diff(path.approved[:, 0])
    off = ~WORKING[1:]
    # Renewals take effect on the day a licence ends, whatever day that is.
    first_wave = np.arange(1, 365) < START + 180
    assert (gained[off & first_wave] == 0).all()
    assert (gained[~off & first_wave & (np.arange(1, 365) > START + 1)] > 0).all()


def test_the_statutory_day_decides_those_who_still_wait() -> None:
    path = process(0.0, filing_lag=np.full(1, 1e-6), statutory_share=np.full((365, 1), 0.4))
    deadline = DAYS.index(dt.date(2025, 6, 11))
    assert path.valid[deadline - 1, 0] == 0
    assert path.valid[deadline, 0] == pytest.approx(0.4, rel=1e-6)


def test_licences_end_and_renewals_take_their_place() -> None:
    hazard = np.zeros(365)
    hazard[START : START + 60] = 0.2  # nobody is approved after two months
    path = process(hazard, validity=90, renewal_lead=10)
    assert path.valid[START + 59, 0] > 0.9
    assert path.valid[START + 155, 0] == pytest.approx(0.0, abs=1e-9)
    renewing = process(0.2, validity=90)
    assert renewing.valid[START + 200, 0] > 0.9
    assert renewing.approved[-1, 0] > 2.0


@given(
    hazard=st.floats(0, 0.5),
    returned=st.floats(0, 0.2),
    lag=st.floats(0.5, 80),
    statutory=st.floats(0, 1),
    validity=st.integers(30, 400),
)
def test_shares_stay_shares(
    hazard: float, returned: float, lag: float, statutory: float, validity: int
) -> None:
    path = process(
        hazard,
        returned=np.full(1, returned),
        filing_lag=np.full(1, lag),
        statutory_share=np.full((365, 1), statutory),
        validity=validity,
        renewal_lead=min(60, validity - 1),
    )
    assert (path.valid >= 0).all()
    assert (path.valid <= 1 + 1e-12).all()
    assert (np.diff(path.approved[:, 0]) >= -1e-15).all()


def test_a_renewal_cannot_be_filed_before_its_licence() -> None:
    assert (
        process(0.02, validity=40, renewal_lead=40).valid
        == process(0.02, validity=40, renewal_lead=400).valid
    ).all()


@given(low=st.floats(0, 0.2), more=st.floats(0, 0.3))
def test_more_approval_never_means_fewer_licences(low: float, more: float) -> None:
    slow, fast = process(low, validity=400), process(low + more, validity=400)
    assert (fast.valid >= slow.valid - 1e-12).all()


def test_the_priors_meet_the_published_counts_of_european_suppliers() -> None:
    """A quarter approved on 4 June 2025 and 60 % at the end of June, by applications filed."""
    mid = {name: p.mid for name, p in facts.parameters().items()}
    hazard = np.zeros(365)
    for day, name in [
        (dt.date(2025, 4, 4), "approval_hazard_opening"),
        (dt.date(2025, 5, 12), "approval_hazard_may"),
        (dt.date(2025, 6, 7), "approval_hazard_green"),
        (dt.date(2025, 6, 27), "approval_hazard_framework"),
    ]:
        hazard[DAYS.index(day) :] = mid[name]
    path = process(
        hazard,
        returned=np.full(1, mid["return_hazard"]),
        filing_lag=np.full(1, mid["filing_lag_days"]),
        statutory_share=np.full((365, 1), mid["statutory_share"]),
    )
    assert path.valid[DAYS.index(dt.date(2025, 6, 4)), 0] == pytest.approx(0.25, abs=0.05)
    assert path.valid[DAYS.index(dt.date(2025, 6, 30)), 0] == pytest.approx(0.60, abs=0.05)


shares = st.floats(0.0, 1.0)


@given(
    approval=st.floats(0.0, 0.2),
    returned=st.floats(0.0, 0.2),
    statutory=shares,
    refused=shares,
    lag=st.floats(0.5, 60.0),
    validity=st.integers(30, 400),
)
def test_nobody_is_lost_whatever_is_refused(
    approval: float, returned: float, statutory: float, refused: float, lag: float, validity: int
) -> None:
    """Licences held, and refusals, never exceed the population; refusals are for good."""
    path = process(
        approval,
        returned=np.full(1, returned),
        statutory_share=np.full((365, 1), statutory),
        filing_lag=np.full(1, lag),
        validity=validity,
        refusal_share=refused,
    )
    after = slice(START, None)
    assert (path.valid[after] + path.refused[after] <= 1 + 1e-9).all()
    assert (np.diff(path.refused[:, 0]) >= -1e-12).all()
    assert (path.refused[:START] == 0).all()


@settings(deadline=None)
@given(approval=st.floats(0.001, 0.2), returned=st.floats(0.001, 0.2), refused=shares)
def test_refusals_follow_the_law_of_competing_risks(
    approval: float, returned: float, refused: float
) -> None:
    """If every paper that comes back is refused, hazards a and r end in a / (a + r) approved."""
    path = process(
        approval,
        returned=np.full(1, returned),
        filing_lag=np.full(1, 1e-6),
        validity=10_000,
        refusal_share=1.0,
    )
    n = int(WORKING[START + 1 :].sum())
    left = np.exp(-(approval + returned) * n)
    assert path.refused[-1, 0] == pytest.approx((1 - left) * returned / (approval + returned))
    assert path.valid[-1, 0] == pytest.approx((1 - left) * approval / (approval + returned))
    some = process(approval, returned=np.full(1, returned), refusal_share=refused)
    none = process(approval, returned=np.full(1, returned))
    assert some.approved[-1, 0] <= none.approved[-1, 0] + 1e-12
