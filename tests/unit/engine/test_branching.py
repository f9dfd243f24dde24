"""Variants that share days come out bit for bit as when each is run alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from properties.engine.random_chains import Size, shocked, steady_chain, supplied
from xenotime.engine import ArraysError, mass_balance, simulate
from xenotime.engine.chain.branching import Limits, simulate_branches

SIZE = Size(layers=(2, 3, 3), draws=3, days=25, classes=2)
SAME = ("flows", "first_stop", "days_lost", "used", "shipped", "consumed", "released",
        "supplied", "violations")  # fmt: skip


def chain(seed: int):
    rng = np.random.default_rng(seed)
    made = shocked(rng, steady_chain(rng, SIZE))
    return supplied(rng, made) if seed % 2 else made


def closing(made, day: int) -> Limits:
    cap = made.cap_multiple.copy()
    cap[:, day:] = 0.1
    return Limits(cap, made.granted)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 50), days=st.lists(st.integers(0, 25), min_size=1, max_size=5))
def test_each_branch_is_the_run_of_its_own(seed: int, days: list[int]) -> None:
    made = chain(seed)
    limits = [closing(made, day) for day in days]
    found = dict(simulate_branches(made, limits))
    assert sorted(found) == list(range(len(days)))
    for place, item in enumerate(limits):
        own = replace(made, cap_multiple=item.cap_multiple, granted=item.granted)
        alone = simulate(own)
        for name in SAME:
            one, other = getattr(alone, name), getattr(found[place], name)
            assert one.tobytes() == other.tobytes(), name
        assert mass_balance(own, found[place]).max() < 1e-5


def test_no_more_outcomes_come_once_it_is_stopped() -> None:
    made = chain(1)
    limits = [closing(made, day) for day in (0, 5, 10)]
    done: list[int] = []
    for place, _ in simulate_branches(made, limits, stop=lambda: len(done) > 0):
        done.append(place)
    assert len(done) == 1


def test_permits_of_another_size_are_refused_all_at_once() -> None:
    made = chain(1)
    wrong = Limits(made.cap_multiple[:, :-1], -np.ones_like(made.granted))
    with pytest.raises(ArraysError) as caught:
        list(simulate_branches(made, [wrong]))
    assert len(caught.value.problems) == 2
