"""The laws of mass of a network: contents, recipes against links, and members of the ensemble."""

from __future__ import annotations

import warnings
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from xenotime.networks.structure import KEYS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

__all__ = [
    "BALANCE_TOLERANCE",
    "balances",
    "contained",
    "demanded",
    "flows_of",
    "keys_of",
    "label",
    "member_balances",
    "members_of",
    "records",
    "short",
]

BALANCE_TOLERANCE = 1e-9
"""Largest relative difference between what a recipe says and what the links carry."""

ROUND_OFF = 1e-14
"""Share of the gross output that a difference of two numbers near 1 cannot resolve."""

CONTENT_TOLERANCE = 1e-6
"""How far the elements in a tonne of product may sum above a tonne, by rounding."""

YIELD_TOLERANCE = 1e-6
"""Largest relative difference between yields of like makers in a member; built ones reach 1e-8."""

YIELD_FACTOR = 3.0
"""How far output per input of a producer may be from usual in a member; built ones reach 2."""

TRANSFORMERS = ("separation", "metal", "alloy", "magnet", "component")
"""Stages that put out what they take in; mines and industries are the ends."""

LOSERS = ("separation", "recycling", "metal", "magnet", "component")
"""Stages that put out no more than they take in; alloys add iron, boron and cobalt."""

LIKE_KINDS = ("metal", "blank", "magnet", "component", "material")
"""Kinds of which all makers of a member lose the same share."""


def short(value: object) -> str:
    """Show any value in one short line."""
    shown = " ".join(repr(value).split())
    return shown if len(shown) <= 60 else f"{shown[:57]}..."


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Give the rows of a table as mappings from column to value."""
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def label(name: str, row: Mapping[str, Any]) -> str:
    """Name a row by its table and keys, for messages."""
    return f"{name} {' > '.join(' '.join(str(row[key]).split()) or '-' for key in KEYS[name])}"


def contained(contents: pd.DataFrame) -> list[str]:
    """Find products whose elements sum above their own mass."""
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


def balances(producers: pd.DataFrame, recipes: pd.DataFrame, links: pd.DataFrame) -> list[str]:
    """Find recipes that ask for other amounts than the links carry."""
    activity: dict[str, float] = defaultdict(float)
    process_of = dict(zip(producers["producer"], producers["process"], strict=True))
    for process, made in zip(
        producers["process"], producers["base_activity_t_per_year"], strict=True
    ):
        activity[process] += made
    bought: dict[tuple[str | None, str], float] = defaultdict(float)
    sold: dict[tuple[str | None, str], float] = defaultdict(float)
    for (supplier, buyer, product), flow in flows_of(links).items():
        bought[process_of.get(buyer), product] += flow
        sold[process_of.get(supplier), product] += flow
    problems = []
    for row in records(recipes):
        process, product, role = row["process"], row["product"], row["role"]
        if process not in activity or role not in {"input", "output"}:
            continue  # listed above
        made = row["coefficient"] * activity[process]
        flows, verb = (bought, "receives") if role == "input" else (sold, "ships")
        kept = made * (1.0 - row["discard_share"]) if role == "output" else made
        flow = flows.get((process, product), 0.0)
        margin = BALANCE_TOLERANCE * max(abs(flow), abs(kept)) + ROUND_OFF * abs(made)
        if abs(flow - kept) > margin:
            problems.append(
                f"recipes {process} > {product} > {role}: the recipe asks "
                f"{kept:.9g} t/y but the producer {verb} {flow:.9g} t/y: recompute the coefficient"
            )
    return problems


def demanded(demand: pd.DataFrame, links: pd.DataFrame) -> list[str]:
    """Find demand that differs from what the links bring."""
    bought: dict[tuple[str, str], float] = defaultdict(float)
    for (_, buyer, product), flow in flows_of(links).items():
        bought[buyer, product] += flow
    problems = []
    for row in records(demand):
        value = row["base_flow_t_per_year"]
        flow = bought.get((row["user"], row["product"]), 0.0)
        if abs(flow - value) > BALANCE_TOLERANCE * max(abs(flow), abs(value)):
            problems.append(
                f"{label('demand', row)}: base flow {value:.9g} t/y but links bring "
                f"{flow:.9g} t/y: make them equal"
            )
    return problems


def members_of(links: pd.DataFrame, ensemble: pd.DataFrame) -> list[str]:
    """Members that do not have just the links of the network, or a member 0 that differs."""
    if not len(ensemble):
        return []
    base, problems = flows_of(links), []
    members = sorted(set(ensemble["member"]))
    if members != list(range(len(members))):
        shown = short([int(member) for member in members])
        problems.append(f"ensemble: members are {shown}: number them 0, 1, 2, ...")
    for member in members:
        flows = flows_of(ensemble[ensemble["member"] == member])
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


def member_balances(
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
        # a yield is one of the maker times one of the member: both by majority, so that a
        # wrong flow shows at its own maker and member only
        apart = np.zeros_like(finite)
        kinds = np.array([name.partition(":")[0] for name in producers["producer"]])
        for kind in LIKE_KINDS:
            alike = np.where((kinds == kind)[:, None], finite, np.nan)
            even = alike / _median(alike / alike[:, [0]], 0)
            apart = np.fmax(apart, np.abs(even / _median(even, 1) - 1.0))
        heavier = (made > taken * (1.0 + YIELD_TOLERANCE)) & (_median(made / taken, 1) <= 1.0)
    works = (taken + made)[:, [first]] > 0.0
    takes = (np.median(taken, axis=1) > 0.0)[:, None]  # by-products come of nothing
    found = (
        (works & (taken + made == 0.0), "its flows are all 0 t/y but it works in member 0"),
        (
            takes & np.isin(stage, LOSERS)[:, None] & heavier,
            "it puts out more than it takes in",
        ),
        (
            takes
            & np.isin(stage, TRANSFORMERS)[:, None]
            & (
                ((taken == 0.0) & (made > 0.0))
                | (relative < 1.0 / YIELD_FACTOR)
                | (relative > YIELD_FACTOR)
            ),
            f"output per input is more than a factor {YIELD_FACTOR:g} from what is usual",
        ),
        (apart > YIELD_TOLERANCE, "its yield differs from that of other makers of its kind"),
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


def keys_of(table: pd.DataFrame) -> list[tuple[str, str, str]]:
    """Give supplier, buyer and product of each row."""
    return list(zip(table["supplier"], table["buyer"], table["product"], strict=True))


def flows_of(table: pd.DataFrame) -> dict[tuple[str, str, str], float]:
    """Give base flows (t/y) by supplier, buyer and product."""
    return dict(zip(keys_of(table), table["base_flow_t_per_year"], strict=True))
