"""A network as pages in the terminal: what was built, who supplies whom, indices by country.

Everything comes from the objects that `--json` prints. Ids are not wrapped: they can be copied.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from xenotime.report.page_parts import counted, explain_codes, heading, percent, short, table

__all__ = [
    "show_acceptance",
    "show_concentration",
    "show_link",
    "show_links",
    "show_moved",
    "show_network",
    "show_producer",
    "show_reliance",
]

Row = Mapping[str, Any]


def show_network(summary: Row, on: Console) -> None:
    """Print sizes, what is observed by stage, the worst residuals and the time taken."""
    sizes = summary["sizes"]
    on.print(
        f"{sizes['producers']:,} producers in {sizes['countries']} countries,"
        f" {sizes['links']:,} links ({sizes['links_above_1_t']:,} above 1 t a year)"
        f" of {sizes['products']} products, {sizes['members']} members"
    )
    heading("Share of flow that cited figures pin, and that they pin or touch (A, B)", on)
    grid = table("stage of the maker", no_wrap=True)
    for name in ("links", "observed", "t a year", "observed", "touched"):
        grid.add_column(name, justify="right")
    for row in summary["observed"]:
        grid.add_row(
            row["stage"],
            f"{row['links']:,}",
            f"{row['observed_links']:,}",
            f"{row['t_per_year']:,.0f}",
            f"{row['observed_percent']:.1f} %",
            f"{row['touched_percent']:.1f} %",
        )
    on.print(grid)
    if summary["countries_without_cited_flow"]:
        on.print(f"No cited figure: {', '.join(summary['countries_without_cited_flow'])}")
    if summary["worst"]:
        heading("Figures that the reconciliation moved most, in sigmas", on)
        for fact in summary["worst"]:
            _residual(fact, on)
    if summary["hidden"]:
        on.print()
        on.print(
            f"{counted(len(summary['hidden']), 'figure')} that would enter"
            f" {'was' if len(summary['hidden']) == 1 else 'were'} not known on"
            f" {summary['as_of'] or 'the day of this network'}"
        )
    _left_out(summary["left_out"], on)
    if summary["seconds"] is not None:
        on.print()
        on.print(f"Reconciled in {summary['seconds']:.1f} s.", style="dim")


def _left_out(left_out: Row, on: Console) -> None:
    """Print which other minerals are not in the network at all, and why."""
    if not left_out["minerals"]:
        return
    why = (
        f": {counted(left_out['hidden'], 'figure')} of their output and trade"
        f" {'was' if left_out['hidden'] == 1 else 'were'} not known then (the first:"
        f" {left_out['first_known']}), and priors alone make no flows"
        if left_out["hidden"]
        else ", which holds rare earths only"
    )
    on.print(f"Other minerals left out of this network{why}: {', '.join(left_out['minerals'])}")


def show_acceptance(rows: Sequence[Row], on: Console) -> None:
    """Print each test of a baseline with its value and limit."""
    words = {True: "met", False: "NOT MET", None: "nothing to hold against"}
    names = {
        "hard_violation": "largest violation of the laws of mass",
        "within_one_sigma": "cited A and B tonnages within one sigma",
        "unexplained": "A figures moved by more than 15 % without a contradiction on record",
    }
    heading("What is asked of a baseline", on)
    for row in rows:
        value = row["value"]
        if row["test"] == "unexplained":
            shown = str(len(value))
        elif value is None:
            shown = "unknown"
        else:
            shown = percent(value) if row["test"] == "within_one_sigma" else f"{value:.1e}"
        on.print(f"{names[row['test']]}: {shown} ({row['limit']}): {words[row['passed']]}")
        if row["test"] == "unexplained":
            for name in value:
                on.print(Text(f"  - {name}"), soft_wrap=True)


def show_moved(rows: Sequence[Row], on: Console) -> None:
    """Print the figures of grade A that the fit moved by more than their error."""
    heading("Figures of grade A that the fit moved by more than one sigma", on)
    for fact in rows:
        _residual(fact, on)
        if fact["conflict"]:
            on.print(Text(f"        contradiction on record: {fact['conflict']}"), soft_wrap=True)
    if not rows:
        on.print("none")


def _residual(fact: Row, on: Console) -> None:
    """Print how far the fit moved a figure; a share is held as a difference from its part."""
    told = f"{fact['given']:,.6g} to {fact['fitted']:,.6g} {fact['unit']}"
    if fact["given"] == 0.0:
        side = "more" if fact["fitted"] > 0.0 else "less"
        told = f"{abs(fact['fitted']):,.6g} {fact['unit']} {side} than the share asks for"
    on.print(f"{fact['deviation_sigma']:>+6.1f}  {told}, grade {fact['grade']}", soft_wrap=True)
    on.print(Text(f"        {fact['fact']}"), soft_wrap=True)


def show_links(rows: Sequence[Row], total: int, on: Console) -> None:
    """Print flows with their interval and basis, two lines each."""
    for row in rows:
        _flow(row, f"{row['supplier']} > {row['buyer']}", on)
    if total > len(rows):
        on.print()
        on.print(f"{len(rows):,} of {total:,} links; see more with --limit {total}")


def _flow(row: Row, ends: str, on: Console) -> None:
    known = row["low"] is not None and row["high"] is not None
    bounds = f"{short(row['low'])}-{short(row['high'])}, " if known else ""
    on.print(f"{short(row['t_per_year']):>9} t a year  {row['product']} ({bounds}{row['basis']})")
    on.print(Text(f"{'':>9} {ends}"), soft_wrap=True)


def show_link(row: Row, on: Console) -> None:
    """Print one link with every figure that it rests on."""
    _flow(row, f"{row['supplier']} > {row['buyer']}", on)
    on.print(f"{'':>9} {row['origin']} to {row['destination']}, {row['transit_days']:.0f} days")
    heading("Figures that contain or sized the flow", on)
    for name in row["sources"]:
        on.print(Text(f"  {name}"), soft_wrap=True)


def show_producer(card: Row, on: Console) -> None:
    """Print a producer, what it receives and what it ships."""
    producer = card["producer"]
    on.print(Text(producer["producer"], style="bold"), soft_wrap=True)
    parts = (producer["country"], producer["stage"], producer["company"], producer["status"])
    on.print(
        f"{', '.join(part for part in parts if part)};"
        f" activity {short(producer['base_activity_t_per_year'])} t a year"
    )
    for title, name, end in (
        ("Receives", "receives", "supplier"),
        ("Ships", "ships", "buyer"),
    ):
        total = card["matches"][name]
        heading(f"{title} ({counted(total, 'link')})", on)
        for row in card[name]:
            _flow(row, row[end], on)
        if total > len(card[name]):
            on.print(f"the largest {len(card[name])} of {total:,}; see more with --limit {total}")


# Kind of a row of an index -> what its tonnes are.
_UNITS = {
    "element": "Elements, in t a year of the element that the goods hold",
    "product": "Products, in t a year of the product",
}


def show_concentration(rows: Sequence[Row], on: Console) -> None:
    """Print the index and the largest maker, of elements and of products apart."""
    for kind, title in _UNITS.items():
        chosen = [row for row in rows if row["kind"] == kind]
        if not chosen:
            continue
        heading(title, on)
        grid = table("stage", no_wrap=True)
        grid.add_column("what", overflow="fold")
        for name in ("t a year", "countries", "HHI", "10-90 %", "largest"):
            grid.add_column(name, justify="right", no_wrap=True)
        for row in chosen:
            grid.add_row(
                row["stage"],
                _what(row),
                short(row["t_per_year"]),
                str(row["countries"]),
                f"{row['hhi']:,.0f}",
                _spread(row["hhi_low"], row["hhi_high"]),
                f"{row['top_country']} {row['top_share_percent']:.0f} %",
            )
        on.print(grid)
    explain_codes((row["top_country"] for row in rows), on)


def show_reliance(rows: Sequence[Row], on: Console) -> None:
    """Print net import reliance by country and stage, of elements and of products apart."""
    for kind, title in _UNITS.items():
        chosen = [row for row in rows if row["kind"] == kind]
        if not chosen:
            continue
        heading(title, on)
        grid = table("country", no_wrap=True)
        grid.add_column("stage", no_wrap=True)
        grid.add_column("what", overflow="fold")  # the one column that gives way on narrow screens
        for name in ("made", "imports", "exports", "reliance", "10-90 %"):
            grid.add_column(name, justify="right", no_wrap=True)
        for row in chosen:
            value = row["net_import_reliance_percent"]
            known = "-" if value is None else f"{value:.0f} %"
            grid.add_row(
                row["country"],
                row["stage"],
                _what(row),
                short(row["production"]),
                short(row["imports"]),
                short(row["exports"]),
                "exporter" if row["net_exporter"] else known,
                _spread(row["low"], row["high"]),
            )
        on.print(grid)
    explain_codes((row["country"] for row in rows), on)


def _what(row: Row) -> str:
    """Name a product by its id, an element with the form that holds it."""
    return str(row["name"]) if row["kind"] == "product" else f"{row['name']} in {row['form']}"


def _spread(low: float | None, high: float | None) -> str:
    """Write an interval; blank where there is none, or none that shows."""
    if low is None or high is None:
        return ""
    ends = (f"{low:,.0f}", f"{high:,.0f}")
    return "" if ends[0] == ends[1] else "-".join(ends)
