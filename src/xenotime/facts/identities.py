"""Do published statistics agree with their own parts? Balances and totals, recomputed.

The identities are those that the U.S. Geological Survey states in its Mineral Commodity Summaries:

- apparent consumption = output + imports - exports, with changes of stocks where its definition
  says so (a fall of stocks adds);
- net import reliance = (imports - exports, with changes of stocks) / apparent consumption;
- the world total is the sum of countries, rounded;
- the shares of origins in imports add up to 100 per cent.

Every printed figure is rounded. A figure stands for the interval of half its last digit that is
not a trailing zero on either side, and an identity agrees when the interval that its parts span
meets the interval that is printed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import TYPE_CHECKING

from xenotime.facts.additions import remembered
from xenotime.facts.claims import Claim, claims
from xenotime.facts.tables import RowReader, embedded, read_rows

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "EXCEPTION_COLUMNS",
    "Identity",
    "IdentityException",
    "half_digit",
    "identities",
    "identity_exceptions",
    "read_identity_exceptions",
]

EDITION = "mcs2026"
Interval = tuple[float, float]

WORLD_TABLES = ("mineral_production", "mineral_reserves", "mine_production", "mine_reserves")
US_TABLES = (
    *("us_production", "us_imports", "us_exports", "us_stocks", "us_sales", "us_shipments"),
    *("us_apparent_consumption", "us_net_import_reliance", "us_import_share"),
)


@dataclass(frozen=True, slots=True)
class Identity:
    """One identity: what is printed, what its parts give, and whether the two meet.

    `printed` and `recomputed` are intervals in `unit`; `parts` are the ids that were used.
    `status` is ``agrees``, ``differs``, or ``open`` where a part is withheld or not published.
    """

    id: str
    kind: str
    claim: str
    unit: str
    printed: Interval
    recomputed: Interval
    parts: tuple[str, ...]
    status: str
    reason: str


@dataclass(frozen=True, slots=True)
class IdentityException:
    """An identity that is known not to hold as printed, and why."""

    id: str
    reason: str
    note: str


EXCEPTION_COLUMNS: tuple[str, ...] = tuple(field.name for field in fields(IdentityException))
"""Header of ``identity_exceptions.csv``."""

REASONS: dict[str, str] = {
    "rounding": "a part or the total is rounded more than its last digit shows",
    "definition": "the source counts other goods, forms or years than the rows that it prints",
    "stocks": "changes of stocks enter that are not published",
    "hidden output": "output that is withheld in one table stands in another one's total",
    "unexplained": "nothing in the source explains it",
}


def half_digit(value: float) -> float:
    """Half of the last digit of a number that is not a trailing zero.

    Examples
    --------
    >>> half_digit(67000.0), half_digit(46.4), half_digit(5.0), half_digit(0.0)
    (500.0, 0.05, 0.5, 0.0)
    """
    if value == 0:
        return 0.0
    text = f"{abs(value):.6f}".rstrip("0").rstrip(".")
    whole, _, decimals = text.partition(".")
    if decimals:
        return 0.5 * 10.0 ** -len(decimals)
    return 0.5 * 10.0 ** (len(whole) - len(whole.rstrip("0")))


def _interval(claim: Claim) -> Interval | None:
    """Return what a printed figure stands for; None where there is none."""
    if claim.kind == "gap" or claim.unit == "qualitative":
        return None
    if claim.mid is not None:
        half = half_digit(claim.mid)
        return claim.mid - half, claim.mid + half
    if claim.low is None and claim.high is None:
        return None
    low = float("-inf") if claim.low is None else claim.low
    return low, float("inf") if claim.high is None else claim.high


def _sum(parts: Iterable[Interval]) -> Interval:
    found = list(parts)
    return sum(low for low, _ in found), sum(high for _, high in found)


def _meet(one: Interval, other: Interval) -> bool:
    # A hair of room: the ends of the intervals are sums of decimal fractions.
    room = 1e-9 * max(1.0, *(abs(end) for end in (*one, *other) if abs(end) != float("inf")))
    return one[0] <= other[1] + room and other[0] <= one[1] + room


def _judge(
    kind: str, claim: Claim, printed: Interval, recomputed: Interval, parts: Iterable[Claim]
) -> Identity:
    stem = claim.id.partition("@")[0]
    return Identity(
        id=f"{kind}/{stem}",
        kind=kind,
        claim=claim.id,
        unit=claim.unit,
        printed=printed,
        recomputed=recomputed,
        parts=tuple(part.id for part in parts),
        status="agrees" if _meet(printed, recomputed) else "differs",
        reason="",
    )


def _open(kind: str, claim: Claim, printed: Interval, parts: Iterable[Claim], why: str) -> Identity:
    stem = claim.id.partition("@")[0]
    nothing = (float("-inf"), float("inf"))
    ids = tuple(part.id for part in parts)
    return Identity(
        f"{kind}/{stem}", kind, claim.id, claim.unit, printed, nothing, ids, "open", why
    )


def _edition(tables: tuple[str, ...]) -> list[Claim]:
    return [claim for claim in claims(tables=tables) if claim.vintage == EDITION]


def _world_totals() -> Iterable[Identity]:
    groups: dict[tuple[str, ...], list[Claim]] = defaultdict(list)
    for claim in _edition(WORLD_TABLES):
        groups[claim.quantity, *claim.segments[1:]].append(claim)
    for members in groups.values():
        world = next((claim for claim in members if claim.country == "WLD"), None)
        parts = [claim for claim in members if claim.country != "WLD"]
        printed = _interval(world) if world else None
        if world is None or printed is None or not parts:
            continue
        known = {claim.id: _interval(claim) for claim in parts}
        missing = [key for key, interval in known.items() if interval is None]
        total = _sum(interval for interval in known.values() if interval is not None)
        if missing:
            # What is known may not exceed the whole.
            if total[0] > printed[1]:
                yield _judge("world_total", world, printed, total, parts)
            else:
                yield _open("world_total", world, printed, parts, f"{len(missing)} parts hidden")
            continue
        yield _judge("world_total", world, printed, total, parts)


def _import_shares() -> Iterable[Identity]:
    groups: dict[tuple[str, ...], list[Claim]] = defaultdict(list)
    for claim in _edition(("us_import_share",)):
        groups[tuple(part for part in claim.segments if part != claim.partner)].append(claim)
    for members in groups.values():
        total = _sum(interval for claim in members if (interval := _interval(claim)))
        first = min(members, key=lambda claim: claim.id)
        stem = "/".join(part for part in first.segments if part != first.partner)
        yield Identity(
            id=f"import_shares/us_import_share/{stem}",
            kind="import_shares",
            claim=first.id,
            unit="percent",
            printed=(100.0, 100.0),
            recomputed=total,
            parts=tuple(claim.id for claim in members),
            status="agrees" if _meet((100.0, 100.0), total) else "differs",
            reason="",
        )


_OUTPUT_TABLES = frozenset({"us_production", "us_sales", "us_shipments"})


@dataclass(frozen=True, slots=True)
class _Term:
    """Which rows of a table a definition counts, where it does not count them all."""

    mineral: str
    term: str
    series: tuple[str, ...]


def _parse_term(cells: RowReader) -> _Term:
    return _Term(
        mineral=cells.text("mineral", required=True),
        term=cells.choice("term", ("output", "imports", "exports", "stocks")),
        series=cells.choices("series"),
    )


@lru_cache(maxsize=1)
def _terms() -> dict[tuple[str, str], tuple[str, ...]]:
    columns = tuple(field.name for field in fields(_Term))
    path = embedded("identity_terms.csv")
    found = read_rows(path, columns, _parse_term, lambda term: f"{term.mineral} {term.term}")
    return {(term.mineral, term.term): term.series for term in found}


class _Balance:
    """Rows of the United States by table, mineral and year; what a definition adds up."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str, str], list[Claim]] = defaultdict(list)
        for claim in _edition(US_TABLES):
            if claim.quantity != "us_import_share":
                self.rows[claim.quantity, claim.segments[1], claim.period].append(claim)

    def term(self, table: str, mineral: str, year: str) -> list[Claim]:
        """Rows of a term: those that the definition names, else the printed total, else all."""
        found = self.rows[table, mineral, year]
        name = "output" if table in _OUTPUT_TABLES else table.removeprefix("us_")
        named = _terms().get((mineral, name))
        if named is not None:
            return [claim for claim in found if claim.segments[-2] in named]
        totals = [claim for claim in found if "total" in claim.segments[-2]]
        return totals or found

    def stock_change(self, mineral: str, year: str) -> tuple[list[Claim], Interval | None]:
        """Fall of stocks in a year, which adds to supply."""
        before = self.term("us_stocks", mineral, str(int(year) - 1))
        after = self.term("us_stocks", mineral, year)
        ends = [_interval(claim) for claim in (*before, *after)]
        if not before or not after or None in ends:
            return [*before, *after], None
        opening = _sum(end for end in ends[: len(before)] if end)
        closing = _sum(end for end in ends[len(before) :] if end)
        return [*before, *after], (opening[0] - closing[1], opening[1] - closing[0])

    def net_imports(
        self, mineral: str, year: str, formula: str
    ) -> tuple[list[Claim], Interval | None, str]:
        """Subtract exports from imports; stocks count where the definition says so."""
        imports = self.term("us_imports", mineral, year) if "imports" in formula else []
        exports = self.term("us_exports", mineral, year) if "exports" in formula else []
        parts = [*imports, *exports]
        ends = [_interval(claim) for claim in parts]
        if ("imports" in formula and not imports) or ("exports" in formula and not exports):
            return parts, None, "imports or exports are not printed"
        if None in ends:
            return parts, None, "imports or exports are withheld"
        bought = _sum(end for end in ends[: len(imports)] if end)
        sold = _sum(end for end in ends[len(imports) :] if end)
        net = (bought[0] - sold[1], bought[1] - sold[0])
        if "stocks" not in formula.partition(";")[0]:
            return parts, net, ""
        used, change = self.stock_change(mineral, year)
        if change is None:
            return [*parts, *used], None, "changes of stocks are not printed"
        return [*parts, *used], (net[0] + change[0], net[1] + change[1]), ""

    def output(self, mineral: str, year: str, formula: str) -> tuple[list[Claim], Interval | None]:
        """Home supply that a definition of consumption begins with."""
        head = formula.partition(" imports")[0]
        table = "us_production"
        if "sales" in head and self.rows["us_sales", mineral, year]:
            table = "us_sales"
        elif "shipments" in head:
            table = "us_shipments"
        if formula.startswith(("imports", "total fluorspar imports", "refined imports")):
            return [], (0.0, 0.0)
        rows = [claim for claim in self.term(table, mineral, year) if claim.unit != "percent"]
        if head.startswith("secondary"):
            rows = [claim for claim in rows if "secondary" in claim.segments[-2]] or rows
        ends = [_interval(claim) for claim in rows]
        if not rows or None in ends:
            return rows, None
        return rows, _sum(end for end in ends if end)


def _balances() -> Iterable[Identity]:
    balance = _Balance()
    for claim in _edition(("us_apparent_consumption",)):
        printed = _interval(claim)
        if printed is None or not claim.formula or "consumption" in claim.formula:
            continue
        mineral, year = claim.segments[1], claim.period
        if len(balance.rows["us_apparent_consumption", mineral, year]) > 1:
            continue  # one balance for each form, whose parts are not told apart
        used, net, why = balance.net_imports(mineral, year, claim.formula)
        made, output = balance.output(mineral, year, claim.formula)
        parts = [*made, *used]
        if net is None or output is None:
            reason = why or "output is withheld or not printed"
            yield _open("apparent_consumption", claim, printed, parts, reason)
            continue
        total = (output[0] + net[0], output[1] + net[1])
        yield _judge("apparent_consumption", claim, printed, total, parts)
    for claim in _edition(("us_net_import_reliance",)):
        printed = _interval(claim)
        mineral, year = claim.segments[1], claim.period
        whole = balance.rows["us_apparent_consumption", mineral, year]
        if printed is None or len(whole) != 1 or not claim.formula:
            continue
        if len(balance.rows["us_net_import_reliance", mineral, year]) > 1:
            continue
        used, net, why = balance.net_imports(mineral, year, claim.formula)
        base = _interval(whole[0])
        parts = [*whole, *used]
        if net is None or base is None or base[0] <= 0:
            reason = why or "consumption is withheld"
            yield _open("net_import_reliance", claim, printed, parts, reason)
            continue
        shares = [100.0 * top / bottom for top in net for bottom in base]
        # A reliance above 100 per cent is printed as 100.
        reached = (min(*shares, 100.0), max(shares))
        yield _judge("net_import_reliance", claim, printed, reached, parts)


@remembered(maxsize=4)
def identities() -> tuple[Identity, ...]:
    """Recompute every identity of the newest edition whose parts are published.

    Returns
    -------
    tuple of Identity
        In the order of their ids; those with a hidden part have the status ``open``.

    Examples
    --------
    >>> found = {identity.id: identity for identity in identities()}
    >>> found["world_total/mineral_production/WLD/tungsten/2024"].status
    'agrees'
    """
    found = [*_world_totals(), *_import_shares(), *_balances()]
    return tuple(sorted(found, key=lambda identity: identity.id))


def read_identity_exceptions(path: Path) -> tuple[IdentityException, ...]:
    """Read and check a table of exceptions.

    Raises
    ------
    RequestError
        With all problems of all rows.
    """

    def parse(cells: RowReader) -> IdentityException:
        return IdentityException(
            id=cells.text("id", required=True),
            reason=cells.choice("reason", REASONS),
            note=cells.text("note"),
        )

    return read_rows(path, EXCEPTION_COLUMNS, parse, lambda exception: exception.id)


@lru_cache(maxsize=1)
def identity_exceptions() -> dict[str, IdentityException]:
    """Identities that are known to differ, with the reason.

    Examples
    --------
    >>> differing = {identity.id for identity in identities() if identity.status == "differs"}
    >>> differing == set(identity_exceptions())
    True
    """
    found = read_identity_exceptions(embedded("identity_exceptions.csv"))
    return {exception.id: exception for exception in found}
