"""Duties as wedges on the prices of goods: by importer, origin and product, day by day.

A wedge is what an importer pays on top of the price, in per cent of value. It stands on the stacks
of `policy.tariffs`; where those say nothing a wedge is not known: missing, never zero.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from xenotime import facts
from xenotime.facts.additions import remembered
from xenotime.policy.duty_acts import layer_without, setter, steps, touches
from xenotime.policy.limits import ASSUMED
from xenotime.policy.scope import form_of
from xenotime.policy.tariffs import IMPORTER, LAYERS, codes, days_of_change, stack_on

__all__ = [
    "AssumedDuty",
    "Span",
    "Wedge",
    "duty_wedges",
    "products_without_duty",
    "stack_codes_of",
    "wedge_arrays",
]

Array = NDArray[np.float64]
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Days, from `first` up to but without `until`, on which a wedge is the same.

    `low` and `high` are NaN where it is not known. `acts` are those that make it up, assumed ones
    among them; `status` is ``recorded``, ``assumed`` (a scenario changes it) or ``unknown``.
    """

    first: dt.date
    until: dt.date
    low: float
    high: float
    acts: tuple[str, ...]
    status: str


@dataclass(frozen=True, slots=True)
class Wedge:
    """What stands between the price of a good and what is paid for it, over a period.

    `kind` is ``duty`` (`unit`: %) or ``floor`` (`unit`: USD/kg), `product` a product of the
    network, for a floor an element. `codes` are the American codes that the product falls under.
    """

    kind: str
    importer: str
    origin: str
    product: str
    unit: str
    codes: tuple[str, ...]
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class AssumedDuty:
    """A duty that no record has, on products or on codes, in per cent of value.

    It adds to the duty of the record, or takes its place (`replaces`).
    """

    name: str
    importer: str
    origins: frozenset[str]
    products: frozenset[str]
    codes: tuple[str, ...]
    rate: float
    first: dt.date
    last: dt.date | None
    replaces: bool

    @property
    def act(self) -> str:
        """Id under which runs tell it."""
        return f"{ASSUMED}{self.name}"

    def is_on(self, day: dt.date) -> bool:
        """Whether it is collected on a day."""
        return self.first <= day and (self.last is None or day <= self.last)

    def covers(self, product: str, code: str | None) -> bool:
        """Whether it is on a product under one of its codes (None: no code is known)."""
        return product in self.products or (
            code is not None
            and any(_digits(code).startswith(_digits(given)) for given in self.codes)
        )


def stack_codes_of(product: str) -> dict[str, str | None]:
    """Find the American codes of a product, and the code under which the record has their duties.

    A code is one of a product if the register of codes lists it for the element that the product's
    name begins with, in the product's form. Alloys for magnets are mostly iron or cobalt and no
    rare-earth metals to customs: no code of theirs is on record.

    Parameters
    ----------
    product
        Product id of the network.

    Returns
    -------
    dict
        Code of ten digits (or eight) -> code of the record of duties, None where that has none.

    Examples
    --------
    >>> stack_codes_of("magnet:NdFeB-heavy")
    {'8505.11.0070': '8505.11.0070'}
    >>> stack_codes_of("oxide:Tb"), stack_codes_of("oxide:Ce")
    ({'2846.90.2040': '2846.90.20'}, {'2846.10.0010': None})
    >>> stack_codes_of("alloy:SmCo")
    {}
    """
    form = form_of(product)
    if form not in {"oxide", "metal", "magnet"}:
        return {}
    variety = product.partition(":")[2]
    # Longest first, so that a symbol of one letter does not hide one of two.
    symbols = sorted(facts.ELEMENTS, key=len, reverse=True)
    element = next((symbol for symbol in symbols if variety.startswith(symbol)), None)
    followed = codes()
    return {
        code: next((name for name in followed if _digits(code).startswith(_digits(name))), None)
        for code, (elements, forms) in _american_codes().items()
        if element in elements and form in forms
    }


@remembered(maxsize=1)
def _american_codes() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Elements and forms by American code; what several rows say of a code counts together."""
    found: dict[str, tuple[set[str], set[str]]] = {}
    for line in facts.trade_codes():
        if line.system in {"HTS8", "HTS10"}:
            elements, forms = found.setdefault(line.code, (set(), set()))
            elements |= set(line.elements)
            forms |= {line.form} - {""}
    return {
        code: (frozenset(elements), frozenset(forms))
        for code, (elements, forms) in sorted(found.items())
    }


def products_without_duty(products: Iterable[str]) -> tuple[str, ...]:
    """Products with an American code whose duties the record does not follow.

    Examples
    --------
    >>> products_without_duty(["oxide:Ce", "oxide:Dy", "component:actuator"])
    ('oxide:Ce',)
    """
    found = {product: stack_codes_of(product) for product in products}
    return tuple(
        sorted(name for name, stacks in found.items() if stacks and not any(stacks.values()))
    )


def duty_wedges(
    products: Collection[str],
    first: dt.date,
    last: dt.date,
    *,
    left_out: Collection[str] = (),
    as_of: dt.date | None = None,
    assumed: Sequence[AssumedDuty] = (),
) -> tuple[Wedge, ...]:
    """Compile the duties on the goods of a network for a period.

    The record has American duties on goods from China. What a scenario assumes for other pairs of
    countries stands beside them; where a product falls under several codes with different stacks, a
    wedge keeps the lowest and the highest.

    Parameters
    ----------
    products
        Product ids.
    first, last
        The period, both days included.
    left_out
        Ids of acts that do not happen: their share goes (see `policy.duty_acts`).
    as_of
        Later days are not known, if given.
    assumed
        Duties that no record has.

    Examples
    --------
    >>> days = dt.date(2025, 4, 11), dt.date(2025, 5, 14)
    >>> wedge = duty_wedges(["magnet:NdFeB-light"], *days)[0]
    >>> for span in wedge.spans:
    ...     print(span.first, span.until, span.high, span.acts)
    2025-04-11 2025-05-14 147.1 ('M020', 'M026')
    2025-05-14 2025-05-15 32.1 ('M020', 'M070')
    """
    record = _Record(frozenset(left_out), as_of)
    tracks = {
        (IMPORTER, origin, product): stack_codes_of(product)
        for origin in sorted({line.origin for line in facts.tariff_lines()})
        for product in sorted(products)
    }
    tracks = {key: stacks for key, stacks in tracks.items() if any(stacks.values())}
    for duty in assumed:
        for origin in sorted(duty.origins):
            for product in sorted(duty.products):
                tracks.setdefault((duty.importer, origin, product), {})
    return tuple(
        Wedge("duty", *key, "%", tuple(stacks), _spans(key, stacks, record, assumed, first, last))
        for key, stacks in sorted(tracks.items())
    )


def wedge_arrays(wedges: Sequence[Wedge], days: Sequence[dt.date]) -> tuple[Array, Array]:
    """Lowest and highest value of wedges, each of shape (wedges, days), NaN where not known.

    Examples
    --------
    >>> days = [dt.date(2026, 1, 2), dt.date(2026, 8, 1)]
    >>> low, high = wedge_arrays(duty_wedges(["magnet:NdFeB-heavy"], days[0], days[1]), days)
    >>> low.tolist(), high.shape
    ([[37.1, nan]], (1, 2))
    """
    shape = (len(wedges), len(days))
    low, high = np.full(shape, np.nan), np.full(shape, np.nan)
    for index, wedge in enumerate(wedges):
        for span in wedge.spans:
            inside = np.array([span.first <= day < span.until for day in days], dtype=bool)
            low[index, inside], high[index, inside] = span.low, span.high
    return low, high


class _Record:
    """Duties as recorded, without some acts, up to a day."""

    def __init__(self, left_out: frozenset[str], as_of: dt.date | None) -> None:
        self.left_out, self.as_of = left_out, as_of
        self.acts = [m for m in facts.measures() if m.id not in left_out]

    def days_of_change(self, stacks: Iterable[str | None], origin: str) -> set[dt.date]:
        """Days on which a duty may become another one."""
        days = {day for hts in stacks if hts for day in days_of_change(hts, origin=origin)}
        if self.as_of is not None:
            days.add(self.as_of + ONE_DAY)
        if self.left_out:
            days |= {step.first for step in steps()}
            days |= {m.in_force for m in self.acts if m.in_force is not None}
            days |= {m.ends + ONE_DAY for m in self.acts if m.ends is not None}
        return days

    def duty_on(
        self, hts: str, origin: str, day: dt.date
    ) -> tuple[float, tuple[str, ...], bool] | None:
        """Per cent of value, the acts that make it up, and whether leaving acts out changed it."""
        known = days_of_change(hts, origin=origin)
        if not known or day < known[0] or (self.as_of is not None and day > self.as_of):
            return None
        stack = stack_on(hts, day, origin=origin)
        if stack.total is None:
            return None
        total, acts, changed = 0.0, [], False
        for layer in LAYERS:
            rate = stack.layers[layer]
            assert rate is not None  # the register refuses lines that lack a layer
            act = setter(layer, hts, day) if rate else None
            if touches(layer, hts, day, self.left_out):
                rate, act = layer_without(layer, hts, day, self.left_out, self.acts)
                changed = changed or rate != stack.layers[layer]
            total += rate
            acts += [act] if act else []
        return (round(total, 9) if changed else stack.total), tuple(acts), changed


def _spans(
    key: tuple[str, str, str],
    stacks: dict[str, str | None],
    record: _Record,
    assumed: Sequence[AssumedDuty],
    first: dt.date,
    last: dt.date,
) -> tuple[Span, ...]:
    """Follow one wedge through a period, one stretch of days after another."""
    importer, origin, _ = key
    mine = [d for d in assumed if d.importer == importer and origin in d.origins]
    days = record.days_of_change(stacks.values(), origin)
    days |= {d.first for d in mine} | {d.last + ONE_DAY for d in mine if d.last is not None}
    starts = [first, *sorted(day for day in days if first < day <= last), last + ONE_DAY]
    spans: list[Span] = []
    for day, until in pairwise(starts):
        low, high, acts, status = _on(key, stacks, record, mine, day)
        before = spans[-1] if spans else None
        if before and _same(before, low, high, acts, status):
            spans[-1] = Span(before.first, until, low, high, acts, status)
        else:
            spans.append(Span(day, until, low, high, acts, status))
    return tuple(spans)


def _on(
    key: tuple[str, str, str],
    stacks: dict[str, str | None],
    record: _Record,
    assumed: Sequence[AssumedDuty],
    day: dt.date,
) -> tuple[float, float, tuple[str, ...], str]:
    """Lowest and highest duty on a day over the codes of a product, the acts, and the status."""
    importer, origin, product = key
    values: list[float | None] = []
    acts: list[str] = []
    changed = False
    for code, hts in stacks.items() or [(None, None)]:
        found = record.duty_on(hts, origin, day) if hts and importer == IMPORTER else None
        value, names = (None, []) if found is None else (found[0], list(found[1]))
        changed = changed or (found is not None and found[2])
        on = [d for d in assumed if d.is_on(day) and d.covers(product, code)]
        for duty in sorted(on, key=lambda duty: (not duty.replaces, duty.name)):
            if duty.replaces:
                value, names = duty.rate, [duty.act]
            elif value is not None:
                value, names = value + duty.rate, [*names, duty.act]
            changed = True
        values.append(value)
        acts += [name for name in names if name not in acts]
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return np.nan, np.nan, (), "unknown"
    return min(known), max(known), tuple(acts), "assumed" if changed else "recorded"


def _same(span: Span, low: float, high: float, acts: tuple[str, ...], status: str) -> bool:
    values = np.array_equal([span.low, span.high], [low, high], equal_nan=True)
    return values and (span.acts, span.status) == (acts, status)


def _digits(code: str) -> str:
    return code.replace(".", "")
