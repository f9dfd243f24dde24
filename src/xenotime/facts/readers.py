"""What in the model reads a figure: so that one that nothing reads is not said to count.

``bodies_read.csv`` lists the bodies (ids without vintage) that the builders of the networks ask
for, on record or not; one that ends in a slash stands for all that begin with it.
``tools/read_bodies.py`` writes it from the questions recorded while the networks are built,
and a test compares it with them. What this room's own accessors hand to runs (months of exports,
prices of oxides) is told by the conditions that these accessors use themselves.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from xenotime.facts.claims import is_observed_month
from xenotime.facts.series import is_oxide_price
from xenotime.facts.tables import embedded

if TYPE_CHECKING:
    from xenotime.facts.asking import Question
    from xenotime.facts.claims import Claim

__all__ = ["BODIES_READ", "bodies_asked", "bodies_read", "is_read"]

BODIES_READ = "bodies_read.csv"

# Accessors that look for a figure by what it is. Those that take a whole id (`get`) read no other
# vintage of it.
_BY_BODY = frozenset(
    {"xenotime.facts.vintages:newest_usable", "xenotime.facts.vintages:newest_under"}
)
_BY_ID = frozenset({"xenotime.facts.search:get"})


def bodies_asked(questions: Iterable[Question]) -> frozenset[str]:
    """Tell which bodies, and beginnings of bodies, recorded questions were about.

    Raises
    ------
    LookupError
        If a question was put to another accessor: what it reads is not known here.

    Examples
    --------
    >>> from xenotime.facts.asking import recording
    >>> from xenotime.facts.vintages import newest_usable
    >>> with recording() as questions:
    ...     _ = newest_usable("mine_production/nowhere/2024")
    >>> sorted(bodies_asked(questions))
    ['mine_production/nowhere/2024']
    """
    asked = list(questions)
    unknown = sorted({question.accessor for question in asked} - _BY_BODY - _BY_ID)
    if unknown:
        raise LookupError(f"no bodies can be told from questions to {', '.join(unknown)}")
    return frozenset(
        str(question.positional[0]) for question in asked if question.accessor in _BY_BODY
    )


@lru_cache(maxsize=1)
def bodies_read() -> frozenset[str]:
    """Return the bodies that the builders of the networks ask for, as they are listed.

    >>> "mine_production/MMR/2024" in bodies_read(), "mine_production/MMR/2023" in bodies_read()
    (True, False)
    """
    with embedded(BODIES_READ).open(encoding="utf-8", newline="") as lines:
        return frozenset(row["body"] for row in csv.DictReader(lines))


@lru_cache(maxsize=1)
def _beginnings() -> tuple[str, ...]:
    return tuple(sorted(body for body in bodies_read() if body.endswith("/")))


def is_read(claim: Claim) -> bool:
    """Whether anything in the model reads a figure, or would if no newer one were there.

    >>> from xenotime.facts.search import get
    >>> [is_read(get(f"mine_production/MMR/{year}@mcs2026")) for year in (2024, 2025)]
    [True, False]
    >>> is_read(get("ore_basket/xunwu/Yb@myb2022"))
    True
    """
    body = claim.id.rpartition("@")[0]
    return (
        body in bodies_read()
        or body.startswith(_beginnings())
        or is_observed_month(claim)
        or is_oxide_price(claim)
    )
