"""Announced plants: capacity, announced start, how late they may be and how long they ramp."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from xenotime.networks.chain.nodes import rows_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from xenotime.networks.chain.figures import Figure, Figures

__all__ = ["Project", "project_names", "project_rows"]


# Plants that name a mixture are split like the alloy that it is meant for
_MIXTURES = {
    "NdPr": ("NdFeB-light", ("Nd", "Pr")),
    "DyTb": ("NdFeB-heavy", ("Dy", "Tb")),
}

# A magnet plant of unknown grade is a plant of each
_GRADES = {"magnet:NdFeB": ("magnet:NdFeB-light", "magnet:NdFeB-heavy")}


class Project(NamedTuple):
    """One row of the table of projects, with the ranges of its delay and ramp."""

    project: str
    product: str
    producer: str
    country: str
    company: str
    status: str
    capacity: float
    announced_start: str
    slippage: Figure
    ramp: Figure
    source: str

    def cells(self) -> tuple[Any, ...]:
        """Cells in the order of the schema."""
        return (
            *self[:7],
            self.announced_start,
            self.slippage.mid,
            self.ramp.mid,
            self.source,
        )


def project_rows(figures: Figures, producers: Collection[str]) -> list[Project]:
    """Announced plants whose claim was known on the day.

    A magnet plant of unknown grade is split by the prior share of the heavy grade.

    Parameters
    ----------
    figures
        Claims and priors.
    producers
        Producers of the network; a project names the one that it would stand beside.
    """
    found: list[Project] = []
    slippage, ramp = (
        figures.prior(f"prior/project/{name}") for name in ("slippage_days", "ramp_days")
    )
    for row in rows_of("projects"):
        cited = figures.claim(row["claim"])
        if cited is None:
            continue
        place = f"{row['country']}/{row['slug']}"
        parts = _parts(figures, row["product"])
        for product, share, extra in parts:
            maker = row["process"] or product
            beside = f"{maker}@{row['country']}"
            delay = (
                replace(slippage, low=0.0, mid=0.0, high=0.0)
                if row["status"] == "operating"  # it has started
                else slippage
            )
            found.append(
                Project(
                    f"{maker}@{place}",
                    product,
                    beside if beside in producers else "",
                    row["country"],
                    row["company"],
                    row["status"],
                    cited.mid * share * float(row["share"]),
                    row["announced_start"],
                    delay,
                    ramp,
                    ";".join((cited.id, delay.id, ramp.id, *extra)),
                )
            )
    return found


def project_names() -> tuple[str, ...]:
    """Ids of all announced plants, whenever they became known.

    Examples
    --------
    >>> "magnet:NdFeB-heavy@USA/eVAC" in project_names()
    True
    """
    names = [
        f"{maker}@{row['country']}/{row['slug']}"
        for row in rows_of("projects")
        for maker in ([row["process"]] if row["process"] else _GRADES[row["product"]])
    ]
    return tuple(dict.fromkeys(names))


def _parts(figures: Figures, product: str) -> list[tuple[str, float, tuple[str, ...]]]:
    """Products of a plant, their shares of its capacity, and the priors that split it."""
    form, _, name = product.partition(":")
    if product in _GRADES:
        heavy = figures.prior("prior/heavy_share/default")
        shares = (1.0 - heavy.mid, heavy.mid)
        return [(g, s, (heavy.id,)) for g, s in zip(_GRADES[product], shares, strict=True)]
    if name not in _MIXTURES:
        return [(product, 1.0, ())]
    grade, elements = _MIXTURES[name]
    recipe = {e: figures.prior(f"prior/recipe/{grade}/{e}") for e in elements}
    total = sum(figure.mid for figure in recipe.values())
    return [(f"{form}:{e}", f.mid / total, (f.id,)) for e, f in recipe.items()]
