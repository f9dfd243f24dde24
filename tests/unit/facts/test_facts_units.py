import pytest

from xenotime.facts import RequestError
from xenotime.facts.units import convert, element_per_oxide, oxide_per_element
from xenotime.facts.vocabulary import UNITS


# Factors as the field prints them (tonnes of element in a tonne of oxide).
@pytest.mark.parametrize(
    ("element", "factor"),
    [
        ("La", 0.8527),
        ("Ce", 0.8141),
        ("Pr", 0.8277),
        ("Nd", 0.8574),
        ("Sm", 0.8624),
        ("Gd", 0.8676),
        ("Tb", 0.8502),
        ("Dy", 0.8713),
        ("Y", 0.7874),
        ("Sc", 0.6520),
    ],
)
def test_oxide_factors(element: str, factor: float) -> None:
    assert element_per_oxide(element) == pytest.approx(factor, abs=5e-5)
    assert oxide_per_element(element) == pytest.approx(1 / factor, rel=1e-4)


@pytest.mark.parametrize("name", ["light_rest", "Fe", "NdPr", ""])
def test_mixtures_and_others_have_no_single_oxide(name: str) -> None:
    with pytest.raises(RequestError, match="no single oxide"):
        element_per_oxide(name)


@pytest.mark.parametrize(
    ("value", "unit", "target", "result"),
    [
        (2, "weeks", "days", 14),
        (12, "t/y", "t/month", 1),
        (1, "t/day", "t/y", 365),
        (300, "t REO/month", "t REO/y", 3600),
        (26037, "kg", "t", 26.037),
        (25, "percent", "ratio", 0.25),
        (1.02, "USD bn", "USD m", 1020),
        (60, "g/unit", "kg/unit", 0.06),
        (26.08, "million pieces", "pieces", 26.08e6),
    ],
)
def test_sizes_within_a_kind(value: float, unit: str, target: str, result: float) -> None:
    assert convert(value, unit, target) == pytest.approx(result)


def test_chinese_dysprosium_oxide_as_element() -> None:
    assert convert(2577, "t REO", "t element", element="Dy") == pytest.approx(2245.4, abs=0.1)


def test_a_plain_tonne_counts_as_what_its_product_is() -> None:
    assert convert(100, "t", "t element", product="oxide:Tb", element="Tb") == pytest.approx(
        85.02, abs=0.01
    )
    assert convert(100, "t", "t element", product="metal:Nd") == 100
    assert convert(100, "t magnet", "t", product="magnet:NdFeB-light") == 100


def test_a_mixed_oxide_needs_its_composition() -> None:
    didymium = {"Nd": 0.75, "Pr": 0.25}
    expected = 0.75 * element_per_oxide("Nd") + 0.25 * element_per_oxide("Pr")
    assert convert(1, "t REO", "t element", composition=didymium) == pytest.approx(expected)
    assert convert(1, "t REO", "t element", element="Pr", composition=didymium) == pytest.approx(
        0.25 * element_per_oxide("Pr")
    )


def test_magnets_convert_with_their_recipe_only() -> None:
    recipe = {"Nd": 0.24, "Pr": 0.06, "Dy": 0.02}
    assert convert(1000, "t magnet", "t element", composition=recipe) == pytest.approx(320)
    assert convert(
        1000, "t magnet", "t element", element="Dy", composition=recipe
    ) == pytest.approx(20)
    with pytest.raises(RequestError, match="no composition is given"):
        convert(1000, "t magnet", "t element", element="Dy")


@pytest.mark.parametrize(
    ("unit", "target", "message"),
    [
        ("t", "t REO", "different things"),
        ("t magnet", "t REO", "different things"),
        ("t blank", "t magnet", "different things"),
        ("months", "days", "different things"),
        ("working days", "days", "different things"),
        ("percent", "weight percent", "different things"),
        ("t", "t/y", "one is a rate"),
        ("t REO", "t element", "no element is named"),
    ],
)
def test_kinds_never_mix_silently(unit: str, target: str, message: str) -> None:
    with pytest.raises(RequestError, match=message):
        convert(1.0, unit, target)


def test_all_unknown_units_are_named_at_once() -> None:
    with pytest.raises(RequestError) as caught:
        convert(1.0, "tons", "tonnes")
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize(
    "composition", [{"Nd": 0.4}, {"Nd": 1.2}, {"Nd": -0.1, "Pr": 1.1}, {"Nd": 0.9, "Pr": 0.3}]
)
def test_wrong_compositions_are_refused(composition: dict[str, float]) -> None:
    with pytest.raises(RequestError, match="composition"):
        convert(1.0, "t REO", "t element", composition=composition)


def test_a_magnet_without_the_element_is_refused() -> None:
    with pytest.raises(RequestError, match="of Dy"):
        convert(1.0, "t element", "t magnet", element="Dy", composition={"Nd": 0.3})


def test_every_unit_of_mass_and_time_is_known_to_the_converter() -> None:
    for unit in UNITS:
        if unit.startswith("t") or unit in {"days", "weeks", "percent", "ratio"}:
            assert convert(1.0, unit, unit) == pytest.approx(1.0)
