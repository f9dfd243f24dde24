"""Build the embedded fact tables from the raw folder.

Usage: ``python tools/build_facts.py [RAW] [--check]``. RAW is the folder with
``value_chain``, ``history``, ``policy`` and ``reference``; its default is ``../shared/data``
beside the repository. ``--check`` writes nothing and fails if a table would change.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY / "src"))

from facts_mining import add_mine_output, add_ore_baskets, add_oxide_prices, add_quotas
from facts_priors import add_primary_oxide, add_priors, add_scrap
from facts_rows import Claims, Record, read_raw
from facts_trade import add_dependence, add_export_baselines, add_exports, add_hs2846

from xenotime.facts.claims import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DATA = REPOSITORY / "src" / "xenotime" / "facts" / "data"

FULL_NAMES = {"UK": "United Kingdom", "US": "United States"}

EU27 = frozenset(
    "AUT BEL BGR HRV CYP CZE DNK EST FIN FRA DEU GRC HUN IRL ITA LVA LTU LUX MLT NLD POL PRT ROU "
    "SVK SVN ESP SWE".split()
)


def claim_rows(raw: Path) -> list[Record]:
    """All rows of ``claims.csv``, sorted by id."""
    claims = Claims()
    add_mine_output(claims, raw)
    add_ore_baskets(claims, raw)
    add_quotas(claims, raw)
    add_oxide_prices(claims, raw)
    add_exports(claims, raw)
    add_dependence(claims, raw)
    add_export_baselines(claims)
    add_hs2846(claims, raw)
    add_scrap(claims, raw)
    add_priors(claims, raw)
    add_primary_oxide(claims)
    if claims.problems:
        raise SystemExit("\n".join(claims.problems))
    return [claims.rows[key] for key in sorted(claims.rows)]


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
    yield "claims.csv", as_csv(claim_rows(raw), COLUMNS)


def main() -> int:
    """Write the tables, or compare them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("raw", nargs="?", type=Path, default=REPOSITORY.parent / "shared" / "data")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    options = parser.parse_args()
    changed = []
    for name, content in tables(options.raw):
        path = DATA / name
        if path.exists() and path.read_bytes() == content:
            continue
        changed.append(name)
        if not options.check:
            path.write_bytes(content)
    print(f"{'would change' if options.check else 'wrote'}: {', '.join(changed) or 'nothing'}")
    return 1 if options.check and changed else 0


if __name__ == "__main__":
    raise SystemExit(main())
