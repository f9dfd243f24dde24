"""`xenotime facts add`: figures that a user knows and the record does not."""

from __future__ import annotations

import sys
from collections.abc import Collection
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
from xenotime.cli.writing import say

if TYPE_CHECKING:
    from xenotime.facts.tables import Sifted

__all__ = ["add"]

# All that users can extend but acts and their items (policy add); a test compares. Written out, so
# that --help reads no table.
_TABLES = (
    *("claims", "stoppages", "conflicts", "trade_codes", "critical_minerals", "listed_entities"),
    *("tariff_lines", "negotiations", "scope_rules"),
)
_ASKED = {
    "id": "Id, quantity/part/part@vintage (e.g. mine_production/MMR/2024@own)",
    "value": "Middle value, blank if unknown",
    "low": "Low end, blank if unknown",
    "high": "High end, blank if unknown",
    "unit": "Unit (e.g. t REO)",
    "grade": "Grade (A, B, C, D, prior)",
    "source_title": "Title of the source",
    "source_url": "Address, or name of the document",
    "first_known": "First known on (YYYY-MM-DD)",
    "note": "Note, or blank",
}


@in_workspace
def add(
    id: Annotated[  # noqa: A002  # the field is called id everywhere
        str | None, typer.Option(metavar="ID", help="quantity/part/part@vintage; or give parts.")
    ] = None,
    quantity: Annotated[
        str | None, typer.Option(metavar="NAME", help="First part of an id, e.g. mine_production.")
    ] = None,
    country: Annotated[
        str | None, typer.Option(metavar="ISO3", help="Where it is; for trade the origin.")
    ] = None,
    product: Annotated[
        str | None, typer.Option(metavar="PRODUCT", help="Product or element.")
    ] = None,
    stage: Annotated[str | None, typer.Option(metavar="STAGE", help="Stage of the chain.")] = None,
    partner: Annotated[
        str | None, typer.Option(metavar="ISO3", help="Destination or second country.")
    ] = None,
    industry: Annotated[
        str | None, typer.Option(metavar="INDUSTRY", help="Industry that it is about.")
    ] = None,
    period: Annotated[
        str | None, typer.Option(metavar="PERIOD", help="2024, 2024-05, 2025-H1, FY2024.")
    ] = None,
    value: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="The figure, or its middle value.")
    ] = None,
    low: Annotated[str | None, typer.Option(metavar="NUMBER", help="Lower end.")] = None,
    mid: Annotated[str | None, typer.Option(metavar="NUMBER", help="The same as --value.")] = None,
    high: Annotated[str | None, typer.Option(metavar="NUMBER", help="Upper end.")] = None,
    unit: Annotated[
        str | None, typer.Option(metavar="UNIT", help="Unit of the figures, e.g. 't REO'.")
    ] = None,
    grade: Grade = None,
    kind: Annotated[
        str | None,
        typer.Option(
            metavar="KIND",
            help="reported, derived, conflicting, assumption, gap (reported; with grade prior"
            " assumption).",
        ),
    ] = None,
    vintage: Vintage = None,
    first_known: FirstKnown = None,
    source_url: SourceUrl = None,
    source_title: SourceTitle = None,
    note: Note = None,
    formula: Annotated[
        str | None, typer.Option(metavar="TEXT", help="How a derived figure was computed.")
    ] = None,
    licence: Licence = None,
    csv: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Add the rows of a table instead.")
    ] = None,
    table: Annotated[
        str, typer.Option(metavar="TABLE", help=f"With --csv or --template: {', '.join(_TABLES)}.")
    ] = "claims",
    new_quantity: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Quantity that the record has not; repeatable."),
    ] = None,
    template: Annotated[
        bool, typer.Option("--template", help="Print the header of the table and leave.")
    ] = False,
    title: Title = None,
    by: AddedBy = None,
    workspace: Folder = None,
    json: AsJson = False,
) -> None:
    """Add figures to the record; the next run uses them.

    Without options it asks for one figure, on a terminal. A new vintage of a figure takes what it
    is about (country, product, period ...) from the figure's other vintages.

    \b
    Examples:
      xenotime facts add --id mine_production/MMR/2024@own --value 30000 --unit "t REO" \\
        --grade C --first-known 2026-07-01 --source-title "Trade press" --source-url "memo 12"
      xenotime facts add --template > figures.csv
      xenotime facts add --csv figures.csv
    """  # noqa: D301  # \b keeps the lines of the examples apart
    reader = Reader("facts add")
    reader.choice("--table", table, _TABLES)
    options = {
        "id": id, "quantity": quantity, "country": country, "product": product, "stage": stage,
        "partner": partner, "industry": industry, "period": period, "value": value, "low": low,
        "mid": mid, "high": high, "unit": unit, "grade": grade, "kind": kind, "vintage": vintage,
        "first_known": first_known, "source_url": source_url, "source_title": source_title,
        "note": note, "formula": formula, "licence": licence,
    }  # fmt: skip
    given = {name: text for name, text in options.items() if text is not None}
    if template or csv is not None:
        reader.problems += [
            f"--{name.replace('_', '-')} describes one figure: leave it out beside"
            f" --{'template' if template else 'csv'}"
            for name in given
        ]
    if template:
        reader.finish()
        show_template(table, json=json)
        return
    if csv is not None:
        sifted = read_file(reader, "--csv", table, csv) if table in _TABLES else None
    else:
        if table != "claims":
            reader.problems.append(f"--table {table} needs --csv FILE: options are for claims")
        if not given and sys.stdin.isatty():
            given = _asked(new_quantity or ())
        sifted = _from_options(reader, given)
    store(
        reader,
        {table: sifted.rows if sifted else ()},
        workspace=workspace,
        title=title,
        by=by,
        kind="facts",
        json=json,
        new_quantities=new_quantity or (),
        refused={table: sifted.refused if sifted else ()},
    )


def _from_options(reader: Reader, given: dict[str, str]) -> Sifted[Any]:
    """Build the one figure that the options describe."""
    from xenotime.facts.adding import sift_row
    from xenotime.facts.completing import completed
    from xenotime.facts.tables import Sifted

    if not given:
        return Sifted()
    cells = dict(given)
    middle = [cells.pop(name) for name in ("value", "mid") if name in cells]
    if len(middle) > 1:
        reader.problems.append("--value and --mid are the same: give one of them")
    cells["mid"] = middle[0] if middle else ""
    cells["id"] = cells.get("id") or _id_of(reader, cells)
    if not cells["id"]:
        return Sifted()
    body, _, vintage = cells["id"].rpartition("@")
    for name, found in (("vintage", vintage), ("quantity", body.partition("/")[0])):
        if cells.setdefault(name, found) != found:
            reader.problems.append(f"--{name} is {cells[name]!r}, but --id says {found!r}")
            cells[name] = found  # one complaint is enough
    sifted = sift_row("claims", completed("claims", cells), label=cells["id"])
    reader.problems += sifted.problems
    return sifted


def _id_of(reader: Reader, cells: dict[str, str]) -> str:
    """Make the id from parts: that of the figures that agree with all of them, or a new one."""
    from xenotime.facts import claims
    from xenotime.facts.completing import WHAT
    from xenotime.facts.vintages import body_of

    if "quantity" not in cells:
        reader.problems.append("give --id, or --quantity with --country, --product, --period ...")
        return ""
    parts = {name: cells[name] for name in WHAT if cells.get(name)}
    bodies = {
        body_of(claim.id)
        for claim in claims()
        if claim.quantity == cells["quantity"]
        and all(getattr(claim, name) == text for name, text in parts.items())
    }
    vintage = cells.get("vintage") or "own"
    if len(bodies) > 1 and "period" not in parts:
        reader.problems.append(
            f"{len(bodies)} figures match: give --period, or --id for one of them"
        )
        return ""
    if len(bodies) > 1:
        few = ", ".join(sorted(bodies)[:5])
        reader.problems.append(f"{len(bodies)} figures match ({few} ...): name one with --id")
        return ""
    if bodies:
        return f"{bodies.pop()}@{vintage}"
    names = ("country", "product", "partner", "industry", "period")
    words = [parts[name].rpartition(":")[2] for name in names if name in parts]
    if not words:
        reader.problems.append("--quantity alone makes no id: give --country, --product, --period")
        return ""
    return "/".join([cells["quantity"], *words]) + f"@{vintage}"


def _asked(new_quantities: Collection[str]) -> dict[str, str]:
    """Ask for one figure on the terminal, until what is given is sound."""
    import datetime as dt

    from xenotime.facts.adding import problems_of

    today = dt.datetime.now(dt.UTC).date()
    answers: dict[str, str] = {}
    say("One figure; Enter keeps what is in brackets, Ctrl-C leaves.")
    while True:
        for name, question in _ASKED.items():
            before = answers.get(name, "")
            answer = input(f"{question}{f' [{before}]' if before else ''}: ").strip()
            answers[name] = answer or before
        given = {name: text for name, text in answers.items() if text}
        trial = Reader("facts add")
        found = _from_options(trial, given)
        trial.problems += problems_of(
            {"claims": found.rows},
            today=today,
            new_quantities=new_quantities,
            refused={"claims": found.refused},
        )
        if given and not trial.problems:
            return given
        for problem in trial.problems or ["nothing was given"]:
            say(f"  - {problem}")
