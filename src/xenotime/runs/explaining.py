"""Where a number of a run comes from: how it is made, from what, what moves it, who disagrees."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from xenotime import __version__, facts
from xenotime.facts.problems import RequestError
from xenotime.runs.drawn import drivers_of
from xenotime.runs.formulas import FORMULAS
from xenotime.runs.grounds import (
    Input,
    acts_behind,
    against_observed,
    disagreements,
    figures_behind,
    fit_of,
    input_of,
    observed_beside,
)
from xenotime.runs.keys import FORMS, Number, find_number, flow_key, unknown

if TYPE_CHECKING:
    from xenotime.runs.baseline import Built
    from xenotime.runs.running import Run
    from xenotime.runs.tracing import TracedFlow
    from xenotime.workspace import Workspace

__all__ = ["explain"]

MOST_FLOWS = 10


def explain(
    run: Run,
    key: str,
    *,
    workspace: Workspace,
    today: dt.date | None = None,
    announce: Callable[[str], None] = lambda _: None,
) -> dict[str, Any]:
    """Explain one number of a run.

    Parameters
    ----------
    run
        A run, as `xenotime.run` or `xenotime.load` give it.
    key
        A number (`xenotime.runs.keys.FORMS`), ``flow/...`` for a flow of the baseline, or the id
        of a figure.
    workspace
        Where the cached baseline of the run is.
    today
        The day to which ages are counted, where the run has no as-of day (default: today).
    announce
        Called with what takes time.

    Returns
    -------
    dict
        The `explanation` object of docs/reference/cli.md.

    Raises
    ------
    RequestError
        If there is no such number; the message lists near keys.
    """
    if run.folder is None:
        raise RequestError("a run that is not stored cannot be explained: run it with a workspace")
    as_of = run.summary["as_of"]
    day = dt.date.fromisoformat(as_of) if as_of else today or dt.datetime.now(dt.UTC).date()
    # What users had added when the run was made counts, whatever is in force now.
    with facts.including(run.additions()):
        table = key.partition("/")[0]
        if table in FORMS and table != "flow":
            number = find_number(run, key)  # before anything that takes time
            made, notes = _baseline_of(run, workspace, announce)
            return _of_number(run, number, made, notes, day)
        if table == "flow":
            made, notes = _baseline_of(run, workspace, announce)
            return _of_flow(run, key, made, notes, day)
        try:
            fact = facts.get(key)
        except RequestError as error:
            raise RequestError([*unknown(key, []).problems, *error.problems]) from error
        made, notes = _baseline_of(run, workspace, announce)
        return _of_figure(run, fact, made, notes, day)


def _baseline_of(
    run: Run, workspace: Workspace, announce: Callable[[str], None]
) -> tuple[Built, list[str]]:
    """Read the network that a run used, or the nearest that can be had, and say so."""
    from xenotime.runs.baseline import built, kept_baseline, read_built, source_digest

    text = run.summary["as_of"]
    as_of = dt.date.fromisoformat(text) if text else None
    program = run.summary.get("program")
    year = run.summary.get("precedent")
    if program is not None and program["sources"] == source_digest():
        return built(workspace, as_of, announce, year=year), []
    if program is not None:
        folder = kept_baseline(workspace, as_of, program["sources"], year)
        if folder is not None:
            changed = "the facts or the code have changed since this run: formulas and sources are"
            return read_built(folder), [f"{changed} those of the program as it is now"]
    note = (
        "this run was made by a program with other facts or other code, and its baseline is no"
        " longer kept: the flows below are those of the baseline as it is now; run the scenario"
        " again to explain it exactly"
    )
    return built(workspace, as_of, announce, year=year), [note]


def _of_number(
    run: Run, number: Number, made: Built, notes: list[str], day: dt.date
) -> dict[str, Any]:
    from xenotime.runs.tracing import flows_behind

    flows = flows_behind(made.network, number.table, number.parts)
    inputs = [
        *acts_behind(run, number, day),
        *observed_beside(number, day),
        *figures_behind(flows, made.network, day),
    ]
    found, together, told = drivers_of(run, number, made.network, flows)
    values = {n: value for n, value in number.row.items() if n not in number.parts and n != "unit"}
    return _explanation(
        run,
        key=number.key,
        table=number.table,
        number=values,
        unit=str(number.row.get("unit") or _unit_of(number.table)),
        inputs=inputs,
        flows=flows,
        drivers=found,
        together=together,
        drawn=told,
        disagree=[*against_observed(number), *disagreements(inputs, made)],
        notes=notes,
    )


def _of_flow(run: Run, key: str, made: Built, notes: list[str], day: dt.date) -> dict[str, Any]:
    from xenotime.runs.tracing import flows_behind

    network = made.network
    found = flow_key(network, key)
    if found is None:
        columns = ("supplier", "buyer", "product")
        names = zip(*(network.links[name].tolist() for name in columns), strict=True)
        raise unknown(key, [f"flow/{'/'.join(row)}" for row in names])
    parts = dict(zip(("supplier", "buyer", "product"), found, strict=True))
    flows = flows_behind(network, "flow", parts)
    inputs = figures_behind(flows, made.network, day)
    (flow,) = flows or (None,)
    number = {} if flow is None else {
        "value": flow.t_per_year, "low": flow.low, "high": flow.high, "basis": flow.basis,
    }  # fmt: skip
    return _explanation(
        run,
        key=f"flow/{'/'.join(found)}",
        table="flow",
        number=number,
        unit="t/y",
        inputs=inputs,
        flows=flows,
        drivers=[],
        together=None,
        drawn="a flow of the baseline is not drawn: its range is that of the ensemble",
        disagree=disagreements(inputs, made),
        notes=notes,
    )


def _of_figure(
    run: Run, fact: facts.Fact, made: Built, notes: list[str], day: dt.date
) -> dict[str, Any]:
    from xenotime.runs.tracing import all_flows

    own = input_of(fact.id, "the figure itself", day, None)
    assert own is not None
    roles = made.network.sources.loc[made.network.sources["id"] == fact.id, "role"].tolist()
    users = [flow for flow in all_flows(made.network) if fact.id in flow.sources]
    used = fact.id in {*run.summary["sources"], *run.summary["assumptions"]}
    number = {
        "low": own.low, "mid": own.mid, "high": own.high, "used_by_run": used,
        "roles": roles, "flows": len(users), "fit": fit_of(fact.id, made),
    }  # fmt: skip
    return _explanation(
        run,
        key=fact.id,
        table=_kind_of(fact),
        number=number,
        unit=own.unit,
        inputs=[own],
        flows=users,
        drivers=[],
        together=None,
        drawn="a figure is not drawn one by one: the ensemble sees it moved by its error",
        disagree=disagreements([own], made),
        notes=notes if used else [*notes, "the run does not rest on this figure"],
    )


def _kind_of(fact: facts.Fact) -> str:
    """Say which formula tells how a fact is used."""
    if isinstance(fact, facts.Measure | facts.ControlItem):
        return "act"
    return "parameter" if isinstance(fact, facts.Parameter | facts.Prior) else "figure"


def _explanation(
    run: Run,
    *,
    key: str,
    table: str,
    number: Mapping[str, Any],
    unit: str,
    inputs: Sequence[Input],
    flows: Sequence[TracedFlow],
    drivers: Sequence[Mapping[str, Any]],
    together: float | None,
    drawn: str,
    disagree: Sequence[str],
    notes: Sequence[str],
) -> dict[str, Any]:
    formula = FORMULAS[table]
    base = sum(flow.t_per_year for flow in flows if flow.level == 0)
    observed = sum(f.t_per_year for f in flows if f.level == 0 and f.basis == "observed")
    return {
        "run": run.summary["run"],
        "key": key,
        "number": dict(number),
        "unit": unit,
        "formula": {"words": formula.words, "symbols": formula.symbols, "see": formula.see},
        "inputs": [asdict(item) for item in inputs],
        "flows": {
            "count": len(flows),
            "base_t_per_year": base,
            "observed_share": observed / base if base > 0.0 else None,
            "largest": [asdict(flow) for flow in flows[:MOST_FLOWS]],
        },
        "drivers": list(drivers),
        "explained_together": together,
        "drivers_of": drawn,
        "disagree": list(disagree),
        "citation": _citation(run, key, number, unit, inputs),
        "notes": list(notes),
        "sources": sorted({i.id for i in inputs if i.grade != "prior"}),
        "assumptions": sorted({i.id for i in inputs if i.grade == "prior"}),
    }


def _unit_of(table: str) -> str:
    return {"stoppages": "days", "shortages": "ratio", "permits": "share"}.get(table, "")


def _citation(
    run: Run, key: str, number: Mapping[str, Any], unit: str, inputs: Sequence[Input]
) -> str:
    """One paragraph that names the number, the run and the sources that it rests on most."""
    summary = run.summary
    middle = next((n for n in ("p50", "days_lost_p50", "share_unmet_p50", "open_share_p50",
                               "value", "mid") if number.get(n) is not None), None)  # fmt: skip
    value = "" if middle is None else f": {_three_digits(number[middle])} {unit}".rstrip()
    if middle is not None and middle.endswith("p50"):
        value = value.replace(": ", ": median ", 1)
        low, high = (number.get(middle.replace("p50", name)) for name in ("p05", "p95"))
        if low is not None and high is not None:
            value += f" (5 to 95 % of draws: {_three_digits(low)} to {_three_digits(high)})"
    version = summary.get("program", {}).get("version", "of unknown version")
    asked = f"{summary['draws']} draws, seed {summary['seed']}"
    day = f", as of {summary['as_of']}" if summary["as_of"] else ""
    cited = dict.fromkeys(
        f"{i.source_title} ({i.vintage}), {i.source_url or 'no address'}"
        for i in inputs
        if i.grade != "prior" and i.source_title
    )
    rest = "; ".join(list(cited)[:3])
    return (
        f"Xenotime {version or __version__}, run {summary['run']} (scenario {summary['scenario']},"
        f" {asked}{day}), {key}{value}." + (f" Rests among others on: {rest}." if rest else "")
    )


def _three_digits(value: float) -> str:
    """Write a number with the digits that draws and sources can bear.

    >>> _three_digits(63.4712), _three_digits(5033.2), _three_digits(0.12345), _three_digits(0.0)
    ('63.5', '5,030', '0.123', '0')
    """
    rounded = float(f"{value:.3g}")
    return f"{rounded:,.0f}" if abs(rounded) >= 100.0 else f"{rounded:g}"
