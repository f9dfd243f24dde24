"""One run from a request to a stored result, and back."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xenotime import __version__, facts
from xenotime.facts.additions import AddedBatch, Additions
from xenotime.facts.batches import read_tables, write_tables
from xenotime.facts.problems import RequestError
from xenotime.runs.tables import month_names
from xenotime.scenarios import Scenario
from xenotime.scenarios import load as load_scenario
from xenotime.workspace import Workspace, WorkspaceError, require_free, require_whole, staged

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Run", "check", "digest_of", "load", "run"]

MAX_DRAWS = 65_536
Progress = Callable[[str, int, int], None]
SUMMARY = "summary.json"
SWEEP = "sweep.json"  # in the folder of a sweep (`xenotime.runs.sweeping`)
ADDED = "added"  # folder with the rows that users had added, for whoever reads the run later


@dataclass(frozen=True)
class Run:
    """A finished run: its summary (docs/reference/run-json.md), its tables and where it is kept.

    >>> import xenotime as xt  # doctest: +SKIP
    >>> run = xt.run("april-2025", draws=64)  # doctest: +SKIP
    >>> run.frame("stoppages").head()  # doctest: +SKIP
    """

    summary: dict[str, Any]
    folder: Path | None = None
    _tables: dict[str, pd.DataFrame] = field(default_factory=dict, repr=False, compare=False)

    def frame(self, table: str = "exports") -> pd.DataFrame:
        """Give a table of the run as a tidy pandas frame.

        Raises
        ------
        RequestError
            If there is no such table.
        """
        from xenotime.runs.reporting import TABLES

        if table not in TABLES:
            raise RequestError(
                f"there is no table {table!r}{facts.did_you_mean(table, TABLES)}: "
                f"give one of {', '.join(TABLES)}"
            )
        if table not in self._tables:
            import pandas as pd

            assert self.folder is not None
            file = self.folder / f"{table}.parquet"
            try:
                self._tables[table] = pd.read_parquet(file)
            except (OSError, ValueError) as error:  # pyarrow's errors are ValueErrors
                raise RequestError(f"{file} cannot be read: run the scenario again") from error
        return self._tables[table].copy()

    def additions(self) -> Additions:
        """Give what users had added to the record when the run was made, whatever is in force now.

        Raises
        ------
        RequestError
            If the rows cannot be read by this program.
        """
        assert self.folder is not None
        place = self.folder / ADDED
        notes = tuple(
            AddedBatch(**{**note, "ids": tuple(note["ids"])})
            for note in self.summary.get("additions", {"batches": ()})["batches"]
        )
        return Additions(read_tables(place) if place.is_dir() else {}, notes)

    def _repr_html_(self) -> str:
        """Show the stoppages in a notebook."""
        return str(self.frame("stoppages").to_html(index=False))


def run(
    scenario: str | Path | Scenario = "april-2025",
    *,
    draws: int = 256,
    seed: int = 7,
    until: dt.date | None = None,
    as_of: dt.date | None = None,
    params: Mapping[str, float] | None = None,
    workspace: str | Path | Workspace | None = None,
    out: str | Path | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Run:
    """Stress-test the chain under a scenario.

    Parameters
    ----------
    scenario
        A built-in name, the path of a YAML file, or a `Scenario`.
    draws, seed
        Number of draws and the seed of all randomness.
    until
        Last day (default: the scenario's).
    as_of
        Hide facts that were not known on this day and measures announced after it.
    params
        Parameters held at a value instead of being drawn.
    workspace
        Where to keep the run and the cached baseline (default: `XENOTIME_WORKSPACE`, else the
        platform's data folder). What users have added to it is in force, unless the call stands
        inside `xenotime.facts.including`.
    out
        A folder of its own for the results, in place of the workspace's `runs`.
    threads
        Threads of the engine (default: all cores). Results do not depend on it.
    progress
        Called with (what is going on, done, total).

    Returns
    -------
    Run

    Raises
    ------
    RequestError
        With every problem of the request; nothing has been written then.
    WorkspaceError
        If the workspace cannot be used.
    """
    tell: Progress = progress or (lambda _what, _done, _total: None)
    with facts.including_workspace(workspace):
        chosen = check(
            scenario,
            draws=draws,
            seed=seed,
            until=until,
            as_of=as_of,
            params=params,
            threads=threads,
            out=out,
        )
        return _run(chosen, draws, seed, as_of, workspace, out, threads, tell)


def _run(
    chosen: Scenario,
    draws: int,
    seed: int,
    as_of: dt.date | None,
    workspace: str | Path | Workspace | None,
    out: str | Path | None,
    threads: int | None,
    tell: Progress,
) -> Run:
    """Compute and store what `run` was asked for, with the additions that are in force here."""
    fixed = dict(chosen.parameters)
    store = workspace if isinstance(workspace, Workspace) else Workspace.open(workspace)
    run_id = _identity(chosen, draws=draws, seed=seed, as_of=as_of)
    target = Path(out) if out is not None else store.run_folder(run_id)

    # Heavy imports and the compiled kernel come after every check of the request.
    from xenotime.engine.chain.simulate import kernel_is_compiled
    from xenotime.runs.applicants import with_applicants
    from xenotime.runs.baseline import baseline
    from xenotime.runs.draws import member_of, sample_parameters
    from xenotime.runs.execution import execute
    from xenotime.runs.groups import build_groups
    from xenotime.runs.layout import build_layout
    from xenotime.runs.policies import policy_of
    from xenotime.runs.quotas import quota_links, quota_rules, used_of
    from xenotime.runs.reporting import build_tables
    from xenotime.runs.samples import KEPT, write_samples
    from xenotime.runs.summary import summarise
    from xenotime.runs.supplies import supplies_told
    from xenotime.runs.wedges import told_in, wedge_table, wedges_of

    clock = time.perf_counter()
    days = chosen.days
    policy = policy_of(chosen, as_of)
    began = time.perf_counter()
    network = baseline(store, as_of, lambda what: tell(what, 0, 1), year=chosen.precedent)
    reconciled = time.perf_counter() - began
    layout = build_layout(network, policy.controls, policy.limits)
    groups = build_groups(layout)
    prepared = time.perf_counter() - clock - reconciled
    if not kernel_is_compiled("float32"):
        tell("Compiling the engine (once on this machine)", 0, 1)
    found, timing = execute(
        layout,
        groups,
        chosen,
        days,
        policy,
        fixed=fixed,
        draws=draws,
        seed=seed,
        threads=threads,
        progress=tell,
    )
    timing.reconcile_s = reconciled
    timing.compile_s += prepared
    tables = build_tables(found, layout, groups, days, as_of)
    tables["permits"] = with_applicants(
        tables["permits"], layout, policy, days, fixed=fixed, draws=draws, seed=seed
    )
    products = frozenset(layout.links["product"])
    wedges = wedges_of(chosen, products, as_of)
    tables["tariffs"] = wedge_table(wedges)
    summary = summarise(
        chosen,
        network,
        layout,
        policy,
        found,
        tables,
        run_id=run_id,
        draws=draws,
        seed=seed,
        as_of=as_of,
        months=month_names(days),
        timing=timing,
        quotas=used_of(
            quota_links(layout, policy.quotas, quota_rules(chosen), subject=chosen.name),
            found.quota_used,
            days,
        ),
    )
    summary = told_in(summary, chosen, wedges, products)
    summary = supplies_told(summary, chosen, layout, days, found.supplied)

    def keep(folder: Path) -> None:
        values, uniform = sample_parameters(
            facts.parameters(), fixed, first=0, count=min(draws, KEPT), seed=seed
        )
        write_samples(
            folder,
            found,
            layout,
            groups,
            months=month_names(days),
            month_of_day=[
                (day.year - days[0].year) * 12 + day.month - days[0].month for day in days
            ],
            parameters=values,
            member=member_of(uniform, layout.members),
        )

    _write(target, chosen, summary, tables, keep, replace=out is None)
    return Run(summary, target, dict(tables))


def _scenario(given: str | Path | Scenario) -> Scenario:
    if isinstance(given, Scenario):
        return given
    if isinstance(given, str | Path):
        return load_scenario(given)
    raise RequestError(
        f"scenario is a {type(given).__name__}: give a name, a path or a Scenario "
        "(`xenotime.scenarios.parse` makes one of a mapping)"
    )


def check(
    scenario: str | Path | Scenario,
    *,
    draws: int = 256,
    seed: int = 7,
    until: dt.date | None = None,
    as_of: dt.date | None = None,
    params: Mapping[str, float] | None = None,
    threads: int | None = None,
    out: str | Path | None = None,
    workspace: str | Path | Workspace | None = None,
) -> Scenario:
    """Check a request without computing or writing anything; options as for `run`.

    Returns
    -------
    Scenario
        The scenario with the options applied.

    Raises
    ------
    RequestError
        With every problem of the request.

    >>> check("april-2025", until=dt.date(2025, 6, 30)).end
    datetime.date(2025, 6, 30)
    """
    with facts.including_workspace(workspace):
        return _checked(_scenario(scenario), draws, seed, until, as_of, params, threads, out)


def _checked(
    scenario: Scenario,
    draws: object,
    seed: object,
    until: dt.date | None,
    as_of: dt.date | None,
    params: Mapping[str, float] | None,
    threads: object,
    out: str | Path | None,
) -> Scenario:
    """Check a request with the additions that are in force here."""
    problems = [
        *_whole("draws", draws, 1, MAX_DRAWS),
        *_whole("seed", seed, 0, 2**32 - 1),
        *([] if threads is None else _whole("threads", threads, 1, 1024)),
        *_day("until", until),
        *_day("as_of", as_of),
    ]
    until = None if _day("until", until) else until
    as_of = None if _day("as_of", as_of) else as_of
    if params is not None and not isinstance(params, Mapping):
        problems.append(f"params is {params!r}: give a mapping from names to numbers")
        params = None
    if until is not None and not scenario.start <= until <= scenario.end:
        problems.append(
            f"until is {until}: give a day of the scenario, {scenario.start} to {scenario.end}"
        )
        until = None
    if as_of is not None and as_of < facts.FIRST_AS_OF:
        problems.append(
            f"as-of is {as_of}: too little was known before {facts.FIRST_AS_OF}; give a later day"
        )
    if as_of is not None and as_of > dt.datetime.now(dt.UTC).date():
        problems.append(f"as-of is {as_of}: that day has not come; give today or an earlier day")
    update: dict[str, Any] = {"parameters": {**scenario.parameters, **(params or {})}}
    if until is not None:
        update["end"] = until
    try:
        revised = scenario.revised(**update)
    except RequestError as error:
        problems += error.problems
    else:
        problems += _started_before(revised, as_of)
    if out is not None:
        try:
            require_free(Path(out))
        except WorkspaceError as error:
            problems += error.problems
    if problems:
        raise RequestError(problems, subject=f"scenario {scenario.name}")
    return revised


def _whole(name: str, value: object, least: int, most: int) -> list[str]:
    """Say what is wrong with a whole number, if anything."""
    if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
        return []
    return [f"{name} is {value!r}: give a whole number from {least:,} to {most:,}"]


def _day(name: str, value: object) -> list[str]:
    """Say what is wrong with a day, if anything."""
    is_day = isinstance(value, dt.date) and not isinstance(value, dt.datetime)
    return [] if value is None or is_day else [f"{name} is {value!r}: give a datetime.date"]


def _started_before(scenario: Scenario, as_of: dt.date | None) -> list[str]:
    """Refuse a run that begins inside a control: nobody knows that day's stocks and queues."""
    from xenotime.runs.policies import policy_of

    policy = policy_of(scenario, as_of)
    return [
        f"start is {scenario.start}, but {control.act} has been in force since {control.in_force}: "
        f"start on {control.in_force} or earlier and read the months that you want"
        for control in policy.limiting
        if policy.active[control.id][0]
        and control.in_force is not None
        and control.in_force < scenario.start
    ]


def _identity(scenario: Scenario, *, draws: int, seed: int, as_of: dt.date | None) -> str:
    """Name of a run: what was asked for, and a hash of everything that the answer depends on."""
    return f"{scenario.name}-{draws}-{seed}-{digest_of(scenario, draws, seed, as_of)}"


def digest_of(
    scenario: Scenario, draws: int, seed: int, as_of: dt.date | None, **more: object
) -> str:
    """Hash everything that the answer to a request depends on, in eight digits."""
    from xenotime.runs.baseline import source_digest

    asked = {
        "scenario": scenario.model_dump(mode="json"),
        "draws": draws,
        "seed": seed,
        "as_of": None if as_of is None else as_of.isoformat(),
        **more,
        "version": __version__,
        "sources": source_digest(),
        "additions": facts.included().digest,
    }
    text = json.dumps(asked, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _write(
    target: Path,
    scenario: Scenario,
    summary: Mapping[str, Any],
    tables: Mapping[str, pd.DataFrame],
    keep: Callable[[Path], None],
    *,
    replace: bool,
) -> None:
    """Write a run whole or not at all."""
    with staged(target, exists="replace" if replace else "refuse") as folder:
        (folder / SUMMARY).write_text(
            json.dumps(summary, indent=1, allow_nan=False) + "\n", encoding="utf-8"
        )
        (folder / "scenario.json").write_text(
            scenario.model_dump_json(indent=1) + "\n", encoding="utf-8"
        )
        if facts.included():
            (folder / ADDED).mkdir()
            write_tables(folder / ADDED, facts.included().tables)
        for name, table in tables.items():
            table.to_parquet(folder / f"{name}.parquet", index=False)
        keep(folder)


def load(folder: str | Path) -> Run:
    """Read a stored run back.

    Raises
    ------
    RequestError
        If the folder is not a run, or not a whole one; every defect is listed.
    """
    from xenotime.runs.reporting import TABLES

    path = Path(folder)
    if (path / SWEEP).is_file():
        raise RequestError(f"{path} is a sweep, no run: its curves are in {SWEEP}")
    files = [SUMMARY, *(f"{table}.parquet" for table in TABLES)]
    require_whole(path, remedy="run the scenario again", required=files)
    try:
        summary = json.loads((path / SUMMARY).read_text(encoding="utf-8"))
        version = summary["schema_version"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise RequestError(
            f"{SUMMARY} is no summary of a run ({type(error).__name__}): run the scenario again",
            subject=str(path),
        ) from error
    if version != 1:
        raise RequestError(
            f"{SUMMARY} has schema version {version!r} and this program reads 1: "
            "run the scenario again",
            subject=str(path),
        )
    return Run(summary, path)
