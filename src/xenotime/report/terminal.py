"""A run as a page in the terminal: what it assumes, its answers, what it rests on.

Everything comes from the run's summary (the JSON object `run`), except what 100 % of exports
means, when the control took effect and which stops are on record, which are facts. The page fits
80 columns and says everything without colour.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from xenotime.report.assumed_section import show_assumed
from xenotime.report.exports_section import show_exports
from xenotime.report.grounds_section import show_grounds
from xenotime.report.page_parts import counted, explain_codes, heading
from xenotime.report.record_section import show_stops_on_record
from xenotime.report.shortages_section import show_shortages
from xenotime.report.stoppages_section import CONTROL, show_stoppages
from xenotime.report.supplies_section import show_supplies

__all__ = ["show_run"]


def show_run(
    summary: Mapping[str, Any], *, folder: Path | None, on: Console, workspace: str | None = None
) -> None:
    """Print a run.

    Parameters
    ----------
    summary
        The JSON object `run`.
    folder
        Where the run is stored; None when it is not.
    on
        The console to print on; without markup, since names are printed as they are.
    workspace
        The workspace that was asked for by an option, so that the commands to go on with name it.

    Raises
    ------
    KeyError
        When the summary lacks a part that `docs/reference/run-json.md` promises.
    """
    as_of = None if summary["as_of"] is None else date.fromisoformat(summary["as_of"])
    _title(summary, on)
    show_assumed(summary, on)
    show_exports(summary, as_of, on)
    codes = show_supplies(summary, on)
    codes |= show_stoppages(summary, on)
    codes |= show_stops_on_record(summary, as_of, on)
    codes |= show_shortages(summary, on)
    explain_codes(codes, on)
    show_grounds(summary, on)
    _next_steps(summary, folder, "" if workspace is None else _option(workspace), on)


def _title(summary: Mapping[str, Any], on: Console) -> None:
    period = summary["period"]
    on.print(
        Text(
            f"{summary['scenario']}: {period['start']} to {period['end']},"
            f" {summary['draws']:,} draws, seed {summary['seed']}",
            style="bold",
        )
    )
    on.print(Text(summary["title"]))
    if described := " ".join(summary["description"].split()):
        on.print(Text(described), style="dim")
    if summary["as_of"] is not None:
        on.print(
            f"As known on {summary['as_of']}: hidden are"
            f" {counted(summary['hidden_by_as_of'], 'later figure', 'later figures and acts')}."
        )


def _option(workspace: str) -> str:
    return f" --workspace {_quoted(workspace)}"


def _quoted(path: Path | str) -> str:
    """Put a path that would fall apart into quotes that every shell knows.

    >>> _quoted("my runs/a"), _quoted("runs/a")
    ('"my runs/a"', 'runs/a')
    """
    return f'"{path}"' if " " in str(path) else str(path)


def _next_steps(summary: Mapping[str, Any], folder: Path | None, given: str, on: Console) -> None:
    heading("Next", on)
    if folder is None:
        on.print("This run is not stored.")
    else:
        # Not wrapped, so that they can be copied.
        on.print(Text(f"Stored in {folder}"), soft_wrap=True)
        on.print(Text(f"  xenotime results {_quoted(folder)} --table stoppages"), soft_wrap=True)
    other = "no-truce-2025" if summary["scenario"] == "april-2025" else "april-2025"
    on.print(Text(f"  xenotime run {other}{given}"), soft_wrap=True)
    if summary["sources"]:
        first = CONTROL if CONTROL in summary["sources"] else summary["sources"][0]
        on.print(Text(f"  xenotime facts show {first}{given}"), soft_wrap=True)
