"""`xenotime run`: one scenario, many draws, a page of results."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from xenotime.cli.reading import Reader, in_workspace
from xenotime.cli.writing import console, print_json, progress_line

__all__ = ["run"]


@in_workspace
def run(
    scenario: Annotated[str, typer.Argument(help="Name of a built-in scenario, or a YAML file.")],
    draws: Annotated[
        str, typer.Option(metavar="N", help="Number of draws; powers of two sample best.")
    ] = "256",
    seed: Annotated[str, typer.Option(metavar="N", help="Same seed, same bits.")] = "7",
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="Last day of the run (YYYY-MM-DD).")
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Use only what was known and announced on this day."),
    ] = None,
    param: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="Hold a parameter at a value; repeatable."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Store the run in this new folder, not the workspace."),
    ] = None,
    workspace: Annotated[
        str | None,
        typer.Option(metavar="DIR", help="Workspace folder [env: XENOTIME_WORKSPACE]."),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Print the run as JSON and nothing else.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress on standard error.")] = False,
) -> None:
    """Run a scenario: exports, shortages and stopped industries, with their uncertainty.

    The first run on a machine compiles the engine once, some ten seconds; in a
    workspace it reconciles the network once, one to two minutes.

    \b
    Examples:
      xenotime run april-2025
      xenotime run no-truce-2025 --draws 1024 --until 2025-09-30 --json
      xenotime run april-2025 --param NAME=VALUE --out runs/first
    """  # noqa: D301  # \b keeps the lines of the examples apart
    from xenotime import facts, scenarios

    reader = Reader(f"run {scenario}")
    chosen = reader.ask(lambda: scenarios.load(scenario))
    wanted_draws = reader.whole_number("--draws", draws, least=1)
    wanted_seed = reader.whole_number("--seed", seed, least=0)
    last_day = reader.day("--until", until)
    known_on = reader.day("--as-of", as_of)
    params = reader.assignments("--param", param or [], facts.parameters())
    from xenotime import runs

    if chosen is not None:
        # What could not be read is said already; the rest of the request is checked beside it.
        reader.ask(
            lambda: runs.check(
                chosen,
                draws=1 if wanted_draws is None else wanted_draws,
                seed=0 if wanted_seed is None else wanted_seed,
                until=last_day,
                as_of=known_on,
                params=params,
                out=out,
            )
        )
    reader.finish()
    assert wanted_draws is not None
    assert wanted_seed is not None
    with progress_line(quiet=quiet) as progress:
        done = runs.run(
            scenario,
            draws=wanted_draws,
            seed=wanted_seed,
            until=last_day,
            as_of=known_on,
            params=params or None,
            workspace=workspace,
            out=out,
            progress=progress,
        )
    if json:
        print_json(done.summary)
        return
    from xenotime.report.terminal import show_run

    show_run(done.summary, folder=done.folder, on=console(), workspace=workspace)
