"""The licence process: filing, approval, return, validity and volume as daily shares.

A class of applicants (one destination, one use, one size of firm) is a population. Each applicant
files after a lag; approval, return of papers and refusal for good are competing hazards per working
day, piecewise constant between policy events; a share of those still waiting may be decided on the
statutory 45th working day; an approval is valid for a period, and a renewal is filed before it
ends. The population is followed in expectation: a link between a country and an industry sees the
share of its buyers that hold a valid licence.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["LicencePath", "licence_path"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class LicencePath:
    """Outcome of the process, arrays of shape (days, draws).

    `valid` is the share of the population that holds a valid licence on a day; `approved` is the
    cumulative number of approvals (renewals included) per member of the population; `refused` the
    share that has been refused for good and does not file again.
    """

    valid: Array
    approved: Array
    refused: Array


def licence_path(
    approval: Array,
    returned: Array,
    working: NDArray[np.bool_],
    *,
    start: int,
    filing_lag: Array,
    statutory_share: Array,
    statutory_days: int,
    validity: int,
    renewal_lead: int,
    filed: bool = False,
    refusal_share: float = 0.0,
) -> LicencePath:
    """Follow a population of applicants from the day a control starts.

    Parameters
    ----------
    approval
        Approval hazard per working day, shape (days, draws).
    returned
        Hazard per working day that papers come back and are filed again, shape (draws,).
    working
        Whether offices work on a day, shape (days,).
    start
        Index of the day on which the control takes effect.
    filing_lag
        Mean days to a complete application, shape (draws,).
    statutory_share
        Share of a cohort still waiting that is approved on its statutory day, shape (days, draws).
    statutory_days
        Working days of the statutory review (45).
    validity, renewal_lead
        Days for which a licence is valid; days before its end on which a renewal is filed.
    filed
        Whether everybody filed on the day before `start`: then `filing_lag` is for returned papers.
    refusal_share
        Share of the papers that come back which are refused for good: nobody files those again.

    Returns
    -------
    LicencePath
        Before `start` everybody may ship: `valid` is 1 and `approved` is 0.

    Notes
    -----
    Probability is conserved: not filed + waiting + valid + refused = 1 on every day.

    >>> days, draws = 200, 1
    >>> path = licence_path(
    ...     np.full((days, draws), 0.05), np.zeros(draws), np.ones(days, bool), start=10,
    ...     filing_lag=np.full(draws, 10.0), statutory_share=np.zeros((days, draws)),
    ...     statutory_days=45, validity=365, renewal_lead=60,
    ... )
    >>> float(path.valid[9, 0]), float(path.valid[10, 0]) < 0.01, float(path.valid[-1, 0]) > 0.99
    (1.0, True, True)
    """
    days, draws = approval.shape
    valid = np.ones((days, draws))
    approved = np.zeros((days, draws))
    if start >= days:
        return LicencePath(valid, approved, np.zeros((days, draws)))
    final = refusal_share * returned
    unfiled = np.full(draws, 0.0 if filed else 1.0)
    waiting = 1.0 - unfiled
    holding = np.zeros(draws)
    total = np.zeros(draws)
    refused = np.zeros((days, draws))
    gone = np.zeros(draws)
    grants = np.zeros((days, draws))
    filings = np.zeros((days, draws))
    # Whoever has filed when the process starts did so on the day before.
    earliest = max(0, start - 1) if filed else start
    filings[earliest] = waiting
    # Cumulative hazard of leaving the queue: exp(-difference) is the share of a cohort still in it.
    exit_hazard = np.cumsum(np.where(working[:, None], approval + returned, 0.0), axis=0)
    approval_hazard = np.cumsum(np.where(working[:, None], approval, 0.0), axis=0)
    working_count = np.cumsum(working)
    leave_unfiled = 1.0 - np.exp(-1.0 / filing_lag)
    for day in range(start, days):
        granted = np.zeros(draws)
        back = lost = np.zeros(draws)
        if working[day]:
            leaving = waiting * -np.expm1(-(approval[day] + returned))
            rate = approval[day] + returned
            share = np.divide(approval[day], rate, out=np.zeros(draws), where=rate > 0)
            granted += leaving * share
            lost = (leaving - leaving * share) * refusal_share
            back = leaving - leaving * share - lost
            gone = gone + lost
            # Cohorts whose statutory day is today: filed when the count of working days stood so
            # many below today's (a cohort filed before a holiday shares its day with the next).
            first, last = (
                int(np.searchsorted(working_count, working_count[day] - statutory_days, side=side))
                for side in ("left", "right")
            )
            for cohort in range(max(earliest, first), min(last, day)):
                left = filings[cohort] * np.exp(exit_hazard[cohort] - exit_hazard[day])
                granted += left * statutory_share[day]
        expiring = grants[day - validity] if day - validity >= start else np.zeros(draws)
        if day - validity >= start:
            # A renewal has been in the queue for `renewal_lead` days when the licence ends; it
            # cannot be filed before the licence exists, and papers that come back have time to be
            # filed again; those refused for good have none.
            begun = max(start, day - min(renewal_lead, validity))
            granting = approval_hazard[day] - approval_hazard[begun]
            losing = final * (working_count[day] - working_count[begun])
            decided = expiring * -np.expm1(-(granting + losing))
            both = granting + losing
            renewed = decided * np.divide(granting, both, out=np.zeros(draws), where=both > 0)
            dropped = decided - renewed
        else:
            renewed = dropped = np.zeros(draws)
        gone = gone + dropped
        filing = unfiled * leave_unfiled
        unfiled = unfiled - filing + back
        waiting = waiting + filing - granted - back - lost + (expiring - renewed - dropped)
        holding = holding + granted + renewed - expiring
        filings[day] += filing + (expiring - renewed - dropped)
        grants[day] = granted + renewed
        total = total + grants[day]
        valid[day] = holding
        approved[day] = total
        refused[day] = gone
    return LicencePath(np.clip(valid, 0.0, 1.0), approved, refused)
