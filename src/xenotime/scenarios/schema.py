"""The JSON Schema of scenario files, with which editors complete and check them.

It refuses what has the wrong shape: keys, kinds of values, bounds. Names (acts, producers,
products), names that stand twice, and days that do not fit each other are checked by
`xenotime.scenarios.parse` alone.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from xenotime.scenarios.model import Scenario

__all__ = ["FILE_NAME", "is_schema", "scenario_schema", "schema_text"]

FILE_NAME = "scenario.schema.json"
"""Name of the file beside the scenarios that it is for."""

_ID = "urn:xenotime:scenario"


def scenario_schema() -> dict[str, Any]:
    """Describe scenario files.

    Examples
    --------
    >>> schema = scenario_schema()
    >>> schema["properties"]["start"]["format"], schema["additionalProperties"]
    ('date', False)
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": _ID,
        **Scenario.model_json_schema(),
    }


def schema_text() -> str:
    """Write the schema as the text of a file.

    >>> schema_text().startswith("{"), schema_text().splitlines()[-1]
    (True, '}')
    """
    return json.dumps(scenario_schema(), indent=2) + "\n"


def is_schema(file: Path) -> bool:
    """Whether a file is a schema of scenarios, of this release or of another.

    Raises
    ------
    OSError
        If it cannot be read.
    """
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        return False
    return isinstance(content, dict) and content.get("$id") == _ID
