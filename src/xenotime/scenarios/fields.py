"""Kinds of values that scenario files hold, and the base of all their entries."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

__all__ = ["Day", "Frozen", "Number", "Tonnes", "Uses", "Whole", "once", "plain", "shown"]

MOST_SHOWN = 60
"""So many characters of a value or a name are shown."""
_DAY = r"(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}"


def shown(given: object) -> str:
    r"""Write a value in a few characters, control characters escaped.

    Examples
    --------
    >>> shown("a\tb"), len(shown("x" * 1_000_000))
    ("'a\\tb'", 60)
    """
    # what is long is cut before it is written out, too: an escape can take ten characters
    text = repr(given[:MOST_SHOWN]) if isinstance(given, str) else repr(given)
    cut = isinstance(given, str) and len(given) > MOST_SHOWN
    return text if len(text) <= MOST_SHOWN and not cut else f"{text[: MOST_SHOWN - 3]}..."


def plain(name: str) -> str:
    r"""Write a name as it is where it can be printed and is short, else as `shown` does.

    Examples
    --------
    >>> plain("shocks"), plain("sho\x1bcks")
    ('shocks', "'sho\\x1bcks'")
    """
    return name if name.isprintable() and len(name) <= MOST_SHOWN else shown(name)


def _written_out(value: object) -> object:
    """Refuse what only looks like a date."""
    day = isinstance(value, dt.date) and not isinstance(value, dt.datetime)
    text = isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value)
    if not (day or text):
        raise ValueError(f"{shown(value)} is no date; write YYYY-MM-DD")
    if not re.fullmatch(_DAY, str(value)):
        raise ValueError(
            f"{value} is not between 1900 and 2199; correct the year, or leave out a last day that"
            " is open"
        )
    return value


def _whole(value: object) -> object:
    """Refuse what only equals a whole number: true, 2024.0."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(  # noqa: TRY004 - pydantic takes no other for one of its problems
            f"{shown(value)} is no whole number; write one without quotes or a point"
        )
    return value


# A date is written out; numbers of seconds and times of day are not dates. Years have bounds, so
# that days before and after it can be reckoned: no calendar goes beyond 9999-12-31.
Day = Annotated[
    dt.date,
    BeforeValidator(_written_out),
    Field(json_schema_extra={"pattern": f"^{_DAY}$"}),
]
Whole = BeforeValidator(_whole)
# Neither texts nor booleans are numbers.
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
# The world makes some 0.4 million tonnes of rare-earth oxide a year: beyond this is a slip of unit.
Tonnes = Annotated[Number, Field(ge=0, le=1e7)]
Uses = Annotated[tuple[Literal["civil", "defence"], ...], Field(min_length=1)]


def once(names: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse names that stand twice.

    Raises
    ------
    ValueError
        With the names that do.

    Examples
    --------
    >>> once(("JPN", "KOR"))
    ('JPN', 'KOR')
    """
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"{', '.join(twice)} stands twice; keep one")
    return names


class Frozen(BaseModel):
    """An entry that cannot be changed and refuses keys that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)
