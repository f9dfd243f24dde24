"""The solution as the tables of a production network."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from xenotime.facts.taxonomy import region_of
from xenotime.networks.chain.chemistry import SCANDIUM, basket_sources
from xenotime.networks.chain.logistics import cover_days, transit_days
from xenotime.networks.chain.nodes import (
    companies,
    country_of,
    element_of,
    kind_of,
    stage_of,
)
from xenotime.networks.chain.projects import Project, project_rows
from xenotime.networks.chain.recipes import activities, contents, recipes
from xenotime.networks.intervals import HIGH, LOW
from xenotime.networks.structure import SCHEMA, ProductionNetwork, empty_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from xenotime.networks.chain.candidates import Candidates
    from xenotime.networks.chain.figures import Figure, Figures
    from xenotime.networks.chain.joining import Flows
    from xenotime.networks.chain.nodes import Link
    from xenotime.networks.chain.programme import Reconciled

__all__ = ["PRIORITY", "build_tables"]

PRIORITY: dict[str, int] = {
    "defence": 0,
    "medical": 1,
    "aerospace": 1,
    "semiconductors": 1,
    "light_vehicles_combustion": 2,
    "light_vehicles_hybrid": 2,
    "light_vehicles_battery": 2,
    "wind": 3,
}
"""Who is served first where a supplier rations by use; an assumption. All others come last."""

LAST = 4


def build_tables(
    candidates: Candidates, middle: Reconciled, flows: Flows, figures: Figures
) -> ProductionNetwork:
    """Tables of the middle solution, with intervals and flows of the other members.

    Parameters
    ----------
    candidates
        The rare-earth links that were kept.
    middle
        Member 0 of the rare earths.
    flows
        Flows of all members, other minerals included.
    figures
        Claims and unperturbed priors.
    """
    base_flows = flows.of(0)
    activity = activities(base_flows)
    lines = recipes(base_flows, flows.discards[0])
    held = contents(candidates, middle, figures, base_flows)
    projects = project_rows(figures, set(activity))
    keyed = [tuple(link) for link in flows.links]
    transit = {
        pair: transit_days(region_of(pair[0]), region_of(pair[1]), figures)
        for pair in sorted({(country_of(k[0]), country_of(k[1])) for k in keyed})
    }
    days = [transit[country_of(k[0]), country_of(k[1])] for k in keyed]
    intake: dict[tuple[str, str], float] = defaultdict(float)
    on_the_way: dict[tuple[str, str], float] = defaultdict(float)
    for (_, buyer, product), flow, day in zip(keyed, flows.table[0].tolist(), days, strict=True):
        intake[buyer, product] += flow
        on_the_way[buyer, product] += flow * day.mid
    covers = {
        slot: cover_days(*slot, on_the_way[slot] / intake[slot] if intake[slot] > 0.0 else 0.0)
        for slot in sorted(intake)
    }
    low, high = (np.quantile(flows.table, q, axis=0).tolist() for q in (LOW, HIGH))
    base = flows.table[0].tolist()
    _note_uses(candidates, middle, figures, [*transit.values()], [*covers.values()], projects)
    return ProductionNetwork(
        producers=_table("producers", _producers(activity)),
        recipes=_table(
            "recipes",
            (
                (r.process, r.product, r.role, r.coefficient, r.essentiality, r.discard_share)
                for r in lines
            ),
        ),
        links=_table("links", ((*k, f, d.mid) for k, f, d in zip(keyed, base, days, strict=True))),
        stocks=_table("stocks", ((*slot, cover.mid) for slot, cover in covers.items())),
        demand=_table(
            "demand",
            (
                (b, element_of(b), p, intake[b, p], PRIORITY.get(element_of(b), LAST))
                for b, p in sorted(intake)
                if kind_of(b) == "industry"
            ),
        ),
        estimates=_table(
            "estimates",
            (
                *_ranges(flows),
                *(
                    _estimate(f"stocks/{b}/{p}", "cover_days", cover, "lognormal")
                    for (b, p), cover in covers.items()
                ),
                *(
                    _estimate(f"links/{'/'.join(k)}", "transit_days", d, "triangular")
                    for k, d in zip(keyed, days, strict=True)
                ),
                *_project_ranges(projects),
            ),
        ),
        flow_basis=_table(
            "flow_basis",
            (
                (*k, b, min(lo, f), max(hi, f), s)
                for k, (b, s), lo, hi, f in zip(keyed, flows.basis, low, high, base, strict=True)
            ),
        ),
        contents=_table("contents", held),
        ensemble=_ensemble(keyed, flows.table),
        sources=_table("sources", ((*key, figures.uses[key]) for key in sorted(figures.uses))),
        projects=_table("projects", (project.cells() for project in projects)),
    )


def _ensemble(keyed: list[tuple[str, ...]], flows: NDArray[np.float64]) -> pd.DataFrame:
    """Members below each other; built column by column, for it is the longest table."""
    members, count = flows.shape
    columns: dict[str, Any] = {"member": np.repeat(np.arange(members), count)}
    for place, name in enumerate(("supplier", "buyer", "product")):
        columns[name] = pd.Series([key[place] for key in keyed] * members, dtype="str")
    columns["base_flow_t_per_year"] = flows.ravel()
    return pd.DataFrame(columns)[[column.name for column in SCHEMA["ensemble"]]].astype(
        dict(empty_table("ensemble").dtypes)
    )


def _note_uses(
    candidates: Candidates,
    middle: Reconciled,
    figures: Figures,
    transit: list[Figure],
    covers: list[Figure],
    projects: list[Project],
) -> None:
    """Note what was used beside the start and the laws of the middle solution."""
    for row in middle.rows:
        figures.note(row.sources, "figure")
    for ore in candidates.ores:
        if ore.mine in candidates.producers:
            for deposit in ore.deposits:
                if deposit != SCANDIUM:
                    figures.note(basket_sources(deposit), "basket")
    for role, used in (("transit", transit), ("cover", covers)):
        for figure in {figure.id: figure for figure in used}.values():
            figures.note(figure.id.split(";"), role)
    for project in projects:
        figures.note(project.source.split(";"), "project")


def _table(name: str, rows: Iterable[tuple[Any, ...]]) -> pd.DataFrame:
    empty = empty_table(name)
    columns = [column.name for column in SCHEMA[name]]
    return pd.DataFrame(list(rows), columns=columns).astype(dict(empty.dtypes))


def _producers(activity: Mapping[str, float]) -> list[tuple[Any, ...]]:
    return [
        (
            producer,
            country_of(producer),
            stage_of(producer),
            producer,
            element_of(producer) if kind_of(producer) == "industry" else "",
            companies().get(producer, ""),
            "",
            "operating",
            made,
        )
        for producer, made in activity.items()
    ]


def _estimate(record: str, column: str, figure: Figure, shape: str) -> tuple[Any, ...]:
    low, high = min(figure.low, figure.mid), max(figure.high, figure.mid)
    return (record, column, low, figure.mid, high, shape, figure.grade, figure.vintage, figure.id)


def _project_ranges(projects: list[Project]) -> list[tuple[Any, ...]]:
    return [
        _estimate(f"projects/{project.project}/{project.product}", column, figure, "triangular")
        for project in projects
        for column, figure in (("slippage_days", project.slippage), ("ramp_days", project.ramp))
    ]


def _ranges(flows: Flows) -> list[tuple[Any, ...]]:
    """Intervals of activities and of alloy recipes over the members."""
    members = range(len(flows.table))
    per_member = [activities(flows.of(member)) for member in members]
    rows = [
        _range(
            f"producers/{producer}",
            "base_activity_t_per_year",
            np.array([member.get(producer, 0.0) for member in per_member]),
        )
        for producer in per_member[0]
    ]
    tables = [
        {(r.process, r.product, r.role): r.coefficient for r in recipes(chosen, {})}
        for member in members
        if (chosen := _alloy_flows(flows, member))
    ]
    rows += [
        _range(
            f"recipes/{process}/{product}/{role}",
            "coefficient",
            np.array([table.get((process, product, role), 0.0) for table in tables]),
        )
        for process, product, role in (tables[0] if tables else ())
        if kind_of(process) == "alloy" and role == "input"
    ]
    return rows


def _alloy_flows(flows: Flows, member: int) -> dict[Link, float]:
    """Flows that an alloy maker buys or sells."""
    return {
        link: flow
        for link, flow in flows.of(member).items()
        if "alloy" in {kind_of(link.supplier), kind_of(link.buyer)}
    }


def _range(record: str, column: str, values: NDArray[np.float64]) -> tuple[Any, ...]:
    middle = float(values[0])
    low, high = np.quantile(values, [LOW, HIGH]).tolist()
    triple = (min(low, middle), middle, max(high, middle))
    return (record, column, *triple, "empirical", "prior", "", "")
