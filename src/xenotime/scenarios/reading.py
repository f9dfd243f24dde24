"""Scenarios from built-in names and from YAML files, with every problem listed at once."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import ValidationError

from xenotime import facts
from xenotime.facts.problems import RequestError
from xenotime.scenarios.model import Scenario

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["builtin_names", "load", "parse"]

# A scenario is a page of text. The limits stop files that expand or nest without end before they
# reach the parser's memory.
MAX_BYTES = 256 * 1024
MAX_DEPTH = 12


class _PlainLoader(yaml.SafeLoader):
    """YAML without anchors and aliases (they multiply) and without duplicate keys."""

    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            event: Any = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(
                problem="aliases are not allowed; write the value out",
                problem_mark=event.start_mark,
            )
        self.depth += 1
        if self.depth > MAX_DEPTH:
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(
                problem=f"nested more than {MAX_DEPTH} levels deep", problem_mark=event.start_mark
            )
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str):
                raise yaml.MarkedYAMLError(
                    problem=f"key {key!r} is not text", problem_mark=key_node.start_mark
                )
            if key in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"key {key!r} stands twice; keep one", problem_mark=key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


# Dates stay text here: the scenario reads them, so a wrong one is listed with all other problems.
_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def builtin_names() -> list[str]:
    """Names of the scenarios that ship with the package.

    >>> "april-2025" in builtin_names()
    True
    """
    folder = resources.files("xenotime.scenarios") / "builtin"
    return sorted(
        f.name.removesuffix(".yaml") for f in folder.iterdir() if f.name.endswith(".yaml")
    )


def load(name_or_path: str | Path) -> Scenario:
    """Read a built-in scenario by name, or a YAML file by path.

    Raises
    ------
    RequestError
        If there is no such scenario or file, or the text is not a valid scenario; the error lists
        every problem.

    >>> load("no-truce-2025").without[0].dyad
    ('CHN', 'USA')
    """
    name = str(name_or_path)
    names = builtin_names()
    if name in names:
        file = resources.files("xenotime.scenarios") / "builtin" / f"{name}.yaml"
        return parse(file.read_bytes(), subject=f"scenario {name}")
    path = Path(name_or_path)
    if not path.exists():
        raise RequestError(
            f"there is no scenario {name!r}{facts.did_you_mean(name, names)}: "
            f"give one of {', '.join(names)}, or the path of a YAML file"
        )
    if not path.is_file():
        raise RequestError(f"{path} is not a file; give the path of a YAML file")
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise RequestError(f"{path} has {size:,} bytes; a scenario has at most {MAX_BYTES:,}")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RequestError(f"{path} cannot be read: {error.strerror}") from error
    return parse(data, subject=f"scenario file {path}")


def parse(data: bytes | str | Mapping[str, Any], *, subject: str = "scenario") -> Scenario:
    """Build a scenario from YAML text or from a mapping.

    Raises
    ------
    RequestError
        With every problem that the text has.

    >>> parse({"name": "quiet", "title": "Nothing happens", "record": False}).record
    False
    """
    content: Any = data
    if isinstance(data, bytes | str):
        if len(data) > MAX_BYTES:
            raise RequestError(f"longer than {MAX_BYTES:,} bytes", subject=subject)
        try:
            text = data.decode("utf-8-sig") if isinstance(data, bytes) else data
            content = yaml.load(text, Loader=_PlainLoader)  # noqa: S506 - a SafeLoader
        except UnicodeDecodeError as error:
            raise RequestError(
                f"byte {error.start} is not UTF-8; save the file as UTF-8", subject=subject
            ) from error
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
            raise RequestError(f"{where}{error.problem}", subject=subject) from error
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            raise RequestError(f"not valid YAML: {error}", subject=subject) from error
    if content is None:
        raise RequestError(
            "the file is empty; see `xenotime scenario show april-2025`", subject=subject
        )
    if not isinstance(content, dict):
        raise RequestError(
            f"holds a {type(content).__name__} where key: value lines are expected", subject=subject
        )
    try:
        return Scenario.model_validate(content)
    except ValidationError as error:
        raise RequestError(_problems(error), subject=subject) from error


def _problems(error: ValidationError) -> list[str]:
    """One line per problem: the key, what was given, what to do."""
    lines = []
    fields = list(Scenario.model_fields)
    for item in error.errors(include_url=False):
        where = ".".join(str(part) for part in item["loc"])
        kind, given = item["type"], item.get("input")
        if kind == "extra_forbidden":
            hint = facts.did_you_mean(str(item["loc"][-1]), fields)
            lines.append(f"unknown key {where}{hint}: remove it or correct its name")
        elif kind == "missing":
            lines.append(f"{where} is missing: add it")
        elif kind == "value_error":
            message = str(item["msg"]).removeprefix("Value error, ")
            lines += [f"{where}: {part}" if where else part for part in message.split("\n")]
        else:
            shown = repr(given) if len(repr(given)) <= 60 else repr(given)[:57] + "..."
            lines.append(f"{where} is {shown}: {str(item['msg'])[0].lower()}{str(item['msg'])[1:]}")
    return lines
