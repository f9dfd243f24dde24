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
def session_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the session keeps its network, also in modules that have a `workspace` of their own."""
    return tmp_path_factory.mktemp("workspace") / "xenotime"


@pytest.fixture(scope="session")
def workspace(session_workspace: Path) -> Path:
    """A workspace of its own, so that nobody's runs are touched."""
    return session_workspace


@pytest.fixture(scope="session")
def network(session_workspace: Path) -> ProductionNetwork:
    """The reconciled baseline with its ensemble, solved once."""
    return baseline(Workspace.open(session_workspace), None, lambda _: None)


@pytest.fixture(scope="session")
def lent(network: ProductionNetwork, session_workspace: Path) -> Callable[[Path], Path]:  # noqa: ARG001
    """Makes workspaces of their own, at a new path, that need not reconcile the network again."""

    def lend(place: Path) -> Path:
        place.mkdir()
        (place / "cache").symlink_to(session_workspace / "cache")
        (place / "workspace.json").write_bytes((session_workspace / "workspace.json").read_bytes())
        return place

    return lend


@pytest.fixture(scope="session")
def finished(session_workspace: Path) -> Callable[[str], Run]:
    """Full-size runs by scenario, each made once."""
    done: dict[str, Run] = {}

    def get(scenario: str) -> Run:
        if scenario not in done:
            done[scenario] = run(scenario, draws=256, seed=7, workspace=session_workspace)
        return done[scenario]

    return get
