"""Adding rows to a workspace's record, taking them out of force and putting them back."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xenotime.facts.additions import Additions, including, remembered
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
from xenotime.facts.claims import EXPORT_TABLES, Claim, claims
from xenotime.facts.measures import Measure, measures
from xenotime.facts.problems import RequestError, few
from xenotime.facts.records import Conflict, ControlItem, Stoppage, control_items
from xenotime.facts.registers import REGISTERS
from xenotime.facts.search import known_ids
from xenotime.facts.tables import RowReader
from xenotime.facts.taxonomy import RARE_EARTHS
from xenotime.facts.units import convert
from xenotime.facts.vintages import body_of, vintages_of

if TYPE_CHECKING:
    from xenotime.workspace import Workspace

__all__ = ["add", "new_row", "problems_of", "redo", "undo"]

# Acts that do nothing by themselves: what they change must be named.
_CHANGING = frozenset({"suspension", "removal"})


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
    kind = EXTENSIBLE[table]
    reader = RowReader(dict.fromkeys(kind.columns, "") | dict(cells), label)
    row = kind.parse(reader)
    if reader.problems:
        raise RequestError(reader.problems)
    return row


def problems_of(tables: Mapping[str, Sequence[Any]], *, today: dt.date) -> list[str]:
    """List what keeps rows from being added to the facts that are in force here.

    Each row is sound by itself (see `new_row`); this looks at what only added rows must have, a
    source and a day that has come, and at the rows beside them: ids that are taken, acts that are
    not there.

    Parameters
    ----------
    tables
        Rows by table.
    today
        Nothing can be known from a later day.
    """
    problems: list[str] = []
    taken = known_ids()
    acts = {row.id for row in tables.get("measures", ())}
    acts |= {name for name in taken if name.startswith("M")}
    seen: set[str] = set()
    for table, rows in tables.items():
        for row in rows:
            if row.id in taken:
                problems.append(
                    f"{row.id}: the id is taken: to revise a figure, give it a vintage of its own"
                )
            if row.id in seen:
                problems.append(f"{row.id}: the id is given twice: keep one")
            seen.add(row.id)
            problems += [f"{row.id}: {line}" for line in _row_problems(row, acts, today)]
            if not any(isinstance(row, kind) for kind in _KINDS[table]):
                raise AssertionError(f"{row!r} is no row of {table}")
    return few(problems)


_KINDS: dict[str, tuple[type, ...]] = {
    "claims": (Claim,),
    "measures": (Measure,),
    "control_items": (ControlItem,),
    "stoppages": (Stoppage,),
    "conflicts": (Conflict,),
    **{register.name: (register.record,) for register in REGISTERS},
}


def _row_problems(row: Any, acts: set[str], today: dt.date) -> list[str]:
    problems = []
    if isinstance(row, Conflict):
        pass  # names a source for each side
    elif not row.source_url:
        problems.append("source_url is blank: give the address, or the name of the document")
    if row.first_known is not None and row.first_known > today:
        problems.append(f"first_known is {row.first_known}: that day has not come")
    if isinstance(row, Claim):
        problems += _implausible(row) or _unlike_other_vintages(row)
    if isinstance(row, Measure):
        if not row.id.startswith("M-"):
            problems.append(
                "the program numbers its own acts: name yours like M-CHN-2026-07-01-magnets"
            )
        if row.announced is not None and row.announced > today:
            problems.append(f"announced is {row.announced}: that day has not come")
        if row.in_force is not None and row.in_force < (row.announced or row.in_force):
            problems.append(
                f"in_force is {row.in_force}, before it was announced ({row.announced}): "
                "give the day of the announcement on or before it"
            )
        if row.id in row.changes:
            problems.append(f"changes names the act itself, {row.id}: an act cannot change itself")
        problems += [
            f"changes: there is no act {name!r}" for name in row.changes if name not in acts
        ]
        elements = _elements()
        problems += [
            f"elements: {name!r} is no element of the record: use one of {', '.join(elements)}"
            for name in row.elements
            if name not in elements
        ]
        if row.instrument in _CHANGING and not row.changes:
            problems.append(f"changes is blank: a {row.instrument} names the acts that it changes")
    if isinstance(row, ControlItem) and row.measure not in acts:
        problems.append(f"measure is {row.measure!r}: there is no such act")
    return problems


@remembered(maxsize=4)
def _elements() -> tuple[str, ...]:
    """Elements and minerals that acts of the record are about."""
    named = {name for act in measures() for name in act.elements}
    return tuple(sorted({*RARE_EARTHS, *named, *(item.element for item in control_items())}))


LARGEST_FIGURE = 1e12
"""No figure of the record is as large, in whatever unit."""

FURTHEST_REVISION = 100.0
"""A vintage that differs by a larger factor from the one before is a slip of units (assumption)."""


def _implausible(claim: Claim) -> list[str]:
    """Say which figure cannot be: too large for anything, or negative where none ever was."""
    problems = []
    for name in ("low", "mid", "high"):
        value = getattr(claim, name)
        if value is None:
            continue
        if abs(value) > LARGEST_FIGURE:
            problems.append(f"{name} is {value:g} {claim.unit}: no figure is as large")
        if value < 0 and not _may_be_negative(claim.quantity):
            problems.append(f"{name} is {value:g} {claim.unit}: {claim.quantity} is never negative")
    return problems


@remembered(maxsize=64)
def _may_be_negative(quantity: str) -> bool:
    """Whether a quantity is a change, or the record has a negative figure of it."""
    return "change" in quantity or any(
        value is not None and value < 0
        for claim in claims()
        if claim.quantity == quantity
        for value in (claim.low, claim.mid, claim.high)
    )


def _far_off(claim: Claim, other: Claim) -> list[str]:
    """Say that a figure differs too much from the vintage before it."""
    if not claim.mid or not other.mid or claim.mid < 0 or other.mid < 0:
        return []
    try:
        ratio = convert(claim.mid, claim.unit, other.unit) / other.mid
    except RequestError:
        return []  # the units are complained about elsewhere
    if 1.0 / FURTHEST_REVISION <= ratio <= FURTHEST_REVISION:
        return []
    seen = f"mid is {claim.mid:g} {claim.unit}, {other.id} has {other.mid:g} {other.unit}"
    return [f"{seen}: a factor of more than {FURTHEST_REVISION:g} is a slip of units"]


def _unlike_other_vintages(claim: Claim) -> list[str]:
    """Say where a new vintage is about something else, or counts in another unit, than the rest.

    The baseline reads whichever vintage is newest: a figure in another unit would be taken for one
    in the unit that it expects.
    """
    others = vintages_of(body_of(claim.id))
    if not others:
        return []
    problems = [
        f"{name} is {getattr(claim, name)!r}, but {others[0].id} has {getattr(others[0], name)!r}:"
        " the same id before @ is the same quantity"
        for name in ("country", "product", "stage", "partner", "industry", "period")
        if getattr(claim, name) != getattr(others[0], name)
    ]
    units = sorted({other.unit for other in others})
    weighed = claim.quantity in EXPORT_TABLES and claim.unit in {"t", "kg"}
    if claim.unit not in units and not weighed:
        problems.append(
            f"unit is {claim.unit!r}, other vintages are in {' or '.join(units)}: convert it"
        )
    return problems or _far_off(claim, others[0])


def add(
    workspace: Workspace,
    tables: Mapping[str, Sequence[Any]],
    *,
    title: str,
    by: str,
    kind: str,
    pack: Mapping[str, str] | None = None,
    today: dt.date | None = None,
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
    with workspace.lock(), including(workspace_additions(workspace)):
        problems = problems_of(rows, today=today or now.date())
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
                problems = problems_of(stored.tables, today=today or dt.datetime.now(dt.UTC).date())
            if problems:
                raise RequestError(problems, subject=f"batch {batch}")
        return workspace.move_batch(batch, undone=False)


def _refers_to(row: Any) -> tuple[str, ...]:
    if isinstance(row, Measure):
        return row.changes
    return (row.measure,) if isinstance(row, ControlItem) else ()
