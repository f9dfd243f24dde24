"""What was added is told quickly, however much it is."""

from __future__ import annotations

import time
from dataclasses import replace

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


def test_a_row_that_a_release_embeds_says_whether_it_says_the_same() -> None:
    embedded = facts.get("mine_production/MMR/2024@mcs2026")
    act = facts.get("M023")
    assert isinstance(embedded, facts.Claim)
    assert isinstance(act, facts.Measure)
    later = replace(act, grade="C", targets=("JPN", "USA"), note="another")
    for claim, measure, wanted in (
        (embedded, act, ("and the same", "and the same")),
        (replace(embedded, mid=None, high=30_000.0), later, ("27,000 t REO, not (", "'JPN;USA'")),
    ):
        added = facts.Additions({"claims": (claim,), "measures": (measure,)})
        with facts.including(added):
            lines = (row_line(claim), row_line(measure))
        for line, part in zip(lines, wanted, strict=True):
            assert line.startswith("rests: ")
            assert part in line
