"""What keeps an added act out: days out of order, unknown elements, acts that are not there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence

from xenotime.facts.act_relations import relation_problems
from xenotime.facts.measures import Measure, measures
from xenotime.facts.names import known_elements
from xenotime.facts.records import ControlItem
from xenotime.facts.series import did_you_mean
from xenotime.facts.tables import Refused
from xenotime.facts.vocabulary import ELEMENT_NAMES

__all__ = ["act_problems"]

# Acts that do nothing by themselves: what they change must be named.
_CHANGING = frozenset({"suspension", "removal"})


def act_problems(
    rows: Sequence[Measure],
    items: Sequence[ControlItem],
    today: dt.date,
    refused: Sequence[Refused[Measure]] = (),
) -> Iterator[tuple[str, str]]:
    """Say what is wrong with acts and items of control lists that are added together.

    Parameters
    ----------
    rows, items
        Acts, and items of their lists, that are sound by themselves.
    today
        Nothing is announced on a later day.
    refused
        Acts that are refused already: their sound columns are looked at; others may name them.

    Yields
    ------
    tuple of str
        Id of the row and what is wrong with it.
    """
    every = [*map(Refused, rows), *refused]
    acts = {act.id for act in (*(one.row for one in every), *measures())}
    for one in every:
        told = (
            *_days(one.row, today),
            *(("elements", line) for line in _unknown_elements(one.row.elements)),
            *(("changes", line) for line in _changes(one.row, acts)),
        )
        yield from ((one.row.id, line) for column, line in told if column not in one.wrong)
    yield from relation_problems(rows, today)
    yield from _circles(rows)
    for item in items:
        # An item without an act belongs to the one that is refused.
        if item.measure not in acts and (item.measure or not refused):
            yield item.id, f"measure is {item.measure!r}: there is no such act"
        for line in _unknown_elements(item.element.split(";")):
            yield item.id, line


def _days(row: Measure, today: dt.date) -> Iterator[tuple[str, str]]:
    if not row.id.startswith("M-"):
        yield "id", "the program numbers its own acts: name yours like M-CHN-2026-07-01-magnets"
    if row.announced is not None and row.announced > today:
        yield "announced", f"announced is {row.announced}: that day has not come"
    if row.in_force is not None and row.in_force < (row.announced or row.in_force):
        yield (
            "in_force",
            (
                f"in_force is {row.in_force}, before it was announced ({row.announced}): "
                "give the day of the announcement on or before it"
            ),
        )


def _unknown_elements(names: Collection[str]) -> Iterator[str]:
    for name in names:
        if name not in known_elements():
            hint = did_you_mean(name, known_elements()) or _symbol_of(name)
            yield (
                f"elements: {name!r} is no element of the record{hint}: use a symbol, one of"
                f" {', '.join(ELEMENT_NAMES)}, or graphite"
            )


def _symbol_of(name: str) -> str:
    """Suggest the symbol of an element that is written out."""
    spelt = {word: symbol for symbol, word in ELEMENT_NAMES.items()}
    symbol = spelt.get(name.casefold()) or (
        name.capitalize() if name.capitalize() in ELEMENT_NAMES else None
    )
    return f" (did you mean {symbol!r}?)" if symbol else ""


def _changes(row: Measure, acts: Collection[str]) -> Iterator[str]:
    if row.instrument in _CHANGING and not row.changes:
        yield f"changes is blank: a {row.instrument} names the acts that it changes"
    for name in row.changes:
        if name == row.id:
            yield f"changes names the act itself, {row.id}: an act cannot change itself"
        elif name not in acts:
            yield f"changes: there is no act {name!r}{did_you_mean(name, acts)}"


def _circles(rows: Sequence[Measure]) -> Iterator[tuple[str, str]]:
    """Name each circle of acts that change each other, once; no recursion, chains may be long."""
    ahead = {row.id: [name for name in row.changes if name != row.id] for row in rows}
    done: set[str] = set()
    for start, named in ahead.items():
        if start in done:
            continue
        path, on_path = [start], {start: 0}
        stack = [(start, iter(named))]
        while stack:
            here, further = stack[-1]
            name = next((n for n in further if n in ahead and n not in done), None)
            if name is None:
                stack.pop()
                done.add(here)
                del on_path[path.pop()]
            elif name in on_path:
                circle = [*path[on_path[name] :], name]
                yield name, f"changes go in a circle: {_way(circle)}: leave one of them out"
            else:
                on_path[name] = len(path)
                path.append(name)
                stack.append((name, iter(ahead[name])))


_LONGEST_WAY = 8


def _way(circle: Sequence[str]) -> str:
    """Write a circle of acts in a line, its middle left out where it is long."""
    if len(circle) > _LONGEST_WAY:
        between = f"({len(circle) - _LONGEST_WAY + 1:,} more)"
        circle = [*circle[: _LONGEST_WAY - 2], between, circle[-1]]
    return " -> ".join(circle)
