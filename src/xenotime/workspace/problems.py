"""How the workspace says that it cannot do what was asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

__all__ = ["WorkspaceError"]


class WorkspaceError(RuntimeError):
    """Something about the workspace stands in the way.

    Parameters
    ----------
    problems
        One line, or several: each names the thing, shows its value and says what to do.
    subject
        What the problems are about, e.g. a folder.
    kind
        ``"request"`` when the caller can ask differently (a wrong folder, a newer schema);
        ``"failure"`` when the request was right and could not be served (a lock held elsewhere).

    Examples
    --------
    >>> str(WorkspaceError("run 'x' is not there: see `xenotime workspace show`"))
    "run 'x' is not there: see `xenotime workspace show`"
    >>> print(WorkspaceError(["a is missing", "b is empty"], subject="runs/x"))
    runs/x: 2 problems
      - a is missing
      - b is empty
    """

    def __init__(
        self,
        problems: Sequence[str] | str,
        *,
        subject: str = "",
        kind: Literal["request", "failure"] = "request",
    ) -> None:
        self.problems: tuple[str, ...] = (
            (problems,) if isinstance(problems, str) else tuple(problems)
        )
        self.subject = subject
        self.kind: Literal["request", "failure"] = kind
        super().__init__(self.problems, subject)

    def __str__(self) -> str:
        """One line for one problem, else a heading and one line each."""
        if len(self.problems) == 1:
            return f"{self.subject}: {self.problems[0]}" if self.subject else self.problems[0]
        heading = f"{self.subject or 'workspace'}: {len(self.problems)} problems"
        return "\n".join([heading, *(f"  - {problem}" for problem in self.problems)])
