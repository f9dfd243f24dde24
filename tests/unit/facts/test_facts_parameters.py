import pytest

from xenotime import facts


def test_parameters_are_keyed_by_name() -> None:
    assert all(name == parameter.name for name, parameter in facts.parameters().items())


def test_licences_of_2025_lasted_half_a_year() -> None:
    validity = facts.parameters()["licence_validity_days"]
    assert (validity.mid, validity.unit) == (180, "days")


def test_sources_that_look_like_ids_exist() -> None:
    for parameter in facts.parameters().values():
        for source in parameter.sources:
            if "@" in source:
                assert facts.get(source).id == source


@pytest.mark.parametrize("name", sorted(facts.parameters()))
def test_a_parameter_takes_its_range_and_refuses_nonsense(name: str) -> None:
    parameter = facts.parameters()[name]
    for value in (parameter.low, parameter.mid, parameter.high):
        assert parameter.refuses(value) is None
    for value in (-1.0, 1e308, float("nan"), float("inf")):
        assert f"parameter {name} is" in str(parameter.refuses(value))
