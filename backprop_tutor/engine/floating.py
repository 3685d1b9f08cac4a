"""Functions of how numbers are written: signs, neighbours, powers of two, common divisors."""

from __future__ import annotations

from typing import Any

import numpy as np

from .arithmetic import mul, pow
from .choosing import where
from .pairs import float_array, pair
from .quiet import hush, unhush
from .tape import Rule, Tensor, record, wrap

__all__ = ["copysign", "frexp", "gcd", "lcm", "ldexp", "nextafter"]


def _copysign_backward(k: Any, g: Any, saved: Any, shapes: Any, need: Any) -> Any:
    (turn,) = saved
    return (
        k.fit(g * turn, shapes[0]) if need[0] else None,
        k.fit(k.zeros_like(g), shapes[1]) if need[1] else None,
    )


COPYSIGN = Rule("CopysignBackward0", _copysign_backward)


def copysign(input: Tensor, other: Any) -> Tensor:
    """Return the size of the input with the sign of the other; its slope at 0 is 0."""
    x, y, a, b = pair(input, other, "copysign")
    if x.dtype.kind != "f":
        x, y = float_array(wrap(np.asarray(x))), float_array(wrap(np.asarray(y)))
    out = np.copysign(x, y)
    token = hush()
    try:
        turn = np.where(x == 0, 0, out / x).astype(out.dtype)
    finally:
        unhush(token)
    return record(COPYSIGN, out, (a, b), (turn,), (x.shape, y.shape))


def nextafter(input: Tensor, other: Tensor) -> Tensor:
    """Return the next number that the dtype has, towards the other."""
    x, y, _, _ = pair(input, other, "nextafter")
    return wrap(np.asarray(np.nextafter(x, y)))


def ldexp(input: Tensor, other: Tensor) -> Tensor:
    """Return input · 2**other."""
    return mul(input, pow(2.0, other))


def frexp(input: Tensor) -> tuple[Tensor, Tensor]:
    """Return mantissas in [1/2, 1) and exponents with input = mantissa · 2**exponent."""
    mantissa, exponent = np.frexp(input._a)
    held = wrap(np.asarray(exponent).astype(np.int32))
    if input.requires_grad:
        still = wrap(np.asarray(input._a == 0))
        return where(still, input, input / pow(2.0, held)), held
    return wrap(np.asarray(mantissa)), held


def _whole(called: str, ufunc: Any) -> Any:
    def function(input: Tensor, other: Tensor) -> Tensor:
        x, y, _, _ = pair(input, other, called)
        if x.dtype.kind == "f":
            short = wrap(np.asarray(x)).dtype.short
            raise NotImplementedError(f'"{called}_cpu" not implemented for \'{short}\'')
        return wrap(np.asarray(ufunc(x, y)))

    function.__name__ = function.__qualname__ = called
    function.__doc__ = f"Return the {called} of whole numbers, element by element, broadcast."
    return function


gcd = _whole("gcd", np.gcd)
lcm = _whole("lcm", np.lcm)
