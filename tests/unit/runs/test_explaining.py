"""Any number of a run leads back to flows, figures, acts and assumptions, and to who disagrees."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import spearmanr

from unit.facts.added_rows import act, row
from xenotime import facts
from xenotime.facts import RequestError
from xenotime.facts.adding import add, undo
from xenotime.facts.taxonomy import with_aggregates
from xenotime.networks.structure import ProductionNetwork
from xenotime.runs import Run, load, run
from xenotime.runs.driving import drivers, explained_together
from xenotime.runs.explaining import explain
from xenotime.runs.keys import FORMS, find_number, near
from xenotime.runs.samples import KEPT, SAMPLES, places, read_samples
from xenotime.runs.tracing import flows_behind, shares_of_sources
from xenotime.workspace import Workspace, seal

TODAY = dt.date(2026, 11, 24)


@pytest.fixture(scope="module")
def done(finished: Callable[[str], Run]) -> Run:
    return finished("april-2025")


@pytest.fixture(scope="module")
def told(done: Run, workspace: Path) -> Callable[[str], dict[str, Any]]:
    """Explanations by key, each made once."""
    made: dict[str, dict[str, Any]] = {}

    def get(key: str) -> dict[str, Any]:
        if key not in made:
            made[key] = explain(done, key, workspace=Workspace.open(workspace), today=TODAY)
        return made[key]

    return get


def one_key(done: Run, table: str) -> str:
    """A key of the first row of a table, every part written out."""
    from xenotime.runs.keys import _COLUMNS

    first = done.frame(table).iloc[len(done.frame(table)) // 2]
    return "/".join([table, *(str(first[column]) for column in _COLUMNS[table])])


@pytest.mark.parametrize("table", [table for table in FORMS if table != "flow"])
def test_every_table_of_a_run_can_be_asked_about(
    done: Run, told: Callable[[str], dict[str, Any]], table: str
) -> None:
    key = one_key(done, table)
    found = told(key)
    assert found["key"] == key
    assert found["run"] == done.summary["run"]
    number = find_number(done, key)
    for name, value in found["number"].items():
        assert value == number.row[name]
    assert found["formula"]["words"]
    assert found["flows"]["count"] > 0
    assert found["inputs"]
    assert key in found["citation"]
    assert done.summary["run"] in found["citation"]
    assert "seed 7" in found["citation"]
    json.dumps(found, default=str, allow_nan=False)


def test_an_export_leads_to_its_act_its_observed_month_and_the_figures_of_its_flows(
    told: Callable[[str], dict[str, Any]], network: ProductionNetwork
) -> None:
    found = told("exports/USA/2025-05")
    assert found["key"] == "exports/magnet/CHN/USA/2025-05"
    inputs = {item["id"]: item for item in found["inputs"]}
    assert inputs["M023"]["role"] == "limits exports"
    observed = inputs["magnet_exports/USA/2025-05@gac"]
    assert (observed["mid"], observed["unit"], observed["grade"]) == (46.4, "t", "B")
    assert observed["age_days"] == (TODAY - dt.date(2025, 6, 20)).days
    assert observed["source_url"].startswith("https://")
    assert any("customs counted 46.4 t" in line for line in found["disagree"])
    # The flows are those of the network, and they are all of them.
    links = network.links
    direct = links[
        links["supplier"].str.startswith(("magnet:", "blank:"))
        & links["supplier"].str.endswith("@CHN")
        & links["buyer"].str.endswith("@USA")
        & links["product"].str.startswith(("magnet:", "blank:"))
    ]
    assert found["flows"]["count"] == len(direct)
    assert found["flows"]["base_t_per_year"] == pytest.approx(direct["base_flow_t_per_year"].sum())
    # Every figure named with a share is one that the baseline rests on.
    named = {i["id"] for i in found["inputs"] if i["share_of_flows"] is not None}
    assert named
    assert named <= set(network.sources["id"])


def test_the_world_is_the_sum_of_its_destinations(network: ProductionNetwork) -> None:
    def base(destination: str) -> float:
        parts = {"product": "magnet", "origin": "CHN", "destination": destination}
        return sum(flow.t_per_year for flow in flows_behind(network, "exports", parts))

    nodes = [country for country in facts.NETWORK_COUNTRIES if country != "CHN"]
    assert base("WLD") == pytest.approx(sum(base(country) for country in nodes))
    union = [country for country in nodes if "EUU" in with_aggregates(country)]
    assert base("EUU") == pytest.approx(sum(base(country) for country in union))


def test_an_industry_is_traced_up_the_chain_by_what_goes_on_to_it(
    network: ProductionNetwork,
) -> None:
    flows = flows_behind(network, "stoppages", {"industry": "wind", "country": "DEU"})
    levels = {flow.level for flow in flows}
    assert levels == set(range(len(levels)))
    assert len(levels) > 1
    for level in levels:
        assert sum(f.share for f in flows if f.level == level) == pytest.approx(1.0)
    assert all("@DEU" in f.buyer and "wind" in f.buyer for f in flows if f.level == 0)
    suppliers = {f.supplier for f in flows if f.level == 0}
    assert {f.buyer for f in flows if f.level == 1} <= suppliers
    shares = shares_of_sources(flows, network)
    assert all(0.0 < share <= 1.0 + 1e-9 for share in shares.values())
    rounded = [round(share, 2) for share in shares.values()]
    assert rounded == sorted(rounded, reverse=True)


def test_a_flow_shows_its_range_and_the_figures_that_contain_it(
    told: Callable[[str], dict[str, Any]], network: ProductionNetwork
) -> None:
    basis = network.flow_basis[network.flow_basis["sources"] != ""].iloc[0]
    key = f"flow/{basis['supplier']}/{basis['buyer']}/{basis['product']}"
    found = told(key)
    assert (found["number"]["low"], found["number"]["high"]) == (basis["low"], basis["high"])
    assert {item["id"] for item in found["inputs"]} <= set(basis["sources"].split(";"))
    assert found["drivers"] == []
    with pytest.raises(RequestError, match="did you mean flow/"):
        told(key[:-1])


def test_a_figure_shows_who_disagrees_and_how_far_the_fit_moved_it(
    told: Callable[[str], dict[str, Any]],
) -> None:
    found = told("mine_production/MMR/2024@mcs2026")
    assert found["number"]["mid"] == 27_000.0
    assert found["number"]["used_by_run"]
    assert found["number"]["fit"]["given"] > 0
    assert any("mcs2025 has 31,000 t REO" in line for line in found["disagree"])
    old = told("mine_production/MMR/2024@mcs2025")
    assert not old["number"]["used_by_run"]
    assert "the run does not rest on this figure" in old["notes"]
    assert told("hold_share")["key"] == "parameter/hold_share@v1"


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("exports/USA/2025-5", "did you mean exports/magnet/CHN/USA/2025-"),
        ("exports/Germany/2025-05", "destination 'Germany' is not in this table: write DEU"),
        ("stoppages/defence/XYZ", "country 'XYZ' is not in this table: it has"),
        ("exports/UAS/2025-05", "exports/magnet/CHN/USA/2025-05"),
        ("stoppages/light_vehicle/DEU", "did you mean stoppages/light_vehicles"),
        ("permits/USA/civil/magnets/2025-06", "did you mean permits/CHN/USA/civil/magnet/2025-06"),
        ("exports", "did you mean exports/"),
        ("nonsense", "write one of exports/"),
        ("", "write one of exports/"),
        ("mine_production/MMR/2024@mcs2027", "did you mean mine_production/MMR/2024@mcs2025"),
    ],
)
def test_an_unknown_key_is_answered_with_near_ones(
    told: Callable[[str], dict[str, Any]], key: str, says: str
) -> None:
    with pytest.raises(RequestError) as caught:
        told(key)
    assert says in str(caught.value)


def test_near_keys_share_parts_before_spelling() -> None:
    known = ["a/USB/2025-06", "b/USA/2025-05", "a/USA/2025-06"]
    assert set(near("a/USA/2025-05", known, most=2)) == {"a/USA/2025-06", "b/USA/2025-05"}
    assert near("a", []) == []


# --- what moves a number -----------------------------------------------------------------------


def test_rank_correlations_are_spearman_s() -> None:
    random = np.random.default_rng(3)
    x, y = random.normal(size=(2, 200))
    number = np.exp(x) + 0.3 * y
    found = {d.name: d for d in drivers(number, {"x": ("parameter", x), "y": ("event", y)})}
    for name, values in (("x", x), ("y", y)):
        expected = float(spearmanr(number, values).statistic)
        assert found[name].rank_correlation == pytest.approx(expected, abs=1e-9)
        assert found[name].standard_error == pytest.approx(math.sqrt((1 - expected**2) / 198))
    assert list(found) == ["x", "y"]


def test_what_explains_nothing_explains_nothing() -> None:
    random = np.random.default_rng(5)
    noise = {f"p{n}": ("parameter", random.normal(size=256)) for n in range(40)}
    together = explained_together(random.normal(size=256), noise)
    assert together is not None
    assert together < 0.15
    assert explained_together(random.normal(size=40), noise) is None  # too few draws to say
    assert drivers(np.ones(100), noise) == ()
    assert drivers(random.normal(size=8), noise) == ()


@pytest.mark.parametrize("seed", range(20))
def test_places_keep_the_order_and_ties_of_the_draws(seed: int) -> None:
    random = np.random.default_rng(seed)
    values = np.round(random.normal(size=(3, 256)) ** 3, 2)
    for found, given in zip(places(values), values, strict=True):
        assert found.dtype == np.uint8
        other = random.normal(size=256)
        assert spearmanr(found, other).statistic == pytest.approx(
            spearmanr(given, other).statistic, abs=1e-9
        )


def test_the_drivers_of_exports_to_the_united_states_are_those_of_licences_and_holds(
    told: Callable[[str], dict[str, Any]],
) -> None:
    found = told("exports/USA/2025-05")
    names = {driver["name"] for driver in found["drivers"]}
    assert "hold_share_usa" in names
    (held,) = [d for d in found["drivers"] if d["name"] == "hold_share_usa"]
    assert held["rank_correlation"] < 0  # the more is held, the less leaves
    assert held["id"] == "parameter/hold_share_usa@v1"
    for driver in found["drivers"]:
        assert abs(driver["rank_correlation"]) > 3 * driver["standard_error"]
    assert 0.3 < found["explained_together"] <= 1.0
    # A month before the control follows the baseline and nothing of the licences.
    before = told("exports/USA/2025-03")
    assert before["drivers"][0]["name"] == "baseline member"


def test_the_draws_that_are_kept_are_those_of_the_run(done: Run) -> None:
    assert done.folder is not None
    samples = read_samples(done.folder)
    assert samples is not None
    assert samples.draws == KEPT
    draws = done.frame("draws")
    cars = draws[(draws["what"] == "light_vehicles") & (draws["country"] == "DEU")]
    kept = samples.of("stoppages", "light_vehicles/DEU", "")
    assert kept is not None
    lost = cars.sort_values("draw")["days_lost"].to_numpy()
    assert spearmanr(kept, lost).statistic == pytest.approx(1.0, abs=1e-3)


# --- runs of other programs, days and additions -----------------------------------------------


@pytest.fixture
def copy(done: Run, tmp_path: Path) -> Path:
    assert done.folder is not None
    return Path(shutil.copytree(done.folder, tmp_path / "copy"))


def rewritten(folder: Path, change: Callable[[dict[str, Any]], None]) -> Run:
    summary = json.loads((folder / "summary.json").read_text("utf-8"))
    change(summary)
    (folder / "summary.json").write_text(json.dumps(summary), "utf-8")
    (folder / "complete.json").unlink()
    seal(folder)
    return load(folder)


def test_a_run_of_another_program_is_explained_and_says_so(copy: Path, workspace: Path) -> None:
    store = Workspace.open(workspace)
    other = rewritten(copy, lambda s: s["program"].update(sources="0" * 64))
    found = explain(other, "exports/USA/2025-05", workspace=store, today=TODAY)
    assert "made by a program with other facts or other code" in found["notes"][0]
    old = rewritten(copy, lambda s: s.pop("program"))
    found = explain(old, "exports/USA/2025-05", workspace=store, today=TODAY)
    assert found["notes"]
    assert "of unknown version" in found["citation"]


def test_a_run_without_kept_draws_is_explained_but_for_them(copy: Path, workspace: Path) -> None:
    (copy / SAMPLES).unlink()
    (copy / "complete.json").unlink()
    seal(copy)
    store = Workspace.open(workspace)
    found = explain(load(copy), "exports/USA/2025-05", workspace=store, today=TODAY)
    assert found["drivers"] == []
    assert "before draws were kept" in found["drivers_of"]
    (copy / SAMPLES).write_bytes(b"PK spoilt")
    (copy / "complete.json").unlink()
    seal(copy)
    with pytest.raises(RequestError, match="run the scenario again"):
        explain(load(copy), "exports/USA/2025-05", workspace=store, today=TODAY)


def test_where_nothing_stands_out_it_says_how_many_draws_would_show_it(
    tmp_path: Path, lent: Callable[[Path], Path]
) -> None:
    store = Workspace.open(lent(tmp_path / "own"))
    made = run("april-2025", draws=16, until=dt.date(2025, 5, 31), workspace=store)
    found = explain(made, "exports/USA/2025-05", workspace=store, today=TODAY)
    assert found["drivers"] or re.search(
        r"none of the \d+ things drawn stands out from chance; .* takes \d+ draws",
        found["drivers_of"],
    )
    number = re.search(r": median ([\d.,]+) t \(5 to 95 % of draws: ", found["citation"])
    assert number is not None
    assert len(re.sub(r"\D", "", number[1]).strip("0")) <= 3


def test_added_rows_are_explained_after_they_were_taken_out(
    tmp_path: Path, lent: Callable[[Path], Path]
) -> None:
    store = Workspace.open(lent(tmp_path / "own"))
    early = dict.fromkeys(("in_force", "announced", "first_known"), "2025-05-01")
    rows = {"measures": [row("measures", act(**early))]}
    batch = add(store, rows, title="t", by="me", kind="policy", today=TODAY)
    made = run("april-2025", draws=4, until=dt.date(2025, 6, 30), workspace=store)
    undo(store, batch.id)
    found = explain(made, "exports/USA/2025-05", workspace=store, today=TODAY)
    ids = {item["id"]: item for item in found["inputs"]}
    assert ids["M-CHN-2025-06-01-light"]["source_title"] == "Trade press"
    assert found["drivers"] == []
    assert "4 draws are too few" in found["drivers_of"]


def test_ages_count_to_the_as_of_day_of_the_run(tmp_path: Path, workspace: Path) -> None:
    made = run("april-2025", draws=2, until=dt.date(2025, 5, 31), as_of=dt.date(2025, 7, 1),
               workspace=workspace, out=tmp_path / "out")  # fmt: skip
    found = explain(made, "exports/USA/2025-05", workspace=Workspace.open(workspace), today=TODAY)
    (observed,) = [i for i in found["inputs"] if i["role"].startswith("observed")]
    assert observed["age_days"] == 11  # known on 20 June 2025
    assert all(item["age_days"] is None or item["age_days"] >= 0 for item in found["inputs"])
