"""Runs: same seed same bits, whatever the blocks; quiet networks stay still; scale and order."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest

from xenotime import facts
from xenotime.engine import element_balance, mass_balance, simulate
from xenotime.networks.structure import ProductionNetwork
from xenotime.runs import execution
from xenotime.runs.collecting import Collected, reduce_block
from xenotime.runs.compiling import Block, compile_block
from xenotime.runs.draws import sample_parameters
from xenotime.runs.execution import execute
from xenotime.runs.groups import Groups, build_groups
from xenotime.runs.layout import Layout, build_layout
from xenotime.runs.policies import policy_of
from xenotime.scenarios import Scenario, load

_prepared: dict[tuple[object, ...], tuple[ProductionNetwork, Layout, Groups]] = {}


def prepared(network: ProductionNetwork, scenario: Scenario) -> tuple[Layout, Groups]:
    controls = policy_of(scenario, None).controls
    key = (id(network), tuple(c.id for c in controls))
    if key not in _prepared:
        layout = build_layout(network, controls)
        # The network is kept, so that its id stays its own.
        _prepared[key] = (network, layout, build_groups(layout))
    return _prepared[key][1:]


def executed(
    network: ProductionNetwork, scenario: Scenario, *, draws: int = 4, seed: int = 7, **options: Any
) -> tuple[Layout, Groups, Collected]:
    layout, groups = prepared(network, scenario)
    found, _ = execute(
        layout,
        groups,
        scenario,
        scenario.days,
        policy_of(scenario, None),
        fixed=dict(scenario.parameters),
        draws=draws,
        seed=seed,
        threads=options.get("threads"),
        progress=lambda *_: None,
    )
    return layout, groups, found


def compiled(
    network: ProductionNetwork,
    scenario: Scenario,
    draws: int = 4,
    held: Sequence[tuple[str, float]] = (),
) -> Block:
    """A block of draws; `held` sets one parameter of each draw in turn."""
    layout, groups = prepared(network, scenario)
    policy = policy_of(scenario, None)
    values, member = sample_parameters(facts.parameters(), {}, first=0, count=draws, seed=7)
    values = {name: np.array(drawn) for name, drawn in values.items()}
    for draw, (name, value) in enumerate(held):
        values[name][draw] = value
    return compile_block(
        layout,
        groups,
        scenario,
        scenario.days,
        policy,
        values=values,
        member=member,
        first=0,
        seed=7,
    )


def short(name: str, end: dt.date = dt.date(2025, 6, 30)) -> Scenario:
    return load(name).revised(end=end)


def export(groups: Groups, found: Collected, *key: str) -> np.ndarray:
    return found.flows[groups.exports.keys.index(key)]


def test_without_a_shock_nothing_moves_in_double_precision(network: ProductionNetwork) -> None:
    block = compiled(network, short("quiet"))
    outcome = simulate(block.arrays, dtype="float64")
    activity = outcome.activity
    days = np.bincount(block.arrays.month_of_day)
    rate = activity / days[None, :, None]
    group = block.arrays.activity_group
    base = np.zeros((len(activity), rate.shape[-1]))
    np.add.at(base, group[group >= 0], block.arrays.base_activity[group >= 0])
    assert np.abs(rate / base[:, None, :] - 1).max() < 1e-9
    assert np.abs(outcome.output_share_daily - 1).max() < 1e-6  # kept in single precision
    assert (outcome.first_stop == -1).all()


@pytest.mark.parametrize(("precision", "limit"), [("float64", 1e-9), ("float32", 1e-5)])
def test_mass_is_conserved_through_the_shock(
    network: ProductionNetwork, precision: Any, limit: float
) -> None:
    block = compiled(network, load("april-2025"))
    outcome = simulate(block.arrays, dtype=precision)
    assert mass_balance(block.arrays, outcome).max() < limit
    layout, _ = prepared(network, load("april-2025"))
    out_content, in_content = contents(layout)
    balance = element_balance(block.arrays, outcome, out_content, in_content)
    assert balance.relative.max() < limit


def contents(layout: Layout) -> tuple[np.ndarray, np.ndarray]:
    """Element shares at output and input slots."""
    names = layout.producers["parent"].to_numpy()
    out = [
        [layout.content(row.product, names[row.producer]).get(e, 0.0) for e in facts.ELEMENTS]
        for row in layout.outputs.itertuples(index=False)
    ]
    inside = [
        [layout.content(row.product, "").get(e, 0.0) for e in facts.ELEMENTS]
        for row in layout.inputs.itertuples(index=False)
    ]
    return np.array(out), np.array(inside)


def test_same_seed_same_bits_in_any_blocks_and_threads(
    network: ProductionNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = short("april-2025")
    _, groups, whole = executed(network, scenario, draws=6)
    monkeypatch.setattr(execution, "BLOCK", 2)
    _, _, parts = executed(network, scenario, draws=6, threads=1)
    for field in dataclasses.fields(Collected):
        one, other = getattr(whole, field.name), getattr(parts, field.name)
        assert (one == other).all(), field.name
    _, _, different = executed(network, scenario, draws=6, seed=8)
    key = ("magnet", "CHN", "WLD")
    assert (export(groups, whole, *key) != export(groups, different, *key)).any()


def test_more_draws_keep_the_first_ones(network: ProductionNetwork) -> None:
    scenario = short("april-2025", dt.date(2025, 4, 30))
    _, _, few = executed(network, scenario, draws=3)
    _, _, many = executed(network, scenario, draws=5)
    assert (many.flows[..., :3] == few.flows).all()


def test_row_order_does_not_matter(network: ProductionNetwork) -> None:
    scenario = short("april-2025")
    shuffled = dataclasses.replace(
        network,
        **{
            name: table.sample(frac=1.0, random_state=3).reset_index(drop=True)
            for name, table in network.tables()
        },
    )
    _, groups, one = executed(network, scenario)
    _, other_groups, other = executed(shuffled, scenario)
    assert groups.exports.keys == other_groups.exports.keys
    np.testing.assert_allclose(one.flows, other.flows, rtol=2e-4, atol=1e-3)
    np.testing.assert_allclose(one.days_lost, other.days_lost, rtol=1e-3, atol=1e-3)


def test_tonnage_scales(network: ProductionNetwork) -> None:
    scenario = short("april-2025")
    factor = 3.0

    def scaled(table: Any, *columns: str) -> Any:
        return table.assign(**{c: table[c] * factor for c in columns})

    larger = dataclasses.replace(
        network,
        producers=scaled(network.producers, "base_activity_t_per_year"),
        links=scaled(network.links, "base_flow_t_per_year"),
        ensemble=scaled(network.ensemble, "base_flow_t_per_year"),
        demand=scaled(network.demand, "base_flow_t_per_year"),
    )
    _, _, one = executed(network, scenario)
    _, _, other = executed(larger, scenario)
    np.testing.assert_allclose(other.flows, factor * one.flows, rtol=2e-4, atol=1e-3)
    np.testing.assert_allclose(other.days_lost, one.days_lost, rtol=1e-3, atol=1e-3)


def test_a_lost_plant_is_missed_downstream_and_only_from_its_date(
    network: ProductionNetwork,
) -> None:
    quiet = short("quiet", dt.date(2025, 12, 31))
    lost = quiet.revised(
        shocks=[
            {"producer": "magnet:NdFeB-heavy@JPN", "share": 1.0, "start": "2025-03-01", "days": 300}
        ]
    )
    _, groups, before = executed(network, quiet)
    _, _, after = executed(network, lost)
    key = ("magnet", "JPN", "WLD")
    one, other = export(groups, before, *key), export(groups, after, *key)
    np.testing.assert_allclose(other[:2], one[:2], rtol=1e-5)
    assert (other[4:] < 0.9 * one[4:]).all()


def test_more_approval_means_more_licensed_shipments(network: ProductionNetwork) -> None:
    scenario = short("april-2025", dt.date(2025, 12, 31))
    slow = scenario.revised(parameters={"approval_hazard_framework": 0.01})
    fast = scenario.revised(parameters={"approval_hazard_framework": 0.2})
    layout, _, low = executed(network, slow)
    _, _, high = executed(network, fast)
    licensed = [c.goods != "lookalike" for c in layout.classes]
    assert (
        high.licensed[licensed].sum(axis=(0, 1)) > low.licensed[licensed].sum(axis=(0, 1))
    ).all()


@pytest.mark.parametrize("factor", [0.95, 0.6, 0.0])
def test_fewer_permits_never_mean_more_controlled_shipments_in_sum(
    network: ProductionNetwork, factor: float
) -> None:
    """Same draws, every cap and every licensed volume lowered: sums by the end of each month."""
    block = compiled(network, load("april-2025"), draws=8)
    arrays = block.arrays
    fewer = dataclasses.replace(
        arrays,
        cap_multiple=_lowered(arrays.cap_multiple, factor),
        granted=_lowered(arrays.granted, factor),
    )
    sums = [
        np.cumsum(simulate(chain, dtype="float64").used.sum(axis=0), axis=0)
        for chain in (arrays, fewer)
    ]
    assert (sums[1] <= sums[0] * (1 + 1e-9)).all()


def _lowered(values: np.ndarray, factor: float) -> np.ndarray:
    """Scale what is limited; what is free stays free."""
    limited = np.isfinite(values)
    return np.where(limited, np.where(limited, values, 0.0) * factor, np.inf)


ONE_FOR_ALL_DRAWS = ("licence_validity_days", "renewal_lead_days")


def extremes(name: str) -> list[float]:
    """The least and the most that a user may ask for."""
    parameter = facts.parameters()[name]
    steps = (1e-3, 1.0, 100.0, 3650.0, 1000 * parameter.high)
    allowed = [v for v in (0.0, *steps) if parameter.refuses(v) is None]
    return [min(allowed), max(allowed)]


def sane(found: Collected) -> None:
    """No NaN, no negative tonnage, shares in [0, 1], ledgers that close."""
    assert np.isfinite(found.flows).all()
    assert (found.flows >= 0).all()
    assert ((found.peak_stopped >= 0) & (found.peak_stopped <= 1 + 1e-6)).all()
    assert ((found.open_share >= 0) & (found.open_share <= 1)).all()
    assert found.violations.sum() == 0
    assert found.balance_error.max() < 1e-5


def test_every_allowed_extreme_of_a_parameter_gives_sane_results(
    network: ProductionNetwork,
) -> None:
    """Each parameter at both ends of what a user may ask for, the others as drawn."""
    asked = [
        (name, value)
        for name in facts.parameters()
        if name not in ONE_FOR_ALL_DRAWS
        for value in extremes(name)
    ]
    block = compiled(network, short("april-2025"), draws=len(asked), held=asked)
    sane(reduce_block(block, simulate(block.arrays)))


@pytest.mark.parametrize("name", ONE_FOR_ALL_DRAWS)
def test_extremes_that_hold_for_all_draws_give_sane_results(
    network: ProductionNetwork, name: str
) -> None:
    for value in extremes(name):
        scenario = short("april-2025").revised(parameters={name: value})
        sane(executed(network, scenario, draws=2)[2])


def test_a_network_without_an_ensemble_is_its_own_only_member(network: ProductionNetwork) -> None:
    alone = dataclasses.replace(network, ensemble=network.ensemble.iloc[:0])
    layout, _ = prepared(alone, short("quiet"))
    assert layout.members == 1
    whole = prepared(network, short("quiet"))[0]

    def middle(found: Layout) -> pd.Series:
        keys = ["supplier", "buyer", "product"]
        return found.links.assign(flow=found.flows[:, 0]).groupby(keys)["flow"].sum()

    pd.testing.assert_series_equal(middle(layout), middle(whole), rtol=1e-9)
