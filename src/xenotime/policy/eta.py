"""When is an application filed on a day approved: for each group with counts, never pooled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from xenotime import facts
from xenotime.facts.taxonomy import region_of, with_aggregates
from xenotime.policy.answers import Answer, Eta, answer_of, drawn
from xenotime.policy.beside import (
    BANS,
    HOLDING,
    acts_against,
    beyond_record,
    conditions,
    left_out,
)
from xenotime.policy.general import general_licences_on
from xenotime.policy.held import CONTROL, held_of
from xenotime.policy.licences import licence_path
from xenotime.policy.lists import LookedUp, look_up
from xenotime.policy.populations import Population, fitted, hazards_of, populations
from xenotime.policy.queues import STATUTORY_WORKING_DAYS, approval_periods, queues_of
from xenotime.policy.regime import PermitClass
from xenotime.policy.standing import standing_on
from xenotime.policy.working_days import statutory_deadline, working_day_mask

__all__ = [
    "AHEAD",
    "FIRM_SIZES",
    "GOODS",
    "HORIZON",
    "QUALITIES",
    "Answer",
    "Eta",
    "eta_of",
]

Array = NDArray[np.float64]
FIRM_SIZES = ("small", "large")
QUALITIES = ("complete", "partial")
GOODS = ("magnet", "oxide_metal", "lookalike")
HORIZON = 730  # days after filing
AHEAD = (30, 60, 90, 120, 180, 365)
"""Days after filing for which chances are told, where none are asked for."""
LAST_FILED = dt.date(2027, 12, 31)
"""Last day that runs cover: what is on record says less and less about later ones."""
PAPERS = (
    "documents",
    "buyer data asked in practice",
    "route of application",
    "general licence: who",
)


def eta_of(
    filed: dt.date,
    destination: str,
    end_use: str,
    *,
    firm_size: str | None = None,
    quality: str = "complete",
    goods: str = "magnet",
    refusal_share: float | None = None,
    end_user: str | None = None,
    general: bool = False,
    by: Sequence[dt.date] = (),
    seed: int = 7,
) -> Eta:
    """Say when an application is approved.

    Parameters
    ----------
    filed
        Day on which the ministry accepts it: the clock of 45 working days starts then.
    destination
        ISO3 code of the country of the end user.
    end_use
        An industry, such as ``light_vehicles`` or ``defence``.
    firm_size
        ``small``, ``large``, or None: a mixture for the export record, as counted for the counts.
    quality
        Whether the papers are ``complete`` or ``partial``.
    goods
        ``magnet``, ``oxide_metal``, which got fewer licences, or ``lookalike``: magnets outside the
        control that customs may hold, presented on the day `filed`.
    refusal_share
        Share of returned papers that are refused for good (None: the parameter of that name).
    end_user
        Name to look for on entity lists (`policy.lists`). A firm that is barred on the day waits
        until its listing ends or is suspended, if the record has a day for that; for one on a watch
        list nothing is decided on the statutory day.
    general
        Whether to say what is known of general licences, too.
    by
        Days for which chances are told; none: those of `AHEAD`.
    seed
        Of the draws.

    Returns
    -------
    Eta

    Raises
    ------
    RequestError
        If no licence is needed on the day, or a word is not known.

    Notes
    -----
    Competing hazards of approval and return, piecewise constant between policy events, with a mass
    on the statutory day (`policy.licences`); averaged over draws of what is unknown.

    Examples
    --------
    >>> found = eta_of(dt.date(2025, 6, 10), "DEU", "light_vehicles")
    >>> found.headline, found.statutory_deadline.isoformat()
    ('european_car_suppliers', '2025-08-12')
    >>> found.best.p10 < found.best.p50 < found.best.p90
    True
    """
    refused = facts.parameters()["refusal_share"].mid if refusal_share is None else refusal_share
    problems = _no_control(filed)
    try:
        node = region_of(destination)
    except facts.RequestError as error:
        problems += [f"--destination is {destination}: {problem}" for problem in error.problems]
        node = ""
    if node == "CHN":
        problems.append(f"--destination is {destination}: goods that stay in China need no licence")
    if not 0.0 <= refused <= 1.0:
        problems.append(f"--refusal-share is {refused:g}: give a share from 0 to 1")
    if problems:
        raise facts.RequestError(problems)
    found = None if end_user is None else look_up(end_user, filed)
    told = tuple(by) or tuple(filed + dt.timedelta(days=days) for days in AHEAD)
    if goods == "lookalike":
        days = [filed + dt.timedelta(days=i) for i in range(HORIZON + 1)]
        answer = held_of(filed, destination, end_use, days, seed)
        return replace(
            answer,
            end_user=found,
            days=told,
            assumptions=(
                *answer.assumptions,
                *beyond_record(answer.answers, told),
                "the size of the firm, its papers and general licences play no part",
            ),
        )
    queue_from = _queue_from(filed, found)
    ask = _Asked(node, end_use, firm_size, quality, goods, refused, seed)
    clock = found is None or not found.watched
    answers, decided = _answers(ask, filed, queue_from, found, clock=clock)
    best = next(answer for answer in answers if answer.fits)
    use = "defence" if end_use == "defence" else "civil"
    bans = acts_against(filed, node, "in_force", BANS) if use == "defence" else ()
    waiting = min(best.p90 or filed + dt.timedelta(days=HORIZON), LAST_FILED)
    halts = {
        name
        for day in (filed, max(filed, waiting))
        for name in acts_against(day, node, "unknown", HOLDING)
    }
    unclear = tuple(sorted({*acts_against(filed, node, "unknown"), *halts}))
    return Eta(
        filed=filed,
        destination=destination,
        end_use=end_use,
        headline=best.group,
        answers=answers,
        statutory_deadline=decided,
        use_bans=bans,
        bars=acts_against(filed, node, "in_force"),
        unclear=unclear,
        halts=tuple(sorted(halts)),
        papers=tuple(f"{r.rule}: {r.value}" for r in facts.scope_rules() if r.rule in PAPERS),
        assumptions=(
            *left_out(bans, halts),
            *_assumptions(ask, found),
            *beyond_record(answers, told),
        ),
        queue_from=queue_from,
        days=told,
        conditions=conditions(filed),
        end_user=found,
        general=general_licences_on(
            filed, listed=found is not None and (found.watched or found.bar is not None)
        )
        if general
        else None,
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """What an application is for, and how good it is."""

    node: str
    end_use: str
    firm_size: str | None
    quality: str
    goods: str
    refused: float
    seed: int


def _queue_from(filed: dt.date, found: LookedUp | None) -> dt.date | None:
    """First day on which an application is queued: after the bar on the end user, if there is one.

    None where the record knows no end of the bar, or where it lies too far ahead.
    """
    if found is None or found.bar is None:
        return filed
    if found.bar.until is None or found.bar.until >= LAST_FILED:
        return None
    return found.bar.until + dt.timedelta(days=1)


def _answers(
    ask: _Asked,
    filed: dt.date,
    queue_from: dt.date | None,
    found: LookedUp | None,
    *,
    clock: bool,
) -> tuple[tuple[Answer, ...], dt.date | None]:
    """Answers of all groups, for an application that is queued from a day on.

    With them comes its statutory day, None where no share of those who wait is decided on it.
    """
    start = queue_from or filed
    waits = (start - filed).days
    days = [start + dt.timedelta(days=i) for i in range(HORIZON + 1)]
    barred = (np.zeros(len(days), bool) if found is None else found.barred_on(days))[:, None]
    values, luck = drawn(_DRAWN, ask.seed)
    returns = values["partial_papers"] if ask.quality == "partial" else 1.0
    ratio = values["large_firm_hazard_ratio"]
    # shares of large firms: in tonnes, and among applicants counted one by one, small ones mostly
    large = {"large": 1.0, "small": 0.0}.get(ask.firm_size or "", values["large_firm_share"])
    counted = 1.0 if ask.firm_size == "large" else 0.0

    def barred_first(chance: Array) -> Array:
        """Move a curve behind the days on which nothing is queued."""
        if queue_from is None:
            return np.zeros(len(days))
        return np.concatenate([np.zeros(waits), chance])[: len(days)]

    def chances(
        hazard: Array, statutory: Array, returned: Array, lag: Array
    ) -> tuple[Array, Array]:
        """By count and by tonnes: the same queues, weighted by applicants and by tonnage."""
        # nothing is decided for a firm that is listed while it waits
        hazard = np.where(barred, 0.0, hazard)
        statutory = np.where(barred, 0.0, statutory) if clock else np.zeros_like(statutory)
        small, big = (
            _chances(hazard * factor, statutory, returned * returns, lag, days, ask.refused)
            for factor in (1.0, ratio)
        )
        mixed = tuple(
            (big * share + small * (1.0 - share)).mean(axis=1) for share in (counted, large)
        )
        return barred_first(mixed[0]), barred_first(mixed[1])

    answers = []
    for population in populations():
        draws = fitted(population, seed=ask.seed, refusal_share=ask.refused)
        hazard, statutory = hazards_of(population, draws, days)
        answers.append(
            answer_of(
                (population.name, population.title, "counts"),
                ask.goods == "magnet" and _is_about(population, ask.node, ask.end_use),
                chances(hazard, statutory, draws.returned, draws.filing_lag),
                filed,
                tuple(count.id for count in population.counts),
            )
        )
    use = "defence" if ask.end_use == "defence" else "civil"
    item = PermitClass("CHN", ask.node, use, ask.goods)
    (queue,) = queues_of([item], approval_periods(), days, values, lambda _: luck)
    hazard, statutory = queue.by_day(len(days))
    answers.append(
        answer_of(
            ("export_record", "hazards tuned on exports by destination, in tonnes", "exports"),
            True,
            chances(hazard, statutory, values["return_hazard"], values["filing_lag_days"]),
            filed,
            tuple(facts.parameters()[name].id for name in _HAZARDS),
        )
    )
    deadline = statutory_deadline(start, STATUTORY_WORKING_DAYS)
    runs = clock and bool((statutory[(deadline - start).days] > 0).any())
    return tuple(answers), deadline if runs else None


def _no_control(filed: dt.date) -> list[str]:
    """Say that no licence is needed on a day, or that it lies too far ahead to say anything."""
    first = min(p.starts for p in approval_periods())
    if filed < first:
        return [
            f"--filed is {filed}: no licence is needed before the control of {first} ({CONTROL})"
        ]
    if filed > LAST_FILED:
        return [f"--filed is {filed}: give a day up to {LAST_FILED}"]
    control = next(row for row in standing_on(filed) if row.id == CONTROL)
    if control.status in {"suspended", "lapsed"}:
        by = f" by {', '.join(control.changed_by)}" if control.changed_by else ""
        return [f"--filed is {filed}: no licence is needed, {control.act} is {control.status}{by}"]
    return []


_HAZARDS = tuple(sorted({p.hazard for p in approval_periods()}))
_DRAWN = (
    *_HAZARDS,
    "defence_hazard_ratio",
    "oxide_metal_hazard_ratio",
    "large_firm_share",
    "large_firm_hazard_ratio",
    "return_hazard",
    "filing_lag_days",
    "statutory_share",
)


def _is_about(population: Population, node: str, end_use: str) -> bool:
    """Whether a population's counts are about a destination and a use."""
    return bool(set(with_aggregates(node)) & population.destinations) and (
        end_use in population.industries
    )


def _chances(
    hazard: Array,
    statutory: Array,
    returned: Array,
    filing_lag: Array,
    days: Sequence[dt.date],
    refusal_share: float,
) -> Array:
    """Probability of approval by each day, shape (days, draws)."""
    path = licence_path(
        hazard,
        returned,
        working_day_mask(days),
        start=1,
        filing_lag=filing_lag,
        statutory_share=statutory,
        statutory_days=STATUTORY_WORKING_DAYS,
        validity=len(days) + 1,
        renewal_lead=0,
        filed=True,
        refusal_share=refusal_share,
    )
    return path.approved


def _assumptions(ask: _Asked, found: LookedUp | None) -> tuple[str, ...]:
    """Say what the answers rest on."""
    said = [
        "the ministry accepts the papers on the day they are filed",
        "counts are selected groups, one of them a single firm: they are not pooled",
        "approval means one licence; validity, volume and transit come on top",
        "no minimum time for the papers to be handled is modelled: early dates may be too early",
    ]
    if ask.quality == "partial":
        papers = facts.priors()["prior/licence/partial_papers"]
        factor = f"{papers.low:g} to {papers.high:g}"
        said.append(f"incomplete papers come back {factor} times as often ({papers.id})")
    said.append(
        f"{100 * ask.refused:g} % of returned papers are refused for good: no count is on record "
        f"({facts.parameters()['refusal_share'].id})"
    )
    large = facts.parameters()["large_firm_hazard_ratio"]
    if ask.firm_size != "small":
        factor = f"{large.low:g} to {large.high:g}"
        said.append(f"large firms are approved {factor} times as fast ({large.id})")
    if ask.firm_size is None:
        share = facts.parameters()["large_firm_share"]
        part = f"{100 * share.low:g} to {100 * share.high:g} %"
        said.append(
            f"large firms are {part} of the tonnage ({share.id}); counted are small firms mostly"
        )
    if found is not None and found.bar is not None:
        said.append("a firm that is barred files on the first day after its listing")
    if found is not None and found.watched:
        said.append("a firm on a watch list is as fast as others, but for the statutory day")
    return tuple(said)
