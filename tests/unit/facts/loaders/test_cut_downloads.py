"""Downloads that are cut off, mixed, or say a thing twice are refused whole; losses are said."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unit.facts.loaders import downloads as made
from xenotime.facts import RequestError, loaders
from xenotime.facts.adding import problems_of
from xenotime.facts.shapes import shapes

DAY = dt.date(2026, 11, 20)
PLAIN = made.comtrade(
    made.comtrade_row(isAggregate="false"),
    made.comtrade_row(period="202504", netWgt="48000", isAggregate="false"),
)
TABLES = {
    "comtrade": PLAIN,
    "dataweb": made.DATAWEB,
    "bulk": made.COMEXT_BULK,
    "sdmx": made.COMEXT_SDMX,
    "tsv": made.COMEXT_TSV,
    "wide": made.USGS_WIDE,
    "long": made.USGS_LONG,
    "gta": made.GTA,
    "oecd": made.OECD,
}


def read(folder: Path, text: str, *, whole: bool = False) -> loaders.Loaded:
    path = folder / "a.csv"
    path.write_bytes(text.encode("utf-8"))
    return loaders.read(path, taken=DAY, whole=whole)


def refused(folder: Path, text: str, *, whole: bool = False) -> str:
    with pytest.raises(RequestError) as caught:
        read(folder, text, whole=whole)
    return str(caught.value)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_cut_inside_its_last_line_is_never_read_with_other_figures(
    name: str, tmp_path: Path
) -> None:
    """Wherever it is cut: what is read at all has the figures of the lines that are whole."""
    text = TABLES[name]
    body, last, _ = text.rsplit("\n", 2)
    wanted = {
        (row.id, getattr(row, "mid", None))
        for lines in (text, f"{body}\n")
        for loaded in _tried(tmp_path, lines)
        for row in (*loaded.claims, *loaded.measures)
    }
    for length in range(1, len(last) + 1):
        for loaded in _tried(tmp_path, f"{body}\n{last[:length]}"):
            assert last[:length].endswith(("true", "false", '"'))
            got = {(c.id, getattr(c, "mid", None)) for c in (*loaded.claims, *loaded.measures)}
            assert got <= wanted


def _tried(folder: Path, text: str) -> list[loaders.Loaded]:
    try:
        return [read(folder, text)]
    except RequestError:
        return []


def test_the_last_line_without_an_end_is_named_and_can_be_vouched_for(tmp_path: Path) -> None:
    row = "DE,CN,E,85051110,77881,2711,2711,42,42,16,1,1,NO_SU,202505,3000000,3000000,12"
    header = made.COMEXT_BULK.partition("\n")[0]
    told = refused(tmp_path, f"{header}\n{row}")
    assert "a.csv: line 2: the file ends within it, behind '12'" in told
    assert "--whole" in told
    short = refused(tmp_path, f"{header}\n{row}", whole=True)
    assert "line 2: has 17 cells where the others have 18: it is cut off" in short
    loaded = read(tmp_path, f"{header}\n{row}0000,0", whole=True)
    assert {claim.mid for claim in loaded.claims} == {120.0, 3.0}
    semicolons = f"{header}\n{row}0000,1".replace(",", ";")
    assert "behind '1'" in refused(tmp_path, semicolons)


def test_true_false_and_quotes_end_a_line_by_themselves(tmp_path: Path) -> None:
    assert read(tmp_path, PLAIN.rstrip("\n")).claims == read(tmp_path, PLAIN).claims
    quoted = made.OECD.rstrip("\n").removesuffix("2022") + '"2022"'
    assert read(tmp_path, quoted).measures == read(tmp_path, made.OECD).measures
    assert "badly quoted" in refused(tmp_path, quoted.removesuffix('"'), whole=True)


@given(st.integers(0, 17), st.integers(1, 3))
@settings(max_examples=25, deadline=None)
def test_a_row_of_another_width_refuses_the_file(cut: int, line: int) -> None:
    from xenotime.facts.loaders.rows import rows_of

    rows = [["x"] * 18 for _ in range(4)]
    rows[0] = [f"c{place}" for place in range(18)]
    rows[line] = rows[line][:cut] or [" ", "x"]
    text = "\n".join(",".join(row) for row in rows) + "\n"
    with pytest.raises(RequestError, match=f"line {min(line + 1, 3)}|line {line + 1}"):
        list(rows_of(text))


def test_a_separator_more_than_the_header_has_stands_in_every_row_or_in_none(
    tmp_path: Path,
) -> None:
    header, *rows = PLAIN.strip().split("\n")
    every = "\n".join([header, *(f"{row}," for row in rows)]) + "\n"
    assert read(tmp_path, every).claims == read(tmp_path, PLAIN).claims
    one = "\n".join([header, f"{rows[0]},", rows[1]]) + "\n"
    assert "line 3: has 47 cells where the others have 48" in refused(tmp_path, one)


def answer(**changes: Any) -> str:
    return json.dumps(json.loads(made.COMTRADE_JSON) | changes)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (answer(count=500), "count is 500, but it holds 1 rows"),
        (answer(data=[1], extra=["reporterCode", "cmdCode"]), "no list of rows"),
        (made.COMTRADE_JSON.replace('"netWgt"', '"netWgt": 1, "netWgt"'), "'netWgt' twice"),
        (made.COMTRADE_JSON + made.COMTRADE_JSON, "something follows the JSON"),
        (made.DATAWEB.replace("Count,3", "Count,4"), "Data Row Count is 4, but it holds 3 rows"),
        (made.DATAWEB.replace("2023,2024", "2023,2023"), "'2023' is there 2 times: keep one"),
        (made.DATAWEB.replace("2023,2024", "2023,2023.0"), "'2023' and '2023.0' say the same"),
        (made.COMEXT_TSV.replace("2025-06", "202505"), "'2025-05' and '202505' say the same"),
        (made.OECD.replace("Product", "year"), "'year' and 'Year' say the same"),
        (PLAIN.replace("grossWgt,", "netWgt,", 1), "'netWgt' is there 2 times"),
        (made.COMEXT_TSV.replace("CN,850511,1,", "CN,850511,", 1), "begins with 5 keys, not 6"),
        (made.COMEXT_BULK + made.COMEXT_BULK.split("\n")[1] + "\n", "again, as line 2 does"),
        (made.COMEXT_SDMX + made.COMEXT_SDMX.split("\n")[2] + "\n", "again, as line 3 does"),
        (
            made.COMEXT_SDMX.replace(
                "EXT_EU27_2020,850511,1,VALUE_IN_EUROS", "CN,850511,1,VALUE_EUR"
            ),
            "says DEU CHN imports 850511 2025-05 value again, as line 3 does",
        ),
        (
            made.DATAWEB.replace("Count,3", "Count,4") + made.DATAWEB.split("\n")[3] + "\n",
            "line 7: is line 4 again",
        ),
        (
            made.DATAWEB.replace("Count,3", "Count,4")
            + made.DATAWEB.split("\n")[3].replace("Customs Value", "CIF Import Value")
            + "\n",
            "line 7: Data Type is 'CIF Import Value' beside 'customs value', which would add up",
        ),
        (made.USGS_WIDE.replace("MCS2025,Copper", "MCS2024,Copper"), "line 4: SOURCE is 'MCS2024'"),
    ],
    ids=range(17),
)
def test_what_is_there_twice_or_not_at_all_is_named(text: str, told: str, tmp_path: Path) -> None:
    assert told in refused(tmp_path, text)


def test_the_weight_of_another_code_may_be_its_second_quantity(tmp_path: Path) -> None:
    second = "Second Unit of Quantity,China,8505.11.0030,MAGNETS,kilograms,5000,,\n"
    loaded = read(tmp_path, made.DATAWEB.replace("Count,3", "Count,4") + second)
    assert "trade_imports/USA/CHN/8505110030/2023@dataweb20261120" in {c.id for c in loaded.claims}


def test_a_count_that_is_true_is_no_problem(tmp_path: Path) -> None:
    assert len(read(tmp_path, made.DATAWEB).claims) == 4
    assert len(read(tmp_path, answer(count=1)).claims) == 2


@pytest.mark.parametrize("below", [made.COMEXT_BULK, PLAIN, made.COMEXT_TSV, made.DATAWEB])
def test_a_file_with_another_one_below_is_refused(below: str, tmp_path: Path) -> None:
    for above in (PLAIN, made.COMEXT_BULK, made.DATAWEB):
        told = refused(tmp_path, above + below)
        assert "another file" in told or "the header again" in told or "no title" in told


def test_a_foreign_row_of_the_right_width_is_named(tmp_path: Path) -> None:
    width = made.COMTRADE_COLUMNS.count(",") + 1
    row = made.COMEXT_BULK.split("\n")[1].split(",")
    told = refused(tmp_path, made.comtrade(made.comtrade_row(), ",".join((row * 3)[:width])))
    assert "line 3: " in told
    assert "no such code: is it a row of another file?" in told
    header = ",".join(made.COMEXT_BULK.partition("\n")[0].split(",")[::-1])
    told = refused(tmp_path, made.COMEXT_BULK + header + "\n")
    assert "line 6: the code is 'VALUE_EUR', which is no code" in told


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"partnerCode": "276"}, "partnerISO is 'USA', but partnerCode '276' is DEU"),
        ({"reporterCode": "842"}, "reporterISO is 'CHN', but reporterCode '842' is USA"),
        ({"refYear": "2024"}, "period is '202505', but refYear '2024'"),
        ({"refMonth": "6"}, "period is '202505', but refMonth '6'"),
        ({"flowDesc": "Import"}, "flowCode is 'X', but flowDesc 'Import'"),
    ],
)
def test_a_row_that_contradicts_itself_is_refused(
    cells: dict[str, str], told: str, tmp_path: Path
) -> None:
    assert f"line 2: {told}" in refused(tmp_path, made.comtrade(made.comtrade_row(**cells)))


def test_codes_that_agree_in_another_spelling_are_read(tmp_path: Path) -> None:
    cells = {"partnerCode": "842.0", "refYear": "2025", "refMonth": "5", "flowDesc": "Export"}
    assert len(read(tmp_path, made.comtrade(made.comtrade_row(**cells))).claims) == 2


def test_a_weight_in_a_unit_that_is_not_known_is_named(tmp_path: Path) -> None:
    loaded = read(tmp_path, made.CENSUS.replace('"40000", "KG"', '"40000", "LB"'))
    assert loaded.remarks["a quantity in 'LB' is not converted: the weight is unknown"] == 1
    bare = read(tmp_path, made.CENSUS.replace('"UNIT_QY1"', '"UNIT"'))
    assert any("without a unit (UNIT_QY1)" in remark for remark in bare.remarks)
    pounds = read(tmp_path, made.DATAWEB.replace("kilograms", "pounds"))
    assert any(reason.endswith(": pounds, number") for reason in pounds.left_out)
    sdmx = read(tmp_path, made.COMEXT_SDMX.replace("QUANTITY_IN_100KG", "QUANTITY_IN_FURLONGS"))
    assert sdmx.left_out["an indicator that is not read: QUANTITY_IN_FURLONGS"] == 1
    header = made.COMEXT_BULK.replace("VALUE_NAC", "QUANTITY_IN_FURLONGS")
    assert read(tmp_path, header).remarks["the column QUANTITY_IN_FURLONGS is not read"] == 1
    for text in (made.comtrade(made.comtrade_row(netWgt="")), made.DATAWEB.replace("kilo", "x")):
        assert any("a value without a weight" in r for r in read(tmp_path, text).remarks)


def test_a_variable_that_the_census_repeats_must_say_the_same(tmp_path: Path) -> None:
    rows = json.loads(made.CENSUS)
    twice = [[*row, row[-2]] for row in rows]
    assert read(tmp_path, json.dumps(twice)).claims == read(tmp_path, made.CENSUS).claims
    twice[1][-1] = "2025-04"
    told = refused(tmp_path, json.dumps(twice))
    assert "row 2: time is there twice, as '2025-05' and as '2025-04'" in told


@pytest.mark.parametrize("text", [made.USGS_WIDE, made.USGS_LONG], ids=["wide", "long"])
def test_a_release_of_the_survey_fits_the_record(text: str, tmp_path: Path) -> None:
    loaded = read(tmp_path, text)
    today = dt.date(2026, 11, 24)
    assert problems_of({"claims": loaded.claims}, today=today, new_quantities=None) == []
    for claim in loaded.claims:
        assert (claim.product, claim.stage, claim.industry) in shapes()[claim.quantity,].about


def test_series_of_a_mineral_are_those_of_the_record(tmp_path: Path) -> None:
    header = made.USGS_LONG.partition("\n")[0]
    details = ("Ilmenite", "Ilmenite and rutile", "Rutile", "Slag")
    rows = [
        "T,World,Titanium mineral concentrates,Australia,Production,Mine production: "
        f"{detail},thousand metric tons,2026,{place},,Yes,"
        for place, detail in enumerate(details, start=1)
    ]
    loaded = read(tmp_path, "\n".join([header, *rows]) + "\n")
    assert {claim.segments[2]: claim.mid for claim in loaded.claims} == {
        "ilmenite": 1000.0,
        "ilmenite_and_rutile": 2000.0,
        "rutile": 3000.0,
    }
    assert any("Mine production: Slag" in reason for reason in loaded.left_out)
