from __future__ import annotations

import pytest

import network_cases


@pytest.fixture(scope="session")
def baseline():
    return network_cases.reconciled()


@pytest.fixture
def small():
    return network_cases.small_network()
