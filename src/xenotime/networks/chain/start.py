"""Where the fit starts: a flow for each candidate link from drivers, shares and known totals."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeVar

from xenotime.networks.chain.chemistry import basket, element_per_oxide
from xenotime.networks.chain.nodes import (
    MAKERS,
    NO_INDUSTRY,
    SALES,
    USERS,
    country_of,
    element_of,
    kind_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xenotime.networks.chain.figures import Figures
    from xenotime.networks.chain.nodes import Candidates, Link, Ore

Key = TypeVar("Key")

__all__ = ["MINE_CLAIMS", "Start", "recovery_of", "starting_flows"]

# USGS rows that add up to one ore; the base year is 2024
MINE_CLAIMS: dict[str, tuple[str, ...]] = {
    "bastnaesite_USA": ("USA",),
    "monazite_AUS": ("AUS",),
    "monazite_IND": ("IND",),
    "ion_clay_MMR": ("MMR",),
    "monazite_ROW": ("MDG", "NGA", "THA", "BRA", "ROW"),
    "loparite_ROW": ("RUS",),
}

EXPORT_CLAIMS = ("USA", "DEU", "KOR", "VNM", "JPN", "IND")


class Start:
    """Flows (t/y) that the figures of one member suggest before any balance is asked for.

    Attributes
    ----------
    flows
        Link -> t/y, positive.
    deposits
        (ore name, deposit) -> t REO/y.
    use
        User country -> t of finished magnets a year.
    """

    def __init__(self, candidates: Candidates, figures: Figures) -> None:
        self.figures = figures
        self.candidates = candidates
        self.flows: dict[Link, float] = {}
        self.deposits: dict[tuple[str, str], float] = {}
        self.use: dict[str, float] = {}


def starting_flows(candidates: Candidates, figures: Figures) -> Start:
    """Start of the fit: mines forward to oxides, users backward to metals.

    Nothing here balances; a link only gets the size that its drivers suggest, which sets
    how far the reconciliation may pull it.

    Parameters
    ----------
    candidates
        Links that may exist.
    figures
        Claims and priors of one member.
    """
    start = Start(candidates, figures)
    with figures.noting("driver"):
        ore_supply = _mines(start)
        _magnets(start)
        needs = _metals(start)
        _oxides(start, needs, ore_supply)
    return start


def _mines(start: Start) -> dict[str, dict[str, float]]:
    """Ore flows; returns oxide by separator and element (t/y)."""
    figures = start.figures
    supply: dict[str, dict[str, float]] = defaultdict(dict)
    for ore in start.candidates.ores:
        mined = _mined(ore, figures)
        mixture = _shares(
            {
                deposit: figures.middle(f"prior/basket/{ore.name}/{deposit}")
                if len(ore.deposits) > 1
                else 1.0
                for deposit in ore.deposits
            }
        )
        for deposit, share in mixture.items():
            start.deposits[ore.name, deposit] = mined * share
        routes = [link for link in start.candidates.links if link.product == ore.product]
        split = _shares(
            {
                link: figures.middle(f"prior/ore_route/{ore.name}/{country_of(link.buyer)}")
                if len(ore.separators) > 1
                else 1.0
                for link in routes
            }
        )
        for link, share in split.items():
            start.flows[link] = mined * share
            for element in ("Nd", "Pr", "Dy", "Tb", "Sm", "light_rest"):
                content = sum(mixture[d] * basket(d)[element] for d in ore.deposits)
                made = recovery_of(ore.name, element, figures) * content
                supply[link.buyer][element] = made * mined * share
    return supply


def recovery_of(ore: str, element: str, figures: Figures) -> float:
    """Oxide separated per oxide in the ore; less for the heavy residue of light ores."""
    recovery = figures.middle("prior/separation_recovery/WLD")
    if element in {"Dy", "Tb"} and not ore.startswith("ion_clay"):
        recovery *= figures.middle("prior/heavy_recovery/light_ores")
    return recovery


def _mined(ore: Ore, figures: Figures) -> float:
    total = figures.claim("mine_production/CHN/2024") if ore.country == "CHN" else None
    if total is not None:
        clay = figures.middle("prior/ion_clay_share/CHN")
        return total.mid * (clay if ore.name == "ion_clay_CHN" else 1.0 - clay)
    parts = [
        figures.claim(f"mine_production/{code}/2024") for code in MINE_CLAIMS.get(ore.name, ())
    ]
    known = [part.mid for part in parts if part is not None]
    if known and len(known) == len(parts):
        return sum(known)
    return figures.middle(f"prior/mine_output/{ore.name}")


def _magnets(start: Start) -> None:
    """Magnet flows: makers to countries, then to industries and grades."""
    figures = start.figures
    users = [country for country in USERS if _has(start, f"industry:other@{country}")]
    makers = [maker for maker in MAKERS if _has(start, f"magnet:NdFeB-light@{maker}")]
    exports = _chinese_exports(figures, users)
    sold: dict[tuple[str, str, str], float] = {}  # family, maker, user
    for family in ("NdFeB", "SmCo"):
        for maker in makers:
            if family == "SmCo" and "SmCo" not in MAKERS[maker]:
                continue
            output = figures.middle(f"prior/magnet_output/{family}/{maker}")
            targets = [user for user in SALES[maker] if user in users]
            if maker == "CHN":
                abroad = sum(exports.values())
                scale = output / figures.middle("prior/magnet_output/NdFeB/CHN")
                split = {user: exports.get(user, 0.0) * scale for user in targets}
                split["CHN"] = max(output - abroad * scale, 0.2 * output)
            else:
                home = figures.middle(f"prior/domestic_sales/{maker}")
                weights = _shares({u: exports.get(u, 0.0) for u in targets if u != maker})
                split = {user: output * (1.0 - home) * w for user, w in weights.items()}
                split[maker] = output * home
            for user, tonnes in split.items():
                sold[family, maker, user] = tonnes
    for user in users:
        start.use[user] = sum(tonnes for (_, _, u), tonnes in sold.items() if u == user)
    industries = {user: _industry_shares(start, user) for user in users}
    for link in start.candidates.links:
        if not link.product.startswith("magnet:"):
            continue
        maker, user = country_of(link.supplier), country_of(link.buyer)
        grade, industry = element_of(link.product), element_of(link.buyer)
        shares = industries[user]
        if grade == "SmCo":
            smco: dict[str, float] = {
                i: shares[i]
                * (
                    1.0 - figures.middle("prior/heavy_share_use/defence")
                    if i == "defence"
                    else figures.middle("prior/smco_share_use/other")
                )
                for i in shares
                if i in {"defence", "other"}
            }
            flow = sold["SmCo", maker, user] * _shares(smco)[industry]
        else:
            heavy = _heavy_share(figures, maker, industry)
            part = heavy if grade == "NdFeB-heavy" else 1.0 - heavy
            flow = sold["NdFeB", maker, user] * shares[industry] * part
        start.flows[link] = flow


def _chinese_exports(figures: Figures, users: Iterable[str]) -> dict[str, float]:
    """Chinese exports by destination: cited tonnes, and the rest of the total by prior shares."""
    total = figures.claim("magnet_exports/WLD/2024")
    world = total.mid if total else figures.middle("prior/magnet_exports/WLD")
    known = {
        code: figure.mid
        for code in EXPORT_CLAIMS
        if (figure := figures.claim(f"magnet_exports/{code}/2024")) is not None
    }
    union = figures.claim("imports/EUU/CHN/magnet/2024") if "DEU" in known else None
    if union is not None:
        known["REU"] = max(union.mid - known["DEU"], 0.1 * union.mid)
    open_users = [user for user in users if user not in known and user != "CHN"]
    left = max(world - sum(known.values()), 0.05 * world)
    rest = _shares(
        {user: figures.middle(f"prior/magnet_export_share/{user}") for user in open_users}
    )
    return {user: tonnes for user, tonnes in known.items() if user in set(users)} | {
        user: left * share for user, share in rest.items()
    }


def _industry_shares(start: Start, user: str) -> dict[str, float]:
    """Shares of light vehicles, wind, defence and other in the magnets used in a country."""
    figures, use = start.figures, start.use
    shares: dict[str, float] = {}
    own = f"prior/use_share/light_vehicles/{user}"
    if figures.has_prior(own):
        shares["light_vehicles"] = figures.middle(own)
    else:
        base = figures.middle("prior/use_share/light_vehicles/outside_china")
        # more cars per tonne of magnets than the average of the countries with car figures
        vehicles = {country: _vehicles(figures, country) for country in use if country != "CHN"}
        listed = [c for c in vehicles if vehicles[c] > 0.0]
        if vehicles[user] > 0.0:
            average = sum(vehicles[c] for c in listed) / sum(use[c] for c in listed)
            tilt = vehicles[user] / use[user] / average
        else:
            tilt = 1.0
        shares["light_vehicles"] = base * min(max(tilt, 0.8), 1.4)
    if ("wind", user) not in NO_INDUSTRY:
        shares["wind"] = min(_wind_world(figures) * _wind_share(figures, user) / use[user], 0.35)
    if ("defence", user) not in NO_INDUSTRY:
        arms = figures.claim("use_tonnage/USA/NdFeB/US_weapons/2012") if user == "USA" else None
        shares["defence"] = (
            arms.mid / use[user] if arms else figures.middle("prior/use_share/defence")
        )
    shares["other"] = max(1.0 - sum(shares.values()), 0.2)
    return _shares(shares)


def _vehicles(figures: Figures, country: str) -> float:
    codes = {"REU": ("ESP",), "ROW": ("MEX", "BRA", "THA")}.get(country, (country,))
    found = [figures.claim(f"vehicle_output/{code}/2021") for code in codes]
    return sum(figure.mid for figure in found if figure is not None)


def _wind_world(figures: Figures) -> float:
    """Finished magnets in wind turbines a year (t), from the IEA's contained tonnage."""
    element = figures.claim("magnet_element_demand/WLD/wind/magnet_elements/2024")
    tonnes = element.mid if element else figures.middle("prior/wind_elements/WLD")
    content = figures.middle("prior/recipe/NdFeB-heavy/all")
    return tonnes / content * figures.middle("prior/blank_to_finished_iea")


def _wind_share(figures: Figures, country: str) -> float:
    codes = {"ROW": ("BRA",)}.get(country, (country,))
    found = [figures.claim(f"wind_capacity_added/{code}/2023") for code in codes]
    capacity = sum(figure.mid for figure in found if figure is not None)
    rest = f"prior/wind_capacity/{country}"
    capacity += figures.middle(rest) if figures.has_prior(rest) else 0.0
    world = figures.claim("wind_capacity_added/WLD/2023")
    return capacity / (world.mid if world else figures.middle("prior/wind_capacity/WLD"))


def _heavy_share(figures: Figures, maker: str, industry: str) -> float:
    """Heavy grade in NdFeB of a maker sold to an industry: odds of the two multiplied."""
    if industry == "defence":
        return 1.0
    use = figures.middle(f"prior/heavy_share_use/{industry}")
    make = figures.middle(f"prior/heavy_share/{maker}")
    china = figures.middle("prior/heavy_share/CHN")
    odds = use / (1.0 - use) * (make / (1.0 - make)) / (china / (1.0 - china))
    return odds / (1.0 + odds)


def _metals(start: Start) -> dict[tuple[str, str], float]:
    """Metal flows back from magnets; returns metal needed by (element, maker country)."""
    figures = start.figures
    made: dict[str, float] = defaultdict(float)
    for link, flow in start.flows.items():
        if link.product.startswith("magnet:"):
            made[link.supplier] += flow
    loss = figures.middle("prior/yield/magnet")
    output: dict[tuple[str, str], float] = defaultdict(float)
    groups: dict[tuple[str, str], list[Link]] = defaultdict(list)
    for link in start.candidates.links:
        if link.product.startswith("metal:"):
            groups[link.buyer, element_of(link.product)].append(link)
    for (buyer, element), links in groups.items():
        grade = element_of(buyer)
        need = made[buyer] * figures.middle(f"prior/recipe/{grade}/{element}") / loss
        weights = _shares(
            {
                link: figures.middle(
                    f"prior/metal_source/{country_of(buyer)}/{country_of(link.supplier)}"
                )
                for link in links
            }
        )
        for link, share in weights.items():
            start.flows[link] = need * share
            output[element, country_of(link.supplier)] += need * share
    return output


def _oxides(
    start: Start,
    needs: dict[tuple[str, str], float],
    supply: dict[str, dict[str, float]],
) -> None:
    figures = start.figures
    metal_yield = figures.middle("prior/yield/metal")
    groups: dict[tuple[str, str], list[Link]] = defaultdict(list)
    for link in start.candidates.links:
        if link.product.startswith("oxide:"):
            groups[link.buyer, element_of(link.product)].append(link)
    for (buyer, element), links in groups.items():
        country = country_of(buyer)
        if kind_of(buyer) == "metal":
            need = needs[element, country] / element_per_oxide(element) / metal_yield
            table = "prior/oxide_source"
        else:
            need = figures.middle(f"prior/oxide_use/{element}/{country}")
            table = "prior/user_source"
        by_country: dict[str, list[Link]] = defaultdict(list)
        for link in links:
            by_country[country_of(link.supplier)].append(link)
        sources = _shares(
            {source: figures.middle(f"{table}/{country}/{source}") for source in by_country}
        )
        for source, share in sources.items():
            plants = _shares({link: supply[link.supplier][element] for link in by_country[source]})
            for link, part in plants.items():
                start.flows[link] = need * share * part


def _has(start: Start, producer: str) -> bool:
    return producer in set(start.candidates.producers)


def _shares(weights: dict[Key, float]) -> dict[Key, float]:
    total = sum(weights.values())
    return {key: weight / total for key, weight in weights.items()}
