"""Size of a network, how much of it is observed, and whether it meets what is asked of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xenotime import facts
from xenotime.facts.taxonomy import MINERALS
from xenotime.networks.element_flows import stage_rank

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import pandas as pd

    from xenotime.networks.structure import ProductionNetwork

__all__ = [
    "acceptance",
    "countries_without_cited_flow",
    "minerals_left_out",
    "moved_figures",
    "observed_shares",
    "sizes",
    "worst_residuals",
]

MOST_VIOLATION = 1e-9
LEAST_WITHIN_ONE_SIGMA = 0.8


def sizes(network: ProductionNetwork) -> dict[str, int]:
    """Count what a network holds.

    Examples
    --------
    >>> from xenotime.networks.structure import SCHEMA, ProductionNetwork, empty_table
    >>> network = ProductionNetwork(**{name: empty_table(name) for name in SCHEMA})
    >>> found = sizes(network)
    >>> found["producers"], found["links_above_1_t"], found["members"]
    (0, 0, 0)
    """
    flows = network.links["base_flow_t_per_year"]
    return {
        "producers": len(network.producers),
        "links": len(network.links),
        "links_above_1_t": int((flows > 1.0).sum()),
        "countries": int(network.producers["country"].nunique()),
        "products": int(network.links["product"].nunique()),
        "stages": int(network.producers["stage"].nunique()),
        "members": int(network.ensemble["member"].nunique()),
        "sources": int(network.sources["id"].nunique()),
    }


def observed_shares(network: ProductionNetwork) -> pd.DataFrame:
    """Say how much of the flow out of each stage cited figures pin, and how much they touch.

    A flow is observed when `flow_basis` says so: a cited tonnage contains it and at most two other
    unknown flows. It is touched when a figure of grade A or B that the fit had to meet contains it,
    with however many others: its sum with them is known, it itself is allocated. An observed flow
    is touched, too, whatever the grade of the figure. Tonnes of
    different products are summed within a stage, so this tells stages apart and is no mass
    balance.

    Returns
    -------
    pandas.DataFrame
        `stage` of the maker, `links`, `observed_links`, `t_per_year`, `observed_t_per_year`,
        `observed_percent` and `touched_percent` of the tonnes.
    """
    table = _with_basis(network)
    seen = table["basis"] == "observed"
    table["observed"] = seen.astype("int64")
    table["observed_t"] = table["t"].where(seen, 0.0)
    table["touched_t"] = table["t"].where(table["touched"] | seen, 0.0)
    found = table.groupby("stage", as_index=False).agg(
        links=("t", "size"),
        observed_links=("observed", "sum"),
        t_per_year=("t", "sum"),
        observed_t_per_year=("observed_t", "sum"),
        touched_t_per_year=("touched_t", "sum"),
    )
    for part in ("observed", "touched"):
        found[f"{part}_percent"] = 100.0 * found[f"{part}_t_per_year"] / found["t_per_year"]
    found = found.drop(columns="touched_t_per_year")
    return found.sort_values("stage", key=stage_rank).reset_index(drop=True)


def countries_without_cited_flow(network: ProductionNetwork) -> list[str]:
    """List countries of producers none of whose flows a figure of grade A or B contains."""
    table = _with_basis(network)
    table = table[table["touched"]]
    countries = network.producers.set_index("producer")["country"]
    touched = set(table["supplier"].map(countries)) | set(table["buyer"].map(countries))
    return sorted(set(network.producers["country"]) - touched)


def minerals_left_out(network: ProductionNetwork, hidden: Collection[str] = ()) -> dict[str, Any]:
    """Name other minerals of which a network holds no flow, and what was not known of them.

    Parameters
    ----------
    network
        A sound network.
    hidden
        Bodies of figures (ids without a vintage) that would enter and were not known on its day.

    Returns
    -------
    dict
        `minerals` by symbol; `hidden`, how many of the figures are theirs; `first_known`, the day
        from which on some of these were known, None when none is hidden.

    Examples
    --------
    >>> from xenotime.networks.structure import SCHEMA, ProductionNetwork, empty_table
    >>> network = ProductionNetwork(**{name: empty_table(name) for name in SCHEMA})
    >>> found = minerals_left_out(network, ["mineral_production/CHN/gallium/2024", "gdp/CHN/2023"])
    >>> found["minerals"][:2], found["hidden"], str(found["first_known"])
    (['Ga', 'Ge'], 1, '2026-02-06')
    """
    from xenotime.networks.minerals.catalogue import MINERALS as CHAINS

    present = {product.partition(":")[2] for product in set(network.links["product"])}
    left_out = [symbol for symbol in MINERALS if symbol not in present]
    slugs = {mineral.slug for mineral in CHAINS if mineral.symbol in left_out}
    theirs = {body for body in hidden if slugs & set(body.split("/"))}
    known = [
        claim.first_known
        for claim in (facts.claims() if theirs else ())
        if claim.id.rpartition("@")[0] in theirs and claim.first_known is not None
    ]
    return {
        "minerals": left_out,
        "hidden": len(theirs),
        "first_known": min(known, default=None),
    }


def _with_basis(network: ProductionNetwork) -> pd.DataFrame:
    """Links with their basis, stage, tonnage `t`, and whether a cited figure contains them."""
    keys = ["supplier", "buyer", "product"]
    basis = network.flow_basis[[*keys, "basis", "sources"]]
    table = network.links.merge(basis, on=keys, validate="1:1")
    sources = network.sources
    good = (sources["role"] == "figure") & sources["grade"].isin(["A", "B"])
    cited = set(sources[good]["id"])
    table["touched"] = [not cited.isdisjoint(cell.split(";")) for cell in table["sources"].tolist()]
    table["stage"] = table["supplier"].map(network.producers.set_index("producer")["stage"])
    table["t"] = table["base_flow_t_per_year"]
    return table


def worst_residuals(reconciliation: Mapping[str, Any], count: int = 10) -> list[dict[str, Any]]:
    """List the figures that the reconciliation moved most, in sigmas, the worst first.

    Parameters
    ----------
    reconciliation
        As a built network keeps it; its `facts` are read.
    count
        How many to list at most.

    Examples
    --------
    >>> worst_residuals({"facts": [{"fact": "a", "deviation_sigma": 0.1},
    ...                            {"fact": "b", "deviation_sigma": -2.0}]}, 1)
    [{'fact': 'b', 'deviation_sigma': -2.0}]
    """
    facts = sorted(reconciliation["facts"], key=lambda fact: -abs(fact["deviation_sigma"]))
    return facts[:count]


def moved_figures(
    reconciliation: Mapping[str, Any], grade: str = "A", sigmas: float = 1.0
) -> list[dict[str, Any]]:
    """List the figures of a grade that the fit moved by more than their error, the worst first.

    Parameters
    ----------
    reconciliation
        As a built network keeps it; its `facts` are read.
    grade, sigmas
        Which figures, and from how many standard deviations on.

    Examples
    --------
    >>> facts = [{"fact": "a", "grade": "A", "deviation_sigma": 0.9},
    ...          {"fact": "b", "grade": "A", "deviation_sigma": -1.1}]
    >>> [fact["fact"] for fact in moved_figures({"facts": facts})]
    ['b']
    """
    chosen = [fact for fact in reconciliation["facts"] if fact["grade"] == grade]
    moved = [fact for fact in chosen if abs(fact["deviation_sigma"]) > sigmas]
    return sorted(moved, key=lambda fact: -abs(fact["deviation_sigma"]))


def acceptance(reconciliation: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Hold a reconciliation against the numbers that a baseline must meet.

    Violation of the laws of mass below 1e-9; at least 80 % of the cited tonnages of grade A and B
    within one sigma; no figure of grade A moved by more than 15 % without a contradiction on
    record.

    Returns
    -------
    list of dict
        `test`, `value`, `limit`, `passed` (None where there is nothing to hold against).

    Examples
    --------
    >>> report = {"hard_violation": 1e-12, "within_one_sigma": 0.75, "unexplained": []}
    >>> [(row["test"], row["passed"]) for row in acceptance(report)]
    [('hard_violation', True), ('within_one_sigma', False), ('unexplained', True)]
    """
    violation, within = reconciliation["hard_violation"], reconciliation["within_one_sigma"]
    unexplained = list(reconciliation["unexplained"])
    return [
        {
            "test": "hard_violation",
            "value": violation,
            "limit": f"below {MOST_VIOLATION:g}",
            "passed": violation < MOST_VIOLATION,
        },
        {
            "test": "within_one_sigma",
            "value": within,
            "limit": f"at least {LEAST_WITHIN_ONE_SIGMA:g}",
            "passed": None if within is None else within >= LEAST_WITHIN_ONE_SIGMA,
        },
        {
            "test": "unexplained",
            "value": unexplained,
            "limit": "none",
            "passed": not unexplained,
        },
    ]
