"""The page of a run says what the run says, at 80 columns, without colour."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from unit.report.summaries import additions, quantiles, stoppage, summary
from xenotime.facts.taxonomy import EU_NODES
from xenotime.report.terminal import show_run


def page(
    content: dict[str, Any],
    *,
    encoding: str = "utf-8",
    folder: Path | None = None,
    workspace: str | None = None,
) -> str:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, newline="\n")
    on = Console(file=stream, width=80, highlight=False, markup=False)
    show_run(content, folder=folder, on=on, workspace=workspace)
    stream.flush()
    return raw.getvalue().decode(encoding)


def flat(text: str) -> str:
    """A page without its line breaks."""
    return " ".join(text.split())


def line_with(text: str, *parts: str) -> str:
    """The one line of a page that has all the parts."""
    (line,) = [line for line in text.splitlines() if all(part in line for part in parts)]
    return " ".join(line.split())


def test_it_fits_80_columns_and_needs_no_colour() -> None:
    text = page(summary())
    assert "\x1b" not in text
    assert max(len(line) for line in text.splitlines()) <= 80


def test_it_can_be_written_to_a_console_without_unicode() -> None:
    assert page(summary(), encoding="ascii").isascii()


def test_exports_are_shares_of_the_reference_with_the_observed_beside() -> None:
    # 62.1 t and 46.4 t of the United States' mean month of 621 t, of which four of six are known.
    text = page(summary())
    line = line_with(text, "2025-05", "·")
    assert "10 % 5-15 7 %" in line
    assert "100 % is 621 t" in " ".join(text.split())
    assert "(4 of 6 known)" in " ".join(text.split())


def test_a_month_without_an_observed_figure_shows_none() -> None:
    line = line_with(page(summary()), "2025-04", "·")
    assert " - " in line
    assert " 0 %" not in line


def stopped(text: str) -> str:
    """The part of a page about stopped industries."""
    return text.partition("Stopped industries")[2].partition("Stops on record")[0]


def test_stoppages_come_with_dates_weeks_and_shares() -> None:
    text = stopped(page(summary()))
    # 30 May is eight weeks after 4 April.
    assert line_with(text, "USA") == "USA 05-02 05-30 - 8.0 90 % 3.4 (8.1) % 0.7 (2.5)"
    assert text.index("USA") < text.index("JPN")
    assert "begins with the thinnest-stocked 1 %" in " ".join(text.split())
    assert "country: 3, of which 2 stop in 5 % of draws or more, 0 in fewer, 1 in none." in flat(
        text
    )


def test_without_a_control_there_are_no_weeks_to_count() -> None:
    content = summary()
    content["coverage"]["evaluated"]["controls"] = []
    text = stopped(page(content))
    assert "USA 05-02 05-30 - - 90 %" in line_with(text, "USA")
    assert "2025-04-04" not in text


def test_the_largest_users_of_an_industry_lead_whenever_they_stop() -> None:
    rows = [
        stoppage("EST", "2025-05-10", 1.0, "wind", size=1.0),
        stoppage("DEU", None, 0.2, "wind", size=500.0),
        stoppage("JPN", "2025-07-01", 0.6, "wind", size=90.0),
        stoppage("LVA", "2025-05-12", 0.9, "wind", size=0.5),
    ]
    text = stopped(page(summary() | {"stoppages": rows}))
    assert [line.split()[0] for line in text.splitlines() if line.startswith(" ")][1:] == [
        "DEU", "JPN", "EST", "LVA",
    ]  # fmt: skip
    assert "of 4" not in text  # to leave out one would save nothing


def test_the_first_countries_of_an_industry_are_listed_and_the_others_counted() -> None:
    countries = [f"{letter}{other}X" for letter in "ABCDEFGH" for other in "ABCDE"]
    rows = [stoppage(country, None, 0.05, "wind") for country in countries]
    rows += [stoppage("USA", "2025-05-30", 0.95, "defence"), stoppage("JPN", None, 0.049)]
    text = stopped(page(summary() | {"stoppages": [*rows, stoppage("DEU", None, 0.3)]}))
    assert [country for country in countries if f" {country} " in text] == countries[:3]
    assert "wind (largest 3 of 40 countries that stop)" in text
    assert text.index("light_vehicles") < text.index("defence") < text.index("wind")
    assert "JPN" not in text
    assert "43, of which 42 stop in 5 % of draws or more, 1 in fewer, 0 in none." in flat(text)


def test_parts_of_an_industry_do_not_stand_beside_their_sum() -> None:
    rows = [
        stoppage("USA", "2025-05-30", 0.9, "light_vehicles"),
        stoppage("USA", "2025-05-30", 0.9, "light_vehicles_battery"),
        stoppage("USA", None, 0.0, "light_vehicles_hybrid"),
    ]
    text = stopped(page(summary() | {"stoppages": rows}))
    assert text.count("USA") == 1
    # What the page counts, and what the table has more.
    assert "country: 1, of which 1 stop" in flat(text)
    assert "has 3 rows: these and 2 rows of the parts of light_vehicles." in flat(text)


def test_a_run_over_years_has_years_in_its_dates_and_fits() -> None:
    content = summary() | {"period": {"start": "2025-01-01", "end": "2027-12-31"}}
    row = stoppage("USA", "2026-05-30", 1.0)
    row["first_stop"]["p95"] = "2027-12-01"
    row["peak_share_stopped"] = {"p50": 0.994, "p95": 1.0}
    row["days_lost"] = {"p50": 556.0, "p95": 1094.9}
    text = page(content | {"stoppages": [row]})
    line = line_with(stopped(text), "USA", "2025-05-02")
    assert line == "USA 2025-05-02 2026-05-30 2027-12-01 60.1 100 % 99 (100) % 556 (1,095)"
    assert max(len(line) for line in text.splitlines()) <= 80


def on_record(text: str) -> str:
    return text.partition("Stops on record")[2].partition("Shortages by")[0]


def test_the_page_faces_the_stops_on_record() -> None:
    text = on_record(page(summary()))
    assert line_with(text, "Suzuki", "full") == "JPN Suzuki 2025-05-26 to 2025-06-13 full stop"
    assert line_with(text, "2025-06, ") == "USA Ford 2025-06, 21 days partial stop"
    assert "BMW" not in text
    assert "nothing stopped" in " ".join(text.split())
    assert "31 Japanese importers" not in text


def test_a_run_without_an_act_says_that_the_record_had_it() -> None:
    content = summary()
    content["coverage"]["evaluated"]["acts_left_out"] = ["Geneva joint statement"]
    assert "acts that this run leaves out" in on_record(page(content))
    assert "leaves out" not in on_record(page(summary()))


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        ({"as_of": "2025-06-10"}, {"Ford", "CLEPA"}),
        ({"period": {"start": "2025-06-10", "end": "2025-12-31"}}, {"Ford", "JPN", "Maruti"}),
        ({"period": {"start": "2025-01-01", "end": "2025-04-30"}}, {"Maruti"}),
        ({"period": {"start": "2024-01-01", "end": "2024-12-31"}}, set()),
    ],
)
def test_only_stops_of_the_period_that_were_known_are_shown(
    change: dict[str, Any], shown: set[str]
) -> None:
    text = on_record(page(summary() | change))
    assert {name for name in ("Ford", "CLEPA", "JPN", "Maruti") if name in text} == shown
    assert ("None for this period" in text) == (not shown)


@pytest.mark.parametrize(
    ("end", "mark", "days"),
    [("2025-05-10", "2025-05*", "10 of 31 days"), ("2025-05-31", "2025-05 ", "")],
)
def test_a_month_that_is_covered_in_part_is_marked(end: str, mark: str, days: str) -> None:
    text = page(summary() | {"period": {"start": "2025-01-01", "end": end}})
    assert line_with(text, mark, "·")
    assert ("* Part of a month" in text) == bool(days)
    assert days in text


def test_the_title_and_what_happens_stand_under_the_name() -> None:
    lines = page(summary()).splitlines()
    assert lines[1:3] == ["As recorded", "What happened, as the record has it."]
    bare = page({**summary(), "description": ""}).splitlines()
    assert bare[1:3] == ["As recorded", ""]


def test_what_the_scenario_assumes_stands_before_the_answers() -> None:
    assert "This scenario assumes nothing beside the record." in page(summary())
    sentences = ["M048 does not happen", f"a control: {'exports need a licence ' * 6}".strip()]
    text = page({**summary(), "assumed_by_scenario": sentences})
    head = text.partition("100 % is")[0]
    assert "This scenario assumes:\n  - M048 does not happen\n" in head
    assert sentences[1] in flat(head)
    assert "nothing beside" not in text
    assert max(len(line) for line in text.splitlines()) <= 80


def test_what_the_largest_assumption_says_is_not_said_twice() -> None:
    content = summary()
    content["coverage"]["largest_assumption"] = "There is no component stage: no motors."
    content["coverage"]["missing"] = ["component stage (motors): none", "prices"]
    text = page(content)
    assert text.count("component stage") == 1
    assert "  - prices\n" in text


def test_shortages_add_means_and_name_the_worst_month() -> None:
    line = line_with(page(summary()), "Dy", "USA", "2025-05")
    assert line == "Dy USA direct 2025-05 50 % 10-90 20"
    assert "t-days in run" in page(summary())


def test_of_an_element_the_country_that_lacks_most_tonnes_is_shown() -> None:
    content = summary()
    small = {**content["shortages"][0], "country": "MNG", "share_unmet": quantiles(1, 1, 1)}
    content["shortages"].append({**small, "unmet_tonne_days": quantiles(0.1, 0.1, 0.1)})
    text = page(content)
    assert line_with(text, "Dy", "2025-05", "direct").startswith("Dy USA direct")
    assert "MNG" not in text.partition("Shortages by")[2]
    assert "The table `shortages` has 1 smaller shortage more." in text


def test_a_run_without_shortages_or_stoppages_says_so() -> None:
    content = summary()
    for row in content["shortages"]:
        row["share_unmet"] = quantiles(0, 0, 0)
    for row in content["stoppages"]:
        row["probability"] = 0.0
    text = page(content)
    assert "Nobody goes short in any draw" in text
    assert "0 in fewer, 3 in none." in flat(text)


def test_the_ten_largest_allocated_flows_are_named() -> None:
    text = page(summary())
    flows = text.partition("that are allocated")[2].partition("Rests on")[0]
    assert "12,000 t a year magnet:NdFeB-heavy (6,000 to 24,000)" in line_with(flows, "12,000 t")
    assert "3,000 t a year magnet:NdFeB-heavy (range unknown)" in line_with(flows, " 3,000 t")
    assert " > industry:consumer_electronics@ROW" in flows
    assert flows.count(" t a year ") == 10


def test_flows_that_nothing_in_the_run_moves_are_named_apart() -> None:
    content = summary()
    for flow in content["coverage"]["assumed_flows"][-2:]:
        flow |= {"product": "ore:graphite", "moved": False}
    text = page(content)
    flows = text.partition("that are allocated")[2].partition("Rests on")[0]
    assert "12,000 t" not in flows
    assert flows.count(" t a year ") == 10
    assert "2 flows of this size that nothing in the run moves (ore:graphite)" in flat(flows)
    assert "Not shown" not in page(summary())


def test_bars_are_explained_where_there_are_bars() -> None:
    assert "Bars: the middle value beside them; full at 150 %." in flat(page(summary()))
    content = summary() | {"as_of": "2024-06-30"}  # no month of the reference was known
    assert "Bars" not in page(content)


def test_codes_of_regions_are_explained_where_they_stand() -> None:
    shown = page(summary())
    assert "EUU: European Union (27)" in shown  # on record, in Stops on record
    assert "REU:" not in shown
    assert "ROW:" not in shown
    content = summary()
    content["stoppages"].append(stoppage("REU", "2025-06-01", 0.9))
    told = next(line for line in flat(page(content)).split("; ") if line.startswith("REU:"))
    # Nodes of their own are no part of the rest.
    assert {code for code in EU_NODES - {"REU"} if code not in told} == set()
    lacking = [{**row, "country": "ROW"} for row in summary()["shortages"]]
    assert "ROW: rest of the world." in page(summary() | {"shortages": lacking})


def test_it_says_what_is_evaluated_missing_and_assumed() -> None:
    text = page(summary())
    told = flat(text)
    assert "2 elements, 3 countries, 1 industry, 2 months, 7 producers, 1,234 links" in told
    assert "(3 of them observed); controls: Announcement 18/2025; acts left out: none" in told
    assert "Missing:\n  - the component stage\n  - prices\n" in text
    assert "Largest assumption: magnets feed industries directly\n" in text
    assert "Rests on 1 cited figure or act and on 1 labelled assumption;" in flat(text)


def test_an_industry_and_its_parts_count_once() -> None:
    content = summary()
    content["coverage"]["evaluated"]["industries"] += ["light_vehicles_hybrid", "wind"]
    assert "2 industries," in flat(page(content))


@pytest.mark.parametrize("as_of", ["2024-06-30", "2026-06-29"])
def test_facts_that_were_not_known_do_not_enter(as_of: str) -> None:
    text = page(summary() | {"as_of": as_of, "hidden_by_as_of": 1234})
    assert "hidden are 1,234 later figures and acts." in flat(text)
    assert ("100 % is" in text) == (as_of > "2025")


def test_it_says_where_the_run_is() -> None:
    assert "runs" in page(summary(), folder=Path("runs") / "a")
    assert "not stored" in page(summary())


def test_what_users_have_added_is_named_with_its_source() -> None:
    text = " ".join(page(summary() | {"additions": additions()}).split())
    assert "in this workspace: 2 rows; used here: 1: mine_production" in text
    assert "mine_production/MMR/2024@mine (grade B): Ministry of Mines" in text
    assert "Added to the record" not in page(summary())
    unused = {**additions(), "used": []}
    unused["batches"] = [{**unused["batches"][0], "ids": ["oxide_price/Dy/2025@mine"]}]
    told = flat(page(summary() | {"additions": unused}))
    assert "in this workspace: 1 row; used here: none." in told


def test_commands_to_go_on_with_name_the_workspace_that_was_asked_for() -> None:
    text = page(summary(), folder=Path("my runs") / "a", workspace="my work")
    following = [line for line in text.partition("Next")[2].splitlines() if "xenotime" in line]
    assert following == [
        '  xenotime results "my runs/a" --table stoppages',
        '  xenotime run no-truce-2025 --workspace "my work"',
        '  xenotime facts show mine_production/MMR/2024@mcs2026 --workspace "my work"',
    ]
    assert "--workspace" not in page(summary(), folder=Path("runs") / "a")


def test_what_priors_were_tuned_on_is_said_once() -> None:
    content = summary() | {"as_of": "2025-06-10"}
    told = "hindsight: priors were tuned on data up to 2025-09-30, after the as-of day"
    content["coverage"]["missing"].append(told)
    text = " ".join(page(content).split())
    assert text.count("tuned") == 1
    assert "the priors have hindsight" in text
    assert "hindsight" not in page(summary())


def test_the_phases_of_a_run_are_timed_apart() -> None:
    text = page(summary())
    assert "Baseline in 0.5 s, compiled in 1.5 s, simulated in 2.5 s." in text


def test_goods_from_outside_are_shown_as_assumed() -> None:
    assert "from outside the network" not in page(summary())
    row = {
        "lever": "stock_releases", "entry": 0, "project": None, "product": "magnet:NdFeB-heavy",
        "country": "DEU", "destinations": ["DEU", "ROW"], "first": "2025-05-01", "offered": 100.0,
        "largest_share": None, "use_t_per_year": 6900.0, "given": quantiles(40, 81, 100),
        "unit": "t", "origin": "from outside the network", "grade": "assumed", "reason": "invented",
    }  # fmt: skip
    share = {**row, "lever": "substitution", "offered": None, "largest_share": 0.25}
    text = page({**summary(), "supplies": [row, {**share, "destinations": None}]})
    assert "Assumed by this scenario: goods from outside the network" in text
    assert line_with(text, "stock", "2025-05-01").endswith("DEU ROW 2025-05-01 100 81 40 to 100")
    assert "all 2025-05-01 25 % of use" in line_with(text, "substitute")
    assert "ROW: " in text
    assert max(len(line) for line in text.splitlines()) <= 80
