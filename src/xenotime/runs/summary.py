"""The JSON object of a run: what `--json` prints and what the terminal page is made from."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from xenotime import __version__, facts
from xenotime.facts.taxonomy import MINERALS
from xenotime.networks.summary import minerals_left_out
from xenotime.policy.limits import ASSUMED
from xenotime.runs.assumed import assumed_by
from xenotime.runs.baseline import source_digest
from xenotime.runs.effects import stopping_acts
from xenotime.runs.idle_acts import without_mechanism
from xenotime.runs.layout import SUMS, Layout, rows
from xenotime.runs.listed import not_assumed

if TYPE_CHECKING:
    import pandas as pd

    from xenotime.facts.parameters import Parameter
    from xenotime.networks.structure import ProductionNetwork
    from xenotime.runs.collecting import Collected
    from xenotime.runs.execution import Timing
    from xenotime.runs.policies import Policy
    from xenotime.scenarios.model import Scenario

__all__ = ["summarise"]

LARGEST_ASSUMPTION = (
    "Components by country: who builds magnets into motors and sensors, and for which industry of "
    "which country, is spread by input-output tables of 2011 and national product; no source says."
)
PRECEDENT_ASSUMPTION = (
    "Who bought rare earths and magnets, and for which use, is a prior: no split of 2010 was found."
)
HINDSIGHT = "hindsight"
LARGEST_FLOWS = 10
# Months of the data that priors were tuned on by hand (docs/explanation/priors.md).
TUNED_FROM, TUNED_UNTIL = dt.date(2025, 4, 1), dt.date(2025, 9, 30)


def summarise(
    scenario: Scenario,
    network: ProductionNetwork,
    layout: Layout,
    policy: Policy,
    found: Collected,
    tables: Mapping[str, pd.DataFrame],
    *,
    run_id: str,
    draws: int,
    seed: int,
    as_of: dt.date | None,
    months: Sequence[str],
    timing: Timing,
    quotas: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Build the `run` object (docs/reference/run-json.md); quantile objects are nested."""
    sources = _sources(network, scenario, policy, tables, as_of)
    return {
        "schema_version": 1,
        "run": run_id,
        "scenario": scenario.name,
        "title": scenario.title,
        "description": scenario.description,
        "assumed_by_scenario": assumed_by(scenario, policy, layout),
        "draws": draws,
        "seed": seed,
        "as_of": None if as_of is None else as_of.isoformat(),
        "precedent": scenario.precedent,
        "period": {"start": scenario.start.isoformat(), "end": scenario.end.isoformat()},
        "mass_balance_relative_error": float(np.max(found.balance_error)),
        "clipped": int(found.clipped.sum()),
        "violations": int(found.violations.sum()),
        "hidden_by_as_of": 0 if as_of is None else facts.hidden_by(as_of),
        "exports": _records(tables["exports"]),
        "stoppages": _stoppages(network, tables["stoppages"]),
        "shortages": [_shortage(row) for row in _records(tables["shortages"])],
        "quotas": list(quotas),
        "prices": None,
        "coverage": _coverage(network, layout, scenario, policy, months, as_of),
        "timing": {
            "reconcile_s": round(timing.reconcile_s, 3),
            "compile_s": round(timing.compile_s, 3),
            "simulate_s": round(timing.simulate_s, 3),
        },
        "program": {"version": __version__, "sources": source_digest()},
        "additions": _additions(sources),
        "sources": sources,
        "assumptions": _assumptions(network, policy),
    }


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows with None where a frame has NaN: JSON has no NaN, and missing is missing."""
    import pandas as pd

    return [
        {str(key): None if pd.isna(value) else value for key, value in row.items()}
        for row in frame.to_dict("records")
    ]


def _nest(row: Mapping[str, Any], prefix: str, keys: Sequence[str]) -> dict[str, Any]:
    return {key: row[f"{prefix}_{key}"] for key in keys}


def _stoppages(network: ProductionNetwork, table: pd.DataFrame) -> list[dict[str, Any]]:
    sizes = _base_use(network)
    return [_stoppage(row, sizes[row["industry"], row["country"]]) for row in _records(table)]


def _base_use(network: ProductionNetwork) -> dict[tuple[str, str], float]:
    """Tonnes a year that each industry of a country takes in the baseline, sums included."""
    users = network.producers[network.producers["stage"] == "industry"]
    sizes: dict[tuple[str, str], float] = defaultdict(float)
    for row in rows(users):
        names = [row.industry, *(name for name in SUMS if row.industry.startswith(f"{name}_"))]
        for name in names:
            sizes[name, row.country] += float(row.base_activity_t_per_year)
    return dict(sizes)


def _stoppage(row: Mapping[str, Any], base_use: float) -> dict[str, Any]:
    return {
        "industry": row["industry"],
        "country": row["country"],
        "base_use_t_per_year": base_use,
        "first_stop": _nest(row, "first_stop", ("p05", "p50", "p95")),
        "probability": row["probability"],
        "peak_share_stopped": _nest(row, "peak_share_stopped", ("p50", "p95")),
        "days_lost": _nest(row, "days_lost", ("p50", "p95")),
        # No cited table of employment by industry and country is embedded yet.
        "jobs_idle_peak": None,
    }


def _shortage(row: Mapping[str, Any]) -> dict[str, Any]:
    keys = ("p05", "p50", "p95", "mean")
    return {
        "element": row["element"],
        "country": row["country"],
        "month": row["month"],
        "scope": row["scope"],
        "share_unmet": _nest(row, "share_unmet", keys),
        "unmet_tonne_days": _nest(row, "unmet_tonne_days", keys),
    }


def _coverage(
    network: ProductionNetwork,
    layout: Layout,
    scenario: Scenario,
    policy: Policy,
    months: Sequence[str],
    as_of: dt.date | None,
) -> dict[str, Any]:
    basis = network.flow_basis
    links = network.links.merge(basis, on=["supplier", "buyer", "product"], validate="1:1")
    allocated = _largest_allocated(links, scenario, layout)
    return {
        "evaluated": {
            "elements": list(facts.ELEMENTS),
            "countries": sorted(set(network.producers["country"])),
            "industries": sorted({industry for industry, _ in layout.sectors}),
            "months": list(months),
            "producers": len(network.producers),
            "links": len(network.links),
            "observed_flows": int((links["basis"] == "observed").sum()),
            "cited_flows": _cited_flows(network),
            "controls": [m.act for m in policy.limiting],
            "acts_left_out": [m.act for m in policy.omitted],
        },
        "missing": [
            *without_mechanism(scenario, policy),
            *_of_precedent(network, scenario, policy),
            *(() if scenario.precedent else _minerals_left_out(network)),
            *(
                [f"{HINDSIGHT}: priors were tuned on data up to {TUNED_UNTIL}, after the as-of day"]
                if as_of is not None and as_of < TUNED_UNTIL
                else []
            ),
            _not_modelled(scenario),
            "stoppages for want of materials (catalysts, ceramics, ...) and of other minerals",
            *(() if scenario.precedent else _on_minerals(scenario)),
            *not_assumed(scenario, policy),
            "jobs: no cited table is embedded",
        ],
        "assumed": _assumptions(network, policy),
        "largest_assumption": PRECEDENT_ASSUMPTION if scenario.precedent else LARGEST_ASSUMPTION,
        "assumed_flows": [
            {
                "supplier": row.supplier,
                "buyer": row.buyer,
                "product": row.product,
                "t_per_year": float(row.base_flow_t_per_year),
                "low": float(row.low),
                "high": float(row.high),
                "moved": bool(row.moved),
            }
            for row in rows(allocated)
        ],
        "parameters_held": dict(scenario.parameters),
        "priors_tuned_on": {"start": TUNED_FROM.isoformat(), "end": TUNED_UNTIL.isoformat()},
    }


def _cited_flows(network: ProductionNetwork) -> dict[str, int]:
    """Count, by country, the flows that some cited figure contains."""
    country = dict(zip(network.producers["producer"], network.producers["country"], strict=True))
    counts = dict.fromkeys(sorted({*facts.NETWORK_COUNTRIES, *country.values()}), 0)
    for row in rows(network.flow_basis):
        if any(not i.startswith("prior/") for i in filter(None, row.sources.split(";"))):
            for place in {country[row.supplier], country[row.buyer]}:
                counts[place] += 1
    return counts


ONE_STEP = "the chain of a mineral has one step, so a ban stops all its forms alike"
AROUND_A_BAN = f"bans: goods that reach the target by way of others; {ONE_STEP}"


def _on_minerals(scenario: Scenario) -> list[str]:
    """Say what does not move the other minerals, and what a ban on them leaves out."""
    if not scenario.bans:
        return ["licences on other minerals than rare earths: their flows do not move"]
    without_pace = "licences on other minerals than rare earths: no pace of theirs is on record"
    return [without_pace, ONE_STEP] if scenario.leakage else [without_pace, AROUND_A_BAN]


def _not_modelled(scenario: Scenario) -> str:
    """Name what no run models; of what this scenario assumes, only what goes beyond it."""
    substitution = (
        "substitution beyond what is assumed" if scenario.substitution else "substitution"
    )
    projects = "new projects but those assumed" if scenario.projects else "new projects"
    return f"prices, {substitution}, hoarding, supplier drift, overproduction and {projects}"


def _largest_allocated(links: pd.DataFrame, scenario: Scenario, layout: Layout) -> pd.DataFrame:
    """Allocated flows, the largest first, down to the tenth that the run can move.

    A flow of another mineral moves only where a shock hits its producer or a limit of the scenario
    touches it; the column `moved` says which can.
    """
    hit = {loss.producer for loss in scenario.shocks}
    found = links[links["basis"] == "allocated"].sort_values(
        ["base_flow_t_per_year", "supplier", "buyer", "product"],
        ascending=[False, True, True, True],
    )
    other = found["product"].str.rpartition(":")[2].isin(MINERALS)
    touched = layout.links[layout.link_class >= 0]
    keys = set(zip(touched["supplier"], touched["buyer"], touched["product"], strict=True))
    names = zip(found["supplier"], found["buyer"], found["product"], strict=True)
    limited = np.array([name in keys for name in names], dtype=bool)
    found = found.assign(moved=~other | found["supplier"].isin(hit) | limited)
    return found[found["moved"].cumsum() - found["moved"] < LARGEST_FLOWS]


def _of_precedent(network: ProductionNetwork, scenario: Scenario, policy: Policy) -> list[str]:
    """Say what a run of another year, or under quotas, does not have."""
    lines = []
    if scenario.precedent:
        lines.append(
            f"the network of {scenario.precedent} has no other minerals, few countries, and uses"
            " taken over from the present; its flows are the mean of the year, cut and stop in it"
        )
        nodes = ", ".join(sorted(set(network.producers["country"])))
        lines += [
            f"{stop.act} ({stop.id}) of exports to the European Union: the network has {nodes},"
            " and the rest of the world is not held back"
            for stop in policy.limiting
            if "EUU" in stop.targets
        ]
    if policy.quotas:
        lines.append(
            "how a quota was split among exporters, but for the shares that the scenario gives:"
            " all others draw on one volume; the record gives tonnes, read as t REO"
        )
    return lines


def _minerals_left_out(network: ProductionNetwork) -> list[str]:
    """Say which other minerals have no flow at all in the baseline of this run."""
    names = minerals_left_out(network)["minerals"]
    if not names:
        return []
    return [f"other minerals ({', '.join(names)}): no cited flow of theirs was known"]


def _sources(
    network: ProductionNetwork,
    scenario: Scenario,
    policy: Policy,
    tables: Mapping[str, pd.DataFrame],
    as_of: dt.date | None,
) -> list[str]:
    """Ids of all that is cited: what the baseline, the policy, the prices and the page rest on.

    Under an as-of day, sources of priors that were not known then are left out: that the priors
    have hindsight is said among what is missing.
    """
    ids = {i for i in network.sources["id"] if not _is_assumption(i)}
    ids.update(m.id for m in policy.limiting if not m.id.startswith(ASSUMED))
    ids.update(m.id for m in policy.acts if m.id in {quota.act for quota in policy.quotas})
    ids.update(m.id for m in stopping_acts(policy.acts, scenario))
    ids.update(p.act for p in policy.periods if p.act)
    ids.update(m.id for m in policy.omitted)
    ids.update(tables["exports"]["observed_source"].dropna())
    ids.update(claim.id for claim in facts.oxide_price_claims().values())
    known = {c.id for c in facts.claims(as_of)} | {m.id for m in facts.measures(as_of)}
    dated = {c.id for c in facts.claims()} | {m.id for m in facts.measures()}
    for parameter in _in_play(policy):
        ids.update(i for i in parameter.sources if i in known or i not in dated)
    return sorted(ids)


def _additions(sources: Sequence[str]) -> dict[str, Any]:
    """Say what users had added to the record, and which of it this run rests on."""
    additions = facts.included()
    return {
        "digest": additions.digest,
        "batches": [asdict(batch) for batch in additions.batches],
        "used": [
            {
                "id": row.id,
                "source_title": row.source_title,
                "source_url": row.source_url,
                "grade": row.grade,
            }
            for table in ("claims", "measures", "control_items")
            for row in additions.tables.get(table, ())
            if row.id in sources or getattr(row, "measure", "") in sources
        ],
    }


def _in_play(policy: Policy) -> list[Parameter]:
    """Parameters of a run: those of quotas and unannounced stops only where there are any."""
    idle = set() if policy.quotas else {"quota_beside"}
    if not any(limit.share for limit in policy.limits):
        idle.add("stop_share")
    return [p for p in facts.parameters().values() if p.name not in idle]


def _assumptions(network: ProductionNetwork, policy: Policy) -> list[str]:
    """Ids of analyst priors: parameters in play, and the priors inside the baseline."""
    ids = {p.id for p in _in_play(policy)}
    ids.update(i for i in network.sources["id"] if _is_assumption(i))
    return sorted(ids)


def _is_assumption(identity: str) -> bool:
    return identity.startswith(("prior/", "parameter/"))
