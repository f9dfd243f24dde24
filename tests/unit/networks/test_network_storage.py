from __future__ import annotations

import contextlib
import hashlib
import json

import pyarrow as pa
import pytest
from pandas.testing import assert_frame_equal
from pyarrow import parquet

from network_cases import changed
from xenotime.facts import RequestError
from xenotime.networks import read, validate, write
from xenotime.networks.storage import MANIFEST
from xenotime.networks.structure import SCHEMA


@pytest.fixture
def folder(small, tmp_path):
    return write(small, tmp_path / "network")


def test_what_is_written_is_read_back(small, folder):
    again = read(folder)
    for name, frame in small.tables():
        assert_frame_equal(frame, getattr(again, name))


def test_every_damaged_file_is_listed_at_once(folder):
    links = folder / "links.parquet"
    links.write_bytes(links.read_bytes()[:-7])
    (folder / "recipes.parquet").write_bytes(b"")
    (folder / "stocks.parquet").unlink()
    with pytest.raises(RequestError) as caught:
        read(folder)
    assert len(caught.value.problems) == 3
    for words in ("links.parquet differs", "recipes.parquet is empty", "stocks.parquet is missing"):
        assert words in str(caught.value)
    assert str(folder) in caught.value.subject


BROKEN = {
    "empty": "",
    "cut short": "{",
    "a list": "[]",
    "a number": "7",
    "a text": '"network"',
    "nothing": "null",
    "no hashes": '{"schema_version": 1}',
    "hashes in a list": '{"schema_version": 2, "sha256": []}',
    "no version": '{"schema_version": [2], "sha256": {}}',
    "deep list": "[" * 200_000,
    "deep object": '{"a":' * 200_000,
    "deep hashes": '{"schema_version": 2, "sha256": ' + "[" * 900 + "]" * 900 + "}",
    "endless number": "9" * 5000,
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_broken_manifest_is_a_request_error(folder, content):
    (folder / MANIFEST).write_text(content, encoding="utf-8")
    with pytest.raises(RequestError, match="cannot be read"):
        read(folder)


def test_a_folder_without_manifest_or_no_folder_is_a_request_error(folder, tmp_path):
    (folder / MANIFEST).unlink()
    with pytest.raises(RequestError, match="not a whole network"):
        read(folder)
    with pytest.raises(RequestError, match="does not exist"):
        read(tmp_path / "nowhere")


def test_another_version_is_refused(folder):
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    manifest["schema_version"] = 99
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(RequestError, match="99"):
        read(folder)


def test_a_file_of_another_table_is_refused_even_with_its_hash(folder):
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    (folder / "links.parquet").write_bytes((folder / "stocks.parquet").read_bytes())
    manifest["sha256"]["links.parquet"] = manifest["sha256"]["stocks.parquet"]
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(RequestError, match="other columns"):
        read(folder)


def forge(folder, name, row, column, value):
    """Change one cell of a stored table and give the manifest the new hash."""
    path = folder / f"{name}.parquet"
    kept = parquet.read_table(path)
    cells = kept[column].to_pylist()
    cells[row] = value
    index = kept.column_names.index(column)
    field = kept.schema.field(column)
    forged = kept.set_column(index, field, pa.array(cells, field.type))
    parquet.write_table(forged, path)
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    manifest["sha256"][path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


def test_hostile_cells_behind_a_matching_manifest_are_all_listed(folder):
    forge(folder, "links", 0, "base_flow_t_per_year", float("nan"))
    forge(folder, "links", 1, "base_flow_t_per_year", -5.0)
    forge(folder, "links", 2, "transit_days", float("inf"))
    forge(folder, "ensemble", 3, "base_flow_t_per_year", -7.0)
    forge(folder, "recipes", 1, "coefficient", None)
    forge(folder, "producers", 0, "country", None)
    with pytest.raises(RequestError) as caught:
        read(folder)
    text = str(caught.value)
    for words in (
        "base_flow_t_per_year is nan",
        "base_flow_t_per_year is -5.0",
        "transit_days is inf",
        "base_flow_t_per_year is -7.0",
        "coefficient is nan",
        "country is",
    ):
        assert words in text, text


HOSTILE = {
    "text": (None, "nonsense"),
    "number": (None, -float("inf"), 1e308),
    "integer": (None, 2**62),
}


@pytest.mark.parametrize("name", SCHEMA)
def test_any_hostile_cell_is_refused_or_harmless(folder, name):
    sound = {path: path.read_bytes() for path in (folder / f"{name}.parquet", folder / MANIFEST)}
    for column in SCHEMA[name]:
        for value in HOSTILE[column.type]:
            for path, content in sound.items():
                path.write_bytes(content)
            forge(folder, name, 0, column.name, value)
            with contextlib.suppress(RequestError):
                assert validate(read(folder)) == []


def test_a_network_with_problems_is_not_written(small, tmp_path):
    bad = changed(small, "links", 1, "base_flow_t_per_year", -1.0)
    with pytest.raises(RequestError, match=r"-1\.0"):
        write(bad, tmp_path / "network")
    assert list(tmp_path.iterdir()) == []


def test_writing_again_replaces_and_leaves_nothing_behind(small, folder):
    longer = changed(small, "stocks", 0, "cover_days", 35.0)
    write(longer, folder)
    assert read(folder).stocks["cover_days"].tolist() == [35.0]
    assert [entry.name for entry in folder.parent.iterdir()] == ["network"]


def test_a_crash_while_writing_keeps_the_old_network(small, folder, monkeypatch):
    from pyarrow import parquet

    def fail(*_args, **_kwargs):
        raise OSError("disk full")

    monkeypatch.setattr(parquet, "write_table", fail)
    with pytest.raises(OSError, match="disk full"):
        write(changed(small, "stocks", 0, "cover_days", 35.0), folder)
    monkeypatch.undo()
    assert read(folder).stocks["cover_days"].tolist() == [28.0]
    assert [entry.name for entry in folder.parent.iterdir()] == ["network"]


def test_files_of_others_are_never_overwritten(small, tmp_path):
    (tmp_path / "thesis.docx").write_bytes(b"years of work")
    with pytest.raises(RequestError, match=r"thesis\.docx"):
        write(small, tmp_path)
    with pytest.raises(RequestError, match="is a file"):
        write(small, tmp_path / "thesis.docx")
