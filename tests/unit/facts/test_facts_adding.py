"""Rows are added whole or not at all, are kept when undone, and survive another release."""

from __future__ import annotations

import csv
import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unit.facts.added_rows import act, burma, item, row
from xenotime import facts
from xenotime.facts import RequestError, including_workspace, workspace_additions
from xenotime.facts.adding import add, new_row, problems_of, redo, undo
from xenotime.facts.batches import (
    ADDITIONS_SCHEMA,
    EXTENSIBLE,
    read_batch,
    read_table,
    workspace_batches,
    write_tables,
)
from xenotime.facts.columns import COLUMN_NOTES
from xenotime.facts.problems import MOST_PROBLEMS
from xenotime.facts.registers import REGISTERS
from xenotime.facts.status import record_status, row_line, superseded
from xenotime.facts.vintages import body_of, is_usable, vintages_of
from xenotime.networks.chain.figures import Figures
from xenotime.workspace import Workspace, WorkspaceError, seal

TODAY = dt.date(2026, 11, 24)
BURMA = "mine_production/MMR/2024@own"


@pytest.fixture
def store(tmp_path: Path) -> Workspace:
    return Workspace.open(tmp_path / "workspace")


def put(store: Workspace, **tables: list[dict[str, str]]) -> str:
    found = {table: [row(table, cells) for cells in rows] for table, rows in tables.items()}
    return add(store, found, title="Test", by="analyst", kind="facts", today=TODAY).id


def refused(store: Workspace, **tables: list[dict[str, str]]) -> str:
    with pytest.raises(RequestError) as caught:
        put(store, **tables)
    assert list((store.root / "additions").iterdir()) == []
    return "\n".join(caught.value.problems)


def test_what_is_added_is_read_back_as_it_was_given(store: Workspace) -> None:
    rows = {"claims": [burma()], "measures": [act()], "control_items": [item()]}
    batch = put(store, **rows)
    stored = read_batch(store.batch_folder(batch))
    assert stored.tables == {
        table: tuple(row(table, cells) for cells in found) for table, found in rows.items()
    }
    assert (stored.title, stored.by, stored.kind, stored.undone) == (
        "Test", "analyst", "facts", False,
    )  # fmt: skip
    with including_workspace(store):
        assert facts.get(BURMA) == row("claims", burma())
        assert facts.get("M-CHN-2025-06-01-light") in facts.measures()
        found = facts.included().batch_of(BURMA)
        assert found is not None
        assert found.id == batch


def test_undone_is_out_of_force_and_kept_and_redone_is_in_force_again(store: Workspace) -> None:
    batch = put(store, claims=[burma()])
    before = workspace_additions(store)
    folder = undo(store, batch)
    assert not workspace_additions(store)
    assert read_batch(folder, undone=True).ids == (BURMA,)
    with pytest.raises(WorkspaceError, match="is undone already"):
        undo(store, batch)
    redo(store, batch)
    assert workspace_additions(store) == before
    with pytest.raises(WorkspaceError, match="is in force already"):
        redo(store, batch)
    for move in (undo, redo):
        with pytest.raises(WorkspaceError, match="is not in this workspace"):
            move(store, "2026-01-01-facts-00000000")


def test_an_undone_batch_is_not_redone_beside_another_of_the_same_id(store: Workspace) -> None:
    first = put(store, claims=[burma()])
    undo(store, first)
    put(store, claims=[burma("31000")])
    with pytest.raises(RequestError, match=f"{BURMA}: the id is taken"):
        redo(store, first)
    assert store.batch_folder(first, undone=True).is_dir()


def test_the_same_rows_are_not_added_beside_an_undone_batch_of_them(store: Workspace) -> None:
    first = put(store, claims=[burma()])
    undo(store, first)
    with pytest.raises(RequestError, match=f"xenotime data redo {first}"):
        put(store, claims=[burma()])


def test_an_act_that_others_refer_to_is_undone_last(store: Workspace) -> None:
    first = put(store, measures=[act()])
    pause = act(
        id="M-CHN-2026-01-01-pause", instrument="suspension", changes="M-CHN-2025-06-01-light"
    )
    second = put(store, measures=[pause])
    with pytest.raises(RequestError, match=f"undo batch {second} first"):
        undo(store, first)
    undo(store, second)
    undo(store, first)
    with pytest.raises(RequestError, match="there is no act 'M-CHN-2025-06-01-light'"):
        redo(store, second)


@pytest.mark.parametrize(
    ("table", "cells", "says"),
    [
        ("claims", burma(source_url=""), "source_url is blank"),
        ("claims", burma(first_known="2026-11-25"), "that day has not come"),
        ("claims", burma(id="mine_production/MMR/2024@mcs2026", vintage="mcs2026"), "is taken"),
        ("claims", burma(unit="t"), "other vintages are in t REO: convert it"),
        ("claims", burma("-30"), "mid is -30 t REO: mine_production is never negative"),
        ("claims", burma("1e300"), "no figure is as large"),
        ("claims", burma("30000000"), "a factor of more than 100 is a slip of units"),
        ("measures", act(in_force="2025-01-01"), "before it was announced"),
        ("measures", act(changes="M-CHN-2025-06-01-light"), "an act cannot change itself"),
        ("claims", burma(country="CHN"), "the same id before @ is the same quantity"),
        ("measures", act(id="M099"), "name yours like M-CHN-2026-07-01-magnets"),
        ("measures", act(announced="2026-12-01"), "announced is 2026-12-01: that day has not"),
        ("measures", act(changes="M999"), "changes: there is no act 'M999'"),
        ("measures", act(instrument="suspension"), "changes is blank"),
        ("measures", act(instrument="removal"), "changes is blank"),
        ("control_items", item(), "measure is 'M-CHN-2025-06-01-light': there is no such act"),
    ],
)
def test_what_only_added_rows_must_have_is_asked_for(
    store: Workspace, table: str, cells: dict[str, str], says: str
) -> None:
    assert says in refused(store, **{table: [cells]})


@pytest.mark.parametrize(
    ("table", "cells", "says"),
    [
        ("claims", burma(source_title=""), "source_title is '': fill it in"),
        ("claims", burma(grade=""), "grade is '': fill it in"),
        ("claims", burma(first_known=""), "give the day on which the figure could be known"),
        ("claims", burma(kind="assumption"), "assumptions have grade 'prior'"),
        ("claims", burma(grade="prior"), "assumptions have grade 'prior', and nothing else has"),
        ("claims", burma("nan"), "give a finite number"),
        ("claims", burma(low="40000"), "low <= mid <= high is broken"),
        ("claims", burma(unit="tons"), "use one of t, t REO"),
        ("claims", burma(kind="derived"), "a derived figure needs its formula"),
        ("measures", act(instrument="licence"), "use one of export_licence"),
        ("measures", act(ends="2025-01-01"), "it lies before in_force"),
        ("measures", act(id="M-"), "is not like M023"),
    ],
)
def test_a_row_that_no_table_would_take_is_refused(
    table: str, cells: dict[str, str], says: str
) -> None:
    with pytest.raises(RequestError) as caught:
        new_row(table, cells, label="the row")
    assert says in "\n".join(caught.value.problems)


def test_all_problems_of_all_rows_come_at_once_and_nothing_is_written(store: Workspace) -> None:
    text = refused(
        store,
        claims=[
            burma(source_url=""),
            burma(id="mine_production/MMR/2024@b", vintage="b", unit="t"),
        ],
        measures=[act(changes="M999")],
    )
    assert "source_url" in text
    assert "convert it" in text
    assert "M999" in text


def test_the_same_id_twice_in_one_batch_is_refused(store: Workspace) -> None:
    assert "is given twice" in refused(store, claims=[burma(), burma("2")])


def test_very_many_problems_are_counted_not_listed() -> None:
    name = "mine_production/MMR/2024"
    rows = [
        row("claims", burma(id=f"{name}@v{n}", vintage=f"v{n}", source_url=""))
        for n in range(1_000)
    ]
    problems = problems_of({"claims": rows}, today=TODAY)
    assert len(problems) == MOST_PROBLEMS + 1
    assert problems[-1] == f"and {1_000 - MOST_PROBLEMS:,} more problems like these"


def test_an_assumption_needs_no_day_but_somebody_who_says_so(store: Workspace) -> None:
    mine = burma(kind="assumption", grade="prior", first_known="", licence="own")
    assert "source_url is blank" in refused(store, claims=[mine | {"source_url": ""}])
    put(store, claims=[mine])
    with including_workspace(store):
        assert facts.get(BURMA).grade == "prior"


# --- another release ---------------------------------------------------------------------------


def rewrite(folder: Path, *, note: dict[str, object] | None = None, **tables: str) -> None:
    """Change a stored batch as another release would have written it, and seal it again."""
    content = json.loads((folder / "batch.json").read_text("utf-8")) | (note or {})
    (folder / "batch.json").write_text(json.dumps(content), "utf-8")
    for table, text in tables.items():
        (folder / f"{table}.csv").write_text(text, "utf-8")
    (folder / "complete.json").unlink()
    seal(folder)


def test_a_batch_of_a_release_with_other_columns_is_read_by_name(store: Workspace) -> None:
    folder = store.batch_folder(put(store, claims=[burma(note="kept")]))
    with (folder / "claims.csv").open(newline="") as stream:
        (cells,) = csv.DictReader(stream)
    del cells["formula"]  # as if a later release had brought this column
    backwards = dict(reversed(cells.items()))
    rewrite(folder, claims=",".join(backwards) + "\n" + ",".join(backwards.values()) + "\n")
    with including_workspace(store):
        assert facts.get(BURMA) == row("claims", burma(note="kept"))


def test_a_newer_batch_is_refused_by_name_and_can_be_taken_out(store: Workspace) -> None:
    batch = put(store, claims=[burma()])
    rewrite(store.batch_folder(batch), note={"additions_schema": ADDITIONS_SCHEMA + 1})
    with pytest.raises(RequestError) as caught:
        workspace_additions(store)
    assert f"batch {batch}: additions_schema is 2, this program reads up to 1" in str(caught.value)
    undo(store, batch)
    assert not workspace_additions(store)


@pytest.mark.parametrize("schema", [0, True, "1", None, 1.0])
def test_a_schema_that_is_no_number_is_refused(store: Workspace, schema: object) -> None:
    rewrite(store.batch_folder(put(store, claims=[burma()])), note={"additions_schema": schema})
    with pytest.raises(RequestError, match="additions_schema is"):
        workspace_additions(store)


def test_a_column_that_this_release_does_not_know_is_named(store: Workspace) -> None:
    folder = store.batch_folder(put(store, claims=[burma()]))
    lines = (folder / "claims.csv").read_text("utf-8").splitlines()
    rewrite(folder, claims=f"{lines[0]},colour\n{lines[1]},red\n")
    with pytest.raises(RequestError, match="a column 'colour', which the table has not"):
        workspace_additions(store)


def test_a_batch_that_was_changed_by_hand_stops_everything_and_is_named(store: Workspace) -> None:
    batch = put(store, claims=[burma()])
    file = store.batch_folder(batch) / "claims.csv"
    file.write_text(file.read_text("utf-8").replace("30000", "90000"), "utf-8")
    with pytest.raises(RequestError, match=f"data undo {batch}"):
        workspace_additions(store)
    _, broken = workspace_batches(store)
    assert [failed.id for failed in broken] == [batch]
    undo(store, batch)
    assert not workspace_additions(store)


def test_one_id_in_two_folders_that_were_copied_there_is_named(store: Workspace) -> None:
    import shutil

    batch = put(store, claims=[burma()])
    shutil.copytree(store.batch_folder(batch), store.batch_folder("copy"))
    with pytest.raises(RequestError, match=f"{BURMA} is in the batches .* undo one of them"):
        workspace_additions(store)


def test_a_row_that_a_release_embeds_rests_and_is_said_to(store: Workspace) -> None:
    folder = store.batch_folder(put(store, claims=[burma()]))
    text = (folder / "claims.csv").read_text("utf-8")
    rewrite(folder, claims=text.replace("2024@own", "2024@mcs2026").replace("own,2", "mcs2026,2"))
    with including_workspace(store):
        assert superseded() == {"mine_production/MMR/2024@mcs2026"}
        (added,) = facts.included().tables["claims"]
        told = row_line(added)
        assert told.startswith("rests: this release of the program embeds the same id with")
        assert "27,000 t REO, not 30,000 t REO as here" in told
        assert "grade 'A', not 'B' as here" in told
        assert facts.get(added.id).mid == 27_000.0


# --- what a row does ---------------------------------------------------------------------------


def test_status_says_what_a_vintage_replaces_and_who_disagrees(store: Workspace) -> None:
    put(
        store,
        claims=[burma(), burma("900", id="mine_production/MMR/2024@d", vintage="d", grade="D")],
    )
    with including_workspace(store):
        counted, kept = (row_line(added) for added in facts.included().tables["claims"][::-1])
        assert record_status(TODAY).counts["claims"][1] == 2
    assert "counts in place of 27,000 t REO (mine_production/MMR/2024@mcs2026)" in counted
    assert "31,000 t REO (mine_production/MMR/2024@mcs2025)" in counted
    assert "does not count: grade D is kept for comparison" in kept


def test_acts_that_ended_after_the_record_are_in_doubt_until_somebody_adds_what_happened(
    store: Workspace,
) -> None:
    assert "M048" in record_status(TODAY).expired
    assert record_status(dt.date(2026, 6, 29)).expired == ()
    put(store, measures=[act(
        id="M-CHN-2026-11-10-extension", instrument="suspension", changes="M048",
        announced="2026-11-09", first_known="2026-11-09", in_force="2026-11-11",
    )])  # fmt: skip
    with including_workspace(store):
        assert "M048" not in record_status(TODAY).expired


def test_the_vintage_that_counts_here_is_the_one_that_the_baseline_takes(store: Workspace) -> None:
    put(store, claims=[burma()])
    with including_workspace(store):
        figures = Figures()
        checked = 0
        for body in {body_of(claim.id) for claim in facts.claims()}:
            usable = [claim for claim in vintages_of(body) if is_usable(claim)]
            taken = figures.claim(body)
            assert (taken and taken.id) == (usable[0].id if usable else None)
            checked += len(usable) > 1
        assert checked > 10


def test_every_column_of_every_table_is_explained() -> None:
    wanted = {(table, name) for table, kind in EXTENSIBLE.items() for name in kind.columns}
    assert {key for key in wanted if not COLUMN_NOTES.get(key)} == set()


# --- files that people write ---------------------------------------------------------------------

CELLS = st.text(
    alphabet=st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12
) | st.sampled_from(["", "nan", "-1", "1e400", "2026-13-01", "prior", "A", "t REO", "gap", ";;"])


@settings(max_examples=150, deadline=None)
@given(
    spoilt=st.dictionaries(st.sampled_from(EXTENSIBLE["claims"].columns), CELLS, max_size=4),
    table=st.sampled_from(["claims"]),
)
def test_any_spoilt_row_is_taken_whole_or_refused_with_its_problems(
    tmp_path_factory: pytest.TempPathFactory, table: str, spoilt: dict[str, str]
) -> None:
    cells = burma() | spoilt
    file = tmp_path_factory.mktemp("rows") / "rows.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, [*cells])
        writer.writeheader()
        writer.writerow(cells)
    try:
        rows = read_table(table, file)
    except RequestError as error:
        assert error.problems  # noqa: PT017
        return
    # What was taken is written and read back the same, so no cell can break its neighbours.
    write_tables(file.parent, {table: rows})
    assert read_table(table, file.parent / f"{table}.csv") == rows


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "the header has no column 'id'"),
        ("quantity\nmine_production\n", "the header has no column 'id'"),
        ("id,id\na,b\n", "has the column 'id' 2 times"),
        ("id,nope\na,b\n", "has a column 'nope'"),
        ("id,quantity\na\n", "has not 2 cells"),
        ("id,quantity\na,b,c\n", "has not 2 cells"),
        ('id,quantity\n"a,b\n', "cut off or badly quoted"),
        ("id,note\nx/y@z," + "a" * 5_000 + "\n", "it has 5,000 characters, 4,000 fit"),
        ("id\n" + "x\n" * 40_000, "more problems like these"),
        ("id\n" + "x\n" * 60_000, "has 60,001 lines, more than 50,000"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "rows.csv"
    file.write_text(text, "utf-8")
    with pytest.raises(RequestError) as caught:
        read_table("claims", file)
    message = str(caught.value)
    assert says in message
    assert len(message) < 50_000


def test_every_register_can_be_extended_by_its_own_columns(
    store: Workspace, tmp_path: Path
) -> None:
    for register in REGISTERS:
        first = register.embedded()[0]
        mine = replace(first, id=f"{first.id.rpartition('@')[0]}@own", vintage="own",
                       source_url=first.source_url or "memo")  # fmt: skip
        write_tables(tmp_path, {register.name: [mine]})
        (read,) = read_table(register.name, tmp_path / f"{register.name}.csv")
        assert read == mine
        add(store, {register.name: [mine]}, title="Test", by="me", kind="facts", today=TODAY)
    with including_workspace(store):
        added = dict(facts.included().tables)
        assert {register.name for register in REGISTERS} == set(added)
        for rows in added.values():
            assert facts.get(rows[0].id) == rows[0]
        counts = record_status(TODAY).counts
        assert all(counts[register.name][1] == 1 for register in REGISTERS)
        assert facts.listed_entities()


def test_the_command_offers_every_table_but_those_of_acts() -> None:
    from xenotime.cli import facts_add

    assert set(facts_add._TABLES) == set(EXTENSIBLE) - {"measures", "control_items"}
