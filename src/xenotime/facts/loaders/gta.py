"""Global Trade Alert: the CSV that its data centre exports, or its interface's fields.

Columns as the exported file and the R package of the project name them: GTA Evaluation,
Implementing Jurisdictions, Affected Jurisdictions, Affected Products, Mast Chapter, with
Intervention ID, State Act Title or Title, Intervention Type, and the days of announcement,
implementation and removal (announcement date, date.announced, date_announced ...). Case, points
and underscores do not matter. Interventions on other goods than the record follows are left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xenotime.facts.loaders.acts import (
    cell_of,
    day_of,
    elements_of,
    followed_codes,
    norm,
    places_of,
)
from xenotime.facts.loaders.loading import Collected, Loaded, Loader
from xenotime.facts.loaders.rows import fits, header_of, rows_of
from xenotime.facts.measures import Measure

if TYPE_CHECKING:
    from datetime import date

    from xenotime.facts.loaders.loading import Source

__all__ = ["GTA"]

_ID = ("intervention id", "id")
_TITLE = ("state act title", "title", "intervention title")
_TYPE = ("intervention type",)
_ACTORS = ("implementing jurisdictions", "implementing jurisdiction")
_TARGETS = ("affected jurisdictions", "affected jurisdiction")
_PRODUCTS = ("affected products", "affected product")
_ANNOUNCED = ("date announced", "announcement date", "announced")
_STARTED = ("date implemented", "implementation date", "inception date", "implemented")
_ENDED = ("date removed", "removal date", "removed")

# Types of the handbook that have an instrument here; others are left out.
INSTRUMENTS = {
    "export licensing requirement": "export_licence",
    "export ban": "export_ban",
    "export quota": "export_quota",
    "export tax": "export_tax",
    "export tariff quota": "export_quota",
    "import tariff": "import_tariff",
    "export related non tariff measure nes": "reporting",
    "financial grant": "subsidy",
    "production subsidy": "subsidy",
    "state loan": "subsidy",
    "loan guarantee": "subsidy",
    "capital injection and equity stakes including bailouts": "price_floor",
    "public procurement access": "procurement_ban",
    "foreign customer limit": "entity_list",
}


_LAYOUT = (_ACTORS, _TYPE, _PRODUCTS, _ID, _TITLE, _ANNOUNCED)


def _matches(start: str) -> bool:
    return fits([norm(name) for name in header_of(start)], _LAYOUT)


def _read(text: str, source: Source) -> Loaded:
    found = Collected()
    made: dict[str, Measure] = {}
    for number, row in rows_of(text):
        codes = followed_codes(cell_of(row, _PRODUCTS))
        kind = cell_of(row, _TYPE)
        instrument = INSTRUMENTS.get(norm(kind))
        if not codes or instrument is None:
            found.leave_out("other goods" if not codes else f"type {kind!r}")
            continue
        measure = _measure(number, row, codes, instrument, source, found)
        if measure is None:
            continue
        if measure.id in made:
            found.complain(number, f"gives {measure.id} a second time")
        made.setdefault(measure.id, measure)
    found.finish()
    rows = tuple(made[key] for key in sorted(made))
    return Loaded(GTA.name, source, (), rows, found.left_out)


def _measure(
    number: int,
    row: dict[str, str],
    codes: tuple[str, ...],
    instrument: str,
    source: Source,
    found: Collected,
) -> Measure | None:
    identity, title = cell_of(row, _ID), cell_of(row, _TITLE)
    days: list[date | None] = []
    for names in (_ANNOUNCED, _STARTED, _ENDED):
        try:
            days.append(day_of(cell_of(row, names)))
        except ValueError as error:
            found.complain(number, f"{names[0]}: {error}: write a date as YYYY-MM-DD")
            return None
    announced, started, ended = days
    if not identity or not title or announced is None:
        found.complain(number, "lacks the id, the title or the day of announcement")
        return None
    if started and ended and ended < started:
        found.complain(number, f"is removed on {ended}, before it takes effect on {started}")
        return None
    status = "announced" if started is None else "ended" if ended else "in_force"
    return Measure(
        id=f"M-GTA-{identity}",
        act=f"Global Trade Alert intervention {identity}",
        article="",
        actor=";".join(places_of(cell_of(row, _ACTORS))),
        targets=places_of(cell_of(row, _TARGETS)),
        instrument=instrument,
        elements=elements_of(codes),
        forms=(),
        announced=announced,
        in_force=started,
        ends=ended,
        status=status,
        changes=(),
        grade="B",
        vintage=source.vintage,
        first_known=announced,
        source_url=f"https://globaltradealert.org/intervention/{identity}",
        source_title=title,
        note=f"HS {', '.join(codes[:8])}; {norm(cell_of(row, _TYPE))}",
        licence=source.licence,
    )


GTA = Loader(
    name="gta",
    what="Global Trade Alert: CSV of the data centre",
    title="Global Trade Alert, downloaded by the user",
    url="https://globaltradealert.org/data-center",
    licence="cited-figure",
    matches=_matches,
    read=_read,
    layouts=(_LAYOUT,),
)
