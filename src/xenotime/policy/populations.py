"""What published counts say about the pace of approvals, each population by itself.

Every count comes from a group that selected itself: suppliers of one association, one distributor.
Groups are fitted apart and never pooled. A group's hazard in the first period is unknown within a
wide prior; acts that ease the control multiply it by factors of at least one; applications were
filed over weeks, nobody knows exactly when. Draws from the priors are weighted by how well they
meet the counts (importance sampling), so nothing but the prior and the counts decides.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from xenotime import facts
from xenotime.facts.units import convert
from xenotime.policy.licences import licence_path
from xenotime.policy.queues import STATUTORY_WORKING_DAYS, ApprovalPeriod, approval_periods
from xenotime.policy.ranges import prior_quantile, quantile_of
from xenotime.policy.working_days import working_day_mask

__all__ = [
    "Count",
    "Population",
    "PopulationDraws",
    "approved_share",
    "fitted",
    "hazards_of",
    "populations",
    "predicted_share",
]

Array = NDArray[np.float64]
LOG_DRAWS = 14  # points of the prior, as a power of two
KEPT = 1024  # draws of the posterior


@dataclass(frozen=True, slots=True)
class Count:
    """Share of filed applications that had been approved by a day.

    `applications` is how many had been filed, or None where the source says only "hundreds".
    """

    id: str
    day: dt.date
    share: float
    applications: float | None


@dataclass(frozen=True, slots=True)
class Population:
    """A group of applicants with published counts.

    `destinations` are ISO3 codes or aggregates; `industries` what it supplies; `path` the periods
    between policy events that it lived through (see `queues.approval_periods`).
    """

    name: str
    title: str
    destinations: frozenset[str]
    industries: frozenset[str]
    path: str
    counts: tuple[Count, ...]

    @property
    def periods(self) -> tuple[ApprovalPeriod, ...]:
        """Periods of its path, in the order of their start."""
        return tuple(p for p in approval_periods() if self.path in p.destinations)


@dataclass(frozen=True, slots=True)
class PopulationDraws:
    """Draws of what is unknown about a population, each array of shape (draws,).

    `hazard` per working day in the first period; `easing` (periods - 1, draws): factor at the start
    of each later one; `filing_lag` in days; `returned` per working day; `statutory` share approved
    on the statutory day; `counted`: applications that a count without a number is worth.
    """

    hazard: Array
    easing: Array
    filing_lag: Array
    returned: Array
    statutory: Array
    counted: Array

    def chosen(self, index: NDArray[np.int64]) -> PopulationDraws:
        """Draws at some places."""
        return PopulationDraws(
            self.hazard[index],
            self.easing[:, index],
            self.filing_lag[index],
            self.returned[index],
            self.statutory[index],
            self.counted[index],
        )


@facts.remembered(maxsize=1)
def populations() -> tuple[Population, ...]:
    """Read the populations and their counts.

    >>> [(p.name, len(p.counts)) for p in populations()]
    [('european_car_suppliers', 2), ('american_distributor', 1)]
    """
    file = resources.files("xenotime.policy") / "data" / "licence_populations.csv"
    with file.open(encoding="utf-8") as stream:
        return tuple(
            Population(
                name=row["population"],
                title=row["title"],
                destinations=frozenset(row["destinations"].split(";")),
                industries=frozenset(row["industries"].split(";")),
                path=row["path"],
                counts=tuple(
                    _count(name, float(row["applications"]) if row["applications"] else None)
                    for name in row["counts"].split(";")
                ),
            )
            for row in csv.DictReader(stream)
        )


def _count(name: str, applications: float | None) -> Count:
    claim = facts.get(name)
    assert isinstance(claim, facts.Claim)
    assert claim.mid is not None
    share = convert(claim.mid, claim.unit, "ratio")
    return Count(name, dt.date.fromisoformat(claim.period), share, applications)


def hazards_of(
    population: Population, draws: PopulationDraws, days: Sequence[dt.date]
) -> tuple[Array, Array]:
    """Approval hazard per working day and statutory share, each (days, draws)."""
    shape = (len(days), len(draws.hazard))
    hazard, statutory = np.zeros(shape), np.zeros(shape)
    level = draws.hazard
    for number, period in enumerate(population.periods):
        if number:
            level = level * draws.easing[number - 1]
        begin = max(0, (period.starts - days[0]).days)
        hazard[begin:] = level
        statutory[begin:] = draws.statutory if period.statutory else 0.0
    return hazard, statutory


def approved_share(
    population: Population,
    draws: PopulationDraws,
    on: Sequence[dt.date],
    refusal_share: float | None = None,
) -> Array:
    """Share of the applications filed by each day that had been approved, (len(on), draws)."""
    first = population.periods[0].starts
    days = [first + dt.timedelta(days=i) for i in range((max(on) - first).days + 1)]
    hazard, statutory = hazards_of(population, draws, days)
    path = licence_path(
        hazard,
        draws.returned,
        working_day_mask(days),
        start=0,
        filing_lag=draws.filing_lag,
        statutory_share=statutory,
        statutory_days=STATUTORY_WORKING_DAYS,
        validity=len(days) + 1,
        renewal_lead=0,
        refusal_share=_refused(refusal_share),
    )
    places = [(day - first).days for day in on]
    elapsed = np.array(places, dtype=float)[:, None] + 1.0
    filed = -np.expm1(-elapsed / draws.filing_lag)
    share: Array = path.approved[places] / filed
    return np.clip(share, 0.0, 1.0)


def _refused(share: float | None) -> float:
    """Give the share refused for good, that of the parameters where none is assumed."""
    return facts.parameters()["refusal_share"].mid if share is None else share


@facts.remembered(maxsize=16)
def fitted(
    population: Population,
    *,
    until: dt.date | None = None,
    seed: int = 7,
    refusal_share: float | None = None,
) -> PopulationDraws:
    """Draw what is unknown about a population, given its counts.

    Parameters
    ----------
    population
        One of `populations`.
    until
        Last day whose counts are used (all).
    seed
        Of the scrambled Sobol points.
    refusal_share
        Share of returned papers that are refused for good (None: the parameter of that name).

    Returns
    -------
    PopulationDraws
        `KEPT` equally weighted draws: all of the prior weighted by the binomial likelihood of the
        counts, then resampled at even distances.

    Examples
    --------
    >>> cars = populations()[0]
    >>> june = fitted(cars, until=dt.date(2025, 6, 4))
    >>> bool(0.001 < np.median(june.hazard) < 0.05)
    True
    """
    steps = len(population.periods) - 1
    points = qmc.Sobol(5 + steps, scramble=True, rng=np.random.default_rng(seed)).random_base2(
        LOG_DRAWS
    )
    u = np.clip(points, 2.0**-32, 1.0 - 2.0**-32).T
    priors, parameters = facts.priors(), facts.parameters()
    easing = prior_quantile(priors["prior/licence/easing"], u[5:])
    draws = PopulationDraws(
        hazard=prior_quantile(priors["prior/licence/hazard"], u[0]),
        easing=np.maximum(easing, 1.0),
        filing_lag=quantile_of(parameters["filing_lag_days"], u[1]),
        returned=quantile_of(parameters["return_hazard"], u[2]),
        statutory=quantile_of(parameters["statutory_share"], u[3]),
        counted=prior_quantile(priors["prior/licence/counted"], u[4]),
    )
    counts = [c for c in population.counts if until is None or c.day <= until]
    logs = np.zeros(draws.hazard.size)
    if counts:
        share = np.clip(
            approved_share(population, draws, [c.day for c in counts], refusal_share),
            1e-12,
            1.0 - 1e-12,
        )
        for count, expected in zip(counts, share, strict=True):
            filed = draws.counted if count.applications is None else count.applications
            logs += filed * (
                count.share * np.log(expected) + (1.0 - count.share) * np.log1p(-expected)
            )
            # What a count is worth is no finding: compare draws at the best that each could do.
            logs -= filed * _best(count.share)
    # Every sixteenth point of the sequence lies in one corner: shuffle before taking some.
    order = np.random.default_rng(seed).permutation(logs.size)
    weights = np.exp(logs - logs.max())[order]
    edges = np.cumsum(weights) / weights.sum()
    places = (np.arange(KEPT) + 0.5) / KEPT
    return draws.chosen(order[np.minimum(np.searchsorted(edges, places), edges.size - 1)])


def _best(share: float) -> float:
    """Log-likelihood of a count, for each application, where the share is met exactly."""
    return sum(part * float(np.log(part)) for part in (share, 1.0 - share) if part > 0)


def predicted_share(
    population: Population, day: dt.date, *, until: dt.date | None, seed: int = 7
) -> Array:
    """Draw the share that a count on a day would publish, given the counts up to another day.

    Returns
    -------
    ndarray, shape (KEPT,)
        With the noise of counting: an association's count is worth a limited number of
        applications, see ``prior/licence/counted``.

    Examples
    --------
    >>> cars = populations()[0]
    >>> share = predicted_share(cars, dt.date(2025, 6, 30), until=dt.date(2025, 6, 4))
    >>> low, high = np.quantile(share, [0.05, 0.95])
    >>> bool(low < 0.60 < high)
    True
    """
    draws = fitted(population, until=until, seed=seed)
    expected = approved_share(population, draws, [day])[0]
    known = {c.applications for c in population.counts} - {None}
    filed = np.round(draws.counted) if not known else np.full(expected.size, known.pop())
    noise = np.random.default_rng(seed).binomial(filed.astype(np.int64), expected)
    share: Array = noise / filed
    return share
