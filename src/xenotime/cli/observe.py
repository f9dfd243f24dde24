"""`xenotime observe`: monthly exports as customs counted them."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

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
    store,
)
from xenotime.cli.reading import Reader, in_workspace
from xenotime.cli.writing import print_json, say

__all__ = ["commands"]

commands = typer.Typer(
    help="Add and list monthly Chinese exports.", no_args_is_help=True, rich_markup_mode=None
)

_SERIES_HELP = "magnet, rare_earths, or an element symbol."


@commands.command("add")
@in_workspace
def add(
    month: Annotated[str, typer.Option(metavar="YYYY-MM", help="Month of the exports.")],
    value: Annotated[str, typer.Option(metavar="NUMBER", help="What was exported.")],
    destination: Annotated[
        str, typer.Option(metavar="ISO3", help="Destination; WLD is the world.")
    ],
    series: Annotated[str, typer.Option(metavar="SERIES", help=_SERIES_HELP)] = "magnet",
    unit: Annotated[str, typer.Option(metavar="UNIT", help="t or kg, gross mass.")] = "t",
    grade: Grade = None,
    vintage: Vintage = None,
    first_known: FirstKnown = None,
    source_url: SourceUrl = None,
    source_title: SourceTitle = None,
    note: Note = None,
    licence: Licence = None,
    title: Title = None,
    by: AddedBy = None,
    workspace: Folder = None,
    json: AsJson = False,
) -> None:
    """Add a month of Chinese exports of a series to a destination.

    Runs show it beside their own figure of that month.

    \b
    Example:
      xenotime observe add --destination USA --month 2025-05 --value 50 --grade B \\
        --first-known 2026-07-01 --source-title "Customs, revised" --source-url "memo 13"
    """  # noqa: D301  # \b keeps the lines of the examples apart
    from xenotime.facts.adding import sift_row
    from xenotime.facts.completing import completed
    from xenotime.facts.tables import Refused
    from xenotime.facts.vocabulary import MONTH_PATTERN

    reader = Reader("observe add")
    named = _table_of(reader, series)
    is_month = MONTH_PATTERN.fullmatch(month) is not None
    if not is_month:
        reader.problems.append(f"--month is {month!r}: write YYYY-MM, e.g. 2026-01")
    right_unit = reader.choice("--unit", unit, ("t", "kg"))
    # What is told in the words of the options stands aside, so that the rest is looked at, too.
    table, product = (named, series) if named else ("element_exports", "Dy")
    parts = (table, product if table == "element_exports" else "", destination)
    name = "/".join(filter(None, (*parts, month if is_month else "")))
    vintage = vintage or "own"
    cells = {
        "id": f"{name}@{vintage}", "quantity": table, "country": "CHN", "product": product,
        "stage": "trade", "partner": destination, "period": month if is_month else "",
        "unit": right_unit or "t", "mid": value, "grade": grade or "", "kind": "reported",
        "vintage": vintage, "first_known": first_known or "", "source_url": source_url or "",
        "source_title": source_title or "", "note": note or "", "licence": licence or "",
    }  # fmt: skip
    label = f"{series} {destination} {month}"
    found = sift_row("claims", completed("claims", cells), label=label)
    reader.problems += found.problems
    aside = {"id", "quantity", "product", "period", "unit"}
    told = frozenset() if named and is_month and right_unit else frozenset(aside)
    rows = () if told else found.rows
    refused = [Refused(one.row, one.wrong | told) for one in found.refused]
    refused += [Refused(row, told) for row in found.rows if told]
    if told:
        refused = [replace(one, row=replace(one.row, id=label)) for one in refused]
    store(
        reader,
        {"claims": rows},
        workspace=workspace,
        title=title,
        by=by,
        kind="observations",
        refused={"claims": refused},
        json=json,
    )


def _table_of(reader: Reader, series: str) -> str:
    from xenotime.facts.taxonomy import RARE_EARTHS

    if series in RARE_EARTHS:
        return "element_exports"
    tables = {"magnet": "magnet_exports", "rare_earths": "rare_earth_exports"}
    if series not in tables:
        reader.choice("--series", series, (*tables, *RARE_EARTHS))
    return tables.get(series, "")


@commands.command("list")
@in_workspace
def list_observations(
    series: Annotated[str, typer.Option(metavar="SERIES", help=_SERIES_HELP)] = "magnet",
    destination: Annotated[
        str | None, typer.Option(metavar="ISO3", help="Only this destination.")
    ] = None,
    workspace: Folder = None,  # noqa: ARG001  # in_workspace reads it
    json: AsJson = False,
) -> None:
    """List the months on record of a series, with the source of each.

    \b
    Examples:
      xenotime observe list --destination USA
      xenotime observe list --series Dy --json
    """  # noqa: D301  # \b keeps the lines of the examples apart
    from xenotime import facts
    from xenotime.facts.vintages import figure

    reader = Reader("observe list")
    _table_of(reader, series)
    months = facts.observed_exports()
    places = {partner for product, partner, _ in months if product == series}
    if destination is not None and not reader.problems:
        reader.name("--destination", destination, places)
    reader.finish()
    found = [
        claim
        for (product, partner, _), claim in sorted(months.items(), key=lambda item: item[0])
        if product == series and destination in (None, partner)
    ]
    added = facts.included()
    if json:
        rows: list[dict[str, Any]] = []
        for claim in found:
            batch = added.batch_of(claim.id)
            rows.append(
                {
                    "month": claim.period, "destination": claim.partner, "value": claim.mid,
                    "unit": claim.unit, "grade": claim.grade, "id": claim.id,
                    "source_title": claim.source_title, "source_url": claim.source_url,
                    "added_in": None if batch is None else batch.id,
                }
            )  # fmt: skip
        print_json({"series": series, "observations": rows})
        return
    for claim in found:
        mark = "  added" if added.batch_of(claim.id) else ""
        print(
            f"{claim.period}  {claim.partner}  {figure(claim):>14}  {claim.grade}  {claim.id}{mark}"
        )
    if not found:
        say(f"no month of {series} is on record")
