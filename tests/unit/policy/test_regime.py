"""The regime of 2025 as arrays, with the record as it is and without the China-USA acts."""

import dataclasses
import datetime as dt

import numpy as np
import pytest

from xenotime import facts
from xenotime.policy.queues import approval_periods
from xenotime.policy.regime import PermitClass, Permits, classify, permits
from xenotime.runs.draws import event_normal, sample_parameters
from xenotime.runs.policies import policy_of
from xenotime.scenarios import load

DAYS = [dt.date(2025, 1, 1) + dt.timedelta(days=i) for i in range(365)]
DRAWS = 64
USES = ("civil", "defence")
NOWHERE = {"M023": np.zeros(len(DAYS), bool)}


def regime(scenario: str, classes: list[PermitClass]) -> Permits:
    policy = policy_of(load(scenario), None)
    values, _ = sample_parameters(facts.parameters(), {}, first=0, count=DRAWS, seed=7)
    return permits(
        classes,
        policy.active,
        policy.periods,
        DAYS,
        values,
        lambda stream: event_normal(stream, first=0, count=DRAWS, seed=7),
    )


def magnets(destination: str, use: str = "civil") -> PermitClass:
    return PermitClass("CHN", destination, use, "magnet", ("M023",))


def median_share(scenario: str, item: PermitClass, day: dt.date) -> float:
    return float(np.median(regime(scenario, [item]).open_share[0, DAYS.index(day)]))


def test_every_period_names_an_act_and_a_parameter_that_exist() -> None:
    acts = {m.id for m in facts.measures()}
    for period in approval_periods():
        assert period.hazard in facts.parameters()
        assert {*period.requires, *filter(None, [period.act])} <= acts


def test_only_the_announcement_of_april_controls_the_slice_in_2025() -> None:
    assert [m.id for m in policy_of(load("april-2025"), None).controls] == ["M023"]
    assert policy_of(load("quiet"), None).controls == ()


def test_europe_is_served_before_the_united_states_and_defence_last() -> None:
    day = dt.date(2025, 6, 4)
    europe = median_share("april-2025", magnets("DEU"), day)
    america = median_share("april-2025", magnets("USA"), day)
    defence = median_share("april-2025", magnets("USA", "defence"), dt.date(2025, 6, 30))
    assert 0.15 < europe < 0.45
    assert america < europe / 2
    assert defence < 0.06  # 5 of 180 requests of one distributor by the end of June


def test_without_a_truce_only_the_united_states_loses() -> None:
    for destination in ("DEU", "JPN", "ROW"):
        items = [magnets(destination, use) for use in USES]
        recorded, broken = regime("april-2025", items), regime("no-truce-2025", items)
        assert (recorded.open_share == broken.open_share).all()
    items = [magnets("USA", use) for use in USES]
    recorded, broken = regime("april-2025", items), regime("no-truce-2025", items)
    assert (broken.open_share <= recorded.open_share + 1e-12).all()
    assert median_share("no-truce-2025", magnets("USA"), dt.date(2025, 12, 31)) < 0.3


def test_acts_after_the_as_of_date_do_not_happen() -> None:
    policy = policy_of(load("april-2025"), dt.date(2025, 5, 1))
    acts = {m.id for m in policy.acts}
    assert "M023" in acts
    assert "M028" not in acts
    # nor do practices that began later, whatever act they rest on
    assert max(p.starts for p in policy.periods) == dt.date(2025, 4, 4)


def test_domestic_shipments_and_other_origins_are_free() -> None:
    controls = policy_of(load("april-2025"), None).controls

    def found(origin: str, destination: str, product: str, **contents: float) -> PermitClass | None:
        return classify(
            product,
            contents,
            origin=origin,
            destination=destination,
            industry="other",
            controls=controls,
        )

    assert found("CHN", "CHN", "magnet:NdFeB-heavy", Dy=0.02) is None
    assert found("JPN", "USA", "magnet:NdFeB-heavy", Dy=0.02) is None
    assert found("CHN", "USA", "oxide:La", La=0.85) is None
    heavy = found("CHN", "USA", "magnet:NdFeB-heavy", Dy=0.02)
    assert heavy is not None
    assert heavy.goods == "magnet"
    light = found("CHN", "USA", "magnet:NdFeB-light", Nd=0.2)
    assert light is not None
    assert light.goods == "lookalike"
    dysprosium = found("CHN", "JPN", "oxide:Dy", Dy=0.87)
    assert dysprosium is not None
    assert dysprosium.goods == "oxide_metal"


def test_no_control_no_limit() -> None:
    free = permits([magnets("USA")], NOWHERE, (), DAYS, _values(), lambda _: np.zeros(DRAWS))
    assert np.isinf(free.cap_multiple).all()
    assert (free.open_share == 1).all()


def test_a_control_limits_only_while_it_is_in_force() -> None:
    """Suspended from 1 August to 31 October: free on those days, limited before and after."""
    on = np.array([day >= dt.date(2025, 4, 4) for day in DAYS])
    pause = np.array([dt.date(2025, 8, 1) <= day <= dt.date(2025, 10, 31) for day in DAYS])
    kept = regime("april-2025", [magnets("USA")])
    periods = policy_of(load("april-2025"), None).periods
    broken = permits([magnets("USA")], {"M023": on & ~pause}, periods, DAYS, _values(), _normal)
    assert np.isinf(broken.cap_multiple[0, pause]).all()
    assert np.isinf(broken.granted[0, pause]).all()
    assert (broken.open_share[0, pause] == 1).all()
    assert (broken.cap_multiple[0, ~pause] == kept.cap_multiple[0, ~pause]).all()


def test_what_a_later_control_lists_is_held_before_and_licensed_after() -> None:
    first, second = dt.date(2025, 4, 4), dt.date(2025, 7, 1)
    active = {
        "M023": np.array([day >= first for day in DAYS]),
        "M900": np.array([day >= second for day in DAYS]),
    }
    item = PermitClass("CHN", "DEU", "civil", "magnet", ("M900",), ("M023",))
    lookalike = PermitClass("CHN", "DEU", "civil", "lookalike", (), ("M023",))
    periods = policy_of(load("april-2025"), None).periods
    both = permits([item, lookalike], active, periods, DAYS, _values(), _normal)
    before = slice(0, DAYS.index(second))
    assert (both.cap_multiple[0, before] == both.cap_multiple[1, before]).all()
    assert both.volume_from[0] == DAYS.index(second)
    assert np.isinf(both.granted[0, before]).all()
    # on its first day a licence control lets nobody through who has no licence
    assert both.open_share[0, DAYS.index(second)].max() < 0.05
    assert both.open_share[1, DAYS.index(second)].min() > 0.1


def test_a_class_names_the_controls_that_list_its_goods() -> None:
    magnets_too = dataclasses.replace(
        facts.get("M023"), id="M900", elements=("Nd",), forms=("magnet",)
    )
    controls = (facts.get("M023"), magnets_too)

    def found(product: str, **contents: float) -> PermitClass | None:
        return classify(
            product, contents, origin="CHN", destination="USA", industry="", controls=controls
        )

    assert found("magnet:NdFeB-light", Nd=0.3) == PermitClass(
        "CHN", "USA", "civil", "magnet", ("M900",), ("M023",)
    )
    assert found("blank:NdFeB-heavy", Nd=0.3, Dy=0.02) == PermitClass(
        "CHN", "USA", "civil", "magnet", ("M023", "M900"), ()
    )
    assert found("oxide:Nd", Nd=0.8) is None


def _normal(stream: str) -> np.ndarray:
    return event_normal(stream, first=0, count=DRAWS, seed=7)


def _values() -> dict[str, np.ndarray]:
    return sample_parameters(facts.parameters(), {}, first=0, count=DRAWS, seed=7)[0]


@pytest.mark.parametrize("destination", ["USA", "DEU"])
def test_volume_follows_approvals(destination: str) -> None:
    limits = regime("april-2025", [magnets(destination)])
    granted = limits.granted[0]
    start = limits.volume_from[0]
    assert DAYS[start] == dt.date(2025, 4, 4)
    assert (np.diff(granted[start:], axis=0) >= 0).all()
    assert limits.validity[0] == 180
