"""The stops on record of a page: what was reported in the period that the run covers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from rich.console import Console

from xenotime.report.page_parts import heading, table

if TYPE_CHECKING:
    from xenotime.facts import Stoppage

__all__ = ["show_stops_on_record"]

_STOPPED = ("full_stop", "partial_stop", "output_cut")
_MOST_STOPS = 8


def show_stops_on_record(summary: Mapping[str, Any], as_of: date | None, on: Console) -> set[str]:
    """Print reported stops of the run's period that were known on `as_of`.

    Reports that supply was tight or that nothing stopped are counted, not listed. Returns the codes
    of countries that are printed.
    """
    from xenotime import facts

    start, end = (date.fromisoformat(summary["period"][name]) for name in ("start", "end"))
    within = [
        record
        for record in facts.stoppages()
        if _known(record, as_of) and _first(record) <= end and _last(record) >= start
    ]
    stops = sorted(
        (record for record in within if record.severity in _STOPPED),
        key=lambda record: (_first(record), record.country, record.company),
    )
    heading("Stops on record", on)
    if stops:
        rows_shown = table("where")
        for name in ("who", "when", "what"):
            rows_shown.add_column(name)
        for record in stops[:_MOST_STOPS]:
            rows_shown.add_row(
                record.country, record.company, _when(record), record.severity.replace("_", " ")
            )
        on.print(rows_shown)
        if len(stops) > _MOST_STOPS:
            left = len(stops) - _MOST_STOPS
            on.print(f"{left} more {'is' if left == 1 else 'are'} on record.")
    else:
        on.print(f"None for this period{'' if as_of is None else ' that was known then'}.")
    if others := len(within) - len(stops):
        calm = sum(record.severity == "none" for record in within)
        on.print(
            f"More reports on record: that supply was tight, {others - calm}; that nothing stopped,"
            f" {calm} (facts.stoppages() in Python).",
            style="dim",
        )
    if summary["coverage"]["evaluated"]["acts_left_out"]:
        on.print("They happened under the acts that this run leaves out, too.", style="dim")
    return {record.country for record in stops[:_MOST_STOPS]}


def _known(record: Stoppage, as_of: date | None) -> bool:
    return as_of is None or record.first_known is None or record.first_known <= as_of


def _first(record: Stoppage) -> date:
    return record.start or date.min


def _last(record: Stoppage) -> date:
    """Last day that a record certainly covers; a month is covered to its end."""
    day = record.end or _first(record)
    if record.precision == "month":
        return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return day


def _when(record: Stoppage) -> str:
    """Write the dates as precisely as they are known."""
    places = 7 if record.precision == "month" else 10
    start = _first(record).isoformat()[:places]
    if record.end is None:
        return f"{start}, end not given"
    end = record.end.isoformat()[:places]
    if end != start:
        return f"{start} to {end}"
    return start if record.duration_days is None else f"{start}, {record.duration_days:.0f} days"
