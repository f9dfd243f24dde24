"""Goods that leave a control: never less may ship, never more than all, and nothing else moves."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xenotime import facts
from xenotime.facts.problems import RequestError
from xenotime.policy.exits import Exit, leaving
from xenotime.policy.regime import PermitClass, Permits, permits
from xenotime.runs.draws import sample_parameters
from xenotime.runs.policies import policy_of
from xenotime.scenarios import load, parse

DAYS = [dt.date(2025, 1, 1) + dt.timedelta(days=i) for i in range(365)]
DRAWS = 4
CLASSES = [
    PermitClass("CHN", destination, use, goods, ("M023",) if goods != "lookalike" else (),
                () if goods != "lookalike" else ("M023",))
    for destination in ("DEU", "USA")
    for use in ("civil", "defence")
    for goods in ("magnet", "oxide_metal", "lookalike")
]  # fmt: skip
VALUES, _ = sample_parameters(facts.parameters(), {}, first=0, count=DRAWS, seed=7)
# permits are single precision: a burst that it holds exactly can be compared exactly
BURST = VALUES["ship_burst"] = VALUES["ship_burst"].astype("float32").astype(float)


@pytest.fixture(scope="module")
def recorded() -> Permits:
    policy = policy_of(load("april-2025"), None)
    return permits(CLASSES, policy.active, policy.periods, DAYS, VALUES, lambda _: np.zeros(DRAWS))


exits = st.builds(
    Exit,
    goods=st.sets(st.sampled_from(["magnet", "oxide_metal"]), min_size=1).map(frozenset),
    share=st.floats(0.01, 1),
    start=st.sampled_from(DAYS[:200]),
    full=st.sampled_from(DAYS[200:]),
    destinations=st.sets(st.sampled_from(["DEU", "USA"])).map(frozenset),
    uses=st.sets(st.sampled_from(["civil", "defence"])).map(frozenset),
)


@settings(max_examples=40, deadline=None)
@given(found=st.lists(exits, min_size=1, max_size=3))
def test_exits_only_ever_free_what_they_name(recorded: Permits, found: list[Exit]) -> None:
    after = leaving(recorded, found, DAYS, BURST)
    for name in ("cap_multiple", "granted", "open_share"):
        assert (getattr(after, name) >= getattr(recorded, name) - 1e-12).all(), name
    assert (after.open_share <= 1 + 1e-12).all()
    limited = np.isfinite(recorded.cap_multiple)
    assert (np.isfinite(after.cap_multiple) == limited).all()
    assert (after.cap_multiple <= np.maximum(recorded.cap_multiple, BURST) + 1e-12).all()
    both = np.isfinite(after.granted[:, 1:]) & np.isfinite(after.granted[:, :-1])
    assert (after.granted[:, 1:][both] >= after.granted[:, :-1][both]).all()  # cumulative
    before = np.array([d < min(e.start for e in found) for d in DAYS])
    assert (after.cap_multiple[:, before] == recorded.cap_multiple[:, before]).all()
    for index, item in enumerate(CLASSES):
        if not any(e.covers(item) for e in found):
            assert (after.cap_multiple[index] == recorded.cap_multiple[index]).all()
        if item.goods == "lookalike":
            assert (after.open_share[index] == recorded.open_share[index]).all()


def test_all_of_it_outside_is_as_good_as_no_control(recorded: Permits) -> None:
    all_magnets = Exit(frozenset({"magnet"}), 1.0, DAYS[0], DAYS[0])
    after = leaving(recorded, [all_magnets, all_magnets], DAYS, BURST)
    for index, item in enumerate(CLASSES):
        if item.goods == "magnet":
            assert (after.open_share[index] == 1).all()
            assert (after.cap_multiple[index] >= BURST).all()


ENTRY = {
    "goods": ["magnet"], "share": 0.3, "start": "2025-06-01", "grade": "C",
    "reason": "assembled rotors are outside (a published FAQ)",
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"share": 1.5}, "scope_exits.0.share is 1.5"),
        ({"share": 0}, "scope_exits.0.share is 0"),
        ({"goods": ["rotor"]}, "'magnet' or 'oxide_metal'"),
        ({"reason": ""}, "scope_exits.0.reason"),
        ({"grade": "E"}, "scope_exits.0.grade is 'E'"),
        ({"full": "2025-05-01"}, "full 2025-05-01 is before start 2025-06-01"),
        ({"start": "2026-05-01"}, "begins after 2025-12-31"),
        ({"destinations": ["GER"]}, "no node of the network: GER"),
        ({"shares": 0.3}, "unknown key scope_exits.0.shares (did you mean 'share'"),
    ],
)
def test_exits_that_make_no_sense_are_refused(changes: dict[str, object], said: str) -> None:
    with pytest.raises(RequestError) as caught:
        parse({"name": "mine", "title": "Mine", "scope_exits": [{**ENTRY, **changes}]})
    assert said in str(caught.value)
