"""`xenotime facts`: the figures and acts behind every result."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xenotime.cli.reading import Reader
from xenotime.cli.writing import print_json, say

if TYPE_CHECKING:
    from xenotime.facts import Claim

__all__ = ["commands"]

commands = typer.Typer(
    help="Find and show the cited figures and acts.", no_args_is_help=True, rich_markup_mode=None
)


@commands.command("search")
def search(
    text: Annotated[str, typer.Argument(help="Words to look for in ids, titles and notes.")],
    country: Annotated[
        str | None, typer.Option(metavar="ISO3", help="Only this country, e.g. JPN.")
    ] = None,
    product: Annotated[
        str | None,
        typer.Option(metavar="PRODUCT", help="Only this product or element, e.g. oxide:Dy."),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(metavar="DATE", help="Only what was known on this day.")
    ] = None,
    limit: Annotated[str, typer.Option(metavar="N", help="Show at most this many.")] = "20",
    json: Annotated[
        bool, typer.Option("--json", help="Print the figures as JSON and nothing else.")
    ] = False,
) -> None:
    """Search the cited figures.

    \b
    Examples:
      xenotime facts search "mine production" --country MMR
      xenotime facts search magnet --product magnet --as-of 2025-06-30 --limit 5 --json
    """  # noqa: D301  # \b keeps the lines of the examples apart
    from xenotime import facts

    reader = Reader(f"facts search {text}")
    known_on = reader.day("--as-of", as_of)
    most = reader.whole_number("--limit", limit, least=1)
    if product is not None:
        reader.name("--product", product, _products())
    # All of them, so that the page can say how many it leaves out.
    found = reader.ask(
        lambda: facts.search(text, country=country, product=product, as_of=known_on, limit=None)
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
                "claims": shown,
            }
        )
        return
    for claim in shown:
        print(claim.id)
        print(f"    {_figure(claim)}; grade {claim.grade}, {claim.kind}; {claim.source_title}")
    if not found:
        say(f"no figure matches {text!r}: try fewer or other words, or drop a filter")
    elif len(found) > most:
        say(f"{most} of {len(found)} matches: see more with --limit {len(found)}")
    if known_on is not None:
        say(f"{hidden} figures and acts were not known on {known_on} and are hidden")


@commands.command("show")
def show(
    id: Annotated[  # noqa: A002  # the argument's name in the help
        str, typer.Argument(metavar="ID", help="A figure's or an act's id.")
    ],
    json: Annotated[
        bool, typer.Option("--json", help="Print it as JSON and nothing else.")
    ] = False,
) -> None:
    """Show one figure or act: value, range, unit, grade, vintage, source.

    \b
    Examples:
      xenotime facts show mine_production/MMR/2024@mcs2026
      xenotime facts show M023 --json
    """  # noqa: D301  # \b keeps the lines of the examples apart
    from xenotime import facts

    record = facts.get(id)
    if json:
        print_json({"record": record})
        return
    fields: dict[str, Any] = asdict(record)
    width = max(len(name) for name in fields)
    for name, value in fields.items():
        print(f"{name:<{width}}  {_text(value)}".rstrip())


def _products() -> set[str]:
    """Every product and element that a figure can be about."""
    from xenotime import facts
    from xenotime.facts import taxonomy

    named = {claim.product for claim in facts.claims()} - {""}
    return named | set(taxonomy.PRODUCTS) | set(taxonomy.RARE_EARTHS) | set(taxonomy.ELEMENTS)


def _figure(claim: Claim) -> str:
    if claim.mid is None and claim.low is None and claim.high is None:
        return f"no figure ({claim.unit})"
    spread = ""
    if claim.low is not None or claim.high is not None:
        spread = f" ({_number(claim.low)} to {_number(claim.high)})"
    middle = "" if claim.mid is None else _number(claim.mid)
    return f"{middle}{spread} {claim.unit}".strip()


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
