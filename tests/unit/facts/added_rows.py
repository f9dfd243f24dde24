"""Rows to add, as texts by column, sound unless a test spoils them."""

from __future__ import annotations

from typing import Any

from xenotime.facts.adding import new_row

__all__ = ["act", "burma", "item", "row"]

_SOURCE = {
    "grade": "B",
    "vintage": "own",
    "first_known": "2026-07-01",
    "source_url": "memo 12",
    "source_title": "Trade press",
    "licence": "cited-figure",
}


def burma(value: str = "30000", **changes: str) -> dict[str, str]:
    """A new vintage of the mine output of Burma in 2024."""
    return {
        **_SOURCE,
        "id": "mine_production/MMR/2024@own",
        "quantity": "mine_production",
        "country": "MMR",
        "product": "ore",
        "stage": "mine",
        "period": "2024",
        "unit": "t REO",
        "mid": value,
        "kind": "reported",
        **changes,
    }


def act(**changes: str) -> dict[str, str]:
    """An export licence on light magnets."""
    return {
        **_SOURCE,
        "id": "M-CHN-2025-06-01-light",
        "act": "Announcement 30",
        "actor": "CHN",
        "targets": "WLD",
        "instrument": "export_licence",
        "elements": "Nd",
        "forms": "magnet",
        "announced": "2025-06-01",
        "first_known": "2025-06-01",
        "in_force": "2025-07-01",
        "status": "in_force",
        **changes,
    }


def item(**changes: str) -> dict[str, str]:
    """An item of that act's control list."""
    return {
        **_SOURCE,
        "id": "control_item/light/Nd/01@own",
        "announcement": "30/2025",
        "measure": "M-CHN-2025-06-01-light",
        "element": "Nd",
        "form": "magnet",
        "in_force": "2025-07-01",
        **changes,
    }


def row(table: str, cells: dict[str, str]) -> Any:
    return new_row(table, cells, label="the row")
