"""Quotas in a run: which links count against which, the arrays of a block, and what was used."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from xenotime import facts
from xenotime.policy.quotas import (
    EVERYBODY,
    Pool,
    Quota,
    QuotaRules,
    pool_of,
    pools_of,
    quota_path,
    recorded_quotas,
    reo_per_tonne,
)
from xenotime.runs.layout import rows
from xenotime.runs.tables import quantiles

if TYPE_CHECKING:
    from xenotime.runs.layout import Layout
    from xenotime.scenarios.model import Scenario

__all__ = ["QuotaLinks", "quota_arrays", "quota_links", "quota_rules", "quotas_of", "used_of"]

Array = NDArray[np.float64]
ASSUMED = "scenario"
"""Stands where a quota names the act that sets it, for quotas that a scenario adds."""


@dataclass(frozen=True)
class QuotaLinks:
    """Pools that have exports in the network, and the links that count against them."""

    pools: tuple[Pool, ...]
    rules: QuotaRules
    of_link: NDArray[np.int64]
    weight: Array


def quota_rules(scenario: Scenario) -> QuotaRules:
    """Turn a scenario's words about quotas into those of policy."""
    levers = scenario.quotas
    return QuotaRules(
        carry_over=levers.carry_over,
        evenly=levers.release == "evenly",
        exporters=levers.exporters,
    )


def quotas_of(scenario: Scenario, acts: Collection[str]) -> tuple[Quota, ...]:
    """Quotas that take effect on some day of a scenario: of the record, and added ones.

    Parameters
    ----------
    scenario
        Its factor multiplies the tonnages on record.
    acts
        Ids of the acts that happen.
    """
    levers = scenario.quotas
    recorded = [replace(q, tonnes=q.tonnes * levers.factor) for q in recorded_quotas(acts)]
    added = [
        Quota(
            origin=quota.origin,
            first=quota.first,
            last=quota.last,
            tonnes=quota.tonnes,
            act=ASSUMED,
            listed=frozenset((e, f) for e in quota.elements for f in quota.forms),
        )
        for quota in levers.added
    ]
    return tuple(
        quota
        for quota in (*recorded, *added)
        if quota.first <= scenario.end and scenario.start <= quota.last
    )


def quota_links(
    layout: Layout, quotas: Sequence[Quota], rules: QuotaRules, *, subject: str
) -> QuotaLinks | None:
    """Find the links that count against quotas; None where no quota touches the network.

    Raises
    ------
    RequestError
        If quotas overlap, or an exporter with a share exports nothing under a quota, also where
        no quota acts.
    """
    if not quotas:
        if rules.exporters:
            raise _nothing_to_split(layout, rules, subject)
        return None
    pools = pools_of(quotas, rules)
    of_link = np.full(len(layout.links), -1)
    weight = np.zeros(len(layout.links))
    for index, row in enumerate(rows(layout.links)):
        contents = layout.content(row.product, row.supplier)
        place = pool_of(
            pools,
            row.product,
            contents,
            supplier=row.supplier,
            origin=row.origin,
            destination=row.destination,
        )
        if place is not None:
            of_link[index], weight[index] = place, reo_per_tonne(contents)
    under = of_link >= 0
    exporters = sorted(set(layout.links["supplier"][under]))
    unknown = [name for name in rules.exporters if name not in exporters]
    offered = ", ".join(exporters) or "none: no export is under a quota"
    if unknown:
        raise facts.RequestError(
            [
                f"exporter {name} exports nothing under a quota"
                f"{facts.did_you_mean(name, exporters)}: give some of {offered}"
                for name in unknown
            ],
            subject=subject,
        )
    return QuotaLinks(pools, rules, of_link, weight) if under.any() else None


def _nothing_to_split(layout: Layout, rules: QuotaRules, subject: str) -> facts.RequestError:
    """Say that exporters have shares of nothing, and which of them are unknown."""
    suppliers = sorted(set(layout.links["supplier"]))
    problems = [
        f"quotas.exporters names unknown producer {name}{facts.did_you_mean(name, suppliers)}"
        for name in rules.exporters
        if name not in suppliers
    ]
    problems.append(
        f"quotas.exporters gives shares to {', '.join(rules.exporters)}, but no quota acts on"
        " any day of the run, so there is nothing to split: leave it out, or add a quota"
        " (quotas.added)"
    )
    return facts.RequestError(problems, subject=subject)


def quota_arrays(
    links: QuotaLinks | None,
    days: Sequence[dt.date],
    active: Mapping[str, NDArray[np.bool_]],
    beside: Array,
) -> dict[str, Any]:
    """Arrays of `ChainArrays` that hold exports to their quotas; none without quotas.

    Parameters
    ----------
    links
        Pools and links.
    days, active
        Calendar days of the run, and the days on which acts are in force.
    beside
        Tonnage that leaves beside a quota as a share of it, (draws,).
    """
    if links is None:
        return {}
    paths = [quota_path(pool, days, links.rules, active) for pool in links.pools]
    tonnes = np.stack([path for path, _ in paths])
    return {
        "link_quota": links.of_link,
        "quota_weight": links.weight,
        "quota_tonnes": tonnes[:, :, None] * (1.0 + beside),
        "quota_opens": np.stack([opens for _, opens in paths]),
        "quota_carry": np.full(len(links.pools), links.rules.carry_over),
    }


def used_of(links: QuotaLinks | None, used: Array, days: Sequence[dt.date]) -> list[dict[str, Any]]:
    """Say of each quota who had how much of it, and what was shipped under it.

    Quotas begin and end with months, so the months of a period add up to it.

    Parameters
    ----------
    links
        Pools and links.
    used
        What was counted, t REO by pool, month and draw.
    days
        Calendar days of the run.

    Returns
    -------
    list of dict
        A row for each pool and period: tonnes are those of the whole period, and `used` has
        quantiles over the draws for the days that the run covers.
    """
    if links is None:
        return []
    months = sorted({(day.year, day.month) for day in days})
    found = []
    for pool, counted in zip(links.pools, used, strict=True):
        for quota in pool.quotas:
            inside = np.array(
                [quota.first.replace(day=1) <= dt.date(y, m, 1) <= quota.last for y, m in months]
            )
            amounts = quantiles(counted[inside].sum(axis=0))
            found.append(
                {
                    "act": None if quota.act == ASSUMED else quota.act,
                    "origin": quota.origin,
                    "exporter": None if pool.exporter == EVERYBODY else pool.exporter,
                    "first": quota.first.isoformat(),
                    "last": quota.last.isoformat(),
                    "tonnes": quota.tonnes * pool.share,
                    "unit": "t REO",
                    "source_url": quota.source or None,
                    "used": {name: float(value) for name, value in amounts.items()},
                }
            )
    return found
