from __future__ import annotations

from datetime import date

import pytest

from xenotime.facts import parameters
from xenotime.networks.chain.figures import Figures, normal
from xenotime.networks.chain.logistics import LEAST_COVER, cover_days, transit_days


def test_the_newest_vintage_known_on_the_day_is_used():
    body = "mine_production/AUS/2024"
    assert Figures().claim(body).mid == 29000
    assert Figures(date(2025, 6, 1)).claim(body).mid == 13000
    assert Figures(date(2024, 6, 1)).claim(body) is None


def test_gaps_and_figures_not_to_be_calibrated_on_are_never_used():
    assert Figures().claim("magnet_output/CHN/NdFeB/2023") is None  # grade D


def test_a_range_without_a_middle_has_its_centre_as_middle():
    figure = Figures().claim("import_dependence/EUU/CHN/NdPr_dependence/2024")
    assert (figure.low, figure.mid, figure.high) == (69, 71.5, 74)


def test_member_zero_has_middle_priors_and_others_stay_inside_their_interval():
    name = "prior/separation_recovery/WLD"
    assert Figures().middle(name) == 0.88
    drawn = [Figures(seed=7, member=member).middle(name) for member in range(1, 30)]
    assert len(set(drawn)) > 10
    assert all(0.80 <= value <= 0.95 for value in drawn)


def test_draws_depend_on_names_alone_and_pairs_mirror():
    assert normal(7, 1, "a", "b") == normal(7, 1, "a", "b") != normal(7, 1, "a", "c")
    assert normal(7, 1, "a") == -normal(7, 2, "a")
    assert normal(7, 1, "a") != normal(8, 1, "a")


def test_an_unknown_prior_is_a_defect():
    with pytest.raises(KeyError, match="prior/nothing"):
        Figures().prior("prior/nothing")


def test_what_is_read_is_noted_only_where_that_is_asked_for():
    figures = Figures()
    figures.claim("mine_production/MMR/2024")
    assert figures.uses == {}
    with figures.noting("driver"):
        figures.claim("mine_production/MMR/2024")
        with figures.noting("law"):
            figures.middle("prior/yield/metal")
        figures.middle("prior/separation_recovery/WLD")
        assert figures.claim("mine_production/ATL/2024") is None
        assert figures.has_prior("prior/yield/alloy")
    figures.middle("prior/yield/alloy")
    assert figures.uses == {
        ("mine_production/MMR/2024@mcs2026", "driver"): "A",
        ("prior/yield/metal", "law"): "prior",
        ("prior/separation_recovery/WLD@analyst", "driver"): "prior",
    }


def test_transit_from_china_is_cited_where_a_figure_exists():
    europe = transit_days("CHN", "DEU", Figures())
    assert europe.mid == 32
    assert europe.id == "transit/CHN/EUU/sea@geesecargo2025"
    america = transit_days("CHN", "USA", Figures())
    assert america.mid == 28  # mean of west (22) and east (35), whole days
    assert transit_days("CHN", "CHN", Figures()).mid < transit_days("CHN", "JPN", Figures()).mid
    assert transit_days("USA", "CHN", Figures()).mid == america.mid


def test_a_whole_buffer_is_stock_without_what_is_on_the_way():
    buffer = parameters()["cover_light_vehicles"]
    motor, magnet = "component:traction_motor@DEU", "magnet:NdFeB-heavy"
    near, far = (cover_days(motor, magnet, days) for days in (8.0, 32.0))
    assert (near.mid, far.mid) == (buffer.mid - 8, buffer.mid - 32)
    assert (far.grade, far.id) == ("prior", buffer.id)
    assert cover_days(motor, magnet, 1000.0).mid == LEAST_COVER


def test_makers_outside_china_hold_more_than_those_at_the_source():
    away, home = (
        cover_days(f"alloy:NdFeB-heavy@{country}", "metal:Dy", 8.0).mid
        for country in ("JPN", "CHN")
    )
    assert away > home


def test_every_holder_has_a_cover_of_its_own_kind():
    covers = {
        holder: cover_days(holder, product, 0.0).id.partition("@")[0].rpartition("/")[2]
        for holder, product in (
            ("magnet:SmCo@JPN", "blank:SmCo"),
            ("material:phosphor@JPN", "oxide:Eu"),
            ("industry:wind@DEU", "component:wind_generator"),
            ("industry:defence@USA", "magnet:SmCo"),
            ("separation:ion_clay_MMR@CHN", "ore:ion_clay_MMR"),
        )
    }
    assert covers == {
        "magnet:SmCo@JPN": "cover_finishing",
        "material:phosphor@JPN": "cover_materials",
        "industry:wind@DEU": "cover_industry_components",
        "industry:defence@USA": "cover_defence",
        "separation:ion_clay_MMR@CHN": "cover_plants",
    }
