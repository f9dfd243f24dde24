from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from network_cases import MEMBERS, changed, table
from xenotime.networks import member_network, validate
from xenotime.networks.structure import SCHEMA
from xenotime.networks.validation import known_product


def drop(network, name, row):
    return replace(network, **{name: getattr(network, name).drop(index=row)})


def twice(network, name, row):
    frame = getattr(network, name)
    return replace(network, **{name: pd.concat([frame, frame.loc[[row]]], ignore_index=True)})


def emptied(network, name):
    return replace(network, **{name: table(name)})


def mixed(frame, column, value):
    """The frame with any object in the first cell of a text column."""
    cells = [value, *frame[column].tolist()[1:]]
    return frame.assign(**{column: pd.Series(cells, dtype=object, index=frame.index)})


NAN = float("nan")

DEFECTS = {
    "unknown country": (lambda n: changed(n, "producers", 0, "country", "XXX"), "'XXX' is unknown"),
    "unknown stage": (lambda n: changed(n, "producers", 0, "stage", "alchemy"), "'alchemy'"),
    "unknown industry": (lambda n: changed(n, "producers", 2, "industry", "zoo"), "'zoo' is unk"),
    "unknown element": (lambda n: changed(n, "contents", 0, "element", "Xx"), "'Xx' is unknown"),
    "unknown product": (lambda n: changed(n, "contents", 0, "product", "oxide:Xx"), "'oxide:Xx'"),
    "negative flow": (lambda n: changed(n, "links", 1, "base_flow_t_per_year", -1.0), "-1.0"),
    "missing flow": (lambda n: changed(n, "links", 1, "base_flow_t_per_year", NAN), "nan"),
    "endless cover": (lambda n: changed(n, "stocks", 0, "cover_days", float("inf")), "inf"),
    "no transit": (lambda n: changed(n, "links", 0, "transit_days", 0.0), "at least 1"),
    "all discarded twice": (lambda n: changed(n, "recipes", 3, "discard_share", 1.5), "at most 1"),
    "duplicate link": (lambda n: twice(n, "links", 2), "appears more than once"),
    "duplicate producer": (lambda n: twice(n, "producers", 0), "appears more than once"),
    "missing recipe": (lambda n: drop(n, "recipes", 0), "has no recipe"),
    "recipe of nobody": (
        lambda n: changed(n, "recipes", 0, "process", "mine:x@CHN"),
        "no producer",
    ),
    "dangling buyer": (
        lambda n: changed(n, "links", 1, "buyer", "industry:x@CHN"),
        "is not a prod",
    ),
    "wrong product on link": (
        lambda n: changed(n, "links", 1, "product", "oxide:Tb"),
        "'oxide:Tb'",
    ),
    "stock of nothing": (lambda n: changed(n, "stocks", 0, "product", "oxide:Dy"), "no input"),
    "link without basis": (lambda n: drop(n, "flow_basis", 1), "has no row in flow_basis"),
    "basis without link": (lambda n: drop(n, "links", 1), "there is no such link"),
    "wrong basis": (
        lambda n: changed(n, "flow_basis", 0, "basis", "guessed"),
        "observed, allocated",
    ),
    "crossed interval": (lambda n: changed(n, "flow_basis", 0, "low", 1e6), "is above high"),
    "crossed estimate": (lambda n: changed(n, "estimates", 0, "low", 30.0), "out of order"),
    "figure not listed": (lambda n: drop(n, "sources", 1), "'prior/x' is not in the table sources"),
    "unknown role": (lambda n: changed(n, "sources", 0, "role", "rumour"), "role is 'rumour'"),
    "missing name": (lambda n: changed(n, "links", 1, "supplier", None), "fill it in"),
    "missing product": (lambda n: changed(n, "recipes", 1, "product", None), "fill it in"),
    "imbalance": (lambda n: changed(n, "recipes", 2, "coefficient", 0.21), "the recipe asks 21"),
    "demand beside flow": (
        lambda n: changed(n, "demand", 0, "base_flow_t_per_year", 21.0),
        "links bring 20",
    ),
    "member without a link": (lambda n: drop(n, "ensemble", 2), "give every member the same"),
    "member 0 moved": (
        lambda n: changed(n, "ensemble", 2, "base_flow_t_per_year", 19.0),
        "member 0 is the middle",
    ),
    "members misnumbered": (lambda n: changed(n, "ensemble", [0, 1, 2, 3], "member", 1), "number"),
    "long transit": (lambda n: changed(n, "links", 0, "transit_days", 401.0), "at most 400"),
    "input of no weight": (lambda n: changed(n, "recipes", 1, "essentiality", ""), "of an input"),
    "user of nothing": (lambda n: changed(n, "producers", 2, "industry", ""), "industry is blank"),
    "junk date": (lambda n: changed(n, "producers", 0, "start_date", "soon"), "is 'soon': write a"),
    "day that is none": (
        lambda n: changed(n, "producers", 0, "start_date", "2025-02-30"),
        "is '2025-02-30': write a day as YYYY-MM-DD",
    ),
    "date as a week": (lambda n: changed(n, "producers", 0, "start_date", "2025-W07-1"), "W07-1"),
    "flow above its interval": (
        lambda n: changed(n, "flow_basis", 1, "high", 19.0),
        "flow 20 t/y is outside 10 to 19",
    ),
    "flow below its interval": (lambda n: changed(n, "flow_basis", 1, "low", 21.0), "outside 21"),
    "fat product": (
        lambda n: replace(
            n, contents=pd.concat([n.contents, table("contents", ("oxide:Dy", "", "Tb", 0.2))])
        ),
        "contents oxide:Dy > -: shares sum to 1.0713 t/t",
    ),
    "no contents": (lambda n: emptied(n, "contents"), "contents: has no rows beside 4 links"),
    "no stocks": (lambda n: emptied(n, "stocks"), "stocks: has no rows beside 4 links"),
    "no demand": (lambda n: emptied(n, "demand"), "demand: has no rows beside 2 industries"),
    "number for a text": (lambda n: replace(n, stocks=mixed(n.stocks, "holder", 7)), "holder is 7"),
    "list for a text": (
        lambda n: replace(n, producers=mixed(n.producers, "company", ["a", "b"])),
        "company is ['a', 'b']: write a text or leave it blank",
    ),
    "nothing for a blank text": (
        lambda n: replace(n, producers=mixed(n.producers, "company", None)),
        "company is None: write a text or leave it blank",
    ),
    "project in no country": (
        lambda n: changed(n, "projects", 0, "country", "ATL"),
        "country 'ATL' is unknown",
    ),
    "project of no product": (
        lambda n: changed(n, "projects", 0, "product", "oxide:Kryptonite"),
        "'oxide:Kryptonite' is unknown",
    ),
    "project that starts some day": (
        lambda n: changed(n, "projects", 0, "announced_start", "late 2027"),
        "write a day as YYYY-MM-DD",
    ),
    "project beside nobody": (
        lambda n: changed(n, "projects", 0, "producer", "separation:clay@FRA"),
        "'separation:clay@FRA' is not a producer",
    ),
    "project of an unlisted figure": (
        lambda n: changed(n, "projects", 0, "source", "facility/ATL/works"),
        "'facility/ATL/works' is not in the table sources",
    ),
    "column twice": (
        lambda n: replace(n, stocks=pd.concat([n.stocks, n.stocks[["holder"]]], axis=1)),
        "column 'holder' appears 2 times: keep one",
    ),
    "no table": (lambda n: replace(n, contents=None), "contents: is None, not a table"),
    "no frame": (lambda n: replace(n, sources=[1, 2]), "sources: is [1, 2], not a table"),
    "nameless member": (
        lambda n: replace(
            n, ensemble=n.ensemble.assign(member=pd.array([0, None, 0, 0], dtype="Int64"))
        ),
        "member is <NA>",
    ),
    "missing column": (
        lambda n: replace(n, stocks=n.stocks.drop(columns="cover_days")),
        "column 'cover_days' is missing",
    ),
    "extra column": (
        lambda n: replace(n, stocks=n.stocks.assign(colour=1)),
        "'colour' is not part",
    ),
    "text for a number": (
        lambda n: replace(n, stocks=n.stocks.assign(cover_days="many")),
        "make it number",
    ),
}


def test_a_sound_network_has_no_problems(small):
    assert validate(small) == []


@pytest.mark.parametrize("name", DEFECTS)
def test_each_defect_is_found_and_named(small, name):
    damage, words = DEFECTS[name]
    problems = validate(damage(small))
    assert any(words in problem for problem in problems), problems
    for problem in problems:  # each names its table, in one line, and says what to do
        assert problem.split()[0].rstrip(":") in SCHEMA
        assert ": " in problem
        assert "\n" not in problem


def test_an_empty_ensemble_is_allowed_and_intervals_are_then_of_another(small):
    alone = replace(small, ensemble=table("ensemble"))
    assert validate(alone) == []
    assert validate(changed(alone, "flow_basis", 1, "high", 19.0)) == []


def test_all_defects_of_all_kinds_are_listed_at_once(small):
    network = replace(
        changed(small, "links", 0, "transit_days", 4000.0),
        stocks=None,
        demand=table("demand"),
        contents=table("contents", ("oxide:Dy", "", "Dy", 0.9), ("oxide:Dy", "", "Tb", 0.9)),
        estimates=small.estimates.drop(columns="mid"),
        ensemble=small.ensemble.drop(index=2),
    )
    network = changed(network, "producers", 2, "industry", "")
    network = changed(network, "producers", 0, "start_date", "soon")
    network = changed(network, "recipes", 2, "coefficient", 0.21)
    network = changed(network, "recipes", 1, "essentiality", "")
    network = changed(network, "flow_basis", 1, "high", 19.0)
    problems = validate(network)
    for words in (
        *("transit_days is 4000", "stocks: is None", "demand: has no rows", "sum to 1.8"),
        *("'mid' is missing", "give every member", "industry is blank", "'soon'"),
        *("the recipe asks 21", "essentiality", "outside 10 to 19"),
    ):
        assert sum(words in problem for problem in problems) == 1, (words, problems)
    assert len(problems) == 11


def scaled(network, factor):
    """The same network with every tonnage times a factor."""
    tonnes = network.estimates["column"] == "base_activity_t_per_year"
    estimates = network.estimates.copy()
    estimates.loc[tonnes, ["low", "mid", "high"]] *= factor
    tables = {
        name: frame.assign(
            **{
                column.name: frame[column.name] * factor
                for column in SCHEMA[name]
                if column.unit == "t/y"
            }
        )
        for name, frame in network.tables()
    }
    return replace(network, **{**tables, "estimates": estimates})


@pytest.mark.parametrize("member", range(MEMBERS))
def test_every_member_of_the_baseline_is_sound_as_a_network(baseline, member):
    assert validate(member_network(baseline.network, member)) == []


@pytest.mark.parametrize("factor", [1e-3, 1.7, 1e3])
def test_the_baseline_stays_sound_in_other_units(baseline, factor):
    assert validate(scaled(baseline.network, factor)) == []


def test_the_baseline_stays_sound_in_another_order_of_rows(baseline):
    shuffled = {
        name: frame.sample(frac=1.0, random_state=3) for name, frame in baseline.network.tables()
    }
    assert validate(replace(baseline.network, **shuffled)) == []


def damaged(network, chosen, change):
    """The network with some flows of its ensemble changed."""
    frame = network.ensemble.copy()
    frame.loc[chosen(frame), "base_flow_t_per_year"] = change(
        frame.loc[chosen(frame), "base_flow_t_per_year"]
    )
    return replace(network, ensemble=frame)


def test_a_producer_that_stands_still_in_a_member_is_found(baseline):
    maker = "magnet:SmCo@JPN"
    network = damaged(
        baseline.network,
        lambda e: (e["member"] == 2) & ((e["supplier"] == maker) | (e["buyer"] == maker)),
        lambda flows: flows * 0.0,
    )
    found = [problem for problem in validate(network) if maker in problem]
    assert len(found) == 1
    assert found[0].startswith(f"ensemble 2 > {maker}: takes in 0 t/y and puts out 0 t/y")
    assert "works in member 0" in found[0]


@pytest.mark.parametrize("stage", ["separation", "metal", "alloy", "blank", "component"])
@pytest.mark.parametrize("member", [3])
def test_a_flow_that_nobody_can_make_or_use_is_found_on_any_link(baseline, stage, member):
    ensemble = baseline.network.ensemble
    rows = ensemble.index[
        (ensemble["member"] == member)
        & ensemble["buyer"].str.startswith(f"{stage}:")
        # what is separated for scandium alone may all be left unsold
        & ~ensemble["supplier"].str.startswith("mine:scandium")
    ]
    for row in rows[:: max(1, len(rows) // 2)]:
        problems = validate(changed(baseline.network, "ensemble", row, "base_flow_t_per_year", 1e7))
        assert problems, ensemble.loc[row]
        ends = {ensemble.loc[row, "supplier"], ensemble.loc[row, "buyer"]}
        assert all(problem.startswith(f"ensemble {member} > ") for problem in problems)
        assert all(any(end in problem for end in ends) for problem in problems), problems


def test_metal_that_was_not_put_in_is_found_by_the_percent(baseline):
    ensemble = baseline.network.ensemble
    largest = (
        ensemble[(ensemble["member"] == 1) & (ensemble["supplier"] == "metal:Nd@JPN")]
        .sort_values("base_flow_t_per_year")
        .index[-1]
    )
    flow = ensemble.loc[largest, "base_flow_t_per_year"]
    problems = validate(
        changed(baseline.network, "ensemble", largest, "base_flow_t_per_year", 1.01 * flow)
    )
    assert len(problems) == 1
    assert "ensemble 1 > metal:Nd@JPN" in problems[0]
    assert "its yield differs from that of other makers of its kind" in problems[0]


def test_a_member_with_a_link_of_its_own_is_found(baseline):
    extra = table("ensemble", (1, "magnet:SmCo@JPN", "industry:wind@AUS", "magnet:SmCo", 1e-9))
    network = replace(
        baseline.network, ensemble=pd.concat([baseline.network.ensemble, extra], ignore_index=True)
    )
    problems = validate(network)
    assert len(problems) == 1
    assert "ensemble 1: 1 links are not in the table links" in problems[0]


@pytest.mark.parametrize(
    ("product", "known"),
    [
        ("ore:anything", True),
        ("ore:", False),
        ("metal:Nd", True),
        ("magnet:steel", False),
        ("scrap:SmCo", True),
        ("component:gearbox", False),
    ],
)
def test_products_are_a_closed_list_except_ores(product, known):
    assert known_product(product) is known
