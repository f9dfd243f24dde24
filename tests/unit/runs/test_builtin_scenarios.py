"""Every scenario that comes with the program runs on its network, to its own end."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from xenotime.runs import run
from xenotime.scenarios import builtin_names, load

KEYS = ["product", "origin", "destination"]


@pytest.mark.parametrize("name", builtin_names())
def test_a_built_in_scenario_runs_to_its_end_and_conserves_mass(
    name: str, lent: Callable[[Path], Path], tmp_path: Path
) -> None:
    scenario = load(name)
    found = run(name, draws=2, seed=7, workspace=lent(tmp_path / "workspace"))
    assert found.summary["scenario"] == name
    assert found.summary["period"]["end"] == scenario.end.isoformat()
    assert found.summary["mass_balance_relative_error"] < 1e-5
    assert found.summary["violations"] == 0
    exports = found.frame("exports")
    assert exports["month"].max() == f"{scenario.end:%Y-%m}"
    assert (exports["mean"] >= 0).all()
    # what is shipped a day stays as it is in `quiet`, and in no other scenario
    days = pd.PeriodIndex(exports["month"], freq="M").days_in_month
    daily = (exports["mean"] / days).groupby([exports[k] for k in KEYS])
    moves = (daily.max() - daily.min()).max() / daily.max().max()
    assert (moves < 1e-5) == (name == "quiet")
