"""The reconciliation of one mineral as a quadratic programme: nothing hard but the sign."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from xenotime.networks.qp import solve

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xenotime.networks.chain.nodes import Link
    from xenotime.networks.chain.row import NamedRow

__all__ = ["fit"]

PRIOR_WEIGHT = 1.0
"""Sigma of a buyer's whole intake under the start, as a share of that intake."""


def fit(start: Mapping[Link, float], rows: Sequence[NamedRow]) -> dict[Link, float]:
    """Flows, none negative, as near to the rows as they can be while staying near the start.

    Minimises half the sum of squared residuals in sigmas plus the chi-square distance from the
    start, as the chain does: with ``x = p u`` the distance is ``(u - 1)^2 p / P``, where ``P``
    is what the buyer takes in all. Every mine or refinery only sells and every industry only
    buys, so each is in balance whatever it does.

    Parameters
    ----------
    start
        Candidate link -> t/y, positive.
    rows
        What the flows should meet.

    Returns
    -------
    dict
        Link -> t/y.

    Raises
    ------
    QpError
        If the programme does not converge.

    Examples
    --------
    >>> from xenotime.networks.chain.nodes import Link
    >>> from xenotime.networks.chain.row import Row
    >>> one, two = (Link(f"mine:Sb@{c}", "industry:other@USA", "ore:Sb") for c in ("CHN", "TJK"))
    >>> row = Row("in", {one: 1.0, two: 1.0}, 300.0, 1e-3, "t", "level", "A", ())
    >>> flows = fit({one: 20.0, two: 10.0}, [row])
    >>> round(flows[one]), round(flows[two])
    (200, 100)
    """
    links = list(start)
    place = {link: position for position, link in enumerate(links)}
    size = np.array([start[link] for link in links])
    if not (size > 0.0).all():
        raise ValueError("a candidate needs a start above 0 t/y")
    intake: dict[str, float] = defaultdict(float)
    for link in links:
        intake[link.buyer] += start[link]
    curvature = size / (PRIOR_WEIGHT**2 * np.array([intake[link.buyer] for link in links]))
    n, m = len(links), len(rows)
    entries = [
        (number, place[key], weight * size[place[key]] / row.sigma)
        for number, row in enumerate(rows)
        for key, weight in row.terms.items()
    ]
    entries += [(number, n + number, -1.0) for number in range(m)]
    at_row, at_column, values = zip(*entries, strict=True)
    matrix = sparse.csr_array((values, (at_row, at_column)), shape=(m, n + m))
    right = np.array([row.value / row.sigma for row in rows])
    diagonal = np.concatenate([curvature, np.ones(m)])
    linear = np.concatenate([-curvature, np.zeros(m)])
    bounded = np.concatenate([np.ones(n, dtype=bool), np.zeros(m, dtype=bool)])
    answer = solve(sparse.diags_array(diagonal), linear, matrix, right, bounded)
    return {link: float(answer.x[place[link]] * size[place[link]]) for link in links}
