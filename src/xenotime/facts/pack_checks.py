"""What a data pack may be as a file: its zip, its note and its hashes."""

from __future__ import annotations

import hashlib
import io
import json
import re
import stat
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

from xenotime.facts.batches import ADDITIONS_SCHEMA, EXTENSIBLE, MOST_BYTES
from xenotime.facts.problems import RequestError

__all__ = ["MOST_UNPACKED", "NOTE", "PACK_SCHEMA", "files_of", "hash_problems", "note_of"]

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


def files_of(content: bytes) -> dict[str, bytes]:
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


def note_of(content: bytes) -> dict[str, Any]:
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
        files = [
            {key: str(entry[key]) for key in ("path", "bytes", "sha256")} for entry in note["files"]
        ]
    except (KeyError, TypeError) as error:
        raise _damaged_note(f"{type(error).__name__}: {error}") from error
    for text in (*texts.values(), *(value for entry in batches for value in entry.values())):
        if type(text) is not str or not text.strip() or len(text) > _LONGEST_TEXT:
            raise _damaged_note(f"{str(text)[:40]!r} is no text of 1 to {_LONGEST_TEXT} characters")
    return {**texts, "batches": batches, "files": files}


def _damaged_note(why: str) -> RequestError:
    return RequestError(f"{NOTE} is damaged ({why[:200]}): fetch the pack again")


def hash_problems(listed: Sequence[Mapping[str, str]], files: Mapping[str, bytes]) -> list[str]:
    """Compare the files with the hashes that the pack lists."""
    hashes = {entry["path"]: entry["sha256"] for entry in listed}
    sizes = {entry["path"]: entry["bytes"] for entry in listed}
    problems = [f"{NOTE} lists a file twice"] if len(hashes) < len(listed) else []
    problems += [
        f"{NOTE} lists {path[:120]!r}, which is not there: fetch the pack again"
        for path in hashes
        if path not in files
    ]
    for path, content in files.items():
        if path not in hashes:
            problems.append(f"{path!r} is not listed in {NOTE}")
        elif str(len(content)) != sizes[path]:
            problems.append(
                f"{path!r} has {len(content):,} bytes, {NOTE} lists {sizes[path][:20]}: fetch the"
                " pack again"
            )
        elif hashlib.sha256(content).hexdigest() != hashes[path]:
            problems.append(
                f"{path!r} is not what the pack lists, its hash differs: fetch it again"
            )
    return problems or ([] if files else ["it holds no table"])
