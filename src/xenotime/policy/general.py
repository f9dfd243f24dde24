"""General licences: what is on record of who gets them, for how long, and how many there are."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from xenotime import facts

__all__ = ["ACT", "GeneralLicences", "general_licences_on"]

ACT = "M050"
"""Act of the record by which the first general licences were given."""
_RULES = ("general licence: who", "general licence", "general licences for rare earths in use")
_CLAIMS = ("licence_general/", "/general_confirmed/", "/left_out/", "/general_licence/")


@dataclass(frozen=True, slots=True)
class GeneralLicences:
    """What the record says of licences for all shipments of a customer.

    `granted` says whether any had been by the day asked for, `since` is when the first were.
    `counts` are ids of published shares of applications that were approved: without one no chance
    and no day can be given. `excluded` says why the end user gets none, if a list says so. `said`
    are rules and reports known by the day, each with its id.
    """

    act: str
    since: dt.date
    granted: bool
    counts: tuple[str, ...]
    excluded: str
    said: tuple[tuple[str, str], ...]


def general_licences_on(day: dt.date, *, listed: bool = False) -> GeneralLicences:
    """Say what is known by a day about general licences.

    Parameters
    ----------
    day
        Day on which an application would be accepted.
    listed
        Whether the end user is on a list in force: then there are single licences at most.

    Examples
    --------
    >>> found = general_licences_on(dt.date(2025, 12, 10))
    >>> found.granted, found.counts, found.since.isoformat()
    (True, (), '2025-12-02')
    >>> general_licences_on(dt.date(2025, 6, 1)).granted
    False
    """
    act = facts.get(ACT)
    assert isinstance(act, facts.Measure)
    assert act.in_force is not None
    said = [(act.id, f"{act.act}: {act.note}")] if act.in_force <= day else []
    said += [
        (rule.id, f"{rule.rule}: {rule.value} {rule.unit}".rstrip())
        for name in _RULES
        for rule in facts.scope_rules()
        if rule.rule == name and rule.since <= day.isoformat()
    ]
    known = facts.claims(day)
    said += [
        (claim.id, f"{_amount(claim)}{claim.note}")
        for claim in known
        if any(part in claim.id for part in _CLAIMS)
    ]
    return GeneralLicences(
        act=act.id,
        since=act.in_force,
        granted=act.in_force <= day,
        counts=tuple(
            c.id for c in known if c.quantity == "licence_approval_rate" and "general" in c.id
        ),
        excluded="firms on lists get single licences at most" if listed else "",
        said=tuple(said),
    )


def _amount(claim: facts.Claim) -> str:
    """Write the figure of a claim, if it has one, before its note."""
    return "" if claim.mid is None else f"{claim.mid:g} {claim.unit}: "
