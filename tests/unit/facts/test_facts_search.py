from datetime import date

import pytest

from xenotime import facts
from xenotime.facts import RequestError


def test_get_finds_every_kind_of_record() -> None:
    ids = {
        facts.Claim: "magnet_exports/USA/2025-05@gac",
        facts.Measure: "M023",
        facts.ControlItem: facts.control_items()[0].id,
        facts.Stoppage: facts.stoppages()[0].id,
        facts.Conflict: facts.conflicts()[0].id,
        facts.Parameter: next(iter(facts.parameters().values())).id,
    }
    for kind, key in ids.items():
        found = facts.get(key)
        assert isinstance(found, kind)
        assert found.id == key


def test_an_id_without_or_with_another_vintage_names_the_vintages() -> None:
    for key in ("mine_production/MMR/2024", "mine_production/MMR/2024@mcs2030"):
        with pytest.raises(RequestError) as caught:
            facts.get(key)
        assert "mine_production/MMR/2024@mcs2025, mine_production/MMR/2024@mcs2026" in str(
            caught.value
        )


def test_a_misspelt_id_names_near_matches() -> None:
    with pytest.raises(RequestError, match=r"did you mean .*magnet_exports/USA/2025-05@gac"):
        facts.get("magnet_export/USA/2025-05@gac")


def test_a_hopeless_id_says_how_to_search() -> None:
    with pytest.raises(RequestError, match="facts search"):
        facts.get("???")


def test_every_word_must_occur() -> None:
    found = facts.search("mine production USGS 2024")
    assert found
    assert all("2024" in f"{claim.id} {claim.note} {claim.source_title}" for claim in found)
    assert found[0].quantity == "mine_production"
    assert facts.search("mine production USGS 2024 zzz") == []


def test_words_match_whatever_their_case_and_underscores() -> None:
    assert facts.search("MINE_PRODUCTION 2024") == facts.search("mine production 2024")


def test_countries_are_found_by_name_or_code_as_either_party() -> None:
    assert facts.search("mine production", country="Burma") == facts.search(
        "mine production", country="MMR"
    )
    exports = facts.search("magnet exports 2025-05", country="US")
    assert exports[0].id == "magnet_exports/USA/2025-05@gac"
    assert all("USA" in {claim.country, claim.partner} for claim in exports)
    assert facts.search("myanmar mine production")[0].country == "MMR"


def test_an_element_finds_its_oxide_metal_and_share_of_ore() -> None:
    quantities = {claim.quantity for claim in facts.search("", product="Dy")}
    assert {"ore_basket", "oxide_price", "element_exports", "primary_oxide_output"} <= quantities
    assert {claim.product for claim in facts.search("", product="oxide:Dy")} == {"oxide:Dy"}


def test_better_grades_and_later_periods_come_first() -> None:
    grades = [claim.grade for claim in facts.search("world share CHN mining")]
    assert grades == sorted(grades)
    official = [
        claim.period for claim in facts.search("world share CHN mining") if claim.grade == "A"
    ]
    assert official == sorted(official, reverse=True)


def test_words_in_the_id_count_more_than_words_in_a_note() -> None:
    found = ["scrap" in claim.id for claim in facts.search("scrap")]
    assert found == sorted(found, reverse=True)
    assert len(set(found)) == 2


def test_limit_and_as_of() -> None:
    assert len(facts.search("magnet exports", limit=3)) == 3
    early = facts.search("magnet exports", as_of=date(2025, 1, 1))
    assert early
    assert all(claim.known_at(date(2025, 1, 1)) for claim in early)
    assert len(early) < len(facts.search("magnet exports"))


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_below_one_is_refused(limit: int) -> None:
    with pytest.raises(RequestError, match=f"limit is {limit}"):
        facts.search("magnet", limit=limit)


def test_an_unknown_country_is_refused() -> None:
    with pytest.raises(RequestError, match="'Atlantis' is unknown"):
        facts.search("magnet", country="Atlantis")


def test_hidden_by_counts_claims_and_measures() -> None:
    day = date(2025, 4, 3)
    hidden = [r for r in (*facts.claims(), *facts.measures()) if not r.known_at(day)]
    assert facts.hidden_by(day) == len(hidden) > 0
    assert facts.hidden_by(None) == 0
