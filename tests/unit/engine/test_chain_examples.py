"""The examples in docstrings are true."""

import doctest
from importlib import import_module

import pytest


@pytest.mark.parametrize("name", ["arrays", "checks", "ledger", "outcome", "simulate", "smallest"])
def test_examples_run(name):
    found = doctest.testmod(import_module(f"xenotime.engine.chain.{name}"))
    assert found.attempted > 0
    assert found.failed == 0
