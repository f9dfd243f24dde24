"""Commands that show what is there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from unit.cli.commands import xenotime

STATUSES = {"in_force", "suspended", "scheduled", "never_operated", "unknown", "lapsed"}
BURMA = "mine_production/MMR/2024@mcs2026"


def answered(*words: str, cwd: Path | None = None, **environment: str) -> str:
    done = xenotime(*words, cwd=cwd, **environment)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_a_figure_is_shown_with_its_source() -> None:
    text = answered("facts", "show", BURMA)
    for part in (BURMA, "27,000", "t REO", "grade", "https://"):
        assert part in text


def test_a_measure_is_shown() -> None:
    assert "2025-04-04" in answered("facts", "show", "M023")


def test_show_and_search_agree() -> None:
    record = json.loads(answered("facts", "show", BURMA, "--json"))["record"]
    found = json.loads(
        answered(
            "facts", "search", "mine_production", "--country", "MMR", "--limit", "500", "--json"
        )
    )
    assert found["schema_version"] == 1
    assert record in found["records"]
    assert record["table"] == "claims"
    assert {claim["country"] for claim in found["records"]} == {"MMR"}


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("prior/metal_source/DEU/CHN", "basis"),
        ("hold_share", "parameter/hold_share@v1"),
        ("parameter/hold_share@v1", "hold_share"),
        ("control_item/2025-18/Dy/01@2025", "dysprosium"),
    ],
)
def test_everything_that_a_run_lists_is_shown(key: str, shown: str) -> None:
    assert shown in answered("facts", "show", key)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("parameter", "parameter/"),
        ("stoppage", "stoppage/"),
        ("M028", "M028"),
        ("Announcement 18/2025", "M023"),
        ("hold_share", "parameter/hold_share"),
        ("prior/yield", "prior/yield/"),
    ],
)
def test_documented_searches_find_what_they_name(text: str, first: str) -> None:
    lines = xenotime("facts", "search", text).stdout.splitlines()
    assert lines[0].startswith(first)
    assert "grade " in lines[1]
    assert len(lines) % 2 == 0


def test_search_says_what_it_leaves_out() -> None:
    done = xenotime("facts", "search", "production", "--limit", "1")
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 2
    assert "more of" in done.stderr


def test_search_as_of_hides_what_was_not_known() -> None:
    words = ("facts", "search", "mine_production", "--country", "MMR", "--json", "--limit", "500")
    today = json.loads(answered(*words))
    then = json.loads(answered(*words, "--as-of", "2025-02-15"))
    assert BURMA in {claim["id"] for claim in today["records"]}
    assert BURMA not in {claim["id"] for claim in then["records"]}
    assert then["hidden_by_as_of"] > 0


def test_nothing_found_is_not_an_error() -> None:
    done = xenotime("facts", "search", "unobtainium")
    assert (done.returncode, done.stdout) == (0, "")
    assert "nothing matches" in done.stderr


def test_a_shown_scenario_can_be_saved_changed_and_checked(tmp_path: Path) -> None:
    text = answered("scenario", "show", "april-2025")
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    assert answered("scenario", "validate", "mine.yaml", cwd=tmp_path) == "mine.yaml: valid\n"
    (tmp_path / "mine.yaml").write_text(text + "tariff: 3\n", encoding="utf-8")
    done = xenotime("scenario", "validate", "mine.yaml", "other.yaml", cwd=tmp_path)
    assert done.returncode == 2
    assert "tariff" in done.stderr
    assert "other.yaml" in done.stderr


def test_built_in_scenarios_are_listed() -> None:
    text = answered("scenario", "list")
    assert "april-2025" in text
    assert "no-truce-2025" in text
    listed = json.loads(answered("scenario", "list", "--json"))
    assert {"april-2025", "no-truce-2025"} <= {item["name"] for item in listed["scenarios"]}


@pytest.mark.parametrize("how", ["option", "environment"])
def test_a_workspace_is_shown_and_not_made(tmp_path: Path, how: str) -> None:
    root = tmp_path / "workspace"
    if how == "option":
        text = answered("workspace", "show", "--workspace", str(root))
    else:
        text = answered("workspace", "show", XENOTIME_WORKSPACE=str(root))
    assert str(root) in text
    assert "not there yet" in text
    assert list(tmp_path.iterdir()) == []


def test_the_version_is_the_packages() -> None:
    from xenotime import __version__

    assert answered("--version") == f"xenotime {__version__}\n"


def test_a_figure_named_without_its_vintage_is_the_newest_and_said_to_be() -> None:
    done = xenotime("facts", "show", "mine_production/MMR/2024", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["record"]["id"] == "mine_production/MMR/2024@mcs2026"
    assert "names no vintage: this is mine_production/MMR/2024@mcs2026" in done.stderr


def test_a_search_without_result_says_what_was_meant_and_one_without_words_is_refused() -> None:
    done = xenotime("facts", "search", "tungstn")
    assert (done.returncode, done.stdout) == (0, "")
    assert "did you mean tungsten?" in done.stderr
    done = xenotime("facts", "search", " ")
    assert (done.returncode, done.stdout) == (2, "")
    assert "the text is blank" in done.stderr
    assert "the text is blank" in xenotime("facts", "search").stderr
    listed = xenotime("facts", "search", "--table", "critical_minerals", "--limit", "3")
    assert (listed.returncode, len(listed.stdout.splitlines())) == (0, 6)


def test_acts_are_listed_in_the_words_of_how_they_stand() -> None:
    listed = xenotime("policy", "list", "--actor", "China").stdout.splitlines()
    standing = xenotime("policy", "in-force", "--all").stdout.splitlines()
    acts = {line.split()[0]: _but_status(line) for line in standing if line.startswith("  ")}
    assert listed
    for line in listed:
        # A status more than the line of `in-force`, which has it in its headings.
        assert _but_status(line) == acts[line.split()[0]]


def _but_status(line: str) -> list[str]:
    return [word for word in line.split() if word not in STATUSES]


def test_a_template_is_told_as_json_when_asked() -> None:
    told = json.loads(xenotime("facts", "add", "--template", "--json").stdout)
    assert told["table"] == "claims"
    assert {"name": "source_title", "wants": "required: title of the source"} in told["columns"]
