"""Which questions a computation put to the facts, and whether they would be answered alike now.

What is computed from facts may be kept for as long as everything that was asked is answered as it
was. Nobody lists by hand what is asked: the accessors of facts note it while `recording`. Every way
to added rows goes through one of them, so a question may be noted too widely, never not at all.
"""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import wraps
from typing import Any, NamedTuple, ParamSpec, TypeVar

from xenotime.facts.problems import RequestError

__all__ = ["Question", "answers", "asked", "is_recording", "note", "parsed", "plain", "recording"]

P = ParamSpec("P")
R = TypeVar("R")


class Question(NamedTuple):
    """One call of an accessor of facts: its name as ``module:function`` and its arguments."""

    accessor: str
    positional: tuple[Any, ...] = ()
    named: tuple[tuple[str, Any], ...] = ()


_RECORD: ContextVar[set[Question] | None] = ContextVar("xenotime_questions", default=None)


def is_recording() -> bool:
    """Whether questions are noted where this is called.

    >>> is_recording()
    False
    """
    return _RECORD.get() is not None


def note(questions: Iterable[Question]) -> None:
    """Note questions that were asked elsewhere, in a process or for a result that was kept."""
    record = _RECORD.get()
    if record is not None:
        record.update(questions)


@contextmanager
def recording() -> Iterator[set[Question]]:
    """Collect the questions that are asked inside the block.

    They count for an outer recording, too, when the block ends with an error; else the caller
    hands them on with `note`, now or when the result is used again.

    Examples
    --------
    >>> from xenotime.facts import get
    >>> with recording() as questions:
    ...     _ = get("M023")
    >>> [(q.accessor, q.positional) for q in questions]
    [('xenotime.facts.search:get', ('M023',))]
    """
    questions: set[Question] = set()
    token = _RECORD.set(questions)
    failed = True
    try:
        yield questions
        failed = False
    finally:
        _RECORD.reset(token)
        if failed:
            note(questions)


def asked(accessor: Callable[P, R]) -> Callable[P, R]:
    """Make a function of facts one whose calls are noted; what it asks itself is not.

    Its arguments must be such as `plain` can write, and equal facts must have equal `repr`.

    Parameters
    ----------
    accessor
        A function at the top of its module.
    """
    name = f"{accessor.__module__}:{accessor.__qualname__}"

    @wraps(accessor)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        record = _RECORD.get()
        if record is None:
            return accessor(*args, **kwargs)
        record.add(Question(name, args, tuple(sorted(kwargs.items()))))
        token = _RECORD.set(None)
        try:
            return accessor(*args, **kwargs)
        finally:
            _RECORD.reset(token)

    return call


def answers(questions: Iterable[Question]) -> str:
    """Hash of the questions and of what the facts in force here answer to them.

    Raises
    ------
    LookupError
        If there is no such accessor (any more).

    Examples
    --------
    >>> asked_of_mines = {Question("xenotime.facts.search:get", ("M023",))}
    >>> answers(asked_of_mines) == answers(asked_of_mines) != answers(set())
    True
    """
    digest = hashlib.sha256()
    token = _RECORD.set(None)
    try:
        for question in sorted(questions, key=repr):
            digest.update(f"{question!r}\n{_answer(question)}\n".encode(errors="surrogatepass"))
    finally:
        _RECORD.reset(token)
    return digest.hexdigest()


def _answer(question: Question) -> str:
    module, _, name = question.accessor.partition(":")
    try:
        function = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise LookupError(f"no accessor {question.accessor}") from error
    try:
        return repr(function(*question.positional, **dict(question.named)))
    except RequestError as error:  # an unknown name is an answer, too: somebody may add it
        return f"refused: {error}"


def plain(questions: Iterable[Question]) -> list[Any]:
    """Give the questions as JSON can hold them, in a fixed order.

    Raises
    ------
    TypeError
        If an argument is neither text, number, day, None nor a tuple of these.

    >>> plain([Question("facts:claims", (date(2025, 1, 2),), (("tables", ("a",)),))])
    [['facts:claims', [{'day': '2025-01-02'}], {'tables': ['a']}]]
    """
    return [
        [q.accessor, _out(q.positional), {name: _out(value) for name, value in q.named}]
        for q in sorted(questions, key=repr)
    ]


def parsed(rows: Iterable[Any]) -> frozenset[Question]:
    """Read what `plain` gave.

    >>> question = Question("facts:claims", (date(2025, 1, 2),), (("tables", ("a",)),))
    >>> parsed(plain([question])) == {question}
    True
    """
    return frozenset(
        Question(name, _in(positional), tuple(sorted((k, _in(v)) for k, v in named.items())))
        for name, positional, named in rows
    )


def _out(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_out(part) for part in value]
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if value is None or isinstance(value, str | int | float):
        return value
    raise TypeError(f"{value!r} cannot be written as part of a question")


def _in(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_in(part) for part in value)
    return date.fromisoformat(value["day"]) if isinstance(value, dict) else value
