"""What is done to all of a model's parameters at once: clipping gradients by their norm or one by one."""

from __future__ import annotations

import types
import warnings
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from ..absent import refusing
from ..autograd.tape import Tensor, wrap
from ..tensors.quiet import quietly

__all__ = ["clip_grad_norm_", "clip_grad_value_"]


def _listed(parameters: Any) -> list[Tensor]:
    if isinstance(parameters, Tensor):
        return [parameters]
    from_generator = isinstance(parameters, types.GeneratorType)
    listed = list(parameters)
    if from_generator and not listed:
        warnings.warn(
            "`parameters` is an empty generator, no gradient clipping will occur.", stacklevel=4
        )
    return listed


def _norm(array: Any, order: float) -> Any:
    """Return the norm of all elements, in the array's precision."""
    if order == float("inf"):
        return np.abs(array).max() if array.size else array.dtype.type(0)
    if order == float("-inf"):
        return np.abs(array).min()
    if order == 2:
        flat = array.reshape(-1)
        return np.sqrt(np.dot(flat, flat))
    if order == 1:
        return np.abs(array).sum()
    if order == 0:
        return array.dtype.type(np.count_nonzero(array))
    return (np.abs(array) ** order).sum() ** (1.0 / order)


@quietly
def _total_norm(
    tensors: Any,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> Tensor:
    """Return the norm of the norms of tensors: of all their elements as one vector.

    `foreach` chooses an implementation elsewhere and changes nothing here.

    Raises:
        RuntimeError: the norm is not finite, with `error_if_nonfinite`.
    """
    listed = [tensors] if isinstance(tensors, Tensor) else list(tensors)
    order = float(norm_type)
    if not listed:
        return wrap(np.zeros((), np.float32))
    total = np.asarray(_norm(np.array([_norm(each._a, order) for each in listed]), order))
    if error_if_nonfinite and not np.isfinite(total):
        raise RuntimeError(
            f"The total norm of order {order} for gradients from `parameters` is non-finite, so it "
            "cannot be clipped. To disable this error and scale the gradients by the non-finite "
            "norm anyway, set `error_if_nonfinite=False`"
        )
    return wrap(total)


@quietly
def _scale_down(
    parameters: Any, max_norm: float, total_norm: Tensor, foreach: bool | None = None
) -> None:
    """Scale all gradients in place by max_norm/(total_norm + 10⁻⁶), where that is below 1."""
    listed = [parameters] if isinstance(parameters, Tensor) else list(parameters)
    factor = np.minimum(float(max_norm) / (total_norm._a + 1e-6), 1.0)
    for p in listed:
        if p._grad is not None:
            grad = p._grad
            np.multiply(grad._a, factor.astype(grad._a.dtype), out=grad._a)
            grad._ver[0] += 1


def clip_grad_norm_(
    parameters: Iterable[Tensor] | Tensor,
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> Tensor:
    """Scale all gradients in place so that their joint norm is at most `max_norm`; return the norm.

    Raises:
        RuntimeError: the norm is not finite, with `error_if_nonfinite`.
    """
    listed = _listed(parameters)
    grads = [p._grad for p in listed if p._grad is not None]
    total = _total_norm(grads, norm_type, error_if_nonfinite, foreach)
    _scale_down(listed, max_norm, total, foreach)
    return total


def clip_grad_value_(
    parameters: Iterable[Tensor] | Tensor, clip_value: float, foreach: bool | None = None
) -> None:
    """Hold every element of the gradients between ±`clip_value`, in place."""
    bound = float(clip_value)
    listed: Any = [parameters] if isinstance(parameters, Tensor) else parameters
    for p in listed:
        if p._grad is not None:
            array = p._grad._a
            np.clip(array, -bound, bound, out=array)
            p._grad._ver[0] += 1


if not TYPE_CHECKING:  # type checkers know every name there is, and find the others
    __getattr__ = refusing(__name__)
