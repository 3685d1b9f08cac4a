"""What PyTorch asks of arguments beyond a function itself: reductions, dtypes, weights, `inplace`."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable
from functools import wraps
from typing import Any

from ....choices import Reduction
from ...autograd.tape import Tensor
from ...fused import normalizing, pointwise_losses
from ...tensors.writes import check_writable, write

__all__ = [
    "batch_norm", "floating_only", "from_switches", "huber_loss", "layer_norm", "reduced",
    "same_dtype", "with_switch",
]


def from_switches(size_average: Any, reduce: Any) -> Reduction:
    """Return the reduction that the older pair of switches means, with a warning."""
    average = size_average is None or size_average
    reducing = reduce is None or reduce
    meant: Reduction = ("mean" if average else "sum") if reducing else "none"
    warnings.warn(
        "size_average and reduce args will be deprecated, "
        f"please use reduction='{meant}' instead.",
        stacklevel=4,
    )
    return meant


def reduced(elements: Tensor, reduction: str) -> Tensor:
    """Return the mean or the sum of the elements, or themselves.

    Raises:
        ValueError: another word.
    """
    if reduction == "none":
        return elements
    if reduction in ("mean", "sum"):
        result: Tensor = elements.mean() if reduction == "mean" else elements.sum()
        return result
    raise ValueError(f"{reduction} is not a valid value for reduction")


def _written(function: Callable[..., Tensor], input: Tensor, args: Any, kwargs: Any) -> Tensor:
    """Write what the function makes of the input into the input."""
    check_writable(input)
    return write(input, function(input, *args, **kwargs))


def with_switch(function: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """Return the function with a last argument `inplace`, False unless given."""
    shown = inspect.signature(function)
    listed = [
        each
        for each in shown.parameters.values()
        if each.name != "inplace" and each.kind is not inspect.Parameter.VAR_KEYWORD
    ]
    place = len(listed) - 1
    switch = inspect.Parameter(
        "inplace", inspect.Parameter.POSITIONAL_OR_KEYWORD, default=False, annotation="bool"
    )

    @wraps(function)
    def switched(input: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        inplace = kwargs.pop("inplace", False) if kwargs else False
        if len(args) > place:
            if len(args) > place + 1:
                raise TypeError(
                    f"{function.__name__}() takes at most {place + 2} positional arguments "
                    f"but {len(args) + 1} were given"
                )
            inplace = args[place]
            args = args[:place]
        if inplace:
            return _written(function, input, args, kwargs)
        return function(input, *args, **kwargs)

    switched.__signature__ = shown.replace(parameters=[*listed, switch])  # type: ignore[attr-defined]
    return switched


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
    return normalizing.batch_norm(
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
    return normalizing.layer_norm(input, normalized_shape, weight, bias, eps)


def huber_loss(
    input: Tensor,
    target: Tensor,
    reduction: str = "mean",
    delta: float = 1.0,
    weight: Tensor | None = None,
) -> Tensor:
    """Return (x − y)²/2 where |x − y| ≤ δ and δ(|x − y| − δ/2) elsewhere, times the weights.

    The mean divides by the number of elements, whatever the weights are.

    Raises:
        ValueError: weights of another shape, or an unknown reduction.
    """
    if weight is None:
        return pointwise_losses.huber_loss(input, target, reduction=reduction, delta=delta)
    if weight.shape != input.shape:
        raise ValueError("Weights and input must have the same size.")
    elements: Tensor = pointwise_losses.huber_loss(input, target, reduction="none", delta=delta) * weight
    if reduction == "none":
        return elements
    if reduction not in ("mean", "sum"):
        raise ValueError(
            f"Invalid reduction mode: {reduction}. Expected one of 'none', 'mean', 'sum'."
        )
    result: Tensor = elements.mean() if reduction == "mean" else elements.sum()
    return result
