"""What `xenotime network` prints of a network: a page, or the same as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xenotime.cli.writing import console, print_json, say

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from pandas import DataFrame

    from xenotime.networks import ProductionNetwork
    from xenotime.runs.baseline import Built

__all__ = ["show_built", "show_checked", "show_flows", "show_index", "show_one"]

_WORST = 10


def _bounded(table: DataFrame, network: ProductionNetwork) -> DataFrame:
    """Leave intervals out where the ensemble is too small for any, and say so."""
    from xenotime.networks.intervals import LEAST_MEMBERS, without_thin_intervals

    members = network.ensemble["member"].nunique()
    if len(table) and members < LEAST_MEMBERS:
        say(
            f"no intervals: they need {LEAST_MEMBERS} members and this network has {members}; "
            f"build it with --members {LEAST_MEMBERS} or more"
        )
    return without_thin_intervals(table, network)


def _rows_of(table: DataFrame) -> list[dict[str, Any]]:
    """Rows of a table with null for missing numbers and lists for joined ids."""
    plain = table.astype(object).where(table.notna(), None)
    rows = [{str(key): value for key, value in row.items()} for row in plain.to_dict("records")]
    for row in rows:
        if "sources" in row:
            row["sources"] = [part for part in str(row["sources"]).split(";") if part]
    return rows


def show_checked(made: Built, as_of: date | None, folder: Path | None, *, json: bool) -> list[str]:
    """Print whether a sound network meets what is asked of it; return the tests that it fails."""
    from xenotime.networks.summary import acceptance, moved_figures, sizes

    report = made.reconciliation
    rows = acceptance(report) if report else []
    moved = moved_figures(report) if report else []
    if json:
        print_json(
            {
                "network": {"folder": folder, "as_of": as_of, "sizes": sizes(made.network)},
                "problems": [],
                "acceptance": rows if report else None,
                "moved": moved if report else None,
            }
        )
    else:
        from xenotime.report.network_page import show_acceptance, show_moved

        print(f"sound: {len(made.network.links):,} links are in balance")
        if report:
            show_acceptance(rows, console())
            show_moved(moved, console())
        else:
            say("the folder holds no report of a reconciliation: nothing more to hold against")
    return [row["test"] for row in rows if row["passed"] is False]


def show_built(made: Built, as_of: date | None, folder: Path | None, *, json: bool) -> None:
    """Print sizes, what is observed, the worst residuals and the time taken."""
    from xenotime.networks.summary import (
        countries_without_cited_flow,
        minerals_left_out,
        observed_shares,
        sizes,
        worst_residuals,
    )

    report = made.reconciliation
    summary = {
        "as_of": as_of,
        "folder": folder,
        "sizes": sizes(made.network),
        "observed": _rows_of(observed_shares(made.network)),
        "countries_without_cited_flow": countries_without_cited_flow(made.network),
        "worst": worst_residuals(report, _WORST) if report else [],
        "hidden": report.get("hidden", []),
        "left_out": minerals_left_out(made.network, report.get("hidden", [])),
        "seconds": report.get("seconds"),
    }
    if json:
        print_json({"network": summary})
        return
    from xenotime.report.network_page import show_network

    show_network(summary, console())


def show_one(network: ProductionNetwork, what: str, most: int, *, json: bool) -> None:
    """Print a producer with its largest links, at most so many each way, or a link."""
    from xenotime.networks.lookup import flows_of_producer, link_named
    from xenotime.report import network_page

    if ">" in what:
        link = _rows_of(_bounded(link_named(network, what).to_frame().T, network))[0]
        if json:
            print_json({"link": link})
        else:
            network_page.show_link(link, console())
        return
    received, shipped = flows_of_producer(network, what)
    producers = network.producers
    card = {
        "producer": _rows_of(producers[producers["producer"] == what])[0],
        "matches": {"receives": len(received), "ships": len(shipped)},
        "receives": _rows_of(_bounded(received.head(most), network)),
        "ships": _rows_of(_bounded(shipped.head(most), network)),
    }
    if json:
        print_json(card)
    else:
        network_page.show_producer(card, console())


def show_flows(
    network: ProductionNetwork, filters: dict[str, str | None], most: int, *, json: bool
) -> None:
    """Print the flows that match the filters."""
    from xenotime.networks.lookup import flows_where
    from xenotime.report.network_page import show_links

    found = flows_where(network, **filters)
    rows = _rows_of(_bounded(found.head(most), network))
    if json:
        print_json({"filters": filters, "matches": len(found), "links": rows})
    else:
        show_links(rows, len(found), console())
    if not len(found):
        say("no flow matches: drop a filter")


def show_index(
    network: ProductionNetwork,
    name: str,
    filters: dict[str, str | None],
    most: int,
    *,
    json: bool,
) -> None:
    """Print concentration or reliance, filtered."""
    import pandas as pd

    from xenotime.networks.concentration import concentration
    from xenotime.networks.element_flows import products_without_contents
    from xenotime.networks.reliance import reliance
    from xenotime.report import network_page

    table = concentration(network) if name == "concentration" else reliance(network)
    for column, value in filters.items():
        if value is None:
            continue
        key = column if column in table else "name"
        table = table[table[key] == value]
    # Tonnes of an element and tonnes of a product are two tables, each with its own largest rows.
    kinds = [table[table["kind"] == kind] for kind in ("element", "product")]
    shown = pd.concat([part.head(most) for part in kinds])
    rows = _rows_of(_bounded(shown, network))
    unknown = products_without_contents(network)
    if json:
        print_json({"matches": len(table), name: rows, "products_without_contents": unknown})
        return
    if name == "concentration":
        network_page.show_concentration(rows, console())
    else:
        network_page.show_reliance(rows, console())
    if len(table) > len(rows):
        longest = max(len(part) for part in kinds)
        say(f"{len(rows):,} of {len(table):,} rows: see more with --limit {longest}")
    if not len(table):
        say("no row matches: drop a filter")
    if unknown:
        say(f"{len(unknown)} products have no contents on record and count in no element")
