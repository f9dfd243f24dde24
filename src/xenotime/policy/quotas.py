"""Export quotas: how many tonnes may leave in a period, and who may ship them.

A quota limits what a country exports of some goods between two days, in tonnes of rare-earth oxide
(t REO): a tonne of metal counts what it would weigh as oxide. Quotas of the same goods that follow
each other are one pool of several periods. Exporters who have a share of their own are a pool each,
all others together are one: where no split is on record, that is everybody.

What an exporter leaves unused lapses at the end of its period, unless the rules carry it over.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from xenotime import facts
from xenotime.facts.units import element_per_oxide
from xenotime.policy.scope import is_controlled, listed_pairs

__all__ = [
    "EVERYBODY",
    "Pool",
    "Quota",
    "QuotaRules",
    "pool_of",
    "pools_of",
    "quota_path",
    "recorded_quotas",
    "reo_per_tonne",
]

Array = NDArray[np.float64]
EVERYBODY = "all others"
"""Name of the pool of the exporters that have no share of their own."""


@dataclass(frozen=True, order=True)
class Quota:
    """A volume (t REO) of some goods that may leave a country from `first` through `last`.

    `act` is the id of the act that sets it, or ``scenario``; `listed` are pairs of element and
    form, `source` the address of the tonnage.
    """

    origin: str
    first: dt.date
    last: dt.date
    tonnes: float
    act: str
    listed: frozenset[tuple[str, str]] = field(compare=False)
    source: str = ""


@dataclass(frozen=True)
class QuotaRules:
    """How quotas work in a scenario.

    Parameters
    ----------
    carry_over
        Share of an unused volume that the next period adds; nothing by default, as unused quotas
        lapsed.
    evenly
        Volumes may be used day by day in equal parts, instead of from the first day on.
    exporters
        Share of the volume that a producer of the network may export, by id. The rest is for all
        others together.
    """

    carry_over: float = 0.0
    evenly: bool = False
    exporters: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Pool:
    """Exporters who share a volume, and its periods in their order.

    `exporter` is the id of a producer or `EVERYBODY`, `share` its part of each quota.
    """

    origin: str
    listed: frozenset[tuple[str, str]]
    exporter: str
    share: float
    quotas: tuple[Quota, ...]


@lru_cache(maxsize=1)
def _rows() -> tuple[dict[str, str], ...]:
    file = resources.files("xenotime.policy") / "data" / "export_quotas.csv"
    with file.open(encoding="utf-8") as stream:
        return tuple(csv.DictReader(stream))


def recorded_quotas(acts: Collection[str]) -> tuple[Quota, ...]:
    """Quotas whose tonnage is on record, of the acts that happen, in the order of their days.

    Goods and country are those of the act. An act without a tonnage gives none: a missing figure
    is no quota of zero.

    Parameters
    ----------
    acts
        Ids of acts.

    Examples
    --------
    >>> for quota in recorded_quotas({"M001", "M002", "M008"}):
    ...     print(quota.act, quota.first, quota.last, quota.tonnes)
    M002 2010-01-01 2010-06-30 22282.0
    M001 2010-07-01 2010-12-31 7976.0
    M002 2011-07-01 2011-12-31 15738.0
    """
    known = {act.id: act for act in facts.measures()}
    found = [
        Quota(
            origin=known[row["act"]].actor,
            first=dt.date.fromisoformat(row["first"]),
            last=dt.date.fromisoformat(row["last"]),
            tonnes=float(row["tonnes"]),
            act=row["act"],
            listed=listed_pairs(known[row["act"]]),
            source=row["source_url"],
        )
        for row in _rows()
        if row["act"] in acts and row["act"] in known
    ]
    return tuple(sorted(found))


def pools_of(quotas: Iterable[Quota], rules: QuotaRules) -> tuple[Pool, ...]:
    """Gather quotas of the same goods, and split them among exporters.

    Parameters
    ----------
    quotas
        Quotas of a run.
    rules
        Who has a share; the others' pool is there even where nothing is left for it.

    Raises
    ------
    RequestError
        If two quotas of the same goods are in force on a day.

    Examples
    --------
    >>> rules = QuotaRules(exporters={"separation:ion_clay@CHN": 0.25})
    >>> for pool in pools_of(recorded_quotas({"M001", "M002"}), rules):
    ...     print(pool.exporter, pool.share, len(pool.quotas))
    separation:ion_clay@CHN 0.25 3
    all others 0.75 3
    """
    alike: dict[tuple[str, frozenset[tuple[str, str]]], list[Quota]] = {}
    for quota in sorted(quotas):
        alike.setdefault((quota.origin, quota.listed), []).append(quota)
    problems = [
        f"quotas of {one.act} ({one.first} to {one.last}) and {other.act} ({other.first} to"
        f" {other.last}) are for the same goods of {one.origin} on the same days: keep one"
        for periods in alike.values()
        for one, other in pairwise(periods)
        if other.first <= one.last
    ]
    if problems:
        raise facts.RequestError(problems, subject="quotas")
    shares = dict(rules.exporters)
    shares[EVERYBODY] = max(0.0, 1.0 - sum(shares.values()))
    return tuple(
        Pool(origin, listed, exporter, share, tuple(periods))
        for (origin, listed), periods in alike.items()
        for exporter, share in shares.items()
    )


def pool_of(
    pools: Sequence[Pool],
    product: str,
    contents: Mapping[str, float],
    *,
    supplier: str,
    origin: str,
    destination: str,
) -> int | None:
    """Place of the pool that an export counts against, None if it is under no quota.

    Parameters
    ----------
    pools
        All pools of a run.
    product, contents
        Product id, and its element shares (t element per t).
    supplier, origin, destination
        Who ships (producer id), from and to where.

    Raises
    ------
    RequestError
        If quotas of different lists cover the same good: a shipment counts against one.

    Examples
    --------
    >>> pools = pools_of(recorded_quotas({"M001"}), QuotaRules())
    >>> where = {"supplier": "separation:ion_clay@CHN", "origin": "CHN", "destination": "JPN"}
    >>> pool_of(pools, "oxide:Dy", {"Dy": 0.87}, **where)
    0
    >>> pool_of(pools, "magnet:NdFeB-heavy", {"Dy": 0.03}, **where) is None
    True
    """
    if origin == destination:
        return None
    found = {
        pool.listed: i
        for i, pool in enumerate(pools)
        if origin in pool.origin.split(";")
        and pool.exporter in {supplier, EVERYBODY}
        and is_controlled(product, contents, pool.listed)
        # a share of one's own comes before that of the others
        and (pool.exporter == supplier or not _has_own(pools, pool, supplier))
    }
    if len(found) > 1:
        acts = sorted({quota.act for i in found.values() for quota in pools[i].quotas})
        raise facts.RequestError(
            f"{product} of {supplier} is under quotas with different lists ({', '.join(acts)}):"
            " a shipment counts against one of them; leave the others out",
            subject="quotas",
        )
    return next(iter(found.values()), None)


def _has_own(pools: Sequence[Pool], pool: Pool, supplier: str) -> bool:
    return any(
        other.exporter == supplier and (other.origin, other.listed) == (pool.origin, pool.listed)
        for other in pools
    )


def quota_path(
    pool: Pool,
    days: Sequence[dt.date],
    rules: QuotaRules,
    active: Mapping[str, NDArray[np.bool_]],
) -> tuple[Array, NDArray[np.bool_]]:
    """Give what a pool may have shipped in its period up to each day, and where periods begin.

    A period that began before the run has the part of its volume that belongs to the days left.

    Parameters
    ----------
    pool
        Exporters and their quotas.
    days
        Calendar days of the run.
    rules
        Whether volumes come at once.
    active
        Days on which each act is in force, by id; quotas of other acts are in force throughout.

    Returns
    -------
    tonnes : ndarray
        (days,) t REO, infinite on days without a quota.
    opens : ndarray of bool
        (days,) first days of periods.

    Examples
    --------
    >>> pool = pools_of(recorded_quotas({"M001"}), QuotaRules())[0]
    >>> days = [dt.date(2010, 6, 30), dt.date(2010, 7, 1), dt.date(2010, 12, 31)]
    >>> tonnes, opens = quota_path(pool, days, QuotaRules(), {})
    >>> tonnes.tolist(), opens.tolist()
    ([inf, 7976.0, 7976.0], [False, True, False])
    """
    tonnes = np.full(len(days), np.inf)
    opens = np.zeros(len(days), dtype=bool)
    for quota in pool.quotas:
        inside = np.array([quota.first <= day <= quota.last for day in days])
        if not inside.any():
            continue
        length = (quota.last - quota.first).days + 1
        begun = max(0, (days[0] - quota.first).days)
        volume = quota.tonnes * pool.share * (length - begun) / length
        gone = np.array([(day - quota.first).days + 1 - begun for day in days]) / (length - begun)
        opens[int(inside.argmax())] = True
        limited = inside & active.get(quota.act, np.ones(len(days), dtype=bool))
        tonnes[limited] = (volume * gone if rules.evenly else np.full(len(days), volume))[limited]
    return tonnes, opens


def reo_per_tonne(contents: Mapping[str, float]) -> float:
    """Rare-earth oxide that a tonne of a good holds or would give, t REO per t.

    Parameters
    ----------
    contents
        Element shares (t element per t); other elements than rare earths do not count.

    Examples
    --------
    >>> round(reo_per_tonne({"Nd": 1.0}), 4)  # metal
    1.1664
    """
    return sum(
        share / element_per_oxide(element)
        for element, share in contents.items()
        if element in facts.ELEMENTS
    )
