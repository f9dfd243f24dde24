"""`xenotime network`, run as a person would."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from network_cases import small_network
from unit.cli.commands import xenotime
from xenotime.networks import read, write
from xenotime.runs.baseline import RECONCILIATION

_LINKS = small_network().links
_OXIDES = _LINKS[_LINKS["product"] != "ore:clay"]
_HEAVY = _OXIDES[_OXIDES["product"] == "oxide:Dy"].iloc[0]
DYSPROSIUM = " > ".join(_HEAVY[["supplier", "buyer", "product"]])
LIGHT = (set(_OXIDES["product"]) - {"oxide:Dy"}).pop()
JAPAN = next(buyer for buyer in _OXIDES["buyer"] if buyer.endswith("@JPN"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(small_network(), tmp_path_factory.mktemp("networks") / "small")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("workspaces") / "one"


def test_build_reconciles_once_and_says_how_good_it_is(workspace: Path, tmp_path: Path) -> None:
    words = ("network", "build", "--members", "1", "--workspace", str(workspace))
    first = xenotime(*words, "--json", "--out", str(tmp_path / "mine"))
    assert first.returncode == 0, first.stderr
    found = json.loads(first.stdout)["network"]
    assert found["sizes"]["members"] == 1
    assert found["sizes"]["links_above_1_t"] > 500
    assert {row["stage"] for row in found["observed"]} >= {"mine", "separation", "metal"}
    sigmas = [abs(fact["deviation_sigma"]) for fact in found["worst"]]
    assert sigmas == sorted(sigmas, reverse=True)
    again = xenotime(*words)
    assert "Reconciling" in first.stderr
    assert "Reconciling" not in again.stderr
    for part in ("producers", "mine", "sigmas", f"Reconciled in {found['seconds']:.1f} s"):
        assert part in again.stdout
    # the folder is a network of its own, and its report comes with it
    assert len(read(tmp_path / "mine").links) == found["sizes"]["links"]
    checked = xenotime("network", "check", str(tmp_path / "mine"), "--json")
    answer = json.loads(checked.stdout)
    assert checked.returncode == 0, checked.stderr
    assert {row["test"]: row["passed"] for row in answer["acceptance"]} == {
        "hard_violation": True,
        "within_one_sigma": True,
        "unexplained": True,
    }


def test_check_fails_when_a_number_is_not_met(folder: Path, tmp_path: Path) -> None:
    copy = write(read(folder), tmp_path / "moved")
    report = {
        "seconds": 1.0,
        "hard_violation": 1e-3,
        "within_one_sigma": 0.5,
        "unexplained": ["mine output CHN"],
        "hidden": [],
        "facts": [],
    }
    (copy / "reconciliation.json").write_text(json.dumps(report), encoding="utf-8")
    done = xenotime("network", "check", str(copy))
    assert done.returncode == 1
    assert "not met: hard_violation, within_one_sigma, unexplained" in done.stderr
    assert "mine output CHN" in done.stdout


def test_check_lists_everything_that_is_unsound(folder: Path, tmp_path: Path) -> None:
    copy = write(read(folder), tmp_path / "damaged")
    for name in ("links", "recipes"):
        path = copy / f"{name}.parquet"
        path.write_bytes(path.read_bytes()[:-7])
    done = xenotime("network", "check", str(copy))
    assert done.returncode == 2
    assert done.stdout == ""
    assert "links.parquet" in done.stderr
    assert "recipes.parquet" in done.stderr
    assert "Traceback" not in done.stderr


def test_show_answers_who_supplies_whom(folder: Path) -> None:
    shown = xenotime("network", "show", "separation:clay@CHN", "--network", str(folder), "--json")
    card = json.loads(shown.stdout)
    assert [row["supplier"] for row in card["receives"]] == ["mine:clay@CHN"]
    assert {row["product"] for row in card["ships"]} == {"oxide:Dy", LIGHT}
    link = json.loads(
        xenotime("network", "show", DYSPROSIUM, "--network", str(folder), "--json").stdout
    )["link"]
    assert (link["t_per_year"], link["low"], link["high"]) == (20.0, None, None)
    assert (link["basis"], link["sources"]) == ("allocated", ["prior/x"])


def test_a_producer_shows_its_largest_links_each_way(folder: Path) -> None:
    words = ("network", "show", "separation:clay@CHN", "--network", str(folder), "--limit", "1")
    card = json.loads(xenotime(*words, "--json").stdout)
    assert (len(card["receives"]), len(card["ships"])) == (1, 1)
    assert card["matches"] == {"receives": 1, "ships": 3}
    shown = xenotime(*words).stdout
    assert shown.count(" t a year  ") == 2
    assert "Receives (1 link)" in shown
    assert "the largest 1 of 3; see more with --limit 3" in shown


def test_other_minerals_that_are_left_out_are_named_with_the_reason(
    folder: Path, tmp_path: Path
) -> None:
    copy = write(read(folder), tmp_path / "then")
    report = {"seconds": 1.0, "hard_violation": 0.0, "within_one_sigma": 0.9, "unexplained": [],
              "facts": []}  # fmt: skip
    for hidden, says in (
        (["mineral_production/CHN/gallium/2024"], "1 figure of their output and trade was not"),
        ([], "which holds rare earths only"),
    ):
        (copy / RECONCILIATION).write_text(json.dumps({**report, "hidden": hidden}), "utf-8")
        shown = " ".join(xenotime("network", "show", "--network", str(copy)).stdout.split())
        assert f"Other minerals left out of this network{': ' if hidden else ', '}{says}" in shown
        assert "Ga, Ge, Sb, W" in shown


def test_filters_narrow_the_flows(folder: Path) -> None:
    words = ("network", "show", "--network", str(folder), "--json")
    abroad = json.loads(xenotime(*words, "--country", "JPN").stdout)
    assert [row["buyer"] for row in abroad["links"]] == [JAPAN]
    heavy = json.loads(xenotime(*words, "--element", "Dy", "--stage", "industry").stdout)
    assert [row["product"] for row in heavy["links"]] == ["oxide:Dy"]
    few = json.loads(xenotime(*words, "--product", LIGHT, "--limit", "1").stdout)
    assert (few["matches"], len(few["links"])) == (2, 1)


def test_indices_are_tables(folder: Path) -> None:
    words = ("network", "show", "--network", str(folder))
    table = json.loads(xenotime(*words, "--concentration", "--json").stdout)
    assert {row["hhi"] for row in table["concentration"]} == {10_000.0}
    assert table["products_without_contents"] == ["ore:clay", LIGHT]
    # Tonnes of an element and of a product are two tables, each with its own largest rows.
    few = json.loads(xenotime(*words, "--reliance", "--limit", "1", "--json").stdout)
    assert [(row["kind"], row["country"]) for row in few["reliance"]] == [
        ("element", "CHN"), ("product", "JPN"),
    ]  # fmt: skip
    both = xenotime(*words, "--reliance").stdout
    assert "t a year of the element" in both.partition("Products, in t a year of the product")[0]
    only = xenotime(*words, "--reliance", "--element", "Dy").stdout
    assert "Dy in oxide" in only
    assert "Products" not in only
    done = xenotime(*words, "--reliance", "--country", "JPN")
    assert "100 %" in done.stdout
    assert "2 products have no contents" in done.stderr


def test_intervals_need_members(folder: Path, tmp_path: Path) -> None:
    few = xenotime("network", "show", DYSPROSIUM, "--network", str(folder))
    assert "they need 8 members and this network has 1" in few.stderr
    assert "-" not in few.stdout.partition("(")[2].partition(")")[0]
    network = read(folder)
    members = [network.ensemble.assign(member=number) for number in range(8)]
    more = replace(network, ensemble=pd.concat(members, ignore_index=True))
    many = xenotime("network", "show", DYSPROSIUM, "--network", str(write(more, tmp_path / "n")))
    assert many.stderr == ""
    assert "(10-40, allocated)" in many.stdout


def test_names_are_checked_before_anything_is_reconciled(tmp_path: Path) -> None:
    for words, says in (
        (("--country", "ZZZ", "--stage", "xyz"), ("ISO3", "separation")),
        (("--product", "oxxide:Dy", "--element", "Xx"), ("FORM:NAME", "symbol")),
        (("metal:Dy",), ("metal:Dy@CHN",)),
        (("metal:Dy@QQQ",), ("ISO3",)),
        (("--year", "2011"), ("2010",)),
        (("--year", "2010", "--network", "x"), ("leave one out",)),
    ):
        done = xenotime("network", "show", *words, "--workspace", str(tmp_path / "w"))
        assert done.returncode == 2
        assert "Reconciling" not in done.stderr
        assert [part for part in says if part not in done.stderr] == []


def test_check_lists_the_figures_of_grade_a_that_moved(folder: Path, tmp_path: Path) -> None:
    rows = [
        {"fact": name, "grade": grade, "unit": "t", "given": 10.0, "fitted": 13.0,
         "deviation_sigma": sigma, "conflict": ""}
        for name, grade, sigma in (("far", "A", 2.5), ("near", "A", 0.4), ("loose", "B", 3.0))
    ]  # fmt: skip
    report = {"seconds": 1.0, "hard_violation": 0.0, "within_one_sigma": 0.9, "unexplained": [],
              "hidden": [], "facts": rows}  # fmt: skip
    for number, facts in enumerate((rows, rows[1:])):
        copy = write(read(folder), tmp_path / f"n{number}")
        (copy / RECONCILIATION).write_text(json.dumps({**report, "facts": facts}), "utf-8")
        told = xenotime("network", "check", str(copy)).stdout.partition("more than one sigma")[2]
        assert ("far" in told, "+2.5" in told, "none" in told) == (not number,) * 2 + (number == 1,)
        assert "near" not in told
        assert "loose" not in told


def test_every_problem_of_a_request_is_listed_at_once(folder: Path) -> None:
    done = xenotime(
        *("network", "show", "--network", str(folder), "--country", "JPM"),
        *("--product", "oxide:Dyy", "--stage", "separations"),
    )
    assert done.returncode == 2
    for part in ("3 problems", "JPN", "oxide:Dy", "separation"):
        assert part in done.stderr
    done = xenotime(
        *("network", "show", "x", "--concentration", "--reliance", "--limit", "0"),
        *("--as-of", "2025-13-01"),
    )
    assert done.returncode == 2
    assert "5 problems" in done.stderr  # the last: x is no producer


def test_an_unknown_producer_is_answered_with_near_ones(folder: Path) -> None:
    done = xenotime("network", "show", "separation:clay@CHM", "--network", str(folder))
    assert done.returncode == 2
    assert "separation:clay@CHN" in done.stderr


def test_export_makes_a_new_folder_or_nothing(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "map"
    words = ("network", "export", str(target), "--network", str(folder))
    assert xenotime(*words, "--format", "geojson").returncode == 0
    assert (target / "flows.geojson").is_file()
    again = xenotime(*words, "--format", "csv")
    assert again.returncode == 2
    assert "not empty" in again.stderr
    wrong = xenotime(
        "network", "export", str(tmp_path / "other"), "--format", "geojsn", "--as-of", "today"
    )
    assert wrong.returncode == 2
    assert "2 problems" in wrong.stderr
    assert "geojson" in wrong.stderr
    assert not (tmp_path / "other").exists()


def test_the_precedent_is_built_on_request(workspace: Path, tmp_path: Path) -> None:
    words = ("network", "build", "--members", "2", "--workspace", str(workspace))
    done = xenotime(*words, "--year", "2010", "--out", str(tmp_path / "then"), "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)["network"]
    assert found["sizes"]["members"] == 2
    assert len(found["worst"]) == 10
    checked = xenotime("network", "check", str(tmp_path / "then"))
    assert checked.returncode == 0, checked.stderr
    assert "than the share asks for" in xenotime(*words, "--year", "2010").stdout
    wrong = xenotime(*words, "--year", "2011")
    assert wrong.returncode == 2
    assert "2010" in wrong.stderr
