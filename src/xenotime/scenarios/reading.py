"""Scenarios from built-in names and from YAML files, with every problem listed at once."""

from __future__ import annotations

import datetime as dt
import re
import typing
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import ValidationError

from xenotime import facts
from xenotime.facts.problems import RequestError
from xenotime.scenarios.fields import Frozen, plain, shown
from xenotime.scenarios.model import YEARS, Scenario, outside_the_years

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
            alias: Any = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(
                problem="aliases are not allowed; write the value out",
                problem_mark=alias.start_mark,
            )
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        if getattr(event, "tag", None) is not None:
            key = f"{plain(str(index.value))}: " if isinstance(index, yaml.ScalarNode) else ""
            raise yaml.MarkedYAMLError(
                problem=f"{key}tag {shown(event.tag)} is not allowed; write the value alone",
                problem_mark=event.start_mark,
            )
        self.depth += 1
        if self.depth > MAX_DEPTH:
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
                    problem=f"key {shown(key)} is not text", problem_mark=key_node.start_mark
                )
            if key in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"key {shown(key)} stands twice; keep one",
                    problem_mark=key_node.start_mark,
                )
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


def _plain_resolvers() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    """Which plain words are not text: null, true and false, decimal numbers.

    YAML 1.1 reads 1:30 as ninety, 010 as eight and yes as true; here they stay text, and so do
    dates, so that the scenario itself refuses what is wrong and lists it with all other problems.
    """
    number = r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+)(?:[eE][-+]?[0-9]+)?"
    special = r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
    kinds = {
        "null": (r"~|null|Null|NULL|", "~nN\0"),
        "bool": (r"true|True|TRUE|false|False|FALSE", "tTfF"),
        "int": (r"[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
        "float": (f"{number}|{special}", "-+0123456789."),
    }
    resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for kind, (pattern, firsts) in kinds.items():
        for first in firsts.replace("\0", ""):
            entry = (f"tag:yaml.org,2002:{kind}", re.compile(f"(?:{pattern})$"))
            resolvers.setdefault(first, []).append(entry)
    resolvers[""] = [("tag:yaml.org,2002:null", re.compile("$"))]
    return resolvers


_PlainLoader.yaml_implicit_resolvers = _plain_resolvers()


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
        found = [*_problems(error), *_hidden(content, error)]
        raise RequestError([_printable(line) for line in found], subject=subject) from error


def _hidden(content: Mapping[str, Any], error: ValidationError) -> list[str]:
    """Say what is wrong besides: whole entries are checked only where their keys are sound."""
    said = "\n".join(str(item["msg"]) for item in error.errors(include_url=False))
    lines = [*_disorder(content), *_unknown_names(content)]
    pace = content.get("approval_pace")
    for place, change in enumerate(pace if isinstance(pace, list) else ()):
        if isinstance(change, dict):
            first, last = (_day(change.get(key)) for key in ("first", "last"))
            if first and last and last < first:
                lines.append(
                    f"approval_pace.{place}: last {last} is before first {first}; swap them"
                )
    return [line for line in lines if (line.partition(": ")[2] or line) not in said]


def _disorder(content: Mapping[str, Any]) -> list[str]:
    """Say that the period is upside down, or that it leaves the years that can be run."""
    usual = Scenario.model_fields
    start, end = (
        _day(content.get("start", usual["start"].default)),
        _day(content.get("end", usual["end"].default)),
    )
    if start is None or end is None:
        return []  # no dates: said already
    upside_down = [f"end {end} is before start {start}; swap them"] if end < start else []
    given = content.get("baseline", usual["baseline"].default)
    if not isinstance(given, int) or given not in YEARS:
        return upside_down  # said already
    return upside_down + outside_the_years(start, end, given)


def _unknown_names(content: Mapping[str, Any]) -> list[str]:
    """Say which parameters and acts are not there, among those that are written as names."""
    held, named = content.get("parameters"), content.get("without_acts")
    known, acts = facts.parameters(), [act.id for act in facts.measures()]
    lines = [
        f"parameters: unknown parameter {plain(name)}{facts.did_you_mean(name, known)}"
        for name in (held if isinstance(held, dict) else ())
        if isinstance(name, str) and name not in known
    ]
    lines += [
        f"without_acts: no act of the record: {name}{facts.did_you_mean(name, acts)}"
        for name in (named if isinstance(named, list) else ())
        if isinstance(name, str) and name not in acts
    ]
    return lines


def _day(value: object) -> dt.date | None:
    """Day of a value, None if it is none."""
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        return None


def _problems(error: ValidationError) -> list[str]:
    """One line per problem: the key, what was given, what to do."""
    lines = []
    for item in error.errors(include_url=False):
        where = ".".join(plain(str(part)) for part in item["loc"])
        kind, given = item["type"], item.get("input")
        if kind == "extra_forbidden":
            hint = facts.did_you_mean(plain(str(item["loc"][-1])), _keys_at(item["loc"][:-1]))
            lines.append(f"unknown key {where}{hint}: remove it or correct its name")
        elif kind == "missing":
            lines.append(f"{where} is missing: add it")
        elif kind == "value_error":
            message = str(item["msg"]).removeprefix("Value error, ")
            lines += [f"{where}: {part}" if where else part for part in message.split("\n")]
        elif kind == "tuple_type":
            lines.append(f"{where} is {shown(given)}: write a list, with - before each entry")
        elif kind == "too_short" and given:
            continue  # its entries are refused, and said so
        elif kind == "too_short":
            lines.append(f"{where} is empty: leave it out, or name some")
        else:
            message = str(item["msg"])
            lines.append(f"{where} is {shown(given)}: {message[0].lower()}{message[1:]}")
    return lines


def _keys_at(place: tuple[int | str, ...]) -> list[str]:
    """Keys of the entry at a place: of the scenario, or of the entries of one of its lists."""
    if not place:
        return list(Scenario.model_fields)
    field = Scenario.model_fields.get(str(place[0]))
    return [
        key
        for kind in typing.get_args(field.annotation if field else None)
        if isinstance(kind, type) and issubclass(kind, Frozen)
        for key in kind.model_fields
    ]


def _printable(line: str) -> str:
    """Escape what a terminal would obey, and cut words that are longer than any of ours."""
    escaped = "".join(c if c.isprintable() else repr(c)[1:-1] for c in line)
    return re.sub(r"\S{121,}", lambda match: f"{match[0][:57]}...", escaped)
