"""Claims that spread use over countries: industrial output, purchases of components, GDP.

From the World Input-Output Database (release 2013, year 2011; Timmer, Dietzenbacher, Los,
Stehrer and de Vries, 2015, Review of International Economics 23(3)) and the World Bank's GDP in
current US dollars. Tables may not be redistributed whole, so what is carried is rounded to three
digits, sums members of the EU without a node, and leaves small cells out.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from facts_rows import Claims, read_raw
from facts_sources import Source, month_end

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

YEAR = 2011
"""Last year of the release; later tables may not be carried."""

WIOD = Source(
    url="https://www.rug.nl/ggdc/valuechain/wiod/wiod-2013-release",
    title="World Input-Output Database, release 2013 (Timmer et al. 2015, RIE 23(3): 575-605)",
    vintage="wiod2013",
    first_known=month_end(2013, 12),
    licence="derived-figure",
    exact=False,
)

SECTORS: dict[str, str] = {
    "c8": "refining",
    "c9": "chemicals",
    "c11": "mineral_products",
    "c12": "metals",
    "c13": "machinery",
    "c14": "electrical_optical",
    "c15": "transport_equipment",
    "c17": "electricity",
    "c33": "health",
}
"""Sectors that use rare earths or what holds them: WIOD code -> part of an id."""

COMPONENT_PAIRS: tuple[tuple[str, str], ...] = (
    ("c14", "c15"),
    ("c14", "c13"),
    ("c14", "c14"),
    ("c13", "c15"),
    ("c13", "c13"),
    ("c13", "c14"),
)
"""(seller, buyer): motors, drives and electronics, and what they are built into."""

LEAST_SHARE = 0.01
"""A supplier below this share of a user's purchases is left out."""

REST = "RoW"
RENAMED = {"ROM": "ROU"}  # the code of Romania until 2002
NAMED = (
    *("AUS", "BRA", "CAN", "CHN", "DEU", "EST", "FRA", "GBR", "IDN", "IND", "JPN", "KOR"),
    *("MEX", "RUS", "TUR", "TWN", "USA"),
)
"""Regions of the table that keep their name in component trade; other members of the EU are REU."""

OUTSIDE_WIOD = ("VNM", "MYS", "THA", "LAO", "MMR", "KAZ", "UZB", "MNG", "ZAF", "NGA", "MDG")
"""Countries with a node that the table holds in its rest of the world."""

GDP_EDITION = "worldbank2024"  # the file ends with 2023
GDP_TITLE = "World Bank, World Development Indicators, GDP (current US$), NY.GDP.MKTP.CD"
GDP_URL = "https://data.worldbank.org/indicator/NY.GDP.MKTP.CD"
GDP_YEARS = (YEAR, 2023)


class Table(NamedTuple):
    """An input-output table: flows between industries, output, labels (region-major)."""

    flows: np.ndarray
    output: np.ndarray
    regions: list[str]
    sectors: list[str]


def rounded(value: float) -> float:
    """Three significant digits.

    Examples
    --------
    >>> rounded(123456.0), rounded(9.876)
    (123000.0, 9.88)
    """
    return float(f"{value:.3g}")


def add_industry(claims: Claims, raw: Path) -> None:
    """Add output by sector, component trade and GDP."""
    table = read_table(raw / "economy" / "wiod2013" / f"wiot_{YEAR}.npz")
    add_output(claims, table)
    add_component_trade(claims, table)
    add_gdp(claims, raw, table)


def read_table(path: Path) -> Table:
    """Read the arrays of one year; nothing in the file is executed."""
    with np.load(path, allow_pickle=False) as arrays:
        return Table(
            arrays["Z"].astype(float),
            arrays["x"],
            [RENAMED.get(str(name), str(name)) for name in arrays["countries"]],
            [str(name) for name in arrays["industries"]],
        )


def region_code(name: str) -> str:
    """ISO3 code, or ROW for the table's own rest of the world."""
    return "ROW" if name == REST else name


def add_output(claims: Claims, table: Table) -> None:
    """Gross output of the sectors of interest in every region; below USD 1 m left out."""
    output = table.output.reshape(len(table.regions), len(table.sectors))
    for row, region in enumerate(table.regions):
        for code, sector in SECTORS.items():
            value = float(output[row, table.sectors.index(code)])
            if value < 1.0:
                continue
            claims.add(
                f"industry_output/{region_code(region)}/{sector}/{YEAR}",
                country=region_code(region),
                stage="industry",
                period=str(YEAR),
                unit="USD m",
                mid=rounded(value),
                grade="C",
                kind="derived",
                source=WIOD,
                note=f"gross output of WIOD sector {code}; rest of the world is that of WIOD"
                if region == REST
                else f"gross output of WIOD sector {code}",
                formula="output of the table, rounded to 3 digits",
            )


def node_flows(table: Table, seller: str, buyer: str) -> dict[tuple[str, str], float]:
    """Purchases of one sector from another, by (origin, user), members of the EU summed."""
    count = len(table.sectors)
    names = [
        region_code(name) if name in NAMED or name == REST else "REU" for name in table.regions
    ]
    rows = np.arange(len(table.regions)) * count
    block = table.flows[
        np.ix_(rows + table.sectors.index(seller), rows + table.sectors.index(buyer))
    ]
    flows: dict[tuple[str, str], float] = {}
    for origin, line in zip(names, block, strict=True):
        for user, value in zip(names, line, strict=True):
            flows[origin, user] = flows.get((origin, user), 0.0) + float(value)
    return flows


def suppliers_that_matter(
    flows: Mapping[tuple[str, str], float], least_share: float = LEAST_SHARE
) -> dict[tuple[str, str], float]:
    """Flows of at least a share of what their user buys, and of USD 1 m.

    Examples
    --------
    >>> suppliers_that_matter({("CHN", "MEX"): 60.0, ("USA", "MEX"): 940.0, ("EST", "MEX"): 0.4})
    {('CHN', 'MEX'): 60.0, ('USA', 'MEX'): 940.0}
    """
    bought: dict[str, float] = {}
    for (_, user), value in flows.items():
        bought[user] = bought.get(user, 0.0) + value
    return {
        key: value
        for key, value in flows.items()
        if value >= 1.0 and value >= least_share * bought[key[1]]
    }


def add_component_trade(claims: Claims, table: Table) -> None:
    """Add what makers of machinery, electrical goods and vehicles buy from the first two."""
    for seller, buyer in COMPONENT_PAIRS:
        kept = suppliers_that_matter(node_flows(table, seller, buyer))
        pair = f"{SECTORS[seller]}-{SECTORS[buyer]}"
        for (origin, user), value in kept.items():
            claims.add(
                f"component_trade/{origin}/{user}/{pair}/{YEAR}",
                country=origin,
                partner=user,
                stage="component",
                period=str(YEAR),
                unit="USD m",
                mid=rounded(value),
                grade="C",
                kind="derived",
                source=WIOD,
                note="intermediate flow; all goods of the sector, not motors alone; suppliers"
                " below 1 % of the user's purchases left out",
                formula=f"sum of flows {seller} to {buyer} of the table, rounded to 3 digits",
            )


def add_gdp(claims: Claims, raw: Path, table: Table) -> None:
    """GDP of every node, and of the parts and remainder of the table's rest of the world."""
    gdp = {
        (row["iso3"], int(row["year"])): float(row["gdp_usd_current"]) / 1e6
        for row in read_raw(raw / "reference" / "worldbank_gdp_current_usd.csv")
        if row["gdp_usd_current"].strip()
    }
    # the World Bank gives no figure for Taiwan; its world total leaves Taiwan out, too
    inside = [name for name in table.regions if name not in {REST, "TWN"}]
    members = [name for name in table.regions if name not in {*NAMED, REST}]
    single = sorted({*NAMED, *OUTSIDE_WIOD} - {"TWN"})
    for year in GDP_YEARS:
        for country in (*single, "WLD"):
            if (country, year) in gdp:
                _gdp(claims, country, "", year, gdp[country, year], "as published, rounded")
        _gdp(
            claims,
            "REU",
            "",
            year,
            _total(gdp, ("EUU",), year) - _total(gdp, ("DEU", "FRA", "EST"), year),
            "European Union less Germany, France and Estonia, as published",
        )
        _gdp(
            claims,
            "ROW",
            "wiod_rest",
            year,
            _total(gdp, ("WLD",), year) - _total(gdp, inside, year),
            f"world less the {len(inside)} countries of WIOD ({len(members)} of them EU members"
            " without a node); Taiwan is in neither",
        )


def _total(gdp: Mapping[tuple[str, int], float], names: Iterable[str], year: int) -> float:
    return sum(gdp[name, year] for name in names)


def _gdp(claims: Claims, country: str, part: str, year: int, value: float, formula: str) -> None:
    # known by the end of the next year at the latest; revised since
    known = date(year + 1, 12, 31)
    claims.add(
        "/".join(name for name in ("gdp", country, part, str(year)) if name),
        country=country,
        period=str(year),
        unit="USD m",
        mid=rounded(value),
        grade="A" if country not in {"REU", "ROW"} else "B",
        kind="derived",
        source=Source(GDP_URL, GDP_TITLE, GDP_EDITION, known, "cc-by-4.0", exact=False),
        note="GDP in current US dollars; as revised by 2024"
        + ("; WIOD's rest of the world" if part else ""),
        formula=formula,
    )
