"""Entries of the registers: what each kind says, and how it is found and shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from datetime import date

__all__ = [
    "CriticalMineral",
    "ListedEntity",
    "NegotiationEntry",
    "Registered",
    "ScopeRule",
    "TariffLine",
    "TradeCode",
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

        >>> from xenotime.facts import trade_codes
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
