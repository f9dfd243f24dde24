"""What goes to which stream: results to standard output, everything else to standard error."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["console", "print_json", "progress_line", "say", "to_plain"]


def console(*, stderr: bool = False) -> Console:
    """Make a rich console for one of the two streams."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, markup=False)


def say(message: str) -> None:
    """Tell the person something that is not a result."""
    print(message, file=sys.stderr)


def print_json(content: Mapping[str, Any]) -> None:
    """Print one JSON object to standard output, `schema_version` first.

    Not-a-number and infinities become null: JSON has neither.
    """
    plain = to_plain({"schema_version": 1, **content})
    # ASCII, so that no console encoding can damage it.
    print(json.dumps(plain, indent=2, allow_nan=False))


def to_plain(value: Any) -> Any:
    """Turn dataclasses, dates, paths and array scalars into what JSON knows.

    Examples
    --------
    >>> to_plain({"day": date(2025, 4, 4), "share": float("nan"), "ids": ("a",)})
    {'day': '2025-04-04', 'share': None, 'ids': ['a']}
    """
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return to_plain(asdict(value))
    if isinstance(value, Sequence | set | frozenset):
        return [to_plain(item) for item in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    if hasattr(value, "item"):  # a numpy scalar
        return to_plain(value.item())
    raise TypeError(f"no JSON form for {type(value).__name__}")


class progress_line:  # noqa: N801  # used like a function: with progress_line() as report
    """A progress line on standard error; called with (message, done, total).

    On a terminal it is one moving line, else one line per new message.
    """

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._last = ""
        self._context: AbstractContextManager[Any] = nullcontext()
        self._task: Any = None

    def __enter__(self) -> Self:
        """Start the line, if there is a terminal to draw it on."""
        if not self._quiet and sys.stderr.isatty():
            from rich.progress import (
                BarColumn,
                MofNCompleteColumn,
                Progress,
                TextColumn,
                TimeElapsedColumn,
            )

            bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(bar_width=24),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                console=console(stderr=True),
                transient=True,
            )
            self._context = bar
            bar.start()
            self._task = bar.add_task("starting", total=None, visible=False)
        return self

    def __exit__(self, *_: object) -> None:
        """Take the line away."""
        if self._task is not None:
            self._context.__exit__(None, None, None)

    def __call__(self, message: str, done: int, total: int) -> None:
        """Show how far the work is."""
        if self._quiet:
            return
        if self._task is not None:
            self._context.update(  # type: ignore[attr-defined]  # it is a rich Progress here
                self._task,
                description=message,
                completed=done,
                total=total if total > 1 else None,  # one step of unknown length: a moving bar
                visible=True,
            )
        elif message != self._last:
            say(message)
        self._last = message
