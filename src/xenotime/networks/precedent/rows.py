"""Soft rows of 2010: ore, blanks, magnet exports, the quota, and what the United States used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xenotime.networks.chain.chemistry import element_per_oxide
from xenotime.networks.chain.nodes import element_of, kind_of
from xenotime.networks.chain.row import Collector

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from xenotime.networks.chain.candidates import Candidates
    from xenotime.networks.chain.figures import Figures
    from xenotime.networks.chain.frame import Frame, Terms
    from xenotime.networks.chain.row import Row
    from xenotime.networks.chain.start import Start

__all__ = ["precedent_rows"]

_NDFEB = ("NdFeB-light", "NdFeB-heavy")


def precedent_rows(
    candidates: Candidates,
    frame: Frame,
    figures: Figures,
    start: Start,
    begun: NDArray[np.float64],
) -> tuple[list[Row[Terms]], tuple[str, ...]]:
    """Collect the soft rows of 2010, and the figures not known on the day.

    Parameters
    ----------
    candidates, frame, figures, start
        Links, their arrangement, what is known, and the start.
    begun
        Flows at the start, in the order of the frame (t/y).
    """
    rows = Collector(candidates, frame, figures, start, begun)
    mined = rows.links(maker="mine")
    rows.level("mine output WLD 2010", "history_production/WLD/rare_earths/2010", mined, "t REO")
    china = figures.prior("prior/precedent/mine_share/CHN")
    rows.share(
        "mine share CHN 2010",
        china,
        rows.links(maker="mine", origin="CHN"),
        mined,
        "t REO",
        sigma_share=0.01,
        remark="1 % of world output: a prior",
    )
    _blanks(rows)
    rows.level(
        "magnet exports CHN 2010",
        "magnet_exports/WLD/2010",
        frame.pick(frame.mask(form="magnet", origin="CHN") & frame.foreign),
        "t magnet",
    )
    abroad = frame.mask(form=("oxide", "metal"), origin="CHN") & frame.foreign
    quota = figures.prior("prior/precedent/exports/CHN")
    rows.given(
        "rare-earth exports CHN 2010",
        quota,
        _as_oxide(frame, abroad),
        "t REO",
        value=quota.mid,
        relative=(quota.high - quota.low) / 2.563 / quota.mid,
        remark="the quota and what passed beside it",
    )
    bought = frame.mask(form=("oxide", "metal"), target="USA") & frame.foreign
    rows.level(
        "rare earths used USA 2010",
        "history_apparent_consumption/USA/rare_earths/2010",
        _as_oxide(frame, bought),
        "t REO",
        relative=0.15,
        remark="15 % instead of 5 %: stocks moved, and exports came from them",
    )
    return rows.rows, tuple(rows.missing)


def _blanks(rows: Collector) -> None:
    """Blanks by country: Chinese tonnage and shares of the world."""
    made = rows.links(form="blank", name=_NDFEB)
    rows.level(
        "sintered NdFeB CHN 2010",
        "magnet_output/CHN/sintered_NdFeB/2010",
        rows.links(form="blank", name=_NDFEB, origin="CHN"),
        "t blank",
    )
    rows.level(
        "SmCo CHN 2010",
        "magnet_output/CHN/SmCo/2010",
        rows.links(form="blank", name="SmCo", origin="CHN"),
        "t blank",
    )
    for code, body in (
        ("CHN", "world_share/CHN/magnet/NdFeB_blanks/2010"),
        ("JPN", "world_share/JPN/magnet/NdFeB_blanks/2010"),
        ("ROW", "world_share/Europe/magnet/NdFeB_blanks/2010"),
    ):
        figure = rows.figures.claim(body)
        rows.share(
            f"share of NdFeB blanks {code} 2010",
            figure,
            rows.links(form="blank", name=_NDFEB, origin=code),
            made,
            "t blank",
            sigma_share=0.02,
            remark="2 % of world blanks",
            scale=0.01,  # the share is printed in per cent
        )


def _as_oxide(frame: Frame, chosen: NDArray[np.bool_]) -> Terms:
    """Oxide in oxides and metals, t REO."""
    pairs = []
    for link, wanted in zip(frame.links, chosen, strict=True):
        if wanted:
            metal = kind_of(link.product) == "metal"
            pairs.append(
                (link, 1.0 / element_per_oxide(element_of(link.product)) if metal else 1.0)
            )
    return frame.terms(pairs)
