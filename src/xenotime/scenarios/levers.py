"""Levers: what a scenario may assume beside the record, losses and the pace of licences."""

from __future__ import annotations

from pydantic import field_validator

from xenotime import facts
from xenotime.scenarios.fields import Frozen, Uses, once

__all__ = ["FollowedBan"]


class FollowedBan(Frozen):
    """A ban of the record that shipments obey in this scenario: nobody gets a licence."""

    act: str
    """Id of an export ban of the record (`policy list`), e.g. `M017`."""
    uses: Uses
    """Uses that the ban reaches: civil, defence, or both. The record does not code it."""

    @field_validator("act")
    @classmethod
    def _a_ban(cls, name: str) -> str:
        bans = {
            m.id: m
            for m in facts.measures()
            if m.instrument == "export_ban" and m.elements and m.forms and m.in_force
        }
        if name not in bans:
            known = [m.id for m in facts.measures()]
            told = ", ".join(f"{m.id} ({m.act} {m.article}".rstrip() + ")" for m in bans.values())
            what = (
                f"{name} is no export ban with elements, forms and a first day"
                if name in known
                else f"no act of the record: {name}{facts.did_you_mean(name, bans)}"
            )
            raise ValueError(f"{what}; give one of {told}")
        return name

    @field_validator("uses")
    @classmethod
    def _once(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return once(names)
