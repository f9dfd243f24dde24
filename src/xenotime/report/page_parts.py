"""Pieces that every section of a page is made of: headings, tables, short numbers."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

__all__ = ["MOST_ROWS", "heading", "percent", "short", "table"]

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
