"""`xenotime workspace`: where runs are kept."""

from __future__ import annotations

from typing import Annotated

import typer

from xenotime.cli.writing import print_json

__all__ = ["commands"]

commands = typer.Typer(
    help="Show the folder that holds the runs.", no_args_is_help=True, rich_markup_mode=None
)

_CHOICES = {
    "caller": "--workspace",
    "environment": "XENOTIME_WORKSPACE",
    "platform": "the system's folder for user data",
}


@commands.command("show")
def show(
    workspace: Annotated[
        str | None,
        typer.Option(metavar="DIR", help="Workspace folder [env: XENOTIME_WORKSPACE]."),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Print it as JSON and nothing else.")
    ] = False,
) -> None:
    """Show the workspace: its folder, who chose it, its schema, its runs. Changes nothing.

    \b
    Examples:
      xenotime workspace show
      xenotime workspace show --workspace demo-workspace --json
    """  # noqa: D301  # \b keeps the lines of the examples apart
    from xenotime.workspace.location import locate
    from xenotime.workspace.schema import read_schema
    from xenotime.workspace.store import Workspace

    place = locate(workspace)
    schema = read_schema(place.root)
    looked_at = Workspace(place.root)
    runs = looked_at.list_runs() if schema is not None else ()
    if json:
        print_json(
            {
                "folder": place.root,
                "chosen_by": place.chosen_by,
                "workspace_schema": schema,
                "cache_bytes": looked_at.cache_bytes(),
                "runs": runs,
            }
        )
        return
    print(f"folder  {place.root}")
    print(f"        chosen by {_CHOICES[place.chosen_by]}")
    if schema is None:
        print("        not there yet: the first run makes it")
        return
    print(f"schema  {schema}")
    print(f"cache   {looked_at.cache_bytes() / 1e6:.1f} MB, may be deleted at any time")
    print(f"runs    {len(runs)}")
    for run in runs:
        state = "" if run.whole else "  damaged: run the scenario again"
        print(f"  {run.id}  {run.written:%Y-%m-%d %H:%M} UTC  {run.bytes / 1e6:.1f} MB{state}")
