"""A process that solves members: reads tasks from standard input, writes answers to output."""

from __future__ import annotations

import os
import pickle
import sys
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xenotime.networks.chain.ensemble import Answer, Task

__all__ = ["main"]


def main() -> None:
    """Solve the tasks on standard input; each answer, or what went wrong, is one pickle."""
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as answers:
        # whatever prints must not reach the pipe of answers
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        solve, tasks = pickle.load(sys.stdin.buffer)  # noqa: S301 - written by our own parent
        _work(solve, tasks, answers)


def _work(solve: Callable[[Task], Answer], tasks: Sequence[Task], answers: IO[bytes]) -> None:
    for task in tasks:
        answer: Answer
        try:
            answer = solve(task)
        except Exception as error:  # noqa: BLE001 - the parent raises it
            answer = error
        pickle.dump(answer, answers)
        answers.flush()


if __name__ == "__main__":
    main()
