"""What a sweep varies: one number of a scenario or one parameter, over a range or a list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel

from xenotime import facts
from xenotime.facts.problems import RequestError
from xenotime.scenarios import Scenario
from xenotime.scenarios.fields import shown

__all__ = ["MOST_VALUES", "Axis", "fields_that_vary", "points_of", "read_axis"]

MOST_VALUES = 200
MOST_DIGITS = 30
"""Characters of a number: more are no digits that a number of the model can hold."""
MOST_SHOWN = 60
DAYS_OF = {"d": 1, "w": 7}
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
        return self._written.get(value) or self._write(value, 6)

    @cached_property
    def _written(self) -> dict[float, str]:
        """Labels of the values, in as many digits as tell them apart."""
        for digits in (6, 9, 12, 15, 17):
            labels = {value: self._write(value, digits) for value in self.values}
            if len(set(labels.values())) == len(labels):
                return labels
        # weeks of neighbouring numbers can be one number: in days they are two
        return {value: f"{value!r}d" for value in self.values}

    def _write(self, value: float, digits: int) -> str:
        return f"{value / DAYS_OF.get(self.unit, 1):.{digits}g}{self.unit}"


@cache
def fields_that_vary() -> Mapping[str, type]:
    """Numbers of a scenario, with their type; ``N`` stands for a place in a list (0 is the first).

    >>> [name for name in fields_that_vary() if name in ("approval_delay_days", "shocks.N.days")]
    ['approval_delay_days', 'shocks.N.days']
    """
    return dict(_numbers_of(Scenario))


def _numbers_of(model: type[BaseModel]) -> Iterator[tuple[str, type]]:
    for name, field in model.model_fields.items():
        kinds, place = {field.annotation}, ""
        while any(get_args(kind) for kind in kinds):
            if any(get_origin(kind) is tuple for kind in kinds):
                place = ".N"
            kinds = {part for kind in kinds for part in _parts(kind)}
        for kind in kinds:
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                yield from ((f"{name}{place}.{n}", number) for n, number in _numbers_of(kind))
        if not place and kinds & {int, float}:
            yield name, float if float in kinds else int


def _parts(kind: Any) -> tuple[Any, ...]:
    """Take a type apart: what is held, without names of keys and what is only said about it."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return parts[:1]
    if origin in (dict, Literal):
        return ()
    return tuple(p for p in parts if p is not Ellipsis) if parts else (kind,)


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
    """
    name, equals, written = text.partition("=")
    if not equals or not name.strip() or not written.strip():
        raise RequestError(f"vary is {shown(text)}: write NAME=VALUES, e.g. approval_delay=0..26w")
    name = name.strip()
    problems: list[str] = []
    field, is_parameter, in_days = _field(name, problems)
    values: list[Decimal] = []
    units: list[str] = []
    for part in written.split(","):
        values += _values(part.strip(), units, problems)
    if units and field and not in_days:
        problems.append(
            f"vary {name}: {shown(written)} has a unit, and {field} is not counted in days:"
            " leave it out"
        )
    if len(values) > MOST_VALUES:
        problems.append(f"vary {name}: {len(values):,} values: give at most {MOST_VALUES}")
    # what is run are these numbers: two texts may be one of them; -0 is 0
    run = [float(v) + 0.0 for v in values[: MOST_VALUES + 1]]
    twice = sorted({v for v in run if run.count(v) > 1})
    if twice:
        problems.append(f"vary {name}: {', '.join(map(repr, twice))} stands twice; keep one")
    if problems:
        raise RequestError(problems)
    unit = units[0] if len(set(units)) == 1 else "d" if units else ""
    return Axis(name, field, is_parameter, unit, tuple(sorted(run)))


def _field(name: str, problems: list[str]) -> tuple[str, bool, bool]:
    """Find what a name means: field of the scenario, whether a parameter, whether in days."""
    own = fields_that_vary()
    for field in (name, f"{name}_days"):
        if _general(field) in own:
            if field.startswith("tariffs."):
                problems.append(
                    f"vary {name}: no shipment depends on a duty yet, every value gives the same"
                )
            return field, False, field.endswith(("_days", ".days"))
    parameters = facts.parameters()
    if name in parameters:
        return name, True, parameters[name].unit == "days"
    known = [*own, *(field.removesuffix("_days") for field in own), *parameters]
    hint = facts.did_you_mean(_general(name[:MOST_SHOWN]), known)
    others = "`xenotime facts search` lists parameters"
    numbers = ", ".join(own)
    problems.append(
        f"vary: there is no number {shown(name)}{hint}: give {numbers}, or a parameter ({others})"
    )
    return "", False, True


def _values(part: str, units: list[str], problems: list[str]) -> list[Decimal]:
    """Read one value, or the values of a range."""
    span, slash, step_text = part.partition("/")
    first_text, dots, last_text = span.partition("..")
    if not dots:
        if slash:
            problems.append(f"vary: {shown(part)} has a step and no range: write FIRST..LAST/STEP")
            return []
        found = _number(part, "", units, problems)
        return [] if found is None else [found]
    match = _NUMBER.fullmatch(last_text)
    unit = match.group(2) if match else ""
    first, last = (_number(t, unit, units, problems) for t in (first_text, last_text))
    if first is None or last is None:
        return []
    if not slash and not unit:
        problems.append(f"vary: {part!r} has no step: write {span}/STEP")
        return []
    step = _number(step_text if slash else f"1{unit}", unit, units, problems)
    if step is None:
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
        problems.append(f"vary: {shown(text)} is no value: write a number, e.g. 4, 0.5, 28d or 4w")
        return None
    if len(text) > MOST_DIGITS:
        problems.append(
            f"vary: {shown(text)} has {len(text):,} characters: give at most {MOST_DIGITS}"
        )
        return None
    if own:
        units.append(own)
    return Decimal(match.group(1)) * DAYS_OF.get(own or unit, 1)


def _general(field: str) -> str:
    """Write a field with ``N`` for each place in a list."""
    return re.sub(r"\.[0-9]+(?=\.)", ".N", field)


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
        try:
            change = (
                {"parameters": {**scenario.parameters, axis.field: value}}
                if axis.is_parameter
                else _changed(scenario, axis, value)
            )
            points.append(scenario.revised(**change))
        except RequestError as error:
            problems += [f"vary {axis.name}={axis.label(value)}: {p}" for p in error.problems]
    if problems:
        raise RequestError(_once(problems))
    return points


def _changed(scenario: Scenario, axis: Axis, value: float) -> dict[str, Any]:
    """Give the field at the top that holds an axis, with the value in its place."""
    head, *rest = axis.field.split(".")
    whole = fields_that_vary()[_general(axis.field)] is int and value == int(value)
    content = {head: scenario.model_dump(mode="json")[head]}
    held: Any = content
    for at, key in enumerate([head, *rest]):
        place: Any = key
        if isinstance(held, list):
            place = int(key) if len(key) < 10 else len(held)  # longer than any list
            if place >= len(held):
                name = ".".join([head, *rest][:at])
                raise RequestError(
                    f"{scenario.name} has {len(held)} {name}, and the first is 0: "
                    + (f"give 0 to {len(held) - 1}" if held else "write one in a file of your own")
                )
        if at == len(rest):
            held[place] = int(value) if whole else value
        else:
            held = held[place]
    return content


def _once(problems: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(problems))
