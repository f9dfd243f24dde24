"""`xenotime data load` in a real process: added, looked at first, or refused whole."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from unit.cli.commands import xenotime
from unit.facts.loaders import downloads as made


def test_a_download_is_added_seen_and_taken_out_again(tmp_path: Path) -> None:
    root = str(tmp_path / "workspace")
    file = tmp_path / "TradeData.csv"
    rows = (made.comtrade_row(), made.comtrade_row(motCode="1000"))
    file.write_text(made.comtrade(*rows), encoding="utf-8")
    words = ("data", "load", str(file), "--taken", "2026-11-20", "--by", "analyst")
    done = xenotime(*words, "--workspace", root)
    assert done.returncode == 0, done.stderr
    assert "counts in place of 46.4 t" in done.stdout
    assert "left out 1: part of another row" in done.stderr
    month = "magnet_exports/USA/2025-05@comtrade20261120"
    shown = xenotime("facts", "show", month, "--json", "--workspace", root)
    record = json.loads(shown.stdout)["record"]
    assert (record["mid"], record["first_known"]) == (51.0, "2026-11-20")
    batch = json.loads(xenotime("data", "status", "--json", "--workspace", root).stdout)["batches"]
    assert [found["kind"] for found in batch] == ["load"]
    xenotime("data", "undo", batch[0]["id"], "--workspace", root)
    assert xenotime("facts", "show", month, "--workspace", root).returncode == 2


def test_a_file_without_its_last_end_of_line_is_added_only_when_it_is_whole(tmp_path: Path) -> None:
    root = tmp_path / "workspace"
    file = tmp_path / "TradeData.csv"
    file.write_text(made.comtrade(made.comtrade_row()).rstrip("\n"), encoding="utf-8")
    words = ("data", "load", str(file), "--workspace", str(root))
    done = xenotime(*words)
    assert done.returncode == 2
    assert "line 2: the file ends within it" in done.stderr
    assert not root.exists()
    assert xenotime(*words, "--whole").returncode == 0
    pack = tmp_path / "pack.zip"
    asked = ("data", "export", "--out", str(pack), "--workspace", str(root))
    refused = xenotime(*asked, "--title", "x" * 600)
    assert refused.returncode == 2
    assert "600 characters, 500 fit" in refused.stderr
    assert not pack.exists()
    assert xenotime(*asked).returncode == 0
    other = str(tmp_path / "other")
    installed = xenotime("data", "install", str(pack), "--workspace", other)
    assert "the quantity trade_exports_value, which the record had not" in installed.stderr


def test_acts_are_added_only_when_asked_and_can_be_looked_at_first(tmp_path: Path) -> None:
    root = str(tmp_path / "workspace")
    file = tmp_path / "interventions.csv"
    file.write_text(made.GTA, encoding="utf-8")
    done = xenotime("data", "load", str(file), "--workspace", root)
    assert done.returncode == 2
    assert "add with --acts" in done.stderr
    folder = tmp_path / "look"
    done = xenotime("data", "load", str(file), "--review", str(folder), "--json")
    assert json.loads(done.stdout)["rows"] == {"measures": 2}
    with (folder / "measures.csv").open(encoding="utf-8", newline="") as lines:
        assert {row["id"] for row in csv.DictReader(lines)} == {"M-GTA-900001", "M-GTA-900003"}
    assert not (tmp_path / "workspace").exists()
    done = xenotime("data", "load", str(file), "--acts", "--json", "--workspace", root)
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["rows"]) == 2


def test_a_wrong_row_refuses_the_file_and_makes_nothing(tmp_path: Path) -> None:
    root = tmp_path / "workspace"
    file = tmp_path / "TradeData.csv"
    rows = (made.comtrade_row(), made.comtrade_row(period="May"), made.comtrade_row(netWgt="x"))
    file.write_text(made.comtrade(*rows), encoding="utf-8")
    done = xenotime("data", "load", str(file), "--taken", "soon", "--workspace", str(root))
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    for part in ("line 3", "line 4", "--taken"):
        assert part in done.stderr
    assert not root.exists()


def test_loading_again_says_what_is_new_and_what_was_revised(tmp_path: Path) -> None:
    root = str(tmp_path / "workspace")
    file = tmp_path / "TradeData.csv"
    words = ("data", "load", str(file), "--taken", "2026-11-20", "--workspace", root)
    file.write_text(made.comtrade(made.comtrade_row()), encoding="utf-8")
    assert xenotime(*words).returncode == 0
    again = xenotime(*words)
    assert again.returncode == 0
    assert "nothing is added" in again.stdout
    assert "left out 2: in force already" in again.stderr
    file.write_text(made.comtrade(made.comtrade_row(netWgt="61200")), encoding="utf-8")
    done = xenotime(*words, "--json")
    account = json.loads(done.stdout)
    assert [row["id"] for row in account["rows"]] == [
        "magnet_exports/USA/2025-05@comtrade20261120-02"
    ]
    assert account["in_force_already"] == 1
    largest = account["revised"]["largest"]
    assert (largest["before"], largest["after"]) == (51.0, 61.2)
    refused = xenotime(*words, "--vintage", "two words")
    assert refused.returncode == 2
    assert "--vintage is 'two words': give up to 40 letters" in refused.stderr


def test_a_review_of_a_file_without_news_writes_nothing_and_says_so(tmp_path: Path) -> None:
    file, root, folder = tmp_path / "interventions.csv", str(tmp_path / "ws"), tmp_path / "look"
    file.write_text(made.GTA, encoding="utf-8")
    assert xenotime("data", "load", str(file), "--acts", "--workspace", root).returncode == 0
    again = xenotime("data", "load", str(file), "--review", str(folder), "--workspace", root)
    assert (again.returncode, folder.exists()) == (0, False)
    assert "all that it says is in force already" in again.stdout
