"""Registers: facts that are no figures and no acts of their own.

Trade codes, lists of critical minerals, firms on control lists, tariffs by code and day, rules of
scope, and who agreed what at which meeting.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from xenotime.facts import vocabulary
from xenotime.facts.additions import remembered, with_added
from xenotime.facts.tables import ID_PATTERN, RowReader, embedded, read_rows

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

__all__ = [
    "REGISTERS",
    "CriticalMineral",
    "ListedEntity",
    "NegotiationEntry",
    "Register",
    "Registered",
    "ScopeRule",
    "TariffLine",
    "TradeCode",
    "critical_minerals",
    "listed_entities",
    "negotiations",
    "scope_rules",
    "tariff_lines",
    "trade_codes",
]


@dataclass(frozen=True, slots=True)
class Registered:
    """What every entry of a register has: its id, and where it comes from.

    The properties say how an entry is found and shown.
    """

    id: str
    grade: str
    vintage: str
    first_known: date | None
    source_url: str
    source_title: str
    note: str
    licence: str

    table: ClassVar[str] = ""

    @property
    def title(self) -> str:
        """What a line about the entry says."""
        return self.note

    @property
    def words(self) -> tuple[str, ...]:
        """What else a reader may look for."""
        return ()

    @property
    def places(self) -> frozenset[str]:
        """Codes of the countries that the entry is about."""
        return frozenset()

    @property
    def products(self) -> frozenset[str]:
        """Elements and product ids that the entry is about."""
        return frozenset()

    @property
    def moment(self) -> str:
        """Time that the entry is about, as text that sorts."""
        return ""

    @property
    def figure(self) -> tuple[float | None, str]:
        """Figure and its unit, for entries that have one."""
        return None, ""


@dataclass(frozen=True, slots=True)
class TradeCode(Registered):
    """One line of a customs tariff: what it holds, and which flags it carries.

    `system` is ``HS``, ``CN8``, ``CN10`` (China), ``HTS8`` or ``HTS10`` (United States);
    `hs6` has six digits and is shared by all systems. `duty_percent` is the ordinary duty of that
    country. `us_301`, `annex_ii` and `s122` say how American tariffs of 2018 to 2026 treat the
    line; blank is not read.
    """

    system: str
    code: str
    hs6: str
    description: str
    elements: tuple[str, ...]
    form: str
    control_item: str
    dual_use_flag: str
    duty_percent: float | None
    us_301: str
    annex_ii: str
    s122: str

    table: ClassVar[str] = "trade_codes"

    @property
    def digits(self) -> str:
        """The code without points.

        >>> next(c.digits for c in trade_codes() if c.code == "8505.11.0070")
        '8505110070'
        """
        return self.code.replace(".", "")

    @property
    def title(self) -> str:
        """Code and what it holds."""
        return f"{self.system} {self.code}: {self.description}"

    @property
    def words(self) -> tuple[str, ...]:
        """Code in every spelling, elements, flags."""
        spelt = (self.code, self.digits, self.hs6, f"{self.hs6[:4]}.{self.hs6[4:]}")
        return ("trade code customs tariff", *spelt, *self.elements, self.form, self.control_item)

    @property
    def places(self) -> frozenset[str]:
        """Country whose tariff it is; none for the Harmonized System."""
        country = {"CN": "CHN", "HT": "USA"}.get(self.system[:2])
        return frozenset({country} - {None})  # type: ignore[arg-type]  # None is taken out

    @property
    def products(self) -> frozenset[str]:
        """Elements, and the product of each where the form makes one."""
        made = {f"{self.form}:{element}" for element in self.elements}
        return frozenset({*self.elements, *made})

    @property
    def figure(self) -> tuple[float | None, str]:
        """Ordinary duty."""
        return self.duty_percent, "percent" if self.duty_percent is not None else ""


@dataclass(frozen=True, slots=True)
class CriticalMineral(Registered):
    """Whether a mineral is on an official list: ``listed`` is ``yes`` or ``no``."""

    mineral: str
    product: str
    list: str
    listed: str

    table: ClassVar[str] = "critical_minerals"

    @property
    def title(self) -> str:
        """Which list, and whether it is on it."""
        says = "on" if self.listed == "yes" else "not on"
        return f"{self.mineral} is {says} the American list {self.list}"

    @property
    def words(self) -> tuple[str, ...]:
        """Mineral and list."""
        return ("critical minerals list", self.mineral, self.product, self.list, self.listed)

    @property
    def places(self) -> frozenset[str]:
        """The United States, whose lists these are."""
        return frozenset({"USA"})

    @property
    def products(self) -> frozenset[str]:
        """Element symbol or name of the mineral."""
        return frozenset({self.product, self.mineral})

    @property
    def moment(self) -> str:
        """Year of the list."""
        return self.list[-4:] if self.list[-4:].isdigit() else self.list[:4]


@dataclass(frozen=True, slots=True)
class ListedEntity(Registered):
    """A firm or body on a Chinese control or watch list, from when, under which act."""

    entity: str
    country: str
    list: str
    announcement: str
    measure: str
    listed: date | None
    status: str

    table: ClassVar[str] = "listed_entities"

    @property
    def title(self) -> str:
        """Name, list, status."""
        return f"{self.entity}: {self.list}, {self.announcement} ({self.status})"

    @property
    def words(self) -> tuple[str, ...]:
        """Name, act, list."""
        parts = (self.entity, self.list, self.announcement, self.measure, self.status)
        return ("entity list", *parts, str(self.listed))

    @property
    def places(self) -> frozenset[str]:
        """Where the firm is, and who lists it."""
        return frozenset({self.country, "CHN"})

    @property
    def moment(self) -> str:
        """Day of the listing."""
        return str(self.listed)


@dataclass(frozen=True, slots=True)
class TariffLine(Registered):
    """What American customs collected on one code from one origin, for some days.

    All rates are per cent of value; `until` None is open. `total` is the sum of the others.
    """

    hts: str
    goods: str
    origin: str
    since: date | None
    until: date | None
    ordinary: float | None
    section_301: float | None
    fentanyl: float | None
    reciprocal: float | None
    section_122: float | None
    total: float | None

    table: ClassVar[str] = "tariff_lines"

    @property
    def title(self) -> str:
        """Code, goods, days."""
        return f"{self.hts} {self.goods}, {self.since} to {self.until or 'open'}"

    @property
    def words(self) -> tuple[str, ...]:
        """Code, goods, days."""
        return ("tariff duty", self.hts, self.hts.replace(".", ""), self.goods, str(self.since))

    @property
    def places(self) -> frozenset[str]:
        """Importer and origin."""
        return frozenset({"USA", self.origin})

    @property
    def moment(self) -> str:
        """First day."""
        return str(self.since)

    @property
    def figure(self) -> tuple[float | None, str]:
        """Rate in all."""
        return self.total, "percent"


@dataclass(frozen=True, slots=True)
class NegotiationEntry(Registered):
    """What a meeting, a call or a step did to one issue; `note` says it in a few words."""

    start: date | None
    end: date | None
    precision: str
    forum: str
    place: str
    sides: tuple[str, ...]
    led_by: str
    met_by: str
    issue: str
    status: str
    direction: str

    table: ClassVar[str] = "negotiations"

    @property
    def title(self) -> str:
        """Day, forum, issue, outcome."""
        return f"{self.start} {self.forum}, {self.issue}: {self.status}"

    @property
    def words(self) -> tuple[str, ...]:
        """Forum, persons, issue, outcome."""
        parts = (self.forum, self.place, self.led_by, self.met_by, self.issue, self.status)
        return ("negotiation", *parts, self.direction, str(self.start))

    @property
    def places(self) -> frozenset[str]:
        """Both sides."""
        return frozenset(self.sides)

    @property
    def moment(self) -> str:
        """First day."""
        return str(self.start)


@dataclass(frozen=True, slots=True)
class ScopeRule(Registered):
    """One rule of the Chinese licence regime: what is inside or outside, clocks, papers.

    `value` may be a word or a number as text, in `unit`. `conflicts_with` says who states it
    otherwise.
    """

    rule: str
    applies_to: str
    value: str
    unit: str
    since: str
    until: str
    conflicts_with: str

    table: ClassVar[str] = "scope_rules"

    @property
    def title(self) -> str:
        """Rule and answer."""
        return f"{self.rule} ({self.applies_to}): {self.value} {self.unit}".strip()

    @property
    def words(self) -> tuple[str, ...]:
        """Rule, answer, contradiction."""
        parts = (self.rule, self.applies_to, self.value, self.since, self.conflicts_with)
        return ("scope rule licence", *parts)

    @property
    def places(self) -> frozenset[str]:
        """China, whose rules these are."""
        return frozenset({"CHN"})

    @property
    def moment(self) -> str:
        """Since when."""
        return self.since


Entry = TypeVar("Entry", bound=Registered)


@dataclass(frozen=True)
class Register(Generic[Entry]):
    """How the entries of one register are read."""

    record: type[Entry]
    parse: Callable[[RowReader, dict[str, Any]], Entry]

    @property
    def name(self) -> str:
        """Name of the table."""
        return self.record.table

    @property
    def columns(self) -> tuple[str, ...]:
        """Header of the file."""
        return tuple(field.name for field in fields(self.record))

    def read(self, path: Path) -> tuple[Entry, ...]:
        """Read and check a file of the register.

        Raises
        ------
        RequestError
            With all problems of all rows.
        """
        return read_rows(path, self.columns, self.entry, lambda entry: entry.id)

    def entry(self, cells: RowReader) -> Entry:
        """Build an entry from a row; what is wrong is noted in `cells`."""
        return self.parse(cells, _provenance(cells))

    def embedded(self) -> tuple[Entry, ...]:
        """Entries that the package carries."""
        return self.read(embedded(f"{self.name}.csv"))


def _provenance(cells: RowReader) -> dict[str, Any]:
    """Id and source, which every register has; the names of the fields of `Registered`."""
    address, title, licence = cells.source()
    identity = cells.text("id", required=True)
    if not ID_PATTERN.fullmatch(identity):
        cells.complain("id", "write table/part/part@vintage")
    vintage = cells.text("vintage", required=True)
    if identity.rpartition("@")[2] != vintage:
        cells.complain("vintage", "it must equal the part of the id after @")
    return {
        "id": identity,
        "grade": cells.choice("grade", vocabulary.GRADES),
        "vintage": vintage,
        "first_known": cells.day("first_known", required=True),
        "source_url": address,
        "source_title": title,
        "note": cells.text("note"),
        "licence": licence,
    }


def _trade_code(cells: RowReader, shared: dict[str, Any]) -> TradeCode:
    code = TradeCode(
        **shared,
        system=cells.choice("system", vocabulary.CODE_SYSTEMS),
        code=cells.text("code", required=True),
        hs6=cells.text("hs6", required=True),
        description=cells.text("description", required=True),
        elements=cells.choices("elements"),
        form=cells.text("form"),
        control_item=cells.text("control_item"),
        dual_use_flag=cells.text("dual_use_flag"),
        duty_percent=cells.number("duty_percent"),
        us_301=cells.text("us_301"),
        annex_ii=cells.text("annex_ii"),
        s122=cells.text("s122"),
    )
    if not code.digits.isdigit() or not code.digits.startswith(code.hs6):
        cells.complain("code", f"it must begin with the six digits of hs6, {code.hs6!r}")
    return code


def _critical_mineral(cells: RowReader, shared: dict[str, Any]) -> CriticalMineral:
    return CriticalMineral(
        **shared,
        mineral=cells.text("mineral", required=True),
        product=cells.text("product", required=True),
        list=cells.choice("list", vocabulary.MINERAL_LISTS),
        listed=cells.choice("listed", ("yes", "no")),
    )


def _listed_entity(cells: RowReader, shared: dict[str, Any]) -> ListedEntity:
    return ListedEntity(
        **shared,
        entity=cells.text("entity", required=True),
        country=cells.country("country"),
        list=cells.choice("list", ("control list", "watch list")),
        announcement=cells.text("announcement", required=True),
        measure=cells.text("measure"),
        listed=cells.day("listed", required=True),
        status=cells.choice("status", vocabulary.MEASURE_STATUSES),
    )


_RATES = ("ordinary", "section_301", "fentanyl", "reciprocal", "section_122")


def _tariff_line(cells: RowReader, shared: dict[str, Any]) -> TariffLine:
    rates: dict[str, Any] = {name: cells.number(name) for name in _RATES}
    total = cells.number("total")
    line = TariffLine(
        **shared,
        **rates,
        hts=cells.text("hts", required=True),
        goods=cells.text("goods", required=True),
        origin=cells.country("origin"),
        since=cells.day("since", required=True),
        until=cells.day("until"),
        total=total,
    )
    known = [rate for rate in rates.values() if rate is not None]
    if total is None or len(known) < len(_RATES) or abs(sum(known) - total) > 1e-9:
        cells.complain("total", f"it must be the sum of {', '.join(_RATES)}")
    if line.since and line.until and line.until < line.since:
        cells.complain("until", f"it lies before since {line.since}")
    return line


def _negotiation(cells: RowReader, shared: dict[str, Any]) -> NegotiationEntry:
    return NegotiationEntry(
        **shared,
        start=cells.day("start", required=True),
        end=cells.day("end"),
        precision=cells.choice("precision", ("day", "month")),
        forum=cells.text("forum", required=True),
        place=cells.text("place"),
        sides=cells.choices("sides"),
        led_by=cells.text("led_by"),
        met_by=cells.text("met_by"),
        issue=cells.text("issue", required=True),
        status=cells.text("status", required=True),
        direction=cells.choice("direction", vocabulary.DIRECTIONS, required=False),
    )


def _scope_rule(cells: RowReader, shared: dict[str, Any]) -> ScopeRule:
    return ScopeRule(
        **shared,
        rule=cells.text("rule", required=True),
        applies_to=cells.text("applies_to", required=True),
        value=cells.text("value"),
        unit=cells.text("unit"),
        since=cells.text("since"),
        until=cells.text("until"),
        conflicts_with=cells.text("conflicts_with"),
    )


_TRADE_CODES = Register(TradeCode, _trade_code)
_CRITICAL_MINERALS = Register(CriticalMineral, _critical_mineral)
_LISTED_ENTITIES = Register(ListedEntity, _listed_entity)
_TARIFF_LINES = Register(TariffLine, _tariff_line)
_NEGOTIATIONS = Register(NegotiationEntry, _negotiation)
_SCOPE_RULES = Register(ScopeRule, _scope_rule)

REGISTERS: tuple[Register[Any], ...] = (
    *(_TRADE_CODES, _CRITICAL_MINERALS, _LISTED_ENTITIES),
    *(_TARIFF_LINES, _NEGOTIATIONS, _SCOPE_RULES),
)
"""Every register, in the order in which they are listed."""


@lru_cache(maxsize=len(REGISTERS))
def _embedded(register: Register[Entry]) -> tuple[Entry, ...]:
    return register.embedded()


@remembered()
def trade_codes() -> tuple[TradeCode, ...]:
    """Return the customs codes of rare earths, the other controlled minerals and magnets.

    Examples
    --------
    >>> [c.us_301 for c in trade_codes() if c.code == "8505.11.0070" and c.us_301]
    ['25% from 2026-01-01']
    """
    return with_added(_TRADE_CODES.name, _embedded(_TRADE_CODES))


@remembered()
def critical_minerals() -> tuple[CriticalMineral, ...]:
    """Which minerals are on the American lists of 2022 and 2025, and on the draft of 2025.

    Examples
    --------
    >>> [m.listed for m in critical_minerals() if m.mineral == "copper" and m.list == "2022"]
    ['no']
    """
    return with_added(_CRITICAL_MINERALS.name, _embedded(_CRITICAL_MINERALS))


@remembered()
def listed_entities() -> tuple[ListedEntity, ...]:
    """Firms and bodies on Chinese control and watch lists; the lists are not complete.

    Examples
    --------
    >>> [e.listed.isoformat() for e in listed_entities() if e.entity == "MP Materials Corp."]
    ['2026-06-22']
    """
    return with_added(_LISTED_ENTITIES.name, _embedded(_LISTED_ENTITIES))


@remembered()
def tariff_lines() -> tuple[TariffLine, ...]:
    """American tariffs on rare-earth goods from China, by code and by day, as collected.

    Examples
    --------
    >>> import datetime as dt
    >>> day = dt.date(2025, 4, 20)
    >>> [t.total for t in tariff_lines() if t.hts == "8505.11.0070" and t.since <= day <= t.until]
    [147.1]
    """
    return with_added(_TARIFF_LINES.name, _embedded(_TARIFF_LINES))


@remembered()
def negotiations() -> tuple[NegotiationEntry, ...]:
    """Return what each meeting, call and step did to each issue.

    Examples
    --------
    >>> {n.forum for n in negotiations() if n.place == "Busan"}
    {'summit'}
    """
    return with_added(_NEGOTIATIONS.name, _embedded(_NEGOTIATIONS))


@remembered()
def scope_rules() -> tuple[ScopeRule, ...]:
    """Rules of the Chinese licence regime, with their contradictions.

    Examples
    --------
    >>> [r.value for r in scope_rules() if r.rule == "statutory review time"]
    ['45']
    """
    return with_added(_SCOPE_RULES.name, _embedded(_SCOPE_RULES))
