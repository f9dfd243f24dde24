"""Wedges on prices against what the tariff's notes say, and against queries day by day."""

import csv
import datetime as dt
import math
from pathlib import Path

import pytest

from xenotime import facts
from xenotime.policy.duty_acts import layer_without, setter, steps, touches
from xenotime.policy.tariffs import LAYERS, codes, stack_on
from xenotime.policy.wedges import duty_wedges, wedge_arrays

GOODS = {
    "8505.11.0070": "magnet:NdFeB-heavy",
    "8505.11.0050": "magnet:SmCo",
    "2805.30.00": "metal:Dy",
}
with (Path(__file__).parent / "duties.csv").open(encoding="utf-8", newline="") as stream:
    ROWS = list(csv.DictReader(stream))


@pytest.mark.parametrize("row", ROWS, ids=lambda r: f"{r['hts']}-{r['day']}")
def test_what_customs_collected_is_the_wedge_of_the_good(row: dict[str, str]) -> None:
    day = dt.date.fromisoformat(row["day"])
    wedges = duty_wedges([GOODS[row["hts"]]], dt.date(2025, 1, 1), dt.date(2026, 12, 31))
    low, high = wedge_arrays(wedges, [day])
    if row["total"]:
        assert low[0, 0] == high[0, 0] == pytest.approx(float(row["total"]))
    else:
        assert math.isnan(low[0, 0])
        assert math.isnan(high[0, 0])


def test_every_day_is_that_of_a_query_of_its_own() -> None:
    days = [dt.date(2024, 12, 1) + dt.timedelta(days=i) for i in range(700)]
    low, high = wedge_arrays(duty_wedges(list(GOODS.values()), days[0], days[-1]), days)
    order = sorted(GOODS, key=lambda code: GOODS[code])
    for place, code in enumerate(order):
        for index, day in enumerate(days):
            total = None if day < dt.date(2025, 1, 1) else stack_on(code, day).total
            for found in (low[place, index], high[place, index]):
                assert (math.isnan(found) and total is None) or found == total


def test_the_acts_said_to_set_a_layer_give_the_points_that_were_collected() -> None:
    # Two readings: what customs collected by code, and what each act orders for whom.
    acts, compared = facts.measures(), 0
    for code in codes():
        for day in (line.since for line in facts.tariff_lines() if line.hts == code):
            assert day is not None
            for layer in LAYERS[1:]:
                points, act = layer_without(layer, code, day, (), acts)
                collected = stack_on(code, day).layers[layer]
                assert points == collected, (code, day, layer)
                assert act == (setter(layer, code, day) if collected else None)
                assert not touches(layer, code, day, ())
                compared += 1
    assert compared > 200


def test_the_acts_that_set_duties_are_of_the_record_and_begin_as_it_says() -> None:
    known = {m.id: m for m in facts.measures()}
    for step in steps():
        act = known[step.act]
        assert (act.actor, act.announced <= step.first) == ("USA", True)
        if act.instrument == "import_tariff" and step.act != "M021":  # its first points came before
            assert act.in_force == step.first
