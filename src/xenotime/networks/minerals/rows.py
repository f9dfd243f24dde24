"""Soft rows of a mineral: cited output, trade of the United States, shares of use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xenotime.facts import priors
from xenotime.facts.units import convert
from xenotime.networks.chain.nodes import Link, country_of, element_of
from xenotime.networks.chain.row import Row
from xenotime.networks.minerals.supply import Z90, us_trade

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xenotime.networks.chain.figures import Figure, Figures
    from xenotime.networks.chain.row import NamedRow
    from xenotime.networks.chain.row import NamedTerms as Terms
    from xenotime.networks.minerals.catalogue import Mineral
    from xenotime.networks.minerals.start import Start
    from xenotime.networks.minerals.supply import Output

__all__ = ["soft_rows"]

TRADE_SIGMA = 0.10
"""US trade counts smelted and refined goods, the chain what mines and refineries make."""

SHARE_SIGMA = 0.30
"""Shares of import sources are means of 2021 to 2024, the tonnage is of 2024."""

LEAST_ROW = 2.0
"""Import sources of less (t/y) are not resolved: half a tonne for each of some four industries."""

SHARE_YEARS = "2021..2024"
US = "USA"


def soft_rows(
    mineral: Mineral, supply: Mapping[str, Output], start: Start, figures: Figures
) -> tuple[list[NamedRow], tuple[str, ...]]:
    """Collect what the flows of a mineral should meet, and the bodies of claims not known.

    Parameters
    ----------
    mineral, supply, start
        The candidates and what makers make.
    figures
        What is known on the day.
    """
    links = tuple(start.flows)
    unit = "t"
    rows = [
        Row(
            f"{mineral.symbol} output {place}",
            _pick(links, lambda link, place=place: country_of(link.supplier) == place),
            output.tonnes,
            output.sigma,
            unit,
            "prior" if output.grade == "prior" else "level",
            output.grade,
            output.sources,
            output.remark,
        )
        for place, output in supply.items()
    ]
    trade, missing = _us_trade(mineral, links, figures)
    rows += trade
    world = sum(output.tonnes for output in supply.values())
    for industry, (name, share) in start.use.items():
        prior = priors()[name]
        # the range of the prior, around the middle that its draw and the scaling gave
        sigma = share * world * (prior.high - prior.low) / (2.0 * Z90) / prior.mid
        rows.append(
            Row(
                f"{mineral.symbol} used by {industry}",
                _pick(links, lambda link, i=industry: element_of(link.buyer) == i),
                share * world,
                sigma,
                unit,
                "prior",
                "prior",
                (name,),
                "shares of use scaled to a sum of one",
            )
        )
    return rows, missing


def _pick(links: Iterable[Link], test: object) -> Terms:
    return {link: 1.0 for link in links if test(link)}  # type: ignore[operator]


def _us_trade(
    mineral: Mineral, links: tuple[Link, ...], figures: Figures
) -> tuple[list[NamedRow], tuple[str, ...]]:
    """Add imports, exports and import sources of the United States."""
    trade = us_trade(mineral, figures)
    missing = list(trade.missing)
    whole = len(trade.bought) == len(mineral.imports)
    inward = _pick(links, lambda link: country_of(link.buyer) == US != country_of(link.supplier))
    outward = _pick(links, lambda link: country_of(link.supplier) == US != country_of(link.buyer))
    if not whole or not inward:
        return [], tuple(missing)
    if outward:
        rows = [_trade(f"{mineral.symbol} imports USA", inward, trade.imports, trade.bought)]
        if trade.sold:
            name = f"{mineral.symbol} exports USA"
            rows.append(_trade(name, outward, trade.exports, trade.sold))
    else:
        # without output of its own the country resells what it bought
        name = f"{mineral.symbol} imports less exports USA"
        net = trade.imports - trade.exports
        used = (*trade.bought, *trade.sold)
        rows = [_trade(name, inward, net, used, gross=trade.imports)]
    rows += _import_sources(mineral, inward, rows[0].value, figures, missing)
    return rows, tuple(missing)


def _trade(
    name: str, terms: Terms, value: float, used: tuple[Figure, ...], *, gross: float | None = None
) -> NamedRow:
    return Row(
        name,
        terms,
        value,
        TRADE_SIGMA * (gross if gross is not None else value),
        "t",
        "level",
        max(figure.grade for figure in used),
        tuple(figure.id for figure in used),
        "10 % of gross imports instead of 5 %: refined goods, not what mines make",
    )


def _import_sources(
    mineral: Mineral,
    inward: Terms,
    imports: float,
    figures: Figures,
    missing: list[str],
) -> list[NamedRow]:
    """Share of each import source that makes the mineral itself; sigma in tonnes of imports."""
    rows = []
    for partner in mineral.partners:
        body = mineral.claim("us_import_share", US, mineral.import_share, partner, year=SHARE_YEARS)
        figure = figures.claim(body)
        if figure is None:
            missing.append(body)
            continue
        share = convert(figure.mid, figure.unit, "ratio")
        terms: Terms = dict.fromkeys(inward, -share)
        sold = [link for link in inward if isinstance(link, Link)]
        sold = [link for link in sold if country_of(link.supplier) == partner]
        if not sold or share * imports < LEAST_ROW:
            continue
        terms |= dict.fromkeys(sold, 1.0 - share)
        rows.append(
            Row(
                f"{mineral.symbol} imports USA, share of {partner}",
                terms,
                0.0,
                SHARE_SIGMA * share * imports,
                "t",
                "share",
                figure.grade,
                (figure.id,),
                "30 %: shares of four years",
            )
        )
    return rows
