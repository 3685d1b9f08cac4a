"""Sums, means and extremes along dimensions, under TensorFlow's names `reduce_sum` and its like."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ... import engine as torch
from ..converting import dtype_of, sizes_of
from ..dtypes import as_dtype
from ..errors import InvalidArgumentError
from ..recording import Value, run
from .making import tensor
from .pointwise import of_kind

__all__ = [
    "argmax",
    "argmin",
    "argsort",
    "cumsum",
    "l2_normalize",
    "norm",
    "reduce_all",
    "reduce_any",
    "reduce_logsumexp",
    "reduce_max",
    "reduce_mean",
    "reduce_min",
    "reduce_prod",
    "reduce_std",
    "reduce_sum",
    "reduce_variance",
    "sort",
    "top_k",
]


def axes_of(op: str, value: Value, axis: Any) -> tuple[int, ...]:
    """Return the dimensions to be reduced: all of them for None.

    Raises:
        InvalidArgumentError: a dimension that there is not.
    """
    rank = value.raw.ndim
    if axis is None:
        return tuple(range(rank))
    found = sizes_of(axis)
    for each in found:
        if not -rank <= each < rank:
            raise InvalidArgumentError(
                f"Invalid reduction dimension ({each} for input with {rank} dimension(s)) [Op:{op}]"
            )
    return tuple(each % rank for each in found)


def _reduced(
    op: str, function: Callable[..., Any], given: Any, axis: Any, keepdims: bool, takes: str = "numbers"
) -> Any:
    value = tensor(given)
    of_kind(op, value, takes)
    axes = axes_of(op, value, axis)
    return run(lambda raw: function(raw, axes, keepdims) if axes else raw.clone(), value)


def reduce_sum(input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None) -> Any:
    """Return the sum along dimensions, all of them unless `axis` is given.

    >>> print(reduce_sum([[1.0, 2.0], [3.0, 4.0]], axis=0))
    tf.Tensor([4. 6.], shape=(2,), dtype=float32)
    """
    kind = dtype_of(tensor(input_tensor).raw).engine

    def total(raw: Any, axes: Any, kept: bool) -> Any:
        return torch.sum(raw, dim=axes, keepdim=kept).to(kind)

    return _reduced("Sum", total, input_tensor, axis, keepdims)


def _mean(raw: Any, axes: Any, kept: bool) -> Any:
    if raw.dtype.is_floating_point:
        return torch.mean(raw, dim=axes, keepdim=kept)
    count = 1
    for each in axes:
        count *= raw.shape[each]
    total = torch.sum(raw, dim=axes, keepdim=kept)
    return (torch.sign(total) * (torch.abs(total) // max(1, count))).to(raw.dtype)


def reduce_mean(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None
) -> Any:
    """Return the mean along dimensions; of whole numbers a whole number, cut off, as in TensorFlow."""
    return _reduced("Mean", _mean, input_tensor, axis, keepdims)


def _extreme(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda raw, axes, kept: function(raw, dim=axes, keepdim=kept)


def reduce_max(input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None) -> Any:
    """Return the largest element along dimensions; equals share the gradient."""
    return _reduced("Max", _extreme(torch.amax), input_tensor, axis, keepdims)


def reduce_min(input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None) -> Any:
    """Return the smallest element along dimensions; equals share the gradient."""
    return _reduced("Min", _extreme(torch.amin), input_tensor, axis, keepdims)


def _along_each(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a reduction along several dimensions of one that takes a single one."""

    def reduced(raw: Any, axes: tuple[int, ...], kept: bool) -> Any:
        out = raw
        for axis in sorted(axes, reverse=True):
            out = function(out, dim=axis, keepdim=kept)
        return out

    return reduced


def reduce_prod(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None
) -> Any:
    """Return the product along dimensions."""
    return _reduced("Prod", _along_each(torch.prod), input_tensor, axis, keepdims)


def reduce_all(input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None) -> Any:
    """Return whether all are true along dimensions."""
    return _reduced("All", _along_each(torch.all), input_tensor, axis, keepdims, "truths")


def reduce_any(input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None) -> Any:
    """Return whether one is true along dimensions."""
    return _reduced("Any", _along_each(torch.any), input_tensor, axis, keepdims, "truths")


def _variance(raw: Any, axes: Any, kept: bool) -> Any:
    return torch.mean(torch.square(raw - torch.mean(raw, dim=axes, keepdim=True)), dim=axes, keepdim=kept)


def reduce_variance(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None
) -> Any:
    """Return the mean squared distance from the mean along dimensions."""
    return _reduced("Variance", _variance, input_tensor, axis, keepdims, "fractions")


def reduce_std(input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None) -> Any:
    """Return the square root of the variance along dimensions."""

    def deviation(raw: Any, axes: Any, kept: bool) -> Any:
        return torch.sqrt(_variance(raw, axes, kept))

    return _reduced("Std", deviation, input_tensor, axis, keepdims, "fractions")


def reduce_logsumexp(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None
) -> Any:
    """Return ln Σ exp(x) along dimensions."""

    def total(raw: Any, axes: Any, kept: bool) -> Any:
        return torch.logsumexp(raw, dim=axes, keepdim=kept)

    return _reduced("LogSumExp", total, input_tensor, axis, keepdims, "fractions")


def _place(op: str, function: Callable[..., Any], given: Any, axis: Any, output_type: Any) -> Any:
    value = tensor(given)
    of_kind(op, value, "numbers")
    (dim,) = axes_of(op, value, 0 if axis is None else axis)
    wanted = as_dtype(output_type).engine
    return run(lambda raw: function(raw, dim=dim).to(wanted), value)


def argmax(input: Any, axis: Any = None, output_type: Any = "int64", name: str | None = None) -> Any:
    """Return the place of the largest element along a dimension, the first one unless `axis` is given."""
    return _place("ArgMax", torch.argmax, input, axis, output_type)


def argmin(input: Any, axis: Any = None, output_type: Any = "int64", name: str | None = None) -> Any:
    """Return the place of the smallest element along a dimension, the first one unless `axis` is given."""
    return _place("ArgMin", torch.argmin, input, axis, output_type)


def cumsum(
    x: Any, axis: int = 0, exclusive: bool = False, reverse: bool = False, name: str | None = None
) -> Any:
    """Return the running sum along a dimension, without the element itself where `exclusive`."""
    value = tensor(x)
    (dim,) = axes_of("Cumsum", value, axis)
    kind = dtype_of(value.raw).engine

    def running(raw: Any) -> Any:
        turned = torch.flip(raw, [dim]) if reverse else raw
        out = torch.cumsum(turned, dim=dim).to(kind)
        out = out - turned if exclusive else out
        return torch.flip(out, [dim]) if reverse else out

    return run(running, value)


def norm(
    tensor: Any, ord: Any = "euclidean", axis: Any = None, keepdims: bool = False, name: str | None = None
) -> Any:
    """Return the norm along dimensions: "euclidean" (or 2), 1, or infinity.

    Raises:
        ValueError: another order.
    """
    value = as_value(tensor)
    of_kind("Norm", value, "fractions")
    if ord in ("euclidean", "fro", 2):
        return _reduced("Norm", _root_of_squares, value, axis, keepdims)
    if ord == 1:
        return _reduced(
            "Norm", lambda raw, axes, kept: torch.sum(raw.abs(), axes, kept), value, axis, keepdims
        )
    if ord == float("inf"):
        return _reduced(
            "Norm", lambda raw, axes, kept: torch.amax(raw.abs(), axes, kept), value, axis, keepdims
        )
    raise ValueError(
        f"'ord' must be a supported vector norm, got {ord!r}; there are 'euclidean', 1, 2 and infinity"
    )


def _root_of_squares(raw: Any, axes: Any, kept: bool) -> Any:
    return torch.sqrt(torch.sum(torch.square(raw), axes, kept))


as_value = tensor
"""`tensor` under another name, for a function whose parameter is called so."""


def l2_normalize(x: Any, axis: Any = None, epsilon: float = 1e-12, name: str | None = None) -> Any:
    """Return x divided by its Euclidean norm along dimensions."""

    def divided(raw: Any, axes: Any, kept: bool) -> Any:
        total = torch.sum(torch.square(raw), axes, True)
        return raw * torch.rsqrt(torch.clamp(total, min=epsilon))

    return _reduced("L2Normalize", divided, x, axis, True, "fractions")


def _way(direction: str) -> bool:
    if direction not in ("ASCENDING", "DESCENDING"):
        raise ValueError(f"direction {direction!r}; choose 'ASCENDING' or 'DESCENDING'")
    return direction == "DESCENDING"


def sort(values: Any, axis: int = -1, direction: str = "ASCENDING", name: str | None = None) -> Any:
    """Return the values in order along a dimension."""
    down = _way(direction)
    return run(lambda raw: torch.sort(raw, dim=axis, descending=down)[0], tensor(values))


def argsort(
    values: Any, axis: int = -1, direction: str = "ASCENDING", stable: bool = False, name: str | None = None
) -> Any:
    """Return the places of the values in order along a dimension."""
    down = _way(direction)
    return run(lambda raw: torch.argsort(raw, dim=axis, descending=down).to(torch.int32), tensor(values))


def top_k(input: Any, k: int = 1, sorted: bool = True, name: str | None = None) -> Any:
    """Return the k largest values along the last dimension, and their places."""
    value = tensor(input)
    values = run(lambda raw: torch.topk(raw, k, dim=-1)[0], value)
    return values, run(lambda raw: torch.topk(raw, k, dim=-1)[1].to(torch.int32), value)
