"""Which loader a file is for, and reading it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

from xenotime.facts.claims import claim_files, claims
from xenotime.facts.loaders.census import CENSUS
from xenotime.facts.loaders.comext import COMEXT
from xenotime.facts.loaders.comtrade import COMTRADE
from xenotime.facts.loaders.dataweb import DATAWEB
from xenotime.facts.loaders.gta import GTA
from xenotime.facts.loaders.loading import Loaded, Loader, Source, text_of
from xenotime.facts.loaders.oecd import OECD
from xenotime.facts.loaders.usgs import USGS
from xenotime.facts.problems import RequestError

__all__ = ["LOADERS", "read", "recognise"]

LOADERS: dict[str, Loader] = {
    loader.name: loader for loader in (COMTRADE, CENSUS, DATAWEB, COMEXT, USGS, GTA, OECD)
}
"""Every kind of file that is read, by name, in the order in which they are tried."""


MOST_ROWS = 40_000
"""More rows than these do not fit into one batch of a workspace."""


def recognise(path: Path) -> str:
    """Name of the loader that a file is for, by its first lines.

    Parameters
    ----------
    path
        A file as downloaded.

    Returns
    -------
    str
        A key of `LOADERS`.

    Raises
    ------
    RequestError
        If the file cannot be read, or none of the loaders knows its header.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "download.csv"
    ...     _ = file.write_text("REPORTER,PARTNER,PRODUCT_NC,FLOW,PERIOD,VALUE_EUR,QUANTITY_KG")
    ...     recognise(file)
    'comext'
    """
    start = text_of(path, whole=False)
    for name, loader in LOADERS.items():
        if loader.matches(start):
            return name
    first = start.partition("\n")[0][:120]
    known = "; ".join(loader.what for loader in LOADERS.values())
    raise RequestError(
        f"its first line {first!r} is none of a file known here: {known}", subject=path.name
    )


def read(path: Path, *, taken: dt.date | None = None) -> Loaded:
    """Read a file as downloaded: all of it, or one error with every problem.

    Parameters
    ----------
    path
        A file that `recognise` knows.
    taken
        Day on which it was downloaded; default the day on which the file was written. It is the
        first day on which its figures count as known, since they may have been revised since they
        first appeared.

    Raises
    ------
    RequestError
        With all problems of all rows, or if no row is about a mineral of the record.
    """
    loader = LOADERS[recognise(path)]
    text = text_of(path)
    if taken is None:
        taken = dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC).date()
    source = Source(loader.title, loader.url, loader.licence, loader.name, taken)
    try:
        loaded = loader.read(text, source)
    except RequestError as error:
        raise RequestError(error.problems, subject=path.name) from error
    loaded = _without_known(loaded)
    if not loaded.claims and not loaded.measures:
        reasons = ", ".join(f"{count} {reason}" for reason, count in loaded.left_out.items())
        raise RequestError(
            f"no row is about a mineral of the record ({reasons or 'it has no rows'})",
            subject=path.name,
        )
    count = len(loaded.claims) + len(loaded.measures)
    if count > MOST_ROWS:
        raise RequestError(
            f"it becomes {count:,} rows, more than {MOST_ROWS:,}: take fewer codes, partners or"
            " years",
            subject=path.name,
        )
    return loaded


def _without_known(loaded: Loaded) -> Loaded:
    """Leave out figures whose id is in the record already: the same edition, built in."""
    tables = tuple(sorted({claim.quantity for claim in loaded.claims} & set(claim_files())))
    known = {claim.id for claim in claims(tables=tables)} if tables else set()
    kept = tuple(claim for claim in loaded.claims if claim.id not in known)
    twice = len(loaded.claims) - len(kept)
    reasons = loaded.left_out | ({"in the record already": twice} if twice else {})
    return replace(loaded, claims=kept, left_out=reasons)
