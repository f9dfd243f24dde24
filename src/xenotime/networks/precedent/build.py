"""Build the baseline of 2010 with the laws, the solver and the tables of the main one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from xenotime.facts.problems import RequestError
from xenotime.networks.chain.balance import scrap_contents
from xenotime.networks.chain.baseline import Baseline
from xenotime.networks.chain.candidates import Candidates
from xenotime.networks.chain.ensemble import Member
from xenotime.networks.chain.figures import Figures
from xenotime.networks.chain.joining import joined
from xenotime.networks.chain.programme import Reconciled, reconcile
from xenotime.networks.chain.report import build_report
from xenotime.networks.chain.settling import Settled
from xenotime.networks.chain.tables import build_tables
from xenotime.networks.minerals.flows import MineralFlows
from xenotime.networks.precedent import YEARS
from xenotime.networks.precedent.basis import with_starts
from xenotime.networks.precedent.rows import precedent_rows
from xenotime.networks.precedent.start import precedent_ores, precedent_start
from xenotime.networks.structure import empty_table
from xenotime.networks.validation import validate

if TYPE_CHECKING:
    from datetime import date

    from xenotime.networks.structure import ProductionNetwork

__all__ = ["build_precedent"]

ROUNDS = 3
"""Solves of a member; after each, recyclers get what the blanks of that solution hold."""

_NO_MINERALS = MineralFlows({}, (), {}, {}, 0, ())


def build_precedent(
    year: int = 2010, *, as_of: date | None = None, members: int = 16, seed: int = 7
) -> Baseline:
    """Reconcile the few figures of 2010 into a network of China, Japan and the rest.

    Cited are world mine output, Chinese blanks and the shares of the world's blanks, Chinese magnet
    exports and what the United States used; most else is a prior (`prior/precedent/*`).

    Parameters
    ----------
    year
        One of `xenotime.networks.precedent.YEARS`.
    as_of
        Use only figures known on this day; None uses all.
    members, seed
        Solutions in the ensemble, and seed of their draws, as in `build_baseline`.

    Returns
    -------
    Baseline
        ``network`` (valid, in balance) and ``report``.

    Raises
    ------
    RequestError
        If there is no precedent for the year, `members` is below 1, or its figures were not known.
    QpError
        If a programme does not converge.

    Examples
    --------
    >>> network, report = build_precedent(members=1)
    >>> sorted(set(network.producers["country"])), report.hard_violation < 1e-9
    (['CHN', 'EST', 'IND', 'JPN', 'ROW', 'RUS', 'USA'], True)
    """
    problems = [] if members >= 1 else [f"members is {members}: give a whole number above 0"]
    if year not in YEARS:
        known = ", ".join(map(str, YEARS))
        problems.append(f"year is {year}: there is a precedent for {known} alone")
    if problems:
        raise RequestError(problems, subject="precedent")
    figures = Figures(as_of, seed=seed)
    start = precedent_start(figures)
    every = Candidates(precedent_ores(), tuple(sorted(start.flows)))
    kept = every.without(set())
    middle = _reconciled(kept, figures)
    others = [
        _member(kept, Figures(as_of, seed=seed, member=member)) for member in range(1, members)
    ]
    flows = joined(middle, _NO_MINERALS, others, figures)
    flows = flows._replace(basis=with_starts(flows.links, flows.basis, figures.uses))
    network = _without_projects(build_tables(kept, middle, flows, figures))
    wrong = validate(network)
    if wrong:
        raise RequestError(wrong, subject=f"reconciled baseline of {year}")
    found = Settled(kept, len(every.links), middle, ROUNDS)
    report = build_report(found, others, _NO_MINERALS, network)
    return Baseline(network, replace(report, excluded={}))


def _member(kept: Candidates, figures: Figures) -> Member:
    answer = _reconciled(kept, figures)
    return Member(figures.member, answer.values, np.zeros(0), answer.violation, ROUNDS)


def _reconciled(kept: Candidates, figures: Figures) -> Reconciled:
    """Solve one member, until scrap has the contents of the blanks that it is cut from, nearly."""
    figures.uses.clear()
    start, scrap = precedent_start(figures), None
    for _ in range(ROUNDS):
        answer = reconcile(kept, figures, scrap, start, precedent_rows)
        scrap = scrap_contents(answer.frame, answer.values, figures)
    return answer


def _without_projects(network: ProductionNetwork) -> ProductionNetwork:
    """Leave out projects: they are those of the present."""
    estimates, sources = network.estimates, network.sources
    return replace(
        network,
        projects=empty_table("projects"),
        estimates=estimates[~estimates["record"].str.startswith("projects/")].reset_index(
            drop=True
        ),
        sources=sources[sources["role"] != "project"].reset_index(drop=True),
    )
