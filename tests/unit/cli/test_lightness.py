"""Commands that only look something up load nothing heavy."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import xenotime

HEAVY = ("numba", "pandas", "pyarrow", "scipy", "pydantic")
ROOMS = sorted(path.parent.name for path in Path(xenotime.__file__).parent.glob("*/__init__.py"))

WATCH = """
import contextlib, io, sys
{action}
print(*sorted(set({heavy!r}) & set(sys.modules)))
"""

COMMAND = """
from xenotime.cli.application import command_line
with contextlib.redirect_stdout(io.StringIO()):
    code = command_line({words!r})
assert code == 0, code
"""


def loaded_by(action: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", WATCH.format(action=action, heavy=HEAVY)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        check=True,
    )
    return done.stdout.strip()


def test_importing_the_package_loads_nothing_heavy() -> None:
    assert loaded_by("import xenotime") == ""


@pytest.mark.parametrize("room", ROOMS)
def test_importing_a_room_loads_nothing_heavy(room: str) -> None:
    assert loaded_by(f"import xenotime.{room}") == ""


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["--version"],
        ["run", "--help"],
        ["results", "--help"],
        ["facts", "show", "mine_production/MMR/2024@mcs2026"],
        ["facts", "show", "mine_production/MMR/2024@mcs2026", "--json"],
        ["facts", "search", "dysprosium", "--limit", "3"],
        ["workspace", "show"],
    ],
    ids=" ".join,
)
def test_quick_commands_load_nothing_heavy(words: list[str]) -> None:
    assert loaded_by(COMMAND.format(words=words)) == ""
