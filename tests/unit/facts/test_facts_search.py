from datetime import date

import pytest

from xenotime import facts
from xenotime.facts import RequestError
from xenotime.facts.registers import REGISTERS


def test_get_finds_every_kind_of_record() -> None:
    ids = {
        facts.Claim: "magnet_exports/USA/2025-05@gac",
        facts.Measure: "M023",
        facts.ControlItem: facts.control_items()[0].id,
        facts.Stoppage: facts.stoppages()[0].id,
        facts.Conflict: facts.conflicts()[0].id,
        facts.Parameter: next(iter(facts.parameters().values())).id,
        facts.Prior: "prior/metal_source/DEU/CHN",
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
    found = facts.search("", product="Dy")
    quantities = {fact.quantity for fact in found if isinstance(fact, facts.Claim)}
    assert {"ore_basket", "oxide_price", "element_exports", "primary_oxide_output"} <= quantities
    others = {fact.id for fact in found if not isinstance(fact, facts.Claim)}
    assert {"M023", "control_item/2025-18/Dy/01@2025", "prior/material_use/ceramic/Dy"} <= others
    oxides = [f for f in facts.search("", product="oxide:Dy") if isinstance(f, facts.Claim)]
    assert {claim.product for claim in oxides} == {"oxide:Dy"}


def test_better_grades_and_later_periods_come_first() -> None:
    grades = [claim.grade for claim in facts.search("world share CHN mining")]
    assert grades == sorted(grades)
    official = [
        claim.period for claim in facts.search("world share CHN mining") if claim.grade == "A"
    ]
    assert official == sorted(official, reverse=True)


def test_words_in_the_id_count_more_than_words_in_a_note() -> None:
    found = ["scrap" in facts.brief(fact).id for fact in facts.search("scrap", table="claims")]
    assert found == sorted(found, reverse=True)
    assert len(set(found)) == 2


def test_limit_and_as_of() -> None:
    assert len(facts.search("magnet exports", limit=3)) == 3
    early = facts.search("magnet exports", as_of=date(2025, 1, 1))
    assert early
    known = [facts.brief(fact).first_known for fact in early]
    assert all(day is None or day <= date(2025, 1, 1) for day in known)
    assert len(early) < len(facts.search("magnet exports"))


@pytest.mark.parametrize(
    ("text", "table", "count"),
    [
        ("parameter", "parameters", len(facts.parameters())),
        ("stoppage", "stoppages", len(facts.stoppages())),
        ("conflict", "conflicts", len(facts.conflicts())),
        ("control_item", "control_items", len(facts.control_items())),
        ("prior/metal_source", "priors", 19),
        ("M028", "measures", 1),
        ("Announcement", "measures", 20),
    ],
)
def test_documented_searches_find_their_table(text: str, table: str, count: int) -> None:
    found = [facts.brief(fact) for fact in facts.search(text)]
    assert sum(line.table == table for line in found) >= count
    if text != "Announcement":
        assert found[0].table == table


def test_an_act_is_found_by_its_name_before_what_mentions_it() -> None:
    assert facts.search("Announcement 18/2025")[0].id == "M023"
    assert facts.search("M028")[0].id == "M028"


def test_a_parameter_answers_to_its_bare_name() -> None:
    assert facts.get("hold_share") is facts.parameters()["hold_share"]
    with pytest.raises(RequestError, match="hold_share"):
        facts.get("hold_shar")


def test_records_without_a_field_pass_only_without_its_filter() -> None:
    def tables(**filters: object) -> set[str]:
        return {facts.brief(fact).table for fact in facts.search("", **filters)}

    registers = {register.name for register in REGISTERS}
    assert tables() == registers | {
        *("claims", "measures", "control_items", "stoppages"),
        *("conflicts", "parameters", "priors"),
    }
    assert tables(country="USA") == registers - {"scope_rules"} | {
        *("claims", "measures", "stoppages", "priors"),
    }
    assert tables(product="Dy") == {
        *("claims", "measures", "control_items", "priors"),
        *("trade_codes", "critical_minerals"),
    }
    assert tables(as_of=date(2026, 8, 2)) == tables() - {"parameters", "priors"}


def test_measures_are_found_by_actor_and_target() -> None:
    for code in ("CHN", "USA"):
        found = [f for f in facts.search("", country=code) if isinstance(f, facts.Measure)]
        assert found
        assert all(code in {*measure.actor.split(";"), *measure.targets} for measure in found)


def test_a_brief_says_what_a_line_needs() -> None:
    stop = next(stop for stop in facts.stoppages() if stop.duration_days is not None)
    assert facts.brief(stop).mid == stop.duration_days
    assert facts.brief(stop).unit == "days"
    claim = facts.brief(facts.get("mine_production/MMR/2024@mcs2026"))
    assert (claim.mid, claim.unit, claim.grade) == (27000, "t REO", "A")
    prior = facts.brief(facts.get("prior/metal_source/DEU/CHN"))
    assert (prior.grade, prior.first_known) == ("prior", None)
    assert facts.brief(facts.get("M023")).unit == ""


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


def test_filters_confine_to_a_table_and_a_grade() -> None:
    mines = facts.search("", table="mine_production", grade="A")
    assert mines
    assert {fact.quantity for fact in mines if isinstance(fact, facts.Claim)} == {"mine_production"}
    for name in ("claims", "measures", "trade_codes"):
        assert {facts.brief(fact).table for fact in facts.search("", table=name)} == {name}
    assert {facts.brief(fact).grade for fact in facts.search("magnet", grade="D")} == {"D"}


def test_an_unknown_table_and_grade_are_refused_together() -> None:
    with pytest.raises(RequestError) as caught:
        facts.search("magnet", table="mine_productoin", grade="E", limit=0)
    assert len(caught.value.problems) == 3
    assert "did you mean mine_production" in str(caught.value)


def test_figures_come_before_gaps_and_the_world_before_single_countries() -> None:
    found = facts.search("gallium 2024", table="mineral_production")
    assert found[0].id == "mineral_production/WLD/gallium/2024@mcs2026"
    kinds = [fact.kind == "gap" for fact in facts.search("yttrium", table="us_production")]
    assert kinds == sorted(kinds)


def test_an_element_is_found_by_its_english_name() -> None:
    found = facts.search("dysprosium oxide_price 2024")
    assert found[0].id == "oxide_price/Dy/2024@mcs2026"


def test_a_day_picks_the_vintage_of_an_id_without_one() -> None:
    stem = "mine_production/THA/2024"
    assert facts.get(stem, as_of=date(2025, 12, 31)).id == f"{stem}@mcs2025"
    assert facts.get(stem, as_of=date(2026, 3, 1)).id == f"{stem}@mcs2026"
    with pytest.raises(RequestError, match="no vintage that was known on 2024-12-31"):
        facts.get(stem, as_of=date(2024, 12, 31))
    with pytest.raises(RequestError, match="became known on 2026-02-06"):
        facts.get(f"{stem}@mcs2026", as_of=date(2025, 12, 31))
    assert facts.get("M023", as_of=date(2025, 4, 4)).id == "M023"
    assert facts.get("hold_share", as_of=date(2025, 1, 1)).id == "parameter/hold_share@v1"
