"""Duties that a scenario assumes, on goods of the network or on codes of the American tariff."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from functools import cache
from itertools import combinations
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, field_validator, model_validator

from xenotime import facts
from xenotime.networks.chain.candidates import candidates
from xenotime.networks.minerals.catalogue import MINERALS
from xenotime.policy.tariffs import IMPORTER
from xenotime.policy.tariffs import codes as followed
from xenotime.policy.wedges import AssumedDuty, stack_codes_of
from xenotime.scenarios.fields import Day, Frozen, Number, once, shown
from xenotime.scenarios.levers import nodes

__all__ = ["AssumedTariff", "problems_among"]


_CODE = re.compile(
    r"[0-9]{2,4}|[0-9]{4}(\.?[0-9]{2}){0,2}\.?[0-9]{1,2}|[0-9]{4}\.?[0-9]{2}\.?[0-9]{4}"
)
"""A code of the American tariff or its beginning: 8505, 8505.11, 8505.11.0070."""


@cache
def _products() -> frozenset[str]:
    """Every product that the network may have."""
    chain = {link.product for link in candidates().links}
    return frozenset(chain | {mineral.product for mineral in MINERALS})


def _slip(rate: float) -> float:
    """Refuse what looks like a share where per cent are meant."""
    if 0 < rate < 1:
        raise ValueError(
            f"{rate:g} is below one per cent, which looks like a share: the unit is per cent of"
            f" value; write {100 * rate:g} for {100 * rate:g} %"
        )
    return rate


# What `_sound` refuses, as editors read it.
_SHAPE: dict[str, Any] = {
    "oneOf": [
        {"required": [one], "properties": {one: {"minItems": 1}, other: {"maxItems": 0}}}
        for one, other in (("products", "codes"), ("codes", "products"))
    ],
    "if": {"required": ["mode"], "properties": {"mode": {"const": "replaces"}}},
    "else": {"properties": {"rate": {"minimum": 1}}},
}


class AssumedTariff(Frozen):
    """A duty that no record has: the user assumes it, and every answer says so."""

    model_config = ConfigDict(json_schema_extra=_SHAPE)

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
    """Short name: lower-case letters, digits and dashes; it is shown as `assumed/NAME`."""
    importer: str
    """Node of the network whose customs collect it (ISO3, REU, ROW)."""
    origins: Annotated[tuple[str, ...], Field(min_length=1)]
    """Nodes of the network that the goods come from."""
    products: tuple[str, ...] = ()
    """Products of the network, e.g. `magnet:NdFeB-heavy`; or give codes."""
    codes: tuple[str, ...] = ()
    """American codes or their beginnings, e.g. `8505.11`; or give products."""
    rate: Annotated[
        Number,
        Field(ge=0, le=1000, json_schema_extra={"anyOf": [{"const": 0}, {"minimum": 1}]}),
    ]
    """Per cent of value, not a share: 25 is a quarter of the value."""
    first: Day
    """First day on which it is collected."""
    last: Day | None = None
    """Last day on which it is collected; open where it is left out."""
    mode: Literal["adds", "replaces"] = "adds"
    """Whether it comes on top of the duty of the record, or takes its place."""

    @field_validator("importer")
    @classmethod
    def _a_node(cls, name: str) -> str:
        return nodes((name,))[0]

    @field_validator("origins")
    @classmethod
    def _nodes(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return nodes(names)

    @field_validator("products")
    @classmethod
    def _known_products(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := [name for name in names if name not in _products()]:
            hints = "; ".join(f"{n}{facts.did_you_mean(n, _products())}" for n in unknown)
            raise ValueError(
                f"no product of the network: {hints}; `xenotime network show --country USA` shows"
                " some"
            )
        return once(names)

    @field_validator("codes")
    @classmethod
    def _followed_codes(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if unlike := [name for name in names if not _CODE.fullmatch(name)]:
            raise ValueError(
                f"no American code: {', '.join(map(shown, unlike))}; give 2 to 10 digits, with"
                " points after the fourth, sixth and eighth or without, like 8505.11"
            )
        known = {_digits(c) for p in _products() for c, hts in stack_codes_of(p).items() if hts}
        idle = [
            name for name in names if not any(c.startswith(_digits(name) or "-") for c in known)
        ]
        if idle:
            raise ValueError(
                f"no good of the network has duties on record under {', '.join(idle)}: give the"
                f" beginning of a code under {', '.join(followed())}, or products"
            )
        return once(names)

    @field_validator("rate")
    @classmethod
    def _in_per_cent(cls, rate: float) -> float:
        return _slip(rate)

    @model_validator(mode="after")
    def _sound(self) -> AssumedTariff:
        problems = []
        if self.last is not None and self.last < self.first:
            problems.append(f"last {self.last} is before first {self.first}; swap them")
        if self.importer in self.origins:
            problems.append(f"{self.importer} is importer and origin; goods at home pay no duty")
        if bool(self.products) == bool(self.codes):
            problems.append("give products or codes, one of the two")
        if self.mode == "adds" and self.rate == 0:
            problems.append("rate is 0 and adds nothing; write mode: replaces for no duty at all")
        problems += self._without_record()
        if problems:
            raise ValueError("\n".join(problems))
        return self

    def _without_record(self) -> list[str]:
        """Say what it cannot add to, or which codes are not those of the importer."""
        recorded = {line.origin for line in facts.tariff_lines()}
        others = [o for o in self.origins if self.importer != IMPORTER or o not in recorded]
        pairs = ", ".join(f"{self.importer} on goods of {origin}" for origin in others)
        if others and self.codes:
            return [f"codes are those of {IMPORTER}, and there is no duty of {pairs} on record"]
        whole = "write mode: replaces, with the whole duty"
        if self.mode == "replaces":
            return []
        if others:
            return [f"there is no duty of {pairs} on record to add to: {whole}"]
        return [
            f"there is no duty on {product} on record to add to: {whole}"
            for product in self.products
            if not any(stack_codes_of(product).values())
        ]

    def duty(self) -> AssumedDuty:
        """Say it in the words of policy."""
        return AssumedDuty(
            name=self.name,
            importer=self.importer,
            origins=frozenset(self.origins),
            products=frozenset(self.products),
            codes=self.codes,
            rate=self.rate,
            first=self.first,
            last=self.last,
            replaces=self.mode == "replaces",
        )

    def reaches(self) -> frozenset[tuple[str, str]]:
        """Pairs of product and code that it is on (code blank: none is known)."""
        duty = self.duty()
        return frozenset(
            (product, code or "")
            for product in (self.products or _products())
            for code in (*stack_codes_of(product), None)
            if duty.covers(product, code)
        )


def problems_among(tariffs: Iterable[AssumedTariff], start: dt.date, end: dt.date) -> list[str]:
    """Say which assumed duties lie outside a period, share a name, or replace the same duty.

    Parameters
    ----------
    tariffs
        Those of a scenario.
    start, end
        Its first and last day.
    """
    entries = list(tariffs)
    problems = [
        f"tariffs {entry.name} begins on {entry.first}, after {end}, the last day"
        for entry in entries
        if entry.first > end
    ]
    problems += [
        f"tariffs {entry.name} ends on {entry.last}, before {start}, the first day"
        for entry in entries
        if entry.last is not None and entry.last < start
    ]
    names = [entry.name for entry in entries]
    problems += [
        f"tariffs has {names.count(name)} entries named {name}; name them apart"
        for name in sorted(set(names))
        if names.count(name) > 1
    ]
    problems += [
        f"tariffs {one.name} and {two.name} both replace the duty of {one.importer} on the same"
        " goods on the same days; keep one, or let one of them add"
        for one, two in combinations([e for e in entries if e.mode == "replaces"], 2)
        if one.importer == two.importer
        and set(one.origins) & set(two.origins)
        and one.first <= (two.last or dt.date.max)
        and two.first <= (one.last or dt.date.max)
        and one.reaches() & two.reaches()
    ]
    return problems


def _digits(code: str) -> str:
    return code.replace(".", "")
