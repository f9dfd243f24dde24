"""Every problem of a network at once: cells first, then names, then the laws of mass."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from xenotime.facts.taxonomy import ELEMENTS, INDUSTRIES, NETWORK_COUNTRIES
from xenotime.networks.structure import KEYS, SCHEMA, Column, ProductionNetwork

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

__all__ = ["BALANCE_TOLERANCE", "INDUSTRY_IDS", "known_product", "validate"]

BALANCE_TOLERANCE = 1e-9
"""Largest relative difference between what a recipe says and what the links carry."""

INDUSTRY_IDS = (*INDUSTRIES, "light_vehicles")
"""Industries of a producer; `light_vehicles` is the sum of its three kinds."""

MAGNETS = ("magnet:NdFeB-light", "magnet:NdFeB-heavy", "magnet:SmCo")


def known_product(product: str) -> bool:
    """Whether the id is an ore, an oxide, a metal or a magnet of the network.

    Examples
    --------
    >>> known_product("oxide:Dy"), known_product("oxide:Unobtainium")
    (True, False)
    """
    kind, _, name = product.partition(":")
    if kind == "ore":
        return bool(name)
    if kind in {"oxide", "metal"}:
        return name in ELEMENTS
    return product in MAGNETS


def validate(network: ProductionNetwork) -> list[str]:
    """List everything that is wrong with a network; an empty list means that it is sound.

    Checks, in this order: columns, types, bounds and missing values of every table; duplicate
    keys; unknown countries, elements, products and industries; recipes that are missing or
    belong to nobody; links, stocks, demand and flow bases that hang in the air; imbalance
    between recipes and links above `BALANCE_TOLERANCE`; ensemble members with other links;
    figures that are named and not listed in `sources`.

    Parameters
    ----------
    network
        The network to look at; it is not changed.

    Returns
    -------
    list of str
        One line per problem: the table and row, the value, and what to do.

    Examples
    --------
    >>> from xenotime.networks.structure import SCHEMA, ProductionNetwork, empty_table
    >>> tables = {name: empty_table(name) for name in SCHEMA}
    >>> tables["stocks"] = tables["stocks"].drop(columns="cover_days")
    >>> validate(ProductionNetwork(**tables))
    ["stocks: column 'cover_days' is missing: add it (number, days)"]
    """
    problems: list[str] = []
    for name, table in network.tables():
        problems += _columns(name, table)
    if problems:  # later checks read columns by name and type
        return problems
    for name, table in network.tables():
        problems += _cells(name, table)
        problems += _duplicates(name, table)
    network = _filled(network)
    problems += _names(network)
    problems += _references(network)
    problems += _cited(network)
    if not problems:  # sums over rows that are wrong or doubled would only repeat the above
        problems += _balances(network)
        problems += _members(network)
    return problems


def _columns(name: str, table: pd.DataFrame) -> list[str]:
    import pandas.api.types as kinds

    tests = {
        "text": lambda s: kinds.is_string_dtype(s) or kinds.is_object_dtype(s),
        "number": kinds.is_float_dtype,
        "integer": kinds.is_integer_dtype,
    }
    problems = []
    for column in SCHEMA[name]:
        if column.name not in table.columns:
            unit = f", {column.unit}" if column.unit else ""
            problems.append(
                f"{name}: column {column.name!r} is missing: add it ({column.type}{unit})"
            )
        elif not tests[column.type](table[column.name]):
            problems.append(
                f"{name}: column {column.name!r} has type {table[column.name].dtype}: "
                f"make it {column.type}"
            )
    wanted = {column.name for column in SCHEMA[name]}
    problems += [
        f"{name}: column {extra!r} is not part of the structure: remove it"
        for extra in table.columns
        if extra not in wanted
    ]
    return problems


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def _where(table: pd.DataFrame, mask: pd.Series) -> list[dict[str, Any]]:
    """Rows that a mask chooses; a sound table has none, and that must be quick."""
    return _records(table[mask]) if mask.any() else []


def _label(name: str, row: Mapping[str, Any]) -> str:
    return f"{name} {' > '.join(str(row[key]) or '-' for key in KEYS[name])}"


def _cells(name: str, table: pd.DataFrame) -> list[str]:
    problems = []
    for column in SCHEMA[name]:
        problems += [
            f"{_label(name, row)}: {column.name} is {row[column.name]!r}: {_fix(column)}"
            for row in _where(table, _bad(column, table[column.name]))
        ]
    return problems


def _bad(column: Column, values: pd.Series) -> pd.Series:
    import numpy as np

    if column.type == "text":
        missing = values.isna()
        bad = missing | ((values == "") & (not column.blank))
        if column.choices:
            allowed = {*column.choices, ""} if column.blank else set(column.choices)
            bad |= ~values.isin(allowed)
        return bad
    bad = values.isna() & (not column.blank)
    bad |= values.abs() == np.inf
    if column.least is not None:
        bad |= values < column.least
    if column.most is not None:
        bad |= values > column.most
    return bad


def _fix(column: Column) -> str:
    if column.choices:
        return f"use one of {', '.join(column.choices)}"
    if column.type == "text":
        return "fill it in"
    bounds = [f"at least {column.least:g}"] if column.least is not None else []
    bounds += [f"at most {column.most:g}"] if column.most is not None else []
    return f"give a finite number {' and '.join(bounds)}".rstrip()


def _duplicates(name: str, table: pd.DataFrame) -> list[str]:
    keys = list(KEYS[name])
    doubled = table.duplicated(keys)
    if not doubled.any():
        return []
    again = table[doubled]
    return [
        f"{_label(name, row)}: appears more than once: keep one row"
        for row in _records(again.drop_duplicates(keys))
    ]


def _unknown(name: str, table: pd.DataFrame, column: str, known: Iterable[str]) -> list[str]:
    allowed = set(known)
    shown = ", ".join(sorted(allowed)) if len(allowed) <= 20 else "a name of the taxonomy"
    return [
        f"{_label(name, row)}: {column} {row[column]!r} is unknown: use {shown}"
        for row in _where(table, ~table[column].isin(allowed))
    ]


def _filled(network: ProductionNetwork) -> ProductionNetwork:
    """Missing texts as blanks: they are listed already, and names must compare and sort."""
    tables = {}
    for name, table in network.tables():
        texts = [column.name for column in SCHEMA[name] if column.type == "text"]
        tables[name] = table.assign(**{text: table[text].fillna("") for text in texts})
    return ProductionNetwork(**tables)


def _cited(network: ProductionNetwork) -> list[str]:
    """Figures that flows or estimates name must be among the sources."""
    listed = set(network.sources["id"])
    cells = (
        *(("flow_basis", cell) for cell in network.flow_basis["sources"]),
        *(("estimates", cell) for cell in network.estimates["source"]),
    )
    named = {(table, part) for table, cell in cells for part in cell.split(";") if part}
    return [
        f"{table}: figure {part!r} is not in the table sources: list it with its role"
        for table, part in sorted(named)
        if part not in listed
    ]


def _names(network: ProductionNetwork) -> list[str]:
    producers = network.producers
    problems = _unknown("producers", producers, "country", NETWORK_COUNTRIES)
    problems += _unknown("producers", producers, "industry", ("", *INDUSTRY_IDS))
    problems += _unknown("contents", network.contents, "element", ELEMENTS)
    for name in ("recipes", "links", "stocks", "demand", "contents"):
        table = getattr(network, name)
        products = {product for product in table["product"] if known_product(product)}
        problems += [
            f"{_label(name, row)}: product {row['product']!r} is unknown: "
            "use ore:<basket>, oxide:<element>, metal:<element> or a magnet"
            for row in _where(table, ~table["product"].isin(products))
        ]
    return problems


def _references(network: ProductionNetwork) -> list[str]:
    producers, recipes = network.producers, network.recipes
    processes = dict(zip(producers["producer"], producers["process"], strict=True))
    slots = set(zip(recipes["process"], recipes["product"], recipes["role"], strict=True))
    made = set(recipes["process"])
    problems = [
        f"producers {producer}: process {process!r} has no recipe: add its inputs and outputs"
        for producer, process in processes.items()
        if process not in made
    ]
    problems += [
        f"recipes {process}: no producer runs this process: remove it or add the producer"
        for process in sorted(made - set(processes.values()))
    ]

    def hanging(name: str, column: str, role: str) -> list[str]:
        found = []
        for row in _records(getattr(network, name)):
            owner = row[column]
            if owner not in processes:
                found.append(
                    f"{_label(name, row)}: {column} {owner!r} is not a producer: "
                    "add it or fix the name"
                )
            elif (processes[owner], row["product"], role) not in slots:
                found.append(
                    f"{_label(name, row)}: the recipe of {owner!r} has no {role} "
                    f"{row['product']!r}: add it or remove the row"
                )
        return found

    problems += hanging("links", "supplier", "output") + hanging("links", "buyer", "input")
    problems += hanging("stocks", "holder", "input") + hanging("demand", "user", "input")
    links = set(
        zip(
            network.links["supplier"], network.links["buyer"], network.links["product"], strict=True
        )
    )
    basis = network.flow_basis
    known = set(zip(basis["supplier"], basis["buyer"], basis["product"], strict=True))
    problems += [
        f"links {' > '.join(link)}: has no row in flow_basis: say observed or allocated"
        for link in sorted(links - known)
    ]
    problems += [
        f"flow_basis {' > '.join(link)}: there is no such link: remove the row"
        for link in sorted(known - links)
    ]
    problems += [
        f"{_label('flow_basis', row)}: low {row['low']:g} is above high {row['high']:g}: swap them"
        for row in _where(basis, basis["low"] > basis["high"])
    ]
    estimates = network.estimates
    crossed = (estimates["low"] > estimates["mid"]) | (estimates["mid"] > estimates["high"])
    problems += [
        f"{_label('estimates', row)}: low {row['low']:g}, mid {row['mid']:g}, high {row['high']:g} "
        "are out of order: sort them"
        for row in _where(estimates, crossed)
    ]
    return problems


def _balances(network: ProductionNetwork) -> list[str]:
    activity: dict[str, float] = {}
    process_of = {}
    for row in _records(network.producers):
        process_of[row["producer"]] = row["process"]
        activity[row["process"]] = (
            activity.get(row["process"], 0.0) + row["base_activity_t_per_year"]
        )
    bought: dict[tuple[str, str], float] = defaultdict(float)
    sold: dict[tuple[str, str], float] = defaultdict(float)
    for row in _records(network.links):
        bought[process_of[row["buyer"]], row["product"]] += row["base_flow_t_per_year"]
        sold[process_of[row["supplier"]], row["product"]] += row["base_flow_t_per_year"]
    problems = []
    for row in _records(network.recipes):
        process, product, role = row["process"], row["product"], row["role"]
        made = row["coefficient"] * activity[process]
        flows, verb = (bought, "receives") if role == "input" else (sold, "ships")
        kept = made * (1.0 - row["discard_share"]) if role == "output" else made
        flow = flows.get((process, product), 0.0)
        if abs(flow - kept) > BALANCE_TOLERANCE * max(abs(flow), abs(kept)):
            problems.append(
                f"recipes {process} > {product} > {role}: the recipe asks "
                f"{kept:.9g} t/y but the producer {verb} {flow:.9g} t/y: recompute the coefficient"
            )
    for row in _records(network.demand):
        value = row["base_flow_t_per_year"]
        flow = bought.get((process_of[row["user"]], row["product"]), 0.0)
        if abs(flow - value) > BALANCE_TOLERANCE * max(abs(flow), abs(value)):
            problems.append(
                f"{_label('demand', row)}: base flow {value:.9g} t/y but links bring "
                f"{flow:.9g} t/y: make them equal"
            )
    return problems


def _members(network: ProductionNetwork) -> list[str]:
    table = network.ensemble
    if not len(table):
        return []
    links = _flows(network.links)
    problems = []
    members = sorted(set(table["member"]))
    if members != list(range(len(members))):
        problems.append(f"ensemble: members are {members}: number them 0, 1, 2, ...")
    for member in members:
        flows = _flows(table[table["member"] == member])
        odd = sorted(set(flows) ^ set(links))
        if odd:
            problems.append(
                f"ensemble {member}: {len(odd)} links differ from the links table, "
                f"first {' > '.join(odd[0])}: give every member the same links"
            )
        elif member == 0:
            problems += [
                f"ensemble 0 > {' > '.join(key)}: base flow {flow:.9g} t/y, links have "
                f"{links[key]:.9g} t/y: member 0 is the middle solution"
                for key, flow in flows.items()
                if abs(flow - links[key]) > BALANCE_TOLERANCE * links[key]
            ]
    return problems


def _flows(table: pd.DataFrame) -> dict[tuple[str, str, str], float]:
    keys = zip(table["supplier"], table["buyer"], table["product"], strict=True)
    return dict(zip(keys, table["base_flow_t_per_year"], strict=True))
