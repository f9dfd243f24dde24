"""Registers: entries read off the sources, and rules that every entry keeps."""

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from xenotime import facts
from xenotime.facts import RequestError
from xenotime.facts.registers import REGISTERS, Register
from xenotime.facts.vocabulary import ELEMENT_NAMES

ENTRIES = [entry for register in REGISTERS for entry in register.embedded()]


def test_every_entry_has_source_grade_licence_day_and_a_short_note() -> None:
    assert len(ENTRIES) > 800
    for entry in ENTRIES:
        assert entry.source_title, entry.id
        assert entry.grade, entry.id
        assert entry.licence, entry.id
        assert entry.first_known, entry.id
        own = entry.note.partition("read in a third-party")[0].partition("date of source")[0]
        assert len(own.split()) <= 25, entry.id
        assert '"' not in entry.note, entry.id


def test_every_entry_is_got_and_found() -> None:
    for register in REGISTERS:
        entries = register.embedded()
        assert {fact.id for fact in facts.search("", table=register.name)} == {
            entry.id for entry in entries
        }
        for entry in (entries[0], entries[-1]):
            assert facts.get(entry.id).id == entry.id


def test_lists_of_2022_and_2025_have_fifty_and_sixty_minerals() -> None:
    def on(edition: str) -> set[str]:
        return {
            mineral.mineral
            for mineral in facts.critical_minerals()
            if mineral.list == edition and mineral.listed == "yes"
        }

    assert len(on("2022")) == 50
    assert len(on("2025")) == 60
    assert on("2022") < on("2025")
    assert {"copper", "silver", "boron"} <= on("2025") - on("2022")
    assert len(on("assessed-2025")) == 84


def test_a_list_is_not_known_before_it_appears() -> None:
    day = date(2025, 10, 1)
    known = {
        fact.list
        for fact in facts.search("", table="critical_minerals", as_of=day)
        if isinstance(fact, facts.CriticalMineral)
    }
    assert known == {"2022", "2025-draft", "assessed-2025"}


def total_on(hts: str, day: date) -> float | None:
    found = [
        line.total
        for line in facts.tariff_lines()
        if line.hts == hts and line.since <= day and (line.until is None or day <= line.until)
    ]
    assert len(found) <= 1
    return found[0] if found else None


# Read off the derived table: its parts are the acts M016 to M083.
@pytest.mark.parametrize(
    ("hts", "day", "percent"),
    [
        ("8505.11.0070", date(2025, 4, 20), 147.1),
        ("8505.11.0070", date(2025, 9, 8), 22.1),
        ("8505.11.0050", date(2025, 9, 8), 32.1),
        ("8505.11.0070", date(2026, 1, 15), 37.1),
        ("2805.30.00", date(2025, 4, 20), 25.0),
        ("2805.30.00", date(2026, 8, 1), None),
    ],
)
def test_tariff_on_a_day(hts: str, day: date, percent: float | None) -> None:
    assert total_on(hts, day) == percent


def test_tariff_days_follow_each_other_without_gap_or_overlap() -> None:
    by_code: dict[str, list[facts.TariffLine]] = {}
    for line in facts.tariff_lines():
        by_code.setdefault(line.hts, []).append(line)
    assert len(by_code) == 5
    for lines in by_code.values():
        ordered = sorted(lines, key=lambda line: line.since)
        for one, other in pairwise(ordered):
            assert (other.since - one.until).days == 1


def test_every_code_begins_with_its_heading_and_names_known_elements() -> None:
    symbols = set(ELEMENT_NAMES) | {"graphite"}
    for code in facts.trade_codes():
        assert code.digits.startswith(code.hs6), code.id
        if code.vintage != "ofr2025":  # names other commodities, too
            assert set(code.elements) <= symbols, code.id
    magnets = {code.code for code in facts.trade_codes() if code.hs6 == "850511"}
    assert {"8505.11", "8505.11.0070", "8505111000"} <= magnets


def test_a_listing_names_an_act_of_the_record_and_its_day() -> None:
    acts = {measure.id: measure for measure in facts.measures()}
    named = [entity for entity in facts.listed_entities() if entity.measure]
    assert len(named) > 80
    assert {entity.measure for entity in named} <= set(acts)
    assert {acts[entity.measure].instrument for entity in named} == {"entity_list", "watch_list"}
    found = facts.search("MP Materials", table="listed_entities")
    assert [fact.listed for fact in found] == [date(2026, 6, 22)]


def test_what_happens_after_the_record_is_a_deadline_without_outcome() -> None:
    ahead = [entry for entry in facts.negotiations() if entry.start > date(2026, 8, 1)]
    assert [(entry.forum, entry.direction) for entry in ahead] == [("deadline", "")]
    assert "unknown" in ahead[0].status


def test_a_magnet_is_inside_and_a_rotor_outside_of_the_april_control() -> None:
    answers = {rule.rule.split(" (")[0]: rule.value for rule in facts.scope_rules()}
    assert answers["simple-processed magnets"] == "controlled"
    rotor = next(value for rule, value in answers.items() if rule.startswith("motor rotor"))
    assert rotor == "generally not controlled"


@pytest.mark.parametrize("register", REGISTERS, ids=lambda register: register.name)
def test_a_damaged_row_is_refused_with_all_its_problems(
    register: Register[facts.Registered], tmp_path: Path
) -> None:
    path = tmp_path / "broken.csv"
    path.write_text(
        ",".join(register.columns) + "\n" + "," * (len(register.columns) - 1) + "\n",
        encoding="utf-8",
    )
    with pytest.raises(RequestError) as caught:
        register.read(path)
    text = str(caught.value)
    assert all(name in text for name in ("id is ''", "source_title", "licence", "grade"))
    assert len(caught.value.problems) > 6


def test_a_tariff_whose_parts_do_not_add_up_is_refused(tmp_path: Path) -> None:
    register = next(r for r in REGISTERS if r.name == "tariff_lines")
    text = (Path(facts.__file__).parent / "data" / "tariff_lines.csv").read_text(encoding="utf-8")
    path = tmp_path / "tariff_lines.csv"
    path.write_text(text.replace("147.1", "148.1"), encoding="utf-8")
    with pytest.raises(RequestError, match="it must be the sum"):
        register.read(path)


def test_the_page_on_lists_says_what_the_lists_hold() -> None:
    page = Path(__file__).parents[3] / "docs" / "howto" / "why-lists-differ.md"
    lists: dict[str, set[str]] = {}
    for entry in facts.critical_minerals():
        if entry.listed == "yes":
            lists.setdefault(entry.list, set()).add(entry.mineral)
    rows = {
        cells[1].strip(" `"): cells[2].strip()
        for line in page.read_text(encoding="utf-8").splitlines()
        if len(cells := line.split("|")) == 5
    }
    for name, minerals in lists.items():
        assert rows[name] == str(len(minerals))
    text = " ".join(page.read_text(encoding="utf-8").split())
    new = sorted(lists["2025-draft"] - lists["2022"])
    assert f"new: {', '.join(new)}; without arsenic, tellurium" in text
    added = sorted(lists["2025"] - lists["2025-draft"] - {"arsenic", "tellurium"})
    assert f"new: {', '.join(added)}; arsenic and tellurium are back" in text
