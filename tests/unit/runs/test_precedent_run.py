"""Runs on the network of 2010: the quota binds, the stop holds, and what is missing is said."""

import datetime as dt
import json

import pytest

import xenotime
from xenotime import facts
from xenotime.runs.effects import effects_of
from xenotime.scenarios import load, parse
from xenotime.workspace import Workspace

HELD = {"quota_beside": 0.0, "stop_share": 1.0}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Runs by levers, in a workspace that keeps the network of 2010."""
    workspace = tmp_path_factory.mktemp("precedent")
    made = {}

    def run(**changes):
        key = repr(sorted(changes.items()))
        if key not in made:
            scenario = load("japan-2010").revised(**{"parameters": HELD, **changes})
            made[key] = xenotime.run(scenario, draws=8, workspace=workspace)
        return made[key]

    return run


def exports(run, destination, months=None, product="rare_earths"):
    table = run.frame("exports")
    chosen = table[
        (table["product"] == product)
        & (table["origin"] == "CHN")
        & (table["destination"] == destination)
    ]
    if months:
        chosen = chosen[chosen["month"].isin(months)]
    return chosen.set_index("month")["mean"]


def test_no_quota_is_exceeded_and_the_cut_of_2010_binds(runs):
    quotas = runs().summary["quotas"]
    assert [(q["act"], q["tonnes"]) for q in quotas] == [
        ("M002", 22_282), ("M001", 7_976), ("M006", 14_446), ("M002", 15_738),
    ]  # fmt: skip
    for quota in quotas:
        assert quota["used"]["p95"] <= quota["tonnes"] * (1 + 1e-5)
    assert quotas[0]["used"]["p95"] < 0.95 * quotas[0]["tonnes"]  # the first half had room
    assert quotas[1]["used"]["p05"] == pytest.approx(quotas[1]["tonnes"], rel=1e-4)


def test_nothing_reaches_japan_in_october_2010(runs):
    without_quota = runs(without_acts=["M001"])
    assert exports(without_quota, "JPN", ["2010-10"]).item() == pytest.approx(0, abs=1e-6)
    assert exports(without_quota, "JPN", ["2010-08"]).item() > 500
    left = without_quota.frame("permits").query("destination == 'JPN' and month == '2010-10'")
    assert set(left["goods"]) == {"oxide_metal"}
    assert set(left["controls"]) == {"M004"}
    assert left["open_share_mean"].max() == 0
    assert left["licensed_t_mean"].isna().all()


def test_without_the_stop_japan_buys_on(runs):
    calm = runs(without_acts=["M001", "M004", "M005"])
    assert exports(calm, "JPN", ["2010-10"]).item() > 500
    assert not len(calm.frame("permits"))


def test_fewer_tonnes_never_export_more_and_enough_is_no_quota(runs):
    def total(run):
        return sum(quota["used"]["mean"] for quota in run.summary["quotas"])

    by_factor = [total(runs(quotas={"factor": factor})) for factor in (0.25, 0.6, 1.0, 3.0)]
    assert by_factor == sorted(by_factor)
    ample = exports(runs(quotas={"factor": 3.0}), "WLD")
    none = exports(runs(without_acts=["M001", "M002", "M006"]), "WLD")
    assert ample.to_dict() == none.to_dict()


def test_what_is_unused_lapses_unless_it_is_carried_over(runs):
    kept = runs(quotas={"carry_over": 1.0}).summary["quotas"]
    assert kept[1]["used"]["p50"] > kept[1]["tonnes"]
    years = sum(quota["used"]["mean"] for quota in kept[:2])
    assert years <= 30_258 * (1 + 1e-5)


def test_a_volume_that_comes_day_by_day_is_not_used_up_in_weeks(runs):
    evenly = runs(quotas={"release": "evenly"})
    assert exports(evenly, "WLD", ["2010-12"]).item() > exports(runs(), "WLD", ["2010-12"]).item()


def test_exporters_with_a_share_are_told_apart(runs):
    clay = "separation:ion_clay_CHN@CHN"
    rows = runs(quotas={"exporters": {clay: 0.1}}).summary["quotas"]
    own = [row for row in rows if row["exporter"] == clay]
    assert [row["tonnes"] for row in own][:2] == pytest.approx([2_228.2, 797.6])
    assert all(row["used"]["p95"] <= row["tonnes"] * (1 + 1e-5) for row in rows)


def test_an_exporter_who_exports_nothing_is_refused_before_anything_is_written(runs):
    with pytest.raises(facts.RequestError, match=r"exports nothing under a quota .did you mean"):
        runs(quotas={"exporters": {"separation:ion_clay_CHN@CHM": 0.1}})


def test_the_run_says_what_it_does_not_have(runs):
    summary = runs().summary
    missing = "\n".join(summary["coverage"]["missing"])
    assert summary["precedent"] == 2010
    for words in ("no other minerals", "M005", "split among exporters", "1 export tax"):
        assert words in missing
    assert "export quota" not in missing
    assert {"M001", "M002", "M004", "M005", "M006"} <= set(summary["sources"])


def test_a_number_of_the_run_is_explained_by_its_own_network(runs):
    from xenotime.runs.explaining import explain

    run = runs()
    told = explain(
        run,
        "exports/rare_earths/CHN/JPN/2010-08",
        workspace=Workspace.open(run.folder.parent.parent),
    )
    assert "separation:bastnaesite_CHN@CHN" in json.dumps(told["flows"])
    assert {act["id"] for act in told["inputs"]} >= {"M004"}


def test_a_baseline_bounds_the_days():
    with pytest.raises(facts.RequestError, match="2010-01-01 to 2011-12-31"):
        load("japan-2010").revised(end=dt.date(2012, 1, 1))
    with pytest.raises(facts.RequestError, match="leaves 2024-01-01"):
        load("april-2025").revised(start=dt.date(2010, 1, 1))
    with pytest.raises(facts.RequestError, match="baseline"):
        load("april-2025").revised(baseline=2011)


def test_added_quotas_say_all_that_is_wrong_with_them():
    quota = {"origin": "CHM", "elements": ["Xx"], "forms": ["oxid"], "tonnes": -1,
             "first": "2025-01-01", "last": "2025-06-30"}  # fmt: skip
    with pytest.raises(facts.RequestError) as caught:
        parse({"name": "x", "title": "x", "quotas": {"added": [quota]}}, subject="x")
    text = "\n".join(caught.value.problems)
    for words in ("CHM", "Xx", "oxid (did you mean 'oxide'", "tonnes"):
        assert words in text
    quota |= {"origin": "CHN", "elements": ["Dy"], "forms": ["oxide"], "tonnes": 1.0,
              "last": "2025-06-15"}  # fmt: skip
    with pytest.raises(facts.RequestError, match="end on the last day of a month"):
        parse({"name": "x", "title": "x", "quotas": {"added": [quota]}}, subject="x")


def test_an_added_quota_limits_what_the_record_leaves_free(runs):
    quota = {"origin": "CHN", "elements": ["Nd"], "forms": ["oxide", "metal"], "tonnes": 100.0,
             "first": "2011-01-01", "last": "2011-12-31"}  # fmt: skip
    run = runs(without_acts=["M001", "M002", "M006"], quotas={"added": [quota]})
    (row,) = run.summary["quotas"]
    assert row["act"] is None
    assert row["used"]["p95"] <= 100 * (1 + 1e-5)
    months = [f"2011-{m:02d}" for m in range(1, 13)]
    assert exports(run, "WLD", months, "Nd").sum() == pytest.approx(100 * 0.8574, rel=1e-3)


@pytest.mark.parametrize(
    ("act", "says"),
    [
        ("M001", "7,976 t REO"),
        ("M002", "22,282 t REO"),
        ("M004", "held back from 2010-09-21 to 2010-11-19"),
        ("M008", "no tonnage of it is on record for days that can be run"),
    ],
)
def test_an_act_says_what_it_does_before_anybody_runs_anything(act, says):
    assert says in effects_of(facts.get(act))[0]
