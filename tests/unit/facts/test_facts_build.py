"""The builder's rules: dates of sources, ids, notes. The raw folder itself is never read here."""

import csv
import sys
from datetime import date
from pathlib import Path

import pytest

from xenotime.facts.taxonomy import AGGREGATES, INDUSTRIES, STAGES, countries
from xenotime.facts.vocabulary import GRADES, INSTRUMENTS, KINDS, SEVERITIES, UNITS

TOOLS = Path(__file__).parents[3] / "tools"


@pytest.fixture(autouse=True)
def _tools_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(TOOLS), *sys.path])


def read_map(name: str) -> list[dict[str, str]]:
    with (TOOLS / "maps" / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize(
    ("title", "url", "period", "day", "printed"),
    [
        ("Reuters 4 June 2025", "", "2025-06-04", date(2025, 6, 4), True),
        ("SMM 2024-06-05", "", "2024", date(2024, 6, 5), True),
        ("Argus Mar 2025", "", "2023", date(2025, 3, 31), True),
        ("a page", "https://x.org/2023/05/20230506-a.html", "2022", date(2023, 5, 31), True),
        # A day in the address that lies before the period belongs to something else.
        ("a page", "https://x.org/2019/05/a.html", "2022", date(2023, 12, 31), False),
        # A plan is published before the period it speaks of.
        ("a firm 2025-07-10", "", "2028", date(2025, 7, 10), True),
        ("Metalnomist 2024", "", "2024", date(2024, 12, 31), False),
        ("some statistics page", "", "2023", date(2024, 12, 31), False),
        ("some statistics page", "", "", date(2026, 8, 1), False),
        ("some statistics page", "", "2030", date(2026, 8, 1), False),
    ],
)
def test_when_a_figure_could_be_known(
    title: str, url: str, period: str, day: date, *, printed: bool
) -> None:
    from facts_sources import first_known

    assert first_known(url, title, period) == (day, printed)


@pytest.mark.parametrize(
    ("period", "day"),
    [
        ("2025-05", date(2025, 6, 20)),
        ("2024-12", date(2025, 1, 20)),
        ("2024", date(2025, 1, 20)),
        ("2025-H1", date(2025, 7, 20)),
        ("2025-01..2025-05", date(2025, 6, 20)),
    ],
)
def test_customs_figures_appear_on_the_twentieth(period: str, day: date) -> None:
    from facts_sources import customs_day

    assert customs_day(period) == day


def test_editions_have_their_own_day_and_licence() -> None:
    from facts_sources import source_of

    source = source_of(
        "https://pubs.usgs.gov/periodicals/mcs2026/mcs2026-rare-earths.pdf", "USGS MCS 2026", "2024"
    )
    assert (source.vintage, source.first_known) == ("mcs2026", date(2026, 2, 6))
    assert source.licence == "public-domain"


def test_a_title_in_the_address_column_is_kept_as_title() -> None:
    from facts_sources import source_of

    source = source_of("Rare Earth Exchanges, 10 June 2025", "REEx 2025-06-10", "2025")
    assert source.url == ""
    assert source.title == "Rare Earth Exchanges, 10 June 2025"


@pytest.mark.parametrize(
    ("url", "title", "token"),
    [
        ("https://www.argusmedia.com/a", "x", "argusmedia"),
        ("http://3.127.128.221/2025/a", "Reuters repost", "reuters"),
        ("github:some-one/repo:data.json", "x", "someone"),
        ("", "Reuters Oct 2024", "reuters"),
    ],
)
def test_vintages_name_the_source(url: str, title: str, token: str) -> None:
    from facts_sources import host_token

    assert host_token(url, title) == token


@pytest.mark.parametrize(
    ("url", "title", "note", "remark"),
    [
        ("https://pubs.usgs.gov/mcs2026.pdf", "USGS MCS 2026 Rare Earths", "", ""),
        ("https://a.com/x", "Reuters repost: exports", "", "read in a third-party copy"),
        ("https://a.com/x", "Reuters repost: exports", "a forum copy", ""),
        ("https://docslib.org/doc/1", "USGS MCS 2019", "", "read in a third-party copy"),
        ("https://13.example.com/x", "a firm 2025", "", ""),
    ],
)
def test_figures_read_elsewhere_than_at_their_publisher_say_so(
    url: str, title: str, note: str, remark: str
) -> None:
    from facts_sources import copy_remark

    assert copy_remark(url, title, note) == remark


@pytest.mark.parametrize("url", ["http://3.127.128.221/2025/a", "https://10.0.0.1:80/x"])
def test_an_address_without_a_name_is_called_so(url: str) -> None:
    from facts_sources import copy_remark

    assert "bare server number" in copy_remark(url, "a title")


def test_notes_keep_whole_clauses_up_to_25_words() -> None:
    from facts_rows import short_note

    long = " ".join(["word"] * 20)
    assert short_note("first; second") == "first; second"
    assert short_note(f"{long}; {long}") == long
    assert short_note("") == ""


@pytest.mark.parametrize(
    "note", [" ".join(["word"] * 26), 'they said "several plants and production lines shut"']
)
def test_notes_that_are_long_or_copied_stop_the_build(note: str) -> None:
    from facts_rows import short_note

    with pytest.raises(ValueError, match="note"):
        short_note(note)


def test_slugs_and_numbers() -> None:
    from facts_rows import number_text, parse_number, slug

    assert slug("Lynas Malaysia (Gebeng)") == "Lynas_Malaysia_Gebeng"
    assert slug("Heroya, Höganäs") == "Heroya_Hoganas"
    assert [number_text(x) for x in (27000.0, 46.4, 0.0, None)] == ["27000", "46.4", "0", ""]
    assert parse_number("1,283.5") == 1283.5
    assert parse_number(" ") is None


def test_an_id_built_twice_is_a_problem() -> None:
    from facts_rows import Claims
    from facts_sources import source_of

    claims = Claims()
    for _ in range(2):
        claims.add(
            "cover/WLD/x", unit="weeks", grade="B", mid=1.0, source=source_of("", "a 2025", "")
        )
    assert claims.problems == ["cover/WLD/x@a2025 is built twice: tell the rows apart"]


def test_maps_use_the_closed_lists() -> None:
    places = {*countries(), *AGGREGATES, ""}
    for row in read_map("priors"):
        assert row["unit"] in UNITS, row
        assert row["stage"] in STAGES, row
        assert row["industry"] in {*INDUSTRIES, "light_vehicles", ""}, row
        assert {row["country"], row["partner"]} <= places, row
        assert row["kind"] in {*KINDS, ""}, row
        assert row["figures"] in {"raw", "own"}, row
    assert {row["instrument"] for row in read_map("measures")} <= set(INSTRUMENTS)
    assert {row["severity"] for row in read_map("stoppages")} <= set(SEVERITIES)
    assert {row["grade"] for row in read_map("licences")} <= set(GRADES)


def test_every_map_is_described() -> None:
    text = (TOOLS / "maps" / "README.md").read_text(encoding="utf-8")
    assert all(f"`{path.name}`" in text for path in (TOOLS / "maps").glob("*.csv"))
