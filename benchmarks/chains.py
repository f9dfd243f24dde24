"""Chains to time: the size of a year's national run, and a small one to see that all works."""

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from properties.engine.random_chains import Size, shocked, steady_chain
from xenotime.engine import ChainArrays

# about 600 producers, 1,400 input slots, 4,700 links
TARGET = Size(
    layers=(60, 120, 170, 250),
    most_slots=4,
    most_suppliers=6,
    draws=256,
    days=365,
    classes=100,
    longest_transit=45,
)
SMOKE = Size(layers=(2, 3, 3), draws=8, days=20, classes=2)


def timed_chain(size: Size) -> ChainArrays:
    rng = np.random.default_rng(1)
    return shocked(rng, steady_chain(rng, size))
