"""A run as a page in the terminal: exports, shortages, stoppages, what it rests on.

Everything comes from the run's summary (the JSON object `run`), except what 100 % of exports
means and when the control took effect, which are facts. The page fits 80 columns and says
everything without colour.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from xenotime.report.export_reference import ExportReference, export_reference

__all__ = ["show_run"]

_HEADLINE = (("WLD", "World"), ("USA", "USA"))
_CONTROL = "M023"  # Announcement 18 of 2025: the licences of 4 April 2025
_MOST_ROWS = 10
_MOST_STOPPAGES = 30
_BAR_CELLS = 9
_BAR_FULL = 1.5  # share of the reference at a full bar


def show_run(summary: Mapping[str, Any], *, folder: Path | None, on: Console) -> None:
    """Print a run.

    Parameters
    ----------
    summary
        The JSON object `run`.
    folder
        Where the run is stored; None when it is not.
    on
        The console to print on.

    Raises
    ------
    KeyError
        When the summary lacks a part that the interface promises.
    """
    as_of = _day(summary["as_of"])
    _title(summary, on)
    _exports(summary, as_of, on)
    _stoppages(summary, on)
    _shortages(summary, on)
    _coverage(summary, on)
    _sources(summary, on)
    _next_steps(summary, folder, on)


def _title(summary: Mapping[str, Any], on: Console) -> None:
    period = summary["period"]
    on.print(
        Text(
            f"{summary['scenario']}: {period['start']} to {period['end']},"
            f" {summary['draws']:,} draws, seed {summary['seed']}",
            style="bold",
        )
    )
    if summary["as_of"] is not None:
        on.print(
            f"As known on {summary['as_of']}: {summary['hidden_by_as_of']:,} later figures and"
            " acts are hidden."
        )


def _exports(summary: Mapping[str, Any], as_of: date | None, on: Console) -> None:
    by_place: dict[str, dict[str, Mapping[str, Any]]] = {place: {} for place, _ in _HEADLINE}
    for row in summary["exports"]:
        if row["product"] == "magnet" and row["origin"] == "CHN" and row["destination"] in by_place:
            by_place[row["destination"]][row["month"]] = row
    references = {place: export_reference("magnet", place, as_of=as_of) for place, _ in _HEADLINE}
    _heading("Magnet exports of China by month", on)
    table = _table("month")
    for place, name in _HEADLINE:
        table.add_column(name, justify="right", header_style="bold")
        table.add_column("p05-p95", justify="right")
        table.add_column("seen", justify="right")
        if references[place] is not None:
            table.add_column("")
    for month in sorted({month for rows in by_place.values() for month in rows}):
        cells = [month]
        for place, _ in _HEADLINE:
            row = by_place[place].get(month)
            cells += _export_cells(row, references[place], on)
        table.add_row(*cells)
    on.print(table)
    for place, name in _HEADLINE:
        on.print(f"{name}: {_reference_text(references[place])}", style="dim")
    on.print("Middle value, 5 % to 95 % of draws; seen: customs statistics.", style="dim")


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
        _percent(row["p50"] / mean),
        f"{100 * row['p05'] / mean:.0f}-{100 * row['p95'] / mean:.0f}",
        "-" if row["observed"] is None else _percent(row["observed"] / mean),
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


def _stoppages(summary: Mapping[str, Any], on: Console) -> None:
    _heading("Stopped industries", on)
    stopping = [row for row in summary["stoppages"] if row["probability"] > 0]
    never = len(summary["stoppages"]) - len(stopping)
    # Those that stop at the median first, by date; then by how often they stop.
    stopping.sort(
        key=lambda row: (
            row["first_stop"]["p50"] or "9999",
            -row["probability"],
            row["industry"],
            row["country"],
        )
    )
    if stopping:
        control = _control_day()
        year = summary["period"]["start"][:4]
        table = _table("industry", no_wrap=True)
        table.add_column("")
        for name in ("p05", "p50", "p95", "weeks", "draws", "peak", "days lost"):
            table.add_column(name, justify="right")
        for row in stopping[:_MOST_STOPPAGES]:
            first = row["first_stop"]
            table.add_row(
                row["industry"],
                row["country"],
                *(_short_day(first[quantile], year) for quantile in ("p05", "p50", "p95")),
                _weeks(first["p50"], control),
                _percent(row["probability"]),
                _pair(row["peak_share_stopped"], scale=100, unit=" %"),
                _pair(row["days_lost"], scale=1, unit=""),
            )
        on.print(table)
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


def _shortages(summary: Mapping[str, Any], on: Console) -> None:
    _heading("Shortages by element and country", on)
    totals: dict[tuple[str, str, str], float] = {}
    worst: dict[tuple[str, str, str], Mapping[str, Any]] = {}
    for row in summary["shortages"]:
        key = (row["element"], row["country"], row["scope"])
        # Means add up over months; quantiles do not.
        totals[key] = totals.get(key, 0.0) + row["unmet_tonne_days"]["mean"]
        if key not in worst or row["share_unmet"]["p50"] > worst[key]["share_unmet"]["p50"]:
            worst[key] = row
    ranked = sorted((key for key in totals if totals[key] > 0), key=lambda key: (-totals[key], key))
    if not ranked:
        on.print("Nobody goes short in any draw.")
        return
    table = _table("element")
    table.add_column("country")
    table.add_column("scope")
    for name in ("unmet t-days", "worst month", "unmet then", "p05-p95"):
        table.add_column(name, justify="right")
    for key in ranked[:_MOST_ROWS]:
        month = worst[key]
        share = month["share_unmet"]
        table.add_row(
            *key,
            _short(totals[key]),
            month["month"],
            _percent(share["p50"]),
            f"{100 * share['p05']:.0f}-{100 * share['p95']:.0f}",
        )
    on.print(table)
    on.print(
        "Tonnes of element not delivered, times days, mean over draws; the worst month at the"
        " median. Direct: as oxide, metal or magnet; embodied: in goods further down.",
        style="dim",
    )
    if len(ranked) > _MOST_ROWS:
        on.print(f"{len(ranked) - _MOST_ROWS} smaller shortages are in the table `shortages`.")


def _coverage(summary: Mapping[str, Any], on: Console) -> None:
    coverage = summary["coverage"]
    _heading("What this rests on", on)
    on.print(Text(f"Evaluated: {_counts(coverage['evaluated'])}"))
    on.print("Missing:")
    for item in coverage["missing"]:
        on.print(Text(f"  - {item}"))
    on.print(f"Largest assumption: {coverage['largest_assumption']}")
    on.print(f"Mass balance closes to {summary['mass_balance_relative_error']:.1e} of what moved")
    flows = sorted(coverage["assumed_flows"], key=lambda flow: -float(flow["t_per_year"]))[
        :_MOST_ROWS
    ]
    if not flows:
        return
    on.print()
    on.print(Text("Largest flows that are allocated, not observed", style="bold"))
    for flow in flows:
        on.print(
            f"{flow['t_per_year']:>9,.0f} t a year  {flow['product']}"
            f" ({_range(flow['low'], flow['high'])})"
        )
        # Not wrapped: ids that can be copied.
        on.print(Text(f"{'':>9} {flow['supplier']} > {flow['buyer']}"), soft_wrap=True)


def _sources(summary: Mapping[str, Any], on: Console) -> None:
    sources, assumptions = summary["sources"], summary["assumptions"]
    on.print()
    on.print(
        f"Rests on {len(sources):,} cited figures and acts and on {len(assumptions):,} labelled"
        " assumptions; --json lists them."
    )
    timing = summary["timing"]
    on.print(
        f"Compiled in {timing['compile_s']:.1f} s, simulated in {timing['simulate_s']:.1f} s.",
        style="dim",
    )


def _next_steps(summary: Mapping[str, Any], folder: Path | None, on: Console) -> None:
    _heading("Next", on)
    if folder is None:
        on.print("This run is not stored.")
    else:
        # Not wrapped, so that they can be copied.
        on.print(Text(f"Stored in {folder}"), soft_wrap=True)
        on.print(Text(f"  xenotime results {folder} --table stoppages"), soft_wrap=True)
    other = "no-truce-2025" if summary["scenario"] == "april-2025" else "april-2025"
    on.print(f"  xenotime run {other}")
    if summary["sources"]:
        first = _CONTROL if _CONTROL in summary["sources"] else summary["sources"][0]
        on.print(Text(f"  xenotime facts show {first}"), soft_wrap=True)


def _heading(text: str, on: Console) -> None:
    on.print()
    on.print(Text(text, style="bold"))


def _table(first: str, *, no_wrap: bool = False) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
    table.add_column(first, overflow="fold", no_wrap=no_wrap)
    return table


def _control_day() -> date | None:
    from xenotime import facts

    return next((act.in_force for act in facts.measures() if act.id == _CONTROL), None)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _short_day(text: str | None, year: str) -> str:
    if text is None:
        return "-"
    return text[5:] if text.startswith(year) else text


def _weeks(text: str | None, control: date | None) -> str:
    day = _day(text)
    return "-" if day is None or control is None else f"{(day - control).days / 7:.1f}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _pair(quantiles: Mapping[str, float], *, scale: float, unit: str) -> str:
    middle, high = (scale * quantiles[name] for name in ("p50", "p95"))
    return f"{_short(middle)} ({_short(high)}){unit}"


def _short(value: float) -> str:
    return f"{value:.1f}" if 0 < value < 9.95 else f"{value:,.0f}"


def _range(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return "range unknown"
    return f"{low:,.0f} to {high:,.0f}"


def _counts(evaluated: Mapping[str, Any]) -> str:
    """Say how many of each thing were evaluated; a number stands for itself."""
    return ", ".join(
        f"{value if isinstance(value, int) else len(value):,} {key.replace('_', ' ')}"
        for key, value in evaluated.items()
    )
