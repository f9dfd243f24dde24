"""Every problem of a network at once: cells first, then names, then the laws of mass."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from xenotime.facts.taxonomy import (
    COMPONENT_TYPES,
    ELEMENTS,
    INDUSTRIES,
    MAGNET_GRADES,
    MATERIAL_USES,
    MINERALS,
    NETWORK_COUNTRIES,
    countries,
)
from xenotime.networks.laws import (
    BALANCE_TOLERANCE,
    balances,
    contained,
    demanded,
    flows_of,
    keys_of,
    label,
    member_balances,
    members_of,
    records,
    short,
)
from xenotime.networks.structure import KEYS, SCHEMA, Column, ProductionNetwork

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

__all__ = ["INDUSTRY_IDS", "known_product", "validate"]

INDUSTRY_IDS = (*INDUSTRIES, "light_vehicles")
"""Industries of a producer; `light_vehicles` is the sum of its three kinds."""

_NAMES: dict[str, frozenset[str]] = {
    "oxide": frozenset(ELEMENTS),
    "metal": frozenset({*ELEMENTS, *MINERALS}),
    "component": frozenset(COMPONENT_TYPES),
    "material": frozenset(MATERIAL_USES),
    **dict.fromkeys(("alloy", "blank", "magnet", "scrap"), frozenset(MAGNET_GRADES)),
}
"""Names that each kind of product may have; an ore may have any."""


def known_product(product: str) -> bool:
    """Whether the id is that of a product of the network.

    Examples
    --------
    >>> known_product("oxide:Dy"), known_product("oxide:Unobtainium"), known_product("scrap:SmCo")
    (True, False, True)
    """
    kind, _, name = product.partition(":")
    return bool(name) if kind == "ore" else name in _NAMES.get(kind, ())


def validate(network: ProductionNetwork) -> list[str]:
    """List everything that is wrong with a network; an empty list means that it is sound.

    Checks, in this order: columns, types, bounds and missing values of every table; duplicate
    keys; unknown countries, elements, products and industries; tables that are empty beside
    links; recipes that are missing or belong to nobody; links, stocks, demand and flow bases
    that hang in the air; contents above a tonne per tonne; flows outside their interval;
    figures that are named and not listed in `sources`; imbalance between recipes and links
    above `BALANCE_TOLERANCE`; ensemble members with other links, with producers that stand
    still, or out of balance.

    A table that cannot be read is left out of the checks that need it; a cell that is listed
    already counts in no sum. Everything else is checked whatever else is wrong.

    An ensemble without rows is sound, because a network may be one solution (`member_network`
    returns such a network, and keeps the intervals of the ensemble it comes from, so flows are
    held against intervals only beside an ensemble). An ensemble with rows must be whole.

    Parameters
    ----------
    network
        The network to look at; it is not changed.

    Returns
    -------
    list of str
        One line per problem: the table and row, the value, and what to do.

    Notes
    -----
    A member is another solution under other recoveries and baskets, so its flows are not held
    to the recipes. What holds in each: a separator or metal maker that usually puts out no more
    than it takes in never does; all metal makers of a member lose the same share, relative to
    what each usually loses, within `YIELD_TOLERANCE`; and output per input of separators
    (oxides that they never discard) and of magnet makers stays within a factor `YIELD_FACTOR`
    of the median over members.

    Examples
    --------
    >>> from xenotime.networks.structure import SCHEMA, ProductionNetwork, empty_table
    >>> tables = {name: empty_table(name) for name in SCHEMA}
    >>> tables["stocks"] = tables["stocks"].drop(columns="cover_days")
    >>> validate(ProductionNetwork(**tables))
    ["stocks: column 'cover_days' is missing: add it (number, days)"]
    """
    problems: list[str] = []
    readable: dict[str, pd.DataFrame] = {}
    for name, table in network.tables():
        found = _columns(name, table)
        problems += found
        if not found:  # the other checks read columns by name and type
            readable[name] = table
    clean: dict[str, pd.DataFrame] = {}
    for name, table in readable.items():
        whole, found = _cells(name, table)
        problems += found + _duplicates(name, whole)
        keys = list(KEYS[name])
        clean[name] = whole.dropna(subset=keys).drop_duplicates(keys)
    for name, table in clean.items():
        problems += _names(name, table)
    for check, needs in _CHECKS:
        if all(name in clean for name in needs):
            problems += check(*(clean[name] for name in needs))
    return problems


def _columns(name: str, table: object) -> list[str]:
    import pandas as pd
    import pandas.api.types as kinds

    if not isinstance(table, pd.DataFrame):
        wanted = ", ".join(column.name for column in SCHEMA[name])
        return [f"{name}: is {short(table)}, not a table: give a DataFrame with columns {wanted}"]
    tests = {
        "text": lambda s: kinds.is_string_dtype(s) or kinds.is_object_dtype(s),
        "number": kinds.is_float_dtype,
        "integer": kinds.is_integer_dtype,
    }
    names = list(table.columns)
    problems = []
    for column in SCHEMA[name]:
        count = names.count(column.name)
        if count == 0:
            unit = f", {column.unit}" if column.unit else ""
            problems.append(
                f"{name}: column {column.name!r} is missing: add it ({column.type}{unit})"
            )
        elif count > 1:
            problems.append(f"{name}: column {column.name!r} appears {count} times: keep one")
        elif not tests[column.type](table[column.name]):
            problems.append(
                f"{name}: column {column.name!r} has type {table[column.name].dtype}: "
                f"make it {column.type}"
            )
    known = {column.name for column in SCHEMA[name]}
    problems += [
        f"{name}: column {short(extra)} is not part of the structure: remove it"
        for extra in dict.fromkeys(names)
        if extra not in known
    ]
    return problems


def _where(table: pd.DataFrame, mask: pd.Series) -> list[dict[str, Any]]:
    """Rows that a mask chooses; a sound table has none, and that must be quick."""
    return records(table[mask]) if mask.any() else []


def _cells(name: str, table: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Clean a table, and list its bad cells.

    In the clean table a text that is none is blank and a bad number is missing, so that names
    compare and sort, and sums do not repeat what is listed.
    """
    import numpy as np
    import pandas as pd

    table = table.reset_index(drop=True)
    columns: dict[str, Any] = {}
    found: list[tuple[Column, pd.Series]] = []
    for column in SCHEMA[name]:
        values = table[column.name]
        if column.type == "text":
            texts = [value if isinstance(value, str) else "" for value in values]
            columns[column.name] = pd.Series(texts, dtype="str")
            bad = _bad_texts(column, values, columns[column.name])
        else:
            numbers = pd.Series(values.to_numpy("float64", na_value=np.nan))
            bad = _bad_numbers(column, numbers)
            numbers = numbers.mask(bad)
            whole = column.type == "integer" and bool((numbers < 2.0**63).all())
            columns[column.name] = numbers.astype("int64") if whole else numbers
        found.append((column, bad))
    clean = pd.DataFrame(columns)
    problems = []
    for column, bad in found:
        if bad.any():
            problems += [
                f"{label(name, row)}: {column.name} is {short(value)}: {_fix(column)}"
                for row, value in zip(
                    records(table[bad][list(KEYS[name])]), table[column.name][bad], strict=True
                )
            ]
    return clean, problems


def _bad_texts(column: Column, values: pd.Series, texts: pd.Series) -> pd.Series:
    bad = values.isna().astype(bool)
    if values.dtype == object:
        bad |= values.map(lambda value: not isinstance(value, str)).astype(bool)
    if not column.blank:
        bad |= texts == ""
    if column.choices:
        bad |= ~texts.isin({*column.choices, ""})
    if column.date:
        bad |= ~texts.isin({text for text in texts.unique() if text == "" or _is_day(text)})
    return bad


def _is_day(text: str) -> bool:
    try:
        # other ISO forms, such as weeks, would not sort as text
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _bad_numbers(column: Column, values: pd.Series) -> pd.Series:
    import numpy as np

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
    if column.date:
        return "write a day as YYYY-MM-DD, or leave it blank"
    if column.type == "text":
        return "write a text or leave it blank" if column.blank else "fill it in"
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
        f"{label(name, row)}: appears more than once: keep one row"
        for row in records(again.drop_duplicates(keys))
    ]


def _unknown(name: str, table: pd.DataFrame, column: str, known: Iterable[str]) -> list[str]:
    allowed = set(known)
    shown = ", ".join(sorted(allowed - {""})) if len(allowed) <= 20 else "a name of the taxonomy"
    return [
        f"{label(name, row)}: {column} {row[column]!r} is unknown: use {shown}"
        for row in _where(table, ~table[column].isin(allowed))
    ]


def _beside(producers: pd.DataFrame, projects: pd.DataFrame) -> list[str]:
    """Projects that would stand beside nobody."""
    known = {"", *producers["producer"]}
    return [
        f"{label('projects', row)}: producer {row['producer']!r} is not a producer: "
        "fix the name or leave it blank"
        for row in _where(projects, ~projects["producer"].isin(known))
    ]


def _cited(
    basis: pd.DataFrame, estimates: pd.DataFrame, projects: pd.DataFrame, sources: pd.DataFrame
) -> list[str]:
    """Figures that flows, estimates or projects name must be among the sources."""
    listed = set(sources["id"])
    cells = (
        *(("flow_basis", cell) for cell in basis["sources"]),
        *(("estimates", cell) for cell in estimates["source"]),
        *(("projects", cell) for cell in projects["source"]),
    )
    named = {(table, part) for table, cell in cells for part in cell.split(";") if part}
    return [
        f"{table}: figure {part!r} is not in the table sources: list it with its role"
        for table, part in sorted(named)
        if part not in listed
    ]


def _names(name: str, table: pd.DataFrame) -> list[str]:
    """Names that no taxonomy knows; blanks are listed with the cells."""
    if name == "producers":
        return [
            *_unknown(name, table, "country", ("", *NETWORK_COUNTRIES, *countries())),
            *_unknown(name, table, "industry", ("", *INDUSTRY_IDS)),
            *(
                f"{label(name, row)}: industry is blank but its stage is 'industry': "
                f"use one of {', '.join(sorted(INDUSTRY_IDS))}"
                for row in _where(table, (table["stage"] == "industry") & (table["industry"] == ""))
            ),
        ]
    problems = []
    if name == "contents":
        problems += _unknown(name, table, "element", ("", *ELEMENTS, *MINERALS))
    if name == "recipes":
        inputs = (table["role"] == "input") & (table["essentiality"] == "")
        problems += [
            f"{label(name, row)}: essentiality of an input is blank: "
            "use one of essential, important, replaceable"
            for row in _where(table, inputs)
        ]
    if name == "projects":
        problems += _unknown(name, table, "country", ("", *NETWORK_COUNTRIES))
    if name in {"recipes", "links", "stocks", "demand", "contents", "projects"}:
        products = {product for product in table["product"].unique() if known_product(product)}
        problems += [
            f"{label(name, row)}: product {row['product']!r} is unknown: "
            "use ore:<basket>, oxide:<element>, metal:<element>, alloy:, blank:, magnet: or "
            "scrap:<grade>, component:<type> or material:<use>"
            for row in _where(table, ~table["product"].isin({*products, ""}))
        ]
    return problems


def _empty(name: str, why: str) -> Callable[..., list[str]]:
    def check(links: pd.DataFrame, producers: pd.DataFrame, table: pd.DataFrame) -> list[str]:
        users = int((producers["stage"] == "industry").sum())
        if len(table) or not len(links) or (name == "demand" and not users):
            return []
        beside = f"{users} industries" if name == "demand" else f"{len(links)} links"
        return [f"{name}: has no rows beside {beside}: {why}"]

    return check


def _owned(producers: pd.DataFrame, recipes: pd.DataFrame) -> list[str]:
    made, run = set(recipes["process"]), set(producers["process"])
    return [
        *(
            f"producers {producer}: process {process!r} has no recipe: add its inputs and outputs"
            for producer, process in zip(producers["producer"], producers["process"], strict=True)
            if process and process not in made
        ),
        *(
            f"recipes {process}: no producer runs this process: remove it or add the producer"
            for process in sorted(made - run - {""})
        ),
    ]


def _hanging(name: str, column: str, role: str) -> Callable[..., list[str]]:
    """Check that rows of a table belong to a producer whose recipe has the product."""

    def check(producers: pd.DataFrame, recipes: pd.DataFrame, table: pd.DataFrame) -> list[str]:
        processes = dict(zip(producers["producer"], producers["process"], strict=True))
        slots = set(zip(recipes["process"], recipes["product"], recipes["role"], strict=True))
        found = []
        owners, products = table[column], table["product"]
        for row, (owner, product) in enumerate(zip(owners, products, strict=True)):
            if not owner or not product:
                continue  # listed with the cells
            if owner not in processes:
                wrong = f"{column} {owner!r} is not a producer: add it or fix the name"
            elif (processes[owner], product, role) not in slots:
                wrong = (
                    f"the recipe of {owner!r} has no {role} {product!r}: add it or remove the row"
                )
            else:
                continue
            found.append(f"{label(name, records(table.iloc[[row]])[0])}: {wrong}")
        return found

    return check


def _based(links: pd.DataFrame, basis: pd.DataFrame) -> list[str]:
    wanted, known = set(flows_of(links)), set(keys_of(basis))
    return [
        *(
            f"links {' > '.join(link)}: has no row in flow_basis: say observed or allocated"
            for link in sorted(wanted - known)
        ),
        *(
            f"flow_basis {' > '.join(link)}: there is no such link: remove the row"
            for link in sorted(known - wanted)
        ),
    ]


def _ordered(basis: pd.DataFrame, estimates: pd.DataFrame) -> list[str]:
    crossed = (estimates["low"] > estimates["mid"]) | (estimates["mid"] > estimates["high"])
    return [
        *(
            f"{label('flow_basis', row)}: low {row['low']:g} is above high {row['high']:g}: "
            "swap them"
            for row in _where(basis, basis["low"] > basis["high"])
        ),
        *(
            f"{label('estimates', row)}: low {row['low']:g}, mid {row['mid']:g}, "
            f"high {row['high']:g} are out of order: sort them"
            for row in _where(estimates, crossed)
        ),
    ]


def _inside(links: pd.DataFrame, basis: pd.DataFrame, ensemble: pd.DataFrame) -> list[str]:
    """Flows outside the interval of their ensemble; without one, intervals are of another."""
    if not len(ensemble):
        return []
    flows, problems = flows_of(links), []
    for key, low, high in zip(keys_of(basis), basis["low"], basis["high"], strict=True):
        flow = flows.get(key, float("nan"))
        margin = BALANCE_TOLERANCE * abs(flow)
        if low <= high and (flow < low - margin or flow > high + margin):
            problems.append(
                f"flow_basis {' > '.join(key)}: the flow {flow:.9g} t/y is outside "
                f"{low:.9g} to {high:.9g}: correct the flow or widen the interval"
            )
    return problems


_CHECKS: tuple[tuple[Callable[..., list[str]], tuple[str, ...]], ...] = (
    (
        _empty("contents", "say which elements the products hold"),
        ("links", "producers", "contents"),
    ),
    (
        _empty("stocks", "say how long inputs last (0 days is a value)"),
        ("links", "producers", "stocks"),
    ),
    (_empty("demand", "say what the industries take"), ("links", "producers", "demand")),
    (_owned, ("producers", "recipes")),
    (_hanging("links", "supplier", "output"), ("producers", "recipes", "links")),
    (_hanging("links", "buyer", "input"), ("producers", "recipes", "links")),
    (_hanging("stocks", "holder", "input"), ("producers", "recipes", "stocks")),
    (_hanging("demand", "user", "input"), ("producers", "recipes", "demand")),
    (_based, ("links", "flow_basis")),
    (_ordered, ("flow_basis", "estimates")),
    (_inside, ("links", "flow_basis", "ensemble")),
    (contained, ("contents",)),
    (_cited, ("flow_basis", "estimates", "projects", "sources")),
    (_beside, ("producers", "projects")),
    (balances, ("producers", "recipes", "links")),
    (demanded, ("demand", "links")),
    (members_of, ("links", "ensemble")),
    (member_balances, ("producers", "recipes", "links", "ensemble")),
)
"""Checks across tables, and the tables that each needs."""
