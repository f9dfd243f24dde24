"""What an added row says is held against the names, ids, units and days of the record."""

from __future__ import annotations

import csv
import datetime as dt
import unicodedata
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from unit.facts.added_rows import act, burma, row
from xenotime import facts
from xenotime.facts import RequestError
from xenotime.facts.adding import note_problems, problems_of, sift_row
from xenotime.facts.additions import Additions, including
from xenotime.facts.batches import EXTENSIBLE, sift_table
from xenotime.facts.completing import completed
from xenotime.facts.readers import is_read
from xenotime.facts.shapes import shapes
from xenotime.facts.tables import Sifted, is_number
from xenotime.facts.vintages import what_it_changes
from xenotime.facts.vocabulary import is_period
from xenotime.facts.wording import flaw_of

TODAY = dt.date(2026, 11, 24)


def kenya(**changes: str) -> dict[str, str]:
    """A figure of an id that the record has not."""
    return burma(id="mine_production/KEN/2024@own", country="KEN") | changes


def month(**changes: str) -> dict[str, str]:
    """A month of exports."""
    return burma("50", id="magnet_exports/BRA/2025-05@own", quantity="magnet_exports") | {
        "country": "CHN", "partner": "BRA", "product": "magnet", "stage": "trade",
        "period": "2025-05", "unit": "t", **changes,
    }  # fmt: skip


def told(*rows: dict[str, str], table: str = "claims", **options: Any) -> str:
    found = {table: [row(table, cells) for cells in rows]}
    return "\n".join(problems_of(found, today=TODAY, **options))


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        (kenya(id="mine_prodution/KEN/2024@own", quantity="mine_prodution"),
         "the record has not (did you mean 'mine_production'"),
        (kenya(product="oxide:Dyy"), "did you mean 'oxide:Dy'"),
        (kenya(country="CHN"), "the id names KEN, but country is 'CHN'"),
        (kenya(country=""), "the id names KEN, but country is ''"),
        (kenya(period="2023"), "the id names 2024, but period is '2023'"),
        (kenya(period=""), "the id names 2024, but period is ''"),
        (kenya(id="mine_production/all/2024@own"), "country is 'KEN', which the id does not name"),
        (kenya(stage="magnet"), "stage is 'magnet', every other figure"),
        (kenya(unit="kg"), "unit is 'kg', mine_production is in t REO"),
        (kenya(unit="USD m"), "unit is 'USD m', mine_production is in t REO"),
        (month(partner="CHN", id="magnet_exports/CHN/2025-05@own"), "the exporter itself"),
        (month(first_known="2025-05-31"), "which was not over on 2025-05-31"),
        (month(period="1985-01", id="magnet_exports/BRA/1985-01@own"), "older than 1990-01"),
        (kenya(note="memo\x1b[2J"), "it holds the character U+001B"),
        (kenya(source_title="a\u202eb"), "it holds the character U+202E"),
        (kenya(id="mine_production/KEN/2030@own", period="2030"), "2030, which had not begun on"),
        (month(id="magnet_exports/BRA/2025-13@own"), "2025-13, which no calendar has"),
        (kenya(source_url="=HYPERLINK(1)"), "a spreadsheet takes for a formula"),
        (kenya(note="\udc80"), "it holds the character U+DC80"),
    ],
)  # fmt: skip
def test_a_figure_that_says_two_things_is_refused(cells: dict[str, str], says: str) -> None:
    assert says in told(cells)


def test_sound_figures_of_new_ids_are_taken() -> None:
    assert told(kenya(), month(), month(unit="kg", id="magnet_exports/BRA/2025-05@kg",
                vintage="kg", mid="50000")) == ""  # fmt: skip


def test_every_figure_of_the_record_would_be_taken_as_a_new_vintage_of_a_new_place() -> None:
    """The rules are read off the record, so none of its own rows breaks them."""
    strange = {"macro_estimate"}  # one of its ids names a year, its period a month of it
    for claim in facts.claims():
        shape = shapes()[claim.quantity,]
        assert claim.unit in shape.units
        parts = {part for part in claim.segments if is_period(part)}
        assert claim.quantity in strange or parts <= {claim.period}


def test_a_new_quantity_is_taken_when_it_is_meant() -> None:
    cells = kenya(id="cobalt_hoard/KEN/2024@own", quantity="cobalt_hoard")
    assert "say --new-quantity cobalt_hoard" in told(cells)
    assert told(cells, new_quantities=["cobalt_hoard"]) == ""
    assert told(cells, new_quantities=None) == ""
    other = kenya(id="cobalt_hoard/KEN/2025@own", quantity="cobalt_hoard", period="2025")
    with including(Additions({"claims": (row("claims", cells),)})):
        assert told(other) == ""
        assert "cobalt_hoard is in t REO" in told(other | {"unit": "kg"})


def test_rows_of_a_batch_are_compared_with_each_other() -> None:
    second = kenya(id="mine_production/KEN/2024@b", vintage="b")
    assert told(kenya(), second) == ""
    text = told(kenya(), second | {"unit": "t", "mid": "90000000"})
    assert "unit is 't', other vintages are in t REO" in text
    assert "a slip of units" in told(kenya(), second | {"mid": "90000000"})


@pytest.mark.parametrize(
    ("cells", "reads"),
    [
        (burma(), True),
        (burma(id="mine_production/MMR/2023@own", period="2023"), False),
        (kenya(), False),
        (month(), True),
        (month(period="2025", id="magnet_exports/BRA/2025@own"), False),
        (burma("200", id="oxide_price/Dy/2024@own", quantity="oxide_price", country="CHN",
               product="oxide:Dy", stage="separation", unit="USD/kg"), True),
        (burma("200", id="oxide_price/Dy/2023@own", quantity="oxide_price", country="CHN",
               product="oxide:Dy", stage="separation", unit="USD/kg", period="2023"), False),
    ],
)  # fmt: skip
def test_a_figure_that_nothing_reads_is_not_said_to_count(
    cells: dict[str, str], reads: bool
) -> None:
    added = row("claims", cells)
    with including(Additions({"claims": (added,)})):
        assert is_read(added) is reads
        assert ("nothing in the model reads it" in what_it_changes(added)) is not reads


def test_a_month_of_grade_d_or_without_a_middle_is_not_what_runs_are_set_beside() -> None:
    rows = (
        row("claims", month(grade="D")),
        row("claims", month(mid="", low="1", high="2", id="magnet_exports/BRA/2025-05@b",
                            vintage="b")),
    )  # fmt: skip
    with including(Additions({"claims": rows})):
        assert ("magnet", "BRA", "2025-05") not in facts.observed_exports()


@pytest.mark.parametrize(
    ("names", "says"),
    [
        ({"a": "b", "b": "a"}, "M-a -> M-b -> M-a"),
        ({"a": "b", "b": "c", "c": "d", "d": "b"}, "M-b -> M-c -> M-d -> M-b"),
    ],
)
def test_acts_that_change_each_other_in_a_circle_are_refused(
    names: dict[str, str], says: str
) -> None:
    rows = [
        act(id=f"M-{name}", instrument="suspension", changes=f"M-{other}")
        for name, other in names.items()
    ]
    text = told(*rows, table="measures")
    assert text.count("circle") == 1
    assert says in text


def test_a_long_chain_of_acts_is_no_circle() -> None:
    rows = [
        act(id=f"M-{n}", instrument="suspension", changes="M023" if n == 0 else f"M-{n - 1}")
        for n in range(3_000)
    ]
    assert told(*reversed(rows), table="measures") == ""


def test_a_licence_that_names_no_goods_is_taken_however_it_comes() -> None:
    """Lists of acts name codes in place of forms; what it does is said where it is added."""
    for quantities in ((), None):
        assert told(act(elements="", forms=""), table="measures", new_quantities=quantities) == ""
        assert told(act(forms=""), table="measures", new_quantities=quantities) == ""


def test_money_of_any_currency_is_one_kind_for_new_flows_and_a_revision_keeps_its_own() -> None:
    def flow(name: str, unit: str, vintage: str, value: str) -> dict[str, str]:
        parts = {"id": f"trade_imports_value/{name}/CHN/850511/2025-01@{vintage}"}
        return burma(value, quantity="trade_imports_value", country=name, partner="CHN",
                     product="magnet", stage="trade", period="2025-01", unit=unit,
                     vintage=vintage, **parts)  # fmt: skip

    def added(*cells: dict[str, str]) -> Additions:
        return Additions({"claims": tuple(row("claims", one) for one in cells)})

    with including(added(flow("USA", "USD m", "census", "30"))):
        for unit in ("EUR m", "CAD m", "USD bn"):
            assert told(flow("DEU", unit, "comext", "20"), new_quantities=None) == ""
        assert "unit is 't', trade_imports_value is in USD m" in told(flow("DEU", "t", "x", "20"))
        assert "unit is 'EUR m', other vintages are in USD m" in told(
            flow("USA", "EUR m", "comext", "20")
        )
        both = (flow("DEU", "EUR m", "comext", "20"), flow("DEU", "USD m", "comtrade", "21"))
        assert "unit is 'USD m', other vintages are in EUR m" in told(*both)


def test_the_hint_for_an_element_names_elements() -> None:
    text = told(act(elements="dysprosium"), table="measures")
    assert "did you mean 'Dy'?" in text
    assert "all_dual_use" not in text


def test_plans_and_assumptions_may_be_of_periods_to_come() -> None:
    plan = kenya(id="world_share_forecast/KEN/refining/2035@own", quantity="world_share_forecast",
                 period="2035", unit="percent", product="", stage="")  # fmt: skip
    assert "had not begun" not in told(plan)
    thought = {"period": "2030", "grade": "prior", "kind": "assumption", "licence": "own"}
    assert told(kenya(id="mine_production/KEN/2030@own", **thought)) == ""


@pytest.mark.parametrize("table", ["claims", "measures"])
def test_sound_columns_of_a_refused_row_are_looked_at_and_wrong_ones_are_told_once(
    table: str,
) -> None:
    cells, says = {
        "claims": (kenya(unit="t", source_title="", grade="Z", first_known="2030-01-01"), 4),
        "measures": (act(elements="Xx", source_title="", announced="x", changes="M-1"), 4),
    }[table]
    found = sift_row(table, cells, label="row")
    lines = [*found.problems, *problems_of({}, today=TODAY, refused={table: found.refused})]
    assert len(lines) == says, lines


def test_cells_that_follow_from_others_need_not_be_written(tmp_path: Path) -> None:
    short = {"id": "mine_production/MMR/2024@own", "unit": "t REO", "mid": "30000", "grade": "B",
             "first_known": "2026-07-01", "source_url": "memo 12",
             "source_title": "Trade press"}  # fmt: skip
    file = tmp_path / "rows.csv"
    file.write_text(",".join(short) + "\n" + ",".join(short.values()) + "\n", encoding="utf-8")
    found = sift_table("claims", file, partial(completed, "claims"))
    assert found == Sifted((row("claims", burma()),))
    assert not sift_table("claims", file).rows  # stored rows are read as they are


def test_what_is_written_is_never_replaced() -> None:
    for table, cells in (("claims", burma(country="CHN", kind="derived")), ("measures", act())):
        assert completed(table, cells).items() >= cells.items()


def test_names_in_refused_rows_are_complained_about_at_the_same_time(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    rows = [kenya(product="oree", period="2024-13"), burma(source_url="")]
    with file.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, [*rows[0]])
        writer.writeheader()
        writer.writerows(rows)
    found = sift_table("claims", file)
    assert [claim.id for claim in found.rows] == ["mine_production/MMR/2024@own"]
    text = "\n".join(
        [
            *found.problems,
            *problems_of({"claims": found.rows}, today=TODAY, refused={"claims": found.refused}),
        ]
    )
    for part in ("period is '2024-13'", "product is 'oree'", "source_url is blank"):
        assert part in text


@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)))
def test_every_day_and_month_of_the_calendar_is_a_period(day: dt.date) -> None:
    assert is_period(f"{day}")
    assert is_period(f"{day:%Y-%m}")
    assert is_period(f"{day.year}..{day.year}")
    assert not is_period(f"{day:%Y-%m}-32")
    assert not is_period(f"{day.year}-{day.month + 12}")


@given(st.text(max_size=8))
@example("1_000")
@example("١٢")
def test_what_is_a_number_is_read_as_the_same_number_everywhere(text: str) -> None:
    if is_number(text):
        assert set(text) <= set("0123456789+-.eE")
        float(text)


@given(st.text(st.characters(), max_size=20))
def test_text_that_is_taken_is_one_visible_line(text: str) -> None:
    if flaw_of(text):
        return
    assert len(text.splitlines()) <= 1
    assert not any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in text)
    assert is_number(text) or not text.startswith(("=", "+", "-", "@"))
    text.encode()


def test_the_note_of_a_batch_is_text_like_any_other() -> None:
    assert note_problems("Trade press", "analyst") == []
    assert len(note_problems("a\nb", "@me")) == 2
    assert "501 characters" in note_problems("a" * 501, "me")[0]


HOSTILE = st.sampled_from(
    ["", "=1", "\x00", "1_0", "9999-12-31", "0001-01-01", "2024-13", "M-a", "CHN", "Burma", "gap",
     "prior", "nan", "\u202e", "kg", "t REO", "x" * 5_000, "mine_production/KEN/2024@own", ";"]
) | st.text(max_size=10)  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(data=st.data(), table=st.sampled_from(sorted(EXTENSIBLE)))
def test_no_cell_of_any_table_breaks_the_checks(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, table: str
) -> None:
    columns = EXTENSIBLE[table].columns
    rows = data.draw(
        st.lists(st.fixed_dictionaries(dict.fromkeys(columns, HOSTILE)), min_size=1, max_size=3)
    )
    file = tmp_path_factory.mktemp("rows") / "rows.csv"
    with file.open("w", encoding="utf-8", errors="surrogatepass", newline="") as stream:
        writer = csv.DictWriter(stream, columns)
        writer.writeheader()
        writer.writerows(rows)
    try:
        found = sift_table(table, file)
    except RequestError as error:
        assert error.problems  # noqa: PT017
        return
    problems = problems_of({table: found.rows}, today=TODAY, refused={table: found.refused})
    assert found.problems or problems or found.rows
    assert len(set(problems)) == len(problems)
