"""`xenotime network`: who supplies whom in the undisturbed state."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xenotime.cli.reading import Reader, in_workspace
from xenotime.cli.writing import console, print_json, say

if TYPE_CHECKING:
    from datetime import date

    from pandas import DataFrame

    from xenotime.networks import ProductionNetwork
    from xenotime.runs.baseline import Built

__all__ = ["FORMATS", "commands"]

# As xenotime.networks.exporting has them; repeated so that --help need not load numpy.
FORMATS = ("parquet", "csv", "geoparquet", "geojson", "graphml", "gexf")
_WORST = 10

commands = typer.Typer(
    help="Build, show, check and export the reconciled network.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

_Workspace = Annotated[
    str | None,
    typer.Option("--workspace", metavar="DIR", help="Workspace folder [env: XENOTIME_WORKSPACE]."),
]
_AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="Only figures that were known on this day."),
]
_Network = Annotated[
    Path | None,
    typer.Option("--network", metavar="DIR", help="A built network instead of the workspace's."),
]
_Json = Annotated[bool, typer.Option("--json", help="Print it as JSON and nothing else.")]


@commands.command("build")
@in_workspace
def build(
    as_of: _AsOf = None,
    members: Annotated[
        str, typer.Option(metavar="N", help="Solutions in the ensemble, the middle one included.")
    ] = "16",
    year: Annotated[
        str | None,
        typer.Option(metavar="YEAR", help="A precedent instead of today: 2010."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write the network into this new folder, too."),
    ] = None,
    workspace: _Workspace = None,
    json: _Json = False,
) -> None:
    """Reconcile the figures into a network; print its sizes, residuals and what is observed.

    \b
    Examples:
      xenotime network build
      xenotime network build --as-of 2025-12-31 --members 4
      xenotime network build --out my-network --json
      xenotime network build --year 2010 --out then
    """  # noqa: D301  # \b keeps the lines of the examples apart
    reader = Reader("network build")
    known_on = reader.day("--as-of", as_of)
    wanted = reader.whole_number("--members", members, least=1)
    if year is not None:
        from xenotime.networks.precedent import YEARS

        reader.choice("--year", year, [str(known) for known in YEARS])
    _new_folder(reader, "--out", out)
    reader.finish()
    assert wanted is not None
    made = _built(known_on, wanted, workspace, None if year is None else int(year))
    if out is not None:
        _write_network(made, out)
    _show_built(made, known_on, out, json=json)


@commands.command("show")
@in_workspace
def show(
    what: Annotated[
        str | None,
        typer.Argument(
            metavar="[PRODUCER|LINK]", help="A producer, or a link as 'SUPPLIER > BUYER > PRODUCT'."
        ),
    ] = None,
    country: Annotated[
        str | None, typer.Option(metavar="ISO3", help="Only flows from or to this country.")
    ] = None,
    stage: Annotated[
        str | None, typer.Option(metavar="STAGE", help="Only flows from or to this stage.")
    ] = None,
    element: Annotated[
        str | None, typer.Option(metavar="ELEMENT", help="Only products that hold it, e.g. Dy.")
    ] = None,
    product: Annotated[
        str | None, typer.Option(metavar="PRODUCT", help="Only this product, e.g. oxide:Dy.")
    ] = None,
    concentration: Annotated[
        bool, typer.Option("--concentration", help="Show how concentrated production is.")
    ] = False,
    reliance: Annotated[bool, typer.Option("--reliance", help="Show net import reliance.")] = False,
    limit: Annotated[str, typer.Option(metavar="N", help="Show at most this many rows.")] = "20",
    as_of: _AsOf = None,
    network: _Network = None,
    workspace: _Workspace = None,
    json: _Json = False,
) -> None:
    """Show who supplies whom, with intervals, basis and sources; or indices by country.

    \b
    Examples:
      xenotime network show
      xenotime network show --country JPN --product oxide:Dy
      xenotime network show metal:Dy@CHN
      xenotime network show --concentration --element Dy
      xenotime network show --reliance --country USA --stage separation
    """  # noqa: D301  # \b keeps the lines of the examples apart
    reader = Reader("network show")
    known_on = reader.day("--as-of", as_of)
    most = reader.whole_number("--limit", limit, least=1)
    filters = {"country": country, "stage": stage, "element": element, "product": product}
    if concentration and reliance:
        reader.problems.append("--concentration and --reliance are two tables: ask for one")
    if what is not None and (concentration or reliance or any(filters.values())):
        reader.problems.append(f"{what!r} is one thing: leave the filters and tables out")
    if network is not None and known_on is not None:
        reader.problems.append("--as-of does not change a network that is built: leave one out")
    reader.finish()
    assert most is not None
    made = _given(network, known_on, workspace)
    _check_names(reader, made.network, filters)
    if concentration and country is not None:
        reader.problems.append("--country does not filter --concentration: leave it out")
    reader.finish()
    if what is not None:
        _show_one(made.network, what, json=json)
    elif concentration or reliance:
        name = "concentration" if concentration else "reliance"
        _show_index(made.network, name, filters, most, json=json)
    elif any(filters.values()):
        _show_flows(made.network, filters, most, json=json)
    else:
        _show_built(made, known_on, network, json=json)


@commands.command("check")
@in_workspace
def check(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="[DIR]", help="A built network; else the workspace's."),
    ] = None,
    as_of: _AsOf = None,
    workspace: _Workspace = None,
    json: _Json = False,
) -> None:
    """Check a network: every table, the laws of mass, and what is asked of a baseline.

    Leaves with 2 when the network is unsound, with 1 when a number that a baseline must meet is
    not met.

    \b
    Examples:
      xenotime network check
      xenotime network check my-network --json
    """  # noqa: D301  # \b keeps the lines of the examples apart
    reader = Reader("network check")
    known_on = reader.day("--as-of", as_of)
    if folder is not None and known_on is not None:
        reader.problems.append("--as-of does not change a network that is built: leave one out")
    reader.finish()
    made = _given(folder, known_on, workspace)  # raises with everything that is unsound
    from xenotime.networks.summary import acceptance, sizes

    rows = acceptance(made.reconciliation) if made.reconciliation else []
    failed = [row["test"] for row in rows if row["passed"] is False]
    if json:
        print_json(
            {
                "network": {"folder": folder, "as_of": known_on, "sizes": sizes(made.network)},
                "problems": [],
                "acceptance": rows if made.reconciliation else None,
            }
        )
    else:
        from xenotime.report.network_page import show_acceptance

        print(f"sound: {len(made.network.links):,} links are in balance")
        if made.reconciliation:
            show_acceptance(rows, console())
        else:
            say("the folder holds no report of a reconciliation: nothing more to hold against")
    if failed:
        say(f"not met: {', '.join(failed)}")
        raise typer.Exit(1)


@commands.command("export")
@in_workspace
def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder.")],
    format: Annotated[  # noqa: A002  # the option's name
        str, typer.Option(metavar="FORMAT", help=f"One of {', '.join(FORMATS)}.")
    ],
    as_of: _AsOf = None,
    network: _Network = None,
    workspace: _Workspace = None,
) -> None:
    """Write sites and flows for tables, maps (GIS) and graph programs.

    \b
    Examples:
      xenotime network export map --format geojson
      xenotime network export graph --format gexf --network my-network
    """  # noqa: D301  # \b keeps the lines of the examples apart
    reader = Reader("network export")
    known_on = reader.day("--as-of", as_of)
    reader.choice("--format", format, FORMATS)
    _new_folder(reader, "DIR", folder)
    if network is not None and known_on is not None:
        reader.problems.append("--as-of does not change a network that is built: leave one out")
    reader.finish()
    made = _given(network, known_on, workspace)
    from xenotime.networks.exporting import write_export
    from xenotime.workspace import staged

    with staged(folder) as part:
        names = [path.name for path in write_export(made.network, part, format)]
    say(f"wrote {' and '.join(names)} to {folder}")


def _new_folder(reader: Reader, option: str, folder: Path | None) -> None:
    """Check that a new folder can appear, before anything is computed."""
    if folder is None:
        return
    from xenotime.workspace import WorkspaceError, require_free

    try:
        require_free(folder)
    except WorkspaceError as error:
        reader.problems.extend(f"{option}: {problem}" for problem in error.problems)


def _built(
    as_of: date | None, members: int | None, workspace: str | None, year: int | None = None
) -> Built:
    from xenotime.runs.baseline import MEMBERS, built
    from xenotime.workspace import Workspace

    store = Workspace.open(workspace)
    size = MEMBERS if members is None else members
    return built(store, as_of, say, members=size, year=year)


def _given(folder: Path | None, as_of: date | None, workspace: str | None) -> Built:
    """Read a folder, or take the workspace's baseline."""
    if folder is None:
        return _built(as_of, None, workspace)
    from xenotime.runs.baseline import read_built

    return read_built(folder)


def _write_network(made: Built, out: Path) -> None:
    from xenotime.runs.baseline import write_built
    from xenotime.workspace import staged

    with staged(out) as part:
        write_built(made, part)
    say(f"wrote the network to {out}")


def _check_names(
    reader: Reader, network: ProductionNetwork, filters: dict[str, str | None]
) -> None:
    known = {
        "country": set(network.producers["country"]),
        "stage": set(network.producers["stage"]),
        "element": set(network.contents["element"]),
        "product": set(network.links["product"]),
    }
    for name, value in filters.items():
        if value is not None:
            reader.name(f"--{name}", value, known[name])


def _rows(table: DataFrame) -> list[dict[str, Any]]:
    """Rows of a table with null for missing numbers and lists for joined ids."""
    plain = table.astype(object).where(table.notna(), None)
    rows = [{str(key): value for key, value in row.items()} for row in plain.to_dict("records")]
    for row in rows:
        if "sources" in row:
            row["sources"] = [part for part in str(row["sources"]).split(";") if part]
    return rows


def _show_built(made: Built, as_of: date | None, folder: Path | None, *, json: bool) -> None:
    from xenotime.networks.summary import (
        countries_without_cited_flow,
        observed_shares,
        sizes,
        worst_residuals,
    )

    report = made.reconciliation
    summary = {
        "as_of": as_of,
        "folder": folder,
        "sizes": sizes(made.network),
        "observed": _rows(observed_shares(made.network)),
        "countries_without_cited_flow": countries_without_cited_flow(made.network),
        "worst": worst_residuals(report, _WORST) if report else [],
        "hidden": report.get("hidden", []),
        "seconds": report.get("seconds"),
    }
    if json:
        print_json({"network": summary})
        return
    from xenotime.report.network_page import show_network

    show_network(summary, console())


def _show_one(network: ProductionNetwork, what: str, *, json: bool) -> None:
    from xenotime.networks.lookup import flows_of_producer, link_named
    from xenotime.report import network_page

    if ">" in what:
        link = _rows(link_named(network, what).to_frame().T)[0]
        if json:
            print_json({"link": link})
        else:
            network_page.show_link(link, console())
        return
    received, shipped = flows_of_producer(network, what)
    producers = network.producers
    card = {
        "producer": _rows(producers[producers["producer"] == what])[0],
        "receives": _rows(received),
        "ships": _rows(shipped),
    }
    if json:
        print_json(card)
    else:
        network_page.show_producer(card, console())


def _show_flows(
    network: ProductionNetwork, filters: dict[str, str | None], most: int, *, json: bool
) -> None:
    from xenotime.networks.lookup import flows_where
    from xenotime.report.network_page import show_links

    found = flows_where(network, **filters)
    rows = _rows(found.head(most))
    if json:
        print_json({"filters": filters, "matches": len(found), "links": rows})
    else:
        show_links(rows, len(found), console())
    if not len(found):
        say("no flow matches: drop a filter")


def _show_index(
    network: ProductionNetwork,
    name: str,
    filters: dict[str, str | None],
    most: int,
    *,
    json: bool,
) -> None:
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
    rows = _rows(table.head(most))
    unknown = products_without_contents(network)
    if json:
        print_json({"matches": len(table), name: rows, "products_without_contents": unknown})
        return
    if name == "concentration":
        network_page.show_concentration(rows, console())
    else:
        network_page.show_reliance(rows, console())
    if len(table) > len(rows):
        say(f"{len(rows)} of {len(table)} rows: see more with --limit {len(table)}")
    if unknown:
        say(f"{len(unknown)} products have no contents on record and count in no element")
