"""What a scenario assumes to come from outside the network, and how much of it was taken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.text import Text

from xenotime.report.page_parts import heading, short, table

__all__ = ["show_supplies"]

NAMES = {
    "stock_releases": "stock",
    "projects": "plant",
    "recycling": "recycling",
    "substitution": "substitute",
}


def show_supplies(summary: Mapping[str, Any], on: Console) -> set[str]:
    """Print what came from outside, and give the codes of places that it names.

    Nothing is printed for a run without; runs stored before there were any lack the key.
    """
    found = summary.get("supplies") or ()
    if not found:
        return set()
    heading("Assumed by this scenario: goods from outside the network, tonnes in the run", on)
    rows = table("what")
    rows.add_column("for", overflow="fold")
    rows.add_column("from")
    for name in ("offered", "taken", "5 to 95 %"):
        rows.add_column(name, justify="right")
    codes: set[str] = set()
    for row in found:
        places = row["destinations"] or []
        codes |= set(places)
        given = row["given"]
        rows.add_row(
            Text(f"{NAMES[row['lever']]} {row['product']}"),
            " ".join(places) or "all",
            row["first"],
            _offered(row),
            short(given["p50"]),
            f"{short(given['p05'])} to {short(given['p95'])}",
        )
    on.print(rows)
    return codes


def _offered(row: Mapping[str, Any]) -> str:
    """Tonnes on offer, or the largest share of use where that is what is assumed."""
    if row["offered"] is not None:
        return short(row["offered"])
    return f"{100 * row['largest_share']:.3g} % of use"
