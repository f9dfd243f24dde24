"""The licence process against published counts, group by group, and against an event simulation."""

import datetime as dt
import math
import random

import numpy as np
import pytest
import simpy

from xenotime.policy.licences import licence_path
from xenotime.policy.populations import approved_share, fitted, populations, predicted_share
from xenotime.policy.working_days import statutory_deadline, working_day_mask

CARS, DISTRIBUTOR = populations()
JUNE_4, JUNE_30 = dt.date(2025, 6, 4), dt.date(2025, 6, 30)


def interval(share: np.ndarray) -> tuple[float, float]:
    low, high = np.quantile(share, [0.05, 0.95])
    return float(low), float(high)


def test_a_quarter_on_4_june_is_met() -> None:
    low, high = interval(predicted_share(CARS, JUNE_4, until=JUNE_4))
    assert low < 0.25 < high


@pytest.mark.parametrize("seed", [7, 8, 9])
def test_the_end_of_june_lies_inside_what_4_june_alone_predicts(seed: int) -> None:
    low, high = interval(predicted_share(CARS, JUNE_30, until=JUNE_4, seed=seed))
    assert low < 0.60 < high
    assert high - low <= 0.40


def test_both_counts_together_are_met() -> None:
    draws = fitted(CARS)
    early, late = approved_share(CARS, draws, [JUNE_4, JUNE_30])
    assert interval(early)[0] < 0.25 < interval(early)[1]
    assert interval(late)[0] < 0.60 < interval(late)[1]


def test_five_of_180_are_met_by_the_distributor_alone() -> None:
    low, high = interval(predicted_share(DISTRIBUTOR, JUNE_30, until=None))
    assert low < 5 / 180 < high
    # The other group says something else altogether: pooling the two would meet neither.
    assert high < interval(predicted_share(CARS, JUNE_30, until=None))[0]


def test_one_groups_counts_do_not_touch_the_other() -> None:
    before = fitted(DISTRIBUTOR, until=JUNE_4)  # its only count is later
    prior = approved_share(DISTRIBUTOR, before, [JUNE_30])[0]
    assert np.quantile(prior, 0.95) - np.quantile(prior, 0.05) > 0.5


DAYS = [dt.date(2025, 4, 4) + dt.timedelta(days=i) for i in range(150)]
WORKING = working_day_mask(DAYS)
HAZARD, RETURNED, LAG, STATUTORY = 0.012, 0.01, 12.0, 0.3
REVIEW = 45


def one_application(env: simpy.Environment, chance: random.Random, approved: list[int]) -> object:
    """File, wait working day by working day, be approved, or get the papers back and file again."""
    yield env.timeout(chance.expovariate(1.0 / LAG))
    while True:
        filed = math.floor(env.now)
        if filed >= len(DAYS):
            return
        deadline = statutory_deadline(DAYS[filed], REVIEW)
        while True:
            yield env.timeout(math.floor(env.now) + 1 - env.now)
            day = round(env.now)
            if day >= len(DAYS):
                return
            if not WORKING[day]:
                continue
            if chance.random() < -math.expm1(-(HAZARD + RETURNED)):
                if chance.random() < HAZARD / (HAZARD + RETURNED):
                    approved.append(day)
                    return
                break
            if DAYS[day] == deadline and chance.random() < STATUTORY:
                approved.append(day)
                return
        yield env.timeout(chance.expovariate(1.0 / LAG))


def test_an_event_simulation_tells_the_same() -> None:
    people = 4_000
    chance = random.Random(3)  # no secrets here
    approved: list[int] = []
    env = simpy.Environment()
    for _ in range(people):
        env.process(one_application(env, chance, approved))
    env.run(until=len(DAYS) + 1)
    simulated = np.bincount(approved, minlength=len(DAYS)).cumsum() / people
    ones = np.ones(1)
    path = licence_path(
        np.full((len(DAYS), 1), HAZARD),
        RETURNED * ones,
        WORKING,
        start=0,
        filing_lag=LAG * ones,
        statutory_share=np.full((len(DAYS), 1), STATUTORY),
        statutory_days=REVIEW,
        validity=len(DAYS) + 1,
        renewal_lead=0,
    ).approved[:, 0]
    # Noise of the simulation, and a day of rounding: one moves in steps of a day, the other not.
    noise = 4.0 * np.sqrt(path * (1.0 - path) / people)
    for day in (20, 45, 66, 80, 110, 149):
        least, most = path[max(0, day - 1)], path[min(day + 1, len(DAYS) - 1)]
        assert least - noise[day] <= simulated[day] <= most + noise[day]
