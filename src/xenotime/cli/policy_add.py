"""`xenotime policy add`: acts that a user adds to the record."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xenotime.cli.adding import (
    AddedBy,
    AsJson,
    FirstKnown,
    Folder,
    Grade,
    Licence,
    Note,
    SourceTitle,
    SourceUrl,
    Title,
    Vintage,
    read_file,
    show_template,
    store,
)
from xenotime.cli.reading import Reader, in_workspace

if TYPE_CHECKING:
    from xenotime.facts.tables import Sifted

__all__ = ["add"]

_TABLES = ("measures", "control_items")


@in_workspace
def add(
    act: Annotated[str | None, typer.Option(metavar="TEXT", help="Name of the act.")] = None,
    actor: Annotated[
        list[str] | None, typer.Option(metavar="ISO3", help="Who acts; repeatable.")
    ] = None,
    instrument: Annotated[
        str | None,
        typer.Option(metavar="WORD", help="export_licence, suspension, import_tariff ..."),
    ] = None,
    announced: Annotated[
        str | None, typer.Option(metavar="DATE", help="Day of the announcement.")
    ] = None,
    in_force: Annotated[
        str | None, typer.Option(metavar="DATE", help="First day in effect, if it has one.")
    ] = None,
    ends: Annotated[
        str | None, typer.Option(metavar="DATE", help="Last day in effect, if it has one.")
    ] = None,
    target: Annotated[
        list[str] | None,
        typer.Option(metavar="ISO3", help="Whom it is aimed at; repeatable (WLD)."),
    ] = None,
    element: Annotated[
        list[str] | None, typer.Option(metavar="SYMBOL", help="Element it covers; repeatable.")
    ] = None,
    form: Annotated[
        list[str] | None,
        typer.Option(metavar="FORM", help="oxide, metal, alloy, magnet ...; repeatable."),
    ] = None,
    changes: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Act that it suspends, extends or ends; repeatable."),
    ] = None,
    items: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Items of its control list, as CSV.")
    ] = None,
    article: Annotated[str | None, typer.Option(metavar="TEXT", help="Article of it.")] = None,
    status: Annotated[
        str | None, typer.Option(metavar="WORD", help="Status (follows from the dates).")
    ] = None,
    id: Annotated[  # noqa: A002  # the field is called id everywhere
        str | None, typer.Option(metavar="ID", help="Id (M-<actor>-<announced>-<act>).")
    ] = None,
    grade: Grade = None,
    vintage: Vintage = None,
    first_known: FirstKnown = None,
    source_url: SourceUrl = None,
    source_title: SourceTitle = None,
    note: Note = None,
    licence: Licence = None,
    csv: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Add the acts of a table instead.")
    ] = None,
    template: Annotated[
        bool, typer.Option("--template", help="Print the header of the table and leave.")
    ] = False,
    table: Annotated[
        str, typer.Option(metavar="TABLE", help=f"With --template: {', '.join(_TABLES)}.")
    ] = "measures",
    title: Title = None,
    by: AddedBy = None,
    workspace: Folder = None,
    json: AsJson = False,
) -> None:
    """Add an act to the record, and say at once what it changes in a run.

    A new export licence covers every given element in every given form, or the items of a list.

    \b
    Examples:
      xenotime policy add --act "Announcement 30" --actor CHN --instrument export_licence \\
        --element Nd --form magnet --announced 2025-06-01 --in-force 2025-07-01 --grade C \\
        --source-title "What if" --source-url "memo 14"
      xenotime policy add --act Pause --actor CHN --instrument suspension --changes M023 \\
        --announced 2025-06-01 --in-force 2025-06-10 --ends 2025-12-10 --grade C \\
        --source-title "What if" --source-url "memo 15"
      xenotime policy add --template --table control_items
    """  # noqa: D301  # \b keeps the lines of the examples apart
    reader = Reader("policy add")
    reader.choice("--table", table, _TABLES)
    lists = {
        "actor": actor, "targets": target, "elements": element, "forms": form, "changes": changes,
    }  # fmt: skip
    given = {
        "act": act, "instrument": instrument, "announced": announced, "in_force": in_force,
        "ends": ends, "article": article, "status": status, "id": id, "grade": grade,
        "vintage": vintage, "first_known": first_known, "source_url": source_url,
        "source_title": source_title, "note": note, "licence": licence,
        **{name: None if words is None else ";".join(words) for name, words in lists.items()},
    }  # fmt: skip
    cells = {name: text for name, text in given.items() if text is not None}
    if (template or csv is not None) and cells:
        reader.problems.append(
            f"{', '.join(cells)}: options describe one act; leave them out beside"
            f" --{'template' if template else 'csv'}"
        )
    if template:
        reader.finish()
        show_template(table, json=json)
        return
    from xenotime.facts.tables import Sifted

    acts: Sifted[Any] = Sifted()
    if csv is not None:
        acts = read_file(reader, "--csv", "measures", csv)
    elif cells:
        acts = _from_options(reader, cells)
    listed = Sifted() if items is None else read_file(reader, "--items", "control_items", items)
    store(
        reader,
        {"measures": acts.rows, "control_items": _with_their_act(listed.rows, acts.rows)},
        workspace=workspace,
        title=title,
        by=by,
        kind="policy",
        refused={"measures": acts.refused, "control_items": listed.refused},
        json=json,
    )


def _from_options(reader: Reader, given: dict[str, str]) -> Sifted[Any]:
    """Build the one act that the options describe."""
    from xenotime.facts.adding import sift_row
    from xenotime.facts.completing import completed

    found = sift_row("measures", completed("measures", given), label="the act")
    reader.problems += found.problems
    return found


def _with_their_act(items: tuple[Any, ...], acts: tuple[Any, ...]) -> tuple[Any, ...]:
    """Items without an act belong to the one that is added with them."""
    from dataclasses import replace

    if len(acts) != 1:
        return items
    return tuple(item if item.measure else replace(item, measure=acts[0].id) for item in items)
