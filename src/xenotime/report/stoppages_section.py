"""The stoppages of a page: which industry stops where, when and how much."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from rich.console import Console

from xenotime.report.page_parts import heading, percent, short, table

__all__ = ["CONTROL", "show_stoppages"]

CONTROL = "M023"  # Announcement 18 of 2025: the licences of 4 April 2025
_MOST_STOPPAGES = 30


def show_stoppages(summary: Mapping[str, Any], on: Console) -> None:
    """Print the industries that stop, by the day of their first stop at the median."""
    heading("Stopped industries", on)
    stopping = [row for row in summary["stoppages"] if row["probability"] > 0]
    never = len(summary["stoppages"]) - len(stopping)
    # Industry by industry, cars first: theirs are the stops on record. Within an industry those
    # that stop at the median come first, by date; then by how often they stop.
    stopping.sort(
        key=lambda row: (
            row["industry"] != "light_vehicles",
            row["industry"],
            row["first_stop"]["p50"] or "9999",
            -row["probability"],
            row["country"],
        )
    )
    if stopping:
        control = _control_day()
        year = summary["period"]["start"][:4]
        rows_shown = table("industry", no_wrap=True)
        rows_shown.add_column("")
        for name in ("p05", "p50", "p95", "weeks", "draws", "peak", "days lost"):
            rows_shown.add_column(name, justify="right")
        for row in stopping[:_MOST_STOPPAGES]:
            first = row["first_stop"]
            rows_shown.add_row(
                row["industry"],
                row["country"],
                *(_short_day(first[quantile], year) for quantile in ("p05", "p50", "p95")),
                _weeks(first["p50"], control),
                percent(row["probability"]),
                _pair(row["peak_share_stopped"], scale=100, unit=" %"),
                _pair(row["days_lost"], scale=1, unit=""),
            )
        on.print(rows_shown)
        on.print(
            "First day with 1 % of the industry stopped (- never in that quantile); weeks from the"
            f" control of {control or 'an unknown day'} at the median; draws that stop at all; peak"
            " share stopped and full days of output lost: median (95 %).",
            style="dim",
        )
        if len(stopping) > _MOST_STOPPAGES:
            on.print(
                f"{len(stopping) - _MOST_STOPPAGES} more stop in some draw: see the table"
                " `stoppages`."
            )
    if never:
        on.print(f"Industries that stop in no draw: {never}.")


def _control_day() -> date | None:
    from xenotime import facts

    return next((act.in_force for act in facts.measures() if act.id == CONTROL), None)


def _short_day(text: str | None, year: str) -> str:
    if text is None:
        return "-"
    return text[5:] if text.startswith(year) else text


def _weeks(text: str | None, control: date | None) -> str:
    if text is None or control is None:
        return "-"
    return f"{(date.fromisoformat(text) - control).days / 7:.1f}"


def _pair(quantiles: Mapping[str, float], *, scale: float, unit: str) -> str:
    middle, high = (scale * quantiles[name] for name in ("p50", "p95"))
    return f"{short(middle)} ({short(high)}){unit}"
