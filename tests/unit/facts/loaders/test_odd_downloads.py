"""Files as spreadsheets and sites leave them: encodings, separators, slips of units."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unit.facts.loaders import downloads as made
from xenotime.facts import RequestError, loaders
from xenotime.facts.loaders.loading import number_of

DAY = dt.date(2026, 11, 20)
PLAIN = made.comtrade(made.comtrade_row(), made.comtrade_row(period="202504", netWgt="48000.5"))


def read(folder: Path, content: bytes | str, name: str = "a.csv") -> loaders.Loaded:
    path = folder / name
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return loaders.read(path, taken=DAY)


def refused(folder: Path, content: bytes | str, name: str = "a.csv") -> str:
    with pytest.raises(RequestError) as caught:
        read(folder, content, name)
    return str(caught.value)


def zipped(**files: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return target.getvalue()


@pytest.mark.parametrize(
    "encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252"]
)
def test_every_usual_encoding_gives_the_same_figures(encoding: str, tmp_path: Path) -> None:
    wanted = read(tmp_path, PLAIN).claims
    assert read(tmp_path, PLAIN.encode(encoding)).claims == wanted


def test_names_in_western_letters_are_understood(tmp_path: Path) -> None:
    text = made.CENSUS.replace("CHINA", "T\u00fcrkiye")
    loaded = read(tmp_path, text.encode("latin-1"))
    assert any("/TUR/" in claim.id for claim in loaded.claims)


@pytest.mark.parametrize("mark", ["", "sep=;\n"])
def test_semicolons_and_decimal_commas_are_read(mark: str, tmp_path: Path) -> None:
    wanted = read(tmp_path, PLAIN).claims
    text = PLAIN.replace(",", ";").replace("48000.5", "48.000,5")
    assert read(tmp_path, mark + text).claims == wanted
    text = PLAIN.replace(",", ";").replace("48000.5", "48000,5")
    assert read(tmp_path, mark + text).claims == wanted


def test_semicolons_with_decimal_points_are_read(tmp_path: Path) -> None:
    assert read(tmp_path, PLAIN.replace(",", ";")).claims == read(tmp_path, PLAIN).claims


def test_a_sign_that_could_be_either_is_never_guessed(tmp_path: Path) -> None:
    text = made.comtrade(made.comtrade_row(netWgt="KG")).replace(",", ";")
    assert "51,000 could be a decimal" in refused(tmp_path, text.replace("KG", "51,000"))
    rows = made.comtrade(made.comtrade_row(netWgt="A"), made.comtrade_row(netWgt="B"))
    both = rows.replace(",", ";").replace("A", "1,5").replace("B", "1.5")
    assert "written both ways" in refused(tmp_path, both)
    quoted = made.comtrade(made.comtrade_row(netWgt='"12,5"'))
    assert "line 2: netWgt is '12,5': its comma stands between no" in refused(tmp_path, quoted)


@given(st.integers(0, 10**12), st.integers(0, 99))
def test_a_number_with_signs_between_its_thousands_is_itself(whole: int, part: int) -> None:
    assert number_of(f"{whole:,}.{part:02d}") == float(f"{whole}.{part:02d}")
    assert number_of(f"{whole:,}") == whole


@given(st.text(max_size=12))
def test_what_is_read_as_a_number_is_finite_and_else_it_is_quoted(text: str) -> None:
    try:
        value, problem = number_of(text), ""
    except ValueError as error:
        value, problem = None, str(error)
    assert not problem or (repr(text.strip()[:60]) in problem and "convert" not in problem)
    assert value is None or abs(value) < float("inf")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "it is empty"),
        (b"\xef\xbb\xbf \r\n", "it is empty"),
        (zipped(**{"[Content_Types].xml": "", "xl/workbook.xml": ""}), "an Excel workbook: save"),
        (zipped(**{"TradeData.csv": PLAIN}), "a zip file with 'TradeData.csv': unpack it"),
        (zipped(**{"pack.json": "{}"}), "a data pack: `xenotime data install a.csv`"),
        (b"PK\x03\x04cut", "a damaged one"),
        (gzip.compress(PLAIN.encode()), "compressed with gzip"),
        (b"\xd0\xcf\x11\xe0rest", "an Excel workbook of the old kind"),
        (b"%PDF-1.7", "a PDF"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (PLAIN.partition("\n")[0], "it has a header alone"),
        (PLAIN.replace("netWgt", "Net weight (kg)"), "no column 'netWgt': 'Net weight (kg)'"),
        (PLAIN.replace("cmdCode", "CMDCODE"), "no column 'cmdCode': 'CMDCODE' is the nearest"),
        (made.OECD.replace("Measure", "Restriction"), "no column 'measure'"),
        (made.USGS_LONG.replace(",Year,", ",Year of data,"), "no column 'Year': 'Year of data'"),
    ],
    ids=range(15),
)
def test_another_file_is_named_with_what_to_do(
    content: bytes | str, told: str, tmp_path: Path
) -> None:
    assert told in refused(tmp_path, content)


def test_codes_that_a_spreadsheet_damaged_are_named(tmp_path: Path) -> None:
    codes = ("10121", "8505", "850511.0")
    loaded = read(tmp_path, made.comtrade(*(made.comtrade_row(cmdCode=code) for code in codes)))
    assert loaded.claims[0].id.startswith("magnet_exports/USA/2025-05")
    reasons = " ".join(loaded.left_out)
    assert "dropped" in reasons
    assert ": 10121" in reasons
    assert "codes of six digits): 8505" in reasons
    told = refused(tmp_path, made.comtrade(made.comtrade_row(cmdCode="8.50511E+05")))
    assert "line 2: cmdCode is '8.50511E+05': a spreadsheet made a number" in told


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"netWgt": "1e15"}, "the weight is 1e+12 t, no flow is above"),
        ({"netWgt": "-5"}, "the weight is -0.005 t, below zero"),
        ({"primaryValue": "-5"}, "the value is -5e-06 USD m, below zero"),
        ({"primaryValue": "1e13"}, "the value is 1e+07 USD m, no flow is above"),
        ({"netWgt": "heavy"}, "netWgt is 'heavy': give a number"),
        ({"period": "202513"}, "period is '202513': give a year or month"),
        ({"period": "202612"}, "lies after the day of the download, 2026-11-20"),
    ],
)
def test_a_figure_that_cannot_be_refuses_the_file(
    cells: dict[str, str], told: str, tmp_path: Path
) -> None:
    problem = refused(tmp_path, made.comtrade(made.comtrade_row(**cells)))
    assert problem.startswith("a.csv: line 2: ")
    assert told in problem


def test_a_weight_in_the_wrong_unit_is_kept_but_does_not_count(tmp_path: Path) -> None:
    partners = ("392", "410", "276", "251", "826")
    rows = [made.comtrade_row(partnerCode=code, partnerISO="") for code in partners]
    rows.append(made.comtrade_row(netWgt="20"))  # tonnes in place of kilograms, and some
    loaded = read(tmp_path, made.comtrade(*rows))
    weights = {c.partner: c for c in loaded.claims if c.quantity == "magnet_exports"}
    assert {claim.grade for name, claim in weights.items() if name != "USA"} == {"A"}
    assert weights["USA"].grade == "D"
    assert "not believed" in weights["USA"].note
    assert any("line 7, 0.02 t" in remark for remark in loaded.remarks)


@pytest.mark.parametrize(
    "text",
    [
        made.comtrade(made.comtrade_row(netWgt="0")),
        made.CENSUS.replace('"40000"', '"0"'),
        made.DATAWEB.replace('"30,000"', "0").replace('"60,000"', "0"),
        made.COMEXT_TSV.replace("150000", "0"),
    ],
    ids=["comtrade", "census", "dataweb", "comext"],
)
def test_a_weight_of_zero_beside_a_value_is_unknown_and_is_said(text: str, tmp_path: Path) -> None:
    loaded = read(tmp_path, text)
    assert not [claim for claim in loaded.claims if claim.unit == "t" and claim.mid == 0]
    assert any("was not reported" in remark for remark in loaded.remarks)


def test_an_unknown_name_of_a_country_is_told(tmp_path: Path) -> None:
    loaded = read(tmp_path, made.CENSUS.replace("CHINA", "ATLANTIS"))
    assert any("ATLANTIS" in reason for reason in loaded.left_out)
