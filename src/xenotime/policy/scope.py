"""Which goods a control covers: by element, by form, by origin and destination."""

from __future__ import annotations

from collections.abc import Collection, Mapping

__all__ = ["form_of", "is_controlled"]


def form_of(product: str) -> str:
    """Form of a product as control lists name it: oxide, metal, alloy, magnet or ore.

    >>> form_of("magnet:NdFeB-heavy"), form_of("oxide:Dy")
    ('magnet', 'oxide')
    """
    return product.partition(":")[0]


def is_controlled(
    product: str,
    contents: Mapping[str, float],
    *,
    elements: Collection[str],
    forms: Collection[str],
) -> bool:
    """Whether a product falls inside a control on `elements` in `forms`.

    A listed form that contains any listed element is inside: Announcement 18/2025 publishes no
    percentage below which dysprosium or terbium would not count (see `facts show` on the scope
    rules), so none is invented here.

    Parameters
    ----------
    product
        Product id, e.g. ``magnet:NdFeB-heavy``.
    contents
        Element shares of the product (t element per t product).
    elements, forms
        What the measure lists.

    >>> is_controlled(
    ...     "magnet:NdFeB-light", {"Nd": 0.2}, elements={"Dy", "Tb"}, forms={"magnet"}
    ... )
    False
    >>> is_controlled(
    ...     "magnet:NdFeB-heavy", {"Dy": 0.015}, elements={"Dy", "Tb"}, forms={"magnet"}
    ... )
    True
    """
    return form_of(product) in forms and any(contents.get(e, 0.0) > 0 for e in elements)
