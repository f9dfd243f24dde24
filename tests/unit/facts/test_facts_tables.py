"""A damaged table is refused whole, with every problem named."""

import csv
import io
from pathlib import Path

import pytest

from xenotime.facts import RequestError
from xenotime.facts.claims import COLUMNS, read_claims
from xenotime.facts.measures import MEASURE_COLUMNS, read_measures
from xenotime.facts.parameters import PARAMETER_COLUMNS, read_parameters
from xenotime.facts.records import STOPPAGE_COLUMNS, read_stoppages

GOOD = {
    "id": "mine_production/MMR/2024@mcs2026",
    "quantity": "mine_production",
    "country": "MMR",
    "product": "ore",
    "stage": "mine",
    "period": "2024",
    "unit": "t REO",
    "mid": "27000",
    "grade": "A",
    "kind": "reported",
    "vintage": "mcs2026",
    "first_known": "2026-02-06",
    "source_title": "USGS MCS 2026",
    "licence": "public-domain",
}
MEASURE = {
    "id": "M023",
    "act": "Announcement 18/2025",
    "actor": "CHN",
    "targets": "WLD",
    "instrument": "export_licence",
    "elements": "Dy;Tb",
    "forms": "oxide;magnet",
    "announced": "2025-04-04",
    "in_force": "2025-04-04",
    "status": "in_force",
    "grade": "B",
    "vintage": "x2025",
    "first_known": "2025-04-04",
    "source_title": "some page",
    "licence": "cited-figure",
}
PARAMETER = {
    "id": "parameter/validity@2025",
    "name": "validity",
    "unit": "days",
    "low": "180",
    "mid": "180",
    "high": "365",
    "distribution": "fixed",
    "description": "how long a licence lasts",
    "basis": "printed",
}


def write(path: Path, columns: tuple[str, ...], rows: list[dict[str, str]]) -> Path:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


def claims_of(tmp_path: Path, *rows: dict[str, str]):
    return read_claims(write(tmp_path / "claims.csv", COLUMNS, list(rows)))


def test_a_good_row_is_read(tmp_path: Path) -> None:
    (claim,) = claims_of(tmp_path, GOOD)
    assert (claim.mid, claim.low, claim.country) == (27000.0, None, "MMR")
    assert claim.segments == ("MMR", "2024")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"unit": "tons"}, "unit is 'tons': did you mean"),
        ({"grade": "E"}, "grade is 'E'"),
        ({"kind": "guess"}, "kind is 'guess'"),
        ({"country": "Burma"}, "country is 'Burma': did you mean 'MMR'? use an ISO3 code"),
        ({"partner": "XXX"}, "partner is 'XXX'"),
        ({"stage": "smelter"}, "stage is 'smelter'"),
        ({"industry": "cars"}, "industry is 'cars'"),
        ({"mid": "27,000"}, "mid is '27,000': give a number"),
        ({"mid": "nan"}, "finite"),
        ({"mid": "inf"}, "finite"),
        ({"low": "30000"}, "low <= mid <= high is broken"),
        ({"high": "3"}, "low <= mid <= high is broken"),
        ({"mid": ""}, "give a figure, or make the row a gap"),
        ({"first_known": "2026-02"}, "give a date as YYYY-MM-DD"),
        ({"first_known": "2026-02-30"}, "give a date as YYYY-MM-DD"),
        ({"first_known": ""}, "give the day on which the figure could be known"),
        ({"source_title": " "}, "source_title is ' ': fill it in"),
        ({"licence": ""}, "licence is '': fill it in"),
        ({"licence": "GPL"}, "licence is 'GPL'"),
        ({"id": "mine production"}, "write table/part/part@vintage"),
        ({"quantity": "mine_reserves"}, "it must equal the first part of the id"),
        ({"vintage": "mcs2025"}, "it must equal the part of the id after @"),
        ({"period": "last year"}, "period is 'last year'"),
        ({"kind": "derived"}, "a derived figure needs its formula"),
        ({"kind": "gap"}, "a gap has no figures"),
        ({"kind": "gap", "mid": ""}, "say what was looked for"),
        ({"kind": "assumption"}, "assumptions have grade 'prior'"),
        ({"grade": "prior"}, "assumptions have grade 'prior'"),
    ],
)
def test_a_bad_cell_is_named_with_its_value_and_the_fix(
    tmp_path: Path, change: dict[str, str], message: str
) -> None:
    with pytest.raises(RequestError) as caught:
        claims_of(tmp_path, GOOD | change)
    assert any(message in problem for problem in caught.value.problems), caught.value.problems
    assert all(problem.startswith("line 2") for problem in caught.value.problems)
    assert caught.value.subject == "claims.csv"


def test_all_problems_of_all_rows_come_at_once(tmp_path: Path) -> None:
    other = GOOD | {"id": "mine_production/USA/2024@mcs2026", "grade": "E", "mid": "x"}
    with pytest.raises(RequestError) as caught:
        claims_of(tmp_path, GOOD | {"unit": "tons", "licence": ""}, other)
    text = str(caught.value)
    assert all(part in text for part in ("'tons'", "licence is ''", "line 3", "'E'", "'x'"))


def test_an_id_may_occur_once_only(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="the id is taken by line 2"):
        claims_of(tmp_path, GOOD, GOOD | {"mid": "1"})


def test_an_assumption_needs_no_date(tmp_path: Path) -> None:
    (claim,) = claims_of(
        tmp_path, GOOD | {"kind": "assumption", "grade": "prior", "first_known": ""}
    )
    assert claim.first_known is None


@pytest.mark.parametrize("text", ["", "id,quantity\n", "\n"])
def test_a_wrong_header_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "claims.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RequestError, match="the header is"):
        read_claims(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=r"there is no file .*nothing\.csv"):
        read_claims(tmp_path / "nothing.csv")


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "claims.csv"
    path.write_bytes(",".join(COLUMNS).encode() + b"\n\xff\xfe\n")
    with pytest.raises(RequestError, match="is not UTF-8"):
        read_claims(path)


def test_a_file_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "claims.csv", COLUMNS, [GOOD | {"note": "a, b"}])
    whole = path.read_bytes()
    path.write_bytes(whole[: whole.index(b'"a, b"') + 3])
    with pytest.raises(RequestError, match="cut off or badly quoted"):
        read_claims(path)


def test_the_mark_that_spreadsheets_write_is_ignored(tmp_path: Path) -> None:
    path = write(tmp_path / "claims.csv", COLUMNS, [GOOD])
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert len(read_claims(path)) == 1


def test_a_row_with_an_unquoted_comma_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "claims.csv", COLUMNS, [GOOD])
    path.write_text(path.read_text(encoding="utf-8") + "too,few\n", encoding="utf-8")
    with pytest.raises(RequestError, match=f"has not {len(COLUMNS)} cells"):
        read_claims(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"targets": "EARTH"}, "'EARTH' is no ISO3 code"),
        ({"targets": ""}, "name at least one country"),
        ({"actor": ""}, "name at least one country"),
        ({"forms": "oxide;powder"}, "'powder' is not one of"),
        ({"instrument": "embargo"}, "instrument is 'embargo'"),
        ({"status": "maybe"}, "status is 'maybe'"),
        ({"changes": "M1"}, "'M1' is not like M023"),
        ({"id": "23"}, "'23' is not like M023"),
        ({"ends": "2025-04-01"}, "it lies before in_force"),
        ({"announced": ""}, "announced is ''"),
        ({"source_title": ""}, "source_title is ''"),
        ({"licence": ""}, "licence is ''"),
    ],
)
def test_bad_measures_are_refused(tmp_path: Path, change: dict[str, str], message: str) -> None:
    path = write(tmp_path / "measures.csv", MEASURE_COLUMNS, [MEASURE | change])
    with pytest.raises(RequestError, match=message):
        read_measures(path)


def test_a_good_measure_is_read(tmp_path: Path) -> None:
    (measure,) = read_measures(write(tmp_path / "m.csv", MEASURE_COLUMNS, [MEASURE]))
    assert measure.elements == ("Dy", "Tb")
    assert measure.ends is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"low": "400"}, "low <= mid <= high is broken"),
        ({"mid": ""}, "a parameter needs low, mid and high"),
        ({"distribution": "gamma"}, "distribution is 'gamma'"),
        ({"distribution": "lognormal", "low": "0"}, "must be above 0"),
        ({"unit": "fortnights"}, "unit is 'fortnights'"),
        ({"name": "Validity of licences"}, "use small letters"),
        ({"description": ""}, "description is ''"),
        ({"id": "validity"}, "write parameter/name@vintage"),
    ],
)
def test_bad_parameters_are_refused(tmp_path: Path, change: dict[str, str], message: str) -> None:
    path = write(tmp_path / "parameters.csv", PARAMETER_COLUMNS, [PARAMETER | change])
    with pytest.raises(RequestError, match=message):
        read_parameters(path)


def test_a_parameter_name_may_occur_once_only(tmp_path: Path) -> None:
    rows = [PARAMETER, PARAMETER | {"id": "parameter/validity@2026"}]
    with pytest.raises(RequestError, match="the name 'validity' is taken"):
        read_parameters(write(tmp_path / "parameters.csv", PARAMETER_COLUMNS, rows))


def test_a_stop_cannot_end_before_it_starts(tmp_path: Path) -> None:
    row = {
        "id": "stoppage/JPN/Suzuki/2025-05-26@x2025",
        "country": "JPN",
        "company": "Suzuki",
        "severity": "full_stop",
        "start": "2025-05-26",
        "end": "2025-05-01",
        "precision": "day",
        "grade": "B",
        "vintage": "x2025",
        "first_known": "2025-06-05",
        "source_title": "a page",
        "licence": "cited-figure",
    }
    with pytest.raises(RequestError, match="it lies before start"):
        read_stoppages(write(tmp_path / "stoppages.csv", STOPPAGE_COLUMNS, [row]))
