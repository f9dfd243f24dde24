"""Draws: one sequence, whatever the blocks; streams of events that do not depend on each other."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from xenotime import facts
from xenotime.runs.draws import (
    event_normal,
    event_uniform,
    sample_parameters,
    sobol_points,
)


@settings(deadline=None, max_examples=20)
@given(first=st.integers(0, 3000), count=st.integers(1, 300), seed=st.integers(0, 2**31))
def test_a_draw_is_the_same_in_every_block(first: int, count: int, seed: int) -> None:
    whole = sobol_points(5, 0, first + count, seed)
    assert (sobol_points(5, first, count, seed) == whole[first:]).all()
    stream = event_uniform("x", first=0, count=first + count, seed=seed)
    assert (event_uniform("x", first=first, count=count, seed=seed) == stream[first:]).all()


def test_streams_and_seeds_differ() -> None:
    one = event_uniform("licence/USA", first=0, count=4096, seed=7)
    for stream, seed in [("licence/DEU", 7), ("licence/USA", 8)]:
        other = event_uniform(stream, first=0, count=4096, seed=seed)
        assert abs(np.corrcoef(one, other)[0, 1]) < 0.06


def test_events_have_the_law_they_claim() -> None:
    values = event_normal("law", first=0, count=20_000, seed=1)
    assert stats.kstest(values, "norm").pvalue > 1e-3


def test_a_held_parameter_leaves_all_others_alone() -> None:
    table = facts.parameters()
    free, member = sample_parameters(table, {}, first=0, count=128, seed=7)
    held, member_held = sample_parameters(table, {"hold_share": 0.6}, first=0, count=128, seed=7)
    assert (held["hold_share"] == 0.6).all()
    assert (member == member_held).all()
    for name in table:
        if name != "hold_share":
            assert (free[name] == held[name]).all()


@pytest.mark.parametrize("name", sorted(facts.parameters()))
def test_samples_follow_the_table(name: str) -> None:
    parameter = facts.parameters()[name]
    sample = sample_parameters(facts.parameters(), {}, first=0, count=4096, seed=3)[0][name]
    if parameter.distribution == "fixed":
        assert (sample == parameter.mid).all()
        return
    low, high = np.quantile(sample, [0.05, 0.95])
    if parameter.distribution == "lognormal":
        assert low == pytest.approx(parameter.low, rel=0.03)
        assert np.median(sample) == pytest.approx(parameter.mid, rel=0.02)
        assert high == pytest.approx(parameter.high, rel=0.03)
    else:
        assert sample.min() >= parameter.low
        assert sample.max() <= parameter.high
        span = parameter.high - parameter.low
        expected = (
            stats.uniform(parameter.low, span)
            if parameter.distribution == "uniform"
            else stats.triang((parameter.mid - parameter.low) / span, parameter.low, span)
        )
        assert stats.kstest(sample, expected.cdf).pvalue > 1e-3


def test_too_many_dimensions_are_refused() -> None:
    with pytest.raises(ValueError, match="structural parameters"):
        sobol_points(51, 0, 4, 7)
