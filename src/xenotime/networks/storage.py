"""A network on disk: one Parquet file per table and a manifest of hashes, whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xenotime.facts.problems import RequestError
from xenotime.networks.structure import SCHEMA, ProductionNetwork
from xenotime.networks.validation import validate

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MANIFEST", "read", "write"]

MANIFEST = "network.json"
SCHEMA_VERSION = 3


def write(network: ProductionNetwork, folder: Path | str) -> Path:
    """Write a network as Parquet files with a hash manifest; the folder appears whole.

    The files are written to a neighbour folder first and moved into place at the end, so a
    crash leaves the old content, or none. An existing network in the folder is replaced;
    a folder that holds anything else is refused.

    Parameters
    ----------
    network
        A network without problems.
    folder
        Where to; made with its parents.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    RequestError
        If the network has problems (all are listed) or the folder holds other files.

    Examples
    --------
    >>> import tempfile
    >>> from xenotime.networks.structure import empty_table
    >>> network = ProductionNetwork(**{name: empty_table(name) for name in SCHEMA})
    >>> with tempfile.TemporaryDirectory() as place:
    ...     len(read(write(network, Path(place) / "net")).links)
    0
    """
    import pyarrow as pa
    from pyarrow import parquet

    target = Path(folder)
    problems = validate(network)
    if problems:
        raise RequestError(problems, subject=f"network for {target}")
    _refuse_foreign(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.parent / f".{target.name}.{uuid.uuid4().hex}.part"
    draft.mkdir()
    try:
        hashes = {}
        for name, table in network.tables():
            path = draft / f"{name}.parquet"
            parquet.write_table(
                pa.Table.from_pandas(table, schema=_arrow_schema(name), preserve_index=False), path
            )
            hashes[path.name] = _sha256(path)
        manifest = {"schema_version": SCHEMA_VERSION, "kind": "network", "sha256": hashes}
        (draft / MANIFEST).write_text(
            json.dumps(manifest, indent=1, sort_keys=True) + "\n", encoding="utf-8"
        )
        if target.exists():
            # two renames: at no moment is there a half-written network under the name
            old = target.parent / f".{target.name}.{uuid.uuid4().hex}.old"
            target.rename(old)
            draft.rename(target)
            shutil.rmtree(old)
        else:
            os.replace(draft, target)  # noqa: PTH105 - the atomic spelling on every platform
    finally:
        if draft.exists():
            shutil.rmtree(draft)
    return target


def read(folder: Path | str) -> ProductionNetwork:
    """Read a network and check every file against the manifest, then the network itself.

    Parameters
    ----------
    folder
        A folder that `write` made.

    Raises
    ------
    RequestError
        Listing every file that is missing, empty, cut short, changed or unreadable, or every
        problem of the network.
    """
    place = Path(folder)
    problems, hashes = _manifest(place)
    tables: dict[str, pd.DataFrame] = {}
    if not problems:
        for name in SCHEMA:
            table, problem = _table(place / f"{name}.parquet", name, hashes)
            if problem:
                problems.append(problem)
            elif table is not None:
                tables[name] = table
    if problems:
        raise RequestError(problems, subject=f"network {place}")
    network = ProductionNetwork(**tables)
    problems = validate(network)
    if problems:
        raise RequestError(problems, subject=f"network {place}")
    return network


def _manifest(place: Path) -> tuple[list[str], dict[str, str]]:
    path = place / MANIFEST
    if not place.is_dir():
        return [f"folder {place} does not exist: build the network again"], {}
    if not path.is_file():
        return [f"{MANIFEST} is missing: the folder is not a whole network, build it again"], {}
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        why = "it is nested too deeply" if isinstance(error, RecursionError) else repr(error)
        return [f"{MANIFEST} cannot be read ({why}): build the network again"], {}
    if not isinstance(manifest, dict):
        kind = type(manifest).__name__
        return [f"{MANIFEST} cannot be read (a {kind}, no object): build the network again"], {}
    version, hashes = manifest.get("schema_version"), manifest.get("sha256")
    if not isinstance(version, int) or not isinstance(hashes, dict):
        wanted = "schema_version is no whole number or sha256 no object"
        return [f"{MANIFEST} cannot be read ({wanted}): build the network again"], {}
    if version != SCHEMA_VERSION:
        other = f"{MANIFEST} has schema_version {version!r}, this program reads {SCHEMA_VERSION}"
        return [f"{other}: build the network again"], {}
    return [], hashes


def _table(path: Path, name: str, hashes: dict[str, str]) -> tuple[pd.DataFrame | None, str]:
    """Return one table, or the one-line reason why it cannot be used."""
    import pyarrow as pa
    from pyarrow import parquet

    table, wrong = None, _damage(path, hashes)
    if not wrong:
        try:
            table = parquet.read_table(path)
        except (OSError, pa.ArrowException) as error:
            wrong = f"cannot be read ({error})"
        else:
            if not table.schema.equals(_arrow_schema(name)):
                wrong = "has other columns than the structure"
    if wrong or table is None:
        return None, f"{path.name} {wrong}: build the network again"
    return table.to_pandas(), ""


def _damage(path: Path, hashes: dict[str, str]) -> str:
    """Say what is wrong with a file as bytes; blank when it is as it was written."""
    if path.name not in hashes:
        return f"is not in {MANIFEST}"
    if not path.is_file():
        return "is missing"
    if path.stat().st_size == 0:
        return "is empty (0 bytes)"
    if _sha256(path) != hashes[path.name]:
        return "differs from its hash (cut short or changed)"
    return ""


def _arrow_schema(name: str) -> Any:
    import pyarrow as pa

    kinds = {"text": pa.string(), "number": pa.float64(), "integer": pa.int64()}
    return pa.schema([pa.field(column.name, kinds[column.type]) for column in SCHEMA[name]])


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _refuse_foreign(target: Path) -> None:
    if not target.exists():
        return
    ours = {MANIFEST, *(f"{name}.parquet" for name in SCHEMA)}
    if not target.is_dir():
        raise RequestError(f"{target} is a file: name a folder")
    foreign = sorted(entry.name for entry in target.iterdir() if entry.name not in ours)
    if foreign:
        raise RequestError(
            f"folder {target} holds other files ({', '.join(foreign[:5])}): name an empty folder"
        )
