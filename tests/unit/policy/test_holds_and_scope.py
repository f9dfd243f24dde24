"""Holds rise, stay and fade; scope follows elements and forms, not names."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from xenotime import facts
from xenotime.policy.holds import pass_share
from xenotime.policy.scope import is_controlled, listed_pairs


@given(held=st.floats(0, 1), ramp=st.floats(1, 40), hold=st.floats(40, 120), fade=st.floats(1, 60))
def test_a_hold_never_lets_pass_more_than_all_or_less_than_its_height(
    held: float, ramp: float, hold: float, fade: float
) -> None:
    one = np.ones(1)
    share = pass_share(
        300,
        start=50,
        held=held * one,
        ramp_days=ramp * one,
        hold_days=hold * one,
        release_days=fade * one,
    )[:, 0]
    assert (share[:50] == 1).all()
    assert (share >= 1 - held - 1e-12).all()
    assert (share <= 1).all()
    lowest = int(share.argmin())
    assert (np.diff(share[:lowest]) <= 1e-12).all()
    assert (np.diff(share[50 + int(np.ceil(hold)) :]) >= -1e-12).all()


def test_a_magnet_is_inside_if_it_contains_a_listed_element() -> None:
    listed = listed_pairs(facts.get("M023"))

    def inside(product: str, **contents: float) -> bool:
        return is_controlled(product, contents, listed)

    assert inside("magnet:NdFeB-heavy", Nd=0.25, Dy=0.015)
    assert inside("magnet:SmCo", Sm=0.25)
    assert inside("oxide:Tb", Tb=0.85)
    assert not inside("magnet:NdFeB-light", Nd=0.25, Pr=0.06)
    assert not inside("metal:Nd", Nd=1.0)
    assert not inside("ore:longnan", Dy=0.07)  # ores are not a listed form
