"""Notes and definitions of the rows of the Mineral Commodity Summaries, in our own words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from facts_mineral_units import basis_of
from facts_rows import NOTE_WORDS

if TYPE_CHECKING:
    from facts_mineral_units import Figures
    from facts_rows import Record

# Labels that say no more than the id does.
PLAIN_LABELS = frozenset(
    {
        *("production", "mine production", "imports for consumption", "imports", "exports"),
        *("consumption, apparent", "consumption: apparent", "reserves", "all", "total"),
        *("employment, number", "refinery production", "smelter production", "price"),
        *("net import reliance", "consumption, reported", "consumption, estimated"),
    }
)
LABEL_WORDS = 11
# A definition is carried as a sum, not as a sentence.
SHORTER = (
    (r"Government and industry stock changes", "Government and other stocks"),
    (r"Government stock changes", "Government stocks"),
    (r"(?:all )?(?:industry |consumer )?stock changes", "stocks"),
    (r"refined copper stocks", "stocks of refined copper"),
    (r" for refined cobalt", " (refined)"),
    (r"sold or used by (?:producers|producing companies)", "sales"),
    (r"\(?sold or used\)?|sold (?:and used|by producers)", "sales"),
    (r"^production(?: of cement \(including from imported clinker\))?", "output"),
    (r" production", ""),
    (r"refined tin", "refined"),
    (r"secondary from old scrap|from old scrap", "old scrap"),
    (r" for consumption", ""),
    (r" of (?:antimony in )?oxide and unwrought metal(?:, powder)?", " (oxide, metal)"),
    (r" of unwrought cadmium and powders", " (metal)"),
    (r" of finished steel mill products", " (finished)"),
    (r" of steel mill products", ""),
    (r"steel mill product ", ""),
    (r"\(natural and synthetic(?:, excluding reexports)?\)", ""),
    (r", finished natural and synthetic iron oxide pigments", ""),
    (r" of kyanite minerals", ""),
    (r"\((?:selenium|tellurium) content of [^)]*\)", ""),
)
_SCALES = {1e3: "thousand", 1e6: "million", 0.01: "cents"}
# Remarks that change what a figure means; the words are ours.
REMARKS = (
    (re.compile(r"data from the united states and canada", re.IGNORECASE), "with Canada"),
    (re.compile(r"excludes u\.s\. production", re.IGNORECASE), "without the United States"),
    (re.compile(r"rounded to (?:no more than )?one significant digit", re.IGNORECASE), "one digit"),
    (
        re.compile(r"rounded to (?:no more than )?two significant digits", re.IGNORECASE),
        "two digits",
    ),
    (re.compile(r"^reported\.|-- reported\.", re.IGNORECASE), "reported by a government"),
)


def definition(note: str) -> str:
    """Say how the source defines a balance, as a short sum.

    Examples
    --------
    >>> definition("Defined as imports - exports ± adjustments for industry stock changes.")
    'imports - exports ± stocks'
    >>> definition("Estimated.")
    ''
    """
    found = re.search(
        r"defined (?:for 20\d\d[\u2013-]\d\d )?as ([^.;]+)", note, flags=re.IGNORECASE
    )
    if not found:
        return ""
    text = found.group(1)
    text = re.sub(r"\s*[\u2013?]\s+|(?<=imports) (?=exports)", " - ", text)
    text = re.sub(r"\s*±\s*(?:adjustments for )?", " ± ", text)
    text = text.split(" because ")[0]
    for pattern, shorter in SHORTER:
        text = re.sub(pattern, shorter, text)
    text = re.sub(r"\s+", " ", text).strip()
    if "Beginning in 2023" in note:
        text += "; Government stocks only before 2023"
    return " ".join(text.split()[:NOTE_WORDS])


def label_of(row: Record) -> str:
    """Short label of a row; blank where the id says it."""
    label = re.sub(r"\s+", " ", row["detail"]).strip().rstrip(",").replace("?", "-")
    label = re.sub(r"[:,] rounded$| \(rounded\)$", "", label)
    if re.search(r"\b(?:was|were|rate of)\b", label):
        return ""  # a sentence of the text in place of a label
    label = re.sub(r" ?as a percentage of [\w ]*?consumption", "", label)
    if label.lower() in PLAIN_LABELS or len(label.split()) > LABEL_WORDS:
        head = re.split(r": (?=[^:]*$)", label)[-1]
        return "" if label.lower() in PLAIN_LABELS else " ".join(head.split()[:LABEL_WORDS])
    return label


def note_of(row: Record, figures: Figures, factor: float) -> str:
    """Label, basis, whether estimated, how printed: at most 25 words."""
    scale = _SCALES.get(factor, "")
    basis = basis_of(row) if row["unit"].strip() not in {"percent", "number", "index", ""} else ""
    if "dollars" in row["unit"] or "cents" in row["unit"]:
        basis = ""
    lot = re.search(r"per (\d+[ -]\w+)", row["unit"])
    parts = [
        figures.said,
        "estimated" if row["estimated"] == "True" else "",
        label_of(row),
        basis,
        *(words for pattern, words in REMARKS if pattern.search(row["note"])),
        f"price of a lot of {lot.group(1).replace('-', ' ').replace('mili', 'milli')}"
        if lot
        else "",
        f"printed in {scale}" if scale and not figures.gap else "",
    ]
    kept: list[str] = []
    for part in parts:
        if part and len(" ".join([*kept, part]).split()) <= NOTE_WORDS:
            kept.append(part)
    return "; ".join(kept)
