"""Kinds of values that scenario files hold, and the base of all their entries."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

__all__ = ["Day", "Frozen", "Number", "Uses", "once"]


def _written_out(value: object) -> object:
    """Refuse what only looks like a date."""
    day = isinstance(value, dt.date) and not isinstance(value, dt.datetime)
    text = isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value)
    if not (day or text):
        raise ValueError(f"{value!r} is no date; write YYYY-MM-DD")
    return value


# A date is written out; numbers of seconds and times of day are not dates.
Day = Annotated[
    dt.date,
    BeforeValidator(_written_out),
    Field(json_schema_extra={"pattern": r"^\d{4}-\d{2}-\d{2}$"}),
]
# Neither texts nor booleans are numbers.
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
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
