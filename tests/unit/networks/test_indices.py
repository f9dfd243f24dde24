"""Concentration and net import reliance, against values worked out by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network_cases import table
from xenotime.networks import ProductionNetwork
from xenotime.networks.concentration import concentration
from xenotime.networks.element_flows import element_flows, products_without_contents
from xenotime.networks.reliance import reliance
from xenotime.networks.structure import SCHEMA, empty_table

OXIDE = "oxide:Dy"


def trading(*flows, contents=((OXIDE, "", "Dy", 0.8713),), members=()) -> ProductionNetwork:
    """Separators that sell dysprosium oxide to users: (origin, destination, t/y)."""
    makers = sorted({f"separation:clay@{origin}" for origin, _, _ in flows})
    users = sorted({f"industry:other@{destination}" for _, destination, _ in flows})
    keyed = [(f"separation:clay@{o}", f"industry:other@{d}", OXIDE, t) for o, d, t in flows]
    tables = {name: empty_table(name) for name in SCHEMA}
    tables["producers"] = table(
        "producers",
        *((m, m[-3:], "separation", m, "", "", "", "operating", 1.0) for m in makers),
        *((u, u[-3:], "industry", u, "other", "", "", "operating", 1.0) for u in users),
    )
    tables["links"] = table("links", *((*key, 3.0) for key in keyed))
    tables["contents"] = table("contents", *contents)
    if members:
        tables["ensemble"] = table(
            "ensemble",
            *(
                (number, *key[:3], flow)
                for number, row in enumerate(members)
                for key, flow in zip(keyed, row, strict=True)
            ),
        )
    return ProductionNetwork(**tables)


# China 40 + 20, the United States 10 + 20, Malaysia 10
FLOWS = (
    ("CHN", "USA", 40.0),
    ("CHN", "CHN", 20.0),
    ("USA", "JPN", 10.0),
    ("USA", "USA", 20.0),
    ("MYS", "JPN", 10.0),
)


def row_of(frame, **wanted):
    for name, value in wanted.items():
        frame = frame[frame[name] == value]
    assert len(frame) == 1
    return frame.iloc[0]


def test_the_index_is_the_sum_of_squared_percentage_shares() -> None:
    found = row_of(concentration(trading(*FLOWS)), stage="separation", name=OXIDE)
    assert found["hhi"] == pytest.approx(60.0**2 + 30.0**2 + 10.0**2)
    assert (found["countries"], found["top_country"]) == (3, "CHN")
    assert found["top_share_percent"] == pytest.approx(60.0)
    assert found["top3_share_percent"] == pytest.approx(100.0)
    assert found["t_per_year"] == pytest.approx(100.0)
    assert math.isnan(found["hhi_low"])  # there is no ensemble


def test_elements_weigh_products_by_what_they_hold() -> None:
    # one maker's oxide holds half as much
    contents = ((OXIDE, "", "Dy", 0.8), (OXIDE, "separation:clay@CHN", "Dy", 0.4))
    network = trading(*FLOWS, contents=contents)
    found = row_of(concentration(network), kind="element", name="Dy")
    parts = [60.0 * 0.4, 30.0 * 0.8, 10.0 * 0.8]
    shares = [100.0 * part / sum(parts) for part in parts]
    assert found["t_per_year"] == pytest.approx(sum(parts))
    assert found["hhi"] == pytest.approx(sum(share**2 for share in shares))


def test_products_without_contents_count_in_no_element_and_are_named() -> None:
    network = trading(*FLOWS, contents=())
    assert products_without_contents(network) == [OXIDE]
    assert len(element_flows(network)) == 0
    assert set(concentration(network)["kind"]) == {"product"}


def test_reliance_is_net_imports_over_apparent_consumption() -> None:
    found = reliance(trading(*FLOWS))
    usa = row_of(found, country="USA", kind="product")
    # makes 30, buys 40, sells 10: uses 60, half of it from abroad net
    assert (usa["production"], usa["imports"], usa["exports"]) == (30.0, 40.0, 10.0)
    assert usa["apparent_consumption"] == pytest.approx(60.0)
    assert usa["net_import_reliance_percent"] == pytest.approx(50.0)
    assert not usa["net_exporter"]
    japan = row_of(found, country="JPN", kind="element")
    assert japan["net_import_reliance_percent"] == pytest.approx(100.0)
    assert japan["imports"] == pytest.approx(20.0 * 0.8713)


def test_exporters_have_no_reliance_but_a_mark() -> None:
    found = reliance(trading(*FLOWS))
    for country in ("CHN", "MYS"):  # the second uses nothing of it
        row = row_of(found, country=country, kind="product")
        assert row["net_exporter"]
        assert math.isnan(row["net_import_reliance_percent"])


def test_intervals_come_from_the_ensemble() -> None:
    members = [
        [40.0, 20.0, 10.0, 20.0, 10.0],
        [20.0, 20.0, 10.0, 20.0, 10.0],
        [60.0, 20.0, 10.0, 20.0, 10.0],
    ]
    network = trading(*FLOWS, members=members)
    usa = row_of(reliance(network), country="USA", kind="product")
    # members: 10/40 = 25 %, 30/60 = 50 %, 50/80 = 62.5 %; 10 and 90 % points by interpolation
    assert usa["low"] == pytest.approx(25.0 + 0.2 * 25.0)
    assert usa["high"] == pytest.approx(50.0 + 0.8 * 12.5)
    index = row_of(concentration(network), kind="product")
    assert index["hhi_low"] < index["hhi"] < index["hhi_high"]


CODES = ("CHN", "USA", "JPN", "MYS")
AMOUNTS = st.dictionaries(
    st.tuples(st.sampled_from(CODES), st.sampled_from(CODES)),
    st.floats(0.01, 1e5),
    min_size=1,
    max_size=10,
)


@settings(max_examples=30, deadline=None)
@given(AMOUNTS)
def test_whatever_flows_the_indices_stay_in_their_bounds_and_the_world_trades_with_itself(
    amounts: dict[tuple[str, str], float],
) -> None:
    network = trading(*((*ends, flow) for ends, flow in amounts.items()))
    index = row_of(concentration(network), kind="product")
    assert 10_000.0 / index["countries"] - 1e-6 <= index["hhi"] <= 10_000.0 + 1e-6
    found = reliance(network)
    found = found[found["kind"] == "product"]
    assert found["imports"].sum() == pytest.approx(found["exports"].sum())
    assert found["production"].sum() == pytest.approx(sum(amounts.values()))
    known = found["net_import_reliance_percent"].dropna()
    assert ((known >= -1e-6) & (known <= 100.0 + 1e-6)).all()


def test_indices_of_the_baseline_agree_with_its_links(baseline) -> None:
    network = baseline.network
    found = concentration(network)
    links = network.links.groupby("product")["base_flow_t_per_year"].sum()
    whole = found[found["kind"] == "product"].groupby("name")["t_per_year"].sum()
    assert whole.to_dict() == pytest.approx(links.to_dict())
    assert set(found["stage"]) <= set(network.producers["stage"])
    inside = found.dropna(subset="hhi_low")
    assert (inside["hhi_low"] <= inside["hhi_high"] + 1e-9).all()
