"""`xenotime explain` as a person and as a program ask for it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from unit.cli.commands import xenotime
from xenotime.runs import Run
from xenotime.runs.keys import FORMS

HOWTO = Path(__file__).parents[3] / "docs" / "howto" / "explain-a-number.md"
PARTS = ("How it is made", "What it rests on", "What moves it most", "Who disagrees", "To cite")


@pytest.fixture(scope="module")
def run_id(finished: Callable[[str], Run]) -> str:
    return str(finished("april-2025").summary["run"])


def test_the_page_has_every_part_and_fits_the_screen(run_id: str, workspace: Path) -> None:
    done = xenotime("explain", run_id, "exports/USA/2025-05", "--workspace", str(workspace))
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert [part for part in PARTS if any(line.startswith(part) for line in lines)] == list(PARTS)
    assert "https://" in done.stdout
    assert "hold_share_usa" in done.stdout
    prose = [line for line in lines if "://" not in line and "(" not in line]
    assert max(map(len, prose)) <= 100


def test_as_json_it_is_one_object_with_the_keys_of_the_reference(
    run_id: str, workspace: Path, finished: Callable[[str], Run]
) -> None:
    folder = finished("april-2025").folder
    done = xenotime(
        "explain", str(folder), "stoppages/light_vehicles/DEU", "--json", "--workspace",
        str(workspace),
    )  # fmt: skip
    found = json.loads(done.stdout)
    assert found["schema_version"] == 1
    assert found["run"] == run_id
    reference = (HOWTO.parents[1] / "reference" / "cli.md").read_text("utf-8")
    section = reference.partition("## xenotime explain\n")[2].partition("\n## ")[0]
    named = set(re.findall(r"`([a-z_]+)`", section))
    keys = {*found, *found["formula"], *found["inputs"][0], *found["flows"]} - {"schema_version"}
    assert keys <= named


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("RUN", "exports/USA/2025-5"), "did you mean exports/magnet/CHN/USA/2025-"),
        (("RUN", "nonsense"), "or the id of a figure"),
        (
            ("no-such-run", "exports/USA/2025-05"),
            "there is no run at 'no-such-run' nor in the work",
        ),
        (("no-such-run", "exports/USA/2025-05"), "--workspace names another"),
    ],
)
def test_what_is_not_there_is_answered_with_what_is(
    run_id: str, workspace: Path, words: tuple[str, ...], says: str
) -> None:
    asked = [run_id if word == "RUN" else word for word in words]
    done = xenotime("explain", *asked, "--workspace", str(workspace))
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_every_form_of_a_key_is_in_the_documents() -> None:
    text = HOWTO.read_text("utf-8")
    assert [form for form in FORMS.values() if f"`{form}`" not in text] == []
