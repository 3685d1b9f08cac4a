"""Functions that fill a tensor in place with the numbers a network starts from.

Fans are read off a weight of shape (out, in, ...): `fan_in` is in times the receptive field,
`fan_out` is out times it. Sources: Glorot and Bengio (2010) for the Xavier rules, He et al. (2015)
for the Kaiming rules, Saxe et al. (2013) for orthogonal weights.
"""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from ...ops import OPS
from ..absent import refusing
from ..autograd.modes import no_grad
from ..autograd.tape import Tensor
from ..fused.activations import settings
from ..tensors.draws import randperm

__all__ = [
    "calculate_gain", "constant_", "eye_", "kaiming_normal_", "kaiming_uniform_", "normal_", "ones_",
    "orthogonal_", "sparse_", "trunc_normal_", "uniform_", "xavier_normal_", "xavier_uniform_",
    "zeros_",
]

if not TYPE_CHECKING:  # type checkers know every name there is, and find the others
    __getattr__ = refusing(__name__)

_LINEAR = {
    "linear", "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d",
    "conv_transpose3d",
}
"""Layers that hand on weighted sums; functions have their gains in their rows of `OPS`."""


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """Return the factor by which weights before a nonlinearity are scaled.

    `param` is the slope of a leaky ReLU, 0.01 unless given.

    >>> calculate_gain("tanh")
    1.6666666666666667

    Raises:
        ValueError: a nonlinearity without a known gain, or a slope that is not a number.
    """
    if nonlinearity in _LINEAR:
        return 1
    row = OPS.get(nonlinearity)
    if row is None or row.gain is None or not row.activation:
        raise ValueError(f"Unsupported nonlinearity {nonlinearity}")
    if not callable(row.gain):
        return int(row.gain) if row.gain == 1 else row.gain
    argument, (_, default) = next(iter(settings(nonlinearity).items()))
    given = default if param is None else param
    if isinstance(given, bool) or not isinstance(given, (int, float)):
        raise ValueError(f"{argument} {param} not a valid number")
    return row.gain(given)


def _calculate_fan_in_and_fan_out(tensor: Tensor) -> tuple[int, int]:
    if tensor.dim() < 2:
        raise ValueError(
            "Fan in and fan out can not be computed for tensor with fewer than 2 dimensions"
        )
    out, into, *field = tensor.shape
    size = math.prod(field)
    return into * size, out * size


def _fan(tensor: Tensor, mode: str) -> int:
    mode = mode.lower()
    choices = ["fan_in", "fan_out"]
    if mode not in choices:
        raise ValueError(f"Mode {mode} not supported, please use one of {choices}")
    return _calculate_fan_in_and_fan_out(tensor)[choices.index(mode)]


def uniform_(tensor: Tensor, a: float = 0.0, b: float = 1.0, generator: Any = None) -> Tensor:
    """Fill with numbers uniform in [a, b)."""
    with no_grad():
        result: Tensor = tensor.uniform_(a, b, generator=generator)
        return result


def normal_(tensor: Tensor, mean: float = 0.0, std: float = 1.0, generator: Any = None) -> Tensor:
    """Fill with normally distributed numbers."""
    with no_grad():
        result: Tensor = tensor.normal_(mean, std, generator=generator)
        return result


def constant_(tensor: Tensor, val: float) -> Tensor:
    """Fill with one number."""
    with no_grad():
        result: Tensor = tensor.fill_(val)
        return result


def ones_(tensor: Tensor) -> Tensor:
    """Fill with ones."""
    return constant_(tensor, 1.0)


def zeros_(tensor: Tensor) -> Tensor:
    """Fill with zeros."""
    return constant_(tensor, 0.0)


def _written(tensor: Tensor, values: Any) -> Tensor:
    """Write an array's values into the tensor's own memory."""
    tensor._a[...] = values
    tensor._ver[0] += 1
    return tensor


def eye_(tensor: Tensor) -> Tensor:
    """Fill a matrix with the identity."""
    if tensor.dim() != 2:
        raise ValueError("Only tensors with 2 dimensions are supported")
    return _written(tensor, np.eye(*tensor.shape))


def xavier_uniform_(tensor: Tensor, gain: float = 1.0, generator: Any = None) -> Tensor:
    """Fill uniformly within ±gain·√(6/(fan_in + fan_out))."""
    fan_in, fan_out = _calculate_fan_in_and_fan_out(tensor)
    bound = math.sqrt(3.0) * gain * math.sqrt(2.0 / float(fan_in + fan_out))
    return uniform_(tensor, -bound, bound, generator)


def xavier_normal_(tensor: Tensor, gain: float = 1.0, generator: Any = None) -> Tensor:
    """Fill normally with the standard deviation gain·√(2/(fan_in + fan_out))."""
    fan_in, fan_out = _calculate_fan_in_and_fan_out(tensor)
    return normal_(tensor, 0.0, gain * math.sqrt(2.0 / float(fan_in + fan_out)), generator)


def _kaiming_std(tensor: Tensor, a: float, mode: str, nonlinearity: str) -> float | None:
    if 0 in tensor.shape:
        warnings.warn("Initializing zero-element tensors is a no-op", stacklevel=3)
        return None
    fan = _fan(tensor, mode)
    return calculate_gain(nonlinearity, a) / math.sqrt(fan)


def kaiming_uniform_(
    tensor: Tensor,
    a: float = 0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Any = None,
) -> Tensor:
    """Fill uniformly within ±gain·√(3/fan)."""
    std = _kaiming_std(tensor, a, mode, nonlinearity)
    if std is None:
        return tensor
    bound = math.sqrt(3.0) * std
    return uniform_(tensor, -bound, bound, generator)


def kaiming_normal_(
    tensor: Tensor,
    a: float = 0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Any = None,
) -> Tensor:
    """Fill normally with the standard deviation gain/√fan."""
    std = _kaiming_std(tensor, a, mode, nonlinearity)
    return tensor if std is None else normal_(tensor, 0.0, std, generator)


def orthogonal_(tensor: Tensor, gain: float = 1, generator: Any = None) -> Tensor:
    """Fill with rows (or columns, where those are fewer) orthogonal to each other, times `gain`."""
    if tensor.dim() < 2:
        raise ValueError("Only tensors with 2 or more dimensions are supported")
    if tensor.numel() == 0:
        return tensor
    rows = tensor.shape[0]
    flat = tensor.new_empty((rows, tensor.numel() // rows)).normal_(0, 1, generator=generator)._a
    wide = rows < flat.shape[1]
    q, r = np.linalg.qr(flat.T if wide else flat)
    q = q * np.sign(np.diag(r))
    return _written(tensor, (gain * (q.T if wide else q)).reshape(tensor.shape))


def sparse_(tensor: Tensor, sparsity: float, std: float = 0.01, generator: Any = None) -> Tensor:
    """Fill a matrix normally, then set the fraction `sparsity` of each column to zero."""
    if tensor.dim() != 2:
        raise ValueError("Only tensors with 2 dimensions are supported")
    rows, columns = tensor.shape
    zeros = math.ceil(sparsity * rows)
    normal_(tensor, 0.0, std, generator)
    for column in range(columns):
        tensor._a[randperm(rows)._a[:zeros], column] = 0
    tensor._ver[0] += 1
    return tensor


def _old(function: Any) -> Any:
    """Return the function under its name of the past, without the underscore, with a warning."""
    new = function.__name__
    old = new[:-1]

    def renamed(*args: Any, **kwargs: Any) -> Any:
        warnings.warn(
            f"`nn.init.{old}` is now deprecated in favor of `nn.init.{new}`.",
            FutureWarning,
            stacklevel=2,
        )
        return function(*args, **kwargs)

    renamed.__name__ = renamed.__qualname__ = old
    renamed.__doc__ = f"Do what `{new}` does."
    return renamed


uniform, normal, constant, eye = _old(uniform_), _old(normal_), _old(constant_), _old(eye_)
xavier_uniform, xavier_normal = _old(xavier_uniform_), _old(xavier_normal_)
kaiming_uniform, kaiming_normal = _old(kaiming_uniform_), _old(kaiming_normal_)
orthogonal, sparse = _old(orthogonal_), _old(sparse_)


def trunc_normal_(
    tensor: Tensor,
    mean: float = 0.0,
    std: float = 1.0,
    a: float = -2.0,
    b: float = 2.0,
    generator: Any = None,
) -> Tensor:
    """Fill normally, drawing again whatever falls outside [a, b].

    Where the interval holds less than three tenths of the distribution, candidates are drawn
    uniformly and accepted in proportion to the density.
    """
    if mean < a - 2 * std or mean > b + 2 * std:
        warnings.warn(
            "mean is more than 2 std from [a, b] in nn.init.trunc_normal_. "
            "The distribution of values may be incorrect.",
            stacklevel=2,
        )

    def below(x: float) -> float:
        return (1.0 + math.erf(x / math.sqrt(2.0))) / 2.0

    inside = below((b - mean) / std) - below((a - mean) / std)
    with no_grad():
        if inside > 0.3:
            values = tensor.normal_(mean, std, generator=generator)._a.copy()
            low, high = values.dtype.type(a), values.dtype.type(b)
            while (outside := (values < low) | (values > high)).any():
                fresh = tensor.new_empty(tensor.shape).normal_(mean, std, generator=generator)
                values = np.where(outside, fresh._a, values)
            return _written(tensor, values)
        peak = -0.5 * ((max(a, min(mean, b)) - mean) / std) ** 2
        values = np.empty_like(tensor._a)
        pending = np.ones(values.shape, dtype=bool)
        while pending.any():
            drawn = tensor.new_empty(tensor.shape).uniform_(a, b, generator=generator)._a
            heights = -0.5 * ((drawn - mean) / std) ** 2 - peak
            values = np.where(pending, drawn, values)
            draws = tensor.new_empty(tensor.shape).uniform_(generator=generator)._a
            pending &= np.log(np.maximum(draws, np.finfo(draws.dtype).tiny)) > heights
        return _written(tensor, values)
