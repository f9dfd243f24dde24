"""The exports of a page: each month as a share of the reference, the observed figure beside."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from rich.console import Console

from xenotime.report.export_reference import ExportReference, export_reference
from xenotime.report.page_parts import heading, percent, table

__all__ = ["show_exports"]

_HEADLINE = (("WLD", "World"), ("USA", "USA"))
_BAR_CELLS = 9
_BAR_FULL = 1.5  # share of the reference at a full bar


def show_exports(summary: Mapping[str, Any], as_of: date | None, on: Console) -> None:
    """Print magnet exports by month, of the world and of the United States."""
    by_place: dict[str, dict[str, Mapping[str, Any]]] = {place: {} for place, _ in _HEADLINE}
    for row in summary["exports"]:
        if row["product"] == "magnet" and row["origin"] == "CHN" and row["destination"] in by_place:
            by_place[row["destination"]][row["month"]] = row
    references = {place: export_reference("magnet", place, as_of=as_of) for place, _ in _HEADLINE}
    heading("Magnet exports of China by month", on)
    rows_shown = table("month")
    for place, name in _HEADLINE:
        rows_shown.add_column(name, justify="right", header_style="bold")
        rows_shown.add_column("p05-p95", justify="right")
        rows_shown.add_column("seen", justify="right")
        if references[place] is not None:
            rows_shown.add_column("")
    months = sorted({month for rows in by_place.values() for month in rows})
    partial = _partial_months(summary["period"], months)
    for month in months:
        cells = [f"{month}*" if month in partial else month]
        for place, _ in _HEADLINE:
            row = by_place[place].get(month)
            cells += _export_cells(row, references[place], on)
        rows_shown.add_row(*cells)
    on.print(rows_shown)
    if partial:
        covered = ", ".join(f"{month}: {days}" for month, days in partial.items())
        on.print(f"* Part of a month ({covered} days), set against a whole one.", style="dim")
    for place, name in _HEADLINE:
        on.print(f"{name}: {_reference_text(references[place])}", style="dim")
    on.print(
        "Middle value, 5 % to 95 % of draws; seen: customs statistics."
        f" {_tuning(summary['coverage']['priors_tuned_on'], as_of)}; demand is flat.",
        style="dim",
    )
    if any(references.values()):
        on.print(f"Bars: the middle value beside them; full at {percent(_BAR_FULL)}.", style="dim")


def _tuning(period: Mapping[str, str], as_of: date | None) -> str:
    """Say what the priors were tuned on, and whether that lies after the as-of day.

    Examples
    --------
    >>> _tuning({"start": "2025-04-01", "end": "2025-09-30"}, None)
    'Priors were tuned by hand on 2025-04 to 2025-09, so those months are no prediction'
    """
    months = f"{period['start'][:7]} to {period['end'][:7]}"
    told = f"Priors were tuned by hand on {months}, so those months are no prediction"
    late = as_of is not None and as_of < date.fromisoformat(period["end"])
    return f"{told} (nor is it one of {as_of}: the priors have hindsight)" if late else told


def _partial_months(period: Mapping[str, str], months: list[str]) -> dict[str, str]:
    """Months that a run covers in part: how many days of how many.

    Examples
    --------
    >>> period = {"start": "2025-01-01", "end": "2025-02-10"}
    >>> _partial_months(period, ["2025-01", "2025-02"])
    {'2025-02': '10 of 28'}
    """
    start, end = (date.fromisoformat(period[name]) for name in ("start", "end"))
    found = {}
    for month in months:
        first = date.fromisoformat(f"{month}-01")
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        days = (min(last, end) - max(first, start)).days + 1
        if days < last.day:
            found[month] = f"{days} of {last.day}"
    return found


def _export_cells(
    row: Mapping[str, Any] | None, reference: ExportReference | None, on: Console
) -> list[str]:
    if row is None:
        return ["-", "", ""] if reference is None else ["-", "", "", ""]
    if reference is None:
        return [
            f"{row['p50']:,.0f} t",
            f"{row['p05']:,.0f}-{row['p95']:,.0f}",
            "-" if row["observed"] is None else f"{row['observed']:,.0f} t",
        ]
    mean = reference.t_per_month
    return [
        percent(row["p50"] / mean),
        f"{100 * row['p05'] / mean:.0f}-{100 * row['p95'] / mean:.0f}",
        "-" if row["observed"] is None else percent(row["observed"] / mean),
        _bar(row["p50"] / mean, on),
    ]


def _reference_text(reference: ExportReference | None) -> str:
    if reference is None:
        return "no month of June to November 2024 is known, so tonnes are shown"
    return (
        f"100 % is {reference.t_per_month:,.0f} t, the mean month of June to November 2024"
        f" ({reference.months_known} of 6 known)"
    )


def _bar(share: float, on: Console) -> str:
    full, empty = ("█", "·") if on.encoding.lower().startswith("utf") else ("#", ".")
    cells = max(0, min(_BAR_CELLS, round(share / _BAR_FULL * _BAR_CELLS)))
    return full * cells + empty * (_BAR_CELLS - cells)
