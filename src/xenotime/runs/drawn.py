"""What moves a number of a run, among everything that its draws differ in."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from xenotime import facts
from xenotime.networks.chain.logistics import cover_parameter
from xenotime.networks.chain.nodes import country_of
from xenotime.runs.formulas import FORMULAS
from xenotime.runs.tracing import LEVELS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from xenotime.networks.structure import ProductionNetwork
    from xenotime.runs.keys import Number
    from xenotime.runs.running import Run
    from xenotime.runs.samples import Samples
    from xenotime.runs.tracing import TracedFlow

    Array = NDArray[np.float64]

__all__ = ["drivers_of"]

MOST_DRIVERS = 8
SHOWS = 0.3
"""Rank correlation that a reader would want to know of: a tenth of the variance."""


def drivers_of(
    run: Run, number: Number, network: ProductionNetwork, flows: Sequence[TracedFlow]
) -> tuple[list[dict[str, Any]], float | None, str]:
    """Rank correlations with everything drawn, and of which quantity they are."""
    from scipy.special import ndtri

    from xenotime.runs.driving import FEWEST_DRAWS, drivers, explained_together
    from xenotime.runs.samples import read_samples

    assert run.folder is not None
    samples = read_samples(run.folder)
    if samples is None:
        return [], None, "the run was made before draws were kept: run the scenario again"
    moment = number.moment[: len("2025-05")]
    values = samples.of(number.table, number.sample_key, moment)
    if values is None:
        return [], None, "the draws of this number are not kept"
    if samples.draws < FEWEST_DRAWS:
        return [], None, f"{samples.draws} draws are too few: run at least {FEWEST_DRAWS}"
    drawn = _drawn(run, number, network, samples, flows)
    found = drivers(values, drawn)
    if not found:
        return [], None, "the number is the same in every draw"
    # Among a hundred things drawn, five pass two standard errors by chance: the bar is raised so
    # that chance names something in one explanation of twenty (Bonferroni).
    bar = float(ndtri(1.0 - 0.025 / len(found)))
    clear = [d for d in found if abs(d.rank_correlation) > bar * d.standard_error]
    of = FORMULAS[number.table].drawn or "the number itself"
    kept = f"{of}, over {samples.draws} draws"
    if not clear:
        # 1/sqrt(n - 1) is the error of a correlation that is not there
        needed = math.ceil(1.0 + (bar / SHOWS) ** 2)
        kept += (
            f": none of the {len(found)} things drawn stands out from chance; what a correlation of"
            f" {SHOWS:g} shows takes {needed:,} draws"
        )
    return (
        [{**asdict(driver), **_described(driver.name)} for driver in clear[:MOST_DRIVERS]],
        explained_together(values, drawn),
        kept,
    )


def _drawn(
    run: Run,
    number: Number,
    network: ProductionNetwork,
    samples: Samples,
    flows: Sequence[TracedFlow],
) -> dict[str, tuple[str, Array]]:
    """Everything that differs between draws: parameters, the baseline's member, luck by place."""
    from xenotime.runs.draws import event_normal

    drawn = {name: ("parameter", values) for name, values in samples.parameters.items()}
    size = _by_member(network, flows)
    if size is not None:
        drawn["baseline member"] = ("base flow", size[samples.member])
    for stream in _streams(run, number, flows):
        luck = event_normal(stream, first=0, count=samples.draws, seed=run.summary["seed"])
        drawn[stream] = ("event", luck)
    return drawn


def _by_member(network: ProductionNetwork, flows: Sequence[TracedFlow]) -> Array | None:
    """Add up the base flow behind the number in each member of the ensemble (t/y)."""
    wanted = {(f.supplier, f.buyer, f.product) for f in flows if f.level == 0}
    table = network.ensemble
    if not wanted or not len(table):
        return None
    columns = ("supplier", "buyer", "product")
    keys = zip(*(table[name].tolist() for name in columns), strict=True)
    inside = [key in wanted for key in keys]
    totals = table[inside].groupby("member")["base_flow_t_per_year"].sum()
    sizes: Array = totals.sort_index().to_numpy(dtype=float)
    return sizes


def _streams(run: Run, number: Number, flows: Sequence[TracedFlow]) -> list[str]:
    """Names of the events that can move a number: luck with licences and with stocks by place."""
    table = run.frame("permits")
    place = number.parts.get("destination") or number.parts.get("country")
    chosen = table if place in {None, "WLD", "EUU"} else table[table["destination"] == place]
    names = [
        f"licence/{origin}/{destination}/{use}"
        for origin, destination, use in zip(
            chosen["origin"], chosen["destination"], chosen["use"], strict=True
        )
    ]
    # stocks of those who buy what is traced: of the industry, and of the makers that it buys from
    if number.table not in {"exports", "permits", "production"}:
        names += [
            f"cover/{cover_parameter(flow.buyer, flow.product)}/{country_of(flow.buyer)}"
            for flow in flows
            if flow.level < LEVELS - 1
        ]
    return list(dict.fromkeys(names))


def _described(name: str) -> dict[str, Any]:
    """Say what a driver is, in words, with its range."""
    parameter = facts.parameters().get(name)
    if parameter is not None:
        return {
            "id": parameter.id, "description": parameter.description, "low": parameter.low,
            "mid": parameter.mid, "high": parameter.high, "unit": parameter.unit,
            "basis": parameter.basis, "sources": parameter.sources,
        }  # fmt: skip
    texts = {
        "baseline member": "base flow in the member of the ensemble that the draw uses",
        "licence": "luck with licences of a destination and use, one number a draw",
        "cover": "stocks of a kind of holder in a country against their middle, one number a draw",
    }
    text = texts[name.partition("/")[0]]
    return {"id": name, "description": text, "low": None, "mid": None, "high": None, "unit": "",
            "basis": "", "sources": ()}  # fmt: skip
