"""Which goods a control covers: by element, by form, by origin and destination."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from xenotime.facts.additions import remembered
from xenotime.facts.taxonomy import MINERALS

if TYPE_CHECKING:
    from xenotime.facts.measures import Measure

__all__ = ["acts_on_code", "form_of", "is_controlled", "is_mineral", "listed_pairs"]


_ANNOUNCEMENT = re.compile(r"\d+/\d{4}")


def form_of(product: str) -> str:
    """Form of a product as control lists name it: oxide, metal, alloy, magnet or ore.

    A blank is a magnet that is yet to be cut and magnetised.

    >>> form_of("blank:NdFeB-heavy"), form_of("oxide:Dy")
    ('magnet', 'oxide')
    """
    form = product.partition(":")[0]
    return "magnet" if form == "blank" else form


def is_mineral(product: str) -> bool:
    """Whether a product is one of the other minerals, whose chain in the network is one step.

    >>> is_mineral("ore:Sb"), is_mineral("metal:Nd")
    (True, False)
    """
    return product.partition(":")[2] in MINERALS


# One step from mine or refinery to user stands for all that is traded on the way.
_MINERAL_FORMS = frozenset({"ore", "oxide", "metal", "compound", "alloy", "material"})


@remembered(maxsize=256)
def listed_pairs(measure: Measure) -> frozenset[tuple[str, str]]:
    """Pairs of element and form that a measure lists.

    Taken from the items of its control list where they are embedded (Announcement 18/2025 lists
    magnets for samarium, terbium and dysprosium only, though it controls seven elements); else
    every element of the measure in every form of it.

    >>> from xenotime import facts
    >>> pairs = listed_pairs(facts.get("M023"))
    >>> ("Dy", "magnet") in pairs, ("Gd", "magnet") in pairs
    (True, False)
    """
    from xenotime.facts import control_items

    items = frozenset((i.element, i.form) for i in control_items() if i.measure == measure.id)
    return items or frozenset((e, f) for e in measure.elements for f in measure.forms)


def is_controlled(
    product: str, contents: Mapping[str, float], listed: Collection[tuple[str, str]]
) -> bool:
    """Whether a product falls inside a control list.

    A listed form that contains any element listed for it is inside: no percentage below which
    dysprosium or terbium would not count has been published, so none is used. The chain of another
    mineral has one step, which stands for ore, oxide, metal, alloy, compounds and material alike:
    it is inside when any of them is listed.

    Parameters
    ----------
    product
        Product id, e.g. ``magnet:NdFeB-heavy``.
    contents
        Element shares of the product (t element per t product).
    listed
        Pairs of element and form (see `listed_pairs`).

    >>> listed = {("Dy", "magnet"), ("Tb", "magnet"), ("Gd", "oxide")}
    >>> is_controlled("magnet:NdFeB-light", {"Nd": 0.2, "Gd": 0.01}, listed)
    False
    >>> is_controlled("magnet:NdFeB-heavy", {"Dy": 0.015}, listed)
    True
    >>> is_controlled("ore:Sb", {"Sb": 1.0}, {("Sb", "oxide")})
    True
    """
    forms = _MINERAL_FORMS if is_mineral(product) else {form_of(product)}
    return any(contents.get(e, 0.0) > 0 for e, form in listed if form in forms)


def acts_on_code(code: str) -> frozenset[str]:
    """Acts whose control lists name a customs code, or one that begins with it.

    The first six digits of a code are shared by all countries: where a list names a Chinese code of
    ten digits, a code of six or of another tariff finds it by those.

    Raises
    ------
    RequestError
        If the code is no customs code.

    >>> sorted(acts_on_code("8505.11"))
    ['M023']
    """
    from xenotime.facts import RequestError, control_items, trade_codes

    digits = code.replace(".", "").replace(" ", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) in {4, 6, 8, 10}):
        raise RequestError(f"{code!r} is no customs code: give 4, 6, 8 or 10 digits, like 8505.11")
    shared = digits[:6]
    # Not every list prints codes: the register of codes says which list a code was found under.
    numbers = {
        number
        for line in trade_codes()
        if line.digits.startswith(shared)
        for number in _ANNOUNCEMENT.findall(line.control_item)
    }
    return frozenset(
        item.measure
        for item in control_items()
        if item.announcement in numbers or any(cn.startswith(shared) for cn in item.cn_codes)
    )
