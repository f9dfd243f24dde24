"""The table of priors: read strictly, and a range for everything that the baseline asks for."""

from pathlib import Path

import pytest

from xenotime import facts
from xenotime.facts import RequestError
from xenotime.facts.priors import PRIOR_COLUMNS, read_priors

GOOD = ["prior/yield/x", "0.9", "0.95", "0.98", "ratio", "prior", "a yield", "judgement"]


def table(folder: Path, *rows: list[str]) -> Path:
    path = folder / "priors.csv"
    lines = [",".join(PRIOR_COLUMNS), *(",".join(row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_sound_row_is_read(tmp_path: Path) -> None:
    prior = read_priors(table(tmp_path, GOOD))["prior/yield/x"]
    assert (prior.low, prior.mid, prior.high, prior.segments) == (0.9, 0.95, 0.98, ("yield", "x"))


@pytest.mark.parametrize(
    ("column", "text", "words"),
    [
        ("id", "yield/x", "write prior/part/part"),
        ("id", "prior/yield/x@v1", "write prior/part/part"),
        ("low", "0.97", "low <= mid <= high is broken"),
        ("low", "-1", "cannot be negative"),
        ("mid", "", "needs low, mid and high"),
        ("high", "nan", "finite number"),
        ("high", "much", "give a number"),
        ("unit", "furlongs", "use one of"),
        ("grade", "A", "use one of prior"),
        ("description", "", "fill it in"),
        ("basis", "", "fill it in"),
    ],
)
def test_a_wrong_cell_is_refused(tmp_path: Path, column: str, text: str, words: str) -> None:
    row = [text if name == column else cell for name, cell in zip(PRIOR_COLUMNS, GOOD, strict=True)]
    with pytest.raises(RequestError) as caught:
        read_priors(table(tmp_path, row))
    assert words in str(caught.value)
    assert column in str(caught.value)


def test_all_problems_come_at_once_with_ids_used_twice(tmp_path: Path) -> None:
    wrong = [*GOOD[:4], "furlongs", *GOOD[5:]]
    with pytest.raises(RequestError) as caught:
        read_priors(table(tmp_path, GOOD, wrong))
    assert len(caught.value.problems) == 2
    assert "taken by line 2" in str(caught.value)


def test_embedded_priors_are_ranges_with_a_reason() -> None:
    assert len(facts.priors()) > 200
    for key, prior in facts.priors().items():
        assert key == prior.id
        assert 0 <= prior.low <= prior.mid <= prior.high
        assert prior.grade == "prior"
        assert prior.basis
