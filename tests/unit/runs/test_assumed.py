"""A run says, in a sentence for each entry, what its scenario assumes beside the record."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from xenotime.networks.structure import ProductionNetwork
from xenotime.runs.assumed import LABELS, SENTENCES, assumed_by
from xenotime.runs.layout import Layout, build_layout
from xenotime.runs.policies import policy_of
from xenotime.scenarios import Scenario, load
from xenotime.scenarios.quotas import QuotaLevers

APRIL = load("april-2025")
WHY = {"grade": "assumed", "reason": "a guess"}
DAY = "2025-06-01"
MAGNET = "magnet:NdFeB-heavy"
SETTINGS: dict[str, tuple[Any, list[str]]] = {
    "baseline": (2010, ["the network is that of 2010, not today's"]),
    "record": (False, ["no act of the legal record takes effect"]),
    "without": (
        [{"dyad": ["CHN", "USA"], "announced_from": "2025-05-12"}],
        ["acts between CHN and USA announced on 2025-05-12 or later do not happen: M028, "],
    ),
    "without_acts": (["M048"], ["Announcement 70/2025 (M048) does not happen"]),
    "bans": (
        [{"act": "M017", "uses": ["civil"]}],
        ["(M017) for civil use: nobody gets a licence while it is in force"],
    ),
    "counter_controls": (
        [
            {
                "name": "own", "actor": "AUS", "targets": ["MYS"], "elements": ["Nd"],
                "forms": ["ore"], "start": DAY, "end": "2025-09-30", "approval_days": 60,
            }
        ],
        [
            ("own, a control that is on no record: exports of Nd as ore from AUS to MYS need a"
            " licence from 2025-06-01 through 2025-09-30 for civil and defence use, and it takes 60"
            " working days on average")
        ],
    ),
    "scope_exits": (
        [
            {"goods": ["magnet"], "share": 0.1, "start": DAY, "full": "2025-12-31",
             "destinations": ["DEU"], "uses": ["civil"], **WHY}
        ],
        [
            ("0.1 of magnet under licence for DEU (civil use) leaves the control from 2025-06-01"
            " on, in full on 2025-12-31 after an even rise (grade assumed: a guess)")
        ],
    ),
    "entity_shares": (
        [{"act": "M024", "share": 0.5, **WHY}],
        ["firms listed by M024", "0.5 of the tonnage"],
    ),
    "general_licences": (
        [{"goods": ["magnet"], "share": 0.3, "start": DAY, **WHY}],
        ["0.3 of the tonnage of magnet is taken to be under general licences from 2025-06-01"],
    ),
    "leakage": (
        [{"share": 0.1, "delay_days": 60, "start": DAY, **WHY}],
        ["0.1 of what is held back", "from 2025-06-01 on is taken to arrive 60 days later"],
    ),
    "approval_pace": (
        [{"factor": 0, "first": DAY, "destinations": ["JPN"]},
         {"factor": 0.5, "first": DAY, "last": "2025-07-01", "uses": ["civil"]}],
        [
            "no licence is approved from 2025-06-01 on for JPN",
            ("licences are approved at 0.5 times the pace of the record from 2025-06-01 through"
            " 2025-07-01 for civil use"),
        ],
    ),
    "approval_delay_days": (30, ["every easing of the record comes 30 days later"]),
    "quotas": ({"factor": 2}, ["quotas of the record are 2 times their tonnage"]),
    "tariffs": (
        [{"name": "more", "importer": "USA", "origins": ["CHN"], "products": [MAGNET],
          "rate": 25, "first": DAY}],
        ["assumed/more is a duty of no record: 25 % of value on top of the duty on record"],
    ),
    "allocation": ("priority", ["what is scarce goes by the priority of the use"]),
    "shocks": (
        [{"producer": "magnet:NdFeB-heavy@JPN", "share": 0.5, "start": DAY, "days": 90}],
        ["magnet:NdFeB-heavy@JPN loses 0.5 of its capacity from 2025-06-01 on, for 90 days"],
    ),
    "stock_releases": (
        [{"country": "DEU", "product": MAGNET, "tonnes": 100, "start": DAY, "days": 30,
          "users": ["component:traction_motor"], "uses": ["civil"], **WHY}],
        [("100 t, up to 3.33 t a day, of magnet:NdFeB-heavy for DEU (component:traction_motor,"
         " civil use) from 2025-06-01 on (grade assumed: a guess)")],
    ),
    "projects": (
        [{"country": "JPN", "product": "metal:Dy", "tonnes_per_year": 20, "start": DAY,
          "ramp_days": 0, **WHY}],
        ["plant to come: up to 20 t a year within this run of metal:Dy for JPN from 2025-06-01"],
    ),
    "recycling": (
        [{"country": "DEU", "product": MAGNET, "share": 0.05, "start": DAY, **WHY}],
        ["recycling: 0.05 of planned use of magnet:NdFeB-heavy for DEU from 2025-06-01 on"],
    ),
    "substitution": (
        [{"product": MAGNET, "share": 0.2, "start": DAY, "full": "2025-12-31", **WHY}],
        ["substitution: 0.2 of planned use from 2025-12-31 on, after an even rise, of magnet:"],
    ),
    "parameters": ({"hold_share": 0.5}, ["hold_share is held at 0.5, not drawn"]),
}  # fmt: skip
"""For each field of a scenario a value that is not the default, and what a run says of it."""


@pytest.fixture(scope="module")
def layout(network: ProductionNetwork) -> Layout:
    changes = {key: SETTINGS[key][0] for key in ("counter_controls", "bans")}
    policy = policy_of(APRIL.revised(**changes), None)
    return build_layout(network, policy.controls, policy.limits)


def said(scenario: Scenario, layout: Layout, as_of: dt.date | None = None) -> list[str]:
    return assumed_by(scenario, policy_of(scenario, as_of), layout)


def test_every_field_of_a_scenario_that_changes_a_run_is_told() -> None:
    fields = set(Scenario.model_fields) - LABELS
    assert set(SENTENCES) == fields
    assert set(SETTINGS) == fields


@pytest.mark.parametrize("field", SETTINGS)
def test_a_field_that_differs_from_its_default_is_told(field: str, layout: Layout) -> None:
    value, parts = SETTINGS[field]
    plain = {name: f.default for name, f in Scenario.model_fields.items() if name not in LABELS}
    base = APRIL.revised(**{name: v for name, v in plain.items() if name != "parameters"})
    days = {"start": "2010-01-01", "end": "2010-12-31"} if field == "baseline" else {}
    assert said(base, layout) == []
    lines = said(base.revised(**{field: value, **days}), layout)
    entries = len(value) if isinstance(value, list) else 1
    assert len(lines) == entries
    for part in parts:
        assert any(part in line for line in lines), lines


@pytest.mark.parametrize(
    ("lever", "value", "line"),
    [
        ("factor", 0, "quotas of the record are 0 times their tonnage"),
        ("carry_over", 0.5, "0.5 of an unused quota is added to the next period's"),
        ("release", "evenly", "a quota is released in equal parts by day, not at once"),
        (
            "exporters",
            {"separation:ion_clay_CHN@CHN": 0.1},
            ("shares of each quota by exporter: separation:ion_clay_CHN@CHN 0.1;"
            " all others draw on the rest"),
        ),
        (
            "added",
            [{"origin": "CHN", "elements": ["Dy"], "forms": ["oxide"], "first": "2025-07-01",
              "last": "2025-12-31", "tonnes": 100}],
            ("a quota that is on no record: 100 t REO of Dy as oxide may leave CHN"
            " from 2025-07-01 through 2025-12-31"),
        ),
    ],
)  # fmt: skip
def test_each_lever_on_quotas_is_told(lever: str, value: object, line: str, layout: Layout) -> None:
    assert line in said(APRIL.revised(quotas={lever: value}), layout)


def test_no_lever_on_quotas_is_forgotten() -> None:
    told = {"factor", "carry_over", "release", "exporters", "added"}
    assert set(QuotaLevers.model_fields) == told


def test_what_was_not_known_on_the_as_of_day_is_not_named(layout: Layout) -> None:
    (line,) = [
        line for line in said(load("october-2025"), layout, dt.date(2025, 6, 1)) if "M048" in line
    ]
    assert line == "M048 does not happen; it is no act that this run knows"


def test_an_entry_that_can_do_nothing_is_told_so(layout: Layout) -> None:
    nobody = {**SETTINGS["counter_controls"][0][0], "name": "idle", "actor": "EST"}
    (line,) = [x for x in said(APRIL.revised(counter_controls=[nobody]), layout) if "idle" in x]
    assert line.endswith("; it touches no flow of the network")
    ended = APRIL.revised(start="2024-01-01", end="2024-06-30",
                          bans=[{"act": "M017", "uses": ["civil"]}])  # fmt: skip
    assert any("not in force on any day" in line for line in said(ended, layout))
