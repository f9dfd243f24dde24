"""Every problem of a network at once: cells first, then names, then the laws of mass."""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from xenotime.facts.taxonomy import ELEMENTS, INDUSTRIES, NETWORK_COUNTRIES
from xenotime.networks.structure import KEYS, SCHEMA, Column, ProductionNetwork

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

__all__ = ["BALANCE_TOLERANCE", "INDUSTRY_IDS", "known_product", "validate"]

BALANCE_TOLERANCE = 1e-9
"""Largest relative difference between what a recipe says and what the links carry."""

CONTENT_TOLERANCE = 1e-6
"""How far the elements in a tonne of product may sum above a tonne, by rounding."""

YIELD_TOLERANCE = 1e-6
"""Largest relative difference between yields of metal makers in a member; built ones reach 1e-8."""

YIELD_FACTOR = 3.0
"""How far output per input of a producer may be from usual in a member; built ones reach 2."""

TRANSFORMERS = ("separation", "metal", "magnet")
"""Stages that put out what they take in; mines and industries are the ends."""

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
        return [f"{name}: is {_short(table)}, not a table: give a DataFrame with columns {wanted}"]
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
        f"{name}: column {_short(extra)} is not part of the structure: remove it"
        for extra in dict.fromkeys(names)
        if extra not in known
    ]
    return problems


def _short(value: object) -> str:
    """Show any value in one short line."""
    shown = " ".join(repr(value).split())
    return shown if len(shown) <= 60 else f"{shown[:57]}..."


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def _where(table: pd.DataFrame, mask: pd.Series) -> list[dict[str, Any]]:
    """Rows that a mask chooses; a sound table has none, and that must be quick."""
    return _records(table[mask]) if mask.any() else []


def _label(name: str, row: Mapping[str, Any]) -> str:
    return f"{name} {' > '.join(' '.join(str(row[key]).split()) or '-' for key in KEYS[name])}"


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
                f"{_label(name, row)}: {column.name} is {_short(value)}: {_fix(column)}"
                for row, value in zip(
                    _records(table[bad][list(KEYS[name])]), table[column.name][bad], strict=True
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
        f"{_label(name, row)}: appears more than once: keep one row"
        for row in _records(again.drop_duplicates(keys))
    ]


def _unknown(name: str, table: pd.DataFrame, column: str, known: Iterable[str]) -> list[str]:
    allowed = set(known)
    shown = ", ".join(sorted(allowed - {""})) if len(allowed) <= 20 else "a name of the taxonomy"
    return [
        f"{_label(name, row)}: {column} {row[column]!r} is unknown: use {shown}"
        for row in _where(table, ~table[column].isin(allowed))
    ]


def _cited(basis: pd.DataFrame, estimates: pd.DataFrame, sources: pd.DataFrame) -> list[str]:
    """Figures that flows or estimates name must be among the sources."""
    listed = set(sources["id"])
    cells = (
        *(("flow_basis", cell) for cell in basis["sources"]),
        *(("estimates", cell) for cell in estimates["source"]),
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
            *_unknown(name, table, "country", ("", *NETWORK_COUNTRIES)),
            *_unknown(name, table, "industry", ("", *INDUSTRY_IDS)),
            *(
                f"{_label(name, row)}: industry is blank but its stage is 'industry': "
                f"use one of {', '.join(sorted(INDUSTRY_IDS))}"
                for row in _where(table, (table["stage"] == "industry") & (table["industry"] == ""))
            ),
        ]
    problems = []
    if name == "contents":
        problems += _unknown(name, table, "element", ("", *ELEMENTS))
    if name == "recipes":
        inputs = (table["role"] == "input") & (table["essentiality"] == "")
        problems += [
            f"{_label(name, row)}: essentiality of an input is blank: "
            "use one of essential, important, replaceable"
            for row in _where(table, inputs)
        ]
    if name in {"recipes", "links", "stocks", "demand", "contents"}:
        products = {product for product in table["product"].unique() if known_product(product)}
        problems += [
            f"{_label(name, row)}: product {row['product']!r} is unknown: "
            "use ore:<basket>, oxide:<element>, metal:<element> or a magnet"
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
            found.append(f"{_label(name, _records(table.iloc[[row]])[0])}: {wrong}")
        return found

    return check


def _based(links: pd.DataFrame, basis: pd.DataFrame) -> list[str]:
    wanted, known = set(_flows(links)), set(_keys(basis))
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
            f"{_label('flow_basis', row)}: low {row['low']:g} is above high {row['high']:g}: "
            "swap them"
            for row in _where(basis, basis["low"] > basis["high"])
        ),
        *(
            f"{_label('estimates', row)}: low {row['low']:g}, mid {row['mid']:g}, "
            f"high {row['high']:g} are out of order: sort them"
            for row in _where(estimates, crossed)
        ),
    ]


def _inside(links: pd.DataFrame, basis: pd.DataFrame, ensemble: pd.DataFrame) -> list[str]:
    """Flows outside the interval of their ensemble; without one, intervals are of another."""
    if not len(ensemble):
        return []
    flows, problems = _flows(links), []
    for key, low, high in zip(_keys(basis), basis["low"], basis["high"], strict=True):
        flow = flows.get(key, float("nan"))
        margin = BALANCE_TOLERANCE * abs(flow)
        if low <= high and (flow < low - margin or flow > high + margin):
            problems.append(
                f"flow_basis {' > '.join(key)}: the flow {flow:.9g} t/y is outside "
                f"{low:.9g} to {high:.9g}: correct the flow or widen the interval"
            )
    return problems


def _contained(contents: pd.DataFrame) -> list[str]:
    sums: dict[tuple[str, str], float] = defaultdict(float)
    for product, producer, share in zip(
        contents["product"], contents["producer"], contents["share"], strict=True
    ):
        sums[product, producer] += max(0.0, share)  # a missing share counts as none
    return [
        f"contents {product} > {producer or '-'}: shares sum to {total:.9g} t/t: "
        "lower them until they sum to 1 or less"
        for (product, producer), total in sums.items()
        if total > 1.0 + CONTENT_TOLERANCE
    ]


def _balances(producers: pd.DataFrame, recipes: pd.DataFrame, links: pd.DataFrame) -> list[str]:
    activity: dict[str, float] = defaultdict(float)
    process_of = dict(zip(producers["producer"], producers["process"], strict=True))
    for process, made in zip(
        producers["process"], producers["base_activity_t_per_year"], strict=True
    ):
        activity[process] += made
    bought: dict[tuple[str | None, str], float] = defaultdict(float)
    sold: dict[tuple[str | None, str], float] = defaultdict(float)
    for (supplier, buyer, product), flow in _flows(links).items():
        bought[process_of.get(buyer), product] += flow
        sold[process_of.get(supplier), product] += flow
    problems = []
    for row in _records(recipes):
        process, product, role = row["process"], row["product"], row["role"]
        if process not in activity or role not in {"input", "output"}:
            continue  # listed above
        made = row["coefficient"] * activity[process]
        flows, verb = (bought, "receives") if role == "input" else (sold, "ships")
        kept = made * (1.0 - row["discard_share"]) if role == "output" else made
        flow = flows.get((process, product), 0.0)
        if abs(flow - kept) > BALANCE_TOLERANCE * max(abs(flow), abs(kept)):
            problems.append(
                f"recipes {process} > {product} > {role}: the recipe asks "
                f"{kept:.9g} t/y but the producer {verb} {flow:.9g} t/y: recompute the coefficient"
            )
    return problems


def _demanded(demand: pd.DataFrame, links: pd.DataFrame) -> list[str]:
    bought: dict[tuple[str, str], float] = defaultdict(float)
    for (_, buyer, product), flow in _flows(links).items():
        bought[buyer, product] += flow
    problems = []
    for row in _records(demand):
        value = row["base_flow_t_per_year"]
        flow = bought.get((row["user"], row["product"]), 0.0)
        if abs(flow - value) > BALANCE_TOLERANCE * max(abs(flow), abs(value)):
            problems.append(
                f"{_label('demand', row)}: base flow {value:.9g} t/y but links bring "
                f"{flow:.9g} t/y: make them equal"
            )
    return problems


def _members(links: pd.DataFrame, ensemble: pd.DataFrame) -> list[str]:
    """Members that do not have just the links of the network, or a member 0 that differs."""
    if not len(ensemble):
        return []
    base, problems = _flows(links), []
    members = sorted(set(ensemble["member"]))
    if members != list(range(len(members))):
        shown = _short([int(member) for member in members])
        problems.append(f"ensemble: members are {shown}: number them 0, 1, 2, ...")
    for member in members:
        flows = _flows(ensemble[ensemble["member"] == member])
        for odd, words in (
            (sorted(base.keys() - flows.keys()), "links of the table links are missing"),
            (sorted(flows.keys() - base.keys()), "links are not in the table links"),
        ):
            if odd:
                problems.append(
                    f"ensemble {int(member)}: {len(odd)} {words}, first {' > '.join(odd[0])}: "
                    "give every member the same links"
                )
        if member == 0:
            problems += [
                f"ensemble 0 > {' > '.join(key)}: base flow {flow:.9g} t/y, links have "
                f"{base[key]:.9g} t/y: member 0 is the middle solution"
                for key, flow in flows.items()
                if key in base and abs(flow - base[key]) > BALANCE_TOLERANCE * base[key]
            ]
    return problems


def _member_balances(
    producers: pd.DataFrame, recipes: pd.DataFrame, links: pd.DataFrame, ensemble: pd.DataFrame
) -> list[str]:
    """Members in which a producer stands still or makes much more or less than it can."""
    import numpy as np
    import pandas as pd

    if not len(ensemble) or not len(producers):
        return []
    # column 0 is the network itself: one more vote for what is usual
    both = pd.concat([links.assign(member=-1), ensemble], ignore_index=True)
    members, column_of = np.unique(both["member"].to_numpy(), return_inverse=True)
    index = pd.Index(producers["producer"])

    def sums(side: str, chosen: Any) -> Any:
        row_of = index.get_indexer(both[side])
        chosen = chosen & (row_of >= 0)
        table = np.zeros((len(index), len(members)))
        flows = both["base_flow_t_per_year"].to_numpy(float)
        np.add.at(table, (row_of[chosen], column_of[chosen]), flows[chosen])
        return table

    every = np.ones(len(both), dtype=bool)
    loose = recipes[(recipes["role"] == "output") & ~(recipes["discard_share"] <= 0.0)]
    process_of = dict(zip(producers["producer"], producers["process"], strict=True))
    free = set(zip(loose["process"], loose["product"], strict=True))
    slots = zip(both["supplier"], both["product"], strict=True)
    strict = np.array([(process_of.get(s), p) not in free for s, p in slots], dtype=bool)
    taken, made, kept = sums("buyer", every), sums("supplier", every), sums("supplier", strict)
    stage = producers["stage"].to_numpy()
    first = int(np.searchsorted(members, 0)) if (members == 0).any() else 0
    with np.errstate(divide="ignore", invalid="ignore"):
        yields = kept / taken
        finite = np.where(np.isfinite(yields) & (yields > 0.0), yields, np.nan)
        relative = yields / _median(finite, 1)
        # a yield of metal is one of the maker times one of the member: both by majority, so
        # that a wrong flow shows at its own maker and member only
        metal = np.where((stage == "metal")[:, None], finite, np.nan)
        even = metal / _median(metal / metal[:, [0]], 0)
        apart = np.abs(even / _median(even, 1) - 1.0)
        heavier = (made > taken * (1.0 + YIELD_TOLERANCE)) & (_median(made / taken, 1) <= 1.0)
    works = (taken + made)[:, [first]] > 0.0
    found = (
        (works & (taken + made == 0.0), "its flows are all 0 t/y but it works in member 0"),
        (
            np.isin(stage, ("separation", "metal"))[:, None] & heavier,
            "it puts out more than it takes in",
        ),
        (
            np.isin(stage, TRANSFORMERS)[:, None]
            & (
                ((taken == 0.0) & (made > 0.0))
                | (relative < 1.0 / YIELD_FACTOR)
                | (relative > YIELD_FACTOR)
            ),
            f"output per input is more than a factor {YIELD_FACTOR:g} from what is usual",
        ),
        (apart > YIELD_TOLERANCE, "its yield differs from that of other metal makers"),
    )
    problems, seen = [], set()
    for wrong, words in found:
        for row, column in np.argwhere(wrong[:, 1:]).tolist():
            if (row, column) in seen:
                continue  # one reason is enough
            seen.add((row, column))
            problems.append(
                f"ensemble {int(members[column + 1])} > {index[row]}: takes in "
                f"{taken[row, column + 1]:.9g} t/y and puts out {made[row, column + 1]:.9g} t/y, "
                f"{words}: correct the flows of this member or solve it again"
            )
    return problems


def _median(values: Any, axis: int) -> Any:
    """Median without missing values, kept as an axis; missing where all are."""
    import numpy as np

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # all missing: the median is too
        return np.nanmedian(values, axis=axis, keepdims=True)


def _keys(table: pd.DataFrame) -> list[tuple[str, str, str]]:
    return list(zip(table["supplier"], table["buyer"], table["product"], strict=True))


def _flows(table: pd.DataFrame) -> dict[tuple[str, str, str], float]:
    return dict(zip(_keys(table), table["base_flow_t_per_year"], strict=True))


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
    (_contained, ("contents",)),
    (_cited, ("flow_basis", "estimates", "sources")),
    (_balances, ("producers", "recipes", "links")),
    (_demanded, ("demand", "links")),
    (_members, ("links", "ensemble")),
    (_member_balances, ("producers", "recipes", "links", "ensemble")),
)
"""Checks across tables, and the tables that each needs."""
