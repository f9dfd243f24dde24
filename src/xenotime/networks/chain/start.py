"""Where the fit starts: a flow for each candidate link from drivers, shares and known totals."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from xenotime.facts.taxonomy import EU_NODES
from xenotime.networks.chain.chemistry import basket, element_per_oxide
from xenotime.networks.chain.drivers import Drivers, shares
from xenotime.networks.chain.nodes import (
    GRADE_ELEMENTS,
    Link,
    country_of,
    element_of,
    kind_of,
    makers,
    ores,
    places,
    separated,
)
from xenotime.networks.chain.start_magnets import magnet_flows
from xenotime.networks.chain.start_materials import material_flows, material_needs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from xenotime.networks.chain.figures import Figures
    from xenotime.networks.chain.nodes import Ore

__all__ = [
    "Start",
    "end_of_life_content",
    "finishing_yield",
    "grade_elements",
    "kept_flows",
    "recovery_of",
    "scrap_oxide",
    "starting_flows",
]

LEAST_START = 1e-3
"""Start of a link that the drivers of a member give nothing (t/y)."""

MAGNET_OXIDES: tuple[str, ...] = ("Nd", "Pr", "Dy", "Tb", "Sm")
"""Oxides worth recovering from magnets."""

END_OF_LIFE = "recycling:end_of_life"
OLD_MAGNETS = "magnets"
PROCESS_SCRAP = "recycling:process_scrap"
# A plant that gives less of a country's oxide than this sells it at home alone
LEAST_EXPORT_SHARE = 0.25
# Recyclers that scrap goes to where a country has none, or sends part abroad
_FOREIGN_RECYCLERS = ("CHN", "JPN")


class Start:
    """Flows (t/y) that the figures of one member suggest before any balance is asked for.

    Attributes
    ----------
    flows
        Link -> t/y, positive.
    deposits
        (ore name, deposit) -> t REO/y; for end-of-life recyclers (plant, "magnets") -> t/y.
    drivers
        Shares of countries that spread uses.
    """

    def __init__(self, figures: Figures) -> None:
        self.figures = figures
        self.drivers = Drivers(figures)
        self.flows: dict[Link, float] = {}
        self.deposits: dict[tuple[str, str], float] = {}

    @cached_property
    def intake(self) -> dict[tuple[str, str], float]:
        """What each buyer takes of each product (t/y), once all flows are there."""
        found: dict[tuple[str, str], float] = defaultdict(float)
        for link, flow in self.flows.items():
            found[link.buyer, link.product] += flow
        return dict(found)


def starting_flows(figures: Figures) -> Start:
    """Start of the fit: mines forward to oxides, industries backward to metals.

    Nothing here balances; a link only gets the size that its drivers suggest, which sets
    how far the reconciliation may pull it.

    Parameters
    ----------
    figures
        Claims and priors of one member.

    Examples
    --------
    >>> from xenotime.networks.chain.figures import Figures
    >>> start = starting_flows(Figures())
    >>> start.flows[Link("mine:monazite@AUS", "separation:monazite_AUS@MYS", "ore:monazite_AUS")]
    29000.0
    """
    start = Start(figures)
    with figures.noting("driver"):
        supply = _mines(start)
        start.flows |= magnet_flows(start.drivers)
        blanks = _finishing(start)
        _scrap(start, supply)
        _end_of_life(start, supply)
        alloys = _sintering(start, blanks)
        metals = _alloys(start, alloys)
        _materials(start, metals, supply)
        _metals(start, metals, supply)
        _outlets(start, supply)
    start.flows = {link: flow for link, flow in start.flows.items() if flow > 0.0}
    return start


def kept_flows(start: Start, links: Sequence[Link]) -> list[float]:
    """Flows at the start of the links that remain, in their order (t/y).

    What was dropped of a buyer's intake is taken over by the suppliers that remain.
    """
    whole = start.intake
    left: dict[tuple[str, str], float] = defaultdict(float)
    for link in links:
        left[link.buyer, link.product] += start.flows.get(link, 0.0)
    found = []
    for link in links:
        slot = (link.buyer, link.product)
        ratio = whole.get(slot, 0.0) / left[slot] if left[slot] > 0.0 else 1.0
        found.append(max(start.flows.get(link, 0.0) * ratio, LEAST_START))
    return found


def finishing_yield(figures: Figures) -> float:
    """Finished magnet per tonne of blank: the cited yield at this member's draw."""
    cited = figures.drawn("magnet_yield/WLD/NdFeB/2016..2025")
    return cited.mid if cited else figures.middle("prior/yield/finishing")


def grade_elements(grade: str, country: str) -> tuple[str, ...]:
    """Rare earths that an alloy maker puts into a grade.

    Examples
    --------
    >>> grade_elements("NdFeB-light", "JPN")
    ('Nd', 'Pr')
    """
    elements = GRADE_ELEMENTS[grade]
    if country == "CHN":
        return elements
    return tuple(e for e in elements if e in {"Nd", "Pr", "Dy", "Tb", "Sm"})


def recovery_of(ore: str, element: str, figures: Figures) -> float:
    """Oxide separated per oxide in the ore; less for the heavy residue of light ores."""
    if ore.startswith("scandium"):
        return 1.0  # the tonnage is that of the oxide won
    recovery = figures.middle("prior/separation_recovery/WLD")
    heavy = element not in {"La", "Ce", "Pr", "Nd", "Sm", "Eu"}
    if heavy and not ore.startswith("ion_clay"):
        recovery *= figures.middle("prior/heavy_recovery/light_ores")
    return recovery


def scrap_oxide(figures: Figures, content: float, element: str) -> float:
    """Oxide won from a tonne of scrap that holds a share of an element."""
    return figures.middle("prior/scrap/recovery") * content / element_per_oxide(element)


def end_of_life_content(figures: Figures) -> dict[str, float]:
    """Oxide won per tonne of end-of-life magnets: half light, half heavy grade, as sold new."""
    found = {}
    for element in ("Nd", "Pr", "Dy", "Tb"):
        content = sum(
            0.5 * figures.middle(f"prior/recipe/{grade}/{element}")
            for grade in ("NdFeB-light", "NdFeB-heavy")
            if element in GRADE_ELEMENTS[grade]
        )
        found[element] = scrap_oxide(figures, content, element)
    return found


def _mines(start: Start) -> dict[tuple[str, str], float]:
    """Ore flows; returns oxide by plant and element (t/y)."""
    figures = start.figures
    supply: dict[tuple[str, str], float] = {}
    for ore in ores():
        mined = _mined(ore, figures)
        mixture = shares(
            {
                deposit: figures.middle(f"prior/basket/{ore.name}/{deposit}")
                if len(ore.deposits) > 1
                else 1.0
                for deposit in ore.deposits
            }
        )
        for deposit, share in mixture.items():
            start.deposits[ore.name, deposit] = mined * share
        split = shares(
            {
                country: figures.middle(f"prior/ore_route/{ore.name}/{country}")
                if len(ore.separators) > 1
                else 1.0
                for country in ore.separators
            }
        )
        for country, share in split.items():
            plant = ore.separator(country)
            start.flows[Link(ore.mine, plant, ore.product)] = mined * share
            for element in separated(ore.name, country):
                content = sum(mixture[d] * basket(d)[element] for d in ore.deposits)
                made = recovery_of(ore.name, element, figures) * content * mined * share
                if made > 0.0:
                    supply[plant, element] = made
    return supply


def _mined(ore: Ore, figures: Figures) -> float:
    if ore.name in {"bastnaesite_CHN", "ion_clay_CHN"}:
        total = figures.claim("mine_production/CHN/2024")
        if total is not None:
            clay = figures.middle("prior/ion_clay_share/CHN")
            return total.mid * (clay if ore.name == "ion_clay_CHN" else 1.0 - clay)
    cited = figures.claim(f"mine_production/{ore.tonnage}/2024") if ore.tonnage else None
    if cited is not None and cited.mid > 0.0:
        return cited.mid
    return figures.middle(f"prior/mine_output/{ore.name}")


def _finishing(start: Start) -> dict[tuple[str, str], float]:
    """Blank and scrap flows; returns blanks by grade and country of sintering (t/y)."""
    figures = start.figures
    made: dict[str, float] = defaultdict(float)
    for link, flow in start.flows.items():
        if kind_of(link.product) == "magnet":
            made[link.supplier] += flow
    output: dict[tuple[str, str], float] = defaultdict(float)
    ratio = finishing_yield(figures)
    for plant, tonnes in made.items():
        grade, country = element_of(plant), country_of(plant)
        sinterers = makers()["blank"][grade]
        own = f"prior/blank_source/{country}"
        home = (
            figures.middle(
                own
                if country != "CHN" and figures.has_prior(own)
                else "prior/blank_source/domestic"
            )
            if country in sinterers
            else 0.0
        )
        china = figures.middle("prior/blank_source/CHN")
        abroad = {"CHN": china, "JPN": 1.0 - china}
        split = {c: (1.0 - home) * s for c, s in abroad.items() if c != country}
        if country == "CHN":
            split = {"CHN": 1.0}
        elif country in sinterers:
            split[country] = home
        for source, share in shares(split).items():
            flow = tonnes / ratio * share
            start.flows[Link(f"blank:{grade}@{source}", plant, f"blank:{grade}")] = flow
            output[grade, source] += flow
        _scrap_links(start, grade, country, tonnes / ratio * (1.0 - ratio))
    return output


def _scrap_links(start: Start, grade: str, country: str, scrap: float) -> None:
    """Add the flows of cutting scrap of a grade to recyclers."""
    figures = start.figures
    own = f"prior/scrap/collected/{country}"
    collected = scrap * figures.middle(own if figures.has_prior(own) else "prior/scrap/collected")
    recyclers = makers()["process_scrap"][""]
    home = 0.0
    if country in recyclers:
        home = 1.0 if country == "CHN" else figures.middle("prior/scrap/domestic")
    abroad = [c for c in _FOREIGN_RECYCLERS if c != country]
    split = {c: (1.0 - home) / len(abroad) for c in abroad} if home < 1.0 else {}
    if home > 0.0:
        split[country] = home
    for target, share in split.items():
        link = Link(f"magnet:{grade}@{country}", f"{PROCESS_SCRAP}@{target}", f"scrap:{grade}")
        start.flows[link] = collected * share


def _scrap(start: Start, supply: dict[tuple[str, str], float]) -> None:
    """Add the oxide of process scrap to the supply."""
    figures = start.figures
    for link, flow in list(start.flows.items()):
        if kind_of(link.product) != "scrap":
            continue
        grade = element_of(link.product)
        for element in GRADE_ELEMENTS[grade]:
            content = figures.middle(f"prior/recipe/{grade}/{element}")
            key = (link.buyer, element)
            supply[key] = supply.get(key, 0.0) + flow * scrap_oxide(figures, content, element)


def _end_of_life(start: Start, supply: dict[tuple[str, str], float]) -> None:
    """Add the oxide of end-of-life magnets to the supply."""
    figures = start.figures
    magnets = {
        e: sum(made for (_, element), made in supply.items() if element == e)
        for e in ("Nd", "Pr", "Dy", "Tb")
    }
    world = figures.middle("prior/end_of_life/share") * sum(magnets.values())
    content = end_of_life_content(figures)
    china = figures.middle("prior/end_of_life/CHN")
    product = start.drivers.share("gdp")
    others = shares({c: product[c] for c in makers()["end_of_life"][""] if c != "CHN"})
    for country, share in (
        {"CHN": china} | {c: (1 - china) * s for c, s in others.items()}
    ).items():
        plant = f"{END_OF_LIFE}@{country}"
        tonnes = world * share / sum(content.values())
        start.deposits[plant, OLD_MAGNETS] = tonnes
        for element, each in content.items():
            supply[plant, element] = tonnes * each


def _sintering(
    start: Start, blanks: Mapping[tuple[str, str], float]
) -> dict[tuple[str, str], float]:
    """Alloy flows; returns alloy by grade and country (t/y)."""
    figures = start.figures
    output: dict[tuple[str, str], float] = defaultdict(float)
    for (grade, country), tonnes in blanks.items():
        casters = makers()["alloy"][grade]
        home = figures.middle("prior/alloy_source/domestic") if country in casters else 0.0
        china = figures.middle("prior/alloy_source/CHN")
        japan = (1.0 - china) * figures.middle("prior/alloy_source/IMPORT/JPN")
        abroad = {"CHN": china, "JPN": japan, "GBR": 1.0 - china - japan}
        split = {c: (1.0 - home) * s for c, s in abroad.items() if c in casters and c != country}
        if country == "CHN":
            split = {"CHN": 1.0}
        elif country in casters:
            split[country] = home
        need = tonnes / figures.middle("prior/yield/blank")
        for source, share in shares(split).items():
            link = Link(f"alloy:{grade}@{source}", f"blank:{grade}@{country}", f"alloy:{grade}")
            start.flows[link] = need * share
            output[grade, source] += need * share
    return output


def _alloys(start: Start, alloys: Mapping[tuple[str, str], float]) -> dict[tuple[str, str], float]:
    """Metal flows into alloys; returns metal by element and country (t/y)."""
    figures = start.figures
    output: dict[tuple[str, str], float] = defaultdict(float)
    for (grade, country), tonnes in alloys.items():
        for element in grade_elements(grade, country):
            need = tonnes * figures.middle(f"prior/recipe/{grade}/{element}")
            need /= figures.middle("prior/yield/alloy")
            sources = makers()["metal"][element]
            for source, share in _sources(
                figures, "prior/metal_source", country, sources, {}
            ).items():
                link = Link(
                    f"metal:{element}@{source}", f"alloy:{grade}@{country}", f"metal:{element}"
                )
                start.flows[link] = need * share
                output[element, source] += need * share
    return output


def _sources(
    figures: Figures,
    table: str,
    country: str,
    known: Iterable[str],
    size: Mapping[str, float],
) -> dict[str, float]:
    """Shares of the countries that a country buys from: its own priors, else the defaults.

    `size` weighs the countries beside China and home; equal where it is empty.
    """
    known = tuple(known)
    for group in (country, *(["EUU"] if country in EU_NODES else [])):
        own = {
            c: figures.middle(prior)
            for c in known
            if figures.has_prior(prior := f"{table}/{group}/{c}")
        }
        if own:
            return shares(own)
    home = 0.0
    if country in known:
        name = f"{table}/{country}/domestic"
        home = figures.middle(name if figures.has_prior(name) else f"{table}/default/domestic")
    split: dict[str, float] = {}
    others = {c: size.get(c, 0.0) if size else 1.0 for c in known if c not in {country, "CHN"}}
    others = {c: weight for c, weight in others.items() if weight > 0.0}
    if "CHN" in known and country != "CHN":
        china = figures.middle(f"{table}/default/CHN") if others else 1.0
        split["CHN"] = (1.0 - home) * china
    left = 1.0 - home - sum(split.values())
    if others and left > 0.0:
        split |= {c: left * share for c, share in shares(others).items()}
    if home > 0.0:
        split[country] = home
    return shares(split)


def _materials(
    start: Start, metals: dict[tuple[str, str], float], supply: Mapping[tuple[str, str], float]
) -> None:
    """Add oxides and metals into materials, and materials to industries."""
    figures = start.figures
    made: dict[tuple[str, str], float] = defaultdict(float)
    for (product, element, country), oxide in material_needs(start.drivers).items():
        buyer = f"{product}@{country}"
        if places()[product].form == "metal":
            need = oxide * element_per_oxide(element)
            sources = makers()["metal"][element]
            for source, share in _sources(
                figures, "prior/user_source", country, sources, {}
            ).items():
                link = Link(f"metal:{element}@{source}", buyer, f"metal:{element}")
                start.flows[link] = need * share
                metals[element, source] = metals.get((element, source), 0.0) + need * share
            made[product, country] += need
        else:
            _oxide_links(start, "prior/user_source", buyer, element, oxide, supply)
            made[product, country] += oxide
    start.flows |= material_flows(start.drivers, made)


def _metals(
    start: Start,
    metals: Mapping[tuple[str, str], float],
    supply: Mapping[tuple[str, str], float],
) -> None:
    """Add oxide flows into metal works."""
    metal_yield = start.figures.middle("prior/yield/metal")
    for (element, country), tonnes in metals.items():
        need = tonnes / element_per_oxide(element) / metal_yield
        buyer = f"metal:{element}@{country}"
        _oxide_links(start, "prior/oxide_source", buyer, element, need, supply)


def _outlets(start: Start, supply: Mapping[tuple[str, str], float]) -> None:
    """Add a buyer for magnet oxides that no metal works named as a source.

    Recyclers in Europe sell to the works there, all others to China: an assumption.
    """
    sold = {(link.supplier, link.product) for link in start.flows}
    for (plant, element), tonnes in supply.items():
        product = f"oxide:{element}"
        if element not in MAGNET_OXIDES or (plant, product) in sold:
            continue
        near = "GBR" if country_of(plant) in EU_NODES else "CHN"
        buyer = near if near in makers()["metal"][element] else "CHN"
        start.flows[Link(plant, f"metal:{element}@{buyer}", product)] = tonnes


def _oxide_links(
    start: Start,
    table: str,
    buyer: str,
    element: str,
    need: float,
    supply: Mapping[tuple[str, str], float],
) -> None:
    """Add the flows of an oxide from the plants of each source country to one buyer.

    Which plant sells to whom is not known: plants share in proportion to what they make, and
    small ones sell at home alone.
    """
    country = country_of(buyer)
    plants: dict[str, dict[str, float]] = defaultdict(dict)
    for (plant, made), tonnes in supply.items():
        if made == element and tonnes > 0.0:
            plants[country_of(plant)][plant] = tonnes
    size = {source: sum(found.values()) for source, found in plants.items()}
    for source, share in _sources(start.figures, table, country, plants, size).items():
        part = shares(plants[source])
        if source != country:
            large = {p: s for p, s in part.items() if s >= LEAST_EXPORT_SHARE}
            part = shares(large)
        for plant, weight in part.items():
            start.flows[Link(plant, buyer, f"oxide:{element}")] = need * share * weight
