"""A run's summary with every key that a run has, small and made up, for tests of its page."""

from __future__ import annotations

from typing import Any

__all__ = ["additions", "quantiles", "stoppage", "summary"]


def quantiles(p05: float, p50: float, p95: float) -> dict[str, float]:
    return {"p05": p05, "p50": p50, "p95": p95, "mean": (p05 + p50 + p95) / 3}


def _export(destination: str, month: int, p50: float, observed: float | None) -> dict[str, Any]:
    return {
        "product": "magnet",
        "origin": "CHN",
        "destination": destination,
        "month": f"2025-{month:02d}",
        "unit": "t",
        **quantiles(0.5 * p50, p50, 1.5 * p50),
        "observed": observed,
        "observed_source": None if observed is None else f"magnet_exports/{destination}@gac",
    }


def stoppage(
    country: str,
    p50: str | None,
    probability: float,
    industry: str = "light_vehicles",
    size: float = 10.0,
) -> dict[str, Any]:
    return {
        "industry": industry,
        "country": country,
        "base_use_t_per_year": size,
        "first_stop": {"p05": p50 and "2025-05-02", "p50": p50, "p95": None},
        "probability": probability,
        "peak_share_stopped": {"p50": 0.034, "p95": 0.081},
        "days_lost": {"p50": 0.7, "p95": 2.5},
        "jobs_idle_peak": None,
    }


def summary() -> dict[str, Any]:
    flows = [
        {
            "supplier": f"separation:bastnaesite_CHN{number}@CHN",
            "buyer": "industry:consumer_electronics@ROW",
            "product": "magnet:NdFeB-heavy",
            "t_per_year": 1000.0 * number,
            "low": 500.0 * number,
            "high": None if number == 3 else 2000.0 * number,
            "moved": True,
        }
        for number in range(1, 13)
    ]
    return {
        "schema_version": 1,
        "run": "april-2025-256-7-00c0ffee",
        "scenario": "april-2025",
        "title": "As recorded",
        "description": "What happened,\nas the record has it.",
        "assumed_by_scenario": [],
        "draws": 256,
        "seed": 7,
        "as_of": None,
        "period": {"start": "2025-01-01", "end": "2025-12-31"},
        "mass_balance_relative_error": 3.2e-11,
        "clipped": 0,
        "violations": 0,
        "hidden_by_as_of": 0,
        "exports": [
            *(_export("WLD", month, 2000.0, 1238.0 if month == 5 else None) for month in (4, 5)),
            _export("USA", 5, 62.1, 46.4),
            _export("DEU", 5, 900.0, None),
        ],
        "stoppages": [
            stoppage("JPN", None, 0.2),
            stoppage("USA", "2025-05-30", 0.9, size=40.0),
            stoppage("KOR", None, 0.0),
        ],
        "shortages": [
            {
                "element": "Dy",
                "country": "USA",
                "month": f"2025-{month:02d}",
                "scope": "direct",
                "share_unmet": quantiles(0.1, 0.1 * month, 0.9),
                "unmet_tonne_days": quantiles(1, 10, 19),
            }
            for month in (4, 5)
        ],
        "prices": None,
        "coverage": {
            "evaluated": {
                "elements": ["Nd", "Dy"],
                "countries": ["CHN", "USA", "JPN"],
                "industries": ["light_vehicles"],
                "months": ["2025-04", "2025-05"],
                "producers": 7,
                "links": 1234,
                "observed_flows": 3,
                "cited_flows": {"CHN": 4, "USA": 2, "JPN": 0},
                "controls": ["Announcement 18/2025"],
                "acts_left_out": [],
            },
            "missing": ["the component stage", "prices"],
            "assumed": ["prior/cover/light_vehicles@2026"],
            "assumed_flows": flows,
            "largest_assumption": "magnets feed industries directly",
            "parameters_held": {},
            "priors_tuned_on": {"start": "2025-04-01", "end": "2025-09-30"},
        },
        "timing": {"reconcile_s": 0.5, "compile_s": 1.5, "simulate_s": 2.5},
        "program": {"version": "0.1.0", "sources": "c0ffee"},
        "precedent": None,
        "quotas": [],
        "supplies": [],
        "tariffs": {
            "wedges": 36,
            "partly_unknown": 0,
            "ranges": 0,
            "assumed": [],
            "sources": ["M018", "M020"],
        },
        "additions": {"digest": "", "batches": [], "used": []},
        "sources": ["mine_production/MMR/2024@mcs2026"],
        "assumptions": ["prior/cover/light_vehicles@2026"],
    }


def additions() -> dict[str, Any]:
    """What a run says of rows that users have added."""
    return {
        "digest": "c0ffee" * 10 + "0000",
        "batches": [
            {
                "id": "2026-07-01-facts-c0ffee00",
                "title": "Ministry statistics",
                "by": "analyst",
                "added": "2026-07-01T09:00:00+00:00",
                "ids": ["mine_production/MMR/2024@mine", "oxide_price/Dy/2025@mine"],
            }
        ],
        "used": [
            {
                "id": "mine_production/MMR/2024@mine",
                "source_title": "Ministry of Mines",
                "source_url": "https://example.org/mines",
                "grade": "B",
            }
        ],
    }
