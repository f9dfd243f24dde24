"""What in the model reads a figure: so that one that nothing reads is not said to count.

``bodies_read.csv`` lists the bodies (ids without vintage) that the builders of the networks ask
for; it is written by ``tools/read_bodies.py``, which records them while the networks are built, and
a test compares it with what they ask for. What this room's own accessors hand to runs (months of
exports, prices of oxides) is asked of them.
"""

from __future__ import annotations

import csv
from functools import lru_cache
from typing import TYPE_CHECKING

from xenotime.facts.claims import is_observed_month
from xenotime.facts.series import is_oxide_price
from xenotime.facts.tables import embedded

if TYPE_CHECKING:
    from xenotime.facts.claims import Claim

__all__ = ["BODIES_READ", "bodies_read", "is_read"]

BODIES_READ = "bodies_read.csv"


@lru_cache(maxsize=1)
def bodies_read() -> frozenset[str]:
    """Ids without vintage that the builders of the networks ask for, on record or not.

    >>> "mine_production/MMR/2024" in bodies_read(), "mine_production/MMR/2023" in bodies_read()
    (True, False)
    """
    with embedded(BODIES_READ).open(encoding="utf-8", newline="") as lines:
        return frozenset(row["body"] for row in csv.DictReader(lines))


def is_read(claim: Claim) -> bool:
    """Whether anything in the model reads a figure or would read it if no newer one were there.

    >>> from xenotime.facts.search import get
    >>> [is_read(get(f"mine_production/MMR/{year}@mcs2026")) for year in (2024, 2025)]
    [True, False]
    """
    body = claim.id.rpartition("@")[0]
    return body in bodies_read() or is_observed_month(claim) or is_oxide_price(claim)
