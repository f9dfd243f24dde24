"""Claims: one row per published, derived, conflicting or assumed figure."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from xenotime.facts import vocabulary
from xenotime.facts.additions import included, remembered, with_added
from xenotime.facts.asking import asked
from xenotime.facts.problems import RequestError
from xenotime.facts.tables import ID_PATTERN, RowReader, embedded, read_rows
from xenotime.facts.taxonomy import INDUSTRIES, STAGES

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "COLUMNS",
    "EXPORT_TABLES",
    "FILE_COLUMNS",
    "Claim",
    "ClaimFile",
    "claim_files",
    "claims",
    "is_observed_month",
    "observed_exports",
    "parse_claim",
    "read_claims",
]


@dataclass(frozen=True, slots=True)
class Claim:
    """One figure with its source.

    `low`, `mid` and `high` are in `unit`; None means unknown, never zero. `country` is
    where the quantity is, for trade the origin; `partner` is the destination or the
    second party. `first_known` is the day on which the figure could be known; None for
    assumptions, which are not news.
    """

    id: str
    quantity: str
    country: str
    product: str
    stage: str
    partner: str
    industry: str
    period: str
    unit: str
    low: float | None
    mid: float | None
    high: float | None
    grade: str
    kind: str
    vintage: str
    first_known: date | None
    source_url: str
    source_title: str
    note: str
    formula: str
    licence: str

    @property
    def segments(self) -> tuple[str, ...]:
        """Parts of the id between the table and the vintage.

        For ``ore_basket/mountain_pass/Nd@myb2022`` these are ``("mountain_pass", "Nd")``.
        """
        return tuple(self.id.rpartition("@")[0].split("/")[1:])

    def known_at(self, as_of: date | None) -> bool:
        """Whether the figure could be known on a day; None means today."""
        return as_of is None or self.first_known is None or self.first_known <= as_of


COLUMNS: tuple[str, ...] = tuple(field.name for field in fields(Claim))
"""Header of the files in the folder ``claims``."""


def parse_claim(cells: RowReader) -> Claim:
    """Build a claim from a row; what is wrong is noted in `cells`."""
    address, title, licence = cells.source()
    claim = Claim(
        id=cells.text("id", required=True),
        quantity=cells.text("quantity", required=True),
        country=cells.country("country"),
        product=cells.text("product"),
        stage=cells.choice("stage", STAGES, required=False),
        partner=cells.country("partner"),
        industry=cells.choice("industry", (*INDUSTRIES, "light_vehicles"), required=False),
        period=cells.text("period"),
        unit=cells.choice("unit", vocabulary.UNITS),
        low=cells.number("low"),
        mid=cells.number("mid"),
        high=cells.number("high"),
        grade=cells.choice("grade", vocabulary.GRADES),
        kind=cells.choice("kind", vocabulary.KINDS),
        vintage=cells.text("vintage", required=True),
        first_known=cells.day("first_known"),
        source_url=address,
        source_title=title,
        note=cells.text("note"),
        formula=cells.text("formula"),
        licence=licence,
    )
    _check_identity(cells, claim)
    _check_figures(cells, claim)
    _check_kind(cells, claim)
    return claim


def _check_identity(cells: RowReader, claim: Claim) -> None:
    if not ID_PATTERN.fullmatch(claim.id):
        cells.complain("id", "write table/part/part@vintage")
        return
    if claim.quantity and claim.id.partition("/")[0] != claim.quantity:
        cells.complain("quantity", "it must equal the first part of the id")
    if claim.vintage and claim.id.rpartition("@")[2] != claim.vintage:
        cells.complain("vintage", "it must equal the part of the id after @")


def _check_figures(cells: RowReader, claim: Claim) -> None:
    figures = [value for value in (claim.low, claim.mid, claim.high) if value is not None]
    if figures != sorted(figures):
        cells.complain(
            "mid", f"low <= mid <= high is broken: {claim.low}, {claim.mid}, {claim.high}"
        )
    if claim.period and not vocabulary.is_period(claim.period):
        cells.complain(
            "period",
            "write 2024, 2024-05, 2024-05-31, 2025-H1, 2025-Q3, FY2024, or two of them in order"
            " joined by '..'",
        )
    if claim.kind == "gap":
        if figures:
            cells.complain("kind", "a gap has no figures: leave low, mid and high blank")
        if not claim.note:
            cells.complain("note", "say what was looked for")
    elif claim.unit != "qualitative" and not any(map(cells.text, ("low", "mid", "high"))):
        cells.complain("mid", "give a figure, or make the row a gap")


def _check_kind(cells: RowReader, claim: Claim) -> None:
    if claim.kind == "derived" and not claim.formula:
        cells.complain("formula", "a derived figure needs its formula")
    if (claim.kind == "assumption") != (claim.grade == "prior" and claim.kind != "gap"):
        cells.complain("grade", "assumptions have grade 'prior', and nothing else has")
    if not cells.text("first_known") and claim.kind not in {"assumption", "gap"}:
        cells.complain("first_known", "give the day on which the figure could be known")


def read_claims(path: Path) -> tuple[Claim, ...]:
    """Read and check a table of claims.

    Parameters
    ----------
    path
        UTF-8 CSV file with the header `COLUMNS`.

    Raises
    ------
    RequestError
        With all problems of all rows.
    """
    return read_rows(path, COLUMNS, parse_claim, lambda claim: claim.id)


@dataclass(frozen=True, slots=True)
class ClaimFile:
    """Which file of the folder ``claims`` holds a table, and how many rows of it."""

    table: str
    file: str
    rows: int


FILE_COLUMNS: tuple[str, ...] = tuple(field.name for field in fields(ClaimFile))
"""Header of ``claim_tables.csv``."""


def _parse_file(cells: RowReader) -> ClaimFile:
    rows = cells.number("rows")
    if rows is None or rows < 1 or rows != int(rows):
        cells.complain("rows", "give a whole number above 0")
    return ClaimFile(
        table=cells.text("table", required=True),
        file=cells.text("file", required=True),
        rows=int(rows or 0),
    )


@lru_cache(maxsize=1)
def claim_files() -> dict[str, ClaimFile]:
    """Every table of claims, in order, with the file that holds it.

    Examples
    --------
    >>> claim_files()["mine_production"].file
    'rare_earths'
    """
    path = embedded("claim_tables.csv")
    found = read_rows(path, FILE_COLUMNS, _parse_file, lambda table: table.table)
    return {table.table: table for table in found}


@lru_cache(maxsize=16)
def _embedded_file(name: str) -> tuple[Claim, ...]:
    return read_claims(embedded(f"claims/{name}.csv"))


@lru_cache(maxsize=64)
def _embedded_claims(tables: tuple[str, ...] | None) -> tuple[Claim, ...]:
    known = claim_files()
    wanted = known.keys() if tables is None else known.keys() & set(tables)
    files = sorted({known[name].file for name in wanted})
    rows = (claim for file in files for claim in _embedded_file(file) if claim.quantity in wanted)
    return tuple(sorted(rows, key=lambda claim: claim.id))


@asked
@remembered()
def claims(
    as_of: date | None = None, *, tables: tuple[str, ...] | None = None
) -> tuple[Claim, ...]:
    """All claims in force, in the order of their ids, or those known on a day.

    Embedded claims, and those added where `xenotime.facts.including` is in effect.

    Parameters
    ----------
    as_of
        Hide figures that could not be known on this day; None hides nothing.
    tables
        Only these tables, e.g. ``("mine_production", "ore_basket")``: files that hold none of
        them are not read. None reads every file.

    Raises
    ------
    RequestError
        If there is no such table, or an embedded file is damaged.

    Examples
    --------
    >>> burma = [c for c in claims() if c.id == "mine_production/MMR/2024@mcs2026"]
    >>> burma[0].mid, burma[0].unit, burma[0].grade
    (27000.0, 't REO', 'A')
    >>> {claim.quantity for claim in claims(tables=("transit", "cover"))} == {"transit", "cover"}
    True
    """
    if tables is not None:
        known = {*claim_files(), *(claim.quantity for claim in included().tables.get("claims", ()))}
        unknown = sorted(set(tables) - known)
        if unknown:
            names = ", ".join(sorted(known))
            raise RequestError(
                [f"table {name!r} is unknown: use one of {names}" for name in unknown]
            )
    every = with_added("claims", _embedded_claims(tables))
    return tuple(
        claim
        for claim in every
        if (tables is None or claim.quantity in tables) and claim.known_at(as_of)
    )


EXPORT_TABLES = ("magnet_exports", "rare_earth_exports", "element_exports")
"""Tables of monthly Chinese exports."""


def is_observed_month(claim: Claim) -> bool:
    """Whether a figure is a month of exports that runs are set beside.

    >>> [is_observed_month(c) for c in claims() if c.id == "magnet_exports/USA/2025-05@gac"]
    [True]
    """
    return (
        claim.quantity in EXPORT_TABLES
        and claim.kind in {"reported", "derived"}
        and claim.grade != "D"
        and claim.mid is not None
        and vocabulary.MONTH_PATTERN.fullmatch(claim.period) is not None
    )


@remembered()
def observed_exports(as_of: date | None = None) -> dict[tuple[str, str, str], Claim]:
    """Chinese exports by month, keyed by (product, destination, ``YYYY-MM``).

    Products are ``magnet`` (HS 8505.11), ``rare_earths`` and element symbols; the unit is
    t gross mass as customs counts. Reported and derived months only: conflicting figures, those
    of grade D, without a middle value, and sums over several months are left out. Of several
    vintages the newest counts, by `first_known`, then by id. Do not change the returned dict.

    Examples
    --------
    >>> claim = observed_exports()["magnet", "USA", "2025-05"]
    >>> claim.mid, claim.kind
    (46.4, 'reported')
    """
    months = (claim for claim in claims(as_of, tables=EXPORT_TABLES) if is_observed_month(claim))
    oldest_first = sorted(months, key=lambda claim: (claim.first_known or date.min, claim.id))
    return {(claim.product, claim.partner, claim.period): claim for claim in oldest_first}
