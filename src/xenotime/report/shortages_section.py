"""The shortages of a page: which element is missing where, and in which month most."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console

from xenotime.report.page_parts import MOST_ROWS, heading, percent, short, table

__all__ = ["show_shortages"]


def show_shortages(summary: Mapping[str, Any], on: Console) -> None:
    """Print the largest shortages by unmet tonne-days."""
    heading("Shortages by element and country", on)
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
    rows_shown = table("element")
    rows_shown.add_column("country")
    rows_shown.add_column("scope")
    for name in ("unmet t-days", "worst month", "unmet then", "p05-p95"):
        rows_shown.add_column(name, justify="right")
    for key in ranked[:MOST_ROWS]:
        month = worst[key]
        share = month["share_unmet"]
        rows_shown.add_row(
            *key,
            short(totals[key]),
            month["month"],
            percent(share["p50"]),
            f"{100 * share['p05']:.0f}-{100 * share['p95']:.0f}",
        )
    on.print(rows_shown)
    on.print(
        "Tonnes of element not delivered, times days, mean over draws; the worst month at the"
        " median. Direct: as oxide, metal or magnet; embodied: in goods further down.",
        style="dim",
    )
    if len(ranked) > MOST_ROWS:
        on.print(f"{len(ranked) - MOST_ROWS} smaller shortages are in the table `shortages`.")
