"""What PyTorch says of losses of integer dtypes: each loss refuses them in its own words."""

from __future__ import annotations

from typing import Any

from ..autograd.tape import Tensor
from ..functions.pairs import cast
from ..tensors.dtypes import from_numpy_dtype

__all__ = ["as_precise_as", "refused_integers"]

_BOOL = (
    "Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or "
    "`logical_xor()` operator instead."
)
_NO_MEAN = (
    "mean(): could not infer output dtype. Input dtype must be either a floating point or complex "
    "dtype. Got: "
)
_LOOPS = {
    "MseLossBackward0": "mse_cpu",
    "SmoothL1LossBackward0": "smooth_l1_cpu",
    "HuberLossBackward0": "huber_cpu",
    "BinaryCrossEntropyBackward0": "binary_cross_entropy",
    "BinaryCrossEntropyWithLogitsBackward0": "log_sigmoid_cpu",
}


def refused_integers(node: str, x: Any, reduction: str) -> Exception:
    """Return the error of a loss, named by its node, of integers or booleans."""
    kind = from_numpy_dtype(x.dtype).short
    if node == "KlDivBackward0":
        return RuntimeError("kl_div: Integral inputs not supported.")
    if node in _LOOPS:
        return NotImplementedError(f"\"{_LOOPS[node]}\" not implemented for '{kind}'")
    return RuntimeError(_BOOL if kind == "Bool" else _NO_MEAN + kind)


def as_precise_as(input: Tensor, target: Tensor) -> Tensor:
    """Return scores in the target's dtype, in which PyTorch computes the loss of logits.

    Raises:
        RuntimeError, NotImplementedError: scores or targets that are not floating.
    """
    x, t = input._a, target._a
    if t.dtype.kind == "b":
        raise RuntimeError(_BOOL)
    if x.dtype.kind != "f":
        raise refused_integers("BinaryCrossEntropyWithLogitsBackward0", x, "none")
    if t.dtype.kind != "f":
        names = [from_numpy_dtype(each.dtype).short for each in (x, t)]
        raise RuntimeError(
            f"result type {names[0]} can't be cast to the desired output type {names[1]}"
        )
    return cast(input, t.dtype)
