"""`xenotime data status` with more rows than anybody reads."""

from __future__ import annotations

import json
from pathlib import Path

from unit.cli.commands import xenotime
from unit.facts.loaders import downloads as made


def test_a_long_batch_is_cut_short_and_counted(tmp_path: Path) -> None:
    file = tmp_path / "TradeData.csv"
    months = [f"{year}{month:02d}" for year in (2001, 2002) for month in range(1, 13)]
    rows = (made.comtrade_row(period=month) for month in months)
    file.write_text(made.comtrade(*rows), encoding="utf-8")
    root = str(tmp_path / "workspace")
    done = xenotime("data", "load", str(file), "--workspace", root)
    assert done.returncode == 0, done.stderr
    text = xenotime("data", "status", "--workspace", root).stdout
    assert "and 28 more; all are in --json" in text
    assert text.count("magnet_exports/USA/200") == 20
    (batch,) = json.loads(xenotime("data", "status", "--json", "--workspace", root).stdout)[
        "batches"
    ]
    assert (batch["count"], len(batch["rows"])) == (48, 48)
