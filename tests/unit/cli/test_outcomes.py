"""What each outcome of a run does to the exit code and the two streams."""

from __future__ import annotations

import json
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import xenotime.runs
from unit.report.summaries import summary
from xenotime.cli.application import command_line
from xenotime.facts.problems import RequestError
from xenotime.workspace.problems import WorkspaceError

RUN = ("run", "april-2025", "--draws", "4")


@pytest.fixture
def outcome(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException | None], dict[str, Any]]:
    """Replace the run behind the command by one that ends as the test says."""

    def ends_with(error: BaseException | None) -> dict[str, Any]:
        asked: dict[str, Any] = {}

        def run(
            scenario: str, *, progress: Callable[[str, int, int], None], **given: Any
        ) -> object:
            asked.update(given, scenario=scenario)
            progress("simulating", 1, 2)
            if error is not None:
                raise error
            return types.SimpleNamespace(
                summary=summary() | {"mean": float("nan")}, folder=Path("runs/a")
            )

        # the check of the request stays the real one
        monkeypatch.setattr(xenotime.runs, "run", run, raising=False)
        return asked

    return ends_with


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (RequestError(["a is 1", "b is 2"], subject="run x"), 2, "  - b is 2"),
        (WorkspaceError("locked by process 7", kind="failure"), 1, "process 7"),
        (WorkspaceError("schema 9", kind="request"), 2, "schema 9"),
        (ZeroDivisionError("by zero"), 1, "ZeroDivisionError: by zero"),
        (OSError(28, "No space left on device"), 1, "No space left"),
        (KeyboardInterrupt(), 130, "interrupted"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else "",
)
def test_each_way_to_fail_has_its_exit_code(
    outcome: Callable[..., Any],
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    code: int,
    says: str,
) -> None:
    outcome(error)
    assert command_line([*RUN, "--json"]) == code
    printed = capsys.readouterr()
    assert printed.out == ""
    assert says in printed.err


def test_json_is_all_that_standard_output_gets(
    outcome: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    outcome(None)
    assert command_line([*RUN, "--json"]) == 0
    printed = capsys.readouterr()
    content = json.loads(printed.out, parse_constant=pytest.fail)
    assert content["schema_version"] == 1
    assert content["mean"] is None
    assert printed.err == "simulating\n"


def test_quiet_says_nothing_on_the_way(
    outcome: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    outcome(None)
    assert command_line([*RUN, "--quiet"]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert "april-2025" in printed.out


def test_what_is_asked_arrives(outcome: Callable[..., Any]) -> None:
    asked = outcome(None)
    name = next(iter(xenotime.facts.parameters()))
    words = ("--seed", "11", "--until", "2025-09-30", "--as-of", "2025-08-01", "--quiet", "--json")
    middle = xenotime.facts.parameters()[name].mid
    assert command_line([*RUN, *words, "--param", f"{name}={middle}"]) == 0
    assert (asked["scenario"], asked["draws"], asked["seed"]) == ("april-2025", 4, 11)
    assert (str(asked["until"]), str(asked["as_of"])) == ("2025-09-30", "2025-08-01")
    assert asked["params"] == {name: middle}
