"""What is answered about one application: chances by day, dates, and what they rest on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import qmc

from xenotime import facts
from xenotime.policy.populations import KEPT
from xenotime.policy.ranges import prior_quantile, quantile_of

if TYPE_CHECKING:
    from xenotime.policy.general import GeneralLicences
    from xenotime.policy.lists import LookedUp

__all__ = ["Answer", "Curve", "Eta", "answer_of", "curve_of", "drawn"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Curve:
    """Probability of approval by each day after filing, shape (days,), and what it comes to.

    `p10`, `p50`, `p90` are the first days by which it is reached with that probability, None if
    that lies more than two years ahead.
    """

    p10: dt.date | None
    p50: dt.date | None
    p90: dt.date | None
    chance: Array

    def by(self, day: dt.date, filed: dt.date) -> float:
        """Probability by a day."""
        return float(self.chance[min(max((day - filed).days, 0), len(self.chance) - 1)])


@dataclass(frozen=True, slots=True)
class Answer(Curve):
    """When one group of applicants would see the application approved.

    `basis` is ``counts`` (applications, small firms mostly),
    ``exports`` (tonnes shipped, large firms first) or ``holds`` (tonnes that customs let pass: then
    a day is that of passing, and everything begins on the day the goods are presented). The dates
    and chances are those of its basis; `by_count` and `by_tonnes` say apart when applications, and
    when tonnes, are approved. None: it has no such answer.
    """

    group: str
    title: str
    basis: str
    fits: bool
    sources: tuple[str, ...]
    by_count: Curve | None
    by_tonnes: Curve | None


@dataclass(frozen=True, slots=True)
class Eta:
    """Answers for one application.

    `headline` names the group that counts for it: the one with published counts about the same
    destination and use, else the export record. `days` are those for which chances are told.
    `statutory_deadline` is the 45th working day after filing, None where nothing is decided on it:
    for a firm on a watch list, a defence user, oxides and metals, and goods that need no licence.
    `bars` are acts in force that forbid exports to some users there, `unclear` those that may be
    in force on the day of filing or while the application waits, for all that the record says,
    `halts` those of them that would stop goods, which the dates leave out;
    `use_bans` are bans in force that forbid the use itself: the answers are then those without
    them. `end_user` is what the lists say of a name;
    `queue_from` the first day on which an application is queued, None if it never is for all that
    is on record: the firm is barred until then, and no answer gives it a chance. `conditions` say
    what the exporter must be, `general` what is known of general licences, if that was asked.
    `assumptions` say what the answers rest on.
    """

    filed: dt.date
    destination: str
    end_use: str
    headline: str
    answers: tuple[Answer, ...]
    statutory_deadline: dt.date | None
    use_bans: tuple[str, ...]
    bars: tuple[str, ...]
    unclear: tuple[str, ...]
    halts: tuple[str, ...]
    papers: tuple[str, ...]
    assumptions: tuple[str, ...]
    queue_from: dt.date | None
    days: tuple[dt.date, ...] = ()
    conditions: tuple[str, ...] = ()
    end_user: LookedUp | None = None
    general: GeneralLicences | None = None

    @property
    def use_barred(self) -> bool:
        """Whether a ban in force forbids the use itself."""
        return bool(self.use_bans)

    @property
    def barred(self) -> bool:
        """Whether an act in force forbids the use or, on the day of filing, the end user."""
        return self.use_barred or self.queue_from != self.filed

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


def curve_of(chance: Array, filed: dt.date) -> Curve:
    """Read the dates off a curve.

    >>> curve_of(np.array([0.0, 0.2, 0.6]), dt.date(2025, 6, 1)).p50.isoformat()
    '2025-06-03'
    """
    p10, p50, p90 = (_first_day(chance, level, filed) for level in (0.1, 0.5, 0.9))
    return Curve(p10, p50, p90, chance)


def answer_of(
    group: tuple[str, str, str],
    fits: bool,
    chances: tuple[Array | None, Array | None],
    filed: dt.date,
    sources: tuple[str, ...],
) -> Answer:
    """Put together what a group answers: its chances by count and by tonnes, one for its basis."""
    name, title, basis = group
    by_count, by_tonnes = (None if c is None else curve_of(c, filed) for c in chances)
    own = by_count if basis == "counts" else by_tonnes
    assert own is not None
    return Answer(
        p10=own.p10, p50=own.p50, p90=own.p90, chance=own.chance,
        group=name, title=title, basis=basis, fits=fits, sources=sources,
        by_count=by_count, by_tonnes=by_tonnes,
    )  # fmt: skip


def _first_day(chance: Array, level: float, filed: dt.date) -> dt.date | None:
    """First day by which a probability is reached, None if it is not within the horizon."""
    place = int(np.searchsorted(chance, level))
    return filed + dt.timedelta(days=place) if place < len(chance) else None
