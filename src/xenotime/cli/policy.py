"""`xenotime policy list|in-force|show|tariff`: what the record says about acts."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xenotime.cli.adding import AsJson, Folder
from xenotime.cli.reading import Reader, in_workspace
from xenotime.cli.writing import print_json, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from xenotime.facts import Measure
    from xenotime.policy.figures import ActFigure
    from xenotime.policy.standing import Standing

__all__ = ["commands"]

commands = typer.Typer(
    help="What governments do: what is in force when, and acts of your own.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Actor = Annotated[str | None, typer.Option(metavar="ISO3", help="Only acts of this country.")]
Element = Annotated[str | None, typer.Option(metavar="SYMBOL", help="Only acts on this element.")]
Instrument = Annotated[
    str | None,
    typer.Option(metavar="KIND", help="Only acts of this kind, e.g. export_licence, price_floor."),
]
On = Annotated[
    str | None,
    typer.Option(
        metavar="DATE",
        help="A day, or a moment with its time zone, e.g. 2025-11-10T04:30Z. [default: today]",
    ),
]

_HEADS = {
    "in_force": "in force",
    "suspended": "suspended (in force again on the day after, unless extended)",
    "scheduled": "scheduled (days of waiting, not those of the act)",
    "never_operated": "stopped before it ever operated",
    "unknown": "unknown: the record does not say",
    "lapsed": "lapsed",
}

_MONEY = ("price_floor", "stockpile", "subsidy", "export_quota", "domestic_quota")
_WITHOUT_FIGURE = {
    **dict.fromkeys(_MONEY, "no figure is on record"),
    "import_tariff": "rates by code and day: xenotime policy tariff CODE --on DATE",
}
SHORT = 70
"""Characters of a note beside an act in a list."""


def _chosen(
    reader: Reader, actor: str | None, element: str | None, instrument: str | None
) -> tuple[Measure, ...]:
    """Acts of a country on an element, of a kind."""
    from xenotime import facts

    acts = facts.measures()
    if actor is not None:
        actor = reader.country("--actor", actor, {c for m in acts for c in m.actor.split(";")})
    if element is not None:
        reader.name("--element", element, {symbol for m in acts for symbol in m.elements})
    if instrument is not None:
        kinds = {m.instrument for m in acts}
        given = f"the record has {', '.join(sorted(kinds))}"
        reader.name("--instrument", instrument, kinds, otherwise=given)
    return tuple(
        m
        for m in acts
        if (actor is None or actor in m.actor.split(";"))
        and (element is None or element in m.elements)
        and (instrument is None or m.instrument == instrument)
    )


@commands.command("list")
@in_workspace
def list_acts(
    actor: Actor = None,
    element: Element = None,
    instrument: Instrument = None,
    workspace: Folder = None,  # noqa: ARG001  # in_workspace reads it
    json: AsJson = False,
) -> None:
    """List the acts on record, added ones among them, and how each stands today.

    With --instrument, each act is followed by the figures that it states: the level of a price
    floor, the money of a programme.

    \b
    Examples:
      xenotime policy list --actor CHN --element Dy
      xenotime policy list --instrument price_floor
    """  # noqa: D301  # \b keeps the lines of the examples apart
    from xenotime.policy.figures import figures_of
    from xenotime.policy.standing import standing_on

    reader = Reader("policy list")
    found = _chosen(reader, actor, element, instrument)
    reader.finish()
    standing = {row.id: row for row in standing_on(dt.datetime.now(dt.UTC).date())}
    if json:
        print_json(
            {
                "acts": found,
                "standing": [standing[m.id] for m in found if m.id in standing],
                "figures": [figure for m in found for figure in figures_of(m)],
            }
        )
        return
    for act in found:
        row = standing.get(act.id)
        stands = act.status if row is None else f"{row.status} {_since_until(row)}"
        print(f"{_line(act, stands)}{_scope(act)}")
        if instrument is not None:
            _print_figures(figures_of(act), otherwise=_WITHOUT_FIGURE.get(act.instrument, ""))
    if not found:
        print("no act of the record is of this kind")
    _say_record_ends(standing[m.id].record_end for m in found if m.id in standing)


@commands.command("in-force")
@in_workspace
def in_force(
    on: On = None,
    actor: Actor = None,
    element: Element = None,
    instrument: Instrument = None,
    hs: Annotated[
        str | None,
        typer.Option(
            metavar="CODE", help="Only acts that list this customs code, and the duties on it."
        ),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="List acts that have lapsed, too.")] = False,
    workspace: Folder = None,  # noqa: ARG001  # in_workspace reads it
    json: AsJson = False,
) -> None:
    """List what is in force on a day, what is suspended until when, and what nobody knows.

    A day is one of the calendar of whoever acts; a moment, like 2025-11-10T04:30Z, is a day in
    Beijing and may be another one in Washington.

    \b
    Examples:
      xenotime policy in-force --on 2025-12-01
      xenotime policy in-force --on 2025-12-01 --actor CHN --element Dy
      xenotime policy in-force --on 2025-04-12 --hs 8505.11
    """  # noqa: D301  # \b keeps the lines of the examples apart
    from xenotime import facts
    from xenotime.policy.scope import acts_on_code
    from xenotime.policy.standing import standing_on
    from xenotime.policy.tariffs import stacks_on

    reader = Reader("policy in-force")
    day = _moment(reader, on)
    chosen = {m.id: m for m in _chosen(reader, actor, element, instrument)}
    if hs is not None:
        listed = reader.ask(lambda: acts_on_code(hs))
        chosen = {name: act for name, act in chosen.items() if name in (listed or ())}
    reader.finish()
    standing = reader.ask(lambda: standing_on(day))
    reader.finish()
    found = [row for row in standing or () if row.id in chosen]
    duties = () if hs is None else stacks_on(hs, day)
    if json:
        content: dict[str, Any] = {"on": day, "acts": found}
        print_json(content if hs is None else content | {"duties": duties})
        return
    for status, head in _HEADS.items():
        rows = [row for row in found if row.status == status]
        if rows and (every or status != "lapsed"):
            print(f"{head}:")
            for row in rows:
                act = chosen[row.id]
                print(f"  {_line(act, _since_until(row))}{_scope(act)}")
        elif rows:
            print(f"{head}: {len(rows)} acts (--all lists them)")
    if not found:
        print("no act of the record that was announced by then is of this kind")
    for stack in duties:
        total = "unknown" if stack.total is None else f"{stack.total:g} %"
        print(f"duty on {stack.hts} {stack.goods} from {stack.origin}: {total}")
    if hs is not None:
        coded = {item.measure for item in facts.control_items()}
        others = [r for r in standing or () if r.status == "in_force" and r.id not in coded]
        if others:
            say(
                f"{len(others)} acts in force have no list of codes on record and are not"
                " shown: leave --hs out for them"
            )
    _say_record_ends(row.record_end for row in found)


@commands.command("show")
@in_workspace
def show(
    act: Annotated[str, typer.Argument(metavar="ACT", help="Id of an act, e.g. M041.")],
    workspace: Folder = None,  # noqa: ARG001  # in_workspace reads it
    json: AsJson = False,
) -> None:
    """Show an act: what it covers, how it stood when, what changed it and what it changes.

    \b
    Examples:
      xenotime policy show M041
      xenotime policy list   (ids of all acts)
    """  # noqa: D301  # \b keeps the lines of the examples apart
    from xenotime import facts
    from xenotime.policy.dossier import dossier_of

    reader = Reader("policy show")
    reader.name("ACT", act, {m.id for m in facts.measures()})
    reader.finish()
    found = dossier_of(act)
    if json:
        print_json({"act": found})
        return
    measure = found.measure
    print(_line(measure, f"announced {measure.announced}"))
    print(f"  aimed at {', '.join(measure.targets)}")
    for name in ("elements", "forms"):
        if getattr(measure, name):
            print(f"  {name}: {', '.join(getattr(measure, name))}")
    if found.items:
        print(f"  {len(found.items)} items on its list: {', '.join(found.control_codes)}")
    if found.entities:
        firms = ", ".join(sorted({entry.entity for entry in found.entities}))
        print(f"  {len(found.entities)} firms and bodies named: {firms}")
    for spell in found.history:
        by = f" by {', '.join(spell.changed_by)}" if spell.changed_by else ""
        print(f"  {spell.since} to {spell.until or 'open'}: {_HEADS[spell.status]}{by}")
    for title, names in (("changed by", found.changed_by), ("changes", found.changes)):
        for name in names:
            print(f"  {title} {_line(facts.get(name), '')}")  # type: ignore[arg-type]
    _print_figures(found.figures)
    if found.value_de_minimis is not None:
        print(f"  de minimis: {found.value_de_minimis.percent:g} % of value")
    if found.mass_threshold is not None:
        print(f"  threshold: {found.mass_threshold.percent:g} % of mass")
    for rule in found.rules:
        print(f"  rule: {rule.title}")
    print(f"  source (grade {measure.grade}): {measure.source_title} {measure.source_url}")
    if measure.note:
        print(f"  note: {measure.note}")
    _say_record_ends([found.record_end])


@commands.command("tariff")
@in_workspace
def tariff(
    hts: Annotated[
        str,
        typer.Argument(
            metavar="CODE", help="American code of 8 or 10 digits, with or without points."
        ),
    ],
    on: On = None,
    workspace: Folder = None,  # noqa: ARG001  # in_workspace reads it
    json: AsJson = False,
) -> None:
    """Show what American customs collect on goods from China on a day, layer by layer.

    A moment counts as the day that it is in Washington.

    \b
    Examples:
      xenotime policy tariff 8505.11.0070 --on 2025-04-12
      xenotime policy tariff 8505.11.0070 --on 2025-11-10T04:30Z
    """  # noqa: D301  # \b keeps the lines of the examples apart
    from xenotime import facts
    from xenotime.policy.clocks import day_of
    from xenotime.policy.duty_acts import setter
    from xenotime.policy.tariffs import IMPORTER, recorded_code, stack_on

    reader = Reader("policy tariff")
    moment = _moment(reader, on)
    reader.ask(lambda: recorded_code(hts))
    reader.finish()
    day = day_of(moment, IMPORTER) if isinstance(moment, dt.datetime) else moment
    stack = reader.ask(lambda: stack_on(hts, day))
    reader.finish()
    assert stack is not None
    acts = {name: setter(name, stack.hts, day) for name, rate in stack.layers.items() if rate}
    if json:
        print_json({"duty": stack, "acts": acts})
        return
    total = "unknown" if stack.total is None else f"{stack.total:g} % of value"
    print(f"{stack.hts} {stack.goods} from {stack.origin} on {day}: {total}")
    for name, rate in stack.layers.items():
        if rate is not None:
            act = acts.get(name)
            by = "" if act is None else f"  {act} {getattr(facts.get(act), 'act', '')}"
            print(f"  {name.replace('_', ' '):<12} {f'{rate:g} %':<7}{by}".rstrip())
    print(f"  from {stack.since} to {stack.until or 'open'}; {', '.join(stack.sources)}")
    _say_record_ends([stack.record_end])


def _print_figures(figures: Sequence[ActFigure], otherwise: str = "") -> None:
    """Print what acts state in numbers, each with its source, or that they state none."""
    if otherwise and not figures:
        print(f"  {otherwise}")
    for figure in figures:
        parts = (
            f" of {', '.join(figure.elements)}" if figure.elements else "",
            f", from {figure.first}" if figure.first else "",
            f", with {figure.counterparty}" if figure.counterparty else "",
            f" ({figure.note})" if figure.note else "",
        )
        print(f"  {figure.what}: {figure.value:,g} {figure.unit}{''.join(parts)}")
        print(f"    grade {figure.grade}: {figure.source_title} {figure.source_url}")


def _say_record_ends(ends: Iterable[dt.date | None]) -> None:
    """Say on which day the record ends, where a day lies after it."""
    past = [end for end in ends if end is not None]
    if past:
        say(f"the record ends on {min(past)}: of what happened later, nothing is known")


def _moment(reader: Reader, text: str | None) -> dt.date | dt.datetime:
    """Read a day, or a moment with its time zone; now, if nothing is given."""
    if text is None:
        return dt.datetime.now(dt.UTC).date()
    if "T" in text:
        try:
            moment = dt.datetime.fromisoformat(text)
        except ValueError:
            moment = None
        if moment is not None and moment.utcoffset() is not None:
            return moment
        reader.problems.append(
            f"--on is {text!r}: write a moment with its time zone, e.g. 2025-11-10T04:30Z"
        )
        return dt.date.min
    return reader.day("--on", text) or dt.date.min


def _since_until(row: Standing) -> str:
    """Say how long a status holds."""
    changed = f" by {', '.join(row.changed_by)}" if row.changed_by else ""
    return f"{row.since} to {row.until or 'open'}{changed}"


def _line(act: Measure, status: str) -> str:
    """Say in a line what an act is."""
    name = f"{act.act}{f', {act.article}' if act.article else ''}"
    who = act.actor if act.targets == tuple(act.actor.split(";")) else _at(act)
    return f"{act.id}  {who:<10}  {act.instrument}  {status}  {name}"


def _at(act: Measure) -> str:
    return f"{act.actor} > {';'.join(act.targets)}"


def _scope(act: Measure) -> str:
    """Say on what an act is, and what the record notes of it, in brief."""
    import textwrap

    goods = ", ".join(act.elements) if len(act.elements) <= 7 else f"{len(act.elements)} elements"
    note = textwrap.shorten(act.note, SHORT, placeholder=" ...") if act.note else ""
    said = "; ".join(filter(None, (goods, note)))
    return f" ({said})" if said else ""
