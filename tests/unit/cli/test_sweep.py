"""`xenotime sweep`: wrong requests are refused at once, the page says what the object says."""

from __future__ import annotations

import io
from pathlib import Path

from rich.console import Console

from unit.cli.commands import xenotime
from xenotime.report.sweep_page import show_sweep


def test_every_problem_is_listed_and_nothing_is_written(tmp_path: Path) -> None:
    done = xenotime(
        *("sweep", "april-2052", "--vary", "aproval_delay=0..x", "--by", "country"),
        *("--draws", "0", "--threads", "none", "--until", "31.12.2025", "--param", "novalue"),
        cwd=tmp_path,
        XENOTIME_WORKSPACE=str(tmp_path / "workspace"),
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    for part in (
        *("april-2052", "'aproval_delay'", "approval_delay", "'x'", "'country'", "--draws is '0'"),
        *("'none'", "31.12.2025", "novalue"),
    ):
        assert part in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_sweep_without_values_is_refused(tmp_path: Path) -> None:
    done = xenotime("sweep", "april-2025", cwd=tmp_path)
    assert done.returncode == 2
    assert "--vary" in done.stderr


def band(p10: float, p50: float, p90: float) -> dict[str, float]:
    return {"p10": p10, "p50": p50, "p90": p90, "mean": p50}


def test_the_page_shows_each_value_and_fits_eighty_columns() -> None:
    labels = ["0w", "4w"]
    summary = {
        "title": "A test", "draws": 4, "by": "destination", "compared_with": "0w",
        "period": {"start": "2025-01-01", "end": "2025-12-31"},
        "vary": {"name": "approval_delay", "values": [0.0, 28.0], "labels": labels},
        "exports": [
            {
                "value": 28.0 * i, "label": label, "product": "magnet", "origin": "CHN",
                "destination": place, "unit": "t", "exported": band(1, 2, 3),
                "lost_against_base": band(10, 20, 30),
                "share_of_base_lost": band(0.1, 0.2 + 0.2 * i, 0.5),
                "lost_against_smallest": band(0, 1234 * i, 9999),
            }
            for i, label in enumerate(labels)
            for place in ("WLD", "DEU")
        ],
        "stoppages": [
            {
                "value": 28.0 * i, "label": label, "industry": "light_vehicles_combustion",
                "country": "WLD", "probability": 0.25 + 0.5 * i,
                "first_stop": {"p50": "2025-07-01" if i else None},
                "days_lost": band(1, 2, 3), "base_t_per_day": 5.0,
            }
            for i, label in enumerate(labels)
        ],
        "supplies": ["recycling: oxide:Dy for DEU from 2025-05-01 on: this scenario assumes it"],
    }  # fmt: skip
    page = io.StringIO()
    show_sweep(summary, folder=None, on=Console(file=page, width=80))
    text = page.getvalue()
    for part in ("0w", "4w", "20 %", "40 %", "1,234 t", "DEU", "25 %", "75 %", "never",
                 "2025-07-01", "light_vehicles_combustion", "Assumed: recycling"):  # fmt: skip
        assert part in text
    assert "…" not in text
    assert max(map(len, text.splitlines())) <= 80
