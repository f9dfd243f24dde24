"""What a file is, in which encoding and with which separators: bytes become plain CSV text."""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
from typing import TYPE_CHECKING

from xenotime.facts.problems import RequestError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["MOST_BYTES", "text_of"]

MOST_BYTES = 200 * 2**20
"""Larger files are refused before they fill the memory: take fewer years or codes."""

_SNIFFED = 64 * 1024

# First bytes of what is often given in place of a CSV, what it is, and what to do.
_OTHER_KINDS = (
    (b"\xd0\xcf\x11\xe0", "an Excel workbook of the old kind (.xls): save the sheet as CSV"),
    (b"\x1f\x8b", "compressed with gzip: unpack it and give the file inside"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive: unpack it and give the file inside"),
    (b"Rar!", "a RAR archive: unpack it and give the file inside"),
    (b"BZh", "compressed with bzip2: unpack it and give the file inside"),
    (b"%PDF", "a PDF: download the table as CSV"),
    (b"PAR1", "a Parquet file: download the table as CSV"),
)


def text_of(path: Path, *, whole: bool = True) -> str:
    """Text of a file, or its beginning, with commas between the cells and points in its decimals.

    UTF-8 and UTF-16 by their marks, else UTF-8, else the Western encoding of Windows. A file with
    semicolons between its cells, as spreadsheets write it where the comma is the decimal sign, is
    rewritten line by line.

    Raises
    ------
    RequestError
        If the file cannot be read, is empty, too large, or no text: says what it is instead.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1 if whole else _SNIFFED)
    except OSError as error:
        raise RequestError(f"{path} cannot be read ({error.strerror}): check the path") from error
    if len(content) > MOST_BYTES:
        raise RequestError(
            f"it has more than {MOST_BYTES:,} bytes: take fewer years or codes", subject=path.name
        )
    kind = _other_kind(path, content)
    if kind:
        raise RequestError(kind, subject=path.name)
    try:
        return _with_commas(_decoded(content))
    except RequestError as error:
        raise RequestError(error.problems, subject=path.name) from error


def _other_kind(path: Path, content: bytes) -> str:
    """Say what a file is that is no table of text; blank where it may be one."""
    if not content.strip(b"\xef\xbb\xbf \t\r\n"):
        return "it is empty: download it again"
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(path)
    for mark, what in _OTHER_KINDS:
        if content.startswith(mark):
            return f"it is {what}"
    if re.match(rb"\s*<(?:!doctype\s+html|html|\?xml)", content[:200], re.IGNORECASE):
        return (
            "it is a web page or XML, no table: the site may have asked for a login;"
            " download the CSV again"
        )
    return ""


def _zip_kind(path: Path) -> str:
    """Tell a workbook from an archive, and name what is in the archive."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        names = []
    if "[Content_Types].xml" in names:
        return (
            "it is an Excel workbook: save the sheet with the results as CSV"
            " (no reader of workbooks is installed)"
        )
    if "pack.json" in names:
        return f"it is a data pack: `xenotime data install {path.name}` adds it"
    if not names:
        return (
            "it is a zip file or an Excel workbook, and a damaged one: unpack it, or save the sheet"
            " with the results as CSV"
        )
    inside = ", ".join(repr(name[:60]) for name in names[:3]) + (", ..." if names[3:] else "")
    return f"it is a zip file with {inside}: unpack it and give the file inside"


def _decoded(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        # A beginning may be cut in the middle of a character.
        return content[: len(content) // 2 * 2].decode("utf-16", errors="replace")
    if b"\x00" in content[:_SNIFFED]:
        even, odd = content[:_SNIFFED:2].count(0), content[1:_SNIFFED:2].count(0)
        if abs(even - odd) > max(4, len(content[:_SNIFFED]) // 4):
            return content[: len(content) // 2 * 2].decode(
                "utf-16-be" if even > odd else "utf-16-le", errors="replace"
            )
        raise RequestError("it is no text file: save it as CSV")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # A cut in the middle of a character, or a file that Windows wrote.
        return content.decode("cp1252", errors="replace")


def _with_commas(text: str) -> str:
    """Bring a table with semicolons between its cells into commas and decimal points."""
    told = re.match(r'"?sep=([;,\t])"?\r?\n', text)
    if told:
        text = "\n" + text[told.end() :]  # so that lines keep their numbers
    if not _has_semicolons(text):
        return text.lstrip("\n") if told else text
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True))
    except csv.Error as error:
        raise RequestError(f"it is badly quoted ({error}): download it again") from error
    target = io.StringIO()
    csv.writer(target, lineterminator="\n").writerows(_with_points(rows))
    # Where the last line has no end, it is to be seen that it has none.
    made = target.getvalue() if text.endswith(("\n", "\r")) else target.getvalue().rstrip("\n")
    return made.lstrip("\n") if told else made


def _has_semicolons(text: str) -> bool:
    """Whether the fullest of the first lines is cut by semicolons: the header, or a row."""
    first = text[:_SNIFFED].lstrip().splitlines()[:10]
    if first and first[0].startswith(("{", "[")):
        return False
    fullest = max(first, key=lambda line: max(line.count(";"), line.count(",")), default="")
    bare = re.sub(r'"[^"]*"', "", fullest)
    return bare.count(";") >= 2 and bare.count(";") > bare.count(",")


_COMMA_DECIMAL = re.compile(r"-?\d+,\d+|-?\d{1,3}(?:\.\d{3})+,\d+")
_POINT_DECIMAL = re.compile(r"-?\d+\.\d+|-?\d{1,3}(?:,\d{3})+\.\d+")
_COULD_BE_EITHER = re.compile(r"-?\d{1,3}(?:[.,]\d{3})+")
# Codes are written with points, too, and years are no decimals.
_CODES = re.compile(r"code|commodity|product|hts|hs\d?|cn8", re.IGNORECASE)


def _with_points(rows: list[list[str]]) -> Iterable[list[str]]:
    """Write decimals with points, once the file itself shows which sign its decimals have."""
    header: list[str] = max(rows[:10], key=len, default=[])
    coded = {place for place, name in enumerate(header) if _CODES.search(name)}
    figures = {
        cell.strip()
        for row in rows
        for place, cell in enumerate(row)
        if place not in coded and ("," in cell or "." in cell)
    }
    sure = [cell for cell in figures if not _COULD_BE_EITHER.fullmatch(cell)]
    commas = next((cell for cell in sure if _COMMA_DECIMAL.fullmatch(cell)), None)
    points = next((cell for cell in sure if _POINT_DECIMAL.fullmatch(cell)), None)
    unsure = next((cell for cell in figures if _COULD_BE_EITHER.fullmatch(cell)), None)
    if commas and points:
        raise RequestError(
            f"its decimals are written both ways ({commas} and {points}): export it again in one"
        )
    if unsure and not commas and not points:
        raise RequestError(
            f"{unsure} could be a decimal or have a sign between its thousands, and no other cell"
            " tells: export it without signs between thousands and with decimal points"
        )
    if commas is None:
        return rows
    return [
        [
            cell.strip().replace(".", "").replace(",", ".")
            if place not in coded
            and (_COMMA_DECIMAL.fullmatch(cell.strip()) or _COULD_BE_EITHER.fullmatch(cell.strip()))
            else cell
            for place, cell in enumerate(row)
        ]
        for row in rows
    ]
