"""Which figures sized each flow of 2010 where the fit started."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xenotime.networks.chain.nodes import Link, country_of, element_of, kind_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["with_starts"]

_BLANKS = "magnet_output/CHN/sintered_NdFeB/2010"
_MARKET = "prior/precedent/magnet_market"


def with_starts(
    links: Sequence[Link],
    basis: Sequence[tuple[str, str]],
    uses: Mapping[tuple[str, str], str],
) -> list[tuple[str, str]]:
    """Add the figures that sized each flow to those that contain it.

    Parameters
    ----------
    links, basis
        Links, and for each whether it is observed and ids joined by semicolons.
    uses
        (id, role) of everything that was used; what was not used is not named.
    """
    known = {name.rpartition("@")[0] if "@" in name else name: name for name, _ in uses}
    found = []
    for link, (word, ids) in zip(links, basis, strict=True):
        sized = [known[body] for body in _sized_by(link) if body in known]
        parts = [part for part in ids.split(";") if part]
        found.append((word, ";".join(dict.fromkeys([*parts, *sized]))))
    return found


def _sized_by(link: Link) -> list[str]:
    """Claims (without vintage) and priors behind the start of a flow."""
    form, name = kind_of(link.product), element_of(link.product)
    maker, user = country_of(link.supplier), country_of(link.buyer)
    if form == "ore":
        clay = ["prior/precedent/ion_clay_share/CHN"] if maker == "CHN" else []
        return [
            "history_production/WLD/rare_earths/2010",
            f"prior/precedent/mine_share/{maker}",
            *clay,
        ]
    if form in {"oxide", "metal"}:
        return _raw(link, name, maker, user)
    if form in {"alloy", "blank", "scrap"}:
        whole = f"prior/precedent/smco_output/{maker}" if name == "SmCo" else _BLANKS
        own = [whole, f"prior/precedent/heavy_share/{user}"]
        if form == "scrap":
            return [*own, f"prior/precedent/scrap_collected/{user}", "prior/yield/finishing"]
        return [*own, f"prior/yield/{form}" if form == "blank" else "prior/yield/alloy", *_SHARES]
    if form == "magnet":
        abroad = (
            "magnet_exports/WLD/2010"
            if maker == "CHN"
            else f"prior/precedent/magnets_abroad/{maker}"
        )
        use = f"prior/precedent/magnet_use/{element_of(link.buyer)}"
        return [_BLANKS, abroad, *([f"{_MARKET}/{user}"] if user != maker else []), use]
    if form == "component":
        return [f"prior/precedent/magnet_use/{name}"]
    return ["prior/precedent/material_scale", f"prior/precedent/material_market/{maker}"]


_SHARES = (
    "world_share/CHN/magnet/NdFeB_blanks/2010",
    "world_share/JPN/magnet/NdFeB_blanks/2010",
)


def _raw(link: Link, element: str, maker: str, user: str) -> list[str]:
    """Figures behind a flow of oxide or metal."""
    buyer = element_of(link.buyer)
    if kind_of(link.buyer) == "material":
        own = [
            f"prior/material_use/{buyer}/{element}",
            "prior/precedent/material_scale",
            f"prior/precedent/material_market/{user}",
        ]
    elif kind_of(link.buyer) == "alloy":
        own = [f"prior/recipe/{buyer}/{element}", f"prior/precedent/metal_home/{user}"]
    else:
        own = ["prior/yield/metal"]
    if kind_of(link.product) == "oxide" and user not in {"CHN", maker}:
        own.append("prior/precedent/chinese_share")
    return own
