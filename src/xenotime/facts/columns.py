"""What each column of the tables that users extend wants, in a line."""

from __future__ import annotations

from collections.abc import Iterable

from xenotime.facts import vocabulary
from xenotime.facts.registers import REGISTERS

__all__ = ["COLUMN_NOTES"]


def _one_of(words: Iterable[str]) -> str:
    return ", ".join(words)


_LISTED = "several are joined by semicolons"
_EVERYWHERE: dict[str, str] = {
    "grade": f"required: {_one_of(vocabulary.GRADES)}",
    "vintage": "the publication in a word, e.g. usgs2026; blank: what the id has after @",
    "first_known": "required, YYYY-MM-DD: the day on which it could first be known",
    "source_url": "required: an address, or the name of a document",
    "source_title": "required: title of the source",
    "note": "optional: what a reader should know, in at most 25 words",
    "licence": f"{_one_of(vocabulary.LICENCES)}; blank: cited-figure, own with grade prior",
}
_CLAIMS: dict[str, str] = {
    "id": "required: quantity/part/part@vintage; a new vintage of a figure keeps what is before @",
    "quantity": "the first part of the id; blank: taken from it",
    "country": "ISO3, WLD, EUU, REU or ROW; for trade the origin; blank: as other vintages have it",
    "product": "e.g. oxide:Dy, magnet; blank: as other vintages or the series have it",
    "stage": "optional: mine, separation, metal, alloy, magnet, component, industry, trade ...",
    "partner": "optional: destination or second country",
    "industry": "optional: one of the industries of the model",
    "period": "optional: 2024, 2024-05, 2025-H1, FY2024, or two joined by '..'",
    "unit": f"required: {_one_of(vocabulary.UNITS)}",
    "low": "optional: lower end, in unit; blank is unknown, not zero",
    "mid": "middle value; one of low, mid, high is required unless kind is gap",
    "high": "optional: upper end, in unit",
    "kind": f"{_one_of(vocabulary.KINDS)}; blank: reported, with grade prior assumption",
    "first_known": "required unless kind is assumption or gap, YYYY-MM-DD",
    "formula": "required for kind derived: how it was computed",
}
_MEASURES: dict[str, str] = {
    "id": "M- and words, e.g. M-CHN-2026-07-01-magnets; blank: made of actor, day and act",
    "act": "required: name of the act",
    "article": "optional",
    "actor": f"required: ISO3 of who acts; {_LISTED}",
    "targets": f"ISO3 or WLD; {_LISTED}; blank: WLD",
    "instrument": f"required: {_one_of(vocabulary.INSTRUMENTS)}",
    "elements": f"optional: e.g. Dy; {_LISTED}",
    "forms": f"optional: {_one_of(vocabulary.FORMS)}; {_LISTED}",
    "announced": "required, YYYY-MM-DD",
    "in_force": "optional, YYYY-MM-DD: first day in effect; blank while it has none",
    "ends": "optional, YYYY-MM-DD: last day in effect; blank while it is open",
    "status": f"{_one_of(vocabulary.MEASURE_STATUSES)}; blank: as the dates say",
    "changes": f"ids of acts that it suspends, extends or ends; {_LISTED}",
}
_CONTROL_ITEMS: dict[str, str] = {
    "id": "required: control_item/list/element/number@vintage",
    "announcement": "required: number of the announcement",
    "measure": "id of its act; blank means the act that is added with it",
    "control_code": "optional",
    "element": "required: symbol",
    "form": f"required: {_one_of(vocabulary.FORMS)}",
    "item": "optional: name of the item, in your words",
    "threshold": "optional",
    "cn_codes": f"optional: customs codes; {_LISTED}",
    "in_force": "required, YYYY-MM-DD",
    "suspended_from": "optional, YYYY-MM-DD",
    "suspended_until": "optional, YYYY-MM-DD",
}
_STOPPAGES: dict[str, str] = {
    "id": "required: stoppage/country/company/start@vintage",
    "country": "ISO3 of the plant",
    "company": "required",
    "industry": "optional: one of the industries of the model",
    "severity": f"required: {_one_of(vocabulary.SEVERITIES)}",
    "start": "required, YYYY-MM-DD; the first of the month where precision is month",
    "end": "optional, YYYY-MM-DD: blank when it is not printed",
    "precision": "required: day or month",
    "duration_days": "optional: as printed",
}
_CONFLICTS: dict[str, str] = {
    "id": "required: conflict/topic@vintage",
    "topic": "required",
    "claim_a": "required: what one source says",
    "source_a": "required: its address",
    "claim_b": "required: what the other says",
    "source_b": "required: its address",
    "assessment": "required: how it is treated",
}

_REGISTERED = {"id": "required: table/part/part@vintage"}

COLUMN_NOTES: dict[tuple[str, str], str] = {
    (table, column): text
    for table, own in (
        ("claims", _CLAIMS),
        ("measures", _MEASURES),
        ("control_items", _CONTROL_ITEMS),
        ("stoppages", _STOPPAGES),
        ("conflicts", _CONFLICTS),
    )
    for column, text in (_EVERYWHERE | own).items()
}
COLUMN_NOTES |= {
    (register.name, column): (_EVERYWHERE | _REGISTERED).get(
        column, "as in the embedded table, see docs/reference/facts.md"
    )
    for register in REGISTERS
    for column in register.columns
}
"""By table and column."""
