"""Figures that other rooms look up by what they are, not by id."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterable

from xenotime.facts.additions import remembered
from xenotime.facts.claims import Claim, claims
from xenotime.facts.problems import RequestError
from xenotime.facts.units import convert

__all__ = [
    "FIRST_AS_OF",
    "did_you_mean",
    "in_tonnes",
    "is_oxide_price",
    "oxide_price",
    "oxide_price_claims",
]

FIRST_AS_OF = dt.date(2025, 3, 31)
"""Earliest `as_of`: on this day the figures of 2024 that the network rests on were public."""

PRICE_YEAR = "2024"


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Suggest the nearest known names, as a clause to append to a message.

    >>> did_you_mean("hold_shar", ["hold_share", "filing_lag_days"])
    " (did you mean 'hold_share'?)"
    >>> did_you_mean("xyz", ["hold_share"])
    ''
    """
    near = difflib.get_close_matches(name, list(known), n=2, cutoff=0.6)
    return f" (did you mean {' or '.join(repr(n) for n in near)}?)" if near else ""


def in_tonnes(claim: Claim) -> float:
    """Middle value of a mass in tonnes.

    Raises
    ------
    RequestError
        If the claim has no middle value, or its unit is no mass.

    >>> from xenotime.facts.claims import observed_exports
    >>> in_tonnes(observed_exports()["Dy", "WLD", "2024-06"])
    26.037
    """
    if claim.mid is None:
        raise RequestError(f"{claim.id} has no middle value: read its low and high")
    return convert(claim.mid, claim.unit, "t")


def is_oxide_price(claim: Claim) -> bool:
    """Whether a figure is a price by which an oxide steers its plant.

    >>> [is_oxide_price(c) for c in claims() if c.id == "oxide_price/Dy/2024@mcs2026"]
    [True]
    """
    return (
        claim.quantity == "oxide_price"
        and claim.product.startswith("oxide:")
        and claim.period == PRICE_YEAR
        and claim.mid is not None
        and claim.kind in {"reported", "derived", "assumption"}
        and claim.grade != "D"
    )


@remembered()
def oxide_price_claims() -> dict[str, Claim]:
    """Newest vintage of the price of each oxide in 2024, by element; thulium has none.

    Do not change the returned dict.

    >>> oxide_price_claims()["Dy"].id, "Tm" in oxide_price_claims()
    ('oxide_price/Dy/2024@mcs2026', False)
    """
    found = [claim for claim in claims(tables=("oxide_price",)) if is_oxide_price(claim)]
    found.sort(key=lambda claim: (claim.first_known or dt.date.min, claim.id))
    return {claim.product.partition(":")[2]: claim for claim in found}


def oxide_price(product: str) -> float:
    """Mean price of an oxide in 2024, fob China, USD/kg: the newest vintage of the USGS figure.

    Raises
    ------
    RequestError
        If no price of that oxide and year is embedded.

    >>> oxide_price("oxide:Dy")
    257.0
    """
    claim = oxide_price_claims().get(product.partition(":")[2])
    if claim is None or claim.mid is None:
        raise RequestError(f"no price of {product} in {PRICE_YEAR} is embedded")
    return claim.mid
