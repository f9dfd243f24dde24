"""The contract that keeps the engine ignorant covers every room it must not know."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "xenotime"
HIDDEN_FROM_THE_ENGINE = {"facts", "policy", "evidence"}


def contracts() -> dict[str, dict[str, list[str]]]:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = tomllib.loads(text)["tool"]["importlinter"]["contracts"]
    return {contract["id"]: contract for contract in listed}


def rooms() -> set[str]:
    return {path.parent.name for path in PACKAGE.glob("*/__init__.py")}


def test_rooms_that_exist_and_that_the_engine_must_not_know_are_forbidden_to_it() -> None:
    forbidden = {
        name.removeprefix("xenotime.")
        for name in contracts()["engine-sees-arrays"]["forbidden_modules"]
    }
    assert HIDDEN_FROM_THE_ENGINE & rooms() <= forbidden


def test_the_layers_are_exhaustive() -> None:
    contract = contracts()["rooms"]
    assert contract["exhaustive"]
    assert rooms() <= {layer.strip("()") for layer in contract["layers"]}


def test_every_room_says_its_question_first() -> None:
    for room in rooms():
        first = (PACKAGE / room / "__init__.py").read_text(encoding="utf-8").splitlines()[0]
        assert first.startswith('"""'), room
        assert "?" in first, room


def test_no_room_is_for_leftovers() -> None:
    names = {path.stem for path in PACKAGE.rglob("*") if path.suffix in {"", ".py"}}
    assert names.isdisjoint({"utils", "helpers", "common", "core", "misc"})
