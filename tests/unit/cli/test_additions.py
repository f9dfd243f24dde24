"""The commands that add to the record, in real processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from unit.cli.commands import xenotime

BURMA = "mine_production/MMR/2024@own"
SOURCE = ("--source-title", "Trade press", "--source-url", "memo 12", "--by", "analyst")
FIGURE = (
    *("facts", "add", "--id", BURMA, "--value", "30000", "--unit", "t REO", "--grade", "C"),
    *("--first-known", "2026-07-01", *SOURCE),
)
MONTH = (
    *("observe", "add", "--destination", "USA", "--month", "2025-05", "--value", "50"),
    *("--grade", "B", "--first-known", "2026-07-01", *SOURCE),
)
ACT = (
    *("policy", "add", "--act", "Announcement 30", "--actor", "CHN", "--element", "Nd"),
    *("--instrument", "export_licence", "--form", "magnet", "--announced", "2025-06-01"),
    *("--in-force", "2025-07-01", "--grade", "C", *SOURCE),
)
Call = Callable[..., Any]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "workspace"


@pytest.fixture
def answer(root: Path) -> Call:
    """Run a command with --json that succeeds; give what it printed."""

    def call(*words: str) -> Any:
        done = xenotime(*words, "--json", XENOTIME_WORKSPACE=str(root))
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        return json.loads(done.stdout)

    return call


@pytest.fixture
def refusal(root: Path) -> Call:
    """Run a command that is refused; give its message. Nothing must have been written."""

    def call(*words: str, cwd: Path | None = None) -> str:
        before = sorted(root.rglob("*"))
        done = xenotime(*words, cwd=cwd, XENOTIME_WORKSPACE=str(root))
        assert (done.returncode, done.stdout) == (2, "")
        assert "Traceback" not in done.stderr
        assert sorted(root.rglob("*")) == before
        return done.stderr

    return call


def test_an_added_figure_is_a_fact_until_it_is_undone(answer: Call, refusal: Call) -> None:
    added = answer(*FIGURE)
    assert added["batch"]["by"] == "analyst"
    (line,) = added["rows"][0]["changes"]
    assert line.startswith("30,000 t REO; counts in place of 27,000 t REO")
    shown = answer("facts", "show", BURMA)
    assert shown["record"]["country"] == "MMR"  # taken from the other vintages
    assert shown["record"]["source_url"] == "memo 12"
    assert shown["added_in"]["id"] == added["batch"]["id"]
    assert {other["mid"] for other in shown["other_vintages"]} == {27_000.0, 31_000.0}
    assert BURMA in {r["id"] for r in answer("facts", "search", "MMR 2024 own")["records"]}
    assert "the id is taken" in refusal(*FIGURE)
    answer("data", "undo", added["batch"]["id"])
    assert f"{BURMA!r} is unknown" in refusal("facts", "show", BURMA)
    answer("data", "redo", added["batch"]["id"])
    assert answer("facts", "show", BURMA)["record"] == shown["record"]


def test_the_id_can_be_made_from_parts(answer: Call, refusal: Call) -> None:
    parts = ("--country", "MMR", "--period", "2024", "--vintage", "press")
    rest = ("--value", "26000", "--unit", "t REO", "--grade", "D", "--first-known", "2026-07-01")
    made = answer("facts", "add", "--quantity", "mine_production", *parts, *rest, *SOURCE)
    assert made["rows"][0]["id"] == "mine_production/MMR/2024@press"
    assert "does not count" in made["rows"][0]["changes"][0]
    new = ("--country", "ISL", "--period", "2026")
    made = answer("facts", "add", "--quantity", "mine_production", *new, *rest, *SOURCE)
    assert made["rows"][0]["id"] == "mine_production/ISL/2026@own"
    text = refusal("facts", "add", "--quantity", "mine_production", "--country", "MMR", *rest)
    assert "figures match: give --period" in text


def test_an_observed_month_counts_and_is_listed(answer: Call) -> None:
    added = answer(*MONTH)
    assert added["rows"][0]["id"] == "magnet_exports/USA/2025-05@own"
    months = answer("observe", "list", "--destination", "USA")["observations"]
    (may,) = [row for row in months if row["month"] == "2025-05"]
    assert (may["value"], may["unit"], may["source_title"]) == (50.0, "t", "Trade press")
    assert may["added_in"] == added["batch"]["id"]
    assert {row["added_in"] for row in months if row["month"] != "2025-05"} == {None}


def test_an_act_says_at_once_what_it_changes(answer: Call) -> None:
    added = answer(*ACT)
    assert added["rows"][0]["id"] == "M-CHN-2025-06-01-announcement-30"
    assert added["rows"][0]["changes"][:2] == [
        "in april-2025: Announcement 30 limits exports on 184 days (2025-07-01 to 2025-12-31)",
        "it covers magnet of Nd, and limits those exports of them that the network has",
    ]
    pause = answer(
        *("policy", "add", "--act", "Pause", "--actor", "CHN", "--instrument", "suspension"),
        *("--changes", "M-CHN-2025-06-01-announcement-30", "--announced", "2025-07-30"),
        *("--in-force", "2025-08-01", "--ends", "2025-08-31", "--grade", "C", *SOURCE),
    )
    assert "Announcement 30 is stopped on 31 days" in pause["rows"][0]["changes"][0]
    tariff = answer(
        *("policy", "add", "--act", "Tariff", "--actor", "USA", "--instrument", "import_tariff"),
        *("--announced", "2025-07-30", "--in-force", "2025-08-01", "--grade", "C", *SOURCE),
    )
    assert "nothing in a run follows it" in tariff["rows"][0]["changes"][0]
    acts = answer("policy", "list", "--actor", "CHN", "--element", "Nd")["acts"]
    assert "M-CHN-2025-06-01-announcement-30" in {act["id"] for act in acts}
    on = {r["id"]: r for r in answer("policy", "in-force", "--on", "2025-08-15")["acts"]}
    assert on["M-CHN-2025-06-01-announcement-30"]["status"] == "suspended"
    assert on["M-CHN-2025-06-01-announcement-30"]["changed_by"] == ["M-CHN-2025-07-30-pause"]
    assert on["M023"]["status"] == "in_force"
    assert on["M023"]["record_end"] is None


def test_a_control_list_of_items_belongs_to_the_act_that_it_comes_with(
    answer: Call, tmp_path: Path
) -> None:
    items = tmp_path / "items.csv"
    items.write_text(
        "id,announcement,element,form,in_force,grade,vintage,first_known,source_url,source_title,"
        "licence\ncontrol_item/30/Nd/01@own,30/2025,Nd,magnet,2025-07-01,C,own,2025-06-01,memo,"
        "Memo,cited-figure\n",
        encoding="utf-8",
    )
    added = answer(*ACT, "--items", str(items))
    assert [row["id"] for row in added["rows"]] == [
        "control_item/30/Nd/01@own", "M-CHN-2025-06-01-announcement-30",
    ]  # fmt: skip
    item = answer("facts", "show", "control_item/30/Nd/01@own")["record"]
    assert item["measure"] == "M-CHN-2025-06-01-announcement-30"


def test_rows_of_a_file_are_added_by_the_names_of_their_columns(
    answer: Call, refusal: Call, tmp_path: Path
) -> None:
    file = tmp_path / "figures.csv"
    template = xenotime("facts", "add", "--template")
    columns = template.stdout.strip().split(",")
    assert template.returncode == 0
    assert all(f"{column} " in template.stderr for column in columns)
    cells = {
        "id": BURMA, "quantity": "mine_production", "country": "MMR", "product": "ore",
        "stage": "mine", "period": "2024", "unit": "t REO", "mid": "30000", "grade": "C",
        "kind": "reported", "vintage": "own", "first_known": "2026-07-01", "source_url": "memo",
        "source_title": "Memo", "licence": "cited-figure",
    }  # fmt: skip
    lines = [",".join(columns), ",".join(cells.get(column, "") for column in columns)]
    file.write_text("\n".join(lines).replace(",t REO,", ",tons,").replace("Memo", ""), "utf-8")
    message = refusal("facts", "add", "--csv", str(file))
    assert "unit is 'tons'" in message
    assert "source_title is ''" in message
    file.write_text("\n".join(lines), "utf-8")
    assert answer("facts", "add", "--csv", str(file))["rows"][0]["id"] == BURMA


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("facts", "add"), "there is nothing to add"),
        (("facts", "add", "--value", "3"), "give --id, or --quantity"),
        (("facts", "add", "--csv", "none.csv"), "check the path"),
        (("facts", "add", "--csv", "none.csv", "--value", "3"), "--value describes one figure"),
        (("facts", "add", "--table", "measures"), "--table is 'measures'"),
        ((*FIGURE, "--mid", "3"), "--value and --mid are the same"),
        ((*FIGURE, "--vintage", "other"), "but --id says 'own'"),
        ((*FIGURE, "--kind", "assumption"), "assumptions have grade 'prior'"),
        (FIGURE[:-6], "source_title is ''"),
        ((*MONTH[:5], "2025-5", *MONTH[6:]), "--month is '2025-5'"),
        ((*MONTH, "--series", "magnets"), "did you mean magnet?"),
        ((*MONTH, "--unit", "pieces"), "--unit is 'pieces'"),
        ((*ACT, "--element", "Xx"), "'Xx' is no element of the record"),
        ((*ACT, "--form", "magnets"), "'magnets' is not one of"),
        ((*ACT, "--target", "Mars"), "'Mars' is no ISO3 code"),
        ((*ACT, "--changes", "M999"), "there is no act 'M999'"),
        (("policy", "add", "--csv", "x.csv", "--act", "A"), "options describe one act"),
        (("observe", "list", "--destination", "MRS"), "--destination is 'MRS'"),
        (("policy", "list", "--actor", "XXX"), "--actor is 'XXX'"),
        (("policy", "in-force", "--on", "soon"), "which is not a date"),
        (("data", "undo", "nothing"), "holds no workspace yet"),
        (("data", "redo", "nothing"), "holds no workspace yet"),
        (("data", "export", "--out", "p.zip"), "there is nothing to export"),
        (("data", "install", "none.zip"), "cannot be read"),
    ],
)
def test_a_wrong_request_is_answered_and_leaves_nothing(
    refusal: Call, root: Path, tmp_path: Path, words: tuple[str, ...], says: str
) -> None:
    assert says in refusal(*words, cwd=tmp_path)
    assert not root.exists()


def test_all_problems_of_a_request_come_at_once(refusal: Call) -> None:
    text = refusal(
        *("facts", "add", "--id", BURMA, "--value", "x", "--unit", "tons", "--grade", "Z"),
        *("--first-known", "tomorrow"),
    )
    for part in ("mid is 'x'", "unit is 'tons'", "grade is 'Z'", "first_known is", "source_title"):
        assert part in text


def test_a_wrong_series_does_not_hide_what_else_is_wrong(refusal: Call) -> None:
    text = refusal(
        *("observe", "add", "--series", "Dyy", "--destination", "USA", "--month", "2025-13"),
        *("--value", "5", "--grade", "B", "--first-known", "2100-01-01", "--unit", "lb", *SOURCE),
    )
    for part in ("--series is 'Dyy'", "--month is '2025-13'", "--unit is 'lb'", "2100-01-01"):
        assert text.count(part) == 1, text
    assert "4 problems" in text


def test_status_lists_what_was_added_and_what_is_damaged(
    answer: Call, refusal: Call, root: Path
) -> None:
    before = answer("data", "status")
    assert not root.exists()  # looking makes nothing
    assert before["record_end"] == {"measures": "2026-06-29"}
    assert before["batches"] == []
    batch = answer(*FIGURE)["batch"]["id"]
    answer(*MONTH)
    after = answer("data", "status")
    assert after["counts"]["claims"]["added"] == 2
    assert [b["title"] for b in after["batches"]] == ["Trade press"] * 2
    assert "in place of 27,000" in after["batches"][0]["rows"][0]["changes"]
    text = xenotime("data", "status", XENOTIME_WORKSPACE=str(root)).stdout
    assert "record ends 2026-06-29 (measures)" in text
    assert "have expired since" in text
    (root / "additions" / batch / "claims.csv").write_text("spoilt", encoding="utf-8")
    done = xenotime("data", "status", "--json", XENOTIME_WORKSPACE=str(root))
    assert done.returncode == 2
    assert [b["id"] for b in json.loads(done.stdout)["damaged"]] == [batch]
    done = xenotime("data", "status", XENOTIME_WORKSPACE=str(root))
    assert done.returncode == 2
    assert "magnet_exports/USA/2025-05@own" in done.stdout  # the rest is shown
    assert f"take it out with `xenotime data undo {batch}`" in done.stdout
    assert batch in done.stderr
    assert f"xenotime data undo {batch}" in refusal("facts", "show", BURMA)
    assert f"xenotime data undo {batch}" in refusal("run", "april-2025", "--draws", "1")
    answer("data", "undo", batch)
    assert answer("facts", "show", "magnet_exports/USA/2025-05@own")["record"]["mid"] == 50.0


def test_a_pack_goes_from_one_workspace_to_another(
    answer: Call, refusal: Call, tmp_path: Path
) -> None:
    answer(*FIGURE)
    pack = tmp_path / "pack.zip"
    assert answer("data", "export", "--out", str(pack), "--by", "me")["titles"] == ["Trade press"]
    assert "is there already" in refusal("data", "export", "--out", str(pack))
    other = str(tmp_path / "other")
    done = xenotime("data", "install", str(pack), "--json", "--workspace", other)
    assert json.loads(done.stdout)["batch"]["pack"]["by"] == "me"
    shown = xenotime("facts", "show", BURMA, "--json", "--workspace", other)
    assert json.loads(shown.stdout)["record"]["mid"] == 30_000.0
    pack.write_bytes(pack.read_bytes()[:-30])
    assert "no whole zip file" in refusal("data", "install", str(pack))


# --- processes that meet, and processes that are killed ---------------------------------------


def table(path: Path, rows: int, *, first: int = 0) -> Path:
    head = (
        "id,quantity,country,product,stage,period,unit,mid,grade,kind,vintage,first_known,"
        "source_url,source_title,licence\n"
    )
    lines = [
        f"mine_production/ISL/x{n}/2026@own,mine_production,ISL,ore,mine,2026,t REO,{n},C,reported,"
        "own,2026-07-01,memo,Memo,cited-figure\n"
        for n in range(first, first + rows)
    ]
    path.write_text(head + "".join(lines), encoding="utf-8")
    return path


def start(root: Path, *words: str, **options: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "xenotime", *words, "--workspace", str(root)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        **options,
    )


def test_two_processes_that_add_at_once_both_land(answer: Call, root: Path, tmp_path: Path) -> None:
    answer("data", "status")
    files = [table(tmp_path / f"{n}.csv", 200, first=1_000 * n) for n in range(4)]
    running = [start(root, "facts", "add", "--csv", str(file)) for file in files]
    for process in running:
        _, said = process.communicate(timeout=120)
        assert process.returncode == 0, said
    status = answer("data", "status")
    assert len(status["batches"]) == 4
    assert status["counts"]["claims"]["added"] == 800


def test_of_two_processes_that_add_one_id_at_once_one_lands(root: Path, answer: Call) -> None:
    running = [start(root, *FIGURE, "--note", f"writer {n}") for n in range(3)]
    codes = sorted(process.wait(timeout=120) for process in running)
    assert codes == [0, 2, 2]
    for process in running:
        process.communicate()
    assert len(answer("data", "status")["batches"]) == 1


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_an_add_that_is_killed_leaves_all_or_nothing(
    answer: Call, root: Path, tmp_path: Path
) -> None:
    file = table(tmp_path / "rows.csv", 5_000)
    answer(*FIGURE)
    begun = time.perf_counter()
    whole = start(root, "facts", "add", "--csv", str(file))
    whole.communicate(timeout=120)
    takes = time.perf_counter() - begun
    assert whole.returncode == 0
    (batch,) = [b["id"] for b in answer("data", "status")["batches"] if len(b["rows"]) > 1]
    answer("data", "undo", batch)
    seen = set()
    for step in range(10):
        other = table(tmp_path / "other.csv", 5_000, first=10_000 * (step + 1))
        process = start(root, "facts", "add", "--csv", str(other))
        time.sleep(takes * (0.35 + 0.065 * step))
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
        status = answer("data", "status")
        assert status["damaged"] == []
        sizes = {len(b["rows"]) for b in status["batches"] if not b["undone"]}
        assert sizes <= {1, 5_000}
        seen.add(process.returncode)
        assert answer("facts", "show", BURMA)["record"]["mid"] == 30_000.0
    assert -signal.SIGKILL in seen
    done = xenotime("observe", *MONTH[1:], "--workspace", str(root))
    assert done.returncode == 0, done.stderr
    assert not [p for p in (root / "additions").iterdir() if "partial" in p.name]


@pytest.mark.skipif(os.name == "nt", reason="pseudo-terminals")
def test_on_a_terminal_it_asks_for_one_figure_until_it_is_sound(root: Path, answer: Call) -> None:
    import pty

    lead, terminal = pty.openpty()
    process = start(root, "facts", "add", stdin=terminal)
    os.close(terminal)
    first = [BURMA, "30000", "", "", "tons", "C", "Trade press", "memo 12", "2026-07-01", ""]
    again = ["", "", "", "", "t REO", "", "", "", "", ""]
    os.write(lead, ("\n".join([*first, *again]) + "\n").encode())
    out, said = process.communicate(timeout=60)
    os.close(lead)
    assert process.returncode == 0, said
    assert "unit is 'tons'" in said
    assert f"{BURMA}\n" in out
    assert answer("facts", "show", BURMA)["record"]["mid"] == 30_000.0
