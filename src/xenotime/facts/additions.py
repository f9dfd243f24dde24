"""What users have added to the record, and what is in force now.

The accessors of this package (`claims()`, `measures()`, `search()`, `get()` ...) answer from the
embedded tables plus the additions that are in force where they are called. None are, unless the
caller is inside `including`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from typing import Any, Generic, ParamSpec, Protocol, TypeVar

from xenotime.facts.asking import Question, asked, is_recording, note, recording

__all__ = [
    "NOTHING_ADDED",
    "AddedBatch",
    "Additions",
    "Carried",
    "Noting",
    "are_chosen",
    "carried",
    "included",
    "including",
    "noting",
    "remembered",
    "with_added",
]

P = ParamSpec("P")
R = TypeVar("R")


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


Row = TypeVar("Row", bound=_HasId)


@dataclass(frozen=True, slots=True)
class AddedBatch:
    """Where added rows come from: one act of adding, by one person, at one time.

    `ids` are the ids of its rows; `added` is a UTC time as ISO 8601 text.
    """

    id: str
    title: str
    by: str
    added: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Additions:
    """Added rows by table, immutable; equal when their rows are.

    Parameters
    ----------
    tables
        Rows by the name of the table that they extend, e.g. ``{"claims": (claim,)}``.
    batches
        Where the rows come from.

    Attributes
    ----------
    digest : str
        SHA-256 of the rows; ``""`` when there is none. Batches do not count: the same rows give
        the same answers whoever added them.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from xenotime.facts import claims, get
    >>> burma = get("mine_production/MMR/2024@mcs2026")
    >>> mine = replace(burma, id="mine_production/MMR/2024@mine", vintage="mine", mid=30000.0)
    >>> with including(Additions({"claims": (mine,)})):
    ...     inside = get("mine_production/MMR/2024@mine").mid
    >>> inside, "mine_production/MMR/2024@mine" in {claim.id for claim in claims()}
    (30000.0, False)
    """

    tables: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    batches: tuple[AddedBatch, ...] = ()
    digest: str = field(init=False, default="")

    def __post_init__(self) -> None:
        """Put the rows in the order of their ids and take their hash."""
        ordered = {
            name: tuple(sorted(rows, key=lambda row: row.id))
            for name, rows in sorted(self.tables.items())
            if rows
        }
        object.__setattr__(self, "tables", ordered)
        if ordered:
            import hashlib

            text = repr(ordered).encode("utf-8", errors="surrogatepass")
            object.__setattr__(self, "digest", hashlib.sha256(text).hexdigest())

    def __eq__(self, other: object) -> bool:
        """Compare by rows."""
        return isinstance(other, Additions) and self.digest == other.digest

    def __hash__(self) -> int:
        """Hash by rows."""
        return hash(self.digest)

    def __bool__(self) -> bool:
        """Whether there is any row."""
        return bool(self.tables)

    def without(self, *tables: str) -> Additions:
        """Leave whole tables out.

        A step that does not read a table hides it, so that what it computes cannot depend on
        rows that the key of its cache leaves out.
        """
        kept = {name: rows for name, rows in self.tables.items() if name not in tables}
        return Additions(kept, self.batches)

    def batch_of(self, id: str) -> AddedBatch | None:  # noqa: A002  # the field is called id
        """Find the batch that an id was added in; None for ids that nobody added."""
        return next((batch for batch in self.batches if id in batch.ids), None)


NOTHING_ADDED = Additions()
"""No additions: the embedded tables alone."""

_CHOSEN: ContextVar[Additions | None] = ContextVar("xenotime_additions", default=None)


def _in_force() -> Additions:
    return _CHOSEN.get() or NOTHING_ADDED


@asked
def included() -> Additions:
    """Additions that are in force here: those of the innermost `including`, else none.

    The result can be pickled: hand it to another process and enter `including` there, or let
    `carried` do both.

    Examples
    --------
    >>> included() == NOTHING_ADDED
    True
    """
    return _in_force()


def are_chosen() -> bool:
    """Whether the caller is inside `including`, be it with nothing to include.

    >>> with including(NOTHING_ADDED):
    ...     inside = are_chosen()
    >>> inside, are_chosen()
    (True, False)
    """
    return _CHOSEN.get() is not None


@contextmanager
def including(additions: Additions) -> Iterator[Additions]:
    """Let every accessor of `xenotime.facts` answer with these additions, inside the block.

    Replaces what an outer block includes. Concerns this thread (or asyncio task) alone: new
    threads and processes start from the embedded tables, unless what they run is `carried`.

    Parameters
    ----------
    additions
        E.g. from `xenotime.facts.workspace_additions`.
    """
    token = _CHOSEN.set(additions)
    try:
        yield additions
    finally:
        _CHOSEN.reset(token)


class Carried(Generic[P, R]):
    """A function with the additions that were in force where it was carried from."""

    def __init__(self, function: Callable[P, R], additions: Additions) -> None:
        self.function = function
        self.additions = additions

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call the function with those additions in force."""
        with including(self.additions):
            return self.function(*args, **kwargs)


def carried(function: Callable[P, R]) -> Carried[P, R]:
    """Take the additions in force here along to another thread or process.

    Parameters
    ----------
    function
        What the other thread or process runs; for a process it must be one that can be pickled.

    Raises
    ------
    RuntimeError
        Inside `xenotime.facts.asking.recording`, where `noting` brings back what is asked.

    Examples
    --------
    >>> from concurrent.futures import ThreadPoolExecutor
    >>> with ThreadPoolExecutor() as pool:
    ...     list(pool.map(carried(abs), [-1, 2]))
    [1, 2]
    """
    if is_recording():
        raise RuntimeError("what runs elsewhere tells nobody what it asks: use 'noting' instead")
    return Carried(function, _in_force())


class Noting(Generic[P, R]):
    """A function with the additions in force, that gives the questions it asked beside its value.

    Attributes
    ----------
    carried : Carried
        The function with the additions.
    """

    def __init__(self, carried: Carried[P, R]) -> None:
        self.carried = carried

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> tuple[R, frozenset[Question]]:
        """Call the function; the caller hands the questions to `note` where they were missed."""
        with recording() as questions:
            value = self.carried(*args, **kwargs)
        return value, frozenset(questions)


def noting(function: Callable[P, R]) -> Noting[P, R]:
    """Take the additions in force along as `carried` does, and bring back what was asked.

    Parameters
    ----------
    function
        What the other thread or process runs; for a process it must be one that can be pickled.

    Examples
    --------
    >>> from xenotime.facts import get
    >>> measure, questions = noting(get)("M023")
    >>> measure.id, [question.positional for question in questions]
    ('M023', [('M023',)])
    """
    return Noting(Carried(function, _in_force()))


def remembered(maxsize: int | None = 64) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Cache a function of the facts, apart for each set of additions; else `functools.lru_cache`.

    A plain `lru_cache` over anything that reads facts would answer with somebody else's
    additions.

    Parameters
    ----------
    maxsize
        Results kept, over all sets of additions.

    Examples
    --------
    >>> @remembered()
    ... def count(table):
    ...     return len(included().tables.get(table, ()))
    >>> count("claims")
    0
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @lru_cache(maxsize=maxsize)
        def kept(_digest: str, *args: P.args, **kwargs: P.kwargs) -> tuple[R, frozenset[Question]]:
            with recording() as questions:
                value = function(*args, **kwargs)
            return value, frozenset(questions)

        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            value, questions = kept(_in_force().digest, *args, **kwargs)  # type: ignore[arg-type]  # hashable
            note(questions)  # whoever gets a kept answer rests on what it rests on
            return value

        return call

    return decorate


def with_added(table: str, embedded: tuple[Row, ...]) -> tuple[Row, ...]:
    """Join the embedded rows of a table with the added ones in force, in the order of their ids.

    An id that a later release embeds, too, is the release's: the added row stays in its batch
    and rests.

    >>> from xenotime.facts import measures
    >>> with_added("measures", measures()) == measures()
    True
    """
    added: tuple[Row, ...] = _added_rows(table)
    if not added:
        return embedded
    taken = {row.id for row in embedded}
    new = [row for row in added if row.id not in taken]
    return tuple(sorted((*embedded, *new), key=lambda row: row.id))


@asked
def _added_rows(table: str) -> tuple[Any, ...]:
    return _in_force().tables.get(table, ())
