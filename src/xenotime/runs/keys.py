"""The name of one number of a run: what `xenotime explain` is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xenotime.facts.problems import RequestError
from xenotime.facts.taxonomy import iso3_of

if TYPE_CHECKING:
    import pandas as pd

    from xenotime.networks.structure import ProductionNetwork
    from xenotime.runs.running import Run

__all__ = ["FORMS", "Number", "find_number", "flow_key", "near"]

FORMS: dict[str, str] = {
    "exports": "exports/[<product>/[<origin>/]]<destination>/<month>",
    "production": "production/<producer>/<month>",
    "stocks": "stocks/<industry>/<country>/<date>",
    "output": "output/<industry>/<country>/<date>",
    "stoppages": "stoppages/<industry>/<country>",
    "shortages": "shortages/<element>/<country>/<scope>/<month>",
    "permits": "permits/[<origin>/]<destination>/<use>/<goods>/<month>",
    "flow": "flow/<supplier>/<buyer>/<product>",
}
"""How the keys of each table are written; parts in brackets may be left out."""

# Columns that name a row of each table, in the order in which a key gives them.
_COLUMNS: dict[str, tuple[str, ...]] = {
    "exports": ("product", "origin", "destination", "month"),
    "production": ("producer", "month"),
    "stocks": ("industry", "country", "date"),
    "output": ("industry", "country", "date"),
    "stoppages": ("industry", "country"),
    "shortages": ("element", "country", "scope", "month"),
    "permits": ("origin", "destination", "use", "goods", "month"),
}
_PLACES = ("country", "origin", "destination")
_DEFAULTS: dict[str, tuple[str, ...]] = {"exports": ("magnet", "CHN"), "permits": ("CHN",)}


@dataclass(frozen=True, slots=True)
class Number:
    """One row of a run's table: which table, its parts by column, and the row itself."""

    table: str
    parts: dict[str, str]
    row: dict[str, Any]

    @property
    def key(self) -> str:
        """The whole key, nothing left out."""
        return "/".join([self.table, *self.parts.values()])

    @property
    def moment(self) -> str:
        """Month or date of the row; blank where it is about the whole run."""
        return self.parts.get("month") or self.parts.get("date") or ""

    @property
    def sample_key(self) -> str:
        """Key of its draws in `Samples.of`."""
        name = "/".join(v for c, v in self.parts.items() if c not in {"month", "date"})
        if self.table == "permits":
            origin, destination, use, goods = name.split("/")
            return f"{origin}>{destination}/{use}/{goods}"
        return name


def find_number(run: Run, key: str) -> Number:
    """Find the row of a run that a key names.

    Raises
    ------
    RequestError
        If there is no such row; the message lists near keys, or how keys are written.
    """
    table, _, rest = key.partition("/")
    if table not in _COLUMNS:
        raise unknown(key, [])
    frame = run.frame(table)
    columns = _COLUMNS[table]
    given = _split(table, rest)
    if given is not None:
        chosen = frame
        for column, text in zip(columns, given, strict=True):
            chosen = chosen[chosen[column].astype(str) == text]
        if len(chosen):
            row = {str(name): _plain(value) for name, value in chosen.iloc[0].items()}
            return Number(table, dict(zip(columns, given, strict=True)), row)
    # what was left out of the key is put in first, so that near keys are of the same series
    full = "/".join([table, *given]) if given is not None else key
    error = unknown(key, _keys_of(table, frame), full)
    wrong = [] if given is None else _unknown_places(frame, columns, given)
    raise RequestError([*error.problems, *wrong])


def _unknown_places(frame: pd.DataFrame, columns: Sequence[str], given: Sequence[str]) -> list[str]:
    """Say which countries of a key the table does not have, and what it calls them."""
    problems = []
    for column, text in zip(columns, given, strict=True):
        if column not in _PLACES:
            continue
        known = sorted(set(frame[column].astype(str)))
        if text in known:
            continue
        try:
            code = iso3_of(text)
        except RequestError:
            code = text
        hint = f"write {code}" if code in known else f"it has {', '.join(known)}"
        problems.append(f"{column} {text!r} is not in this table: {hint}")
    return problems


def _split(table: str, rest: str) -> tuple[str, ...] | None:
    """Parts of a key by column, with what was left out put in; None if they do not fit."""
    columns = _COLUMNS[table]
    parts = rest.split("/")
    if table == "production" and len(parts) > 2:  # the id of a company's plant has a slash
        parts = ["/".join(parts[:-1]), parts[-1]]
    missing = len(columns) - len(parts)
    defaults = _DEFAULTS.get(table, ())
    if table == "exports" and missing == 1:
        parts = [parts[0], defaults[1], *parts[1:]]
    elif 0 < missing <= len(defaults):
        parts = [*defaults[:missing], *parts]
    return tuple(parts) if len(parts) == len(columns) else None


def _keys_of(table: str, frame: pd.DataFrame) -> list[str]:
    names = frame[list(_COLUMNS[table])].astype(str).agg("/".join, axis=1)
    return [f"{table}/{name}" for name in dict.fromkeys(names)]


def flow_key(network: ProductionNetwork, key: str) -> tuple[str, str, str] | None:
    """Supplier, buyer and product that a key names; None if there is no such flow.

    Ids of producers may hold slashes, so the network decides where one ends.
    """
    rest = key.removeprefix("flow/")
    links = network.links
    names = links["supplier"] + "/" + links["buyer"] + "/" + links["product"]
    found = links[(names == rest).to_numpy()]
    if not len(found):
        return None
    row = found.iloc[0]
    return str(row["supplier"]), str(row["buyer"]), str(row["product"])


def unknown(key: str, known: Sequence[str], full: str = "") -> RequestError:
    """Say that there is no such number, with near keys or the ways to write one."""
    close = near(full or key, known)
    hint = (
        f"did you mean {', '.join(close)}?"
        if close
        else f"write one of {', '.join(FORMS.values())}, or the id of a figure"
    )
    return RequestError(f"key {key!r} names no number of this run: {hint}")


def near(key: str, known: Sequence[str], *, most: int = 5) -> list[str]:
    """Find the keys that share the most parts with one; ties by spelling.

    >>> known = ["exports/magnet/CHN/DEU/2025-05", "exports/magnet/CHN/USA/2025-05"]
    >>> near("exports/USA/2025-5", known)
    ['exports/magnet/CHN/USA/2025-05', 'exports/magnet/CHN/DEU/2025-05']
    """
    import difflib

    wanted = set(key.split("/"))
    # Shared parts first: comparing spellings of a hundred thousand keys would take a minute.
    shortlist = sorted(known, key=lambda name: -len(wanted & set(name.split("/"))))[:500]

    def score(name: str) -> tuple[int, float]:
        shared = len(wanted & set(name.split("/")))
        return shared, difflib.SequenceMatcher(None, key, name).ratio()

    return sorted(shortlist, key=score, reverse=True)[:most]


def _plain(value: Any) -> Any:
    """Turn a cell into plain Python; missing becomes None."""
    import pandas as pd

    if pd.isna(value):
        return None
    return value.item() if hasattr(value, "item") else value
