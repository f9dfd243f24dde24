"""Content of every embedded table, as bytes."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from facts_chain import (
    add_compositions,
    add_end_uses,
    add_facilities,
    add_intensities,
    add_magnet_capacity,
    add_shares,
    add_stocks,
)
from facts_codes import trade_code_rows
from facts_history import add_licences, add_scope, conflict_rows, stoppage_rows
from facts_industry import add_industry
from facts_minerals import add_minerals
from facts_mining import add_mine_output, add_ore_baskets, add_oxide_prices, add_quotas
from facts_numbers import (
    add_assessment,
    add_funding,
    add_macro,
    add_price_quotes,
    add_prices_paid,
    add_substitution,
    add_tariff_rate,
)
from facts_pages import licence_lines, reference_lines, with_block
from facts_policy import control_rows, measure_rows
from facts_priors import add_primary_oxide, add_priors, add_scrap
from facts_registers import (
    critical_mineral_rows,
    entity_rows,
    negotiation_rows,
    scope_rows,
    tariff_rows,
)
from facts_rows import Claims, Record, read_map, read_raw
from facts_trade import (
    add_dependence,
    add_export_baselines,
    add_exports,
    add_hs2846,
    add_yttrium_before,
)
from facts_usgs import add_import_sources, add_salient
from facts_ustrade import add_history, add_hts10, add_us_trade
from xenotime.facts.claims import COLUMNS, FILE_COLUMNS
from xenotime.facts.measures import MEASURE_COLUMNS
from xenotime.facts.records import CONFLICT_COLUMNS, CONTROL_COLUMNS, STOPPAGE_COLUMNS
from xenotime.facts.registers import REGISTERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

FULL_NAMES = {"UK": "United Kingdom", "US": "United States"}

REGISTER_ROWS: dict[str, Callable[[Path], list[Record]]] = {
    "trade_codes": trade_code_rows,
    "critical_minerals": critical_mineral_rows,
    "listed_entities": entity_rows,
    "tariff_lines": tariff_rows,
    "negotiations": negotiation_rows,
    "scope_rules": scope_rows,
}

EU27 = frozenset(
    {
        *("AUT", "BEL", "BGR", "HRV", "CYP", "CZE", "DNK", "EST", "FIN"),
        *("FRA", "DEU", "GRC", "HUN", "IRL", "ITA", "LVA", "LTU", "LUX"),
        *("MLT", "NLD", "POL", "PRT", "ROU", "SVK", "SVN", "ESP", "SWE"),
    }
)


@lru_cache(maxsize=1)
def claim_rows(raw: Path) -> list[Record]:
    """All claims, sorted by id."""
    claims = Claims()
    add_mine_output(claims, raw)
    add_ore_baskets(claims, raw)
    add_quotas(claims, raw)
    add_oxide_prices(claims, raw)
    add_minerals(claims, raw)
    add_salient(claims, raw)
    add_import_sources(claims, raw)
    add_exports(claims, raw)
    add_dependence(claims, raw)
    add_export_baselines(claims)
    add_yttrium_before(claims)
    add_hs2846(claims, raw)
    add_scrap(claims, raw)
    add_priors(claims, raw)
    add_primary_oxide(claims)
    add_shares(claims, raw)
    add_magnet_capacity(claims, raw)
    add_end_uses(claims, raw)
    add_intensities(claims, raw)
    add_compositions(claims, raw)
    add_stocks(claims, raw)
    add_facilities(claims, raw)
    add_licences(claims, raw)
    add_scope(claims, raw)
    add_us_trade(claims, raw)
    add_hts10(claims, raw)
    add_history(claims, raw)
    add_price_quotes(claims, raw)
    add_prices_paid(claims, raw)
    add_funding(claims, raw)
    add_substitution(claims, raw)
    add_macro(claims, raw)
    add_assessment(claims, raw)
    add_tariff_rate(claims, raw)
    add_industry(claims, raw)
    if claims.problems:
        raise SystemExit("\n".join(claims.problems))
    return [claims.rows[key] for key in sorted(claims.rows)]


def claim_tables(rows: list[Record]) -> Iterator[tuple[str, bytes]]:
    """Yield one file of claims by subject, and the list of tables with their files."""
    file_of = {row["table"]: row["file"] for row in read_map("tables")}
    counts = Counter(row["quantity"] for row in rows)
    unsaid = sorted(set(counts) - set(file_of))
    if unsaid:
        raise SystemExit(f"tables without a file in maps/tables.csv: {', '.join(unsaid)}")
    files: dict[str, list[Record]] = defaultdict(list)
    for row in rows:
        files[file_of[row["quantity"]]].append(row)
    for name in sorted(files):
        yield f"claims/{name}.csv", as_csv(files[name], COLUMNS)
    tables = [
        {"table": table, "file": file_of[table], "rows": str(counts[table])}
        for table in sorted(counts)
    ]
    yield "claim_tables.csv", as_csv(tables, FILE_COLUMNS)


def country_rows(raw: Path) -> list[Record]:
    """Rows of ``countries.csv``: ISO codes, short name, membership of the EU-27."""
    rows = [
        {
            "iso3": row["ISO3166-1-Alpha-3"],
            "iso2": row["ISO3166-1-Alpha-2"],
            "name": FULL_NAMES.get(row["CLDR display name"], row["CLDR display name"]),
            "eu": "1" if row["ISO3166-1-Alpha-3"] in EU27 else "0",
        }
        for row in read_raw(raw / "reference" / "country_codes_full.csv")
        if row["ISO3166-1-Alpha-3"].strip()
    ]
    return sorted(rows, key=lambda row: row["iso3"])


def as_csv(rows: Sequence[Record], columns: Sequence[str]) -> bytes:
    """Encode rows as the bytes of a UTF-8 CSV file with Unix line ends."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def tables(raw: Path) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of every table; countries first, the others look names up in it."""
    yield "countries.csv", as_csv(country_rows(raw), ("iso3", "iso2", "name", "eu"))
    yield from claim_tables(claim_rows(raw))
    yield "measures.csv", as_csv(measure_rows(raw), MEASURE_COLUMNS)
    yield "control_items.csv", as_csv(control_rows(raw), CONTROL_COLUMNS)
    yield "stoppages.csv", as_csv(stoppage_rows(raw), STOPPAGE_COLUMNS)
    yield "conflicts.csv", as_csv(conflict_rows(raw), CONFLICT_COLUMNS)
    for register in REGISTERS:
        yield f"{register.name}.csv", as_csv(REGISTER_ROWS[register.name](raw), register.columns)


def pages(raw: Path, repository: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the pages that list the tables of claims."""
    rows = claim_rows(raw)
    yield "DATA_LICENSES.md", with_block(repository / "DATA_LICENSES.md", licence_lines(rows))
    page = "docs/reference/facts.md"
    yield page, with_block(repository / page, reference_lines(rows))
