"""Downloads in the publishers' layouts: recognised, converted, mapped, or refused whole."""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path

import pytest

from unit.facts.loaders import downloads as made
from xenotime import facts
from xenotime.facts import RequestError, loaders
from xenotime.facts.vocabulary import LICENCES

TAKEN = dt.date(2026, 11, 20)
# name of the file, its text, the loader, and what must come out: id, figure, unit
CASES = [
    (
        "TradeData.csv",
        made.comtrade(made.comtrade_row()),
        "comtrade",
        {
            "magnet_exports/USA/2025-05@comtrade20261120": (51.0, "t"),
            "trade_exports_value/CHN/USA/850511/2025-05@comtrade20261120": (2.0, "USD m"),
        },
    ),
    (
        "answer.json",
        made.COMTRADE_JSON,
        "comtrade",
        {
            "trade_imports/CHN/MMR/2846/2024@comtrade20261120": (1234.0, "t"),
            "trade_imports_value/CHN/MMR/2846/2024@comtrade20261120": (5.0, "USD m"),
        },
    ),
    (
        "hs.json",
        made.CENSUS,
        "census",
        {
            "trade_imports/USA/CHN/8505110070/2025-05@census20261120": (40.0, "t"),
            "trade_imports_value/USA/CHN/8505110070/2025-05@census20261120": (0.8, "USD m"),
            "trade_imports_value/USA/KOR/8505110070/2025-05@census20261120": (0.7, "USD m"),
            "trade_imports/USA/EUU/8505110070/2025-05@census20261120": (0.001, "t"),
            "trade_imports_value/USA/EUU/8505110070/2025-05@census20261120": (1e-6, "USD m"),
        },
    ),
    (
        "results.csv",
        made.DATAWEB,
        "dataweb",
        {
            "trade_imports/USA/CHN/8505110070/2023@dataweb20261120": (30.0, "t"),
            "trade_imports/USA/CHN/8505110070/2024@dataweb20261120": (60.0, "t"),
            "trade_imports_value/USA/CHN/8505110070/2023@dataweb20261120": (1.0, "USD m"),
            "trade_imports_value/USA/CHN/8505110070/2024@dataweb20261120": (2.0, "USD m"),
        },
    ),
    (
        "full_202505.dat",
        made.COMEXT_BULK,
        "comext",
        {
            "trade_imports/DEU/CHN/85051110/2025-05@comext20261120": (150.0, "t"),
            "trade_imports_value/DEU/CHN/85051110/2025-05@comext20261120": (4.0, "EUR m"),
            "trade_exports/GRC/CHN/85051110/2025@comext20261120": (0.005, "t"),
            "trade_exports_value/GRC/CHN/85051110/2025@comext20261120": (1e-5, "EUR m"),
        },
    ),
    (
        "sdmx.csv",
        made.COMEXT_SDMX,
        "comext",
        {
            "trade_imports/DEU/CHN/850511/2025-05@comext20261120": (150.0, "t"),
            "trade_imports_value/DEU/CHN/850511/2025-05@comext20261120": (4.0, "EUR m"),
        },
    ),
    (
        "ds.tsv",
        made.COMEXT_TSV,
        "comext",
        {
            "trade_imports/DEU/CHN/850511/2025-05@comext20261120": (150.0, "t"),
            "trade_imports_value/DEU/CHN/850511/2025-05@comext20261120": (4.0, "EUR m"),
            "trade_imports_value/DEU/CHN/850511/2025-06@comext20261120": (3.0, "EUR m"),
        },
    ),
    (
        "World_Data.csv",
        made.USGS_WIDE,
        "usgs",
        {
            "mineral_production/CHN/tungsten/2023@mcs2025": (60000.0, "t element"),
            "mineral_production/CHN/tungsten/2024@mcs2025": (61000.0, "t element"),
            "mineral_reserves/CHN/tungsten/2024@mcs2025": (2400000.0, "t element"),
            "mineral_production/USA/tungsten/2024@mcs2025": (None, "t element"),
            "mineral_reserves/USA/tungsten/2024@mcs2025": (None, "t element"),
            "mineral_production/CHL/copper/mine/2023@mcs2025": (5.25e6, "t element"),
            "mineral_production/CHL/copper/mine/2024@mcs2025": (5.3e6, "t element"),
            "mineral_reserves/CHL/copper/2024@mcs2025": (1.9e8, "t element"),
        },
    ),
    (
        "MCS_Data.csv",
        made.USGS_LONG,
        "usgs",
        {
            "mineral_production/CHN/tungsten/2026@mcs2027": (68000.0, "t element"),
            "us_net_import_reliance/USA/tungsten/2026@mcs2027": (None, "percent"),
        },
    ),
]


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_bytes(text.encode("cp1252" if "\u2014" in text else "utf-8"))
    return path


@pytest.mark.parametrize(("name", "text", "loader", "wanted"), CASES, ids=lambda v: str(v)[:20])
def test_a_download_becomes_claims(
    name: str,
    text: str,
    loader: str,
    wanted: dict[str, tuple[float | None, str]],
    tmp_path: Path,
) -> None:
    path = written(tmp_path, name, text)
    assert loaders.recognise(path) == loader
    loaded = loaders.read(path, taken=TAKEN)
    assert {claim.id: (claim.mid, claim.unit) for claim in loaded.claims} == wanted
    for claim in loaded.claims:
        edition = claim.vintage.removeprefix("mcs")
        latest = dt.date(int(edition), 12, 31) if loader == "usgs" else TAKEN
        assert claim.first_known == min(TAKEN, latest)
        assert claim.source_title
        assert claim.licence == loaders.LOADERS[loader].licence
        assert claim.quantity == claim.id.partition("/")[0]
        assert claim.id.endswith(f"@{claim.vintage}")


def test_chinese_exports_join_the_observed_series(tmp_path: Path) -> None:
    rows = [made.comtrade_row()]
    rows += [made.comtrade_row(cmdCode="2846", netWgt="9000")]
    rows += [made.comtrade_row(cmdCode="280530", netWgt="1000", isNetWgtEstimated="true")]
    loaded = loaders.read(written(tmp_path, "a.csv", made.comtrade(*rows)), taken=TAKEN)
    both = next(c for c in loaded.claims if c.quantity == "rare_earth_exports")
    assert (both.mid, both.product, both.formula) == (10.0, "rare_earths", "HS 2846 + HS 280530")
    with facts.including(facts.Additions({"claims": loaded.claims})):
        observed = facts.observed_exports()
        assert observed["magnet", "USA", "2025-05"].mid == 51.0
        assert observed["rare_earths", "USA", "2025-05"].mid == 10.0
        early = facts.observed_exports(dt.date(2026, 11, 19))
        assert early["magnet", "USA", "2025-05"].mid == 46.4  # what was known before
    estimate = next(c for c in loaded.claims if c.id.startswith("trade_exports/CHN/USA/280530"))
    assert estimate.grade == "B"
    assert "estimated" in estimate.note


def test_half_of_the_compounds_does_not_make_the_series(tmp_path: Path) -> None:
    rows = [made.comtrade_row(cmdCode="284610"), made.comtrade_row(cmdCode="280530")]
    loaded = loaders.read(str(written(tmp_path, "a.csv", made.comtrade(*rows))), taken=TAKEN)
    assert not [c for c in loaded.claims if c.quantity == "rare_earth_exports"]
    ((remark, count),) = loaded.remarks.items()
    assert "without HS 284690: no rare_earth_exports is made of it" in remark
    assert count == 1
    whole = made.comtrade(*rows, made.comtrade_row(cmdCode="284690"))
    assert loaders.read(written(tmp_path, "a.csv", whole), taken=TAKEN).remarks == {}


def test_parts_of_a_row_and_other_goods_are_left_out_and_counted(tmp_path: Path) -> None:
    rows = [made.comtrade_row(), made.comtrade_row(motCode="1000"), made.comtrade_row(cmdCode="01")]
    rows += [made.comtrade_row(flowCode="RX"), made.comtrade_row(partnerCode="899", partnerISO="")]
    loaded = loaders.read(written(tmp_path, "a.csv", made.comtrade(*rows)), taken=TAKEN)
    assert sum(loaded.left_out.values()) == 4
    assert len(loaded.claims) == 2


def test_a_weight_that_was_not_reported_is_unknown_and_not_zero(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", made.comtrade(made.comtrade_row(netWgt="0")))
    loaded = loaders.read(path, taken=TAKEN)
    assert [claim.unit for claim in loaded.claims] == ["USD m"]


def test_every_problem_of_a_file_is_listed_and_nothing_is_read(tmp_path: Path) -> None:
    rows = [made.comtrade_row(netWgt="much"), made.comtrade_row(period="May")]
    rows += [made.comtrade_row(cmdCode="2846", netWgt="-5")]
    rows += [made.comtrade_row(period="202506"), made.comtrade_row(period="202506")]
    with pytest.raises(RequestError) as caught:
        loaders.read(written(tmp_path, "a.csv", made.comtrade(*rows)), taken=TAKEN)
    assert len(caught.value.problems) == 4
    assert caught.value.subject == "a.csv"
    assert [p.partition(":")[0] for p in caught.value.problems] == [
        *("line 2", "line 3", "line 4", "line 6"),
    ]


def test_acts_of_a_list_become_measures(tmp_path: Path) -> None:
    loaded = loaders.read(written(tmp_path, "interventions.csv", made.GTA), taken=TAKEN)
    assert loaded.loader == "gta"
    acts = {measure.id: measure for measure in loaded.measures}
    licence = acts["M-GTA-900001"]
    assert (licence.actor, licence.targets) == ("CHN", ("JPN", "USA"))
    assert licence.instrument == "export_licence"
    assert (licence.announced, licence.in_force) == (dt.date(2025, 3, 1), dt.date(2025, 4, 1))
    assert {"Dy", "Nd", "Y"} <= set(licence.elements)
    assert acts["M-GTA-900003"].status == "announced"
    assert loaded.left_out == {"other goods": 1}


def test_a_measure_of_several_years_is_one_act_whose_end_is_unknown(tmp_path: Path) -> None:
    loaded = loaders.read(written(tmp_path, "oecd.csv", made.OECD), taken=TAKEN)
    assert loaded.loader == "oecd"
    (act,) = loaded.measures
    assert act.id == "M-OECD-CHN-licensing-requirement-280530"
    assert (act.in_force, act.ends, act.status) == (dt.date(2021, 1, 1), None, "unknown")
    assert "2021 to 2022" in act.note


def test_bounds_and_missing_figures_of_the_survey_stay_what_they_are(tmp_path: Path) -> None:
    long = loaders.read(written(tmp_path, "a.csv", made.USGS_LONG), taken=TAKEN)
    reliance = next(c for c in long.claims if c.quantity == "us_net_import_reliance")
    assert (reliance.low, reliance.high) == (50.0, None)
    wide = loaders.read(written(tmp_path, "b.csv", made.USGS_WIDE), taken=TAKEN)
    hidden = next(c for c in wide.claims if "production/USA" in c.id)
    assert (hidden.kind, hidden.note.partition(";")[0]) == ("gap", "withheld")


def test_the_embedded_edition_is_refused(tmp_path: Path) -> None:
    text = made.USGS_WIDE.replace("MCS2025", "MCS2026")
    with pytest.raises(RequestError, match="edition mcs2026 is embedded"):
        loaders.read(written(tmp_path, "a.csv", text), taken=TAKEN)


def test_figures_that_the_record_has_are_left_out(tmp_path: Path) -> None:
    text = (
        made.USGS_WIDE.partition("\n")[0]
        + "\nMCS2025,Rare earths,Burma,Mine production,metric tons,1,31000,,,,,,\n"
        + "MCS2025,Tungsten,China,Mine production,metric tons,60000,,,,,,,\n"
    )
    loaded = loaders.read(written(tmp_path, "a.csv", text), taken=TAKEN)
    assert facts.get("mine_production/MMR/2024@mcs2025").mid == 31000
    assert loaded.held == 1
    assert not [c for c in loaded.claims if c.id == "mine_production/MMR/2024@mcs2025"]


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.csv", b"one,two\n1,2\n", "is none of a file known here"),
        ("a.xlsx", b"PK\x03\x04rest", "save the sheet with the results as CSV"),
        ("a.csv", b"\x00\x01\x02", "no text file"),
        ("a.csv", b"", "it is empty"),
    ],
)
def test_other_files_are_refused_with_what_to_do(
    name: str, content: bytes, problem: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(RequestError, match=problem):
        loaders.read(path)


def test_a_file_without_a_mineral_of_the_record_says_so(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", made.comtrade(made.comtrade_row(cmdCode="010121")))
    with pytest.raises(RequestError, match="no row is about a mineral of the record"):
        loaders.read(path)


def test_cut_off_json_and_an_error_of_the_interface_are_refused(tmp_path: Path) -> None:
    cut = written(tmp_path, "a.json", made.COMTRADE_JSON[:-30])
    with pytest.raises(RequestError, match="cut off"):
        loaders.read(cut)
    answer = json.loads(made.COMTRADE_JSON) | {"error": "quota exceeded"}
    failed = written(tmp_path, "b.json", json.dumps(answer))
    with pytest.raises(RequestError, match="quota exceeded"):
        loaders.read(failed)


def test_the_day_of_the_download_is_that_of_the_file_unless_it_is_given(tmp_path: Path) -> None:
    import os

    path = written(tmp_path, "a.csv", made.comtrade(made.comtrade_row()))
    moment = dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC).timestamp()
    os.utime(path, (moment, moment))
    assert {c.first_known for c in loaders.read(path).claims} == {dt.date(2026, 3, 4)}


def test_every_loader_says_what_it_is_and_under_which_licence() -> None:
    for name, loader in loaders.LOADERS.items():
        assert loader.name == name
        assert loader.what
        assert loader.title
        assert loader.url.startswith("https://")
        assert loader.licence in LICENCES


def test_loaders_need_the_standard_library_only() -> None:
    import subprocess

    code = (
        "import sys; from xenotime.facts import loaders;"
        "print([n for n in ('numpy', 'pandas', 'openpyxl', 'pyarrow') if n in sys.modules])"
    )
    source = Path(facts.__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        encoding="utf-8",
        env={"PYTHONPATH": str(source), "PATH": ""},
    )
    assert done.stdout.strip() == "[]"
