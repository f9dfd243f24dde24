"""When is an application filed on a day approved: for each group with counts, never pooled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from xenotime import facts
from xenotime.facts.measures import MEASURE_RECORD_END
from xenotime.facts.taxonomy import region_of, with_aggregates
from xenotime.policy.answers import Answer, Eta, answer_of, drawn
from xenotime.policy.held import CONTROL, held_of
from xenotime.policy.licences import licence_path
from xenotime.policy.populations import Population, fitted, hazards_of, populations
from xenotime.policy.queues import STATUTORY_WORKING_DAYS, approval_periods, queues_of
from xenotime.policy.regime import PermitClass
from xenotime.policy.standing import standing_on
from xenotime.policy.working_days import statutory_deadline, working_day_mask

__all__ = ["FIRM_SIZES", "GOODS", "QUALITIES", "Answer", "Eta", "eta_of"]

Array = NDArray[np.float64]
FIRM_SIZES = ("small", "large")
QUALITIES = ("complete", "partial")
GOODS = ("magnet", "oxide_metal", "lookalike")
HORIZON = 730  # days after filing
LAST_FILED = dt.date(2027, 12, 31)
"""Last day that runs cover: what is on record says less and less about later ones."""
PAPERS = (
    "documents",
    "buyer data asked in practice",
    "route of application",
    "general licence: who",
)
"""Rules of the register that say which papers an applicant needs."""


def eta_of(
    filed: dt.date,
    destination: str,
    end_use: str,
    *,
    firm_size: str | None = None,
    quality: str = "complete",
    goods: str = "magnet",
    refusal_share: float | None = None,
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
    _require_control(filed)
    node = region_of(destination)
    if node == "CHN":
        raise facts.RequestError("--destination is CHN: goods that stay in China need no licence")
    days = [filed + dt.timedelta(days=i) for i in range(HORIZON + 1)]
    if goods == "lookalike":
        return held_of(filed, destination, end_use, days, seed)
    values, luck = drawn(_DRAWN, seed)
    returns = values["partial_papers"] if quality == "partial" else 1.0
    refused = facts.parameters()["refusal_share"].mid if refusal_share is None else refusal_share
    if not 0.0 <= refused <= 1.0:
        raise facts.RequestError(f"--refusal-share is {refused:g}: give a share from 0 to 1")
    answers = []
    for population in populations():
        draws = fitted(population, seed=seed, refusal_share=refused)
        hazard, statutory = hazards_of(population, draws, days)
        # Those who are counted one by one are small firms mostly.
        ratio = values["large_firm_hazard_ratio"] if firm_size == "large" else 1.0
        chance = _chance(
            hazard * ratio, statutory, draws.returned * returns, draws.filing_lag, days, refused
        )
        answers.append(
            answer_of(
                (population.name, population.title, "counts"),
                goods == "magnet" and _is_about(population, node, end_use),
                chance,
                filed,
                tuple(count.id for count in population.counts),
            )
        )
    use = "defence" if end_use == "defence" else "civil"
    item = PermitClass("CHN", node, use, goods)
    (queue,) = queues_of([item], approval_periods(), days, values, lambda _: luck)
    hazard, statutory = queue.by_day(len(days))
    large = {"large": 1.0, "small": 0.0}.get(firm_size or "", values["large_firm_share"])
    chance = np.zeros(len(days))
    for share, ratio in ((large, values["large_firm_hazard_ratio"]), (1.0 - large, 1.0)):
        chance += _chance(
            hazard * ratio,
            statutory,
            values["return_hazard"] * returns,
            values["filing_lag_days"],
            days,
            refused,
            share,
        )
    answers.append(
        answer_of(
            ("export_record", "hazards tuned on exports by destination, in tonnes", "exports"),
            True,
            chance,
            filed,
            tuple(facts.parameters()[name].id for name in _HAZARDS),
        )
    )
    best = next(answer for answer in answers if answer.fits)
    return Eta(
        filed=filed,
        destination=destination,
        end_use=end_use,
        headline=best.group,
        answers=tuple(answers),
        statutory_deadline=statutory_deadline(filed, STATUTORY_WORKING_DAYS),
        barred=use == "defence" and bool(_acts_against(filed, node, "in_force", _BANS)),
        bars=_acts_against(filed, node, "in_force"),
        unclear=_acts_against(filed, node, "unknown"),
        papers=tuple(f"{r.rule}: {r.value}" for r in facts.scope_rules() if r.rule in PAPERS),
        assumptions=_assumptions(best.p90 or days[-1], quality, firm_size, refused),
    )


def _require_control(filed: dt.date) -> None:
    """Refuse days on which no licence is needed, or which lie too far ahead to say anything."""
    first = min(p.starts for p in approval_periods())
    if filed < first:
        raise facts.RequestError(
            f"--filed is {filed}: no licence is needed before the control of {first} ({CONTROL})"
        )
    if filed > LAST_FILED:
        raise facts.RequestError(f"--filed is {filed}: give a day up to {LAST_FILED}")
    control = next(row for row in standing_on(filed) if row.id == CONTROL)
    if control.status in {"suspended", "lapsed"}:
        by = f" by {', '.join(control.changed_by)}" if control.changed_by else ""
        raise facts.RequestError(
            f"--filed is {filed}: no licence is needed, {control.act} is {control.status}{by}"
        )


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


def _chance(
    hazard: Array,
    statutory: Array,
    returned: Array,
    filing_lag: Array,
    days: Sequence[dt.date],
    refusal_share: float,
    weight: Array | float = 1.0,
) -> Array:
    """Probability of approval by each day, averaged over the draws with their weights."""
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
    chance: Array = (path.approved * weight).mean(axis=1)
    return chance


_BANS = frozenset({"export_ban"})
_AGAINST = _BANS | {"customs_hold", "entity_list", "watch_list"}


def _acts_against(
    filed: dt.date, node: str, status: str, instruments: frozenset[str] = _AGAINST
) -> tuple[str, ...]:
    """Chinese acts beside the licence control that stand so on a day and name a country.

    Acts about other minerals are left out; an act without elements is about firms.
    """
    listed = set(next(m for m in facts.measures() if m.id == CONTROL).elements)
    acts = {m.id: m for m in facts.measures()}
    return tuple(
        row.id
        for row in standing_on(filed)
        if row.status == status
        and acts[row.id].instrument in instruments
        and "CHN" in acts[row.id].actor.split(";")
        and set(with_aggregates(node)) & set(acts[row.id].targets)
        and (not acts[row.id].elements or listed & set(acts[row.id].elements))
    )


def _assumptions(
    last: dt.date, quality: str, firm_size: str | None, refused: float
) -> tuple[str, ...]:
    """Say what the answers rest on."""
    said = [
        "the ministry accepts the papers on the day they are filed",
        "counts are selected groups, one of them a single firm: they are not pooled",
        "approval means one licence; validity, volume and transit come on top",
    ]
    if last > dt.date.fromisoformat(MEASURE_RECORD_END):
        said.append(
            f"after {MEASURE_RECORD_END}, the end of the record, the last regime goes on unchanged"
        )
    if quality == "partial":
        papers = facts.priors()["prior/licence/partial_papers"]
        factor = f"{papers.low:g} to {papers.high:g}"
        said.append(f"incomplete papers come back {factor} times as often ({papers.id})")
    said.append(
        f"{100 * refused:g} % of returned papers are refused for good: no count is on record "
        f"({facts.parameters()['refusal_share'].id})"
    )
    if firm_size == "large":
        large = facts.parameters()["large_firm_hazard_ratio"]
        factor = f"{large.low:g} to {large.high:g}"
        said.append(f"large firms are approved {factor} times as fast ({large.id})")
    return tuple(said)
