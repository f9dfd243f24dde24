"""Rows of a download: each as wide as its header, and nothing cut off, repeated or mixed in."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Collection, Iterator
from typing import Any

from xenotime.facts.problems import RequestError, few

__all__ = ["Layout", "fits", "header_of", "is_json", "json_of", "refuse_cut", "rows_of"]

# Names of columns that mean the same, for each column that a layout must have.
Layout = tuple[tuple[str, ...], ...]


def header_of(text: str) -> list[str]:
    """Names of the columns in the first line.

    >>> header_of('period,"Data Type", netWgt')
    ['period', 'Data Type', 'netWgt']
    """
    first = text.lstrip("\ufeff").partition("\n")[0].strip("\r")
    return [name.strip() for name in next(csv.reader([first]), [])]


def fits(header: Collection[str], layout: Layout) -> bool:
    """Whether a header has a column for each that a layout must have.

    >>> fits(["a", "c"], (("a", "b"), ("c",))), fits(["a"], (("a", "b"), ("c",)))
    (True, False)
    """
    return all(any(name in header for name in names) for names in layout)


def rows_of(text: str, *, delimiter: str = ",") -> Iterator[tuple[int, dict[str, str]]]:
    r"""Yield line number and cells of each row below a header; blank rows are passed over.

    All rows are as wide as the header. Some sites end each row with a separator more than the
    header has: then every row must, and nothing may stand behind it.

    Raises
    ------
    RequestError
        If the text is badly quoted, a column is there twice, a row has fewer or more cells than
        the others, or is a header again.

    Examples
    --------
    >>> list(rows_of("a,b\n1,2\n"))
    [(2, {'a': '1', 'b': '2'})]
    >>> list(rows_of("a,b\n1,2\n3\n"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    xenotime.facts.problems.RequestError: line 3: has 1 cell where the others have 2: it is cut ...
    """
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    problems: list[str] = []
    try:
        header = [name.strip() for name in next(reader)]
        problems += _repeated(header)
        width = 0
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            width = width or max(len(header), len(cells))
            problem = _problem(cells, header, width)
            if problem:
                problems.append(f"line {reader.line_num}: {problem}")
            elif not problems:
                yield reader.line_num, dict(zip(header, cells, strict=False))
    except StopIteration:
        raise RequestError("it holds no header: download it again") from None
    except csv.Error as error:
        raise RequestError(f"it is badly quoted ({error}): download it again") from error
    if problems:
        raise RequestError(few(problems))


def _problem(cells: list[str], header: list[str], width: int) -> str:
    """Say why a row is none of its table; blank where it is one."""
    if any(cell.strip() for cell in cells[len(header) :]):
        return (
            f"has {len(cells)} cells, the header {len(header)}: was a number written with a comma"
            " and not quoted, or another file added below?"
        )
    if len(cells) != width:
        several = "" if len(cells) == 1 else "s"
        return (
            f"has {len(cells)} cell{several} where the others have {width}: it is cut off, or"
            " another file was added below; download it again"
        )
    if [cell.strip() for cell in cells[: len(header)]] == header:
        return "is the header again: load the downloads one by one"
    return ""


def _plain(name: str) -> str:
    """Name of a column without case, blanks, signs, and the decimals that spreadsheets add."""
    return re.sub(r"[\W_]+", "", re.sub(r"(?<=^\d{4})\.0$", "", name)).casefold()


def _repeated(header: list[str]) -> list[str]:
    """Complain of columns that say the same: the figure of one would hide that of the other.

    >>> _repeated(["2023", "2023.0", "2024", "", ""])
    ["the columns '2023' and '2023.0' say the same: keep one"]
    """
    first: dict[str, str] = {}
    problems: dict[str, None] = {}
    for name in header:
        plain = _plain(name)
        if plain and plain in first:
            same = first[plain]
            both = f"columns {same!r} and {name!r} say the same"
            told = f"column {name!r} is there {header.count(name)} times" if same == name else both
            problems[f"the {told}: keep one"] = None
        first.setdefault(plain, name)
    return list(problems)


def is_json(text: str) -> bool:
    """Whether a text is meant as JSON, not as a table.

    >>> is_json(' [["a"]]'), is_json("a,b")
    (True, False)
    """
    return text.lstrip()[:1] in {"{", "["}


def json_of(text: str) -> Any:
    """Read JSON in which no name stands twice.

    Raises
    ------
    RequestError
        If it is cut off, something follows it, or a name is there twice in one row.

    Examples
    --------
    >>> json_of('{"netWgt": 1, "netWgt": 2}')
    Traceback (most recent call last):
    xenotime.facts.problems.RequestError: the JSON has 'netWgt' twice in one row: download it again
    """
    try:
        return json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        why = (
            "something follows the JSON: load the downloads one by one"
            if error.msg == "Extra data"
            else "the JSON is cut off: download it again"
        )
        raise RequestError(f"line {error.lineno}: {why}") from error
    except RecursionError as error:
        raise RequestError("the JSON is nested too deeply: download it again") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, value in pairs:
        if name in made:
            raise RequestError(f"the JSON has {name[:40]!r} twice in one row: download it again")
        made[name] = value
    return made


_ENDED = re.compile(r'(?:^|[,;\t])\s*(?:"[^"]*"|true|false)\s*$', re.IGNORECASE)


def refuse_cut(text: str) -> None:
    r"""Refuse a table whose last line has no end, where its last cell may be cut.

    A last cell in quotes, or true or false, is whole as it stands. JSON ends by itself.

    Raises
    ------
    RequestError
        Naming the line and the cell.

    Examples
    --------
    >>> refuse_cut("a,b\n1,2\n")
    >>> refuse_cut('a,b\n1,"2"')
    >>> refuse_cut("a,b\n1,12")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    xenotime.facts.problems.RequestError: line 2: the file ends within it, behind '12', which may...
    """
    if is_json(text) or text.endswith(("\n", "\r")) or "\n" not in text:
        return
    last = text[text.rfind("\n") + 1 :]
    if not last.strip() or _ENDED.search(last):
        return
    cell = re.split(r"[,;\t]", last)[-1].strip()
    behind = f"{cell[-40:]!r}, which may be the beginning of a longer number" if cell else "a sign"
    raise RequestError(
        f"line {text.count(chr(10)) + 1}: the file ends within it, behind {behind}: download it"
        " again; if the site writes no end of the last line, say --whole"
    )
