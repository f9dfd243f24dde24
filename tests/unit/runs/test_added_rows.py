"""What users add changes the next run, is shown there with its source, and can be taken back."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from unit.facts.added_rows import act, burma, row
from xenotime import facts
from xenotime.facts import RequestError
from xenotime.facts.adding import add, undo
from xenotime.runs import Run, load, run
from xenotime.runs.baseline import baseline
from xenotime.runs.effects import effects_of
from xenotime.workspace import Workspace

TODAY = dt.date(2026, 11, 24)
END = dt.date(2025, 7, 31)


@pytest.fixture
def store(tmp_path: Path, lent: Callable[[Path], Path]) -> Workspace:
    """A workspace of its own that need not reconcile the embedded facts again."""
    return Workspace.open(lent(tmp_path / "own"))


def go(store: Workspace, **options: Any) -> Run:
    return run("april-2025", **{"draws": 8, "until": END, "workspace": store} | options)


def put(store: Workspace, **tables: list[dict[str, str]]) -> str:
    found = {table: [row(table, cells) for cells in rows] for table, rows in tables.items()}
    return add(store, found, title="Test", by="analyst", kind="facts", today=TODAY).id


def content(done: Run) -> dict[str, Any]:
    """Everything that a run says, but for how long it took."""
    return {key: value for key, value in done.summary.items() if key != "timing"}


def exports(done: Run, destination: str, month: str, product: str = "magnet") -> pd.Series[Any]:
    table = done.frame("exports").set_index(["origin", "product", "destination", "month"])
    found: pd.Series[Any] = table.loc[("CHN", product, destination, month)]
    return found


def light_share(done: Run) -> float:
    """Magnets to the world in July as a share of March's."""
    return float(exports(done, "WLD", "2025-07")["p50"] / exports(done, "WLD", "2025-03")["p50"])


MONTH = burma(
    "50", id="magnet_exports/USA/2025-05@own", quantity="magnet_exports", country="CHN",
    product="magnet", stage="trade", partner="USA", period="2025-05", unit="t",
)  # fmt: skip


def test_added_figures_count_in_the_next_run_and_taking_them_back_gives_the_first_run_again(
    store: Workspace,
) -> None:
    first = go(store)
    figures = [burma("60000"), MONTH]
    batch = put(store, claims=figures)
    second = go(store)
    assert second.summary["run"] != first.summary["run"]
    before, after = (
        table.loc[table["country"].eq("MMR") & table["stage"].eq("mine"), "p50"].sum()
        for table in (done.frame("production") for done in (first, second))
    )
    # Graded B against the embedded A: the fit goes half of the way that fits the other figures.
    assert after > 1.2 * before
    assert "mine_production/MMR/2024@own" in second.summary["sources"]
    assert "mine_production/MMR/2024@mcs2026" not in second.summary["sources"]
    may = exports(second, "USA", "2025-05")
    assert (may["observed"], may["observed_source"]) == (50.0, MONTH["id"])
    used = second.summary["additions"]["used"]
    source = {"source_title": "Trade press", "source_url": "memo 12", "grade": "B"}
    assert used == [{"id": figure["id"], **source} for figure in (MONTH, burma())]
    undo(store, batch)
    assert content(go(store)) == content(first)
    # The run that rested on them stays readable, with what it rested on.
    assert second.folder is not None
    kept = load(second.folder)
    assert kept.summary["additions"]["used"] == used
    assert set(kept.additions().tables["claims"]) == {row("claims", cells) for cells in figures}
    assert kept.additions().batch_of("mine_production/MMR/2024@own") is not None


def test_as_of_hides_what_was_added_as_known_later(store: Workspace) -> None:
    day = dt.date(2025, 7, 1)
    before = go(store, as_of=day, draws=2)
    put(
        store,
        measures=[act(first_known="2025-07-02", announced="2025-07-02", in_force="2025-08-01")],
    )
    after = go(store, as_of=day, draws=2)
    assert after.summary["additions"]["used"] == []
    assert after.summary["hidden_by_as_of"] == before.summary["hidden_by_as_of"] + 1
    same = ("exports", "stoppages", "shortages", "sources")
    assert {key: after.summary[key] for key in same} == {key: before.summary[key] for key in same}


def test_a_new_licence_on_light_magnets_holds_them_from_its_own_first_day(
    store: Workspace,
) -> None:
    free = go(store)
    put(store, measures=[act()])
    held = go(store)
    assert light_share(held) < 0.7 * light_share(free)
    for month in ("2025-03", "2025-05", "2025-06"):
        assert exports(held, "WLD", month)["p50"] == pytest.approx(
            exports(free, "WLD", month)["p50"], rel=0.02
        )
    assert "Announcement 30" in held.summary["coverage"]["evaluated"]["controls"]
    assert act()["id"] in {used["id"] for used in held.summary["additions"]["used"]}


def test_a_suspension_lets_exports_go_and_a_removed_act_can_be_named(store: Workspace) -> None:
    recorded = go(store)
    pause = act(id="M-CHN-2025-04-20-pause", act="Pause", instrument="suspension", changes="M023",
                elements="", forms="", announced="2025-04-20", first_known="2025-04-20",
                in_force="2025-05-01")  # fmt: skip
    put(store, measures=[pause])
    paused = go(store)
    may = (exports(done, "WLD", "2025-05")["p50"] for done in (recorded, paused))
    assert next(may) < 0.7 * next(may)
    assert pause["id"] in paused.summary["sources"]
    assert [used["id"] for used in paused.summary["additions"]["used"]] == [pause["id"]]


def test_an_act_does_not_make_the_baseline_anew(store: Workspace) -> None:
    baseline(store, None, lambda _: None)
    put(store, measures=[act()])
    said: list[str] = []
    with facts.including_workspace(store):
        baseline(store, None, said.append)
    assert said == []


def test_a_caller_s_own_choice_comes_before_the_workspace_s(store: Workspace) -> None:
    first = go(store, draws=2)
    put(store, measures=[act()])
    with facts.including(facts.NOTHING_ADDED):
        assert content(go(store, draws=2)) == content(first)
    assert go(store, draws=2).summary["additions"]["used"]


def test_a_run_does_not_start_from_a_batch_that_cannot_be_read(store: Workspace) -> None:
    batch = put(store, claims=[burma()])
    (store.batch_folder(batch) / "claims.csv").write_text("spoilt", encoding="utf-8")
    with pytest.raises(RequestError, match=f"xenotime data undo {batch}"):
        go(store)
    assert list((store.root / "runs").iterdir()) == []


def test_a_run_of_the_release_before_reads_as_one_without_additions(store: Workspace) -> None:
    done = go(store, draws=2)
    assert done.folder is not None
    summary = json.loads((done.folder / "summary.json").read_text("utf-8"))
    del summary["additions"]
    assert Run(summary, done.folder).additions() == facts.NOTHING_ADDED


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, "in april-2025: Announcement 30 limits exports on 184 days"),
        ({"in_force": "2026-07-01"}, "not in april-2025, which ends on 2025-12-31"),
        ({"in_force": "2026-07-01"}, "in a scenario of 2026-06-30 to 2027-06-30: Announcement 30"),
        ({"in_force": ""}, "it has no day on which it takes effect"),
        ({}, "it covers magnet of Nd, and limits those exports of them that the network has"),
        ({"elements": "W"}, "licences on other minerals (W) have no mechanism yet"),
        ({"elements": "Nd;Ga", "forms": "oxide"}, "other minerals (Ga) have no mechanism yet"),
        ({"elements": "REE"}, "only licences that name single rare earths are followed"),
        ({"forms": "technology"}, "the model has no goods of the form technology"),
        ({"forms": ""}, "it limits nothing until it names elements and forms"),
        ({"elements": "", "forms": ""}, "its elements and forms are blank, so it limits nothing"),
        ({"actor": "USA"}, "no pace of approvals is on record for USA"),
        ({"instrument": "import_tariff"}, "kind import tariff have no mechanism yet"),
        ({"instrument": "suspension", "changes": "M023"}, "18/2025 is stopped on 184 days"),
        ({"instrument": "suspension", "changes": "M001"}, "it stops no export-licence control"),
        ({"instrument": "removal", "changes": "M023"}, "18/2025 is stopped on 184 days"),
    ],
)
def test_what_an_act_does_is_said_before_any_run(changes: dict[str, str], says: str) -> None:
    added = row("measures", act(**changes))
    with facts.including(facts.Additions({"measures": (added,)})):
        assert any(says in line for line in effects_of(added)), effects_of(added)


@pytest.mark.parametrize(
    "changes", [{"elements": "Ga"}, {"forms": "technology"}, {"forms": ""}, {"elements": "REE"}]
)
def test_a_licence_that_no_run_follows_is_not_said_to_limit_anything(
    changes: dict[str, str],
) -> None:
    added = row("measures", act(**changes))
    with facts.including(facts.Additions({"measures": (added,)})):
        told = effects_of(added)
    assert all(line.startswith("nothing in a run follows it: ") for line in told)
    assert not any("limits exports" in line for line in told)


def test_the_pace_of_approvals_is_that_of_the_country_that_it_was_recorded_for() -> None:
    added = row("measures", act())
    with facts.including(facts.Additions({"measures": (added,)})):
        assert not any("pace" in line for line in effects_of(added))
