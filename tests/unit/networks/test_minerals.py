"""The other minerals: cited output and trade are met, priors stay priors, members differ."""

import csv
from collections import defaultdict
from datetime import date
from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xenotime import facts
from xenotime.facts.taxonomy import NETWORK_COUNTRIES
from xenotime.networks.chain.figures import Figures
from xenotime.networks.chain.nodes import Link, country_of
from xenotime.networks.chain.row import NamedRow, Row
from xenotime.networks.minerals import mineral_flows
from xenotime.networks.minerals.catalogue import LEFT_OUT, MINERALS
from xenotime.networks.minerals.drivers import spread
from xenotime.networks.minerals.programme import fit


@lru_cache(maxsize=4)
def flows(member: int = 0):
    return mineral_flows(None, member=member)


def sold() -> dict[tuple[str, str], float]:
    """Tonnes a year by product and country of origin."""
    total: dict[tuple[str, str], float] = defaultdict(float)
    for link, flow in flows().flows.items():
        total[link.product, country_of(link.supplier)] += flow
    return total


def fitted(row: NamedRow, flows: dict[Link, float]) -> float:
    """Value of a row at a solution, t/y."""
    return sum(weight * flows[link] for link, weight in row.terms.items())


def test_every_mineral_flows_and_nothing_is_negative() -> None:
    found = flows().flows
    assert {link.product for link in found} == {mineral.product for mineral in MINERALS}
    assert min(found.values()) >= 0.0


def test_the_network_of_minerals_is_of_useful_size() -> None:
    found = flows()
    assert found.candidates >= 1000
    ends = {end for link in found.flows for end in (link.supplier, link.buyer)}
    assert len(ends) >= 100


@pytest.mark.parametrize(
    ("product", "country", "tonnes"),
    [
        # as printed in the Mineral Commodity Summaries 2026 for 2024
        ("metal:Ga", "CHN", 839.0),
        ("ore:W", "CHN", 67_000.0),
        ("ore:Sb", "KAZ", 800.0),
        ("ore:Mo", "MNG", 3_110.0),
        ("ore:Mo", "UZB", 2_100.0),
        ("metal:Te", "ZAF", 5.0),
        ("ore:graphite", "MDG", 85_000.0),
        ("metal:Bi", "LAO", 492.0),
        ("metal:In", "FRA", 21.0),
    ],
)
def test_output_is_near_what_the_survey_prints(product: str, country: str, tonnes: float) -> None:
    assert sold()[product, country] == pytest.approx(tonnes, rel=0.15)


def test_makers_sit_where_the_source_names_them_and_users_in_the_nodes() -> None:
    assert sold()["ore:Mo", "CHL"] == pytest.approx(38_500, rel=0.1)
    assert sold()["ore:Sb", "TJK"] == pytest.approx(22_000, rel=0.15)
    assert {country_of(link.buyer) for link in flows().flows} <= set(NETWORK_COUNTRIES)


def test_the_united_states_receive_what_they_import_net() -> None:
    into: dict[str, float] = defaultdict(float)
    for link, flow in flows().flows.items():
        if country_of(link.buyer) == "USA" != country_of(link.supplier):
            into[link.product] += flow
    assert into["ore:graphite"] == pytest.approx(73_900 - 8_740, rel=0.10)
    assert into["ore:Sb"] == pytest.approx(24_000 + 4_920 + 430 - 2_690 - 1_570, rel=0.10)
    assert into["metal:Ga"] == pytest.approx(11.0, rel=0.15)


def test_most_cited_tonnages_are_met_within_one_sigma() -> None:
    found = flows()
    levels = [row for row in found.rows if row.kind == "level"]
    near = [row for row in levels if abs(fitted(row, found.flows) - row.value) <= row.sigma]
    assert len(levels) > 60
    assert len(near) >= 0.8 * len(levels)


def test_every_flow_names_figures_that_exist() -> None:
    found = flows()
    assert found.basis.keys() == found.flows.keys()
    for basis, sources in found.basis.values():
        assert basis in {"observed", "allocated"}
        ids = sources.split(";")
        assert len(ids) == len(set(ids)) >= 2
    for name in {part for _, cell in found.basis.values() for part in cell.split(";")}:
        assert facts.brief(facts.get(name)).grade in {"A", "B", "C", "prior"}
        assert name in {source for source, _ in found.uses}


def test_members_share_their_links_and_repeat() -> None:
    first, again, other = flows(1), mineral_flows(None, member=1), flows(2)
    assert first.flows == again.flows
    assert first.flows.keys() == flows().flows.keys() == other.flows.keys()
    changed = sum(abs(first.flows[link] - flow) for link, flow in flows().flows.items())
    assert changed > 0.02 * sum(flows().flows.values())


def test_before_the_release_nothing_is_known_and_nothing_is_made_up() -> None:
    found = mineral_flows(date(2025, 4, 4))
    assert (found.flows, found.rows) == ({}, ())
    assert any(name.startswith("mineral_production/") for name in found.missing)


def test_reasons_for_leaving_claims_out_speak_of_claims_that_exist() -> None:
    ids = [claim.id for claim in facts.claims()]
    idle = [start for start in LEFT_OUT if not any(name.startswith(start) for name in ids)]
    assert idle == []
    read = {name for name, _ in flows().uses}
    assert [name for name in read if name.startswith(tuple(LEFT_OUT))] == []


def test_use_spreads_over_countries_as_their_output() -> None:
    shares = spread("semiconductors", Figures()).shares()
    assert sum(shares.values()) == pytest.approx(1.0)
    assert shares["CHN"] > shares["USA"] > shares["DEU"] > shares["AUS"] > 0.0
    # parts of the database's rest of the world get some of it by their size
    assert shares["MYS"] > shares["MMR"] > 0.0


def _link(maker: int, user: int) -> Link:
    return Link(f"mine:Sb@M{maker}", f"industry:other@U{user}", "ore:Sb")


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.floats(1.0, 1e4), min_size=4, max_size=9),
    st.lists(st.floats(1.0, 1e4), min_size=3, max_size=3),
)
def test_a_fit_is_never_negative_and_meets_a_figure_that_nothing_contradicts(
    sizes: list[float], targets: list[float]
) -> None:
    start = {_link(number % 3, number // 3): size for number, size in enumerate(sizes)}
    rows = [
        Row(
            f"output {maker}",
            {link: 1.0 for link in start if link.supplier.endswith(f"M{maker}")},
            target,
            1e-5 * target,
            "t",
            "level",
            "A",
            (),
        )
        for maker, target in enumerate(targets)
    ]
    answer = fit(start, rows)
    assert min(answer.values()) >= 0.0
    for row in rows:
        # sigma is so small that the start, ten thousand times too small at worst, hardly pulls
        assert fitted(row, answer) == pytest.approx(row.value, rel=1e-2)


def test_conflicts_of_minerals_are_explained() -> None:
    from importlib import resources

    path = resources.files("xenotime.networks") / "data" / "conflicts.csv"
    with path.open(encoding="utf-8") as lines:
        explained = {row["fact"] for row in csv.DictReader(lines)}
    found = flows()
    moved = {
        row.name
        for row in found.rows
        if row.kind == "level"
        and row.grade == "A"
        and abs(fitted(row, found.flows) / row.value - 1.0) > 0.15
    }
    assert moved <= explained
