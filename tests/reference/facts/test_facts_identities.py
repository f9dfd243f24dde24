"""Published statistics against their own parts: what the Geological Survey's definitions demand."""

from collections import Counter
from pathlib import Path

import pytest

from xenotime.facts import RequestError
from xenotime.facts.identities import (
    EXCEPTION_COLUMNS,
    REASONS,
    Identity,
    half_digit,
    identities,
    identity_exceptions,
    read_identity_exceptions,
)

FOUND = {identity.id: identity for identity in identities()}


def count(kind: str, status: str) -> int:
    return sum(found.kind == kind and found.status == status for found in FOUND.values())


def test_every_difference_is_listed_with_a_reason_and_nothing_else_is() -> None:
    differing = {key for key, found in FOUND.items() if found.status == "differs"}
    listed = identity_exceptions()
    assert differing - set(listed) == set(), "new exceptions"
    assert set(listed) - differing == set(), "exceptions that are none any more"
    assert {exception.reason for exception in listed.values()} <= set(REASONS)
    assert all(exception.note for exception in listed.values())


@pytest.mark.parametrize(
    ("kind", "least"),
    [
        ("world_total", 140),
        ("import_shares", 165),
        ("apparent_consumption", 245),
        ("net_import_reliance", 265),
    ],
)
def test_most_identities_can_be_recomputed_and_agree(kind: str, least: int) -> None:
    assert count(kind, "agrees") >= least
    assert count(kind, "agrees") > 7 * count(kind, "differs")


def test_a_balance_by_hand() -> None:
    # Rare earths 2024: 4,300 + 8,120 + 238 + 96 - 902 - 347. Exports of compounds count too, but
    # are printed together with ores.
    found = FOUND["apparent_consumption/us_apparent_consumption/USA/rare_earths/2024"]
    low, high = found.recomputed
    assert (low + high) / 2 == pytest.approx(4300 + 8120 + 238 + 96 - 902 - 347)
    assert found.printed == (9005.0, 9015.0)
    assert identity_exceptions()[found.id].reason == "definition"


def test_a_hidden_part_leaves_an_identity_open_and_says_why() -> None:
    waiting = [found for found in FOUND.values() if found.status == "open"]
    assert waiting
    assert all(found.reason for found in waiting)
    assert count("world_total", "open") > 50


def test_a_figure_stands_for_half_its_last_digit() -> None:
    assert [half_digit(x) for x in (67000.0, 830000.0, 46.4, 0.53, 7.0)] == [
        *(500.0, 5000.0, 0.05),
        *(0.005, 0.5),
    ]


def test_printed_and_recomputed_meet_exactly_where_the_status_says_so() -> None:
    def meets(found: Identity) -> bool:
        slack = 1e-6 * max(1.0, abs(found.printed[0]))
        low, high = found.recomputed
        return low <= found.printed[1] + slack and found.printed[0] <= high + slack

    for found in FOUND.values():
        if found.status != "open":
            assert meets(found) == (found.status == "agrees"), found.id


def test_kinds_are_the_four_that_the_page_names() -> None:
    kinds = Counter(found.kind for found in FOUND.values())
    page = Path(__file__).parents[3] / "docs" / "reference" / "facts.md"
    text = page.read_text(encoding="utf-8")
    assert all(f"`{kind}`" in text for kind in kinds)
    assert all(f"`{reason}`" in text for reason in REASONS)


def test_a_damaged_list_of_exceptions_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "identity_exceptions.csv"
    path.write_text(",".join(EXCEPTION_COLUMNS) + "\nx/y,because,\n", encoding="utf-8")
    with pytest.raises(RequestError, match="reason is 'because'"):
        read_identity_exceptions(path)
