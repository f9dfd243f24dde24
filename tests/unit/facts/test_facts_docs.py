"""The reference page and the licence file keep up with the tables."""

import doctest
import re
from collections import defaultdict
from pathlib import Path

from xenotime import facts
from xenotime.facts.registers import REGISTERS
from xenotime.facts.vocabulary import LICENCES
from xenotime.networks.structure import SOURCE_ROLES

REPOSITORY = Path(__file__).parents[3]
LICENCE_FILE = (REPOSITORY / "DATA_LICENSES.md").read_text(encoding="utf-8")
REFERENCE = REPOSITORY / "docs" / "reference" / "facts.md"


def table_of_licence_file() -> dict[str, set[str]]:
    rows = re.findall(r"^\| `([a-z_0-9.]+)` \| (.+?) \|", LICENCE_FILE, flags=re.MULTILINE)
    return {name: set(re.findall(r"`([a-z0-9.-]+)`", classes)) for name, classes in rows}


def test_every_table_of_claims_is_named_with_its_licence_classes() -> None:
    used = defaultdict(set)
    for claim in facts.claims():
        used[claim.quantity].add(claim.licence)
    named = table_of_licence_file()
    assert {table: named.get(table) for table in used} == dict(used)


def test_every_file_in_the_data_folder_is_named_in_the_licence_file() -> None:
    rooms = (REPOSITORY / "src" / "xenotime").glob("*/data/**/*.csv")
    names = [str(file).rpartition("/data/")[2] for file in rooms]
    missing = [name for name in names if f"`{name}`" not in LICENCE_FILE]
    assert missing == []


def test_other_tables_use_the_classes_that_the_licence_file_gives_them() -> None:
    named = table_of_licence_file()
    assert {measure.licence for measure in facts.measures()} == named["measures.csv"]
    assert {item.licence for item in facts.control_items()} == named["control_items.csv"]
    assert {stop.licence for stop in facts.stoppages()} == named["stoppages.csv"]
    assert {conflict.licence for conflict in facts.conflicts()} == {"own"}
    for register in REGISTERS:
        used = {entry.licence for entry in register.embedded()}
        assert used == named[f"{register.name}.csv"], register.name
    # written for this project, so without a column for it
    assert named["parameters.csv"] == named["priors.csv"] == {"own"}


def test_every_prior_rests_on_judgement_or_names_a_source_in_words() -> None:
    assert all(
        prior.basis and not prior.basis.startswith("http") for prior in facts.priors().values()
    )


def test_reference_page_explains_every_use_of_a_figure() -> None:
    text = REFERENCE.read_text(encoding="utf-8")
    assert all(f"| `{role}` |" in text for role in SOURCE_ROLES)


def test_every_licence_class_is_explained() -> None:
    assert all(f"| `{name}` |" in LICENCE_FILE for name in LICENCES)


def test_reference_page_runs() -> None:
    results = doctest.testfile(str(REFERENCE), module_relative=False, encoding="utf-8")
    assert results.attempted > 5
    assert results.failed == 0


def test_reference_page_names_every_public_function_and_column() -> None:
    text = REFERENCE.read_text(encoding="utf-8")
    functions = [name for name in facts.__all__ if name[0].islower()]
    columns = facts.Claim.__slots__
    missing = [name for name in (*functions, *columns) if f"`{name}" not in text]
    assert missing == []
