import pytest

from xenotime.facts import RequestError
from xenotime.facts.taxonomy import (
    AGGREGATES,
    COUNTRY_ALIASES,
    ELEMENTS,
    INDUSTRIES,
    NETWORK_COUNTRIES,
    PRODUCTS,
    countries,
    country_name,
    element_of,
    iso3_of,
    region_of,
)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Burma", "MMR"),
        ("Myanmar", "MMR"),
        ("US", "USA"),
        ("United States", "USA"),
        ("united kingdom", "GBR"),
        ("South Korea", "KOR"),
        ("Rep. of Korea", "KOR"),
        ("Viet Nam", "VNM"),
        ("Lao People's Dem. Rep.", "LAO"),
        ("EU", "EUU"),
        ("WORLD", "WLD"),
        (" jpn ", "JPN"),
        ("Other", "ROW"),
    ],
)
def test_names_as_sources_write_them(name: str, code: str) -> None:
    assert iso3_of(name) == code


def test_unknown_country_names_near_matches() -> None:
    with pytest.raises(RequestError, match=r"'Germny' is unknown: did you mean germany"):
        iso3_of("Germny")


def test_the_european_union_has_27_members() -> None:
    members = {code for code, country in countries().items() if country.in_eu}
    assert len(members) == 27
    assert {"DEU", "FRA", "EST"} < members
    assert not {"GBR", "NOR", "CHE"} & members


def test_every_country_has_a_place_in_the_network() -> None:
    assert {region_of(code) for code in countries()} == set(NETWORK_COUNTRIES)
    assert {code: region_of(code) for code in ("FRA", "PRT", "GBR", "NOR", "MMR")} == {
        "FRA": "FRA",
        "PRT": "REU",
        "GBR": "GBR",
        "NOR": "ROW",
        "MMR": "MMR",
    }
    assert (region_of("REU"), region_of("ROW")) == ("REU", "ROW")


@pytest.mark.parametrize("code", ["WLD", "EUU"])
def test_aggregates_that_span_nodes_have_no_region(code: str) -> None:
    with pytest.raises(RequestError, match="spans several nodes"):
        region_of(code)


@pytest.mark.parametrize("function", [region_of, country_name])
def test_unknown_codes_are_refused(function) -> None:
    with pytest.raises(RequestError, match="'XXX' is unknown"):
        function("XXX")


def test_aliases_lead_to_known_codes() -> None:
    known = set(countries()) | set(AGGREGATES)
    assert set(COUNTRY_ALIASES.values()) <= known
    assert all(country_name(code) for code in NETWORK_COUNTRIES)


def test_element_of_a_product() -> None:
    assert element_of("oxide:Dy") == "Dy"
    assert element_of("metal:Nd") == "Nd"
    assert element_of("magnet:NdFeB-heavy") is None
    assert element_of("rare_earths") is None


def test_lists_have_no_double_entries() -> None:
    for names in (ELEMENTS, NETWORK_COUNTRIES, INDUSTRIES, PRODUCTS):
        assert len(set(names)) == len(names)
