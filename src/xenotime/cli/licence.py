"""`xenotime licence`: when an application is approved, and what the published counts say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from xenotime.cli.adding import AsJson, Folder
from xenotime.cli.reading import Reader, in_workspace
from xenotime.cli.writing import print_json, say

if TYPE_CHECKING:
    from xenotime.policy.answers import Curve, Eta
    from xenotime.policy.general import GeneralLicences
    from xenotime.policy.lists import LookedUp

__all__ = ["commands"]

commands = typer.Typer(
    help="Export licences: when an application is approved.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

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
        str | None, typer.Option(metavar="NAME", help="Firm to look for on entity lists.")
    ] = None,
    general: Annotated[
        bool, typer.Option("--general", help="Say what is known of general licences, too.")
    ] = False,
    workspace: Folder = None,  # noqa: ARG001  # in_workspace reads it
    json: AsJson = False,
) -> None:
    """Say when an application for a Chinese export licence is approved.

    Each group with published counts answers for itself; they disagree by a factor of thirty. The
    one about the same destination and use counts, else the record of exports. A firm on an entity
    list in force gets no licence; one that is not found may be listed all the same.

    \b
    Examples:
      xenotime licence eta --filed 2025-06-10 --destination DEU --end-use automotive
      xenotime licence eta --filed 2025-06-10 --destination USA --end-use defence --json
    """  # noqa: D301  # \b keeps the lines of the examples apart
    from xenotime.facts.taxonomy import AGGREGATES, INDUSTRIES, countries
    from xenotime.policy.eta import FIRM_SIZES, GOODS, HORIZON, QUALITIES, eta_of

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
        reader.problems += [
            f"--by {date} lies more than {HORIZON} days after --filed {day}: give an earlier day"
            for date in dates
            if (date - day).days > HORIZON
        ]
    reader.finish()
    assert day is not None
    assert country is not None
    answer = reader.ask(
        lambda: eta_of(
            day, country, _NAMES.get(end_use, end_use),
            firm_size=firm_size, quality=quality, goods=goods, refusal_share=refusal_share,
            end_user=end_user, general=general, by=dates,
        )
    )  # fmt: skip
    reader.finish()
    assert answer is not None
    if json:
        print_json(_plain(answer))
    else:
        _print(answer)


def _plain(found: Eta) -> dict[str, Any]:
    """Answers for machines."""

    def when(curve: Curve) -> dict[str, Any]:
        return {
            "approval": {"p10": curve.p10, "p50": curve.p50, "p90": curve.p90},
            "probability_by": [
                {"date": day, "p": curve.by(day, found.filed)} for day in found.days
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
                "by_count": None if answer.by_count is None else when(answer.by_count),
                "by_tonnes": None if answer.by_tonnes is None else when(answer.by_tonnes),
                "sources": answer.sources,
            }
            for answer in found.answers
        ],
        "barred": found.barred,
        "bars": found.bars,
        "unclear": found.unclear,
        "queue_from": found.queue_from,
        "listings": () if found.end_user is None else found.end_user.listings,
        "near": () if found.end_user is None else found.end_user.near,
        "papers": found.papers,
        "conditions": found.conditions,
        "general": found.general,
        "sources": found.best.sources,
        "assumptions": found.assumptions,
    }


def _print(found: Eta) -> None:
    """Answers for people."""
    from xenotime import facts
    from xenotime.policy.beside import OTHER_READING

    print(f"filed {found.filed} for {found.destination}, {found.end_use}")
    firm = found.end_user
    if firm is not None:
        _print_firm(firm, found)
    for name in found.use_bans:
        print(
            f"barred: the ban {name} forbids exports for military users; what follows are the dates"
            " without it"
        )
    for name in found.halts:
        other = OTHER_READING.get(name)
        reading = f" (the scenario {other} is the other reading)" if other else ""
        print(f"the dates leave out {name}, whose standing is unknown{reading}")
    beside = {"bars some users": found.bars, "perhaps in force": found.unclear}
    for head, names in beside.items():
        for name in names:
            act = facts.get(name)
            assert isinstance(act, facts.Measure)
            note = f" ({act.note})" if act.note else ""
            print(f"{head}: {name} {f'{act.act} {act.article}'.rstrip()}{note}")
    days, never = found.days, found.queue_from is None
    for answer in sorted(found.answers, key=lambda a: a.group != found.headline):
        head = "this counts" if answer.group == found.headline else "for comparison"
        print(f"{head}: {answer.title}")
        done = "passed" if answer.basis == "holds" else "approved"
        for what, curve in (("count", answer.by_count), ("tonnes", answer.by_tonnes)):
            if curve is not None:
                mark = " (its own)" if curve.chance is answer.chance else ""
                when = "never while it is in force" if never else _dates(curve)
                print(f"  by {what}{mark}: {done} with 10 / 50 / 90 %: {when}")
                chances = ", ".join(f"{d} {100 * curve.by(d, found.filed):.0f} %" for d in days)
                print(f"    by {chances}")
        print(f"  from {', '.join(answer.sources[:3])}")
    if found.statutory_deadline is not None:
        print(f"the statutory 45 working days end on {found.statutory_deadline}")
    print("papers:")
    for paper in found.papers:
        print(f"  {paper}")
    for condition in found.conditions:
        print(f"  {condition}")
    if found.general is not None:
        _print_general(found.general)
    for sentence in found.assumptions:
        say(f"assumed: {sentence}")


def _print_firm(firm: LookedUp, found: Eta) -> None:
    """Say what the lists have on a firm, and what that means for its application."""
    for listing in firm.listings:
        spell = f"{listing.since or 'before'} to {listing.until or 'no day on record'}"
        print(
            f"{listing.entity.entity} ({listing.entity.country}) is on a {listing.entity.list}:"
            f" {listing.status}, {spell}, by {listing.act}; source: {listing.entity.id}"
        )
    if found.best.basis == "holds":
        said = "" if not firm.listings else "lists bar dual-use goods: these need no licence"
    elif firm.bar is not None and found.queue_from is None:
        said = (
            "barred: the chance is 0 while the listing is in force, and no end of it is on record;"
            " should it end, the queue is that of an application filed on the next day"
        )
    elif firm.bar is not None:
        said = (
            f"barred until {firm.bar.until}: the chance is 0 until then; what follows is the queue"
            f" of an application filed on {found.queue_from}"
        )
    elif firm.watched:
        said = "on a watch list: single licences only, and no statutory clock runs"
    elif any(listing.status == "not_yet" for listing in firm.listings):
        said = "what is not approved when a list comes to bar the firm waits until it ends"
    else:
        said = ""
    if said:
        print(said)
    if firm.near:
        print(f"no entry is named {firm.asked!r}; near, and perhaps others: {'; '.join(firm.near)}")
    elif not firm.listings:
        print(f"no name like {firm.asked!r} is on the lists of the record, which are incomplete")


def _print_general(general: GeneralLicences) -> None:
    """Say what is known of general licences."""
    state = "given since" if general.granted else "not given before"
    print(f"general licences: {state} {general.since} ({general.act})")
    if general.excluded:
        print(f"  {general.excluded}")
    for source, text in general.said:
        print(f"  {text} [{source}]")
    if not general.counts:
        print("  no count of applications for them is published: no chance and no day can be given")


def _dates(curve: Curve) -> str:
    """Three dates, or that they lie too far ahead."""
    return " / ".join(
        "later than two years" if day is None else day.isoformat()
        for day in (curve.p10, curve.p50, curve.p90)
    )
