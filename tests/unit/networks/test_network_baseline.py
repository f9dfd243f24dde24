from __future__ import annotations

from datetime import date

import pytest

from xenotime.facts import Claim, RequestError, brief, get
from xenotime.facts.taxonomy import NETWORK_COUNTRIES
from xenotime.networks import build_baseline, member_network, validate
from xenotime.networks.chain.holdout import hold_out
from xenotime.networks.chain.report import EXCLUDED
from xenotime.networks.structure import SOURCE_ROLES


def country(series):
    return series.str.rpartition("@")[2]


def exports_of_china(network, *kinds):
    links = network.links
    kind = links["product"].str.partition(":")[0]
    origin, target = country(links["supplier"]), country(links["buyer"])
    chosen = links[(origin == "CHN") & (target != "CHN") & kind.isin(kinds)]
    return chosen.groupby(country(chosen["buyer"]))["base_flow_t_per_year"].sum()


def test_the_acceptance_numbers_hold(baseline):
    network, report = baseline
    assert validate(network) == []
    assert report.hard_violation < 1e-9
    assert report.within_one_sigma >= 0.80
    assert report.unexplained == ()
    assert len(network.producers) < 250
    assert len(network.links) < 1500


def test_balances_hold_to_round_off(baseline):
    network = baseline.network
    activity = network.producers.set_index("process")["base_activity_t_per_year"]
    flows = network.links.groupby(["buyer", "product"])["base_flow_t_per_year"].sum()
    inputs = network.recipes[network.recipes["role"] == "input"]
    for process, product, coefficient in zip(
        inputs["process"], inputs["product"], inputs["coefficient"], strict=True
    ):
        assert coefficient * activity[process] == pytest.approx(flows[process, product], rel=1e-12)


def test_every_country_has_a_cited_flow(baseline):
    basis = baseline.network.flow_basis
    cited = basis[basis["sources"].str.contains("@")]
    reached = set(country(cited["supplier"])) | set(country(cited["buyer"]))
    assert reached == set(NETWORK_COUNTRIES)


def test_every_cited_source_of_a_flow_exists(baseline):
    ids = {
        source
        for sources in baseline.network.flow_basis["sources"]
        for source in sources.split(";")
        if "@" in source
    }
    assert len(ids) > 40
    for source in ids:
        assert get(source).id == source


def test_everything_that_the_baseline_rests_on_can_be_looked_up(baseline):
    sources = baseline.network.sources
    assert set(sources["role"]) == set(SOURCE_ROLES)
    for key, grade in zip(sources["id"], sources["grade"], strict=True):
        assert get(key).id == key
        assert brief(get(key)).grade == grade
    assert not sources["id"].str.contains("prior/cover").any()


def test_no_column_of_sources_names_what_is_no_id(baseline):
    network = baseline.network
    cells = [*network.estimates["source"], *network.flow_basis["sources"]]
    named = {part for cell in cells for part in cell.split(";") if part}
    assert named <= set(network.sources["id"])
    spread = network.estimates[network.estimates["distribution"] == "empirical"]
    assert len(spread)
    assert set(spread["source"]) == {""}


@pytest.mark.parametrize(
    ("key", "role"),
    [
        ("mine_production/CHN/2024@mcs2026", "figure"),
        ("mine_production/CHN/2024@mcs2026", "driver"),
        ("magnet_output/CHN/NdFeB_sintered_blanks/2020@bilibili2021", "figure"),
        ("vehicle_output/DEU/2021@worldpopulationreview2022", "driver"),
        ("prior/metal_source/DEU/CHN", "driver"),
        ("prior/recipe/NdFeB-heavy/Dy", "law"),
        ("ore_basket/bayan_obo/Nd@myb2022", "basket"),
        ("transit/CHN/EUU/sea@geesecargo2025", "transit"),
        ("parameter/cover_wind@v1", "cover"),
    ],
)
def test_figures_are_listed_with_their_use(baseline, key, role):
    sources = baseline.network.sources
    body = key.partition("@")[0]
    found = sources[sources["id"].str.partition("@")[0] == body]
    assert role in set(found["role"]), sorted(sources["id"])


def test_a_prior_is_not_listed_where_a_cited_figure_takes_its_place(baseline):
    listed = set(baseline.network.sources["id"])
    assert "prior/mine_output/ion_clay_ROW" in listed
    assert "prior/mine_output/monazite_AUS" not in listed
    assert "prior/magnet_exports/WLD" not in listed
    assert "vehicle_output/CHN/2021" not in {key.partition("@")[0] for key in listed}


def test_what_was_not_known_is_not_listed():
    day = date(2025, 4, 3)
    network = build_baseline(day, members=1).network
    baskets = network.sources["role"] == "basket"  # analyses are physics, not news
    for key in network.sources["id"][~baskets]:
        fact = get(key)
        assert not isinstance(fact, Claim) or fact.known_at(day), key


def test_magnet_use_is_never_called_observed(baseline):
    basis = baseline.network.flow_basis
    magnets = basis[basis["product"].str.startswith("magnet:")]
    assert set(magnets["basis"]) == {"allocated"}
    assert (magnets["high"] > magnets["low"]).all()


def test_ores_with_one_known_tonnage_are_observed(baseline):
    basis = baseline.network.flow_basis
    observed = basis[basis["basis"] == "observed"]
    assert "mine:monazite@AUS" in set(observed["supplier"])
    assert observed["product"].str.partition(":")[0].isin({"ore", "oxide"}).all()


@pytest.mark.parametrize(
    ("target", "tonnes", "tolerance"),
    [("USA", 7444, 0.02), ("DEU", 12085, 0.08), ("KOR", 5554, 0.05), ("VNM", 4625, 0.05)],
)
def test_chinese_magnet_exports_meet_customs(baseline, target, tonnes, tolerance):
    assert exports_of_china(baseline.network, "magnet")[target] == pytest.approx(
        tonnes, rel=tolerance
    )


def test_chinese_totals_meet_customs(baseline):
    network = baseline.network
    assert exports_of_china(network, "magnet").sum() == pytest.approx(58152, rel=0.02)
    assert exports_of_china(network, "oxide", "metal").sum() == pytest.approx(55431, rel=0.02)


def test_what_no_source_says_stays_within_what_is_plausible(baseline):
    links = baseline.network.links
    magnets = links[links["product"].str.startswith("magnet:")]
    abroad = magnets[country(magnets["buyer"]) != "CHN"]
    use = abroad.groupby(abroad["buyer"].str.split("[:@]").str[1])["base_flow_t_per_year"].sum()
    assert 0.25 <= use["light_vehicles"] / use.sum() <= 0.35
    assert use["defence"] / use.sum() < 0.02
    smco = magnets[magnets["product"] == "magnet:SmCo"]
    assert 1500 < smco[country(smco["supplier"]) == "CHN"]["base_flow_t_per_year"].sum() < 3500
    exported = magnets[
        (country(magnets["supplier"]) == "CHN") & (country(magnets["buyer"]) != "CHN")
    ]
    heavy = exported[exported["product"] == "magnet:NdFeB-heavy"]["base_flow_t_per_year"].sum()
    assert 0.25 <= heavy / exported["base_flow_t_per_year"].sum() <= 0.60


def test_heavy_recipes_lie_in_their_bounds(baseline):
    contents = baseline.network.contents
    heavy = contents[contents["product"] == "magnet:NdFeB-heavy"]
    share = heavy.groupby("element")["share"]
    assert share.min()["Dy"] >= 0.008 - 1e-9
    assert share.max()["Dy"] <= 0.025 + 1e-9
    assert share.min()["Tb"] >= 0.001 - 1e-9
    assert share.max()["Tb"] <= 0.005 + 1e-9


def test_only_china_makes_heavy_oxides(baseline):
    links = baseline.network.links
    heavy = links[links["product"].isin({"oxide:Dy", "oxide:Tb"})]
    assert set(country(heavy["supplier"])) == {"CHN"}


def test_excluded_figures_exist_and_are_not_used(baseline):
    used = {
        source.rpartition("@")[0]
        for sources in baseline.report.facts["sources"]
        for source in sources.split(";")
    }
    for body, reason in EXCLUDED.items():
        assert reason
        assert body not in used


def test_members_are_sound_networks(baseline):
    members = sorted(set(baseline.network.ensemble["member"]))
    for member in members:
        other = member_network(baseline.network, member)
        assert validate(other) == []
    assert member_network(baseline.network, 0).recipes["coefficient"].to_numpy() == pytest.approx(
        baseline.network.recipes["coefficient"].to_numpy(), rel=1e-9
    )


def test_an_unknown_member_is_a_request_error(baseline):
    with pytest.raises(RequestError, match="member 99"):
        member_network(baseline.network, 99)


def test_as_of_uses_the_vintage_of_the_day_and_says_what_is_hidden():
    network, report = build_baseline(date(2025, 4, 3), members=1)
    assert validate(network) == []
    facts = report.facts.set_index("fact")
    assert facts.loc["mine output AUS", "sources"] == "mine_production/AUS/2024@mcs2025"
    assert facts.loc["mine output AUS", "given"] == 13000
    assert any("magnet_element_refining" in name for name in report.hidden)


def test_a_day_before_any_figure_of_the_base_year_is_refused():
    with pytest.raises(RequestError, match="2010-01-01"):
        build_baseline(date(2010, 1, 1), members=1)


def test_wrong_requests_are_listed_together():
    with pytest.raises(RequestError) as caught:
        build_baseline(members=0, countries=["CHN", "ATL"])
    text = str(caught.value)
    assert "members is 0" in text
    assert "'ATL'" in text
    assert "'USA' is missing" in text


def test_a_held_out_figure_is_hidden_from_start_and_fit_and_still_predicted():
    table = hold_out(facts=["magnet exports CHN to USA"], members=2)
    row = table.iloc[0]
    assert len(table) == 1
    assert row["given"] == 7444
    assert row["predicted"] != pytest.approx(row["given"], rel=0.01)
    assert row["covered"]
