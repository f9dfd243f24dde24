"""Summaries: what is observed, what figures touch, which producers and links are found."""

from __future__ import annotations

import pytest

from network_cases import small_network, table
from xenotime.facts.problems import RequestError
from xenotime.networks.lookup import flows_of_producer, flows_where, link_named
from xenotime.networks.summary import (
    acceptance,
    countries_without_cited_flow,
    observed_shares,
    sizes,
    worst_residuals,
)

CLAIM = "mine_production/CHN/2024@mcs2026"


def cited():
    """The small network with its ore cited: pinned, and contained in a figure of grade A."""
    network = small_network()
    basis = network.flow_basis
    ore = basis["product"] == "ore:clay"
    basis.loc[ore, "basis"] = "observed"
    basis.loc[ore | (basis["product"] == "oxide:Dy"), "sources"] = f"prior/x;{CLAIM}"
    extra = table("sources", (CLAIM, "figure", "A"), ("prior/x", "driver", "prior"))
    object.__setattr__(network, "sources", extra)
    return network


def test_observed_and_touched_are_shares_of_the_tonnes_of_a_stage() -> None:
    found = observed_shares(cited()).set_index("stage")
    assert list(found.index) == ["mine", "separation"]
    assert found.loc["mine", ["observed_percent", "touched_percent"]].tolist() == [100.0, 100.0]
    # three equal oxide flows, one of them inside a cited figure, none pinned by one
    assert found.loc["separation", "observed_percent"] == 0.0
    assert found.loc["separation", "touched_percent"] == pytest.approx(100.0 / 3.0)
    assert found.loc["separation", ["links", "observed_links"]].tolist() == [3, 0]


def test_countries_that_no_cited_figure_reaches_are_named() -> None:
    assert countries_without_cited_flow(cited()) == ["JPN"]
    assert countries_without_cited_flow(small_network()) == ["CHN", "JPN"]


def test_a_driver_is_no_cited_figure() -> None:
    network = cited()
    network.sources.loc[network.sources["id"] == CLAIM, "role"] = "driver"
    # the mine's flow stays observed by its basis, and what is observed is touched
    assert observed_shares(network)["touched_percent"].tolist() == [100.0, 0.0]


def test_sizes_count_what_is_there() -> None:
    found = sizes(small_network())
    assert (found["producers"], found["links"], found["links_above_1_t"]) == (4, 4, 4)
    assert (found["countries"], found["products"], found["members"]) == (2, 3, 1)


def test_residuals_are_ranked_by_size_whatever_their_sign() -> None:
    facts = [{"deviation_sigma": value} for value in (0.5, -3.0, 2.0)]
    assert [row["deviation_sigma"] for row in worst_residuals({"facts": facts}, 2)] == [-3.0, 2.0]


@pytest.mark.parametrize(
    ("violation", "within", "unexplained", "passed"),
    [
        (1e-12, 0.8, [], [True, True, True]),
        (1e-9, 0.79, ["x"], [False, False, False]),
        (0.0, None, [], [True, None, True]),
    ],
)
def test_acceptance_holds_the_report_to_its_limits(
    violation: float, within: float | None, unexplained: list[str], passed: list[bool | None]
) -> None:
    report = {
        "hard_violation": violation,
        "within_one_sigma": within,
        "unexplained": unexplained,
    }
    assert [row["passed"] for row in acceptance(report)] == passed


def test_links_are_found_by_name_whatever_the_blanks() -> None:
    network = small_network()
    row = link_named(network, "mine:clay@CHN>separation:clay@CHN  > ore:clay")
    assert row["t_per_year"] == 100.0
    with pytest.raises(RequestError, match="did you mean"):
        link_named(network, "mine:clay@CHN > separation:clay@CHN > ore:cly")
    with pytest.raises(RequestError, match="did you mean"):
        flows_of_producer(network, "mine:cly@CHN")


def test_filters_combine() -> None:
    network = small_network()
    both = flows_where(network, country="CHN", stage="industry")
    home = network.links["buyer"].str.endswith("@CHN") & (network.links["product"] != "ore:clay")
    assert set(both["product"]) == set(network.links[home]["product"])
    assert len(flows_where(network, country="JPN", product="oxide:Dy")) == 0
