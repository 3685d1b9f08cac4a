"""The gamma function's relatives and the inverse of erf: lgamma, digamma, polygamma, erfinv.

Values are computed in float64 and rounded once to the input's dtype; the trigamma function, which
swings widely below 0, in that dtype throughout, as PyTorch has it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from ..ops.special import erf
from .joining import stack
from .pairs import float_array
from .quiet import hush, unhush
from .tape import Rule, Tensor, record

__all__ = ["digamma", "erfinv", "lgamma", "mvlgamma", "polygamma"]

_BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510)
_FAR = 12.0


def _lgamma_one(x: float) -> float:
    if x == -math.inf or (x <= 0 and x == math.floor(x)):
        return math.inf
    return math.lgamma(x)


def _polygamma_one(n: int, x: float) -> float:
    """Return the n-th derivative of the digamma function.

    Right of 12 by the asymptotic series, left of it by the recurrence, and below 0 by reflection
    (n = 0) or the recurrence all the way up. Source: Abramowitz and Stegun, 6.3 and 6.4.
    """
    if math.isnan(x):
        return x
    if n == 0:
        if x == 0:
            return -math.copysign(math.inf, x)
        if x < 0:
            if x == math.floor(x) or math.isinf(x):
                return math.nan
            return _polygamma_one(0, 1 - x) - math.pi / math.tan(math.pi * x)
    elif x <= 0 and x == math.floor(x):
        return math.inf if n % 2 else -math.inf
    if math.isinf(x):
        return math.inf if n == 0 else 0.0
    sign = -1.0 if n % 2 == 0 else 1.0
    total = 0.0
    while x < _FAR:
        total += (-1 / x) if n == 0 else sign * math.factorial(n) / x ** (n + 1)
        x += 1
    if n == 0:
        far = math.log(x) - 1 / (2 * x)
        far -= sum(b / (2 * k * x ** (2 * k)) for k, b in enumerate(_BERNOULLI, 1))
        return total + far
    far = math.factorial(n - 1) / x**n + math.factorial(n) / (2 * x ** (n + 1))
    far += sum(
        b * math.factorial(2 * k + n - 1) / (math.factorial(2 * k) * x ** (2 * k + n))
        for k, b in enumerate(_BERNOULLI, 1)
    )
    return total + sign * far


def _trigamma(a: Any) -> Any:
    """Return the slope of the digamma function, with the dtype's own arithmetic.

    By reflection below 1/2, six steps up by the recurrence, then the asymptotic series. Source:
    Abramowitz and Stegun, 6.4.6, 6.4.7 and 6.4.12.
    """
    number = np.float32 if a.dtype == np.float16 else a.dtype.type
    x = a.astype(number)
    low = x < 0.5
    token = hush()
    try:
        sine = np.sin(number(math.pi) * x)
        turn = number(math.pi) * number(math.pi) / (sine * sine)
        x = np.where(low, 1 - x, x)
        total = np.zeros_like(x)
        for _ in range(6):
            total += 1 / (x * x)
            x = x + 1
        square = 1 / (x * x)
        series = square * (
            number(1 / 6) - square * (number(1 / 30) - square * number(1 / 42)))
        total += (1 + 1 / (2 * x) + series) / x
        return np.where(low, turn - total, total).astype(a.dtype)
    finally:
        unhush(token)


def _polygamma(n: int, a: Any) -> Any:
    return _trigamma(a) if n == 1 else _over(lambda v: _polygamma_one(n, v), a)


def _over(function: Callable[[float], float], a: Any) -> Any:
    flat = np.array([function(v) for v in a.reshape(-1).tolist()], np.float64)
    return flat.reshape(a.shape).astype(a.dtype)


def _lgamma_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    (a,) = saved
    return (g * (digamma(a) if isinstance(a, Tensor) else _over(lambda v: _polygamma_one(0, v), a)),)


LGAMMA = Rule("LgammaBackward0", _lgamma_backward)


def lgamma(input: Tensor) -> Tensor:
    """Return the logarithm of the gamma function's absolute value; infinite at 0, -1, -2, ..."""
    return record(LGAMMA, _over(_lgamma_one, float_array(input)), (input,), (input,))


def _polygamma_backward(k: Any, g: Any, saved: Any, n: Any, need: Any) -> Any:
    (a,) = saved
    if isinstance(a, Tensor):
        return (g * polygamma(n + 1, a),)
    return (g * _polygamma(n + 1, a),)


DIGAMMA = Rule("DigammaBackward0", _polygamma_backward)
POLYGAMMA = Rule("PolygammaBackward0", _polygamma_backward)


def digamma(input: Tensor) -> Tensor:
    """Return the slope of lgamma."""
    out = _over(lambda v: _polygamma_one(0, v), float_array(input))
    return record(DIGAMMA, out, (input,), (input,), 0)


def polygamma(n: Any, input: Any) -> Tensor:
    """Return the n-th derivative of digamma.

    Raises:
        RuntimeError: a negative n.
    """
    if isinstance(n, Tensor):  # as a method, the tensor comes first
        n, input = input, n
    if n < 0:
        raise RuntimeError("polygamma(n, x) does not support negative n.")
    if n == 0:
        return digamma(input)
    out = _polygamma(n, float_array(input))
    return record(POLYGAMMA, out, (input,), (input,), n)


def mvlgamma(input: Tensor, p: int) -> Tensor:
    """Return the logarithm of the gamma function of dimension p.

    Raises:
        RuntimeError: a p below 1.
    """
    if p < 1:
        raise RuntimeError("p has to be greater than or equal to 1")
    parts = [lgamma(input - i / 2) for i in range(p - 1, -1, -1)]
    found: Tensor = stack(parts, -1).sum(-1) + p * (p - 1) / 4 * math.log(math.pi)
    return found


def _erfinv_raw(a: Any) -> Any:
    """Return the inverse of erf: a first guess (S. Winitzki, 2008) and Newton's steps."""
    y = a.astype(np.float64)
    token = hush()
    try:
        inside = np.abs(y) < 1
        safe = np.where(inside, y, 0.0)
        log = np.log1p(-safe * safe)
        c = 2 / (math.pi * 0.147) + log / 2
        x = np.sign(safe) * np.sqrt(np.maximum(np.sqrt(c * c - log / 0.147) - c, 0))
        for _ in range(4):
            error = erf(x) - safe
            slope = 2 / math.sqrt(math.pi) * np.exp(-x * x)
            step = error / slope
            x = x - step / (1 + x * step)
        edge = np.where(np.abs(y) == 1, np.copysign(np.inf, y), np.nan)
        return np.where(inside, x, edge).astype(a.dtype)
    finally:
        unhush(token)


def _erfinv_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    (a,) = saved
    x = erfinv(a) if isinstance(a, Tensor) else _erfinv_raw(a)
    return (g * (math.sqrt(math.pi) / 2) * k.exp(x * x),)


ERFINV = Rule("ErfinvBackward0", _erfinv_backward)


def erfinv(input: Tensor) -> Tensor:
    """Return the number whose erf the input is; infinite at -1 and 1, nan beyond."""
    return record(ERFINV, _erfinv_raw(float_array(input)), (input,), (input,))


