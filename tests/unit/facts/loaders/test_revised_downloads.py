"""Downloads beside what is in force: equal figures are left out, others become a new vintage."""

from __future__ import annotations

import datetime as dt
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pytest

from unit.facts.loaders import downloads as made
from xenotime import facts
from xenotime.facts import RequestError, loaders
from xenotime.facts.adding import problems_of
from xenotime.facts.vintages import vintages_of

DAY = dt.date(2026, 11, 20)
MAGNETS = "magnet_exports/USA/2025-05"


def file_of(folder: Path, *rows: str) -> Path:
    path = folder / "TradeData.csv"
    path.write_text(made.comtrade(*rows), encoding="utf-8")
    return path


def in_force(*loaded: loaders.Loaded) -> AbstractContextManager[facts.Additions]:
    claims = tuple(claim for one in loaded for claim in one.claims)
    return facts.including(facts.Additions({"claims": claims}))


def test_the_same_file_again_says_that_nothing_is_new(tmp_path: Path) -> None:
    path = file_of(tmp_path, made.comtrade_row(), made.comtrade_row(period="202504"))
    first = loaders.read(path, taken=DAY)
    with in_force(first):
        again = loaders.read(path, taken=DAY)
        later = loaders.read(path, taken=DAY + dt.timedelta(days=2))
    for loaded in (again, later):
        assert (loaded.claims, loaded.held, loaded.revisions) == ((), len(first.claims), ())


def test_an_overlapping_download_adds_the_new_months_and_says_what_it_revises(
    tmp_path: Path,
) -> None:
    first = loaders.read(file_of(tmp_path, made.comtrade_row()), taken=DAY)
    rows = (made.comtrade_row(netWgt="51510"), made.comtrade_row(period="202504"))
    with in_force(first):
        second = loaders.read(file_of(tmp_path, *rows), taken=DAY + dt.timedelta(days=1))
    assert {claim.vintage for claim in second.claims} == {"comtrade20261121"}
    assert second.held == 1  # the value of May
    revised = {revision.old: revision for revision in second.revisions}
    assert revised[f"{MAGNETS}@comtrade20261120"].share == pytest.approx(0.01)
    with in_force(first, second):
        assert facts.observed_exports()["magnet", "USA", "2025-05"].mid == 51.51
        before = facts.observed_exports(DAY)
        assert before["magnet", "USA", "2025-05"].mid == 51.0


def test_two_downloads_of_one_day_are_numbered_and_the_second_counts(tmp_path: Path) -> None:
    loads: list[loaders.Loaded] = []
    for kilograms in ("51000", "52000", "53000"):
        with in_force(*loads):
            path = file_of(tmp_path, made.comtrade_row(netWgt=kilograms))
            loads.append(loaders.read(path, taken=DAY))
    assert [loaded.claims[0].vintage for loaded in loads] == [
        *("comtrade20261120", "comtrade20261120-02", "comtrade20261120-03"),
    ]
    with in_force(*loads):
        assert facts.observed_exports()["magnet", "USA", "2025-05"].mid == 53.0


def test_a_figure_revised_back_is_new_again(tmp_path: Path) -> None:
    first = loaders.read(file_of(tmp_path, made.comtrade_row()), taken=DAY)
    with in_force(first):
        path = file_of(tmp_path, made.comtrade_row(netWgt="60000"))
        second = loaders.read(path, taken=DAY + dt.timedelta(days=1))
    with in_force(first, second):
        path = file_of(tmp_path, made.comtrade_row())
        third = loaders.read(path, taken=DAY + dt.timedelta(days=2))
    assert [claim.id for claim in third.claims] == [f"{MAGNETS}@comtrade20261122"]


def test_a_vintage_can_be_named_and_a_taken_name_is_refused(tmp_path: Path) -> None:
    first = loaders.read(file_of(tmp_path, made.comtrade_row()), taken=DAY, vintage="spring")
    assert first.claims[0].id == f"{MAGNETS}@spring"
    path = file_of(tmp_path, made.comtrade_row(netWgt="60000"))
    with (
        in_force(first),
        pytest.raises(
            RequestError, match="--vintage spring: figures of it are in force and differ"
        ),
    ):
        loaders.read(path, taken=DAY, vintage="spring")


def test_an_equal_figure_of_another_publisher_is_not_added_twice(tmp_path: Path) -> None:
    """A flow that two offices publish alike stands in the record once."""
    path = tmp_path / "hs.json"
    path.write_text(made.CENSUS, encoding="utf-8")
    census = loaders.read(path, taken=DAY)
    other = tuple(
        replace(
            c, id=c.id.replace("@census20261120", "@dataweb20261001"), vintage="dataweb20261001"
        )
        for c in census.claims
    )
    with facts.including(facts.Additions({"claims": other})):
        again = loaders.read(path, taken=DAY)
    assert (again.claims, again.held) == ((), len(other))


def test_an_earlier_download_does_not_replace_a_later_one(tmp_path: Path) -> None:
    first = loaders.read(file_of(tmp_path, made.comtrade_row(netWgt="60000")), taken=DAY)
    with in_force(first):
        path = file_of(tmp_path, made.comtrade_row())
        older = loaders.read(path, taken=DAY - dt.timedelta(days=30))
    with in_force(first, older):
        assert facts.observed_exports()["magnet", "USA", "2025-05"].mid == 60.0
        early = facts.observed_exports(DAY - dt.timedelta(days=1))
        assert early["magnet", "USA", "2025-05"].mid == 51.0


def test_acts_that_are_in_force_are_left_out_and_changed_ones_are_named(tmp_path: Path) -> None:
    path = tmp_path / "interventions.csv"
    path.write_text(made.GTA, encoding="utf-8")
    listed = loaders.read(path, taken=DAY).measures
    with facts.including(facts.Additions({"measures": listed})):
        again = loaders.read(path, taken=DAY + dt.timedelta(days=1))
        assert (again.measures, again.held) == ((), len(listed))
        path.write_text(made.GTA.replace("2025-04-01,", "2025-04-01,2025-11-10"), encoding="utf-8")
        with pytest.raises(RequestError) as caught:
            loaders.read(path, taken=DAY)
    told = str(caught.value)
    assert "M-GTA-900001 is in force with ends blank, here it is 2025-11-10" in told


def test_an_old_edition_of_the_survey_does_not_stand_in_for_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "World_Data.csv"
    header = made.USGS_WIDE.partition("\n")[0]
    path.write_text(
        f"{header}\nMCS2024,Tungsten,China,Mine production,metric tons,60000,61000,,,,,,\n",
        encoding="utf-8",
    )
    body = "mineral_production/CHN/tungsten/2024"
    old = loaders.read(path, taken=DAY)
    with in_force(old):
        counts = vintages_of(body)[0]
    assert counts.vintage == "mcs2026"


def test_a_day_that_has_not_come_is_said_once(tmp_path: Path) -> None:
    rows = (made.comtrade_row(), made.comtrade_row(period="202504"))
    with pytest.raises(RequestError) as caught:
        loaders.read(file_of(tmp_path, *rows), taken=dt.date(2999, 1, 1))
    assert len(caught.value.problems) == 1
    assert "a day that has not come" in caught.value.problems[0]


def test_files_in_two_currencies_are_loaded_into_one_record(tmp_path: Path) -> None:
    american = {"flowCode": "M", "reporterCode": "842", "reporterISO": "USA"}
    chinese = {"partnerCode": "156", "partnerISO": "CHN"}
    dollars = loaders.read(file_of(tmp_path, made.comtrade_row(**american, **chinese)))
    comext = tmp_path / "comext.dat"
    comext.write_text(
        "REPORTER,PARTNER,TRADE_TYPE,PRODUCT_NC,PRODUCT_SITC,PRODUCT_CPA21,PRODUCT_CPA22,"
        "PRODUCT_BEC,PRODUCT_BEC5,PRODUCT_SECTION,FLOW,STAT_PROCEDURE,SUPPL_UNIT,PERIOD,VALUE_EUR,"
        "VALUE_NAC,QUANTITY_KG,QUANTITY_SUPPL_UNIT\n"
        "DE,CN,E,85051110,77881,27901,27901,,,16,1,1,A,202505,2000000,2000000,50000,0\n",
        encoding="utf-8",
    )
    with in_force(dollars):
        euros = loaders.read(comext)
        assert {claim.unit for claim in euros.claims} == {"t", "EUR m"}
        assert problems_of({"claims": euros.claims}, today=dt.date(2026, 11, 24),
                           new_quantities=None) == []  # fmt: skip


def test_a_flow_that_is_in_force_in_another_currency_is_left_out_and_counted(
    tmp_path: Path,
) -> None:
    dollars = loaders.read(file_of(tmp_path, made.comtrade_row(netWgt="")))
    (value,) = dollars.claims
    euros = replace(dollars, claims=(replace(value, unit="EUR m"),))
    with in_force(euros):
        again = loaders.read(file_of(tmp_path, made.comtrade_row(netWgt="")))
    assert again.claims == ()
    assert again.left_out == {"a value in USD m of a flow that is in force in EUR m": 1}
