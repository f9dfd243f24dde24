"""Goods from outside the network in a scenario: what is taken, and how mistakes are answered."""

from __future__ import annotations

from typing import Any

import pytest

from xenotime.facts.problems import RequestError
from xenotime.networks.chain.projects import project_names
from xenotime.networks.structure import ProductionNetwork
from xenotime.scenarios import Scenario, parse
from xenotime.scenarios.supplies import products

KNOWN = {"grade": "assumed", "reason": "invented"}
ENTRIES: dict[str, dict[str, Any]] = {
    "stock_releases": {
        "country": "DEU", "product": "magnet:NdFeB-heavy", "tonnes": 100, "start": "2025-05-01",
        "days": 30, **KNOWN,
    },
    "projects": {
        "country": "USA", "product": "magnet:NdFeB-heavy", "tonnes_per_year": 500,
        "start": "2025-05-01", "ramp_days": 90, **KNOWN,
    },
    "recycling": {
        "country": "DEU", "product": "oxide:Dy", "share": 0.2, "start": "2025-05-01", **KNOWN,
    },
    "substitution": {
        "product": "magnet:NdFeB-heavy", "share": 0.3, "start": "2025-05-01", **KNOWN,
    },
}  # fmt: skip


def having(lever: str, **changes: Any) -> Scenario:
    entry = {k: v for k, v in {**ENTRIES[lever], **changes}.items() if v is not None}
    return parse({"name": "mine", "title": "Mine", lever: [entry]})


@pytest.mark.parametrize("lever", ENTRIES)
def test_an_entry_is_kept_as_it_was_written(lever: str) -> None:
    (entry,) = having(lever).supplies[lever]
    written = entry.model_dump(mode="json", exclude_unset=True)
    assert written == ENTRIES[lever]


@pytest.mark.parametrize(
    ("lever", "changes", "says"),
    [
        ("recycling", {"product": "oxide:Dyy"}, "no product that is bought: oxide:Dyy (did you"),
        ("recycling", {"product": "component:actuator"}, "give one of the kinds ore, oxide"),
        ("recycling", {"country": "GER"}, "no node of the network: GER"),
        ("recycling", {"share": 1.2}, "recycling.0.share is 1.2"),
        ("recycling", {"share": "0.2"}, "recycling.0.share is '0.2'"),
        ("recycling", {"tonnes_per_year": 5}, "both of share and tonnes_per_year: give one"),
        ("recycling", {"share": None}, "neither of share and tonnes_per_year: give one"),
        ("recycling", {"full": "2025-04-01"}, "full 2025-04-01 is before start 2025-05-01"),
        ("recycling", {"start": "2024-05-01"}, "recycling.0 starts on 2024-05-01, outside"),
        ("recycling", {"grade": "E"}, "recycling.0.grade is 'E'"),
        ("recycling", {"reason": ""}, "recycling.0.reason"),
        ("recycling", {"shares": 0.1}, "unknown key recycling.0.shares (did you mean 'share'"),
        ("recycling", {"uses": ["military"]}, "recycling.0.uses.0 is 'military'"),
        ("recycling", {"users": ["wind", "wind"]}, "wind stands twice"),
        ("substitution", {"destinations": ["DEU", "XXX"]}, "no node of the network: XXX"),
        ("substitution", {"full": "2025-04-01"}, "full 2025-04-01 is before start"),
        ("stock_releases", {"days": None}, "neither of tonnes_per_day and days: give one"),
        ("stock_releases", {"tonnes_per_day": 3}, "both of tonnes_per_day and days: give one"),
        ("stock_releases", {"days": None, "tonnes_per_day": 3000}, "more than the 100 t that it"),
        ("stock_releases", {"tonnes": -1}, "stock_releases.0.tonnes is -1"),
        ("projects", {"project": "magnet:NdFeB-heavy@USA/eVA"}, "(did you mean 'magnet:NdFeB"),
        ("projects", {"project": "magnet:NdFeB-heavy@USA/eVAC"}, "which has its own country, prod"),
        ("projects", {"product": None, "start": None}, "a plant of your own lacks product, start"),
        ("projects", {"delay_days": 1.5}, "projects.0.delay_days is 1.5"),
    ],
)
def test_a_mistake_is_named_with_what_to_do(lever: str, changes: Any, says: str) -> None:
    with pytest.raises(RequestError) as caught:
        having(lever, **changes)
    assert says in "\n".join(caught.value.problems)


def test_mistakes_of_all_entries_are_listed_at_once() -> None:
    wrong = {lever: [{**entry, "product": "oxide:Zz"}] for lever, entry in ENTRIES.items()}
    with pytest.raises(RequestError) as caught:
        parse({"name": "mine", "title": "Mine", **wrong})
    assert sum("no product that is bought" in line for line in caught.value.problems) == 4


def test_names_are_those_of_the_network(network: ProductionNetwork) -> None:
    assert set(project_names()) == set(network.projects["project"])
    assert {p for p in network.links["product"] if p.startswith(("oxide", "magnet"))} <= {
        *products()
    }
