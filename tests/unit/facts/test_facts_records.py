from collections import Counter

from xenotime import facts


def test_magnets_are_listed_for_three_elements_only() -> None:
    inside = {
        i.element for i in facts.control_items() if i.measure == "M023" and i.form == "magnet"
    }
    assert inside == {"Sm", "Tb", "Dy"}


def test_no_content_threshold_was_published_for_dysprosium_or_terbium() -> None:
    for item in facts.control_items():
        if item.measure == "M023" and item.element in {"Dy", "Tb"}:
            assert "%" not in item.threshold


def test_every_element_of_announcement_18_has_metal_oxide_and_compound() -> None:
    forms: dict[str, set[str]] = {}
    for item in facts.control_items():
        if item.measure == "M023":
            forms.setdefault(item.element, set()).add(item.form)
    assert set(forms) == {"Sm", "Gd", "Tb", "Dy", "Lu", "Sc", "Y"}
    assert all({"metal", "oxide", "compound"} <= found for found in forms.values())


def test_items_belong_to_measures_and_agree_with_them() -> None:
    measures = {measure.id: measure for measure in facts.measures()}
    for item in facts.control_items():
        assert item.measure in measures, item.id
        assert item.announcement in measures[item.measure].act, item.id
        assert item.in_force >= measures[item.measure].announced, item.id


def test_suspended_items_carry_both_dates() -> None:
    for item in facts.control_items():
        assert (item.suspended_from is None) == (item.suspended_until is None), item.id


def test_item_names_are_names_not_sentences() -> None:
    assert max(len(item.item.split()) for item in facts.control_items()) <= 25
    assert max(len(item.note.split()) for item in facts.control_items()) <= 25


def test_few_plants_stopped_in_2025_and_none_in_2010() -> None:
    stops = facts.stoppages()
    full = [stop for stop in stops if stop.severity == "full_stop"]
    assert {stop.company for stop in full} == {"Ford", "Suzuki"}
    assert {stop.start.year for stop in full} == {2025}
    assert Counter(stop.severity for stop in stops)["none"] >= 5, "firms without a stop are kept"


def test_suzuki_stopped_seven_weeks_after_the_control() -> None:
    suzuki = next(stop for stop in facts.stoppages() if stop.company == "Suzuki")
    control = next(measure for measure in facts.measures() if measure.id == "M023")
    assert (suzuki.start - control.in_force).days // 7 == 7
    assert suzuki.precision == "day"


def test_both_sides_of_a_contradiction_are_kept() -> None:
    topics = {conflict.topic: conflict for conflict in facts.conflicts()}
    assert len(topics) == len(facts.conflicts())
    assert topics["Magnets to Japan December 2025"].claim_b == "411.3 t"
    for conflict in topics.values():
        assert conflict.claim_a != conflict.claim_b
        for text in (conflict.claim_a, conflict.claim_b, conflict.assessment):
            assert 0 < len(text.split()) <= 25


def test_ids_named_by_contradictions_exist() -> None:
    for conflict in facts.conflicts():
        for source in (conflict.source_a, conflict.source_b):
            if source.startswith(("magnet_exports/", "M0")) and "," not in source:
                for key in source.split("; "):
                    assert facts.get(key)
