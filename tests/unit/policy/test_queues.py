"""Queues in steps, and the compiled process held to its plain twin."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xenotime.policy.licences import licence_path
from xenotime.policy.queue_kernel import Queues, follow
from xenotime.policy.queues import (
    STATUTORY_WORKING_DAYS,
    ApprovalPeriod,
    Pace,
    Queue,
    calendar_of,
    queues_of,
)
from xenotime.policy.regime import PermitClass
from xenotime.policy.working_days import working_day_mask

DAYS = [dt.date(2025, 1, 1) + dt.timedelta(days=i) for i in range(500)]
WORKING = working_day_mask(DAYS)
DRAWS = 5


def period(starts: dt.date, hazard: str, **changes: object) -> ApprovalPeriod:
    options: dict[str, object] = {
        "period": hazard,
        "act": "",
        "destinations": frozenset({"WLD"}),
        "statutory": False,
        "eases": False,
        "requires": (),
    }
    return ApprovalPeriod(starts=starts, hazard=hazard, **{**options, **changes})  # type: ignore[arg-type]


VALUES = {
    "slow": np.full(DRAWS, 0.01),
    "fast": np.linspace(0.02, 0.08, DRAWS),
    "statutory_share": np.full(DRAWS, 0.3),
    "defence_hazard_ratio": np.full(DRAWS, 0.1),
    "oxide_metal_hazard_ratio": np.full(DRAWS, 0.5),
    "licence_effect_sd": np.full(DRAWS, 0.4),
}


def a_queue(item: PermitClass, paces: tuple[Pace, ...] = ()) -> Queue:
    periods = (period(DAYS[93], "slow"), period(DAYS[150], "fast", statutory=True, eases=True))
    return queues_of([item], periods, DAYS, VALUES, lambda _: np.zeros(DRAWS), paces)[0]


def test_a_queue_has_the_hazard_of_the_latest_period_and_of_every_pace() -> None:
    item = PermitClass("CHN", "DEU", "civil", "magnet", ("M023",))
    hazard, statutory = a_queue(item, (Pace(0.5, DAYS[200], DAYS[219]),)).by_day(len(DAYS))
    assert (hazard[:93] == 0).all()
    assert (hazard[93:150] == 0.01).all()
    for day, factor in ((150, 1.0), (199, 1.0), (200, 0.5), (219, 0.5), (220, 1.0), (499, 1.0)):
        assert hazard[day] == pytest.approx(factor * VALUES["fast"])
        assert statutory[day] == pytest.approx(0.3 * factor)


def test_defence_and_metals_wait_longer_and_no_clock_decides_them() -> None:
    hazard, _ = a_queue(PermitClass("CHN", "DEU", "civil", "magnet")).by_day(300)
    for use, goods, ratio in (("defence", "magnet", 0.1), ("civil", "oxide_metal", 0.5)):
        slower, statutory = a_queue(PermitClass("CHN", "DEU", use, goods)).by_day(300)
        assert slower == pytest.approx(ratio * hazard)
        assert (statutory == 0).all()


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_the_kernel_is_its_twin(data: st.DataObject) -> None:
    """Hazards, clocks, validity and refusals at random, over easings and holidays."""
    count, steps = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 4))
    begins = np.array(
        [
            [0, *sorted(data.draw(st.lists(st.integers(1, 499), min_size=steps - 1,
                                           max_size=steps - 1, unique=True)))]
            for _ in range(count)
        ]
    )  # fmt: skip
    draw = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    shape = (count, steps, DRAWS)
    hazard = draw.choice([0.0, 0.002, 0.03, 0.4, 5.0], shape) * draw.random(shape)
    statutory = draw.choice([0.0, 1.0], shape) * draw.random(shape)
    starts = draw.integers(0, 450, count)
    needed = (np.arange(len(DAYS)) >= starts[:, None]) & (draw.random((count, len(DAYS))) < 0.9)
    returned, lag = draw.choice([0.0, 0.01], DRAWS), draw.uniform(0.5, 60, DRAWS)
    weights, ratios = draw.random((2, DRAWS)), draw.uniform(0.5, 3, (2, DRAWS))
    burst, per_licence = draw.uniform(1, 2, DRAWS), draw.uniform(20, 200, DRAWS)
    validity = data.draw(st.sampled_from([30, 90, 180, 365]))
    lead = data.draw(st.sampled_from([0, 20, 60, 120]))
    refused = data.draw(st.sampled_from([0.0, 0.3, 1.0]))
    calendar = calendar_of(
        DAYS,
        {
            "licence_validity_days": np.full(1, validity),
            "renewal_lead_days": np.full(1, lead),
            "refusal_share": np.full(1, refused),
        },
    )
    place = draw.permutation(count + 1)[:count]
    share, cap, volume = (np.full((count + 1, len(DAYS), DRAWS), -1, "float32") for _ in range(3))
    follow(
        Queues(begins, hazard, statutory, starts, needed), calendar, returned, lag, weights, ratios,
        burst, per_licence, place, share, cap, volume,
    )  # fmt: skip
    for c, row in enumerate(place):
        rates, decided = Queue(begins[c], hazard[c], statutory[c]).by_day(len(DAYS))
        valid, approved = np.zeros((2, len(DAYS), DRAWS))
        for weight, ratio in zip(weights, ratios, strict=True):
            path = licence_path(
                rates * ratio, returned, WORKING, start=int(starts[c]), filing_lag=lag,
                statutory_share=decided, statutory_days=STATUTORY_WORKING_DAYS, validity=validity,
                renewal_lead=lead, refusal_share=refused,
            )  # fmt: skip
            valid += weight * path.valid
            approved += weight * path.approved * per_licence
        on = needed[c]
        assert share[row, on] == pytest.approx(valid[on], rel=1e-5, abs=1e-6)
        assert cap[row, on] == pytest.approx((valid * burst)[on], rel=1e-5, abs=1e-6)
        assert volume[row, on] == pytest.approx(approved[on], rel=1e-5, abs=1e-4)
        assert (share[row, ~on] == -1).all()
        assert (volume[row, ~on] == -1).all()
    unused = set(range(count + 1)) - set(place.tolist())
    assert (share[sorted(unused)] == -1).all()
