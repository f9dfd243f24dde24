"""What a sweep varies: one number of a scenario or one parameter, over a range or a list."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from xenotime import facts
from xenotime.facts.problems import RequestError
from xenotime.scenarios import Scenario
from xenotime.scenarios.fields import Frozen

__all__ = ["MOST_VALUES", "Axis", "fields_that_vary", "points_of", "read_axis"]

MOST_VALUES = 200
DAYS_OF = {"d": 1, "w": 7}
_OF_ENTRY = re.compile(r"([a-z_]+)\.([0-9]+)\.([a-z_]+)", re.ASCII)
_NUMBER = re.compile(r"([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))([a-z]*)", re.ASCII)


@dataclass(frozen=True)
class Axis:
    """The values that a sweep gives to one field of a scenario or one parameter.

    `unit` is ``w`` or ``d`` where the values were written so, else blank; `values` are in the unit
    of the field (days, or that of the parameter), in rising order.
    """

    name: str
    field: str
    is_parameter: bool
    unit: str
    values: tuple[float, ...]

    def label(self, value: float) -> str:
        """Write a value as it was asked for.

        >>> Axis("approval_delay", "approval_delay_days", False, "w", (0.0, 28.0)).label(28.0)
        '4w'
        """
        return f"{value / DAYS_OF.get(self.unit, 1):g}{self.unit}"


def fields_that_vary() -> tuple[str, ...]:
    """Name the fields of a scenario that are numbers.

    >>> "approval_delay_days" in fields_that_vary()
    True
    """
    return tuple(n for n, f in Scenario.model_fields.items() if f.annotation in (int, float))


def _of_entry(name: str) -> tuple[str, int, str] | None:
    """Take apart the name of a number of an entry: ``recycling.0.share``; None if it is none."""
    match = _OF_ENTRY.fullmatch(name)
    return (match.group(1), int(match.group(2)), match.group(3)) if match else None


def _numbers_of(key: str) -> dict[str, type]:
    """Numbers of the entries of a list of the scenario, and whether they are whole."""
    field = Scenario.model_fields.get(key)
    kinds = typing.get_args(field.annotation if field else None)
    entries = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Frozen)]
    return {
        name: number
        for entry in entries
        for name, own in entry.model_fields.items()
        if (number := _number_in(own.annotation)) is not None
    }


def _number_in(annotation: Any) -> type | None:
    """Kind of number that an annotation takes, through `Annotated` and `None`; None if none."""
    if annotation in (int, float):
        return annotation  # type: ignore[no-any-return]
    if typing.get_origin(annotation) in (typing.Annotated, typing.Union, types.UnionType):
        inner = typing.get_args(annotation)
        found = inner[:1] if typing.get_origin(annotation) is typing.Annotated else inner
        return next((kind for part in found if (kind := _number_in(part)) is not None), None)
    return None


def read_axis(text: str) -> Axis:
    """Read ``NAME=VALUES``.

    Values are a list (``0,4w,8w``), a range (``0..26w``, a step of one unit), or a range with a
    step (``0..26w/2w``, ``0.1..0.9/0.2``). Weeks (``w``) and days (``d``) are for what is counted
    in days.

    Raises
    ------
    RequestError
        With every problem of the text.

    >>> read_axis("approval_delay=0..8w/4w").values
    (0.0, 28.0, 56.0)
    >>> read_axis("recycling.0.share=0..0.5/0.25").values
    (0.0, 0.25, 0.5)
    """
    name, equals, written = text.partition("=")
    if not equals or not name.strip() or not written.strip():
        raise RequestError(f"vary is {text!r}: write NAME=VALUES, e.g. approval_delay=0..26w")
    name = name.strip()
    problems: list[str] = []
    field, is_parameter, in_days = _field(name, problems)
    values: list[Decimal] = []
    units: list[str] = []
    for part in written.split(","):
        values += _values(part.strip(), units, problems)
    if units and field and not in_days:
        problems.append(
            f"vary {name}: {written!r} has a unit, and {field} is not counted in days: leave it out"
        )
    if len(values) > MOST_VALUES:
        problems.append(f"vary {name}: {len(values):,} values: give at most {MOST_VALUES}")
    twice = sorted({v for v in values[: MOST_VALUES + 1] if values.count(v) > 1})
    if twice:
        problems.append(f"vary {name}: {', '.join(f'{v:f}' for v in twice)} stands twice; keep one")
    if problems:
        raise RequestError(problems)
    unit = units[0] if len(set(units)) == 1 else "d" if units else ""
    return Axis(name, field, is_parameter, unit, tuple(sorted(float(v) for v in values)))


def _field(name: str, problems: list[str]) -> tuple[str, bool, bool]:
    """Find what a name means: field of the scenario, whether a parameter, whether in days."""
    if (entry := _of_entry(name)) is not None:
        key, _, number = entry
        known_numbers = _numbers_of(key)
        if number in known_numbers:
            return name, False, number.endswith("days")
        hint = facts.did_you_mean(number, known_numbers)
        offered = f"give {', '.join(known_numbers)}" if known_numbers else "name a list of entries"
        problems.append(f"vary: entries of {key} have no number {number!r}{hint}: {offered}")
        return "", False, True
    own = fields_that_vary()
    for field in (name, f"{name}_days"):
        if field in own:
            return field, False, field.endswith("_days")
    parameters = facts.parameters()
    if name in parameters:
        return name, True, parameters[name].unit == "days"
    known = [*(field.removesuffix("_days") for field in own), *parameters]
    hint = facts.did_you_mean(name, known)
    others = "`xenotime facts search` lists parameters"
    numbers = ", ".join(field.removesuffix("_days") for field in own)
    problems.append(
        f"vary: there is no number {name!r}{hint}: give {numbers}, one of an entry"
        f" (recycling.0.share) or a parameter ({others})"
    )
    return "", False, True


def _values(part: str, units: list[str], problems: list[str]) -> list[Decimal]:
    """Read one value, or the values of a range."""
    span, slash, step_text = part.partition("/")
    first_text, dots, last_text = span.partition("..")
    if not dots:
        if slash:
            problems.append(f"vary: {part!r} has a step and no range: write FIRST..LAST/STEP")
            return []
        found = _number(part, "", units, problems)
        return [] if found is None else [found]
    match = _NUMBER.fullmatch(last_text)
    unit = match.group(2) if match else ""
    first, last = (_number(t, unit, units, problems) for t in (first_text, last_text))
    if not slash and not unit:
        problems.append(f"vary: {part!r} has no step: write {span}/STEP")
        return []
    step = _number(step_text if slash else f"1{unit}", unit, units, problems)
    if first is None or last is None or step is None:
        return []
    if step <= 0 or last < first:
        problems.append(f"vary: {part!r} leads nowhere: give FIRST below LAST and a STEP above 0")
        return []
    count = int((last - first) / step) + 1
    if count > MOST_VALUES:
        problems.append(f"vary: {part!r} has {count:,} values: give at most {MOST_VALUES}")
        return []
    return [first + step * i for i in range(count)]


def _number(text: str, unit: str, units: list[str], problems: list[str]) -> Decimal | None:
    """Read a number; with a unit (its own, else the range's) it becomes days."""
    match = _NUMBER.fullmatch(text)
    own = match.group(2) if match else ""
    if match is None or (own and own not in DAYS_OF):
        problems.append(f"vary: {text!r} is no value: write a number, e.g. 4, 0.5, 28d or 4w")
        return None
    if own:
        units.append(own)
    return Decimal(match.group(1)) * DAYS_OF.get(own or unit, 1)


def points_of(scenario: Scenario, axis: Axis) -> list[Scenario]:
    """Give the scenario each value of an axis.

    Raises
    ------
    RequestError
        With every problem of every value.
    """
    points: list[Scenario] = []
    problems: list[str] = []
    for value in axis.values:
        change: dict[str, Any]
        entry = _of_entry(axis.field)
        if axis.is_parameter:
            change = {"parameters": {**scenario.parameters, axis.field: value}}
        elif entry is not None:
            key, place, number = entry
            entries = [item.model_dump() for item in getattr(scenario, key)]
            if place >= len(entries):
                raise RequestError(
                    f"vary {axis.name}: the scenario has {len(entries)} entries of {key}, counted"
                    " from 0: add one to it"
                )
            whole = _numbers_of(key)[number] is int and value == int(value)
            entries[place][number] = int(value) if whole else value
            change = {key: entries}
        else:
            whole = Scenario.model_fields[axis.field].annotation is int and value == int(value)
            change = {axis.field: int(value) if whole else value}
        try:
            points.append(scenario.revised(**change))
        except RequestError as error:
            problems += [f"vary {axis.name}={axis.label(value)}: {p}" for p in error.problems]
    if problems:
        raise RequestError(_once(problems))
    return points


def _once(problems: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(problems))
