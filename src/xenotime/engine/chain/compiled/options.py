"""How rules are compiled.

Loops over draws `j` are innermost and branch-free so that they become vector instructions; scalars
come from `Constants` in the state's precision because a float64 literal would widen them. Index
names: p producer, o output slot, k input slot, c permit class, t day, j draw.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

from numba import njit

if TYPE_CHECKING:
    from collections.abc import Callable

Function = TypeVar("Function", bound="Callable[..., Any]")

__all__ = ["entry", "rule"]

# numba's stubs leave out the options about wrappers
_compile: Callable[..., Any] = njit


def rule(function: Function) -> Function:
    """Compile a rule that only the kernel calls: no wrappers, which take as long as the rule."""
    # error_model="numpy": the other model tests every division for zero and stops vectorisation.
    options = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return cast("Function", _compile(nogil=True, error_model="numpy", **options)(function))


def entry(function: Function) -> Function:
    """Compile and keep on disk."""
    options = {"cache": True, "no_cfunc_wrapper": True}
    return cast("Function", _compile(nogil=True, error_model="numpy", **options)(function))
