from datetime import date

import pytest

from xenotime import facts

MEASURES = {measure.id: measure for measure in facts.measures()}


def test_announcement_18_2025() -> None:
    act = MEASURES["M023"]
    assert act.act == "Announcement 18/2025"
    assert act.elements == ("Sm", "Gd", "Tb", "Dy", "Lu", "Sc", "Y")
    assert set(act.forms) == {"oxide", "metal", "alloy", "magnet", "compound", "target"}
    assert (act.actor, act.targets, act.in_force) == ("CHN", ("WLD",), date(2025, 4, 4))
    assert (act.ends, act.status) == (None, "in_force")
    assert not [
        m for m in MEASURES.values() if "M023" in m.changes and m.instrument == "suspension"
    ]


def test_the_october_package_is_suspended_not_ended() -> None:
    suspension = MEASURES["M048"]
    assert suspension.ends == date(2026, 11, 10)
    for key in suspension.changes:
        act = MEASURES[key]
        assert act.announced == date(2025, 10, 9)
        assert act.ends is None, "a suspended act snaps back, so it has no end of its own"
        assert act.status in {"suspended", "never_operated"}
    assert len(suspension.changes) == 7


def test_acts_that_never_operated_start_after_their_suspension() -> None:
    suspended = {
        key: m for m in MEASURES.values() if m.instrument == "suspension" for key in m.changes
    }
    for measure in MEASURES.values():
        if measure.status == "never_operated" and measure.id in suspended:
            assert measure.in_force > suspended[measure.id].in_force


def test_articles_of_one_act_may_differ() -> None:
    assert (MEASURES["M017"].article, MEASURES["M017"].status) == ("Art. 2", "suspended")
    assert (MEASURES["M068"].article, MEASURES["M068"].status) == ("Art. 1", "in_force")
    assert MEASURES["M069"].in_force < MEASURES["M040"].in_force


def test_changes_point_at_earlier_acts() -> None:
    for measure in MEASURES.values():
        for key in measure.changes:
            assert MEASURES[key].announced <= measure.announced, (measure.id, key)


def test_the_de_facto_embargo_of_2010_lasted_sixty_days() -> None:
    embargo = MEASURES["M004"]
    assert (embargo.ends - embargo.in_force).days + 1 == 60
    assert embargo.targets == ("JPN",)


def test_what_happened_after_the_record_is_unknown() -> None:
    from xenotime.facts.measures import MEASURE_RECORD_END

    assert MEASURES["M066"].status == "unknown"
    last = max(measure.announced for measure in MEASURES.values())
    assert last.isoformat() == MEASURE_RECORD_END


def test_as_of_hides_later_acts() -> None:
    known = {measure.id for measure in facts.measures(date(2025, 4, 3))}
    assert "M023" not in known
    assert "M019" in known
    assert len(known) == sum(m.announced <= date(2025, 4, 3) for m in MEASURES.values())


@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
def test_every_measure_is_sourced_and_short(measure: facts.Measure) -> None:
    assert measure.source_title
    assert measure.licence
    assert len(measure.note.split()) <= 25
    assert measure.source_url or measure.grade == "D"


def test_general_knowledge_is_graded_as_such() -> None:
    unread = [m.id for m in MEASURES.values() if "not read" in m.source_title]
    assert unread == ["M011", "M014"]
    assert {MEASURES[key].grade for key in unread} == {"D"}
