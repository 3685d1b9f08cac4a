"""Functions that are flat between their jumps, and functions of two operands that curve."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..autograd.tape import Rule, Tensor, record

__all__ = ["ceil", "floor", "round", "trunc"]


def _zero_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    return (k.zeros_like(g),)


def _flat(name: str, ufunc: Callable[..., Any]) -> Callable[[Tensor], Tensor]:
    rule = Rule(f"{name.capitalize()}Backward0", _zero_backward, fresh=True)

    def function(input: Tensor) -> Tensor:
        a = input._a
        if a.dtype.kind == "b":
            raise NotImplementedError(f'"{name}_vml_cpu" not implemented for \'Bool\'')
        return record(rule, ufunc(a) if a.dtype.kind == "f" else a.copy(), (input,))

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"Return the {name} of each element; its slope is 0."
    return function


floor: Callable[[Tensor], Tensor] = _flat("floor", np.floor)
ceil: Callable[[Tensor], Tensor] = _flat("ceil", np.ceil)
trunc = fix = _flat("trunc", np.trunc)
_round = _flat("round", np.rint)


def round(input: Tensor, *, decimals: int = 0) -> Tensor:
    """Return each element rounded, halves to even; its slope is 0."""
    if decimals == 0:
        return _round(input)
    return record(ROUND, np.round(input._a, decimals), (input,))


ROUND = Rule("RoundBackward1", _zero_backward, fresh=True)
