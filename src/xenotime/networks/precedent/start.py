"""Where the fit of 2010 begins: China, Japan, the United States and the rest, by few figures.

Ore comes from Chinese bastnaesite and ion clay, from India and from Russia (part of it separated in
Estonia). Magnets are made in China and Japan and a little elsewhere; there are no motors for
battery vehicles. Components are built where they are used.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from xenotime.facts.problems import RequestError
from xenotime.networks.chain.chemistry import basket, element_per_oxide
from xenotime.networks.chain.drivers import shares
from xenotime.networks.chain.nodes import Link, country_of, kind_of, ores, separated
from xenotime.networks.chain.start import (
    Start,
    finishing_yield,
    grade_elements,
    recovery_of,
    scrap_oxide,
)
from xenotime.networks.chain.start_materials import use_elements

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xenotime.networks.chain.figures import Figures
    from xenotime.networks.chain.nodes import Ore

__all__ = ["ORES", "USERS", "precedent_ores", "precedent_start"]

ORES: tuple[str, ...] = ("bastnaesite_CHN", "ion_clay_CHN", "monazite_IND", "loparite_RUS")

USERS: tuple[str, ...] = ("CHN", "JPN", "USA", "ROW")

LEAST_FLOW = 0.05
"""Links that start below this (t/y) are left out."""

_WORLD_ORE = "history_production/WLD/rare_earths/2010"
_BLANKS = "magnet_output/CHN/sintered_NdFeB/2010"
_BLANK_SHARES = {
    "CHN": "world_share/CHN/magnet/NdFeB_blanks/2010",
    "JPN": "world_share/JPN/magnet/NdFeB_blanks/2010",
    "ROW": "world_share/Europe/magnet/NdFeB_blanks/2010",
}
_MAGNET_EXPORTS = "magnet_exports/WLD/2010"

# Who makes what; other metals are bought from China
_METALS = {
    "CHN": ("La", "Ce", "Pr", "Nd", "Sm", "Gd", "Tb", "Dy", "Ho"),
    "JPN": ("Pr", "Nd", "Tb", "Dy"),
}
_MAGNETS = {
    "NdFeB-light": ("CHN", "JPN", "ROW"),
    "NdFeB-heavy": ("CHN", "JPN", "ROW"),
    "SmCo": ("CHN", "JPN", "USA"),
}
_RECYCLERS = ("CHN", "JPN")

# Industries of a component or material and their shares of it: assumptions of this model
_INDUSTRIES: dict[str, dict[str, float]] = {
    "component:traction_motor": {"light_vehicles_hybrid": 1.0},
    "component:auxiliary_motor": {"light_vehicles_combustion": 0.95, "light_vehicles_hybrid": 0.05},
    "component:wind_generator": {"wind": 1.0},
    "component:industrial_drive": {"industrial_motors": 0.7, "robots": 0.1, "other": 0.2},
    "component:electronics_part": {
        "consumer_electronics": 0.45,
        "data_storage": 0.35,
        "other": 0.2,
    },
    "component:actuator": {"aerospace": 1.0},
    "component:medical_magnet": {"medical": 1.0},
    "material:polishing_powder": {"glass_ceramics": 0.6, "consumer_electronics": 0.4},
    "material:fcc_catalyst": {"catalysts": 1.0},
    "material:auto_catalyst": {"light_vehicles_combustion": 0.95, "other": 0.05},
    "material:glass_additive": {"glass_ceramics": 1.0},
    "material:phosphor": {"phosphors": 0.7, "consumer_electronics": 0.3},
    "material:ceramic": {"glass_ceramics": 0.5, "consumer_electronics": 0.3, "other": 0.2},
    "material:battery_alloy": {"light_vehicles_hybrid": 0.4, "other": 0.6},
    "material:metallurgical_alloy": {"metallurgy": 1.0},
    "material:other_compounds": {"other": 1.0},
}
_OF_METAL = frozenset({"material:battery_alloy", "material:metallurgical_alloy"})


def precedent_ores() -> tuple[Ore, ...]:
    """Ores that were mined in 2010, with the plants that separated them."""
    return tuple(ore for ore in ores() if ore.name in ORES)


def precedent_start(figures: Figures) -> Start:
    """Start of the fit of 2010: mines forward to oxides, magnets backward to metals.

    Parameters
    ----------
    figures
        Claims and priors of one member.

    Raises
    ------
    RequestError
        If the tonnages that everything hangs on are not known on the day.
    """
    needed = (_WORLD_ORE, _BLANKS, _MAGNET_EXPORTS)
    missing = [body for body in needed if figures.claim(body) is None]
    if missing:
        raise RequestError(
            [f"{body} is not known on {figures.as_of}: choose a later day" for body in missing],
            subject="precedent of 2010",
        )
    start = Start(figures)
    with figures.noting("driver"):
        supply = _mines(start)
        blanks = _magnets(start)
        _scrap(start, supply)
        metals = _alloys(start, blanks)
        _materials(start, metals, supply)
        for (element, country), tonnes in metals.items():
            need = tonnes / element_per_oxide(element) / figures.middle("prior/yield/metal")
            _oxides(start, f"metal:{element}@{country}", element, need, supply)
    start.flows = {link: flow for link, flow in start.flows.items() if flow >= LEAST_FLOW}
    return start


def _mid(figures: Figures, body: str) -> float:
    figure = figures.claim(body)
    assert figure is not None  # asked for at the beginning
    return figure.mid


def _mines(start: Start) -> dict[tuple[str, str], float]:
    """Ore flows and deposits; returns oxide by plant and element (t/y)."""
    figures = start.figures
    world = _mid(figures, _WORLD_ORE)
    clay = figures.middle("prior/precedent/ion_clay_share/CHN")
    part = {
        code: figures.middle(f"prior/precedent/mine_share/{code}") for code in ("CHN", "IND", "RUS")
    }
    part = shares(part)
    mined = {
        "bastnaesite_CHN": world * part["CHN"] * (1.0 - clay),
        "ion_clay_CHN": world * part["CHN"] * clay,
        "monazite_IND": world * part["IND"],
        "loparite_RUS": world * part["RUS"],
    }
    supply: dict[tuple[str, str], float] = {}
    for ore in precedent_ores():
        mixture = shares(
            {
                deposit: figures.middle(f"prior/basket/{ore.name}/{deposit}")
                if len(ore.deposits) > 1
                else 1.0
                for deposit in ore.deposits
            }
        )
        for deposit, share in mixture.items():
            start.deposits[ore.name, deposit] = mined[ore.name] * share
        for country in ore.separators:
            tonnes = mined[ore.name] / len(ore.separators)
            plant = ore.separator(country)
            start.flows[Link(ore.mine, plant, ore.product)] = tonnes
            for element in separated(ore.name, country):
                content = sum(mixture[d] * basket(d)[element] for d in ore.deposits)
                made = recovery_of(ore.name, element, figures) * content * tonnes
                if made > 0.0:
                    supply[plant, element] = made
    return supply


def _magnets(start: Start) -> dict[tuple[str, str], float]:
    """Blanks, magnets, components and their industries; returns blanks by grade and country."""
    figures = start.figures
    ratio = finishing_yield(figures)
    china = _mid(figures, _BLANKS)
    cited = {code: figures.claim(body) for code, body in _BLANK_SHARES.items()}
    base = cited["CHN"]
    blanks: dict[tuple[str, str], float] = {}
    for code, figure in cited.items():
        if figure is None or base is None:
            continue
        whole = china * figure.mid / base.mid
        heavy = figures.middle(f"prior/precedent/heavy_share/{code}")
        blanks["NdFeB-heavy", code], blanks["NdFeB-light", code] = (
            whole * heavy,
            whole * (1 - heavy),
        )
    for code in _MAGNETS["SmCo"]:
        blanks["SmCo", code] = figures.middle(f"prior/precedent/smco_output/{code}")
    exported = _exports(start, blanks, ratio)
    for (grade, code), tonnes in blanks.items():
        link = Link(f"blank:{grade}@{code}", f"magnet:{grade}@{code}", f"blank:{grade}")
        start.flows[link] = tonnes
        _scrap_links(start, grade, code, tonnes * (1.0 - ratio))
    _built_in(start, exported)
    return blanks


def _exports(
    start: Start, blanks: Mapping[tuple[str, str], float], ratio: float
) -> dict[tuple[str, str, str], float]:
    """Finished magnets by grade, maker and country of use (t/y)."""
    figures = start.figures
    china = ratio * sum(tonnes for (_, code), tonnes in blanks.items() if code == "CHN")
    sold: dict[tuple[str, str, str], float] = {}
    for (grade, code), tonnes in blanks.items():
        made = tonnes * ratio
        if code == "CHN":
            abroad = min(_mid(figures, _MAGNET_EXPORTS) / china, 0.9)
        else:
            abroad = figures.middle(f"prior/precedent/magnets_abroad/{code}")
        split = shares(
            {
                user: figures.middle(f"prior/precedent/magnet_market/{user}")
                for user in USERS
                if user != code
            }
        )
        sold[grade, code, code] = made * (1.0 - abroad)
        for user, share in split.items():
            sold[grade, code, user] = made * abroad * share
    return sold


def _built_in(start: Start, sold: Mapping[tuple[str, str, str], float]) -> None:
    """Magnets into components and straight into defence, and components into industries."""
    figures = start.figures
    components = [name for name in _INDUSTRIES if name.startswith("component:")]
    used: dict[str, float] = defaultdict(float)
    for (grade, maker, user), tonnes in sold.items():
        weights = {}
        for name in components:
            kind = name.partition(":")[2]
            if kind == "traction_motor" and user not in {"JPN", "USA"}:
                continue  # hybrids were built in Japan and, few, in the United States
            share = figures.middle(f"prior/precedent/magnet_use/{kind}")
            heavy = figures.middle(f"prior/heavy_share_use/{kind}")
            weights[name] = share * {"NdFeB-heavy": heavy, "NdFeB-light": 1.0 - heavy}.get(
                grade, 0.0
            )
        if grade == "SmCo":
            weights = {"component:actuator": 0.3, "component:industrial_drive": 0.2}
        if grade != "NdFeB-light":
            arms = figures.middle("prior/precedent/magnet_use/defence")
            weights["defence"] = 0.5 if grade == "SmCo" else arms
        for name, share in shares(weights).items():
            buyer = f"industry:defence@{user}" if name == "defence" else f"{name}@{user}"
            start.flows[Link(f"magnet:{grade}@{maker}", buyer, f"magnet:{grade}")] = tonnes * share
            if name != "defence":
                used[buyer] += tonnes * share
    _to_industries(start, used)


def _to_industries(start: Start, made: Mapping[str, float]) -> None:
    for maker, tonnes in made.items():
        product = maker.partition("@")[0]
        for industry, share in _INDUSTRIES[product].items():
            buyer = f"industry:{industry}@{country_of(maker)}"
            start.flows[Link(maker, buyer, product)] = tonnes * share


def _scrap_links(start: Start, grade: str, country: str, scrap: float) -> None:
    if country not in _RECYCLERS:
        return
    collected = scrap * start.figures.middle(f"prior/precedent/scrap_collected/{country}")
    buyer = f"recycling:process_scrap@{country}"
    start.flows[Link(f"magnet:{grade}@{country}", buyer, f"scrap:{grade}")] = collected


def _scrap(start: Start, supply: dict[tuple[str, str], float]) -> None:
    """Add the oxide of process scrap to the supply."""
    figures = start.figures
    for link, flow in list(start.flows.items()):
        if kind_of(link.product) != "scrap":
            continue
        grade = link.product.partition(":")[2]
        for element in grade_elements(grade, country_of(link.supplier)):
            content = figures.middle(f"prior/recipe/{grade}/{element}")
            key = (link.buyer, element)
            supply[key] = supply.get(key, 0.0) + flow * scrap_oxide(figures, content, element)


def _alloys(start: Start, blanks: Mapping[tuple[str, str], float]) -> dict[tuple[str, str], float]:
    """Alloys and their metals; returns metal by element and country (t/y)."""
    figures = start.figures
    metals: dict[tuple[str, str], float] = defaultdict(float)
    for (grade, code), tonnes in blanks.items():
        caster = code if code in {"CHN", "JPN"} else "CHN"
        need = tonnes / figures.middle("prior/yield/blank")
        maker = f"alloy:{grade}@{caster}"
        start.flows[Link(maker, f"blank:{grade}@{code}", f"alloy:{grade}")] = need
        for element in grade_elements(grade, caster):
            inside = need * figures.middle(f"prior/recipe/{grade}/{element}")
            inside /= figures.middle("prior/yield/alloy")
            for source, share in _metal_sources(figures, caster, element).items():
                link = Link(f"metal:{element}@{source}", maker, f"metal:{element}")
                start.flows[link] = start.flows.get(link, 0.0) + inside * share
                metals[element, source] += inside * share
    return metals


def _metal_sources(figures: Figures, country: str, element: str) -> dict[str, float]:
    if country not in _METALS or element not in _METALS[country] or country == "CHN":
        return {"CHN": 1.0}
    home = figures.middle(f"prior/precedent/metal_home/{country}")
    return {country: home, "CHN": 1.0 - home}


def _materials(
    start: Start, metals: dict[tuple[str, str], float], supply: Mapping[tuple[str, str], float]
) -> None:
    """Oxides and metals into the other uses, and these into industries."""
    figures = start.figures
    scale = figures.middle("prior/precedent/material_scale")
    market = shares(
        {code: figures.middle(f"prior/precedent/material_market/{code}") for code in USERS}
    )
    made: dict[str, float] = defaultdict(float)
    for product in _INDUSTRIES:
        if not product.startswith("material:"):
            continue
        for element, tonnes in use_elements(figures, product.partition(":")[2]).items():
            for code, share in market.items():
                buyer, need = f"{product}@{code}", tonnes * scale * share
                if product in _OF_METAL:
                    if element not in _METALS["CHN"]:
                        continue  # no metal of it was followed in 2010
                    need *= element_per_oxide(element)
                    link = Link(f"metal:{element}@CHN", buyer, f"metal:{element}")
                    start.flows[link] = need
                    metals[element, "CHN"] += need
                    made[buyer] += need
                elif any(name == element for _, name in supply):
                    _oxides(start, buyer, element, need, supply)
                    made[buyer] += need
    _to_industries(start, made)


def _oxides(
    start: Start,
    buyer: str,
    element: str,
    need: float,
    supply: Mapping[tuple[str, str], float],
) -> None:
    """Oxide to one buyer: China sells to all, others outside China, recyclers at home."""
    country = country_of(buyer)
    known = {plant: made for (plant, name), made in supply.items() if name == element}
    home = {p: made for p, made in known.items() if country_of(p) == country}
    china = {p: m for p, m in known.items() if country_of(p) == "CHN" and kind_of(p) != "recycling"}
    others = {
        p: m
        for p, m in known.items()
        if country_of(p) not in {country, "CHN"} and kind_of(p) != "recycling"
    }
    if country == "CHN":
        weights = home
    else:
        part = start.figures.middle("prior/precedent/chinese_share")
        weights = {plant: part * share for plant, share in shares(china).items()}
        rest = shares({**others, **home})
        weights |= {plant: (1.0 - part) * share for plant, share in rest.items()}
    for plant, share in shares(weights).items():
        start.flows[Link(plant, buyer, f"oxide:{element}")] = need * share
