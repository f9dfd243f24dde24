"""The reconciled baseline, solved once and kept in the workspace."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import time
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any, NamedTuple

from xenotime import __version__, facts
from xenotime.facts.problems import RequestError

if TYPE_CHECKING:
    from collections.abc import Callable
    from importlib.resources.abc import Traversable
    from pathlib import Path

    from xenotime.networks.chain import BaselineReport
    from xenotime.networks.structure import ProductionNetwork
    from xenotime.workspace import Workspace

__all__ = [
    "MEMBERS",
    "RECONCILIATION",
    "Built",
    "baseline",
    "built",
    "cache_key",
    "read_built",
    "source_digest",
    "write_built",
]

MEMBERS = 16
BASELINE_SEED = 7


RECONCILIATION = "reconciliation.json"
"""File beside the tables of a built network: how far each figure had to move."""


class Built(NamedTuple):
    """A network and how it was reconciled, as `RECONCILIATION` holds it.

    Attributes
    ----------
    network
        The baseline with its ensemble.
    reconciliation
        `seconds` that the reconciliation took, `hard_violation`, `solves`, `within_one_sigma`,
        `unexplained` and `hidden` figures, and `facts`: each soft row as given and as fitted.
    """

    network: ProductionNetwork
    reconciliation: dict[str, Any]


def baseline(
    workspace: Workspace, as_of: dt.date | None, announce: Callable[[str], None]
) -> ProductionNetwork:
    """Read the baseline from the workspace's cache, or reconcile it and keep it there."""
    return built(workspace, as_of, announce).network


def built(
    workspace: Workspace,
    as_of: dt.date | None,
    announce: Callable[[str], None],
    *,
    members: int = MEMBERS,
    year: int | None = None,
) -> Built:
    """Read the baseline and its report from the workspace's cache, or make and keep them.

    The key of the cache is what the answer depends on: the facts, embedded and added, the code
    that reconciles them, the date from which they are seen, the size of the ensemble and the year.
    `year` asks for a precedent (`xenotime.networks.precedent.YEARS`) in place of today's. Acts are
    hidden while reconciling: what a government does is no property of the undisturbed network.
    """
    from xenotime.networks.chain import build_baseline
    from xenotime.networks.precedent import build_precedent
    from xenotime.workspace import defects, staged

    added = facts.included().without("measures", "control_items")
    folder = workspace.cache_path(cache_key(as_of, source_digest(), members=members, year=year))
    found = defects(folder, required=(RECONCILIATION,)) if folder.exists() else ["absent"]
    if folder.exists() and found:
        # a cache is made again, never argued about; that it takes a while now has its reason
        more = f" and {len(found) - 1} more" if len(found) > 1 else ""
        announce(f"The cached baseline is damaged ({found[0]}{more}): it is made again")
    if not found:
        try:
            return read_built(folder)
        except RequestError as error:
            # whole as files, unsound as a network
            first = error.problems[0]
            announce(f"The cached baseline is unsound ({first[:120]}): it is made again")
    announce("Reconciling the baseline network (once for these facts)")
    began = time.perf_counter()
    with facts.including(added):
        if year is None:
            network, report = build_baseline(as_of, members=members, seed=BASELINE_SEED)
        else:
            network, report = build_precedent(
                year, as_of=as_of, members=members, seed=BASELINE_SEED
            )
    content = _reconciliation(report, time.perf_counter() - began)
    made = Built(network, content)
    with staged(folder, exists="replace") as part:
        write_built(made, part)
    return made


def cache_key(
    as_of: dt.date | None, sources: str, *, members: int = MEMBERS, year: int | None = None
) -> str:
    """Name of the cache of a baseline, with the additions that are in force here.

    Parameters
    ----------
    as_of
        The day from which the facts are seen.
    sources
        Hash of the facts and the code, as `source_digest` makes it.
    members
        Size of the ensemble.
    year
        Year of a precedent; None is the baseline.
    """
    name = "baseline" if year is None else f"precedent-{year}"
    day = "latest" if as_of is None else as_of.isoformat()
    added = facts.included().without("measures", "control_items")
    return "-".join(filter(None, [name, day, str(members), sources[:16], added.digest[:16]]))


def write_built(made: Built, folder: Path) -> None:
    """Write the tables of a network and the report beside them into an empty folder."""
    from xenotime.networks import storage

    storage.write(made.network, folder)
    if made.reconciliation:
        text = json.dumps(made.reconciliation) + "\n"
        (folder / RECONCILIATION).write_text(text, encoding="utf-8")


def read_built(folder: Path) -> Built:
    """Read a network from a folder, and its report where there is one.

    Raises
    ------
    RequestError
        With everything that is wrong with the folder.
    """
    from xenotime.networks import storage

    network = storage.read(folder)
    path = folder / RECONCILIATION
    if not path.is_file():
        return Built(network, {})
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        missing = [name for name in _NEEDED if name not in content]
    except (OSError, ValueError, TypeError) as error:
        raise RequestError(f"{path} cannot be read ({error}): build the network again") from error
    if missing:
        raise RequestError(f"{path} lacks {', '.join(missing)}: build the network again")
    return Built(network, content)


_NEEDED = ("seconds", "hard_violation", "within_one_sigma", "unexplained", "hidden", "facts")


def _reconciliation(report: BaselineReport, seconds: float) -> dict[str, Any]:
    # through text, so that what is read back is what was returned; missing numbers become null
    rows = json.loads(report.facts.to_json(orient="records", double_precision=15))
    within = report.within_one_sigma
    return {
        "schema_version": 1,
        "seconds": round(seconds, 3),
        "hard_violation": report.hard_violation,
        "solves": report.solves,
        "within_one_sigma": within if within == within else None,  # noqa: PLR0124  # nan
        "unexplained": list(report.unexplained),
        "hidden": list(report.hidden),
        "facts": rows,
    }


@lru_cache(maxsize=1)
def source_digest() -> str:
    """Hash of the facts and of all code that an answer depends on."""
    digest = hashlib.sha256(__version__.encode())
    for package in ("facts", "networks", "policy", "scenarios", "engine", "runs"):
        for name, file in sorted(_files(resources.files(f"xenotime.{package}"), "")):
            digest.update(name.encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _files(folder: Traversable, prefix: str) -> list[tuple[str, Traversable]]:
    found: list[tuple[str, Traversable]] = []
    for entry in folder.iterdir():
        name = f"{prefix}/{entry.name}"
        if entry.is_dir() and entry.name != "__pycache__":
            found += _files(entry, name)
        elif entry.name.endswith((".py", ".csv")):
            found.append((name, entry))
    return found
