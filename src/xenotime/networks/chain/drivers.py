"""What spreads a world total over countries: output, vehicles, wind, robots, national product."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from xenotime.facts.taxonomy import EU_NODES, NETWORK_COUNTRIES, region_of
from xenotime.networks.chain.nodes import no_industry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xenotime.networks.chain.figures import Figures

__all__ = ["EU_REST", "SECTORS", "TABLE", "VEHICLE_KINDS", "WIOD_REST", "Drivers", "shares"]

SECTORS: tuple[str, ...] = (
    *("refining", "chemicals", "mineral_products", "metals", "machinery"),
    *("electrical_optical", "transport_equipment", "electricity", "health"),
)
"""Sectors of the input-output table whose output spreads uses over countries."""

# Countries inside the "rest" of the input-output table: they share it by national product
WIOD_REST: tuple[str, ...] = (
    *("VNM", "MYS", "THA", "LAO", "MMR", "KAZ", "UZB", "MNG", "ZAF", "NGA", "MDG"),
)
# Members of the EU that component trade and national products have in one sum
EU_REST: tuple[str, ...] = tuple(sorted(EU_NODES - {"DEU", "FRA", "EST"}))
TABLE: tuple[str, ...] = (
    *("AUS", "AUT", "BEL", "BGR", "BRA", "CAN", "CHN", "CYP", "CZE", "DEU", "DNK", "ESP", "EST"),
    *("FIN", "FRA", "GBR", "GRC", "HUN", "IDN", "IND", "IRL", "ITA", "JPN", "KOR", "LTU", "LUX"),
    *("LVA", "MEX", "MLT", "NLD", "POL", "PRT", "ROU", "RUS", "SVK", "SVN", "SWE", "TUR", "TWN"),
    "USA",
)
_TRADERS = (
    *("AUS", "BRA", "CAN", "CHN", "DEU", "EST", "FRA", "GBR", "IDN", "IND", "JPN", "KOR"),
    *("MEX", "RUS", "TUR", "TWN", "USA", "REU", "ROW"),
)
VEHICLE_KINDS = ("combustion", "hybrid", "battery")
# Where prior shares of a driver leave a remainder, this sector spreads it
_REMAINDER = {
    "aircraft": "transport_equipment",
    "arms": "gdp",
    "chips": "electrical_optical",
    "disks": "electrical_optical",
}
_ABSENT = {
    "vehicles": "light_vehicles_combustion",
    "vehicles_combustion": "light_vehicles_combustion",
    "vehicles_hybrid": "light_vehicles_hybrid",
    "vehicles_battery": "light_vehicles_battery",
    "aircraft": "aerospace",
    "arms": "defence",
    "chips": "semiconductors",
    "disks": "data_storage",
    "robots": "robots",
}


def shares(weights: Mapping[str, float]) -> dict[str, float]:
    """Scale weights so that they sum to 1."""
    total = sum(weights.values())
    return {key: weight / total for key, weight in weights.items()}


class Drivers:
    """Shares of countries in the drivers of one member, each computed once.

    Parameters
    ----------
    figures
        Claims and priors of the member.

    Examples
    --------
    >>> from xenotime.networks.chain.figures import Figures
    >>> electrical = Drivers(Figures()).share("electrical_optical")
    >>> electrical["CHN"] > electrical["USA"] > electrical["EST"]
    True
    """

    def __init__(self, figures: Figures) -> None:
        self.figures = figures
        self._known: dict[str, dict[str, float]] = {}
        self._growth: dict[str, float] = {}
        self._parts: dict[str, dict[str, float]] = {}
        self.trade_tables: dict[str, dict[tuple[str, str], float]] = {}

    def share(self, name: str) -> dict[str, float]:
        """Share of each country in a driver; countries that do not take part are absent."""
        if name not in self._known:
            absent = _ABSENT.get(name)
            amounts = {
                country: amount
                for country, amount in self._amounts(name).items()
                if amount > 0.0 and (absent, country) not in no_industry()
            }
            self._known[name] = shares(amounts)
        return self._known[name]

    def _amounts(self, name: str) -> dict[str, float]:
        if name in SECTORS:
            return self._output(name)
        if name == "gdp":
            return self._gdp()
        if name == "vehicles":
            return self.vehicles()
        if name.startswith("vehicles_"):
            return self.vehicles(name.partition("_")[2])
        if name == "wind":
            return self._wind()
        if name == "robots":
            return self._robots()
        return self._listed(name)

    def _value(self, body: str) -> float | None:
        figure = self.figures.claim(body)
        return None if figure is None else figure.mid

    def growth(self, code: str) -> float:
        """National product of 2023 over that of 2011, in current dollars; 1 where unknown."""
        if code not in self._growth:
            name = "ROW/wiod_rest" if code == "ROW" else "REU" if code in EU_REST else code
            name = "WLD" if code == "TWN" else name  # the World Bank has no figure
            old, new = self._value(f"gdp/{name}/2011"), self._value(f"gdp/{name}/2023")
            self._growth[code] = new / old if old and new else 1.0
        return self._growth[code]

    def part_of(self, group: str) -> dict[str, float]:
        """Shares of countries in a sum: ``ROW`` by national product, ``REU`` by output."""
        if group not in self._parts:
            output = self.share("electrical_optical") if group == "REU" else {}
            self._parts[group] = (
                shares({country: output[country] for country in EU_REST})
                if group == "REU"
                else self.rest_shares()
            )
        return self._parts[group]

    def rest_shares(self) -> dict[str, float]:
        """Shares of the countries in the "rest" of the table, by national product."""
        whole = self._value("gdp/ROW/wiod_rest/2011")
        if not whole:
            return {"ROW": 1.0}
        parts = {
            country: value / whole
            for country in WIOD_REST
            if (value := self._value(f"gdp/{country}/2011"))
        }
        return parts | {"ROW": max(1.0 - sum(parts.values()), 0.0)}

    def component_trade(self, sector: str) -> dict[tuple[str, str], float]:
        """Electrical goods sold to a sector, USD m of 2011, by nodes of seller and user."""
        amounts: dict[tuple[str, str], float] = defaultdict(float)
        for seller in _TRADERS:
            for user in _TRADERS:
                body = f"component_trade/{seller}/{user}/electrical_optical-{sector}/2011"
                value = self._value(body)
                if value:
                    amounts[seller, user] += value
        return amounts

    def _output(self, sector: str) -> dict[str, float]:
        """Output of 2011 carried forward with the national product (USD m a year)."""
        amounts: dict[str, float] = defaultdict(float)
        for code in TABLE:
            value = self._value(f"industry_output/{code}/{sector}/2011")
            if value:
                node = region_of(code)
                amounts[node] += value * self.growth(node)
        rest = self._value(f"industry_output/ROW/{sector}/2011") or 0.0
        for country, share in self.rest_shares().items():
            amounts[country] += rest * share * self.growth(country)
        return amounts

    def _gdp(self) -> dict[str, float]:
        """National product of 2023 (USD m); output splits the sum of some members of the EU."""
        amounts = {
            country: value
            for country in NETWORK_COUNTRIES
            if country not in {"ROW", "REU"} and (value := self._value(f"gdp/{country}/2023"))
        }
        union, world = self._value("gdp/REU/2023"), self._value("gdp/WLD/2023")
        if union is None or world is None:
            return self._output("electricity")
        amounts |= {c: union * share for c, share in self.part_of("REU").items()}
        left = max(world - sum(amounts.values()), 0.0)
        electrical = self.share("electrical_optical")
        rest = shares({c: s for c, s in electrical.items() if c not in amounts})
        return amounts | {country: left * share for country, share in rest.items()}

    def vehicles(self, kind: str = "") -> dict[str, float]:
        """Vehicles made a year by country (million), of one kind or all."""
        known = {
            country: value
            for country in NETWORK_COUNTRIES
            if (value := self._value(f"vehicle_output/{country}/2021"))
        }
        left = max(self.figures.middle("prior/vehicle_output/WLD") - sum(known.values()), 1.0)
        makers = {
            country: share
            for country, share in self.share("transport_equipment").items()
            if country not in known and ("light_vehicles_combustion", country) not in no_industry()
        }
        known |= {country: left * share for country, share in shares(makers).items()}
        if not kind:
            return known
        return {country: n * self.vehicle_shares(country)[kind] for country, n in known.items()}

    def vehicle_shares(self, country: str) -> dict[str, float]:
        """Shares of combustion, hybrid and battery vehicles in those that a country makes."""
        part = {
            kind: 0.0
            if (f"light_vehicles_{kind}", country) in no_industry()
            else self._own_or_default(f"prior/vehicle_share/{kind}", country)
            for kind in ("hybrid", "battery")
        }
        return part | {"combustion": max(1.0 - sum(part.values()), 0.05)}

    def _own_or_default(self, table: str, country: str) -> float:
        """Prior of a country, else of the rest of the EU for a member, else the default."""
        names = [country, *(["REU"] if country in EU_REST else []), "default"]
        found = next(n for n in names if self.figures.has_prior(f"{table}/{n}"))
        return self.figures.middle(f"{table}/{found}")

    def _wind(self) -> dict[str, float]:
        """Wind capacity added in 2023 (GW)."""
        amounts: dict[str, float] = {}
        for country in NETWORK_COUNTRIES:
            value = self._value(f"wind_capacity_added/{country}/2023")
            prior = f"prior/wind_capacity/{country}"
            if value is None and self.figures.has_prior(prior):
                value = self.figures.middle(prior)
            if value:
                amounts[country] = value
        return amounts

    def robots(self) -> float:
        """Robots installed in the world in 2023 (pieces)."""
        return self._value("robot_installations/WLD/2023") or 0.0

    def _robots(self) -> dict[str, float]:
        known = {
            country: value
            for country in NETWORK_COUNTRIES
            if (value := self._value(f"robot_installations/{country}/2023"))
        }
        left = max(self.robots() - sum(known.values()), 0.0)
        others = {c: s for c, s in self.share("machinery").items() if c not in known}
        return known | {c: left * s for c, s in shares(others).items()}

    def _listed(self, name: str) -> dict[str, float]:
        """Prior shares of the leading countries; a sector spreads what they leave."""
        listed = {
            country: self.figures.middle(prior)
            for country in NETWORK_COUNTRIES
            if self.figures.has_prior(prior := f"prior/driver/{name}/{country}")
        }
        left = max(1.0 - sum(listed.values()), 0.0)
        others = {
            country: share
            for country, share in self.share(_REMAINDER[name]).items()
            if country not in listed and (_ABSENT[name], country) not in no_industry()
        }
        return listed | {country: left * share for country, share in shares(others).items()}
