"""`xenotime results`: the tables of a stored run."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xenotime.cli.reading import Reader
from xenotime.cli.writing import print_json, say

if TYPE_CHECKING:
    from pandas import DataFrame

__all__ = ["TABLES", "find_run", "results"]

# As xenotime.runs.reporting has them; repeated so that --help need not load the engine.
TABLES = (
    *("exports", "production", "stocks", "output"),
    *("stoppages", "shortages", "permits", "tariffs", "draws"),
)
_FORMATS = ("csv", "json", "parquet")


def results(
    folder: Annotated[
        str, typer.Argument(metavar="DIR", help="A run's folder, or its id in the workspace.")
    ],
    table: Annotated[str, typer.Option(metavar="TABLE", help=f"One of {', '.join(TABLES)}.")],
    format: Annotated[  # noqa: A002  # the option's name
        str, typer.Option(metavar="FORMAT", help=f"One of {', '.join(_FORMATS)}.")
    ] = "csv",
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write this file instead of standard output."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace FILE when it is there already.")
    ] = False,
    workspace: Annotated[
        str | None,
        typer.Option(metavar="DIR", help="Workspace folder [env: XENOTIME_WORKSPACE]."),
    ] = None,
) -> None:
    """Print or write one table of a stored run.

    \b
    Examples:
      xenotime results RUN --table exports
      xenotime results RUN --table stoppages --format json
      xenotime results RUN --table permits --format parquet --out permits.parquet
    """  # noqa: D301  # \b keeps the lines of the examples apart
    reader = Reader(f"results {folder}")
    reader.choice("--table", table, TABLES)
    reader.choice("--format", format, _FORMATS)
    if format == "parquet" and out is None:
        reader.problems.append("--format parquet is not text: name a file with --out")
    if out is not None:
        reader.new_file("--out", out, replace=force)
    place = find_run(reader, folder, workspace)
    reader.finish()

    from xenotime import runs
    from xenotime.runs.baseline import made_elsewhere

    run = runs.load(place)
    other = made_elsewhere(run.summary)
    if other:
        say(other)
    frame = run.frame(table)
    if out is None and format == "json":
        print_json(_as_json(table, frame))
        return
    content = _encoded(table, frame, format)
    if out is None:
        sys.stdout.write(content.decode("utf-8"))
        return
    from xenotime.workspace.files import write_atomically

    write_atomically(out, content)
    say(f"wrote {len(frame)} rows to {out}")


def find_run(reader: Reader, folder: str, workspace: str | None) -> Path:
    """Find a run by its folder or its id; that there is none goes to the reader."""
    place = _find(folder, workspace)
    if not place.is_dir():
        from xenotime.workspace.location import locate
        from xenotime.workspace.schema import read_schema

        is_id = Path(folder).name == folder
        beside = f" nor in the workspace {locate(workspace).root}" if is_id else ""
        read_schema(locate(workspace).root)  # a newer workspace says so itself
        reader.problems.append(
            f"there is no run at {folder!r}{beside}: give a run's folder, or an id that"
            f" `xenotime workspace show{_named(workspace)}` lists; --workspace names another"
            " workspace"
        )
    return place


def _named(workspace: str | None) -> str:
    return "" if workspace is None else f" --workspace {workspace}"


def _find(folder: str, workspace: str | None) -> Path:
    """Prefer a folder that is there; else read the word as an id in the workspace."""
    as_path = Path(folder)
    if as_path.is_dir() or as_path.name != folder:
        return as_path
    from xenotime.workspace.location import locate

    return locate(workspace).root / "runs" / folder


def _as_json(table: str, frame: DataFrame) -> dict[str, object]:
    # Through objects, so that missing cells become null and never NaN.
    plain = frame.astype(object).where(frame.notna(), None)
    rows = [
        {str(name): value for name, value in row.items()} for row in plain.to_dict(orient="records")
    ]
    return {"table": table, "rows": rows}


def _encoded(table: str, frame: DataFrame, form: str) -> bytes:
    if form == "csv":
        return frame.to_csv(index=False, lineterminator="\n").encode("utf-8")
    if form == "parquet":
        return frame.to_parquet(index=False)
    import json

    from xenotime.cli.writing import to_plain

    content = to_plain({"schema_version": 1, **_as_json(table, frame)})
    return (json.dumps(content, indent=2, allow_nan=False) + "\n").encode("utf-8")
