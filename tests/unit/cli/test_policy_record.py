"""Commands about acts and licences, as a user types them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from unit.cli.commands import xenotime


def answer(*words: str) -> Any:
    done = xenotime(*words, "--json")
    assert done.returncode == 0, done.stderr
    content = json.loads(done.stdout)
    assert content["schema_version"] == 1
    return content


def test_what_is_in_force_and_what_snaps_back() -> None:
    acts = {row["id"]: row for row in answer("policy", "in-force", "--on", "2025-12-01")["acts"]}
    assert acts["M023"]["status"] == "in_force"
    ban = acts["M017"]
    assert (ban["article"], ban["status"], ban["since"], ban["until"], ban["changed_by"]) == (
        "Art. 2", "suspended", "2025-11-09", "2026-11-27", ["M049"],
    )  # fmt: skip
    assert (ban["begins"], ban["ends"], ban["record_end"]) == ("2024-12-03", None, None)
    text = xenotime("policy", "in-force", "--on", "2025-12-01").stdout
    assert text.index("in force:") < text.index("suspended") < text.index("lapsed:")
    assert "M048" in text
    assert "M004" not in text  # the stop of 2010 lapsed long ago
    assert "M004" in xenotime("policy", "in-force", "--on", "2025-12-01", "--all").stdout


def test_acts_are_chosen_by_actor_element_and_code() -> None:
    words = ("policy", "in-force", "--on", "2025-04-12")
    chosen = answer(*words, "--actor", "CHN", "--element", "Dy", "--hs", "8505.11")
    assert [row["id"] for row in chosen["acts"]] == ["M023"]
    assert {d["hts"]: d["total"] for d in chosen["duties"]}["8505.11.0070"] == 147.1
    assert "duties" not in answer(*words)


def test_after_the_record_the_last_status_is_repeated_and_marked() -> None:
    done = xenotime("policy", "in-force", "--on", "2026-11-24")
    assert "the record ends on 2026-06-29" in done.stderr
    acts = {row["id"]: row for row in answer("policy", "in-force", "--on", "2026-11-24")["acts"]}
    assert (acts["M023"]["status"], acts["M023"]["record_end"]) == ("in_force", "2026-06-29")
    assert acts["M041"]["status"] == "unknown"


def test_a_list_says_at_whom_an_act_is_aimed_and_on_what() -> None:
    text = xenotime("policy", "in-force", "--on", "2026-12-01", "--element", "Dy").stdout
    for act, aim, note in (("M055", "CHN > JPN", "military"), ("M068", "CHN > USA", "military")):
        (line,) = [line for line in text.splitlines() if line.strip().startswith(act)]
        assert aim in line
        assert note in line


def test_a_code_says_how_many_acts_without_codes_are_left_out() -> None:
    done = xenotime("policy", "in-force", "--on", "2025-10-20", "--hs", "8112.92")
    assert "M012" in done.stdout
    assert "M017" not in done.stdout
    assert "acts in force have no list of codes on record and are not shown" in done.stderr


def test_a_ruling_ends_everything_that_it_voids_on_one_day() -> None:
    before, after = (
        {row["id"]: row for row in answer("policy", "in-force", "--on", day)["acts"]}
        for day in ("2026-02-19", "2026-02-20")
    )
    for act in ("M018", "M070", "M075", "M076", "M077", "M082"):
        assert before[act]["status"] == "in_force"
        assert (after[act]["status"], after[act]["changed_by"]) == ("lapsed", ["M058"])


def test_an_act_is_shown_with_its_history() -> None:
    text = xenotime("policy", "show", "M041").stdout
    for part in ("Ho, Er, Tm, Eu, Yb", "2025-11-07 to 2026-11-10", "changed by M048", "source"):
        assert part in text
    found = answer("policy", "show", "M040")["act"]
    assert [spell["status"] for spell in found["history"]] == [
        "scheduled", "never_operated", "unknown",
    ]  # fmt: skip


def test_a_duty_is_shown_layer_by_layer() -> None:
    text = xenotime("policy", "tariff", "8505.11.0070", "--on", "2026-01-02").stdout
    for part in ("37.1 %", "section 301  25 %", "fentanyl     10 %"):
        assert part in text
    later = answer("policy", "tariff", "8505.11.0070", "--on", "2026-08-01")["duty"]
    assert (later["total"], later["record_end"]) == (None, "2026-07-23")


def test_a_duty_names_the_acts_and_takes_moments_and_longer_codes() -> None:
    words = ("policy", "tariff", "8505.11.0070", "--on")
    assert "fentanyl     20 %     M020" in xenotime(*words, "2025-11-10T04:30Z").stdout
    assert "fentanyl     10 %     M075" in xenotime(*words, "2025-11-10").stdout
    found = answer("policy", "tariff", "2846902040", "--on", "2025-04-12")
    assert (found["duty"]["hts"], found["acts"]) == ("2846.90.20", {"fentanyl": "M020"})


def test_the_figures_of_acts_stand_beside_them() -> None:
    for words in (("list", "--instrument", "price_floor"), ("show", "M033")):
        text = xenotime("policy", *words).stdout
        for part in ("110 USD/kg of Nd, Pr, from 2025-10-01, with MP Materials", "grade A: MP"):
            assert part in text
    reserves = answer("policy", "list", "--instrument", "stockpile")
    assert {act["instrument"] for act in reserves["acts"]} == {"stockpile"}
    stated = {(f["act"], f["what"], f["value"], f["unit"]) for f in reserves["figures"]}
    assert ("M057", "programme", 12.0, "USD bn") in stated
    told = xenotime("policy", "list", "--instrument", "import_tariff").stdout
    assert "no figure" not in told
    assert "rates by code and day: xenotime policy tariff CODE" in told
    chosen = answer("policy", "in-force", "--on", "2025-12-01", "--instrument", "port_fees")
    assert [row["id"] for row in chosen["acts"]] == ["M046"]


def test_when_a_licence_comes() -> None:
    words = ("licence", "eta", "--filed", "2025-06-10", "--destination", "DEU")
    found = answer(*words, "--end-use", "automotive", "--by", "2025-07-31", "--by", "2025-09-30")
    assert found["approval"]["p10"] < found["approval"]["p50"] < found["approval"]["p90"]
    assert [row["date"] for row in found["probability_by"]] == ["2025-07-31", "2025-09-30"]
    assert 0 < found["probability_by"][0]["p"] < found["probability_by"][1]["p"] < 1
    groups = {row["population"]: row for row in found["populations"]}
    assert groups[found["headline"]]["about_this_application"] is True
    assert groups["american_distributor"]["approval"]["p50"] > found["approval"]["p90"]
    assert found["papers"]
    assert found["statutory_deadline"] == "2025-08-12"
    defence = ("licence", "eta", "--filed", "2025-06-10", "--destination", "USA", "--end-use")
    text = xenotime(*defence, "defence").stdout
    assert "the ban M068 forbids exports for military users" in text
    assert "the dates without it" in text
    assert "statutory" not in text
    text = xenotime(
        "licence", "eta", "--filed", "2026-01-20", *words[4:], "--end-use", "wind"
    ).stdout
    assert "leave out" not in text
    text = xenotime(*words[:3], "2026-01-20", "--destination", "JPN", "--end-use", "wind").stdout
    assert "the dates leave out M056" in text
    assert "the scenario japan-2026 is the other reading" in text


def test_a_listed_end_user_is_found() -> None:
    words = ("licence", "eta", "--filed", "2025-04-10", "--destination", "USA", "--end-use")
    text = xenotime(*words, "robots", "--end-user", "cubic corp", "--general").stdout
    for part in (
        "is on a control list: in_force, 2025-04-04 to 2025-05-13, by M024",
        "barred until 2025-05-13: the chance is 0 until then",
        "an application filed on 2025-05-14",
        "by count (its own)",
        "general licences: not given before 2025-12-02 (M050)",
        "no count of applications for them is published",
    ):
        assert part in text, part
    found = answer(*words, "robots", "--end-user", "universal logistics", "--by", "2025-12-31")
    assert found["listings"] == []
    assert found["near"] == ["Universal Logistics Holdings, Inc."]
    assert found["general"] is None
    for row in found["populations"]:
        count, tonnes = (row[key]["probability_by"][0]["p"] for key in ("by_count", "by_tonnes"))
        assert 0 < count < tonnes
    assert "incomplete" in xenotime(*words, "defence", "--end-user", "Acme Magnets").stdout


@pytest.mark.parametrize(
    ("words", "complaints"),
    [
        (("policy", "show", "M4l"), ["'M4l', which is unknown"]),
        (
            ("policy", "tariff", "85051170", "--on", "2025-11-10T04:30"),
            ["no duties on '85051170'", "moment with its time zone"],
        ),
        (
            ("policy", "list", "--instrument", "price_flor", "--actor", "XXX"),
            ["did you mean price_floor?", "--actor is 'XXX'"],
        ),
        (
            ("policy", "in-force", "--on", "2025-11-10T04:30", "--hs", "x", "--actor", "XXX"),
            ["moment with its time zone", "'x' is no customs code", "--actor is 'XXX'"],
        ),
        (
            ("licence", "eta", "--filed", "2025-02-30", "--destination", "GER", "--end-use", "car",
             "--quality", "good", "--firm-size", "big", "--goods", "ore"),
            ["--filed is '2025-02-30'", "--destination is 'GER'", "--end-use is 'car'",
             "--quality is 'good'", "--firm-size is 'big'", "--goods is 'ore'"],
        ),
        (
            ("licence", "eta", "--filed", "2025-04-03", "--destination", "DEU", "--end-use",
             "wind"),
            ["no licence is needed before"],
        ),
        (
            ("licence", "eta", "--filed", "2025-06-01", "--destination", "DEU", "--end-use", "wind",
             "--by", "2025-05-01"),
            ["--by 2025-05-01 lies before --filed 2025-06-01"],
        ),
        (
            ("licence", "eta", "--filed", "2025-06-01", "--destination", "DEU", "--end-use", "wind",
             "--by", "2031-01-01"),
            ["--by 2031-01-01 lies more than 730 days after --filed 2025-06-01"],
        ),
        (
            ("licence", "eta", "--filed", "2024-06-01", "--destination", "EUU", "--end-use", "wind",
             "--refusal-share", "nan"),
            ["no licence is needed before", "--destination is EUU", "--refusal-share is nan"],
        ),
        (
            ("licence", "eta", "--filed", "2025-06-01", "--destination", "DEU", "--end-use", "wind",
             "--end-user", " "),
            ["the name of the end user is ' ': give a name"],
        ),
    ],
)  # fmt: skip
def test_all_that_is_wrong_is_said_at_once(words: tuple[str, ...], complaints: list[str]) -> None:
    done = xenotime(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    for complaint in complaints:
        assert complaint in done.stderr
