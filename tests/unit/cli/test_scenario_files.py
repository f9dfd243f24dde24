"""Beginning a scenario of one's own, and the schema that editors read."""

from __future__ import annotations

import json
from pathlib import Path

import yaml

from unit.cli.commands import xenotime
from xenotime.scenarios import Scenario, load


def test_a_copy_is_valid_and_never_written_over(tmp_path: Path) -> None:
    made = xenotime("scenario", "new", "slow-europe", "--from", "october-2025", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    copied = load(tmp_path / "slow-europe.yaml")
    assert copied.name == "slow-europe"
    assert copied.without_acts == load("october-2025").without_acts
    named = (tmp_path / "slow-europe.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert named == "# yaml-language-server: $schema=scenario.schema.json"
    schema = (tmp_path / "scenario.schema.json").read_text(encoding="utf-8")
    assert json.loads(schema) == json.loads(xenotime("scenario", "schema").stdout)
    before = (tmp_path / "slow-europe.yaml").read_bytes()
    again = xenotime("scenario", "new", "slow-europe", cwd=tmp_path)
    assert again.returncode == 2
    assert "is there already" in again.stderr
    assert (tmp_path / "slow-europe.yaml").read_bytes() == before


def test_a_name_and_a_base_that_are_wrong_are_said_at_once(tmp_path: Path) -> None:
    made = xenotime("scenario", "new", "Slow Europe", "--from", "april-2026", cwd=tmp_path)
    assert (made.returncode, made.stdout) == (2, "")
    assert "april-2026" in made.stderr
    named = xenotime("scenario", "new", "Slow Europe", cwd=tmp_path)
    assert named.returncode == 2
    assert "name is 'Slow Europe'" in named.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_schema_is_made_anew_and_no_other_file_is_written_over(tmp_path: Path) -> None:
    place = tmp_path / "scenario.schema.json"
    place.write_text('{"$id": "urn:xenotime:scenario"}', encoding="utf-8")  # of another release
    assert xenotime("scenario", "new", "one", cwd=tmp_path).returncode == 0
    assert "properties" in json.loads(place.read_text(encoding="utf-8"))
    place.write_text('{"mine": 1}', encoding="utf-8")
    refused = xenotime("scenario", "new", "two", cwd=tmp_path)
    assert refused.returncode == 2
    assert "no schema of scenarios: move it away" in refused.stderr
    assert not (tmp_path / "two.yaml").exists()
    assert place.read_text(encoding="utf-8") == '{"mine": 1}'


def test_the_schema_names_every_key_and_explains_it() -> None:
    schema = json.loads(xenotime("scenario", "schema").stdout)
    assert set(schema["properties"]) == set(Scenario.model_fields)
    assert all("description" in key for name, key in schema["properties"].items() if name != "$ref")
    assert schema["additionalProperties"] is False
    assert "approval_pace" in schema["properties"]
    text = xenotime("scenario", "show", "japan-2026").stdout
    assert set(yaml.safe_load(text)) == set(schema["properties"])
