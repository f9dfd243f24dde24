"""The shortages of a page: for each element, who lacks most tonnes of it and when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console

from xenotime.report.page_parts import counted, heading, percent, short, table

__all__ = ["show_shortages"]

# Tonnes of neodymium would crowd out every other element: each gets a row of its own, and one more
# for what magnets embody.
LEAST_SHARE = 0.005


def show_shortages(summary: Mapping[str, Any], on: Console) -> set[str]:
    """Print the largest shortage of each element, the elements by the share that goes unmet.

    Largest by tonnes: the largest shares are those of countries that use next to nothing. Returns
    the codes of countries that are printed.
    """
    heading("Shortages by element and country", on)
    totals: dict[tuple[str, str, str], float] = {}
    worst: dict[tuple[str, str, str], Mapping[str, Any]] = {}
    for row in summary["shortages"]:
        key = (row["element"], row["country"], row["scope"])
        # Means add up over months; quantiles do not.
        totals[key] = totals.get(key, 0.0) + row["unmet_tonne_days"]["mean"]
        if key not in worst or _mean(row) > _mean(worst[key]):
            worst[key] = row
    short_of = [key for key in worst if _mean(worst[key]) >= LEAST_SHARE]
    if not short_of:
        on.print("Nobody goes short in any draw.")
        return set()
    largest = {
        (element, scope): (element, country, scope)
        for element, country, scope in sorted(short_of, key=lambda key: (totals[key], key))
    }
    shown = sorted(largest.values(), key=lambda key: (-_mean(worst[key]), key))
    rows_shown = table("element")
    for name in ("country", "scope"):
        rows_shown.add_column(name)
    for name in ("worst month", "unmet", "p05-p95", "t-days in run"):
        rows_shown.add_column(name, justify="right")
    for element in dict.fromkeys(key[0] for key in shown):
        for key in (key for key in shown if key[0] == element):
            share = worst[key]["share_unmet"]
            rows_shown.add_row(
                *key,
                worst[key]["month"],
                percent(share["mean"]),
                f"{100 * share['p05']:.0f}-{100 * share['p95']:.0f}",
                short(totals[key]),
            )
    on.print(rows_shown)
    on.print(
        "unmet: share of the worst month's wanted use that was not there, mean over draws. t-days:"
        " tonnes that suppliers owe and users lack against their target, summed over all days of"
        " the run, mean over draws. direct: metals at makers of alloys, oxides at makers of"
        " materials; embodied: in magnets at makers of components. Two stages of one chain: do not"
        " add them. Shown is the country with most t-days.",
        style="dim",
    )
    if len(short_of) > len(shown):
        left = counted(len(short_of) - len(shown), "smaller shortage")
        on.print(f"The table `shortages` has {left} more.")
    return {country for _, country, _ in shown}


def _mean(row: Mapping[str, Any]) -> float:
    return float(row["share_unmet"]["mean"])
