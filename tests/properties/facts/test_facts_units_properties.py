import math

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from xenotime.facts import RequestError
from xenotime.facts.units import OXIDES, convert, element_per_oxide
from xenotime.facts.vocabulary import UNITS

relaxed = settings(deadline=None, max_examples=50)
AMOUNTS = st.floats(min_value=1e-6, max_value=1e9)
ELEMENTS = st.sampled_from(sorted(OXIDES))
SAME_KIND = [
    ("t", "kg"),
    ("t/y", "t/month", "t/day"),
    ("t REO/y", "t REO/month"),
    ("days", "weeks"),
    ("percent", "ratio"),
    ("USD m", "USD bn"),
    ("kg/unit", "g/unit"),
    ("pieces", "million pieces"),
]


def pairs() -> st.SearchStrategy[tuple[str, str]]:
    return st.sampled_from(SAME_KIND).flatmap(
        lambda kind: st.tuples(st.sampled_from(kind), st.sampled_from(kind))
    )


@st.composite
def oxide_mixtures(draw: st.DrawFn) -> dict[str, float]:
    names = draw(st.lists(ELEMENTS, min_size=1, max_size=6, unique=True))
    weights = [draw(st.floats(min_value=0.01, max_value=1.0)) for _ in names]
    return {name: weight / sum(weights) for name, weight in zip(names, weights, strict=True)}


@st.composite
def recipes(draw: st.DrawFn) -> dict[str, float]:
    names = draw(st.lists(ELEMENTS, min_size=1, max_size=5, unique=True))
    return {name: draw(st.floats(min_value=1e-4, max_value=0.19)) for name in names}


@relaxed
@given(AMOUNTS, pairs())
def test_there_and_back_within_a_kind(amount: float, units: tuple[str, str]) -> None:
    there = convert(amount, units[0], units[1])
    assert math.isclose(convert(there, units[1], units[0]), amount, rel_tol=1e-12)


@relaxed
@given(AMOUNTS, ELEMENTS)
def test_there_and_back_between_oxide_and_element(amount: float, element: str) -> None:
    contained = convert(amount, "t REO", "t element", element=element)
    assert 0 < contained < amount
    back = convert(contained, "t element", "t REO", element=element)
    assert math.isclose(back, amount, rel_tol=1e-12)


@relaxed
@given(AMOUNTS, oxide_mixtures())
def test_there_and_back_for_a_mixed_oxide(amount: float, mixture: dict[str, float]) -> None:
    contained = convert(amount, "t REO", "t element", composition=mixture)
    back = convert(contained, "t element", "t REO", composition=mixture)
    assert math.isclose(back, amount, rel_tol=1e-12)


@relaxed
@given(AMOUNTS, oxide_mixtures())
def test_elements_of_a_mixture_add_up_to_the_whole(
    amount: float, mixture: dict[str, float]
) -> None:
    parts = [
        convert(amount, "t REO", "t element", element=name, composition=mixture) for name in mixture
    ]
    whole = convert(amount, "t REO", "t element", composition=mixture)
    assert math.isclose(sum(parts), whole, rel_tol=1e-9)


@relaxed
@given(AMOUNTS, recipes())
def test_there_and_back_between_magnet_and_element(amount: float, recipe: dict[str, float]) -> None:
    contained = convert(amount, "t magnet", "t element", composition=recipe)
    assert 0 < contained < amount
    back = convert(contained, "t element", "t magnet", composition=recipe)
    assert math.isclose(back, amount, rel_tol=1e-12)


@relaxed
@given(AMOUNTS, AMOUNTS, ELEMENTS)
def test_conversion_is_linear(one: float, other: float, element: str) -> None:
    def mass(amount: float) -> float:
        return convert(amount, "t REO", "t element", element=element)

    assert math.isclose(mass(one + other), mass(one) + mass(other), rel_tol=1e-9)


@relaxed
@given(ELEMENTS, ELEMENTS)
def test_heavier_metals_fill_more_of_a_sesquioxide(one: str, other: str) -> None:
    from xenotime.facts.units import ATOMIC_MASSES

    assume(OXIDES[one] == OXIDES[other] == (2, 3))
    assume(ATOMIC_MASSES[one] < ATOMIC_MASSES[other])
    assert element_per_oxide(one) < element_per_oxide(other)


def convert_or_refuse(amount: float, unit: str, target: str) -> float | str:
    try:
        return convert(amount, unit, target)
    except RequestError as error:
        return str(error)


@relaxed
@given(AMOUNTS, st.sampled_from(sorted(UNITS)), st.sampled_from(sorted(UNITS)))
def test_units_convert_or_are_refused_with_a_reason(amount: float, unit: str, target: str) -> None:
    result = convert_or_refuse(amount, unit, target)
    if isinstance(result, str):
        assert any(word in result for word in (unit, target, "element"))
    else:
        assert result > 0
