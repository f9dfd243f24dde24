"""Ctrl-C during a run: a message, exit code 130, nothing half-done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from xenotime.workspace.staging import staged

# A run that writes for ever, behind the real command.
LONG_RUN = """
import signal, sys, time, xenotime.runs
# A shell that starts `make test` in the background leaves Ctrl-C ignored to its children.
signal.signal(signal.SIGINT, signal.default_int_handler)
from pathlib import Path
from xenotime.workspace.staging import staged

def run(*_, out, **__):
    with staged(Path(out)) as folder:
        (folder / "half.txt").write_text("half", encoding="utf-8")
        print("writing", flush=True)
        time.sleep(600)

xenotime.runs.run = run
from xenotime.cli.application import command_line
sys.exit(command_line(["run", "april-2025", "--out", sys.argv[1]]))
"""


@pytest.fixture
def long_run(tmp_path: Path):
    process = subprocess.Popen(
        [sys.executable, "-c", LONG_RUN, str(tmp_path / "run")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "writing\n"
    yield process
    process.kill()
    process.communicate()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends Ctrl-C to whole consoles only")
def test_an_interrupted_run_leaves_nothing(tmp_path: Path, long_run: subprocess.Popen[str]) -> None:
    long_run.send_signal(signal.SIGINT)
    _, message = long_run.communicate(timeout=60)
    assert long_run.returncode == 130
    assert message == "xenotime: interrupted; nothing half-done was kept\n"
    assert list(tmp_path.iterdir()) == []


def test_a_killed_run_can_be_repeated(tmp_path: Path, long_run: subprocess.Popen[str]) -> None:
    long_run.kill()
    long_run.communicate()
    assert not (tmp_path / "run").exists()
    with staged(tmp_path / "run") as folder:
        (folder / "whole.txt").write_text("whole", encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
