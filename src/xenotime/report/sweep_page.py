"""A sweep as a page in the terminal: a table with a picture of what is lost, and what stops."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from xenotime.report.page_parts import MOST_ROWS, counted, explain_codes, heading, percent, table

__all__ = ["show_sweep"]

_STEPS = " ▁▂▃▄▅▆▇█"
_BAR = 24
_MOST_BLOCKS = 14


def show_sweep(summary: Mapping[str, Any], *, folder: Path | None, on: Console) -> None:
    """Print a sweep.

    Parameters
    ----------
    summary
        The JSON object `sweep`.
    folder
        Where it is stored; None when it is not.
    on
        The console to print on.
    """
    vary, period = summary["vary"], summary["period"]
    on.print(f"{summary['title']}", style="bold")
    on.print(
        f"{vary['name']} at {counted(len(vary['values']), 'value')},"
        f" {counted(summary['draws'], 'draw')} each, {period['start']} to {period['end']}"
    )
    for line in summary.get("supplies", ()):  # sweeps stored before there were any lack it
        on.print(Text(f"Assumed: {line}"))
    if summary.get("supplies"):
        on.print(
            "Orders for imports fall by what comes from outside the network: less exported is not"
            " less supplied. Read the days lost."
        )
    for product in dict.fromkeys(row["product"] for row in summary["exports"]):
        for origin in dict.fromkeys(r["origin"] for r in summary["exports"]):
            _lost(summary, product, origin, on)
    if summary["by"] is not None:
        _by_destination(summary, on)
    _stops(summary, on)
    if folder is not None:
        on.print()
        on.print(f"Stored in {folder}", style="dim")


def bar(low: float, mid: float, high: float, *, top: float = 1.0) -> str:
    """Draw a range between 0 and `top`: light from low to high, a mark at the middle.

    >>> bar(0.0, 0.5, 1.0)
    '░░░░░░░░░░░░█░░░░░░░░░░░'
    """
    places = [min(_BAR - 1, max(0, int(share / top * _BAR))) for share in (low, mid, high)]
    cells = ["░" if places[0] <= i <= places[2] else " " for i in range(_BAR)]
    cells[places[1]] = "█"
    return "".join(cells)


def curve(shares: Sequence[float], *, top: float = 1.0) -> str:
    """Draw shares between 0 and `top` as a row of blocks; of many, some at even steps.

    >>> curve([0.0, 0.5, 1.0])
    ' ▄█'
    """
    step = -(-len(shares) // _MOST_BLOCKS)
    last = len(_STEPS) - 1
    return "".join(
        _STEPS[round(min(1.0, max(0.0, share / top)) * last)] for share in shares[::step]
    )


def top_of(shares: Iterable[float]) -> float:
    """Find the end of a scale that holds all shares: the next tenth.

    >>> top_of([0.03, 0.26])
    0.3
    """
    return max(0.1, math.ceil(max(shares, default=0.0) * 10 - 1e-9) / 10)


def _lost(summary: Mapping[str, Any], product: str, origin: str, on: Console) -> None:
    chosen = [
        row
        for row in summary["exports"]
        if (row["product"], row["origin"], row["destination"]) == (product, origin, "WLD")
    ]
    if not chosen:
        return
    heading(f"Exports lost: {product} from {origin} to the world, over the period", on)
    made = table(summary["vary"]["name"], no_wrap=True)
    for name in ("P10", "P50", "P90", f"more than {summary['compared_with']}"):
        made.add_column(name, justify="right", no_wrap=True)
    top = top_of(row["share_of_base_lost"]["p90"] for row in chosen)
    made.add_column(f"of base, 0 to {percent(top)}", no_wrap=True)
    for row in chosen:
        share = row["share_of_base_lost"]
        made.add_row(
            row["label"],
            *(percent(share[level]) for level in ("p10", "p50", "p90")),
            f"{row['lost_against_smallest']['p50']:,.0f} t",
            bar(share["p10"], share["p50"], share["p90"], top=top),
        )
    on.print(made)


def _by_destination(summary: Mapping[str, Any], on: Console) -> None:
    labels = summary["vary"]["labels"]
    cells: dict[tuple[str, str, str], list[Mapping[str, Any]]] = {}
    for row in summary["exports"]:
        cells.setdefault((row["product"], row["origin"], row["destination"]), []).append(row)
    for product, origin in dict.fromkeys(key[:2] for key in cells):
        chosen = {key[2]: rows for key, rows in cells.items() if key[:2] == (product, origin)}
        largest = sorted(chosen, key=lambda name: (-_base(chosen[name][0]), name))[:MOST_ROWS]
        heading(f"Median share of base lost by destination: {product} from {origin}", on)
        made = table("destination", no_wrap=True)
        made.add_column(labels[0], justify="right")
        top = top_of(r["share_of_base_lost"]["p50"] for n in largest for r in chosen[n])
        made.add_column(f"{labels[0]} to {labels[-1]}, 0 to {percent(top)}", no_wrap=True)
        made.add_column(labels[-1], justify="right")
        for name in largest:
            shares = [row["share_of_base_lost"]["p50"] for row in chosen[name]]
            made.add_row(name, percent(shares[0]), curve(shares, top=top), percent(shares[-1]))
        on.print(made)
        explain_codes(largest, on)
        _left_out(len(chosen) - len(largest), ("destination", ""), "exports", on)


def _base(row: Mapping[str, Any]) -> float:
    """Mean exports had nothing happened, t."""
    return float(row["exported"]["mean"] + row["lost_against_base"]["mean"])


def _left_out(count: int, what: tuple[str, str], size: str, on: Console) -> None:
    """Say how many smaller ones are not shown; `what` is a noun and what follows it."""
    if count:
        more = counted(count, f"more {what[0]}")
        on.print(f"and {more}{what[1]} with smaller base {size}; `--json` has all.", style="dim")


def _stops(summary: Mapping[str, Any], on: Console) -> None:
    heading("Industries that stop: share of draws, and the median first stop", on)
    cells: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in summary["stoppages"]:
        cells.setdefault((row["industry"], row["country"]), []).append(row)
    if not cells:
        on.print("None stops in any draw at any value.")
        return
    labels = summary["vary"]["labels"]
    made = table("industry, country", no_wrap=True)
    made.add_column(labels[0], no_wrap=True, justify="right")
    made.add_column("0 to 100 %", no_wrap=True)
    for title in (labels[-1], f"first at {labels[0]}", f"at {labels[-1]}"):
        made.add_column(title, no_wrap=True, justify="right")
    # As on a run's page: cars first, then by size; what stops first is often small.
    names = {key[0] for key in cells}
    whole = [key for key in cells if not any(key[0].startswith(f"{name}_") for name in names)]
    whole.sort(key=lambda k: (k[0] != "light_vehicles", -cells[k][0]["base_t_per_day"], k))
    world = sorted(
        (key for key in cells if key[1] == "WLD"),
        key=lambda key: (-cells[key][-1]["probability"], key),
    )
    of_places = [key for key in whole if key[1] != "WLD"]
    places = of_places[:MOST_ROWS]
    for key in (*world, *places):
        shares = [row["probability"] for row in cells[key]]
        dates = [cells[key][end]["first_stop"]["p50"] or "never" for end in (0, -1)]
        made.add_row(_named(key), percent(shares[0]), curve(shares), percent(shares[-1]), *dates)
    on.print(made)
    on.print("An industry without a country: the first country of them all.", style="dim")
    _left_out(len(of_places) - len(places), ("pair", " of industry and country"), "output", on)
    heading("Days lost: mean over the draws, in days of base output", on)
    made = table("industry, country", no_wrap=True)
    made.add_column(labels[0], no_wrap=True, justify="right")
    top = max(row["days_lost"]["mean"] for key in (*world, *places) for row in cells[key])
    made.add_column(f"0 to {top:.1f}", no_wrap=True)
    made.add_column(labels[-1], no_wrap=True, justify="right")
    for key in (*world, *places):
        lost = [row["days_lost"]["mean"] for row in cells[key]]
        drawn = curve(lost, top=top) if top > 0 else ""
        made.add_row(_named(key), f"{lost[0]:.1f}", drawn, f"{lost[-1]:.1f}")
    on.print(made)
    on.print("An industry without a country: the output of all countries.", style="dim")


def _named(key: tuple[str, str]) -> str:
    return key[0] if key[1] == "WLD" else ", ".join(key)
