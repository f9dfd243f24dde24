"""`xenotime scenario`: the what-ifs that can be run."""

from __future__ import annotations

from typing import Annotated

import typer

from xenotime.cli.reading import Reader, in_workspace
from xenotime.cli.writing import print_json

__all__ = ["commands"]

commands = typer.Typer(
    help="List, show and check scenarios.", no_args_is_help=True, rich_markup_mode=None
)


@commands.command("list")
def list_scenarios(
    json: Annotated[
        bool, typer.Option("--json", help="Print the list as JSON and nothing else.")
    ] = False,
) -> None:
    """List the built-in scenarios.

    \b
    Example:
      xenotime scenario list
    """  # noqa: D301  # \b keeps the lines of the examples apart
    from xenotime import scenarios

    found = [scenarios.load(name) for name in scenarios.builtin_names()]
    if json:
        print_json({"scenarios": [{"name": item.name, "title": item.title} for item in found]})
        return
    width = max(len(item.name) for item in found)
    for item in found:
        print(f"{item.name:<{width}}  {item.title}")


@commands.command("show")
@in_workspace
def show(
    scenario: Annotated[str, typer.Argument(help="Name of a built-in scenario, or a YAML file.")],
    workspace: Annotated[  # noqa: ARG001  # in_workspace reads it
        str | None,
        typer.Option(metavar="DIR", help="Workspace folder [env: XENOTIME_WORKSPACE]."),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Print it as JSON and nothing else.")
    ] = False,
) -> None:
    """Show a scenario with every key, as YAML that can be saved and changed.

    \b
    Examples:
      xenotime scenario show april-2025
      xenotime scenario show april-2025 > mine.yaml
    """  # noqa: D301  # \b keeps the lines of the examples apart
    from xenotime import scenarios

    content = scenarios.load(scenario).model_dump(mode="json")
    if json:
        print_json({"scenario": content})
        return
    import yaml

    print(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), end="")


@commands.command("validate")
@in_workspace
def validate(
    scenarios: Annotated[
        list[str], typer.Argument(metavar="SCENARIO...", help="Names or YAML files.")
    ],
    workspace: Annotated[  # noqa: ARG001  # in_workspace reads it
        str | None,
        typer.Option(metavar="DIR", help="Workspace folder [env: XENOTIME_WORKSPACE]."),
    ] = None,
) -> None:
    """Check scenarios and list everything that is wrong with them.

    \b
    Example:
      xenotime scenario validate april-2025
    """  # noqa: D301  # \b keeps the lines of the examples apart
    from xenotime.scenarios import load

    reader = Reader("scenario validate")
    for name in scenarios:
        reader.ask(lambda name=name: load(name))  # type: ignore[misc]  # binds the loop's value
    reader.finish()
    for name in scenarios:
        print(f"{name}: valid")
