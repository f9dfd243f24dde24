"""`xenotime licence`: when an application is approved, and what the published counts say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from xenotime.cli.adding import AsJson, Folder
from xenotime.cli.reading import Reader, in_workspace
from xenotime.cli.writing import print_json, say

if TYPE_CHECKING:
    import datetime as dt

    from xenotime.policy.eta import Answer, Eta

__all__ = ["commands"]

commands = typer.Typer(
    help="Export licences: when an application is approved.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

_AHEAD = (30, 60, 90, 120, 180, 365)
_NAMES = {"automotive": "light_vehicles"}


@commands.callback()
def root() -> None:
    """Export licences: when an application is approved."""


@commands.command("eta")
@in_workspace
def eta(
    filed: Annotated[str, typer.Option(metavar="DATE", help="Day on which it is accepted.")],
    destination: Annotated[
        str, typer.Option(metavar="ISO3", help="Country of the end user, e.g. DEU.")
    ],
    end_use: Annotated[
        str, typer.Option(metavar="INDUSTRY", help="automotive, wind, defence, robots ...")
    ],
    firm_size: Annotated[
        str | None, typer.Option(metavar="SIZE", help="small or large (a mixture).")
    ] = None,
    quality: Annotated[
        str, typer.Option(metavar="WORD", help="Papers are complete or partial.")
    ] = "complete",
    goods: Annotated[
        str, typer.Option(metavar="WORD", help="magnet, oxide_metal or lookalike (may be held).")
    ] = "magnet",
    refusal_share: Annotated[
        float | None,
        typer.Option(metavar="SHARE", help="Returned papers that are refused for good, 0 to 1."),
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(metavar="DATE", help="Probability by this day; repeatable."),
    ] = None,
    end_user: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Name to look for on entity lists.")
    ] = None,
    workspace: Folder = None,  # noqa: ARG001  # in_workspace reads it
    json: AsJson = False,
) -> None:
    """Say when an application for a Chinese export licence is approved.

    Each group with published counts answers for itself; they disagree by a factor of thirty. The
    one about the same destination and use counts, else the record of exports.

    \b
    Examples:
      xenotime licence eta --filed 2025-06-10 --destination DEU --end-use automotive
      xenotime licence eta --filed 2025-06-10 --destination USA --end-use defence --json
    """  # noqa: D301  # \b keeps the lines of the examples apart
    from xenotime.facts.taxonomy import AGGREGATES, INDUSTRIES, countries
    from xenotime.policy.eta import FIRM_SIZES, GOODS, QUALITIES, eta_of
    from xenotime.policy.lists import listings_of

    reader = Reader("licence eta")
    day = reader.day("--filed", filed)
    country = reader.country("--destination", destination, {*countries(), *AGGREGATES})
    reader.choice("--end-use", end_use, (*_NAMES, "light_vehicles", *INDUSTRIES))
    if firm_size is not None:
        reader.choice("--firm-size", firm_size, FIRM_SIZES)
    reader.choice("--quality", quality, QUALITIES)
    reader.choice("--goods", goods, GOODS)
    dates = [found for text in by or () if (found := reader.day("--by", text)) is not None]
    if day is not None:
        reader.problems += [
            f"--by {date} lies before --filed {day}: give a later day"
            for date in dates
            if date < day
        ]
    reader.finish()
    assert day is not None
    assert country is not None
    answer = reader.ask(
        lambda: eta_of(
            day, country, _NAMES.get(end_use, end_use),
            firm_size=firm_size, quality=quality, goods=goods, refusal_share=refusal_share,
        )
    )  # fmt: skip
    reader.finish()
    assert answer is not None
    listings = () if end_user is None else listings_of(end_user, day)
    if json:
        print_json(_plain(answer, dates) | {"listings": listings})
        return
    _print(answer, dates)
    for listing in listings:
        print(f"{listing.entity.entity} is on a {listing.entity.list}: {listing.status}")
    if end_user is not None and not listings:
        print(f"no name like {end_user!r} is on the lists of the record, which are incomplete")


def _days(found: Eta, dates: list[dt.date]) -> list[dt.date]:
    """Days for which probabilities are shown."""
    import datetime as dt

    return dates or [found.filed + dt.timedelta(days=days) for days in _AHEAD]


def _plain(found: Eta, dates: list[dt.date]) -> dict[str, Any]:
    """Answers for machines."""

    def when(answer: Answer) -> dict[str, Any]:
        return {
            "approval": {"p10": answer.p10, "p50": answer.p50, "p90": answer.p90},
            "probability_by": [
                {"date": day, "p": answer.by(day, found.filed)} for day in _days(found, dates)
            ],
        }

    return {
        "filed": found.filed,
        "destination": found.destination,
        "end_use": found.end_use,
        "headline": found.headline,
        **when(found.best),
        "statutory_deadline": found.statutory_deadline,
        "populations": [
            {
                "population": answer.group,
                "title": answer.title,
                "basis": answer.basis,
                "about_this_application": answer.fits,
                **when(answer),
                "sources": answer.sources,
            }
            for answer in found.answers
        ],
        "barred": found.barred,
        "bars": found.bars,
        "unclear": found.unclear,
        "papers": found.papers,
        "sources": found.best.sources,
        "assumptions": found.assumptions,
    }


def _print(found: Eta, dates: list[dt.date]) -> None:
    """Answers for people."""
    from xenotime import facts

    print(f"filed {found.filed} for {found.destination}, {found.end_use}")
    if found.barred:
        print("barred: an act in force forbids exports for this use; what follows is about others")
    beside = {"bars some users": found.bars, "perhaps in force": found.unclear}
    for head, names in beside.items():
        for name in names:
            act = facts.get(name)
            assert isinstance(act, facts.Measure)
            note = f" ({act.note})" if act.note else ""
            print(f"{head}: {name} {f'{act.act} {act.article}'.rstrip()}{note}")
    days = _days(found, dates)
    for answer in sorted(found.answers, key=lambda a: a.group != found.headline):
        head = "this counts" if answer.group == found.headline else "for comparison"
        print(f"{head}: {answer.title}")
        done = "passed" if answer.basis == "holds" else "approved"
        print(f"  {done} with 10 / 50 / 90 %: {_dates(answer)}")
        chances = ", ".join(f"{day} {100 * answer.by(day, found.filed):.0f} %" for day in days)
        print(f"  by {chances}")
        print(f"  from {', '.join(answer.sources[:3])}")
    if found.best.basis != "holds":
        print(f"the statutory 45 working days end on {found.statutory_deadline}")
    print("papers:")
    for paper in found.papers:
        print(f"  {paper}")
    for sentence in found.assumptions:
        say(f"assumed: {sentence}")


def _dates(answer: Answer) -> str:
    """Three dates, or that they lie too far ahead."""
    return " / ".join(
        "later than two years" if day is None else day.isoformat()
        for day in (answer.p10, answer.p50, answer.p90)
    )
