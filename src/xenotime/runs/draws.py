"""Random draws: structural parameters from one Sobol sequence, event randomness from Philox.

Nothing depends on blocks, threads or executors: draw `i` is the i-th point of the sequence, and an
event stream is keyed by (seed, draw, stream name).
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import qmc

from xenotime.policy.ranges import quantile_of

if TYPE_CHECKING:
    from xenotime.facts.parameters import Parameter

__all__ = [
    "MAX_PARAMETERS",
    "event_normal",
    "event_uniform",
    "member_of",
    "sample_parameters",
    "sobol_points",
]

Array = NDArray[np.float64]
MAX_PARAMETERS = 50
_BLOCK = 10  # points are generated in blocks of 2**10
IN_SEQUENCE = 38
"""Parameters, in the order of their table, that share the sequence; those after them have a stream
each, so that a parameter that is added changes no draw of the others."""


def sobol_points(dimensions: int, first: int, count: int, seed: int) -> Array:
    """Points `first` to `first + count - 1` of a scrambled Sobol sequence.

    Returns
    -------
    ndarray, shape (count, dimensions), inside the open unit interval.

    Raises
    ------
    ValueError
        If more than 50 dimensions are asked for: balance degrades beyond them.

    >>> bool((sobol_points(3, 2, 2, 7) == sobol_points(3, 0, 4, 7)[2:]).all())
    True
    """
    if not 1 <= dimensions <= MAX_PARAMETERS:
        raise ValueError(f"{dimensions} structural parameters; 1 to {MAX_PARAMETERS} are supported")
    sequence = qmc.Sobol(dimensions, scramble=True, rng=np.random.default_rng(seed))
    size = 1 << _BLOCK
    begin = first - first % size
    if begin:
        sequence.fast_forward(begin)
    blocks = [sequence.random(size) for _ in range(begin, first + count, size)]
    points = np.concatenate(blocks)[first - begin : first - begin + count]
    # The inverse normal needs the open interval; scrambled points can sit on its edge.
    edge = 2.0**-32
    inside: Array = np.clip(points, edge, 1.0 - edge)
    return inside


def sample_parameters(
    table: Mapping[str, Parameter],
    fixed: Mapping[str, float],
    *,
    first: int,
    count: int,
    seed: int,
) -> tuple[dict[str, Array], Array]:
    """Draw every parameter of a table; `fixed` ones keep their value in all draws.

    Returns
    -------
    (values by name, each of shape (count,)), and one more uniform column of shape (count,) which
    picks the member of the baseline ensemble.

    Notes
    -----
    A fixed parameter keeps its own column of the sequence, so holding one at a value does not
    change the draws of any other (common random numbers between runs). Parameters after the first
    `IN_SEQUENCE` that are drawn have streams of their own.
    """
    drawn = [n for n, p in table.items() if p.distribution != "fixed"]
    names = drawn[:IN_SEQUENCE]
    points = sobol_points(len(names) + 1, first, count, seed)
    uniform = {name: points[:, 1 + place] for place, name in enumerate(names)} | {
        name: event_uniform(f"parameter/{name}", first=first, count=count, seed=seed)
        for name in drawn[IN_SEQUENCE:]
    }
    values = {
        name: quantile_of(parameter, uniform[name])
        if name in uniform
        else np.full(count, parameter.mid)
        for name, parameter in table.items()
    }
    for name, value in fixed.items():
        values[name] = np.full(count, float(value))
    return values, points[:, 0]


def member_of(uniform: Array, members: int) -> NDArray[np.int64]:
    """Member of the baseline ensemble that each draw uses, from the last column of a sample.

    >>> member_of(np.array([0.0, 0.49, 0.99]), 2).tolist()
    [0, 0, 1]
    """
    return np.minimum((uniform * members).astype(np.int64), members - 1)


def event_uniform(stream: str, *, first: int, count: int, seed: int) -> Array:
    """One uniform number per draw of a named stream, from Philox keyed by seed, draw and stream.

    >>> a = event_uniform("licence/USA", first=0, count=4, seed=7)
    >>> b = event_uniform("licence/USA", first=2, count=2, seed=7)
    >>> bool((a[2:] == b).all())
    True
    """
    key = np.array([seed, zlib.crc32(stream.encode("utf-8"))], dtype=np.uint64)
    generator = np.random.Philox(key=key, counter=np.array([first, 0, 0, 0], dtype=np.uint64))
    words = generator.random_raw(4 * count).reshape(count, 4)[:, 0]
    return ((words >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53


@lru_cache(maxsize=2048)
def event_normal(stream: str, *, first: int, count: int, seed: int) -> Array:
    """One standard normal number per draw of a named stream (see `event_uniform`).

    The array is read-only: a scenario that is compiled again gets the same one.
    """
    result: Array = ndtri(event_uniform(stream, first=first, count=count, seed=seed))
    result.flags.writeable = False
    return result
