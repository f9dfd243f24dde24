"""The schema of scenarios against a validator of its own: it refuses what the program refuses."""

from __future__ import annotations

from importlib import resources
from typing import Any

import pytest
import yaml

from xenotime.facts.problems import RequestError
from xenotime.scenarios import builtin_names, load, parse
from xenotime.scenarios.schema import scenario_schema

jsonschema = pytest.importorskip("jsonschema")

DUTY = 'name: a, importer: USA, origins: [CHN], products: ["magnet:SmCo"], first: 2025-06-01'
GOODS = "start: 2025-02-01, reason: x"
WRONG = (
    "nme: a",
    "schema_version: 2",
    "start: 2025-1-1",
    "start: 20250101",
    "start: 2025-02-30",
    'start: "2025-01-01T00:00"',
    "baseline: 2020",
    "record: maybe",
    "record: 1",
    "without: CHN",
    "without: [{dyad: [CHN], announced_from: 2025-05-12}]",
    "without: [{dyad: [CHN, USA]}]",
    "without_acts: M048",
    "without_acts: [3]",
    "bans: [{act: M017}]",
    "bans: [{act: M017, uses: []}]",
    "bans: [{act: M017, uses: [military]}]",
    "counter_controls: [{name: a}]",
    f"scope_exits: [{{goods: [magnet], share: 0, grade: assumed, {GOODS}}}]",
    f"scope_exits: [{{goods: [magnets], share: 0.1, grade: assumed, {GOODS}}}]",
    f"scope_exits: [{{goods: [magnet], share: 0.1, grade: E, {GOODS}}}]",
    "approval_pace: [{factor: -1, first: 2025-05-01}]",
    "approval_pace: [{factor: '1', first: 2025-05-01}]",
    "approval_pace: [{factor: true, first: 2025-05-01}]",
    "approval_pace: [{factor: 1, first: 2025-05-01, destinations: []}]",
    "approval_delay_days: 1.5",
    "approval_delay_days: 1096",
    "quotas: {factor: 101}",
    "quotas: {release: never}",
    "quotas: {exporters: {x: 2}}",
    "quotas: []",
    f"tariffs: [{{{DUTY}, rate: 0.25}}]",
    f"tariffs: [{{{DUTY}, rate: '25'}}]",
    f"tariffs: [{{{DUTY}, rate: 0}}]",
    f"tariffs: [{{{DUTY}, rate: 25, mode: add}}]",
    f"tariffs: [{{{DUTY}, rate: 25, codes: ['8505']}}]",
    f"tariffs: [{{{DUTY.replace('products', 'product')}, rate: 25}}]",
    "allocation: fair",
    "shocks: [{producer: x, share: 1.5, start: 2025-02-01, days: 3}]",
    "shocks: [{producer: x, share: 1, start: 2025-02-01, days: 3.5}]",
    "parameters: {hold_share: many}",
    "parameters: []",
    "tariffs: null",
)
SOUND = (
    f"tariffs: [{{{DUTY}, rate: 25}}]",
    f"tariffs: [{{{DUTY}, rate: 0, mode: replaces, codes: []}}]",
    "quotas: {factor: 0}",
    "start: 2025-01-01",
)


def complaints(content: Any) -> list[str]:
    schema = scenario_schema()
    kind = jsonschema.Draft202012Validator
    kind.check_schema(schema)
    checker = kind(schema, format_checker=jsonschema.FormatChecker())
    return [error.message for error in checker.iter_errors(content)]


def read(text: str) -> Any:
    """Read YAML as editors do: a day is text, not a date."""
    return yaml.load(text, Loader=_DaysAreText)


class _DaysAreText(yaml.SafeLoader):
    """Reads days as text."""


_DaysAreText.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in entries if not tag.endswith(":timestamp")]
    for first, entries in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@pytest.mark.parametrize("name", builtin_names())
def test_every_builtin_is_valid_as_written_and_as_shown(name: str) -> None:
    file = resources.files("xenotime.scenarios") / "builtin" / f"{name}.yaml"
    assert complaints(read(file.read_text(encoding="utf-8"))) == []
    assert complaints(load(name).model_dump(mode="json")) == []


@pytest.mark.parametrize("line", WRONG)
def test_what_the_program_refuses_for_its_shape_the_schema_refuses(line: str) -> None:
    text = f"name: a\ntitle: b\n{line}\n"
    with pytest.raises(RequestError):
        parse(text)
    assert complaints(read(text))


@pytest.mark.parametrize("line", SOUND)
def test_what_the_program_takes_the_schema_takes(line: str) -> None:
    text = f"name: a\ntitle: b\n{line}\n"
    assert parse(text).name == "a"
    assert complaints(read(text)) == []
