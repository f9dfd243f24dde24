"""Sweeps: a value is the run of its own, values are compared draw by draw, nothing half-done."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

import xenotime as xt
from xenotime.facts.problems import RequestError
from xenotime.networks.structure import ProductionNetwork
from xenotime.report.sweep_page import show_sweep
from xenotime.runs import load, run
from xenotime.runs.points import Points
from xenotime.runs.running import check
from xenotime.runs.supplies import assumed_supplies
from xenotime.runs.varying import Axis, points_of, read_axis


@pytest.fixture(scope="module")
def space(lent: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lent(tmp_path_factory.mktemp("sweeps") / "w")


@pytest.fixture(scope="module")
def swept(space: Path) -> xt.Sweep:
    return xt.sweep("april-2025", "approval_delay=8w,0,4w", by="destination", draws=4,
                    until=None, workspace=space)  # fmt: skip


def cells(summary: dict[str, Any], value: float) -> dict[tuple[str, ...], dict[str, Any]]:
    return {
        (row["product"], row["origin"], row["destination"]): row
        for row in summary["exports"]
        if row["value"] == value
    }


LEVERS: dict[str, Any] = {
    "counter_controls": [
        {
            "name": "answer", "actor": "USA", "targets": ["CHN"], "elements": ["Nd"],
            "forms": ["magnet"], "start": "2025-03-01", "approval_days": 60,
        }
    ],
    "scope_exits": [
        {
            "goods": ["magnet"], "share": 0.3, "start": "2025-05-01", "grade": "C",
            "reason": "assemblies",
        }
    ],
    "entity_shares": [{"act": "M024", "share": 0.2, "grade": "assumed", "reason": "firms"}],
    "general_licences": [
        {
            "goods": ["oxide_metal"], "share": 0.3, "start": "2025-06-01", "grade": "assumed",
            "reason": "large makers",
        }
    ],
    "leakage": [{"share": 0.1, "delay_days": 30, "grade": "assumed", "reason": "others"}],
    "quotas": {
        "added": [
            {
                "origin": "CHN", "first": "2025-04-01", "last": "2025-08-31", "tonnes": 9000,
                "elements": ["La", "Ce"], "forms": ["oxide"],
            }
        ]
    },
}  # fmt: skip


FROM_OUTSIDE: dict[str, Any] = {
    "recycling": [
        {
            "country": "DEU", "product": "magnet:NdFeB-heavy", "share": 0.1, "start": "2025-03-01",
            "grade": "assumed", "reason": "invented",
        }
    ],
    "stock_releases": [
        {
            "country": "JPN", "product": "magnet:NdFeB-heavy", "tonnes": 50, "start": "2025-05-01",
            "days": 30, "grade": "assumed", "reason": "invented",
        }
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("vary", "levers"),
    [
        ("recycling.0.share=0,0.4", FROM_OUTSIDE),
        ("approval_delay=0,8w", {}),
        ("approval_delay=0,8w", LEVERS),
        ("quotas.added.0.tonnes=3000,9000", LEVERS),
    ],
)
def test_a_value_gives_bit_for_bit_what_a_run_gives(
    network: ProductionNetwork, vary: str, levers: dict[str, Any]
) -> None:
    from xenotime.runs.execution import execute
    from xenotime.runs.policies import policy_of

    chosen = check("april-2025").revised(**levers)
    axis = read_axis(vary)
    work = Points(network, axis, points_of(chosen, axis), None, seed=7)
    for place, found in enumerate(work.block(0, 4, lambda: None, lambda: False)):
        point = work.points[place]
        alone, _ = execute(
            work.layout, work.groups, point, point.days, policy_of(point, None), fixed={},
            draws=4, seed=7, threads=None, progress=lambda *_: None,
        )  # fmt: skip
        assert found.exported.tobytes() == alone.flows[work.kept].sum(axis=1).tobytes()
        assert found.first_stop.tobytes() == alone.first_stop.tobytes()
        assert found.days_lost.tobytes() == alone.days_lost.tobytes()
        assert found.balance_error.tobytes() == alone.balance_error.tobytes()
        assert found.violations.sum() == 0


def test_a_longer_delay_never_gives_more_licensed_volume(network: ProductionNetwork) -> None:
    axis = read_axis("approval_delay=0,4w,26w")
    work = Points(network, axis, points_of(check("april-2025"), axis), None, seed=7)
    shared = work.compiled(0, 0, 4)
    totals = [work.permits(shared, place, 0).granted for place in range(3)]
    assert np.array_equal(totals[0], shared.arrays.granted)
    for sooner, later in pairwise(totals):
        limited = np.isfinite(sooner)
        assert np.array_equal(limited, np.isfinite(later))
        assert later[limited].sum() < sooner[limited].sum()


def test_values_are_told_in_rising_order_whatever_their_order(swept: xt.Sweep, space: Path) -> None:
    assert swept.summary["vary"]["labels"] == ["0w", "4w", "8w"]
    other = xt.sweep("april-2025", "approval_delay=0..8w/4w", by="destination", draws=4,
                     threads=1, workspace=space)  # fmt: skip
    for part in ("exports", "stoppages", "sweep"):
        assert other.summary[part] == swept.summary[part]


def test_losses_are_paired_and_grow_with_the_delay(swept: xt.Sweep) -> None:
    first, last = cells(swept.summary, 0.0), cells(swept.summary, 56.0)
    magnet = ("magnet", "CHN", "WLD")
    assert all(v == 0.0 for v in first[magnet]["lost_against_smallest"].values())
    more = last[magnet]["lost_against_smallest"]
    assert 0.0 < more["p10"] <= more["p50"] <= more["p90"]
    gone = last[magnet]["lost_against_base"]["mean"] - first[magnet]["lost_against_base"]["mean"]
    assert gone == pytest.approx(more["mean"], rel=1e-9)
    assert ("magnet", "CHN", "DEU") in last
    assert swept.summary["mass_balance_relative_error"] < 1e-5


def test_stops_are_shares_of_draws(swept: xt.Sweep) -> None:
    rows = swept.summary["stoppages"]
    world = [r for r in rows if r["country"] == "WLD" and r["industry"] == "light_vehicles"]
    assert [r["label"] for r in world] == ["0w", "4w", "8w"]
    for row in rows:
        assert row["probability"] * 4 == round(row["probability"] * 4)
        assert (row["first_stop"]["p10"] is None) <= (row["probability"] <= 0.25)


def test_days_lost_grow_with_the_delay_and_the_folder_says_what_varied(swept: xt.Sweep) -> None:
    rows = swept.summary["stoppages"]
    lost = [r["days_lost"]["mean"] for r in rows
            if (r["industry"], r["country"]) == ("light_vehicles", "WLD")]  # fmt: skip
    assert lost == sorted(lost)
    assert lost[0] < lost[-1]
    for row in rows:
        assert row["days_lost"]["p10"] <= row["days_lost"]["p90"]
        assert row["base_t_per_day"] > 0
    assert swept.folder.name.startswith("sweep-april-2025-approval-delay-days-4-7-")


def test_a_page_shows_the_largest_and_counts_the_rest(swept: xt.Sweep) -> None:
    page = Console(file=StringIO(), width=80)
    show_sweep(swept.summary, folder=None, on=page)
    assert isinstance(page.file, StringIO)
    text = page.file.getvalue()
    assert "…" not in text
    assert "light_vehicles, DEU" in text
    assert "more pairs of industry and country with smaller base output" in text
    assert "more destinations with smaller base exports" in text
    assert "Days lost" in text
    assert "less exported is not" not in text
    assumed = Console(file=StringIO(), width=200)
    show_sweep({**swept.summary, "supplies": ["recycling"]}, folder=None, on=assumed)
    assert isinstance(assumed.file, StringIO)
    assert "less exported is not less supplied" in assumed.file.getvalue()


def test_a_plant_that_is_delayed_beyond_the_last_day_does_not_come(
    network: ProductionNetwork,
) -> None:
    plant = {"country": "JPN", "product": "metal:Dy", "tonnes_per_year": 20, "ramp_days": 10,
             "start": "2025-07-01", "grade": "assumed", "reason": "invented"}  # fmt: skip
    chosen = check("april-2025").revised(projects=[plant])
    axis = read_axis("projects.0.delay_days=0,30w")
    points = points_of(chosen, axis)
    work = Points(network, axis, points, None, seed=7)
    without = Points(network, axis, [check("april-2025")], None, seed=7)
    soon, never = work.block(0, 2, lambda: None, lambda: False)
    (none,) = without.block(0, 2, lambda: None, lambda: False)
    assert never.exported.tobytes() == none.exported.tobytes()
    assert never.days_lost.tobytes() == none.days_lost.tobytes()
    assert soon.exported.tobytes() != none.exported.tobytes()
    (line,) = assumed_supplies(points[1], work.layout, work.days)
    assert "from 2026-01-27 after the last day of the run, so nothing of it comes" in line
    late = check("april-2025").revised(projects=[{**plant, "start": "2025-12-31"}])
    assert "so nothing" not in assumed_supplies(late, work.layout, work.days)[0]


def test_a_parameter_can_vary(space: Path) -> None:
    found = xt.sweep("april-2025", "hold_share=0.1,0.9", draws=2, workspace=space).summary
    lost = [row["lost_against_base"]["mean"] for row in found["exports"]
            if row["product"] == "magnet"]  # fmt: skip
    assert lost[0] < lost[1]
    held = run("april-2025", draws=2, params={"hold_share": 0.9}, workspace=space).frame("exports")
    of_run = held[(held["product"] == "magnet") & (held["origin"] == "CHN")
                  & (held["destination"] == "WLD")]["mean"].sum()  # fmt: skip
    of_sweep = [row["exported"]["mean"] for row in found["exports"] if row["product"] == "magnet"]
    assert of_sweep[1] == pytest.approx(of_run, rel=1e-9)


def test_a_sweep_is_stored_whole_and_is_no_run(swept: xt.Sweep) -> None:
    assert sorted(f.name for f in swept.folder.iterdir()) == [
        "complete.json", "scenario.json", "sweep.json",
    ]  # fmt: skip
    with pytest.raises(RequestError, match="is a sweep, no run"):
        load(swept.folder)


def test_an_interrupted_sweep_leaves_nothing(space: Path, tmp_path: Path) -> None:
    before = sorted((space / "runs").iterdir())

    def stop(what: str, done: int, _: int) -> None:
        if what == "Sweeping" and done:
            raise KeyboardInterrupt

    for out in (None, tmp_path / "out"):
        with pytest.raises(KeyboardInterrupt):
            xt.sweep("april-2025", "approval_delay=0,26w", draws=1, seed=9, workspace=space,
                     out=out, progress=stop)  # fmt: skip
    assert sorted((space / "runs").iterdir()) == before
    assert list(tmp_path.iterdir()) == []


def test_every_problem_is_listed_at_once() -> None:
    with pytest.raises(RequestError) as caught:
        xt.sweep("april-2025", "approval_delay=0..300w,1x", by="country", draws=0)
    text = "\n".join(caught.value.problems)
    for part in ("draws is 0", "by is 'country'", "301 values", "'1x'"):
        assert part in text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("approval_delay", "write NAME=VALUES"),
        ("aproval_delay=0..4w", "did you mean 'approval_delay'"),
        ("hold_share=0.1..0.9", "has no step"),
        ("hold_share=0.1w", "not counted in days"),
        ("approval_delay=4w..0w", "leads nowhere"),
        ("approval_delay=0..4w/0w", "leads nowhere"),
        ("approval_delay=4w,28d", "stands twice"),
        ("approval_delay=4w/2w", "a step and no range"),
        ("shocks.0.shares=0.1", "did you mean 'shocks.N.share'"),
        ("scope_exits.0.share=1w", "not counted in days"),
        ("tariffs.0.rate=10,20", "no shipment depends on a duty yet"),
        (f"approval_delay={'9' * 400}", "400 characters"),
        ("quotas.factor=1,1.00000000000000000001", "1.0 stands twice"),
        ("quotas.factor=0,-0", "0.0 stands twice"),
        ("hold=0.1,0.2", "projects.N.delay_days"),
    ],
)
def test_values_that_cannot_be_read_are_told(text: str, says: str) -> None:
    with pytest.raises(RequestError, match=says):
        read_axis(text)


def test_what_is_wrong_with_a_range_is_told_once() -> None:
    with pytest.raises(RequestError) as caught:
        read_axis("approval_delay=0..1e9w")
    assert len(caught.value.problems) == 1


def test_a_place_of_many_digits_is_no_place() -> None:
    axis = read_axis(f"shocks.{'9' * 5000}.share=0.1")
    with pytest.raises(RequestError, match="has 1 shocks"):
        points_of(check("myanmar-stop"), axis)


@given(
    st.lists(st.floats(0, 1e6, allow_subnormal=False).filter(lambda v: v == 0 or v > 1e-9),
             min_size=1, max_size=6, unique=True),
    st.sampled_from(["", "w", "d"]),
)  # fmt: skip
def test_labels_tell_values_apart(values: list[float], unit: str) -> None:
    axis = Axis("x", "x", False, unit, tuple(sorted(v + 0.0 for v in values)))
    assert len({axis.label(value) for value in axis.values}) == len(values)


def test_values_that_the_scenario_refuses_are_told_with_the_value() -> None:
    with pytest.raises(RequestError, match=r"vary approval_delay=200w: .*1095"):
        points_of(check("april-2025"), read_axis("approval_delay=0,200w"))
    with pytest.raises(RequestError, match=r"vary hold_share=1\.5"):
        points_of(check("april-2025"), read_axis("hold_share=0.5,1.5"))


def test_a_number_in_a_list_varies_by_its_place() -> None:
    scenario = check("myanmar-stop")
    (shock,) = scenario.shocks
    for text, name, values in (
        ("shocks.0.share=0.2,0.6", "share", [0.2, 0.6]),
        ("shocks.0.days=2w,28d", "days", [14, 28]),
    ):
        points = points_of(scenario, read_axis(text))
        assert [p.shocks for p in points] == [
            (shock.model_copy(update={name: value}),) for value in values
        ]
    with pytest.raises(RequestError, match="myanmar-stop has 1 shocks, and the first is 0"):
        points_of(scenario, read_axis("shocks.1.share=0.2"))
    with pytest.raises(RequestError, match="has 0 scope_exits"):
        points_of(scenario, read_axis("scope_exits.0.share=0.2"))


@given(first=st.integers(0, 50), steps=st.integers(0, 40), step=st.integers(1, 9))
def test_ranges_hold_both_ends_and_even_steps(first: int, steps: int, step: int) -> None:
    last = first + steps * step
    axis = read_axis(f"approval_delay={first}..{last}w/{step}w")
    assert axis.values == tuple(7.0 * w for w in range(first, last + 1, step))
    assert [axis.label(v) for v in axis.values] == [f"{w}w" for w in range(first, last + 1, step)]


def test_decimal_steps_do_not_drift() -> None:
    assert read_axis("hold_share=0.1..0.9/0.2").values == (0.1, 0.3, 0.5, 0.7, 0.9)
