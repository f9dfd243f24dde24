"""What is answered about one application: chances by day, dates, and what they rest on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import qmc

from xenotime import facts
from xenotime.policy.populations import KEPT
from xenotime.policy.ranges import prior_quantile, quantile_of

__all__ = ["Answer", "Eta", "answer_of", "drawn"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Answer:
    """When one group of applicants would see the application approved.

    `p10`, `p50`, `p90` are the first days by which it is approved with that probability, None if
    that lies more than two years ahead. `basis` is ``counts`` (applications, small firms mostly),
    ``exports`` (tonnes shipped, large firms first) or ``holds`` (tonnes that customs let pass: then
    a day is that of passing, and everything begins on the day the goods are presented). `chance` is
    the probability of approval by each day after filing, shape (days,).
    """

    group: str
    title: str
    basis: str
    fits: bool
    p10: dt.date | None
    p50: dt.date | None
    p90: dt.date | None
    chance: Array
    sources: tuple[str, ...]

    def by(self, day: dt.date, filed: dt.date) -> float:
        """Probability of approval by a day."""
        return float(self.chance[min(max((day - filed).days, 0), len(self.chance) - 1)])


@dataclass(frozen=True, slots=True)
class Eta:
    """Answers for one application.

    `headline` names the group that counts for it: the one with published counts about the same
    destination and use, else the export record. `statutory_deadline` is the 45th working day after
    filing. `bars` are acts in force that forbid exports to some users there, `unclear` those that
    may be in force, for all that the record says; `barred` says that the use itself is one that an
    act in force forbids: the answers are then about others who file. `assumptions` say what
    the answers rest on.
    """

    filed: dt.date
    destination: str
    end_use: str
    headline: str
    answers: tuple[Answer, ...]
    statutory_deadline: dt.date
    barred: bool
    bars: tuple[str, ...]
    unclear: tuple[str, ...]
    papers: tuple[str, ...]
    assumptions: tuple[str, ...]

    @property
    def best(self) -> Answer:
        """The answer of the group that counts."""
        return next(answer for answer in self.answers if answer.group == self.headline)


def drawn(names: Sequence[str], seed: int) -> tuple[dict[str, Array], Array]:
    """Parameters of the runs, drawn, and the luck of a class as a standard normal number."""
    table = facts.parameters()
    sobol = qmc.Sobol(len(names) + 2, scramble=True, rng=np.random.default_rng(seed))
    *points, papers, luck = np.clip(sobol.random(KEPT), 2.0**-32, 1.0 - 2.0**-32).T
    values = {name: quantile_of(table[name], u) for name, u in zip(names, points, strict=True)}
    values["partial_papers"] = prior_quantile(
        facts.priors()["prior/licence/partial_papers"], papers
    )
    values["licence_effect_sd"] = np.full(KEPT, table["licence_effect_sd"].mid)
    normal: Array = ndtri(luck)
    return values, normal


def answer_of(
    group: tuple[str, str, str], fits: bool, chance: Array, filed: dt.date, sources: tuple[str, ...]
) -> Answer:
    """Read the dates off a curve."""
    name, title, basis = group
    return Answer(
        group=name,
        title=title,
        basis=basis,
        fits=fits,
        p10=_first_day(chance, 0.1, filed),
        p50=_first_day(chance, 0.5, filed),
        p90=_first_day(chance, 0.9, filed),
        chance=chance,
        sources=sources,
    )


def _first_day(chance: Array, level: float, filed: dt.date) -> dt.date | None:
    """First day by which a probability is reached, None if it is not within the horizon."""
    place = int(np.searchsorted(chance, level))
    return filed + dt.timedelta(days=place) if place < len(chance) else None
