"""OECD Inventory of Export Restrictions on Industrial Raw Materials: CSV of its database.

The database (qdd.oecd.org, subject ExportRestrictions_IndustrialRawMaterials) exports one row for
a country, a product, a measure and a year. No description of the exported columns was found to
check this against: columns are matched by the names below, and a file that lacks one is refused
with the names that it has, so that they can be renamed. A measure that is listed in several years
becomes one act, in force from its first year on.
"""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from xenotime.facts.loaders.acts import cell_of, elements_of, followed_codes, norm, places_of
from xenotime.facts.loaders.loading import Collected, Loaded, Loader
from xenotime.facts.loaders.rows import fits, header_of, rows_of
from xenotime.facts.measures import Measure

if TYPE_CHECKING:
    from xenotime.facts.loaders.loading import Source

__all__ = ["OECD"]

_COUNTRY = ("country", "economy", "reporting country")
_CODE = ("hs code", "hs6", "hs 6", "hs2017", "product code", "commodity code")
_MEASURE = ("measure", "measure type", "type of measure", "export restriction")
_YEAR = ("year", "time period")

INSTRUMENTS = {
    "export tax": "export_tax",
    "fiscal tax on exports": "export_tax",
    "export surtax": "export_tax",
    "export quota": "export_quota",
    "export prohibition": "export_ban",
    "prohibition": "export_ban",
    "licensing requirement": "export_licence",
    "non automatic export licensing": "export_licence",
    "export licensing": "export_licence",
    "captive mining": "state_trading",
    "restriction on customs clearance point": "reporting",
    "qualified exporters list": "state_trading",
    "minimum export price": "price_floor",
    "domestic market obligation": "export_quota",
}


_LAYOUT = (_COUNTRY, _CODE, _MEASURE, _YEAR)


def _matches(start: str) -> bool:
    return fits([norm(name) for name in header_of(start)], _LAYOUT)


def _read(text: str, source: Source) -> Loaded:
    found = Collected()
    years: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for number, row in rows_of(text):
        codes = followed_codes(cell_of(row, _CODE))
        kind = norm(cell_of(row, _MEASURE))
        if not codes or kind not in INSTRUMENTS:
            found.leave_out("other goods" if not codes else f"measure {kind!r}")
            continue
        year = cell_of(row, _YEAR)
        actors = places_of(cell_of(row, _COUNTRY))
        if not re.fullmatch(r"(?:19|20)\d\d", year) or len(actors) != 1 or actors == ("WLD",):
            found.complain(
                number, f"year {year!r} or country {cell_of(row, _COUNTRY)!r} is unknown"
            )
            continue
        for code in codes:
            years[actors[0], kind, code].append(int(year))
    found.finish()
    acts = tuple(
        _measure(actor, kind, code, seen, source)
        for (actor, kind, code), seen in sorted(years.items())
    )
    return Loaded(OECD.name, source, (), acts, found.left_out)


def _measure(actor: str, kind: str, code: str, seen: list[int], source: Source) -> Measure:
    first, last = min(seen), max(seen)
    name = kind.replace(" ", "-")
    return Measure(
        id=f"M-OECD-{actor}-{name}-{code}",
        act=f"{kind} on HS {code} (OECD inventory)",
        article="",
        actor=actor,
        targets=("WLD",),
        instrument=INSTRUMENTS[kind],
        elements=elements_of((code,)),
        forms=(),
        announced=date(first, 1, 1),
        in_force=date(first, 1, 1),
        ends=None,
        status="unknown",
        changes=(),
        grade="B",
        vintage=source.vintage,
        first_known=source.taken,
        source_url=source.url,
        source_title=source.title,
        note=f"listed from {first} to {last}; years only; what holds after {last} is not known",
        licence=source.licence,
    )


OECD = Loader(
    name="oecd",
    what="OECD Inventory of Export Restrictions on Industrial Raw Materials: CSV",
    title="OECD Inventory of Export Restrictions on Raw Materials, downloaded by the user",
    url="https://qdd.oecd.org/subject.aspx?Subject=ExportRestrictions_IndustrialRawMaterials",
    licence="cited-figure",
    matches=_matches,
    read=_read,
    layouts=(_LAYOUT,),
)
