"""What a number of a run rests on: figures and acts, how old they are, and who disagrees."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xenotime import facts
from xenotime.facts.problems import RequestError
from xenotime.facts.taxonomy import MINERALS
from xenotime.facts.vintages import body_of, figure, vintages_of
from xenotime.policy.limits import ASSUMED

if TYPE_CHECKING:
    import pandas as pd

    from xenotime.networks.structure import ProductionNetwork
    from xenotime.runs.baseline import Built
    from xenotime.runs.keys import Number
    from xenotime.runs.running import Run
    from xenotime.runs.tracing import TracedFlow

__all__ = [
    "Input",
    "acts_behind",
    "against_observed",
    "disagreements",
    "figures_behind",
    "fit_of",
    "input_of",
    "observed_beside",
]

MOST_INPUTS = 12


@dataclass(frozen=True, slots=True)
class Input:
    """One figure, act or assumption that a number rests on.

    `role` says what for; `share_of_flows` is the share of the tonnage behind the number that the
    figure stands behind, None for acts; `age_days` runs from the day on which it was first known
    to the run's as-of day, or to today.
    """

    id: str
    role: str
    what: str
    low: float | None
    mid: float | None
    high: float | None
    unit: str
    grade: str
    vintage: str
    first_known: dt.date | None
    age_days: int | None
    source_title: str
    source_url: str
    share_of_flows: float | None


def input_of(id: str, role: str, day: dt.date, share: float | None) -> Input | None:  # noqa: A002
    """Look an id up; None when this program does not know it."""
    try:
        fact = facts.get(id)
    except RequestError:
        return None
    line = facts.brief(fact)
    known = line.first_known
    return Input(
        id=fact.id,
        role=role,
        what=line.text,
        low=line.low,
        mid=line.mid,
        high=line.high,
        unit=line.unit,
        grade=line.grade,
        vintage=str(getattr(fact, "vintage", "")),
        first_known=known,
        age_days=None if known is None else (day - known).days,
        source_title=str(getattr(fact, "source_title", "") or getattr(fact, "basis", "")),
        source_url=str(getattr(fact, "source_url", "")),
        share_of_flows=share,
    )


def figures_behind(
    flows: Sequence[TracedFlow], network: ProductionNetwork, day: dt.date
) -> list[Input]:
    """Figures behind flows, those behind the most tonnage first."""
    from xenotime.runs.tracing import shares_of_sources

    found = []
    for name, share in list(shares_of_sources(flows, network).items())[:MOST_INPUTS]:
        item = input_of(name, "pins or scales flows", day, share)
        found.append(item or _lost(name, share))
    return found


def _lost(id: str, share: float) -> Input:  # noqa: A002
    """Stand in for a figure that the run used and that this program does not have."""
    return Input(
        id, "pins or scales flows", "not among the facts of this program", None, None, None, "", "",
        "", None, None, "", "", share,
    )  # fmt: skip


def acts_behind(run: Run, number: Number, day: dt.date) -> list[Input]:
    """Acts that limit what the number is about: those of its permit classes."""
    table = run.frame("permits")
    if not len(table):
        return []
    chosen = table
    for name in ("origin", "destination", "use", "goods"):
        place = number.parts.get(name) or (
            number.parts.get("country") if name == "destination" else None
        )
        if place is not None and place not in {"WLD", "EUU"}:
            chosen = chosen[chosen[name] == place]
    product = number.parts.get("product", "magnet")
    if product != "magnet":
        kind = "mineral" if product in MINERALS else "oxide_metal"
        chosen = chosen[chosen["goods"] == kind]
    ids = _controls(chosen)
    if not ids and len(chosen):
        # Look-alikes list no act: they are held under those that limit magnets of the same origin.
        ids = _controls(table[table["origin"].isin(chosen["origin"])])
    found = (
        _assumed(name) if name.startswith(ASSUMED) else input_of(name, "limits exports", day, None)
        for name in ids
    )
    return [item for item in found if item is not None]


def _assumed(id: str) -> Input:  # noqa: A002
    """Stand in for a control that the scenario assumes and no record has."""
    return Input(
        id, "limits exports", "assumed by the scenario: no act of the record", None, None, None, "",
        "assumed", "", None, None, "", "", None,
    )  # fmt: skip


def _controls(permits: pd.DataFrame) -> list[str]:
    """Ids of the acts that classes list, each once."""
    if "controls" not in permits:  # a run of an earlier release
        return []
    ids = (name for text in permits["controls"].astype(str) for name in text.split(";") if name)
    return list(dict.fromkeys(ids))


def observed_beside(number: Number, day: dt.date) -> list[Input]:
    """Give the customs figure that stands beside a number, if there is one."""
    name = number.row.get("observed_source")
    item = None if name is None else input_of(name, "observed, for comparison", day, None)
    return [] if item is None else [item]


def against_observed(number: Number) -> list[str]:
    """Say whether what customs counted lies in the run's range."""
    observed = number.row.get("observed")
    if observed is None:
        return []
    low, high = number.row["p05"], number.row["p95"]
    where = "inside" if low <= observed <= high else "outside"
    source = number.row["observed_source"]
    told = f"{where} the run's 5 to 95 % range of {low:,.4g} to {high:,.4g} t"
    return [f"customs counted {observed:,.6g} t ({source}): {told}"]


def disagreements(inputs: Sequence[Input], made: Built) -> list[str]:
    """Other vintages of the figures, contradictions on record, and what the fit had to move."""
    lines = []
    for item in inputs:
        own = (item.low, item.mid, item.high)
        lines += [
            f"{item.id}: {other.id} has {figure(other)}, grade {other.grade}"
            for other in (vintages_of(body_of(item.id)) if "@" in item.id else ())
            if other.id != item.id and (other.low, other.mid, other.high) != own
        ]
        # a yield or a share that only helps to scale a row is not what the fit had to move
        fit = fit_of(item.id, made) if item.grade != "prior" else None
        if fit is not None and abs(fit["deviation_sigma"]) > 1.0:
            lines.append(
                f"{item.id}: the fit has {fit['fitted']:,.4g} where the figure gives"
                f" {fit['given']:,.4g} {fit['unit']} ({fit['deviation_sigma']:+.1f} sigma)"
            )
    urls = {item.source_url for item in inputs if item.source_url}
    lines += [
        f"{conflict.topic}: {conflict.claim_a} against {conflict.claim_b}: {conflict.assessment}"
        f" ({conflict.id})"
        for conflict in facts.conflicts()
        if urls & {conflict.source_a, conflict.source_b} and _concerns(conflict.topic, inputs)
    ]
    return lines


def _concerns(topic: str, inputs: Sequence[Input]) -> bool:
    """Whether a contradiction is about a country and a year that some input is about."""
    from xenotime.facts.taxonomy import country_name

    words = topic.casefold()
    for item in inputs:
        fact = facts.get(item.id) if "@" in item.id else None
        if isinstance(fact, facts.Claim) and fact.country and fact.period:
            name = country_name(fact.country).casefold()
            if fact.period in words and (name in words or fact.country.casefold() in words):
                return True
    return False


def fit_of(id: str, made: Built) -> dict[str, Any] | None:  # noqa: A002
    """How far the reconciliation had to move a figure."""
    for row in made.reconciliation.get("facts", ()):
        if id in str(row.get("sources") or "").split(";") and row.get("kind") == "level":
            names = ("given", "fitted", "unit", "deviation_sigma", "remark")
            return {name: row.get(name) for name in names}
    return None
