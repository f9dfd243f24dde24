"""Every figure that enters the reconciliation, as soft rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xenotime.networks.chain.magnet_rows import add_magnet_rows
from xenotime.networks.chain.row import Collector
from xenotime.networks.chain.supply_rows import add_supply_rows
from xenotime.networks.chain.trade_rows import add_trade_rows
from xenotime.networks.chain.use_rows import add_use_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from xenotime.networks.chain.candidates import Candidates
    from xenotime.networks.chain.figures import Figures
    from xenotime.networks.chain.frame import Frame, Terms
    from xenotime.networks.chain.row import Row
    from xenotime.networks.chain.start import Start

__all__ = ["soft_rows"]


def soft_rows(
    candidates: Candidates,
    frame: Frame,
    figures: Figures,
    start: Start,
    begun: NDArray[np.float64],
) -> tuple[list[Row[Terms]], tuple[str, ...]]:
    """Collect the soft rows, and the names of figures not known on the day.

    Parameters
    ----------
    candidates, frame, figures, start
        Links that may exist, their arrangement, what is known, and the start of the fit.
    begun
        Flows of the links at the start (t/y), for denominators.

    Returns
    -------
    rows, missing
        Soft rows in a fixed order, and claim bodies that `as_of` hides.

    Examples
    --------
    >>> from xenotime.networks.chain.balance import unknowns
    >>> from xenotime.networks.chain.candidates import candidates
    >>> from xenotime.networks.chain.figures import Figures
    >>> from xenotime.networks.chain.start import starting_flows
    >>> every, figures = candidates(), Figures()
    >>> start, frame = starting_flows(figures), unknowns(every)
    >>> begun = np.array([start.flows[link] for link in frame.links])
    >>> rows, missing = soft_rows(every, frame, figures, start, begun)
    >>> rows[0].name, rows[0].value, rows[0].sources
    ('mine output CHN', 270000.0, ('mine_production/CHN/2024@mcs2026',))
    """
    collector = Collector(candidates, frame, figures, start, begun)
    add_supply_rows(collector)
    add_magnet_rows(collector)
    add_trade_rows(collector)
    add_use_rows(collector)
    return collector.rows, tuple(collector.missing)
