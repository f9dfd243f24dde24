"""When an application is approved: what any applicant would expect of the answer."""

import datetime as dt
import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xenotime import facts
from xenotime.policy.beside import OTHER_READING
from xenotime.policy.eta import PAPERS, Eta, eta_of
from xenotime.policy.working_days import statutory_deadline
from xenotime.scenarios import load

JUNE = dt.date(2025, 6, 10)


def chance(found: Eta, group: str, after: int) -> float:
    answer = next(a for a in found.answers if a.group == group)
    return answer.by(found.filed + dt.timedelta(days=after), found.filed)


def test_the_group_about_the_same_destination_and_use_counts() -> None:
    for destination, end_use, headline in (
        ("DEU", "light_vehicles", "european_car_suppliers"),
        ("PRT", "light_vehicles_battery", "european_car_suppliers"),
        ("DEU", "wind", "export_record"),
        ("USA", "defence", "american_distributor"),
        ("USA", "light_vehicles", "export_record"),
        ("JPN", "light_vehicles", "export_record"),
    ):
        assert eta_of(JUNE, destination, end_use).headline == headline
    assert eta_of(JUNE, "DEU", "light_vehicles", goods="oxide_metal").headline == "export_record"


@given(st.dates(dt.date(2025, 4, 4), dt.date(2026, 6, 1)), st.sampled_from(["DEU", "USA", "JPN"]))
@settings(max_examples=6, deadline=None)
def test_chances_only_grow_and_dates_are_in_order(filed: dt.date, destination: str) -> None:
    for answer in eta_of(filed, destination, "light_vehicles").answers:
        assert answer.chance[0] == 0
        assert (np.diff(answer.chance) >= -1e-12).all()
        assert answer.chance[-1] <= 1 + 1e-12
        dates = [day for day in (answer.p10, answer.p50, answer.p90) if day is not None]
        assert all(one <= two for one, two in itertools.pairwise([filed, *dates]))
        for level, day in ((0.1, answer.p10), (0.5, answer.p50), (0.9, answer.p90)):
            if day is not None:
                before = day - dt.timedelta(days=1)
                assert answer.by(before, filed) < level <= answer.by(day, filed)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({}, {"quality": "partial"}),
        ({"firm_size": "large"}, {"firm_size": "small"}),
    ],
)
def test_better_applicants_never_wait_longer(better: Any, worse: Any) -> None:
    one = eta_of(JUNE, "DEU", "light_vehicles", **better)
    two = eta_of(JUNE, "DEU", "light_vehicles", **worse)
    for left, right in zip(one.answers, two.answers, strict=True):
        assert (left.chance >= right.chance - 1e-9).all()
        assert left.chance[60] > right.chance[60]


def test_oxides_and_defence_wait_longer_in_the_export_record() -> None:
    magnet = chance(eta_of(JUNE, "DEU", "wind"), "export_record", 90)
    assert chance(eta_of(JUNE, "DEU", "wind", goods="oxide_metal"), "export_record", 90) < magnet
    assert chance(eta_of(JUNE, "DEU", "defence"), "export_record", 90) < magnet


def test_the_statutory_day_is_counted_in_chinese_working_days() -> None:
    found = eta_of(dt.date(2025, 9, 25), "DEU", "light_vehicles")  # before the October holidays
    assert found.statutory_deadline == statutory_deadline(dt.date(2025, 9, 25), 45)
    place = (found.statutory_deadline - found.filed).days
    # Some of those who still wait are approved on that very day.
    steps = np.diff(next(a for a in found.answers if a.group == "export_record").chance)
    assert steps[place - 1] > 1.2 * steps[place]


def test_what_stands_beside_the_licence_is_named() -> None:
    assert eta_of(JUNE, "USA", "defence").bars == ("M068",)
    late = eta_of(dt.date(2026, 3, 2), "JPN", "robots")
    assert "M055" in late.bars
    assert "M056" in late.unclear  # a reported halt that nobody confirmed
    assert not eta_of(JUNE, "DEU", "wind").bars


def test_papers_come_from_the_register() -> None:
    assert {rule.rule for rule in facts.scope_rules()} >= set(PAPERS)
    assert len(eta_of(JUNE, "DEU", "wind").papers) == len(PAPERS)


def test_what_cannot_be_answered_is_refused() -> None:
    with pytest.raises(facts.RequestError, match="no licence is needed before"):
        eta_of(dt.date(2025, 4, 3), "DEU", "wind")
    with pytest.raises(facts.RequestError, match="stay in China"):
        eta_of(JUNE, "CHN", "wind")


def test_after_the_record_the_answer_says_what_it_assumes() -> None:
    assert any(
        "end of the record" in s for s in eta_of(dt.date(2026, 9, 1), "DEU", "wind").assumptions
    )
    # all dates of goods that customs held in spring lie within it, unless later days are asked for
    spring, within = dt.date(2025, 5, 1), [dt.date(2026, 6, 29)]
    for by, said in ((within, False), ([*within, dt.date(2026, 6, 30)], True)):
        found = eta_of(spring, "DEU", "wind", goods="lookalike", by=by)
        assert found.days == tuple(by)
        assert found.best.p90 is not None
        assert found.best.p90 < within[0]
        assert any("end of the record" in s for s in found.assumptions) is said
    # what is printed for comparison counts too, as does "later than two years"
    found = eta_of(JUNE, "DEU", "wind", by=[dt.date(2025, 9, 1)])
    assert found.best.p90 is not None
    assert found.best.p90 < within[0]
    assert any("end of the record" in s for s in found.assumptions)


def test_an_act_of_unknown_standing_is_left_out_and_the_other_reading_named() -> None:
    for filed in (dt.date(2026, 3, 2), dt.date(2025, 12, 20)):  # in force, or while it waits
        found = eta_of(filed, "JPN", "robots")
        assert "M056" in found.unclear
        (line,) = [s for s in found.assumptions if "the dates leave it out" in s]
        assert "M056 (Reported halt of licence reviews)" in line
        assert "the scenario japan-2026 is the other reading" in line
    assert not any("leave it out" in s for s in eta_of(JUNE, "JPN", "robots").assumptions)
    assert not any("M024" in s for s in eta_of(JUNE, "USA", "wind").assumptions)  # about firms
    for act, scenario in OTHER_READING.items():
        assert act in load(scenario).description


def test_the_dates_of_a_barred_use_are_those_without_the_ban() -> None:
    found = eta_of(JUNE, "USA", "defence")
    assert found.use_bans == ("M068",)
    assert any("M068" in s and "the dates are those without it" in s for s in found.assumptions)
    assert eta_of(JUNE, "USA", "light_vehicles").use_bans == ()


def test_a_statutory_day_is_given_only_where_something_is_decided_on_it() -> None:
    assert eta_of(JUNE, "DEU", "wind").statutory_deadline is not None
    assert eta_of(JUNE, "USA", "wind").statutory_deadline is not None
    for words in (
        {"end_use": "defence"},
        {"end_use": "wind", "goods": "oxide_metal"},
        {"end_use": "wind", "goods": "lookalike"},
    ):
        assert eta_of(JUNE, "DEU", **words).statutory_deadline is None


def test_a_paper_procedure_without_a_minimum_time_is_said_to_have_none() -> None:
    assert any("no minimum time" in s for s in eta_of(JUNE, "DEU", "wind").assumptions)


def test_a_use_that_an_act_in_force_forbids_is_barred() -> None:
    assert eta_of(JUNE, "USA", "defence").barred
    assert not eta_of(JUNE, "USA", "light_vehicles").barred
    assert not eta_of(JUNE, "DEU", "defence").barred
    assert eta_of(dt.date(2026, 2, 2), "JPN", "defence").barred
    assert not eta_of(dt.date(2025, 12, 2), "JPN", "defence").barred  # the ban came in January


def test_a_control_that_was_lifted_needs_no_licence() -> None:
    base = facts.get("M011")
    assert isinstance(base, facts.Measure)
    day = dt.date(2025, 9, 1)
    lifted = replace(
        base, id="M-lifted", changes=("M023",), announced=day, in_force=day, first_known=day
    )
    with facts.including(facts.Additions({"measures": (lifted,)})):
        with pytest.raises(facts.RequestError, match="is lapsed by M-lifted"):
            eta_of(dt.date(2025, 9, 1), "DEU", "wind")
        assert eta_of(dt.date(2025, 8, 31), "DEU", "wind").answers


def test_days_beyond_what_runs_cover_are_refused() -> None:
    with pytest.raises(facts.RequestError, match="give a day up to 2027-12-31"):
        eta_of(dt.date.max, "DEU", "wind")


def test_goods_that_look_controlled_pass_sooner_once_holds_fade() -> None:
    spring = eta_of(dt.date(2025, 5, 1), "DEU", "light_vehicles", goods="lookalike")
    autumn = eta_of(dt.date(2025, 10, 1), "DEU", "light_vehicles", goods="lookalike")
    licensed = eta_of(dt.date(2025, 5, 1), "DEU", "light_vehicles")
    assert spring.headline == autumn.headline == "customs_hold"
    assert spring.best.chance[0] < 0.6 < autumn.best.chance[0]
    assert (np.diff(spring.best.chance) >= 0).all()
    # held or not, goods without a licence to wait for are through first
    assert (spring.best.chance >= licensed.best.chance).all()
    assert spring.papers


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_a_share_of_refusals_is_a_share(share: float) -> None:
    with pytest.raises(facts.RequestError, match="from 0 to 1"):
        eta_of(JUNE, "DEU", "wind", refusal_share=share)


def test_refusals_cap_the_chance_that_time_would_bring() -> None:
    never = eta_of(JUNE, "DEU", "wind", quality="partial")
    some = eta_of(JUNE, "DEU", "wind", quality="partial", refusal_share=1.0)
    assert some.best.chance[-1] < never.best.chance[-1]
    assert (some.best.chance <= never.best.chance + 1e-12).all()
    assert any("100 % of returned papers" in sentence for sentence in some.assumptions)


def test_a_barred_firm_has_no_chance_until_its_listing_is_suspended() -> None:
    filed = dt.date(2025, 4, 20)
    found = eta_of(filed, "USA", "robots", end_user="Cubic Corp.")
    assert found.barred
    assert not found.use_barred
    assert found.queue_from == dt.date(2025, 5, 14)
    after = eta_of(dt.date(2025, 5, 14), "USA", "robots")
    assert found.statutory_deadline == after.statutory_deadline
    for one, two in zip(found.answers, after.answers, strict=True):
        assert (one.chance[:24] == 0).all()
        assert (one.chance[24:] == two.chance[: len(one.chance) - 24]).all()
        assert one.p10 == two.p10


def test_a_firm_whose_listing_has_no_end_on_record_has_none_at_all() -> None:
    found = eta_of(dt.date(2026, 7, 10), "USA", "robots", end_user="mp materials", general=True)
    assert found.barred
    assert found.queue_from is None
    assert all((answer.chance == 0).all() and answer.p10 is None for answer in found.answers)
    assert found.general is not None
    assert "single licences at most" in found.general.excluded


def test_a_firm_that_is_listed_while_it_waits_is_not_approved_from_then_on() -> None:
    filed, listed = dt.date(2026, 6, 15), dt.date(2026, 6, 22)
    free = eta_of(filed, "USA", "robots").best.chance
    found = eta_of(filed, "USA", "robots", end_user="Teal Drones")
    place = (listed - filed).days
    assert not found.barred
    assert 0 < free[place - 1] < free[-1]
    assert (found.best.chance[:place] == free[:place]).all()
    assert (found.best.chance[place:] == found.best.chance[place - 1]).all()


def test_a_watched_firm_has_no_statutory_day_and_may_still_be_approved() -> None:
    filed = dt.date(2026, 3, 2)
    found, other = (eta_of(filed, "JPN", "robots", end_user=name) for name in ("TDK", "Acme"))
    assert found.statutory_deadline is None
    assert not found.barred
    assert other.statutory_deadline is not None
    assert 0.5 < found.best.chance[-1] <= other.best.chance[-1]
    place = (other.statutory_deadline - filed).days
    assert found.best.chance[place] < other.best.chance[place]


def test_applications_and_tonnes_are_answered_apart_and_large_firms_go_first() -> None:
    for answer in eta_of(JUNE, "DEU", "light_vehicles").answers:
        assert answer.by_count is not None
        assert answer.by_tonnes is not None
        assert (answer.by_tonnes.chance >= answer.by_count.chance - 1e-12).all()
        assert answer.by_tonnes.chance[30] > answer.by_count.chance[30]
        own = answer.by_count if answer.basis == "counts" else answer.by_tonnes
        assert own.chance is answer.chance
    for size in ("small", "large"):  # of one firm there is nothing to weigh
        for answer in eta_of(JUNE, "DEU", "wind", firm_size=size).answers:
            assert answer.by_count is not None
            assert answer.by_tonnes is not None
            np.testing.assert_allclose(answer.by_count.chance, answer.by_tonnes.chance)
    (held,) = eta_of(JUNE, "DEU", "wind", goods="lookalike").answers
    assert held.by_count is None
    assert held.by_tonnes is not None


def test_general_licences_are_told_without_a_chance_that_nobody_published() -> None:
    early = eta_of(JUNE, "DEU", "wind", general=True).general
    late = eta_of(dt.date(2025, 12, 10), "DEU", "light_vehicles", general=True).general
    assert early is not None
    assert late is not None
    assert not early.granted
    assert late.granted
    assert late.counts == ()
    ids = {source for source, _ in late.said}
    assert {"M050", "licence_general/WLD/firms/2025-12-02@tomshardware2025"} <= ids
    assert not {"M050"} & {source for source, _ in early.said}
    assert all(facts.get(source) for source in ids)
    assert eta_of(JUNE, "DEU", "wind").general is None


def test_what_the_exporter_must_be_is_said_with_its_source() -> None:
    (register,) = eta_of(JUNE, "DEU", "wind").conditions
    assert "licence is per application (scope/18_2025/registered_exporters" in register
    _, traders = eta_of(dt.date(2026, 2, 2), "DEU", "wind").conditions
    assert "(M054): it is for W, Sb, Ag, not for these goods" in traders
    base = facts.get("M054")
    assert isinstance(base, facts.Measure)
    own = replace(base, id="M-own", elements=("Dy",))
    with facts.including(facts.Additions({"measures": (own,)})):
        said = eta_of(dt.date(2026, 2, 2), "DEU", "wind").conditions
    assert any("(M-own): only exporters on it may ship Dy" in line for line in said)


def test_all_that_is_wrong_with_an_application_is_said_at_once() -> None:
    with pytest.raises(facts.RequestError) as caught:
        eta_of(dt.date(2025, 4, 1), "CHN", "wind", refusal_share=2.0)
    for said in ("no licence is needed before", "stay in China", "give a share from 0 to 1"):
        assert said in str(caught.value)
