import csv
import io
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xenotime import facts
from xenotime.facts import RequestError
from xenotime.facts.claims import COLUMNS, read_claims
from xenotime.facts.tables import ID_PATTERN
from xenotime.facts.taxonomy import countries, iso3_of, region_of

relaxed = settings(deadline=None, max_examples=50)
DAYS = st.dates(min_value=date(2008, 1, 1), max_value=date(2027, 12, 31))
CLAIMS = {claim.id: claim for claim in facts.claims()}
FACTS = {fact.id: fact for fact in facts.search("")}
DATA = Path(facts.__file__).parent / "data" / "claims" / "chain.csv"


@relaxed
@given(DAYS, DAYS)
def test_a_later_day_knows_everything_an_earlier_day_knew(one: date, other: date) -> None:
    early, late = sorted((one, other))
    assert set(facts.claims(early)) <= set(facts.claims(late))
    assert set(facts.measures(early)) <= set(facts.measures(late))
    assert facts.hidden_by(early) >= facts.hidden_by(late)
    assert facts.observed_exports(early).items() <= facts.observed_exports(late).items()


@relaxed
@given(DAYS)
def test_nothing_known_on_a_day_is_dated_after_it(day: date) -> None:
    for record in (*facts.claims(day), *facts.measures(day)):
        assert record.first_known is None or record.first_known <= day
    shown = len(facts.claims(day)) + len(facts.measures(day))
    assert shown + facts.hidden_by(day) == len(facts.claims()) + len(facts.measures())


@relaxed
@given(st.sampled_from(sorted(CLAIMS)))
def test_an_id_is_made_of_its_parts_and_leads_back_to_its_claim(key: str) -> None:
    claim = CLAIMS[key]
    assert ID_PATTERN.fullmatch(key)
    assert key == f"{'/'.join((claim.quantity, *claim.segments))}@{claim.vintage}"
    assert facts.get(key) is claim


@relaxed
@given(st.sampled_from(sorted(CLAIMS)))
def test_searching_for_an_id_finds_it(key: str) -> None:
    found = facts.search(key)
    assert key in {claim.id for claim in found}


@relaxed
@given(st.sampled_from(sorted(FACTS)))
def test_every_id_of_every_table_is_got_and_found_and_has_a_line(key: str) -> None:
    assert facts.get(key) is FACTS[key]
    assert FACTS[key] in facts.search(key)
    line = facts.brief(FACTS[key])
    assert line.id == key
    assert line.text
    assert line.grade in {"A", "B", "C", "D", "prior"}
    figures = [x for x in (line.low, line.mid, line.high) if x is not None]
    assert figures == sorted(figures)
    assert line.unit or not figures


@relaxed
@given(DAYS, st.sampled_from(["", "magnet", "announcement", "stoppage", "conflict"]))
def test_nothing_that_a_dated_search_finds_was_unknown_on_the_day(day: date, text: str) -> None:
    found = facts.search(text, as_of=day)
    assert all(
        line.first_known is None or line.first_known <= day for line in map(facts.brief, found)
    )
    shown = {fact.id for fact in found}
    hidden = [fact for fact in facts.search(text) if fact.id not in shown]
    for fact in hidden:
        known = facts.brief(fact).first_known
        assert isinstance(fact, facts.Parameter | facts.Prior) or (known and known > day)


@relaxed
@given(st.sampled_from(sorted(countries())), st.sampled_from(["", "magnet"]))
def test_a_filter_only_takes_away(code: str, text: str) -> None:
    everything = facts.search(text)
    found = facts.search(text, country=code)
    shown = {fact.id for fact in found}
    assert found == [fact for fact in everything if fact.id in shown]


@relaxed
@given(st.text(max_size=20), st.one_of(st.none(), st.integers(1, 5)))
def test_any_text_can_be_searched_for(text: str, limit: int | None) -> None:
    found = facts.search(text, limit=limit)
    assert len(found) <= (limit or len(FACTS))
    assert {fact.id for fact in found} <= set(FACTS)


@relaxed
@given(st.text(max_size=30))
def test_any_other_id_is_refused_as_a_request(key: str) -> None:
    if key in FACTS or key in facts.parameters():
        return
    with pytest.raises(RequestError) as caught:
        facts.get(key)
    assert len(caught.value.problems) == 1


@relaxed
@given(st.sampled_from(sorted(countries())), st.booleans())
def test_every_country_is_found_by_code_and_name(code: str, upper: bool) -> None:
    name = countries()[code].name
    assert iso3_of(name.upper() if upper else name) == code
    assert iso3_of(countries()[code].iso2) == code
    assert region_of(code)


def read_or_refuse(path: Path) -> tuple[tuple[facts.Claim, ...], tuple[str, ...]]:
    try:
        return read_claims(path), ()
    except RequestError as error:
        return (), error.problems


@relaxed
@given(
    st.sampled_from(COLUMNS),
    st.one_of(
        st.sampled_from(["", "0", "-1", "nan", "1e400", "WLD", "A", "prior", "gap", "2025-01-01"]),
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12),
    ),
)
def test_a_changed_cell_is_read_or_refused_but_never_breaks_the_reader(
    column: str, text: str
) -> None:
    with DATA.open(encoding="utf-8", newline="") as lines:
        row = next(csv.DictReader(lines))
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerow({**row, column: text})
    with TemporaryDirectory() as folder:
        path = Path(folder) / "claims.csv"
        path.write_bytes(out.getvalue().encode("utf-8"))
        claims, problems = read_or_refuse(path)
    assert all(problem.startswith("line 2") for problem in problems)
    assert bool(claims) != bool(problems)
    for claim in claims:
        assert claim.id.rpartition("@")[2] == claim.vintage
        figures = [x for x in (claim.low, claim.mid, claim.high) if x is not None]
        assert figures == sorted(figures)
