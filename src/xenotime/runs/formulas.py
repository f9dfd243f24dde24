"""How each number of a run is made, in words and in symbols."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["FORMULAS", "Formula"]


@dataclass(frozen=True, slots=True)
class Formula:
    """How a number is made.

    `drawn` says of which quantity the kept draws are, where it is not the number itself.
    """

    words: str
    symbols: str
    see: str
    drawn: str = ""


FORMULAS: dict[str, Formula] = {
    "exports": Formula(
        "On each day, each link ships what its buyer has ordered, no more than the supplier's stock"
        " allots to it and than its permit class may still ship; the links of the series from the"
        " origin to the destination are added over the days of the month, an element by its"
        " content. The quantiles are over draws.",
        "E = sum over links l, days t of w_l * s_l(t);  s_l(t) = min(o_l(t), a_l(t), c_k(l)(t));"
        "  w: content (1 for gross weight), o: orders, a: allotment, c: what class k may ship",
        "docs/explanation/results.md, docs/explanation/licences.md",
    ),
    "production": Formula(
        "On each day a producer makes what is ordered from it, within its capacity and within what"
        " its stocks of inputs allow; the days of the month are added. The quantiles are over"
        " draws.",
        "A = sum over days t of min(x(t), K(t), min over essential inputs i of S_i(t) / u_i);"
        "  x: orders, K: capacity, S: stock, u: use per tonne made",
        "docs/explanation/results.md",
    ),
    "stocks": Formula(
        "Magnets that the holder has on the day, bare or in components: what it had, plus arrivals,"
        " less use, divided by its use in the undisturbed network. The quantiles are over draws.",
        "D(t) = S(t) / u;  S(t + 1) = S(t) + arrivals(t) - use(t)",
        "docs/explanation/results.md",
        "mean of the month",
    ),
    "output": Formula(
        "Output on the day over what was wanted: each class of plants makes what its stocks allow"
        " for as long as they last, and the classes are added by their share of output. The"
        " quantiles are over draws.",
        "Y(t) = sum over classes k of share_k * min(1, min over essential inputs i of"
        " S_ik(t) / u_ik)",
        "docs/explanation/results.md",
        "mean of the month",
    ),
    "stoppages": Formula(
        "A class of plants stops on the third and every later consecutive day on which its output"
        " is below half of base. The first stop is the first day on which at least 1 % of the"
        " industry's base output is stopped; days lost are output that was wanted and not made, in"
        " days of full output. The quantiles are over draws.",
        "first stop = min{t : sum over stopped classes k of share_k >= 0.01};"
        "  days lost = sum over days t of (1 - Y(t))",
        "docs/explanation/results.md",
        "days lost",
    ),
    "shortages": Formula(
        "What users wanted in the month, within capacity, less what was in stock, over what they"
        " wanted, counted by the element's content. The quantiles are over draws.",
        "U = sum over days t of max(0, w(t) - S(t)) / sum over days t of w(t)",
        "docs/explanation/results.md",
        "share unmet",
    ),
    "permits": Formula(
        "Share of the class's base tonnage that may ship, mean over the days of the month: with a"
        " valid licence where goods are listed (filed after a lag, approved at a hazard by working"
        " day, valid for a time); for look-alikes what customs let pass. The quantiles are over"
        " draws.",
        "v(t) = share with a licence valid on t;  P(approved on a working day | waiting) = h * q;"
        "  q: luck of the destination and use, one number a draw",
        "docs/explanation/licences.md",
    ),
    "flow": Formula(
        "Tonnes a year in the undisturbed network: the flow that keeps every element in balance at"
        " every node and lies closest to the cited figures, each weighted by its grade; low and"
        " high are the 10 and 90 % points over members that see the figures moved by their errors.",
        "min over x >= 0 of sum over figures f of ((a_f x - b_f) / sigma_f)^2 + (x - p)' W (x - p)"
        "  subject to B x = 0",
        "docs/explanation/baseline.md",
    ),
    "act": Formula(
        "An act of the record. A run follows export licences on elements and forms of its network"
        " on the days on which they are in force, and the acts that suspend or remove them.",
        "in force on t: begins <= t <= ends, and no suspension or removal of it runs on t",
        "docs/explanation/licences.md",
    ),
    "parameter": Formula(
        "An assumption: a range that each draw or each member of the baseline takes a value from."
        " Hold it at a value of yours with --param.",
        "drawn from its distribution between low and high, with mid in the middle",
        "docs/explanation/priors.md",
    ),
    "figure": Formula(
        "A figure of the record, as its source prints or implies it. The baseline takes the newest"
        " usable vintage and weighs it by grade.",
        "((a x - b) / sigma)^2;  b: the figure, sigma: its error by grade, a x: the network's own",
        "docs/explanation/baseline.md, docs/reference/facts.md",
    ),
}
"""By table; ``figure`` is a figure of the record itself."""
