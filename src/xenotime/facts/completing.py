"""Cells that follow from others in a row that somebody writes: what need not be written twice."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping

from xenotime.facts.shapes import rest_of, shapes
from xenotime.facts.vintages import vintages_of

__all__ = ["WHAT", "completed", "default_licence"]

WHAT = ("country", "product", "stage", "partner", "industry", "period")
"""Columns that say which quantity a figure is; a new vintage takes them from the old one."""


def default_licence(licence: str | None, grade: str | None) -> str:
    """Licence class of a row: a quoted figure, unless it is the user's own assumption.

    >>> default_licence(None, "B"), default_licence(None, "prior")
    ('cited-figure', 'own')
    """
    return licence or ("own" if grade == "prior" else "cited-figure")


def completed(table: str, cells: Mapping[str, str]) -> dict[str, str]:
    """Fill blank cells of a row that follow from the others; cells that are written stay.

    Parameters
    ----------
    table
        Name of a table that users can extend.
    cells
        Texts by column.

    Returns
    -------
    dict of str
        The licence class in every table, and the vintage that the id names. For a figure the
        quantity of its id, its kind, and what other vintages or the series say that it is about;
        for an act its id, targets, status, vintage and the day on which it was known.

    Examples
    --------
    >>> row = completed("claims", {"id": "mine_production/MMR/2024@own", "grade": "C"})
    >>> row["quantity"], row["vintage"], row["country"], row["kind"], row["licence"]
    ('mine_production', 'own', 'MMR', 'reported', 'cited-figure')
    >>> completed("measures", {"announced": "2025-06-01"})["first_known"]
    '2025-06-01'
    """
    row = {column: text.strip() for column, text in cells.items()}
    _fill(row, "vintage", row.get("id", "").rpartition("@")[2] if "@" in row.get("id", "") else "")
    own = _OWN.get(table)
    if own is not None:
        own(row)
    _fill(row, "licence", default_licence(None, row.get("grade")))
    return row


def _fill(row: dict[str, str], column: str, text: str) -> None:
    if not row.get(column):
        row[column] = text


def _claim(row: dict[str, str]) -> None:
    body = row.get("id", "").rpartition("@")[0]
    quantity, *parts = body.split("/")
    _fill(row, "quantity", quantity)
    _fill(row, "kind", "assumption" if row.get("grade") == "prior" else "reported")
    for other in vintages_of(body)[:1]:
        for name in WHAT:
            _fill(row, name, getattr(other, name))
        return
    # A new place or time of a known series is about what the series is about.
    series = shapes().get((quantity, *rest_of(parts)))
    if series is not None and len(series.about) == 1:
        (about,) = series.about
        for name, text in zip(("product", "stage", "industry"), about, strict=True):
            _fill(row, name, text)


def _measure(row: dict[str, str]) -> None:
    for column, text in (
        ("targets", "WLD"),
        ("vintage", "own"),
        ("status", _status(row)),
        ("first_known", row.get("announced", "")),
    ):
        _fill(row, column, text)
    words = re.findall(r"[A-Za-z0-9]+", row.get("act", "").lower())
    days = row.get("announced", "").split("-")
    _fill(row, "id", "-".join(["M", row.get("actor", "").replace(";", "-"), *days, *words[:6]]))


def _status(row: Mapping[str, str]) -> str:
    """Status that follows from the dates, as far as they can be read."""
    try:
        begins = dt.date.fromisoformat(row.get("in_force", ""))
        ends = dt.date.fromisoformat(row["ends"]) if row.get("ends") else None
    except ValueError:
        return "announced"
    today = dt.datetime.now(dt.UTC).date()
    if begins > today:
        return "scheduled"
    return "ended" if ends is not None and ends < today else "in_force"


_OWN: dict[str, Callable[[dict[str, str]], None]] = {"claims": _claim, "measures": _measure}
