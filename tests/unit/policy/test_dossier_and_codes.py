"""One act with all that hangs on it, and acts by customs code."""

import datetime as dt
import itertools

import pytest

from xenotime import facts
from xenotime.policy.dossier import dossier_of
from xenotime.policy.scope import acts_on_code
from xenotime.policy.tariffs import stack_on, stacks_on
from xenotime.policy.thresholds import ValueShare


def test_what_changes_an_act_is_followed_through_extensions() -> None:
    found = dossier_of("M024")  # Geneva, its extension, Busan
    assert {"M028", "M035", "M047"} <= set(found.changed_by)
    assert "M024" in dossier_of("M028").changes
    assert len(found.entities) == 28


def test_rules_come_with_the_acts_that_they_apply_to() -> None:
    rules = {rule.rule for rule in dossier_of("M040").rules}
    assert "de minimis (floor) for foreign-made items" in rules
    assert "Dy or Tb content threshold for NdFeB" not in rules
    assert "customs query" in {rule.rule for rule in dossier_of("M042").rules}  # 55-58/2025


def test_the_two_shares_of_a_tenth_of_a_per_cent_are_kept_apart() -> None:
    abroad, april = dossier_of("M040"), dossier_of("M023")
    assert (abroad.mass_threshold, abroad.value_de_minimis) == (None, ValueShare(0.1))
    # Announcement 18/2025 says "containing": no percentage of dysprosium is published.
    assert (april.mass_threshold, april.value_de_minimis) == (None, None)


def test_histories_have_no_gap_and_no_overlap() -> None:
    for act in facts.measures():
        spells = dossier_of(act.id).history
        assert spells[0].since == act.announced
        assert spells[-1].until is None
        for one, two in itertools.pairwise(spells):
            assert one.until is not None
            assert two.since == one.until + dt.timedelta(days=1)
            assert (one.status, one.changed_by) != (two.status, two.changed_by)


def test_what_was_only_announced_is_never_in_force() -> None:
    announced = [m for m in facts.measures() if m.status == "announced"]
    assert {"M051", "M053"} <= {m.id for m in announced}
    for act in announced:
        assert "in_force" not in {spell.status for spell in dossier_of(act.id).history}, act.id


def test_an_act_that_is_not_there() -> None:
    with pytest.raises(facts.RequestError, match=r"there is no act 'M0241' \(did you mean"):
        dossier_of("M0241")


@pytest.mark.parametrize(
    ("code", "acts"),
    [
        ("8505.11", {"M023"}),
        ("8505111000", {"M023"}),
        ("8112.92", {"M012"}),
        ("3801", {"M013"}),
        ("8703.80", set()),  # cars
    ],
)
def test_acts_on_a_code(code: str, acts: set[str]) -> None:
    assert acts_on_code(code) >= acts
    assert bool(acts_on_code(code)) is bool(acts)


def test_codes_and_duties_that_are_not_there() -> None:
    for wrong in ("magnet", "85", "8505.1", "", "\uff18\uff15\uff10\uff15"):
        with pytest.raises(facts.RequestError, match="no customs code"):
            acts_on_code(wrong)
    with pytest.raises(facts.RequestError, match=r"no duties on '8505\.11\.0071' .did you mean"):
        stack_on("8505.11.0071", dt.date(2025, 4, 12))
    with pytest.raises(facts.RequestError, match="only on goods of CHN"):
        stack_on("8505.11.0070", dt.date(2025, 4, 12), origin="JPN")
    with pytest.raises(facts.RequestError, match="begins on 2025-01-01"):
        stack_on("8505.11.0070", dt.date(2024, 12, 31))
    assert stacks_on("8505.11", dt.date(2024, 12, 31)) == ()
    moment = dt.datetime(2025, 11, 10, 4, 30, tzinfo=dt.UTC)  # still 9 November in Washington
    assert [stack.total for stack in stacks_on("8505.11.0070", moment)] == [22.1]


def test_every_day_of_the_record_has_one_stack_for_each_code() -> None:
    for code in {line.hts for line in facts.tariff_lines()}:
        lines = sorted(
            (line for line in facts.tariff_lines() if line.hts == code),
            key=lambda line: line.moment,
        )
        for one, two in itertools.pairwise(lines):
            assert one.until is not None
            assert two.since == one.until + dt.timedelta(days=1)
