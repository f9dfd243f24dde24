"""Lists of government measures as measures of the record: shared by the loaders of such lists."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from xenotime.facts.loaders.places import known_name
from xenotime.facts.loaders.trade import followed_code
from xenotime.facts.registers import trade_codes

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["cell_of", "day_of", "elements_of", "followed_codes", "norm", "places_of"]


def norm(name: str) -> str:
    """Name of a column without case, points and signs between words.

    >>> norm("Implementing.Jurisdictions"), norm("date_announced")
    ('implementing jurisdictions', 'date announced')
    """
    return re.sub(r"[^a-z0-9]+", " ", name.casefold()).strip()


def cell_of(row: dict[str, str], names: Iterable[str]) -> str:
    """Cell of the first column that has one of these names; blank if none has."""
    plain = {norm(column): cell for column, cell in row.items()}
    return next((plain[name].strip() for name in names if plain.get(name, "").strip()), "")


def day_of(text: str) -> date | None:
    """Day of a date as lists write it: 2025-04-04, 04/04/2025 (day first), 2025; None for blank.

    Raises
    ------
    ValueError
        If it is no date.

    >>> day_of("2025-04-04"), day_of("2025")
    (datetime.date(2025, 4, 4), datetime.date(2025, 1, 1))
    """
    plain = text.strip()[:10]
    if not plain or plain.casefold() in {"na", "nan", "null", "none"}:
        return None
    if re.fullmatch(r"\d{4}", plain):
        return date(int(plain), 1, 1)
    turned = re.fullmatch(r"(\d{2})/(\d{2})/(\d{4})", plain)
    if turned:
        day, month, year = (int(part) for part in turned.groups())
        return date(year, month, day)
    return date.fromisoformat(plain)


def places_of(text: str) -> tuple[str, ...]:
    """ISO3 codes of a list of countries; WLD where it names all or none."""
    names = [part for part in re.split(r"[;,|]", text) if part.strip()]
    known = [code for code in (known_name(name) for name in names) if code]
    return tuple(dict.fromkeys(known)) or ("WLD",)


def followed_codes(text: str) -> tuple[str, ...]:
    """Codes of a list that the record follows.

    >>> followed_codes("280530, 010121; 850511")
    ('280530', '850511')
    """
    found = re.findall(r"\d[\d.]{3,}", text)
    return tuple(dict.fromkeys(code for code in map(followed_code, found) if code))


def elements_of(codes: Iterable[str]) -> tuple[str, ...]:
    """Elements that codes can hold, in the order of the table of codes."""
    heads = {code[:6] for code in codes}
    found = [
        element
        for line in trade_codes()
        if line.vintage != "ofr2025" and (line.hs6 in heads or line.hs6[:4] in heads)
        for element in line.elements
    ]
    return tuple(dict.fromkeys(found))
