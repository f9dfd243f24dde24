"""The benchmarks run; how fast is for people to read, not for a test to assert."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_every_benchmark_runs_at_a_tiny_size():
    paths = [str(ROOT / "src"), *(path for path in sys.path if path)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "benchmarks", "--smoke"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "twin/kernel" in done.stdout
    assert "kernel/least" in done.stdout
