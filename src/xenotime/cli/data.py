"""`xenotime data`: how far the record reaches, what was added to it, and data packs."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xenotime.cli.adding import AddedBy, AsJson, Folder, show_batch, who
from xenotime.cli.data_load import load
from xenotime.cli.reading import Reader
from xenotime.cli.writing import print_json, say
from xenotime.facts.problems import RequestError

if TYPE_CHECKING:
    from xenotime.facts.batches import Batch

__all__ = ["commands"]

commands = typer.Typer(
    help="See how far the record reaches; undo additions; hand them on.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

commands.command("load")(load)

_MOST_SHOWN = 20


@commands.command("status")
def status(workspace: Folder = None, json: AsJson = False) -> None:
    """Show how far the record reaches, what has lapsed since, and what was added. Changes nothing.

    \b
    Examples:
      xenotime data status
      xenotime data status --workspace demo-workspace --json
    """  # noqa: D301  # \b keeps the lines of the examples apart
    from xenotime.facts import NOTHING_ADDED, including, workspace_additions
    from xenotime.facts.batches import workspace_batches
    from xenotime.facts.status import record_status

    batches, broken = workspace_batches(workspace)
    # What keeps the additions from being used keeps runs from starting; here it is shown instead.
    problems: tuple[str, ...] = ()
    try:
        additions = workspace_additions(workspace)
    except RequestError as error:
        additions, problems = NOTHING_ADDED, error.problems
    with including(additions):
        found = record_status(dt.datetime.now(dt.UTC).date())
        listed = [_listed(batch, most=None if json else _MOST_SHOWN) for batch in batches]
    if json:
        print_json(
            {
                "record_end": {"measures": found.record_end},
                "today": found.today,
                "expired_since": found.expired,
                "counts": {
                    name: {"embedded": embedded, "added": added}
                    for name, (embedded, added) in found.counts.items()
                },
                "last_months": found.last_months,
                "batches": listed,
                "damaged": broken,
                "problems": problems,
            }
        )
        _finish(problems)
        return
    print(f"record ends {found.record_end} (measures); today is {found.today}")
    if found.expired:
        several = len(found.expired) > 1
        print(
            f"{len(found.expired)} act{'s have' if several else ' has'} expired since"
            f" ({', '.join(found.expired)}); whether {'they were' if several else 'it was'}"
            " extended is unknown"
        )
    for name, (embedded, added) in found.counts.items():
        print(f"  {name:<17} {embedded:>6,}{f' and {added:,} added' if added else ''}")
    months = ", ".join(f"{series} {month}" for series, month in found.last_months.items())
    print(f"last months: {months}")
    if problems:
        print("no addition counts until what is said at the end is mended; runs do not start")
    for batch in listed:
        state = "  undone" if batch["undone"] else ""
        print(f"{batch['id']}{state}  {batch['title']} (by {batch['by']}, {batch['added']})")
        for row in batch["rows"]:
            print(f"    {row['id']}{'' if row['changes'] is None else ': ' + row['changes']}")
        if batch["count"] > _MOST_SHOWN:
            print(f"    and {batch['count'] - _MOST_SHOWN:,} more; all are in --json")
    for failed in broken:
        print(f"{failed.id}{'  undone' if failed.undone else ''}  cannot be read:")
        for problem in failed.problems:
            print(f"    {problem}")
    if not listed and not broken:
        print("nothing was added in this workspace")
    _finish(problems)


def _finish(problems: tuple[str, ...]) -> None:
    """End as an error where additions cannot be used, after all that can be shown was shown."""
    if problems:
        raise RequestError(problems, subject="data status")


def _listed(batch: Batch, *, most: int | None) -> dict[str, Any]:
    """Say what a batch is, and what each of its first rows changes with what is in force here."""
    from xenotime.facts.status import row_line

    rows = [(table, row) for table, found in batch.tables.items() for row in found]
    count = len(rows)
    return {
        "id": batch.id,
        "title": batch.title,
        "by": batch.by,
        "added": batch.added,
        "kind": batch.kind,
        "undone": batch.undone,
        "pack": batch.pack,
        "count": count,
        "rows": [
            {"id": row.id, "table": table, "changes": None if batch.undone else row_line(row)}
            for table, row in rows[:most]
        ],
    }


@commands.command("undo")
def undo(
    batch: Annotated[str, typer.Argument(help="A batch that `xenotime data status` lists.")],
    workspace: Folder = None,
    json: AsJson = False,
) -> None:
    """Take a batch of additions out of force; it is kept and can be put back.

    \b
    Example:
      xenotime data undo 2026-07-01-facts-36489128
    """  # noqa: D301  # \b keeps the lines of the examples apart
    from xenotime.facts import adding

    _move(batch, workspace, json, adding.undo, "undone", "redo")


@commands.command("redo")
def redo(
    batch: Annotated[str, typer.Argument(help="A batch that `xenotime data status` lists.")],
    workspace: Folder = None,
    json: AsJson = False,
) -> None:
    """Put an undone batch of additions in force again.

    \b
    Example:
      xenotime data redo 2026-07-01-facts-36489128
    """  # noqa: D301  # \b keeps the lines of the examples apart
    from xenotime.facts import adding

    _move(batch, workspace, json, adding.redo, "in force again", "undo")


def _move(batch: str, workspace: str | None, json: bool, move: Any, now: str, back: str) -> None:
    from xenotime.workspace import Workspace, WorkspaceError, locate
    from xenotime.workspace.schema import read_schema

    place = locate(workspace).root
    if read_schema(place) is None:
        raise WorkspaceError(f"{place} holds no workspace yet: name the one with --workspace")
    folder = move(Workspace.open(workspace), batch)
    if json:
        print_json({"batch": batch, "undone": back == "redo", "folder": folder})
        return
    print(f"batch {batch} is {now}")
    say(f"back with: xenotime data {back} {batch}")


@commands.command("export")
def export(
    out: Annotated[Path, typer.Option(metavar="FILE.zip", help="The data pack to write.")],
    title: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Title of the pack (the first batch's).")
    ] = None,
    batch: Annotated[
        list[str] | None,
        typer.Option(metavar="BATCH", help="Only this batch; repeatable (all in force)."),
    ] = None,
    by: AddedBy = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace FILE when it is there already.")
    ] = False,
    workspace: Folder = None,
    json: AsJson = False,
) -> None:
    """Write additions into one zip file, a data pack, to be installed elsewhere.

    \b
    Example:
      xenotime data export --out ministry-2026.zip --title "Ministry statistics 2026"
    """  # noqa: D301  # \b keeps the lines of the examples apart
    from xenotime.facts.batches import workspace_batches
    from xenotime.facts.packs import export_pack
    from xenotime.workspace import write_atomically

    reader = Reader("data export")
    reader.new_file("--out", out, replace=force)
    found, _ = workspace_batches(workspace)
    names = [b.title for b in found if not b.undone and (not batch or b.id in batch)]
    content = reader.ask(
        lambda: export_pack(
            workspace,
            title=title if title is not None else (names or ["additions"])[0],
            by=who(by),
            batches=batch or (),
        )
    )
    reader.finish()
    assert content is not None
    write_atomically(out, content)
    if json:
        print_json({"file": out, "bytes": len(content), "titles": names})
        return
    several = "es" if len(names) > 1 else ""
    print(f"wrote {len(names)} batch{several} to {out} ({len(content):,} bytes)")


@commands.command("install")
def install(
    file: Annotated[Path, typer.Argument(metavar="FILE.zip", help="A data pack.")],
    workspace: Folder = None,
    json: AsJson = False,
) -> None:
    """Check a data pack and add everything in it as one batch. Needs no network.

    \b
    Example:
      xenotime data install ministry-2026.zip
    """  # noqa: D301  # \b keeps the lines of the examples apart
    from xenotime.facts import including, workspace_additions
    from xenotime.facts.names import known_quantities
    from xenotime.facts.packs import install_pack, new_quantities, open_pack
    from xenotime.facts.series import did_you_mean
    from xenotime.workspace import Workspace

    pack = open_pack(file)  # before a workspace is made for it
    with including(workspace_additions(workspace)):
        news = new_quantities(pack)
        hints = {name: did_you_mean(name, known_quantities()) for name in news}
    batch = install_pack(Workspace.open(workspace), file)
    for name in () if json else news:
        say(
            f"it brings the quantity {name}, which the record had not{hints[name]}: if that is a"
            " slip, take the pack out again"
        )
    show_batch(batch, workspace=workspace, json=json, also={"new_quantities": news})
