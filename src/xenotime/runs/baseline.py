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
from xenotime.facts.asking import answers, parsed, plain, recording
from xenotime.facts.problems import RequestError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from importlib.resources.abc import Traversable
    from pathlib import Path

    from xenotime.networks.chain import BaselineReport
    from xenotime.networks.structure import ProductionNetwork
    from xenotime.workspace import Workspace

__all__ = [
    "MEMBERS",
    "READS",
    "RECONCILIATION",
    "Built",
    "baseline",
    "built",
    "kept_baseline",
    "made_elsewhere",
    "read_built",
    "source_digest",
    "write_built",
]

MEMBERS = 16
BASELINE_SEED = 7


RECONCILIATION = "reconciliation.json"
"""File beside the tables of a built network: how far each figure had to move."""


MOST_NAMED = 10
"""Added figures that an error names."""

READS = "reads.json"
"""File beside the tables of a cached network: what its making asked of the facts."""


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
    workspace: Workspace,
    as_of: dt.date | None,
    announce: Callable[[str], None],
    *,
    year: int | None = None,
) -> ProductionNetwork:
    """Read the baseline from the workspace's cache, or reconcile it and keep it there."""
    return built(workspace, as_of, announce, year=year).network


def built(
    workspace: Workspace,
    as_of: dt.date | None,
    announce: Callable[[str], None],
    *,
    members: int = MEMBERS,
    year: int | None = None,
) -> Built:
    """Read the baseline and its report from the workspace's cache, or make and keep them.

    What is kept counts as long as the code that reconciles, the embedded facts, the day, the size
    and the year are the same, and everything that the reconciliation asked of the facts is
    answered as it was (`xenotime.facts.asking`): an added figure that nothing here reads makes
    nothing anew. `year` asks for a precedent (`xenotime.networks.precedent.YEARS`) in place of
    today's. Acts are hidden while reconciling: what a government does is no property of the
    undisturbed network.
    """
    from xenotime.workspace import staged

    stem = _stem(as_of, source_digest(), members, year)
    kept = _kept(workspace, stem)
    if kept is not None:
        try:
            return read_built(kept)
        except RequestError as error:
            # whole as files, unsound as a network
            first = error.problems[0]
            announce(f"The cached baseline is unsound ({first[:120]}): it is made again")
    else:
        for damage in _damages(workspace, stem):
            announce(f"{damage}: the baseline is made again")
    announce("Reconciling the baseline network (once for these facts)")
    added = _read_here()
    with facts.including(added):
        with recording() as questions:
            made = _made(as_of, members, year)
        answered = answers(questions)
    name = f"{stem}-{answered[:16]}" if added else stem
    reads = {
        "schema_version": 1,
        "additions": added.digest,
        "answers": answered,
        "questions": plain(questions),
    }
    with staged(kept or workspace.cache_path(name), exists="replace") as part:
        write_built(made, part)
        (part / READS).write_text(json.dumps(reads) + "\n", encoding="utf-8")
    return made


def _made(as_of: dt.date | None, members: int, year: int | None) -> Built:
    from xenotime.facts.readers import is_read
    from xenotime.facts.vintages import figure
    from xenotime.networks.chain import build_baseline
    from xenotime.networks.precedent import build_precedent
    from xenotime.networks.qp import QpError

    began = time.perf_counter()
    try:
        if year is None:
            network, report = build_baseline(as_of, members=members, seed=BASELINE_SEED)
        else:
            network, report = build_precedent(
                year, as_of=as_of, members=members, seed=BASELINE_SEED
            )
    except QpError as error:
        added = [c for c in facts.included().tables.get("claims", ()) if is_read(c)]
        if not added:
            raise
        raise RequestError(
            [f"{claim.id}: {figure(claim)}" for claim in added[:MOST_NAMED]]
            + ["undo what is wrong among them: `xenotime data status` names the batches"],
            subject="the network cannot be reconciled with these added figures",
        ) from error
    return Built(network, _reconciliation(report, time.perf_counter() - began))


def kept_baseline(
    workspace: Workspace, as_of: dt.date | None, sources: str, year: int | None = None
) -> Path | None:
    """Find a kept baseline of the default size that answers for the additions in force here.

    Parameters
    ----------
    workspace
        Whose cache to look into.
    as_of
        The day from which the facts are seen.
    sources
        Hash of the facts and the code that made it, as `source_digest` makes it.
    year
        A precedent in place of today's.
    """
    return _kept(workspace, _stem(as_of, sources, MEMBERS, year))


def _stem(as_of: dt.date | None, sources: str, members: int, year: int | None) -> str:
    """Begin the name of a cached network; what its readings were answered follows, if added to."""
    name = "baseline" if year is None else f"precedent-{year}"
    day = "latest" if as_of is None else as_of.isoformat()
    return f"{name}-{day}-{members}-{sources[:16]}"


def _read_here() -> facts.Additions:
    return facts.included().without("measures", "control_items")


def _kept(workspace: Workspace, stem: str) -> Path | None:
    """Find the whole network among those of one name whose questions are answered alike here."""
    from xenotime.workspace import defects
    from xenotime.workspace.leftovers import is_partial

    added = _read_here()
    first = workspace.cache_path(stem)
    if not first.parent.is_dir():
        return None
    with facts.including(added):
        for folder in (first, *sorted(first.parent.glob(f"{stem}-*"))):
            if is_partial(folder):
                continue
            if not defects(folder, required=(RECONCILIATION, READS)) and _answers_alike(
                folder, added.digest
            ):
                return folder
    return None


def _damages(workspace: Workspace, stem: str) -> list[str]:
    """Say which networks of a name were kept and are no longer whole, with the first defect."""
    from xenotime.workspace import defects
    from xenotime.workspace.leftovers import is_partial

    first = workspace.cache_path(stem)
    found = []
    for folder in (first, *sorted(first.parent.glob(f"{stem}-*"))):
        if folder.exists() and not is_partial(folder):
            wrong = defects(folder, required=(RECONCILIATION, READS))
            more = f" and {len(wrong) - 1} more" if len(wrong) > 1 else ""
            found += [f"{folder.name} in the cache is damaged ({wrong[0]}{more})"] if wrong else []
    return found


def _answers_alike(folder: Path, additions: str) -> bool:
    try:
        reads = json.loads((folder / READS).read_text(encoding="utf-8"))
        if reads["additions"] == additions:
            return True
        same: bool = answers(parsed(reads["questions"])) == reads["answers"]
    except (OSError, ValueError, TypeError, KeyError, LookupError):
        return False  # of another release, or spoilt: made again rather than trusted
    return same


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


def made_elsewhere(summary: Mapping[str, Any]) -> str:
    """Say that a run was made by another program or from other facts; blank for this one.

    Examples
    --------
    >>> made_elsewhere({"program": {"version": "0.0.1", "sources": "abc"}})[:44]
    'this run was made by xenotime 0.0.1 with oth'
    >>> made_elsewhere({"program": {"version": __version__, "sources": source_digest()}})
    ''
    """
    program = summary.get("program") or {}
    if program.get("sources") == source_digest():
        return ""
    version = program.get("version") or "of unknown version"
    return (
        f"this run was made by xenotime {version} with other facts or other code than this one"
        f" ({__version__}): its figures stand as they were computed; run the scenario again for"
        " today's"
    )


def _files(folder: Traversable, prefix: str) -> list[tuple[str, Traversable]]:
    found: list[tuple[str, Traversable]] = []
    for entry in folder.iterdir():
        name = f"{prefix}/{entry.name}"
        if entry.is_dir() and entry.name != "__pycache__":
            found += _files(entry, name)
        elif entry.name.endswith((".py", ".csv")):
            found.append((name, entry))
    return found
