"""What 100 % means for exports: the mean month of June to November 2024."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

__all__ = ["REFERENCE_MONTHS", "ExportReference", "export_reference"]

# After the Chinese new year, before the pull-forward ahead of the controls of 2025.
REFERENCE_MONTHS = tuple(f"2024-{month:02d}" for month in range(6, 12))


@dataclass(frozen=True, slots=True)
class ExportReference:
    """A mean of observed months, and how many of the six are known."""

    t_per_month: float
    months_known: int


def export_reference(
    product: str, destination: str, *, as_of: date | None = None
) -> ExportReference | None:
    """Mean observed exports of China in June to November 2024.

    Months that no source gives are left out of the mean, not counted as zero.

    Parameters
    ----------
    product
        A series name, e.g. ``"magnet"``.
    destination
        ISO3 code or aggregate.
    as_of
        Use only what was known on this day.

    Returns
    -------
    ExportReference or None
        In t per month; None when no month is known.

    Examples
    --------
    >>> reference = export_reference("magnet", "USA")
    >>> round(reference.t_per_month), reference.months_known
    (621, 4)
    """
    from xenotime import facts

    observed = facts.observed_exports(as_of)
    known = [
        claim.mid
        for month in REFERENCE_MONTHS
        if (claim := observed.get((product, destination, month))) is not None
        and claim.mid is not None
    ]
    if not known:
        return None
    return ExportReference(sum(known) / len(known), len(known))
