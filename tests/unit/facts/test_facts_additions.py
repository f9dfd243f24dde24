"""Added rows are in force where they are included, everywhere there, and nowhere else."""

from __future__ import annotations

import contextvars
import datetime as dt
import pickle
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

import pytest

from xenotime import facts
from xenotime.facts import Additions, RequestError, carried, included, including
from xenotime.networks.chain.chemistry import basket
from xenotime.networks.chain.figures import Figures
from xenotime.policy.scope import listed_pairs

BURMA = "mine_production/MMR/2024"


def burma(mid: float, *, vintage: str = "mine", known: str = "2026-07-01") -> facts.Claim:
    base = facts.get(f"{BURMA}@mcs2026")
    assert isinstance(base, facts.Claim)
    return replace(
        base,
        id=f"{BURMA}@{vintage}",
        vintage=vintage,
        mid=mid,
        first_known=dt.date.fromisoformat(known),
    )


def claims_of(*rows: facts.Claim) -> Additions:
    return Additions({"claims": rows})


def middle() -> float:
    """What the baseline would use."""
    found = Figures().claim(BURMA)
    assert found is not None
    return found.mid


def test_every_accessor_sees_an_added_row_inside_and_none_outside() -> None:
    added = burma(31_500.0)
    before, hidden = len(facts.claims()), facts.hidden_by(dt.date(2026, 6, 30))
    with including(claims_of(added)):
        assert facts.get(added.id) == added
        assert added in facts.search("mine production 2024", country="MMR")
        assert facts.claims().index(added) > 0
        assert [c.id for c in facts.claims()] == sorted(c.id for c in facts.claims())
        assert facts.hidden_by(dt.date(2026, 6, 30)) == 1 + hidden
    assert len(facts.claims()) == before
    with pytest.raises(RequestError, match="did you mean mine_production/MMR/2024@mcs2025"):
        facts.get(added.id)


def test_the_newest_vintage_wins_and_an_as_of_day_hides_it() -> None:
    embedded = middle()
    with including(claims_of(burma(31_500.0), burma(99.0, vintage="zz-old", known="2020-01-01"))):
        assert middle() == 31_500.0
        on_that_day = Figures(dt.date(2026, 6, 30)).claim(BURMA)
        assert on_that_day is not None
        assert on_that_day.mid == embedded
    assert middle() == embedded


def test_of_two_vintages_of_a_month_the_one_known_later_is_the_observed_one() -> None:
    key = ("magnet", "USA", "2025-05")
    given = facts.observed_exports()[key]
    later = replace(
        given, id="magnet_exports/USA/2025-05@aa", vintage="aa", mid=50.0,
        first_known=dt.date(2026, 3, 1),
    )  # fmt: skip
    earlier = replace(
        given, id="magnet_exports/USA/2025-05@zz", vintage="zz", mid=1.0,
        first_known=dt.date(2025, 6, 1),
    )  # fmt: skip
    with including(claims_of(later, earlier)):
        assert facts.observed_exports()[key] == later
        assert facts.observed_exports(dt.date(2026, 2, 1))[key] == given
    assert facts.observed_exports()[key] == given


def test_an_inner_block_replaces_the_outer_one_and_gives_it_back() -> None:
    with including(claims_of(burma(1.0))):
        with including(claims_of(burma(2.0))):
            assert middle() == 2.0
        with including(facts.NOTHING_ADDED):
            assert included() == facts.NOTHING_ADDED
            assert middle() > 2.0
        assert middle() == 1.0


def test_an_error_inside_the_block_leaves_nothing_in_force() -> None:
    with pytest.raises(ZeroDivisionError), including(claims_of(burma(1.0))):
        1 / 0  # noqa: B018
    assert included() == facts.NOTHING_ADDED


def test_two_threads_with_their_own_additions_do_not_see_each_other() -> None:
    meet = threading.Barrier(2, timeout=30)
    seen: dict[float, list[float]] = {1.0: [], 2.0: []}

    def work(mid: float) -> None:
        with including(claims_of(burma(mid))):
            for _ in range(20):
                meet.wait()
                seen[mid].append(middle())

    threads = [threading.Thread(target=work, args=(mid,)) for mid in seen]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {1.0: [1.0] * 20, 2.0: [2.0] * 20}


def test_what_is_carried_to_threads_and_processes_sees_the_additions_of_its_caller() -> None:
    added = burma(1_234.0)
    with including(claims_of(added)):
        with ThreadPoolExecutor(2) as pool:
            assert list(pool.map(carried(facts.get), [added.id] * 3)) == [added] * 3
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            assert list(pool.map(carried(facts.get), [added.id] * 2)) == [added] * 2
            # the worker itself stays as it was
            with pytest.raises(RequestError, match="is unknown"):
                pool.submit(facts.get, added.id).result()


def test_a_copied_context_sees_them_too() -> None:
    with including(claims_of(burma(7.0))):
        context = contextvars.copy_context()
    assert context.run(middle) == 7.0


def test_additions_are_equal_when_their_rows_are_whoever_added_them() -> None:
    one, two = burma(1.0), burma(2.0, vintage="other")
    batch = facts.AddedBatch("b", "t", "me", "2026-07-01T00:00:00+00:00", (one.id, two.id))
    first = Additions({"claims": (one, two)}, (batch,))
    assert first == Additions({"claims": (two, one), "measures": ()})
    assert first.digest == pickle.loads(pickle.dumps(first)).digest
    assert first != claims_of(one)
    assert first != claims_of(one, replace(two, note="another word"))
    assert first.without("claims") == facts.NOTHING_ADDED
    assert first.batch_of(one.id) == batch
    assert first.batch_of("M023") is None


def test_a_row_that_a_release_embeds_too_is_the_release_s() -> None:
    same = replace(burma(5.0), id=f"{BURMA}@mcs2026", vintage="mcs2026")
    with including(claims_of(same)):
        assert len(facts.claims()) == len({c.id for c in facts.claims()})
        assert facts.get(same.id) != same


def test_lists_of_controls_follow_the_added_items() -> None:
    act = facts.get("M023")
    assert isinstance(act, facts.Measure)
    item = next(i for i in facts.control_items() if i.measure == "M023")
    mine = replace(item, id="control_item/mine/Nd/01@mine", element="Nd", form="magnet")
    outside = listed_pairs(act)
    with including(Additions({"control_items": (mine,)})):
        assert listed_pairs(act) == outside | {("Nd", "magnet")}
    assert listed_pairs(act) == outside


def test_the_chemistry_of_an_ore_follows_a_new_analysis() -> None:
    base = next(c for c in facts.claims() if c.id.startswith("ore_basket/mountain_pass/Nd@"))
    assert base.mid is not None
    newer = replace(
        base, id="ore_basket/mountain_pass/Nd@zz", vintage="zz", mid=base.mid / 2, low=None,
        high=None, first_known=dt.date(2026, 7, 1),
    )  # fmt: skip
    outside = basket("mountain_pass")["Nd"]
    with including(claims_of(newer)):
        assert basket("mountain_pass")["Nd"] == pytest.approx(outside / 2)
    assert basket("mountain_pass")["Nd"] == outside
