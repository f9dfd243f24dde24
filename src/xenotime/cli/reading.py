"""Turn the words of a command into values, and collect everything that is wrong with them.

Options arrive as text and are read here, so that one message lists all problems of a command
instead of the first.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar, cast

from xenotime.facts.problems import RequestError
from xenotime.facts.tables import is_number
from xenotime.workspace.problems import WorkspaceError

__all__ = ["Reader", "in_workspace"]

Value = TypeVar("Value")
P = ParamSpec("P")


@dataclass
class Reader:
    """Reads the options of one command.

    Examples
    --------
    >>> reader = Reader("run april-2025")
    >>> reader.day("--until", "2025-13-01"), reader.whole_number("--draws", "0", least=1)
    (None, None)
    >>> reader.finish()
    Traceback (most recent call last):
    xenotime.facts.problems.RequestError: run april-2025: 2 problems
      - --until is '2025-13-01', which is not a date: write YYYY-MM-DD, e.g. 2025-09-30
      - --draws is '0': give a whole number of at least 1
    """

    subject: str
    problems: list[str] = field(default_factory=list)

    def day(self, option: str, text: str | None) -> date | None:
        """Read an ISO date; None stays None."""
        if text is None:
            return None
        try:
            day = date.fromisoformat(text)
        except ValueError:
            day = None
        # fromisoformat also takes 2025-W05-1 and 20250131.
        if day is None or day.isoformat() != text:
            self.problems.append(
                f"{option} is {text!r}, which is not a date: write YYYY-MM-DD, e.g. 2025-09-30"
            )
            return None
        return day

    def whole_number(self, option: str, text: str, *, least: int) -> int | None:
        """Read a whole number that is not too small."""
        # int() also takes 1_000 and the digits of other scripts.
        number = int(text) if re.fullmatch(r"[+-]?[0-9]{1,4000}", text.strip()) else None
        if number is None or number < least:
            self.problems.append(f"{option} is {text!r}: give a whole number of at least {least}")
            return None
        return number

    def choice(self, option: str, text: str, choices: Sequence[str]) -> str | None:
        """Read one of a closed list of words."""
        if text in choices:
            return text
        near = get_close_matches(text, choices, n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        self.problems.append(f"{option} is {text!r}: {hint}give one of {', '.join(choices)}")
        return None

    def name(
        self,
        option: str,
        text: str,
        known: Collection[str],
        *,
        otherwise: str = "see `xenotime facts search`",
    ) -> str | None:
        """Read one of many names; a wrong one is answered with near ones, or with `otherwise`."""
        if text in known:
            return text
        near = get_close_matches(text, sorted(known), n=3)
        hint = f"did you mean {' or '.join(near)}?" if near else otherwise
        self.problems.append(f"{option} is {text!r}, which is unknown: {hint}")
        return None

    def country(self, option: str, text: str, known: Collection[str]) -> str | None:
        """Read a country by its code or name, one of those that are known here."""
        from xenotime.facts.taxonomy import country_name, iso3_of

        try:
            code = iso3_of(text)
        except RequestError as error:
            self.problems += [f"{option} is {text!r}: {problem}" for problem in error.problems]
            return None
        if code in known:
            return code
        there = f"there are {', '.join(sorted(known))}" if known else "there is none at all"
        self.problems.append(
            f"{option} is {text!r}: nothing here is of {country_name(code)}: {there}"
        )
        return None

    def assignments(
        self, option: str, texts: Sequence[str], known: Mapping[str, object]
    ) -> dict[str, float]:
        """Read `NAME=VALUE` words with finite numbers and known, distinct names."""
        values: dict[str, float] = {}
        for text in texts:
            name, equals, number = text.partition("=")
            if not equals or not name:
                self.problems.append(f"{option} is {text!r}: write NAME=VALUE")
                continue
            if name not in known:
                near = get_close_matches(name, list(known), n=3, cutoff=0.5)
                hint = (
                    f"did you mean {' or '.join(near)}?" if near else f"one of {', '.join(known)}"
                )
                self.problems.append(f"{option} {text}: there is no parameter {name!r}: {hint}")
            if name in values:
                self.problems.append(f"{option} {text}: {name} is given twice: keep one")
            value = float(number) if is_number(number.strip()) else math.nan
            if not math.isfinite(value):
                self.problems.append(f"{option} {text}: {number!r} is not a finite number")
            elif name in known:  # what is unknown is told here: nobody need be asked about it
                values[name] = value
        return values

    def ask(self, call: Callable[[], Value]) -> Value | None:
        """Call a room and add its problems to the list instead of stopping at them."""
        try:
            return call()
        except RequestError as error:
            prefix = f"{error.subject}: " if error.subject else ""
            self.problems.extend(f"{prefix}{problem}" for problem in error.problems)
            return None

    def new_file(
        self, option: str, file: Path, *, replace: bool, way: str = "replace it with --force"
    ) -> None:
        """Check that a file can be written; one that is there only if it may be replaced.

        `way` says how, where it is not by ``--force``.
        """
        from xenotime.workspace import require_file

        try:
            require_file(file)
        except WorkspaceError as error:
            self.problems.extend(f"{option}: {problem}" for problem in error.problems)
            return
        if file.exists() and not replace:
            self.problems.append(f"{option} {file} is there already: name another file, or {way}")

    def finish(self) -> None:
        """Raise one `RequestError` with everything that was wrong, if anything was."""
        if self.problems:
            raise RequestError(self.problems, subject=self.subject)


def in_workspace(command: Callable[P, Value]) -> Callable[P, Value]:
    """Let a command with the option `workspace` answer with what users have added there."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> Value:
        from xenotime.facts import including_workspace

        with including_workspace(cast("str | None", kwargs["workspace"])):
            return command(*args, **kwargs)

    return run
