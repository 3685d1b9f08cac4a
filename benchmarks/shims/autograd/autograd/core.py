"""autograd's inner names that its tests use."""

from __future__ import annotations

from typing import Any

from benchmarks.shims.not_offered import Missing

from . import operators
from .tracer import primitive


def make_vjp(fun: Any, x: Any) -> Any:
    """Return the vector-Jacobian product and the value of a function at x."""
    return operators.make_vjp(fun)(x)


def make_jvp(fun: Any, x: Any) -> Any:
    """Return the Jacobian-vector product of a function at x."""
    return operators.make_jvp(fun)(x)


vspace = Missing("vspace", "the engine has no vector spaces of its own")
primitive_vjps = Missing("primitive_vjps", "the engine keeps no table of rules by function")

__all__ = ["make_jvp", "make_vjp", "primitive", "primitive_vjps", "vspace"]
