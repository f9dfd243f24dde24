"""Soft rows of what magnets, oxides and metals are used for."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from xenotime.networks.chain.nodes import element_of, places
from xenotime.networks.chain.start_magnets import industry_needs
from xenotime.networks.chain.start_materials import use_elements

if TYPE_CHECKING:
    from xenotime.networks.chain.row import Collector

__all__ = ["add_use_rows"]

_VEHICLES = (
    "light_vehicles_combustion",
    "light_vehicles_hybrid",
    "light_vehicles_battery",
)


def add_use_rows(rows: Collector) -> None:
    """Add what is known or assumed of uses; most of it is assumed."""
    _cited_magnet_uses(rows)
    _assumed_magnet_uses(rows)
    _american_uses(rows)
    _chinese_uses(rows)
    _elements(rows)


def _cited_magnet_uses(rows: Collector) -> None:
    content = rows.figures.prior("prior/recipe/NdFeB-heavy/all")
    finished = rows.figures.prior("prior/blank_to_finished_iea")
    for name, body, terms, relative, remark in (
        (
            "magnets in wind turbines of the world",
            "magnet_element_demand/WLD/wind/magnet_elements/2024",
            rows.links(form="component", user_name="wind"),
            0.40,
            "40 % instead of 5 %: installed capacity gives half of it",
        ),
        (
            "magnets in traction motors of battery vehicles",
            "magnet_element_demand/WLD/light_vehicles_battery/magnet_elements/2024",
            rows.links(product="component:traction_motor", user_name="light_vehicles_battery"),
            0.40,
            "40 % instead of 5 %: whether other motors of the vehicle count is not stated",
        ),
    ):
        rows.level(
            name,
            body,
            terms,
            "t magnet",
            factor=finished.mid / content.mid,
            factor_sources=(content.id, finished.id),
            relative=relative,
            remark=remark,
        )
    rows.level(
        "magnets in US weapons",
        "use_tonnage/USA/NdFeB/US_weapons/2012",
        rows.links(form="magnet", target="USA", user_name="defence"),
        "t magnet",
        relative=0.60,
        remark="60 % instead of 15 %: assessment of 2012",
    )


def _assumed_magnet_uses(rows: Collector) -> None:
    """World use by industry and component, and of vehicles abroad and in China."""
    world: dict[tuple[str, str], float] = defaultdict(float)
    for (product, industry, _), tonnes in industry_needs(rows.start.drivers).items():
        world[product, industry] += tonnes
    cited = {
        ("component:wind_generator", "wind"),
        ("component:traction_motor", "light_vehicles_battery"),
    }
    for (product, industry), tonnes in sorted(world.items()):
        name = element_of(product)
        prior = f"prior/magnet_use/{industry}/{name}"
        if industry.startswith("light_vehicles_"):
            prior = f"prior/vehicle_magnets/{industry.removeprefix('light_vehicles_')}/{name}"
        elif industry == "robots":
            prior = "prior/robot_magnets"
        if (product, industry) in cited:
            continue
        figure = rows.figures.prior(prior)
        rows.given(
            f"{name} in {industry}",
            figure,
            rows.links(product=product, user_name=industry),
            "t magnet",
            value=tonnes,
            relative=0.40,
            remark="world use by industry has no source",
        )
    for where, own in (("outside China", False), ("in China", True)):
        prior = "prior/use_share/light_vehicles/" + ("CHN" if own else "outside_china")
        chosen = rows.frame.mask(form="component")
        inside = rows.frame.mask(origin="CHN")
        chosen &= inside if own else ~inside
        rows.share(
            f"light vehicles in components made {where}",
            rows.figures.prior(prior),
            rows.frame.pick(chosen & rows.frame.mask(user_name=_VEHICLES)),
            rows.frame.pick(chosen),
            "t magnet",
            sigma_share=0.09,
            remark="80 % of the prior lies within 10 points",
        )


def _american_uses(rows: Collector) -> None:
    """Add uses of rare earths in the United States, as USGS gave them for 2018."""
    parts = {
        "catalysts": ("fcc_catalyst", "auto_catalyst"),
        "ceramics_and_glass": ("glass_additive", "ceramic"),
        "metallurgical_and_alloys": ("metallurgical_alloy", "battery_alloy"),
        "polishing": ("polishing_powder",),
    }
    whole = rows.links(user="material", target="USA")
    for name, materials in parts.items():
        rows.share(
            f"{name} in other uses USA",
            rows.figures.claim(f"use_share/USA/REE_total/{name}/2018"),
            rows.links(user="material", target="USA", user_name=materials),
            whole,
            "t",
            sigma_share=0.10,
            remark="10 points: of 2018, and of all uses",
            scale=0.01,
        )


def _chinese_uses(rows: Collector) -> None:
    """Add uses of rare earths in China in 2015, and of the world in 2020."""
    everything = rows.links(form="oxide", target="CHN", user=("metal", "material"))
    for name, materials in (
        ("abrasives", ("polishing_powder",)),
        ("catalysts", ("fcc_catalyst", "auto_catalyst")),
    ):
        rows.share(
            f"{name} in uses CHN",
            rows.figures.claim(f"use_share/CHN/REO/{name}/2015"),
            rows.links(user="material", target="CHN", user_name=materials),
            everything,
            "t oxide",
            sigma_share=0.12,
            remark="12 points: of 2015, before magnets grew",
            scale=0.01,
        )
    rows.share(
        "catalysts in uses of the world",
        rows.figures.claim("use_share/WLD/REO/catalysts/2020"),
        rows.links(user="material", user_name=("fcc_catalyst", "auto_catalyst")),
        rows.links(form="oxide", user=("metal", "material")),
        "t oxide",
        sigma_share=0.07,
        remark="7 points: of 2020",
        scale=0.01,
    )


def _elements(rows: Collector) -> None:
    """World use of each element in each material; and yttrium, the one with a figure."""
    rows.level(
        "Y used of the world",
        "oxide_consumption/WLD/Y/2016",
        rows.links(form="oxide", name="Y"),
        "t oxide",
        relative=0.40,
        remark="40 % instead of 5 %: printed range 3,000 to 6,000 t, of 2016",
    )
    for product, place in places().items():
        if not place.form:
            continue
        use = element_of(product)
        for element, tonnes in use_elements(rows.figures, use).items():
            figure = rows.figures.prior(f"prior/material_use/{use}/{element}")
            rows.given(
                f"{element} in {use}",
                figure,
                rows.links(user="material", user_name=use, form=place.form, name=element),
                "t oxide" if place.form == "oxide" else "t",
                value=tonnes,
                relative=0.60,
                remark="world use by element is not published",
            )
