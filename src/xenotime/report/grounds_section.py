"""What a page rests on: what was evaluated, what is missing, what is assumed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.text import Text

from xenotime.report.page_parts import MOST_ROWS, counted, heading

__all__ = ["show_grounds"]


def show_grounds(summary: Mapping[str, Any], on: Console) -> None:
    """Print coverage, the largest allocated flows, and how many sources there are."""
    coverage = summary["coverage"]
    heading("What this rests on", on)
    on.print(Text(f"Evaluated: {_counts(coverage['evaluated'])}"))
    on.print("Missing:")
    for item in _not_said_by(coverage["largest_assumption"], coverage["missing"]):
        on.print(Text(f"  - {item}"))
    on.print(Text(f"Largest assumption: {coverage['largest_assumption']}"))
    on.print(f"Mass balance closes to {summary['mass_balance_relative_error']:.1e} of what moved")
    _show_allocated(coverage["assumed_flows"], on)
    sources, assumptions = len(summary["sources"]), len(summary["assumptions"])
    on.print()
    on.print(
        f"Rests on {counted(sources, 'cited figure or act', 'cited figures and acts')} and on"
        f" {counted(assumptions, 'labelled assumption')}; --json lists them."
    )
    _show_added(summary["additions"], on)
    timing = summary["timing"]
    on.print(
        f"Baseline in {timing['reconcile_s']:.1f} s, compiled in {timing['compile_s']:.1f} s,"
        f" simulated in {timing['simulate_s']:.1f} s.",
        style="dim",
    )


def _show_allocated(flows: list[Mapping[str, Any]], on: Console) -> None:
    """Print the largest allocated flows of goods that something in the run can move."""
    flows = sorted(flows, key=lambda flow: -float(flow["t_per_year"]))
    moved = [flow for flow in flows if flow["moved"]][:MOST_ROWS]
    on.print()
    on.print(Text("Largest flows that the run can move and that are allocated", style="bold"))
    for flow in moved:
        on.print(
            f"{flow['t_per_year']:>9,.0f} t a year  {flow['product']}"
            f" ({_range(flow['low'], flow['high'])})"
        )
        # Not wrapped: ids that can be copied.
        on.print(Text(f"{'':>9} {flow['supplier']} > {flow['buyer']}"), soft_wrap=True)
    if still := [flow for flow in flows if not flow["moved"]]:
        names = ", ".join(sorted({str(flow["product"]) for flow in still}))
        on.print(
            f"Not shown: {counted(len(still), 'flow')} of this size that nothing in the run moves"
            f" ({names}); --json lists them."
        )


def _show_added(additions: Mapping[str, Any], on: Console) -> None:
    """Print which added figures and acts the run rests on, each with its source."""
    if not additions["batches"]:
        return
    total = sum(len(batch["ids"]) for batch in additions["batches"])
    used = additions["used"]
    on.print(
        f"Added to the record in this workspace: {counted(total, 'row')}; used here:"
        f" {f'{len(used):,}:' if used else 'none.'}"
    )
    for row in used[:MOST_ROWS]:
        on.print(Text(f"  {row['id']} (grade {row['grade']}): {row['source_title']}"))
    if len(used) > MOST_ROWS:
        on.print(f"  and {len(used) - MOST_ROWS:,} more; --json lists them")


def _not_said_by(assumption: str, missing: list[str]) -> list[str]:
    """Leave out what the largest assumption, or the note on tuning below the exports, says.

    Examples
    --------
    >>> _not_said_by("There is no dam stage.", ["dam stage (mud): none", "prices"])
    ['prices']
    >>> _not_said_by("", ["hindsight: priors were tuned later", "prices"])
    ['prices']
    """
    heads = [item.partition(":")[0].partition(" (")[0] for item in missing]
    return [
        item
        for item, head in zip(missing, heads, strict=True)
        if head not in assumption and head != "hindsight"
    ]


def _range(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return "range unknown"
    return f"{low:,.0f} to {high:,.0f}"


def _counts(evaluated: Mapping[str, Any]) -> str:
    """Say what was evaluated, and which acts it was evaluated under."""
    names = evaluated["industries"]
    # A sum stands beside its parts in the tables; here it is one industry.
    whole = [name for name in names if not any(name.startswith(f"{other}_") for other in names)]
    sizes = [
        counted(len(evaluated["elements"]), "element"),
        counted(len(evaluated["countries"]), "country", "countries"),
        counted(len(whole), "industry", "industries"),
        counted(len(evaluated["months"]), "month"),
        counted(evaluated["producers"], "producer"),
        counted(evaluated["links"], "link"),
    ]
    lines = [f"{', '.join(sizes)} ({evaluated['observed_flows']:,} of them observed)"]
    lines += [
        f"{label}: {', '.join(evaluated[name]) or 'none'}"
        for name, label in (("controls", "controls"), ("acts_left_out", "acts left out"))
    ]
    return "; ".join(lines)
