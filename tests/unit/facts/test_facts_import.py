"""The package loads with the standard library only, and its names stay what they are."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import xenotime

HEAVY = ("numba", "numpy", "pandas", "pyarrow", "scipy", "pydantic", "typer", "yaml")


def run(code: str) -> str:
    source = str(Path(xenotime.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": source},
    )
    return done.stdout


def test_using_all_tables_loads_nothing_heavy() -> None:
    code = (
        "import sys; from xenotime import facts; facts.claims(); facts.measures();"
        "facts.parameters(); facts.priors(); facts.control_items(); facts.search('magnet');"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    assert run(code).strip() == "[]"


@pytest.mark.parametrize("module", ["claims", "measures", "parameters", "priors", "search"])
def test_functions_that_share_a_name_with_their_module_stay_functions(module: str) -> None:
    code = (
        f"import xenotime.facts.{module}; from xenotime import facts;"
        f"print(callable(facts.{module}))"
    )
    assert run(code).strip() == "True"


def test_importing_the_package_reads_no_table() -> None:
    code = (
        "import pathlib\n"
        "def closed(*args, **kwargs): raise AssertionError('a file was opened')\n"
        "pathlib.Path.open = closed\n"
        "import xenotime.facts.records\n"
        "print('quiet')"
    )
    assert run(code).strip() == "quiet"


def test_unknown_names_are_attribute_errors() -> None:
    from xenotime import facts

    with pytest.raises(AttributeError, match="no attribute 'prices'"):
        _ = facts.prices  # type: ignore[attr-defined]
