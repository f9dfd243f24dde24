"""What a scenario assumes beside the record: the block under the head of a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.text import Text

from xenotime.report.page_parts import heading

__all__ = ["show_assumed"]


def show_assumed(summary: Mapping[str, Any], on: Console) -> None:
    """Print a sentence for each entry of the scenario, or that the record runs as it is.

    Parameters
    ----------
    summary
        The JSON object `run`.
    on
        The console to print on.

    Raises
    ------
    KeyError
        When the summary lacks `assumed_by_scenario`.
    """
    sentences = summary["assumed_by_scenario"]
    if not sentences:
        heading("This scenario assumes nothing beside the record.", on)
        return
    heading("This scenario assumes:", on)
    for sentence in sentences:
        on.print(Text(f"  - {sentence}"))
