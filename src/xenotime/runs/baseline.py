"""The reconciled baseline, solved once and kept in the workspace."""

from __future__ import annotations

import datetime as dt
import hashlib
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

from xenotime import __version__, facts
from xenotime.facts.problems import RequestError

if TYPE_CHECKING:
    from collections.abc import Callable
    from importlib.resources.abc import Traversable

    from xenotime.networks.structure import ProductionNetwork
    from xenotime.workspace import Workspace

__all__ = ["MEMBERS", "baseline", "source_digest"]

MEMBERS = 16
BASELINE_SEED = 7


def baseline(
    workspace: Workspace, as_of: dt.date | None, announce: Callable[[str], None]
) -> ProductionNetwork:
    """Read the baseline from the workspace's cache, or reconcile it and keep it there.

    The key of the cache is what the answer depends on: the facts, embedded and added, the code
    that reconciles them and the date from which they are seen. Acts are hidden while reconciling:
    what a government does is no property of the undisturbed network.
    """
    from xenotime.networks import storage
    from xenotime.networks.chain import build_baseline
    from xenotime.workspace import defects, staged

    day = "latest" if as_of is None else as_of.isoformat()
    added = facts.included().without("measures", "control_items")
    parts = ["baseline", day, str(MEMBERS), source_digest()[:16], added.digest[:16]]
    folder = workspace.cache_path("-".join(filter(None, parts)))
    if not defects(folder):
        try:
            return storage.read(folder)
        except RequestError as error:
            # whole as files, unsound as a network: a cache is made again, never argued about
            announce(f"The cached baseline is unsound ({len(error.problems)} problems)")
    announce("Reconciling the baseline network (once for these facts)")
    with facts.including(added):
        network, _ = build_baseline(as_of, members=MEMBERS, seed=BASELINE_SEED)
    with staged(folder, exists="replace") as part:
        storage.write(network, part)
    return network


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
