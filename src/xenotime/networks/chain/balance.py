"""What must hold exactly: balances, stoichiometry, yields and recipe intervals."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from xenotime.networks.chain.chemistry import basket, element_per_oxide
from xenotime.networks.chain.frame import Deposit, Discard, Frame, Terms, join
from xenotime.networks.chain.nodes import (
    country_of,
    element_of,
    kind_of,
    separated,
)
from xenotime.networks.chain.start import (
    END_OF_LIFE,
    OLD_MAGNETS,
    end_of_life_content,
    finishing_yield,
    grade_elements,
    recovery_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from xenotime.networks.chain.candidates import Candidates
    from xenotime.networks.chain.figures import Figures

    Flows = NDArray[np.float64]

__all__ = ["KEPT", "Equation", "Scrap", "intervals", "laws", "scrap_contents", "unknowns"]

KEPT: frozenset[str] = frozenset({"Nd", "Pr", "Dy", "Tb"})
"""Oxides that nobody leaves unsold; all others are joint products that may be."""

Scrap = dict[tuple[str, str, str], float]
"""Element in scrap: (grade, country of cutting, element) -> t/t."""


@dataclass(frozen=True, slots=True)
class Equation:
    """A law that must hold: ``terms = 0``, or ``terms >= 0`` for an interval."""

    name: str
    terms: Terms


@lru_cache(maxsize=8)
def unknowns(candidates: Candidates) -> Frame:
    """Arrange links, deposits and discards of a set of candidates."""
    made: dict[str, set[str]] = defaultdict(set)
    for link in candidates.links:
        made[link.supplier].add(link.product)
    others: list[Deposit | Discard] = [
        Deposit(ore.name, deposit)
        for ore in candidates.ores
        if ore.mine in made and len(ore.deposits) > 1
        for deposit in ore.deposits
    ]
    for producer, products in sorted(made.items()):
        if producer.startswith(END_OF_LIFE):
            others.append(Deposit(producer, OLD_MAGNETS))
        if kind_of(producer) in {"separation", "recycling"}:
            others += [Discard(producer, p) for p in sorted(products) if element_of(p) not in KEPT]
        if kind_of(producer) == "magnet":
            others += [Discard(producer, p) for p in sorted(products) if kind_of(p) == "scrap"]
    return Frame(candidates.links, others)


def laws(candidates: Candidates, frame: Frame, figures: Figures, scrap: Scrap) -> list[Equation]:
    """Balance of every product at every producer that transforms one.

    Parameters
    ----------
    candidates, frame, figures
        Links, their arrangement, and the yields of the member.
    scrap
        Contents of scrap by maker; they follow from the recipes of the round before.
    """
    out = frame.groups("supplier", "product")
    into = frame.groups("buyer")
    found = _ores(candidates, frame, figures, out)
    found += _recyclers(frame, figures, scrap, out)
    made = frame.groups("supplier")
    for (producer,), taken in into.items():
        kind = kind_of(producer)
        if kind == "metal":
            element = element_of(producer)
            factor = figures.middle("prior/yield/metal") * element_per_oxide(element)
        elif kind == "blank":
            factor = figures.middle("prior/yield/blank")
        elif kind == "magnet":
            found += _cutting(frame, producer, taken, finishing_yield(figures), out)
            continue
        elif kind in {"component", "material"}:
            factor = 1.0
        else:
            continue
        found.append(_converted(producer, made[(producer,)], taken, factor))
    return found


def _converted(
    name: str, made: NDArray[np.int64], taken: NDArray[np.int64], factor: float
) -> Equation:
    index = np.concatenate([made, taken])
    weight = np.concatenate([np.ones(len(made)), np.full(len(taken), -factor)])
    return Equation(name, Terms(index, weight))


def _sold(frame: Frame, index: NDArray[np.int64], producer: str, product: str) -> Terms:
    """Sum what a producer makes of a product: sales and, where it may, discards."""
    sold = Terms(index, np.ones(len(index)))
    discard = Discard(producer, product)
    if discard in frame.place:
        return join(sold, frame.terms([(discard, 1.0)]))
    return sold


def _ores(
    candidates: Candidates,
    frame: Frame,
    figures: Figures,
    out: Mapping[tuple[str, ...], NDArray[np.int64]],
) -> list[Equation]:
    found = []
    for ore in candidates.ores:
        mined = out.get((ore.mine, ore.product))
        if mined is None:
            continue
        mixed = len(ore.deposits) > 1
        deposits = [Deposit(ore.name, deposit) for deposit in ore.deposits] if mixed else []
        if mixed:
            found.append(
                Equation(
                    f"deposits of {ore.product}",
                    join(
                        Terms(mined, np.ones(len(mined))),
                        frame.terms([(d, -1.0) for d in deposits]),
                    ),
                )
            )
        for country in ore.separators:
            plant = ore.separator(country)
            fed = mined[[country_of(frame.links[i].buyer) == country for i in mined]]
            for element in separated(ore.name, country):
                sold = out.get((plant, f"oxide:{element}"))
                if sold is None or not len(fed):
                    continue  # nobody buys it: it stays in the residue
                factor = recovery_of(ore.name, element, figures)
                if mixed:
                    ore_terms = frame.terms(
                        [(d, -factor * basket(d.name)[element]) for d in deposits]
                    )
                else:
                    share = basket(ore.deposits[0])[element]
                    ore_terms = Terms(fed, np.full(len(fed), -factor * share))
                product = f"oxide:{element}"
                terms = join(_sold(frame, sold, plant, product), ore_terms)
                found.append(Equation(f"{plant} {product}", terms))
    return found


def _recyclers(
    frame: Frame,
    figures: Figures,
    scrap: Scrap,
    out: Mapping[tuple[str, ...], NDArray[np.int64]],
) -> list[Equation]:
    """Oxide of each element from scrap, and from magnets at their end of life."""
    recovery = figures.middle("prior/scrap/recovery")
    into = frame.groups("buyer")
    old = end_of_life_content(figures)
    found = []
    for (plant, product), sold in out.items():
        if kind_of(plant) != "recycling":
            continue
        element = element_of(product)
        if plant.startswith(END_OF_LIFE):
            fed = frame.terms([(Deposit(plant, OLD_MAGNETS), -old[element])])
        else:
            taken = into[(plant,)]
            weights = []
            for i in taken:
                link = frame.links[i]
                key = (element_of(link.product), country_of(link.supplier), element)
                weights.append(-recovery * scrap.get(key, 0.0) / element_per_oxide(element))
            fed = Terms(taken, np.array(weights))
        terms = join(_sold(frame, sold, plant, product), fed)
        found.append(Equation(f"{plant} {product}", terms))
    return found


def _cutting(
    frame: Frame,
    producer: str,
    taken: NDArray[np.int64],
    ratio: float,
    out: Mapping[tuple[str, ...], NDArray[np.int64]],
) -> list[Equation]:
    """Blanks become finished magnets and scrap, and nothing else."""
    grade = element_of(producer)
    made = out[producer, f"magnet:{grade}"]
    found = [_converted(producer, made, taken, ratio)]
    product = f"scrap:{grade}"
    sold = out.get((producer, product))
    if sold is not None:
        terms = join(
            _sold(frame, sold, producer, product),
            Terms(taken, np.full(len(taken), ratio - 1.0)),
        )
        found.append(Equation(f"{producer} {product}", terms))
    return found


def intervals(frame: Frame, figures: Figures) -> list[Equation]:
    """Recipe intervals of alloys as rows that must not be negative."""
    kept = figures.middle("prior/yield/alloy")
    into = frame.groups("buyer", "name")
    whole = frame.groups("buyer")
    found = []
    for (maker,), made in frame.groups("supplier").items():
        if kind_of(maker) != "alloy" or (maker,) not in whole:
            continue
        grade = element_of(maker)
        for element in (*grade_elements(grade, country_of(maker)), "all"):
            if grade == "SmCo" and element == "all":
                continue  # samarium is all there is
            bound = figures.prior(f"prior/recipe/{grade}/{element}")
            taken = whole[(maker,)] if element == "all" else into.get((maker, element))
            if taken is None:
                continue
            inside = Terms(taken, np.full(len(taken), kept))
            if bound.low > 0.0:
                low = join(inside, Terms(made, np.full(len(made), -bound.low)))
                found.append(Equation(f"{maker} {element} at least {bound.low:g}", low))
            high = join(inside.scaled(-1.0), Terms(made, np.full(len(made), bound.high)))
            found.append(Equation(f"{maker} {element} at most {bound.high:g}", high))
    return found


def scrap_contents(frame: Frame, flows: Flows | None, figures: Figures) -> Scrap:
    """Element per tonne of scrap by grade and country of cutting.

    Scrap has the composition of the blanks it is cut from, and these that of the alloys: both
    are mixtures over suppliers. Before there is a solution, the middle recipe stands in.
    """
    contents: Scrap = {}
    cutters = {
        (element_of(link.product), country_of(link.supplier))
        for link in frame.links
        if kind_of(link.product) == "scrap"
    }
    if flows is None:
        return {
            (grade, country, element): figures.middle(f"prior/recipe/{grade}/{element}")
            for grade, country in sorted(cutters)
            for element in grade_elements(grade, country)
        }
    maker_contents = alloy_contents(frame, flows, figures)
    blanks = mixtures(frame, flows, "alloy", maker_contents)
    cut = mixtures(frame, flows, "blank", blanks)
    for producer, shares in cut.items():
        for element, share in shares.items():
            contents[element_of(producer), country_of(producer), element] = share
    return contents


def alloy_contents(frame: Frame, flows: Flows, figures: Figures) -> dict[str, dict[str, float]]:
    """Element per tonne of alloy (t/t) by maker."""
    kept = figures.middle("prior/yield/alloy")
    made = {key[0]: flow for key, flow in frame.sums(flows[: len(frame.links)], "supplier").items()}
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for (maker, element), flow in frame.sums(flows[: len(frame.links)], "buyer", "name").items():
        if kind_of(maker) == "alloy" and made.get(maker, 0.0) > 0.0:
            found[maker][element] = kept * flow / made[maker]
    return dict(found)


def mixtures(
    frame: Frame,
    flows: Flows,
    form: str,
    contents: Mapping[str, Mapping[str, float]],
) -> dict[str, dict[str, float]]:
    """Contents of what buyers make of a form, as mixtures over their suppliers (t/t).

    Sintering and cutting lose mass and elements alike, so a yield does not change a content.
    """
    found: dict[str, dict[str, float]] = {}
    for (buyer,), index in frame.groups("buyer").items():
        chosen = [i for i in index if kind_of(frame.links[i].product) == form]
        total = float(sum(flows[i] for i in chosen))
        if not chosen or total <= 0.0:
            continue
        shares: dict[str, float] = defaultdict(float)
        for i in chosen:
            for element, share in contents.get(frame.links[i].supplier, {}).items():
                shares[element] += share * float(flows[i]) / total
        found[buyer] = dict(shares)
    return found
