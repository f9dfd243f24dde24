"""Which loader a file is for, and reading it."""

from __future__ import annotations

import datetime as dt
from difflib import get_close_matches
from pathlib import Path

from xenotime.facts.loaders.acts import norm
from xenotime.facts.loaders.census import CENSUS
from xenotime.facts.loaders.comext import COMEXT
from xenotime.facts.loaders.comtrade import COMTRADE
from xenotime.facts.loaders.dataweb import DATAWEB
from xenotime.facts.loaders.decoding import text_of
from xenotime.facts.loaders.gta import GTA
from xenotime.facts.loaders.loading import Loaded, Loader, Source
from xenotime.facts.loaders.oecd import OECD
from xenotime.facts.loaders.revising import beside_what_is_in_force
from xenotime.facts.loaders.rows import Layout, header_of, refuse_cut
from xenotime.facts.loaders.usgs import USGS
from xenotime.facts.problems import RequestError

__all__ = ["LOADERS", "read", "recognise"]

LOADERS: dict[str, Loader] = {
    loader.name: loader for loader in (COMTRADE, CENSUS, DATAWEB, COMEXT, USGS, GTA, OECD)
}
"""Every kind of file that is read, by name, in the order in which they are tried."""


MOST_ROWS = 40_000
"""More rows than these do not fit into one batch of a workspace."""


def recognise(path: str | Path) -> str:
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
    path = Path(path)
    start = text_of(path, whole=False)
    for name, loader in LOADERS.items():
        if loader.matches(start):
            return name
    raise RequestError(_nearly(start) or [_unknown(start)], subject=path.name)


def _unknown(start: str) -> str:
    first = start.lstrip("\n").partition("\n")[0].strip()[:120]
    known = "; ".join(loader.what for loader in LOADERS.values())
    return f"its first line {first!r} is none of a file known here: {known}"


_LIKE_ENOUGH = 0.5
"""Share of its columns that a file must have to be taken for one of a kind (assumption)."""


def _nearly(start: str) -> list[str]:
    """Say which columns a file lacks that has most of those of a kind; empty where it has few."""
    lines = [header_of(line) for line in start.lstrip("\n").splitlines()[:10]]
    best: tuple[float, Loader | None, Layout, list[str]] = (0.0, None, (), [])
    for loader in LOADERS.values():
        for layout in loader.layouts:
            for header in lines:
                plain = {norm(name) for name in header}
                there = [names for names in layout if plain & set(map(norm, names))]
                share = len(there) / len(layout)
                if len(there) > 1 and share > best[0]:
                    best = (share, loader, layout, header)
    share, nearest, layout, header = best
    if nearest is None or share < _LIKE_ENOUGH:
        return []
    told = []
    taken = {norm(name) for names in layout for name in names}
    for names in layout:
        if set(names) & set(header):
            continue
        spelt = {norm(name): name for name in header if name}
        others = [plain for plain in spelt if plain not in taken or plain in map(norm, names)]
        close = [found for name in names for found in get_close_matches(norm(name), others, 1, 0.5)]
        within = [plain for plain in others for name in names if norm(name) in plain]
        likely = next(iter([*close, *within]), None)
        wanted = " or ".join(repr(name) for name in names[:3])
        told.append(
            f"it looks like {nearest.what}, but has no column {wanted}: "
            + (
                f"{spelt[likely]!r} is the nearest, rename it"
                if likely is not None
                else "download it with all columns"
            )
        )
    return told


def read(
    path: str | Path, *, taken: dt.date | None = None, vintage: str = "", whole: bool = False
) -> Loaded:
    """Read a file as downloaded: all of it, or one error with every problem.

    Parameters
    ----------
    path
        A file that `recognise` knows.
    taken
        Day on which it was downloaded; default the day on which the file was written. It is the
        first day on which its figures count as known, since they may have been revised since they
        first appeared.
    vintage
        Name of the vintage; default the publisher and the day, numbered where figures of that
        name are in force and differ.
    whole
        Whether it is known that nothing was cut off: the last line may then lack its end.

    Returns
    -------
    Loaded
        Without the figures and acts that are in force already (`held` counts them); empty when
        that are all.

    Raises
    ------
    RequestError
        With all problems of all rows, if the file is cut off, or if no row is about a mineral of
        the record.
    """
    path = Path(path)
    loader = LOADERS[recognise(path)]
    text = text_of(path)
    today = dt.datetime.now(dt.UTC).date()
    written = dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC).date()
    if (taken or written) > today:
        whose = "it was taken" if taken else "the file says that it was written"
        raise RequestError(
            f"{whose} on {taken or written}, a day that has not come: give the day of the download"
            " with --taken",
            subject=path.name,
        )
    taken = taken or written
    source = Source(loader.title, loader.url, loader.licence, loader.name, taken, vintage)
    try:
        if not whole:
            refuse_cut(text)
        loaded = loader.read(text, source)
    except RequestError as error:
        raise RequestError(error.problems, subject=path.name) from error
    if not loaded.claims and not loaded.measures:
        reasons = ", ".join(f"{count} {reason}" for reason, count in loaded.left_out.items())
        raise RequestError(
            f"no row is about a mineral of the record ({reasons or 'it has a header alone'})",
            subject=path.name,
        )
    try:
        loaded = beside_what_is_in_force(loaded)
    except RequestError as error:
        raise RequestError(error.problems, subject=path.name) from error
    count = len(loaded.claims) + len(loaded.measures)
    if count > MOST_ROWS:
        raise RequestError(
            f"it becomes {count:,} rows, more than {MOST_ROWS:,}: take fewer codes, partners or"
            " years",
            subject=path.name,
        )
    return loaded
