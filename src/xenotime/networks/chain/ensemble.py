"""Members of the ensemble: solved one after the other, or by processes of their own."""

from __future__ import annotations

import os
import pickle
import queue
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from xenotime import facts
from xenotime.facts.asking import Question, note
from xenotime.networks.chain.figures import Figures
from xenotime.networks.chain.settling import solved_member
from xenotime.networks.minerals import mineral_flows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from typing import IO

    from numpy.typing import NDArray

    from xenotime.facts.additions import Noting
    from xenotime.networks.chain.balance import Scrap
    from xenotime.networks.chain.candidates import Candidates

__all__ = ["FEWEST_SHARED", "Answer", "Member", "Task", "solve_task", "solved_members"]

FEWEST_SHARED = 4
"""Fewer members beside the middle one are solved here: a process takes seconds to start."""


class Task(NamedTuple):
    """What a member is solved from."""

    kept: Candidates
    scrap: Scrap
    as_of: date | None
    seed: int
    member: int


class Member(NamedTuple):
    """One member's answer.

    Attributes
    ----------
    member
        Its number.
    values
        Unknowns of the rare-earth chain in the order of its frame, t/y.
    minerals
        Flows of the other minerals in the order of their sorted links, t/y.
    violation, solves
        Largest relative violation of a law, and programmes solved.
    """

    member: int
    values: NDArray[np.float64]
    minerals: NDArray[np.float64]
    violation: float
    solves: int


Answer: TypeAlias = tuple[Member, frozenset[Question]] | Exception
"""What a process sends: a member and the questions it put to the facts, or what went wrong."""


def solve_task(task: Task) -> Member:
    """Solve one member on the links that the middle solution kept."""
    figures = Figures(task.as_of, seed=task.seed, member=task.member)
    solution, solves = solved_member(task.kept, figures, task.scrap)
    found = mineral_flows(task.as_of, member=task.member, seed=task.seed).flows
    return Member(
        task.member,
        solution.values,
        np.array([found[link] for link in sorted(found)]),
        solution.violation,
        solves,
    )


def solved_members(tasks: Sequence[Task], told: Callable[[int], None]) -> list[Member]:
    """Solve members, on all cores where there are enough of both.

    The answers do not depend on how they were solved: each member draws by names.

    Parameters
    ----------
    tasks
        One for each member.
    told
        Called with the number of tasks done, after each.

    Raises
    ------
    QpError
        If a programme does not converge.
    RuntimeError
        If a process ends without an answer.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    workers = min(cores or 1, len(tasks))
    if len(tasks) < FEWEST_SHARED or workers < 2:
        found = []
        for task in tasks:
            found.append(solve_task(task))
            told(len(found))
        return found
    return sorted(_shared(tasks, workers, told), key=lambda member: member.member)


def _shared(tasks: Sequence[Task], workers: int, told: Callable[[int], None]) -> list[Member]:
    """Deal the tasks out to processes and collect their answers as they come."""
    answers: queue.Queue[Answer] = queue.Queue()
    solve = facts.noting(solve_task)  # here: threads know nothing of the additions in force
    started = [_start() for _ in range(workers)]
    try:
        threads = [
            threading.Thread(
                target=_drive, args=(child, (solve, list(tasks[i::workers])), answers), daemon=True
            )
            for i, child in enumerate(started)
        ]
        for thread in threads:
            thread.start()
        found: list[Member] = []
        while len(found) < len(tasks):
            answer = answers.get()
            if isinstance(answer, Exception):
                raise answer
            member, questions = answer
            note(questions)
            found.append(member)
            told(len(found))
        return found
    finally:
        for child in started:
            child.kill()
            child.wait()
        for child in started:
            for pipe in (child.stdin, child.stdout):
                if pipe is not None:
                    pipe.close()


def _start() -> subprocess.Popen[bytes]:
    """Start a process that solves; it imports this package alone, not the caller's script."""
    paths = os.pathsep.join(path for path in sys.path if path)
    return subprocess.Popen(
        [sys.executable, "-m", "xenotime.networks.chain.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={
            **os.environ,
            "PYTHONPATH": paths,
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
        },
    )


def _drive(
    child: subprocess.Popen[bytes],
    work: tuple[Noting[[Task], Member], list[Task]],
    answers: queue.Queue[Answer],
) -> None:
    """Send work to a process, and pass its answers on."""
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        pickle.dump(work, child.stdin)
        child.stdin.flush()
        for _ in work[1]:
            answers.put(_answer(child.stdout))
    except (OSError, EOFError, pickle.UnpicklingError) as error:
        status = child.poll()
        answers.put(
            RuntimeError(
                f"a process that solves members ended without an answer (status {status}, "
                f"{error!r}): build again, with fewer members if memory is short"
            )
        )


def _answer(pipe: IO[bytes]) -> Answer:
    found: Answer = pickle.load(pipe)  # noqa: S301 - written by our own process
    return found
