"""The one error for a request that cannot be served: all of its problems at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["MOST_PROBLEMS", "RequestError", "few"]

MOST_PROBLEMS = 200
"""So many problems of a file are named one by one; the rest is counted."""


def few(problems: Sequence[str]) -> list[str]:
    """List the first problems of a file and count the rest: a wrong file can have millions.

    >>> few(["row"] * 1_200)[-1]
    'and 1,000 more problems like these'
    """
    more = len(problems) - MOST_PROBLEMS
    rest = [f"and {more:,} more problems like these"] if more > 0 else []
    return [*problems[:MOST_PROBLEMS], *rest]


class RequestError(ValueError):
    """A request that cannot be served.

    Parameters
    ----------
    problems
        One line per problem, each naming the thing, its value and the fix. A single
        string counts as one problem.
    subject
        What the problems are about, e.g. a file path or ``"scenario april-2025"``.

    Attributes
    ----------
    problems : tuple of str
    subject : str

    Examples
    --------
    >>> print(RequestError("draws is -1: give a whole number above 0"))
    draws is -1: give a whole number above 0
    >>> print(RequestError(["row 3: unit 'tons' is unknown", "row 9: low 5 is above mid 4"],
    ...                    subject="claims.csv"))
    claims.csv: 2 problems
      - row 3: unit 'tons' is unknown
      - row 9: low 5 is above mid 4
    """

    problems: tuple[str, ...]
    subject: str

    def __init__(self, problems: Sequence[str] | str, *, subject: str = "") -> None:
        found = (problems,) if isinstance(problems, str) else tuple(problems)
        if not found:
            raise AssertionError("RequestError needs at least one problem")
        self.problems = found
        self.subject = subject
        super().__init__(found, subject)

    def __str__(self) -> str:
        """One line for one problem, else a heading and one line per problem."""
        if len(self.problems) == 1:
            return f"{self.subject}: {self.problems[0]}" if self.subject else self.problems[0]
        heading = f"{len(self.problems)} problems"
        if self.subject:
            heading = f"{self.subject}: {heading}"
        return "\n".join([heading, *(f"  - {problem}" for problem in self.problems)])

    def __reduce__(self) -> tuple[type[RequestError], tuple[tuple[str, ...]], dict[str, str]]:
        """Pickle by problems, so that the error survives a process pool."""
        return (type(self), (self.problems,), {"subject": self.subject})
