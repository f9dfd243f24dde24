"""The solution as the tables of a production network."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from xenotime.networks.chain.chemistry import basket_sources, oxide_sources
from xenotime.networks.chain.logistics import cover_days, transit_days
from xenotime.networks.chain.nodes import Link, country_of, element_of, kind_of
from xenotime.networks.chain.recipes import activities, contents, recipes
from xenotime.networks.structure import SCHEMA, ProductionNetwork, empty_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from xenotime.networks.chain.figures import Figure, Figures
    from xenotime.networks.chain.nodes import Candidates
    from xenotime.networks.chain.programme import Reconciled

__all__ = ["PRIORITY", "build_tables"]

PRIORITY: dict[str, int] = {
    "defence": 0,
    "light_vehicles": 1,
    "wind": 2,
    "other": 3,
    "oxide_users": 3,
}
"""Who is served first where a supplier rations by use; an assumption."""

INDUSTRY_OF = {"oxide_users": "other"}

COMPANIES = {
    "mine:bastnaesite@USA": "MP Materials",
    "separation:bastnaesite_USA@USA": "MP Materials",
    "mine:monazite@AUS": "Lynas",
    "separation:monazite_AUS@MYS": "Lynas",
}

LOW, HIGH = 0.1, 0.9
MOST_UNKNOWNS = 3
"""A figure pins a flow when it sums at most this many flows."""


def build_tables(
    candidates: Candidates, middle: Reconciled, others: list[Reconciled], figures: Figures
) -> ProductionNetwork:
    """Tables of the middle solution, with intervals and flows of the other members.

    Parameters
    ----------
    candidates
        The links that were kept, in order.
    middle, others
        Member 0 and members 1 to K-1, on the same links.
    figures
        Claims and unperturbed priors.
    """
    solutions = [middle, *others]
    links = sorted(candidates.links)
    flows = np.array([[solution.flows[link] for link in links] for solution in solutions])
    low, high = np.quantile(flows, LOW, axis=0), np.quantile(flows, HIGH, axis=0)
    keyed = [(link.supplier, link.buyer, link.product) for link in links]
    transit = {
        pair: transit_days(*pair, figures)
        for pair in sorted({(country_of(link.supplier), country_of(link.buyer)) for link in links})
    }
    days = [transit[country_of(k[0]), country_of(k[1])] for k in keyed]
    basis = _basis(links, middle, {name for name, role in figures.uses if role == "driver"})
    slots = sorted({(buyer, product) for _, buyer, product in keyed})
    intake: dict[tuple[str, str], float] = defaultdict(float)
    on_the_way: dict[tuple[str, str], float] = defaultdict(float)
    for (_, buyer, product), flow, day in zip(keyed, flows[0], days, strict=True):
        intake[buyer, product] += float(flow)
        on_the_way[buyer, product] += float(flow) * day.mid
    covers = {
        (b, p): cover_days(kind_of(b), country_of(b), _industry(b), on_the_way[b, p] / intake[b, p])
        for b, p in slots
    }

    contained = contents(candidates, middle, figures)
    _note_uses(candidates, middle, figures, [*transit.values()], [*covers.values()])
    return ProductionNetwork(
        producers=_table("producers", _producers(middle)),
        recipes=_table(
            "recipes",
            (
                (r.process, r.product, r.role, r.coefficient, r.essentiality, r.discard_share)
                for r in recipes(middle.flows)
            ),
        ),
        links=_table(
            "links",
            ((*k, f, d.mid) for k, f, d in zip(keyed, flows[0].tolist(), days, strict=True)),
        ),
        stocks=_table("stocks", ((b, p, covers[b, p].mid) for b, p in slots)),
        demand=_table(
            "demand",
            (
                (b, _industry(b), p, intake[b, p], PRIORITY[element_of(b)])
                for b, p in slots
                if kind_of(b) == "industry"
            ),
        ),
        estimates=_table(
            "estimates",
            (
                *_ranges(solutions),
                *(
                    _estimate(f"stocks/{b}/{p}", "cover_days", covers[b, p], "lognormal")
                    for b, p in slots
                ),
                *(
                    _estimate(f"links/{'/'.join(k)}", "transit_days", d, "triangular")
                    for k, d in zip(keyed, days, strict=True)
                ),
            ),
        ),
        flow_basis=_table(
            "flow_basis",
            (
                (*k, b, min(lo, f), max(hi, f), s)
                for k, (b, s), lo, hi, f in zip(
                    keyed, basis, low.tolist(), high.tolist(), flows[0].tolist(), strict=True
                )
            ),
        ),
        contents=_table("contents", contained),
        ensemble=_table(
            "ensemble",
            (
                (member, *k, f)
                for member, row in enumerate(flows.tolist())
                for k, f in zip(keyed, row, strict=True)
            ),
        ),
        sources=_table("sources", ((*key, figures.uses[key]) for key in sorted(figures.uses))),
    )


def _note_uses(
    candidates: Candidates,
    middle: Reconciled,
    figures: Figures,
    transit: list[Figure],
    covers: list[Figure],
) -> None:
    """Note what was used beside the start and the laws of the middle solution."""
    for row in middle.rows:
        figures.note(row.sources, "figure")
    for ore in candidates.ores:
        if ore.mine in candidates.producers:
            for deposit in ore.deposits:
                figures.note(basket_sources(deposit), "basket")
    figures.note(oxide_sources(), "basket")
    for role, used in (("transit", transit), ("cover", covers)):
        for figure in used:
            figures.note(figure.id.split(";"), role)


def _table(name: str, rows: Iterable[tuple[Any, ...]]) -> pd.DataFrame:
    empty = empty_table(name)
    columns = [column.name for column in SCHEMA[name]]
    return pd.DataFrame(list(rows), columns=columns).astype(dict(empty.dtypes))


def _industry(producer: str) -> str:
    name = element_of(producer)
    return INDUSTRY_OF.get(name, name)


def _producers(middle: Reconciled) -> list[tuple[Any, ...]]:
    return [
        (
            producer,
            country_of(producer),
            kind_of(producer),
            producer,
            _industry(producer) if kind_of(producer) == "industry" else "",
            COMPANIES.get(producer, ""),
            "",
            "operating",
            activity,
        )
        for producer, activity in activities(middle.flows).items()
    ]


def _estimate(record: str, column: str, figure: Figure, shape: str) -> tuple[Any, ...]:
    low, high = min(figure.low, figure.mid), max(figure.high, figure.mid)
    return (record, column, low, figure.mid, high, shape, figure.grade, figure.vintage, figure.id)


def _ranges(solutions: list[Reconciled]) -> list[tuple[Any, ...]]:
    """Intervals of activities and of magnet recipes over the members."""
    per_member = [activities(solution.flows) for solution in solutions]
    rows = [
        _range(
            f"producers/{producer}",
            "base_activity_t_per_year",
            np.array([member.get(producer, 0.0) for member in per_member]),
        )
        for producer in per_member[0]
    ]
    tables = [
        {(r.process, r.product, r.role): r.coefficient for r in recipes(solution.flows)}
        for solution in solutions
    ]
    rows += [
        _range(
            f"recipes/{process}/{product}/{role}",
            "coefficient",
            np.array([table.get((process, product, role), 0.0) for table in tables]),
        )
        for process, product, role in tables[0]
        if kind_of(process) == "magnet" and role == "input"
    ]
    return rows


def _range(record: str, column: str, values: NDArray[np.float64]) -> tuple[Any, ...]:
    middle = float(values[0])
    low, high = np.quantile(values, [LOW, HIGH]).tolist()
    triple = (min(low, middle), middle, max(high, middle))
    return (record, column, *triple, "empirical", "prior", "", "")


def _basis(links: list[Link], middle: Reconciled, drivers: set[str]) -> list[tuple[str, str]]:
    """Observed or allocated, and the ids of all figures that contain or sized the flow."""
    sources: dict[Link, dict[str, None]] = defaultdict(dict)
    pinned: set[Link] = set()
    for row in middle.rows:
        inside = [key for key in row.terms if isinstance(key, Link)]
        for link in inside:
            sources[link] |= dict.fromkeys(row.sources)
        # a magnet's use is never observed: customs has one code for all grades and users
        if row.kind == "level" and len(row.terms) <= MOST_UNKNOWNS:
            pinned |= {link for link in inside if not link.product.startswith("magnet:")}
    return [
        (
            "observed" if link in pinned else "allocated",
            # a cited tonnage of a mine takes the place of the prior
            ";".join((*sources[link], *({_prior_of(link)} & drivers - set(sources[link])))),
        )
        for link in links
    ]


def _prior_of(link: Link) -> str:
    """Prior that sized the flow at the start of the fit."""
    origin, target = country_of(link.supplier), country_of(link.buyer)
    if link.product.startswith("ore:"):
        return f"prior/mine_output/{element_of(link.product)}"
    if link.product.startswith("metal:"):
        return f"prior/metal_source/{target}/{origin}"
    if link.product.startswith("magnet:"):
        family = "SmCo" if element_of(link.product) == "SmCo" else "NdFeB"
        return f"prior/magnet_output/{family}/{origin}"
    if kind_of(link.buyer) == "metal":
        return f"prior/oxide_source/{target}/{origin}"
    return f"prior/user_source/{target}/{origin}"
