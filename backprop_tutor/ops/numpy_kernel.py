"""The NUMPY kernel: the operations' rules on arrays, element by element, keeping the dtype.

Nothing here warns: a value outside a domain becomes nan or inf, and callers look at the result.
"""

from __future__ import annotations

import math
from functools import reduce
from typing import Any

import numpy as np

from .special import erf, erfc
from .tails import gaussian_curve, normal_share

__all__ = ["NUMPY", "Arrays"]


class Arrays:
    """The kernel of NumPy arrays (any shape, floating dtypes); operands broadcast."""

    one = 1
    pi = math.pi
    ln2 = math.log(2.0)
    ln10 = math.log(10.0)
    sqrt2 = math.sqrt(2.0)
    sqrt_pi = math.sqrt(math.pi)

    exp = staticmethod(np.exp)
    log = staticmethod(np.log)
    log2 = staticmethod(np.log2)
    log10 = staticmethod(np.log10)
    log1p = staticmethod(np.log1p)
    expm1 = staticmethod(np.expm1)
    sqrt = staticmethod(np.sqrt)
    cbrt = staticmethod(np.cbrt)
    absolute = staticmethod(np.absolute)
    sign = staticmethod(np.sign)
    sin = staticmethod(np.sin)
    cos = staticmethod(np.cos)
    tan = staticmethod(np.tan)
    asin = staticmethod(np.arcsin)
    acos = staticmethod(np.arccos)
    atan = staticmethod(np.arctan)
    sinh = staticmethod(np.sinh)
    cosh = staticmethod(np.cosh)
    tanh = staticmethod(np.tanh)
    asinh = staticmethod(np.arcsinh)
    acosh = staticmethod(np.arccosh)
    atanh = staticmethod(np.arctanh)
    erf = staticmethod(erf)
    power = staticmethod(np.power)
    maximum = staticmethod(np.maximum)
    minimum = staticmethod(np.minimum)
    greater = staticmethod(np.greater)
    less = staticmethod(np.less)
    equal = staticmethod(np.equal)
    where = staticmethod(np.where)
    guard = staticmethod(np.where)

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
