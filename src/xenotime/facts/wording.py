"""What text may hold that goes into the record: one line that any screen and spreadsheet shows."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from xenotime.facts.tables import is_number

__all__ = ["flaw_of", "flaws_in"]

# Controls, halves of characters, marks that turn or hide text, line and paragraph ends, unassigned.
_REFUSED = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
_JOINERS = "\u200c\u200d"  # Persian and Indian scripts are spelt with these
_FORMULA = ("=", "+", "-", "@")


def flaw_of(text: str) -> str:
    r"""Say what is wrong with a text, or nothing.

    >>> flaw_of("Trade press, 12 May"), flaw_of("-3.5")
    ('', '')
    >>> flaw_of("=1+1")
    "it begins with '=', which a spreadsheet takes for a formula: put a word before it"
    >>> flaw_of("memo\x1b[2J")
    'it holds the character U+001B: take it out'
    """
    for sign in text:
        if unicodedata.category(sign) in _REFUSED and sign not in _JOINERS:
            return f"it holds the character U+{ord(sign):04X}: take it out"
    if text.startswith(_FORMULA) and not is_number(text):
        return (
            f"it begins with {text[0]!r}, which a spreadsheet takes for a formula: put a word"
            " before it"
        )
    return ""


def flaws_in(row: Any) -> Iterator[tuple[str, str]]:
    """Name the columns of a row of any table whose text is wrong, lists of words among them."""
    for column in fields(row):
        value = getattr(row, column.name)
        texts = value if isinstance(value, tuple) else (value,)
        for text in texts:
            flaw = flaw_of(text) if isinstance(text, str) else ""
            if flaw:
                yield column.name, f"{column.name} is {text[:_LONGEST_TOLD]!a}: {flaw}"


_LONGEST_TOLD = 120
