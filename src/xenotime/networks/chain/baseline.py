"""Build the reconciled baseline: settle its links, perturb the figures, fill the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from xenotime.facts.problems import RequestError
from xenotime.facts.taxonomy import NETWORK_COUNTRIES
from xenotime.networks.chain.ensemble import Task, solved_members
from xenotime.networks.chain.figures import Figures
from xenotime.networks.chain.joining import joined
from xenotime.networks.chain.report import BaselineReport, build_report
from xenotime.networks.chain.settling import settled
from xenotime.networks.chain.tables import build_tables
from xenotime.networks.minerals import mineral_flows
from xenotime.networks.validation import validate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from xenotime.networks.structure import ProductionNetwork

__all__ = ["BASE_YEAR", "Baseline", "build_baseline"]

BASE_YEAR = "2024"


class Baseline(NamedTuple):
    """A network and how it was reconciled; unpacks as ``network, report``."""

    network: ProductionNetwork
    report: BaselineReport


def _untold(_done: int, _of: int) -> None:
    """Nobody asked for progress."""


def build_baseline(
    as_of: date | None = None,
    *,
    members: int = 16,
    seed: int = 7,
    countries: Sequence[str] = NETWORK_COUNTRIES,
    progress: Callable[[int, int], None] | None = None,
) -> Baseline:
    """Reconcile the cited figures of the base year 2024 into one network and its ensemble.

    Parameters
    ----------
    as_of
        Use only figures known on this day; priors fill what is hidden. None uses all.
    members
        Solutions in the ensemble, at least 1. Member 0 is the middle solution; the others
        see each cited figure moved by its sigma and each prior drawn from its interval.
    seed
        Seed of those draws; they depend on names, not on order.
    countries
        Nodes, in any order; the order does not change the result.
    progress
        Called with the number of members done and the number of all.

    Returns
    -------
    Baseline
        ``network`` (valid, in balance to 1e-12) and ``report``.

    Raises
    ------
    RequestError
        If `members` is below 1, a country is unknown, or `as_of` lies before any cited tonnage.
    QpError
        If a programme does not converge.

    Examples
    --------
    >>> network, report = build_baseline(members=1)
    >>> report.hard_violation < 1e-9, len(network.links) > 6000
    (True, True)
    """
    problems = [] if members >= 1 else [f"members is {members}: give a whole number above 0"]
    missing = [country for country in NETWORK_COUNTRIES if country not in set(countries)]
    unknown = [country for country in countries if country not in NETWORK_COUNTRIES]
    problems += [
        f"country {country!r} is not a node of the network: leave it out" for country in unknown
    ]
    problems += [
        f"country {country!r} is missing: the figures need every node" for country in missing
    ]
    if problems:
        raise RequestError(problems, subject="baseline")
    figures = Figures(as_of, seed=seed)
    if figures.claim(f"mine_production/CHN/{BASE_YEAR}") is None:
        raise RequestError(
            f"as_of is {as_of}: no cited tonnage of the base year {BASE_YEAR} was known on that "
            "day, so priors alone would fill the network: choose a later day",
            subject="baseline",
        )
    told = progress or _untold
    found = settled(figures, countries)
    minerals = mineral_flows(as_of, seed=seed)
    told(1, members)
    tasks = [
        Task(found.kept, found.middle.scrap, as_of, seed, member) for member in range(1, members)
    ]
    others = solved_members(tasks, lambda done: told(done + 1, members))
    flows = joined(found.middle, minerals, others, figures)
    network = build_tables(found.kept, found.middle, flows, figures)
    wrong = validate(network)
    if wrong:
        raise RequestError(wrong, subject="reconciled baseline")
    return Baseline(network, build_report(found, others, minerals, network))
