"""Figures that other rooms look up by what they are, not by id."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterable

from xenotime.facts.additions import remembered
from xenotime.facts.claims import Claim, claims
from xenotime.facts.problems import RequestError
from xenotime.facts.units import convert

__all__ = ["FIRST_AS_OF", "did_you_mean", "in_tonnes", "oxide_price", "oxide_price_claims"]

FIRST_AS_OF = dt.date(2025, 3, 31)
"""Earliest `as_of`: on this day the figures of 2024 that the network rests on were public."""

PRICE_YEAR = "2024"
_MEMBERS = {"light_rest": ("La", "Ce")}


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


@remembered()
def oxide_price_claims(product: str) -> tuple[Claim, ...]:
    """Claims behind `oxide_price`: the newest vintage for each oxide that the product stands for.

    Raises
    ------
    RequestError
        If no price of that oxide and year is embedded.

    >>> [c.id for c in oxide_price_claims("oxide:Dy")]
    ['oxide_price/Dy/2024@mcs2026']
    """
    element = product.partition(":")[2]
    chosen = []
    for member in _MEMBERS.get(element, (element,)):
        found = [
            c
            for c in claims(tables=("oxide_price",))
            if c.product == f"oxide:{member}" and c.period == PRICE_YEAR and c.mid is not None
        ]
        if not found:
            raise RequestError(f"no price of {product} in {PRICE_YEAR} is embedded")
        chosen.append(max(found, key=lambda c: (c.first_known or dt.date.min, c.id)))
    return tuple(chosen)


def oxide_price(product: str) -> float:
    """Mean price of an oxide in 2024, fob China, USD/kg: the newest vintage of the USGS figure.

    `oxide:light_rest` is the mean of lanthanum and cerium oxide.

    Raises
    ------
    RequestError
        If no price of that oxide and year is embedded.

    >>> oxide_price("oxide:Dy")
    257.0
    """
    prices = [c.mid for c in oxide_price_claims(product) if c.mid is not None]
    return sum(prices) / len(prices)
