"""Drivers of use by country: sums and shares of the builder, and sense of the built figures."""

import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from xenotime import facts

TOOLS = Path(__file__).parents[3] / "tools"


@pytest.fixture(autouse=True)
def _tools_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(TOOLS), *sys.path])


def figures(table: str) -> dict[tuple[str, ...], float]:
    return {c.segments: c.mid for c in facts.claims() if c.quantity == table and c.mid is not None}


def test_members_of_the_union_without_a_node_are_summed_and_the_rest_keeps_its_name() -> None:
    from facts_industry import Table, node_flows

    regions, sectors = ["DEU", "ITA", "POL", "RoW"], ["c14", "c15"]
    flows = np.zeros((8, 8))
    flows[2, 1] = 5.0  # Italian c14 to German c15
    flows[4, 1] = 7.0  # Polish c14 to German c15
    flows[6, 5] = 2.0  # c14 of the rest of the world to Polish c15
    flows[3, 1] = 99.0  # another sector
    found = node_flows(Table(flows, flows.sum(axis=1), regions, sectors), "c14", "c15")
    assert found["REU", "DEU"] == 12.0
    assert found["ROW", "REU"] == 2.0
    assert sum(found.values()) == 14.0


def test_drivers_carry_their_year_grade_and_citation() -> None:
    rows = [c for c in facts.claims() if c.quantity in {"industry_output", "component_trade"}]
    assert {(c.grade, c.period, c.kind, c.unit) for c in rows} == {
        ("C", "2011", "derived", "USD m")
    }
    assert all("Timmer" in c.source_title and c.formula for c in rows)


def test_output_covers_every_region_of_the_table() -> None:
    output = figures("industry_output")
    assert len({country for country, *_ in output}) == 41
    assert {sector for _, sector, _ in output} >= {"electrical_optical", "transport_equipment"}
    # China made more electrical equipment than anybody else, Germany more cars than France
    electrical = {c: v for (c, sector, _), v in output.items() if sector == "electrical_optical"}
    assert max(electrical, key=electrical.__getitem__) == "CHN"
    assert (
        output["DEU", "transport_equipment", "2011"] > output["FRA", "transport_equipment", "2011"]
    )


def test_component_trade_is_what_a_user_buys_and_never_more_than_its_origin_makes() -> None:
    trade, output = figures("component_trade"), figures("industry_output")
    sold: dict[tuple[str, str], float] = defaultdict(float)
    for (origin, _, pair, _), value in trade.items():
        sold[origin, pair.partition("-")[0]] += value
    for (origin, sector), value in sold.items():
        if origin != "REU":  # its members have rows of their own
            assert value <= output[origin, sector, "2011"]
    # Mexican car makers buy electrical parts from the United States and China, not from Estonia
    mexico = {
        o: v
        for (o, u, pair, _), v in trade.items()
        if (u, pair[-19:]) == ("MEX", "transport_equipment")
    }
    assert {"USA", "CHN", "MEX"} <= mexico.keys()
    assert "EST" not in mexico


def test_the_parts_of_the_rest_of_the_world_are_less_than_the_rest() -> None:
    gdp = figures("gdp")
    parts = ("VNM", "MYS", "THA", "LAO", "MMR", "KAZ", "UZB", "MNG", "ZAF", "NGA", "MDG")
    for year in ("2011", "2023"):
        whole = gdp["ROW", "wiod_rest", year]
        assert 0.0 < sum(gdp[country, year] for country in parts) < whole < gdp["WLD", year]
        assert 0.0 < gdp["REU", year] < gdp["WLD", year]
