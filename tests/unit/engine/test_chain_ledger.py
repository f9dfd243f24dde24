"""Balances show what is wrong with a run or a recipe, and where elements went."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from reference.engine.small_chains import three_nodes
from xenotime.engine import element_balance, mass_balance, simulate


def lossy(**changes):
    chain = three_nodes(20, **changes)
    chain.capacity_loss[0, 2:] = 1.0
    return chain


@pytest.mark.parametrize("name", ["produced", "consumed", "shipped", "released", "final_transit"])
def test_a_ledger_that_is_off_by_a_hundredth_shows(name):
    chain = lossy()
    outcome = simulate(chain, dtype="float64")
    assert mass_balance(chain, outcome).max() < 1e-12
    values = getattr(outcome, name)
    wrong = replace(outcome, **{name: values * 1.01 + 0.01})
    assert mass_balance(chain, wrong).max() > 1e-4


def test_what_a_recipe_does_not_put_out_is_lost():
    chain = lossy()
    outcome = simulate(chain, dtype="float64")
    ore, metal = 0.02, 0.018
    balance = element_balance(
        chain, outcome, np.array([[ore], [metal]]), np.array([[ore], [metal]])
    )
    works = outcome.activity_total[1, 0]
    assert_allclose(balance.lost, (ore - metal) * works)
    assert_allclose(balance.source, ore * 2)
    assert_allclose(balance.final_use[0], metal * outcome.consumed[1])
    assert_allclose(balance.made_up, 0, atol=1e-15)
    assert_allclose(balance.residual, 0, atol=1e-15)
    assert balance.negative_loss == ()


def test_an_input_gone_without_is_shown_as_made_up():
    chain = lossy(works={"essentiality": 2})
    outcome = simulate(chain, dtype="float64")
    same = np.full((2, 1), 0.02)
    balance = element_balance(chain, outcome, same, same)
    # 10 t in stock, 1 t on the road and 2 t mined; the works goes on for twenty days
    assert_allclose(balance.made_up, 0.02 * (20 - 13))
    assert_allclose(balance.residual, 0, atol=1e-15)


def test_a_receiver_with_another_content_is_shown_as_relabelled():
    chain = three_nodes(20)
    outcome = simulate(chain, dtype="float64")
    balance = element_balance(
        chain, outcome, np.array([[0.02], [0.02]]), np.array([[0.03], [0.02]])
    )
    assert_allclose(balance.relabelled, 0.01 * 20)
    assert_allclose(balance.residual, 0, atol=1e-15)


def test_a_recipe_that_creates_an_element_is_named():
    chain = three_nodes(3)
    outcome = simulate(chain, dtype="float64")
    content_out = np.array([[0.02, 0.1], [0.03, 0.1]])
    content_in = np.array([[0.02, 0.1], [0.03, 0.1]])
    assert element_balance(chain, outcome, content_out, content_in).negative_loss == ((1, 0),)


def test_contents_of_the_wrong_shape_are_refused():
    chain = three_nodes(3)
    with pytest.raises(ValueError, match=r"content_in \(1, 1\); expected \(2, E\) and \(2, E\)"):
        element_balance(chain, simulate(chain), np.ones((2, 1)), np.ones((1, 1)))
