"""A data pack installs whole, or is refused whole with what is wrong with it."""

from __future__ import annotations

import hashlib
import io
import json
import os
import stat
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unit.facts.added_rows import act, burma, item, row
from xenotime import facts
from xenotime.facts import RequestError, including_workspace, workspace_additions
from xenotime.facts.adding import add, undo
from xenotime.facts.packs import (
    PACK_SCHEMA,
    export_pack,
    install_pack,
    new_quantities,
    open_pack,
)
from xenotime.workspace import Workspace

TABLE = "tables/claims.csv"
NOTE = "pack.json"


@pytest.fixture
def store(tmp_path: Path) -> Workspace:
    return Workspace.open(tmp_path / "workspace")


def filled(store: Workspace) -> list[str]:
    first = add(store, {"claims": [row("claims", burma())]}, title="Mines", by="a", kind="facts")
    acts = {"measures": [row("measures", act())], "control_items": [row("control_items", item())]}
    second = add(store, acts, title="Acts", by="b", kind="policy")
    return [first.id, second.id]


@pytest.fixture
def pack(tmp_path: Path) -> bytes:
    source = Workspace.open(tmp_path / "source")
    filled(source)
    return export_pack(source, title="Pack", by="analyst")


def entries_of(pack: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(pack)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(entries: dict[str, bytes] | list[tuple[Any, bytes]], method: int = 8) -> bytes:
    target = io.BytesIO()
    pairs = entries.items() if isinstance(entries, dict) else entries
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in pairs:
            archive.writestr(name, content)
    return target.getvalue()


def noted(entries: dict[str, bytes], **changes: Any) -> dict[str, bytes]:
    """The entries with a note that says other things, hashes made right."""
    note = json.loads(entries[NOTE])
    note["files"] = [
        {"path": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in entries.items()
        if name != NOTE
    ]
    return entries | {NOTE: json.dumps(note | changes).encode()}


def refused(store: Workspace, content: bytes) -> str:
    """The message of a refusal that left nothing behind."""
    file = store.root.parent / "hostile.zip"
    file.write_bytes(content)
    around = {path for path in store.root.parent.rglob("*") if path.name != ".lock"}
    with pytest.raises(RequestError) as caught:
        install_pack(store, file)
    after = {path for path in store.root.parent.rglob("*") if path.name != ".lock"}
    assert after == around
    message = str(caught.value)
    assert "hostile.zip" in message
    assert len(message) < 50_000
    return message


def test_a_pack_carries_everything_in_force_to_another_workspace(
    store: Workspace, tmp_path: Path
) -> None:
    filled(store)
    file = tmp_path / "pack.zip"
    file.write_bytes(export_pack(store, title="Pack", by="analyst"))
    other = Workspace.open(tmp_path / "other")
    batch = install_pack(other, file)
    assert workspace_additions(other) == workspace_additions(store)
    assert batch.pack is not None
    assert batch.pack["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert batch.pack["licences"] == "cited-figure"
    assert "Mines (a, " in batch.pack["batches"]
    with pytest.raises(RequestError, match=f"is installed already .batch {batch.id}, added"):
        install_pack(other, file)
    undo(other, batch.id)
    assert not workspace_additions(other)
    with pytest.raises(RequestError, match=f"data redo {batch.id}. puts it in force again"):
        install_pack(other, file)


def test_rows_that_are_in_force_from_elsewhere_are_named_with_their_batch(
    store: Workspace, pack: bytes
) -> None:
    mines, _ = filled(store)
    message = refused(store, pack)
    assert f"in force from batch {mines} (Mines): `xenotime data undo {mines}` first" in message


def test_what_is_exported_again_has_the_same_tables(store: Workspace, pack: bytes) -> None:
    file = store.root.parent / "pack.zip"
    file.write_bytes(pack)
    install_pack(store, file)
    again = entries_of(export_pack(store, title="Pack", by="other"))
    first = entries_of(pack)
    assert {n: c for n, c in again.items() if n != NOTE} == {
        n: c for n, c in first.items() if n != NOTE
    }


def test_a_process_killed_while_it_installs_leaves_no_half_of_a_pack(tmp_path: Path) -> None:
    source = Workspace.open(tmp_path / "source")
    months = (f"{year}-{month:02d}" for year in range(2000, 2016) for month in range(1, 13))
    claims = [
        row("claims", burma(id=f"mine_production/MMR/{when}@own", vintage="own", period=when))
        for when in months
    ]
    add(source, {"claims": claims}, title="Mines", by="a", kind="facts")
    file = tmp_path / "pack.zip"
    file.write_bytes(export_pack(source, title="Pack", by="a"))
    root = tmp_path / "workspace"
    ran_out = False
    for seconds in (0.0, 0.1, 0.2, 0.4, 0.8, 1.6, 6.0, 20.0):
        with subprocess.Popen(
            [sys.executable, "-c", _INSTALL, str(root), str(file)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        ) as process:
            assert process.stdout is not None
            process.stdout.readline()  # everything is loaded
            time.sleep(seconds)
            process.kill()
        added = workspace_additions(root).tables.get("claims", ())
        assert len(added) in (0, len(claims))
        if added:
            ran_out = True
            break
    assert ran_out, "no process was given the time to finish"
    assert len(list((root / "additions").iterdir())) == 1
    Workspace.open(root)


_INSTALL = """
import sys
from pathlib import Path
from xenotime.facts.packs import install_pack
from xenotime.workspace import Workspace
print("ready", flush=True)
install_pack(Workspace.open(sys.argv[1]), Path(sys.argv[2]))
import time
time.sleep(60)
"""


def test_named_batches_alone_are_packed_and_undone_ones_never(
    store: Workspace, tmp_path: Path
) -> None:
    mines, acts = filled(store)
    file = tmp_path / "pack.zip"
    file.write_bytes(export_pack(store, title="Pack", by="me", batches=[mines]))
    assert list(open_pack(file).tables) == ["claims"]
    undo(store, mines)
    with pytest.raises(RequestError, match=f"batch '{mines}' is not in force"):
        export_pack(store, title="Pack", by="me", batches=[mines])
    undo(store, acts)
    with pytest.raises(RequestError, match="there is nothing to export"):
        export_pack(store, title="Pack", by="me")


def test_a_changed_table_has_the_wrong_hash(store: Workspace, pack: bytes) -> None:
    entries = entries_of(pack)
    entries[TABLE] = entries[TABLE].replace(b"30000", b"90000")
    assert "its hash differs" in refused(store, zipped(entries))


def test_a_size_that_the_note_lists_otherwise_is_named(store: Workspace, pack: bytes) -> None:
    note = json.loads(entries_of(pack)[NOTE])
    note["files"][0]["bytes"] += 1
    changed = entries_of(pack) | {NOTE: json.dumps(note).encode()}
    assert "pack.json lists" in refused(store, zipped(changed))


def test_a_table_that_is_not_listed_or_not_there_is_named(store: Workspace, pack: bytes) -> None:
    entries = entries_of(pack)
    extra = entries | {"tables/stoppages.csv": b"id\n"}
    assert "'tables/stoppages.csv' is not listed" in refused(store, zipped(extra))
    del entries[TABLE]
    assert "lists 'tables/claims.csv', which is not there" in refused(store, zipped(entries))


@pytest.mark.parametrize(
    "name",
    [
        "../claims.csv",
        "tables/../../claims.csv",
        "/etc/claims.csv",
        "C:/claims.csv",
        "C:claims.csv",
        "..\\claims.csv",
        "\\\\server\\share\\claims.csv",
        "tables\\..\\..\\claims.csv",
    ],
)
def test_a_path_that_leaves_the_folder_is_refused(store: Workspace, pack: bytes, name: str) -> None:
    entries = entries_of(pack)
    entries[name] = entries.pop(TABLE)
    assert "would leave the folder" in refused(store, zipped(noted(entries)))


@pytest.mark.parametrize(
    "name", ["tables/claims.exe", "tables/", "notes.txt", "tables/a/claims.csv"]
)
def test_whatever_is_no_table_does_not_belong_in_a_pack(
    store: Workspace, pack: bytes, name: str
) -> None:
    assert "does not belong in a pack" in refused(store, zipped(entries_of(pack) | {name: b""}))


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_a_link_or_a_device_is_refused(store: Workspace, pack: bytes, kind: int) -> None:
    entries = entries_of(pack)
    info = zipfile.ZipInfo(TABLE)
    info.create_system = 3
    info.external_attr = (kind | 0o777) << 16
    rest = [(name, content) for name, content in entries.items() if name != TABLE]
    content = zipped([*rest, (info, b"/etc/passwd")])
    assert "is a link or a device" in refused(store, content)


def test_a_file_that_grows_a_thousandfold_is_refused_unread(store: Workspace, pack: bytes) -> None:
    entries = entries_of(pack)
    entries[TABLE] = b"id" + b"\n" * 8_000_000
    assert "would grow from" in refused(store, zipped(noted(entries)))


def test_a_file_that_is_large_without_being_dense_is_refused(store: Workspace, pack: bytes) -> None:
    import random

    entries = entries_of(pack)
    entries[TABLE] = random.Random(7).randbytes(17 * 2**20)
    assert "more than any table may have" in refused(store, zipped(noted(entries), method=0))


def test_a_zip_that_lies_about_sizes_is_refused(store: Workspace, pack: bytes) -> None:
    """The list of entries says 100 bytes; the stream inside unpacks to eight million."""
    entries = entries_of(pack)
    size = (8_000_000).to_bytes(4, "little")
    made = zipped(entries | {TABLE: b"x" * 8_000_000})
    assert made.count(size) == 2  # in the entry and in the list of entries
    lied = made.replace(size, (100).to_bytes(4, "little"))
    assert "no whole zip file" in refused(store, lied)


@pytest.mark.parametrize("rows", [60_000, 1_000_000])
def test_millions_of_rows_are_refused(store: Workspace, pack: bytes, rows: int) -> None:
    entries = entries_of(pack)
    header = entries[TABLE].splitlines()[0]
    entries[TABLE] = header + b"\n" + b"".join(b"a/%d@b\n" % n for n in range(rows))
    assert "lines, more than 50,000" in refused(store, zipped(noted(entries)))


@pytest.mark.parametrize("size", [5_000, 200_000])
def test_a_giant_cell_is_refused(store: Workspace, pack: bytes, size: int) -> None:
    import random

    letters = "".join(random.Random(1).choices("abcdefghij", k=size)).encode()
    entries = entries_of(pack)
    entries[TABLE] = entries[TABLE].replace(b"Trade press", letters)
    message = refused(store, zipped(noted(entries)))
    assert "characters, 4,000 fit" in message or "badly quoted" in message


def test_too_many_entries_are_refused_before_any_is_looked_at(
    store: Workspace, pack: bytes
) -> None:
    many = entries_of(pack) | {f"x{n}": b"" for n in range(5_000)}
    assert "has 5,004 entries, a pack has at most 64" in refused(store, zipped(many))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"pack_schema": PACK_SCHEMA + 1}, "pack_schema is 2, this program reads up to 1"),
        ({"additions_schema": 2}, "additions_schema is 2, this program reads up to 1"),
        ({"pack_schema": "1"}, "is damaged"),
        ({"pack_schema": True}, "is damaged"),
        ({"title": ""}, "is damaged"),
        ({"title": "x" * 501}, "is damaged"),
        ({"by": None}, "is damaged"),
        ({"batches": 3}, "is damaged"),
        ({"batches": [{"id": "a"}]}, "is damaged"),
        ({"files": [{"path": TABLE}]}, "is damaged"),
    ],
)
def test_a_note_that_is_newer_or_damaged_is_refused(
    store: Workspace, pack: bytes, changes: dict[str, Any], says: str
) -> None:
    assert says in refused(store, zipped(noted(entries_of(pack), **changes)))


@pytest.mark.parametrize(
    "text", [b"", b"[]", b"3", b"\xff", b"{", b"[" * 100_000, b'{"pack_schema": 1}']
)
def test_a_note_that_is_none_is_refused(store: Workspace, pack: bytes, text: bytes) -> None:
    assert "pack.json is damaged" in refused(store, zipped(entries_of(pack) | {NOTE: text}, 0))


def test_an_entry_that_is_there_twice_is_refused(store: Workspace, pack: bytes) -> None:
    entries = list(entries_of(pack).items())
    with pytest.warns(UserWarning, match="Duplicate name"):
        content = zipped([*entries, (TABLE, b"id\n")])
    assert "is in it twice" in refused(store, content)
    other_case = [*entries, ("tables/CLAIMS.csv", b"id\n")]
    assert "is in it twice" in refused(store, zipped(other_case))


def test_an_encrypted_entry_is_refused(store: Workspace, pack: bytes) -> None:
    content = bytearray(pack)
    # bit 0 of the flags, in the local headers and in the list of entries
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(mark, at + 4)
    assert "is encrypted" in refused(store, bytes(content))


def test_a_method_that_not_every_system_has_is_refused(store: Workspace, pack: bytes) -> None:
    content = zipped(entries_of(pack), method=zipfile.ZIP_LZMA)
    assert "is compressed by method 14" in refused(store, content)


@pytest.mark.parametrize("content", [b"", b"id,quantity\n", b"PK\x05\x06", b"\x00" * 1_000])
def test_what_is_no_zip_is_refused(store: Workspace, content: bytes) -> None:
    assert "no whole zip file" in refused(store, content)


def test_a_zip_without_a_note_or_without_a_table_is_no_pack(store: Workspace, pack: bytes) -> None:
    entries = entries_of(pack)
    assert "it is no data pack" in refused(store, zipped({TABLE: entries[TABLE]}))
    assert "it holds no table" in refused(store, zipped(noted({NOTE: entries[NOTE]})))
    assert "it is no data pack" in refused(store, zipped({}))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_zip_that_is_cut_off_is_refused(store: Workspace, pack: bytes, share: float) -> None:
    assert "no whole zip file" in refused(store, pack[: int(share * len(pack))])


def test_a_file_that_is_not_there_or_a_folder_is_one_clear_line(tmp_path: Path) -> None:
    for path in (tmp_path / "none.zip", tmp_path):
        with pytest.raises(RequestError, match="cannot be read"):
            open_pack(path)


def test_unsound_rows_of_a_pack_are_all_named(store: Workspace, pack: bytes) -> None:
    entries = entries_of(pack)
    entries[TABLE] = entries[TABLE].replace(b"t REO", b"tons").replace(b",B,", b",Z,")
    message = refused(store, zipped(noted(entries)))
    assert "unit is 'tons'" in message
    assert "grade is 'Z'" in message


def spoil(pack: bytes, place: float, what: int) -> bytes:
    at = int(place * (len(pack) - 1))
    return pack[:at] + bytes([what]) + pack[at + 1 :]


@settings(max_examples=200, deadline=None)
@given(place=st.floats(0, 1), what=st.integers(0, 255))
def test_any_changed_byte_is_harmless_or_refused(
    pack_of_the_module: tuple[bytes, Path], place: float, what: int
) -> None:
    content, folder = pack_of_the_module
    file = folder / "spoilt.zip"
    file.write_bytes(spoil(content, place, what))
    try:
        found = open_pack(file)
    except RequestError:
        return
    (claim,) = found.tables["claims"]
    assert claim == row("claims", burma())


@pytest.fixture(scope="module")
def pack_of_the_module(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, Path]:
    folder = tmp_path_factory.mktemp("pack")
    source = Workspace.open(folder / "source")
    filled(source)
    return export_pack(source, title="Pack", by="analyst"), folder


def test_what_was_installed_counts_like_any_fact(
    store: Workspace, pack: bytes, tmp_path: Path
) -> None:
    file = tmp_path / "pack.zip"
    file.write_bytes(pack)
    install_pack(store, file)
    with including_workspace(store):
        assert facts.get("mine_production/MMR/2024@own").mid == 30_000.0
        found = facts.search("Announcement 30 licence", country="CHN")
        assert "M-CHN-2025-06-01-light" in {fact.id for fact in found}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"title": "memo\x1b[2J"}, "title is 'memo.x1b.2J': it holds the character U.001B"),
        ({"title": "x" * 600}, "title is .* it has 600 characters, 500 fit"),
        ({"by": "=me"}, "by is '=me': it begins with '='"),
    ],
)
def test_what_an_installation_would_refuse_is_not_exported(
    store: Workspace, words: dict[str, str], told: str
) -> None:
    filled(store)
    with pytest.raises(RequestError, match=told):
        export_pack(store, **({"title": "Pack", "by": "analyst"} | words))


@settings(max_examples=15, deadline=None)
@given(title=st.text(max_size=520))
def test_every_title_that_is_exported_can_be_installed(
    pack_of_the_module: tuple[bytes, Path], title: str
) -> None:
    folder = pack_of_the_module[1]
    try:
        content = export_pack(folder / "source", title=title, by="analyst")
    except RequestError:
        return
    file = folder / "titled.zip"
    file.write_bytes(content)
    assert open_pack(file).title == title.strip()


def test_quantities_that_the_record_has_not_are_named(store: Workspace, tmp_path: Path) -> None:
    own = burma(id="mine_prodution/MMR/2024@own", quantity="mine_prodution")
    rows = [row("claims", burma()), row("claims", own)]
    add(store, {"claims": rows}, title="A", by="a", kind="load")
    file = tmp_path / "pack.zip"
    file.write_bytes(export_pack(store, title="Pack", by="analyst"))
    pack = open_pack(file)
    assert new_quantities(pack) == ("mine_prodution",)
    with including_workspace(store):
        assert new_quantities(pack) == ()
