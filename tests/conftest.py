"""Fixtures shared by the suite: one workspace and one baseline for the whole session."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from xenotime.networks.structure import ProductionNetwork
from xenotime.runs import Run, run
from xenotime.runs.baseline import baseline
from xenotime.workspace import Workspace


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of its own, so that nobody's runs are touched."""
    return tmp_path_factory.mktemp("workspace") / "xenotime"


@pytest.fixture(scope="session")
def network(workspace: Path) -> ProductionNetwork:
    """The reconciled baseline with its ensemble, solved once."""
    return baseline(Workspace.open(workspace), None, lambda _: None)


@pytest.fixture(scope="session")
def finished(workspace: Path) -> Callable[[str], Run]:
    """Full-size runs by scenario, each made once."""
    done: dict[str, Run] = {}

    def get(scenario: str) -> Run:
        if scenario not in done:
            done[scenario] = run(scenario, draws=256, seed=7, workspace=workspace)
        return done[scenario]

    return get
