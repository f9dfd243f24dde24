"""The licence process of many classes at once, compiled: `licences.licence_path` is its plain twin.

Hazards come as steps (they change on few days), so that the exponentials of a day are looked up and
the loop over draws, which is innermost, is arithmetic that becomes vector instructions. numba keeps
the compiled code beside this file; index names: c class, s step, t day, j draw.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Calendar", "Queues", "follow"]

Floats = NDArray[np.float64]
Function = TypeVar("Function", bound="Callable[..., Any]")


def _entry(function: Function) -> Function:
    """Compile, without a test of every division for zero (it stops vectorisation), and keep."""
    # numba's stubs leave out the option about wrappers
    compile_: Callable[..., Any] = njit
    kept = compile_(nogil=True, error_model="numpy", cache=True, no_cfunc_wrapper=True)(function)
    return cast("Function", kept)


class Calendar(NamedTuple):
    """The days of a period, and when a licence that is filed, decided or renewed on them counts.

    `worked` (days,): working days so far. `first_cohort`, `last_cohort` (days,): the days of filing
    whose statutory day is this one, half-open, where this one is a working day: `review` working
    days later.
    """

    working: NDArray[np.bool_]
    worked: NDArray[np.int64]
    first_cohort: NDArray[np.int64]
    last_cohort: NDArray[np.int64]
    validity: int
    renewal_lead: int
    review: int
    refusal_share: float


class Queues(NamedTuple):
    """Classes under licence: hazards in steps, and the days on which a licence is needed.

    `begins` (classes, steps): first day of each step, the first 0, those after the last beyond the
    period. `hazard`, `statutory` (classes, steps, draws). `starts` (classes,): day on which the
    queue opens. `needed` (classes, days).
    """

    begins: NDArray[np.int64]
    hazard: Floats
    statutory: Floats
    starts: NDArray[np.int64]
    needed: NDArray[np.bool_]


@_entry
def follow(
    queues: Queues,
    calendar: Calendar,
    returned: Floats,
    filing_lag: Floats,
    weights: Floats,
    ratios: Floats,
    burst: Floats,
    per_licence: Floats,
    place: NDArray[np.int64],
    share: NDArray[np.float32],
    cap: NDArray[np.float32],
    volume: NDArray[np.float32],
) -> None:
    """Share of the population that may ship, and how much, where a licence is needed.

    Parameters
    ----------
    queues, calendar
        What is asked for, when.
    returned, filing_lag
        As for `licence_path`, shape (draws,).
    weights, ratios
        Strata (sizes of firms): weight and multiple of the hazard, shape (strata, draws).
    burst, per_licence
        How fast goods catch up (multiple of base flow), days of base flow that an approval gives.
    place
        Row of each class in what is written.
    share, cap, volume
        Written on the days on which a licence is needed, shape (rows, days, draws): share of the
        population with a valid licence, the most that it ships as a multiple of its base flow, and
        what has been approved so far in days of base flow.
    """
    days, draws = share.shape[1], share.shape[2]
    worked, lead = calendar.worked, min(calendar.renewal_lead, calendar.validity)
    steps = queues.begins.shape[1]
    leave, granted_part, approving = (
        np.zeros((steps, draws)),
        np.zeros((steps, draws)),
        np.zeros((steps, draws)),
    )
    filings, grants = np.zeros((days, draws)), np.zeros((days, draws))
    approval_sum, exit_sum = np.zeros((days, draws)), np.zeros((days, draws))
    file_share, final = np.zeros(draws), np.zeros(draws)
    unfiled, waiting, holding, total = (
        np.zeros(draws),
        np.zeros(draws),
        np.zeros(draws),
        np.zeros(draws),
    )
    by_statute, undecided = np.zeros(draws), np.zeros((steps, draws))
    # Within one step what becomes of a renewal depends on the working days that it waits, alone.
    known = np.zeros((steps, lead + 1), dtype=np.bool_)
    decided_part, renewed_part = np.zeros((2, steps, lead + 1, draws))
    step_of = np.zeros(days, dtype=np.int64)
    for j in range(draws):
        file_share[j] = 1.0 - np.exp(-1.0 / filing_lag[j])
        final[j] = calendar.refusal_share * returned[j]
    for c in range(place.shape[0]):
        row, start = place[c], queues.starts[c]
        for stratum in range(weights.shape[0]):
            for s in range(steps):
                for j in range(draws):
                    approving[s, j] = queues.hazard[c, s, j] * ratios[stratum, j]
                    rate = approving[s, j] + returned[j]
                    leave[s, j] = -np.expm1(-rate)
                    undecided[s, j] = np.exp(-rate * calendar.review)
                    granted_part[s, j] = approving[s, j] / rate if rate > 0.0 else 0.0
            for j in range(draws):
                unfiled[j] = 1.0
                waiting[j] = holding[j] = total[j] = 0.0
            known[:] = False
            step = 0
            for t in range(start, days):
                while step + 1 < steps and queues.begins[c, step + 1] <= t:
                    step += 1
                step_of[t] = step
                works = calendar.working[t]
                for j in range(draws):
                    by_statute[j] = 0.0
                    ahead = approval_sum[t - 1, j] if t > start else 0.0
                    gone = exit_sum[t - 1, j] if t > start else 0.0
                    if works:
                        ahead += approving[step, j]
                        gone += approving[step, j] + returned[j]
                    approval_sum[t, j] = ahead
                    exit_sum[t, j] = gone
                if works and queues.statutory[c, step].max() > 0.0:
                    for cohort in range(
                        max(start, calendar.first_cohort[t]), min(calendar.last_cohort[t], t)
                    ):
                        if step_of[cohort] == step:
                            for j in range(draws):
                                by_statute[j] += filings[cohort, j] * undecided[step, j]
                        else:
                            for j in range(draws):
                                stays = np.exp(exit_sum[cohort, j] - exit_sum[t, j])
                                by_statute[j] += filings[cohort, j] * stays
                    for j in range(draws):
                        by_statute[j] *= queues.statutory[c, step, j]
                if t - calendar.validity >= start:
                    begun = max(start, t - lead)
                    waited = worked[t] - worked[begun]
                    if step_of[begun] != step or not known[step, waited]:
                        for j in range(draws):
                            granting = approval_sum[t, j] - approval_sum[begun, j]
                            both = granting + final[j] * waited
                            part = -np.expm1(-both)
                            decided_part[step, waited, j] = part
                            renewed_part[step, waited, j] = (
                                part * granting / both if both > 0.0 else 0.0
                            )
                        known[step, waited] = step_of[begun] == step
                    for j in range(draws):
                        expiring = grants[t - calendar.validity, j]
                        grants[t, j] = expiring * renewed_part[step, waited, j]
                        filings[t, j] = expiring - expiring * decided_part[step, waited, j]
                        holding[j] -= expiring
                else:
                    for j in range(draws):
                        grants[t, j] = filings[t, j] = 0.0
                for j in range(draws):
                    approved = by_statute[j]
                    back = lost = 0.0
                    if works:
                        leaving = waiting[j] * leave[step, j]
                        approved += leaving * granted_part[step, j]
                        returns = leaving - leaving * granted_part[step, j]
                        lost = returns * calendar.refusal_share
                        back = returns - lost
                    filing = unfiled[j] * file_share[j]
                    unfiled[j] += back - filing
                    waiting[j] += filing + filings[t, j] - approved - back - lost
                    filings[t, j] += filing
                    grants[t, j] += approved
                    holding[j] += grants[t, j]
                    total[j] += grants[t, j]
                if queues.needed[c, t]:
                    for j in range(draws):
                        valid = min(max(holding[j], 0.0), 1.0) * weights[stratum, j]
                        so_far = total[j] * weights[stratum, j] * per_licence[j]
                        if stratum > 0:
                            valid += share[row, t, j]
                            so_far += volume[row, t, j]
                        share[row, t, j] = valid
                        cap[row, t, j] = valid * burst[j]
                        volume[row, t, j] = so_far
