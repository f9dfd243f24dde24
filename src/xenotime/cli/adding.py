"""What the commands that add to the record share: options, files, and the page that they print."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xenotime.cli.reading import Reader
from xenotime.cli.writing import print_json, say

if TYPE_CHECKING:
    from xenotime.facts.batches import Batch
    from xenotime.facts.tables import Refused, Sifted

__all__ = [
    "AddedBy",
    "AsJson",
    "FirstKnown",
    "Folder",
    "Grade",
    "Licence",
    "Note",
    "SourceTitle",
    "SourceUrl",
    "Title",
    "Vintage",
    "read_file",
    "show_batch",
    "show_template",
    "store",
    "who",
]

Folder = Annotated[
    str | None, typer.Option(metavar="DIR", help="Workspace folder [env: XENOTIME_WORKSPACE].")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print it as JSON and nothing else.")]
AddedBy = Annotated[
    str | None, typer.Option(metavar="NAME", help="Who adds it (default: the user's login).")
]
Title = Annotated[
    str | None, typer.Option(metavar="TEXT", help="Title of the batch (default: the source's).")
]
SourceUrl = Annotated[
    str | None, typer.Option(metavar="TEXT", help="Address, or the name of a document.")
]
SourceTitle = Annotated[str | None, typer.Option(metavar="TEXT", help="Title of the source.")]
Grade = Annotated[
    str | None,
    typer.Option(
        metavar="GRADE",
        help="A official, B named press or company, C secondary, D for comparison only, prior.",
    ),
]
FirstKnown = Annotated[
    str | None, typer.Option(metavar="DATE", help="Day on which it could first be known.")
]
Vintage = Annotated[
    str | None,
    typer.Option(metavar="WORD", help="Publication that it comes from, in a word (own)."),
]
Note = Annotated[str | None, typer.Option(metavar="TEXT", help="What a reader should know.")]
Licence = Annotated[
    str | None,
    typer.Option(metavar="CLASS", help="Licence class (cited-figure; own for assumptions)."),
]


def who(name: str | None) -> str:
    """Name of who adds something: as given, else the login.

    >>> who("analyst")
    'analyst'
    """
    if name is not None:
        return name
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no login name in a container
        return f"user {os.getuid()}" if hasattr(os, "getuid") else "unknown user"


def read_file(reader: Reader, option: str, table: str, file: Path) -> Sifted[Any]:
    """Read rows of a table from a CSV file; its problems go to the reader.

    Blank cells that follow from others are filled in, as they are for options.
    """
    from xenotime.facts.batches import sift_table
    from xenotime.facts.completing import completed
    from xenotime.facts.tables import Sifted

    sifted = reader.ask(lambda: sift_table(table, file, partial(completed, table)))
    if sifted is None:
        return Sifted()
    if not sifted.rows and not sifted.problems:
        reader.problems.append(f"{option} {file} holds no row: write one below the header")
    reader.problems += [f"{file.name}: {problem}" for problem in sifted.problems]
    return sifted


def show_template(table: str, *, json: bool = False) -> None:
    """Print the header of a table, and on standard error what its columns want."""
    from xenotime.facts.batches import EXTENSIBLE
    from xenotime.facts.columns import COLUMN_NOTES

    columns = EXTENSIBLE[table].columns
    if json:
        notes = [{"name": column, "wants": COLUMN_NOTES[table, column]} for column in columns]
        print_json({"table": table, "columns": notes})
        return
    print(",".join(columns))
    width = max(len(column) for column in columns)
    for column in columns:
        say(f"{column:<{width}}  {COLUMN_NOTES[table, column]}")
    say("Columns may come in any order; those that are optional may be left out.")


def store(
    reader: Reader,
    tables: Mapping[str, Sequence[Any]],
    *,
    workspace: str | None,
    title: str | None,
    by: str | None,
    kind: str,
    json: bool,
    new_quantities: Collection[str] = (),
    refused: Mapping[str, Sequence[Refused[Any]]] | None = None,
    also: Mapping[str, Any] | None = None,
) -> None:
    """Check what the reader has collected, add the rows as one batch and show what they change.

    `also` is what a command says besides in its JSON.
    """
    from xenotime.facts.adding import add, allowed_quantities, note_problems, problems_of
    from xenotime.workspace import Workspace

    if not any(tables.values()) and not reader.problems:
        reader.problems.append("there is nothing to add: see --help, or start with --template")
    import datetime as dt

    # Before anything is made on the disk: the workspace of a wrong request is left as it is.
    reader.problems += problems_of(
        tables,
        today=dt.datetime.now(dt.UTC).date(),
        new_quantities=allowed_quantities(kind, new_quantities),
        refused=refused,
    )
    name = who(by)
    reader.problems += note_problems(title or "", name)
    reader.finish()
    batch = add(
        Workspace.open(workspace),
        tables,
        title=title or _title(tables),
        by=name,
        kind=kind,
        new_quantities=new_quantities,
    )
    show_batch(batch, workspace=workspace, json=json, also=also)


def _title(tables: Mapping[str, Sequence[Any]]) -> str:
    rows = [row for found in tables.values() for row in found]
    titles = dict.fromkeys(str(getattr(row, "source_title", row.id)) for row in rows)
    return next(iter(titles)) + (f" and {len(titles) - 1} more" if len(titles) > 1 else "")


def show_batch(
    batch: Batch, *, workspace: str | None, json: bool, also: Mapping[str, Any] | None = None
) -> None:
    """Show what was added and what it changes."""
    from xenotime.facts import including, workspace_additions

    rows = [(table, row) for table, found in batch.tables.items() for row in found]
    if json:
        with including(workspace_additions(workspace)):
            told = [
                {"id": row.id, "table": table, "source_title": getattr(row, "source_title", ""),
                 "source_url": getattr(row, "source_url", ""), "changes": changes(row)}
                for table, row in rows
            ]  # fmt: skip
        note = {
            name: getattr(batch, name) for name in ("id", "title", "by", "added", "kind", "pack")
        }
        print_json({"batch": note, "rows": told, **(also or {})})
        return
    # Before anything is worked out: whoever waits or breaks off knows that the rows are there.
    print(f"added {len(rows)} row{'s' if len(rows) > 1 else ''} as batch {batch.id}", flush=True)
    shown = _a_few([row for _, row in rows])
    with including(workspace_additions(workspace)):
        for row in shown:
            print(row.id)
            for line in changes(row):
                print(f"    {line}")
    if len(rows) > len(shown):
        say(
            f"and {len(rows) - len(shown):,} more: all are in --json and in `xenotime facts search`"
        )
    say(f"take it out again with: xenotime data undo {batch.id}")


_MOST_SHOWN = 40
_MOST_VINTAGES = 2


def _a_few(rows: Sequence[Any]) -> list[Any]:
    """Choose the rows that are shown: the first ones, at most two vintages of one quantity."""
    from xenotime.facts.vintages import body_of

    seen: dict[str, int] = {}
    found: list[Any] = []
    for row in rows:
        body = body_of(row.id)
        seen[body] = seen.get(body, 0) + 1
        if seen[body] <= _MOST_VINTAGES and len(found) < _MOST_SHOWN:
            found.append(row)
    return found


def changes(row: Any) -> list[str]:
    """Say what an added row changes, with what is in force here."""
    from xenotime.facts import Claim, Measure
    from xenotime.facts.vintages import figure, what_it_changes

    if isinstance(row, Claim):
        return [f"{figure(row)}; {what_it_changes(row)}"]
    if isinstance(row, Measure):
        from xenotime.runs.effects import effects_of

        return effects_of(row)
    return []
