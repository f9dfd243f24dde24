"""`xenotime sweep`: one number varied, the same draws at every value, curves of what is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from xenotime.cli.reading import Reader, in_workspace
from xenotime.cli.writing import console, print_json, progress_line

__all__ = ["sweep"]


@in_workspace
def sweep(
    scenario: Annotated[str, typer.Argument(help="Name of a built-in scenario, or a YAML file.")],
    vary: Annotated[
        str,
        typer.Option(
            metavar="NAME=VALUES", help="What varies: 0..26w, 0..26w/2w, 0,4w,8w or 0.1..0.9/0.2."
        ),
    ],
    by: Annotated[
        str | None,
        typer.Option(metavar="WHAT", help="`destination`: curves of each, too."),
    ] = None,
    draws: Annotated[
        str, typer.Option(metavar="N", help="Draws at each value; powers of two sample best.")
    ] = "64",
    seed: Annotated[str, typer.Option(metavar="N", help="Same seed, same bits.")] = "7",
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="Last day of the runs (YYYY-MM-DD).")
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Use only what was known and announced on this day."),
    ] = None,
    param: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="Hold a parameter at a value; repeatable."),
    ] = None,
    threads: Annotated[
        str | None, typer.Option(metavar="N", help="Threads of the engine; all cores if left out.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Store the sweep in this new folder, not the workspace."),
    ] = None,
    workspace: Annotated[
        str | None,
        typer.Option(metavar="DIR", help="Workspace folder [env: XENOTIME_WORKSPACE]."),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Print the sweep as JSON and nothing else.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress on standard error.")] = False,
) -> None:
    """Vary one number of a scenario: what is lost, and what stops, at each value.

    Draw by draw the values share parameters and luck, so differences are due to
    the value alone.

    \b
    Examples:
      xenotime sweep april-2025 --vary approval_delay=0..26w
      xenotime sweep april-2025 --vary approval_delay=0,4w,8w --by destination --json
    """  # noqa: D301  # \b keeps the lines of the examples apart
    from xenotime import facts, scenarios

    reader = Reader("sweep")
    chosen = reader.ask(lambda: scenarios.load(scenario))
    wanted_draws = reader.whole_number("--draws", draws, least=1)
    wanted_seed = reader.whole_number("--seed", seed, least=0)
    wanted_threads = None if threads is None else reader.whole_number("--threads", threads, least=1)
    last_day = reader.day("--until", until)
    known_on = reader.day("--as-of", as_of)
    params = reader.assignments("--param", param or [], facts.parameters())
    from xenotime import runs

    # What could not be read is said already; the rest of the request is checked beside it.
    reader.ask(
        lambda: runs.check_sweep(
            chosen if chosen is not None else "april-2025",
            vary,
            by=by,
            draws=1 if wanted_draws is None else wanted_draws,
            seed=0 if wanted_seed is None else wanted_seed,
            until=last_day if chosen is not None else None,
            as_of=known_on,
            params=params,
            threads=wanted_threads,
            out=out,
        )
    )
    reader.finish()
    assert wanted_draws is not None
    assert wanted_seed is not None
    with progress_line(quiet=quiet) as progress:
        done = runs.sweep(
            scenario,
            vary,
            by=by,
            draws=wanted_draws,
            seed=wanted_seed,
            until=last_day,
            as_of=known_on,
            params=params or None,
            threads=wanted_threads,
            workspace=workspace,
            out=out,
            progress=progress,
        )
    if json:
        print_json(done.summary)
        return
    from xenotime.report.sweep_page import show_sweep

    show_sweep(done.summary, folder=done.folder, on=console())
