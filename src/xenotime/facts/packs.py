"""Data packs: batches of additions as one zip file, to be handed on and installed offline."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import re
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any

from xenotime.facts.adding import add
from xenotime.facts.batches import (
    ADDITIONS_SCHEMA,
    EXTENSIBLE,
    MOST_BYTES,
    Batch,
    read_tables,
    workspace_batches,
    write_tables,
)
from xenotime.facts.problems import RequestError

if TYPE_CHECKING:
    from xenotime.workspace import Workspace

__all__ = ["PACK_SCHEMA", "Pack", "export_pack", "install_pack", "open_pack"]

PACK_SCHEMA = 1
NOTE = "pack.json"
MOST_ENTRIES = 64
MOST_UNPACKED = 4 * MOST_BYTES
MOST_RATIO = 200
"""Tables shrink ten- to fiftyfold; a thousandfold is a bomb."""
_MOST_NOTE = 2**20
_LONGEST_TEXT = 500

# Nothing else may be in a pack, so that nothing else can be hidden in one.
_TABLE = re.compile(rf"tables/({'|'.join(EXTENSIBLE)})\.csv")
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
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
        If there is nothing to pack, or a batch is unknown, undone or damaged.
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
    if problems:
        raise RequestError(problems)
    return _zipped(chosen, title.strip(), by.strip())


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
    try:
        return add(workspace, pack.tables, title=pack.title, by=pack.by, kind="pack", pack=origin)
    except RequestError as error:
        raise RequestError(error.problems, subject=error.subject or path.name) from error


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
        return _checked(_files(content), hashlib.sha256(content).hexdigest())
    except RequestError as error:
        raise RequestError(error.problems, subject=path.name) from error
    except _UNREADABLE as error:
        raise RequestError(
            f"it is no whole zip file ({type(error).__name__}: {error}): fetch it again",
            subject=path.name,
        ) from error


def _files(content: bytes) -> dict[str, bytes]:
    """Unpack into memory what passes every check of the zip itself."""
    if len(content) > MOST_UNPACKED:
        raise RequestError(f"it has more than {MOST_UNPACKED:,} bytes: ask for smaller packs")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
        problems = _entry_problems(entries)
        if problems:
            raise RequestError(problems)
        return {entry.filename: _unpacked(archive, entry) for entry in entries}


def _entry_problems(entries: Sequence[zipfile.ZipInfo]) -> list[str]:
    """Everything that the zip's own list of entries gives away, before anything is unpacked."""
    if len(entries) > MOST_ENTRIES:
        return [f"it has {len(entries):,} entries, a pack has at most {MOST_ENTRIES}"]
    problems, seen = [], set()
    for entry in entries:
        name = entry.filename
        told = repr(name if len(name) < 120 else f"{name[:120]} ...")
        if name.casefold() in seen:
            problems.append(f"{told} is in it twice")
        seen.add(name.casefold())
        pure, windows = PurePosixPath(name), PureWindowsPath(name)
        if pure.is_absolute() or windows.anchor or ".." in pure.parts or ".." in windows.parts:
            problems.append(f"{told} would leave the folder of the pack")
        elif stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
            problems.append(f"{told} is a link or a device, not a file")
        elif name != NOTE and not _TABLE.fullmatch(name):
            problems.append(f"{told} does not belong in a pack")
        if entry.flag_bits & _ENCRYPTED:
            problems.append(f"{told} is encrypted: ask for a pack without a password")
        if entry.compress_type not in _METHODS:
            problems.append(f"{told} is compressed by method {entry.compress_type}: use deflate")
        if entry.file_size > max(MOST_RATIO * entry.compress_size, 4096):
            problems.append(
                f"{told} would grow from {entry.compress_size:,} to {entry.file_size:,} bytes:"
                " that is no table"
            )
        if entry.file_size > (_MOST_NOTE if name == NOTE else MOST_BYTES):
            problems.append(f"{told} has {entry.file_size:,} bytes, more than any table may have")
    total = sum(entry.file_size for entry in entries)
    if total > MOST_UNPACKED:
        problems.append(f"it would grow to {total:,} bytes, more than {MOST_UNPACKED:,}")
    if NOTE not in {entry.filename for entry in entries}:
        problems.append(f"it has no {NOTE}: it is no data pack")
    return problems


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Read an entry, never more than it says that it has."""
    with archive.open(entry) as stream:
        content = stream.read(entry.file_size + 1)
    if len(content) != entry.file_size:
        raise zipfile.BadZipFile(f"{entry.filename} has not the size that the zip says")
    return content


def _checked(files: Mapping[str, bytes], digest: str) -> Pack:
    note = _note(files[NOTE])
    problems = _hash_problems(note["files"], {n: c for n, c in files.items() if n != NOTE})
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


def _note(content: bytes) -> dict[str, Any]:
    """Read and check what a pack says of itself."""
    try:
        note = json.loads(content.decode("utf-8"))
        schemas = {key: note[key] for key in ("pack_schema", "additions_schema")}
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _damaged_note(f"{type(error).__name__}: {error}") from error
    for (name, found), newest in zip(schemas.items(), (PACK_SCHEMA, ADDITIONS_SCHEMA), strict=True):
        if type(found) is not int or found < 1:
            raise _damaged_note(f"{name} is {str(found)[:40]!r}")
        if found > newest:
            raise RequestError(
                f"{name} is {found}, this program reads up to {newest}: install a newer xenotime"
            )
    try:
        texts = {key: note[key] for key in ("title", "by", "created")}
        batches = [
            {key: entry[key] for key in ("id", "title", "by", "added", "kind")}
            for entry in note["batches"]
        ]
        files = [{key: str(entry[key]) for key in ("path", "sha256")} for entry in note["files"]]
    except (KeyError, TypeError) as error:
        raise _damaged_note(f"{type(error).__name__}: {error}") from error
    for text in (*texts.values(), *(value for entry in batches for value in entry.values())):
        if type(text) is not str or not text.strip() or len(text) > _LONGEST_TEXT:
            raise _damaged_note(f"{str(text)[:40]!r} is no text of 1 to {_LONGEST_TEXT} characters")
    return {**texts, "batches": batches, "files": files}


def _damaged_note(why: str) -> RequestError:
    return RequestError(f"{NOTE} is damaged ({why[:200]}): fetch the pack again")


def _hash_problems(listed: Sequence[Mapping[str, str]], files: Mapping[str, bytes]) -> list[str]:
    """Compare the files with the hashes that the pack lists."""
    hashes = {entry["path"]: entry["sha256"] for entry in listed}
    problems = [f"{NOTE} lists a file twice"] if len(hashes) < len(listed) else []
    problems += [
        f"{NOTE} lists {path[:120]!r}, which is not there: fetch the pack again"
        for path in hashes
        if path not in files
    ]
    for path, content in files.items():
        if path not in hashes:
            problems.append(f"{path!r} is not listed in {NOTE}")
        elif hashlib.sha256(content).hexdigest() != hashes[path]:
            problems.append(
                f"{path!r} is not what the pack lists, its hash differs: fetch it again"
            )
    return problems or ([] if files else ["it holds no table"])
