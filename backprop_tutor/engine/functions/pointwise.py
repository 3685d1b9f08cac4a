"""Functions of one operand, each a row of the table `OPS`: exponentials, roots, trigonometry.

Every row that applies to one operand element by element becomes a function of tensors here; what
PyTorch spells otherwise, or does with whole numbers, is in the small tables below.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...ops import ACTIVATIONS, OPS
from ...ops.array_kernel import one_of
from ..autograd.tape import Tensor
from .elementwise import unary

__all__ = ["ALSO", "FUNCTIONS", "function_of"]


def _sigmoid_slope(g: Any, a: Any, out: Any) -> Any:
    slope = np.subtract(one_of(out.dtype), out)
    if slope.__class__ is not np.ndarray:  # NumPy returns a number where there is no dimension
        return slope * out * g
    np.multiply(slope, out, slope)
    return np.multiply(slope, g, slope)


def _tanh_slope(g: Any, a: Any, out: Any) -> Any:
    slope = np.multiply(out, out)
    slope = np.subtract(one_of(out.dtype), slope)
    return np.multiply(slope, g)


NODES = {"log1p": "Log1PBackward0", "square": "PowBackward0"}
"""The names of nodes that are not those of their functions."""

ALSO = {
    "abs": ("absolute",), "acos": ("arccos",), "acosh": ("arccosh",), "asin": ("arcsin",),
    "asinh": ("arcsinh",), "atan": ("arctan",), "atanh": ("arctanh",),
}
"""Other spellings."""

_SLOPES = {"sigmoid": _sigmoid_slope, "tanh": _tanh_slope}
"""Gradients on arrays that are faster than the row's, to which the contract battery holds them."""

_WHOLE = {"abs": "refused", "sign": "stay", "square": "counted"}
"""What keeps whole numbers whole, and what becomes of booleans."""

_ELSEWHERE = {"identity", "negate", "step"}
"""Rows that PyTorch has under other names, or not as a function."""


def function_of(name: str) -> Callable[..., Tensor]:
    """Return the function of tensors that a row of one operand makes.

    >>> from backprop_tutor import engine as torch
    >>> function_of("tanh")(torch.zeros(2))
    tensor([0., 0.])
    """
    node = NODES.get(name, f"{name.capitalize()}Backward0")
    return unary(
        name, node, raw=_SLOPES.get(name), whole=name in _WHOLE, booleans=_WHOLE.get(name, "stay"))


FUNCTIONS = {
    row.name: function_of(row.name)
    for row in OPS.values()
    if row.elementwise and row.least == row.most == 1 and row.name not in _ELSEWHERE
    and (row.name not in ACTIVATIONS or row.name in ("sigmoid", "tanh"))
}
"""The functions at the top, by name; what PyTorch has in `nn.functional` alone is in `fused`."""

abs, exp, reciprocal, sigmoid, sign, sqrt, tanh = (
    FUNCTIONS[name] for name in ("abs", "exp", "reciprocal", "sigmoid", "sign", "sqrt", "tanh")
)
