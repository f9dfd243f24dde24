"""Goods from outside the network in a run: who gets them, what they do, how they are told."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from xenotime.facts.problems import RequestError
from xenotime.networks.structure import ProductionNetwork
from xenotime.runs.collecting import Collected
from xenotime.runs.execution import execute
from xenotime.runs.groups import build_groups
from xenotime.runs.layout import Layout, build_layout
from xenotime.runs.policies import policy_of
from xenotime.runs.supplies import (
    assumed_supplies,
    supplies_in,
    supplies_told,
    supply_arrays,
)
from xenotime.runs.varying import points_of, read_axis
from xenotime.scenarios import Scenario, load

HEAVY = "magnet:NdFeB-heavy"
KNOWN = {"grade": "assumed", "reason": "invented"}
APRIL = load("april-2025").revised(end="2025-08-31")
SUBSTITUTION = {"product": HEAVY, "share": 0.3, "start": "2025-03-01", **KNOWN}
STOCK = {
    "country": "DEU", "product": HEAVY, "tonnes": 200, "start": "2025-05-01", "days": 20, **KNOWN,
}  # fmt: skip
RECYCLING = {"country": "DEU", "product": HEAVY, "share": 0.2, "start": "2025-03-01", **KNOWN}
PLANT = {
    "country": "DEU", "product": HEAVY, "tonnes_per_year": 1500, "start": "2025-03-01",
    "ramp_days": 60, **KNOWN,
}  # fmt: skip
DRAWS = 2


@pytest.fixture(scope="module")
def layout(network: ProductionNetwork) -> Layout:
    policy = policy_of(APRIL, None)
    return build_layout(network, policy.controls, policy.limits)


def run(layout: Layout, **levers: Any) -> tuple[Scenario, Collected]:
    scenario = APRIL.revised(**levers)
    found, _ = execute(
        layout, build_groups(layout), scenario, scenario.days, policy_of(scenario, None),
        fixed={}, draws=DRAWS, seed=7, threads=None, progress=lambda *_: None,
    )  # fmt: skip
    return scenario, found


@pytest.fixture(scope="module")
def recorded(layout: Layout) -> Collected:
    return run(layout)[1]


@pytest.fixture(scope="module")
def together(layout: Layout) -> tuple[Scenario, Collected]:
    return run(
        layout, stock_releases=[STOCK], projects=[PLANT], recycling=[RECYCLING],
        substitution=[{**SUBSTITUTION, "destinations": ["USA"]}],
    )  # fmt: skip


def days_lost(layout: Layout, found: Collected, country: str) -> float:
    mine = [i for i, (_, at) in enumerate(layout.sectors) if at == country]
    return float(found.days_lost[mine].sum())


def test_what_comes_is_conserved_told_and_keeps_plants_running(
    layout: Layout, recorded: Collected, together: tuple[Scenario, Collected]
) -> None:
    scenario, found = together
    assert found.balance_error.max() < 1e-5
    assert not found.violations.any()
    assert days_lost(layout, found, "DEU") < 0.6 * days_lost(layout, recorded, "DEU")
    assert days_lost(layout, found, "USA") < 0.8 * days_lost(layout, recorded, "USA")
    bare = {"coverage": {"missing": ["prices"]}, "sources": ["a"]}
    told = supplies_told(bare, scenario, layout, scenario.days, found.supplied)
    levers = [row["lever"] for row in told["supplies"]]
    assert levers == ["substitution", "recycling", "projects", "stock_releases"]
    substitute, recycled, plant, stock = told["supplies"]
    assert 0 < stock["given"]["p50"] <= stock["offered"] * (1 + 1e-9) == pytest.approx(200)
    # an even rise over 61 days, then 123 days in full
    assert plant["offered"] == pytest.approx(1500 / 365 * (31 + 123), rel=0.01)
    assert plant["given"]["p05"] == pytest.approx(plant["offered"], rel=0.02)
    assert (substitute["largest_share"], recycled["largest_share"]) == (0.3, 0.2)
    span = 184 / 365
    assert recycled["given"]["mean"] <= 0.2 * recycled["use_t_per_year"] * span * 1.4
    assert recycled["given"]["mean"] > 0.1 * recycled["use_t_per_year"] * span
    assert told["coverage"] == bare["coverage"]
    lines = assumed_supplies(scenario, layout, scenario.days)
    for word in ("release of a stock", "plant to come", "recycling", "substitution"):
        (line,) = [text for text in lines if text.startswith(word)]
        assert "(grade assumed: invented): this scenario assumes it" in line
        assert "from outside the network" in line
    assert {row["origin"] for row in told["supplies"]} == {"from outside the network"}


def test_without_these_levers_a_run_has_none(layout: Layout, recorded: Collected) -> None:
    assert supply_arrays(layout, APRIL, APRIL.days) == {}
    assert recorded.supplied.shape[0] == 0
    bare = {"coverage": {"missing": ["prices"]}, "sources": ["a"]}
    told = supplies_told(bare, APRIL, layout, APRIL.days, recorded.supplied)
    assert told == {**bare, "supplies": []}


def test_only_those_who_are_named_may_take(layout: Layout) -> None:
    def reached(**levers: Any) -> set[tuple[str, str]]:
        scenario = APRIL.revised(**levers)
        (supply,) = supplies_in(layout, scenario, scenario.days)
        owners = layout.producers.iloc[layout.inputs["producer"].iloc[supply.slots]]
        return set(zip(owners["stage"], owners["country"], strict=True))

    everywhere = reached(substitution=[SUBSTITUTION])
    assert {"component", "industry"} == {stage for stage, _ in everywhere}
    motors = {**SUBSTITUTION, "users": ["component:traction_motor"], "destinations": ["DEU"]}
    assert reached(substitution=[motors]) == {("component", "DEU")}
    defence = {**STOCK, "uses": ["defence"], "destinations": ["DEU", "JPN"]}
    assert reached(stock_releases=[defence]) == {("industry", "DEU"), ("industry", "JPN")}
    assert reached(stock_releases=[STOCK]) == {("component", "DEU"), ("industry", "DEU")}


def test_a_plant_serves_its_own_country_first_and_a_stock_by_priority(layout: Layout) -> None:
    scenario = APRIL.revised(projects=[{**PLANT, "destinations": ["JPN"]}])
    (plant,) = supplies_in(layout, scenario, scenario.days)
    at = layout.producers["country"].to_numpy()[layout.inputs["producer"].to_numpy()[plant.slots]]
    assert plant.levels[at == "DEU"].max() < plant.levels[at == "JPN"].min()
    ranked = APRIL.revised(stock_releases=[STOCK], allocation="priority")
    (stock,) = supplies_in(layout, ranked, ranked.days)
    stage = layout.producers["industry"].to_numpy()[
        layout.inputs["producer"].to_numpy()[stock.slots]
    ]
    assert set(stage[stock.levels == stock.levels.min()]) == {"defence"}


def test_an_announced_plant_has_its_capacity_and_comes_as_late_as_expected(layout: Layout) -> None:
    whole = APRIL.revised(end="2027-06-30")
    name = f"{HEAVY}@USA/eVAC"
    assert layout.projects is not None
    (row,) = layout.projects[layout.projects["project"] == name].to_dict("records")

    def plant(**changes: Any) -> Any:
        scenario = whole.revised(projects=[{"project": name, **changes}])
        return supplies_in(layout, scenario, scenario.days)[0]

    asked = plant()
    assert (asked.first - plant(start="2026-01-01").first).days > 0
    assert str(asked.first) == "2026-07-28"  # 2025-11-30 and 240 days of slippage
    assert (plant(delay_days=30).first - asked.first).days == 30
    early = plant(start="2025-03-01")
    assert early.daily.max() * 365 == pytest.approx(row["capacity_t_per_year"], rel=0.01)
    assert early.grade is None
    assert early.sources


@pytest.mark.parametrize(
    ("levers", "says"),
    [
        (
            {"stock_releases": [{**STOCK, "tonnes": 100_000}]},
            r"100,000 t of magnet:NdFeB-heavy are more than the [\d,]+ t that the world buys",
        ),
        (
            {"recycling": [{**RECYCLING, "share": None, "tonnes_per_year": 90_000.0}]},
            r"90,000 t a year of",
        ),
        (
            {"stock_releases": [{**STOCK, "product": "ore:ion_clay_CHN"}]},
            "nobody in DEU buys ore:ion_clay_CHN: buyers are in CHN",
        ),
        (
            {"stock_releases": [{**STOCK, "users": ["component:traction_moter"]}]},
            "did you mean 'component:traction_motor'",
        ),
        ({"recycling": [{**RECYCLING, "product": "oxide:Dy", "uses": ["defence"]}]}, "no defence"),
        (
            {"projects": [{"project": f"{HEAVY}@USA/eVAC"}]},
            "starts on 2026-07-28, after 2025-08-31, the last day",
        ),
        ({"projects": [{"project": "mine:ion_clay@BRA/Serra-Verde"}]}, "already .*leave it out"),
        (
            {"projects": [{"project": f"{HEAVY}@EST/Neo-Narva-phase-2"}]},
            "has no announced day of first output: give a start",
        ),
    ],
)
def test_what_nobody_can_take_is_refused(
    layout: Layout, levers: dict[str, list[dict[str, Any]]], says: str
) -> None:
    clean = {
        key: [{k: v for k, v in entry.items() if v is not None} for entry in entries]
        for key, entries in levers.items()
    }
    scenario = APRIL.revised(**clean)
    with pytest.raises(RequestError, match=says):
        supply_arrays(layout, scenario, scenario.days)


def test_all_that_nobody_can_take_is_listed_at_once(layout: Layout) -> None:
    wrong = {**STOCK, "users": ["nobody"]}
    scenario = APRIL.revised(
        stock_releases=[wrong, wrong], recycling=[{**RECYCLING, "users": ["x"]}]
    )
    with pytest.raises(RequestError) as caught:
        supplies_in(layout, scenario, scenario.days)
    places = [line.partition(":")[0] for line in caught.value.problems]
    assert places == ["recycling.0", "stock_releases.0", "stock_releases.1"]


def test_numbers_of_entries_vary() -> None:
    scenario = APRIL.revised(recycling=[RECYCLING], projects=[PLANT])
    shares = points_of(scenario, read_axis("recycling.0.share=0..0.5/0.25"))
    assert [point.recycling[0].share for point in shares] == [0.0, 0.25, 0.5]
    delays = points_of(scenario, read_axis("projects.0.delay_days=0,4w"))
    assert [point.projects[0].delay_days for point in delays] == [0, 28]
    with pytest.raises(RequestError, match="has 1 recycling, and the first is 0"):
        points_of(scenario, read_axis("recycling.1.share=0.1"))
    with pytest.raises(RequestError, match=r"recycling.0.share=2: .*less than or equal to 1"):
        points_of(scenario, read_axis("recycling.0.share=0.1,2"))
    with pytest.raises(RequestError, match=r"no number 'recycling.0.shar' .did you mean"):
        read_axis("recycling.0.shar=0.1")


def test_a_share_that_rises_offers_more_each_day(layout: Layout) -> None:
    rising = {**RECYCLING, "full": "2025-03-10"}
    scenario = APRIL.revised(recycling=[rising])
    days = scenario.days
    (supply,) = supplies_in(layout, scenario, days)
    first = days.index(supply.first)
    np.testing.assert_allclose(supply.part[first - 1 : first + 11], [*np.arange(11) * 0.02, 0.2])
