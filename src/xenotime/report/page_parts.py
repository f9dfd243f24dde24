"""Pieces that every section of a page is made of: headings, tables, short numbers."""

from __future__ import annotations

from collections.abc import Iterable

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

__all__ = ["MOST_ROWS", "counted", "explain_codes", "heading", "percent", "short", "table"]

MOST_ROWS = 10


def heading(text: str, on: Console) -> None:
    """Print an empty line and a heading."""
    on.print()
    on.print(Text(text, style="bold"))


def table(first: str, *, no_wrap: bool = False) -> Table:
    """Make a table with its first column; without edges, so that 80 columns go far."""
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
    made.add_column(first, overflow="fold", no_wrap=no_wrap)
    return made


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """Write a number with its noun, of which one has no ending.

    Examples
    --------
    >>> counted(1, "row"), counted(1234, "row"), counted(2, "country", "countries")
    ('1 row', '1,234 rows', '2 countries')
    """
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def explain_codes(codes: Iterable[str], on: Console) -> None:
    """Print what those of the codes stand for that are no single country; else nothing."""
    from xenotime.facts.taxonomy import AGGREGATES, EU_NODES

    present = set(codes)
    meant = {code: name[0].lower() + name[1:] for code, name in AGGREGATES.items()}
    meant["EUU"] = AGGREGATES["EUU"]
    others = ", ".join(sorted(EU_NODES - {"REU"}))
    meant["REU"] = f"the members of the European Union (27) other than {others}"
    told = [f"{code}: {meaning}" for code, meaning in meant.items() if code in present]
    if told:
        on.print(f"{'; '.join(told)}.", style="dim")


def percent(share: float) -> str:
    """Write a share as a whole percentage.

    Examples
    --------
    >>> percent(0.253)
    '25 %'
    """
    return f"{100 * share:.0f} %"


def short(value: float) -> str:
    """Write a number with one decimal where it is small.

    Examples
    --------
    >>> short(3.26), short(1234.5), short(0)
    ('3.3', '1,234', '0')
    """
    return f"{value:.1f}" if 0 < value < 9.95 else f"{value:,.0f}"
