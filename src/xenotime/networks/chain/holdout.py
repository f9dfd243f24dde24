"""Does the fit know what it was not told? Each cited tonnage left out and predicted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xenotime.facts.taxonomy import NETWORK_COUNTRIES
from xenotime.networks.chain.figures import Figures
from xenotime.networks.chain.programme import reconcile
from xenotime.networks.chain.settling import settled

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import pandas as pd

    from xenotime.networks.chain.frame import Terms
    from xenotime.networks.chain.programme import Reconciled
    from xenotime.networks.chain.row import Row

__all__ = ["hold_out"]


def hold_out(
    as_of: date | None = None,
    *,
    facts: Sequence[str] | None = None,
    members: int = 8,
    seed: int = 7,
) -> pd.DataFrame:
    """Leave out each cited tonnage of grade A or B in turn and compare the prediction.

    A fit can meet a figure because it was told so. Left out, the figure is predicted by the
    balances and the other figures; the spread of the prediction comes from `members` perturbed
    solutions. Takes `members` solves per figure.

    Parameters
    ----------
    as_of
        Use only figures known on this day.
    facts
        Names of soft rows; all tonnages of grade A or B when None.
    members, seed
        Perturbed solutions beside the middle one, and their seed.

    Returns
    -------
    pandas.DataFrame
        fact, grade, given, predicted, low, high (95 % interval of the prediction, t/y),
        covered: whether the interval, widened by two sigma of the figure, holds the figure.

    Raises
    ------
    QpError
        If a programme does not converge.

    Examples
    --------
    >>> table = hold_out(facts=["mine output IND"], members=2)
    >>> table["fact"].tolist()
    ['mine output IND']
    """
    import pandas as pd

    found = settled(Figures(as_of, seed=seed), NETWORK_COUNTRIES)
    kept, middle = found.kept, found.middle
    chosen = [
        row
        for row in middle.rows
        if row.kind == "level"
        and row.grade in {"A", "B"}
        and (facts is None or row.name in set(facts))
    ]
    lines = []
    for row in chosen:
        # the start of the fit must not know it either, so the claim itself is hidden
        hidden = frozenset({row.sources[0].rpartition("@")[0]})
        solutions = [
            reconcile(kept, Figures(as_of, seed=seed, member=member, hidden=hidden), middle.scrap)
            for member in range(members + 1)
        ]
        values = np.array([_predicted(row, solution) for solution in solutions])
        spread = 1.96 * float(values.std()) if members else 0.0
        low, high = values[0] - spread, values[0] + spread
        lines.append(
            {
                "fact": row.name,
                "grade": row.grade,
                "given": row.value,
                "predicted": values[0],
                "low": low,
                "high": high,
                "covered": low - 2.0 * row.sigma <= row.value <= high + 2.0 * row.sigma,
            }
        )
    return pd.DataFrame(lines)


def _predicted(row: Row[Terms], solution: Reconciled) -> float:
    return row.terms.value(solution.values)
