"""The page of a run says what the run says, at 80 columns, without colour."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from unit.report.summaries import quantiles, summary
from xenotime.report.terminal import show_run


def page(content: dict[str, Any], *, encoding: str = "utf-8", folder: Path | None = None) -> str:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, newline="\n")
    show_run(
        content, folder=folder, on=Console(file=stream, width=80, highlight=False, markup=False)
    )
    stream.flush()
    return raw.getvalue().decode(encoding)


def line_with(text: str, *parts: str) -> str:
    """The one line of a page that has all the parts."""
    (line,) = [line for line in text.splitlines() if all(part in line for part in parts)]
    return " ".join(line.split())


def test_it_fits_80_columns_and_needs_no_colour() -> None:
    text = page(summary())
    assert "\x1b" not in text
    assert max(len(line) for line in text.splitlines()) <= 80


def test_it_can_be_written_to_a_console_without_unicode() -> None:
    assert page(summary(), encoding="ascii").isascii()


def test_exports_are_shares_of_the_reference_with_the_observed_beside() -> None:
    # 62.1 t and 46.4 t of the United States' mean month of 621 t, of which four of six are known.
    text = page(summary())
    line = line_with(text, "2025-05", "·")
    assert "10 % 5-15 7 %" in line
    assert "100 % is 621 t" in " ".join(text.split())
    assert "(4 of 6 known)" in " ".join(text.split())


def test_a_month_without_an_observed_figure_shows_none() -> None:
    line = line_with(page(summary()), "2025-04", "·")
    assert " - " in line
    assert " 0 %" not in line


def test_stoppages_come_with_dates_weeks_and_shares() -> None:
    text = page(summary())
    line = line_with(text, "light_vehicles", "USA")
    # 30 May is eight weeks after 4 April.
    assert line == "light_vehicles USA 05-02 05-30 - 8.0 90 % 3.4 (8.1) % 0.7 (2.5)"
    assert text.index("light_vehicles  USA") < text.index("light_vehicles  JPN")
    assert "Industries that stop in no draw: 1." in text


def test_shortages_add_means_and_name_the_worst_month() -> None:
    line = line_with(page(summary()), "Dy", "USA", "direct")
    assert line == "Dy USA direct 2025-05 50 % 10-90 20"


def test_a_run_without_shortages_or_stoppages_says_so() -> None:
    content = summary()
    for row in content["shortages"]:
        row["share_unmet"] = quantiles(0, 0, 0)
    for row in content["stoppages"]:
        row["probability"] = 0.0
    text = page(content)
    assert "Nobody goes short in any draw" in text
    assert "Industries that stop in no draw: 3." in text


def test_the_ten_largest_allocated_flows_are_named() -> None:
    text = page(summary())
    flows = text.partition("not observed")[2].partition("Rests on")[0]
    assert "12,000 t a year magnet:NdFeB-heavy (6,000 to 24,000)" in line_with(flows, "12,000 t")
    assert "3,000 t a year magnet:NdFeB-heavy (range unknown)" in line_with(flows, " 3,000 t")
    assert " > industry:consumer_electronics@ROW" in flows
    assert flows.count(" t a year ") == 10


def test_it_says_what_is_evaluated_missing_and_assumed() -> None:
    text = page(summary())
    flat = " ".join(text.split())
    assert "2 elements, 3 countries, 1 industries, 2 months, 7 producers, 1,234 links" in flat
    assert "(3 of them observed); controls: Announcement 18/2025; acts left out: none" in flat
    assert "Missing:\n  - the component stage\n  - prices\n" in text
    assert "Largest assumption: magnets feed industries directly\n" in text
    assert "1 cited figures and acts and on 1 labelled assumptions" in " ".join(text.split())


@pytest.mark.parametrize("as_of", ["2024-06-30", "2026-06-29"])
def test_facts_that_were_not_known_do_not_enter(as_of: str) -> None:
    text = page(summary() | {"as_of": as_of, "hidden_by_as_of": 1234})
    assert "1,234 later figures and acts are hidden" in " ".join(text.split())
    assert ("100 % is" in text) == (as_of > "2025")


def test_it_says_where_the_run_is() -> None:
    assert "runs" in page(summary(), folder=Path("runs") / "a")
    assert "not stored" in page(summary())
