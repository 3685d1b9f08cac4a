"""Functions of tensors, each a row of the table `OPS`: exponentials, roots, trigonometry.

Every elementwise row becomes a function of tensors here, unless its record says otherwise; what
PyTorch spells differently, or does with integers, the record says too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...ops import EVERYWHERE, OPS, Operation, camel
from ...ops.array_kernel import one_of
from ..autograd.tape import Tensor
from .elementwise import several, unary

__all__ = ["FUNCTIONS", "function_of"]


_ndarray, _subtract, _multiply = np.ndarray, np.subtract, np.multiply


def _sigmoid_slope(g: Any, saved: Any, options: Any, edges: Any) -> Any:
    out = saved[1]
    slope = _subtract(one_of(out.dtype), out)
    if slope.__class__ is not _ndarray:  # NumPy returns a number where there is no dimension
        return (slope * out * g,)
    _multiply(slope, out, slope)
    return (_multiply(slope, g, slope),)


def _tanh_slope(g: Any, saved: Any, options: Any, edges: Any) -> Any:
    out = saved[1]
    slope = _multiply(out, out)
    slope = _subtract(one_of(out.dtype), slope)
    return (_multiply(slope, g),)


_SLOPES = {"sigmoid": _sigmoid_slope, "tanh": _tanh_slope}
"""Gradients on arrays that are faster than the row's, to which the contract battery holds them."""

def function_of(name: str) -> Callable[..., Tensor]:
    """Return the function of tensors that a row makes.

    >>> from backprop_tutor import engine as torch
    >>> function_of("tanh")(torch.zeros(2))
    tensor([0., 0.])
    """
    row = OPS[name]
    spelled = row.torch or EVERYWHERE
    node = f"{spelled.node or camel(name)}Backward0"
    if row.least == 1:
        return unary(name, node, raw=_SLOPES.get(name), integers=spelled.integers)
    return several(name, node)



def _at_top(row: Operation) -> bool:
    return (
        row.torch is not None and row.torch.top and row.elementwise and row.least == row.most
        and not row.loss and (not row.activation or row.name in _SLOPES)
    )


FUNCTIONS = OPS.derived(lambda row: {row.name: function_of(row.name)} if _at_top(row) else {})
"""The functions at the top, by name; activations with a switch `inplace` are in `fused`."""

def __getattr__(name: str) -> Callable[..., Tensor]:
    """Return the function of a row."""
    if name in FUNCTIONS:
        return FUNCTIONS[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
