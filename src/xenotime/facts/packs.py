"""Data packs: batches of additions as one zip file, to be handed on and installed offline."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from xenotime.facts.adding import add, note_problems
from xenotime.facts.batches import (
    ADDITIONS_SCHEMA,
    Batch,
    read_tables,
    workspace_batches,
    write_tables,
)
from xenotime.facts.names import known_quantities
from xenotime.facts.pack_checks import (
    MOST_UNPACKED,
    NOTE,
    PACK_SCHEMA,
    files_of,
    hash_problems,
    note_of,
)
from xenotime.facts.problems import RequestError, few

if TYPE_CHECKING:
    from xenotime.workspace import Workspace

__all__ = ["PACK_SCHEMA", "Pack", "export_pack", "install_pack", "new_quantities", "open_pack"]

_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)


@dataclass(frozen=True, slots=True)
class Pack:
    """A data pack that has passed every check.

    `licences` are the licence classes of its rows, `digest` is the SHA-256 of the file.
    """

    title: str
    by: str
    created: str
    licences: tuple[str, ...]
    digest: str
    batches: tuple[Mapping[str, str], ...]
    tables: Mapping[str, tuple[Any, ...]]


def export_pack(
    workspace: str | Path | Workspace | None,
    *,
    title: str,
    by: str,
    batches: Sequence[str] = (),
) -> bytes:
    """Pack batches that are in force into one zip file; the same batches give the same tables.

    Parameters
    ----------
    workspace
        As for `xenotime.facts.batches.workspace_batches`.
    title, by
        What the pack is and who hands it on.
    batches
        Names of batches; all that are in force when none is named.

    Returns
    -------
    bytes
        The content of the file.

    Raises
    ------
    RequestError
        If there is nothing to pack, a batch is unknown, undone or damaged, or `install_pack`
        would refuse the title, the name or the pack.
    """
    found, failed = workspace_batches(workspace)
    in_force = {batch.id: batch for batch in found if not batch.undone}
    problems = [
        f"batch {broken.id}: {line}"
        for broken in failed
        if not broken.undone and (broken.id in batches or not batches)
        for line in broken.problems
    ]
    known = {*in_force, *(broken.id for broken in failed)}
    problems += [
        f"batch {name!r} is not in force: `xenotime data status` lists the batches"
        for name in batches
        if name not in known
    ]
    chosen = [batch for name, batch in in_force.items() if name in batches or not batches]
    if not chosen and not problems:
        problems.append("there is nothing to export: no batch is in force in this workspace")
    if not title.strip() or not by.strip():
        problems.append("a pack needs a title and the name of who hands it on")
    problems += note_problems(title, by)
    if problems:
        raise RequestError(problems)
    content = _zipped(chosen, title.strip(), by.strip())
    _checked(files_of(content), "")  # whoever is handed it on must be able to install it
    return content


def _zipped(batches: Sequence[Batch], title: str, by: str) -> bytes:
    tables: dict[str, list[Any]] = {}
    for batch in batches:
        for table, rows in batch.tables.items():
            tables.setdefault(table, []).extend(rows)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_tables(folder, tables)
        files = {f"tables/{p.name}": p.read_bytes() for p in sorted(folder.glob("*.csv"))}
    note = {
        "pack_schema": PACK_SCHEMA,
        "additions_schema": ADDITIONS_SCHEMA,
        "title": title,
        "by": by,
        "created": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "licences": sorted({row.licence for rows in tables.values() for row in rows}),
        "batches": [
            {"id": b.id, "title": b.title, "by": b.by, "added": b.added, "kind": b.kind}
            for b in batches
        ],
        "files": [
            {"path": path, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for path, content in files.items()
        ],
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression=zipfile.ZIP_DEFLATED) as archive:
        for path, content in {NOTE: json.dumps(note, indent=1).encode(), **files}.items():
            # A fixed time, so that the same content makes the same bytes.
            archive.writestr(
                zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED
            )
    return target.getvalue()


def install_pack(workspace: Workspace, path: Path) -> Batch:
    """Add everything in a data pack to a workspace's record, as one batch: all of it or nothing.

    Parameters
    ----------
    workspace
        An opened workspace.
    path
        The zip file. Nothing of it is written anywhere before all of it has been checked.

    Raises
    ------
    RequestError
        Listing what is wrong with the file or its rows, or which ids are taken.
    WorkspaceError
        If the workspace cannot be written.
    """
    pack = open_pack(path)
    origin = {
        "title": pack.title,
        "by": pack.by,
        "created": pack.created,
        "licences": ", ".join(pack.licences),
        "sha256": pack.digest,
        "file": path.name,
        "batches": "; ".join(f"{b['title']} ({b['by']}, {b['added']})" for b in pack.batches),
    }
    problems = _already_here(workspace, pack)
    if problems:
        raise RequestError(few(problems), subject=path.name)
    try:
        return add(workspace, pack.tables, title=pack.title, by=pack.by, kind="pack", pack=origin)
    except RequestError as error:
        raise RequestError(error.problems, subject=error.subject or path.name) from error


def new_quantities(pack: Pack) -> tuple[str, ...]:
    """Quantities that a pack brings and the record in force has not, in order of their names.

    Such a figure may be meant, or the slip of whoever made the pack.
    """
    known = known_quantities()
    return tuple(sorted({row.quantity for row in pack.tables.get("claims", ())} - known))


def _already_here(workspace: Workspace, pack: Pack) -> list[str]:
    """Say which batch holds a pack, or rows of it, already, and what to do about it."""
    batches, _ = workspace_batches(workspace)
    for batch in batches:
        if batch.pack is not None and batch.pack.get("sha256") == pack.digest:
            told = f"batch {batch.id}, added {batch.added} by {batch.by}"
            if batch.undone:
                again = f"`xenotime data redo {batch.id}` puts it in force again"
                return [f"it was installed already and undone ({told}): {again}"]
            out = f"`xenotime data undo {batch.id}` takes it out again"
            return [f"it is installed already ({told}), nothing is to be done: {out}"]
    homes = {name: batch for batch in batches if not batch.undone for name in batch.ids}
    here = {
        row.id: homes[row.id] for rows in pack.tables.values() for row in rows if row.id in homes
    }
    return [
        f"{name} is in force from batch {batch.id} ({batch.title}): `xenotime data undo {batch.id}`"
        " first, or ask for a pack without it"
        for name, batch in here.items()
    ]


def open_pack(path: Path) -> Pack:
    """Read a data pack and check all of it; nothing is written outside a temporary folder.

    Raises
    ------
    RequestError
        If it is no zip file, is cut off, encrypted or a bomb; if an entry is there twice, is a
        link or would leave its folder; if a hash differs; if it is newer than this program; or
        if its rows are unsound. Every problem that can be seen at that stage is listed.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(MOST_UNPACKED + 1)
    except OSError as error:
        raise RequestError(f"{path} cannot be read ({error.strerror}): check the path") from error
    try:
        return _checked(files_of(content), hashlib.sha256(content).hexdigest())
    except RequestError as error:
        raise RequestError(error.problems, subject=path.name) from error
    except _UNREADABLE as error:
        raise RequestError(
            f"it is no whole zip file ({type(error).__name__}: {error}): fetch it again",
            subject=path.name,
        ) from error


def _checked(files: Mapping[str, bytes], digest: str) -> Pack:
    note = note_of(files[NOTE])
    problems = hash_problems(note["files"], {n: c for n, c in files.items() if n != NOTE})
    if problems:
        raise RequestError(problems)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path, content in files.items():
            if path != NOTE:
                (folder / PurePosixPath(path).name).write_bytes(content)
        tables = read_tables(folder)
    licences = tuple(sorted({row.licence for rows in tables.values() for row in rows}))
    return Pack(
        title=note["title"],
        by=note["by"],
        created=note["created"],
        licences=licences,
        digest=digest,
        batches=tuple(note["batches"]),
        tables=tables,
    )
