"""One number of a scenario varied: the same draws at every value, compared draw by draw."""

from __future__ import annotations

import contextvars
import datetime as dt
import json
import re
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xenotime import __version__, facts
from xenotime.facts.problems import RequestError
from xenotime.runs.running import SWEEP, Progress, check, digest_of
from xenotime.runs.varying import Axis, points_of, read_axis
from xenotime.scenarios import Scenario
from xenotime.workspace import Workspace, staged

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Sweep", "check_sweep", "sweep"]

BY = ("destination",)


@dataclass(frozen=True)
class Sweep:
    """A finished sweep: its summary (docs/reference/run-json.md) and where it is kept."""

    summary: dict[str, Any]
    folder: Path

    def frame(self, table: str = "exports") -> pd.DataFrame:
        """Give ``exports`` or ``stoppages`` as a tidy pandas frame, one row a value and cell.

        Raises
        ------
        RequestError
            If there is no such table.
        """
        import pandas as pd

        if table not in ("exports", "stoppages"):
            raise RequestError(
                f"there is no table {table!r}{facts.did_you_mean(table, ('exports', 'stoppages'))}:"
                " give exports or stoppages"
            )
        return pd.json_normalize(self.summary[table], sep="_")


def check_sweep(
    scenario: str | Path | Scenario,
    vary: str,
    *,
    by: str | None = None,
    params: Mapping[str, float] | None = None,
    **options: Any,
) -> tuple[Scenario, Axis, list[Scenario]]:
    """Check a request without computing or writing anything; `options` as for `check`.

    Raises
    ------
    RequestError
        With every problem of the request.

    >>> check_sweep("april-2025", "approval_delay=0,4w")[1].values
    (0.0, 28.0)
    """
    problems: list[str] = []
    chosen: Scenario | None = None
    axis: Axis | None = None
    points: list[Scenario] = []
    if by is not None and by not in BY:
        problems.append(f"by is {by!r}{facts.did_you_mean(by, BY)}: give {', '.join(BY)}")
    try:
        chosen = check(scenario, params=params, **options)
    except RequestError as error:
        problems += error.problems
    try:
        axis = read_axis(vary)
    except RequestError as error:
        problems += error.problems
    else:
        if axis.field in (params or {}):
            problems.append(f"vary {axis.name}: it is held by a parameter, too: leave one out")
    if chosen is not None and axis is not None and not problems:
        try:
            points = points_of(chosen, axis)
        except RequestError as error:
            problems += error.problems
    if problems:
        raise RequestError(problems)
    assert chosen is not None
    assert axis is not None
    return chosen, axis, points


def sweep(
    scenario: str | Path | Scenario = "april-2025",
    vary: str = "approval_delay=0..26w",
    *,
    by: str | None = None,
    draws: int = 64,
    seed: int = 7,
    until: dt.date | None = None,
    as_of: dt.date | None = None,
    params: Mapping[str, float] | None = None,
    workspace: str | Path | Workspace | None = None,
    out: str | Path | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Sweep:
    """Run a scenario at many values of one number, with the same draws at each.

    Draw `i` has the same parameters, baseline and luck at every value, so that differences between
    values are due to the value. Each value's results are those of `run`, bit for bit.

    Parameters
    ----------
    scenario
        A built-in name, the path of a YAML file, or a `Scenario`.
    vary
        ``NAME=VALUES`` (see `xenotime.runs.varying.read_axis`): a field of the scenario that is a
        number, or a parameter.
    by
        ``"destination"`` for curves by destination (and stops by country), None for the world.
    draws, seed, until, as_of, params, workspace, out, threads, progress
        As for `run`.

    Returns
    -------
    Sweep

    Raises
    ------
    RequestError
        With every problem of the request; nothing has been written then.
    WorkspaceError
        If the workspace cannot be used.

    >>> import xenotime as xt  # doctest: +SKIP
    >>> xt.sweep("april-2025", "approval_delay=0..26w").frame("exports")  # doctest: +SKIP
    """
    tell: Progress = progress or (lambda _what, _done, _total: None)
    with facts.including_workspace(workspace):
        chosen, axis, points = check_sweep(
            scenario, vary, by=by, draws=draws, seed=seed, until=until, as_of=as_of, params=params,
            threads=threads, out=out,
        )  # fmt: skip
        store = workspace if isinstance(workspace, Workspace) else Workspace.open(workspace)
        digest = digest_of(chosen, draws, seed, as_of, vary=[axis.field, *axis.values], by=by)
        varied = re.sub(r"[^a-z0-9]+", "-", axis.field.lower()).strip("-")[:40].strip("-")
        sweep_id = f"sweep-{chosen.name[:40]}-{varied}-{draws}-{seed}-{digest}"
        target = Path(out) if out is not None else store.run_folder(sweep_id)
        summary = _summary(
            chosen, axis, points, by, draws, seed, as_of, store, threads, tell, sweep_id
        )
        with staged(target, exists="refuse" if out is not None else "replace") as folder:
            text = json.dumps(summary, indent=1, allow_nan=False) + "\n"
            (folder / SWEEP).write_text(text, encoding="utf-8")
            (folder / "scenario.json").write_text(
                chosen.model_dump_json(indent=1) + "\n", encoding="utf-8"
            )
    return Sweep(summary, target)


def _summary(
    chosen: Scenario,
    axis: Axis,
    points: list[Scenario],
    by: str | None,
    draws: int,
    seed: int,
    as_of: dt.date | None,
    store: Workspace,
    threads: int | None,
    tell: Progress,
    sweep_id: str,
) -> dict[str, Any]:
    """Compute the points and put their curves into the JSON object `sweep`."""
    from xenotime.engine.chain.simulate import kernel_is_compiled
    from xenotime.runs.baseline import baseline, source_digest
    from xenotime.runs.curves import export_curves, stop_curves
    from xenotime.runs.points import Points
    from xenotime.runs.supplies import assumed_supplies

    began = time.perf_counter()
    network = baseline(store, as_of, lambda what: tell(what, 0, 1), year=points[0].precedent)
    reconciled = time.perf_counter() - began
    if not kernel_is_compiled("float32"):
        tell("Compiling the engine (once on this machine)", 0, 1)
    work = Points(network, axis, points, as_of, seed)
    found = _all_blocks(work, draws, threads, tell)
    controls = work.policies[0].limiting
    return {
        "schema_version": 1,
        "sweep": sweep_id,
        "scenario": chosen.name,
        "title": chosen.title,
        "vary": {
            "name": axis.name,
            "field": axis.field,
            "unit": axis.unit,
            "values": list(axis.values),
            "labels": [axis.label(value) for value in axis.values],
        },
        "by": by,
        "draws": draws,
        "seed": seed,
        "as_of": None if as_of is None else as_of.isoformat(),
        "period": {"start": chosen.start.isoformat(), "end": chosen.end.isoformat()},
        "compared_with": axis.label(axis.values[0]),
        "mass_balance_relative_error": max(float(f.balance_error.max()) for f in found),
        "violations": sum(int(f.violations.sum()) for f in found),
        "exports": export_curves(work, found, by),
        "stoppages": stop_curves(work, found, by),
        "timing": {
            "reconcile_s": round(reconciled, 3),
            "sweep_s": round(time.perf_counter() - began - reconciled, 3),
        },
        "program": {"version": __version__, "sources": source_digest()},
        "additions": {"digest": facts.included().digest},
        "sources": sorted(
            {
                *(i for i in network.sources["id"] if not i.startswith(("prior/", "parameter/"))),
                *(measure.id for measure in controls),
            }
        ),
        "assumptions": sorted(p.id for p in facts.parameters().values()),
        "supplies": assumed_supplies(points[0], work.layout, work.days),
    }


def _all_blocks(work: Any, draws: int, threads: int | None, tell: Progress) -> list[Any]:
    """Run blocks of draws side by side; results by value, draws in order."""
    import os

    from xenotime.runs.points import BLOCK, joined

    blocks = [(first, min(BLOCK, draws - first)) for first in range(0, draws, BLOCK)]
    total, done, stopped = len(blocks) * len(work.points), 0, threading.Event()
    lock = threading.Lock()

    def one_done() -> None:
        nonlocal done
        with lock:
            done += 1
        tell("Sweeping", done, total)

    results: dict[int, Any] = {}
    tell("Sweeping", 0, total)
    with ThreadPoolExecutor(max_workers=threads or os.cpu_count() or 1) as pool:
        # what users have added is known by context, which threads do not inherit
        waiting = {
            pool.submit(
                contextvars.copy_context().run, work.block, first, count, one_done, stopped.is_set
            ): place
            for place, (first, count) in enumerate(blocks)
        }
        try:
            for future in as_completed(waiting):
                results[waiting[future]] = future.result()
        except BaseException:
            stopped.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return joined([results[place] for place in range(len(blocks))])
