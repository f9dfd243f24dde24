from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from network_cases import changed, table
from xenotime.networks import validate
from xenotime.networks.structure import SCHEMA
from xenotime.networks.validation import known_product


def drop(network, name, row):
    return replace(network, **{name: getattr(network, name).drop(index=row)})


def twice(network, name, row):
    frame = getattr(network, name)
    return replace(network, **{name: pd.concat([frame, frame.loc[[row]]], ignore_index=True)})


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


def test_an_empty_ensemble_is_allowed(small):
    assert validate(replace(small, ensemble=table("ensemble"))) == []


@pytest.mark.parametrize(
    ("product", "known"),
    [("ore:anything", True), ("ore:", False), ("metal:Nd", True), ("magnet:steel", False)],
)
def test_products_are_a_closed_list_except_ores(product, known):
    assert known_product(product) is known
