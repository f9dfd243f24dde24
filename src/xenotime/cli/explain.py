"""`xenotime explain`: where a number of a run comes from."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from xenotime.cli.adding import AsJson, Folder
from xenotime.cli.reading import Reader
from xenotime.cli.results import find_run
from xenotime.cli.writing import print_json, progress_line

__all__ = ["explain"]

_WIDTH = 100
_PLAIN = 1000.0  # from here on whole numbers: 26500, not 2.65e+04


def explain(
    run: Annotated[
        str, typer.Argument(metavar="RUN", help="A run's folder, or its id in the workspace.")
    ],
    key: Annotated[
        str, typer.Argument(metavar="KEY", help="A number, e.g. exports/USA/2025-05, or a figure.")
    ],
    workspace: Folder = None,
    json: AsJson = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress on standard error.")] = False,
) -> None:
    """Explain a number of a run: formula, inputs, what moves it, who disagrees, a citation.

    \b
    Examples:
      xenotime explain RUN exports/USA/2025-05
      xenotime explain RUN stoppages/light_vehicles/DEU --json
      xenotime explain RUN mine_production/MMR/2024@mcs2026
    """  # noqa: D301  # \b keeps the lines of the examples apart
    reader = Reader(f"explain {run}")
    place = find_run(reader, run, workspace)
    reader.finish()

    from xenotime import runs
    from xenotime.runs.explaining import explain as explained
    from xenotime.workspace import Workspace

    stored = runs.load(place)
    with progress_line(quiet=quiet or json) as progress:
        found = explained(
            stored,
            key,
            workspace=Workspace.open(workspace),
            announce=lambda what: progress(what, 0, 1),
        )
    if json:
        print_json(found)
        return
    _show(found)


def _show(found: Mapping[str, Any]) -> None:
    """Print an explanation as a page."""
    print(f"{found['key']}  (run {found['run']})")
    for name, value in found["number"].items():
        if value is not None and not isinstance(value, dict) and value != "":
            print(f"  {name:<24} {_text(value)}")
    if found["unit"]:
        print(f"  {'unit':<24} {found['unit']}")
    _heading("How it is made")
    _wrapped(found["formula"]["words"])
    _wrapped(found["formula"]["symbols"])
    print(f"  see {found['formula']['see']}")
    _heading("What it rests on")
    flows = found["flows"]
    if flows["count"]:
        share = flows["observed_share"]
        seen = "" if share is None else f", {share:.0%} of it observed"
        print(
            f"  {flows['count']} flows of the baseline: {_text(flows['base_t_per_year'])} t/y{seen}"
        )
    for flow in flows["largest"][:5]:
        print(
            f"    {_text(flow['t_per_year']):>9} t/y ({_range(flow)[1:-1]}, {flow['basis']})"
            f"  {flow['supplier']} > {flow['buyer']}  {flow['product']}"
        )
    for item in found["inputs"]:
        _show_input(item)
    if not found["inputs"]:
        print("  no cited figure stands behind it: the flows are allocated by priors alone")
    _heading(f"What moves it most ({found['drivers_of']})")
    for driver in found["drivers"]:
        spread = "" if driver["mid"] is None else (
            f"; {_text(driver['low'])} to {_text(driver['high'])} {driver['unit']}"
        )  # fmt: skip
        print(
            f"  {driver['rank_correlation']:+.2f} (s.e. {driver['standard_error']:.2f}),"
            f" {driver['share_explained']:.0%}: {driver['name']}{spread}"
        )
        _wrapped(driver["description"], indent=6)
    if found["explained_together"] is not None:
        print(
            f"  all that is drawn explains {found['explained_together']:.0%} of its rank variance"
        )
    _heading("Who disagrees")
    for line in found["disagree"]:
        _wrapped(f"- {line}")
    if not found["disagree"]:
        print("  nobody on record")
    if found["notes"]:
        _heading("Mind")
        for line in found["notes"]:
            _wrapped(f"- {line}")
    _heading("To cite")
    _wrapped(found["citation"])


def _show_input(item: Mapping[str, Any]) -> None:
    share = item["share_of_flows"]
    behind = "" if share is None else f", behind {share:.0%} of the tonnage"
    age = (
        ""
        if item["age_days"] is None
        else f", known {item['first_known']} ({item['age_days']} days)"
    )
    print(f"  {item['id']}  ({item['role']}{behind})")
    figure = " ".join(filter(None, (_text(item["mid"]), _range(item), item["unit"])))
    print(f"      {figure or 'no figure'}; grade {item['grade'] or 'unknown'}{age}")
    source = ", ".join(filter(None, (item["source_title"], item["source_url"])))
    if source:
        print(f"      {source}")


def _range(item: Mapping[str, Any]) -> str:
    if item["low"] is None and item["high"] is None:
        return ""
    return f"({_text(item['low']) or 'unknown'} to {_text(item['high']) or 'unknown'})"


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= _PLAIN else f"{value:,.4g}"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return str(value)


def _heading(text: str) -> None:
    print()
    print(text)


def _wrapped(text: str, indent: int = 2) -> None:
    pad = " " * indent
    hang = pad + "  " * text.startswith("- ")
    print(textwrap.fill(text, _WIDTH, initial_indent=pad, subsequent_indent=hang,
                        break_long_words=False, break_on_hyphens=False))  # fmt: skip
