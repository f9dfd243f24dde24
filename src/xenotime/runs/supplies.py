"""Goods from outside the network in a run: who may take them, the arrays of a block, what came."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from xenotime import facts
from xenotime.facts.problems import RequestError
from xenotime.runs.layout import PER_DAY
from xenotime.runs.tables import quantiles

if TYPE_CHECKING:
    from collections.abc import Collection

    from xenotime.runs.layout import Layout
    from xenotime.scenarios.model import Scenario
    from xenotime.scenarios.supplies import Project, Recycling, StockRelease, Substitution

__all__ = [
    "OUTSIDE",
    "Supply",
    "assumed_supplies",
    "supplies_in",
    "supplies_told",
    "supply_arrays",
]

Array = NDArray[np.float64]
OUTSIDE = "from outside the network"
ABROAD = 1000
"""Level that a plant's users abroad have on top of their own: those at home come first."""
WORDS = {
    "stock_releases": "release of a stock",
    "projects": "plant to come",
    "recycling": "recycling",
    "substitution": "substitution",
}


@dataclass(frozen=True)
class Supply:
    """One entry of a scenario, as slots of a layout and series by day.

    `daily` is in tonnes and `part` in shares of planned use, each (days,); `levels` and `slots` go
    together, sorted by level. What is `late` comes after the last day, and gives nothing.
    """

    lever: str
    entry: int
    name: str | None
    product: str
    country: str | None
    destinations: tuple[str, ...]
    first: dt.date
    late: bool
    slots: NDArray[np.int64]
    levels: NDArray[np.int64]
    daily: Array
    part: Array
    holds: float
    replaces: bool
    grade: str | None
    reason: str
    sources: tuple[str, ...]
    use_t_per_year: float


def supplies_in(layout: Layout, scenario: Scenario, days: Sequence[dt.date]) -> tuple[Supply, ...]:
    """Find who may take what a scenario assumes to come from outside, and how much by day.

    Parameters
    ----------
    layout
        Integer structure of the network.
    scenario, days
        What is assumed, and the calendar days of the run.

    Returns
    -------
    tuple of Supply
        In the order in which they are taken: substitutes, recycled goods, plants, stocks.

    Raises
    ------
    RequestError
        With every entry that nobody can take, that begins after the last day, or that is more than
        the world uses in a year.
    """
    found: list[Supply] = []
    problems: list[str] = []
    for lever, entries in scenario.supplies.items():
        for place, entry in enumerate(entries):
            reader = _Reader(layout, scenario, days, lever, place, problems)
            found += getattr(reader, lever)(entry)
    if problems:
        raise RequestError(problems, subject=f"scenario {scenario.name}")
    return tuple(found)


class _Reader:
    """One entry of a scenario; its methods are named after the levers."""

    def __init__(
        self,
        layout: Layout,
        scenario: Scenario,
        days: Sequence[dt.date],
        lever: str,
        place: int,
        problems: list[str],
    ) -> None:
        self.layout, self.days, self.lever, self.place = layout, days, lever, place
        self.problems, self.ranked = problems, scenario.allocation == "priority"

    def substitution(self, entry: Substitution) -> list[Supply]:
        part = entry.share * self.ramp(entry.start, entry.full or entry.start)
        where = entry.destinations or ()
        return self.made(entry, entry.product, None, where, entry.start, part=part)

    def recycling(self, entry: Recycling) -> list[Supply]:
        ramp = self.ramp(entry.start, entry.full or entry.start)
        amount: dict[str, Any] = (
            {"part": entry.share * ramp}
            if entry.share is not None
            else {"per_year": entry.tonnes_per_year or 0.0, "ramp": ramp}
        )
        where = (entry.country,)
        return self.made(entry, entry.product, entry.country, where, entry.start, **amount)

    def stock_releases(self, entry: StockRelease) -> list[Supply]:
        rate = entry.tonnes_per_day or entry.tonnes / (entry.days or 1)
        where = entry.destinations or (entry.country,)
        return self.made(
            entry, entry.product, entry.country, where, entry.start,
            stock=entry.tonnes, daily=rate * self.ramp(entry.start, entry.start),
        )  # fmt: skip

    def projects(self, entry: Project) -> list[Supply]:
        later = dt.timedelta(days=entry.delay_days)
        if entry.project is None:
            assert entry.country and entry.product and entry.start  # noqa: PT018  # validated
            plants = [(entry.product, entry.country, entry.tonnes_per_year, entry.ramp_days or 0)]
            start, reason, grade, sources = entry.start, entry.reason, entry.grade, ""
        else:
            table = self.layout.projects
            rows = (
                [] if table is None else table[table["project"] == entry.project].to_dict("records")
            )
            if not rows:
                self.says(
                    f"{entry.project} was not announced on the day of this network: leave it out"
                )
                return []
            row = rows[0]
            announced, slippage = str(row["announced_start"]), float(row["slippage_days"])
            if self.stands_already(announced, str(row["status"])):
                self.says(
                    f"{entry.project} produces in the year of the network already"
                    f" ({row['status']}, from {announced} on): it is not to come; leave it out"
                )
                return []
            if entry.start is None and not announced:
                self.says(f"{entry.project} has no announced day of first output: give a start")
                return []
            plants = [
                (
                    str(r["product"]), str(r["country"]), float(r["capacity_t_per_year"]),
                    round(float(r["ramp_days"])),
                )
                for r in rows
            ]  # fmt: skip
            expected = dt.timedelta(days=round(slippage))
            start = entry.start or dt.date.fromisoformat(announced) + expected
            reason, grade = f"as announced by {row['company']}", None
            sources = str(row["source"])
        found = []
        for product, country, per_year, ramp_days in plants:
            full = start + later + dt.timedelta(days=ramp_days)
            abroad = tuple(n for n in entry.destinations or () if n != country)
            found += self.made(
                entry, product, country, (country, *abroad), start + later, due=start,
                name=entry.project,
                reason=reason, grade=grade, home=country, sources=sources,
                per_year=per_year or 0.0, ramp=self.ramp(start + later, full),
            )  # fmt: skip
        return found

    def stands_already(self, announced: str, status: str) -> bool:
        """Whether a plant is in the flows of the network's year."""
        started = bool(announced) and dt.date.fromisoformat(announced) < self.days[0]
        return started and status in {"operating", "ramping"}

    def ramp(self, start: dt.date, full: dt.date) -> Array:
        """Share of the whole on each day: from nothing on the day before `start` to all."""
        length = (full - start).days + 1
        done = np.array([(day - start).days + 1 for day in self.days]) / length
        share: Array = np.clip(done, 0.0, 1.0)
        return share

    def made(
        self,
        entry: Substitution | Recycling | StockRelease | Project,
        product: str,
        country: str | None,
        destinations: tuple[str, ...],
        first: dt.date,
        *,
        due: dt.date | None = None,
        name: str | None = None,
        reason: str | None = None,
        grade: str | None = None,
        home: str | None = None,
        sources: str = "",
        part: Array | None = None,
        daily: Array | None = None,
        per_year: float | None = None,
        ramp: Array | None = None,
        stock: float | None = None,
    ) -> list[Supply]:
        """Put an entry together; nothing where a problem was found.

        What only its delay moves from `due` beyond the last day is no slip: it gives nothing.
        """
        if (due or first) > self.days[-1]:
            self.says(
                f"starts on {due or first}, after {self.days[-1]}, the last day: leave it out"
            )
            return []
        for amount, unit in ((per_year, "t a year"), (stock, "t")):
            self.compare_with_the_world(product, amount, unit)
        slots = self.takers(product, destinations, entry.users, entry.uses)
        if not len(slots):
            return []
        levels = self.levels(slots, home)
        order = np.argsort(levels, kind="stable")
        if per_year is not None and ramp is not None:
            daily = per_year * PER_DAY * ramp
        unlimited = np.full(len(self.days), np.inf)
        return [
            Supply(
                lever=self.lever,
                entry=self.place,
                name=name,
                product=product,
                country=country,
                destinations=destinations,
                first=first,
                late=first > self.days[-1],
                slots=slots[order],
                levels=levels[order],
                daily=unlimited if daily is None else daily,
                part=unlimited if part is None else part,
                holds=np.inf if stock is None else stock,
                replaces=stock is None,
                grade=grade or entry.grade,
                reason=reason or entry.reason or "",
                sources=tuple(i for i in sources.split(";") if i),
                use_t_per_year=self.bought(slots),
            )
        ]

    def says(self, text: str) -> None:
        self.problems.append(f"{self.lever}.{self.place}: {text}")

    def bought(self, slots: NDArray[np.int64]) -> float:
        """Tonnes a year that slots take at base, the mean over the ensemble."""
        links = np.isin(self.layout.links["in_slot"].to_numpy(), slots)
        return float(self.layout.flows[links].mean(axis=1).sum() / PER_DAY)

    def compare_with_the_world(self, product: str, amount: float | None, unit: str) -> None:
        """Refuse more than the world uses in a year: a slip of units, not a lever."""
        whole = self.bought(np.flatnonzero(self.layout.inputs["product"].to_numpy() == product))
        if amount is not None and whole and amount > whole:
            self.says(
                f"{amount:,g} {unit} of {product} are more than the {whole:,.0f} t that the world"
                " buys in a year: give tonnes, not kilograms, and less than that"
            )

    def takers(
        self,
        product: str,
        destinations: Collection[str],
        users: Collection[str] | None,
        uses: Collection[str] | None,
    ) -> NDArray[np.int64]:
        """Find the input slots that an entry reaches; says what is wrong where there are none."""
        inputs, producers = self.layout.inputs, self.layout.producers
        slots = np.flatnonzero(inputs["product"].to_numpy() == product)
        owner = inputs["producer"].to_numpy()[slots]
        country = producers["country"].to_numpy()[owner]
        if destinations:
            inside = np.isin(country, list(destinations))
            if not inside.any():
                buyers = ", ".join(sorted(set(country))) or "nobody"
                self.says(
                    f"nobody in {', '.join(destinations)} buys {product}: buyers are in {buyers}"
                )
                return slots[:0]
            slots, owner = slots[inside], owner[inside]
        kinds = np.array([_kind(*row) for row in zip(
            producers["stage"].to_numpy()[owner], producers["industry"].to_numpy()[owner],
            producers["parent"].to_numpy()[owner], strict=True,
        )])  # fmt: skip
        here = sorted({str(kind) for kind in kinds})
        if unknown := [name for name in users or () if name not in here]:
            self.says(
                "; ".join(
                    f"{name} buys no {product} there{facts.did_you_mean(name, here)}"
                    for name in unknown
                )
                + f": give some of {', '.join(here)}"
            )
            return slots[:0]
        kept = np.isin(kinds, list(users)) if users else np.ones(len(slots), bool)
        if uses:
            kept &= np.isin(np.where(kinds == "defence", "defence", "civil"), list(uses))
            if not kept.any():
                self.says(f"no {' or '.join(uses)} use of {product} there: leave out uses")
        return slots[kept]

    def levels(self, slots: NDArray[np.int64], home: str | None) -> NDArray[np.int64]:
        """Order in which slots are served: home first, then by the priority of the use."""
        layout = self.layout
        level = np.zeros(len(slots), np.int64)
        if self.ranked:
            of_slot = np.ones(len(layout.inputs), np.int64)
            of_slot[layout.links["in_slot"].to_numpy()] = layout.links["priority"].to_numpy()
            level += of_slot[slots]
        if home is not None:
            country = layout.producers["country"].to_numpy()[
                layout.inputs["producer"].to_numpy()[slots]
            ]
            level += np.where(country == home, 0, ABROAD)
        return level


def _kind(stage: str, industry: str, parent: str) -> str:
    """Name a buyer as scenarios do: industry, kind of component, or step of the chain."""
    if stage == "industry":
        return industry
    return parent.rpartition("@")[0] if stage == "component" else stage


def supply_arrays(layout: Layout, scenario: Scenario, days: Sequence[dt.date]) -> dict[str, Any]:
    """Arrays of `ChainArrays` with what comes from outside; none where nothing does.

    Parameters
    ----------
    layout, scenario, days
        As for `supplies_in`.

    Raises
    ------
    RequestError
        As `supplies_in`.
    """
    found = supplies_in(layout, scenario, days)
    if not found:
        return {}
    return {
        "supply_ptr": np.cumsum([0, *(len(supply.slots) for supply in found)]),
        "supply_slot": np.concatenate([supply.slots for supply in found]),
        "supply_level": np.concatenate([supply.levels for supply in found]),
        "supply_daily": np.stack([supply.daily for supply in found]),
        "supply_holds": np.array([supply.holds for supply in found], dtype=float),
        "supply_part": np.stack([supply.part for supply in found]),
        "supply_replaces": np.array([supply.replaces for supply in found]),
    }


def supplies_told(
    summary: dict[str, Any],
    scenario: Scenario,
    layout: Layout,
    days: Sequence[dt.date],
    supplied: Array,
) -> dict[str, Any]:
    """Give the summary of a run with what came from outside in it: `supplies`.

    Parameters
    ----------
    summary
        The JSON object `run`; it is not changed.
    scenario, layout, days
        As for `supplies_in`.
    supplied
        What each supply gave, t by supply, month and draw.
    """
    found = supplies_in(layout, scenario, days)
    told = [_row(supply, given) for supply, given in zip(found, supplied, strict=True)]
    cited = {i for supply in found for i in supply.sources if not i.startswith("prior/")}
    return {
        **summary,
        "supplies": told,
        "sources": sorted({*summary["sources"], *cited}),
    }


def _row(supply: Supply, given: Array) -> dict[str, Any]:
    offered = float(np.minimum(supply.daily.sum(), supply.holds))
    amounts = quantiles(given.sum(axis=0))
    return {
        "lever": supply.lever,
        "entry": supply.entry,
        "project": supply.name,
        "product": supply.product,
        "country": supply.country,
        "destinations": list(supply.destinations) or None,
        "first": supply.first.isoformat(),
        "offered": offered if np.isfinite(offered) else None,
        "largest_share": float(supply.part.max()) if np.isfinite(supply.part).all() else None,
        "use_t_per_year": supply.use_t_per_year,
        "given": {name: float(value) for name, value in amounts.items()},
        "unit": "t",
        "origin": OUTSIDE,
        "grade": supply.grade,
        "reason": supply.reason,
    }


def assumed_supplies(
    scenario: Scenario, layout: Layout, days: Sequence[dt.date], *, lever: str | None = None
) -> list[str]:
    """Say what a scenario assumes to come from outside, a line each.

    Parameters
    ----------
    scenario, layout, days
        As for `supplies_in`.
    lever
        Only what this key of the scenario assumes, with its amounts; all, without amounts, which
        may differ from run to run, where it is left out.
    """
    found = supplies_in(layout, scenario, days)
    if lever is None:
        return [*map(_line, found)]
    entries = scenario.supplies[lever]
    lines = [
        _line(supply, _amount(entries[supply.entry], supply), _takers(entries[supply.entry]))
        for supply in found
        if supply.lever == lever
    ]
    acting = {supply.entry for supply in found if supply.lever == lever}
    return lines + [
        f"{WORDS[lever]} (entry {place}): nobody in the network takes it"
        for place in range(len(entries))
        if place not in acting
    ]


def _amount(entry: StockRelease | Project | Recycling | Substitution, supply: Supply) -> str:
    """Write how much comes in the end, and how fast, before the product."""
    full = getattr(entry, "full", None)
    rise = "" if full is None or full == entry.start else f" from {full} on, after an even rise,"
    if supply.lever == "stock_releases":
        return f"{supply.holds:g} t, up to {float(supply.daily.max()):.3g} t a day, of "
    if np.isfinite(supply.part).all():
        share: float = getattr(entry, "share")  # noqa: B009
        return f"{share:g} of planned use{rise} of "
    if supply.lever == "projects":
        most = float(supply.daily.max()) / PER_DAY
        return f"up to {most:,.0f} t a year within this run of "
    return f"{getattr(entry, 'tonnes_per_year'):g} t a year{rise} of "  # noqa: B009


def _takers(entry: StockRelease | Project | Recycling | Substitution) -> str:
    """Name the buyers and uses that an entry is for, where it is not for all."""
    named = [*(entry.users or ()), *([f"{' and '.join(entry.uses)} use"] if entry.uses else [])]
    return f" ({', '.join(named)})" if named else ""


def _line(supply: Supply, amount: str | None = None, takers: str = "") -> str:
    """Say what is assumed, by which grade and why, and what hangs in the air."""
    where = ", ".join(supply.destinations or ["all countries"])
    late = " after the last day of the run, so nothing of it comes" if supply.late else " on"
    grade = "announced" if supply.grade is None else f"grade {supply.grade}"
    said = ": this scenario assumes it" if amount is None else ""
    return (
        f"{WORDS[supply.lever]}: {amount or ''}{supply.product} for {where}{takers} from"
        f" {supply.first}{late} ({grade}: {supply.reason}){said}; it comes {OUTSIDE}"
    )
