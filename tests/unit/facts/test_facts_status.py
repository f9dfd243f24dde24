"""What was added is told quickly, however much it is."""

from __future__ import annotations

import time

from unit.facts.added_rows import burma, row
from xenotime import facts
from xenotime.facts.status import row_line


def test_twenty_thousand_added_rows_are_told_in_seconds() -> None:
    claims = tuple(
        row("claims", burma(id=f"mine_production/MMR/{number}@own", period="2024"))
        for number in range(10_000, 30_000)
    )
    with facts.including(facts.Additions({"claims": claims})):
        row_line(claims[0])  # everything is read once
        began = time.perf_counter()
        told = {row_line(claim) for claim in claims[:5_000]}
    assert time.perf_counter() - began < 5.0
    (line,) = told
    assert line.startswith("30,000 t REO, grade B; ")
