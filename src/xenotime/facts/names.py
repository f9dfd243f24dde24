"""Names that the record uses: quantities, products, elements; and what was meant by others."""

from __future__ import annotations

from xenotime.facts.additions import included, remembered
from xenotime.facts.claims import claim_files, claims
from xenotime.facts.measures import measures
from xenotime.facts.records import control_items
from xenotime.facts.registers import critical_minerals, trade_codes
from xenotime.facts.taxonomy import MINERALS, PRODUCTS, RARE_EARTHS
from xenotime.facts.vocabulary import ELEMENT_NAMES

__all__ = ["known_elements", "known_products", "known_quantities"]


@remembered(maxsize=4)
def known_quantities() -> frozenset[str]:
    """Every quantity that a figure of the record is of, added ones included.

    >>> "mine_production" in known_quantities(), "mine_prodution" in known_quantities()
    (True, False)
    """
    return frozenset({*claim_files(), *(c.quantity for c in included().tables.get("claims", ()))})


@remembered(maxsize=4)
def known_products() -> frozenset[str]:
    """Every product and element that a fact can be about.

    >>> {"oxide:Dy", "magnet", "Dy", "tungsten"} <= known_products()
    True
    """
    named = {claim.product for claim in claims()}
    named |= {product for code in trade_codes() for product in code.products}
    named |= {name for m in critical_minerals() for name in (m.product, m.mineral)}
    named |= {element for measure in measures() for element in measure.elements}
    for item in control_items():
        named |= {item.element, f"{item.form}:{item.element}"}
    return frozenset((named | {*PRODUCTS, *RARE_EARTHS}) - {""})


@remembered(maxsize=4)
def known_elements() -> frozenset[str]:
    """Elements, minerals and groups of them that acts of the record are about.

    >>> {"Dy", "graphite"} <= known_elements(), "Xx" in known_elements()
    (True, False)
    """
    named = {name for act in measures() for name in act.elements}
    named |= {part for item in control_items() for part in item.element.split(";")}
    return frozenset({*RARE_EARTHS, *MINERALS, *ELEMENT_NAMES, *named})
