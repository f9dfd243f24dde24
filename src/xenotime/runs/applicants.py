"""Approvals by count beside those by tonnes: the share of applicants who may ship."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from xenotime import facts
from xenotime.runs.compiling import applicants_share
from xenotime.runs.draws import sample_parameters
from xenotime.runs.tables import quantiles

if TYPE_CHECKING:
    import pandas as pd

    from xenotime.runs.layout import Layout
    from xenotime.runs.policies import Policy

__all__ = ["COUNTED", "with_applicants"]

COUNTED = 32
"""Draws that are counted, the first ones: their quantiles are coarser than those by tonnes."""


def with_applicants(
    permits: pd.DataFrame,
    layout: Layout,
    policy: Policy,
    days: Sequence[dt.date],
    *,
    fixed: dict[str, float],
    draws: int,
    seed: int,
) -> pd.DataFrame:
    """Add columns ``applicants_share_*`` to a table of permits.

    Large firms are served first, so the share of tonnage is the larger one. Missing where goods
    need no licence or nobody gets one: there is nobody to count.
    """
    if permits.empty:
        names = quantiles(np.zeros(1), "applicants_share_")
        return permits.assign(**dict.fromkeys(names, np.nan))
    values, _ = sample_parameters(
        facts.parameters(), fixed, first=0, count=min(draws, COUNTED), seed=seed
    )
    share = applicants_share(layout, days, policy, values, seed=seed)
    months = np.array([(d.year - days[0].year) * 12 + d.month - days[0].month for d in days])
    by_month = np.stack(
        [share[:, months == m, :].mean(axis=1) for m in range(months[-1] + 1)], axis=1
    )
    licensed = np.array([bool(item.controls) for item in layout.classes])[:, None]
    return permits.assign(
        **{
            name: np.where(licensed, column, np.nan).ravel()
            for name, column in quantiles(by_month, "applicants_share_").items()
        }
    )
