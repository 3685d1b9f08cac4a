"""The NUMPY kernel: the operations' rules on arrays, element by element, keeping the dtype.

Nothing here warns: a value outside a domain becomes nan or inf, and callers look at the result.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np

from .special import erf, erfc
from .tails import gaussian_curve, normal_share

__all__ = ["NUMPY", "Arrays"]


class Arrays:
    """The kernel of NumPy arrays (any shape, floating dtypes); operands broadcast."""

    one = 1
    pi: float = math.pi
    ln2: float = math.log(2.0)
    ln10: float = math.log(10.0)
    sqrt2: float = math.sqrt(2.0)
    sqrt_pi: float = math.sqrt(math.pi)

    exp: Callable[..., Any] = staticmethod(np.exp)
    log: Callable[..., Any] = staticmethod(np.log)
    log2: Callable[..., Any] = staticmethod(np.log2)
    log10: Callable[..., Any] = staticmethod(np.log10)
    log1p: Callable[..., Any] = staticmethod(np.log1p)
    expm1: Callable[..., Any] = staticmethod(np.expm1)
    sqrt: Callable[..., Any] = staticmethod(np.sqrt)
    cbrt: Callable[..., Any] = staticmethod(np.cbrt)
    absolute: Callable[..., Any] = staticmethod(np.absolute)
    sign: Callable[..., Any] = staticmethod(np.sign)
    sin: Callable[..., Any] = staticmethod(np.sin)
    cos: Callable[..., Any] = staticmethod(np.cos)
    tan: Callable[..., Any] = staticmethod(np.tan)
    asin: Callable[..., Any] = staticmethod(np.arcsin)
    acos: Callable[..., Any] = staticmethod(np.arccos)
    atan: Callable[..., Any] = staticmethod(np.arctan)
    sinh: Callable[..., Any] = staticmethod(np.sinh)
    cosh: Callable[..., Any] = staticmethod(np.cosh)
    tanh: Callable[..., Any] = staticmethod(np.tanh)
    asinh: Callable[..., Any] = staticmethod(np.arcsinh)
    acosh: Callable[..., Any] = staticmethod(np.arccosh)
    atanh: Callable[..., Any] = staticmethod(np.arctanh)
    erf: Callable[..., Any] = staticmethod(erf)
    power: Callable[..., Any] = staticmethod(np.power)
    maximum: Callable[..., Any] = staticmethod(np.maximum)
    minimum: Callable[..., Any] = staticmethod(np.minimum)
    greater: Callable[..., Any] = staticmethod(np.greater)
    less: Callable[..., Any] = staticmethod(np.less)
    equal: Callable[..., Any] = staticmethod(np.equal)
    where: Callable[..., Any] = staticmethod(np.where)
    guard: Callable[..., Any] = staticmethod(np.where)

    def sigmoid(self, a: Any) -> Any:
        """Return 1/(1 + exp(-a)) without overflow, for any shape."""
        e = np.exp(-np.absolute(a))
        return np.where(np.greater_equal(a, 0), 1, e) / (1 + e)

    def softplus(self, a: Any) -> Any:
        """Return log(1 + exp(a)) without overflow, for any shape."""
        return np.maximum(a, 0) + np.log1p(np.exp(-np.absolute(a)))

    def softmax(self, index: int, *scores: Any) -> Any:
        """Return the share of one score among its fellows, element by element."""
        top = scores[0]
        for z in scores[1:]:
            top = np.maximum(top, z)
        shares = [np.exp(z - top) for z in scores]
        total = shares[0]
        for share in shares[1:]:
            total = total + share
        return shares[index] / total

    def normal(self, a: Any) -> Any:
        """Return the share of the normal distribution below a, (1 + erf(a/√2))/2."""
        return normal_share(np.clip(a, -60.0, 60.0), erfc, np.exp)

    def gaussian(self, a: Any, share: int) -> Any:
        """Return exp(−a²/share)."""
        return gaussian_curve(np.minimum(np.absolute(a), 60.0), share, np.floor, np.exp)

    def logsumexp(self, *scores: Any) -> Any:
        """Return log Σ exp(z) without overflow, element by element."""
        return reduce(np.logaddexp, scores)

    def hypot(self, *operands: Any) -> Any:
        """Return the root of the sum of the squares, without overflow on the way."""
        return reduce(np.hypot, operands, 0.0)

    def total(self, *operands: Any) -> Any:
        """Return the sum."""
        return reduce(np.add, operands)

    def average(self, *operands: Any) -> Any:
        """Return the mean."""
        return reduce(np.add, operands) / len(operands)


NUMPY = Arrays()
