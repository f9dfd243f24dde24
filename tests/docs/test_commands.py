"""The documents name every command and option, and only such as exist."""

from __future__ import annotations

import datetime as dt
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer

from unit.report.summaries import summary
from xenotime.cli import results
from xenotime.cli.application import application
from xenotime.facts.status import record_status
from xenotime.runs.reporting import TABLES
from xenotime.scenarios import Scenario, parse
from xenotime.scenarios.model import CapacityLoss, Omission

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
REFERENCE = (ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")


def commands() -> dict[str, Any]:
    """Every command that does something, by the words that call it; the root as `xenotime`."""
    root = typer.main.get_command(application)
    found = {"xenotime": root}
    for name, command in root.commands.items():
        for words, leaf in (
            [(f"{name} {sub}", leaf) for sub, leaf in command.commands.items()]
            if hasattr(command, "commands")
            else [(name, command)]
        ):
            found[f"xenotime {words}"] = leaf
    return found


def options(command: Any) -> set[str]:
    own = {name for param in command.params for name in param.opts if name.startswith("--")}
    return own | {"--help"}


def section(command: str) -> str:
    """The part of the reference under a command's heading."""
    _, heading, rest = REFERENCE.partition(f"\n## {command}\n")
    assert heading, f"docs/reference/cli.md has no heading '## {command}'"
    return rest.partition("\n## ")[0]


@pytest.mark.parametrize("command", commands())
def test_every_command_and_option_is_in_the_reference(command: str) -> None:
    documented = set(re.findall(r"^\| `(--[a-z-]+)", section(command), re.MULTILINE))
    assert documented == options(commands()[command])


def test_the_reference_describes_no_command_that_is_not_there() -> None:
    headings = set(re.findall(r"^## (xenotime.*)$", REFERENCE, re.MULTILINE))
    assert headings == set(commands())


def test_every_table_of_a_run_can_be_asked_for_and_is_in_the_reference() -> None:
    documented = re.findall(r"^\| `([a-z]+)` \|", section("xenotime results"), re.MULTILINE)
    assert list(TABLES) == list(results.TABLES) == documented


def test_every_command_has_an_example_in_its_help() -> None:
    missing = [
        name
        for name, command in commands().items()
        if name != "xenotime" and f"  {name}" not in (command.help or "")
    ]
    assert missing == []


def quoted(program: str) -> list[tuple[str, str]]:
    """Every line of a code block that calls a program, with its page."""
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for block in re.findall(r"```(?:\w*)\n(.*?)```", text, re.DOTALL):
            for line in block.replace("\\\n", " ").splitlines():
                words = line.strip().removeprefix("$ ")
                if words.startswith(f"{program} "):
                    found.append((page.relative_to(ROOT).as_posix(), words))
    return found


@pytest.mark.parametrize(("page", "line"), quoted("xenotime"), ids=lambda value: str(value)[:60])
def test_every_command_in_the_documents_exists(page: str, line: str) -> None:
    words = shlex.split(re.split(r"[|>]", line)[0])
    known = commands()
    name = next(
        (" ".join(words[:n]) for n in (3, 2) if " ".join(words[:n]) in known),
        "xenotime" if len(words) > 1 and words[1].startswith("--") else None,
    )
    assert name is not None, f"{page}: no such command: {line}"
    used = {word.partition("=")[0] for word in words if word.startswith("--")}
    assert used <= options(known[name]), f"{page}: {line}"


@pytest.mark.parametrize(("page", "line"), quoted("make"), ids=lambda value: str(value)[:60])
def test_every_make_target_in_the_documents_exists(page: str, line: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    asked = {word for word in line.split()[1:] if re.fullmatch(r"[a-z]+", word)}
    assert asked <= targets, page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_every_key_of_a_run_is_in_the_reference() -> None:
    text = (ROOT / "docs" / "reference" / "run-json.md").read_text(encoding="utf-8")
    content = summary()
    keys = {*content, *content["coverage"], *content["coverage"]["evaluated"], *content["timing"]}
    for table in ("exports", "stoppages", "shortages"):
        keys |= set(content[table][0])
    keys |= set(content["coverage"]["assumed_flows"][0])
    assert {key for key in keys if f"`{key}`" not in text} == set()


OWN_SCENARIO = (ROOT / "docs" / "howto" / "own-scenario.md").read_text(encoding="utf-8")


def test_the_example_of_a_scenario_is_valid_and_complete() -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", OWN_SCENARIO, re.DOTALL)
    scenario = parse(example)
    assert scenario.model_fields_set == set(Scenario.model_fields)
    assert scenario.without
    assert scenario.shocks
    assert scenario.parameters
    assert scenario.allocation != Scenario.model_fields["allocation"].default


def test_every_key_of_a_scenario_is_described() -> None:
    described = set(re.findall(r"`([a-z_]+)`", OWN_SCENARIO.partition("| key |")[2]))
    keys = {*Scenario.model_fields, *Omission.model_fields, *CapacityLoss.model_fields}
    assert keys - described == set()


def test_the_page_on_adding_shows_as_many_rows_as_the_record_has() -> None:
    page = (ROOT / "docs" / "howto" / "add-your-own.md").read_text(encoding="utf-8")
    shown = {
        name: int(size.replace(",", ""))
        for name, size in re.findall(
            r"^  ([a-z_]+) +([\d,]+)(?: and 1 added)?$", page, re.MULTILINE
        )
    }
    counts = record_status(dt.date(2026, 11, 24)).counts
    assert shown == {name: embedded for name, (embedded, _) in counts.items()}


def test_no_page_points_to_a_document_that_readers_do_not_have() -> None:
    private = re.compile(
        r"interface page|model\.md|the interface (describes|promises)", re.IGNORECASE
    )
    files = [*PAGES, *ROOT.glob("src/**/*.py"), *ROOT.glob("tests/unit/**/*.py")]
    assert [f for f in files if private.search(f.read_text(encoding="utf-8"))] == []


def test_every_page_can_be_found_from_the_index() -> None:
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    pages = {path.relative_to(ROOT / "docs").as_posix() for path in ROOT.glob("docs/*/**/*.md")}
    assert {page for page in pages if f"]({page})" not in index} == set()


def test_the_documents_say_how_to_start() -> None:
    lines = {line for _, line in quoted("xenotime")} | {line for _, line in quoted("make")}
    assert {"make demo", "xenotime run april-2025"} <= lines
