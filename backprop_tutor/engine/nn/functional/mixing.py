"""Which dtypes layers and activations take: floating ones, and one kind at a time."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from ... import fused
from ...autograd.tape import Tensor

__all__ = ["batch_norm", "floating_only", "layer_norm", "same_dtype"]


def same_dtype(kernel: str, input: Tensor, *others: Tensor | None) -> None:
    """Refuse an input of integers, and weights of another dtype than the input.

    Raises:
        NotImplementedError: the input holds integers.
        RuntimeError: another dtype among the weights.
    """
    kind = input._a.dtype
    if kind.kind != "f":
        raise NotImplementedError(f"\"{kernel}\" not implemented for '{input.dtype.short}'")
    if any(other is not None and other._a.dtype != kind for other in others):
        raise RuntimeError("mixed dtype (CPU): all inputs must share same datatype.")


def floating_only(kernel: str, function: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """Return the function, which now refuses integers as PyTorch's kernel of that name does."""

    @wraps(function)
    def checked(input: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        if isinstance(input, Tensor) and input._a.dtype.kind != "f":
            raise NotImplementedError(f"\"{kernel}\" not implemented for '{input.dtype.short}'")
        return function(input, *args, **kwargs)

    return checked


def batch_norm(
    input: Tensor,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """Return each channel (dimension 1) with mean 0 and variance 1, then scaled and shifted.

    Raises:
        ValueError: one value a channel in training, or an eps that is not positive.
        RuntimeError: two dtypes, or no running statistics in evaluation.
    """
    if training and eps <= 0.0:
        raise ValueError(f"batch_norm eps must be positive during training, but got {eps}")
    if eps < 0.0:
        raise ValueError(f"batch_norm eps must be non-negative, but got {eps}")
    for name, held in (("running_mean", running_mean), ("running_var", running_var)):
        if held is None and not training:
            raise RuntimeError(f"{name} must be defined in evaluation mode")
    same_dtype("batch_norm", input, weight, bias)
    return fused.batch_norm(
        input, running_mean, running_var, weight, bias, training, momentum, eps
    )


def layer_norm(
    input: Tensor,
    normalized_shape: Any,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
) -> Tensor:
    """Return the last dimensions with mean 0 and variance 1, then scaled and shifted.

    Raises:
        RuntimeError: last dimensions other than `normalized_shape`, or two dtypes.
    """
    same_dtype("LayerNormKernelImpl", input, weight, bias)
    return fused.layer_norm(input, normalized_shape, weight, bias, eps)
