"""What the reconciliation did: each fact as given and as fitted, conflicts, what was left out."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from xenotime.networks.chain.basis import observed_share_by_stage
from xenotime.networks.laws import flows_of, keys_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from xenotime.networks.chain.ensemble import Member
    from xenotime.networks.chain.nodes import Link
    from xenotime.networks.chain.row import Row
    from xenotime.networks.chain.settling import Settled
    from xenotime.networks.minerals import MineralFlows
    from xenotime.networks.structure import ProductionNetwork

__all__ = ["EXCLUDED", "BaselineReport", "build_report", "known_conflicts"]

MOVED_MUCH = 0.15
"""An A figure that moves by more than this share needs an entry in ``conflicts.csv``."""

EXCLUDED: dict[str, str] = {
    "magnet_element_mining/AUS/2024": "rests on a tonnage that USGS has since doubled",
    "magnet_element_mining/ROW/2024": "rests on Thai and Nigerian tonnages that USGS has since cut",
    "magnet_element_mining/WLD/2024": "sum of rows that are in or superseded",
    "magnet_element_refining/WLD/2024": "sum of rows that are in",
    "magnet_element_demand/WLD/all/magnet_elements/2024": "gross of scrap; basis unstated",
    "mine_production/WLD/2024": "sum of the countries",
    "ore_trade/MMR/CHN/ion_clay/2023": "another year",
    "ore_trade/WLD/CHN/heavy_mineral_sands/2023": (
        "one author's estimate of oxide inside sands, in no production table; another year"
    ),
    "magnet_output/WLD/NdFeB/2022": "another year",
    "oxide_output/MYS/all/FY2024": "Lynas rejects lanthanum and cerium by choice: not a yield",
    "imports/JPN/WLD/rare_earths/2024-H1": "sixteen elements as metal; the total use is in",
    "rare_earth_imports/CHN/MYS/2024": "carbonates of unknown content beside Lynas oxide",
    "rare_earth_imports/CHN/VNM/2024": "compounds of unknown origin and content",
    "export_share/CHN/top10/magnet/2024": "names of ranks four to ten are not printed",
    "heavy_content/CHN/Dy/2024": "derived from figures that are in",
    "world_share/MMR/mine/DyTb/2018": "another year",
    "imports/IND/WLD/all_permanent_magnets/FY2025": "ferrite and rare-earth magnets together",
}
"""Claims looked at and left out of the fit, with the reason."""


@dataclass(frozen=True)
class BaselineReport:
    """How far the figures had to move, and what the result may be used for.

    Attributes
    ----------
    facts
        One row per soft row: fact, kind, grade, unit, given, fitted, sigma,
        deviation_sigma, deviation_percent (missing for shares), sources, remark, conflict.
    hard_violation
        Largest relative violation of a balance or recipe row over all members.
    objective, iterations, solves
        Of the middle solution; solves counts all programmes solved.
    hidden
        Figures that would enter but were not known on the day.
    excluded
        Claims looked at and left out, with the reason.
    allocated_share
        Share of links that no cited figure pins.
    observed_share_by_stage
        Share of the tonnage leaving each stage that a cited figure pins.
    considered
        Candidate links before the first solve.
    """

    facts: pd.DataFrame
    hard_violation: float
    objective: float
    iterations: int
    solves: int
    hidden: tuple[str, ...]
    excluded: dict[str, str]
    allocated_share: float
    observed_share_by_stage: dict[str, float]
    considered: int

    @property
    def within_one_sigma(self) -> float:
        """Share of cited A and B tonnages met within one sigma; nan where there are none."""
        facts = self.facts
        chosen = facts[(facts["kind"] == "level") & facts["grade"].isin(["A", "B"])]
        return float((chosen["deviation_sigma"].abs() <= 1.0).mean())

    @property
    def unexplained(self) -> tuple[str, ...]:
        """A figures that moved by more than 15 % and have no entry in ``conflicts.csv``."""
        facts = self.facts
        moved = facts[
            (facts["kind"] == "level")
            & (facts["grade"] == "A")
            & (facts["deviation_percent"].abs() > 100.0 * MOVED_MUCH)
            & (facts["conflict"] == "")
        ]
        return tuple(moved["fact"])


@lru_cache(maxsize=1)
def known_conflicts() -> dict[str, str]:
    """Why a figure of grade A may move far: fact name -> assessment."""
    path = resources.files("xenotime.networks") / "data" / "conflicts.csv"
    with path.open(encoding="utf-8") as lines:
        return {row["fact"]: row["assessment"] for row in csv.DictReader(lines, strict=True)}


def build_report(
    found: Settled,
    members: Sequence[Member],
    minerals: MineralFlows,
    network: ProductionNetwork,
) -> BaselineReport:
    """Compare the middle solution with every figure given to it."""
    import pandas as pd

    conflicts = known_conflicts()
    lines = []
    middle = found.middle
    fitted: list[tuple[Row[Any], float]] = [
        (row, row.terms.value(middle.values)) for row in middle.rows
    ]
    fitted += [(row, _named(row.terms, minerals.flows)) for row in minerals.rows]
    for row, total in fitted:
        # A reported zero cannot be missed by a share of itself; its sigmas are told.
        relative = row.kind == "level" and row.value > 0.0
        moved = 100.0 * (total / row.value - 1.0) if relative else float("nan")
        lines.append(
            {
                "fact": row.name,
                "kind": row.kind,
                "grade": row.grade,
                "unit": row.unit,
                "given": row.value,
                "fitted": total,
                "sigma": row.sigma,
                "deviation_sigma": (total - row.value) / row.sigma,
                "deviation_percent": moved,
                "sources": ";".join(row.sources),
                "remark": row.remark,
                "conflict": conflicts.get(row.name, ""),
            }
        )
    return BaselineReport(
        facts=pd.DataFrame(lines),
        hard_violation=max(middle.violation, *(member.violation for member in members), 0.0),
        objective=middle.objective,
        iterations=middle.iterations,
        solves=found.solves + sum(member.solves for member in members),
        hidden=(*middle.missing, *minerals.missing),
        excluded=EXCLUDED,
        allocated_share=float((network.flow_basis["basis"] == "allocated").mean()),
        observed_share_by_stage=_observed(network),
        considered=found.considered + minerals.candidates,
    )


def _named(terms: Mapping[Link, float], flows: Mapping[Link, float]) -> float:
    return sum(weight * flows.get(link, 0.0) for link, weight in terms.items())


def _observed(network: ProductionNetwork) -> dict[str, float]:
    basis = network.flow_basis
    observed = set(keys_of(basis[basis["basis"] == "observed"]))
    return observed_share_by_stage(flows_of(network.links), observed)
