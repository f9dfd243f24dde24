"""`xenotime data load`: files that users download from statistical offices and collections."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xenotime.cli.adding import AddedBy, AsJson, Folder, Title, store
from xenotime.cli.reading import Reader, in_workspace
from xenotime.cli.writing import print_json, say

if TYPE_CHECKING:
    from xenotime.facts.loaders import Loaded

__all__ = ["load"]


@in_workspace
def load(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file as downloaded.")],
    taken: Annotated[
        str | None,
        typer.Option(
            metavar="DATE", help="Day of the download (default: the day the file was written)."
        ),
    ] = None,
    vintage: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Name of this publication (the source and the day, numbered when they differ).",
        ),
    ] = None,
    acts: Annotated[
        bool, typer.Option("--acts", help="Add acts too; without it they are only counted.")
    ] = False,
    review: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write what would be added as tables; add nothing."),
    ] = None,
    whole: Annotated[
        bool,
        typer.Option(
            "--whole", help="The file is whole, though its last line has no end (see the guide)."
        ),
    ] = False,
    title: Title = None,
    by: AddedBy = None,
    workspace: Folder = None,
    json: AsJson = False,
) -> None:
    """Read a download and add what it says about the record's minerals as one batch.

    Recognised: UN Comtrade, US Census, USITC DataWeb, Eurostat Comext, USGS Mineral Commodity
    Summaries, Global Trade Alert, OECD export restrictions. Nothing is fetched from the network.
    Figures that are in force already are left out and counted; those that differ become a new
    vintage, and what they revise is said.

    \b
    Examples:
      xenotime data load TradeData.csv --taken 2026-11-20
      xenotime data load full_v2_202512.dat --review look-first
      xenotime data load interventions.csv --acts
    """  # noqa: D301  # \b keeps the lines of the examples apart
    from xenotime.facts import loaders

    reader = Reader(f"data load {file}")
    day = reader.day("--taken", taken)
    if review is not None and review.exists():
        reader.problems.append(f"--review {review} is there already: name a new folder")
    if vintage is not None and not re.fullmatch(r"[A-Za-z0-9][\w.-]{0,39}", vintage, re.ASCII):
        reader.problems.append(
            f"--vintage is {vintage!r}: give up to 40 letters, digits, points and hyphens"
        )
    loaded = reader.ask(lambda: loaders.read(file, taken=day, vintage=vintage or "", whole=whole))
    reader.finish()
    assert loaded is not None
    tables: dict[str, tuple[Any, ...]] = {"claims": loaded.claims}
    if acts or review is not None:
        tables["measures"] = loaded.measures
    if review is not None and any(tables.values()):
        _write(review, tables, loaded, json=json)
        return
    if not json:
        _tell(loaded, acts=acts)
    if not any(tables.values()) and not loaded.measures and loaded.held:
        # Asked again with nothing new: done, and nothing is written.
        if json:
            print_json({"batch": None, "rows": [], **_account(loaded)})
        else:
            print("nothing is added: all that it says is in force already")
        return
    if not any(tables.values()):
        reader.problems.append(
            f"it holds {_counted(len(loaded.measures), 'act')} and no figure: look with --review"
            " DIR, then add with --acts"
            if loaded.measures
            else f"nothing of it can be added: {'; '.join(loaded.left_out)}"
        )
        reader.finish()
    store(
        reader,
        {name: rows for name, rows in tables.items() if rows},
        workspace=workspace,
        title=title or f"{loaded.source.title} ({file.name})",
        by=by,
        kind="load",
        json=json,
        also=_account(loaded),
    )


_MOST_REMARKS = 20


def _account(loaded: Loaded) -> dict[str, Any]:
    """Say in JSON what was left out, and what differs from the figures in force."""
    most = max(loaded.revisions, key=lambda revision: revision.share, default=None)
    return {
        "loader": loaded.loader,
        "taken": loaded.source.taken,
        "left_out": loaded.left_out,
        "remarks": loaded.remarks,
        "in_force_already": loaded.held,
        "revised": {
            "figures": len(loaded.revisions),
            "largest": None
            if most is None
            else {
                "new": most.new,
                "old": most.old,
                "before": most.before,
                "after": most.after,
                "share": most.share if math.isfinite(most.share) else None,
            },
        },
    }


def _tell(loaded: Loaded, *, acts: bool) -> None:
    """Say on standard error what the file is, and what of it is not for the record."""
    from xenotime.facts.loaders import LOADERS

    say(f"{LOADERS[loaded.loader].what}, taken {loaded.source.taken}")
    for reason, count in loaded.left_out.items():
        say(f"left out {count:,}: {reason}")
    for remark, count in list(loaded.remarks.items())[:_MOST_REMARKS]:
        say(f"noted {count:,}: {remark}")
    if len(loaded.remarks) > _MOST_REMARKS:
        say(f"and {len(loaded.remarks) - _MOST_REMARKS:,} more notes; --json has all")
    if loaded.held:
        say(f"left out {loaded.held:,}: in force already and the same")
    if loaded.revisions:
        most = max(loaded.revisions, key=lambda revision: revision.share)
        say(
            f"revises {_counted(len(loaded.revisions), 'figure')}, {_at_most(most.share)}:"
            f" {most.before:,.6g} to {most.after:,.6g} ({most.old} to {most.new})"
        )
    if loaded.measures and not acts:
        verb = "is" if len(loaded.measures) == 1 else "are"
        say(
            f"{_counted(len(loaded.measures), 'act')} {verb} not added: look with --review DIR,"
            " then --acts"
        )


_TIMES = 10.0
"""A share above which a revision is told as a multiple."""


def _at_most(share: float) -> str:
    """Say how large the largest revision is.

    >>> _at_most(0.021), _at_most(1700.0), _at_most(math.inf)
    ('at most by 2.1 per cent', 'at most 1,701-fold', 'at most from zero')
    """
    if not math.isfinite(share):
        return "at most from zero"
    if share >= _TIMES:
        return f"at most {share + 1:,.0f}-fold"
    return f"at most by {100 * share:,.1f} per cent"


def _counted(count: int, what: str) -> str:
    """Write a number of things in the singular or plural.

    >>> _counted(1, "row"), _counted(1200, "row")
    ('1 row', '1,200 rows')
    """
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _write(folder: Path, tables: dict[str, tuple[Any, ...]], loaded: Loaded, *, json: bool) -> None:
    """Write the rows into a new folder, whole or not at all."""
    from xenotime.facts.batches import write_tables
    from xenotime.workspace import staged

    with staged(folder) as draft:
        write_tables(draft, tables)
    counts = {name: len(rows) for name, rows in tables.items() if rows}
    if json:
        print_json(
            {
                "folder": folder,
                "rows": counts,
                **_account(loaded),
            }
        )
        return
    _tell(loaded, acts=True)
    for name, count in counts.items():
        print(f"{folder / name}.csv: {_counted(count, 'row')}")
