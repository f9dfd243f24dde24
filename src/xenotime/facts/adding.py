"""Adding rows to a workspace's record, taking them out of force and putting them back."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xenotime.facts.act_checks import act_problems
from xenotime.facts.additions import Additions, including
from xenotime.facts.batches import (
    ADDITIONS_SCHEMA,
    BATCH_FILE,
    EXTENSIBLE,
    Batch,
    read_batch,
    workspace_additions,
    workspace_batches,
    write_tables,
)
from xenotime.facts.claim_checks import claim_problems
from xenotime.facts.claims import Claim
from xenotime.facts.measures import Measure
from xenotime.facts.problems import RequestError, few
from xenotime.facts.records import Conflict, ControlItem, Stoppage
from xenotime.facts.registers import REGISTERS
from xenotime.facts.search import known_ids
from xenotime.facts.tables import Refused, RowReader, Sifted
from xenotime.facts.wording import flaw_of, flaws_in

if TYPE_CHECKING:
    from xenotime.workspace import Workspace

__all__ = [
    "add",
    "allowed_quantities",
    "new_row",
    "note_problems",
    "problems_of",
    "redo",
    "sift_row",
    "undo",
]


def new_row(table: str, cells: Mapping[str, str], *, label: str) -> Any:
    """Build one row of a table from texts by column; columns that are not given are blank.

    Parameters
    ----------
    table
        Name of a table in `EXTENSIBLE`.
    cells
        Texts as a CSV file would hold them.
    label
        How problems call the row.

    Raises
    ------
    RequestError
        With every problem of the row.

    Examples
    --------
    >>> cells = {"id": "conflict/a@b", "topic": "a", "claim_a": "1 t", "source_a": "x",
    ...          "claim_b": "2 t", "source_b": "y", "assessment": "open", "grade": "C",
    ...          "vintage": "b", "first_known": "2026-07-01", "licence": "own"}
    >>> new_row("conflicts", cells, label="row").claim_b
    '2 t'
    >>> new_row("conflicts", cells | {"grade": "E"}, label="row")
    Traceback (most recent call last):
    xenotime.facts.problems.RequestError: row: grade is 'E': use one of A, B, C, D, prior
    """
    found = sift_row(table, cells, label=label)
    if found.problems:
        raise RequestError(found.problems)
    return found.rows[0]


def sift_row(table: str, cells: Mapping[str, str], *, label: str) -> Sifted[Any]:
    """Build one row as `new_row` does, but hand back what is wrong with it.

    Examples
    --------
    >>> found = sift_row("claims", {"id": "mine_production/MMR/2024@own", "mid": "x"}, label="row")
    >>> found.rows, len(found.refused), len(found.problems) > 1
    ((), 1, True)
    """
    kind = EXTENSIBLE[table]
    reader = RowReader(dict.fromkeys(kind.columns, "") | dict(cells), label)
    row = kind.parse(reader)
    problems = tuple(reader.problems)
    if not problems:
        return Sifted((row,))
    return Sifted((), problems, (Refused(row, frozenset(reader.wrong)),))


def problems_of(
    tables: Mapping[str, Sequence[Any]],
    *,
    today: dt.date,
    new_quantities: Collection[str] | None = (),
    refused: Mapping[str, Sequence[Refused[Any]]] | None = None,
) -> list[str]:
    """List what keeps rows from being added to the facts that are in force here.

    Each row is sound by itself (see `new_row`); this looks at what only added rows must have, a
    source and a day that has come, at the rows beside them, in the record and in the batch: ids
    that are taken, names that nobody knows, figures that contradict their id, acts that are not
    there.

    Parameters
    ----------
    tables
        Rows by table.
    today
        Nothing can be known from a later day.
    new_quantities
        Quantities that the record has not and that are meant. None is for rows that nobody wrote
        now, of packs and of files of known formats: their quantities are taken as they are.
    refused
        Rows that are refused already, by table: their sound columns are looked at, too, and others
        may refer to them without a second complaint.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from xenotime.facts import get
    >>> mine = replace(get("mine_production/MMR/2024@mcs2026"), id="mine_production/KEN/2024@own",
    ...                vintage="own")
    >>> problems_of({"claims": [mine]}, today=dt.date(2026, 7, 1))[0]
    "mine_production/KEN/2024@own: the id names KEN, but country is 'MMR': make them agree"
    """
    problems: list[str] = []
    taken = known_ids()
    seen: set[str] = set()
    flawed = refused or {}
    for table in dict.fromkeys((*tables, *flawed)):
        for row in tables.get(table, ()):
            if row.id in seen:
                problems.append(f"{row.id}: the id is given twice: keep one")
            seen.add(row.id)
        every = [*map(Refused, tables.get(table, ())), *flawed.get(table, ())]
        for one in every:
            if not any(isinstance(one.row, kind) for kind in _KINDS[table]):
                raise AssertionError(f"{one.row!r} is no row of {table}")
            if one.row.id in taken:
                remedy = (
                    "give the act another id"
                    if isinstance(one.row, Measure)
                    else "to revise a figure, give it a vintage of its own"
                )
                problems.append(f"{one.row.id}: the id is taken: {remedy}")
            problems += [
                f"{one.row.id}: {line}"
                for column, line in _row_problems(one.row, today)
                if column not in one.wrong
            ]
    further = (
        claim_problems(tables.get("claims", ()), new_quantities, flawed.get("claims", ())),
        act_problems(
            tables.get("measures", ()),
            tables.get("control_items", ()),
            today,
            flawed.get("measures", ()),
        ),
    )
    problems += [f"{name}: {line}" for found in further for name, line in found]
    return few(list(dict.fromkeys(problems)))


_KINDS: dict[str, tuple[type, ...]] = {
    "claims": (Claim,),
    "measures": (Measure,),
    "control_items": (ControlItem,),
    "stoppages": (Stoppage,),
    "conflicts": (Conflict,),
    **{register.name: (register.record,) for register in REGISTERS},
}


def _row_problems(row: Any, today: dt.date) -> Iterator[tuple[str, str]]:
    """Say what is wrong with a row of any table, and in which column."""
    yield from flaws_in(row)
    # A contradiction names a source for each side.
    if not isinstance(row, Conflict) and not row.source_url:
        yield "source_url", "source_url is blank: give the address, or the name of the document"
    if row.first_known is not None and row.first_known > today:
        yield "first_known", f"first_known is {row.first_known}: that day has not come"


def note_problems(title: str, by: str) -> list[str]:
    """Say what is wrong with the title of a batch and the name of who adds it.

    >>> note_problems("Trade press", "=me")[0][:20]
    "by is '=me': it begi"
    """
    return [
        f"{name} is {text[:_LONGEST_TOLD]!a}: {flaw}"
        for name, text in (("title", title.strip()), ("by", by.strip()))
        if (flaw := flaw_of(text) or _too_long(text))
    ]


_LONGEST_TOLD = 80
_LONGEST_NOTE = 500


def _too_long(text: str) -> str:
    return (
        f"it has {len(text):,} characters, {_LONGEST_NOTE} fit" if len(text) > _LONGEST_NOTE else ""
    )


_BRING_THEIR_OWN = frozenset({"load", "pack"})


def allowed_quantities(kind: str, declared: Collection[str]) -> Collection[str] | None:
    """Say which quantities that the record has not a batch may bring; None is every one.

    In rows that somebody wrote such a quantity is a slip unless it was declared. Packs and files of
    known formats bring their own.

    >>> allowed_quantities("facts", ["my_series"]), allowed_quantities("pack", [])
    (['my_series'], None)
    """
    return None if kind in _BRING_THEIR_OWN else declared


def add(
    workspace: Workspace,
    tables: Mapping[str, Sequence[Any]],
    *,
    title: str,
    by: str,
    kind: str,
    pack: Mapping[str, str] | None = None,
    today: dt.date | None = None,
    new_quantities: Collection[str] = (),
) -> Batch:
    """Add rows to a workspace's record as one batch: all of them or none.

    Parameters
    ----------
    workspace
        An opened workspace; it is locked meanwhile, so that two processes never add one id.
    tables
        Rows by table.
    title, by
        What the batch is and who adds it.
    kind
        ``facts``, ``observations``, ``policy`` or ``pack``.
    pack
        Which data pack the rows come from, if any.
    today
        The day that counts as today (default: this day, UTC).
    new_quantities
        Quantities that the record has not and that are meant. Packs and loaded files need not
        declare them.

    Returns
    -------
    Batch
        As it is stored.

    Raises
    ------
    RequestError
        With every problem of every row; nothing has been written then.
    WorkspaceError
        If the workspace is in use elsewhere or cannot be written.
    """
    from xenotime.workspace import staged

    now = dt.datetime.now(dt.UTC)
    rows = {table: tuple(found) for table, found in tables.items() if found}
    if not rows:
        raise RequestError("there is no row to add: write one")
    if not title.strip() or not by.strip():
        raise RequestError("a batch needs a title and the name of who adds it")
    flaws = note_problems(title, by)
    if flaws:
        raise RequestError(flaws)
    with workspace.lock(), including(workspace_additions(workspace)):
        problems = problems_of(
            rows,
            today=today or now.date(),
            new_quantities=allowed_quantities(kind, new_quantities),
        )
        if problems:
            raise RequestError(problems)
        name = f"{now.date()}-{kind}-{Additions(rows).digest[:8]}"
        there = next((entry for entry in workspace.list_batches() if entry.id == name), None)
        if there is not None:
            raise RequestError(
                f"the same rows are in batch {name}, which was undone:"
                f" `xenotime data redo {name}` puts it in force again"
            )
        with staged(workspace.batch_folder(name)) as folder:
            write_tables(folder, rows)
            note = {
                "additions_schema": ADDITIONS_SCHEMA,
                "title": title.strip(),
                "by": by.strip(),
                "added": now.isoformat(timespec="seconds"),
                "kind": kind,
                "pack": None if pack is None else dict(pack),
            }
            (folder / BATCH_FILE).write_text(json.dumps(note, indent=1) + "\n", encoding="utf-8")
            _require_same(folder, rows)
        return read_batch(workspace.batch_folder(name))


def _require_same(folder: Path, rows: Mapping[str, Sequence[Any]]) -> None:
    """Read back what was written, before it counts: what comes back must be what was given."""
    from xenotime.facts.batches import read_tables

    if Additions(read_tables(folder)) != Additions({t: tuple(r) for t, r in rows.items()}):
        raise AssertionError("rows do not survive being written")


def undo(workspace: Workspace, batch: str) -> Path:
    """Take a batch out of force; it is kept, and can be put back. Works on damaged ones, too.

    Raises
    ------
    RequestError
        If rows of other batches refer to its acts: undo those first.
    WorkspaceError
        If there is no such batch in force.
    """
    with workspace.lock():
        batches, _ = workspace_batches(workspace)
        leaving = {name for b in batches if b.id == batch and not b.undone for name in b.ids}
        problems = [
            f"{row.id} in batch {other.id} refers to {name}: undo batch {other.id} first"
            for other in batches
            if other.id != batch and not other.undone
            for rows in other.tables.values()
            for row in rows
            for name in _refers_to(row)
            if name in leaving
        ]
        if problems:
            raise RequestError(problems, subject=f"batch {batch}")
        return workspace.move_batch(batch, undone=True)


def redo(workspace: Workspace, batch: str, *, today: dt.date | None = None) -> Path:
    """Put an undone batch in force again.

    Raises
    ------
    RequestError
        If it cannot be read, or its rows no longer fit beside what is in force.
    WorkspaceError
        If there is no such batch that was undone.
    """
    with workspace.lock():
        folder = workspace.batch_folder(batch, undone=True)
        if folder.is_dir():
            stored = read_batch(folder, undone=True)
            with including(workspace_additions(workspace)):
                problems = problems_of(
                    stored.tables,
                    today=today or dt.datetime.now(dt.UTC).date(),
                    new_quantities=None,  # whoever added them meant them
                )
            if problems:
                raise RequestError(problems, subject=f"batch {batch}")
        return workspace.move_batch(batch, undone=False)


def _refers_to(row: Any) -> tuple[str, ...]:
    if isinstance(row, Measure):
        return row.changes
    return (row.measure,) if isinstance(row, ControlItem) else ()
