"""Thin stocks buy from thin stocks: how a lack of magnets reaches the lines through components."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from network_cases import table
from xenotime.networks.structure import SCHEMA, ProductionNetwork, empty_table
from xenotime.runs.cover_classes import CLASS_EDGES, sourcing
from xenotime.runs.execution import execute
from xenotime.runs.groups import build_groups
from xenotime.runs.layout import Layout, build_layout
from xenotime.runs.policies import policy_of
from xenotime.scenarios import load
from xenotime.scenarios.model import Scenario

MAKER, MOTORS = "magnet:NdFeB-light@JPN", "component:traction_motor@MEX"
BATTERY, HYBRID = (f"industry:light_vehicles_{kind}@USA" for kind in ("battery", "hybrid"))
MANY = "industry:consumer_electronics@USA"


@pytest.fixture(scope="module")
def small() -> ProductionNetwork:
    """Magnets of Japan, motors of Mexico, cars and loudspeakers of the United States."""
    links = [
        (MAKER, MOTORS, "magnet:NdFeB-light", 300.0),
        (MOTORS, BATTERY, "component:traction_motor", 200.0),
        (MOTORS, HYBRID, "component:traction_motor", 100.0),
        (MAKER, MANY, "magnet:NdFeB-light", 50.0),
        ("material:phosphor@JPN", MANY, "material:phosphor", 10.0),
    ]
    producers = [
        (MAKER, "JPN", "magnet", "", 350.0),
        (MOTORS, "MEX", "component", "", 300.0),
        ("material:phosphor@JPN", "JPN", "component", "", 10.0),
        (BATTERY, "USA", "industry", "light_vehicles_battery", 200.0),
        (HYBRID, "USA", "industry", "light_vehicles_hybrid", 100.0),
        (MANY, "USA", "industry", "consumer_electronics", 60.0),
    ]
    sold = {(s, p) for s, _, p, _ in links}
    bought = {(b, p): flow for _, b, p, flow in links}
    activity = {name: size for name, *_, size in producers}
    tables = {name: empty_table(name) for name in SCHEMA} | {
        "producers": table(
            "producers",
            *((n, c, stage, n, i, "", "", "operating", size) for n, c, stage, i, size in producers),
        ),
        "recipes": table(
            "recipes",
            *((s, p, "output", 1.0, "", 0.0) for s, p in sorted(sold)),
            *(
                (b, p, "input", flow / activity[b], "essential", 0.0)
                for (b, p), flow in sorted(bought.items())
            ),
        ),
        "links": table("links", *((*row, 10.0) for row in links)),
        "contents": table("contents", ("magnet:NdFeB-light", "", "Nd", 0.3)),
    }
    return ProductionNetwork(**tables)


def quiet(**changes: object) -> Scenario:
    return load("quiet").revised(end=dt.date(2025, 12, 31), **changes)


def simulated(network: ProductionNetwork, scenario: Scenario):
    layout = build_layout(network, ())
    groups = build_groups(layout)
    days = [scenario.start + dt.timedelta(days=i) for i in range(365)]
    policy = policy_of(scenario, None)
    found, _ = execute(
        layout,
        groups,
        scenario,
        days,
        policy,
        fixed={},
        draws=8,
        seed=7,
        threads=1,
        progress=lambda *_: None,
    )
    return layout, groups, found


def test_each_class_buys_components_of_its_own_class(small: ProductionNetwork) -> None:
    layout = build_layout(small, ())
    names = layout.producers["producer"].to_numpy()
    of_out, of_in = (frame["producer"].to_numpy() for frame in (layout.outputs, layout.inputs))
    paired = 0
    for link in layout.links.itertuples():
        seller, buyer = names[of_out[link.out_slot]], names[of_in[link.in_slot]]
        if link.product == "component:traction_motor":
            assert seller.rpartition("#")[2] == buyer.rpartition("#")[2]
            paired += 1
    assert paired == 2 * len(CLASS_EDGES)


def test_flows_of_the_classes_add_up_to_those_of_the_network(small: ProductionNetwork) -> None:
    layout = build_layout(small, ())
    total = layout.links.assign(flow=layout.flows[:, 0] * 365.25)
    total = total.groupby(["supplier", "product"])["flow"].sum()
    annual = small.links.groupby(["supplier", "product"])["base_flow_t_per_year"].sum()
    np.testing.assert_allclose(total, annual, rtol=1e-3)


def test_industries_of_many_products_are_split_by_input(small: ProductionNetwork) -> None:
    layout = build_layout(small, ())
    parts = layout.producers[layout.producers["parent"] == MANY]
    assert set(parts["part"]) == {("magnet:NdFeB-light",), ("material:phosphor",)}
    # a tonne of phosphor is not output, and no line stops for want of it
    counted = parts[parts["counted"]]
    assert set(counted["part"]) == {("magnet:NdFeB-light",)}
    assert len(counted) == len(CLASS_EDGES)
    assert len(parts) == len(CLASS_EDGES) + 1


def test_light_vehicles_are_the_sum_of_their_kinds(small: ProductionNetwork) -> None:
    layout = build_layout(small, ())
    assert layout.sectors == (
        ("consumer_electronics", "USA"),
        ("light_vehicles_battery", "USA"),
        ("light_vehicles_hybrid", "USA"),
        ("light_vehicles", "USA"),
    )
    assert layout.sector_parent.tolist() == [-1, 3, 3, -1]


def test_a_lack_of_magnets_stops_the_thinnest_stocks_first(small: ProductionNetwork) -> None:
    lost = {"producer": MAKER, "share": 1.0, "start": "2025-02-01", "days": 300}
    layout, _, found = simulated(small, quiet(shocks=[lost]))
    cars = layout.sectors.index(("light_vehicles", "USA"))
    output = found.output_share[cars]
    assert (found.first_stop[cars] > 31).all()
    # classes stop one after the other: many levels of output on the way down, not one cliff
    for draw in range(output.shape[1]):
        assert len(np.unique(output[:, draw].round(2))) >= len(CLASS_EDGES) - 1
    assert (np.diff(output[: 31 + 250], axis=0) <= 1e-4).all()


def test_without_a_shock_components_and_lines_stand_still(small: ProductionNetwork) -> None:
    _, groups, found = simulated(small, quiet())
    assert np.abs(found.output_share - 1).max() < 1e-5
    assert (found.first_stop == -1).all()
    assert found.violations.sum() == 0
    assert found.balance_error.max() < 1e-5
    # makers of components are reported whole
    assert MOTORS in groups.producers
    months = found.activity[groups.producers.index(MOTORS)].sum(axis=0)
    np.testing.assert_allclose(months, 300.0 * 365 / 365.25, rtol=1e-3)


def test_stocks_are_reported_by_industry_and_by_kind_of_component_maker(
    small: ProductionNetwork,
) -> None:
    groups = build_groups(build_layout(small, ()))
    assert groups.stocks.keys == (
        ("component:traction_motor", "MEX"),
        ("consumer_electronics", "USA"),
        ("light_vehicles_battery", "USA"),
        ("light_vehicles_hybrid", "USA"),
    )


def test_a_lack_of_magnets_is_embodied_where_magnets_are_built_in(small: ProductionNetwork) -> None:
    groups = build_groups(build_layout(small, ()))
    assert groups.shortages.keys == (("Nd", "MEX", "embodied"), ("Nd", "USA", "embodied"))


def is_whole(layout: Layout, name: str) -> bool:
    rows = layout.producers[layout.producers["parent"] == name]
    return rows["cover_class"].tolist() == [-1]


def test_a_line_has_one_source(small: ProductionNetwork) -> None:
    """Cars whose motors come from Mexico stop; those with motors from Korea do not."""
    korea = "component:traction_motor@KOR"
    maker = "magnet:NdFeB-light@KOR"
    wider = extended(
        small,
        producers=[(maker, "KOR", "magnet", "", 200.0), (korea, "KOR", "component", "", 200.0)],
        recipes=[
            (maker, "magnet:NdFeB-light", "output", 1.0, "", 0.0),
            (korea, "component:traction_motor", "output", 1.0, "", 0.0),
            (korea, "magnet:NdFeB-light", "input", 1.0, "essential", 0.0),
        ],
        links=[
            (maker, korea, "magnet:NdFeB-light", 200.0),
            (korea, BATTERY, "component:traction_motor", 200.0),
        ],
    )
    lost = {"producer": MAKER, "share": 1.0, "start": "2025-02-01", "days": 300}
    layout, _, found = simulated(wider, quiet(shocks=[lost]))
    battery = layout.sectors.index(("light_vehicles_battery", "USA"))
    last = found.output_share[battery, 31 + 299]
    # half of the motors came from Mexico: those lines stop, whole, but for the thickest stocks
    assert np.isclose(last, 0.5, atol=0.01).sum() >= 4
    assert (last >= 0.49).all()
    assert (found.peak_stopped[battery] <= 0.51).all()


def extended(network: ProductionNetwork, **rows: list[tuple[object, ...]]) -> ProductionNetwork:
    makers = ((n, c, s, n, i, "", "", "operating", size) for n, c, s, i, size in rows["producers"])
    links = ((*row, 10.0) for row in rows["links"])
    added = {
        "producers": table("producers", *makers),
        "recipes": table("recipes", *rows["recipes"]),
        "links": table("links", *links),
    }
    both = {
        name: pd.concat([getattr(network, name), frame], ignore_index=True)
        for name, frame in added.items()
    }
    return dataclasses.replace(network, **both)


amounts = st.lists(st.floats(0.0, 1e3), min_size=1, max_size=5)
places = st.lists(st.sampled_from(["CHN", "JPN", "MEX"]), min_size=5, max_size=5)


@given(lead=amounts, other=amounts, lead_in=places, other_in=places)
def test_sources_share_other_inputs_out_without_loss(
    lead: list[float], other: list[float], lead_in: list[str], other_in: list[str]
) -> None:
    flows = [np.array(part)[:, None] for part in (lead, other)]
    table = sourcing(*flows, lead_in[: len(lead)], other_in[: len(other)])[..., 0]
    assert (table >= 0).all()
    if sum(lead) > 0:
        np.testing.assert_allclose(table.sum(axis=1), other, rtol=1e-9, atol=1e-9)
        # each line takes the other input in the proportion of its leading one
        share = np.array(lead) / sum(lead)
        np.testing.assert_allclose(table.sum(axis=0), share * sum(other), rtol=1e-9, atol=1e-9)


def test_makers_of_magnets_and_materials_stay_whole(small: ProductionNetwork) -> None:
    layout = build_layout(small, ())
    assert is_whole(layout, MAKER)
    assert is_whole(layout, "material:phosphor@JPN")
    assert not is_whole(layout, MOTORS)
