"""`xenotime network`: who supplies whom in the undisturbed state."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xenotime.cli.network_showing import (
    show_built,
    show_checked,
    show_flows,
    show_index,
    show_one,
)
from xenotime.cli.reading import Reader, in_workspace
from xenotime.cli.writing import say

if TYPE_CHECKING:
    from datetime import date

    from xenotime.networks import ProductionNetwork
    from xenotime.runs.baseline import Built

__all__ = ["FORMATS", "commands"]

# As xenotime.networks.exporting has them; repeated so that --help need not load numpy.
FORMATS = ("parquet", "csv", "geoparquet", "geojson", "graphml", "gexf")

_FORMS = ("ore", "oxide", "metal", "alloy", "blank", "scrap", "magnet", "component", "material")

_OTHERWISE = {
    "country": "write an ISO3 code such as CHN, DEU or USA, or ROW, REU",
    "stage": "one of mine, separation, recycling, metal, alloy, magnet, component, industry",
    "element": "write a symbol such as Nd, Dy or Ga",
}

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
_Year = Annotated[
    str | None, typer.Option("--year", metavar="YEAR", help="A precedent instead of today: 2010.")
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
    year: _Year = None,
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
    chosen = _precedent(reader, year, None)
    _new_folder(reader, "--out", out)
    reader.finish()
    assert wanted is not None
    made = _built(known_on, wanted, workspace, chosen)
    if out is not None:
        _write_network(made, out)
    show_built(made, known_on, out, json=json)
    if chosen is not None and not json:
        say(f"see who supplied whom with `xenotime network show --year {chosen} --country JPN`")


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
    limit: Annotated[
        str, typer.Option(metavar="N", help="Show at most this many rows (of each table).")
    ] = "20",
    as_of: _AsOf = None,
    year: _Year = None,
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
    chosen = _precedent(reader, year, network)
    if network is not None and known_on is not None:
        reader.problems.append("--as-of does not change a network that is built: leave one out")
    if network is None:
        _check_words(reader, what, filters)
    if concentration and country is not None:
        reader.problems.append("--country does not filter --concentration: leave it out")
    reader.finish()
    assert most is not None
    made = _given(network, known_on, workspace, chosen)
    _check_names(reader, made.network, filters)
    reader.finish()
    if what is not None:
        show_one(made.network, what, most, json=json)
    elif concentration or reliance:
        name = "concentration" if concentration else "reliance"
        show_index(made.network, name, filters, most, json=json)
    elif any(filters.values()):
        show_flows(made.network, filters, most, json=json)
    else:
        show_built(made, known_on, network, json=json)


@commands.command("check")
@in_workspace
def check(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="[DIR]", help="A built network; else the workspace's."),
    ] = None,
    as_of: _AsOf = None,
    year: _Year = None,
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
    chosen = _precedent(reader, year, folder)
    if folder is not None and known_on is not None:
        reader.problems.append("--as-of does not change a network that is built: leave one out")
    reader.finish()
    made = _given(folder, known_on, workspace, chosen)  # raises with everything that is unsound
    failed = show_checked(made, known_on, folder, json=json)
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
    year: _Year = None,
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
    chosen = _precedent(reader, year, network)
    if network is not None and known_on is not None:
        reader.problems.append("--as-of does not change a network that is built: leave one out")
    reader.finish()
    made = _given(network, known_on, workspace, chosen)
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


def _precedent(reader: Reader, year: str | None, folder: Path | None) -> int | None:
    """Read the year of a precedent, which a built network has chosen already."""
    if year is None:
        return None
    from xenotime.networks.precedent import YEARS

    if folder is not None:
        reader.problems.append("--year does not change a network that is built: leave one out")
    known = reader.choice("--year", year, [str(known) for known in YEARS])
    return None if known is None else int(known)


def _given(
    folder: Path | None, as_of: date | None, workspace: str | None, year: int | None = None
) -> Built:
    """Read a folder, or take the workspace's baseline or precedent."""
    if folder is None:
        return _built(as_of, None, workspace, year)
    from xenotime.runs.baseline import read_built

    return read_built(folder)


def _write_network(made: Built, out: Path) -> None:
    from xenotime.runs.baseline import write_built
    from xenotime.workspace import staged

    with staged(out) as part:
        write_built(made, part)
    say(f"wrote the network to {out}")


def _check_words(reader: Reader, what: str | None, filters: dict[str, str | None]) -> None:
    """Check names against what any network may hold, before one is reconciled for a slip."""
    from xenotime.facts.taxonomy import (
        ELEMENTS,
        MINERALS,
        NETWORK_COUNTRIES,
        STAGES,
        countries,
    )

    nodes = {*countries(), *NETWORK_COUNTRIES}
    known = {"country": nodes, "stage": STAGES, "element": (*ELEMENTS, *MINERALS)}
    for name, names in known.items():
        value = filters[name]
        if value is not None:
            reader.name(f"--{name}", value, names, otherwise=_OTHERWISE[name])
    product = filters["product"]
    if product is not None and product.partition(":")[0] not in _FORMS:
        reader.problems.append(
            f"--product is {product!r}, which is unknown: write FORM:NAME, e.g. oxide:Dy; forms are"
            f" {', '.join(_FORMS)}"
        )
    for end in [] if what is None else [part.strip() for part in what.split(">")][:2]:
        place = end.rpartition("@")[2]
        if "@" not in end:
            reader.problems.append(
                f"{end!r} names no producer: write STAGE:NAME@ISO3, e.g. metal:Dy@CHN, or find it"
                " with --stage and --country"
            )
        else:
            reader.name(f"country of {end!r}", place, nodes, otherwise=_OTHERWISE["country"])


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
            otherwise = f"this network has {', '.join(sorted(known[name]))}"
            reader.name(f"--{name}", value, known[name], otherwise=otherwise)
