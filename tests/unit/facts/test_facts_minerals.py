"""The Mineral Commodity Summaries: figures read off the pages, and what a qualifier becomes."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import xenotime
from xenotime import facts
from xenotime.facts.claims import claim_files

STATISTICS = tuple(name for name, table in claim_files().items() if "minerals" in table.file)


# Read off the rows of the release: id, low, middle, high, unit.
@pytest.mark.parametrize(
    ("key", "low", "mid", "high", "unit"),
    [
        ("mineral_production/CHN/tungsten/2024@mcs2026", None, 67000, None, "t element"),
        ("mineral_production/CHN/copper/refinery/2024@mcs2026", None, 12.4e6, None, "t element"),
        ("mineral_production/CHN/gallium/2025@mcs2026", None, 900e3, None, "kg"),
        ("mineral_reserves/CHN/iron_ore/crude_ore/2025@mcs2026", None, 17e9, None, "t"),
        ("us_imports/USA/mica_scrap_and_flake/2021@mcs2026", None, 24400, None, "t"),
        ("us_imports/USA/mica_sheet/2021@mcs2026", None, 3990, None, "t"),
        ("us_price/USA/aluminum/2025@mcs2026", None, 1.8, None, "USD/lb"),
        ("us_import_share/USA/yttrium/CHN/2021..2024@mcs2026", None, 70, None, "percent"),
        # bounds, net exporters, ranges, dashes, traces
        ("us_net_import_reliance/USA/bromine/2024@mcs2026", None, None, 25, "percent"),
        ("us_net_import_reliance/USA/titanium_pigment/2022@mcs2026", None, None, 0, "percent"),
        ("mineral_production/WLD/yttrium/2025@mcs2026", 10000, None, 15000, "t"),
        ("mineral_production/USA/tungsten/2025@mcs2026", None, 0, None, "t element"),
        ("us_exports/USA/diamond_stones/2024@mcs2026", 0, None, 500, "carats"),
        ("us_imports/USA/cadmium/cadmium_sulfide/2022@mcs2026", 0, None, 0.5, "t"),
        ("us_employment/USA/rhenium/2022@mcs2026", None, None, None, "qualitative"),
    ],
)
def test_figures_and_bounds(
    key: str, low: float | None, mid: float | None, high: float | None, unit: str
) -> None:
    claim = facts.get(key)
    assert isinstance(claim, facts.Claim)
    assert (claim.low, claim.mid, claim.high, claim.unit) == (low, mid, high, unit)


@pytest.mark.parametrize(
    ("key", "word"),
    [
        ("mineral_production/USA/wollastonite/2024@mcs2026", "withheld"),
        ("us_production/USA/yttrium/2024@mcs2026", "not available"),
        ("mineral_production/WLD/boron/2024@mcs2026", "no total"),
    ],
)
def test_a_figure_that_is_withheld_or_missing_is_a_gap_and_never_zero(key: str, word: str) -> None:
    claim = facts.get(key)
    assert isinstance(claim, facts.Claim)
    assert claim.kind == "gap"
    assert (claim.low, claim.mid, claim.high) == (None, None, None)
    assert word in claim.note


def test_every_chapter_is_there_and_every_row_but_those_of_other_tables() -> None:
    minerals = {claim.segments[1] for claim in facts.claims(tables=STATISTICS)}
    # 89 chapters, some with several commodities; heavy rare earths are commodities too.
    assert len(minerals) > 110
    assert {"gallium", "germanium", "antimony", "tungsten", "tellurium", "bismuth"} <= minerals
    assert {"molybdenum", "indium", "graphite", "zeolites", "abrasives", "cement"} <= minerals
    release = [
        claim
        for claim in facts.claims()
        if claim.vintage == "mcs2026"
        and claim.quantity in {*STATISTICS, "mine_production", "mine_reserves", "oxide_price"}
    ]
    # 8,886 rows of the release and five of its text; the reserves of "other countries" with
    # rare earths are not in the table.
    assert len(release) == pytest.approx(8886, abs=10)


def test_reliance_on_imports_of_rare_earths_depends_on_the_edition() -> None:
    stem = "us_net_import_reliance/USA/rare_earths/compounds_and_metals/2024"
    before = {c.id: c.mid for c in facts.claims(date(2025, 6, 30)) if c.id.startswith(stem)}
    assert before == {f"{stem}@mcs2025": 80}
    after = {c.id: c.mid for c in facts.claims(date(2026, 2, 6)) if c.id.startswith(stem)}
    assert after == {f"{stem}@mcs2025": 80, f"{stem}@mcs2026": 53}


@pytest.mark.parametrize(
    ("country", "early", "late"),
    [("AUS", 13000, 29000), ("THA", 13000, 2100), ("NGA", 13000, 1500)],
)
def test_mine_output_of_2024_depends_on_the_edition(
    country: str, early: float, late: float
) -> None:
    found = {
        claim.vintage: claim.mid
        for claim in facts.search("mine_production 2024", country=country)
        if isinstance(claim, facts.Claim) and claim.quantity == "mine_production"
    }
    assert found["mcs2026"] == late
    assert found["mcs2025"] == early
    known = facts.search("mine_production 2024", country=country, as_of=date(2025, 12, 31))
    assert {fact.id for fact in known} >= {f"mine_production/{country}/2024@mcs2025"}
    assert f"mine_production/{country}/2024@mcs2026" not in {fact.id for fact in known}


def test_balances_carry_their_definition() -> None:
    claim = facts.get("us_net_import_reliance/USA/tungsten/2024@mcs2026")
    assert isinstance(claim, facts.Claim)
    assert "imports - exports" in claim.formula


def test_a_table_is_read_without_the_files_of_others() -> None:
    code = (
        "import pathlib\n"
        "opened, original = [], pathlib.Path.open\n"
        "def noted(path, *args, **kwargs):\n"
        "    opened.append(path.name)\n"
        "    return original(path, *args, **kwargs)\n"
        "pathlib.Path.open = noted\n"
        "from xenotime import facts\n"
        "facts.claims(tables=('ore_basket',)), facts.get('mine_production/MMR/2024@mcs2026')\n"
        "print(sorted(name for name in opened if name != 'countries.csv'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(Path(xenotime.__file__).parents[1])},
    )
    assert done.stdout.strip() == "['claim_tables.csv', 'rare_earths.csv']"


def test_tables_named_are_all_that_is_returned_and_an_unknown_one_is_refused() -> None:
    chosen = ("mine_production", "us_price")
    found = facts.claims(tables=chosen)
    assert {claim.quantity for claim in found} == set(chosen)
    assert list(found) == [c for c in facts.claims() if c.quantity in chosen]
    with pytest.raises(facts.RequestError, match="'mine_outptu' is unknown"):
        facts.claims(tables=("mine_outptu",))


def test_the_list_of_files_counts_what_is_in_them() -> None:
    for name, table in claim_files().items():
        assert len(facts.claims(tables=(name,))) == table.rows, name
    assert sum(table.rows for table in claim_files().values()) == len(facts.claims())
