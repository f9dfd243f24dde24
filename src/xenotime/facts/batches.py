"""Batches of added rows as a workspace keeps them, and what is in force of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xenotime.facts.additions import (
    NOTHING_ADDED,
    AddedBatch,
    Additions,
    are_chosen,
    included,
    including,
)
from xenotime.facts.claims import COLUMNS, parse_claim
from xenotime.facts.measures import MEASURE_COLUMNS, parse_measure
from xenotime.facts.problems import RequestError
from xenotime.facts.records import (
    CONFLICT_COLUMNS,
    CONTROL_COLUMNS,
    STOPPAGE_COLUMNS,
    parse_conflict,
    parse_control_item,
    parse_stoppage,
)
from xenotime.facts.registers import REGISTERS
from xenotime.facts.tables import RowReader, Sifted, sift_rows

if TYPE_CHECKING:
    from xenotime.workspace import Workspace

__all__ = [
    "ADDITIONS_SCHEMA",
    "BATCH_FILE",
    "EXTENSIBLE",
    "Batch",
    "Extensible",
    "Unreadable",
    "including_workspace",
    "read_batch",
    "read_table",
    "read_tables",
    "sift_table",
    "workspace_additions",
    "workspace_batches",
    "write_tables",
]

ADDITIONS_SCHEMA = 1
"""Meaning of the columns of added tables; raised when a column changes its meaning."""

BATCH_FILE = "batch.json"
MOST_BYTES = 16 * 2**20
"""Size of one added table; the embedded one has half a million bytes."""
MOST_LINES = 50_000


@dataclass(frozen=True, slots=True)
class Extensible:
    """A table that users can extend."""

    columns: tuple[str, ...]
    parse: Callable[[RowReader], Any]


EXTENSIBLE: dict[str, Extensible] = {
    "claims": Extensible(COLUMNS, parse_claim),
    "measures": Extensible(MEASURE_COLUMNS, parse_measure),
    "control_items": Extensible(CONTROL_COLUMNS, parse_control_item),
    "stoppages": Extensible(STOPPAGE_COLUMNS, parse_stoppage),
    "conflicts": Extensible(CONFLICT_COLUMNS, parse_conflict),
    **{register.name: Extensible(register.columns, register.entry) for register in REGISTERS},
}
"""Tables that users can extend, by name."""


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch as it is stored: what it holds, who added it and when, whether it is in force.

    `pack` says which data pack it came in, if any.
    """

    id: str
    title: str
    by: str
    added: str
    kind: str
    undone: bool
    pack: Mapping[str, str] | None
    tables: Mapping[str, tuple[Any, ...]]

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of all its rows, table by table."""
        return tuple(row.id for rows in self.tables.values() for row in rows)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A batch that cannot be read, and why."""

    id: str
    undone: bool
    problems: tuple[str, ...]


def sift_table(
    table: str, path: Path, complete: Callable[[dict[str, str]], dict[str, str]] | None = None
) -> Sifted[Any]:
    """Read rows that extend a table and part the sound ones from the others.

    For commands that look at the sound rows, too, before they refuse the file, so that one message
    lists everything.

    Parameters
    ----------
    table, path
        Name of a table in `EXTENSIBLE`, and the file.
    complete
        Fills blank cells of a row that somebody wrote; stored rows are read as they are.

    Raises
    ------
    RequestError
        If the file is no such table at all.
    """
    _require_modest(path)
    kind = EXTENSIBLE[table]

    def parse(cells: RowReader) -> Any:
        if complete is not None:
            cells.row = complete(cells.row)
        return kind.parse(cells)

    return sift_rows(path, kind.columns, parse, lambda row: str(row.id), by_name=True)


def read_table(table: str, path: Path) -> tuple[Any, ...]:
    """Read rows that extend a table, columns matched by name.

    Raises
    ------
    RequestError
        With all problems of all rows.
    """
    sifted = sift_table(table, path)
    if sifted.problems:
        raise RequestError(sifted.problems, subject=path.name)
    return sifted.rows


def _require_modest(path: Path) -> None:
    """Refuse a file that would fill the memory before its rows are looked at."""
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise RequestError(
            f"{path} cannot be read ({error.strerror}): check the path", subject=path.name
        ) from error
    if len(content) > MOST_BYTES:
        raise RequestError(
            f"it has {size:,} bytes, more than {MOST_BYTES:,}: split it", subject=path.name
        )
    lines = content.count(b"\n")
    if lines > MOST_LINES:
        raise RequestError(
            f"it has {lines:,} lines, more than {MOST_LINES:,}: split it", subject=path.name
        )


def read_tables(folder: Path) -> dict[str, tuple[Any, ...]]:
    """Read every ``<table>.csv`` of a folder.

    Raises
    ------
    RequestError
        With all problems of all rows of all files, one that is no table's included.
    """
    problems, tables = [], {}
    for path in sorted(folder.glob("*.csv")):
        if path.stem not in EXTENSIBLE:
            problems.append(f"{path.name} is none of {', '.join(EXTENSIBLE)}: move it away")
            continue
        try:
            tables[path.stem] = read_table(path.stem, path)
        except RequestError as error:
            problems += [f"{path.name}: {problem}" for problem in error.problems]
    if problems:
        raise RequestError(problems, subject=str(folder))
    return tables


def write_tables(folder: Path, tables: Mapping[str, Sequence[Any]]) -> None:
    """Write rows as ``<table>.csv`` with the columns of their tables."""
    import csv

    for table, rows in tables.items():
        if not rows:
            continue
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(EXTENSIBLE[table].columns)
            writer.writerows([_cell(getattr(row, f.name)) for f in fields(row)] for row in rows)


def _cell(value: object) -> str:
    """Write a value as the tables write it: blank for unknown, lists joined by semicolons.

    >>> _cell(27000.0), _cell(None), _cell(("Dy", "Tb"))
    ('27000', '', 'Dy;Tb')
    """
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ";".join(str(part) for part in value)
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    return value.isoformat() if isinstance(value, date) else str(value)


def read_batch(folder: Path, *, undone: bool = False) -> Batch:
    """Read a stored batch back.

    Raises
    ------
    RequestError
        Listing everything that is wrong with it: a file that changed or is missing, a newer
        schema, rows that this program cannot read.
    """
    from xenotime.workspace.manifest import defects

    remedy = (
        "restore the folder, or remove it, since it is not in force"
        if undone
        else f"take it out with `xenotime data undo {folder.name}`, or restore the folder"
    )
    subject = f"batch {folder.name}"
    found = defects(folder, required=[BATCH_FILE])
    if found:
        raise RequestError([f"{defect}: {remedy}" for defect in found], subject=subject)
    try:
        note = json.loads((folder / BATCH_FILE).read_text(encoding="utf-8"))
        schema = note["additions_schema"]
        texts = {key: str(note[key]) for key in ("title", "by", "added", "kind")}
        pack = note.get("pack")
        pack = None if pack is None else {str(key): str(pack[key]) for key in pack}
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise RequestError(
            f"{BATCH_FILE} is damaged ({type(error).__name__}): {remedy}", subject=subject
        ) from error
    if type(schema) is not int or not 1 <= schema <= ADDITIONS_SCHEMA:
        raise RequestError(
            f"additions_schema is {schema!r}, this program reads up to {ADDITIONS_SCHEMA}: install"
            f" a newer xenotime, or {remedy}",
            subject=subject,
        )
    try:
        tables = read_tables(folder)
    except RequestError as error:
        raise RequestError(error.problems, subject=subject) from error
    return Batch(id=folder.name, undone=undone, pack=pack, tables=tables, **texts)


def workspace_batches(
    workspace: str | Path | Workspace | None = None,
) -> tuple[tuple[Batch, ...], tuple[Unreadable, ...]]:
    """Read every batch of a workspace, oldest first, and what is wrong with those that fail.

    Parameters
    ----------
    workspace
        The folder or the opened workspace; None follows `XENOTIME_WORKSPACE`, else the system's
        folder for user data. It is not changed, and may be missing.

    Raises
    ------
    WorkspaceError
        If the folder is no workspace, or newer than this program.
    """
    from xenotime.workspace import Workspace, locate
    from xenotime.workspace.schema import read_schema

    root = workspace.root if isinstance(workspace, Workspace) else locate(workspace).root
    if read_schema(root) is None:
        return (), ()
    found, failed = [], []
    for entry in Workspace(root).list_batches():
        try:
            found.append(read_batch(entry.folder, undone=entry.undone))
        except RequestError as error:
            # One that another process moves to the other side at this moment is not here.
            if entry.folder.exists():
                failed.append(Unreadable(entry.id, entry.undone, error.problems))
    return tuple(sorted(found, key=lambda batch: (batch.added, batch.id))), tuple(failed)


def workspace_additions(workspace: str | Path | Workspace | None = None) -> Additions:
    """Everything that is in force of what users have added to a workspace.

    Parameters
    ----------
    workspace
        As for `workspace_batches`.

    Returns
    -------
    Additions
        To be entered with `xenotime.facts.including`.

    Raises
    ------
    RequestError
        If a batch in force cannot be read: an answer without it would not be the one asked for.
    WorkspaceError
        If the folder is no workspace, or newer than this program.

    Examples
    --------
    >>> bool(workspace_additions("no-such-folder"))
    False
    """
    batches, failed = workspace_batches(workspace)
    problems = [
        f"batch {broken.id}: {line}"
        for broken in failed
        if not broken.undone
        for line in broken.problems
    ]
    tables: dict[str, tuple[Any, ...]] = {}
    homes: dict[str, str] = {}
    in_force = [batch for batch in batches if not batch.undone]
    for batch in in_force:
        for table, rows in batch.tables.items():
            tables[table] = (*tables.get(table, ()), *rows)
        for name in batch.ids:
            if name in homes:
                problems.append(
                    f"{name} is in the batches {homes[name]} and {batch.id}: undo one of them"
                )
            homes[name] = batch.id
    if problems:
        raise RequestError(problems, subject="additions")
    notes = (AddedBatch(b.id, b.title, b.by, b.added, b.ids) for b in in_force)
    return Additions(tables, tuple(notes)) if in_force else NOTHING_ADDED


@contextmanager
def including_workspace(workspace: str | Path | Workspace | None = None) -> Iterator[Additions]:
    """Let every accessor answer with a workspace's additions, unless the caller has chosen others.

    Parameters
    ----------
    workspace
        As for `workspace_batches`.

    Examples
    --------
    >>> with including_workspace("no-such-folder") as additions:
    ...     bool(additions)
    False
    """
    if are_chosen():
        yield included()
        return
    with including(workspace_additions(workspace)) as additions:
        yield additions
