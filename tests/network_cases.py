"""Networks that several tests share: the reconciled baseline, solved once, and a small one."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import pandas as pd

from xenotime.facts.asking import Question, recording
from xenotime.networks import Baseline, ProductionNetwork, build_baseline
from xenotime.networks.structure import SCHEMA, empty_table

MEMBERS = 4


@lru_cache(maxsize=1)
def reconciled() -> Baseline:
    """The baseline with all figures; some seconds, so once a session."""
    with recording() as questions:
        built = build_baseline(members=MEMBERS)
    _ASKED.update(questions)
    return built


_ASKED: set[Question] = set()


def asked() -> frozenset[Question]:
    """What was asked of the facts while `reconciled` was built."""
    reconciled()
    return frozenset(_ASKED)


def table(name, *rows):
    """Rows of a table of the schema, with its column types."""
    columns = [column.name for column in SCHEMA[name]]
    return pd.DataFrame(list(rows), columns=columns).astype(dict(empty_table(name).dtypes))


def small_network(ore=100.0, sold=20.0, kept=0.5) -> ProductionNetwork:
    """A mine, a separator that discards part of its cerium, and two users."""
    mine, plant = "mine:clay@CHN", "separation:clay@CHN"
    users = ("industry:other@CHN", "industry:other@JPN")
    light = 2.0 * sold / (1.0 - kept)
    links = [
        (mine, plant, "ore:clay", ore),
        (plant, users[0], "oxide:Dy", sold),
        (plant, users[0], "oxide:Ce", sold),
        (plant, users[1], "oxide:Ce", sold),
    ]
    return ProductionNetwork(
        producers=table(
            "producers",
            (mine, "CHN", "mine", mine, "", "", "", "operating", ore),
            (plant, "CHN", "separation", plant, "", "", "", "operating", ore),
            (users[0], "CHN", "industry", users[0], "other", "", "", "operating", 2.0 * sold),
            (users[1], "JPN", "industry", users[1], "other", "", "", "operating", sold),
        ),
        recipes=table(
            "recipes",
            (mine, "ore:clay", "output", 1.0, "", 0.0),
            (plant, "ore:clay", "input", 1.0, "essential", 0.0),
            (plant, "oxide:Dy", "output", sold / ore, "", 0.0),
            (plant, "oxide:Ce", "output", light / ore, "", kept),
            (users[0], "oxide:Dy", "input", 0.5, "important", 0.0),
            (users[0], "oxide:Ce", "input", 0.5, "important", 0.0),
            (users[1], "oxide:Ce", "input", 1.0, "important", 0.0),
        ),
        links=table("links", *((*key, flow, 3.0) for *key, flow in links)),
        stocks=table("stocks", (users[1], "oxide:Ce", 28.0)),
        demand=table("demand", (users[1], "other", "oxide:Ce", sold, 3)),
        estimates=table(
            "estimates",
            (
                *("stocks/industry:other@JPN/oxide:Ce", "cover_days", 14.0, 28.0),
                *(42.0, "lognormal", "C", "stratton2025", "cover/WLD/light_vehicles/2025"),
            ),
        ),
        flow_basis=table(
            "flow_basis",
            *((*key, "allocated", 0.5 * flow, 2.0 * flow, "prior/x") for *key, flow in links),
        ),
        contents=table("contents", ("oxide:Dy", "", "Dy", 0.8713)),
        ensemble=table("ensemble", *((0, *key, flow) for *key, flow in links)),
        sources=table(
            "sources",
            ("cover/WLD/light_vehicles/2025", "cover", "C"),
            ("prior/x", "driver", "prior"),
        ),
        projects=table(
            "projects",
            (
                *("separation:clay@JPN/Example", "oxide:Dy", "", "JPN", "Example", "announced"),
                *(50.0, "2027-01-31", 240.0, 450.0, "prior/x"),
            ),
        ),
    )


def changed(network, name, row, column, value):
    """The network with one cell of one table replaced."""
    frame = getattr(network, name).copy()
    frame.loc[row, column] = value
    return replace(network, **{name: frame})
