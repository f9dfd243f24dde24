"""The stoppages of a page: which industry stops where, when and how much."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import groupby
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from xenotime.report.page_parts import counted, heading, percent, short, table

__all__ = ["CONTROL", "LEAST_PROBABILITY", "show_stoppages"]

CONTROL = "M023"  # Announcement 18 of 2025: the licences of 4 April 2025
LEAST_PROBABILITY = 0.05
# Cars are what the record is about; of other industries the largest users are enough on a page.
MOST_ROWS = {"light_vehicles": 10}
MOST_ROWS_OF_OTHERS = 3


def show_stoppages(summary: Mapping[str, Any], on: Console) -> set[str]:
    """Print the industries that stop in at least one draw of twenty, the largest users of each.

    Parts of an industry that is there as a sum are left to the table `stoppages`. Returns the codes
    of countries that are printed.
    """
    heading("Stopped industries", on)
    named = {row["industry"] for row in summary["stoppages"]}
    whole = [
        row
        for row in summary["stoppages"]
        if not any(row["industry"].startswith(f"{name}_") for name in named)
    ]
    likely = [row for row in whole if row["probability"] >= LEAST_PROBABILITY]
    rarely = sum(0 < row["probability"] < LEAST_PROBABILITY for row in whole)
    never = len(whole) - len(likely) - rarely
    # Cars first: theirs are the stops on record. Within an industry by size: what stops first is
    # often too small for anybody to look for.
    likely.sort(
        key=lambda row: (
            row["industry"] != "light_vehicles",
            row["industry"],
            -row["base_use_t_per_year"],
            row["country"],
        )
    )
    printed = _show_table(likely, summary, on) if likely else set()
    least = percent(LEAST_PROBABILITY)
    on.print(
        f"Pairs of an industry and a country: {len(whole):,}, of which {len(likely):,} stop in"
        f" {least} of draws or more, {rarely:,} in fewer, {never:,} in none."
    )
    if parts := len(summary["stoppages"]) - len(whole):
        sums = sorted({name for name in named if any(n.startswith(f"{name}_") for n in named)})
        on.print(
            f"The table `stoppages` has {len(summary['stoppages']):,} rows: these and"
            f" {counted(parts, 'row')} of the parts of {', '.join(sums)}."
        )
    return printed


def _show_table(
    stopping: list[Mapping[str, Any]], summary: Mapping[str, Any], on: Console
) -> set[str]:
    # Without a control (left out, or not yet known) there is no day to count weeks from.
    recorded = [c for c in summary["coverage"]["evaluated"]["controls"] if "assumed: " not in c]
    control = _control_day() if recorded else None
    period = summary["period"]
    # The year stands in the title; a run over several years has it in every date.
    year = period["start"][:4] if period["start"][:4] == period["end"][:4] else None
    on.print(_columns(dated=year is None, header=True))
    printed: set[str] = set()
    for industry, rows in groupby(stopping, key=lambda row: str(row["industry"])):
        found = list(rows)
        most = MOST_ROWS.get(industry, MOST_ROWS_OF_OTHERS)
        if len(found) == most + 1:
            most += 1  # a line that says what is left out takes as much room as one country
        left = len(found) - most
        more = f" (largest {most} of {len(found)} countries that stop)" if left > 0 else ""
        on.print(Text(f"{industry}{more}"))
        rows_shown = _columns(dated=year is None, header=False)
        for row in found[:most]:
            first = row["first_stop"]
            printed.add(row["country"])
            rows_shown.add_row(
                f" {row['country']}",
                *(_short_day(first[quantile], year) for quantile in ("p05", "p50", "p95")),
                _weeks(first["p50"], control),
                percent(row["probability"]),
                _pair(row["peak_share_stopped"], scale=100, unit=" %"),
                _pair(row["days_lost"], scale=1, unit=""),
            )
        on.print(rows_shown)
    on.print(
        "p05, p50, p95: first day with 1 % of the industry stopped (- not in that quantile). A"
        " stop begins with the thinnest-stocked 1 %; the rest may run on: see the peak. weeks:"
        f" from the control{'' if control is None else f' of {control}'}, at the median. draws:"
        " share that stops at all. peak: largest share stopped; days lost: full days of output;"
        " both median (95 %). Largest: by what the industry takes before anything happens.",
        style="dim",
    )
    return printed


def _columns(*, dated: bool, header: bool) -> Table:
    """Make the table of one industry; all have the same widths, so one header serves them."""
    made = table("")
    made.show_header = header
    made.columns[0].width = 4
    day = 10 if dated else 5
    for name, width in (
        *(("p05", day), ("p50", day), ("p95", day)),
        *(("weeks", 5), ("draws", 5), ("peak", 11), ("days lost", 11)),
    ):
        made.add_column(name, justify="right", width=width)
    return made


def _control_day() -> date | None:
    from xenotime import facts

    return next((act.in_force for act in facts.measures() if act.id == CONTROL), None)


def _short_day(text: str | None, year: str | None) -> str:
    if text is None:
        return "-"
    return text[5:] if year is not None and text.startswith(year) else text


def _weeks(text: str | None, control: date | None) -> str:
    if text is None or control is None:
        return "-"
    return f"{(date.fromisoformat(text) - control).days / 7:.1f}"


def _pair(quantiles: Mapping[str, float], *, scale: float, unit: str) -> str:
    middle, high = (scale * quantiles[name] for name in ("p50", "p95"))
    return f"{short(middle)} ({short(high)}){unit}"
