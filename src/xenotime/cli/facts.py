"""`xenotime facts`: the figures and acts behind every result."""

from __future__ import annotations

import textwrap
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xenotime.cli.reading import Reader, in_workspace
from xenotime.cli.writing import print_json, say

if TYPE_CHECKING:
    from xenotime.facts import Brief, Claim, Fact

__all__ = ["commands"]

commands = typer.Typer(
    help="Find and show every figure, act and assumption.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@commands.command("search")
@in_workspace
def search(
    text: Annotated[
        str,
        typer.Argument(help="Words to look for in ids, names and notes; not needed with a filter."),
    ] = "",
    country: Annotated[
        str | None, typer.Option(metavar="ISO3", help="Only this country, e.g. JPN.")
    ] = None,
    product: Annotated[
        str | None,
        typer.Option(metavar="PRODUCT", help="Only this product or element, e.g. oxide:Dy."),
    ] = None,
    table: Annotated[
        str | None,
        typer.Option(metavar="TABLE", help="Only this table, e.g. mine_production or measures."),
    ] = None,
    grade: Annotated[
        str | None, typer.Option(metavar="GRADE", help="Only this grade: A, B, C, D or prior.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(metavar="DATE", help="Only what was known on this day.")
    ] = None,
    limit: Annotated[str, typer.Option(metavar="N", help="Show at most this many.")] = "20",
    workspace: Annotated[  # noqa: ARG001  # in_workspace reads it
        str | None,
        typer.Option(metavar="DIR", help="Workspace folder [env: XENOTIME_WORKSPACE]."),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Print the figures as JSON and nothing else.")
    ] = False,
) -> None:
    """Search figures, acts, control items, stops, trade codes, lists, meetings, assumptions.

    \b
    Examples:
      xenotime facts search "mine production" --country MMR
      xenotime facts search magnet --product magnet --as-of 2025-06-30 --limit 5 --json
      xenotime facts search "Announcement 18/2025"
      xenotime facts search tungsten --table mineral_production --grade A
      xenotime facts search --table critical_minerals --limit 300
    """  # noqa: D301  # \b keeps the lines of the examples apart
    from xenotime import facts
    from xenotime.facts.names import known_products

    reader = Reader(f"facts search {text}".strip())
    known_on = reader.day("--as-of", as_of)
    most = reader.whole_number("--limit", limit, least=1)
    if product is not None:
        reader.name("--product", product, known_products())
    if not text.strip() and not any((country, product, table, grade)):
        reader.problems.append(
            "the text is blank: give words to look for, or a filter such as --table measures"
        )
    # All of them, so that the page can say how many it leaves out.
    found = reader.ask(
        lambda: facts.search(
            text, country=country, product=product, table=table, grade=grade, as_of=known_on
        )
    )
    reader.finish()
    assert found is not None
    assert most is not None
    shown = found[:most]
    hidden = 0 if known_on is None else facts.hidden_by(known_on)
    if json:
        print_json(
            {
                "query": text,
                "as_of": known_on,
                "hidden_by_as_of": hidden,
                "matches": len(found),
                "records": [_record(fact) for fact in shown],
            }
        )
        return
    for fact in shown:
        print(fact.id)
        print(f"    {_line(facts.brief(fact))}")
    if not found:
        say(_nothing_found(text))
    elif len(found) > most:
        say(f"{len(found) - most:,} more of {len(found):,}: --limit {len(found)} shows all")
    if known_on is not None:
        say(
            f"{hidden} figures and acts were not known on {known_on} and are hidden; so are all"
            " parameters and priors, which have no date"
        )


@commands.command("show")
@in_workspace
def show(
    id: Annotated[  # noqa: A002  # the argument's name in the help
        str, typer.Argument(metavar="ID", help="An id, or the bare name of a parameter.")
    ],
    as_of: Annotated[
        str | None,
        typer.Option(
            metavar="DATE", help="As known on this day: the id may then lack its vintage."
        ),
    ] = None,
    workspace: Annotated[  # noqa: ARG001  # in_workspace reads it
        str | None,
        typer.Option(metavar="DIR", help="Workspace folder [env: XENOTIME_WORKSPACE]."),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Print it as JSON and nothing else.")
    ] = False,
) -> None:
    """Show one figure, act or assumption: value, range, unit, grade, vintage, source.

    \b
    Examples:
      xenotime facts show mine_production/MMR/2024@mcs2026
      xenotime facts show M023 --json
      xenotime facts show hold_share
      xenotime facts show mine_production/MMR/2024 --as-of 2025-12-31
    """  # noqa: D301  # \b keeps the lines of the examples apart
    from xenotime import facts

    reader = Reader(f"facts show {id}")
    known_on = reader.day("--as-of", as_of)
    reader.finish()
    newest = _newest_of(id) if known_on is None else None
    record: Fact = facts.get(id, as_of=known_on) if newest is None else newest
    if newest is not None:
        say(f"{id} names no vintage: this is {newest.id}, the newest that counts")
    others = [other for other in _other_vintages(record) if other.known_at(known_on)]
    batch = facts.included().batch_of(record.id)
    if json:
        print_json(
            {
                "record": _record(record),
                "other_vintages": [_record(other) for other in others],
                "added_in": batch,
            }
        )
        return
    fields: dict[str, Any] = asdict(record)
    width = max(len(name) for name in fields)
    for name, value in fields.items():
        print(f"{name:<{width}}  {_text(value)}".rstrip())
    for other in others[:_MOST_VINTAGES]:
        print(f"other vintage: {other.id}: {_line(facts.brief(other))}")
    if len(others) > _MOST_VINTAGES:
        print(f"and {len(others) - _MOST_VINTAGES:,} more vintages: all are in --json")
    if batch is not None:
        print(f"added in batch {batch.id} by {batch.by}, {batch.added}")


_MOST_VINTAGES = 20


def _newest_of(id: str) -> Claim | None:  # noqa: A002  # so called everywhere
    """Vintage that counts of a figure that is named without one; None where there is none."""
    from xenotime.facts.vintages import newest_usable, vintages_of

    if "@" in id or "/" not in id:
        return None
    return newest_usable(id) or next(iter(vintages_of(id)), None)


def _other_vintages(fact: Fact) -> list[Claim]:
    """Claims of the same quantity, newest first: who disagrees."""
    from xenotime.facts import Claim
    from xenotime.facts.vintages import body_of, vintages_of

    if not isinstance(fact, Claim):
        return []
    return [other for other in vintages_of(body_of(fact.id)) if other.id != fact.id]


def _nothing_found(text: str) -> str:
    """Say what a search without result could have been meant as."""
    from xenotime.facts.search import near_words

    lines = [
        f"no fact has {word!r}" + (f": did you mean {' or '.join(near)}?" if near else "")
        for word, near in near_words(text).items()
    ]
    hint = "; ".join(lines) or "each word occurs, but not all in one fact, or a filter hides it"
    return f"nothing matches {text!r}: {hint}: try fewer or other words, or drop a filter"


def _record(fact: Fact) -> dict[str, Any]:
    """All fields of a fact, and the table that it is in."""
    from xenotime.facts import brief

    return {"table": brief(fact).table, **asdict(fact)}


def _line(found: Brief) -> str:
    """Value, grade, day and a short text."""
    known = f"known {found.first_known}" if found.first_known else ""
    text = textwrap.shorten(found.text, 100, placeholder=" ...")
    parts = (_figure(found), f"grade {found.grade}", found.table, known, text)
    return "; ".join(part for part in parts if part)


def _figure(found: Brief) -> str:
    if found.mid is None and found.low is None and found.high is None:
        return f"no figure ({found.unit})" if found.unit else ""
    spread = ""
    if found.low is not None or found.high is not None:
        spread = f" ({_number(found.low)} to {_number(found.high)})"
    middle = "" if found.mid is None else _number(found.mid)
    return f"{middle}{spread} {found.unit}".strip()


def _number(value: float | None) -> str:
    return "unknown" if value is None else f"{value:,.6g}"


def _text(value: object) -> str:
    if value is None or value in ("", ()):
        return "-"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, tuple | list):
        return ", ".join(str(item) for item in value)
    return str(value)
