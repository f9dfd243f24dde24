"""`xenotime scenario`: the what-ifs that can be run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from xenotime.cli.reading import Reader, in_workspace
from xenotime.cli.writing import print_json

__all__ = ["commands"]

commands = typer.Typer(
    help="List, show, begin and check scenarios.", no_args_is_help=True, rich_markup_mode=None
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


@commands.command("new")
@in_workspace
def new(
    name: Annotated[str, typer.Argument(help="Name: small letters, digits and dashes.")],
    base: Annotated[
        str, typer.Option("--from", metavar="SCENARIO", help="What to begin with.")
    ] = "april-2025",
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where to write it (NAME.yaml here).")
    ] = None,
    workspace: Annotated[  # noqa: ARG001  # in_workspace reads it
        str | None,
        typer.Option(metavar="DIR", help="Workspace folder [env: XENOTIME_WORKSPACE]."),
    ] = None,
) -> None:
    """Begin a scenario of your own: a copy of another one, to be changed in an editor.

    The JSON Schema of scenarios is written beside it: editors that read the first line of the copy
    complete its keys and mark what is wrong.

    \b
    Example:
      xenotime scenario new slow-europe --from april-2025
    """  # noqa: D301  # \b keeps the lines of the examples apart
    import yaml

    from xenotime.scenarios import load

    reader = Reader("scenario new")
    start = reader.ask(lambda: load(base))
    copied = None if start is None else reader.ask(lambda: start.revised(name=name))
    file = out if out is not None else Path(f"{name}.yaml")
    if copied is not None:
        reader.new_file("--out", file, replace=False, way="delete it first")
        _room_for_schema(reader, file)
    reader.finish()
    assert copied is not None
    from xenotime.scenarios.schema import FILE_NAME, schema_text
    from xenotime.workspace import write_atomically

    schema = file.with_name(FILE_NAME)
    text = yaml.safe_dump(copied.model_dump(mode="json"), sort_keys=False, allow_unicode=True)
    head = (
        f"# yaml-language-server: $schema={FILE_NAME}\n"
        f"# A copy of {base}. Keys: docs/howto/own-scenario.md\n"
    )
    write_atomically(schema, schema_text().encode())
    write_atomically(file, f"{head}{text}".encode())
    print(f"wrote {file}: change it, then `xenotime scenario validate {file}`")
    print(f"wrote {schema}, with which editors complete and check it")


def _room_for_schema(reader: Reader, file: Path) -> None:
    """Complain if a file that is no schema of scenarios has the place of the schema."""
    from xenotime.scenarios.schema import FILE_NAME, is_schema

    schema = file.with_name(FILE_NAME)
    try:
        if schema.exists() and not is_schema(schema):
            reader.problems.append(f"{schema} is there and no schema of scenarios: move it away")
    except OSError as error:
        reader.problems.append(f"{schema} cannot be read: {error.strerror}")


@commands.command("schema")
def schema() -> None:
    """Print the JSON Schema of scenario files, with which editors complete and check them.

    \b
    Example:
      xenotime scenario schema > scenario.schema.json
    """  # noqa: D301  # \b keeps the lines of the examples apart
    from xenotime.scenarios.schema import schema_text

    print(schema_text(), end="")
