"""The network of 2010: cited figures are met, what did not exist is absent, it is in balance."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import pytest

from xenotime.facts.problems import RequestError
from xenotime.networks import Baseline, validate
from xenotime.networks.precedent import build_precedent

MEMBERS = 3


@lru_cache(maxsize=1)
def built() -> Baseline:
    return build_precedent(2010, members=MEMBERS)


def flows(**wanted: str) -> float:
    """Tonnes a year of links whose origin, destination or product begins as wanted."""
    network = built().network
    table = network.links
    country = network.producers.set_index("producer")["country"]
    chosen = table["base_flow_t_per_year"] >= 0.0
    if "form" in wanted:
        chosen &= table["product"].str.startswith(f"{wanted['form']}:")
    if "origin" in wanted:
        chosen &= table["supplier"].map(country) == wanted["origin"]
    if "abroad" in wanted:
        chosen &= table["supplier"].map(country) != table["buyer"].map(country)
    return float(table[chosen]["base_flow_t_per_year"].sum())


def test_it_is_a_sound_network_with_an_ensemble() -> None:
    network, report = built()
    assert validate(network) == []
    assert network.ensemble["member"].nunique() == MEMBERS
    assert report.hard_violation < 1e-9
    assert report.unexplained == ()
    assert report.within_one_sigma >= 0.8


def test_cited_figures_are_met() -> None:
    assert flows(form="ore") == pytest.approx(101_000, rel=0.05)
    assert flows(form="blank", origin="CHN") == pytest.approx(78_600, rel=0.15)
    assert flows(form="magnet", origin="CHN", abroad="yes") == pytest.approx(13_886, rel=0.15)
    japan, china = flows(form="blank", origin="JPN"), flows(form="blank", origin="CHN")
    assert japan / china == pytest.approx(19.3 / 79.4, rel=0.1)


def test_what_did_not_exist_in_2010_is_absent() -> None:
    network = built().network
    assert not (network.producers["industry"] == "light_vehicles_battery").any()
    assert not len(network.projects)
    assert not (network.sources["role"] == "project").any()
    mines = network.producers[network.producers["stage"] == "mine"]
    assert set(mines["country"]) == {"CHN", "IND", "RUS"}


def test_japan_depends_on_china_for_dysprosium_and_can_make_magnets() -> None:
    network = built().network
    heavy = network.links[network.links["product"].isin(["oxide:Dy", "metal:Dy"])]
    country = network.producers.set_index("producer")["country"]
    foreign = heavy[
        (heavy["buyer"].map(country) == "JPN") & (heavy["supplier"].map(country) != "JPN")
    ]
    assert set(foreign["supplier"].map(country)) == {"CHN"}
    assert flows(form="magnet", origin="JPN") > 8_000


def test_every_flow_names_its_figures_and_figures_of_today_are_few() -> None:
    network = built().network
    assert (network.flow_basis["sources"] != "").all()
    dated = [name for name in network.sources["id"] if "/2024@" in name or "/2023@" in name]
    assert dated == []


def test_members_differ_and_repeat() -> None:
    again = build_precedent(2010, members=MEMBERS).network.ensemble
    ensemble = built().network.ensemble
    assert again.equals(ensemble)
    totals = ensemble.groupby("member")["base_flow_t_per_year"].sum()
    assert totals.nunique() == MEMBERS


def test_requests_that_have_no_answer_are_refused() -> None:
    with pytest.raises(RequestError, match="2010 alone") as caught:
        build_precedent(2011, members=0)
    assert len(caught.value.problems) == 2
    with pytest.raises(RequestError, match="choose a later day"):
        build_precedent(as_of=date(2010, 9, 1))
