"""What happens next? Compiled arrays of a supply chain, moved through time day by day.

The engine knows nothing about facts, policy or countries: it sees integer-indexed arrays with a
draw axis (always the last one). Everything is loaded when it is first used, so importing this
package loads neither numba nor the kernels.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xenotime.engine.chain.arrays import ArraysError, ChainArrays
    from xenotime.engine.chain.checks import problems_of
    from xenotime.engine.chain.ledger import ElementBalance, element_balance, mass_balance
    from xenotime.engine.chain.outcome import ChainOutcome
    from xenotime.engine.chain.simulate import kernel_is_compiled, simulate
    from xenotime.engine.chain.smallest import smallest_chain

_HOME = {
    "ArraysError": "arrays",
    "ChainArrays": "arrays",
    "problems_of": "checks",
    "ElementBalance": "ledger",
    "element_balance": "ledger",
    "mass_balance": "ledger",
    "ChainOutcome": "outcome",
    "kernel_is_compiled": "simulate",
    "simulate": "simulate",
    "smallest_chain": "smallest",
}

__all__ = [
    "ArraysError",
    "ChainArrays",
    "ChainOutcome",
    "ElementBalance",
    "element_balance",
    "kernel_is_compiled",
    "mass_balance",
    "problems_of",
    "simulate",
    "smallest_chain",
]


def __getattr__(name: str) -> Any:
    """Load a public name from the module that defines it."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"xenotime.engine.chain.{_HOME[name]}"), name)
