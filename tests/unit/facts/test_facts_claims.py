"""What the embedded figures must be: anchors read off the sources, and rules for all rows."""

from datetime import date

import pytest

from xenotime import facts
from xenotime.facts.taxonomy import RARE_EARTHS
from xenotime.facts.units import element_per_oxide

DATELESS = {"assumption", "gap"}


# Read by eye from the cited pages: id, middle, unit.
@pytest.mark.parametrize(
    ("key", "mid", "unit"),
    [
        ("mine_production/CHN/2024@mcs2026", 270000, "t REO"),
        ("mine_production/AUS/2024@mcs2026", 29000, "t REO"),
        ("mine_production/AUS/2024@mcs2025", 13000, "t REO"),
        ("mine_production/THA/2024@mcs2025", 13000, "t REO"),
        ("mine_production/THA/2024@mcs2026", 2100, "t REO"),
        ("mine_production/NGA/2024@mcs2026", 1500, "t REO"),
        ("mine_production/WLD/2025@mcs2026", 390000, "t REO"),
        ("ore_basket/bayan_obo/La@myb2022", 23.0, "percent of REO"),
        ("ore_basket/xinfeng/Dy@myb2022", 3.71, "percent of REO"),
        ("ore_basket/longnan/Y@myb2022", 64.9, "percent of REO"),
        ("ore_basket/mount_weld/Pr@myb2022", 5.16, "percent of REO"),
        ("magnet_element_mining/MMR/2024@iea2025", 12072, "t element"),
        ("magnet_element_refining/MYS/2024@iea2025", 3625, "t element"),
        ("magnet_element_demand/WLD/wind/Dy/2024@iea2025", 789, "t element"),
        ("oxide_output_monthly/CHN/NdPr/2024-06@smm2024", 7325, "t REO/month"),
        ("metal_output_monthly/CHN/NdPr/2024-06@smm2024", 5994, "t/month"),
        ("scrap_oxide_output/CHN/NdPr/2024@argus2025", 26504, "t REO"),
        ("oxide_trade/MYS/CHN/NdPr/2024@treo2025", 3261, "t REO"),
        ("rare_earth_imports/CHN/MYS/2024@comtrade2026", 16300, "t"),
        ("magnet_exports/WLD/2024@gac", 58152, "t"),
        ("magnet_exports/USA/2025-05@gac", 46.4, "t"),
        ("magnet_exports/EUU/2025-07@gac", 2140, "t"),
        ("element_exports/Tb/WLD/2025-10@gac", 12.2, "t"),
        ("rare_earth_exports/WLD/2025-06@gac", 7742, "t"),
        ("oxide_price/Dy/2024@mcs2026", 257, "USD/kg"),
        ("licence_review/WLD/statutory/2025-04-04@strategicmetalsinvest2025", 45, "working days"),
        ("prior/heavy_bearing_share/CHN/exports@analyst", 40, "percent"),
        ("magnet_output/CHN/RE_permanent_magnets/2023@metal2024", 240000, "t"),
        ("stock/USA/National_Defense_Stockpile/HREE/holdings/2025@mcs2026", 0, "t"),
        ("us_imports_by_code/USA/2846.10.0010/CHN/2021@myb2022", 334, "t"),
        ("us_imports_by_code_oxide/USA/all_compounds/WLD/2022@myb2022", 10700, "t REO"),
        (
            "us_trade_imports/USA/8505_magnets_and_electromagnets/CHN/2024@dataweb2026",
            486.915,
            "USD m",
        ),
        ("history_production/WLD/rare_earths/2020@ds140", 243000, "t REO"),
        ("history_apparent_consumption/USA/rare_earths/1900@ds140", 227, "t REO"),
        (
            "price_quote/CHN/Dy_oxide/China/spot_incl_VAT_assumed/2011-09-09@reuters2011",
            10500,
            "CNY/kg",
        ),
        ("price_paid/WLD/Dy/tier_1/2025@adamasintel2026", 224, "USD/kg"),
        ("macro_estimate/USA/gallium_stop/one_year@usgs2024", -3.1, "USD bn"),
        ("public_funding/USA/Serra_Verde_US_DFC_loan/2025-11@mcs2026", 465, "USD m"),
        ("assessment_loss/USA/Sm/2025@ofr2025", 4498, "USD m"),
        ("rare_earth_imports/CHN/MYS/2023@comtrade2026", 19100, "t"),
    ],
)
def test_anchors(key: str, mid: float, unit: str) -> None:
    claim = facts.get(key)
    assert isinstance(claim, facts.Claim)
    assert (claim.mid, claim.unit) == (mid, unit)


@pytest.mark.parametrize(
    ("element", "tonnes"), [("NdPr", 7325 * 12 - 26504), ("Dy", 214.75 * 12 - 710), ("Tb", 329.6)]
)
def test_chinese_primary_oxide_is_a_year_of_output_less_scrap(element: str, tonnes: float) -> None:
    claim = facts.get(f"primary_oxide_output/CHN/{element}/2024@derived")
    assert claim.mid == pytest.approx(tonnes)
    assert claim.low < claim.mid < claim.high
    inputs = [facts.get(part) for part in claim.formula.replace(" x 12", "").split(" - ")]
    assert claim.first_known == max(part.first_known for part in inputs)


def test_export_baselines_are_means_of_the_known_months() -> None:
    months = facts.observed_exports()
    for destination, count in (("WLD", 6), ("USA", 4)):
        known = [
            months["magnet", destination, f"2024-{month:02d}"].mid
            for month in range(6, 12)
            if ("magnet", destination, f"2024-{month:02d}") in months
        ]
        claim = facts.get(f"magnet_exports_baseline/{destination}/2024-06..2024-11@gac")
        assert len(known) == count
        assert claim.mid == pytest.approx(sum(known) / count)
        assert claim.kind == "derived"


def test_destinations_of_2024_add_up_to_less_than_the_world() -> None:
    parts = [
        facts.get(f"magnet_exports/{code}/2024@derived").mid
        for code in ("USA", "KOR", "VNM", "JPN", "IND", "EUU")
    ]
    assert sum(parts) < facts.get("magnet_exports/WLD/2024@gac").mid


def test_observed_exports_leave_out_what_is_contradicted_or_longer_than_a_month() -> None:
    observed = facts.observed_exports()
    assert observed["magnet", "JPN", "2025-12"].mid == 280
    assert {claim.kind for claim in observed.values()} == {"reported", "derived"}
    assert all(len(month) == 7 for _, _, month in observed)
    assert {product for product, _, _ in observed} >= {"magnet", "rare_earths", "Dy", "Tb"}
    assert {claim.unit for claim in observed.values()} == {"t"}


def test_no_month_after_2025_is_embedded() -> None:
    # Later months are what forecasts are scored on, prices too.
    assert max(c.period for c in facts.claims(tables=("price_quote",))) <= "2025-12-31"
    assert max(month for _, _, month in facts.observed_exports()) == "2025-12"


def test_a_zero_export_is_zero_and_an_unknown_one_is_absent() -> None:
    observed = facts.observed_exports()
    assert observed["Dy", "WLD", "2025-05"].mid == 0
    assert ("magnet", "DEU", "2025-05") not in observed
    assert facts.get("magnet_exports_change/DEU/2025-05@gac").mid == -70


def test_as_of_selects_the_vintage() -> None:
    known = {claim.id for claim in facts.claims(date(2025, 6, 30))}
    assert "mine_production/MMR/2024@mcs2025" in known
    assert "mine_production/MMR/2024@mcs2026" not in known
    assert "magnet_exports/WLD/2025-05@gac" in known
    assert "magnet_exports/WLD/2025-06@gac" not in known


def test_a_month_is_known_on_the_twentieth_of_the_next() -> None:
    before = facts.observed_exports(date(2025, 6, 19))
    after = facts.observed_exports(date(2025, 6, 20))
    assert ("magnet", "USA", "2025-05") not in before
    assert ("magnet", "USA", "2025-05") in after


def test_every_row_has_source_grade_licence_and_a_date() -> None:
    for claim in facts.claims():
        assert claim.source_title, claim.id
        assert claim.grade, claim.id
        assert claim.licence, claim.id
        assert claim.first_known or claim.kind in DATELESS, claim.id


def test_notes_are_short() -> None:
    remarks = ("date of source not printed", "read in a third-party copy")
    for claim in facts.claims():
        own = claim.note
        for remark in remarks:
            own = own.partition(remark)[0]
        words = own.split()
        assert len(words) <= 25, claim.id
        assert len(claim.formula.split()) <= 25, claim.id
        assert '"' not in claim.note, claim.id
    for measure in facts.measures():
        assert len(measure.note.split()) <= 25, measure.id
    for conflict in facts.conflicts():
        for text in (conflict.claim_a, conflict.claim_b, conflict.assessment):
            assert len(text.split()) <= 25, conflict.id


def test_copies_are_called_copies() -> None:
    repost = facts.get("rare_earth_exports/WLD/2025-07@gac")
    assert "third-party copy at a bare server number" in repost.note
    assert "third-party copy" in facts.get("magnet_element_mining/MMR/2024@iea2025").note
    assert "copy" not in facts.get("mine_production/MMR/2024@mcs2026").note
    for claim in facts.claims():
        if claim.grade in {"A", "B"} and "repost" in claim.source_title:
            assert "copy" in claim.note, claim.id


def test_analyst_priors_are_marked_and_stand_in_their_own_table() -> None:
    assumed = [claim for claim in facts.claims() if claim.kind == "assumption"]
    assert {claim.quantity for claim in assumed} == {"prior"}
    assert all(claim.low < claim.mid < claim.high for claim in assumed)


def test_gaps_are_blank_and_say_what_was_looked_for() -> None:
    gaps = [claim for claim in facts.claims() if claim.kind == "gap"]
    assert any("oxide_consumption/WLD/Gd" in claim.id for claim in gaps)
    for claim in gaps:
        assert (claim.low, claim.mid, claim.high) == (None, None, None)
        assert claim.note


def test_ids_are_unique_and_sorted() -> None:
    ids = [claim.id for claim in facts.claims()]
    assert ids == sorted(set(ids))


def test_ore_baskets_are_whole_analyses() -> None:
    baskets: dict[str, float] = {}
    for claim in facts.claims():
        if claim.quantity == "ore_basket":
            deposit, element = claim.segments
            assert element in RARE_EARTHS
            baskets[deposit] = baskets.get(deposit, 0.0) + (claim.mid or 0.0)
    assert len(baskets) == 13
    # Published analyses are rounded: they sum to 100 within a few per cent.
    assert all(95 < total < 105 for total in baskets.values()), baskets


def test_world_mine_output_is_about_the_sum_of_countries() -> None:
    for vintage, year in (("mcs2026", "2024"), ("mcs2026", "2025"), ("mcs2025", "2024")):
        parts = {
            claim.country: claim.mid
            for claim in facts.claims()
            if claim.quantity == "mine_production"
            and claim.vintage == vintage
            and claim.period == year
        }
        world = parts.pop("WLD")
        assert sum(parts.values()) == pytest.approx(world, rel=0.03)


def test_chinese_dysprosium_per_magnet_agrees_with_the_derived_content() -> None:
    oxide = facts.get("oxide_output_monthly/CHN/Dy/2024-05..2024-06@smm2024").mid * 12
    blanks = facts.get("magnet_output_forecast/CHN/RE_permanent_magnets/2024@metal2024").mid
    content = oxide * element_per_oxide("Dy") / blanks * 100
    assert facts.get("heavy_content/CHN/Dy/2024@smm2024").mid == pytest.approx(content, abs=0.01)


def test_two_kinds_of_one_tenth_of_a_per_cent_are_not_confused() -> None:
    floor = facts.get("value_de_minimis/CHN/announcement_61/2025-12-01@weiqikids2025")
    assert (floor.mid, floor.unit) == (0.1, "percent")
    assert "value" in floor.note
    content = facts.search("heavy content threshold")
    assert [claim.unit for claim in content if claim.quantity == "scope_rule"] == ["qualitative"]


def test_headings_of_american_trade_add_up_over_partners() -> None:
    for flow in ("imports", "exports"):
        table = facts.claims(tables=(f"us_trade_{flow}",))
        for heading in ("2846_rare_earth_compounds", "8505_magnets_and_electromagnets"):
            rows = [c for c in table if c.segments[1] == heading and c.period == "2024"]
            whole = next(c.mid for c in rows if not c.partner)
            parts = sum(c.mid for c in rows if c.partner)
            # Partners below 50,000 dollars are left out one by one.
            assert parts == pytest.approx(whole, abs=0.05 * 18)


def test_imports_by_code_add_up_to_their_group() -> None:
    rows = {c.id: c.mid for c in facts.claims(tables=("us_imports_by_code_oxide",))}
    stem = "us_imports_by_code_oxide/USA"
    cerium = [rows[f"{stem}/{code}/WLD/2022@myb2022"] for code in ("2846.10.0010", "2846.10.0050")]
    assert sum(cerium) == pytest.approx(
        rows[f"{stem}/all_cerium_compounds/WLD/2022@myb2022"], rel=0.01
    )
    groups = ("all_cerium_compounds", "all_other_compounds")
    assert sum(rows[f"{stem}/{group}/WLD/2022@myb2022"] for group in groups) == pytest.approx(
        rows[f"{stem}/all_compounds/WLD/2022@myb2022"], rel=0.01
    )


def test_approval_rates_stand_beside_their_population() -> None:
    rates = [claim for claim in facts.claims() if claim.quantity == "licence_approval_rate"]
    assert {(claim.partner, claim.mid) for claim in rates} == {
        ("EUU", 25.0),
        ("EUU", 60.0),
        ("USA", 2.8),
    }
    assert {claim.industry for claim in rates if claim.partner == "USA"} == {"defence"}


def test_no_daily_vendor_series_is_embedded() -> None:
    assert not [claim for claim in facts.claims() if "KOMIS" in claim.source_title]
